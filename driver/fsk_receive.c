// SPDX-License-Identifier: GPL-2.0-only
/*
 * A pair of filters in quadrature, a bit long, for each frequency; the stronger
 * one is the bit. Where a 0 begins is interpolated between two samples, and the
 * octet's bits are taken in their middles, counted from there in thirds of a
 * sample: a bit is 20 of them. Any octet bears clocks 1 % apart.
 *
 * In front of the filters the difference between samples two apart takes away
 * what is below speech: DC, hum, and ringing that dies away.
 */
#include "fsk_receive.h"

#define BIT_THIRDS	20
#define SAMPLE_THIRDS	3
#define OCTET_BITS	10	/* with the 0 before it and a 1 behind it */
#define ONES_BEFORE	(16 * BIT_THIRDS / SAMPLE_THIRDS)
#define ONES_AFTER	(24 * BIT_THIRDS / SAMPLE_THIRDS)
#define MEAN_SHIFT	5	/* 32 samples */
#define POWER_SHIFT	13

/* Of a sine of -43 dBm0. Between octets; in one it may be half of that. */
#define CARRIER_MIN	5066

/*
 * Cosines and sines from the middle of the filter on, the last tap for the third
 * of a sample that a bit has more than six. Scaled so that both frequencies come
 * out alike in spite of the difference that was taken.
 */
struct quadrature {
	s32 cosine[4], sine[4];
};

/* What the taps on both sides of the middle, so far from it, have together. */
struct folded {
	s32 even[4], odd[4];
};

struct pots_fsk_modem {
	struct quadrature mark, space;
};

static const struct pots_fsk_modem bell202 = {
	.mark = { { 671, 395, -207, -532 }, { 0, 543, 638, 173 } },	/* 1200 Hz */
	.space = { { 550, -86, -523, 208 }, { 0, 543, -170, -408 } },	/* 2200 Hz */
};

static const struct pots_fsk_modem v23 = {
	.mark = { { 637, 333, -289, -529 }, { 0, 543, 567, 42 } },	/* 1300 Hz */
	.space = { { 545, -43, -538, 106 }, { 0, 543, -85, -441 } },	/* 2100 Hz */
};

void pots_fsk_receiver_init(struct pots_fsk_receiver *r, bool bell)
{
	memset(r, 0, sizeof(*r));
	r->modem = bell ? &bell202 : &v23;
}

static __always_inline s32 power(const struct quadrature *filter,
				 const struct folded *folded)
{
	const s32 *even = folded->even, *odd = folded->odd;
	s32 re = filter->cosine[0] * even[0] + filter->cosine[1] * even[1] +
		 filter->cosine[2] * even[2] + filter->cosine[3] * even[3];
	s32 im = filter->sine[1] * odd[1] + filter->sine[2] * odd[2] +
		 filter->sine[3] * odd[3];

	re >>= POWER_SHIFT;
	im >>= POWER_SHIFT;
	return re * re + im * im;
}

/* How much more of a 1 there is than of a 0. */
static __always_inline s32 balance(struct pots_fsk_receiver *r, s16 sample)
{
	struct folded folded;
	s32 *now, mark, space;
	unsigned int i;

	r->at = (r->at ? r->at : POTS_FSK_TAPS) - 1;
	now = r->line + r->at;
	now[0] = sample - r->last[1];
	now[POTS_FSK_TAPS] = now[0];
	r->last[1] = r->last[0];
	r->last[0] = sample;

	folded.even[0] = now[3];
	for (i = 1; i < 4; i++) {
		folded.even[i] = now[3 - i] + now[3 + i];
		folded.odd[i] = now[3 - i] - now[3 + i];
	}
	mark = power(&r->modem->mark, &folded);
	space = power(&r->modem->space, &folded);
	r->carrier += ((s32)(mark + space - r->carrier)) >> MEAN_SHIFT;
	return mark - space;
}

/* The 0 before an octet began between the last sample and this one. */
static void begin_octet(struct pots_fsk_receiver *r, s32 now)
{
	/* both at most a half of what fits, so that a third of it is counted rightly */
	s32 before = r->balance >> 2, fall = max(before - (now >> 2), 1);

	/* one less: at the crossing the 0 is a third of a sample old */
	r->thirds = BIT_THIRDS / 2 - SAMPLE_THIRDS - 1 + before / (fall / SAMPLE_THIRDS + 1);
	r->bits = OCTET_BITS;
}

static int end_frame(struct pots_fsk_receiver *r)
{
	bool was = r->in_frame;

	r->bits = 0;
	r->in_frame = false;
	return was ? POTS_FSK_END : POTS_FSK_NONE;
}

/* Of the bits of an octet the first must be 0 and the last one 1. */
static int take_bit(struct pots_fsk_receiver *r, bool one)
{
	r->thirds += BIT_THIRDS;
	r->bits--;
	if (r->bits == OCTET_BITS - 1) {
		if (one)
			r->bits = 0;
		return POTS_FSK_NONE;
	}
	if (r->bits) {
		r->octet = r->octet >> 1 | one << 7;
		return POTS_FSK_NONE;
	}
	if (!one)
		return end_frame(r);
	r->in_frame = true;
	return r->octet;
}

int pots_fsk_receive(struct pots_fsk_receiver *r, s16 sample)
{
	s32 now = balance(r, sample);
	int ret = POTS_FSK_NONE;

	if (r->carrier < (r->bits ? CARRIER_MIN / 2 : CARRIER_MIN)) {
		r->ones = 0;
		ret = end_frame(r);
	} else if (r->bits) {
		r->thirds -= SAMPLE_THIRDS;
		if (r->thirds <= SAMPLE_THIRDS / 2)
			ret = take_bit(r, now > 0);
	} else if (now > 0) {
		r->ones++;
		if (r->ones > ONES_AFTER)
			ret = end_frame(r);
	} else {
		if (r->balance > 0 && (r->in_frame || r->ones >= ONES_BEFORE))
			begin_octet(r, now);
		r->ones = 0;
	}
	r->balance = now;
	return ret;
}
