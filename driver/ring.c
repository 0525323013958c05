// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ringing: the cadence is a timer and the port's work, the burst is the chip's.
 *
 * During a burst the loop is held: the ringing current makes edges of its own,
 * and the chip's ring trip is the answer. In the pause an edge is one.
 */
#include "pots_core.h"

#include <linux/ktime.h>
#include <linux/string.h>

static void arm(struct pots_port *port, u64 at_ns)
{
	pots_timer_at(&port->ring.timer, at_ns);
}

int pots_ring_burst(struct pots_port *port, bool on)
{
	int ret;

	if (on) {
		port->ring.reversed = pots_line_is_reversed(port);
		spin_lock_irq(&port->lock);
		pots_loop_hold_locked(port, false);
		spin_unlock_irq(&port->lock);
	}

	ret = pots_op_ring_burst(port, on);

	spin_lock_irq(&port->lock);
	if (!ret) {
		port->ring.burst = on;
		port->feed = on ? POTS_LINE_RINGING : port->ring.reversed ?
			     POTS_LINE_OHT_REVERSE : POTS_LINE_OHT_FORWARD;
	}
	if (!port->ring.burst)
		pots_loop_release_locked(port, POTS_SETTLE_BURST_MS);
	spin_unlock_irq(&port->lock);
	return ret;
}

/*
 * Back to the feed that was before, whatever the chip had made of it. The
 * polarity stays, so the loop is to be believed soon.
 */
static void leave(struct pots_port *port)
{
	pots_timer_cancel(&port->ring.timer);
	port->ring.waits = false;
	port->ring.bursts_left = 0;
	if (port->ring.burst)
		pots_ring_burst(port, false);
	/* A chip that did not end its burst gets the same by its feed. */
	port->ring.burst = false;
	port->ring.starved = false;
	pots_ring_power_give(port);

	spin_lock_irq(&port->lock);
	pots_loop_ringing_locked(port, false);
	spin_unlock_irq(&port->lock);
	if (!(port->state & POTS_STATE_ALARM))
		pots_line_set_feed(port, port->ring.feed_after,
				   POTS_SETTLE_BURST_MS, false);
}

void pots_ring_end(struct pots_port *port, u32 reason)
{
	lockdep_assert_held(&port->cmd_lock);

	if (!port->ring.cookie)
		return;

	pots_announce_end(port, reason);
	leave(port);
	spin_lock_irq(&port->lock);
	pots_event_post_locked(port, ktime_get_ns(), POTS_EVENT_RING_DONE, reason,
			       port->ring.cookie, 0);
	port->ring.cookie = 0;
	pots_port_set_state_locked(port, POTS_STATE_RINGING, 0);
	spin_unlock_irq(&port->lock);
}

static int fill_cadence(const struct pots_port *port, const struct pots_ring *ring,
			struct pots_cadence *cadence)
{
	const struct pots_settings *settings = &port->settings;
	bool own = ring->count;

	cadence->count = own ? ring->count : settings->ring_pairs;
	cadence->loop_start = ring->loop_start;
	memcpy(cadence->on_ms, own ? ring->on_ms : settings->ring_on_ms,
	       sizeof(cadence->on_ms));
	memcpy(cadence->off_ms, own ? ring->off_ms : settings->ring_off_ms,
	       sizeof(cadence->off_ms));
	if (!own && (ring->loop_start ||
		     memchr_inv(ring->on_ms, 0, sizeof(ring->on_ms)) ||
		     memchr_inv(ring->off_ms, 0, sizeof(ring->off_ms))))
		return -EINVAL;
	return pots_cadence_check(cadence);
}

static int check(const struct pots_port *port, const struct pots_ring *ring)
{
	if (ring->flags & ~POTS_RING_F_TRAPEZOID ||
	    memchr_inv(ring->reserved, 0, sizeof(ring->reserved)))
		return -EINVAL;
	if (!port->desc.ring_max_mhz)
		return -EOPNOTSUPP;
	if (ring->max_ms > POTS_RING_MAX_MS)
		return -ERANGE;
	if (ring->freq_mhz && (ring->freq_mhz < port->desc.ring_min_mhz ||
			       ring->freq_mhz > port->desc.ring_max_mhz))
		return -ERANGE;
	if (ring->dc_mv && !port->desc.ring_dc_max_mv)
		return -EOPNOTSUPP;
	return ring->dc_mv > port->desc.ring_dc_max_mv ? -ERANGE : 0;
}

int pots_ring_check_line(struct pots_port *port)
{
	bool closed;

	spin_lock_irq(&port->lock);
	closed = pots_loop_closed_locked(port);
	spin_unlock_irq(&port->lock);

	if (closed || port->state & POTS_STATE_HANGUP || port->feed == POTS_LINE_OPEN)
		return -EBUSY;
	return port->state & POTS_STATE_ALARM ? -EIO : 0;
}

/* Polarity and wave; from here on a lifted handset is an answer. */
static int prepare(struct pots_port *port)
{
	struct pots_ringer *ringer = &port->ring;
	int ret;

	ringer->feed_after = pots_line_is_reversed(port) ? POTS_LINE_REVERSE :
							   POTS_LINE_FORWARD;
	pots_lamp_out(port);
	ret = pots_op_ring_setup(port, &ringer->wave);
	if (ret)
		return ret;

	spin_lock_irq(&port->lock);
	ringer->answered = false;
	pots_loop_ringing_locked(port, true);
	spin_unlock_irq(&port->lock);
	return 0;
}

static void start_cadence(struct pots_port *port)
{
	struct pots_ringer *ringer = &port->ring;

	pots_cadence_start(&ringer->run, &ringer->cadence, ktime_get_ns(), ringer->max_ms);
	arm(port, ringer->starved ? ringer->run.end_ns : ringer->run.next_ns);
}

/* The first sign of the call: a burst, or the announcement. */
static int begin(struct pots_port *port, struct pots_cid *cid)
{
	struct pots_ringer *ringer = &port->ring;
	int ret = 0;

	ringer->waits = cid && !cid->bursts;
	ringer->bursts_left = cid ? cid->bursts : 0;
	ringer->run.on = false;
	if (cid)
		ret = pots_announce_start(port, cid);
	if (ret || ringer->waits)
		return ret;
	if (pots_ring_power_take(port))
		ret = pots_ring_burst(port, true);
	else
		ringer->starved = true;
	if (!ret)
		start_cadence(port);
	return ret;
}

static int start(struct pots_port *port, struct pots_ring *ring, struct pots_cid *cid)
{
	struct pots_ringer *ringer = &port->ring;
	struct pots_cadence cadence;
	int ret;

	ret = check(port, ring) ?: fill_cadence(port, ring, &cadence);
	if (!ret && cid)
		ret = cid->ack_ms ? -EINVAL : pots_announce_check(port, cid);
	if (!ret)
		ret = pots_ring_check_line(port);
	if (ret)
		return ret;

	pots_ring_end(port, POTS_DONE_REPLACED);
	pots_announce_end(port, POTS_DONE_REPLACED);
	ringer->cadence = cadence;
	ringer->wave.freq_mhz = ring->freq_mhz ?: port->settings.ring_mhz;
	ringer->wave.trapezoid = ring->flags & POTS_RING_F_TRAPEZOID;
	ringer->wave.dc_mv = ring->dc_mv;
	ringer->max_ms = ring->max_ms ?: POTS_RING_MAX_MS;
	ret = prepare(port);
	if (ret)
		return ret;
	ret = begin(port, cid);
	if (ret) {
		pots_announce_end(port, POTS_DONE_FAILED);
		leave(port);
		return ret;
	}

	ring->cookie = pots_port_new_cookie(port);
	spin_lock_irq(&port->lock);
	ringer->cookie = ring->cookie;
	port->stats.rings++;
	pots_port_set_state_locked(port, 0, POTS_STATE_RINGING);
	spin_unlock_irq(&port->lock);
	return 0;
}

int pots_ring_start(struct pots_port *port, void *arg)
{
	return start(port, arg, NULL);
}

int pots_ring_cid(struct pots_port *port, void *arg)
{
	struct pots_ring_cid *both = arg;

	return start(port, &both->ring, &both->cid);
}

int pots_ring_stop(struct pots_port *port, void *arg)
{
	const struct pots_stop *stop = arg;

	if (stop->reserved)
		return -EINVAL;
	if (!stop->cookie || stop->cookie == port->ring.cookie)
		pots_ring_end(port, POTS_DONE_STOPPED);
	pots_announce_stop(port, stop->cookie);
	return 0;
}

bool pots_ring_is_lifting(struct pots_port *port)
{
	bool closed;

	spin_lock_irq(&port->lock);
	closed = pots_loop_closed_locked(port);
	spin_unlock_irq(&port->lock);
	return closed;
}

/* A pause begins: the one in which it is announced who calls may get longer. */
static void pause_begins(struct pots_port *port)
{
	struct pots_ringer *ringer = &port->ring;
	u32 ms;

	if (!ringer->bursts_left || --ringer->bursts_left)
		return;
	ms = pots_announce_go(port);
	pots_cadence_hold(&ringer->run, ktime_get_ns() + (u64)ms * NSEC_PER_MSEC);
}

static int change(struct pots_port *port)
{
	struct pots_ringer *ringer = &port->ring;
	int ret;

	if (ringer->run.on == ringer->burst)
		return 0;
	ret = pots_ring_burst(port, ringer->run.on);
	if (!ret && !ringer->burst) {
		pots_ring_power_give(port);
		pause_begins(port);
	}
	return ret;
}

/* False at the end. A burst that waits for power is as long as any, and late. */
static bool next_phase(struct pots_ringer *ringer, u64 now_ns)
{
	if (ringer->starved)
		return pots_cadence_late(&ringer->run, now_ns);
	return now_ns < ringer->run.next_ns || pots_cadence_step(&ringer->run, now_ns);
}

void pots_ring_step(struct pots_port *port)
{
	struct pots_ringer *ringer = &port->ring;
	u64 now_ns = ktime_get_ns();

	if (!ringer->cookie || READ_ONCE(ringer->answered) || ringer->waits)
		return;

	if (!next_phase(ringer, now_ns)) {
		pots_ring_end(port, POTS_DONE_TIMEOUT);
		return;
	}
	if (port->state & POTS_STATE_ALARM) {
		pots_ring_power_give(port);
		arm(port, ringer->run.next_ns);
		return;
	}
	/* Its sound comes late: the burst follows when it is over. */
	if (ringer->run.on && pots_announcing(port))
		return;
	if (ringer->run.on && !ringer->burst && pots_ring_is_lifting(port)) {
		/* No ringing voltage into an ear; if it was bounce, go on. */
		arm(port, now_ns + POTS_LIFTING_RETRY_MS * NSEC_PER_MSEC);
		return;
	}
	if (ringer->run.on && !ringer->burst && !pots_ring_power_take(port)) {
		ringer->starved = true;
		arm(port, ringer->run.end_ns);
		return;
	}
	ringer->starved = false;
	if (change(port)) {
		pots_ring_end(port, POTS_DONE_FAILED);
		return;
	}
	arm(port, ringer->run.next_ns);
}

void pots_ring_announced(struct pots_port *port)
{
	struct pots_ringer *ringer = &port->ring;

	if (!ringer->cookie || READ_ONCE(ringer->answered))
		return;
	if (ringer->waits) {
		ringer->waits = false;
		start_cadence(port);
	}
	pots_ring_step(port);
}

int pots_ring_setup_default(struct pots_port *port)
{
	port->ring.wave = (struct pots_ring_wave) {
		.freq_mhz = port->settings.ring_mhz,
	};
	pots_lamp_out(port);
	return pots_op_ring_setup(port, &port->ring.wave);
}

void pots_ring_answered(struct pots_port *port)
{
	pots_ring_end(port, POTS_DONE_HOOK);
}

int pots_ring_restore(struct pots_port *port)
{
	struct pots_ringer *ringer = &port->ring;
	int ret;

	if (!ringer->cookie || READ_ONCE(ringer->answered))
		return 0;

	ringer->burst = false;
	ret = pots_op_ring_setup(port, &ringer->wave);
	if (!ret && ringer->run.on) {
		ringer->starved = !pots_ring_power_take(port);
		if (!ringer->starved)
			ret = pots_ring_burst(port, true);
	}
	if (ret)
		pots_ring_end(port, POTS_DONE_FAILED);
	return ret;
}
