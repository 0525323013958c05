// SPDX-License-Identifier: GPL-2.0-only
/*
 * Scales: an oscillator's phase and step are 2^32 to the turn, so a frequency
 * is right within 1 uHz. The sine comes from 256 steps of a whole turn,
 * linearly interpolated to Q31 (a quarter turn would need three quarters fewer
 * bytes and half as many instructions more); its amplitude is in 1/8192 of a
 * 16-bit step, which leaves room for four sines of full scale and +10 dB.
 *
 * A sine begins at phase 0 after silence and keeps its phase from step to
 * step. The on and off ramps are a raised cosine inside the step's on time, so
 * the cadence is that of the program to the sample; they come where a sound
 * meets silence or one with other levels, not where only frequencies change.
 */
#include "tone.h"

#define RAMP_SAMPLES	32	/* 4 ms */
#define AMPLITUDE_BITS	13
#define SINE_BITS	31
#define OUTPUT_SHIFT	(AMPLITUDE_BITS + SINE_BITS)
#define UNITY_CDB	POTS_TONE_LEVEL_MAX_CDB
#define LOUDEST_CDB	1500	/* above unity: the top of scale() */
#define FULL_AT_15_DB	1509523501ULL	/* 32768 << AMPLITUDE_BITS, and 15 dB */
#define GAIN_AT_15_DB	92134ULL	/* 1 << 14, and 15 dB */

static const s16 sine_table[257] = {
	0, 804, 1608, 2410, 3212, 4011, 4808, 5602,
	6393, 7179, 7962, 8739, 9512, 10278, 11039, 11793,
	12539, 13279, 14010, 14732, 15446, 16151, 16846, 17530,
	18204, 18868, 19519, 20159, 20787, 21403, 22005, 22594,
	23170, 23731, 24279, 24811, 25329, 25832, 26319, 26790,
	27245, 27683, 28105, 28510, 28898, 29268, 29621, 29956,
	30273, 30571, 30852, 31113, 31356, 31580, 31785, 31971,
	32137, 32285, 32412, 32521, 32609, 32678, 32728, 32757,
	32767, 32757, 32728, 32678, 32609, 32521, 32412, 32285,
	32137, 31971, 31785, 31580, 31356, 31113, 30852, 30571,
	30273, 29956, 29621, 29268, 28898, 28510, 28105, 27683,
	27245, 26790, 26319, 25832, 25329, 24811, 24279, 23731,
	23170, 22594, 22005, 21403, 20787, 20159, 19519, 18868,
	18204, 17530, 16846, 16151, 15446, 14732, 14010, 13279,
	12539, 11793, 11039, 10278, 9512, 8739, 7962, 7179,
	6393, 5602, 4808, 4011, 3212, 2410, 1608, 804,
	0, -804, -1608, -2410, -3212, -4011, -4808, -5602,
	-6393, -7179, -7962, -8739, -9512, -10278, -11039, -11793,
	-12539, -13279, -14010, -14732, -15446, -16151, -16846, -17530,
	-18204, -18868, -19519, -20159, -20787, -21403, -22005, -22594,
	-23170, -23731, -24279, -24811, -25329, -25832, -26319, -26790,
	-27245, -27683, -28105, -28510, -28898, -29268, -29621, -29956,
	-30273, -30571, -30852, -31113, -31356, -31580, -31785, -31971,
	-32137, -32285, -32412, -32521, -32609, -32678, -32728, -32757,
	-32767, -32757, -32728, -32678, -32609, -32521, -32412, -32285,
	-32137, -31971, -31785, -31580, -31356, -31113, -30852, -30571,
	-30273, -29956, -29621, -29268, -28898, -28510, -28105, -27683,
	-27245, -26790, -26319, -25832, -25329, -24811, -24279, -23731,
	-23170, -22594, -22005, -21403, -20787, -20159, -19519, -18868,
	-18204, -17530, -16846, -16151, -15446, -14732, -14010, -13279,
	-12539, -11793, -11039, -10278, -9512, -8739, -7962, -7179,
	-6393, -5602, -4808, -4011, -3212, -2410, -1608, -804,
	0,
};

/* Q31 */
static inline s32 sine(u32 phase)
{
	const s16 *entry = &sine_table[phase >> 24];

	return entry[0] * 65536 +
	       (entry[1] - entry[0]) * (s32)((phase >> 8) & 0xffff);
}

static inline s16 saturate(s64 value)
{
	return clamp_t(s64, value, -32768, 32767);
}

/*
 * 10^(-cdb / 2000) in Q31, for 0 <= cdb < 16384, from its powers of two.
 */
static u32 attenuation(u32 cdb)
{
	static const u32 factor[] = {
		2145012689u, 2142544573u, 2137616857u, 2127795400u, 2108287654u,
		2069807068u, 1994940125u, 1853232320u, 1599299736u, 1191049649u,
		660586761u, 203202883u, 19227812u, 172159u,
	};
	u64 result = 1ULL << 31;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(factor); i++)
		if (cdb & (1u << i))
			result = (result * factor[i] + (1u << 30)) >> 31;
	return result;
}

/* @at_15_db, and @cdb less 15 dB */
static s32 scale(u64 at_15_db, s32 cdb)
{
	cdb = clamp(cdb, LOUDEST_CDB - 16383, LOUDEST_CDB);
	return (at_15_db * attenuation(LOUDEST_CDB - cdb) + (1u << 30)) >> 31;
}

/* ------------------------------------------------------------ checking --- */

static bool is_zero_step(const struct pots_tone_step *step)
{
	static const struct pots_tone_step zero;

	return !memcmp(step, &zero, sizeof(zero));
}

static int check_am(const struct pots_tone_step *step)
{
	if (!(step->flags & POTS_STEP_F_AM))
		return step->am_depth ? -EINVAL : 0;
	if (!step->freq_mhz[0] || !step->freq_mhz[1] || step->freq_mhz[2] ||
	    step->freq_mhz[3] || !step->am_depth)
		return -EINVAL;
	return step->am_depth > 100 ? -ERANGE : 0;
}

static int check_step(const struct pots_tone_step *step)
{
	unsigned int i;

	if (step->flags & ~POTS_STEP_F_AM)
		return -EINVAL;

	for (i = 0; i < POTS_TONE_FREQS_MAX; i++) {
		if (!step->freq_mhz[i])
			continue;
		if (step->freq_mhz[i] >= POTS_TONE_FREQ_MAX_MHZ ||
		    step->level_cdb[i] < POTS_TONE_LEVEL_MIN_CDB ||
		    step->level_cdb[i] > POTS_TONE_LEVEL_MAX_CDB)
			return -ERANGE;
	}
	return check_am(step);
}

int pots_tone_check(const struct pots_tone_program *program)
{
	unsigned int i;
	int ret;

	if (program->count < 1 || program->count > POTS_TONE_STEPS_MAX ||
	    program->loop_start >= program->count || program->reserved)
		return -EINVAL;

	for (i = 0; i < program->count; i++) {
		const struct pots_tone_step *step = &program->step[i];

		if (!step->samples && i != program->count - 1)
			return -EINVAL;
		ret = check_step(step);
		if (ret)
			return ret;
	}
	for (; i < POTS_TONE_STEPS_MAX; i++)
		if (!is_zero_step(&program->step[i]))
			return -EINVAL;
	return 0;
}

/* ------------------------------------------------------------- stepping --- */

static bool is_silent(const struct pots_tone_step *step)
{
	return !(step->freq_mhz[0] | step->freq_mhz[1] | step->freq_mhz[2] |
		 step->freq_mhz[3]);
}

/* Only frequencies differ: the oscillators can slide over without a ramp. */
static bool joins(const struct pots_tone_step *a, const struct pots_tone_step *b)
{
	unsigned int i;

	if (a->flags != b->flags || a->am_depth != b->am_depth)
		return false;
	for (i = 0; i < POTS_TONE_FREQS_MAX; i++) {
		if (!a->freq_mhz[i] != !b->freq_mhz[i])
			return false;
		if (a->freq_mhz[i] && a->level_cdb[i] != b->level_cdb[i])
			return false;
	}
	return true;
}

/* The step that follows the present one, or NULL at the end. */
static const struct pots_tone_step *
following(const struct pots_tone_player *player)
{
	const struct pots_tone_program *program = player->program;

	if (player->step + 1 < program->count)
		return &program->step[player->step + 1];
	if (player->repeat == 1)
		return NULL;
	return &program->step[program->loop_start];
}

static u32 ramp_of(const struct pots_tone_step *step)
{
	if (!step->samples)
		return RAMP_SAMPLES;
	return min_t(u32, RAMP_SAMPLES, step->samples / 2);
}

static s32 component(s32 level_cdb, const struct pots_tone_player *player)
{
	return scale(FULL_AT_15_DB, level_cdb + player->gain_cdb - UNITY_CDB);
}

static void set_oscillators(struct pots_tone_player *player,
			    const struct pots_tone_step *step, bool keep_phase)
{
	unsigned int i;

	player->oscs = 0;
	for (i = 0; i < POTS_TONE_FREQS_MAX; i++) {
		struct pots_nco *osc = &player->osc[i];
		u32 freq = step->freq_mhz[i];

		/* 8000 Hz are 8,000,000 mHz; rounded */
		osc->step = div_u64(((u64)freq << 32) + 4000000, 8000000);
		osc->amplitude = freq ? component(step->level_cdb[i], player) : 0;
		if (!keep_phase)
			osc->phase = 0;
		if (freq)
			player->oscs = i + 1;
	}
	player->am_depth = step->am_depth * (1u << 15) / 100;
}

static void enter_step(struct pots_tone_player *player, u32 index,
		       const struct pots_tone_step *before)
{
	const struct pots_tone_step *step = &player->program->step[index];
	const struct pots_tone_step *next;
	bool joined = before && joins(before, step);

	player->step = index;
	player->left = step->samples;
	set_oscillators(player, step, before && !is_silent(before));
	if (!joined)
		player->rise = ramp_of(step);

	next = following(player);
	player->fall = next && joins(step, next) ? 0 : ramp_of(step);
}

static void finish(struct pots_tone_player *player, enum pots_tone_end end)
{
	player->active = false;
	player->end = end;
}

static void next_step(struct pots_tone_player *player)
{
	const struct pots_tone_program *program = player->program;
	const struct pots_tone_step *before = &program->step[player->step];
	u32 index = player->step + 1;

	if (index == program->count) {
		if (player->repeat == 1) {
			finish(player, POTS_TONE_FINISHED);
			return;
		}
		if (player->repeat)
			player->repeat--;
		index = program->loop_start;
	}
	enter_step(player, index, before);
}

void pots_tone_start(struct pots_tone_player *player,
		     const struct pots_tone_program *program,
		     s32 gain_cdb, u64 max_samples)
{
	memset(player, 0, sizeof(*player));
	player->program = program;
	player->gain_cdb = gain_cdb;
	player->repeat = program->repeat;
	player->budget = max_samples;
	player->active = true;
	enter_step(player, 0, NULL);
}

void pots_tone_stop(struct pots_tone_player *player)
{
	if (player->active && !player->ending)
		player->ending = RAMP_SAMPLES;
}

/* ------------------------------------------------------------ rendering --- */

static inline void put(s16 *out, s64 value, bool mix)
{
	*out = saturate(mix ? *out + value : value);
}

static inline s64 rounded(s64 sum)
{
	return (sum + (1LL << (OUTPUT_SHIFT - 1))) >> OUTPUT_SHIFT;
}

static void render_one(struct pots_nco *osc, s16 *out, u32 count, bool mix)
{
	const u32 step = osc->step;
	const s64 amplitude = osc->amplitude;
	u32 phase = osc->phase;

	for (; count; count--, phase += step, out++)
		put(out, rounded(sine(phase) * amplitude), mix);
	osc->phase = phase;
}

static void render_two(struct pots_nco *osc, s16 *out, u32 count, bool mix)
{
	const u32 step_a = osc[0].step, step_b = osc[1].step;
	const s64 amplitude_a = osc[0].amplitude, amplitude_b = osc[1].amplitude;
	u32 a = osc[0].phase, b = osc[1].phase;

	for (; count; count--, a += step_a, b += step_b, out++)
		put(out, rounded(sine(a) * amplitude_a + sine(b) * amplitude_b), mix);
	osc[0].phase = a;
	osc[1].phase = b;
}

/* The sum of all oscillators, modulated or not, and on by one sample. */
static s64 next_sum(struct pots_tone_player *player)
{
	struct pots_nco *osc = player->osc;
	s64 sum = 0;
	u32 i;

	if (player->am_depth) {
		/* 1 + depth * sine, in Q20 */
		s32 swing = (1 << 20) +
			(((sine(osc[1].phase) >> 11) * (s64)player->am_depth) >> 15);

		sum = ((sine(osc[0].phase) * (s64)osc[0].amplitude) >> 20) * swing;
	} else {
		for (i = 0; i < player->oscs; i++)
			sum += sine(osc[i].phase) * (s64)osc[i].amplitude;
	}
	for (i = 0; i < player->oscs; i++)
		osc[i].phase += osc[i].step;
	return sum;
}

/* Q15: half a raised cosine, 0 < @done <= @length */
static s32 ramp_gain(u32 done, u32 length)
{
	s32 root = sine((u32)div_u64((u64)done << 30, length) - 1) >> 16;

	return (root * root) >> 15;
}

/* Samples from here to the end of the sound, including this one; 0 = far. */
static u32 fall_left(const struct pots_tone_player *player)
{
	u32 near = 0;

	if (player->fall && player->left && player->left <= player->fall)
		near = player->left;
	if (player->ending && (!near || player->ending < near))
		near = player->ending;
	if (player->budget && player->budget <= RAMP_SAMPLES &&
	    (!near || player->budget < near))
		near = player->budget;
	return near;
}

static s32 envelope(const struct pots_tone_player *player)
{
	const struct pots_tone_step *step = &player->program->step[player->step];
	u32 fall = fall_left(player), length;
	s32 gain = 1 << 15;

	if (player->rise) {
		length = ramp_of(step);
		gain = ramp_gain(length - player->rise + 1, length + 1);
	}
	if (fall) {
		length = fall == player->left ? player->fall : RAMP_SAMPLES;
		gain = (gain * ramp_gain(fall, length + 1)) >> 15;
	}
	return gain;
}

static void render_slowly(struct pots_tone_player *player, s16 *out, u32 count,
			  bool mix)
{
	for (; count; count--, out++) {
		s64 sum = (next_sum(player) >> SINE_BITS) * envelope(player);

		put(out, (sum + (1 << (AMPLITUDE_BITS + 14))) >> (AMPLITUDE_BITS + 15),
		    mix);
	}
}

static void render_run(struct pots_tone_player *player, s16 *out, u32 count,
		       bool mix)
{
	if (!player->oscs) {
		if (!mix)
			memset(out, 0, count * sizeof(*out));
	} else if (player->rise || fall_left(player) || player->am_depth ||
		   player->oscs > 2) {
		render_slowly(player, out, count, mix);
	} else if (player->oscs == 2) {
		render_two(player->osc, out, count, mix);
	} else {
		render_one(player->osc, out, count, mix);
	}
}

/* How many samples can be made alike: a ramp is made one by one. */
static u32 run_length(const struct pots_tone_player *player, u32 count)
{
	if (player->oscs && (player->rise || fall_left(player)))
		return 1;
	if (player->left)
		count = min(count, player->left > player->fall ?
			    player->left - player->fall : player->left);
	if (player->ending)
		count = min(count, player->ending);
	if (player->budget)
		count = min_t(u64, count, player->budget > RAMP_SAMPLES ?
			      player->budget - RAMP_SAMPLES : player->budget);
	return count;
}

/* After @count samples: false when that was the last. */
static bool advance(struct pots_tone_player *player, u32 count)
{
	if (player->rise)
		player->rise--;

	if (player->budget) {
		player->budget -= count;
		if (!player->budget) {
			finish(player, POTS_TONE_TIMEOUT);
			return false;
		}
	}
	if (player->ending) {
		player->ending -= count;
		if (!player->ending) {
			finish(player, POTS_TONE_STOPPED);
			return false;
		}
	}
	if (player->left) {
		player->left -= count;
		if (!player->left)
			next_step(player);
	}
	return player->active;
}

enum pots_tone_end pots_tone_render(struct pots_tone_player *player,
				    s16 *out, unsigned int count, bool mix)
{
	while (count && player->active) {
		u32 run = run_length(player, count);

		render_run(player, out, run, mix);
		out += run;
		count -= run;
		advance(player, run);
	}
	if (!mix)
		memset(out, 0, count * sizeof(*out));
	return player->active ? POTS_TONE_PLAYS : player->end;
}

/* ---------------------------------------------------------------- other --- */

static bool tone_fits_chip(const struct pots_tone_step *step)
{
	return !step->freq_mhz[2] && !step->freq_mhz[3] && !step->am_depth;
}

static bool cadence_fits_chip(const struct pots_tone_program *program,
			      u32 *on_ms, u32 *off_ms)
{
	const struct pots_tone_step *step = program->step;

	*on_ms = step[0].samples / 8;
	*off_ms = 0;
	if (step[0].samples % 8 || program->loop_start)
		return false;

	if (program->count == 1) {
		if (program->repeat != 1)
			*on_ms = 0;
		return program->repeat < 2;
	}
	if (program->count != 2 || !is_silent(&step[1]) || step[1].samples % 8)
		return false;

	*off_ms = step[1].samples / 8;
	return *off_ms ? !program->repeat : true;
}

bool pots_tone_fits_chip(const struct pots_tone_program *program,
			 u32 freq_mhz[2], s16 level_cdb[2],
			 u32 *on_ms, u32 *off_ms)
{
	const struct pots_tone_step *step = program->step;
	unsigned int i;

	if (is_silent(step) || !tone_fits_chip(step) ||
	    !cadence_fits_chip(program, on_ms, off_ms))
		return false;

	for (i = 0; i < 2; i++) {
		freq_mhz[i] = step->freq_mhz[i];
		level_cdb[i] = step->freq_mhz[i] ? step->level_cdb[i] : 0;
	}
	return true;
}

void pots_gain(s16 *samples, unsigned int count, s32 gain_cdb)
{
	const s32 factor = scale(GAIN_AT_15_DB, min(gain_cdb, 1000));

	if (!gain_cdb)
		return;
	for (; count; count--, samples++)
		*samples = saturate((*samples * factor + (1 << 13)) >> 14);
}
