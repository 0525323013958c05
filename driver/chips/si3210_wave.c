// SPDX-License-Identifier: GPL-2.0-only
/*
 * si3210_wave: the arithmetic of the chip's oscillators.
 *
 * Each is a two-pole resonator: its coefficient is cos(w) for w radians a
 * sample, its amplitude register sqrt((1 - cos w) / (1 + cos w)) / 4 of full
 * scale, and that root is tan(w / 2). Fixed point with 30 fraction bits.
 */
#include "si3210_wave.h"

#define ONE_Q30		1073741824
#define PI_Q30		3373259426u
#define LN2_Q30		744261118u
#define LN10_2000_Q30	1236191u	/* ln of a hundredth of a dB */
#define TONE_RATE_HZ	8000
#define RING_RATE_HZ	1000
#define FULL_SCALE_CDB	317		/* of a 16-bit sine, dBm0 */

#define RING_FULL_MV	96000
#define RING_PEAK_MAX_MV 87000u		/* battery 94.5 V less headroom */
#define HEADROOM_MV	7500
#define VBATH_STEP_MV	1500
#define VBATH_MAX	63u

/* sin(x) for 0 <= x <= pi / 2, by its series. */
static s64 sin_q30(s64 x)
{
	s64 square = (x * x) >> 30;
	s64 term = x;
	s64 sum = x;
	int n;

	for (n = 2; n <= 14; n += 2) {
		term = -div_s64((term * square) >> 30, n * (n + 1));
		sum += term;
	}
	return sum;
}

/* 10^(-@cdb / 2000), for @cdb >= 0. */
static u32 attenuation_q30(u32 cdb)
{
	u64 x = (u64)cdb * LN10_2000_Q30;
	u32 halvings = div_u64(x, LN2_Q30);
	u64 sum = ONE_Q30;
	int n;

	x -= (u64)halvings * LN2_Q30;
	for (n = 10; n >= 1; n--)
		sum = ONE_Q30 - div_u64((sum * x) >> 30, n);
	return halvings > 30 ? 0 : sum >> halvings;
}

/* Half an oscillator's step: w / 2 for @freq_mhz at @rate_hz. */
static u32 half_step_q30(u32 freq_mhz, u32 rate_hz)
{
	return div_u64((u64)PI_Q30 * freq_mhz, rate_hz * 1000);
}

static u16 cosine_q15(u32 half_step)
{
	s64 s = sin_q30(half_step);
	s64 c = ONE_Q30 - ((s * s) >> 29);

	c = (c + (1 << 14)) >> 15;
	return (u16)(s16)clamp(c, (s64)-32768, (s64)32767);
}

/* tan(@half_step) / 4 of @full_scale */
static u64 quarter_tangent(u32 half_step, u32 full_scale)
{
	u64 s = sin_q30(half_step);
	u32 c = sin_q30(PI_Q30 / 2 - half_step);

	return div_u64(s * full_scale, c) >> 2;
}

/* @value * @num / @den, to the nearest */
static u32 scale(u32 value, u32 num, u32 den)
{
	return div_u64((u64)value * num + den / 2, den);
}

void si3210_tone_values(struct si3210_tone_values *values, u32 freq_mhz, int level_cdb)
{
	u32 half_step = half_step_q30(freq_mhz, TONE_RATE_HZ);
	int below = max(FULL_SCALE_CDB - level_cdb, 0);
	u64 amplitude;

	/* 8 more bits, lest what is cut off is heard in low tones */
	amplitude = quarter_tangent(half_step, 32767 << 8);
	amplitude = (amplitude * attenuation_q30(below)) >> 30;
	amplitude = (amplitude + (1 << 7)) >> 8;

	values->osc = cosine_q15(half_step);
	values->amplitude = amplitude < 32767 ? amplitude : 32767;
}

/*
 * A sine has the crest factor 1.414. The trapezoid has 1.3: it rises in
 * 3/4 T (1 - 1/1.3^2) = 0.30621 T.
 */
static void sine_values(struct si3210_ring_values *values, u32 freq_mhz, u32 peak_mv)
{
	u32 half_step = half_step_q30(freq_mhz, RING_RATE_HZ);

	values->rco = cosine_q15(half_step);
	values->rngx = scale(quarter_tangent(half_step, 32768 << 8), peak_mv,
			     RING_FULL_MV << 8);
	values->rngy = 0;
}

static void trapezoid_values(struct si3210_ring_values *values, u32 freq_mhz, u32 peak_mv)
{
	u32 period = scale(TONE_RATE_HZ, 1000, freq_mhz);

	values->rngy = period / 2;
	values->rngx = scale(32768, peak_mv, RING_FULL_MV);
	values->rco = scale(2 * values->rngx, 100000, period * 30621);
}

/*
 * Ring trip by frequency. Between two rows both values are interpolated: the
 * filter must pass the DC of an answered telephone and not the double of the
 * ringing frequency.
 */
struct trip_row {
	u32 freq_mhz;
	u16 nrtp;
	u8 rtdi;
};

static const struct trip_row trip_rows[] = {
	{ 16667, 0x0200, 0x0f },
	{ 20000, 0x0320, 0x0b },
	{ 30000, 0x0380, 0x09 },
	{ 40000, 0x0400, 0x07 },
	{ 50000, 0x06a8, 0x05 },
	{ 60000, 0x0800, 0x05 },
};

static int between(int low, int high, u32 part, u32 whole)
{
	return low + (int)div_s64((s64)(high - low) * part, whole);
}

static void trip_filter(struct si3210_ring_values *values, u32 freq_mhz)
{
	const struct trip_row *row = trip_rows;
	const struct trip_row *last = &trip_rows[ARRAY_SIZE(trip_rows) - 1];
	u32 part, whole;

	freq_mhz = clamp(freq_mhz, row->freq_mhz, last->freq_mhz);
	while (row + 1 < last && freq_mhz > row[1].freq_mhz)
		row++;
	part = freq_mhz - row->freq_mhz;
	whole = row[1].freq_mhz - row->freq_mhz;
	values->nrtp = between(row->nrtp, row[1].nrtp, part, whole) & 0xfff8;
	values->rtdi = between(row->rtdi, row[1].rtdi, part, whole);
}

/*
 * The current that five REN (1400 ohm) draw through the chip's 160 ohm while
 * on-hook is 2 / pi of the peak; a telephone that answers draws at least that
 * much again. Halfway is too near the first, for the ripple: take 1.2 of it.
 */
static u16 trip_threshold(u32 peak_mv)
{
	u32 on_hook_ua = scale(peak_mv, 637, 1560);
	u32 steps = scale(on_hook_ua, 12, 10 * 1270);

	return min(steps, 63u) << 9;
}

/* A bell's capacitor keeps the DC from the current that it draws on-hook. */
void si3210_ring_values(struct si3210_ring_values *values, u32 freq_mhz,
			bool trapezoid, u32 mvrms, u32 dc_mv)
{
	u32 crest_permille = trapezoid ? 1300 : 1414;
	u32 peak_mv = min(scale(mvrms, crest_permille, 1000), RING_PEAK_MAX_MV - dc_mv);

	if (trapezoid)
		trapezoid_values(values, freq_mhz, peak_mv);
	else
		sine_values(values, freq_mhz, peak_mv);
	values->trapezoid = trapezoid;
	values->roff = scale(32768, dc_mv, RING_FULL_MV);
	values->rptp = trip_threshold(peak_mv);
	values->vbath = min((peak_mv + dc_mv + HEADROOM_MV + VBATH_STEP_MV - 1) /
			    VBATH_STEP_MV, VBATH_MAX);
	trip_filter(values, freq_mhz);
}
