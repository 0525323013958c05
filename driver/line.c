// SPDX-License-Identifier: GPL-2.0-only
/*
 * The line as a whole: its feed, the hang-up, the way back to rest, and what a
 * chip in trouble means for it.
 */
#include "pots_core.h"

#include <linux/export.h>
#include <linux/ktime.h>
#include <linux/string.h>

#define RETRY_MS		500

static bool is_open(enum pots_feed feed)
{
	return feed == POTS_LINE_OPEN;
}

bool pots_line_is_reversed(const struct pots_port *port)
{
	return port->feed == POTS_LINE_REVERSE || port->feed == POTS_LINE_OHT_REVERSE;
}

/*
 * The loop is held from before the chip is told until it has settled, and as
 * long as it is open by our own doing.
 */
int pots_line_set_feed(struct pots_port *port, enum pots_feed feed,
		       u32 settle_ms, bool park)
{
	int ret;

	lockdep_assert_held(&port->cmd_lock);

	pots_lamp_out(port);
	spin_lock_irq(&port->lock);
	pots_loop_hold_locked(port, false);
	spin_unlock_irq(&port->lock);

	ret = pots_op_set_feed(port, feed);

	spin_lock_irq(&port->lock);
	if (!ret) {
		/* Held again: a chip that refuses parks nobody. */
		pots_loop_hold_locked(port, park);
		port->feed = feed;
		/* Confirmed: what took the line down has passed. */
		if (!is_open(feed))
			pots_port_set_state_locked(port, POTS_STATE_ALARM, 0);
	}
	if (!is_open(port->feed))
		pots_loop_release_locked(port, settle_ms);
	spin_unlock_irq(&port->lock);
	return ret;
}

static void silence(struct pots_port *port)
{
	pots_tone_end(port, POTS_DONE_STOPPED);
	pots_meter_end(port, POTS_DONE_STOPPED);
	pots_ring_end(port, POTS_DONE_STOPPED);
	pots_announce_end(port, POTS_DONE_STOPPED);
	pots_speech_stop(port, false);
}

static void hangup_for(struct pots_port *port, u32 ms)
{
	spin_lock_irq(&port->lock);
	pots_port_set_state_locked(port, 0, POTS_STATE_HANGUP);
	spin_unlock_irq(&port->lock);
	pots_timer_in(&port->hangup_timer, ms);
}

static int hangup_begin(struct pots_port *port, u32 open_ms)
{
	int ret;

	ret = pots_line_set_feed(port, POTS_LINE_OPEN, POTS_SETTLE_OPEN_MS, true);
	if (!ret)
		hangup_for(port, open_ms);
	return ret;
}

static void hangup_done(struct pots_port *port)
{
	spin_lock_irq(&port->lock);
	pots_port_set_state_locked(port, POTS_STATE_HANGUP, 0);
	pots_event_locked(port, ktime_get_ns(), POTS_EVENT_HANGUP_DONE, 0);
	spin_unlock_irq(&port->lock);
}

/* Without an interval there is nothing to wait for, and an off-hook is parked. */
static int hangup_at_once(struct pots_port *port)
{
	int ret = pots_line_set_feed(port, POTS_LINE_FORWARD,
				     POTS_SETTLE_POLARITY_MS, true);

	if (!ret)
		hangup_done(port);
	return ret;
}

int pots_line_hangup(struct pots_port *port, void *arg)
{
	const struct pots_hangup *hangup = arg;
	u32 open_ms = port->settings.open_ms;
	int ret;

	if (port->exchange)
		return port->exchange->hangup(port, arg);
	if (hangup->flags & ~POTS_HANGUP_F_OPEN_MS ||
	    memchr_inv(hangup->reserved, 0, sizeof(hangup->reserved)))
		return -EINVAL;
	if (hangup->open_ms > 2000)
		return -ERANGE;
	if (hangup->flags & POTS_HANGUP_F_OPEN_MS)
		open_ms = hangup->open_ms;

	pots_timer_cancel(&port->hangup_timer);
	silence(port);
	ret = open_ms ? hangup_begin(port, open_ms) : hangup_at_once(port);
	if (!ret) {
		spin_lock_irq(&port->lock);
		port->stats.hangups++;
		spin_unlock_irq(&port->lock);
	}
	return ret;
}

/*
 * A chip that does not take the feed back would leave a dead line behind, with
 * nobody waiting for an answer: it is tried again for as long as the port lives.
 */
static void feed_idle(struct pots_port *port)
{
	if (pots_line_set_feed(port, POTS_LINE_FORWARD, POTS_SETTLE_OPEN_MS, true))
		hangup_for(port, RETRY_MS);
	else if (port->state & POTS_STATE_HANGUP)
		hangup_done(port);
}

void pots_line_hangup_over(struct pots_port *port)
{
	if (port->exchange) {
		port->exchange->hangup_over(port);
		return;
	}
	/* A second hang-up may have begun a new interval. */
	if (port->state & POTS_STATE_HANGUP && !pots_timer_is_set(&port->hangup_timer))
		feed_idle(port);
}

int pots_line_linefeed(struct pots_port *port, void *arg)
{
	const struct pots_linefeed *linefeed = arg;
	bool was_open = is_open(port->feed);
	u32 feed = linefeed->feed;

	if (linefeed->reserved || feed > POTS_FEED_OHT_REVERSE)
		return -EINVAL;
	if ((feed == POTS_FEED_REVERSE || feed == POTS_FEED_OHT_REVERSE) &&
	    !port->desc.can_reverse)
		return -EOPNOTSUPP;
	if (port->state & (POTS_STATE_RINGING | POTS_STATE_HANGUP) || pots_announcing(port))
		return -EBUSY;

	pots_meter_end(port, POTS_DONE_STOPPED);
	if (is_open(feed))
		pots_tone_end(port, POTS_DONE_STOPPED);
	return pots_line_set_feed(port, feed,
				  was_open ? POTS_SETTLE_OPEN_MS : POTS_SETTLE_POLARITY_MS,
				  was_open || is_open(feed));
}

void pots_line_rest(struct pots_port *port)
{
	lockdep_assert_held(&port->cmd_lock);

	pots_timer_cancel(&port->hangup_timer);
	if (port->exchange) {
		port->exchange->rest(port);
		return;
	}
	silence(port);

	if (port->feed != POTS_LINE_FORWARD && !(port->state & POTS_STATE_ALARM))
		feed_idle(port);

	spin_lock_irq(&port->lock);
	pots_loop_park_locked(port);
	spin_unlock_irq(&port->lock);
	pots_highway_review(port);
}

static int restore_feed(struct pots_port *port)
{
	int ret;

	ret = pots_settings_restore(port);
	if (!ret)
		ret = pots_line_set_feed(port, port->feed == POTS_LINE_RINGING ?
					 POTS_LINE_FORWARD : port->feed,
					 POTS_SETTLE_OPEN_MS, false);
	return ret ?: pots_ring_restore(port);
}

/* The chip was set up anew, or its driver brought the line back. */
void pots_line_restore(struct pots_port *port)
{
	int ret;

	ret = port->exchange ? port->exchange->restore(port) : restore_feed(port);
	if (!ret)
		ret = pots_tone_restore(port);
	if (!ret)
		ret = pots_highway_restore(port);
	if (ret)
		dev_warn(&port->dev, "line not restored: %d\n", ret);
}

void pots_line_failed(struct pots_port *port)
{
	if (port->exchange) {
		port->exchange->failed(port);
		return;
	}
	pots_ring_end(port, POTS_DONE_FAILED);
	pots_announce_end(port, POTS_DONE_FAILED);
	if (port->tone.by_chip)
		pots_tone_end(port, POTS_DONE_FAILED);
}

/* What the line does is not to be believed. */
static void hold_locked(struct pots_port *port)
{
	if (port->exchange)
		port->exchange->hold_locked(port);
	else
		pots_loop_hold_locked(port, false);
}

static void alarm_locked(struct pots_port *port, enum pots_alarm alarm)
{
	switch (alarm) {
	case POTS_ALARM_RAISED:
		port->stats.alarms++;
		pots_port_set_state_locked(port, 0, POTS_STATE_ALARM);
		hold_locked(port);
		break;
	case POTS_ALARM_RECOVERED:
		pots_port_set_state_locked(port, POTS_STATE_ALARM, 0);
		pots_port_todo(port, POTS_TODO_RESTORE);
		break;
	case POTS_ALARM_GIVEN_UP:
		/* What the loop is now will be believed, and ends a call. */
		pots_port_set_state_locked(port, 0, POTS_STATE_ALARM);
		pots_loop_release_locked(port, 0);
		port->feed = POTS_LINE_OPEN;
		pots_port_todo(port, POTS_TODO_FAILED);
		break;
	}
}

/**
 * pots_port_report_alarm - a power alarm came, or what became of it
 * @port:	the port
 * @alarm:	what the chip's driver says
 * @at_ns:	when, CLOCK_MONOTONIC
 *
 * Any context.
 */
void pots_port_report_alarm(struct pots_port *port, enum pots_alarm alarm, u64 at_ns)
{
	static const u32 value[] = {
		[POTS_ALARM_RECOVERED] = 0,
		[POTS_ALARM_RAISED] = 1,
		[POTS_ALARM_GIVEN_UP] = 2,
	};
	unsigned long flags;

	spin_lock_irqsave(&port->lock, flags);
	if (port->live) {
		pots_event_locked(port, at_ns, POTS_EVENT_ALARM, value[alarm]);
		alarm_locked(port, alarm);
	}
	spin_unlock_irqrestore(&port->lock, flags);
}
EXPORT_SYMBOL_GPL(pots_port_report_alarm);

/**
 * pots_port_report_trouble - the chip lost its registers, or is lost itself
 * @port:	the port
 * @trouble:	which of them
 * @at_ns:	when, CLOCK_MONOTONIC
 *
 * Any context. After POTS_TROUBLE_RESET the core brings feed, ringing, tone
 * and speech again, in its own time.
 */
void pots_port_report_trouble(struct pots_port *port,
			      enum pots_chip_trouble trouble, u64 at_ns)
{
	unsigned long flags;

	spin_lock_irqsave(&port->lock, flags);
	if (!port->live)
		goto unlock;
	if (trouble == POTS_TROUBLE_RESET) {
		port->stats.chip_resets++;
		pots_event_locked(port, at_ns, POTS_EVENT_CHIP, POTS_CHIP_RESET);
		hold_locked(port);
		pots_port_todo(port, POTS_TODO_RESTORE);
	} else {
		pots_event_locked(port, at_ns, POTS_EVENT_CHIP, POTS_CHIP_FAILED);
		pots_port_todo(port, POTS_TODO_FAILED);
	}
unlock:
	spin_unlock_irqrestore(&port->lock, flags);
}
EXPORT_SYMBOL_GPL(pots_port_report_trouble);
