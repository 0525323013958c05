// SPDX-License-Identifier: GPL-2.0-only
/*
 * si3210_init: brings the chip from unknown registers to an open line with
 * battery, calibrated, and back to rest.
 *
 * A board need not have a reset line, and a driver before us, or a kernel
 * before this one, may have left the chip in any state. So every register that
 * matters is written, also with what a reset would have put there.
 */
#include <linux/bitfield.h>
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/gpio/consumer.h>

#include "si3210.h"

#define REVISION_MIN		2	/* B */
#define REVISION_ENHANCED	3	/* C: has SI3210_ENHANCE */

#define RESET_US		100
#define PLL_US			1000	/* 64 / PCLK is 250 us at the most */
#define POWER_UP_MS		500
#define POWER_POLL_MS		5
#define POWER_GOOD		0xc0	/* 72 V of the 75 that are asked for */
#define CAL_MS			700	/* 600 at most, says the data sheet */
#define CAL_POLL_MS		10
#define CAL_TRIES		2
#define DC_CAL_MS		100
#define DC_PEAK_MIN		2
#define DC_PEAK_MAX		13
#define DC_OFF_TIME		0x19

#define DCN_BJT			0xff	/* 15.6 us */
#define DCN_MOSFET		0x7f	/* 7.75 us */

#define WHOLE			0xffff

/* Nothing drives the line or INT#, nothing sounds, no battery. */
static const struct si3210_direct_value quiet_table[] = {
	{ SI3210_LINEFEED,	SI3210_LF_OPEN },
	{ SI3210_POWER1,	SI3210_POWER1_DCOF },
	{ SI3210_IRQ1_EN,	0 },
	{ SI3210_IRQ2_EN,	0 },
	{ SI3210_IRQ3_EN,	0 },
	{ SI3210_PCM_MODE,	SI3210_PCM_MODE_RESET },
	{ SI3210_OSC1,		0 },
	{ SI3210_OSC2,		0 },
	{ SI3210_RING_OSC,	0 },
	{ SI3210_PULSE,		0 },
};

/*
 * What ringing and tones need is written with them. The DTMF detector is not
 * used, but works on garbage otherwise.
 */
static const struct si3210_indirect_value indirect_table[] = {
	{ SI3210_IND_ROW0,	0x55c2, WHOLE },
	{ SI3210_IND_ROW1,	0x51e6, WHOLE },
	{ SI3210_IND_ROW2,	0x4b85, WHOLE },
	{ SI3210_IND_ROW3,	0x4937, WHOLE },
	{ SI3210_IND_COL,	0x3333, WHOLE },
	{ SI3210_IND_FWDTW,	0x0202, WHOLE },
	{ SI3210_IND_REVTW,	0x0202, WHOLE },
	{ SI3210_IND_ROWREL,	0x0198, WHOLE },
	{ SI3210_IND_COLREL,	0x0198, WHOLE },
	{ SI3210_IND_ROW2H,	0x0611, WHOLE },
	{ SI3210_IND_COL2H,	0x0202, WHOLE },
	{ SI3210_IND_PWRMIN,	0x00e5, WHOLE },
	{ SI3210_IND_HOTL,	0x0a1c, WHOLE },
	{ SI3210_IND_DACG,	SI3210_DIGITAL_GAIN_UNITY, SI3210_DIGITAL_GAIN_MASK },
	{ SI3210_IND_ADCG,	SI3210_DIGITAL_GAIN_UNITY, SI3210_DIGITAL_GAIN_MASK },
	/* Off-hook above 10.2 mA, on-hook below 5.1 mA */
	{ SI3210_IND_LCRT,	0x1000, SI3210_THRESHOLD_MASK },
	{ SI3210_IND_LCRTL,	0x0800, SI3210_THRESHOLD_MASK },
	{ SI3210_IND_CML,	0x1000, SI3210_CM_MASK },
	{ SI3210_IND_CMH,	0x0200, SI3210_CM_MASK },
	/* Power alarms at 0.46 W, 0.275 W, 1.67 W */
	{ SI3210_IND_PPT12,	0x07c0, SI3210_PPT_MASK },
	{ SI3210_IND_PPT34,	0x2600, SI3210_PPT_MASK },
	{ SI3210_IND_PPT56,	0x1b80, SI3210_PPT_MASK },
	{ SI3210_IND_VCMR,	0, SI3210_IND_VOV_MASK },
	{ SI3210_IND_VMIND,	0x0c00, SI3210_IND_VOV_MASK },	/* 9 V */
	{ SI3210_IND_DCDC_XTRA,	0x1000, 0 },
	{ SI3210_IND_SCRATCH,	0, 0 },
};

/* The monitor's filters, open while battery and calibration settle ... */
static const struct si3210_indirect_value flush_table[] = {
	{ SI3210_IND_NCLR,	SI3210_LPF_NONE, SI3210_LPF_MASK },
	{ SI3210_IND_NRTP,	SI3210_LPF_NONE, SI3210_LPF_MASK },
	{ SI3210_IND_NQ12,	SI3210_LPF_NONE, SI3210_LPF_MASK },
	{ SI3210_IND_NQ34,	SI3210_LPF_NONE, SI3210_LPF_MASK },
	{ SI3210_IND_NQ56,	SI3210_LPF_NONE, SI3210_LPF_MASK },
};

/* ... and as they work: time constants 0.3, 0.16 and 2.56 s of the alarms. */
static const struct si3210_indirect_value filter_table[] = {
	{ SI3210_IND_NCLR,	SI3210_LPF_NONE, SI3210_LPF_MASK },
	{ SI3210_IND_NQ12,	0x008c, SI3210_LPF_MASK },
	{ SI3210_IND_NQ34,	0x0100, SI3210_LPF_MASK },
	{ SI3210_IND_NQ56,	0x0010, SI3210_LPF_MASK },
};

static const struct si3210_direct_value direct_table[] = {
	{ SI3210_LOOPBACK,	0 },
	{ SI3210_POWER2,	0 },
	{ SI3210_HYBRID,	SI3210_HYBRID_RESET },		/* 0 dB */
	/* ABAT would heat Q7: the DC-DC converter follows the loop instead. */
	{ SI3210_AUTO,		SI3210_AUTO_SPDS | SI3210_AUTO_AORD |
				SI3210_AUTO_AOLD | SI3210_AUTO_AOPN },
	{ SI3210_BIPOLAR,	SI3210_BIPOLAR_RESET },
	{ SI3210_BATTERY,	SI3210_BATTERY_TRACK },
	{ SI3210_VOC,		SI3210_VOC_RESET },
	{ SI3210_VCM,		SI3210_VCM_RESET },
	{ SI3210_VBATH,		SI3210_VBATH_RESET },
	{ SI3210_VBATL,		SI3210_VBATL_RESET },
	{ SI3210_LCD,		SI3210_LCD_RESET },
	{ SI3210_LCDI,		5000 / SI3210_DEBOUNCE_US },
	{ SI3210_ILIM,		1 },				/* 23 mA */
};

static const struct si3210_direct_value clear_irq_table[] = {
	{ SI3210_IRQ1, 0xff },
	{ SI3210_IRQ2, 0xff },
	{ SI3210_IRQ3, 0xff },
};

static int write_indirect(struct si3210 *chip, const struct si3210_indirect_value *rows,
			  unsigned int count)
{
	unsigned int i;
	int ret;

	for (i = 0; i < count; i++) {
		ret = si3210_indirect_write(chip, rows[i].reg, rows[i].value);
		if (ret)
			return ret;
	}
	return 0;
}

static int verify_indirect(struct si3210 *chip, const struct si3210_indirect_value *rows,
			   unsigned int count)
{
	unsigned int i;
	int ret;

	for (i = 0; i < count; i++) {
		ret = si3210_indirect_read(chip, rows[i].reg);
		if (ret < 0)
			return ret;
		if ((ret ^ rows[i].value) & rows[i].mask) {
			dev_err(&chip->spi->dev, "indirect register %u is %#x, not %#x\n",
				rows[i].reg, ret, rows[i].value);
			return -EIO;
		}
	}
	return 0;
}

/* Says which row it is that does not stay. */
static int verify_direct(struct si3210 *chip, const struct si3210_direct_value *rows,
			 unsigned int count)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; !ret && i < count; i++) {
		ret = si3210_write_checked(chip, &rows[i], 1);
		if (ret)
			dev_err(&chip->spi->dev, "register %u does not keep %#x\n",
				rows[i].reg, rows[i].value);
	}
	return ret;
}

/* Waits until the bits of @mask in @reg are clear. */
static int wait_clear(struct si3210 *chip, u8 reg, u8 mask, unsigned int ms)
{
	unsigned int polls = ms / CAL_POLL_MS;
	int ret;

	do {
		usleep_range(CAL_POLL_MS * 1000, CAL_POLL_MS * 1100);
		ret = si3210_read(chip, reg);
		if (ret < 0)
			return ret;
		if (!(ret & mask))
			return 0;
	} while (--polls);
	return -ETIMEDOUT;
}

static int hold_reset(struct si3210 *chip)
{
	if (chip->reset) {
		gpiod_set_value_cansleep(chip->reset, 1);
		usleep_range(RESET_US, 2 * RESET_US);
		gpiod_set_value_cansleep(chip->reset, 0);
	}
	usleep_range(PLL_US, 2 * PLL_US);
	return 0;
}

/* Bits that no write and no event can set; a floating or foreign bus does. */
struct invariant {
	u8 reg;
	u8 mask;
	u8 value;
};

static const struct invariant invariants[] = {
	{ SI3210_PCM_MODE,	SI3210_PCM_MODE_PNI2, 0 },
	{ SI3210_IAS,		(u8)~SI3210_IAS_BUSY, 0 },
	{ SI3210_LOOP,		0xf8, 0 },
	{ SI3210_ILIM,		0xf8, 0 },
	{ SI3210_VBATH,		0xc0, 0 },
	{ SI3210_DCN,		SI3210_DCN_ONE, SI3210_DCN_ONE },
};

static bool invariants_hold(struct si3210 *chip)
{
	unsigned int i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(invariants); i++) {
		ret = si3210_read(chip, invariants[i].reg);
		if (ret < 0 || (ret & invariants[i].mask) != invariants[i].value)
			return false;
	}
	return true;
}

/* Right after a reset three registers tell. */
static bool is_fresh(struct si3210 *chip)
{
	static const u8 regs[] = { SI3210_LOOPBACK, SI3210_HYBRID, SI3210_LINEFEED };
	u8 values[ARRAY_SIZE(regs)];

	if (si3210_read_many(chip, regs, values, ARRAY_SIZE(regs)))
		return false;
	return values[0] == SI3210_LOOPBACK_RESET && values[1] == SI3210_HYBRID_RESET &&
	       values[2] == SI3210_LF_OPEN;
}

/*
 * A timer's register, its oscillator silent, must keep what is written. Only
 * for what has passed the tests that merely read: "silabs,si3210" is on boards
 * that have no such chip.
 */
static bool keeps_writes(struct si3210 *chip)
{
	static const u8 patterns[] = { 0x5a, 0xa5, 0 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(patterns); i++)
		if (si3210_write(chip, SI3210_PAT_LO, patterns[i]) ||
		    si3210_read(chip, SI3210_PAT_LO) != patterns[i])
			return false;
	return true;
}

/**
 * si3210_identify - is this the chip that we drive
 * @chip: powered, clocked, and out of reset
 *
 * Return: 0, or -ENODEV.
 */
int si3210_identify(struct si3210 *chip)
{
	struct device *dev = &chip->spi->dev;
	int mode = si3210_read(chip, SI3210_SPI_MODE);

	if (mode < 0)
		return mode;
	chip->revision = FIELD_GET(SI3210_SPI_MODE_RNI, mode);
	if (!chip->revision || chip->revision == 0xf || (mode & SI3210_SPI_MODE_SPIDC) ||
	    !invariants_hold(chip)) {
		dev_dbg(dev, "no Si3210 answers\n");
		return -ENODEV;
	}
	if ((chip->reset && !is_fresh(chip)) || !keeps_writes(chip)) {
		dev_dbg(dev, "like a Si3210, but is none\n");
		return -ENODEV;
	}
	if (chip->revision < REVISION_MIN) {
		dev_err(dev, "revision %u is too old\n", chip->revision);
		return -ENODEV;
	}
	return 0;
}

static int quiet(struct si3210 *chip)
{
	return si3210_write_many(chip, quiet_table, ARRAY_SIZE(quiet_table));
}

static int load_registers(struct si3210 *chip)
{
	int ret;

	/* An indirect write that somebody began ends here, harmlessly. */
	ret = si3210_indirect_read(chip, SI3210_IND_ROW0);
	if (ret < 0)
		return ret;
	ret = write_indirect(chip, indirect_table, ARRAY_SIZE(indirect_table));
	if (ret)
		return ret;
	ret = si3210_write_many(chip, direct_table, ARRAY_SIZE(direct_table));
	if (ret)
		return ret;
	if (ret || chip->revision < REVISION_ENHANCED)
		return ret;
	return si3210_write(chip, SI3210_ENHANCE, SI3210_ENHANCE_HYSTEN);
}

static int flush_filters(struct si3210 *chip)
{
	return write_indirect(chip, flush_table, ARRAY_SIZE(flush_table));
}

/* The wrong pulse width burns the converter's transistor. */
static int choose_dcdc(struct si3210 *chip, u8 *dcn)
{
	int delay = si3210_read(chip, SI3210_DCDELAY);
	bool mosfet;

	if (delay < 0)
		return delay;
	mosfet = delay & SI3210_DCDELAY_DCPOL;
	if (chip->dcdc_mosfet >= 0 && chip->dcdc_mosfet != mosfet) {
		dev_err(&chip->spi->dev, "the chip is made for a %s converter\n",
			mosfet ? "mosfet" : "bjt");
		return -EINVAL;
	}
	*dcn = mosfet ? DCN_MOSFET : DCN_BJT;
	return 0;
}

static int power_up(struct si3210 *chip)
{
	unsigned int polls = POWER_UP_MS / POWER_POLL_MS;
	u8 dcn;
	int ret;

	ret = choose_dcdc(chip, &dcn);
	if (!ret)
		ret = si3210_write(chip, SI3210_DCN, dcn);
	if (!ret)
		ret = si3210_write(chip, SI3210_POWER1, 0);
	if (ret)
		return ret;
	do {
		usleep_range(POWER_POLL_MS * 1000, POWER_POLL_MS * 1100);
		ret = si3210_read(chip, SI3210_VBATS1);
		if (ret < 0)
			return ret;
		if (ret >= POWER_GOOD)
			return si3210_write(chip, SI3210_DCDELAY, DC_OFF_TIME);
	} while (--polls);
	dev_err(&chip->spi->dev, "no battery: %d mV after %d ms\n",
		-ret * SI3210_SENSE_MV, POWER_UP_MS);
	si3210_write(chip, SI3210_POWER1, SI3210_POWER1_DCOF);
	return -ETIMEDOUT;
}

/*
 * Once more, after the calibration: what a converter that does not run has left
 * of the battery before this start is gone by then.
 */
static int check_battery(struct si3210 *chip)
{
	int ret = si3210_read(chip, SI3210_VBATS1);

	if (ret < 0)
		return ret;
	if (ret >= POWER_GOOD)
		return 0;
	dev_err(&chip->spi->dev, "the battery falls: %d mV\n", -ret * SI3210_SENSE_MV);
	return -EIO;
}

/* 1 when the hook was moved meanwhile, so that the balance is not right. */
static int calibrate_once(struct si3210 *chip)
{
	static const struct si3210_direct_value start[] = {
		{ SI3210_IRQ3, SI3210_IRQ3_CMCP },
		{ SI3210_IRQ3_EN, SI3210_IRQ3_CMCP },
		{ SI3210_CAL2, SI3210_CAL2_CALM1 | SI3210_CAL2_CALM2 |
			       SI3210_CAL2_CALDAC | SI3210_CAL2_CALADC |
			       SI3210_CAL2_CALCM },
		{ SI3210_CAL1, SI3210_CAL1_CAL | SI3210_CAL1_CALR |
			       SI3210_CAL1_CALT | SI3210_CAL1_CALD |
			       SI3210_CAL1_CALC | SI3210_CAL1_CALIL },
	};
	int ret, disturbed;

	ret = si3210_write_many(chip, start, ARRAY_SIZE(start));
	if (ret)
		return ret;
	ret = wait_clear(chip, SI3210_CAL1, SI3210_CAL1_CAL, CAL_MS);
	disturbed = si3210_read(chip, SI3210_IRQ3);
	si3210_write(chip, SI3210_IRQ3_EN, 0);
	if (ret || disturbed < 0)
		return ret ? ret : disturbed;
	return disturbed & SI3210_IRQ3_CMCP ? 1 : 0;
}

static int calibrate_line(struct si3210 *chip)
{
	unsigned int tries;
	int ret;

	for (tries = 0; tries < CAL_TRIES; tries++) {
		ret = calibrate_once(chip);
		if (!ret || ret == -EIO)
			return ret;
	}
	if (ret == 1) {
		dev_warn(&chip->spi->dev, "hook moved: longitudinal balance is not calibrated\n");
		return 0;
	}
	dev_err(&chip->spi->dev, "calibration does not end\n");
	return ret;
}

static int calibrate_dcdc(struct si3210 *chip)
{
	int ret;

	ret = si3210_write(chip, SI3210_DCDELAY, SI3210_DCDELAY_DCCAL | DC_OFF_TIME);
	if (ret)
		return ret;
	ret = wait_clear(chip, SI3210_DCDELAY, SI3210_DCDELAY_DCCAL, DC_CAL_MS);
	if (ret)
		return ret;
	ret = si3210_read(chip, SI3210_CAL_DC_PEAK);
	if (ret < 0)
		return ret;
	ret &= SI3210_CAL_DC_PEAK_MASK;
	if (ret >= DC_PEAK_MIN && ret <= DC_PEAK_MAX)
		return 0;
	return si3210_write(chip, SI3210_CAL_DC_PEAK, SI3210_CAL_DC_PEAK_RESET);
}

static int save_calibration(struct si3210 *chip)
{
	u8 regs[SI3210_CAL_RESULTS];
	unsigned int i;

	for (i = 0; i < SI3210_CAL_RESULTS; i++)
		regs[i] = SI3210_CAL_RING_GAIN + i;
	return si3210_read_many(chip, regs, chip->cal, SI3210_CAL_RESULTS);
}

static int restore_calibration(struct si3210 *chip)
{
	struct si3210_direct_value rows[SI3210_CAL_RESULTS];
	unsigned int i;

	for (i = 0; i < SI3210_CAL_RESULTS; i++) {
		rows[i].reg = SI3210_CAL_RING_GAIN + i;
		rows[i].value = chip->cal[i];
	}
	return si3210_write_many(chip, rows, SI3210_CAL_RESULTS);
}

/* Takes half a second the first time; later the results are put back. */
static int calibrate(struct si3210 *chip)
{
	int ret;

	if (chip->calibrated)
		return restore_calibration(chip);
	ret = calibrate_line(chip);
	if (!ret)
		ret = calibrate_dcdc(chip);
	if (!ret)
		ret = save_calibration(chip);
	chip->calibrated = !ret;
	return ret;
}

static int load_filters(struct si3210 *chip)
{
	return write_indirect(chip, filter_table, ARRAY_SIZE(filter_table));
}

static int verify(struct si3210 *chip)
{
	int ret;

	ret = verify_indirect(chip, indirect_table, ARRAY_SIZE(indirect_table));
	if (!ret)
		ret = verify_indirect(chip, filter_table, ARRAY_SIZE(filter_table));
	if (!ret)
		ret = verify_direct(chip, direct_table, ARRAY_SIZE(direct_table));
	return ret;
}

/* Slots are 16 bits wide, as the samples are. */
static int set_slot(struct si3210 *chip)
{
	unsigned int start = chip->slot * 16;
	const struct si3210_direct_value rows[] = {
		{ SI3210_TXS_LO, start & 0xff },
		{ SI3210_TXS_HI, start >> 8 },
		{ SI3210_RXS_LO, start & 0xff },
		{ SI3210_RXS_HI, start >> 8 },
		{ SI3210_IMPEDANCE, SI3210_IMPEDANCE_TISE | chip->impedance },
	};

	return si3210_write_many(chip, rows, ARRAY_SIZE(rows));
}

static int clear_irq(struct si3210 *chip)
{
	return si3210_write_many(chip, clear_irq_table, ARRAY_SIZE(clear_irq_table));
}

static const struct {
	const char *name;
	int (*run)(struct si3210 *chip);
} steps[] = {
	{ "reset",		hold_reset },
	{ "identity",		si3210_identify },
	{ "quiet",		quiet },
	{ "registers",		load_registers },
	{ "filter flush",	flush_filters },
	{ "battery",		power_up },
	{ "calibration",	calibrate },
	{ "battery",		check_battery },
	{ "filters",		load_filters },
	{ "verification",	verify },
	{ "time slot",		set_slot },
	{ "interrupts",		clear_irq },
};

/**
 * si3210_bring_up - set every register, from whatever is in them
 * @chip: powered and clocked; nothing else accesses it
 *
 * May sleep for 1.5 s. On failure the line is open and without battery, if the
 * chip listens at all.
 *
 * Return: 0, -ENODEV when this is no such chip, or what the failing step says.
 */
int si3210_bring_up(struct si3210 *chip)
{
	unsigned int i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(steps); i++) {
		ret = steps[i].run(chip);
		if (!ret)
			continue;
		if (ret != -ENODEV) {
			dev_err(&chip->spi->dev, "bring-up fails at %s: %d\n",
				steps[i].name, ret);
			si3210_shut_down(chip);
		}
		return ret;
	}
	chip->linefeed = SI3210_LF_OPEN;
	chip->reverse = false;
	chip->tripped = false;
	chip->given_up = false;
	chip->tone = false;
	chip->wave.freq_mhz = 0;
	chip->vbath = SI3210_VBATH_RESET;
	chip->meter_hz = 0;
	return 0;
}

/* The line open, battery off, nothing enabled. */
void si3210_shut_down(struct si3210 *chip)
{
	if (quiet(chip))
		dev_warn(&chip->spi->dev, "cannot be shut down\n");
}
