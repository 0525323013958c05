// SPDX-License-Identifier: GPL-2.0-only
/*
 * si3210_show: all registers, for debugfs.
 */
#include <linux/kernel.h>

#include "si3210.h"

/* In the order of their numbers; what has no name is reserved. */
static const char *const direct_names[SI3210_REG_LAST + 1] = {
	[SI3210_SPI_MODE] = "SPI_MODE", [SI3210_PCM_MODE] = "PCM_MODE",
	[SI3210_TXS_LO] = "TXS_LO", [SI3210_TXS_HI] = "TXS_HI",
	[SI3210_RXS_LO] = "RXS_LO", [SI3210_RXS_HI] = "RXS_HI",
	[SI3210_DIO] = "DIO", [SI3210_LOOPBACK] = "LOOPBACK",
	[SI3210_AUDIO_GAIN] = "AUDIO_GAIN", [SI3210_IMPEDANCE] = "IMPEDANCE",
	[SI3210_HYBRID] = "HYBRID",
	[SI3210_POWER1] = "POWER1", [SI3210_POWER2] = "POWER2",
	[SI3210_IRQ1] = "IRQ1", [SI3210_IRQ2] = "IRQ2", [SI3210_IRQ3] = "IRQ3",
	[SI3210_IRQ1_EN] = "IRQ1_EN", [SI3210_IRQ2_EN] = "IRQ2_EN",
	[SI3210_IRQ3_EN] = "IRQ3_EN", [SI3210_DTMF] = "DTMF",
	[SI3210_OSC1] = "OSC1", [SI3210_OSC2] = "OSC2",
	[SI3210_RING_OSC] = "RING_OSC", [SI3210_PULSE] = "PULSE",
	[SI3210_OAT1_LO] = "OAT1_LO", [SI3210_OAT1_HI] = "OAT1_HI",
	[SI3210_OIT1_LO] = "OIT1_LO", [SI3210_OIT1_HI] = "OIT1_HI",
	[SI3210_OAT2_LO] = "OAT2_LO", [SI3210_OAT2_HI] = "OAT2_HI",
	[SI3210_OIT2_LO] = "OIT2_LO", [SI3210_OIT2_HI] = "OIT2_HI",
	[SI3210_PAT_LO] = "PAT_LO", [SI3210_PAT_HI] = "PAT_HI",
	[SI3210_PIT_LO] = "PIT_LO", [SI3210_PIT_HI] = "PIT_HI",
	[SI3210_RAT_LO] = "RAT_LO", [SI3210_RAT_HI] = "RAT_HI",
	[SI3210_RIT_LO] = "RIT_LO", [SI3210_RIT_HI] = "RIT_HI",
	[SI3210_FSK] = "FSK", [SI3210_LCD] = "LCD",
	[SI3210_LINEFEED] = "LINEFEED", [SI3210_BIPOLAR] = "BIPOLAR",
	[SI3210_BATTERY] = "BATTERY", [SI3210_AUTO] = "AUTO",
	[SI3210_LOOP] = "LOOP", [SI3210_LCDI] = "LCDI", [SI3210_RTDI] = "RTDI",
	[SI3210_ILIM] = "ILIM", [SI3210_VOC] = "VOC", [SI3210_VCM] = "VCM",
	[SI3210_VBATH] = "VBATH", [SI3210_VBATL] = "VBATL",
	[SI3210_PWRMP] = "PWRMP", [SI3210_PWROM] = "PWROM",
	[SI3210_LVS] = "LVS", [SI3210_LCS] = "LCS",
	[SI3210_VTIP] = "VTIP", [SI3210_VRING] = "VRING",
	[SI3210_VBATS1] = "VBATS1", [SI3210_VBATS2] = "VBATS2",
	[SI3210_IQ1] = "IQ1", [SI3210_IQ2] = "IQ2", [SI3210_IQ3] = "IQ3",
	[SI3210_IQ4] = "IQ4", [SI3210_IQ5] = "IQ5", [SI3210_IQ6] = "IQ6",
	[SI3210_DCN] = "DCN", [SI3210_DCDELAY] = "DCDELAY", [SI3210_DCPW] = "DCPW",
	[SI3210_CAL1] = "CAL1", [SI3210_CAL2] = "CAL2",
	[SI3210_CAL_RING_GAIN] = "CAL_RING_GAIN",
	[SI3210_CAL_TIP_GAIN] = "CAL_TIP_GAIN",
	[SI3210_CAL_DIFF_DAC] = "CAL_DIFF_DAC", [SI3210_CAL_CM_DAC] = "CAL_CM_DAC",
	[SI3210_CAL_ILIM] = "CAL_ILIM", [SI3210_CAL_MONITOR] = "CAL_MONITOR",
	[SI3210_CAL_OFFSET_SIGN] = "CAL_OFFSET_SIGN",
	[SI3210_CAL_DAC_OFFSET] = "CAL_DAC_OFFSET",
	[SI3210_CAL_CM_BALANCE] = "CAL_CM_BALANCE",
	[SI3210_CAL_DC_PEAK] = "CAL_DC_PEAK", [SI3210_ENHANCE] = "ENHANCE",
};

static const char *const indirect_names[] = {
	"ROW0", "ROW1", "ROW2", "ROW3", "COL", "FWDTW", "REVTW", "ROWREL",
	"COLREL", "ROW2H", "COL2H", "PWRMIN", "HOTL", "OSC1", "OSC1X", "OSC1Y",
	"OSC2", "OSC2X", "OSC2Y", "ROFF", "RCO", "RNGX", "RNGY", "PLSD",
	"PLSX", "PLSCO", "DACG", "ADCG", "LCRT", "RPTP", "CML", "CMH",
	"PPT12", "PPT34", "PPT56", "NCLR", "NRTP", "NQ12", "NQ34", "NQ56",
	"VCMR", "VMIND", "DCDC_XTRA", "LCRTL",
	[SI3210_IND_SCRATCH] = "SCRATCH",
};

static int show_direct(struct si3210 *chip, char *buf, size_t len)
{
	unsigned int reg;
	int at = 0, ret;

	for (reg = 0; reg < ARRAY_SIZE(direct_names); reg++) {
		if (!direct_names[reg])
			continue;
		ret = si3210_read(chip, reg);
		if (ret < 0)
			return ret;
		at += scnprintf(buf + at, len - at, "%u %s: %02x\n", reg,
				direct_names[reg], ret);
	}
	return at;
}

static int show_indirect(struct si3210 *chip, char *buf, size_t len)
{
	unsigned int reg;
	int at = 0, ret;

	for (reg = 0; reg < ARRAY_SIZE(indirect_names); reg++) {
		if (!indirect_names[reg])
			continue;
		ret = si3210_indirect_read(chip, reg);
		if (ret < 0)
			return ret;
		at += scnprintf(buf + at, len - at, "i%u %s: %04x\n", reg,
				indirect_names[reg], ret);
	}
	return at;
}

ssize_t si3210_regs_show(struct pots_port *port, char *buf, size_t len)
{
	struct si3210 *chip = pots_port_chip(port);
	int direct, indirect;

	direct = show_direct(chip, buf, len);
	if (direct < 0)
		return direct;
	indirect = show_indirect(chip, buf + direct, len - direct);
	return indirect < 0 ? indirect : direct + indirect;
}
