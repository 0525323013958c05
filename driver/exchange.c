// SPDX-License-Identifier: GPL-2.0-only
/*
 * A port that faces an exchange: seizing its line and releasing it, and what a
 * chip in trouble means for it. POTS_STATE_OFF_HOOK is what we want of the line;
 * a chip that does not go on-hook is told so again until it does.
 */
#include "pots_fxo.h"

#include <linux/ktime.h>
#include <linux/string.h>

#define RETRY_MS		100

static bool is_off_hook(const struct pots_port *port)
{
	return port->state & POTS_STATE_OFF_HOOK;
}

/* Or does not know to have given it back. */
static bool holds_line(const struct pots_port *port)
{
	return is_off_hook(port) || port->fxo->release_due || pots_receiving(port);
}

int pots_exchange_wake(struct pots_port *port)
{
	struct pots_supervise_limits limits;
	struct pots_line_sense sense;
	int ret;

	lockdep_assert_held(&port->cmd_lock);

	ret = pots_op_set_hook(port, false);
	if (!ret)
		ret = pots_daa_apply(port);
	if (!ret)
		ret = pots_op_sense(port, &sense);
	if (ret)
		return ret;

	pots_daa_limits(port, &limits);
	spin_lock_irq(&port->lock);
	pots_supervise_init(&port->fxo->supervise, &limits, sense.line_mv);
	port->live = true;
	pots_exchange_show_locked(port);
	spin_unlock_irq(&port->lock);
	return 0;
}

int pots_exchange_set_hook(struct pots_port *port, bool off_hook)
{
	spin_lock_irq(&port->lock);
	pots_exchange_hold_locked(port);
	spin_unlock_irq(&port->lock);
	return pots_op_set_hook(port, off_hook);
}

/* ---------------------------------------------------------------- release --- */

static void silence(struct pots_port *port, u32 reason)
{
	pots_dial_end(port, reason);
	pots_tone_end(port, reason);
	pots_speech_stop(port, false);
}

static void released_locked(struct pots_port *port)
{
	pots_exchange_hook_locked(port, false);
	if (!is_off_hook(port))
		return;
	pots_event_locked(port, ktime_get_ns(), POTS_EVENT_ON_HOOK, 0);
	pots_port_set_state_locked(port, POTS_STATE_OFF_HOOK, 0);
}

/* On-hook; what happens on the line before it is confirmed is our doing. */
static int release(struct pots_port *port)
{
	int ret = pots_exchange_set_hook(port, false);

	pots_receive_end(port);
	port->fxo->dialler.open = false;
	port->fxo->release_due = ret;
	if (ret)
		pots_timer_in(&port->hangup_timer, RETRY_MS);

	spin_lock_irq(&port->lock);
	released_locked(port);
	spin_unlock_irq(&port->lock);
	pots_highway_review(port);
	return ret;
}

int pots_exchange_hangup(struct pots_port *port, void *arg)
{
	const struct pots_hangup *hangup = arg;
	int ret;

	if (hangup->flags || hangup->open_ms ||
	    memchr_inv(hangup->reserved, 0, sizeof(hangup->reserved)))
		return -EINVAL;
	silence(port, POTS_DONE_HOOK);
	if (!holds_line(port))
		return 0;

	ret = release(port);
	if (!ret) {
		spin_lock_irq(&port->lock);
		port->stats.hangups++;
		spin_unlock_irq(&port->lock);
	}
	return ret;
}

void pots_exchange_rest(struct pots_port *port)
{
	lockdep_assert_held(&port->cmd_lock);

	silence(port, POTS_DONE_STOPPED);
	if (holds_line(port))
		release(port);
	else
		pots_highway_review(port);
}

void pots_exchange_release_again(struct pots_port *port)
{
	if (port->fxo->release_due && !pots_timer_is_set(&port->hangup_timer))
		release(port);
}

/* ------------------------------------------------------------------ seize --- */

/* By what it is now, not by what was told of it last. */
static int check_line(struct pots_port *port, bool force)
{
	struct pots_line_sense sense;
	int ret;

	ret = pots_op_sense(port, &sense);
	if (ret)
		return ret;
	spin_lock_irq(&port->lock);
	ret = pots_supervise_judge(&port->fxo->supervise, sense.line_mv);
	spin_unlock_irq(&port->lock);
	return ret == -EBUSY && force ? 0 : ret;
}

static void seized_locked(struct pots_port *port)
{
	bool answers = port->fxo->supervise.ringing;

	port->fxo->billed = 0;
	port->stats.seizures++;
	pots_event_locked(port, ktime_get_ns(), POTS_EVENT_OFF_HOOK,
			  answers ? POTS_OFF_HOOK_ANSWERED : POTS_OFF_HOOK_SEIZED);
	pots_exchange_hook_locked(port, true);
	pots_port_set_state_locked(port, POTS_STATE_ALARM, POTS_STATE_OFF_HOOK);
}

static int go_off_hook(struct pots_port *port)
{
	int ret = pots_exchange_set_hook(port, true);

	if (ret) {
		/* Whatever it has done: we do not hold the line. */
		release(port);
		return ret;
	}

	port->fxo->release_due = false;
	pots_receive_end(port);
	pots_listen_chip_forgot(port);
	spin_lock_irq(&port->lock);
	seized_locked(port);
	spin_unlock_irq(&port->lock);
	pots_highway_review(port);
	return 0;
}

int pots_exchange_seize(struct pots_port *port, void *arg)
{
	const struct pots_seize *seize = arg;
	int ret = 0;

	if (seize->flags & ~POTS_SEIZE_F_FORCE ||
	    memchr_inv(seize->reserved, 0, sizeof(seize->reserved)))
		return -EINVAL;
	if (is_off_hook(port))
		return 0;
	/* We hold the line already: nobody else does. */
	if (!pots_receiving(port))
		ret = check_line(port, seize->flags & POTS_SEIZE_F_FORCE);
	return ret ?: go_off_hook(port);
}

/* ---------------------------------------------------------------- trouble --- */

/* Digits that were on their way have not all arrived: that dialling has failed. */
int pots_exchange_restore(struct pots_port *port)
{
	int ret;

	pots_dial_end(port, POTS_DONE_FAILED);
	pots_receive_end(port);
	port->fxo->dialler.open = false;
	pots_listen_chip_forgot(port);
	ret = pots_daa_apply(port);
	if (!ret)
		ret = pots_op_set_hook(port, is_off_hook(port));
	spin_lock_irq(&port->lock);
	pots_exchange_hook_locked(port, is_off_hook(port));
	spin_unlock_irq(&port->lock);
	return ret;
}

void pots_exchange_failed(struct pots_port *port)
{
	silence(port, POTS_DONE_FAILED);
	pots_receive_end(port);
	spin_lock_irq(&port->lock);
	released_locked(port);
	spin_unlock_irq(&port->lock);
}
