// SPDX-License-Identifier: GPL-2.0-only
/*
 * The exchange's line: what the chip rings and measures goes through the
 * supervision, and what it means comes out as events, state, and work to do.
 *
 * All of it runs under port->lock, in interrupt context as well.
 */
#include "pots_fxo.h"
#include "compat.h"

#include <linux/export.h>
#include <linux/ktime.h>

static void arm_locked(struct pots_port *port)
{
	u64 deadline_ns = port->fxo->supervise.deadline_ns;

	lockdep_assert_held(&port->lock);

	if (!port->live || !deadline_ns)
		hrtimer_try_to_cancel(&port->fxo->timer);
	else
		hrtimer_start(&port->fxo->timer, ns_to_ktime(deadline_ns),
			      HRTIMER_MODE_ABS);
}

void pots_exchange_show_locked(struct pots_port *port)
{
	const struct pots_supervise *supervise = &port->fxo->supervise;
	u32 state = 0;

	lockdep_assert_held(&port->lock);

	if (supervise->ringing)
		state |= POTS_STATE_RINGING;
	if (!supervise->battery.is)
		state |= POTS_STATE_NO_BATTERY;
	if (supervise->in_use.is)
		state |= POTS_STATE_IN_USE;
	if (supervise->reversed.is)
		state |= POTS_STATE_REVERSED;
	port->feed = !supervise->battery.is ? POTS_LINE_OPEN :
		     supervise->reversed.is ? POTS_LINE_REVERSE : POTS_LINE_FORWARD;
	pots_port_set_state_locked(port, POTS_STATE_RINGING | POTS_STATE_NO_BATTERY |
				   POTS_STATE_IN_USE | POTS_STATE_REVERSED, state);
	arm_locked(port);
}

static void burst_locked(struct pots_port *port, const struct pots_supervise_event *event,
			 u32 freq_mhz)
{
	bool first = !(port->state & POTS_STATE_RINGING);	/* of a call */

	if (event->value && first) {
		port->stats.rings++;
		pots_listen_ring_locked(port, event->at_ns);
	}
	if (event->value)
		pots_receive_burst_locked(port, first, event->at_ns);
	pots_event_post_locked(port, event->at_ns, POTS_EVENT_RING_BURST, event->value,
			       0, freq_mhz);
}

static void deliver_locked(struct pots_port *port,
			   const struct pots_supervise_event *event,
			   unsigned int count, u32 freq_mhz)
{
	static const u16 types[] = {
		[POTS_SUPERVISE_BATTERY] = POTS_EVENT_BATTERY,
		[POTS_SUPERVISE_POLARITY] = POTS_EVENT_POLARITY,
		[POTS_SUPERVISE_IN_USE] = POTS_EVENT_IN_USE,
		[POTS_SUPERVISE_RING_END] = POTS_EVENT_RING_END,
	};
	unsigned int i;

	lockdep_assert_held(&port->lock);

	for (i = 0; i < count; i++) {
		if (event[i].type == POTS_SUPERVISE_BURST)
			burst_locked(port, &event[i], freq_mhz);
		else if (event[i].type == POTS_SUPERVISE_MEASURE)
			pots_port_todo(port, POTS_TODO_MEASURE);
		else
			pots_event_locked(port, event[i].at_ns, types[event[i].type],
					  event[i].value);
		if (event[i].type == POTS_SUPERVISE_POLARITY)
			pots_listen_reversal_locked(port);
	}
	pots_exchange_show_locked(port);
}

static enum hrtimer_restart exchange_timer(struct hrtimer *timer)
{
	struct pots_fxo *fxo = container_of(timer, struct pots_fxo, timer);
	struct pots_supervise_event event[POTS_SUPERVISE_EVENTS_MAX];
	struct pots_port *port = fxo->port;
	unsigned int count;
	unsigned long flags;

	spin_lock_irqsave(&port->lock, flags);
	if (port->live) {
		count = pots_supervise_timeout(&fxo->supervise, ktime_get_ns(), event);
		deliver_locked(port, event, count, 0);
	}
	spin_unlock_irqrestore(&port->lock, flags);
	return HRTIMER_NORESTART;
}

void pots_exchange_report_init(struct pots_port *port)
{
	hrtimer_setup(&port->fxo->timer, exchange_timer, CLOCK_MONOTONIC,
		      HRTIMER_MODE_ABS);
}

/* What is over by now is settled, the timer may be late. */
static void settle_locked(struct pots_port *port, u64 now_ns)
{
	struct pots_supervise_event event[POTS_SUPERVISE_EVENTS_MAX];
	unsigned int count;

	count = pots_supervise_timeout(&port->fxo->supervise, now_ns, event);
	deliver_locked(port, event, count, 0);
}

void pots_exchange_hold_locked(struct pots_port *port)
{
	settle_locked(port, ktime_get_ns());
	pots_supervise_mask(&port->fxo->supervise, U64_MAX);
	arm_locked(port);
}

void pots_exchange_hook_locked(struct pots_port *port, bool off_hook)
{
	u64 now_ns = ktime_get_ns();

	pots_supervise_hook(&port->fxo->supervise, off_hook,
			    now_ns + POTS_SETTLE_HOOK_MS * NSEC_PER_MSEC);
	pots_exchange_show_locked(port);
}

void pots_exchange_receive_locked(struct pots_port *port, bool off_hook)
{
	struct pots_supervise_event event[POTS_SUPERVISE_EVENTS_MAX];
	u64 now_ns = ktime_get_ns();
	unsigned int count;

	count = pots_supervise_receive(&port->fxo->supervise, off_hook, now_ns,
				       now_ns + POTS_SETTLE_HOOK_MS * NSEC_PER_MSEC, event);
	deliver_locked(port, event, count, 0);
}

void pots_exchange_limits_locked(struct pots_port *port)
{
	struct pots_supervise_limits limits;

	lockdep_assert_held(&port->lock);

	pots_daa_limits(port, &limits);
	pots_supervise_set_limits(&port->fxo->supervise, &limits);
	arm_locked(port);
}

static void sense(struct pots_port *port, const struct pots_line_sense *sense, u64 at_ns)
{
	struct pots_supervise_event event[POTS_SUPERVISE_EVENTS_MAX];
	unsigned int count;
	unsigned long flags;

	spin_lock_irqsave(&port->lock, flags);
	if (port->live) {
		count = pots_supervise_sense(&port->fxo->supervise, sense->line_mv,
					     sense->loop_ua, at_ns, event);
		deliver_locked(port, event, count, 0);
	}
	spin_unlock_irqrestore(&port->lock, flags);
}

/* A chip that cannot tell now tells by itself, or is in trouble. */
void pots_exchange_measure(struct pots_port *port)
{
	struct pots_line_sense now;

	if (!pots_op_sense(port, &now))
		sense(port, &now, ktime_get_ns());
}

/* A report of the other kind of port is a driver's mistake. */
static bool is_mistaken(const struct pots_port *port)
{
	return WARN_ON_ONCE(!port->fxo);
}

/**
 * pots_port_report_ring - the exchange rings, or a burst is over
 * @port:	the port
 * @on:		begun, or ended
 * @freq_mhz:	millihertz, 0 = not known
 * @at_ns:	when, CLOCK_MONOTONIC
 *
 * Any context. Reports that change nothing are free.
 */
void pots_port_report_ring(struct pots_port *port, bool on, u32 freq_mhz, u64 at_ns)
{
	struct pots_supervise_event event[POTS_SUPERVISE_EVENTS_MAX];
	unsigned int count;
	unsigned long flags;

	if (is_mistaken(port))
		return;
	spin_lock_irqsave(&port->lock, flags);
	if (port->live) {
		count = pots_supervise_burst(&port->fxo->supervise, on, at_ns, event);
		deliver_locked(port, event, count, freq_mhz);
	}
	spin_unlock_irqrestore(&port->lock, flags);
}
EXPORT_SYMBOL_GPL(pots_port_report_ring);

/**
 * pots_port_report_sense - the line was measured
 * @port:	the port
 * @measured:	what it is
 * @at_ns:	when, CLOCK_MONOTONIC
 *
 * Any context.
 */
void pots_port_report_sense(struct pots_port *port,
			    const struct pots_line_sense *measured, u64 at_ns)
{
	if (!is_mistaken(port))
		sense(port, measured, at_ns);
}
EXPORT_SYMBOL_GPL(pots_port_report_sense);

/**
 * pots_port_report_billing - a billing pulse has ended
 * @port:	the port
 * @at_ns:	when, CLOCK_MONOTONIC
 *
 * Any context. On-hook it belongs to no call of ours.
 */
void pots_port_report_billing(struct pots_port *port, u64 at_ns)
{
	unsigned long flags;

	if (is_mistaken(port))
		return;
	spin_lock_irqsave(&port->lock, flags);
	if (port->live && port->state & POTS_STATE_OFF_HOOK)
		pots_event_locked(port, at_ns, POTS_EVENT_BILLING, ++port->fxo->billed);
	spin_unlock_irqrestore(&port->lock, flags);
}
EXPORT_SYMBOL_GPL(pots_port_report_billing);
