// SPDX-License-Identifier: GPL-2.0-only
/*
 * pots-sim: the calibrations of an Si3210.
 *
 * Each chip has its own truth; a register that calibration did not set is
 * wrong by the difference, and somebody sees or hears it.
 */
#include "si3210.h"

#define SETTLE_SLOW_NS		(300 * (u64)NSEC_PER_MSEC)
#define SETTLE_FAST_NS		(30 * (u64)NSEC_PER_MSEC)
#define PER_BIT_NS		(20 * (u64)NSEC_PER_MSEC)
#define DCCAL_NS		(16 * (u64)NSEC_PER_MSEC)

/* Which bit sets which results; a word of register 96 and 97. */
static const struct {
	u16 bit;
	u8 reg;
} cal_steps[] = {
	{ SI3210_CAL1_CALR << 8,	SI3210_CAL_RING_GAIN },
	{ SI3210_CAL1_CALT << 8,	SI3210_CAL_TIP_GAIN },
	{ SI3210_CAL1_CALD << 8,	SI3210_CAL_DIFF_DAC },
	{ SI3210_CAL1_CALC << 8,	SI3210_CAL_CM_DAC },
	{ SI3210_CAL1_CALIL << 8,	SI3210_CAL_ILIM },
	{ SI3210_CAL2_CALM1,		SI3210_CAL_MONITOR },
	{ SI3210_CAL2_CALM2,		SI3210_CAL_MONITOR },
	{ SI3210_CAL2_CALDAC,		SI3210_CAL_DAC_OFFSET },
	{ SI3210_CAL2_CALADC,		SI3210_CAL_OFFSET_SIGN },
	{ SI3210_CAL2_CALCM,		SI3210_CAL_CM_BALANCE },
};

static u16 wanted(const struct sim3210 *chip)
{
	return chip->reg[SI3210_CAL1] << 8 | chip->reg[SI3210_CAL2];
}

static u8 truth(const struct sim3210 *chip, u8 reg)
{
	return chip->truth.result[reg - SI3210_CAL_RING_GAIN];
}

void sim3210_cal_start(struct sim3210 *chip)
{
	u64 ns = chip->reg[SI3210_CAL1] & SI3210_CAL1_CALSP ? SETTLE_FAST_NS : SETTLE_SLOW_NS;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cal_steps); i++)
		if (wanted(chip) & cal_steps[i].bit)
			ns += PER_BIT_NS;
	chip->cal_due = chip->now + ns;
}

/* It measures an open line with battery; on another it finds nonsense. */
void sim3210_cal_done(struct sim3210 *chip)
{
	bool sound = chip->vbat_mv > 10000 && chip->lfs == SI3210_LF_OPEN &&
		     !pots_sim_line_closed(chip->line);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cal_steps); i++) {
		u8 reg = cal_steps[i].reg;

		if (wanted(chip) & cal_steps[i].bit)
			chip->reg[reg] = sound ? truth(chip, reg) : 0x1f;
	}
	chip->reg[SI3210_CAL1] = 0;
	chip->reg[SI3210_CAL2] = 0;
	chip->cal_due = POTS_SIM_NEVER;
	sim3210_feed_touched(chip);
}

/* The hook moved. */
void sim3210_cal_disturbed(struct sim3210 *chip)
{
	if (chip->cal_due != POTS_SIM_NEVER &&
	    chip->reg[SI3210_CAL2] & SI3210_CAL2_CALCM)
		sim3210_event(chip, 2, SI3210_IRQ3_CMCP);
}

void sim3210_dccal_start(struct sim3210 *chip)
{
	chip->dccal_due = chip->now + DCCAL_NS;
}

void sim3210_dccal_done(struct sim3210 *chip)
{
	chip->reg[SI3210_DCDELAY] &= ~SI3210_DCDELAY_DCCAL;
	chip->reg[SI3210_CAL_DC_PEAK] = truth(chip, SI3210_CAL_DC_PEAK);
	chip->dccal_due = POTS_SIM_NEVER;
}

/* How far a result is from the truth. */
int sim3210_cal_error(const struct sim3210 *chip, u8 reg)
{
	return truth(chip, reg) - chip->reg[reg];
}
