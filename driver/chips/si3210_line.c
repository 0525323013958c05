// SPDX-License-Identifier: GPL-2.0-only
/*
 * si3210_line: the linefeed, written and seen to be there.
 *
 * The shadow LFS tells what the chip really does. It differs from the command
 * for good reason only when the chip went active by itself: on a loop closure
 * in on-hook transmission, or on a ring trip.
 */
#include <linux/bitfield.h>
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/timekeeping.h>

#include "si3210.h"

#define ALARM_TRIES	10
#define ALARM_FORGIVE_NS	(10ull * NSEC_PER_SEC)

#define LAMP_MV		90000
#define LAMP_BATTERY_MV	94500

#define LINEFEED_TRIES	3
#define SHADOW_POLLS	5
#define SHADOW_POLL_US	500

static bool is_active(u8 state)
{
	return state == SI3210_LF_FORWARD || state == SI3210_LF_REVERSE;
}

static bool shadow_follows(u8 linefeed, u8 shadow)
{
	switch (linefeed) {
	case SI3210_LF_OHT_FORWARD:
	case SI3210_LF_OHT_REVERSE:
	case SI3210_LF_RINGING:
		return shadow == linefeed || is_active(shadow);
	default:
		return shadow == linefeed;
	}
}

/* Writes once; 0, -EAGAIN when the shadow did not follow, or -EIO. */
static int write_linefeed(struct si3210 *chip, u8 linefeed)
{
	struct si3210_batch *batch = chip->batch;
	unsigned int polls;
	int ret;

	mutex_lock(&chip->io_lock);
	si3210_batch_begin(batch);
	si3210_batch_write(batch, SI3210_LINEFEED, linefeed);
	si3210_batch_read(batch, SI3210_LINEFEED);
	ret = si3210_batch_run(chip, batch);
	if (!ret)
		ret = si3210_batch_value(batch, 1);
	mutex_unlock(&chip->io_lock);

	for (polls = 0; polls < SHADOW_POLLS; polls++) {
		if (ret < 0)
			return ret;
		if (shadow_follows(linefeed, FIELD_GET(SI3210_LINEFEED_LFS, ret)))
			return 0;
		usleep_range(SHADOW_POLL_US, 2 * SHADOW_POLL_US);
		ret = si3210_read(chip, SI3210_LINEFEED);
	}
	return -EAGAIN;
}

/*
 * A line that raised the power alarm again and again is left open: ten tries,
 * of which one is forgiven every ten seconds.
 */
bool si3210_alarm_budget_locked(struct si3210 *chip)
{
	u64 now = ktime_get_ns();

	lockdep_assert_held(&chip->line_lock);
	while (chip->alarm_tries && now - chip->alarm_ns >= ALARM_FORGIVE_NS) {
		chip->alarm_tries--;
		chip->alarm_ns += ALARM_FORGIVE_NS;
	}
	if (!chip->alarm_tries)
		chip->alarm_ns = now;
	return chip->alarm_tries < ALARM_TRIES;
}

/*
 * Under line_lock. What was commanded stays commanded when the chip does not
 * do it: the check finds out why, and puts it right.
 */
int si3210_linefeed_locked(struct si3210 *chip, u8 linefeed)
{
	bool rang = chip->linefeed == SI3210_LF_RINGING;
	unsigned int tries;
	int ret;

	lockdep_assert_held(&chip->line_lock);
	if (chip->state != SI3210_UP)
		return -EIO;
	if (linefeed != SI3210_LF_OPEN && !si3210_alarm_budget_locked(chip))
		return -EIO;
	WRITE_ONCE(chip->linefeed, linefeed);
	for (tries = 0; tries < LINEFEED_TRIES; tries++) {
		ret = write_linefeed(chip, linefeed);
		if (ret != -EAGAIN)
			break;
	}
	if (!ret && rang)
		si3210_watch_now(chip);
	if (!ret)
		return 0;
	si3210_check_soon(chip);
	return -EIO;
}

static const u8 linefeed_of_feed[] = {
	[POTS_LINE_OPEN]	= SI3210_LF_OPEN,
	[POTS_LINE_FORWARD]	= SI3210_LF_FORWARD,
	[POTS_LINE_REVERSE]	= SI3210_LF_REVERSE,
	[POTS_LINE_OHT_FORWARD]	= SI3210_LF_OHT_FORWARD,
	[POTS_LINE_OHT_REVERSE]	= SI3210_LF_OHT_REVERSE,
};

int si3210_set_feed(struct pots_port *port, enum pots_feed feed)
{
	struct si3210 *chip = pots_port_chip(port);
	bool recovered = false;
	int ret;

	if (feed >= ARRAY_SIZE(linefeed_of_feed))
		return -EINVAL;
	mutex_lock(&chip->line_lock);
	chip->reverse = feed == POTS_LINE_REVERSE || feed == POTS_LINE_OHT_REVERSE;
	WRITE_ONCE(chip->tripped, false);
	ret = si3210_linefeed_locked(chip, linefeed_of_feed[feed]);
	if (!ret && feed != POTS_LINE_OPEN) {
		recovered = chip->given_up;
		chip->given_up = false;
	}
	mutex_unlock(&chip->line_lock);
	if (recovered)
		pots_port_report_alarm(port, POTS_ALARM_RECOVERED, ktime_get_ns());
	return ret;
}

int si3210_read_loop(struct pots_port *port)
{
	struct si3210 *chip = pots_port_chip(port);
	int ret;

	if (READ_ONCE(chip->state) != SI3210_UP)
		return -EIO;
	ret = si3210_read(chip, SI3210_LOOP);
	return ret < 0 ? ret : ret & SI3210_LOOP_LCR;
}

/*
 * A neon lamp glows at 90 V. The battery goes up to 94.5 V, of which the common mode
 * takes 3: it comes before the line's voltage, and goes after it.
 */
int si3210_lamp(struct pots_port *port, bool on)
{
	struct si3210 *chip = pots_port_chip(port);
	const struct si3210_direct_value glow[] = {
		{ SI3210_VBATH, LAMP_BATTERY_MV / SI3210_VOLT_MV },
		{ SI3210_VOC, LAMP_MV / SI3210_VOLT_MV },
	};
	const struct si3210_direct_value dark[] = {
		{ SI3210_VOC, SI3210_VOC_RESET },
		{ SI3210_VBATH, chip->vbath },
	};
	int ret = -EIO;

	mutex_lock(&chip->line_lock);
	if (chip->state == SI3210_UP)
		ret = si3210_write_many(chip, on ? glow : dark, ARRAY_SIZE(glow));
	mutex_unlock(&chip->line_lock);
	return ret;
}
