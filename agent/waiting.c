// SPDX-License-Identifier: GPL-2.0-or-later
#include "waiting.h"

#include <errno.h>
#include <string.h>

#include <linux/pots.h>

#include "agent.h"
#include "callerid.h"
#include "control.h"
#include "log.h"

/* A telephone that was put down, or has just been fed, does not listen at once. */
#define QUIET_S	1.5
#define RETRY_S	30.

static bool by(const struct line *line, unsigned int way)
{
	return line->config->message_waiting & way;
}

static void later(struct line *line, double seconds)
{
	ev_timer_stop(line->agent->loop, &line->waiting.timer);
	ev_timer_set(&line->waiting.timer, seconds, 0.);
	ev_timer_start(line->agent->loop, &line->waiting.timer);
}

/* Not while it rings or speaks: what has no way to be told is told. */
static void tell(struct line *line)
{
	struct waiting *waiting = &line->waiting;
	struct pots_cid cid;
	int lamp = by(line, WAITING_NEON) ? port_lamp(line->port, waiting->messages) : 0;
	int err = 0;

	if (by(line, WAITING_FSK) &&
	    callerid_waiting(line->config->caller_id, waiting->messages, waiting->count, &cid))
		err = port_send_cid(line->port, &cid);
	err = err ? err : lamp;
	waiting->told = err != -EBUSY;
	if (!waiting->told)
		later(line, RETRY_S);
	else if (err && err != -ENODEV)
		log_warn("call", "line %s: cannot tell of messages: %s", line->config->name,
			 strerror(-err));
}

static void on_timer(struct ev_loop *loop, ev_timer *timer, int revents)
{
	(void)loop;
	(void)revents;
	tell(timer->data);
}

void waiting_step(struct line *line)
{
	struct waiting *waiting = &line->waiting;

	line->profile.messages = waiting->messages && by(line, WAITING_STUTTER);
	if (line->call.state != CALL_IDLE) {
		ev_timer_stop(line->agent->loop, &waiting->timer);
		/* Lifted before it had the message, or another one by then. */
		waiting->told = waiting->told && !waiting->messages;
	} else if (waiting->known && !waiting->told) {
		later(line, QUIET_S);
	}
	line_polarity(line);
}

bool waiting_reverses(const struct line *line)
{
	return line->waiting.messages && by(line, WAITING_POLARITY);
}

void waiting_set(struct line *line, bool messages, unsigned int count)
{
	struct waiting *waiting = &line->waiting;

	if (waiting->known && waiting->messages == messages && waiting->count == count)
		return;
	log_info("call", "line %s: %s", line->config->name,
		 messages ? "messages wait" : "no message waits");
	waiting->known = true;
	waiting->messages = messages;
	waiting->count = count;
	waiting_again(line);
	control_notify(line->agent->control, line);
}

void waiting_again(struct line *line)
{
	line->waiting.told = false;
	waiting_step(line);
}

void waiting_init(struct line *line)
{
	ev_init(&line->waiting.timer, on_timer);
	line->waiting.timer.data = line;
}

void waiting_free(struct line *line)
{
	ev_timer_stop(line->agent->loop, &line->waiting.timer);
}
