// SPDX-License-Identifier: GPL-2.0-only
/*
 * pots-sim: the digit receiver of an exchange.
 *
 * Pulses: a break up to a limit is a pulse, a longer one a flash, a longer
 * still the end; a make longer than another limit ends the digit. DTMF: sound
 * begins and ends by its power in 1 ms; between, two blocks of 102 samples in a
 * row must show the same pair.
 */
#include "exchange_digits.h"

#define NS_PER_US	1000
#define SAMPLE_NS	125000
#define QUIET_SQUARE	(100 * 100)	/* -44 dBm0, the mean of a frame */
#define QUIET_FRAMES	5		/* the end of a tone */
#define LEAST_PEAK	300		/* of a tone, -34 dBm0 */

static u32 us(u64 ns)
{
	return div_u64(ns, NS_PER_US);
}

static void add_span(struct pots_sim_span *span, u32 length_us)
{
	if (!span->last_us || length_us < span->min_us)
		span->min_us = length_us;
	span->max_us = max(span->max_us, length_us);
	span->last_us = length_us;
}

static void add_digit(struct pots_sim_digits *d, u8 digit, u64 at)
{
	struct pots_sim_exchange_state *out = d->out;

	if (out->digits < POTS_SIM_DIGITS_MAX)
		out->digit[out->digits] = digit;
	out->digits++;
	out->digit_ns = at;
}

/* --------------------------------------------------------------- pulses --- */

static void forget(struct pots_sim_digits *d)
{
	struct pots_sim_exchange_state *out = d->out;

	memset(out->digit, 0, sizeof(out->digit));
	memset(&out->breaks, 0, sizeof(out->breaks));
	memset(&out->makes, 0, sizeof(out->makes));
	memset(&out->gaps, 0, sizeof(out->gaps));
	memset(&out->flash, 0, sizeof(out->flash));
	memset(&out->tones, 0, sizeof(out->tones));
	memset(&out->pauses, 0, sizeof(out->pauses));
	out->digits = 0;
	out->pulsed = 0;
	out->flashes = 0;
	d->pulses = 0;
	d->break_end = 0;
	d->dtmf.ended = 0;
	d->dtmf.on = false;
}

static u32 end_digit(struct pots_sim_digits *d, u64 at)
{
	u8 digit = d->pulses < 10 ? '0' + d->pulses : d->pulses == 10 ? '0' : '?';

	d->pulses = 0;
	d->out->pulsed++;
	add_digit(d, digit, at);
	return POTS_SIM_DIGITS_DIGIT;
}

static u32 loop_opens(struct pots_sim_digits *d, u64 at)
{
	d->make_us = d->pulses ? us(at - d->changed) : 0;
	d->gap_us = !d->pulses && d->break_end ? us(at - d->break_end) : 0;
	return 0;
}

static u32 end_pulse(struct pots_sim_digits *d, u64 at)
{
	u32 begun = d->pulses ? 0 : POTS_SIM_DIGITS_BEGUN;

	add_span(&d->out->breaks, us(at - d->changed));
	if (d->make_us)
		add_span(&d->out->makes, d->make_us);
	if (d->gap_us)
		add_span(&d->out->gaps, d->gap_us);
	d->break_end = at;
	d->pulses++;
	return begun;
}

static u32 loop_closes(struct pots_sim_digits *d, u64 at)
{
	u64 length = at - d->changed;

	if (!d->seized) {
		d->seized = true;
		forget(d);
		return POTS_SIM_DIGITS_SEIZED;
	}
	if (length <= d->limits.break_ns)
		return end_pulse(d, at);
	add_span(&d->out->flash, us(length));
	d->out->flashes++;
	d->break_end = 0;
	return POTS_SIM_DIGITS_FLASH;
}

u32 pots_sim_digits_loop(struct pots_sim_digits *d, bool closed, u64 at)
{
	u32 happened;

	if (closed == d->closed)
		return 0;
	happened = pots_sim_digits_run(d, at);
	happened |= closed ? loop_closes(d, at) : loop_opens(d, at);
	d->closed = closed;
	d->changed = at;
	return happened;
}

/* When the digit under way is complete: after a long make, or a long break. */
static u64 digit_due(const struct pots_sim_digits *d)
{
	if (!d->pulses)
		return POTS_SIM_DIGITS_NEVER;
	return d->changed + (d->closed ? d->limits.gap_ns : d->limits.break_ns) + 1;
}

static u64 release_due(const struct pots_sim_digits *d)
{
	if (!d->seized || d->closed)
		return POTS_SIM_DIGITS_NEVER;
	return d->changed + d->limits.release_ns + 1;
}

u64 pots_sim_digits_due(const struct pots_sim_digits *d)
{
	return min(digit_due(d), release_due(d));
}

u32 pots_sim_digits_run(struct pots_sim_digits *d, u64 now)
{
	u32 happened = 0;

	if (digit_due(d) <= now)
		happened |= end_digit(d, digit_due(d));
	if (release_due(d) <= now) {
		d->seized = false;
		d->dtmf.on = false;
		happened |= POTS_SIM_DIGITS_RELEASED;
	}
	return happened;
}

/* ----------------------------------------------------------------- DTMF --- */

static const u8 keys[4][4] = {
	{ '1', '2', '3', 'A' }, { '4', '5', '6', 'B' },
	{ '7', '8', '9', 'C' }, { '*', '0', '#', 'D' },
};

/* 2 cos(2 pi f / 8000), 14 bits of fraction: four rows, four columns. */
static const s32 coefficients[8] = {
	27980, 26956, 25701, 24219, 19073, 16325, 13085, 9315,
};

static u64 power_at(const s16 *in, s32 coefficient)
{
	s64 now, last = 0, before = 0;
	unsigned int i;

	for (i = 0; i < POTS_SIM_DTMF_BLOCK; i++) {
		now = in[i] + ((last * coefficient) >> 14) - before;
		before = last;
		last = now;
	}
	now = last * last + before * before - ((last * before >> 14) * coefficient);
	return now > 0 ? now : 0;
}

static u32 root(u64 square)
{
	u64 bit = 1ULL << 62, result = 0;

	for (; bit; bit >>= 2) {
		u64 trial = result + bit;

		result >>= 1;
		if (square < trial)
			continue;
		square -= trial;
		result += bit;
	}
	return result;
}

static unsigned int strongest(const u64 *power)
{
	unsigned int i, best = 0;

	for (i = 1; i < 4; i++)
		if (power[i] > power[best])
			best = i;
	return best;
}

/* The others of its group have less than a quarter. */
static bool stands_out(const u64 *power, unsigned int best)
{
	unsigned int i;

	for (i = 0; i < 4; i++)
		if (i != best && power[i] > power[best] / 4)
			return false;
	return true;
}

/* What a block is, 0 = no digit: a pair, 12 dB apart at most, and little else. */
static u8 judge(struct pots_sim_digits *d)
{
	u64 power[8], energy = 0, pair;
	unsigned int i, row, column;
	u32 low, high;

	for (i = 0; i < 8; i++)
		power[i] = power_at(d->dtmf.block, coefficients[i]);
	for (i = 0; i < POTS_SIM_DTMF_BLOCK; i++)
		energy += (s64)d->dtmf.block[i] * d->dtmf.block[i];
	row = strongest(power);
	column = strongest(power + 4);
	low = root(power[row]) * 2 / POTS_SIM_DTMF_BLOCK;
	high = root(power[4 + column]) * 2 / POTS_SIM_DTMF_BLOCK;
	pair = div_u64((power[row] + power[4 + column]) * 2, POTS_SIM_DTMF_BLOCK);

	if (min(low, high) < LEAST_PEAK || max(low, high) > 4 * min(low, high))
		return 0;
	if (!stands_out(power, row) || !stands_out(power + 4, column))
		return 0;
	if (pair < div_u64(energy, 10) * 7)
		return 0;
	d->out->tone_peak[0] = low;
	d->out->tone_peak[1] = high;
	return keys[row][column];
}

static u32 end_block(struct pots_sim_digits *d, u64 at)
{
	struct pots_sim_dtmf *dtmf = &d->dtmf;
	u8 digit = judge(d);
	bool twice = digit && digit == dtmf->digit && !dtmf->told;

	dtmf->fill = 0;
	dtmf->digit = digit;
	if (!twice)
		return 0;
	dtmf->told = digit;
	if (dtmf->ended)
		add_span(&d->out->pauses, us(dtmf->began - dtmf->ended));
	add_digit(d, digit, at);
	return POTS_SIM_DIGITS_BEGUN | POTS_SIM_DIGITS_DIGIT;
}

static void begin_sound(struct pots_sim_dtmf *dtmf, u64 at)
{
	dtmf->on = true;
	dtmf->quiet = 0;
	dtmf->began = at;
	dtmf->digit = 0;
	dtmf->told = 0;
	dtmf->fill = 0;
}

static void end_sound(struct pots_sim_digits *d, u64 at)
{
	d->dtmf.on = false;
	if (!d->dtmf.told)
		return;
	d->dtmf.ended = at;
	add_span(&d->out->tones, us(at - d->dtmf.began));
}

/* A frame that began at @at is complete. */
static void end_frame(struct pots_sim_digits *d, u64 at)
{
	struct pots_sim_dtmf *dtmf = &d->dtmf;
	bool loud = dtmf->frame >= QUIET_SQUARE * POTS_SIM_DTMF_FRAME;

	dtmf->frame = 0;
	dtmf->frames = 0;
	if (loud && !dtmf->on)
		begin_sound(dtmf, at);
	else if (loud)
		dtmf->quiet = 0;
	else if (dtmf->on && ++dtmf->quiet == QUIET_FRAMES)
		end_sound(d, at - (QUIET_FRAMES - 1) * POTS_SIM_DTMF_FRAME * SAMPLE_NS);
}

/* @at: the first sample's time. */
u32 pots_sim_digits_hear(struct pots_sim_digits *d, u64 at, const s16 *in, unsigned int n)
{
	struct pots_sim_dtmf *dtmf = &d->dtmf;
	u32 happened = 0;

	if (!d->seized)
		return 0;
	for (; n; n--, in++) {
		at += SAMPLE_NS;
		dtmf->frame += (s32)*in * *in;
		if (dtmf->on) {
			dtmf->block[dtmf->fill++] = *in;
			if (dtmf->fill == POTS_SIM_DTMF_BLOCK)
				happened |= end_block(d, at);
		}
		if (++dtmf->frames == POTS_SIM_DTMF_FRAME)
			end_frame(d, at - POTS_SIM_DTMF_FRAME * SAMPLE_NS);
	}
	return happened;
}
