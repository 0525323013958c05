// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * tone.c and tone_plan.c, judged by their samples: what is in them is fitted
 * in double precision, what is left over is noise and distortion.
 */
#include "../ktap.h"
#include "signal.h"
#include "tone.h"

#include <math.h>
#include <stdlib.h>

#define SECOND	8000

static int16_t samples[20 * SECOND];

static enum pots_tone_end play(const struct pots_tone_program *program,
			       int gain_cdb, uint64_t limit, size_t count,
			       size_t chunk)
{
	struct pots_tone_player player;
	enum pots_tone_end end = POTS_TONE_PLAYS;
	size_t i;

	pots_tone_start(&player, program, gain_cdb, limit);
	for (i = 0; i < count; i += chunk)
		end = pots_tone_render(&player, samples + i,
				       chunk < count - i ? chunk : count - i, false);
	return end;
}

static struct pots_tone_program sine_program(double hz, int level_cdb)
{
	struct pots_tone_program program = { .count = 1 };

	program.step[0].freq_mhz[0] = lrint(hz * 1000);
	program.step[0].level_cdb[0] = level_cdb;
	return program;
}

static double noise_limit(double level)
{
	return level >= -13 ? level - 80 : -92;
}

/*
 * Every frequency of the world's tones; but not the level at which the
 * rounding to 16 bits repeats itself with the sine, see rounding_alone().
 */
static void test_single_sine(void)
{
	static const double hz[] = {
		16.667, 20, 25, 50, 133, 330, 350, 375, 400, 404, 413, 425, 438, 440, 450,
		475, 480, 525, 600, 620, 697, 770, 852, 941, 913.8, 950, 985.2, 1209, 1336,
		1370.6, 1428.5, 1477, 1633, 1776.7, 2060, 2450, 2600, 3400, 3999.9,
	};
	static const int levels[] = { 300, 0, -500, -1000, -1300, -1900, -2400, -4000 };
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(hz); i++) {
		for (j = 0; j < ARRAY_SIZE(levels); j++) {
			struct pots_tone_program program =
				sine_program(hz[i], levels[j]);
			struct fit fit = { .sines = 1, .hz = { hz[i] } };
			double level = levels[j] / 100.0;

			play(&program, 0, 0, SECOND + 2000, 8);
			fit_sines(samples + 1000, SECOND, &fit);
			CHECK(fabs(fit.hz[0] - hz[i]) <= 0.01, "%f Hz is %f",
			      hz[i], fit.hz[0]);
			CHECK(fabs(fit.dbm0[0] - level) <= 0.1 || hz[i] > 3990,
			      "%f Hz: %f dBm0 is %f", hz[i], level, fit.dbm0[0]);
			CHECK(fit.residue_dbm0 <= noise_limit(level),
			      "%f Hz, %f dBm0: noise %f dBm0", hz[i], level,
			      fit.residue_dbm0);
		}
	}
}

/* The frequency stays exact for an hour: the phase is where it must be. */
static void test_phase_after_an_hour(void)
{
	struct pots_tone_program program = sine_program(440, -1000);
	struct pots_tone_player player;
	int16_t block[160];
	double worst = 0;
	size_t i, block_no;

	pots_tone_start(&player, &program, 0, 0);
	for (block_no = 0; block_no < 3600 * SECOND / 160; block_no++)
		pots_tone_render(&player, block, 160, false);
	for (i = 0; i < 160; i++) {
		double t = (3600.0 * SECOND - 160 + i) / SECOND;
		double ideal = peak_of(-10) * sin(2 * M_PI * fmod(440 * t, 1));

		worst = fmax(worst, fabs(block[i] - ideal));
	}
	CHECK(worst < peak_of(-10) * 0.03, "off by %f", worst);
}

struct expected {
	unsigned int tone;
	const char *name;
	unsigned int sines;
	double hz[4];
	double level;
	unsigned int on_ms, off_ms;	/* 0 = continuous */
};

static const struct expected plan[] = {
	{ POTS_TONE_DIAL, "dial", 2, { 350, 440 }, -13, 0, 0 },
	{ POTS_TONE_RINGBACK, "ringback", 2, { 440, 480 }, -19, 2000, 4000 },
	{ POTS_TONE_BUSY, "busy", 2, { 480, 620 }, -24, 500, 500 },
	{ POTS_TONE_REORDER, "reorder", 2, { 480, 620 }, -24, 250, 250 },
	{ POTS_TONE_CALL_WAITING, "call waiting", 1, { 440 }, -13, 300, 9700 },
	{ POTS_TONE_HOWLER, "howler", 4, { 1400, 2060, 2450, 2600 }, -9, 100, 100 },
	{ POTS_TONE_STUTTER, "stutter", 2, { 350, 440 }, -13, 100, 100 },
	{ POTS_TONE_RECALL, "recall", 2, { 350, 440 }, -13, 100, 100 },
	{ POTS_TONE_CONFIRMATION, "confirmation", 2, { 350, 440 }, -13, 100, 100 },
	{ POTS_TONE_HOLD, "hold", 1, { 600 }, -19, 100, 100 },
	{ POTS_TONE_WARNING, "warning", 1, { 1400 }, -13, 500, 15000 },
	{ POTS_TONE_CALL_WAITING_2, "call waiting 2", 1, { 440 }, -13, 100, 100 },
	{ POTS_TONE_CALL_WAITING_3, "call waiting 3", 1, { 440 }, -13, 100, 100 },
	{ POTS_TONE_CALL_WAITING_4, "call waiting 4", 1, { 440 }, -13, 100, 100 },
};

static void check_purity(const struct expected *tone)
{
	size_t from = 40, count = (tone->on_ms ? tone->on_ms * 8 : SECOND) - 80, i;
	struct fit fit = { .sines = tone->sines };
	/* 100 ms do not tell 0.01 Hz */
	double hz_limit = count >= 2000 ? 0.01 : 0.05;

	memcpy(fit.hz, tone->hz, sizeof(fit.hz));
	fit_sines(samples + from, count, &fit);
	for (i = 0; i < tone->sines; i++) {
		CHECK(fabs(fit.hz[i] - tone->hz[i]) <= hz_limit, "%s: %f Hz is %f",
		      tone->name, tone->hz[i], fit.hz[i]);
		CHECK(fabs(fit.dbm0[i] - tone->level) <= 0.1, "%s: %f dBm0 is %f",
		      tone->name, tone->level, fit.dbm0[i]);
	}
	CHECK(fit.residue_dbm0 <= noise_limit(tone->level), "%s: noise %f dBm0",
	      tone->name, fit.residue_dbm0);
}

/* First and last sample that is not zero, from @from on. */
static size_t first_sound(size_t from, size_t end)
{
	while (from < end && !samples[from])
		from++;
	return from;
}

static void check_cadence(const struct expected *tone)
{
	size_t on = tone->on_ms * 8, period = on + tone->off_ms * 8, i;
	size_t last;

	for (i = on; i < period; i++)
		CHECK(!samples[i], "%s: sound at sample %zu", tone->name, i);
	for (last = on - 1; last && !samples[last]; last--)
		;
	CHECK(last >= on - 4, "%s: ends at %zu of %zu", tone->name, last, on);
	CHECK(first_sound(period, ARRAY_SIZE(samples)) <= period + 3,
	      "%s: second burst at %zu, not %zu", tone->name,
	      first_sound(period, ARRAY_SIZE(samples)), period);
}

static void test_plan(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(plan); i++) {
		play(pots_tone_builtin(plan[i].tone), 0, 0, ARRAY_SIZE(samples), 8);
		CHECK(first_sound(0, SECOND) <= 1, "%s: first sample at %zu",
		      plan[i].name, first_sound(0, SECOND));
		check_purity(&plan[i]);
		if (plan[i].on_ms)
			check_cadence(&plan[i]);
	}
	CHECK(!pots_tone_builtin(0), "tone 0");
	CHECK(!pots_tone_builtin(22), "tone 22");
	CHECK(!pots_tone_builtin(POTS_TONE_USER), "a user's tone");
	CHECK(!pots_tone_builtin(1u << 31), "a wild tone");
}

/* Bursts of the distinctive ones, which all come again after ten seconds. */
static void test_call_waiting(void)
{
	static const struct {
		unsigned int tone, bursts;
		unsigned int on_ms[3];
	} waiting[] = {
		{ POTS_TONE_CALL_WAITING, 1, { 300 } },
		{ POTS_TONE_CALL_WAITING_2, 2, { 100, 100 } },
		{ POTS_TONE_CALL_WAITING_3, 3, { 100, 100, 100 } },
		{ POTS_TONE_CALL_WAITING_4, 3, { 100, 300, 100 } },
	};
	size_t i, n, at;

	for (i = 0; i < ARRAY_SIZE(waiting); i++) {
		play(pots_tone_builtin(waiting[i].tone), 0, 0, ARRAY_SIZE(samples), 8);
		for (n = 0, at = 0; n < waiting[i].bursts; n++) {
			size_t on = waiting[i].on_ms[n] * 8;

			CHECK(first_sound(at, at + on) <= at + 3, "%zu: burst %zu is late", i, n);
			CHECK(samples[at + on / 2] || samples[at + on / 2 + 1], "%zu: no burst %zu",
			      i, n);
			CHECK(first_sound(at + on, at + on + 800) == at + on + 800,
			      "%zu: no pause after %zu", i, n);
			at += on + 800;
		}
		n = first_sound(at, ARRAY_SIZE(samples));
		CHECK(n >= 9 * SECOND && n <= 10 * SECOND + 3, "%zu: again at %zu", i, n);
	}
}

/* What the first two of the three tell: frequency and length, SR-2275. */
static void test_sit(void)
{
	static const struct {
		unsigned int tone;
		double hz[2];
		unsigned int ms[2];
	} sits[] = {
		{ POTS_TONE_SIT, { 985.2, 1370.6 }, { 274, 380 } },
		{ POTS_TONE_UNOBTAINABLE, { 985.2, 1370.6 }, { 380, 274 } },
		{ POTS_TONE_SIT_INTERCEPT, { 913.8, 1370.6 }, { 274, 274 } },
		{ POTS_TONE_SIT_VACANT, { 985.2, 1370.6 }, { 380, 274 } },
		{ POTS_TONE_SIT_REORDER, { 913.8, 1428.5 }, { 274, 380 } },
		{ POTS_TONE_SIT_NO_CIRCUIT, { 985.2, 1428.5 }, { 380, 380 } },
	};
	size_t i, n;

	for (i = 0; i < ARRAY_SIZE(sits); i++) {
		const double hz[] = { sits[i].hz[0], sits[i].hz[1], 1776.7 };
		size_t at[4] = { 0, sits[i].ms[0] * 8 };

		at[2] = at[1] + sits[i].ms[1] * 8;
		at[3] = at[2] + 380 * 8;
		CHECK(play(pots_tone_builtin(sits[i].tone), 0, 0, 2 * SECOND, 8) ==
		      POTS_TONE_FINISHED, "%zu does not end", i);
		for (n = 0; n < 3; n++) {
			struct fit fit = { .sines = 1, .hz = { hz[n] } };
			size_t skip_on = n ? 0 : 40, skip_off = n == 2 ? 40 : 0;

			fit_sines(samples + at[n] + skip_on,
				  at[n + 1] - at[n] - skip_on - skip_off, &fit);
			CHECK(fabs(fit.hz[0] - hz[n]) < 0.01, "%zu: %f Hz", i, fit.hz[0]);
			CHECK(fit.residue_dbm0 <= -92, "%zu: segment %zu: %f", i, n,
			      fit.residue_dbm0);
		}
		CHECK(!samples[at[3]], "%zu: sound after the end", i);
		CHECK(samples[at[3] - 2] || samples[at[3] - 3], "%zu: ends early", i);
	}
}

static void test_dtmf_plan(void)
{
	static const double row[] = { 697, 770, 852, 941 };
	static const double column[] = { 1209, 1336, 1477, 1633 };
	static const char keys[] = "123A456B789C*0#D", order[] = "0123456789*#ABCD";
	size_t i;

	for (i = 0; i < 16; i++) {
		size_t key = strchr(keys, order[i]) - keys;
		struct fit fit = { .sines = 2, .hz = { row[key / 4], column[key % 4] } };

		CHECK(play(pots_tone_builtin(POTS_TONE_DTMF + i), 0, 0, 1600, 8) ==
		      POTS_TONE_FINISHED, "%c does not end", order[i]);
		fit_sines(samples + 40, 720, &fit);
		CHECK(fabs(fit.hz[0] - row[key / 4]) < 0.1 &&
		      fabs(fit.hz[1] - column[key % 4]) < 0.1, "%c: %f %f", order[i],
		      fit.hz[0], fit.hz[1]);
		CHECK(fabs(fit.dbm0[0] + 9) < 0.1 && fabs(fit.dbm0[1] + 7) < 0.1,
		      "%c: levels %f %f", order[i], fit.dbm0[0], fit.dbm0[1]);
	}
}

/* The same samples, whatever pieces they are asked in. */
static void test_chunks(void)
{
	static const size_t chunks[] = { 1, 7, 8, 80, 160, 999 };
	static int16_t whole[5 * SECOND];
	size_t i;
	unsigned int tone;

	for (tone = 1; tone < POTS_TONE_DTMF + 16; tone++) {
		const struct pots_tone_program *program = pots_tone_builtin(tone);

		if (!program)
			continue;
		play(program, -300, 3 * SECOND + 123, ARRAY_SIZE(whole),
		     ARRAY_SIZE(whole));
		memcpy(whole, samples, sizeof(whole));
		for (i = 0; i < ARRAY_SIZE(chunks); i++) {
			play(program, -300, 3 * SECOND + 123, ARRAY_SIZE(whole), chunks[i]);
			CHECK(!memcmp(whole, samples, sizeof(whole)),
			      "tone %u differs in pieces of %zu", tone, chunks[i]);
		}
	}
}

/* No step between two samples is larger than the sines' own. */
static double largest_step(size_t count)
{
	double worst = 0;
	size_t i;

	for (i = 0; i < count; i++)
		worst = fmax(worst, abs(samples[i] - (i ? samples[i - 1] : 0)));
	return worst;
}

/*
 * A click is energy where the tone has none: what a second difference leaves
 * around an edge must stay close to what it leaves of the steady tone.
 */
static void test_no_click(void)
{
	struct pots_tone_program program = {
		.count = 4,
		.step = {
			{ .freq_mhz = { 350000 }, .level_cdb = { -1000 }, .samples = 333 },
			{ .samples = 111 },
			{ .freq_mhz = { 350000 }, .level_cdb = { -1000 }, .samples = 777 },
			{ .freq_mhz = { 350000 }, .level_cdb = { -3000 }, .samples = 555 },
		},
	};
	double own = peak_of(-10) * 2 * M_PI * 350 / SECOND;
	struct pots_tone_player player;
	size_t i;

	play(&program, 0, 0, 5 * SECOND, 8);
	CHECK(largest_step(5 * SECOND) < own * 1.02, "step of %f, sine has %f",
	      largest_step(5 * SECOND), own);

	/* stopped at any moment, it is silent 4 ms later */
	for (i = 1; i < 400; i += 7) {
		memset(samples, 0, sizeof(samples));
		pots_tone_start(&player, &program, 0, 0);
		pots_tone_render(&player, samples, i, false);
		pots_tone_stop(&player);
		CHECK(pots_tone_render(&player, samples + i, 100, false) ==
		      POTS_TONE_STOPPED, "not stopped");
		CHECK(largest_step(1000) < own * 1.02, "stop at %zu: step of %f", i,
		      largest_step(1000));
		CHECK(!samples[i + 32], "stop at %zu: sound after", i);
	}
}

static void test_time_limit(void)
{
	const struct pots_tone_program *dial = pots_tone_builtin(POTS_TONE_DIAL);
	size_t last = 0, i;

	CHECK(play(dial, 0, 1234, SECOND, 8) == POTS_TONE_TIMEOUT, "no time-out");
	for (i = 0; i < SECOND; i++)
		if (samples[i])
			last = i;
	CHECK(last >= 1230 && last < 1234, "last sample %zu", last);
	CHECK(largest_step(SECOND) < 3200, "step of %f", largest_step(SECOND));
}

static void test_repeat(void)
{
	struct pots_tone_program program = {
		.count = 3, .loop_start = 1, .repeat = 3,
		.step = {
			{ .freq_mhz = { 1000000 }, .samples = 800 },
			{ .freq_mhz = { 2000000 }, .samples = 80 },
			{ .samples = 80 },
		},
	};
	size_t bursts = 0, i;

	CHECK(play(&program, 0, 0, SECOND, 8) == POTS_TONE_FINISHED, "no end");
	for (i = 800; i < SECOND; i++)
		bursts += samples[i] && !samples[i - 1] && !samples[i - 2] &&
			  !samples[i - 3];
	/* the first of the three joins the intro */
	CHECK(bursts == 2, "%zu bursts", bursts);
	CHECK(first_sound(800 + 3 * 160, SECOND) == SECOND, "sound after the end");
}

static void test_modulation(void)
{
	struct pots_tone_program program = {
		.count = 1,
		.step = { { .freq_mhz = { 400000, 16667 }, .level_cdb = { -1000 },
			    .am_depth = 90, .flags = POTS_STEP_F_AM } },
	};
	struct fit fit = { .sines = 3, .hz = { 383.333, 400, 416.667 } };

	play(&program, 0, 0, 3 * SECOND, 8);
	fit_sines(samples + 100, 2 * SECOND, &fit);
	CHECK(fabs(fit.dbm0[1] + 10) < 0.1, "carrier %f", fit.dbm0[1]);
	CHECK(fabs(fit.dbm0[0] + 16.94) < 0.1, "lower %f", fit.dbm0[0]);
	CHECK(fabs(fit.dbm0[2] + 16.94) < 0.1, "upper %f", fit.dbm0[2]);
	CHECK(fabs(fit.hz[0] - 383.333) < 0.01, "lower %f Hz", fit.hz[0]);
	CHECK(fit.residue_dbm0 < -90, "noise %f", fit.residue_dbm0);
}

static void test_gain_and_mix(void)
{
	struct pots_tone_program program = sine_program(1004, -2000);
	struct fit fit = { .sines = 1, .hz = { 1004 } };
	struct pots_tone_player player;
	size_t i;

	play(&program, 1000, 0, SECOND, 8);
	fit_sines(samples + 100, SECOND / 2, &fit);
	CHECK(fabs(fit.dbm0[0] + 10) < 0.02, "gain makes %f", fit.dbm0[0]);

	for (i = 0; i < SECOND; i++)
		samples[i] = i & 64 ? 30000 : -30000;
	program = sine_program(500, 300);
	pots_tone_start(&player, &program, 0, 0);
	pots_tone_render(&player, samples, SECOND, true);
	for (i = 100; i < SECOND; i++) {
		double sum = (i & 64 ? 30000 : -30000) +
			     peak_of(3) * sin(2 * M_PI * 500 * i / SECOND);

		CHECK(fabs(samples[i] - (double)clip(sum)) < 8, "sample %zu: %d, not %d",
		      i, samples[i], clip(sum));
	}

	for (i = 0; i < SECOND; i++)
		samples[i] = (int)i * 8 - 32000;
	pots_gain(samples, SECOND, -602);
	CHECK(abs(samples[0] + 16000) < 20, "%d", samples[0]);
	pots_gain(samples, SECOND, 1000);
	CHECK(samples[0] == -32768, "%d wraps", samples[0]);
}

static void test_check(void)
{
	struct pots_tone_program good = sine_program(440, -1300), bad;
	unsigned int i;

	CHECK(!pots_tone_check(&good), "a good program");
	for (i = 1; i < POTS_TONE_DTMF + 16; i++) {
		const struct pots_tone_program *program = pots_tone_builtin(i);

		if (!program)
			continue;
		bad = (struct pots_tone_program){};
		memcpy(&bad, program, offsetof(struct pots_tone_program, step) +
		       program->count * sizeof(program->step[0]));
		CHECK(!pots_tone_check(&bad), "built-in %u", i);
	}

#define REFUSED(error, change) do { \
	bad = good; \
	change; \
	CHECK(pots_tone_check(&bad) == -(error), "got %d", pots_tone_check(&bad)); \
} while (0)
	REFUSED(EINVAL, bad.count = 0);
	REFUSED(EINVAL, bad.count = 65);
	REFUSED(EINVAL, bad.loop_start = 1);
	REFUSED(EINVAL, bad.reserved = 1);
	REFUSED(EINVAL, bad.step[0].flags = 2);
	REFUSED(EINVAL, bad.step[0].am_depth = 50);
	REFUSED(EINVAL, bad.step[0].flags = POTS_STEP_F_AM; bad.step[0].am_depth = 50);
	REFUSED(EINVAL, bad.step[0].flags = POTS_STEP_F_AM; bad.step[0].freq_mhz[1] = 20);
	REFUSED(ERANGE, bad.step[0].flags = POTS_STEP_F_AM; bad.step[0].freq_mhz[1] = 20;
		bad.step[0].am_depth = 101);
	REFUSED(EINVAL, bad.step[1].samples = 1);
	REFUSED(EINVAL, bad.count = 2; bad.step[1].samples = 8);
	REFUSED(ERANGE, bad.step[0].freq_mhz[0] = 4000000);
	REFUSED(ERANGE, bad.step[0].level_cdb[0] = 318);
	REFUSED(ERANGE, bad.step[0].level_cdb[0] = -7001);
}

static void test_fits_chip(void)
{
	static const struct {
		unsigned int tone;
		bool fits;
		unsigned int on_ms, off_ms;
	} cases[] = {
		{ POTS_TONE_DIAL, true, 0, 0 }, { POTS_TONE_BUSY, true, 500, 500 },
		{ POTS_TONE_RINGBACK, true, 2000, 4000 }, { POTS_TONE_STUTTER, false, 0, 0 },
		{ POTS_TONE_HOWLER, false, 0, 0 }, { POTS_TONE_SIT, false, 0, 0 },
		{ POTS_TONE_DTMF, true, 100, 0 }, { POTS_TONE_CALL_WAITING, true, 300, 9700 },
	};
	uint32_t freq[2], on, off;
	int16_t level[2];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		bool fits = pots_tone_fits_chip(pots_tone_builtin(cases[i].tone), freq,
						level, &on, &off);

		CHECK(fits == cases[i].fits, "tone %u: %d", cases[i].tone, fits);
		CHECK(!fits || (on == cases[i].on_ms && off == cases[i].off_ms),
		      "tone %u: %u/%u", cases[i].tone, on, off);
	}
}

KTAP_MAIN(TEST(test_single_sine), TEST(test_phase_after_an_hour), TEST(test_plan),
	  TEST(test_call_waiting), TEST(test_sit), TEST(test_dtmf_plan), TEST(test_chunks), TEST(test_no_click),
	  TEST(test_time_limit), TEST(test_repeat), TEST(test_modulation),
	  TEST(test_gain_and_mix), TEST(test_check), TEST(test_fits_chip))
