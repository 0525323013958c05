// SPDX-License-Identifier: GPL-2.0-only
/*
 * Listening to an exchange: to the tones of its plan while we hold the line, and
 * to who calls while we do not. What it costs is the highway's tick, so nobody
 * listens to a line that is at rest, unless that was asked for.
 */
#include "pots_fxo.h"

#include <linux/ktime.h>
#include <linux/string.h>

#define AFTER_REVERSAL_MS	6000	/* the message comes within, or no more */
#define STILL_NEW_MS		10000	/* a message before the ringing that it is of */

/* What an exchange tells a caller by. */
static const u8 plan[] = {
	POTS_TONE_DIAL, POTS_TONE_RINGBACK, POTS_TONE_BUSY, POTS_TONE_REORDER,
	POTS_TONE_UNOBTAINABLE, POTS_TONE_SIT,
};

/* One that cannot be told by ear is not looked for. */
static void look_for(struct pots_port *port, u32 tone)
{
	pots_progress_set(&port->fxo->listener.progress, tone,
			  pots_tone_program_of(port, tone));
}

void pots_listen_init(struct pots_port *port)
{
	pots_timer_init(&port->fxo->listener.timer, port, POTS_TODO_REVIEW);
	pots_listen_settings(port);
}

void pots_listen_settings(struct pots_port *port)
{
	struct pots_listener *listener = &port->fxo->listener;
	const struct pots_exchange *exchange = &port->fxo->exchange;
	unsigned int i;

	spin_lock_bh(&port->audio_lock);
	pots_progress_init(&listener->progress, exchange->progress_periods);
	for (i = 0; i < ARRAY_SIZE(plan); i++)
		look_for(port, plan[i]);
	WRITE_ONCE(listener->heard, 0);
	listener->receiving = false;	/* begins anew, by what it is now */
	spin_unlock_bh(&port->audio_lock);
}

void pots_listen_tone(struct pots_port *port, u32 tone)
{
	struct pots_listener *listener = &port->fxo->listener;

	if (!memchr(plan, tone, sizeof(plan)))
		return;
	spin_lock_bh(&port->audio_lock);
	look_for(port, tone);
	WRITE_ONCE(listener->heard, 0);
	spin_unlock_bh(&port->audio_lock);
}

/* ----------------------------------------------------------- when, to what --- */

static bool wants_progress(const struct pots_port *port)
{
	u32 state = READ_ONCE(port->state);

	return port->highway && state & POTS_STATE_OFF_HOOK && !(state & POTS_STATE_ALARM);
}

/* Between the alert, whichever it is, and the message. */
static bool may_come(struct pots_port *port)
{
	struct pots_listener *listener = &port->fxo->listener;
	u32 flags = port->fxo->exchange.flags;
	bool told = READ_ONCE(listener->told);

	if (flags & POTS_EXCHANGE_F_CID_ALWAYS)
		return true;
	if (pots_receiving(port))
		return !told;
	if (READ_ONCE(port->state) & POTS_STATE_RINGING)
		return flags & POTS_EXCHANGE_F_CID_RING && !told;
	return pots_timer_is_set(&listener->timer) && !told;
}

static bool wants_caller(struct pots_port *port)
{
	u32 state = READ_ONCE(port->state);

	return port->highway && port->fxo->exchange.cid_signal &&
	       state & POTS_STATE_CLAIMED && !(state & POTS_STATE_OFF_HOOK) &&
	       may_come(port);
}

void pots_listen_review(struct pots_port *port)
{
	struct pots_listener *listener = &port->fxo->listener;
	bool progress = wants_progress(port), caller = wants_caller(port);

	lockdep_assert_held(&port->cmd_lock);

	spin_lock_bh(&port->audio_lock);
	if (progress && !listener->progressing) {
		pots_progress_reset(&listener->progress);
		WRITE_ONCE(listener->heard, 0);
	}
	if (caller && !listener->receiving)
		pots_cid_receive_init(&listener->receiver, port->fxo->exchange.cid_signal);
	listener->progressing = progress;
	listener->receiving = caller;
	spin_unlock_bh(&port->audio_lock);
}

/* The chip's part: its codec hears the line only when it is told to. */
void pots_listen_chip(struct pots_port *port)
{
	struct pots_listener *listener = &port->fxo->listener;
	bool on = READ_ONCE(listener->receiving) && port->highway_runs && !pots_receiving(port);

	lockdep_assert_held(&port->cmd_lock);

	if (on != listener->chip_listens && !pots_op_listen(port, on))
		listener->chip_listens = on;
}

void pots_listen_chip_forgot(struct pots_port *port)
{
	lockdep_assert_held(&port->cmd_lock);
	port->fxo->listener.chip_listens = false;
}

/* A message that came during the ringing before was that call's. */
void pots_listen_ring_locked(struct pots_port *port, u64 at_ns)
{
	struct pots_listener *listener = &port->fxo->listener;
	struct pots_caller_id *caller = &listener->caller;
	bool early = listener->early;

	lockdep_assert_held(&port->lock);

	listener->early = false;
	if (early && caller->timestamp_ns + (u64)STILL_NEW_MS * NSEC_PER_MSEC > at_ns)
		return;
	caller->count = 0;
	WRITE_ONCE(listener->told, false);
}

void pots_listen_reversal_locked(struct pots_port *port)
{
	struct pots_listener *listener = &port->fxo->listener;

	lockdep_assert_held(&port->lock);

	if (port->state & (POTS_STATE_OFF_HOOK | POTS_STATE_RINGING) ||
	    !(READ_ONCE(port->fxo->exchange.flags) & POTS_EXCHANGE_F_CID_REVERSAL))
		return;
	WRITE_ONCE(listener->told, false);
	pots_timer_in(&listener->timer, AFTER_REVERSAL_MS);
	pots_port_todo(port, POTS_TODO_REVIEW);
}

void pots_listen_tell_locked(struct pots_port *port)
{
	const struct pots_caller_id *caller = &port->fxo->listener.caller;

	lockdep_assert_held(&port->lock);
	pots_event_post_locked(port, caller->timestamp_ns, POTS_EVENT_CALLER_ID, caller->count,
			       0, caller->signal);
}

int pots_listen_read(struct pots_port *port, void *arg)
{
	struct pots_caller_id *caller = arg;
	int ret = 0;

	spin_lock_irq(&port->lock);
	*caller = port->fxo->listener.caller;
	if (!caller->count)
		ret = -ENODATA;
	spin_unlock_irq(&port->lock);
	return ret;
}

/* ------------------------------------------------------------- for frames --- */

bool pots_listen_hears(const struct pots_port *port)
{
	lockdep_assert_held(&port->audio_lock);
	return port->fxo->listener.progressing || port->fxo->listener.receiving;
}

bool pots_listen_heard_dial_tone(const struct pots_port *port)
{
	return READ_ONCE(port->fxo->listener.heard) == POTS_TONE_DIAL;
}

static void tone_heard(struct pots_port *port, const struct pots_progress_event *event,
		       u64 at_ns)
{
	unsigned long flags;

	WRITE_ONCE(port->fxo->listener.heard, event->on ? event->tone : 0);
	spin_lock_irqsave(&port->lock, flags);
	pots_event_post_locked(port, at_ns, POTS_EVENT_PROGRESS, event->tone, 0, event->on);
	if (port->state & POTS_STATE_DIALLING)
		pots_port_todo(port, POTS_TODO_DIAL);
	spin_unlock_irqrestore(&port->lock, flags);
}

static void caller_heard(struct pots_port *port, u64 at_ns)
{
	struct pots_listener *listener = &port->fxo->listener;
	struct pots_caller_id *caller = &listener->caller;
	unsigned int count;
	unsigned long flags;
	const u8 *data = pots_cid_receive_data(&listener->receiver, &count);

	spin_lock_irqsave(&port->lock, flags);
	memset(caller, 0, sizeof(*caller));
	caller->timestamp_ns = at_ns;
	caller->signal = listener->receiver.signal;
	caller->count = min_t(unsigned int, count, sizeof(caller->data));
	memcpy(caller->data, data, caller->count);
	listener->early = !(port->state & POTS_STATE_RINGING);
	WRITE_ONCE(listener->told, true);
	if (pots_receiving(port))
		pots_port_todo(port, POTS_TODO_RECEIVE);
	else
		pots_listen_tell_locked(port);
	pots_port_todo(port, POTS_TODO_REVIEW);
	spin_unlock_irqrestore(&port->lock, flags);
}

void pots_listen_run(struct pots_port *port, const s16 *from_line, unsigned int frames,
		     u64 now_ns)
{
	struct pots_listener *listener = &port->fxo->listener;
	struct pots_progress_event event;

	lockdep_assert_held(&port->audio_lock);

	for (; frames; frames--, from_line += POTS_FRAME_LEN) {
		u64 at_ns = now_ns - (frames - 1) * NSEC_PER_MSEC;

		if (listener->progressing &&
		    pots_progress_run(&listener->progress, from_line, &event))
			tone_heard(port, &event, at_ns);
		if (listener->receiving &&
		    pots_cid_receive_run(&listener->receiver, from_line, 1))
			caller_heard(port, at_ns);
	}
}
