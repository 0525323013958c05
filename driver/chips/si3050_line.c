// SPDX-License-Identifier: GPL-2.0-only
/*
 * si3050_line: what the core asks for: hook, measurements, the country, and the
 * path to the PCM highway.
 */
#include <linux/bitfield.h>
#include <linux/device.h>
#include <linux/timekeeping.h>

#include "si3050.h"

#define HOOK_TRIES	3
#define HOOK_BITS	(SI3050_DAA1_OH | SI3050_DAA1_ONHM)
#define SEIZED_ANEW_NS	(1ull * NSEC_PER_SEC)

/* What the country wants in a register that is among its own. */
u8 si3050_daa_value(const struct si3050 *chip, u8 reg)
{
	unsigned int i;

	for (i = 0; i < SI3050_DAA_VALUES; i++)
		if (chip->daa[i].reg == reg)
			return chip->daa[i].value;
	return 0;
}

/*
 * The protection against overload must be off when the line goes off-hook; it
 * is taken off after going on-hook, where it does not matter how long it takes.
 */
static int write_hook(struct si3050 *chip, u8 hook)
{
	struct si3050_access accesses[] = {
		SI3050_WRITE(SI3050_DAA1, hook),
		SI3050_READ(SI3050_DAA1),
		SI3050_WRITE(SI3050_INTL2, si3050_daa_value(chip, SI3050_INTL2)),
	};
	bool unprotect = chip->protected && !(hook & SI3050_DAA1_OH);
	int ret = si3050_run(chip, accesses, unprotect ? 3 : 2);

	if (ret)
		return ret;
	if (unprotect)
		chip->protected = false;
	return (accesses[1].value ^ hook) & HOOK_BITS ? -EIO : 0;
}

/*
 * Under line_lock, or while the chip is down. The line is heard on-hook, or
 * off-hook, never by both.
 */
int si3050_hook_locked(struct si3050 *chip, bool off_hook, bool listen)
{
	u8 hook = 0;
	unsigned int tries;
	int ret;

	if (off_hook)
		hook = SI3050_DAA1_OH;
	else if (listen)
		hook = SI3050_DAA1_ONHM;
	for (tries = 0; tries < HOOK_TRIES; tries++) {
		ret = write_hook(chip, hook);
		if (!ret)
			break;
	}
	if (ret)
		return ret;
	if (off_hook != chip->off_hook) {
		chip->hook_ns = ktime_get_ns();
		chip->busy_ns = chip->hook_ns + SI3050_SETTLE_NS;
	}
	chip->off_hook = off_hook;
	chip->listen = listen && !off_hook;
	return 0;
}

/* A new seizure may overload anew; an alarm that ended the last one is over. */
static bool seize_anew(struct si3050 *chip)
{
	bool recovered = chip->overloaded;

	if (ktime_get_ns() - chip->hook_ns < SEIZED_ANEW_NS)
		return false;
	chip->overloads = 0;
	chip->overloaded = false;
	return recovered;
}

static int change_hook(struct si3050 *chip, bool off_hook, bool listen)
{
	int ret;

	if (chip->state != SI3050_UP)
		return -EIO;
	chip->reseize = false;
	ret = si3050_hook_locked(chip, off_hook, listen);
	if (ret)
		si3050_check_soon(chip->chain);
	else
		si3050_poll_soon(chip->chain);
	return ret;
}

int si3050_set_hook(struct pots_port *port, bool off_hook)
{
	struct si3050 *chip = pots_port_chip(port);
	bool recovered = false;
	int ret;

	mutex_lock(&chip->line_lock);
	if (off_hook && !chip->off_hook)
		recovered = seize_anew(chip);
	ret = change_hook(chip, off_hook, false);
	mutex_unlock(&chip->line_lock);
	if (recovered)
		pots_port_report_alarm(port, POTS_ALARM_RECOVERED, ktime_get_ns());
	return ret;
}

int si3050_listen(struct pots_port *port, bool on)
{
	struct si3050 *chip = pots_port_chip(port);
	int ret = 0;

	mutex_lock(&chip->line_lock);
	if (!chip->off_hook)
		ret = change_hook(chip, false, on);
	mutex_unlock(&chip->line_lock);
	return ret;
}

/*
 * The line side lives on the loop's current: without it, which the drop-out tells,
 * no measure of the current counts. The Si3018 has the coarse one only.
 */
void si3050_make_sense(struct pots_line_sense *sense, const struct si3050 *chip,
		       const struct si3050_access *measured)
{
	sense->line_mv = (s8)measured[SI3050_MEASURED_LVS].value * SI3050_LVS_MV;
	if (!chip->off_hook || measured[SI3050_MEASURED_INTL4].value & SI3050_INTL4_DOD)
		sense->loop_ua = 0;
	else if (chip->line_side == SI3050_LSID_SI3019)
		sense->loop_ua = measured[SI3050_MEASURED_LCS2].value * SI3050_LCS2_UA;
	else
		sense->loop_ua = SI3050_LCS_UA *
				 FIELD_GET(SI3050_LINE_STATUS_LCS,
					   measured[SI3050_MEASURED_STATUS].value);
}

int si3050_sense(struct pots_port *port, struct pots_line_sense *sense)
{
	struct si3050_access measured[] = {
		[SI3050_MEASURED_STATUS] = SI3050_READ(SI3050_LINE_STATUS),
		[SI3050_MEASURED_LVS] = SI3050_READ(SI3050_LVS),
		[SI3050_MEASURED_LCS2] = SI3050_READ(SI3050_LCS2),
		[SI3050_MEASURED_INTL4] = SI3050_READ(SI3050_INTL4),
	};
	struct si3050 *chip = pots_port_chip(port);
	int ret = -EIO;

	mutex_lock(&chip->line_lock);
	if (chip->state == SI3050_UP)
		ret = si3050_run(chip, measured, ARRAY_SIZE(measured));
	if (!ret && !(measured[SI3050_MEASURED_STATUS].value & SI3050_LINE_STATUS_FDT)) {
		si3050_check_soon(chip->chain);
		ret = -EIO;
	}
	if (!ret)
		si3050_make_sense(sense, chip, measured);
	mutex_unlock(&chip->line_lock);
	return ret;
}

/* As si3050_daa_values(), and what judges the ringing. Locked as the hook is. */
int si3050_make_daa(struct si3050 *chip, struct si3050_value *values,
		    const struct pots_daa *daa)
{
	enum si3050_detector detector = chip->chain->detector;
	int ret = si3050_daa_values(values, daa, chip->line_side);

	if (ret)
		return ret;
	if (detector != SI3050_BY_CHIP)
		si3050_daa_ring_unjudged(values, detector == SI3050_FULL_WAVE);
	chip->ring.both_halves = detector == SI3050_FULL_WAVE;
	chip->ring.min_mhz = daa->ring_min_mhz;
	chip->ring.max_mhz = daa->ring_max_mhz;
	return 0;
}

static int load_daa(struct si3050 *chip, const struct si3050_value *values)
{
	if (chip->state != SI3050_UP)
		return -EIO;
	if (!memcmp(chip->daa, values, sizeof(chip->daa)))
		return 0;
	if (chip->off_hook)
		return -EBUSY;
	memcpy(chip->daa, values, sizeof(chip->daa));
	chip->has_daa = true;
	return si3050_write_checked(chip, chip->daa, SI3050_DAA_VALUES);
}

int si3050_set_daa(struct pots_port *port, const struct pots_daa *daa)
{
	struct si3050 *chip = pots_port_chip(port);
	struct si3050_value values[SI3050_DAA_VALUES];
	int ret;

	mutex_lock(&chip->line_lock);
	ret = si3050_make_daa(chip, values, daa);
	if (!ret)
		ret = load_daa(chip, values);
	mutex_unlock(&chip->line_lock);
	if (ret == -EIO)
		si3050_check_soon(chip->chain);
	return ret;
}

/* Off the bus when there is nothing to say. */
u8 si3050_pcm_mode(const struct si3050 *chip)
{
	return FIELD_PREP(SI3050_PCM_MODE_PCMF, SI3050_PCMF_LINEAR) |
	       (chip->speech ? SI3050_PCM_MODE_PCME : 0);
}

int si3050_speech(struct pots_port *port, bool on)
{
	struct si3050 *chip = pots_port_chip(port);
	struct si3050_value row = { .reg = SI3050_PCM_MODE };
	int ret = -EIO;

	mutex_lock(&chip->line_lock);
	chip->speech = on;
	row.value = si3050_pcm_mode(chip);
	if (chip->state == SI3050_UP)
		ret = si3050_write_checked(chip, &row, 1);
	mutex_unlock(&chip->line_lock);
	return ret;
}
