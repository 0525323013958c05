// SPDX-License-Identifier: GPL-2.0-only
/*
 * The neon lamp of a telephone whose messages wait. Its cadence goes on for as long
 * as it is set; a pulse, or what is left of it, is skipped where the line does not
 * rest. A voltage that makes neon glow never meets a handset, a bell or caller ID.
 */
#include "pots_core.h"

#include <linux/ktime.h>
#include <linux/string.h>

#define MIN_MS		20
#define MAX_MS		60000

static bool rests(struct pots_port *port)
{
	return (port->feed == POTS_LINE_FORWARD || port->feed == POTS_LINE_REVERSE) &&
	       !port->ring.cookie && !pots_ring_check_line(port);
}

static int glow(struct pots_port *port, bool on)
{
	int ret;

	if (on == port->lamp.glows)
		return 0;
	ret = pots_op_lamp(port, on);
	if (!ret)
		port->lamp.glows = on;
	return ret;
}

void pots_lamp_out(struct pots_port *port)
{
	lockdep_assert_held(&port->cmd_lock);
	glow(port, false);
}

static void next_phase(struct pots_neon *lamp)
{
	lamp->pulse = !lamp->pulse;
	lamp->due_ns += (u64)(lamp->pulse ? lamp->set.on_ms : lamp->set.off_ms) * NSEC_PER_MSEC;
	pots_timer_at(&lamp->timer, lamp->due_ns);
}

static int step(struct pots_port *port)
{
	struct pots_neon *lamp = &port->lamp;

	lockdep_assert_held(&port->cmd_lock);

	if (lamp->set.on_ms && ktime_get_ns() >= lamp->due_ns)
		next_phase(lamp);
	return glow(port, lamp->pulse && rests(port));
}

void pots_lamp_step(struct pots_port *port)
{
	step(port);
}

void pots_lamp_end(struct pots_port *port)
{
	pots_timer_cancel(&port->lamp.timer);
	memset(&port->lamp.set, 0, sizeof(port->lamp.set));
	port->lamp.pulse = false;
	pots_lamp_out(port);
}

static int check(const struct pots_port *port, const struct pots_lamp *lamp)
{
	if (memchr_inv(lamp->reserved, 0, sizeof(lamp->reserved)))
		return -EINVAL;
	if (!port->has_lamp)
		return -EOPNOTSUPP;
	if (!lamp->on_ms && !lamp->off_ms)
		return 0;
	return lamp->on_ms < MIN_MS || lamp->on_ms > MAX_MS ||
	       lamp->off_ms < MIN_MS || lamp->off_ms > MAX_MS ? -ERANGE : 0;
}

int pots_lamp_set(struct pots_port *port, void *arg)
{
	const struct pots_lamp *lamp = arg;
	int ret;

	ret = check(port, lamp);
	if (ret)
		return ret;
	pots_lamp_end(port);
	port->lamp.set = *lamp;
	port->lamp.due_ns = ktime_get_ns();
	ret = step(port);
	if (ret)
		pots_lamp_end(port);
	return ret;
}
