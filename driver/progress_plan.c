// SPDX-License-Identifier: GPL-2.0-only
/*
 * What of a tone program can be told by ear: a period of sounds and pauses, and
 * the filters that it takes. Runs once a tone, not once a sample, so it is made
 * small where progress.c is made fast.
 */
#include "progress.h"
#include "tone.h"

#define HALF		(POTS_PROGRESS_BLOCK / 2)	/* samples at 4 kHz */
#define FREQ_MIN_MHZ	200000
#define FREQ_MAX_MHZ	1900000
#define SAME_MHZ	3000

static s32 cosine(u32 phase)
{
	return pots_sine_sample(phase + (1u << 30), 32767 << 13);
}

static s32 sine(u32 phase)
{
	return pots_sine_sample(phase, 32767 << 13);
}

/* 2^32 to the turn, at so many samples a second, or blocks. */
static u32 angle(u32 mhz, u32 rate_hz)
{
	return div_u64((u64)mhz << 32, rate_hz * 1000);
}

/*
 * Sums of two samples enlarge a sine by 2 cos(w / 2), and a phasor of n samples
 * its peak by n / 2. One of three blocks, or three of one, that is 30 or 10
 * times the energy at 8 kHz, and that enlargement squared.
 */
static u16 level_of(u32 mhz, u32 blocks)
{
	u32 gain_2 = 65536 + 2 * cosine(angle(mhz, POTS_RATE_HZ));	/* Q15 */

	return div_u64(1ULL << 31, gain_2 * 10 * blocks);
}

static void tune(struct pots_progress_freq *freq, u32 mhz)
{
	u32 phase = angle(mhz, POTS_RATE_HZ / 2);
	u32 turn = phase * HALF;

	freq->mhz = mhz;
	freq->cosine = cosine(phase) >> 1;
	freq->sine = sine(phase) >> 1;
	freq->turn_re = cosine(turn);
	freq->turn_im = sine(turn);
	freq->level = level_of(mhz, pots_progress_is_narrow(freq) ? 3 : 1);
}

static bool sound_has(const struct pots_progress_sound *sound, u8 freq)
{
	u8 i;

	for (i = 0; i < sound->count; i++)
		if (sound->freq[i] == freq)
			return true;
	return false;
}

static bool freq_is_used(const struct pots_progress *p, u8 freq)
{
	u8 i;

	for (i = 0; i < POTS_PROGRESS_SOUNDS; i++)
		if (sound_has(&p->sound[i], freq))
			return true;
	return false;
}

/* The index of a frequency's filter, which is made when need be, or -1. */
static int find_freq(struct pots_progress *p, u32 mhz)
{
	int i, vacant = -1;

	if (mhz < FREQ_MIN_MHZ || mhz > FREQ_MAX_MHZ)
		return -1;
	for (i = 0; i < POTS_PROGRESS_FREQS; i++) {
		u32 other = p->freq[i].mhz;

		if (other && max(other, mhz) - min(other, mhz) <= SAME_MHZ)
			return i;
		if (!other && vacant < 0)
			vacant = i;
	}
	if (vacant >= 0)
		tune(&p->freq[vacant], mhz);
	return vacant;
}

/* Those of a step; false when it is not for this detector. */
static bool take_freqs(struct pots_progress *p, const struct pots_tone_step *step,
		       struct pots_progress_sound *sound)
{
	unsigned int i, count = step->flags & POTS_STEP_F_AM ? 1 : POTS_TONE_FREQS_MAX;

	memset(sound, 0, sizeof(*sound));
	for (i = 0; i < count; i++) {
		int freq;

		if (!step->freq_mhz[i])
			continue;
		freq = find_freq(p, step->freq_mhz[i]);
		if (freq < 0)
			return false;
		if (!sound_has(sound, freq))
			sound->freq[sound->count++] = freq;
	}
	return true;
}

static bool same_sound(const struct pots_progress_sound *a,
		       const struct pots_progress_sound *b)
{
	u8 i;

	for (i = 0; i < a->count; i++)
		if (!sound_has(b, a->freq[i]))
			return false;
	return a->count == b->count;
}

/* The index of a step's sound, POTS_PROGRESS_QUIET, or -1. */
static int find_sound(struct pots_progress *p, const struct pots_tone_step *step)
{
	struct pots_progress_sound sound;
	int i, vacant = -1;

	if (!take_freqs(p, step, &sound))
		return -1;
	if (!sound.count)
		return POTS_PROGRESS_QUIET;
	for (i = 0; i < POTS_PROGRESS_SOUNDS; i++) {
		if (same_sound(&p->sound[i], &sound))
			return i;
		if (!p->sound[i].count && vacant < 0)
			vacant = i;
	}
	if (vacant >= 0)
		p->sound[vacant] = sound;
	return vacant;
}

static bool sound_is_used(const struct pots_progress *p, u8 sound)
{
	u8 i, k;

	for (i = 0; i < POTS_PROGRESS_TONES; i++)
		for (k = 0; k < p->tone[i].count; k++)
			if (p->tone[i].step[k].what == sound)
				return true;
	return false;
}

/* Gives back what no tone is made of. */
static void tidy(struct pots_progress *p)
{
	u8 i;

	for (i = 0; i < POTS_PROGRESS_SOUNDS; i++)
		if (!sound_is_used(p, i))
			p->sound[i].count = 0;
	for (i = 0; i < POTS_PROGRESS_FREQS; i++)
		if (!freq_is_used(p, i))
			p->freq[i].mhz = 0;
}

static bool same_step(const struct pots_progress_step *a,
		      const struct pots_progress_step *b)
{
	return a->what == b->what && a->blocks == b->blocks;
}

/* The shortest period of which the steps are repetitions. */
static u8 period_of(const struct pots_progress_tone *tone)
{
	u8 period, i;

	for (period = 1; period < tone->count; period++) {
		if (tone->count % period)
			continue;
		for (i = period; i < tone->count; i++)
			if (!same_step(&tone->step[i], &tone->step[i - period]))
				break;
		if (i == tone->count)
			break;
	}
	return period;
}

static u32 blocks_of(u32 samples)
{
	u32 blocks = samples / POTS_PROGRESS_BLOCK;

	if (samples % POTS_PROGRESS_BLOCK >= POTS_PROGRESS_BLOCK / 2)
		blocks++;
	return min_t(u32, blocks, POTS_PROGRESS_BLOCKS_MAX);
}

/* Adds a step; a short pause, or more of the same, to the one before. */
static int add_step(struct pots_progress_tone *tone, u8 what, u32 samples)
{
	struct pots_progress_step *last = tone->count ? &tone->step[tone->count - 1] : NULL;
	u32 blocks = blocks_of(samples);
	bool brief = blocks < POTS_PROGRESS_HOLD;

	if (last && (what == last->what || (what == POTS_PROGRESS_QUIET && brief))) {
		last->blocks = min_t(u32, last->blocks + blocks, POTS_PROGRESS_BLOCKS_MAX);
		return 0;
	}
	if (tone->count == POTS_PROGRESS_STEPS || (samples && brief))
		return -EINVAL;
	tone->step[tone->count++] = (struct pots_progress_step){ blocks, what };
	return 0;
}

/* Steps that come over and over again; a last one for ever is all there is. */
static int take_steps(struct pots_progress *p, struct pots_progress_tone *tone,
		      const struct pots_tone_program *program)
{
	u32 i = program->loop_start;
	int what, ret;

	if (!program->step[program->count - 1].samples)
		i = program->count - 1;
	for (; i < program->count; i++) {
		what = find_sound(p, &program->step[i]);
		if (what < 0)
			return -EINVAL;
		ret = add_step(tone, what, program->step[i].samples);
		if (ret)
			return ret;
	}
	/* round the loop, too */
	if (tone->count > 1 && tone->step[tone->count - 1].what == tone->step[0].what)
		tone->step[0].blocks += tone->step[--tone->count].blocks;
	tone->count = period_of(tone);
	/* one sound without a pause; it is not one when it comes to an end */
	if (tone->count == 1 && tone->step[0].blocks) {
		if (program->repeat)
			return -EINVAL;
		tone->step[0].blocks = 0;
	}
	return tone->count == 1 && tone->step[0].what == POTS_PROGRESS_QUIET ? -EINVAL : 0;
}

int pots_progress_set(struct pots_progress *p, u32 tone,
		      const struct pots_tone_program *program)
{
	struct pots_progress_tone *mine;
	u8 i = 0;
	int ret;

	while (i < POTS_PROGRESS_TONES && p->tone[i].tone != tone)
		i++;
	if (i == POTS_PROGRESS_TONES)
		return -EINVAL;

	pots_progress_reset(p);
	mine = &p->tone[i];
	mine->count = 0;
	tidy(p);
	if (!program)
		return 0;
	ret = take_steps(p, mine, program);
	if (ret) {
		mine->count = 0;
		tidy(p);
	}
	return ret;
}

void pots_progress_init(struct pots_progress *p, unsigned int periods)
{
	static const u8 tones[POTS_PROGRESS_TONES] = {
		POTS_TONE_DIAL, POTS_TONE_RINGBACK, POTS_TONE_BUSY, POTS_TONE_REORDER,
		POTS_TONE_UNOBTAINABLE, POTS_TONE_SIT,
	};
	u8 i;

	memset(p, 0, sizeof(*p));
	for (i = 0; i < POTS_PROGRESS_TONES; i++)
		p->tone[i].tone = tones[i];
	p->periods = clamp_t(u32, periods, 1, POTS_PROGRESS_PERIODS_MAX);
	pots_progress_reset(p);
}

