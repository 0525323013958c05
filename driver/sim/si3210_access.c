// SPDX-License-Identifier: GPL-2.0-only
/*
 * pots-sim: what reading and writing the registers of an Si3210 does.
 */
#include "si3210.h"

/* --------------------------------------------------- indirect registers --- */

static u64 next_service(u64 now)
{
	return pots_sim_rounddown_ns(now, SI3210_IND_SERVICE_NS) + SI3210_IND_SERVICE_NS;
}

static void indirect_written(struct sim3210 *chip, u8 reg)
{
	switch (reg) {
	case SI3210_IND_VCMR:
	case SI3210_IND_VMIND:
	case SI3210_IND_LCRTL:
	case SI3210_IND_LCRT ... SI3210_IND_NQ56:
		sim3210_feed_touched(chip);
	}
}

void sim3210_indirect_served(struct sim3210 *chip)
{
	u8 reg = chip->reg[SI3210_IAA];
	s32 other = chip->line->fault.indirect[reg];

	chip->ind_due = POTS_SIM_NEVER;
	if (chip->ind_write) {
		chip->ind[reg] = other >= 0 ? other : chip->ind_data;
		indirect_written(chip, reg);
	} else {
		chip->reg[SI3210_IDA_LO] = chip->ind[reg];
		chip->reg[SI3210_IDA_HI] = chip->ind[reg] >> 8;
	}
	sim3210_event(chip, 2, SI3210_IRQ3_INDP);
}

static void indirect_begun(struct sim3210 *chip)
{
	if (chip->ind_due != POTS_SIM_NEVER)
		chip->bad_access++;
	chip->ind_write = chip->ida_written;
	chip->ind_data = sim3210_reg16(chip, SI3210_IDA_LO);
	chip->ida_written = false;
	/* Without its clock the chip never serves it. */
	chip->ind_due = next_service(chip->now);
}

/* ---------------------------------------------------------------- reads --- */

static u8 read_ring_osc(struct sim3210 *chip)
{
	u8 val = chip->reg[SI3210_RING_OSC];

	if (chip->lfs != SI3210_LF_RINGING)
		return val;
	val |= SI3210_RING_OSC_RSS | SI3210_RING_OSC_ROE;
	if (sim3210_is_powered(chip))
		val |= SI3210_RING_OSC_RDAC;
	return val;
}

u8 sim3210_read(struct sim3210 *chip, u8 reg)
{
	switch (reg) {
	case SI3210_IAS:
		return chip->ind_due != POTS_SIM_NEVER ? SI3210_IAS_BUSY : 0;
	case SI3210_OSC1:
	case SI3210_OSC2:
		return chip->reg[reg] |
		       (chip->osc[reg - SI3210_OSC1].on ? SI3210_OSC_OSS : 0);
	case SI3210_DTMF:
		sim3210_dtmf_watched(chip);
		return chip->reg[reg];
	case SI3210_RING_OSC:
		return read_ring_osc(chip);
	case SI3210_PULSE:
		return chip->reg[reg] | (chip->metering ? SI3210_PULSE_PSTAT : 0);
	case SI3210_LINEFEED:
		return chip->reg[reg] | FIELD_PREP(SI3210_LINEFEED_LFS, chip->lfs);
	case SI3210_LOOP:
	case SI3210_PWROM ... SI3210_IQ6:
	case SI3210_DCPW:
		return sim3210_read_monitor(chip, reg);
	default:
		return chip->reg[reg];
	}
}

/* --------------------------------------------------------------- writes --- */

static const u8 sim3210_reserved[] = SI3210_RESERVED_REGS;
static const u8 sim3210_read_only[] = SI3210_READ_ONLY_REGS;

static bool is_listed(u8 reg, const u8 *list, unsigned int n)
{
	return memchr(list, reg, n);
}

/* Bits that a write does not change. */
static u8 fixed_bits(u8 reg)
{
	switch (reg) {
	case SI3210_SPI_MODE:
		return SI3210_SPI_MODE_PNI | SI3210_SPI_MODE_RNI;
	case SI3210_PCM_MODE:
		return SI3210_PCM_MODE_PNI2;
	case SI3210_TXS_HI:
	case SI3210_RXS_HI:
		return (u8)~SI3210_XS_HI_MASK;
	case SI3210_OSC1:
	case SI3210_OSC2:
		return SI3210_OSC_OSS;
	case SI3210_RING_OSC:
		return SI3210_RING_OSC_RSS | SI3210_RING_OSC_RDAC | SI3210_RING_OSC_ROE;
	case SI3210_PULSE:
		return SI3210_PULSE_PSTAT;
	case SI3210_LINEFEED:
		return SI3210_LINEFEED_LFS;
	case SI3210_DCN:
		return SI3210_DCN_ONE;
	case SI3210_DCDELAY:
		return SI3210_DCDELAY_DCPOL;
	default:
		return 0;
	}
}

static void linefeed_written(struct sim3210 *chip, u8 lf)
{
	if (lf != SI3210_LF_RINGING)
		sim3210_ring_timed(chip, false);
	chip->rtp = false;
	sim3210_set_linefeed(chip, lf);
	if (lf == SI3210_LF_RINGING)
		sim3210_ring_timed(chip, true);
}

/* What follows from a register's new value; @was is the old one. */
static void written(struct sim3210 *chip, u8 reg, u8 was)
{
	u8 val = chip->reg[reg];

	switch (reg) {
	case SI3210_IDA_LO:
	case SI3210_IDA_HI:
		chip->ida_written = true;
		break;
	case SI3210_IAA:
		indirect_begun(chip);
		break;
	case SI3210_OSC1:
	case SI3210_OSC2:
		sim3210_osc_written(chip, reg - SI3210_OSC1, was);
		break;
	case SI3210_PULSE:
		sim3210_meter_written(chip, was);
		break;
	case SI3210_LINEFEED:
		linefeed_written(chip, FIELD_GET(SI3210_LINEFEED_LF, val));
		break;
	case SI3210_CAL1:
		if (val & ~was & SI3210_CAL1_CAL)
			sim3210_cal_start(chip);
		break;
	case SI3210_DCDELAY:
		if (val & ~was & SI3210_DCDELAY_DCCAL)
			sim3210_dccal_start(chip);
		sim3210_feed_touched(chip);
		break;
	case SI3210_POWER1:
	case SI3210_BIPOLAR ... SI3210_AUTO:
	case SI3210_LCDI ... SI3210_VBATL:
	case SI3210_DCN:
	case SI3210_ENHANCE:
		sim3210_feed_touched(chip);
		break;
	}
}

void sim3210_write(struct sim3210 *chip, u8 reg, u8 val)
{
	u8 was = chip->reg[reg], fixed = fixed_bits(reg);

	if (reg > SI3210_REG_LAST ||
	    is_listed(reg, sim3210_reserved, ARRAY_SIZE(sim3210_reserved))) {
		chip->bad_writes++;
		return;
	}
	if (is_listed(reg, sim3210_read_only, ARRAY_SIZE(sim3210_read_only)))
		return;
	if (reg >= SI3210_IRQ1 && reg <= SI3210_IRQ3) {
		chip->reg[reg] &= ~val;
		return;
	}

	chip->reg[reg] = (val & ~fixed) | (was & fixed);
	written(chip, reg, was);
}
