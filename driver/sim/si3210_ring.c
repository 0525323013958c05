// SPDX-License-Identifier: GPL-2.0-only
/*
 * pots-sim: the ringing oscillator of an Si3210 and automatic ringing.
 */
#include "si3210.h"

#define TRAPEZOID_TICKS		8	/* of 125 us in a sample of 1 ms */

void sim3210_ring_start(struct sim3210 *chip, u64 now)
{
	chip->ring.on = true;
	sim3210_osc_load(&chip->ring, chip->ind[SI3210_IND_RNGX],
			 chip->ind[SI3210_IND_RNGY]);
	if (chip->reg[SI3210_RING_OSC] & SI3210_RING_OSC_TSWS) {
		chip->ring.y = 0;
		chip->ring_up = true;
		chip->ring_ticks = (u16)chip->ind[SI3210_IND_RNGY] / 2;
	}
	chip->ring_at = now;
	if (chip->osc[1].on)
		chip->osc_conflicts++;
	pots_sim_line_ring(chip->line, true, now);
}

void sim3210_ring_stop(struct sim3210 *chip, u64 now)
{
	sim3210_ring_mv(chip, now);
	chip->ring.on = false;
	pots_sim_line_ring(chip->line, false, now);
}

/* Rises and falls by RCO to plus and minus RNGX, and turns after RNGY ticks. */
static s32 trapezoid(struct sim3210 *chip)
{
	s32 step = chip->ind[SI3210_IND_RCO], peak = chip->ind[SI3210_IND_RNGX] & 0x7fff;
	unsigned int i;

	for (i = 0; i < TRAPEZOID_TICKS; i++) {
		chip->ring.y += chip->ring_up ? step : -step;
		chip->ring.y = clamp(chip->ring.y, -peak, peak);
		if (++chip->ring_ticks >= chip->ind[SI3210_IND_RNGY]) {
			chip->ring_ticks = 0;
			chip->ring_up = !chip->ring_up;
		}
	}
	return chip->ring.y;
}

s32 sim3210_ring_dc_mv(const struct sim3210 *chip)
{
	if (!(chip->reg[SI3210_RING_OSC] & SI3210_RING_OSC_RVO))
		return 0;
	return (s16)chip->ind[SI3210_IND_ROFF] * (SI3210_RING_FULL_MV / 1000) * 125 / 4096;
}

static s32 next_ring_mv(struct sim3210 *chip)
{
	s32 peak, word, mv;

	if (chip->reg[SI3210_RING_OSC] & SI3210_RING_OSC_TSWS)
		word = trapezoid(chip);
	else
		word = sim3210_resonate(&chip->ring, chip->ind[SI3210_IND_RCO]);
	mv = clamp(word, -32768, 32767) * (SI3210_RING_FULL_MV / 1000) * 125 / 4096;
	mv += sim3210_ring_dc_mv(chip);

	/* The battery, less what the output stage needs, is all there is. */
	peak = chip->vbat_mv - 3000 -
	       FIELD_GET(SI3210_IND_VOV_MASK, chip->ind[SI3210_IND_VCMR]) * SI3210_VOLT_MV;
	peak = sim3210_is_powered(chip) ? max(peak, 0) : 0;
	return clamp(mv, -peak, peak);
}

/* The voltage at @at: the oscillator runs at 1 kHz. */
s32 sim3210_ring_mv(struct sim3210 *chip, u64 at)
{
	s32 mv = chip->line->phone.ring_last_mv;

	while (chip->ring.on && chip->ring_at <= at) {
		mv = next_ring_mv(chip);
		pots_sim_line_ring_sample(chip->line, mv, chip->ring_at);
		chip->ring_at += SIM3210_RING_NS;
	}
	return mv;
}

/* --------------------------------------------------- bursts and pauses --- */

static u64 ring_time(const struct sim3210 *chip, u8 lo)
{
	return chip->now + (u64)sim3210_reg16(chip, lo) * SI3210_TIMER_NS;
}

void sim3210_ring_timed(struct sim3210 *chip, bool on)
{
	u8 control = chip->reg[SI3210_RING_OSC];

	chip->ring_timed = on && (control & SI3210_RING_OSC_RTAE);
	chip->ring_due = chip->ring_timed ? ring_time(chip, SI3210_RAT_LO) :
					    POTS_SIM_NEVER;
}

void sim3210_ring_timer(struct sim3210 *chip)
{
	u8 control = chip->reg[SI3210_RING_OSC];

	chip->ring_due = POTS_SIM_NEVER;
	if (chip->lfs == SI3210_LF_RINGING) {
		sim3210_event(chip, 0, SI3210_IRQ1_RGAP);
		sim3210_set_linefeed(chip, SI3210_LF_OHT_FORWARD);
		if (control & SI3210_RING_OSC_RTIE)
			chip->ring_due = ring_time(chip, SI3210_RIT_LO);
	} else {
		sim3210_event(chip, 0, SI3210_IRQ1_RGIP);
		sim3210_set_linefeed(chip, SI3210_LF_RINGING);
		if (control & SI3210_RING_OSC_RTAE)
			chip->ring_due = ring_time(chip, SI3210_RAT_LO);
	}
}
