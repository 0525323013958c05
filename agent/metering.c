// SPDX-License-Identifier: GPL-2.0-or-later
#include "metering.h"

#include <errno.h>

#include "agent.h"
#include "log.h"

#define PULSE_MS	120	/* where neither line nor country says */

#define SETTING(name)	offsetof(struct port_settings, name)

static int send_owed(const struct line *line)
{
	return port_meter(line->port, line_setting(line, SETTING(meter), 0), line->metering.owed,
			  line_setting(line, SETTING(meter_ms), PULSE_MS));
}

/* While some are being sent the others wait. */
static void add(struct line *line, unsigned int pulses)
{
	struct metering *metering = &line->metering;
	int err = 0;

	metering->pulses += pulses;
	metering->owed += pulses;
	if (metering->owed)
		err = send_owed(line);
	if (err == -EBUSY)
		return;
	line_warn(line, "metering pulses", err);
	metering->owed = 0;
}

static void on_timer(struct ev_loop *loop, ev_timer *timer, int revents)
{
	(void)loop;
	(void)revents;
	add(timer->data, 1);
}

void metering_step(struct line *line)
{
	struct metering *metering = &line->metering;
	bool costs = line->answered && !line->config->is_trunk && line->via != line->agent->self;

	if (costs == metering->on)
		return;
	metering->on = costs;
	if (costs) {
		metering->pulses = 0;
		metering->owed = 0;
		add(line, line->config->meter_first);
		metering->timer.repeat = line->config->meter_interval_ms / 1000.;
		ev_timer_again(line->agent->loop, &metering->timer);
		return;
	}
	ev_timer_stop(line->agent->loop, &metering->timer);
	if (metering->pulses)
		log_info("call", "%s: the call took %u metering pulses", line->config->title,
			 metering->pulses);
}

void metering_init(struct line *line)
{
	ev_init(&line->metering.timer, on_timer);
	line->metering.timer.data = line;
}

void metering_free(struct line *line)
{
	ev_timer_stop(line->agent->loop, &line->metering.timer);
}
