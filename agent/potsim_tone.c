// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every 10 ms the last 30 ms are looked at: silence, or how much of the energy
 * lies at the frequencies of each step of the tone. A tone is recognised when
 * its steps came in their order and with their lengths, as many as it takes to
 * tell it from the others.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "potsim_tone.h"

#define RATE_HZ		8000
#define HOP		80	/* samples */
#define HOP_MS		10
#define FREQS		4
#define STEPS		4
#define FULL_DBM0	3.17	/* of a full-scale sine */
#define SILENCE_DBM0	-60
#define FRACTION	0.75	/* of the energy, at least, is the tone's */
#define SHARE		0.08	/* of it, at least, is each frequency's */
#define SLACK_MS	45
#define OVERLAP_HOPS	(TONE_WINDOW / HOP)

#define NOTHING		(-1)	/* neither silence nor a step of the tone */

/**
 * struct tone - a tone
 * @name:	what to call it
 * @steps:	of a cycle
 * @enough:	steps that must be right
 * @step:	frequencies, none = silence, and length; 0 = @at_least
 * @at_least:	ms of a step without end
 */
struct tone {
	const char *name;
	unsigned int steps;
	unsigned int enough;
	struct {
		unsigned int hz[FREQS];
		unsigned int ms;
	} step[STEPS];
	unsigned int at_least;
};

static const struct tone tones[] = {
	{ "dial", 1, 1, { { { 350, 440 }, 0 } }, 700 },
	{ "stutter", 2, 5, { { { 350, 440 }, 100 }, { { 0 }, 100 } }, 0 },
	{ "ringback", 2, 2, { { { 440, 480 }, 2000 }, { { 0 }, 0 } }, 1000 },
	{ "busy", 2, 3, { { { 480, 620 }, 500 }, { { 0 }, 500 } }, 0 },
	{ "reorder", 2, 3, { { { 480, 620 }, 250 }, { { 0 }, 250 } }, 0 },
	{ "call-waiting", 2, 2, { { { 440 }, 300 }, { { 0 }, 0 } }, 500 },
	{ "howler", 2, 4, { { { 1400, 2060, 2450, 2600 }, 100 }, { { 0 }, 100 } }, 0 },
	{ "sit", 3, 3, { { { 985 }, 0 }, { { 1371 }, 0 }, { { 1777 }, 0 } }, 200 },
	{ "confirmation", 2, 6, { { { 350, 440 }, 100 }, { { 0 }, 0 } }, 80 },
	{ "silence", 1, 1, { { { 0 }, 0 } }, 500 },
};

uint16_t tone_peak(double dbm0)
{
	double peak = 32767 * pow(10, (dbm0 - FULL_DBM0) / 20);

	return peak > 32767 ? 32767 : (uint16_t)lround(peak);
}

const char *tone_name(unsigned int i)
{
	return i < sizeof(tones) / sizeof(tones[0]) ? tones[i].name : NULL;
}

bool tone_watch_init(struct tone_watch *watch, const char *name)
{
	unsigned int i;

	memset(watch, 0, sizeof(*watch));
	for (i = 0; i < sizeof(tones) / sizeof(tones[0]); i++)
		if (!strcmp(tones[i].name, name))
			watch->tone = &tones[i];
	return watch->tone;
}

/* Power of the part of @s at @hz, as that of a sine: half its amplitude's square. */
static double goertzel(const int16_t *s, double hz)
{
	double w = 2 * M_PI * hz / RATE_HZ, c = 2 * cos(w);
	double a = 0, b = 0, t;
	size_t i;

	for (i = 0; i < TONE_WINDOW; i++) {
		t = s[i] + c * a - b;
		b = a;
		a = t;
	}
	return 2 * (a * a + b * b - c * a * b) / TONE_WINDOW / TONE_WINDOW;
}

static double power(const int16_t *s)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < TONE_WINDOW; i++)
		sum += (double)s[i] * s[i];
	return sum / TONE_WINDOW;
}

static bool is_silent(double total)
{
	double peak = tone_peak(SILENCE_DBM0);

	return total < peak * peak / 2;
}

static bool is_step(const struct tone *tone, unsigned int step, const int16_t *s,
		    double total)
{
	const unsigned int *hz = tone->step[step].hz;
	double sum = 0, part;
	unsigned int i;

	if (!hz[0])
		return is_silent(total);
	for (i = 0; i < FREQS && hz[i]; i++) {
		part = goertzel(s, hz[i]);
		if (part < SHARE * total)
			return false;
		sum += part;
	}
	return !is_silent(total) && sum > FRACTION * total;
}

/* Which step of the tone sounds; the expected one first. */
static int look(const struct tone_watch *watch)
{
	const struct tone *tone = watch->tone;
	double total = power(watch->window);
	unsigned int i;

	for (i = 0; i < tone->steps; i++) {
		unsigned int step = (watch->step + i) % tone->steps;

		if (is_step(tone, step, watch->window, total))
			return step;
	}
	return NOTHING;
}

static bool is_long_enough(const struct tone_watch *watch)
{
	unsigned int ms = watch->tone->step[watch->step].ms;

	return ms ? watch->ms + SLACK_MS >= ms : watch->ms >= watch->tone->at_least;
}

static bool is_too_long(const struct tone_watch *watch)
{
	unsigned int ms = watch->tone->step[watch->step].ms;

	return ms && watch->ms > ms + SLACK_MS;
}

static void begin_at(struct tone_watch *watch, int state)
{
	watch->good = 0;
	watch->step = state == NOTHING ? 0 : state;
	watch->ms = 0;
}

/*
 * A window at the joint of two steps is nothing; that is overlooked for as long
 * as the windows overlap. Returns true when the tone is recognised.
 */
static bool advance(struct tone_watch *watch, int state)
{
	unsigned int next = (watch->step + 1) % watch->tone->steps;
	bool last = watch->good + 1 == watch->tone->enough;

	if (state != NOTHING)
		watch->odd = 0;
	if (state == (int)watch->step) {
		watch->ms += HOP_MS;
		if (is_too_long(watch))
			watch->good = 0;
		/* The last step is over when it may be no shorter. */
		return last && !watch->tone->step[watch->step].ms && is_long_enough(watch);
	}
	if (state == NOTHING && watch->odd++ < OVERLAP_HOPS) {
		watch->ms += HOP_MS;
		return false;
	}
	if (state == (int)next && is_long_enough(watch) && !is_too_long(watch)) {
		if (last)
			return true;
		watch->good++;
		watch->step = next;
		watch->ms = HOP_MS;
		return false;
	}
	begin_at(watch, state);
	return false;
}

bool tone_watch_heard(struct tone_watch *watch, const int16_t *samples, size_t n)
{
	for (; n; n--, samples++) {
		memmove(watch->window, watch->window + 1, sizeof(watch->window) -
							  sizeof(watch->window[0]));
		watch->window[TONE_WINDOW - 1] = *samples;
		if (watch->seen < TONE_WINDOW)
			watch->seen++;
		if (++watch->fill < HOP || watch->seen < TONE_WINDOW)
			continue;
		watch->fill = 0;
		if (advance(watch, look(watch)))
			return true;
	}
	return false;
}
