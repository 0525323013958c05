// SPDX-License-Identifier: GPL-2.0-only
/*
 * pots-sim: registers of an Si3050 as the bus sees them.
 */
#include <linux/string.h>

#include "si3050.h"

#define REVISION	5	/* of the system side */
#define RESET_NS	20000000ULL	/* a software reset (not verified) */

static const struct {
	u8 reg;
	u8 val;
} reset_values[] = {
	{ SI3050_CONTROL2,	SI3050_CONTROL2_RESET },
	{ SI3050_DAA2,		SI3050_DAA2_RESET },
	{ SI3050_RING1,		SI3050_RING1_RESET },
	{ SI3050_RING2,		SI3050_RING2_RESET },
	{ SI3050_RING3,		SI3050_RING3_RESET },
	{ SI3050_DAA5,		SI3050_DAA5_RESET },
};

static const u8 reserved[] = SI3050_RESERVED_REGS;
static const u8 read_only[] = SI3050_READ_ONLY_REGS;

void sim3050_registers_reset(struct sim3050 *chip)
{
	unsigned int i;

	memset(chip->reg, 0, sizeof(chip->reg));
	for (i = 0; i < ARRAY_SIZE(reset_values); i++)
		chip->reg[reset_values[i].reg] = reset_values[i].val;
}

static bool is_resetting(const struct sim3050 *chip)
{
	return chip->reset_due != POTS_SIM_NEVER;
}

u8 sim3050_read(struct sim3050 *chip, u8 reg)
{
	if (is_resetting(chip))
		return reg == SI3050_CONTROL1 ? SI3050_CONTROL1_SR : 0;
	switch (reg) {
	case SI3050_DAA1:
		return chip->reg[reg] | sim3050_read_ring(chip);
	case SI3050_ID:
		return (chip->link ? FIELD_PREP(SI3050_ID_LSID, SI3050_LSID_SI3019) : 0) |
		       REVISION;
	case SI3050_LINE_STATUS:
	case SI3050_LINE_REV:
	case SI3050_INTL4:
	case SI3050_LCS2:
	case SI3050_LVS:
		return sim3050_read_line(chip, reg);
	default:
		return chip->reg[reg];
	}
}

/* Bits that a write may clear and not set. */
static u8 sticky_bits(u8 reg)
{
	switch (reg) {
	case SI3050_IRQ:
		return 0xff;
	case SI3050_INTL2:
		return SI3050_INTL2_BTD | SI3050_INTL2_ROV;
	default:
		return 0;
	}
}

/* Bits that a write does not change. */
static u8 fixed_bits(u8 reg)
{
	switch (reg) {
	case SI3050_DAA1:
		return (u8)~(SI3050_DAA1_ONHM | SI3050_DAA1_OH);
	case SI3050_INTL4:
		return 0xff;
	case SI3050_TXS_HI:
	case SI3050_RXS_HI:
		return (u8)~SI3050_XS_HI_MASK;
	default:
		return 0;
	}
}

/* What follows from a register's new value; @was is the old one. */
static void written(struct sim3050 *chip, u8 reg, u8 was)
{
	switch (reg) {
	case SI3050_CONTROL1:
		if (!(chip->reg[reg] & SI3050_CONTROL1_SR))
			break;
		sim3050_line_reset(chip);
		chip->reset_due = chip->now + RESET_NS;
		break;
	case SI3050_DAA1:
		sim3050_hook_written(chip, was);
		break;
	case SI3050_DAA2:
		sim3050_link_written(chip);
		break;
	case SI3050_INTL2:
		sim3050_protection_written(chip, was);
		sim3050_look(chip);
		break;
	case SI3050_DC_TERM:
	case SI3050_DAA5:
		sim3050_look(chip);
		break;
	}
}

void sim3050_write(struct sim3050 *chip, u8 reg, u8 val)
{
	u8 was = chip->reg[reg], fixed = fixed_bits(reg), sticky = sticky_bits(reg);

	if (is_resetting(chip))
		return;
	if (reg > SI3050_REG_LAST || memchr(reserved, reg, sizeof(reserved)) ||
	    memchr(read_only, reg, sizeof(read_only))) {
		chip->bad_writes++;
		return;
	}
	val = (val & ~sticky) | (val & was & sticky);
	chip->reg[reg] = (val & ~fixed) | (was & fixed);
	written(chip, reg, was);
}
