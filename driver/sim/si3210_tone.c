// SPDX-License-Identifier: GPL-2.0-only
/*
 * pots-sim: the resonators of an Si3210, and its two tone oscillators.
 *
 * The structure follows from the datasheet's formulas: an initial state of
 * OSCX = A tan(w / 2) and OSCY = 0 gives an amplitude of A only in the
 * two-state resonator below (a digital waveguide oscillator), whose two states
 * stand at a right angle. The formulas' quarter is the output's gain of 4. The
 * chip's word length is not published: the states have 12 bits of fraction, so
 * that what is measured is the error of the 16-bit coefficient.
 */
#include "bus.h"
#include "si3210.h"

#define FRACTION	12
#define OUTPUT_GAIN	4
#define STATE_MAX	0x40000000

void sim3210_osc_load(struct sim3210_osc *osc, s16 x, s16 y)
{
	osc->x = x * (1 << FRACTION);
	osc->y = y * (1 << FRACTION);
}

/* One sample, not limited to 16 bits. */
s32 sim3210_resonate(struct sim3210_osc *osc, s16 coefficient)
{
	s64 out = (s64)osc->y * OUTPUT_GAIN;
	s64 sum = ((s64)coefficient * ((s64)osc->x + osc->y) + (1 << 14)) >> 15;
	s64 x = sum - osc->y, y = sum + osc->x;

	osc->x = clamp_t(s64, x, -STATE_MAX, STATE_MAX);
	osc->y = clamp_t(s64, y, -STATE_MAX, STATE_MAX);
	return (out + (1 << (FRACTION - 1))) >> FRACTION;
}

static u8 control(const struct sim3210 *chip, unsigned int n)
{
	return chip->reg[SI3210_OSC1 + n];
}

/* Timers count 125 us in step with the samples. */
static u64 timer_end(const struct sim3210 *chip, u8 lo)
{
	u64 now = pots_sim_rounddown_ns(chip->now, SI3210_TIMER_NS);

	return now + (u64)sim3210_reg16(chip, lo) * SI3210_TIMER_NS;
}

static u8 active_timer(unsigned int n)
{
	return n ? SI3210_OAT2_LO : SI3210_OAT1_LO;
}

static u8 inactive_timer(unsigned int n)
{
	return n ? SI3210_OIT2_LO : SI3210_OIT1_LO;
}

static void start(struct sim3210 *chip, unsigned int n)
{
	struct sim3210_osc *osc = &chip->osc[n];
	u8 ind = n ? SI3210_IND_OSC2 : SI3210_IND_OSC1;

	sim3210_osc_load(osc, chip->ind[ind + 1], chip->ind[ind + 2]);
	osc->on = true;
	osc->ending = false;
	osc->due = control(chip, n) & SI3210_OSC_OTAE ?
		   timer_end(chip, active_timer(n)) : POTS_SIM_NEVER;
	if (n == 1 && chip->lfs == SI3210_LF_RINGING)
		chip->osc_conflicts++;
}

static void stop(struct sim3210 *chip, unsigned int n)
{
	struct sim3210_osc *osc = &chip->osc[n];

	if (osc->on && (control(chip, n) & SI3210_OSC_OZ) &&
	    pots_sim_bus_window(chip->line->bus).running)
		osc->ending = true;
	else
		osc->on = false;
	osc->due = POTS_SIM_NEVER;
}

void sim3210_osc_written(struct sim3210 *chip, unsigned int n, u8 was)
{
	u8 val = control(chip, n);

	if (val & ~was & SI3210_OSC_OE)
		start(chip, n);
	else if (was & ~val & SI3210_OSC_OE)
		stop(chip, n);
	else if (!(val & (SI3210_OSC_OTAE | SI3210_OSC_OTIE)))
		chip->osc[n].due = POTS_SIM_NEVER;
}

void sim3210_osc_timer(struct sim3210 *chip, unsigned int n)
{
	u8 *reg = &chip->reg[SI3210_OSC1 + n];

	if (*reg & SI3210_OSC_OE) {
		sim3210_event(chip, 0, n ? SI3210_IRQ1_O2AP : SI3210_IRQ1_O1AP);
		*reg &= ~SI3210_OSC_OE;
		stop(chip, n);
		if (*reg & SI3210_OSC_OTIE)
			chip->osc[n].due = timer_end(chip, inactive_timer(n));
	} else {
		sim3210_event(chip, 0, n ? SI3210_IRQ1_O2IP : SI3210_IRQ1_O1IP);
		*reg |= SI3210_OSC_OE;
		start(chip, n);
	}
}

s16 sim3210_osc_sample(struct sim3210 *chip, unsigned int n)
{
	struct sim3210_osc *osc = &chip->osc[n];
	s32 was = osc->y, out;

	out = sim3210_resonate(osc, chip->ind[n ? SI3210_IND_OSC2 : SI3210_IND_OSC1]);
	if (osc->ending && (osc->y ^ was) < 0) {
		osc->on = false;
		osc->ending = false;
	}
	/* Ringing takes the hardware of the second one. */
	if (n == 1 && chip->lfs == SI3210_LF_RINGING)
		return 0;
	return clamp(out, -32768, 32767);
}
