// SPDX-License-Identifier: GPL-2.0-or-later
#include "plc.h"

#include <string.h>

#define PITCH_MIN	40	/* 200 Hz */
#define PITCH_MAX	120	/* 66 Hz */
#define MATCH		160	/* samples compared to find the pitch */
#define KEEP		80	/* full level for 10 ms ... */
#define SILENT		480	/* ... and nothing after 60 ms */
#define SMOOTH		24	/* samples over which a step is spread */

void plc_init(struct plc *plc)
{
	memset(plc, 0, sizeof(*plc));
	plc->missing = SILENT;
}

static void remember(struct plc *plc, const int16_t *samples, size_t count)
{
	if (count >= PLC_HISTORY) {
		memcpy(plc->history, samples + count - PLC_HISTORY, sizeof(plc->history));
		return;
	}
	memmove(plc->history, plc->history + count,
		(PLC_HISTORY - count) * sizeof(*samples));
	memcpy(plc->history + PLC_HISTORY - count, samples, count * sizeof(*samples));
}

/*
 * How unlike the end of the history is to itself @lag samples before. Every
 * second sample tells enough for a telephone's band.
 */
static int64_t difference(const struct plc *plc, unsigned int lag, unsigned int stride)
{
	const int16_t *end = plc->history + PLC_HISTORY;
	int64_t sum = 0;
	int i;

	for (i = -MATCH; i < 0; i += stride) {
		int d = end[i] - end[i - (int)lag];

		sum += (int64_t)d * d;
	}
	return sum;
}

/* Coarsely first, then every lag around the best. */
static unsigned int find_pitch(const struct plc *plc)
{
	unsigned int best = PITCH_MIN, lag, from, to;
	int64_t least = INT64_MAX, d;

	for (lag = PITCH_MIN; lag <= PITCH_MAX; lag += 2) {
		d = difference(plc, lag, 4);
		if (d < least) {
			least = d;
			best = lag;
		}
	}
	from = best > PITCH_MIN + 2 ? best - 2 : PITCH_MIN;
	to = best + 2 < PITCH_MAX ? best + 2 : PITCH_MAX;
	least = INT64_MAX;
	for (lag = from; lag <= to; lag++) {
		d = difference(plc, lag, 1);
		if (d < least) {
			least = d;
			best = lag;
		}
	}
	return best;
}

static int gain_q15(unsigned int missing)
{
	if (missing <= KEEP)
		return 1 << 15;
	if (missing >= SILENT)
		return 0;
	return (SILENT - missing) * (1 << 15) / (SILENT - KEEP);
}

static int16_t next_sample(struct plc *plc)
{
	unsigned int place = plc->missing % plc->pitch;
	int value = plc->history[PLC_HISTORY - plc->pitch + place];

	/* Each time round begins where the last one ended. */
	if (place < SMOOTH)
		value += plc->step * (int)(SMOOTH - place) / SMOOTH;
	value = value > 32767 ? 32767 : value < -32768 ? -32768 : value;
	return value * gain_q15(plc->missing++) / (1 << 15);
}

void plc_conceal(struct plc *plc, int16_t *out, size_t count)
{
	const int16_t *end = plc->history + PLC_HISTORY;

	if (!plc->missing) {
		plc->pitch = find_pitch(plc);
		plc->step = end[-1] - end[-1 - (int)plc->pitch];
	}
	for (; count && plc->missing < SILENT; count--)
		*out++ = next_sample(plc);
	memset(out, 0, count * sizeof(*out));
}

void plc_heard(struct plc *plc, int16_t *samples, size_t count)
{
	size_t fade = count < PLC_FADE ? count : PLC_FADE, i;

	if (plc->missing) {
		for (i = 0; i < fade; i++) {
			int old = plc->missing < SILENT ? next_sample(plc) : 0;

			samples[i] = (old * (int)(fade - i - 1) +
				      samples[i] * (int)(i + 1)) / (int)fade;
		}
		plc->missing = 0;
	}
	remember(plc, samples, count);
}
