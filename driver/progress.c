// SPDX-License-Identifier: GPL-2.0-only
/*
 * Three steps. In blocks of 10 ms a filter at each of the plan's frequencies
 * (Goertzel's, at 4 kHz) gives a phasor; below 800 Hz those of three blocks are
 * added as the frequency turns them, which makes the band as narrow as the
 * tolerance is. The sound of a block is the one that has most of all energy of
 * three blocks. Blocks in a row are a segment; what lasts less than 50 ms is
 * part of the one before it. The last segments are compared with the periods of
 * each tone, at any place of a period.
 *
 * Modulation is heard as its carrier alone, which has 70 % of the energy.
 *
 * When a tone is told: a steady one after it has outlasted the plan's bursts
 * of that sound; a melody (SIT) at its end; ringback in the pause after a
 * period; any other after @periods bursts, whose pause has begun.
 */
#include "progress.h"

#define BLOCK		POTS_PROGRESS_BLOCK
#define HALF		(BLOCK / 2)	/* samples at 4 kHz */
#define SAMPLE_BITS	8
#define ALIKE_MHZ	40000
#define HOLD		POTS_PROGRESS_HOLD

#define QUIET		POTS_PROGRESS_QUIET
#define OTHER		POTS_PROGRESS_OTHER

/* Of three blocks: -40 dBm0, a sine's peak of 228. */
#define FLOOR		((u64)228 * 228 * 3 * BLOCK / 2)

#define JITTER		4		/* blocks, between a period and the next */
#define DIAL_BLOCKS	60		/* shortest dial tone */
#define STEADY_BLOCKS	100		/* of another steady tone, a period's worth */
#define BURST_MAX	200		/* from which a steady one is told */
#define PAUSE_BLOCKS	150		/* of ringback, that need be heard */

/* ------------------------------------------------------------- one block --- */

/* Samples at 4 kHz, scaled so that no filter can overflow 32 bits. */
struct coarse {
	s32 sample[HALF];
	u32 shift;
};

static u64 coarsen(struct coarse *coarse, const s16 *samples)
{
	u32 energy = 0, bits = 0, shift = 0, i;

	for (i = 0; i < BLOCK; i++)
		bits |= samples[i] ^ (samples[i] >> 15);
	while (bits >> (SAMPLE_BITS + shift))
		shift++;
	for (i = 0; i < HALF; i++) {
		s32 a = samples[2 * i] >> shift, b = samples[2 * i + 1] >> shift;

		energy += a * a + b * b;
		coarse->sample[i] = a + b;
	}
	coarse->shift = shift;
	return (u64)energy << (2 * shift);
}

/* The phasor, as of the end of the block. */
static void resonate(const struct coarse *coarse, const struct pots_progress_freq *freq,
		     s32 *re, s32 *im)
{
	const s32 *sample = coarse->sample, *end = sample + HALF;
	const s32 c = freq->cosine;
	s32 a = 0, b = 0;

	/* 2 cos(w) in Q13 is what cos(w) is in Q14 */
	for (; sample < end; sample += 2) {
		b = sample[0] + ((c * a) >> 13) - b;
		a = sample[1] + ((c * b) >> 13) - a;
	}
	*re = (a - ((c * b) >> 14)) * (1 << coarse->shift);
	*im = (((s64)freq->sine * b) >> 14) * (1 << coarse->shift);
}

static u64 square(s64 re, s64 im)
{
	return re * re + im * im;
}

/* Of three blocks with this one, in the scale of their energy. */
static u64 power_of(const struct pots_progress_freq *freq, s32 re, s32 im)
{
	const s64 c = freq->turn_re, s = freq->turn_im;
	s64 sum_re, sum_im;
	u64 power;

	if (pots_progress_is_narrow(freq)) {
		sum_re = freq->re[0] + ((c * freq->re[1] - s * freq->im[1]) >> 15);
		sum_im = freq->im[0] + ((c * freq->im[1] + s * freq->re[1]) >> 15);
		power = square(re + ((c * sum_re - s * sum_im) >> 15),
			       im + ((c * sum_im + s * sum_re) >> 15));
	} else {
		power = square(re, im) + square(freq->re[0], freq->im[0]) +
			square(freq->re[1], freq->im[1]);
	}
	return ((power >> 8) * freq->level) >> 8;
}

static void add_phasor(struct pots_progress_freq *freq, s32 re, s32 im)
{
	freq->power = (freq->power + power_of(freq, re, im)) / 2;
	freq->re[1] = freq->re[0];
	freq->im[1] = freq->im[0];
	freq->re[0] = re;
	freq->im[0] = im;
}

/*
 * How much of the energy a sound explains. Filters that lie close find more than
 * there is when the truth is between them; and no frequency of a sound may be
 * 9 dB below another one.
 */
static u64 explained(const struct pots_progress *p, const struct pots_progress_sound *sound)
{
	u64 sum = 0, least = ~0ULL, most = 0;
	u8 i;

	for (i = 0; i < sound->count; i++) {
		u64 power = p->freq[sound->freq[i]].power;

		sum += power;
		least = min(least, power);
		most = max(most, power);
	}
	if (least < most / 8)
		return 0;
	return sum > p->mean ? 2 * p->mean - min(sum, 2 * p->mean) : sum;
}

static u8 best_sound(const struct pots_progress *p, u64 *power)
{
	u8 best = OTHER, i;

	*power = 0;
	for (i = 0; i < POTS_PROGRESS_SOUNDS; i++) {
		u64 one = explained(p, &p->sound[i]);

		if (one > *power) {
			*power = one;
			best = i;
		}
	}
	return best;
}

/* A pause is what is weak, or no sound and 12 dB below the last one. */
static u8 classify(struct pots_progress *p)
{
	u64 energy = p->energy[0] + p->energy[1] + p->energy[2], power;
	u8 sound;

	p->mean = (p->mean + energy) / 2;
	p->loud -= p->loud >> 10;
	if (energy < max(FLOOR, p->loud / 64))
		return QUIET;
	sound = best_sound(p, &power);
	if (power * 2 >= p->mean) {
		p->loud = max(p->loud, power);
		return sound;
	}
	return energy < p->loud / 16 ? QUIET : OTHER;
}

/* What the block that is full sounds like. */
static u8 hear(struct pots_progress *p)
{
	struct coarse coarse;
	u8 i;

	p->energy[2] = p->energy[1];
	p->energy[1] = p->energy[0];
	p->energy[0] = coarsen(&coarse, p->sample);
	for (i = 0; i < POTS_PROGRESS_FREQS; i++) {
		struct pots_progress_freq *freq = &p->freq[i];
		s32 re = 0, im = 0;

		if (!freq->mhz)
			continue;
		if (p->energy[0] > FLOOR / 50)
			resonate(&coarse, freq, &re, &im);
		add_phasor(freq, re, im);
	}
	return classify(p);
}

/* -------------------------------------------------------------- segments --- */

static void next_segment(struct pots_progress *p, u8 what)
{
	struct pots_progress_step *now = &p->segment[0];

	now->blocks -= min_t(u16, now->blocks, HOLD);
	memmove(now + 1, now, (POTS_PROGRESS_SEGMENTS - 1) * sizeof(*now));
	*now = (struct pots_progress_step){ HOLD, what };
	p->rival_blocks = 0;
	if (what == OTHER)
		p->loud = 0;
}

static void append(struct pots_progress *p, u8 what)
{
	struct pots_progress_step *now = &p->segment[0];

	if (now->blocks < POTS_PROGRESS_BLOCKS_MAX)
		now->blocks++;
	if (what == now->what) {
		p->rival_blocks = 0;
		return;
	}
	if (what != p->rival)
		p->rival_blocks = 0;
	p->rival = what;
	if (++p->rival_blocks == HOLD)
		next_segment(p, what);
}

/* ------------------------------------------------------------ comparison --- */

static u32 tolerance(u32 blocks)
{
	return max_t(u32, 5, blocks * 15 / 100);
}

static u32 apart(u32 a, u32 b)
{
	return max(a, b) - min(a, b);
}

/* The same, or high frequencies so close that 1.5 % of error may confuse them. */
static bool alike(const struct pots_progress *p, u8 a, u8 b)
{
	const struct pots_progress_freq *of_a, *of_b;

	if (a == b || a >= QUIET || b >= QUIET)
		return a == b;
	of_a = &p->freq[p->sound[a].freq[0]];
	of_b = &p->freq[p->sound[b].freq[0]];
	return p->sound[a].count == 1 && p->sound[b].count == 1 &&
	       !pots_progress_is_narrow(of_a) && apart(of_a->mhz, of_b->mhz) <= ALIKE_MHZ;
}

/*
 * How far, in blocks, the @count segments before the present one are from the
 * steps before @step, and -1 when they are something else.
 */
static int misfit(const struct pots_progress *p, const struct pots_progress_tone *tone,
		  u8 step, u8 count)
{
	u32 off = 0, heard = 0, wanted = 0;
	u8 i;

	for (i = 1; i <= count; i++) {
		const struct pots_progress_step *is = &p->segment[i], *want;

		step = (step ? step : tone->count) - 1;
		want = &tone->step[step];
		if (!alike(p, is->what, want->what) ||
		    apart(is->blocks, want->blocks) > tolerance(want->blocks))
			return -1;
		/* an exchange is as wrong in one period as in the next */
		if (i > tone->count &&
		    apart(is->blocks, p->segment[i - tone->count].blocks) > JITTER)
			return -1;
		off += apart(is->blocks, want->blocks);
		heard += is->blocks;
		wanted += want->blocks;
	}
	/* what one step has too much another has too little */
	if (count > 1 && apart(heard, wanted) > max_t(u32, 4, wanted / 20))
		return -1;
	return off;
}

/* The least misfit, if the present segment has lasted @blocks and may go on. */
static int least_misfit(const struct pots_progress *p,
			const struct pots_progress_tone *tone, u8 count, u32 blocks)
{
	const struct pots_progress_step *now = &p->segment[0];
	u32 lasted = now->blocks - p->rival_blocks;
	int least = -1, off;
	u8 i;

	for (i = 0; i < tone->count; i++) {
		const struct pots_progress_step *step = &tone->step[i];
		u32 shortest = step->blocks - tolerance(step->blocks);

		if (!alike(p, now->what, step->what) || lasted < min(blocks, shortest) ||
		    lasted > step->blocks + tolerance(step->blocks))
			continue;
		off = misfit(p, tone, i, count);
		if (off >= 0 && (least < 0 || off < least))
			least = off;
	}
	return least;
}

static bool is_steady(const struct pots_progress_tone *tone)
{
	return tone->count == 1;
}

/* More than one sound, without pauses: steps before the last pause, or 0. */
static u8 melody_steps(const struct pots_progress_tone *tone)
{
	u8 count = tone->count, i;

	if (count && tone->step[count - 1].what == QUIET)
		count--;
	for (i = 0; i < count; i++)
		if (tone->step[i].what == QUIET)
			return 0;
	return count > 1 ? count : 0;
}

/* Longer than any burst of that sound which is not itself as good as steady. */
static u32 steady_blocks(const struct pots_progress *p, u8 index)
{
	u8 what = p->tone[index].step[0].what, i, k;
	u32 longest = 0;

	for (i = 0; i < POTS_PROGRESS_TONES; i++)
		for (k = 0; k < p->tone[i].count; k++) {
			u32 blocks = p->tone[i].step[k].blocks;

			if (p->tone[i].step[k].what == what && blocks <= BURST_MAX)
				longest = max(longest, blocks);
		}
	return max(longest + tolerance(longest) + 2,
		   index ? STEADY_BLOCKS * p->periods : DIAL_BLOCKS);
}

/*
 * A cadence that may be a part of a longer one is not told before it has gone on
 * for so long that the longer one does not fit any more.
 */
static int judge_cadence(const struct pots_progress *p, const struct pots_progress_tone *tone)
{
	u8 count = min_t(u32, tone->count * p->periods, POTS_PROGRESS_SEGMENTS) - 1;
	int off = least_misfit(p, tone, count, HOLD);
	u8 i;

	if (off < 0)
		return -1;
	while (count + tone->count < POTS_PROGRESS_SEGMENTS &&
	       least_misfit(p, tone, count + tone->count, HOLD) >= 0)
		count += tone->count;
	for (i = 0; i < POTS_PROGRESS_TONES; i++)
		if (p->tone[i].count > tone->count &&
		    least_misfit(p, &p->tone[i], count, 0) >= 0)
			return -1;
	return off;
}

/* Is it this tone now? Its misfit, or -1. */
static int judge(const struct pots_progress *p, u8 index)
{
	const struct pots_progress_tone *tone = &p->tone[index];
	const struct pots_progress_step *now = &p->segment[0];
	u8 melody = melody_steps(tone);

	if (!tone->count)
		return -1;
	if (is_steady(tone))
		return now->what == tone->step[0].what &&
		       now->blocks >= steady_blocks(p, index) ? 0 : -1;
	if (melody)
		return now->blocks == HOLD ? misfit(p, tone, melody, melody) : -1;
	if (tone->tone == POTS_TONE_RINGBACK)
		return now->what == QUIET ?
		       least_misfit(p, tone, tone->count - 1, PAUSE_BLOCKS) : -1;
	return judge_cadence(p, tone);
}

static bool goes_on(const struct pots_progress *p, u8 index)
{
	const struct pots_progress_tone *tone = &p->tone[index];

	if (is_steady(tone))
		return p->segment[0].what == tone->step[0].what;
	return least_misfit(p, tone, 1, 0) >= 0;
}

static bool search(struct pots_progress *p)
{
	int least = -1, off;
	u8 i;

	for (i = 0; i < POTS_PROGRESS_TONES; i++) {
		off = judge(p, i);
		if (off >= 0 && (least < 0 || off < least)) {
			least = off;
			p->active = i + 1;
		}
	}
	return least >= 0;
}

void pots_progress_reset(struct pots_progress *p)
{
	u8 i;

	p->fill = 0;
	p->mean = 0;
	p->loud = 0;
	p->active = 0;
	p->rival_blocks = 0;
	memset(p->energy, 0, sizeof(p->energy));
	for (i = 0; i < POTS_PROGRESS_FREQS; i++) {
		p->freq[i].power = 0;
		memset(p->freq[i].re, 0, sizeof(p->freq[i].re));
		memset(p->freq[i].im, 0, sizeof(p->freq[i].im));
	}
	for (i = 0; i < POTS_PROGRESS_SEGMENTS; i++)
		p->segment[i] = (struct pots_progress_step){ 0, OTHER };
}

bool pots_progress_run(struct pots_progress *p, const s16 *samples,
		       struct pots_progress_event *event)
{
	u8 active;

	memcpy(p->sample + p->fill, samples, POTS_FRAME_SAMPLES * sizeof(s16));
	p->fill += POTS_FRAME_SAMPLES;
	if (p->fill < BLOCK)
		return false;
	p->fill = 0;
	append(p, hear(p));

	active = p->active;
	if (active ? goes_on(p, active - 1) : !search(p))
		return false;
	event->on = !active;
	event->tone = p->tone[(active ? active : p->active) - 1].tone;
	if (active)
		p->active = 0;
	return true;
}
