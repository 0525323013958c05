// SPDX-License-Identifier: GPL-2.0-only
/*
 * The claim's watchdog: an owner that hangs is as harmless as one that died. It
 * runs only while the line has something to lose, so an idle owner may sleep.
 */
#include "pots_core.h"
#include "compat.h"

#include <linux/ktime.h>

/* An exchange that rings is none of our doing. */
static bool has_something_to_lose(const struct pots_port *port)
{
	u32 state = port->state;

	return state & (POTS_STATE_TONE | POTS_STATE_AUDIO) ||
	       (state & POTS_STATE_RINGING && !port->exchange) ||
	       (state & (POTS_STATE_OFF_HOOK | POTS_STATE_PARKED)) == POTS_STATE_OFF_HOOK;
}

static void arm_locked(struct pots_port *port)
{
	hrtimer_start(&port->watchdog_timer, ns_to_ktime(port->watchdog_ns),
		      HRTIMER_MODE_ABS);
}

/* Only moves the time when the timer runs: one that comes too early goes on to it. */
static void begin_locked(struct pots_port *port)
{
	port->watchdog_ns = ktime_get_ns() + (u64)port->watchdog_ms * NSEC_PER_MSEC;
	if (port->live && !hrtimer_is_queued(&port->watchdog_timer))
		arm_locked(port);
}

static enum hrtimer_restart watchdog_timer(struct hrtimer *timer)
{
	struct pots_port *port = container_of(timer, struct pots_port, watchdog_timer);
	unsigned long flags;

	spin_lock_irqsave(&port->lock, flags);
	if (!port->watchdog_ns || !port->live) {
		/* It sleeps. */
	} else if (ktime_get_ns() < port->watchdog_ns) {
		arm_locked(port);
	} else {
		port->watchdog_ns = 0;
		pots_port_todo(port, POTS_TODO_WATCHDOG);
	}
	spin_unlock_irqrestore(&port->lock, flags);
	return HRTIMER_NORESTART;
}

void pots_watchdog_init(struct pots_port *port)
{
	hrtimer_setup(&port->watchdog_timer, watchdog_timer, CLOCK_MONOTONIC,
		      HRTIMER_MODE_ABS);
}

void pots_watchdog_update_locked(struct pots_port *port)
{
	bool active = port->watchdog_ms && has_something_to_lose(port);

	lockdep_assert_held(&port->lock);

	if (active == !!port->watchdog_ns)
		return;
	if (active) {
		begin_locked(port);
	} else {
		port->watchdog_ns = 0;
		hrtimer_try_to_cancel(&port->watchdog_timer);
	}
}

int pots_watchdog_feed(struct pots_port *port, void *arg)
{
	spin_lock_irq(&port->lock);
	if (port->watchdog_ns)
		begin_locked(port);
	spin_unlock_irq(&port->lock);
	return 0;
}

/* What happened since the timer fired cannot count as feeding: it is too late. */
void pots_watchdog_expired(struct pots_port *port)
{
	if (!(port->state & POTS_STATE_CLAIMED) || !port->watchdog_ms)
		return;
	pots_line_rest(port);
	spin_lock_irq(&port->lock);
	pots_event_locked(port, ktime_get_ns(), POTS_EVENT_WATCHDOG, 0);
	spin_unlock_irq(&port->lock);
}
