/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Si3210: direct and indirect registers.
 *
 * Numbers, bits, units and reset values only; no policy of a driver. A
 * register without a _RESET value is 0 after reset or read-only. Indirect
 * registers hold garbage after reset.
 */
#ifndef _SI3210_REGS_H
#define _SI3210_REGS_H

#include <linux/bits.h>

/*
 * Framing: two bytes, most significant bit first, SPI mode 3, chip select
 * should rise between them. Byte 1: SI3210_SPI_READ and the register number;
 * byte 2: the data.
 */
#define SI3210_SPI_READ			BIT(7)
#define SI3210_SPI_ADDR			GENMASK(6, 0)
#define SI3210_REG_COUNT		128

/* What a direct access reads when no chip drives SDO. */
#define SI3210_SPI_FLOATING		0xff

/* ---------------------------------------------------- direct registers --- */

#define SI3210_SPI_MODE			0
#define SI3210_SPI_MODE_SPIDC		BIT(7)	/* daisy chain, 3-byte frames */
#define SI3210_SPI_MODE_SPIM		BIT(6)	/* SDO released by CS, not by SCLK */
#define SI3210_SPI_MODE_PNI		GENMASK(5, 4)	/* part number */
#define SI3210_SPI_MODE_RNI		GENMASK(3, 0)	/* revision: 1 = A, 2 = B ... */

#define SI3210_PCM_MODE			1
#define SI3210_PCM_MODE_RESET		0x08
#define SI3210_PCM_MODE_PNI2		BIT(7)	/* read-only: 1 = Si3215 family */
#define SI3210_PCM_MODE_PCME		BIT(5)	/* enable */
#define SI3210_PCM_MODE_PCMF		GENMASK(4, 3)
#define SI3210_PCMF_ALAW		0
#define SI3210_PCMF_ULAW		1
#define SI3210_PCMF_LINEAR		3
#define SI3210_PCM_MODE_PCMT		BIT(2)	/* 16-bit transfer, else 8-bit */
#define SI3210_PCM_MODE_GCI		BIT(1)	/* 2 PCLKs a bit, else 1 */
#define SI3210_PCM_MODE_TRI		BIT(0)	/* release bit 0 on the negative edge */

/* PCLKs after FSYNC before the transfer begins, 10 bits each. */
#define SI3210_TXS_LO			2
#define SI3210_TXS_HI			3
#define SI3210_RXS_LO			4
#define SI3210_RXS_HI			5
#define SI3210_XS_HI_MASK		GENMASK(1, 0)

#define SI3210_DIO			6	/* device dependent */

#define SI3210_LOOPBACK			8
#define SI3210_LOOPBACK_RESET		0x02
#define SI3210_LOOPBACK_ALM2		BIT(2)	/* full analog */
#define SI3210_LOOPBACK_DLM		BIT(1)	/* digital */
#define SI3210_LOOPBACK_ALM1		BIT(0)	/* analog */

#define SI3210_AUDIO_GAIN		9
#define SI3210_AUDIO_GAIN_RXHP		BIT(7)	/* bypass the high-pass filter */
#define SI3210_AUDIO_GAIN_TXHP		BIT(6)
#define SI3210_AUDIO_GAIN_TXM		BIT(5)	/* mute toward the PCM bus */
#define SI3210_AUDIO_GAIN_RXM		BIT(4)	/* mute toward the line */
#define SI3210_AUDIO_GAIN_ATX		GENMASK(3, 2)
#define SI3210_AUDIO_GAIN_ARX		GENMASK(1, 0)
#define SI3210_GAIN_0DB			0
#define SI3210_GAIN_M3_5DB		1
#define SI3210_GAIN_P3_5DB		2
#define SI3210_GAIN_MUTE		3

#define SI3210_IMPEDANCE		10
#define SI3210_IMPEDANCE_RESET		0x08
#define SI3210_IMPEDANCE_CLC		GENMASK(5, 4)	/* off, 4.7 nF, 10 nF */
#define SI3210_IMPEDANCE_TISE		BIT(3)	/* enable */
#define SI3210_IMPEDANCE_TISS		GENMASK(2, 0)
#define SI3210_TISS_600			0
#define SI3210_TISS_900			1
#define SI3210_TISS_600_2U16		2
#define SI3210_TISS_900_2U16		3
#define SI3210_TISS_CTR21		4	/* 270 + (750 || 150 nF) */
#define SI3210_TISS_AU_NZ		5	/* 220 + (820 || 120 nF) */
#define SI3210_TISS_SK_SI_ZA		6	/* 220 + (820 || 115 nF) */
#define SI3210_TISS_NZ2			7	/* 370 + (620 || 310 nF) */

#define SI3210_HYBRID			11
#define SI3210_HYBRID_RESET		0x33
#define SI3210_HYBRID_HYBP		GENMASK(6, 4)	/* metering */
#define SI3210_HYBRID_HYBA		GENMASK(2, 0)	/* audio */
#define SI3210_HYB_P4_08DB		0
#define SI3210_HYB_P2_5DB		1
#define SI3210_HYB_P1_16DB		2
#define SI3210_HYB_0DB			3
#define SI3210_HYB_M1_02DB		4
#define SI3210_HYB_M1_94DB		5
#define SI3210_HYB_M2_77DB		6
#define SI3210_HYB_OFF			7

#define SI3210_POWER1			14
#define SI3210_POWER1_RESET		0x10
#define SI3210_POWER1_PMON		BIT(5)	/* force the metering DAC on */
#define SI3210_POWER1_DCOF		BIT(4)	/* DC-DC converter off */
#define SI3210_POWER1_MOF		BIT(3)	/* monitor ADC off */
#define SI3210_POWER1_BIASOF		BIT(1)
#define SI3210_POWER1_SLICOF		BIT(0)

#define SI3210_POWER2			15
#define SI3210_POWER2_ADCM		BIT(5)
#define SI3210_POWER2_ADCON		BIT(4)
#define SI3210_POWER2_DACM		BIT(3)
#define SI3210_POWER2_DACON		BIT(2)
#define SI3210_POWER2_GMM		BIT(1)
#define SI3210_POWER2_GMON		BIT(0)

/*
 * Interrupt status: set only when enabled at the time of the event, cleared
 * by writing 1. INT# is low while any bit of the three is set.
 */
#define SI3210_IRQ1			18
#define SI3210_IRQ1_PMIP		BIT(7)	/* metering inactive timer */
#define SI3210_IRQ1_PMAP		BIT(6)	/* metering active timer */
#define SI3210_IRQ1_RGIP		BIT(5)	/* ringing inactive timer */
#define SI3210_IRQ1_RGAP		BIT(4)	/* ringing active timer */
#define SI3210_IRQ1_O2IP		BIT(3)	/* oscillator 2 inactive timer */
#define SI3210_IRQ1_O2AP		BIT(2)	/* oscillator 2 active timer */
#define SI3210_IRQ1_O1IP		BIT(1)
#define SI3210_IRQ1_O1AP		BIT(0)

#define SI3210_IRQ2			19
#define SI3210_IRQ2_Q6AP		BIT(7)	/* power alarms */
#define SI3210_IRQ2_Q5AP		BIT(6)
#define SI3210_IRQ2_Q4AP		BIT(5)
#define SI3210_IRQ2_Q3AP		BIT(4)
#define SI3210_IRQ2_Q2AP		BIT(3)
#define SI3210_IRQ2_Q1AP		BIT(2)
#define SI3210_IRQ2_QAP			GENMASK(7, 2)
#define SI3210_IRQ2_LCIP		BIT(1)	/* loop closure changed */
#define SI3210_IRQ2_RTIP		BIT(0)	/* ring trip */

#define SI3210_IRQ3			20
#define SI3210_IRQ3_CMCP		BIT(2)	/* common-mode calibration error */
#define SI3210_IRQ3_INDP		BIT(1)	/* indirect access done */
#define SI3210_IRQ3_DTMFP		BIT(0)	/* digit detected */

/* Enables, the same bits. */
#define SI3210_IRQ1_EN			21
#define SI3210_IRQ2_EN			22
#define SI3210_IRQ3_EN			23

#define SI3210_DTMF			24	/* read-only */
#define SI3210_DTMF_VAL			BIT(4)	/* a digit is on the line now */
#define SI3210_DTMF_DIG			GENMASK(3, 0)
/* DIG: 1..9, 10 = 0, 11 = *, 12 = #, 13..15 = A..C, 0 = D */

/*
 * Indirect access: IDA then IAA writes, IAA alone reads; served at 16 kHz,
 * IAS is 1 until then.
 */
#define SI3210_IDA_LO			28
#define SI3210_IDA_HI			29
#define SI3210_IAA			30
#define SI3210_IAS			31
#define SI3210_IAS_BUSY			BIT(0)
#define SI3210_IND_SERVICE_NS		62500

/* Oscillators 1 and 2: the same layout, REL in oscillator 1 only. */
#define SI3210_OSC1			32
#define SI3210_OSC2			33
#define SI3210_OSC_OSS			BIT(7)	/* read-only: signal is on */
#define SI3210_OSC_REL			BIT(6)	/* reload (FSK) */
#define SI3210_OSC_OZ			BIT(5)	/* end at a zero crossing */
#define SI3210_OSC_OTAE			BIT(4)	/* active timer */
#define SI3210_OSC_OTIE			BIT(3)	/* inactive timer */
#define SI3210_OSC_OE			BIT(2)	/* enable */
#define SI3210_OSC_OSO			GENMASK(1, 0)	/* routing */
#define SI3210_OSO_NONE			0
#define SI3210_OSO_TRANSMIT		1	/* to the PCM bus */
#define SI3210_OSO_RECEIVE		2	/* to the line */
#define SI3210_OSO_BOTH			3

#define SI3210_RING_OSC			34
#define SI3210_RING_OSC_RSS		BIT(7)	/* read-only: signal is on */
#define SI3210_RING_OSC_RDAC		BIT(5)	/* read-only: on TIP and RING */
#define SI3210_RING_OSC_RTAE		BIT(4)	/* active timer */
#define SI3210_RING_OSC_RTIE		BIT(3)	/* inactive timer */
#define SI3210_RING_OSC_ROE		BIT(2)	/* read-only: oscillator enabled */
#define SI3210_RING_OSC_RVO		BIT(1)	/* add the DC offset ROFF */
#define SI3210_RING_OSC_TSWS		BIT(0)	/* trapezoid, else sine */

#define SI3210_PULSE			35
#define SI3210_PULSE_PSTAT		BIT(7)	/* read-only: signal is on */
#define SI3210_PULSE_PMAE		BIT(4)
#define SI3210_PULSE_PMIE		BIT(3)
#define SI3210_PULSE_PMOE		BIT(2)

/* Timers, 125 us a count, low byte first. */
#define SI3210_OAT1_LO			36
#define SI3210_OAT1_HI			37
#define SI3210_OIT1_LO			38
#define SI3210_OIT1_HI			39
#define SI3210_OAT2_LO			40
#define SI3210_OAT2_HI			41
#define SI3210_OIT2_LO			42
#define SI3210_OIT2_HI			43
#define SI3210_PAT_LO			44
#define SI3210_PAT_HI			45
#define SI3210_PIT_LO			46
#define SI3210_PIT_HI			47
#define SI3210_RAT_LO			48
#define SI3210_RAT_HI			49
#define SI3210_RIT_LO			50
#define SI3210_RIT_HI			51
#define SI3210_TIMER_NS			125000

#define SI3210_FSK			52
#define SI3210_FSK_FSKDAT		BIT(0)

/* Loop-closure debounce in the silent period of automatic ringing, 1.25 ms. */
#define SI3210_LCD			63
#define SI3210_LCD_RESET		0x54	/* 0x32 in revision C */

#define SI3210_LINEFEED			64
#define SI3210_LINEFEED_LFS		GENMASK(6, 4)	/* read-only: real state */
#define SI3210_LINEFEED_LF		GENMASK(2, 0)	/* command */
#define SI3210_LF_OPEN			0
#define SI3210_LF_FORWARD		1
#define SI3210_LF_OHT_FORWARD		2
#define SI3210_LF_TIP_OPEN		3
#define SI3210_LF_RINGING		4
#define SI3210_LF_REVERSE		5
#define SI3210_LF_OHT_REVERSE		6
#define SI3210_LF_RING_OPEN		7

#define SI3210_BIPOLAR			65
#define SI3210_BIPOLAR_RESET		0x61
#define SI3210_BIPOLAR_SQH		BIT(6)	/* squelch */
#define SI3210_BIPOLAR_CBY		BIT(5)	/* capacitor bypass */
#define SI3210_BIPOLAR_ETBE		BIT(4)	/* bias enable */
#define SI3210_BIPOLAR_ETBO		GENMASK(3, 2)	/* on-hook: 4, 8, 12 mA */
#define SI3210_BIPOLAR_ETBA		GENMASK(1, 0)	/* active */

#define SI3210_BATTERY			66
#define SI3210_BATTERY_RESET		0x03
#define SI3210_BATTERY_VOV		BIT(4)	/* overhead 0..13.5 V, else 0..9 V */
#define SI3210_BATTERY_FVBAT		BIT(3)	/* VBAT = VBATH */
#define SI3210_BATTERY_TRACK		BIT(0)	/* DC-DC follows the loop */

#define SI3210_AUTO			67
#define SI3210_AUTO_RESET		0x1f
#define SI3210_AUTO_MNCM		BIT(6)
#define SI3210_AUTO_MNDIF		BIT(5)
#define SI3210_AUTO_SPDS		BIT(4)	/* speed-up */
#define SI3210_AUTO_ABAT		BIT(3)	/* low battery when off-hook */
#define SI3210_AUTO_AORD		BIT(2)	/* active on ring trip */
#define SI3210_AUTO_AOLD		BIT(1)	/* active on loop closure */
#define SI3210_AUTO_AOPN		BIT(0)	/* open on power alarm */

#define SI3210_LOOP			68	/* read-only */
#define SI3210_LOOP_DBIRAW		BIT(2)	/* unfiltered, sense unsure */
#define SI3210_LOOP_RTP			BIT(1)	/* ring trip */
#define SI3210_LOOP_LCR			BIT(0)	/* loop closed */

/* Debounce, 1.25 ms a count, 7 bits. */
#define SI3210_LCDI			69
#define SI3210_LCDI_RESET		0x0a
#define SI3210_RTDI			70
#define SI3210_RTDI_RESET		0x0a
#define SI3210_DEBOUNCE			GENMASK(6, 0)
#define SI3210_DEBOUNCE_US		1250

#define SI3210_ILIM			71
#define SI3210_ILIM_MASK		GENMASK(2, 0)	/* 20 + 3 n mA */

#define SI3210_VOC			72
#define SI3210_VOC_RESET		0x20	/* 48 V */
#define SI3210_VOC_VSGN			BIT(6)
#define SI3210_VOC_MASK			GENMASK(5, 0)	/* 1.5 V */
#define SI3210_VCM			73
#define SI3210_VCM_RESET		0x02	/* -3 V */
#define SI3210_VBATH			74
#define SI3210_VBATH_RESET		0x32	/* -75 V */
#define SI3210_VBATL			75
#define SI3210_VBATL_RESET		0x10	/* -24 V */
#define SI3210_VOLT_MASK		GENMASK(5, 0)
#define SI3210_VOLT_MV			1500

#define SI3210_PWRMP			76
#define SI3210_PWRMP_MASK		GENMASK(2, 0)	/* Q1..Q6 for PWROM */
#define SI3210_PWROM			77	/* 30.4 mW; 3.62 mW for Q3, Q4 */

/* Monitors, read-only. */
#define SI3210_LVS			78
#define SI3210_LVS_LVSP			BIT(6)	/* TIP < RING */
#define SI3210_LVS_MASK			GENMASK(5, 0)	/* 1.5 V */
#define SI3210_LCS			79
#define SI3210_LCS_LCSP			BIT(6)
#define SI3210_LCS_MASK			GENMASK(5, 0)	/* 1.25 mA */
#define SI3210_LCS_UA			1250
#define SI3210_VTIP			80	/* 0.376 V, negative */
#define SI3210_VRING			81
#define SI3210_VBATS1			82
#define SI3210_VBATS2			83
#define SI3210_SENSE_MV			376
#define SI3210_IQ1			84	/* 0.319 mA */
#define SI3210_IQ2			85
#define SI3210_IQ3			86	/* 37.6 uA */
#define SI3210_IQ4			87
#define SI3210_IQ5			88	/* 0.316 mA */
#define SI3210_IQ6			89

/* DC-DC converter, 61.035 ns a count. */
#define SI3210_DCN			92	/* PWM period; bit 6 reads 1 */
#define SI3210_DCN_RESET		0xff
#define SI3210_DCN_ONE			BIT(6)
#define SI3210_DCDELAY			93
#define SI3210_DCDELAY_RESET		0x14
#define SI3210_DCDELAY_DCCAL		BIT(7)	/* peak-current calibration */
#define SI3210_DCDELAY_DCPOL		BIT(5)	/* read-only: 0 BJT, 1 MOSFET part */
#define SI3210_DCDELAY_DCTOF		GENMASK(4, 0)	/* off time = DCTOF + 4 */
#define SI3210_DCPW			94	/* read-only: pulse = DCPW - DCTOF - 4 */

#define SI3210_CAL1			96
#define SI3210_CAL1_RESET		0x1f
#define SI3210_CAL1_CAL			BIT(6)	/* start; busy */
#define SI3210_CAL1_CALSP		BIT(5)	/* settle 30 ms, else 300 ms */
#define SI3210_CAL1_CALR		BIT(4)	/* RING gain mismatch */
#define SI3210_CAL1_CALT		BIT(3)	/* TIP gain mismatch */
#define SI3210_CAL1_CALD		BIT(2)	/* differential DAC gain */
#define SI3210_CAL1_CALC		BIT(1)	/* common-mode DAC gain */
#define SI3210_CAL1_CALIL		BIT(0)	/* ILIM */
#define SI3210_CAL2			97
#define SI3210_CAL2_RESET		0x1f
#define SI3210_CAL2_CALM1		BIT(4)	/* monitor ADC */
#define SI3210_CAL2_CALM2		BIT(3)
#define SI3210_CAL2_CALDAC		BIT(2)	/* DAC offset */
#define SI3210_CAL2_CALADC		BIT(1)	/* ADC offset */
#define SI3210_CAL2_CALCM		BIT(0)	/* longitudinal balance */

/* Results of the calibration. */
#define SI3210_CAL_RING_GAIN		98
#define SI3210_CAL_RING_GAIN_RESET	0x10
#define SI3210_CAL_TIP_GAIN		99
#define SI3210_CAL_TIP_GAIN_RESET	0x10
#define SI3210_CAL_DIFF_DAC		100
#define SI3210_CAL_DIFF_DAC_RESET	0x11
#define SI3210_CAL_CM_DAC		101
#define SI3210_CAL_CM_DAC_RESET		0x11
#define SI3210_CAL_ILIM			102
#define SI3210_CAL_ILIM_RESET		0x08
#define SI3210_CAL_MONITOR		103
#define SI3210_CAL_MONITOR_RESET	0x88
#define SI3210_CAL_OFFSET_SIGN		104
#define SI3210_CAL_DAC_OFFSET		105
#define SI3210_CAL_CM_BALANCE		106
#define SI3210_CAL_CM_BALANCE_RESET	0x20
#define SI3210_CAL_DC_PEAK		107
#define SI3210_CAL_DC_PEAK_RESET	0x08
#define SI3210_CAL_DC_PEAK_MASK		GENMASK(3, 0)

#define SI3210_ENHANCE			108	/* revision C and later */
#define SI3210_ENHANCE_ILIMEN		BIT(7)	/* 41 mA after a ring burst */
#define SI3210_ENHANCE_FSKEN		BIT(6)	/* 24 kHz FSK mode */
#define SI3210_ENHANCE_DCSU		BIT(5)
#define SI3210_ENHANCE_ZSEXT		BIT(4)
#define SI3210_ENHANCE_SWDB		BIT(3)	/* 60 ms battery-switch debounce */
#define SI3210_ENHANCE_LCVE		BIT(2)	/* loop closure by voltage */
#define SI3210_ENHANCE_DCFIL		BIT(1)
#define SI3210_ENHANCE_HYSTEN		BIT(0)	/* loop-closure hysteresis */

#define SI3210_REG_LAST			108

/* Registers that must not be written; so must those above SI3210_REG_LAST. */
#define SI3210_RESERVED_REGS { \
	7, 12, 13, 16, 17, 25, 26, 27, \
	53, 54, 55, 56, 57, 58, 59, 60, 61, 62, \
	90, 91, 95, \
}

/* Registers that only read. */
#define SI3210_READ_ONLY_REGS { \
	SI3210_DTMF, SI3210_LOOP, SI3210_PWROM, SI3210_LVS, SI3210_LCS, \
	SI3210_VTIP, SI3210_VRING, SI3210_VBATS1, SI3210_VBATS2, \
	SI3210_IQ1, SI3210_IQ2, SI3210_IQ3, SI3210_IQ4, SI3210_IQ5, \
	SI3210_IQ6, SI3210_DCPW, \
}

/* -------------------------------------------------- indirect registers --- */

/* DTMF decoder; 0x7ff0 = 1.0 in the pass ratios. */
#define SI3210_IND_ROW0			0
#define SI3210_IND_ROW1			1
#define SI3210_IND_ROW2			2
#define SI3210_IND_ROW3			3
#define SI3210_IND_COL			4
#define SI3210_IND_FWDTW		5
#define SI3210_IND_REVTW		6
#define SI3210_IND_ROWREL		7
#define SI3210_IND_COLREL		8
#define SI3210_IND_ROW2H		9	/* second harmonic */
#define SI3210_IND_COL2H		10
#define SI3210_IND_PWRMIN		11
#define SI3210_IND_HOTL			12

/*
 * Oscillators: with c = cos(2 pi f / 8000), OSC = c 2^15,
 * OSCX = sqrt((1 - c) / (1 + c)) / 4 (2^15 - 1) Vrms / 1.11, OSCY = 0.
 */
#define SI3210_IND_OSC1			13
#define SI3210_IND_OSC1X		14
#define SI3210_IND_OSC1Y		15
#define SI3210_IND_OSC2			16
#define SI3210_IND_OSC2X		17
#define SI3210_IND_OSC2Y		18
#define SI3210_OSC_RATE_HZ		8000
#define SI3210_OSC_FULL_MVRMS		1110

/*
 * Ringing: at 1 kHz, RCO = cos(2 pi f / 1000) 2^15,
 * RNGX = sqrt((1 - c) / (1 + c)) / 4 2^15 Vpk / 96, RNGY = 0.
 * Trapezoid: RNGY = T / 2 8000, RNGX = Vpk / 96 2^15,
 * RCO = 2 RNGX / (t_rise 8000).
 */
#define SI3210_IND_ROFF			19	/* V / 96 2^15 */
#define SI3210_IND_RCO			20
#define SI3210_IND_RNGX			21
#define SI3210_IND_RNGY			22
#define SI3210_RING_RATE_HZ		1000
#define SI3210_RING_FULL_MV		96000

/*
 * Metering: at 64 kHz, with c = cos(2 pi f / 64000), PLSCO = c (2^15 - 1),
 * PLSX = sqrt((1 - c) / (1 + c)) / 4 (2^15 - 1) V / 0.85; PLSD is added each
 * 125 us to the envelope, from 0 to 2^15 - 1.
 */
#define SI3210_IND_PLSD			23
#define SI3210_IND_PLSX			24
#define SI3210_IND_PLSCO		25
#define SI3210_METER_RATE_HZ		64000
#define SI3210_METER_FULL_MVRMS		850

#define SI3210_IND_DACG			26	/* receive, 0x4000 = 0 dB */
#define SI3210_IND_ADCG			27	/* transmit */
#define SI3210_DIGITAL_GAIN_UNITY	0x4000
#define SI3210_DIGITAL_GAIN_MASK	GENMASK(15, 4)

/* Thresholds of current: bits 14:9, 1.27 mA. */
#define SI3210_IND_LCRT			28	/* loop closure */
#define SI3210_IND_RPTP			29	/* ring trip */
#define SI3210_THRESHOLD_MASK		GENMASK(14, 9)
#define SI3210_THRESHOLD_UA		1270

/* Common-mode speed-up: bits 12:7, 0.375 V. */
#define SI3210_IND_CML			30
#define SI3210_IND_CMH			31
#define SI3210_CM_MASK			GENMASK(12, 7)

/* Power alarms: bits 14:7, 30.4 mW; 3.62 mW for Q3, Q4. */
#define SI3210_IND_PPT12		32
#define SI3210_IND_PPT34		33
#define SI3210_IND_PPT56		34
#define SI3210_PPT_MASK			GENMASK(14, 7)

/*
 * Low-pass filters: bits 15:3, y += coefficient / 4096 (x - y) at 800 Hz.
 */
#define SI3210_IND_NCLR			35	/* loop closure */
#define SI3210_IND_NRTP			36	/* ring trip */
#define SI3210_IND_NQ12			37
#define SI3210_IND_NQ34			38
#define SI3210_IND_NQ56			39
#define SI3210_LPF_MASK			GENMASK(15, 3)
#define SI3210_LPF_NONE			0x8000	/* 4096 / 4096 */
#define SI3210_MONITOR_RATE_HZ		800

#define SI3210_IND_VCMR			40	/* bits 12:9, 1.5 V */
#define SI3210_IND_VMIND		41	/* bits 12:9, 1.5 V */
#define SI3210_IND_VOV_MASK		GENMASK(12, 9)
#define SI3210_IND_DCDC_XTRA		42	/* reserved */
#define SI3210_IND_LCRTL		43	/* lower threshold with HYSTEN */

/* Accumulators of tests and manual calibration. */
#define SI3210_IND_CAL_FIRST		88
#define SI3210_IND_CAL_LAST		95
#define SI3210_IND_SCRATCH		97

#define SI3210_IND_FSK0X		99
#define SI3210_IND_FSK0			100
#define SI3210_IND_FSK1X		101
#define SI3210_IND_FSK1			102
#define SI3210_IND_FSK01		103
#define SI3210_IND_FSK10		104

#define SI3210_IND_COUNT		256

#endif /* _SI3210_REGS_H */
