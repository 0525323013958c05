// SPDX-License-Identifier: GPL-2.0-only
/*
 * The loop: edges and ring trips as the chip reports them go through the hook
 * classifier, and what they mean comes out as events and as work to do.
 *
 * All of it runs under port->lock, in interrupt context as well, so an event is
 * in the readers' queues before the interrupt handler returns.
 */
#include "pots_core.h"
#include "compat.h"

#include <linux/export.h>
#include <linux/ktime.h>

/* A telephone that has been told who calls neither flashes nor dials. */
#define RECEIVED_MS	200

/* The timer stands still while the loop is held: nothing would be believed. */
static void arm_locked(struct pots_port *port)
{
	u64 deadline_ns = port->hook.deadline_ns;

	lockdep_assert_held(&port->lock);

	if (!port->live || port->loop_held || !deadline_ns)
		hrtimer_try_to_cancel(&port->hook_timer);
	else
		hrtimer_start(&port->hook_timer, ns_to_ktime(deadline_ns),
			      HRTIMER_MODE_ABS);
}

static void off_hook_locked(struct pots_port *port, u64 at_ns, u32 how)
{
	port->stats.seizures++;
	pots_event_locked(port, at_ns, POTS_EVENT_OFF_HOOK, how);
}

static void deliver_one_locked(struct pots_port *port,
			       const struct pots_hook_event *event)
{
	u64 at_ns = event->at_ns;

	if (port->loop_receives) {
		pots_port_todo(port, POTS_TODO_ANNOUNCE);
		return;
	}
	switch (event->type) {
	case POTS_HOOK_SEIZE:
		off_hook_locked(port, at_ns, POTS_OFF_HOOK_SEIZED);
		pots_port_todo(port, POTS_TODO_ANNOUNCE);
		break;
	case POTS_HOOK_ANSWER:
		off_hook_locked(port, at_ns, POTS_OFF_HOOK_ANSWERED);
		port->ring.answered = true;
		pots_port_todo(port, POTS_TODO_ANSWERED);
		break;
	case POTS_HOOK_RELEASE:
		pots_event_locked(port, at_ns, POTS_EVENT_ON_HOOK, 0);
		pots_port_todo(port, POTS_TODO_RELEASED);
		break;
	case POTS_HOOK_FLASH:
		port->stats.flashes++;
		pots_event_locked(port, at_ns, POTS_EVENT_FLASH, event->value);
		break;
	case POTS_HOOK_DIGIT:
		port->stats.pulse_digits++;
		pots_event_locked(port, at_ns, POTS_EVENT_PULSE_DIGIT, event->value);
		break;
	case POTS_HOOK_PARKED:
		pots_event_locked(port, at_ns, POTS_EVENT_PARKED, 1);
		break;
	case POTS_HOOK_UNPARKED:
		pots_event_locked(port, at_ns, POTS_EVENT_PARKED, 0);
		pots_port_todo(port, POTS_TODO_RELEASED);
		break;
	}
}

static void deliver_locked(struct pots_port *port,
			   const struct pots_hook_event *event, unsigned int count)
{
	unsigned int i;
	u32 state = 0;

	lockdep_assert_held(&port->lock);

	for (i = 0; i < count; i++)
		deliver_one_locked(port, &event[i]);
	if (pots_hook_is_off(&port->hook) && !port->loop_receives)
		state |= POTS_STATE_OFF_HOOK;
	if (pots_hook_is_parked(&port->hook))
		state |= POTS_STATE_PARKED;
	pots_port_set_state_locked(port, POTS_STATE_OFF_HOOK | POTS_STATE_PARKED,
				   state);
	arm_locked(port);
}

/* What is over by now is settled, the timer may be late. */
static void settle_locked(struct pots_port *port, u64 now_ns)
{
	struct pots_hook_event event[POTS_HOOK_EVENTS_MAX];
	unsigned int count;

	if (!port->live || port->loop_held)
		return;
	count = pots_hook_timeout(&port->hook, now_ns, event);
	deliver_locked(port, event, count);
}

static enum hrtimer_restart hook_timer(struct hrtimer *timer)
{
	struct pots_port *port = container_of(timer, struct pots_port, hook_timer);
	unsigned long flags;

	spin_lock_irqsave(&port->lock, flags);
	settle_locked(port, ktime_get_ns());
	spin_unlock_irqrestore(&port->lock, flags);
	return HRTIMER_NORESTART;
}

void pots_loop_init(struct pots_port *port)
{
	hrtimer_setup(&port->hook_timer, hook_timer, CLOCK_MONOTONIC,
		      HRTIMER_MODE_ABS);
}

/* Moves the end of the mask past @at_ns for as long as the loop is held. */
static void stay_masked_locked(struct pots_port *port, u64 at_ns)
{
	if (port->loop_held)
		pots_hook_mask(&port->hook, at_ns, at_ns + 1, false);
}

static bool is_believed_locked(const struct pots_port *port, u64 at_ns)
{
	return !port->loop_held && !port->loop_receives &&
	       port->hook.mask_until_ns <= at_ns && !pots_hook_is_parked(&port->hook);
}

void pots_loop_begin_locked(struct pots_port *port, bool closed)
{
	pots_hook_init(&port->hook, closed, ktime_get_ns());
	pots_loop_windows_locked(port);
	deliver_locked(port, NULL, 0);
}

void pots_loop_windows_locked(struct pots_port *port)
{
	const struct pots_settings *settings = &port->settings;
	struct pots_hook_windows windows = {
		.seize_ms = settings->seize_ms,
		.release_ms = settings->release_ms,
		.flash_min_ms = settings->flash_min_ms,
		.flash_max_ms = settings->flash_max_ms,
		.pulse_break_min_ms = settings->pulse_break_min_ms,
		.pulse_break_max_ms = settings->pulse_break_max_ms,
		.pulse_make_min_ms = settings->pulse_make_min_ms,
		.pulse_make_max_ms = settings->pulse_make_max_ms,
		.detect_pulse = settings->flags & POTS_SETTING_F_PULSE,
		.detect_flash = settings->flags & POTS_SETTING_F_FLASH,
	};

	lockdep_assert_held(&port->lock);
	if (port->loop_receives) {
		windows.release_ms = RECEIVED_MS;
		windows.detect_pulse = false;
		windows.detect_flash = false;
	}
	pots_hook_set_windows(&port->hook, &windows);
}

void pots_loop_hold_locked(struct pots_port *port, bool park)
{
	u64 now_ns = ktime_get_ns();

	lockdep_assert_held(&port->lock);

	settle_locked(port, now_ns);
	port->loop_held = true;
	pots_hook_mask(&port->hook, now_ns, now_ns + 1,
		       park && pots_hook_is_off(&port->hook));
	deliver_locked(port, NULL, 0);
}

void pots_loop_release_locked(struct pots_port *port, u32 settle_ms)
{
	u64 now_ns = ktime_get_ns();

	lockdep_assert_held(&port->lock);

	if (!port->loop_held)
		return;
	pots_hook_mask(&port->hook, now_ns, now_ns + (u64)settle_ms * NSEC_PER_MSEC, false);
	port->loop_held = false;
	arm_locked(port);
}

void pots_loop_park_locked(struct pots_port *port)
{
	struct pots_hook_event event[POTS_HOOK_EVENTS_MAX];
	u64 now_ns = ktime_get_ns();
	unsigned int count;

	lockdep_assert_held(&port->lock);

	if (!pots_hook_is_off(&port->hook))
		return;
	stay_masked_locked(port, now_ns);
	count = pots_hook_park(&port->hook, now_ns, event);
	deliver_locked(port, event, count);
}

void pots_loop_receive_locked(struct pots_port *port)
{
	port->loop_receives = true;
	pots_loop_windows_locked(port);
}

void pots_loop_received_locked(struct pots_port *port, bool answers)
{
	const struct pots_hook_event answer = {
		.type = POTS_HOOK_ANSWER, .at_ns = ktime_get_ns(),
	};

	if (!port->loop_receives)
		return;
	port->loop_receives = false;
	pots_loop_windows_locked(port);
	if (answers)
		deliver_locked(port, &answer, 1);
	else
		pots_loop_park_locked(port);
}

void pots_loop_ringing_locked(struct pots_port *port, bool ringing)
{
	lockdep_assert_held(&port->lock);
	pots_hook_set_ringing(&port->hook, ringing);
}

bool pots_loop_closed_locked(struct pots_port *port)
{
	lockdep_assert_held(&port->lock);
	return port->hook.closed || pots_hook_is_off(&port->hook);
}

/**
 * pots_port_report_loop - the chip saw the loop open or close
 * @port:	the port
 * @closed:	what the loop is now
 * @at_ns:	when, CLOCK_MONOTONIC
 *
 * Any context. Reports that change nothing are free.
 */
void pots_port_report_loop(struct pots_port *port, bool closed, u64 at_ns)
{
	struct pots_hook_event event[POTS_HOOK_EVENTS_MAX];
	unsigned int count;
	unsigned long flags;

	spin_lock_irqsave(&port->lock, flags);
	if (!port->live || port->exchange || closed == port->hook.closed)
		goto unlock;

	port->stats.hook_edges++;
	if (is_believed_locked(port, at_ns))
		pots_event_locked(port, at_ns, POTS_EVENT_HOOK_EDGE, closed);
	stay_masked_locked(port, at_ns);
	count = pots_hook_edge(&port->hook, closed, at_ns, event);
	deliver_locked(port, event, count);
unlock:
	spin_unlock_irqrestore(&port->lock, flags);
}
EXPORT_SYMBOL_GPL(pots_port_report_loop);

/**
 * pots_port_report_ring_trip - the chip saw the handset lifted while it rings
 * @port:	the port
 * @at_ns:	when, CLOCK_MONOTONIC
 *
 * Any context. One that comes too late, after ringing has stopped, is nothing:
 * the loop itself will tell.
 */
void pots_port_report_ring_trip(struct pots_port *port, u64 at_ns)
{
	struct pots_hook_event event[POTS_HOOK_EVENTS_MAX];
	unsigned int count;
	unsigned long flags;

	spin_lock_irqsave(&port->lock, flags);
	if (port->live && !port->exchange) {
		count = pots_hook_ring_trip(&port->hook, at_ns, event);
		deliver_locked(port, event, count);
	}
	spin_unlock_irqrestore(&port->lock, flags);
}
EXPORT_SYMBOL_GPL(pots_port_report_ring_trip);
