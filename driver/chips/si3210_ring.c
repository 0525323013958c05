// SPDX-License-Identifier: GPL-2.0-only
/*
 * si3210_ring: the ringing generator, burst by burst.
 *
 * The cadence is the core's. The chip ends a burst by itself when it sees a
 * ring trip, and is in active feed then.
 */
#include <linux/bitfield.h>
#include <linux/device.h>

#include "si3210.h"
#include "si3210_wave.h"

static int write_wave(struct si3210 *chip, const struct si3210_ring_values *values)
{
	u8 shape = (values->trapezoid ? SI3210_RING_OSC_TSWS : 0) |
		   (values->roff ? SI3210_RING_OSC_RVO : 0);
	const struct si3210_indirect_value indirect[] = {
		{ SI3210_IND_RCO, values->rco },
		{ SI3210_IND_RNGX, values->rngx },
		{ SI3210_IND_RNGY, values->rngy },
		{ SI3210_IND_ROFF, values->roff },
		{ SI3210_IND_NRTP, values->nrtp },
		{ SI3210_IND_RPTP, values->rptp },
	};
	const struct si3210_direct_value direct[] = {
		{ SI3210_RTDI, values->rtdi },
		{ SI3210_VBATH, values->vbath },
		{ SI3210_RING_OSC, shape },
	};
	unsigned int i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(indirect); i++) {
		ret = si3210_indirect_write(chip, indirect[i].reg, indirect[i].value);
		if (ret)
			return ret;
	}
	return si3210_write_many(chip, direct, ARRAY_SIZE(direct));
}

int si3210_ring_setup(struct pots_port *port, const struct pots_ring_wave *wave)
{
	struct si3210 *chip = pots_port_chip(port);
	struct si3210_ring_values values;
	int ret = 0;

	mutex_lock(&chip->line_lock);
	if (chip->state != SI3210_UP) {
		ret = -EIO;
	} else if (wave->freq_mhz != chip->wave.freq_mhz ||
		   wave->trapezoid != chip->wave.trapezoid ||
		   wave->dc_mv != chip->wave.dc_mv) {
		si3210_ring_values(&values, wave->freq_mhz, wave->trapezoid,
				   chip->ring_mvrms, wave->dc_mv);
		chip->wave.freq_mhz = 0;
		ret = write_wave(chip, &values);
		if (!ret)
			chip->wave = *wave;
		chip->vbath = values.vbath;
	}
	mutex_unlock(&chip->line_lock);
	return ret;
}

static int begin_burst(struct si3210 *chip)
{
	int ret;

	/* Oscillator 2 and the ringing generator are the same hardware. */
	ret = si3210_write(chip, SI3210_OSC2, 0);
	if (ret)
		return ret;
	WRITE_ONCE(chip->tripped, false);
	return si3210_linefeed_locked(chip, SI3210_LF_RINGING);
}

/*
 * A trip between the look and the command is not lost: the closed loop takes
 * the chip from on-hook transmission to active feed by itself.
 */
static int end_burst(struct si3210 *chip)
{
	u8 active = chip->reverse ? SI3210_LF_REVERSE : SI3210_LF_FORWARD;
	u8 pause = chip->reverse ? SI3210_LF_OHT_REVERSE : SI3210_LF_OHT_FORWARD;
	int shadow = si3210_read(chip, SI3210_LINEFEED);

	if (shadow < 0)
		return shadow;
	shadow = FIELD_GET(SI3210_LINEFEED_LFS, shadow);
	if (shadow == SI3210_LF_FORWARD || shadow == SI3210_LF_REVERSE ||
	    READ_ONCE(chip->tripped))
		return si3210_linefeed_locked(chip, active);
	return si3210_linefeed_locked(chip, pause);
}

int si3210_ring_burst(struct pots_port *port, bool on)
{
	struct si3210 *chip = pots_port_chip(port);
	int ret;

	mutex_lock(&chip->line_lock);
	if (chip->state != SI3210_UP)
		ret = -EIO;
	else if (on)
		ret = begin_burst(chip);
	else
		ret = end_burst(chip);
	mutex_unlock(&chip->line_lock);
	return ret;
}
