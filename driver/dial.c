// SPDX-License-Identifier: GPL-2.0-only
/*
 * Dialling: digits to the exchange, by DTMF to the sample on the highway, or by
 * breaks of the loop to the timer. Edges are set from the time at which the last
 * was due, so lateness does not add up, and one that was very late shortens
 * nothing.
 *
 * While a pulse or a flash goes on the line is not believed: it is our doing.
 */
#include "pots_fxo.h"

#include <linux/ktime.h>
#include <linux/string.h>

#define LATE_MS		1000	/* a highway that brings the sound so late has stopped */
#define LATE_EDGE_NS	NSEC_PER_MSEC
#define FLASH_MIN_MS	20
#define FLASH_MAX_MS	2000

void pots_dial_init(struct pots_port *port)
{
	pots_timer_init(&port->fxo->dialler.timer, port, POTS_TODO_DIAL);
}

/* The stage's end, counted from when it was due to begin. */
static void stage_for(struct pots_dialler *dialler, enum pots_dial_stage stage, u32 ms)
{
	u64 now_ns = ktime_get_ns();

	if (now_ns > dialler->due_ns + LATE_EDGE_NS)
		dialler->due_ns = now_ns;
	dialler->stage = stage;
	dialler->due_ns += (u64)ms * NSEC_PER_MSEC;
	pots_timer_at(&dialler->timer, dialler->due_ns);
}

/* --------------------------------------------------------- begin and end --- */

static bool is_dialling(const struct pots_dialler *dialler)
{
	return dialler->stage != POTS_DIAL_NOTHING;
}

static void named(struct pots_port *port, u32 cookie)
{
	spin_lock_irq(&port->lock);
	port->fxo->dialler.cookie = cookie;
	pots_port_set_state_locked(port, 0, POTS_STATE_DIALLING);
	spin_unlock_irq(&port->lock);
}

void pots_dial_end(struct pots_port *port, u32 reason)
{
	struct pots_dialler *dialler = &port->fxo->dialler;

	lockdep_assert_held(&port->cmd_lock);

	if (!is_dialling(dialler))
		return;
	pots_timer_cancel(&dialler->timer);
	dialler->stage = POTS_DIAL_NOTHING;
	spin_lock_bh(&port->audio_lock);
	dialler->player.active = false;
	spin_lock_irq(&port->lock);
	pots_event_post_locked(port, ktime_get_ns(), POTS_EVENT_DIAL_DONE, reason,
			       dialler->cookie, 0);
	pots_port_set_state_locked(port, POTS_STATE_DIALLING, 0);
	spin_unlock_irq(&port->lock);
	spin_unlock_bh(&port->audio_lock);
}

/* Ends it, and the line is what it was before: closed, and believed. */
static void leave(struct pots_port *port, u32 reason)
{
	struct pots_dialler *dialler = &port->fxo->dialler;

	if (dialler->open && pots_op_set_hook(port, true))
		dev_warn(&port->dev, "loop not closed again\n");
	dialler->open = false;
	pots_dial_end(port, reason);
	spin_lock_irq(&port->lock);
	pots_exchange_hook_locked(port, true);
	spin_unlock_irq(&port->lock);
}

/* --------------------------------------------------------------- stages --- */

static int set_loop(struct pots_port *port, bool closed)
{
	int ret = pots_exchange_set_hook(port, closed);

	if (!ret)
		port->fxo->dialler.open = !closed;
	return ret;
}

/* The stage is counted from an edge that has been, so that a late one is no shorter. */
static int begin_break(struct pots_port *port)
{
	struct pots_dialler *dialler = &port->fxo->dialler;
	int ret = set_loop(port, false);

	stage_for(dialler, POTS_DIAL_BREAK, dialler->dial.break_ms);
	return ret;
}

static int end_break(struct pots_port *port)
{
	struct pots_dialler *dialler = &port->fxo->dialler;
	int ret = set_loop(port, true);

	dialler->pulses--;
	stage_for(dialler, POTS_DIAL_MAKE, dialler->pulses ? dialler->dial.make_ms :
						   dialler->dial.interdigit_ms);
	return ret;
}

static int next_digit(struct pots_port *port)
{
	struct pots_dialler *dialler = &port->fxo->dialler;
	const struct pots_dial *dial = &dialler->dial;
	u32 digit;

	if (dialler->next == dial->count) {
		leave(port, POTS_DONE_FINISHED);
		return 0;
	}
	digit = dial->digit[dialler->next++];
	if (digit == POTS_DIAL_PAUSE) {
		stage_for(dialler, POTS_DIAL_MAKE, dial->pause_ms);
		return 0;
	}
	dialler->pulses = pots_digit_pulses(digit, dial->pulse_map);
	return begin_break(port);
}

static int begin_sound(struct pots_port *port)
{
	struct pots_dialler *dialler = &port->fxo->dialler;
	int ret;

	ret = pots_highway_need(port);
	if (ret)
		return ret;
	stage_for(dialler, POTS_DIAL_SOUND, port->depth + LATE_MS +
		  pots_digits_samples(&dialler->dial) / POTS_FRAME_LEN);
	spin_lock_bh(&port->audio_lock);
	pots_digits_start(&dialler->player, &dialler->dial,
			  port->depth * POTS_FRAME_LEN);
	spin_unlock_bh(&port->audio_lock);
	return 0;
}

static int begin_digits(struct pots_port *port)
{
	return port->fxo->dialler.dial.flags & POTS_DIAL_F_PULSE ? next_digit(port) :
								  begin_sound(port);
}

static int end_sound(struct pots_port *port)
{
	bool sounds;

	spin_lock_bh(&port->audio_lock);
	sounds = port->fxo->dialler.player.active;
	spin_unlock_bh(&port->audio_lock);
	if (sounds)
		return -ETIMEDOUT;
	leave(port, POTS_DONE_FINISHED);
	return 0;
}

/* The dial tone has come, or the time for it is over. */
static int end_wait(struct pots_port *port)
{
	u32 flags = port->fxo->dialler.dial.flags;

	if (flags & POTS_DIAL_F_WAIT_TONE && !(flags & POTS_DIAL_F_BLIND) &&
	    !pots_listen_heard_dial_tone(port)) {
		leave(port, POTS_DONE_TIMEOUT);
		return 0;
	}
	return begin_digits(port);
}

static int end_stage(struct pots_port *port)
{
	struct pots_dialler *dialler = &port->fxo->dialler;

	switch (dialler->stage) {
	case POTS_DIAL_WAIT:
		return end_wait(port);
	case POTS_DIAL_SOUND:
		return end_sound(port);
	case POTS_DIAL_BREAK:
		return end_break(port);
	case POTS_DIAL_MAKE:
		return dialler->pulses ? begin_break(port) : next_digit(port);
	case POTS_DIAL_FLASH:
		leave(port, POTS_DONE_FINISHED);
		return 0;
	case POTS_DIAL_NOTHING:
		break;
	}
	return 0;
}

/* Whether what it waited for has come, before its time is over. */
static bool is_early(struct pots_port *port)
{
	struct pots_dialler *dialler = &port->fxo->dialler;
	bool over;

	if (dialler->stage == POTS_DIAL_WAIT)
		return dialler->dial.flags & POTS_DIAL_F_WAIT_TONE &&
		       pots_listen_heard_dial_tone(port);
	spin_lock_bh(&port->audio_lock);
	over = dialler->stage == POTS_DIAL_SOUND && !dialler->player.active;
	spin_unlock_bh(&port->audio_lock);
	return over;
}

void pots_dial_step(struct pots_port *port)
{
	struct pots_dialler *dialler = &port->fxo->dialler;

	u64 now_ns = ktime_get_ns();

	if (!is_dialling(dialler))
		return;
	/* The work may have been for a stage that is over. */
	if (now_ns < dialler->due_ns && !is_early(port))
		return;
	dialler->due_ns = min(dialler->due_ns, now_ns);
	if (end_stage(port))
		leave(port, POTS_DONE_FAILED);
}

void pots_dial_lost(struct pots_port *port)
{
	struct pots_dialler *dialler = &port->fxo->dialler;

	if (dialler->stage == POTS_DIAL_SOUND || dialler->stage == POTS_DIAL_WAIT)
		leave(port, POTS_DONE_FAILED);
}

/* ------------------------------------------------------------- commands --- */

static int check(const struct pots_port *port, const struct pots_dial *dial)
{
	int ret = pots_digits_check(dial);

	if (ret)
		return ret;
	if (!port->highway &&
	    (!(dial->flags & POTS_DIAL_F_PULSE) || dial->flags & POTS_DIAL_F_WAIT_TONE))
		return -EOPNOTSUPP;
	return 0;
}

int pots_dial_start(struct pots_port *port, void *arg)
{
	struct pots_dialler *dialler = &port->fxo->dialler;
	struct pots_dial *dial = arg;
	int ret;

	ret = check(port, dial);
	if (ret)
		return ret;
	if (!pots_tone_is_audible(port))
		return -ENOLINK;
	if (dialler->stage == POTS_DIAL_FLASH)
		return -EBUSY;

	if (is_dialling(dialler))
		leave(port, POTS_DONE_REPLACED);
	pots_tone_end(port, POTS_DONE_REPLACED);
	dialler->dial = *dial;
	dialler->next = 0;
	dialler->pulses = 0;
	dialler->due_ns = ktime_get_ns();
	dial->cookie = pots_port_new_cookie(port);
	stage_for(dialler, POTS_DIAL_WAIT, dial->wait_ms);
	if (is_early(port))
		pots_port_todo(port, POTS_TODO_DIAL);
	named(port, dial->cookie);
	return 0;
}

int pots_dial_stop(struct pots_port *port, void *arg)
{
	struct pots_dialler *dialler = &port->fxo->dialler;
	const struct pots_stop *stop = arg;

	if (stop->reserved)
		return -EINVAL;
	if (is_dialling(dialler) && (!stop->cookie || stop->cookie == dialler->cookie))
		leave(port, POTS_DONE_STOPPED);
	return 0;
}

int pots_dial_flash(struct pots_port *port, void *arg)
{
	struct pots_dialler *dialler = &port->fxo->dialler;
	struct pots_flash *flash = arg;
	int ret;

	if (memchr_inv(flash->reserved, 0, sizeof(flash->reserved)))
		return -EINVAL;
	if (flash->ms && (flash->ms < FLASH_MIN_MS || flash->ms > FLASH_MAX_MS))
		return -ERANGE;
	if (!pots_tone_is_audible(port))
		return -ENOLINK;
	if (is_dialling(dialler))
		return -EBUSY;

	dialler->due_ns = ktime_get_ns();
	flash->cookie = pots_port_new_cookie(port);
	ret = set_loop(port, false);
	stage_for(dialler, POTS_DIAL_FLASH, flash->ms ?: port->fxo->exchange.flash_ms);
	named(port, flash->cookie);
	if (ret) {
		leave(port, POTS_DONE_FAILED);
		return ret;
	}
	spin_lock_irq(&port->lock);
	port->stats.flashes++;
	spin_unlock_irq(&port->lock);
	return 0;
}

/* ----------------------------------------------------------- for frames --- */

bool pots_dial_sounds(struct pots_port *port)
{
	lockdep_assert_held(&port->audio_lock);
	return port->fxo->dialler.player.active;
}

void pots_dial_render(struct pots_port *port, s16 *to_line, unsigned int frames)
{
	lockdep_assert_held(&port->audio_lock);

	if (pots_dial_sounds(port) &&
	    !pots_digits_render(&port->fxo->dialler.player, to_line,
				frames * POTS_FRAME_LEN))
		pots_port_todo(port, POTS_TODO_DIAL);
}
