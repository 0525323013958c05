// SPDX-License-Identifier: GPL-2.0-only
/*
 * si3050_show: all registers, for debugfs.
 */
#include <linux/kernel.h>

#include "si3050.h"

/* In the order of their numbers; what has no name is reserved. */
static const char *const names[SI3050_REG_LAST + 1] = {
	[SI3050_CONTROL1] = "CONTROL1", [SI3050_CONTROL2] = "CONTROL2",
	[SI3050_IRQ_MASK] = "IRQ_MASK", [SI3050_IRQ] = "IRQ",
	[SI3050_DAA1] = "DAA1", [SI3050_DAA2] = "DAA2", [SI3050_DAA3] = "DAA3",
	[SI3050_ID] = "ID", [SI3050_LINE_STATUS] = "LINE_STATUS",
	[SI3050_LINE_REV] = "LINE_REV", [SI3050_DAA4] = "DAA4",
	[SI3050_MUTE] = "MUTE", [SI3050_INTL1] = "INTL1", [SI3050_INTL2] = "INTL2",
	[SI3050_INTL3] = "INTL3", [SI3050_INTL4] = "INTL4",
	[SI3050_MONITOR_RX] = "MONITOR_RX", [SI3050_MONITOR_TX] = "MONITOR_TX",
	[SI3050_RING1] = "RING1", [SI3050_RING2] = "RING2", [SI3050_RING3] = "RING3",
	[SI3050_CALIBRATION] = "CALIBRATION", [SI3050_DC_TERM] = "DC_TERM",
	[SI3050_LCS2] = "LCS2", [SI3050_LVS] = "LVS", [SI3050_AC_TERM] = "AC_TERM",
	[SI3050_DAA5] = "DAA5", [SI3050_GROUND_START] = "GROUND_START",
	[SI3050_PCM_MODE] = "PCM_MODE",
	[SI3050_TXS_LO] = "TXS_LO", [SI3050_TXS_HI] = "TXS_HI",
	[SI3050_RXS_LO] = "RXS_LO", [SI3050_RXS_HI] = "RXS_HI",
	[SI3050_TX_GAIN] = "TX_GAIN", [SI3050_RX_GAIN] = "RX_GAIN",
	[SI3050_TX_GAIN_FINE] = "TX_GAIN_FINE", [SI3050_RX_GAIN_FINE] = "RX_GAIN_FINE",
	[SI3050_GCI] = "GCI", [SI3050_THRESHOLD] = "THRESHOLD",
	[SI3050_THRESHOLD_CONTROL] = "THRESHOLD_CONTROL",
	[SI3050_HYBRID] = "HYBRID1", [SI3050_HYBRID + 1] = "HYBRID2",
	[SI3050_HYBRID + 2] = "HYBRID3", [SI3050_HYBRID + 3] = "HYBRID4",
	[SI3050_HYBRID + 4] = "HYBRID5", [SI3050_HYBRID + 5] = "HYBRID6",
	[SI3050_HYBRID + 6] = "HYBRID7", [SI3050_HYBRID + 7] = "HYBRID8",
	[SI3050_SPARK] = "SPARK",
};

ssize_t si3050_regs_show(struct pots_port *port, char *buf, size_t len)
{
	struct si3050 *chip = pots_port_chip(port);
	unsigned int reg;
	int at = 0, ret;

	for (reg = 0; reg < ARRAY_SIZE(names); reg++) {
		if (!names[reg])
			continue;
		ret = si3050_read(chip, reg);
		if (ret < 0)
			return ret;
		at += scnprintf(buf + at, len - at, "%u %s: %02x\n", reg, names[reg], ret);
	}
	return at;
}
