// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The digit receiver of the simulated exchange: what it measures is what other
 * tests judge by, so it is held to what was put in.
 */
#include "../ktap.h"
#include "sim/exchange_digits.h"
#include "signal.h"

#include <stdlib.h>

#define MS	1000000ULL
#define SAMPLES	1600

static struct pots_sim_exchange_state out;
static struct pots_sim_digits digits;
static u64 now;

static void start(void)
{
	memset(&out, 0, sizeof(out));
	memset(&digits, 0, sizeof(digits));
	digits.out = &out;
	digits.limits.break_ns = 120 * MS;
	digits.limits.gap_ns = 250 * MS;
	digits.limits.release_ns = 1000 * MS;
	now = 5 * MS;
}

/* The timers that are due come before the edge. */
static u32 loop(bool closed, u64 after_us)
{
	u32 happened = 0;

	for (now += after_us * 1000; pots_sim_digits_due(&digits) < now;)
		happened |= pots_sim_digits_run(&digits, pots_sim_digits_due(&digits));
	return happened | pots_sim_digits_loop(&digits, closed, now);
}

static void seize(void)
{
	CHECK(loop(true, 0) == POTS_SIM_DIGITS_SEIZED, "not seized");
}

static u32 wait_ms(unsigned int ms)
{
	now += ms * MS;
	return pots_sim_digits_run(&digits, now);
}

static void digits_are_counted_and_measured(void)
{
	unsigned int i;

	start();
	seize();
	for (i = 0; i < 3; i++) {
		loop(false, i ? 39900 + i * 100 : 300000);
		loop(true, 60000 + i * 100);
	}
	CHECK(!out.digits, "too early");
	CHECK(wait_ms(251) == POTS_SIM_DIGITS_DIGIT, "not complete");
	for (i = 0; i < 10; i++) {
		loop(false, i ? 40000 : 349000);
		loop(true, 59000);
	}
	wait_ms(251);
	CHECK(out.digits == 2 && out.pulsed == 2 && !memcmp(out.digit, "30", 2), "%.2s", out.digit);
	CHECK(out.breaks.min_us == 59000 && out.breaks.max_us == 60200 &&
	      out.breaks.last_us == 59000, "breaks %u to %u", out.breaks.min_us,
	      out.breaks.max_us);
	CHECK(out.makes.min_us == 40000 && out.makes.max_us == 40100, "makes %u to %u",
	      out.makes.min_us, out.makes.max_us);
	CHECK(out.gaps.last_us == 600000 && out.gaps.min_us == 600000, "gap %u",
	      out.gaps.last_us);
}

static void a_long_break_is_a_flash_and_a_longer_the_end(void)
{
	start();
	seize();
	loop(false, 500000);
	CHECK(loop(true, 300000) == POTS_SIM_DIGITS_FLASH, "no flash");
	CHECK(out.flashes == 1 && out.flash.last_us == 300000 && !out.breaks.last_us,
	      "%u flashes, %u us", out.flashes, out.flash.last_us);
	loop(false, 500000);
	CHECK(!wait_ms(1000), "too early");
	CHECK(wait_ms(1) == POTS_SIM_DIGITS_RELEASED && !digits.seized, "not released");
	CHECK(loop(true, 500000) == POTS_SIM_DIGITS_SEIZED, "not seized again");
	CHECK(!out.flashes && !out.flash.last_us, "the last call's are there");
}

/* A digit that a long break cuts off is complete before it. */
static void a_break_that_grows_ends_the_digit(void)
{
	start();
	seize();
	loop(false, 300000);
	loop(true, 60000);
	loop(false, 40000);
	CHECK(loop(true, 200000) == (POTS_SIM_DIGITS_DIGIT | POTS_SIM_DIGITS_FLASH),
	      "not both");
	CHECK(out.digits == 1 && out.digit[0] == '1', "%.2s", out.digit);
}

/* ----------------------------------------------------------------- DTMF --- */

static u32 hear(const int16_t *samples, size_t count)
{
	u32 happened = 0;
	size_t i;

	for (i = 0; i < count; i += 16, now += 16 * 125000)
		happened |= pots_sim_digits_hear(&digits, now, samples + i, 16);
	return happened;
}

static u32 hear_pair(double low, double high, double low_dbm0, double high_dbm0,
		     unsigned int ms)
{
	int16_t samples[SAMPLES] = {};

	add_sine(samples, ms * 8, low, low_dbm0, 0);
	add_sine(samples, ms * 8, high, high_dbm0, 0);
	return hear(samples, SAMPLES);
}

static const double row[] = { 697, 770, 852, 941 };
static const double column[] = { 1209, 1336, 1477, 1633 };

static void all_keys_are_heard(void)
{
	static const char keys[] = "123A456B789C*0#D";
	unsigned int i;

	start();
	seize();
	for (i = 0; i < 16; i++)
		hear_pair(row[i / 4], column[i % 4], -11, -9, 70);
	CHECK(out.digits == 16 && !memcmp(out.digit, keys, 16), "%u: %.16s", out.digits,
	      out.digit);
	CHECK(out.tones.min_us >= 69000 && out.tones.max_us <= 71000, "tones of %u to %u us",
	      out.tones.min_us, out.tones.max_us);
	CHECK(out.pauses.min_us >= 129000 && out.pauses.max_us <= 131000,
	      "pauses of %u to %u us", out.pauses.min_us, out.pauses.max_us);
}

static void levels_are_measured(void)
{
	start();
	seize();
	hear_pair(770, 1336, -11, -8, 70);
	CHECK(abs(out.tone_peak[0] - (int)peak_of(-11)) < 400, "%u", out.tone_peak[0]);
	CHECK(abs(out.tone_peak[1] - (int)peak_of(-8)) < 400, "%u", out.tone_peak[1]);
}

static void tolerances(void)
{
	start();
	seize();
	hear_pair(770 * 1.015, 1336 * 0.985, -11, -9, 70);
	CHECK(out.digits == 1, "1.5 %% is too much");
	hear_pair(770 * 1.05, 1336 * 1.05, -11, -9, 70);
	CHECK(out.digits == 1, "5 %% is not");
	hear_pair(770, 1336, -25, -23, 45);
	CHECK(out.digits == 2, "weak and short is none");
	hear_pair(770, 1336, -11, -9, 20);
	CHECK(out.digits == 2, "20 ms are one");
	hear_pair(770, 1336, -11, -60, 70);
	hear_pair(350, 440, -13, -13, 70);
	CHECK(out.digits == 2, "one tone, or dial tone, is one");
	hear_pair(770, 1336, -11, -28, 70);
	CHECK(out.digits == 2, "17 dB apart are one");
	hear_pair(770, 1336, -28, -11, 70);
	CHECK(out.digits == 2, "17 dB apart the other way are one");
}

static void a_digit_in_loud_company_is_none(void)
{
	int16_t samples[SAMPLES] = {};

	start();
	seize();
	add_sine(samples, 560, 770, -20, 0);
	add_sine(samples, 560, 1336, -20, 0);
	add_sine(samples, 560, 500, -10, 0);
	hear(samples, SAMPLES);
	CHECK(!out.digits, "it is one");
}

static void noise_is_no_digit(void)
{
	static int16_t samples[80000];
	unsigned int seed = 1, i;

	start();
	seize();
	for (i = 0; i < 30; i++) {
		memset(samples, 0, sizeof(samples));
		add_noise(samples, 80000, -15, &seed);
		hear(samples, 80000);
	}
	CHECK(!out.digits, "%u digits in 300 s", out.digits);
}

KTAP_MAIN(
	TEST(digits_are_counted_and_measured),
	TEST(a_long_break_is_a_flash_and_a_longer_the_end),
	TEST(a_break_that_grows_ends_the_digit),
	TEST(all_keys_are_heard),
	TEST(levels_are_measured),
	TEST(tolerances),
	TEST(a_digit_in_loud_company_is_none),
	TEST(noise_is_no_digit),
)
