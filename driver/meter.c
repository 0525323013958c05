// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pulses to the subscriber's charge meter: how many, and when the next one
 * begins. A tone's length is the chip's own, a reversal's is the timer's.
 */
#include "pots_core.h"

#include <linux/ktime.h>
#include <linux/string.h>

#define ON_MIN_MS	20
#define ON_MAX_MS	5000
#define OFF_MAX_MS	60000

static const u32 tone_hz[] = {
	[POTS_METER_12KHZ] = 12000,
	[POTS_METER_16KHZ] = 16000,
	[POTS_METER_REVERSAL] = 0,
};

static enum pots_feed turned(enum pots_feed feed)
{
	return feed == POTS_LINE_REVERSE ? POTS_LINE_FORWARD : POTS_LINE_REVERSE;
}

/* @ms: how long, 0 ends it. */
static int pulse(struct pots_port *port, u32 ms)
{
	struct pots_metering *metering = &port->metering;
	u32 hz = tone_hz[metering->meter.signal];

	if (hz)
		return pots_op_meter(port, hz, ms);
	return pots_line_set_feed(port, ms ? turned(metering->feed) : metering->feed,
				  POTS_SETTLE_POLARITY_MS, false);
}

/* The next beginning or end. */
static void arm(struct pots_metering *metering, u32 ms)
{
	metering->due_ns += (u64)ms * NSEC_PER_MSEC;
	pots_timer_at(&metering->timer, metering->due_ns);
}

static int begin(struct pots_port *port)
{
	struct pots_metering *metering = &port->metering;
	int ret;

	metering->feed = port->feed;
	ret = pulse(port, metering->meter.on_ms);
	if (ret)
		return ret;
	metering->on = true;
	metering->sent++;
	arm(metering, metering->meter.on_ms);
	return 0;
}

/* A tone has ended by itself, unless it shall end before its time. */
static int finish(struct pots_port *port, bool early)
{
	struct pots_metering *metering = &port->metering;

	if (!metering->on)
		return 0;
	metering->on = false;
	return early || !tone_hz[metering->meter.signal] ? pulse(port, 0) : 0;
}

void pots_meter_end(struct pots_port *port, u32 reason)
{
	struct pots_metering *metering = &port->metering;

	lockdep_assert_held(&port->cmd_lock);

	if (!metering->cookie)
		return;
	pots_timer_cancel(&metering->timer);
	finish(port, true);
	spin_lock_irq(&port->lock);
	pots_event_post_locked(port, ktime_get_ns(), POTS_EVENT_METER_DONE, reason,
			       metering->cookie, metering->sent);
	spin_unlock_irq(&port->lock);
	metering->cookie = 0;
}

void pots_meter_step(struct pots_port *port)
{
	struct pots_metering *metering = &port->metering;
	int ret;

	/* A newer command has set the timer anew. */
	if (!metering->cookie || pots_timer_is_set(&metering->timer))
		return;
	if (!pots_tone_is_audible(port)) {
		ret = -ENOLINK;
	} else if (!metering->on) {
		ret = begin(port);
	} else {
		ret = finish(port, false);
		if (!ret && metering->sent == metering->meter.count) {
			pots_meter_end(port, POTS_DONE_FINISHED);
			return;
		}
		if (!ret)
			arm(metering, metering->meter.off_ms);
	}
	if (ret)
		pots_meter_end(port, POTS_DONE_FAILED);
}

static int check(const struct pots_port *port, const struct pots_meter *meter)
{
	if (!meter->signal || meter->signal >= ARRAY_SIZE(tone_hz) ||
	    memchr_inv(meter->reserved, 0, sizeof(meter->reserved)))
		return -EINVAL;
	if (!meter->count || meter->count > POTS_METER_COUNT_MAX ||
	    meter->on_ms < ON_MIN_MS || meter->on_ms > ON_MAX_MS ||
	    meter->off_ms < ON_MIN_MS || meter->off_ms > OFF_MAX_MS)
		return -ERANGE;
	return (tone_hz[meter->signal] ? port->has_meter : port->desc.can_reverse) ?
	       0 : -EOPNOTSUPP;
}

int pots_meter_start(struct pots_port *port, void *arg)
{
	struct pots_metering *metering = &port->metering;
	struct pots_meter *meter = arg;
	int ret;

	ret = check(port, meter);
	if (ret)
		return ret;
	if (!pots_tone_is_audible(port))
		return -ENOLINK;
	if (metering->cookie)
		return -EBUSY;

	metering->meter = *meter;
	metering->sent = 0;
	metering->due_ns = ktime_get_ns();
	ret = begin(port);
	if (ret)
		return ret;
	meter->cookie = pots_port_new_cookie(port);
	metering->cookie = meter->cookie;
	return 0;
}

int pots_meter_stop(struct pots_port *port, void *arg)
{
	const struct pots_stop *stop = arg;

	if (stop->reserved)
		return -EINVAL;
	if (!stop->cookie || stop->cookie == port->metering.cookie)
		pots_meter_end(port, POTS_DONE_STOPPED);
	return 0;
}
