// SPDX-License-Identifier: GPL-2.0-only
/*
 * Answering to be told who calls, as the telephones of Japan do: bursts that begin a
 * second after each other do not ring yet. The line is taken, the message heard, and
 * the line given back; then it rings. To everybody else it rings all the time: they
 * hear of the message when the line may be answered, which is when it rings again.
 */
#include "pots_fxo.h"

#include <linux/ktime.h>

#define PERIOD_MIN_MS	750	/* from one burst's begin to the next; */
#define PERIOD_MAX_MS	1500	/* where it rings, it is three seconds */
#define MESSAGE_MS	4000	/* it comes within, or not at all */
#define REST_MS		3000	/* it rings within, or is late */
#define RETRY_MS	100

static bool takes_messages(const struct pots_port *port)
{
	return READ_ONCE(port->fxo->exchange.flags) & POTS_EXCHANGE_F_CID_ANSWER;
}

void pots_receive_burst_locked(struct pots_port *port, bool first, u64 at_ns)
{
	struct pots_receiver *receiver = &port->fxo->receiver;
	u64 period_ns = at_ns - receiver->burst_ns;

	lockdep_assert_held(&port->lock);

	receiver->burst_ns = at_ns;
	if (first)
		receiver->asked = false;
	if (receiver->stage == POTS_RECEIVE_REST)
		pots_port_todo(port, POTS_TODO_RECEIVE);
	if (first || receiver->asked || !takes_messages(port) ||
	    period_ns < PERIOD_MIN_MS * NSEC_PER_MSEC ||
	    period_ns > PERIOD_MAX_MS * NSEC_PER_MSEC)
		return;
	receiver->asked = true;
	receiver->due = true;
	pots_port_todo(port, POTS_TODO_RECEIVE);
}

static void enter(struct pots_port *port, enum pots_receive_stage stage, u32 ms)
{
	WRITE_ONCE(port->fxo->receiver.stage, stage);
	pots_timer_in(&port->fxo->receiver.timer, ms);
	pots_highway_review(port);
}

/* Nobody else may have taken the line, or will hear of what is told. */
static bool may_answer(const struct pots_port *port)
{
	u32 state = READ_ONCE(port->state);

	return port->highway && state & POTS_STATE_CLAIMED && state & POTS_STATE_RINGING &&
	       !(state & POTS_STATE_OFF_HOOK);
}

static bool take_due(struct pots_port *port)
{
	bool due;

	spin_lock_irq(&port->lock);
	due = port->fxo->receiver.due;
	port->fxo->receiver.due = false;
	spin_unlock_irq(&port->lock);
	return due;
}

static void receives(struct pots_port *port, bool on)
{
	spin_lock_irq(&port->lock);
	pots_exchange_receive_locked(port, on);
	spin_unlock_irq(&port->lock);
}

static void give_back(struct pots_port *port)
{
	if (pots_exchange_set_hook(port, false)) {
		pots_timer_in(&port->fxo->receiver.timer, RETRY_MS);
		return;
	}
	receives(port, false);
	enter(port, POTS_RECEIVE_REST, REST_MS);
}

static void answer(struct pots_port *port)
{
	int ret = pots_exchange_set_hook(port, true);

	pots_listen_chip_forgot(port);
	receives(port, true);
	enter(port, POTS_RECEIVE_MESSAGE, MESSAGE_MS);
	if (ret)
		give_back(port);
}

void pots_receive_step(struct pots_port *port)
{
	struct pots_receiver *receiver = &port->fxo->receiver;
	bool over = !pots_timer_is_set(&receiver->timer);

	lockdep_assert_held(&port->cmd_lock);

	switch (receiver->stage) {
	case POTS_RECEIVE_NOTHING:
		if (take_due(port) && may_answer(port))
			answer(port);
		return;
	case POTS_RECEIVE_MESSAGE:
		if (over || READ_ONCE(port->fxo->listener.told))
			give_back(port);
		return;
	case POTS_RECEIVE_REST:
		if (over || READ_ONCE(port->fxo->supervise.burst))
			pots_receive_end(port);
		return;
	}
}

void pots_receive_end(struct pots_port *port)
{
	struct pots_receiver *receiver = &port->fxo->receiver;

	lockdep_assert_held(&port->cmd_lock);

	if (receiver->stage == POTS_RECEIVE_NOTHING)
		return;
	pots_timer_cancel(&receiver->timer);
	WRITE_ONCE(receiver->stage, POTS_RECEIVE_NOTHING);
	spin_lock_irq(&port->lock);
	if (READ_ONCE(port->fxo->listener.told))
		pots_listen_tell_locked(port);
	spin_unlock_irq(&port->lock);
}
