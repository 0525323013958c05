// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * digits.c: what is dialled by DTMF, heard by spandsp and measured by the sample;
 * how many pulses a digit has; what is no dialling.
 */
#include "../ktap.h"
#include "digits.h"

#include <math.h>
#include <spandsp.h>
#include <stdlib.h>

#define SAMPLES_MAX	(8000 * 30)
#define MS		8

static s16 sound[SAMPLES_MAX];

static const struct pots_dial plain = {
	.count = 16,
	.digit = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 },
	.on_ms = 65, .off_ms = 70, .level_cdb = -1100, .twist_cdb = 200,
};

static const struct pots_dial pulses = {
	.flags = POTS_DIAL_F_PULSE, .count = 3, .digit = { 1, 0, POTS_DIAL_PAUSE },
	.break_ms = 60, .make_ms = 40, .interdigit_ms = 700, .pause_ms = 500,
};

/* In pieces of every size, as a highway may ask for them. */
static u32 render(const struct pots_dial *dial, u32 extra)
{
	struct pots_digits digits;
	u32 at = 0, run = 1;

	pots_digits_start(&digits, dial, extra);
	while (at + run <= SAMPLES_MAX && pots_digits_render(&digits, sound + at, run)) {
		at += run;
		run = run % 160 + 1;
	}
	return at + run;
}

/* First and last sample of the @nth sound, pauses being exact silence. */
static bool find(u32 total, u32 nth, u32 *first, u32 *last)
{
	u32 i, quiet = 100;
	bool found = false;

	for (i = 0; i < total; i++) {
		if (!sound[i]) {
			if (++quiet == 100 && found)
				return true;
			continue;
		}
		if (quiet >= 100 && nth-- == 0) {
			*first = i;
			found = true;
		}
		if (found)
			*last = i;
		quiet = 0;
	}
	return found;
}

static void test_judged_by_spandsp(void)
{
	static const char order[] = "0123456789*#ABCD";
	dtmf_rx_state_t *rx = dtmf_rx_init(NULL, NULL, NULL);
	char digits[100] = "";
	u32 total = render(&plain, 0);

	dtmf_rx(rx, sound, total);
	dtmf_rx_get(rx, digits, sizeof(digits) - 1);
	CHECK(!strcmp(digits, order), "heard %s", digits);
	dtmf_rx_free(rx);
}

static const struct pots_dial multi = {
	.flags = POTS_DIAL_F_MF_R1, .count = POTS_MF_COUNT,
	.digit = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, POTS_MF_ST3, POTS_MF_ST1, POTS_MF_KP,
		   POTS_MF_ST2, POTS_MF_ST },
	.on_ms = 68, .off_ms = 68, .level_cdb = -700,
};

static char forward[64];

static void on_r2(void *user, int code, int level, int delay)
{
	(void)user;
	(void)level;
	(void)delay;
	size_t len = strlen(forward);

	if (code && len + 1 < sizeof(forward))
		forward[len] = (char)code;
}

/* R1 is Bell's: spandsp calls KP *, ST #, and the others A, B, C. */
static void test_mf_judged_by_spandsp(void)
{
	bell_mf_rx_state_t *r1 = bell_mf_rx_init(NULL, NULL, NULL);
	r2_mf_rx_state_t *r2 = r2_mf_rx_init(NULL, true, on_r2, NULL);
	struct pots_dial dial = multi;
	char digits[100] = "";
	u32 total = render(&dial, 800);

	bell_mf_rx(r1, sound, total);
	bell_mf_rx_get(r1, digits, sizeof(digits) - 1);
	CHECK(!strcmp(digits, "0123456789CA*B#"), "R1: heard %s", digits);
	bell_mf_rx_free(r1);

	dial.flags = POTS_DIAL_F_MF_R2;
	dial.on_ms = 100;
	dial.off_ms = 100;
	dial.level_cdb = -1150;
	total = render(&dial, 800);
	r2_mf_rx(r2, sound, total);
	CHECK(!strcmp(forward, "0123456789BCDEF"), "R2: heard %s", forward);
	r2_mf_rx_free(r2);
}

/* KP of R1 is longer, and nothing else is; the length told is the length sent. */
static void test_kp_is_longer(void)
{
	struct pots_dial dial = {
		.flags = POTS_DIAL_F_MF_R1, .count = 2, .digit = { POTS_MF_KP, 1 },
		.on_ms = 68, .off_ms = 68, .level_cdb = -700,
	};
	u32 first = 0, last = 0;

	render(&dial, 0);
	CHECK(find(SAMPLES_MAX, 0, &first, &last) && last < 102 * MS && last + 4 > 102 * MS,
	      "KP ends at %u", last);
	CHECK(find(SAMPLES_MAX, 1, &first, &last) && first >= 170 * MS && first < 170 * MS + 3,
	      "1 begins at %u", first);
	CHECK(pots_digits_samples(&dial) == (102 + 3 * 68) * MS, "%u",
	      pots_digits_samples(&dial));
	dial.flags = POTS_DIAL_F_MF_R2;
	CHECK(pots_digits_samples(&dial) == 4 * 68 * MS, "%u", pots_digits_samples(&dial));
}

static void test_times_are_exact(void)
{
	u32 first, last, i;

	render(&plain, 0);
	for (i = 0; i < plain.count; i++) {
		u32 begin = i * (plain.on_ms + plain.off_ms) * MS;

		if (!find(SAMPLES_MAX, i, &first, &last)) {
			CHECK(false, "no digit %u", i);
			continue;
		}
		/* a sine begins and a ramp ends with zeros */
		CHECK(first >= begin && first - begin <= 2, "%u begins at %u, not %u", i,
		      first, begin);
		CHECK(last < begin + plain.on_ms * MS && last + 4 > begin + plain.on_ms * MS,
		      "%u ends at %u, not %u", i, last, begin + plain.on_ms * MS);
	}
}

static double level(const s16 *samples, u32 count, double hz)
{
	double re = 0, im = 0;
	u32 i;

	for (i = 0; i < count; i++) {
		re += samples[i] * cos(2 * M_PI * hz * i / 8000);
		im += samples[i] * sin(2 * M_PI * hz * i / 8000);
	}
	return 20 * log10(2 * sqrt(re * re + im * im) / count / 32767) + 3.17;
}

/* 800 samples: both frequencies of the 5 are nearly whole in them. */
static void test_levels(void)
{
	static const struct { s16 level, twist; } wanted[] = {
		{ -1100, 200 }, { -700, 0 }, { -2000, -600 }, { -600, 600 }, { 0, -600 },
	};
	struct pots_dial dial = { .count = 1, .digit = { 5 }, .on_ms = 200, .off_ms = 40 };
	u32 i;

	for (i = 0; i < ARRAY_SIZE(wanted); i++) {
		double low, high;

		dial.level_cdb = wanted[i].level;
		dial.twist_cdb = wanted[i].twist;
		render(&dial, 0);
		low = level(sound + 400, 800, 770);
		high = level(sound + 400, 800, 1336);
		CHECK(fabs(low - wanted[i].level / 100.0) < 0.2, "low %.2f", low);
		CHECK(fabs(high - (wanted[i].level + wanted[i].twist) / 100.0) < 0.2,
		      "high %.2f", high);
	}
}

static void test_pauses_and_length(void)
{
	const struct pots_dial dial = {
		.count = 4, .digit = { 9, POTS_DIAL_PAUSE, POTS_DIAL_PAUSE, 8 },
		.on_ms = 50, .off_ms = 50, .pause_ms = 300, .level_cdb = -900,
	};
	u32 first = 0, last = 0, total, singly = 0;
	struct pots_digits digits;

	CHECK(pots_digits_samples(&dial) == 800 * MS, "%u", pots_digits_samples(&dial));
	pots_digits_start(&digits, &dial, 24);
	while (pots_digits_render(&digits, sound, 1))
		singly++;
	CHECK(singly + 1 == 800 * MS + 24, "%u samples", singly + 1);
	total = render(&dial, 24);
	CHECK(find(total, 1, &first, &last), "no second digit");
	CHECK(first >= 700 * MS && first < 700 * MS + 3, "second at %u", first);
}

static void test_pulse_maps(void)
{
	u32 digit;

	for (digit = 0; digit <= 9; digit++) {
		CHECK(pots_digit_pulses(digit, POTS_PULSE_MAP_N) == (digit ? digit : 10),
		      "%u", digit);
		CHECK(pots_digit_pulses(digit, POTS_PULSE_MAP_10_N) == 10 - digit, "%u", digit);
		CHECK(pots_digit_pulses(digit, POTS_PULSE_MAP_N_1) == digit + 1, "%u", digit);
	}
}

struct wrong {
	const char *name;
	size_t offset, size;
	s32 value;
	int want;
};

#define WRONG(field, value, want) { #field "=" #value, offsetof(struct pots_dial, field), \
	sizeof(((struct pots_dial *)0)->field), value, want }

static const struct wrong in_both[] = {
	WRONG(flags, 32, -EINVAL), WRONG(flags, 24, -EINVAL), WRONG(flags, 9, -EINVAL),
	WRONG(flags, 17, -EINVAL), WRONG(flags, 4, -EINVAL), WRONG(count, 0, -EINVAL),
	WRONG(count, 65, -EINVAL), WRONG(count, 2, -EINVAL), WRONG(digit[1], 17, -EINVAL),
	WRONG(digit[60], 1, -EINVAL), WRONG(pause_ms, 10001, -ERANGE),
	WRONG(wait_ms, 10001, -ERANGE), WRONG(reserved[0], 1, -EINVAL),
	WRONG(reserved[4], 1, -EINVAL),
};

static const struct wrong in_dtmf[] = {
	WRONG(break_ms, 60, -EINVAL), WRONG(make_ms, 40, -EINVAL),
	WRONG(interdigit_ms, 700, -EINVAL), WRONG(pulse_map, 1, -EINVAL),
	WRONG(on_ms, 39, -ERANGE), WRONG(on_ms, 1001, -ERANGE), WRONG(off_ms, 39, -ERANGE),
	WRONG(off_ms, 1001, -ERANGE), WRONG(level_cdb, 1, -ERANGE),
	WRONG(level_cdb, -4001, -ERANGE), WRONG(twist_cdb, 601, -ERANGE),
	WRONG(twist_cdb, -601, -ERANGE),
};

static const struct wrong in_mf[] = {
	WRONG(digit[0], POTS_MF_COUNT, -EINVAL), WRONG(break_ms, 60, -EINVAL),
	WRONG(on_ms, 39, -ERANGE), WRONG(twist_cdb, 601, -ERANGE),
};

static const struct wrong in_pulses[] = {
	WRONG(on_ms, 65, -EINVAL), WRONG(off_ms, 65, -EINVAL), WRONG(level_cdb, -900, -EINVAL),
	WRONG(twist_cdb, 200, -EINVAL), WRONG(pulse_map, 3, -EINVAL),
	WRONG(digit[0], 10, -EINVAL), WRONG(break_ms, 9, -ERANGE),
	WRONG(break_ms, 201, -ERANGE), WRONG(make_ms, 9, -ERANGE),
	WRONG(make_ms, 201, -ERANGE), WRONG(interdigit_ms, 99, -ERANGE),
	WRONG(interdigit_ms, 2001, -ERANGE),
};

static void spoil(const struct pots_dial *good, const struct wrong *wrong, size_t count)
{
	while (count--) {
		struct pots_dial dial = *good;
		int ret;

		memcpy((char *)&dial + wrong[count].offset, &wrong[count].value,
		       wrong[count].size);
		ret = pots_digits_check(&dial);
		CHECK(ret == wrong[count].want, "%s: %d", wrong[count].name, ret);
	}
}

static void test_what_is_no_dialling(void)
{
	struct pots_dial waits = plain;

	CHECK(!pots_digits_check(&plain), "DTMF");
	CHECK(!pots_digits_check(&pulses), "pulses");
	waits.flags = POTS_DIAL_F_WAIT_TONE | POTS_DIAL_F_BLIND;
	waits.wait_ms = 60000;
	CHECK(!pots_digits_check(&waits), "waits");
	waits.wait_ms = 99;
	CHECK(pots_digits_check(&waits) == -ERANGE, "waits no time");

	spoil(&plain, in_both, ARRAY_SIZE(in_both));
	spoil(&pulses, in_both, ARRAY_SIZE(in_both));
	spoil(&plain, in_dtmf, ARRAY_SIZE(in_dtmf));
	spoil(&multi, in_mf, ARRAY_SIZE(in_mf));
	spoil(&pulses, in_pulses, ARRAY_SIZE(in_pulses));
}

KTAP_MAIN(TEST(test_judged_by_spandsp), TEST(test_mf_judged_by_spandsp),
	  TEST(test_kp_is_longer), TEST(test_times_are_exact), TEST(test_levels),
	  TEST(test_pauses_and_length), TEST(test_pulse_maps),
	  TEST(test_what_is_no_dialling))
