// SPDX-License-Identifier: GPL-2.0-only
/*
 * pots-sim: the tones of an exchange.
 */
#include <linux/bug.h>
#include <linux/fixp-arith.h>
#include <linux/math64.h>

#include "board.h"
#include "line.h"

/* Amplitudes of -13, -19 and -24 dBm0. */
#define DIAL_PEAK	5092
#define RINGBACK_PEAK	2552
#define BUSY_PEAK	1435

#define TWO(length, f1, f2, peak) { (length), { (f1) * 1000, (f2) * 1000 }, { (peak), (peak) } }
#define SILENT(length) { .us = (length) }

static const struct pots_sim_tone default_tone[] = {
	{ POTS_SIM_TONE_DIAL, 1, 0, 0, { TWO(0, 350, 440, DIAL_PEAK) } },
	{
		POTS_SIM_TONE_BUSY, 2, 0, 0,
		{ TWO(500000, 480, 620, BUSY_PEAK), SILENT(500000) },
	},
	{
		POTS_SIM_TONE_REORDER, 2, 0, 0,
		{ TWO(250000, 480, 620, BUSY_PEAK), SILENT(250000) },
	},
	{
		POTS_SIM_TONE_RINGBACK, 2, 0, 0,
		{ TWO(2000000, 440, 480, RINGBACK_PEAK), SILENT(4000000) },
	},
};

void pots_sim_exchange_tones(struct pots_sim_exchange_line *x)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(default_tone); i++)
		x->tone[default_tone[i].tone] = default_tone[i];
}

static void begin_part(struct pots_sim_exchange_line *x, u32 part)
{
	struct pots_sim_play *play = &x->play;
	u32 us = x->tone[play->tone].part[part].us;

	play->part = part;
	play->left = us / (POTS_SIM_SAMPLE_NS / 1000);
	memset(play->phase, 0, sizeof(play->phase));
}

/* A tone without parts is none. */
void pots_sim_exchange_play(struct pots_sim_line *line, u32 tone)
{
	struct pots_sim_exchange_line *x = &line->exchange;

	x->play.tone = x->tone[tone].count ? tone : POTS_SIM_TONE_NONE;
	if (x->play.tone)
		begin_part(x, 0);
	if (x->play.tone)
		x->out.state |= POTS_SIM_X_TONE;
	else
		x->out.state &= ~POTS_SIM_X_TONE;
	pots_sim_far_changed(line);
	pots_sim_far_speaking(line);
}

static void next_part(struct pots_sim_exchange_line *x)
{
	const struct pots_sim_tone *tone = &x->tone[x->play.tone];
	u32 next = x->play.part + 1;

	if (next == tone->count)
		next = tone->loop;
	if (next == tone->count)
		x->play.tone = POTS_SIM_TONE_NONE;
	else
		begin_part(x, next);
}

static s32 sample_of(struct pots_sim_play *play, const struct pots_sim_tone_part *part)
{
	s32 sum = 0;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(part->mhz) && part->mhz[i]; i++) {
		s64 sine = fixp_sin32_rad(play->phase[i] >> 15, 1 << 17);

		sum += (sine * part->peak[i]) >> 31;
		play->phase[i] += div_u64((u64)part->mhz[i] << 32, 8000000);
	}
	return sum;
}

void pots_sim_exchange_add_tone(struct pots_sim_exchange_line *x, s16 *out, unsigned int n)
{
	struct pots_sim_play *play = &x->play;

	for (; n && play->tone; n--, out++) {
		const struct pots_sim_tone_part *part = &x->tone[play->tone].part[play->part];

		*out = clamp(*out + sample_of(play, part), -32768, 32767);
		if (play->left && !--play->left)
			next_part(x);
	}
}
