/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Si3050 with a line side Si3018 or Si3019: registers.
 *
 * Numbers, bits, units and reset values only; no policy of a driver. A
 * register without a _RESET value is 0 after reset or read-only. What is
 * written to the line side reaches it once the isolation link is up.
 *
 * Where the number or the bit was not read in a data sheet, nor seen in a
 * driver that works, it stands in the last part of this file.
 */
#ifndef _SI3050_REGS_H
#define _SI3050_REGS_H

#include <linux/bits.h>

/*
 * Framing: three bytes, most significant bit first, SPI mode 3, chip select
 * high after each: control, register, data. SCLK high while RESET# rises
 * chooses SPI, low GCI.
 *
 * Chips in a daisy chain share chip select. Each hands the control byte on
 * with its channel less one, and the one that hears 0 is meant; so that it can
 * be done bit by bit as they come, the channel stands there with its least
 * significant bit first.
 */
#define SI3050_SPI_WRITE		0x20
#define SI3050_SPI_READ			0x60
#define SI3050_SPI_ONE			BIT(5)	/* always 1 */
#define SI3050_SPI_RD			BIT(6)
#define SI3050_SPI_CHANNEL		GENMASK(3, 0)	/* see SI3050_CHANNELS */
#define SI3050_SPI_ADDR			GENMASK(6, 0)
#define SI3050_SPI_BYTES		3
#define SI3050_CHAIN_MAX		16

/* The channel of each chip, as it stands in the control byte. */
#define SI3050_CHANNELS { \
	0x0, 0x8, 0x4, 0xc, 0x2, 0xa, 0x6, 0xe, \
	0x1, 0x9, 0x5, 0xd, 0x3, 0xb, 0x7, 0xf, \
}

/* What an access reads when no chip drives SDO. */
#define SI3050_SPI_FLOATING		0xff

/*
 * RESET# is low for 10 PCLK or 250 ns, whichever is longer. The PLL has locked
 * 64 PCLK after the clock is there, 1 ms at the most.
 */
#define SI3050_RESET_PCLKS		10
#define SI3050_PLL_US			1000

/* ----------------------------------------------------------- system side --- */

#define SI3050_CONTROL1			1
#define SI3050_CONTROL1_SR		BIT(7)	/* software reset, clears itself */

#define SI3050_CONTROL2			2
#define SI3050_CONTROL2_RESET		0x03
#define SI3050_CONTROL2_INTE		BIT(7)	/* AOUT/INT# is the interrupt */
#define SI3050_CONTROL2_RDI		BIT(2)	/* RDTI at begin and end, else begin */

/*
 * Interrupt enables and sources, the same bits. A source stays until 0 is
 * written to it; those written 1 stay as they are.
 */
#define SI3050_IRQ_MASK			3
#define SI3050_IRQ			4
#define SI3050_IRQ_RDT			BIT(7)	/* ring */
#define SI3050_IRQ_ROV			BIT(6)	/* receive overload */
#define SI3050_IRQ_FDT			BIT(5)	/* isolation link lost */
#define SI3050_IRQ_BTD			BIT(4)	/* billing tone */
#define SI3050_IRQ_DOD			BIT(3)	/* drop-out */
#define SI3050_IRQ_LCSO			BIT(2)	/* loop current beyond its range */
#define SI3050_IRQ_TGD			BIT(1)	/* tip ground */
#define SI3050_IRQ_POL			BIT(0)	/* bit 7 of LVS has changed */

#define SI3050_DAA1			5
#define SI3050_DAA1_RDTN		BIT(6)	/* now below the negative threshold */
#define SI3050_DAA1_RDTP		BIT(5)	/* now above the positive one */
#define SI3050_DAA1_ONHM		BIT(3)	/* hear the line while on-hook */
#define SI3050_DAA1_RDT			BIT(2)	/* rings; stays 5 s unless validated */
#define SI3050_DAA1_OH			BIT(0)	/* off-hook */
#define SI3050_RDT_MS			5000

#define SI3050_DAA2			6

#define SI3050_DAA3			10
#define SI3050_DAA3_DDL			BIT(0)	/* digital data loopback */

#define SI3050_ID			11	/* read-only */
#define SI3050_ID_LSID			GENMASK(7, 4)	/* line side; 0: no link */
#define SI3050_ID_REVA			GENMASK(3, 0)

#define SI3050_LINE_STATUS		12	/* read-only */
#define SI3050_LINE_STATUS_FDT		BIT(6)	/* isolation link in lock */
#define SI3050_LINE_STATUS_LCS		GENMASK(4, 0)	/* loop current */
#define SI3050_LCS_UA			3300
#define SI3050_LCS_OVERLOAD		31	/* more than 127 mA */

#define SI3050_LINE_REV			13	/* read-only, line side */
#define SI3050_LINE_REV_REVB		GENMASK(5, 2)

#define SI3050_PCM_MODE			33
#define SI3050_PCM_MODE_PCME		BIT(5)	/* enable */
#define SI3050_PCM_MODE_PCMF		GENMASK(4, 3)
#define SI3050_PCMF_ALAW		0
#define SI3050_PCMF_ULAW		1
#define SI3050_PCMF_LINEAR		3	/* 16 bits */

/* PCLKs after FSYNC before the transfer begins. */
#define SI3050_TXS_LO			34
#define SI3050_TXS_HI			35
#define SI3050_RXS_LO			36
#define SI3050_RXS_HI			37

/* Gains: transmit is toward the line. 1 dB a step, then 0.1 dB a step. */
#define SI3050_TX_GAIN			38
#define SI3050_RX_GAIN			39
#define SI3050_TX_GAIN_FINE		40
#define SI3050_RX_GAIN_FINE		41
#define SI3050_GAIN_ATTENUATE		BIT(4)
#define SI3050_GAIN_STEPS		GENMASK(3, 0)
#define SI3050_GAIN_MAX			12	/* of amplification, dB */

/* ------------------------------------------------------------- line side --- */

#define SI3050_INTL1			16
#define SI3050_INTL1_ACT2		BIT(7)	/* Si3018: AC termination */
#define SI3050_INTL1_OHS		BIT(6)	/* on-hook speed, with OHS2 and SQ */
#define SI3050_INTL1_ACT		BIT(5)
#define SI3050_INTL1_IIRE		BIT(4)
#define SI3050_INTL1_RZ			BIT(1)	/* synthesise a ringer's impedance */
#define SI3050_INTL1_RT			BIT(0)	/* ring threshold, with RT2 */

#define SI3050_INTL2			17
#define SI3050_INTL2_CALD		BIT(5)	/* no calibration at off-hook */
#define SI3050_INTL2_BTD		BIT(0)	/* billing tone; write 0 to clear */

#define SI3050_INTL3			18
#define SI3050_INTL3_RFWE		BIT(1)	/* ring detector: full wave */

#define SI3050_INTL4			19
#define SI3050_INTL4_OVL		BIT(2)	/* receive overload, now */
#define SI3050_INTL4_DOD		BIT(1)	/* the line feeds no more; read-only */
#define SI3050_INTL4_OPD		BIT(0)	/* overload protection has acted */

/*
 * Ring validation: a timer starts at RAS and counts down every 2 ms; when TIP
 * and RING change over, which they do twice a period, it must be at or below
 * RMX and not at 0. So RAS = 1 / (2 f_min 2 ms) and
 * RMX = RAS - 1 / (2 f_max 2 ms).
 */
#define SI3050_RING1			22
#define SI3050_RING1_RESET		0x96
#define SI3050_RING1_RDLY		GENMASK(7, 6)	/* low bits of the delay */
#define SI3050_RING1_RMX		GENMASK(5, 0)
#define SI3050_RING2			23
#define SI3050_RING2_RDLY2		BIT(7)	/* its high bit */
#define SI3050_RDLY_MS			256
#define SI3050_RING3			24
#define SI3050_RING3_RESET		0x19
#define SI3050_RING3_RNGV		BIT(7)	/* enable */
#define SI3050_RING3_RAS		GENMASK(5, 0)
#define SI3050_RING_STEP_US		2000

#define SI3050_CALIBRATION		25

#define SI3050_DC_TERM			26
#define SI3050_DC_TERM_DCV		GENMASK(7, 6)	/* 3.1, 3.2, 3.35, 3.5 V */
#define SI3050_DC_TERM_MINI		GENMASK(5, 4)	/* 10, 12, 14, 16 mA */
#define SI3050_DC_TERM_ILIM		BIT(1)	/* 60 mA */

#define SI3050_LCS2			28	/* read-only: loop current */

#define SI3050_LVS			29	/* read-only: TIP less RING, signed */
#define SI3050_LVS_MV			1000
#define SI3050_LVS_MIN			3	/* below it reads 0, unless LVFD */

#define SI3050_AC_TERM			30	/* Si3019 */
#define SI3050_AC_TERM_ACIM		GENMASK(3, 0)

#define SI3050_DAA5			31
#define SI3050_DAA5_RESET		0x20
#define SI3050_DAA5_FULL		BIT(7)	/* full scale is 3.2 dBm, else 0 dBm */
#define SI3050_DAA5_FOH			GENMASK(6, 5)	/* silence after off-hook */
#define SI3050_FOH_512MS		0
#define SI3050_FOH_128MS		1
#define SI3050_FOH_64MS			2
#define SI3050_FOH_8MS			3
#define SI3050_DAA5_OHS2		BIT(3)
#define SI3050_DAA5_FILT		BIT(1)	/* receive from 200 Hz, else from 5 Hz */
#define SI3050_DAA5_LVFD		BIT(0)	/* LVS also below 3 V */

/* Eight coefficients of the hybrid's balance, signed. */
#define SI3050_HYBRID			45
#define SI3050_HYBRID_COUNT		8

#define SI3050_SPARK			59

#define SI3050_REG_LAST			59
#define SI3050_REG_COUNT		128

/* Registers that must not be written; so must those above SI3050_REG_LAST. */
#define SI3050_RESERVED_REGS { 0, 7, 8, 9, 27, 53, 54, 55, 56, 57, 58 }

/* Registers that only read. */
#define SI3050_READ_ONLY_REGS { \
	SI3050_ID, SI3050_LINE_STATUS, SI3050_LINE_REV, SI3050_LCS2, SI3050_LVS, \
}

/* ---------------------------------------------- not verified: from memory --- */
/*
 * From memory of the data sheet. Compare with one before relying on it for
 * more than is done here, and move what has been compared up.
 */

#define SI3050_SPI_BROADCAST		BIT(7)	/* all chips of a chain */

/* PCLK is counted from FSYNC with ten bits. */
#define SI3050_XS_HI_MASK		GENMASK(1, 0)

#define SI3050_CONTROL1_PWMM		GENMASK(5, 4)	/* call-progress monitor */
#define SI3050_CONTROL1_PWME		BIT(3)
#define SI3050_CONTROL1_IDL		BIT(1)	/* loopback over the isolation link */

#define SI3050_CONTROL2_INTP		BIT(6)	/* interrupt active: 0 low, 1 high */
#define SI3050_CONTROL2_WDTEN		BIT(4)	/* on-hook without accesses for 4 s */
#define SI3050_CONTROL2_AL		BIT(3)	/* analog loopback */
#define SI3050_CONTROL2_HYBE		BIT(1)	/* hybrid enable */
#define SI3050_CONTROL2_RXE		BIT(0)	/* receive enable */

#define SI3050_DAA2_RESET		0x10
#define SI3050_DAA2_PDL			BIT(4)	/* line side off, link down */
#define SI3050_DAA2_PDN			BIT(3)	/* system side off, too */

#define SI3050_LSID_SI3018		1
#define SI3050_LSID_SI3019		3

#define SI3050_DAA4			14
#define SI3050_DAA4_RPOL		BIT(1)	/* RGDT# active: 0 low, 1 high */

#define SI3050_MUTE			15
#define SI3050_MUTE_TXM			BIT(7)	/* toward the line */
#define SI3050_MUTE_RXM			BIT(3)	/* toward the PCM bus */

/* OHS OHS2 SQ: 0 0 0 < 0.5 ms; 0 1 0 3 ms; 1 - 11 26 ms. */
#define SI3050_SPARK_TB3		BIT(7)
#define SI3050_SPARK_SQ1		BIT(6)
#define SI3050_SPARK_SQ0		BIT(4)
#define SI3050_SPARK_RG1		BIT(2)
#define SI3050_SPARK_GCE		BIT(1)
#define SI3050_SPARK_SQ			(SI3050_SPARK_SQ1 | SI3050_SPARK_SQ0)

/* RT2 RT: 0 0 13.5 to 16.5 V; 1 0 19.35 to 23.65 V; 1 1 40.5 to 49.5 V rms. */
#define SI3050_INTL2_CALZ		BIT(7)
#define SI3050_INTL2_MCAL		BIT(6)
#define SI3050_INTL2_RT2		BIT(4)
#define SI3050_INTL2_OPE		BIT(3)	/* overload protection: on-hook at once */
#define SI3050_INTL2_BTE		BIT(2)	/* detect billing tones */
#define SI3050_INTL2_ROV		BIT(1)	/* receive overload, stays */

#define SI3050_MONITOR_RX		20	/* call-progress attenuation */
#define SI3050_MONITOR_TX		21

/*
 * With RNGV, RDT and RDTI follow the envelope of what was found valid while
 * RFWE is 0; with RFWE, they are a one-shot at each crossing of the threshold.
 */
#define SI3050_RING2_RESET		0x2d
#define SI3050_RING2_RTO		GENMASK(6, 3)	/* end, 128 ms a step */
#define SI3050_RTO_MS			128
#define SI3050_RTO_ZERO_MS		80
#define SI3050_RING2_RCC		GENMASK(2, 0)	/* confirmation, SI3050_RCC_MS */
#define SI3050_RCC_MS { 100, 150, 200, 256, 384, 512, 640, 1024 }

#define SI3050_CALIBRATION_RCALS	BIT(7)	/* busy */
#define SI3050_CALIBRATION_RCALM	BIT(6)	/* start by hand */
#define SI3050_CALIBRATION_RCALD	BIT(5)	/* off */
#define SI3050_CALIBRATION_RCAL		GENMASK(3, 0)

#define SI3050_DC_TERM_DCR		BIT(0)	/* 800 ohm, else 50 */

#define SI3050_LCS2_UA			1100

#define SI3050_AC_TERM_FULL2		BIT(4)	/* full scale is 6 dBm */

/* ACIM; two in a row of figures are alike for it. */
#define SI3050_ACIM_600			0
#define SI3050_ACIM_900			1
#define SI3050_ACIM_TBR21		2	/* 270 + (750 || 150 nF), 275 + (780 || 150 nF) */
#define SI3050_ACIM_AU			3	/* 220 + (820 || 120 nF), 220 + (820 || 115 nF) */
#define SI3050_ACIM_NZ			4	/* 370 + (620 || 310 nF) */
#define SI3050_ACIM_UK			5	/* 320 + (1050 || 230 nF) */
#define SI3050_ACIM_370_820		6	/* 370 + (820 || 110 nF) */
#define SI3050_ACIM_275_780		7	/* 275 + (780 || 115 nF) */
#define SI3050_ACIM_120_820		8	/* 120 + (820 || 110 nF) */
#define SI3050_ACIM_350_1000		9	/* 350 + (1000 || 210 nF) */
#define SI3050_ACIM_0_900		10	/* 0 + (900 || 30 nF) */
#define SI3050_ACIM_600_2U16		11
#define SI3050_ACIM_900_1U		12
#define SI3050_ACIM_900_2U16		13
#define SI3050_ACIM_600_1U		14
#define SI3050_ACIM_GLOBAL		15	/* 200 + (680 || 100 nF) */

/* Si3018, ACT2 ACT: 0 0 600 ohm; 0 1 global complex; 1 1 as NZ above. */
#define SI3050_INTL1_AC			(SI3050_INTL1_ACT | SI3050_INTL1_ACT2)

#define SI3050_GROUND_START		32
#define SI3050_GROUND_START_TGD		BIT(2)
#define SI3050_GROUND_START_TGDE	BIT(1)
#define SI3050_GROUND_START_RG		BIT(0)

#define SI3050_PCM_MODE_PCML		BIT(7)	/* loopback */
#define SI3050_PCM_MODE_PHCF		BIT(1)	/* 2 PCLKs a bit, else 1 */
#define SI3050_PCM_MODE_TRI		BIT(0)	/* release bit 0 on the negative edge */

#define SI3050_GCI			42

#define SI3050_THRESHOLD		43	/* of loop current or line voltage */
#define SI3050_THRESHOLD_CONTROL	44
#define SI3050_THRESHOLD_CVI		BIT(3)	/* has happened */
#define SI3050_THRESHOLD_CVS		BIT(2)	/* voltage, else current */
#define SI3050_THRESHOLD_CVM		BIT(1)	/* interrupt */
#define SI3050_THRESHOLD_CVP		BIT(0)	/* above, else below */

#endif /* _SI3050_REGS_H */
