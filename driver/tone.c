// SPDX-License-Identifier: GPL-2.0-only
/*
 * Scales: an oscillator's phase and step are 2^32 to the turn, so a frequency
 * is right within 1 uHz. The sine comes from 256 steps of a whole turn,
 * linearly interpolated to Q31 (a quarter turn would save 1.5 kB and cost half
 * as many instructions again); its amplitude is in 1/8192 of a
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

/* Q31, and what it grows by in 1/65536 of an entry */
static const struct {
	s32 value, slope;
} sine_table[256] = {
	{ 0, 804 }, { 52690944, 804 }, { 105381888, 802 }, { 157941760, 802 },
	{ 210501632, 799 }, { 262864896, 797 }, { 315097088, 794 }, { 367132672, 791 },
	{ 418971648, 786 }, { 470482944, 783 }, { 521797632, 777 }, { 572719104, 773 },
	{ 623378432, 766 }, { 673579008, 761 }, { 723451904, 754 }, { 772866048, 746 },
	{ 821755904, 740 }, { 870252544, 731 }, { 918159360, 722 }, { 965476352, 714 },
	{ 1012269056, 705 }, { 1058471936, 695 }, { 1104019456, 684 }, { 1148846080, 674 },
	{ 1193017344, 664 }, { 1236533248, 651 }, { 1279197184, 640 }, { 1321140224, 628 },
	{ 1362296832, 616 }, { 1402667008, 602 }, { 1442119680, 589 }, { 1480720384, 576 },
	{ 1518469120, 561 }, { 1555234816, 548 }, { 1591148544, 532 }, { 1626013696, 518 },
	{ 1659961344, 503 }, { 1692925952, 487 }, { 1724841984, 471 }, { 1755709440, 455 },
	{ 1785528320, 438 }, { 1814233088, 422 }, { 1841889280, 405 }, { 1868431360, 388 },
	{ 1893859328, 370 }, { 1918107648, 353 }, { 1941241856, 335 }, { 1963196416, 317 },
	{ 1983971328, 298 }, { 2003501056, 281 }, { 2021916672, 261 }, { 2039021568, 243 },
	{ 2054946816, 224 }, { 2069626880, 205 }, { 2083061760, 186 }, { 2095251456, 166 },
	{ 2106130432, 148 }, { 2115829760, 127 }, { 2124152832, 109 }, { 2131296256, 88 },
	{ 2137063424, 69 }, { 2141585408, 50 }, { 2144862208, 29 }, { 2146762752, 10 },
	{ 2147418112, -10 }, { 2146762752, -29 }, { 2144862208, -50 }, { 2141585408, -69 },
	{ 2137063424, -88 }, { 2131296256, -109 }, { 2124152832, -127 }, { 2115829760, -148 },
	{ 2106130432, -166 }, { 2095251456, -186 }, { 2083061760, -205 }, { 2069626880, -224 },
	{ 2054946816, -243 }, { 2039021568, -261 }, { 2021916672, -281 }, { 2003501056, -298 },
	{ 1983971328, -317 }, { 1963196416, -335 }, { 1941241856, -353 }, { 1918107648, -370 },
	{ 1893859328, -388 }, { 1868431360, -405 }, { 1841889280, -422 }, { 1814233088, -438 },
	{ 1785528320, -455 }, { 1755709440, -471 }, { 1724841984, -487 }, { 1692925952, -503 },
	{ 1659961344, -518 }, { 1626013696, -532 }, { 1591148544, -548 }, { 1555234816, -561 },
	{ 1518469120, -576 }, { 1480720384, -589 }, { 1442119680, -602 }, { 1402667008, -616 },
	{ 1362296832, -628 }, { 1321140224, -640 }, { 1279197184, -651 }, { 1236533248, -664 },
	{ 1193017344, -674 }, { 1148846080, -684 }, { 1104019456, -695 }, { 1058471936, -705 },
	{ 1012269056, -714 }, { 965476352, -722 }, { 918159360, -731 }, { 870252544, -740 },
	{ 821755904, -746 }, { 772866048, -754 }, { 723451904, -761 }, { 673579008, -766 },
	{ 623378432, -773 }, { 572719104, -777 }, { 521797632, -783 }, { 470482944, -786 },
	{ 418971648, -791 }, { 367132672, -794 }, { 315097088, -797 }, { 262864896, -799 },
	{ 210501632, -802 }, { 157941760, -802 }, { 105381888, -804 }, { 52690944, -804 },
	{ 0, -804 }, { -52690944, -804 }, { -105381888, -802 }, { -157941760, -802 },
	{ -210501632, -799 }, { -262864896, -797 }, { -315097088, -794 }, { -367132672, -791 },
	{ -418971648, -786 }, { -470482944, -783 }, { -521797632, -777 }, { -572719104, -773 },
	{ -623378432, -766 }, { -673579008, -761 }, { -723451904, -754 }, { -772866048, -746 },
	{ -821755904, -740 }, { -870252544, -731 }, { -918159360, -722 }, { -965476352, -714 },
	{ -1012269056, -705 }, { -1058471936, -695 }, { -1104019456, -684 }, { -1148846080, -674 },
	{ -1193017344, -664 }, { -1236533248, -651 }, { -1279197184, -640 }, { -1321140224, -628 },
	{ -1362296832, -616 }, { -1402667008, -602 }, { -1442119680, -589 }, { -1480720384, -576 },
	{ -1518469120, -561 }, { -1555234816, -548 }, { -1591148544, -532 }, { -1626013696, -518 },
	{ -1659961344, -503 }, { -1692925952, -487 }, { -1724841984, -471 }, { -1755709440, -455 },
	{ -1785528320, -438 }, { -1814233088, -422 }, { -1841889280, -405 }, { -1868431360, -388 },
	{ -1893859328, -370 }, { -1918107648, -353 }, { -1941241856, -335 }, { -1963196416, -317 },
	{ -1983971328, -298 }, { -2003501056, -281 }, { -2021916672, -261 }, { -2039021568, -243 },
	{ -2054946816, -224 }, { -2069626880, -205 }, { -2083061760, -186 }, { -2095251456, -166 },
	{ -2106130432, -148 }, { -2115829760, -127 }, { -2124152832, -109 }, { -2131296256, -88 },
	{ -2137063424, -69 }, { -2141585408, -50 }, { -2144862208, -29 }, { -2146762752, -10 },
	{ -2147418112, 10 }, { -2146762752, 29 }, { -2144862208, 50 }, { -2141585408, 69 },
	{ -2137063424, 88 }, { -2131296256, 109 }, { -2124152832, 127 }, { -2115829760, 148 },
	{ -2106130432, 166 }, { -2095251456, 186 }, { -2083061760, 205 }, { -2069626880, 224 },
	{ -2054946816, 243 }, { -2039021568, 261 }, { -2021916672, 281 }, { -2003501056, 298 },
	{ -1983971328, 317 }, { -1963196416, 335 }, { -1941241856, 353 }, { -1918107648, 370 },
	{ -1893859328, 388 }, { -1868431360, 405 }, { -1841889280, 422 }, { -1814233088, 438 },
	{ -1785528320, 455 }, { -1755709440, 471 }, { -1724841984, 487 }, { -1692925952, 503 },
	{ -1659961344, 518 }, { -1626013696, 532 }, { -1591148544, 548 }, { -1555234816, 561 },
	{ -1518469120, 576 }, { -1480720384, 589 }, { -1442119680, 602 }, { -1402667008, 616 },
	{ -1362296832, 628 }, { -1321140224, 640 }, { -1279197184, 651 }, { -1236533248, 664 },
	{ -1193017344, 674 }, { -1148846080, 684 }, { -1104019456, 695 }, { -1058471936, 705 },
	{ -1012269056, 714 }, { -965476352, 722 }, { -918159360, 731 }, { -870252544, 740 },
	{ -821755904, 746 }, { -772866048, 754 }, { -723451904, 761 }, { -673579008, 766 },
	{ -623378432, 773 }, { -572719104, 777 }, { -521797632, 783 }, { -470482944, 786 },
	{ -418971648, 791 }, { -367132672, 794 }, { -315097088, 797 }, { -262864896, 799 },
	{ -210501632, 802 }, { -157941760, 802 }, { -105381888, 804 }, { -52690944, 804 },
};

static inline s32 sine(u32 phase)
{
	u32 entry = phase >> 24;

	return sine_table[entry].value +
	       sine_table[entry].slope * (s32)((phase >> 8) & 0xffff);
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
EXPORT_SYMBOL_GPL(pots_tone_start);

/* ------------------------------------------------------------ rendering --- */

static inline void put(s16 *out, s64 value, bool mix)
{
	*out = saturate(mix ? *out + value : value);
}

static inline s64 rounded(s64 sum)
{
	return (sum + (1LL << (OUTPUT_SHIFT - 1))) >> OUTPUT_SHIFT;
}

static __always_inline void
render_one(struct pots_nco *osc, s16 *out, u32 count, bool mix)
{
	const u32 step = osc->step;
	const s64 amplitude = osc->amplitude;
	u32 phase = osc->phase;

	for (; count; count--, phase += step, out++)
		put(out, rounded(sine(phase) * amplitude), mix);
	osc->phase = phase;
}

static __always_inline void
render_two(struct pots_nco *osc, s16 *out, u32 count, bool mix)
{
	const u32 step_a = osc[0].step, step_b = osc[1].step;
	const s64 amplitude_a = osc[0].amplitude, amplitude_b = osc[1].amplitude;
	u32 a = osc[0].phase, b = osc[1].phase;

	for (; count; count--, a += step_a, b += step_b, out++)
		put(out, rounded(sine(a) * amplitude_a + sine(b) * amplitude_b), mix);
	osc[0].phase = a;
	osc[1].phase = b;
}

/* One or two sines at full level, or silence. */
static void render_steady(struct pots_tone_player *player, s16 *out, u32 count,
			  bool mix)
{
	if (player->oscs == 2) {
		if (mix)
			render_two(player->osc, out, count, true);
		else
			render_two(player->osc, out, count, false);
	} else if (player->oscs) {
		render_one(player->osc, out, count, mix);
	} else if (!mix) {
		memset(out, 0, count * sizeof(*out));
	}
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

/* One sample of anything. */
static void render_slowly(struct pots_tone_player *player, s16 *out, bool mix)
{
	s64 sum = (next_sum(player) >> SINE_BITS) * envelope(player);

	put(out, (sum + (1 << (AMPLITUDE_BITS + 14))) >> (AMPLITUDE_BITS + 15), mix);
}

/* Samples that render_steady() can make before anything changes. */
static u32 steady_samples(const struct pots_tone_player *player)
{
	u32 samples = ~0u;

	if (player->oscs > 2 || player->am_depth)
		return 0;
	if (player->oscs && (player->rise || player->ending))
		return 0;

	if (player->left)
		samples = player->left - min(player->left, player->fall);
	if (player->ending)
		samples = min(samples, player->ending - 1);
	if (player->budget)
		samples = min_t(u64, samples,
				player->budget - min_t(u64, player->budget, RAMP_SAMPLES));
	return samples;
}

/* Passes @count samples; at the end of a step or of all, goes on. */
static void advance(struct pots_tone_player *player, u32 count)
{
	player->rise -= min(player->rise, count);

	if (player->budget) {
		player->budget -= count;
		if (!player->budget) {
			finish(player, POTS_TONE_TIMEOUT);
			return;
		}
	}
	if (player->ending) {
		player->ending -= count;
		if (!player->ending) {
			finish(player, POTS_TONE_STOPPED);
			return;
		}
	}
	if (player->left) {
		player->left -= count;
		if (!player->left)
			next_step(player);
	}
}

/* Looks afresh at what comes after the steady samples that were made. */
static void settle(struct pots_tone_player *player)
{
	if (player->made)
		advance(player, player->made);
	player->made = 0;
	player->steady = player->active ? steady_samples(player) : 0;
}

void pots_tone_stop(struct pots_tone_player *player)
{
	if (!player->active || player->ending)
		return;
	settle(player);
	player->ending = RAMP_SAMPLES;
	player->steady = 0;
}

enum pots_tone_end pots_tone_render(struct pots_tone_player *player,
				    s16 *out, unsigned int count, bool mix)
{
	while (count && player->active) {
		u32 run = min(count, player->steady);

		if (run) {
			render_steady(player, out, run, mix);
			player->steady -= run;
			player->made += run;
		} else {
			run = 1;
			render_slowly(player, out, mix);
			advance(player, run);
		}
		if (!player->steady)
			settle(player);
		out += run;
		count -= run;
	}
	if (count && !mix)
		memset(out, 0, count * sizeof(*out));
	return player->active ? POTS_TONE_PLAYS : player->end;
}
EXPORT_SYMBOL_GPL(pots_tone_render);

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

s32 pots_sine_amplitude(s32 level_cdb)
{
	return scale(FULL_AT_15_DB, level_cdb - UNITY_CDB);
}

s16 pots_sine_sample(u32 phase, s32 amplitude)
{
	return saturate(rounded((s64)sine(phase) * amplitude));
}
EXPORT_SYMBOL_GPL(pots_sine_sample);

void pots_gain(s16 *samples, unsigned int count, s32 gain_cdb)
{
	const s32 factor = scale(GAIN_AT_15_DB, min(gain_cdb, 1000));

	if (!gain_cdb)
		return;
	for (; count; count--, samples++)
		*samples = saturate((*samples * factor + (1 << 13)) >> 14);
}
