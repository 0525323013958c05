// SPDX-License-Identifier: GPL-2.0-only
/*
 * Announcing: what a telephone that is on-hook is told, before it rings, between
 * two bursts, or with no ringing at all. The sound is callerid.c's, timed by its
 * samples; what only the feed can do is here: reversal, ringing pulse, on-hook
 * transmission.
 *
 * In a call it is a second one that is told of, when the telephone has
 * acknowledged the alert.
 *
 * Japan's telephones answer ringing pulses to be told, and hang up before they ring.
 * Meanwhile their hook is known here only.
 *
 * An announcement that fails or is cut short never keeps the telephone from
 * ringing.
 */
#include "pots_core.h"

#include <linux/ktime.h>
#include <linux/string.h>

#define POWER_MS	5000	/* longest wait for a supply that others ring with */
#define LATE_MS		1000	/* a highway that brings the sound so late has stopped */

static void arm(struct pots_port *port, u32 ms)
{
	port->announce.due_ns = ktime_get_ns() + (u64)ms * NSEC_PER_MSEC;
	pots_timer_at(&port->announce.timer, port->announce.due_ns);
}

int pots_announce_check(const struct pots_port *port, const struct pots_cid *cid)
{
	int ret = pots_callerid_check(cid);

	if (ret)
		return ret;
	if (!port->highway ||
	    (cid->flags & POTS_CID_F_REVERSE && !port->desc.can_reverse) ||
	    (cid->flags & POTS_CID_F_RING_PULSE && !port->desc.ring_max_mhz))
		return -EOPNOTSUPP;
	return 0;
}

/* ------------------------------------------------------------ the parts --- */

static int begin_sound(struct pots_port *port)
{
	struct pots_announcer *announce = &port->announce;
	u32 samples = pots_callerid_samples(&announce->cid);
	int ret;

	ret = pots_highway_need(port);
	if (ret)
		return ret;
	announce->stage = POTS_ANNOUNCE_SOUND;
	spin_lock_bh(&port->audio_lock);
	pots_callerid_start(&announce->player, &announce->cid,
			    port->depth * POTS_FRAME_LEN);
	spin_unlock_bh(&port->audio_lock);
	arm(port, samples / POTS_FRAME_LEN + port->depth + LATE_MS);
	/* for its answer, where digits are not detected anyway */
	if (announce->cid.ack_ms)
		pots_highway_review(port);
	return 0;
}

static int enter(struct pots_port *port, enum pots_announce_stage stage, u32 ms)
{
	port->announce.stage = stage;
	arm(port, ms);
	return 0;
}

/* The pulse, or the wait for its power. */
static int begin_pulse(struct pots_port *port)
{
	struct pots_announcer *announce = &port->announce;

	if (pots_ring_is_lifting(port))
		return enter(port, POTS_ANNOUNCE_WAIT, POTS_LIFTING_RETRY_MS);
	if (!pots_ring_power_take(port)) {
		if (announce->stage != POTS_ANNOUNCE_STARVED)
			arm(port, POWER_MS);
		announce->stage = POTS_ANNOUNCE_STARVED;
		return 0;
	}
	enter(port, POTS_ANNOUNCE_PULSE, announce->cid.alert_ms);
	return pots_ring_burst(port, true);
}

static int end_pulse(struct pots_port *port)
{
	const struct pots_cid *cid = &port->announce.cid;
	int ret = pots_ring_burst(port, false);

	pots_ring_power_give(port);
	if (ret || !cid->pulses)
		return ret ?: begin_sound(port);
	port->announce.pulses_left--;
	return enter(port, POTS_ANNOUNCE_PAUSE, cid->pulse_off_ms);
}

static int begin_alert(struct pots_port *port)
{
	const struct pots_cid *cid = &port->announce.cid;

	if (!(cid->flags & POTS_CID_F_RING_PULSE))
		return begin_sound(port);
	if (!cid->before_alert_ms)
		return begin_pulse(port);
	return enter(port, POTS_ANNOUNCE_WAIT, cid->before_alert_ms);
}

/* After a burst the line is in on-hook transmission already. */
static int begin(struct pots_port *port)
{
	const struct pots_cid *cid = &port->announce.cid;
	bool reverse = pots_line_is_reversed(port);
	int ret = 0;

	if (cid->flags & POTS_CID_F_REVERSE)
		reverse = !reverse;
	if (!cid->bursts && !cid->ack_ms)
		ret = pots_line_set_feed(port, reverse ? POTS_LINE_OHT_REVERSE :
							 POTS_LINE_OHT_FORWARD,
					 POTS_SETTLE_POLARITY_MS, false);
	if (!ret && cid->pulses) {
		port->announce.pulses_left = cid->pulses;
		spin_lock_irq(&port->lock);
		pots_loop_receive_locked(port);
		spin_unlock_irq(&port->lock);
	}
	return ret ?: begin_alert(port);
}

/* ------------------------------------------------------ begin, go on, end --- */

static void silence(struct pots_port *port)
{
	struct pots_announcer *announce = &port->announce;

	pots_timer_cancel(&announce->timer);
	spin_lock_bh(&port->audio_lock);
	announce->player.active = false;
	spin_unlock_bh(&port->audio_lock);
	if (announce->stage == POTS_ANNOUNCE_PULSE && port->ring.burst)
		pots_ring_burst(port, false);
	if (announce->stage == POTS_ANNOUNCE_PULSE || announce->stage == POTS_ANNOUNCE_STARVED)
		pots_ring_power_give(port);
	announce->stage = POTS_ANNOUNCE_NOTHING;
}

/* Nobody's any more: on-hook, or a subscriber's who answers, or parked. */
static void give_hook_back(struct pots_port *port, bool answers)
{
	spin_lock_irq(&port->lock);
	pots_loop_received_locked(port, answers);
	spin_unlock_irq(&port->lock);
}

/* The feed that was before, unless ringing follows or goes on. */
static void rest(struct pots_port *port)
{
	struct pots_announcer *announce = &port->announce;

	if (announce->alone && !(port->state & POTS_STATE_ALARM))
		pots_line_set_feed(port, announce->feed_after, POTS_SETTLE_POLARITY_MS,
				   false);
	announce->alone = false;
	pots_highway_review(port);
}

void pots_announce_end(struct pots_port *port, u32 reason)
{
	struct pots_announcer *announce = &port->announce;

	lockdep_assert_held(&port->cmd_lock);

	if (!announce->cookie)
		return;
	silence(port);
	give_hook_back(port, false);
	spin_lock_irq(&port->lock);
	pots_event_post_locked(port, ktime_get_ns(), POTS_EVENT_CID_DONE, reason,
			       announce->cookie, 0);
	announce->cookie = 0;
	spin_unlock_irq(&port->lock);

	rest(port);
}

int pots_announce_start(struct pots_port *port, struct pots_cid *cid)
{
	struct pots_announcer *announce = &port->announce;
	int ret;

	lockdep_assert_held(&port->cmd_lock);

	announce->cid = *cid;
	ret = cid->bursts ? 0 : begin(port);
	if (ret) {
		silence(port);
		give_hook_back(port, false);
		return ret;
	}
	cid->cookie = pots_port_new_cookie(port);
	spin_lock_irq(&port->lock);
	announce->cookie = cid->cookie;
	spin_unlock_irq(&port->lock);
	return 0;
}

u32 pots_announce_go(struct pots_port *port)
{
	if (begin(port)) {
		pots_announce_end(port, POTS_DONE_FAILED);
		return 0;
	}
	return pots_callerid_samples(&port->announce.cid) / POTS_FRAME_LEN +
	       port->depth + 1;
}

static int next_stage(struct pots_port *port)
{
	return port->announce.stage == POTS_ANNOUNCE_PULSE ? end_pulse(port) : begin_pulse(port);
}

static bool is_over(const struct pots_port *port)
{
	return ktime_get_ns() >= port->announce.due_ns;
}

/* What became of it, or -EINPROGRESS. */
static int look(struct pots_port *port)
{
	struct pots_announcer *announce = &port->announce;
	bool starved = announce->stage == POTS_ANNOUNCE_STARVED;
	bool sounds = announce->stage == POTS_ANNOUNCE_SOUND;

	if (announce->alone && READ_ONCE(port->state) & POTS_STATE_OFF_HOOK)
		return POTS_DONE_HOOK;
	if (sounds && !READ_ONCE(announce->player.active))
		return announce->player.ignored ? POTS_DONE_TIMEOUT : POTS_DONE_FINISHED;
	if (is_over(port) && (sounds || starved))
		return POTS_DONE_TIMEOUT;
	if (!is_over(port) && !starved)
		return -EINPROGRESS;
	return next_stage(port) ? POTS_DONE_FAILED : -EINPROGRESS;
}

/* ------------------------------------------- a telephone that answers --- */

static bool is_off_hook(struct pots_port *port)
{
	bool off;

	spin_lock_irq(&port->lock);
	off = pots_hook_is_off(&port->hook);
	spin_unlock_irq(&port->lock);
	return off;
}

/* It answered a pulse: it is fed as in a call, and gets its data. */
static int begin_data(struct pots_port *port)
{
	int ret = 0;

	if (port->ring.burst)
		ret = pots_ring_burst(port, false);
	pots_ring_power_give(port);
	if (!ret)
		ret = pots_line_set_feed(port, pots_line_is_reversed(port) ? POTS_LINE_REVERSE :
					 POTS_LINE_FORWARD, POTS_SETTLE_BURST_MS, false);
	return ret ?: begin_sound(port);
}

/* Of the data became @told; the telephone may hang up now. */
static int await_hangup(struct pots_port *port, u32 told)
{
	silence(port);
	port->announce.told = told;
	enter(port, POTS_ANNOUNCE_HANGUP, port->announce.cid.hangup_ms);
	pots_highway_review(port);
	return -EINPROGRESS;
}

/* Off-hook for longer than a telephone that hangs up by itself. */
static int answered(struct pots_port *port)
{
	bool closed;

	spin_lock_irq(&port->lock);
	closed = port->hook.closed;
	spin_unlock_irq(&port->lock);
	if (!closed) {
		/* it may be hanging up just now */
		arm(port, POTS_LIFTING_RETRY_MS);
		return -EINPROGRESS;
	}
	give_hook_back(port, true);
	return port->announce.told;
}

/* What became of it, or -EINPROGRESS. */
static int look_at_receiver(struct pots_port *port)
{
	struct pots_announcer *announce = &port->announce;
	int done;

	switch (announce->stage) {
	case POTS_ANNOUNCE_SOUND:
		done = look(port);
		if (!is_off_hook(port))
			return done < 0 ? POTS_DONE_HOOK : done;
		return done < 0 ? done : await_hangup(port, done);
	case POTS_ANNOUNCE_HANGUP:
		if (!is_off_hook(port))
			return announce->told;
		return is_over(port) ? answered(port) : -EINPROGRESS;
	default:
		if (is_off_hook(port))
			return begin_data(port) ? await_hangup(port, POTS_DONE_FAILED) :
						  -EINPROGRESS;
		if (announce->stage == POTS_ANNOUNCE_PAUSE && is_over(port) &&
		    !announce->pulses_left)
			return POTS_DONE_TIMEOUT;
		return look(port);
	}
}

static void finish(struct pots_port *port, u32 reason)
{
	pots_announce_end(port, reason);
	pots_ring_announced(port);
}

/* Cut short: a telephone that has answered hangs up before it rings. */
static void cut(struct pots_port *port, u32 reason)
{
	if (!port->loop_receives || !is_off_hook(port))
		finish(port, reason);
	else if (port->announce.stage != POTS_ANNOUNCE_HANGUP)
		await_hangup(port, reason);
}

void pots_announce_step(struct pots_port *port)
{
	int done;

	if (!pots_announcing(port))
		return;
	done = port->announce.cid.pulses ? look_at_receiver(port) : look(port);
	if (done >= 0)
		finish(port, done);
}

/* ---------------------------------------------------------------- alone --- */

void pots_announce_released(struct pots_port *port)
{
	if (port->announce.cid.ack_ms && !pots_tone_is_audible(port))
		pots_announce_end(port, POTS_DONE_HOOK);
}

void pots_announce_lost(struct pots_port *port)
{
	if (pots_announcing(port))
		cut(port, POTS_DONE_FAILED);
}

void pots_announce_stop(struct pots_port *port, u32 cookie)
{
	if (port->announce.cookie && (!cookie || cookie == port->announce.cookie))
		cut(port, POTS_DONE_STOPPED);
}

/* In a call, or to a telephone that is on-hook. */
static int check_line(struct pots_port *port, const struct pots_cid *cid)
{
	if (!cid->ack_ms)
		return pots_ring_check_line(port);
	return pots_tone_is_audible(port) ? 0 : -ENOLINK;
}

int pots_announce_send(struct pots_port *port, void *arg)
{
	struct pots_announcer *announce = &port->announce;
	struct pots_cid *cid = arg;
	int ret;

	ret = pots_announce_check(port, cid) ?: check_line(port, cid);
	if (ret)
		return ret;
	if (cid->bursts || cid->pulses)
		return -EINVAL;
	if (port->ring.cookie)
		return -EBUSY;

	pots_announce_end(port, POTS_DONE_REPLACED);
	if (cid->flags & POTS_CID_F_RING_PULSE)
		ret = pots_ring_setup_default(port);
	if (ret)
		return ret;
	announce->feed_after = port->feed;
	announce->alone = !cid->ack_ms;
	ret = pots_announce_start(port, cid);
	if (ret)
		rest(port);
	return ret;
}

/* ------------------------------------------------------------ for frames --- */

bool pots_announce_sounds(struct pots_port *port)
{
	lockdep_assert_held(&port->audio_lock);
	return port->announce.player.active;
}

void pots_announce_render(struct pots_port *port, s16 *to_line, unsigned int samples)
{
	lockdep_assert_held(&port->audio_lock);

	if (!pots_callerid_render(&port->announce.player, to_line, samples))
		pots_port_todo(port, POTS_TODO_ANNOUNCE);
}

bool pots_announce_takes(struct pots_port *port, u32 digit)
{
	lockdep_assert_held(&port->audio_lock);

	if (!port->announce.player.active)
		return false;
	if (digit == POTS_DIGIT_D)
		pots_callerid_acknowledge(&port->announce.player);
	return true;
}
