// SPDX-License-Identifier: GPL-2.0-only
/*
 * si3210_sound: the path to the PCM highway, the termination of the line, and
 * tones by the chip's own oscillators.
 */
#include <linux/bitfield.h>
#include <linux/delay.h>
#include <linux/device.h>

#include "si3210.h"
#include "si3210_wave.h"

#define TIMER_MAX_MS	8191	/* 16 bits of 125 us */
#define TIMER_PER_MS	8
#define FREQ_MIN_MHZ	100000
#define FREQ_MAX_MHZ	3900000
#define STOP_POLLS	20
#define STOP_POLL_US	500

/*
 * Under line_lock: mutes what must not be heard, and takes the chip off the
 * bus when it has nothing to say there. A tone of the chip needs the receive
 * path open, but not the bus.
 */
int si3210_sound_locked(struct si3210 *chip)
{
	const u8 linear = FIELD_PREP(SI3210_PCM_MODE_PCMF, SI3210_PCMF_LINEAR) |
			  SI3210_PCM_MODE_PCMT;
	struct si3210_direct_value rows[] = {
		{ SI3210_PCM_MODE, linear },
		{ SI3210_AUDIO_GAIN, 0 },
	};

	lockdep_assert_held(&chip->line_lock);
	if (chip->speech)
		rows[0].value |= SI3210_PCM_MODE_PCME;
	else
		rows[1].value |= SI3210_AUDIO_GAIN_TXM;
	if (!chip->speech && !chip->tone)
		rows[1].value |= SI3210_AUDIO_GAIN_RXM;
	return si3210_write_checked(chip, rows, ARRAY_SIZE(rows));
}

int si3210_speech(struct pots_port *port, bool on)
{
	struct si3210 *chip = pots_port_chip(port);
	int ret;

	mutex_lock(&chip->line_lock);
	chip->speech = on;
	ret = chip->state == SI3210_UP ? si3210_sound_locked(chip) : -EIO;
	mutex_unlock(&chip->line_lock);
	return ret;
}

/* The UAPI numbers the terminations as this chip does. */
int si3210_set_impedance(struct pots_port *port, u32 impedance)
{
	struct si3210 *chip = pots_port_chip(port);
	int ret;

	if (impedance > SI3210_TISS_NZ2)
		return -EINVAL;
	mutex_lock(&chip->line_lock);
	chip->impedance = impedance;
	ret = si3210_write(chip, SI3210_IMPEDANCE, SI3210_IMPEDANCE_TISE | impedance);
	mutex_unlock(&chip->line_lock);
	return ret;
}

/* ---------------------------------------------------------- oscillators --- */

static bool fits(const struct pots_chip_tone *tone)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(tone->freq_mhz); i++)
		if (tone->freq_mhz[i] && (tone->freq_mhz[i] < FREQ_MIN_MHZ ||
					  tone->freq_mhz[i] > FREQ_MAX_MHZ))
			return false;
	return tone->on_ms <= TIMER_MAX_MS && tone->off_ms <= TIMER_MAX_MS;
}

/* At the next zero crossing, or, when that does not come, at once. */
static int stop_oscillators(struct si3210 *chip)
{
	static const struct si3210_direct_value stop[] = {
		{ SI3210_OSC1, SI3210_OSC_OZ | SI3210_OSO_RECEIVE },
		{ SI3210_OSC2, SI3210_OSC_OZ | SI3210_OSO_RECEIVE },
	};
	static const struct si3210_direct_value off[] = {
		{ SI3210_OSC1, 0 },
		{ SI3210_OSC2, 0 },
	};
	static const u8 regs[] = { SI3210_OSC1, SI3210_OSC2 };
	u8 values[ARRAY_SIZE(regs)];
	unsigned int polls;
	int ret;

	ret = si3210_write_many(chip, stop, ARRAY_SIZE(stop));
	for (polls = 0; !ret && polls < STOP_POLLS; polls++) {
		ret = si3210_read_many(chip, regs, values, ARRAY_SIZE(regs));
		if (!ret && !((values[0] | values[1]) & SI3210_OSC_OSS))
			break;
		usleep_range(STOP_POLL_US, 2 * STOP_POLL_US);
	}
	return ret ? ret : si3210_write_many(chip, off, ARRAY_SIZE(off));
}

static int write_oscillator(struct si3210 *chip, u8 first, u32 freq_mhz, int level_cdb)
{
	struct si3210_tone_values values;
	int ret;

	si3210_tone_values(&values, freq_mhz, level_cdb);
	ret = si3210_indirect_write(chip, first, values.osc);
	if (!ret)
		ret = si3210_indirect_write(chip, first + 1, values.amplitude);
	if (!ret)
		ret = si3210_indirect_write(chip, first + 2, 0);
	return ret;
}

static u8 oscillator_control(const struct pots_chip_tone *tone, unsigned int i)
{
	u8 control = SI3210_OSC_OE | SI3210_OSC_OZ | SI3210_OSO_RECEIVE;

	if (!tone->freq_mhz[i])
		return 0;
	if (tone->on_ms)
		control |= SI3210_OSC_OTAE;
	if (tone->on_ms && tone->off_ms)
		control |= SI3210_OSC_OTIE;
	return control;
}

/* Both timers alike, then both oscillators in one message: one cadence. */
static int start_oscillators(struct si3210 *chip, const struct pots_chip_tone *tone)
{
	u16 on = tone->on_ms * TIMER_PER_MS;
	u16 off = tone->off_ms * TIMER_PER_MS;
	const struct si3210_direct_value timers[] = {
		{ SI3210_OAT1_LO, on & 0xff },
		{ SI3210_OAT1_HI, on >> 8 },
		{ SI3210_OIT1_LO, off & 0xff },
		{ SI3210_OIT1_HI, off >> 8 },
		{ SI3210_OAT2_LO, on & 0xff },
		{ SI3210_OAT2_HI, on >> 8 },
		{ SI3210_OIT2_LO, off & 0xff },
		{ SI3210_OIT2_HI, off >> 8 },
	};
	const struct si3210_direct_value controls[] = {
		{ SI3210_OSC1, oscillator_control(tone, 0) },
		{ SI3210_OSC2, oscillator_control(tone, 1) },
	};
	int ret = 0;

	if (tone->on_ms)
		ret = si3210_write_many(chip, timers, ARRAY_SIZE(timers));
	return ret ? ret : si3210_write_many(chip, controls, ARRAY_SIZE(controls));
}

static int play_locked(struct si3210 *chip, const struct pots_chip_tone *tone)
{
	static const u8 first[] = { SI3210_IND_OSC1, SI3210_IND_OSC2 };
	unsigned int i;
	int ret = 0;

	for (i = 0; !ret && i < ARRAY_SIZE(first); i++)
		if (tone->freq_mhz[i])
			ret = write_oscillator(chip, first[i], tone->freq_mhz[i],
					       tone->level_cdb[i]);
	if (!ret)
		ret = si3210_sound_locked(chip);
	return ret ? ret : start_oscillators(chip, tone);
}

static int replace_locked(struct si3210 *chip, const struct pots_chip_tone *tone)
{
	int ret;

	if (chip->state != SI3210_UP)
		return -EIO;
	if (tone && tone->freq_mhz[1] && chip->linefeed == SI3210_LF_RINGING &&
	    !READ_ONCE(chip->tripped))
		return -EOPNOTSUPP;
	ret = chip->tone ? stop_oscillators(chip) : 0;
	if (ret)
		return ret;
	chip->tone = !!tone;
	return tone ? play_locked(chip, tone) : si3210_sound_locked(chip);
}

int si3210_chip_tone(struct pots_port *port, const struct pots_chip_tone *tone)
{
	struct si3210 *chip = pots_port_chip(port);
	int ret;

	if (tone && !fits(tone))
		return -EOPNOTSUPP;
	mutex_lock(&chip->line_lock);
	ret = replace_locked(chip, tone);
	mutex_unlock(&chip->line_lock);
	return ret;
}
