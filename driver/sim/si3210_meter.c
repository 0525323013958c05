// SPDX-License-Identifier: GPL-2.0-only
/*
 * pots-sim: the metering generator of an Si3210 and its timers.
 *
 * The generator runs at 64 kHz, and nothing else here does: what it sends is found
 * from its registers when a pulse is over, by letting it run for a moment.
 */
#include <linux/math.h>
#include <linux/math64.h>

#include "si3210.h"

#define LOOK_SAMPLES	1600	/* 25 ms */
#define ENVELOPE_FULL	0x7fff

static u64 timer_end(const struct sim3210 *chip, u8 lo)
{
	return chip->now + (u64)sim3210_reg16(chip, lo) * SI3210_TIMER_NS;
}

/* Its frequency, and its rms where the envelope is full, of 32767. */
static u32 look(const struct sim3210 *chip, u32 *rms)
{
	struct sim3210_osc osc = {};
	unsigned int i, first = 0, last = 0, cycles = 0;
	s32 was = 0, out;
	u64 square = 0;

	sim3210_osc_load(&osc, chip->ind[SI3210_IND_PLSX], 0);
	for (i = 0; i < LOOK_SAMPLES; i++, was = out) {
		out = clamp(sim3210_resonate(&osc, chip->ind[SI3210_IND_PLSCO]),
			    -32768, 32767);
		square += (s64)out * out;
		if (was >= 0 || out < 0)
			continue;
		cycles += !!first;
		first = first ?: i;
		last = i;
	}
	*rms = int_sqrt64(div_u64(square, LOOK_SAMPLES));
	return cycles ? cycles * SI3210_METER_RATE_HZ / (last - first) : 0;
}

static void measure(const struct sim3210 *chip, struct pots_sim_meter *meter)
{
	u64 ticks = div_u64(chip->now - chip->meter_since, SI3210_TIMER_NS);
	u16 step = chip->ind[SI3210_IND_PLSD];
	u32 rms, rise;

	meter->hz = look(chip, &rms);
	if (!step || step > ENVELOPE_FULL) {
		meter->mv = 0;
		return;
	}
	rise = DIV_ROUND_UP(ENVELOPE_FULL, step);
	meter->rise_us = rise * (SI3210_TIMER_NS / 1000);
	meter->mv = div_u64(div_u64((u64)rms * SI3210_METER_FULL_MVRMS * 1414, 1000 * 32767) *
			    min_t(u64, ticks, rise), rise);
}

void sim3210_meter_touched(struct sim3210 *chip)
{
	bool on = chip->reg[SI3210_PULSE] & SI3210_PULSE_PMOE && sim3210_can_talk(chip) &&
		  sim3210_is_powered(chip);
	struct pots_sim_meter meter = {};

	if (on == chip->metering)
		return;
	chip->metering = on;
	if (on)
		chip->meter_since = chip->now;
	else
		measure(chip, &meter);
	pots_sim_line_meter(chip->line, on ? NULL : &meter, chip->now);
}

void sim3210_meter_written(struct sim3210 *chip, u8 was)
{
	u8 val = chip->reg[SI3210_PULSE];

	if (val & ~was & SI3210_PULSE_PMOE)
		chip->meter_due = val & SI3210_PULSE_PMAE ?
				  timer_end(chip, SI3210_PAT_LO) : POTS_SIM_NEVER;
	else if (!(val & SI3210_PULSE_PMOE))
		chip->meter_due = POTS_SIM_NEVER;
	sim3210_meter_touched(chip);
}

void sim3210_meter_timer(struct sim3210 *chip)
{
	u8 *reg = &chip->reg[SI3210_PULSE];

	*reg ^= SI3210_PULSE_PMOE;
	chip->meter_due = POTS_SIM_NEVER;
	if (*reg & SI3210_PULSE_PMOE) {
		sim3210_event(chip, 0, SI3210_IRQ1_PMIP);
		if (*reg & SI3210_PULSE_PMAE)
			chip->meter_due = timer_end(chip, SI3210_PAT_LO);
	} else {
		sim3210_event(chip, 0, SI3210_IRQ1_PMAP);
		if (*reg & SI3210_PULSE_PMIE)
			chip->meter_due = timer_end(chip, SI3210_PIT_LO);
	}
	sim3210_meter_touched(chip);
}
