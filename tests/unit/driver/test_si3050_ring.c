// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The Si3050's ringing as the driver judges it, from looks at sines, steps and
 * pulses, each look late by chance.
 */
#include <math.h>
#include <stdlib.h>
#include <sys/types.h>

#include "../../../driver/chips/si3050_ring.c"

#include "../ktap.h"

#define THRESHOLD_V	21.2
#define END_MS		1500

/* What there is on the line, in V behind the capacitor, at so many ms. */
typedef double (*wave)(double at_ms);

struct seen {
	unsigned int begun;
	unsigned int ended;
	double begin_ms;
	double end_ms;
	unsigned int freq_mhz;
};

static double freq_hz, peak_v, from_ms = 100, until_ms = 900;

static double sine(double at_ms)
{
	if (at_ms < from_ms || at_ms > until_ms)
		return 0;
	return peak_v * sin(2 * M_PI * freq_hz * (at_ms - from_ms) / 1000);
}

/* The direct voltage goes by 48 V. */
static double step(double at_ms)
{
	return at_ms < from_ms ? 0 : 48 * exp(-(at_ms - from_ms) / 10);
}

/* 90 V for 50 ms, twice a second: up, and down again. */
static double lamp(double at_ms)
{
	double in = fmod(at_ms, 500);

	return (at_ms > 500 ? 90 * exp(-in / 10) : 0) -
	       (at_ms > 500 && in > 50 ? 90 * exp(-(in - 50) / 10) : 0);
}

/* Only up, as fast as ringing, but for one pulse. */
static double one_sign(double at_ms)
{
	double volts = sine(at_ms);

	return at_ms < from_ms + 45 || at_ms > from_ms + 60 ? fmax(0, volts) : volts;
}

/* A burst, and another one of 50 Hz. */
static double two_bursts(double at_ms)
{
	if (at_ms < 1000)
		return sine(at_ms);
	return at_ms < 1300 ? peak_v * sin(2 * M_PI * 50 * at_ms / 1000) : 0;
}

static struct seen look_at(wave wave, bool both_halves, u32 min_mhz, u32 max_mhz)
{
	struct si3050_ring ring = {
		.min_mhz = min_mhz, .max_mhz = max_mhz, .both_halves = both_halves,
	};
	struct seen seen = {};
	double at_ms = 0;

	while (at_ms < END_MS) {
		double volts = wave(at_ms);
		bool rang = ring.rings;

		si3050_ring_look(&ring, volts > THRESHOLD_V,
				 both_halves && volts < -THRESHOLD_V, 1e6 * (at_ms + 1000));
		if (!rang && ring.rings && !seen.begun++)
			seen.begin_ms = at_ms;
		if (rang && !ring.rings) {
			seen.ended++;
			seen.end_ms = at_ms;
		}
		at_ms += 1 + 1.5 * (rand() % 1000) / 1000;
	}
	seen.freq_mhz = ring.freq_mhz;
	return seen;
}

static struct seen ring_at(double hz, double volts, bool both_halves)
{
	freq_hz = hz;
	peak_v = volts * M_SQRT2;
	return look_at(sine, both_halves, 15000, 68000);
}

static void frequency_is_measured(void)
{
	static const double hz[] = { 15.1, 16.67, 20, 25, 33.3, 50, 60, 66 };
	size_t i, halves;

	for (i = 0; i < ARRAY_SIZE(hz); i++)
		for (halves = 0; halves < 2; halves++) {
			struct seen seen = ring_at(hz[i], 70, halves);

			CHECK(seen.begun == 1 && seen.ended == 1, "%g Hz: begun %u, ended %u",
			      hz[i], seen.begun, seen.ended);
			CHECK(seen.begin_ms < from_ms + SI3050_RING_CONFIRM_MS + 2000 / hz[i],
			      "%g Hz: known after %.0f ms", hz[i], seen.begin_ms - from_ms);
			CHECK(fabs(seen.freq_mhz / hz[i] / 1000 - 1) < 0.02, "%g Hz: %u mHz",
			      hz[i], seen.freq_mhz);
		}
}

static void begin_and_end_are_timely(void)
{
	struct seen seen = ring_at(20, 70, true);

	CHECK(seen.begin_ms > 200 && seen.begin_ms < 260, "began at %.0f ms", seen.begin_ms);
	CHECK(seen.end_ms > 950 && seen.end_ms < 1010, "ended at %.0f ms", seen.end_ms);
}

static void only_the_right_frequencies(void)
{
	static const double hz[] = { 5, 10, 12, 100, 150 };
	size_t i, halves;

	for (i = 0; i < ARRAY_SIZE(hz); i++)
		for (halves = 0; halves < 2; halves++)
			CHECK(!ring_at(hz[i], 70, halves).begun, "%g Hz", hz[i]);
}

static void only_when_it_is_strong(void)
{
	CHECK(!ring_at(20, 13, true).begun, "13 V");
	CHECK(ring_at(20, 18, true).begun, "18 V");
	CHECK(ring_at(20, 18, false).begun, "18 V, half a wave");
}

static void steps_and_lamps_are_none(void)
{
	size_t halves;

	for (halves = 0; halves < 2; halves++) {
		CHECK(!look_at(step, halves, 13000, 68000).begun, "step");
		CHECK(!look_at(lamp, halves, 13000, 68000).begun, "lamp");
	}
}

/* The very thing for which both halves are looked at. */
static void pulses_of_one_sign_are_none(void)
{
	freq_hz = 20;
	peak_v = 90;
	CHECK(!look_at(one_sign, true, 15000, 68000).begun, "rings");
}

/* 90 ms are three periods and a bit. */
static void a_short_burst_is_none(void)
{
	until_ms = from_ms + 90;
	CHECK(!ring_at(25, 70, true).begun, "rings");
	until_ms = 900;
}

static void forgetting(void)
{
	struct si3050_ring ring = { .min_mhz = 15000, .max_mhz = 68000 };
	unsigned int i;

	for (i = 0; i < 400; i++)
		si3050_ring_look(&ring, i % 50 < 25, false, (i + 1000) * NS_PER_MS);
	CHECK(ring.rings && ring.freq_mhz == 20000, "%u mHz", ring.freq_mhz);
	si3050_ring_forget(&ring);
	CHECK(!ring.rings && !ring.freq_mhz && ring.max_mhz == 68000, "something stays");
	si3050_ring_look(&ring, true, false, 1401 * NS_PER_MS);
	CHECK(!ring.periods, "a period that began before");
}

/* Nobody looked when it began: the first period would be too short. */
static void late_looks_measure_nothing(void)
{
	struct si3050_ring ring = { .min_mhz = 15000, .max_mhz = 68000 };
	unsigned int i;

	for (i = 1000; i < 1400; i += i < 1040 ? 20 : 1)
		si3050_ring_look(&ring, i % 50 < 25, false, i * NS_PER_MS);
	CHECK(ring.freq_mhz == 20000, "%u mHz", ring.freq_mhz);
	ring.rings = false;
	for (i = 2000; i < 4000; i += 20)
		si3050_ring_look(&ring, i % 60 < 30, false, i * NS_PER_MS);
	CHECK(!ring.rings, "rings");
}

static void each_burst_has_its_frequency(void)
{
	struct seen seen;

	freq_hz = 20;
	peak_v = 100;
	until_ms = 600;
	seen = look_at(two_bursts, true, 15000, 68000);
	until_ms = 900;
	CHECK(seen.begun == 2 && seen.ended == 2, "begun %u, ended %u", seen.begun, seen.ended);
	CHECK(seen.freq_mhz > 49000 && seen.freq_mhz < 51000, "%u mHz", seen.freq_mhz);
}

KTAP_MAIN(TEST(frequency_is_measured),
	  TEST(begin_and_end_are_timely),
	  TEST(only_the_right_frequencies),
	  TEST(only_when_it_is_strong),
	  TEST(steps_and_lamps_are_none),
	  TEST(pulses_of_one_sign_are_none),
	  TEST(a_short_burst_is_none),
	  TEST(forgetting),
	  TEST(late_looks_measure_nothing),
	  TEST(each_burst_has_its_frequency))
