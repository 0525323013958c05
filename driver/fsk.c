// SPDX-License-Identifier: GPL-2.0-only
/*
 * A bit of 1/1200 s is 6 2/3 samples, so time is counted in thirds of a sample:
 * 20 of them are a bit. Where a bit ends inside a sample the phase goes on with
 * each frequency for its share. So the zero crossings are where an analogue
 * modem would have them, and no bit is longer than another.
 */
#include "fsk.h"
#include "tone.h"

#define BIT_THIRDS	20
#define SAMPLE_THIRDS	3
#define THIRDS_HZ	(SAMPLE_THIRDS * POTS_RATE_HZ)
#define START_AND_DATA	9	/* bits */

static u32 frame_bits(const struct pots_fsk_frame *frame)
{
	return frame->seizure_bits + frame->mark_bits + frame->tail_bits +
	       (u32)frame->octets * (START_AND_DATA + frame->stop_bits);
}

u32 pots_fsk_samples(const struct pots_fsk_frame *frame)
{
	return (frame_bits(frame) * BIT_THIRDS + SAMPLE_THIRDS - 1) / SAMPLE_THIRDS;
}

static void next_octet(struct pots_fsk *fsk)
{
	fsk->word = *fsk->frame.octet++ << 1 | ~0u << START_AND_DATA;
	fsk->word_bits = START_AND_DATA + fsk->frame.stop_bits;
	fsk->frame.octets--;
}

static void next_bit(struct pots_fsk *fsk)
{
	struct pots_fsk_frame *frame = &fsk->frame;

	fsk->thirds = BIT_THIRDS;
	if (frame->seizure_bits) {
		fsk->bit = frame->seizure_bits-- & 1;
		return;
	}
	if (frame->mark_bits) {
		frame->mark_bits--;
		fsk->bit = 1;
		return;
	}
	if (!fsk->word_bits && frame->octets)
		next_octet(fsk);
	if (fsk->word_bits) {
		fsk->word_bits--;
		fsk->bit = fsk->word & 1;
		/* the stop bits may be more than there is room for: ones follow */
		fsk->word = fsk->word >> 1 | 1u << 15;
		return;
	}
	fsk->bit = 1;
	fsk->active = frame->tail_bits;
	if (fsk->active)
		frame->tail_bits--;
}

static u32 step_of(u32 hz)
{
	return div_u64(((u64)hz << 32) + THIRDS_HZ / 2, THIRDS_HZ);
}

void pots_fsk_start(struct pots_fsk *fsk, const struct pots_fsk_frame *frame)
{
	memset(fsk, 0, sizeof(*fsk));
	fsk->frame = *frame;
	fsk->step[0] = step_of(frame->space_hz);
	fsk->step[1] = step_of(frame->mark_hz);
	fsk->amplitude = pots_sine_amplitude(frame->level_cdb);
	fsk->active = true;
	next_bit(fsk);
}

static void advance(struct pots_fsk *fsk)
{
	u32 thirds = SAMPLE_THIRDS;

	while (thirds && fsk->active) {
		u32 run = min_t(u32, thirds, fsk->thirds);

		fsk->phase += fsk->step[fsk->bit] * run;
		fsk->thirds -= run;
		thirds -= run;
		if (!fsk->thirds)
			next_bit(fsk);
	}
}

void pots_fsk_render(struct pots_fsk *fsk, s16 *out, unsigned int count)
{
	for (; count && fsk->active; count--) {
		*out++ = pots_sine_sample(fsk->phase, fsk->amplitude);
		advance(fsk);
	}
	memset(out, 0, count * sizeof(*out));
}
