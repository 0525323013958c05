// SPDX-License-Identifier: GPL-2.0-only
/*
 * si3210_meter: pulses of 12 or 16 kHz for the subscriber's charge meter. The
 * chip's timer ends a pulse, so its length is right to 125 us.
 */
#include <linux/bitfield.h>

#include "si3210.h"

#define TIMER_PER_MS	8

/*
 * With c = cos(2 pi f / 64000), PLSCO is c 2^15 and PLSX
 * sqrt((1 - c) / (1 + c)) / 4 2^15 for full scale, 0.85 V. The pulse swells and
 * fades by PLSD of 2^15 each 125 us: in 5 ms, so that nobody hears it click.
 */
#define PLSD_5_MS	0x0333

static const struct tone {
	u32 hz;
	u16 coefficient;
	u16 amplitude;
} tones[] = {
	{ 12000, 0x30fb, 0x1561 },
	{ 16000, 0x0000, 0x2000 },
};

static int set_frequency(struct si3210 *chip, u32 hz)
{
	const struct tone *tone = hz == tones[0].hz ? &tones[0] : &tones[1];
	int ret;

	if (chip->meter_hz == hz)
		return 0;
	chip->meter_hz = 0;
	ret = si3210_indirect_write(chip, SI3210_IND_PLSCO, tone->coefficient);
	if (!ret)
		ret = si3210_indirect_write(chip, SI3210_IND_PLSX, tone->amplitude);
	if (!ret)
		ret = si3210_indirect_write(chip, SI3210_IND_PLSD, PLSD_5_MS);
	if (!ret)
		chip->meter_hz = hz;
	return ret;
}

static int pulse(struct si3210 *chip, u32 on_ms)
{
	u16 ticks = on_ms * TIMER_PER_MS;
	const struct si3210_direct_value rows[] = {
		{ SI3210_PAT_LO, ticks & 0xff },
		{ SI3210_PAT_HI, ticks >> 8 },
		{ SI3210_PULSE, SI3210_PULSE_PMOE | SI3210_PULSE_PMAE },
	};

	return si3210_write_many(chip, rows, ARRAY_SIZE(rows));
}

int si3210_meter(struct pots_port *port, u32 hz, u32 on_ms)
{
	struct si3210 *chip = pots_port_chip(port);
	int ret;

	mutex_lock(&chip->line_lock);
	if (chip->state != SI3210_UP)
		ret = -EIO;
	else if (on_ms)
		ret = set_frequency(chip, hz) ?: pulse(chip, on_ms);
	else
		ret = si3210_write(chip, SI3210_PULSE, 0);
	mutex_unlock(&chip->line_lock);
	return ret;
}
