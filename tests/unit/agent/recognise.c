// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * spandsp looks at blocks of 16 ms through filters some 60 Hz wide, and knows a
 * tone by up to ten pieces of it. So sines that lie close together are one to
 * it; a step must last for three blocks; and of a tone with a beginning that is
 * played once, what repeats itself there is shown to it.
 */
#include "recognise.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <spandsp.h>

#include "expected.h"

#define SAMPLES_A_MS	(EXPECTED_RATE_HZ / 1000)
#define BLOCK_SAMPLES	128
#define GRID_SAMPLES	16
#define PIECES_MAX	9
#define CLOSE_HZ	60	/* one filter hears both */
#define OFF_HZ		54	/* a sine so far from the filter's middle is too weak */
#define OFF_PAIR_HZ	40	/* and beside another filter's */
#define AM_MAX_HZ	60	/* and the sidebands */
#define GAP_MS		32	/* a shorter gap is not seen */
#define STEP_MS		48	/* a shorter step may not be */
#define FOR_EVER_MS	1200	/* so much of it is known to go on */
#define REST_MS		300	/* heard after the last step */
#define CENTRES_MAX	64
#define HEARD_MAX	32

struct piece {
	int low, high;		/* centres, Hz; 0 = none */
	unsigned int ms;	/* 0 = for ever */
};

struct pattern {
	unsigned int count;	/* 0 = not for spandsp */
	struct piece piece[PIECES_MAX];
	bool passes;		/* something else, or nothing, follows */
};

struct recogniser {
	const struct expected *tones;
	unsigned int count;
	struct pattern *patterns;
	super_tone_rx_descriptor_t *plan;
	double hz[CENTRES_MAX];
	unsigned int hz_count;	/* as many of its tones come before ours */
	int heard[HEARD_MAX];
	unsigned int heard_count;
};

/* ---------------------------------------------------- frequencies to filters --- */

static int by_value(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void collect(struct recogniser *recogniser, const struct expected_step *step)
{
	for (unsigned int i = 0; i < step->sines; i++) {
		bool known = false;

		for (unsigned int k = 0; k < recogniser->hz_count; k++)
			known = known || recogniser->hz[k] == step->hz[i];
		if (!known && recogniser->hz_count < CENTRES_MAX)
			recogniser->hz[recogniser->hz_count++] = step->hz[i];
	}
}

/* The middle of all frequencies that are linked to @hz by close neighbours. */
static int centre_of(const struct recogniser *recogniser, double hz)
{
	const double *all = recogniser->hz;
	unsigned int first = 0, last;

	while (all[first] != hz)
		first++;
	last = first;
	while (first && all[first] - all[first - 1] < CLOSE_HZ)
		first--;
	while (last + 1 < recogniser->hz_count && all[last + 1] - all[last] < CLOSE_HZ)
		last++;
	return (int)((all[first] + all[last]) / 2);
}

/* False: sounds for three filters or more, or for the edge of one. */
static bool make_piece(const struct recogniser *recogniser, const struct expected_step *step,
		       struct piece *piece)
{
	int farthest = 0;

	*piece = (struct piece){ .ms = step->ms };
	if (step->am_hz > AM_MAX_HZ)
		return false;
	for (unsigned int i = 0; i < step->sines; i++) {
		int centre = centre_of(recogniser, step->hz[i]);
		int off = abs(centre - (int)step->hz[i]);

		farthest = off > farthest ? off : farthest;
		if (!piece->low || piece->low == centre)
			piece->low = centre;
		else if (!piece->high || piece->high == centre)
			piece->high = centre;
		else
			return false;
	}
	return farthest < (piece->high ? OFF_PAIR_HZ : OFF_HZ);
}

/* ------------------------------------------------------------ steps to pieces --- */

static bool same_sound(const struct piece *a, const struct piece *b)
{
	return a->low == b->low && a->high == b->high;
}

/* Pieces of steps that it cannot tell apart are put together. */
static void add_piece(struct piece *pieces, unsigned int *count, const struct piece *piece)
{
	struct piece *before = *count ? &pieces[*count - 1] : NULL;

	if (before && same_sound(before, piece)) {
		before->ms = piece->ms ? before->ms + piece->ms : 0;
		return;
	}
	if (!piece->low && piece->ms <= GAP_MS && before) {
		before->ms += piece->ms;
		return;
	}
	pieces[(*count)++] = *piece;
}

static bool repeats_after(const struct piece *pieces, unsigned int count, unsigned int period)
{
	if (count % period)
		return false;
	for (unsigned int i = period; i < count; i++) {
		if (memcmp(&pieces[i], &pieces[i - period], sizeof(pieces[i])))
			return false;
	}
	return true;
}

/* The steps in which the tone shows what it is. */
static unsigned int telling_steps(const struct expected *tone)
{
	return tone->loop_start ? tone->loop_start : tone->steps;
}

static void make_pattern(const struct recogniser *recogniser, const struct expected *tone,
			 struct pattern *pattern)
{
	struct piece pieces[EXPECTED_STEPS_MAX], piece;
	unsigned int count = 0, period = 1;

	for (unsigned int i = 0; i < telling_steps(tone); i++) {
		if (!make_piece(recogniser, &tone->step[i], &piece))
			return;
		if (piece.low && piece.ms && piece.ms < STEP_MS)
			return;
		if (!piece.low && piece.ms > GAP_MS && piece.ms < STEP_MS)
			return;
		add_piece(pieces, &count, &piece);
	}
	while (!repeats_after(pieces, count, period))
		period++;
	if (period > PIECES_MAX || !pieces[0].low)
		return;
	if (period == 1 && !tone->repeat)
		pieces[0].ms = 0;
	pattern->count = period;
	pattern->passes = tone->loop_start || tone->repeat;
	memcpy(pattern->piece, pieces, period * sizeof(pieces[0]));
}

static unsigned int least_ms(const struct piece *piece)
{
	unsigned int slack = piece->ms / 8 + 2 * BLOCK_SAMPLES / SAMPLES_A_MS;

	if (!piece->ms)
		return FOR_EVER_MS;
	return piece->ms > slack ? piece->ms - slack : 1;
}

static unsigned int most_ms(const struct piece *piece)
{
	return piece->ms ? piece->ms + piece->ms / 8 + 2 * BLOCK_SAMPLES / SAMPLES_A_MS : 0;
}

/* Nobody could tell them apart who hears only the pieces. */
static bool alike(const struct pattern *a, const struct pattern *b)
{
	if (a->count != b->count)
		return false;
	for (unsigned int i = 0; i < a->count; i++) {
		const struct piece *x = &a->piece[i], *y = &b->piece[i];

		if (!same_sound(x, y) || (y->ms && most_ms(y) < least_ms(x)) ||
		    (x->ms && most_ms(x) < least_ms(y)))
			return false;
	}
	return true;
}

/* ------------------------------------------------------------------ public --- */

static void add_never(struct recogniser *recogniser, int hz)
{
	int tone = super_tone_rx_add_tone(recogniser->plan);

	super_tone_rx_add_element(recogniser->plan, tone, hz, 0, 600000, 600001);
}

/* It wants the frequencies of a pair in the order in which it first heard of them. */
static void tell_frequencies(struct recogniser *recogniser)
{
	for (unsigned int i = 0; i < recogniser->hz_count; i++)
		add_never(recogniser, centre_of(recogniser, recogniser->hz[i]));
}

static void add_tone(struct recogniser *recogniser, unsigned int index)
{
	const struct pattern *pattern = &recogniser->patterns[index];
	int tone;

	if (!pattern->count) {
		add_never(recogniser, 3900);
		return;
	}
	tone = super_tone_rx_add_tone(recogniser->plan);
	for (unsigned int i = 0; i < pattern->count; i++)
		super_tone_rx_add_element(recogniser->plan, tone, pattern->piece[i].low,
					  pattern->piece[i].high,
					  (int)least_ms(&pattern->piece[i]),
					  (int)most_ms(&pattern->piece[i]));
}

struct recogniser *recogniser_new(const struct expected *tones, unsigned int count)
{
	struct recogniser *recogniser = calloc(1, sizeof(*recogniser));

	recogniser->tones = tones;
	recogniser->count = count;
	recogniser->patterns = calloc(count, sizeof(*recogniser->patterns));
	recogniser->plan = super_tone_rx_make_descriptor(NULL);
	for (unsigned int i = 0; i < count; i++) {
		for (unsigned int k = 0; k < telling_steps(&tones[i]); k++)
			collect(recogniser, &tones[i].step[k]);
	}
	qsort(recogniser->hz, recogniser->hz_count, sizeof(recogniser->hz[0]), by_value);
	tell_frequencies(recogniser);
	for (unsigned int i = 0; i < count; i++) {
		make_pattern(recogniser, &tones[i], &recogniser->patterns[i]);
		add_tone(recogniser, i);
	}
	return recogniser;
}

void recogniser_free(struct recogniser *recogniser)
{
	super_tone_rx_free_descriptor(recogniser->plan);
	free(recogniser->patterns);
	free(recogniser);
}

size_t recogniser_samples(const struct recogniser *recogniser, unsigned int tone)
{
	const struct expected *wanted = &recogniser->tones[tone];
	size_t ms = REST_MS;

	if (!recogniser->patterns[tone].count)
		return 0;
	for (unsigned int i = 0; i < telling_steps(wanted); i++)
		ms += wanted->step[i].ms;
	if (!recogniser->patterns[tone].piece[0].ms)
		ms += FOR_EVER_MS;
	return ms * SAMPLES_A_MS;
}

static void on_tone(void *user, int code, int level, int delay)
{
	struct recogniser *recogniser = user;

	(void)level;
	(void)delay;
	if (code >= 0 && recogniser->heard_count < HEARD_MAX)
		recogniser->heard[recogniser->heard_count++] = code - (int)recogniser->hz_count;
}

/* It knows @part by its pieces, and stays with it while @whole goes on. */
static bool is_part(const struct pattern *part, const struct pattern *whole)
{
	for (unsigned int at = 0; at < whole->count; at++) {
		struct pattern window = { .count = part->count };

		for (unsigned int i = 0; i < part->count; i++)
			window.piece[i] = whole->piece[(at + i) % whole->count];
		if (part->count < whole->count && alike(part, &window))
			return true;
	}
	return false;
}

/* What was heard last counts, of tones that pass anything that was heard. */
static bool right(const struct recogniser *recogniser, unsigned int tone)
{
	const struct pattern *pattern = &recogniser->patterns[tone];

	for (unsigned int i = pattern->passes ? 0 : recogniser->heard_count - 1;
	     i < recogniser->heard_count; i++) {
		const struct pattern *heard = &recogniser->patterns[recogniser->heard[i]];

		if (alike(pattern, heard) || is_part(heard, pattern))
			return true;
	}
	return false;
}

static bool hears_on_grid(struct recogniser *recogniser, unsigned int tone, const int16_t *pcm,
			  size_t count, char names[200])
{
	super_tone_rx_state_t *state = super_tone_rx_init(NULL, recogniser->plan, on_tone,
							  recogniser);
	size_t len = 0;

	recogniser->heard_count = 0;
	super_tone_rx(state, pcm, (int)count);
	super_tone_rx_free(state);
	snprintf(names, 200, "nothing");
	for (unsigned int i = 0; i < recogniser->heard_count && len < 200; i++)
		len += (size_t)snprintf(names + len, 200 - len, "%s ",
					recogniser->tones[recogniser->heard[i]].tone);
	return recogniser->heard_count && right(recogniser, tone);
}

bool recogniser_hears(struct recogniser *recogniser, unsigned int tone, const int16_t *pcm,
		      size_t count, char names[200])
{
	for (size_t shift = 0; shift < BLOCK_SAMPLES && shift < count; shift += GRID_SAMPLES)
		if (hears_on_grid(recogniser, tone, pcm + shift, count - shift, names))
			return true;
	return false;
}
