// SPDX-License-Identifier: GPL-2.0-or-later
/* Which calls make the charge meter count, how often, and by which signal. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "agent.h"
#include "country.h"
#include "log.h"
#include "kselftest_harness.h"

static char sent[256];
static int meter_error;

int port_meter(struct port *port, unsigned int signal, unsigned int pulses, unsigned int ms)
{
	size_t len = strlen(sent);

	snprintf(sent + len, sizeof(sent) - len, "%u:%u:%u ", signal, pulses, ms);
	return meter_error;
}

/* As in exec.c, where it is tested. */
unsigned int line_setting(const struct line *line, size_t field, unsigned int otherwise)
{
	const void *own = &line->config->settings;
	const void *national = line->config->national ? &line->config->national->settings : own;
	unsigned int value = *(const unsigned int *)((const char *)own + field);

	if (value == PORT_UNSET)
		value = *(const unsigned int *)((const char *)national + field);
	return value == PORT_UNSET ? otherwise : value;
}

void log_write(enum log_level level, const char *area, const char *format, ...) { }

void line_warn(const struct line *line, const char *what, int err) { }
enum log_level log_get_level(void) { return LOG_LEVEL_ERROR; }

FIXTURE(metering) {
	struct agent agent;
	struct country country;
	struct config_line config;
	struct line line;
};

FIXTURE_SETUP(metering)
{
	static char places[2];

	sent[0] = 0;
	meter_error = 0;
	self->agent.loop = ev_default_loop(0);
	self->agent.self = (struct sip_account *)&places[0];
	self->country.settings.meter = 2;
	self->country.settings.meter_ms = 250;
	self->config.title = "line 1";
	self->config.national = &self->country;
	self->config.settings.meter = PORT_UNSET;
	self->config.settings.meter_ms = PORT_UNSET;
	self->config.meter_first = 2;
	self->config.meter_interval_ms = 30000;
	self->line.agent = &self->agent;
	self->line.config = &self->config;
	self->line.via = (struct sip_account *)&places[1];
	metering_init(&self->line);
}

FIXTURE_TEARDOWN(metering)
{
	metering_free(&self->line);
}

#define TIMER	(&self->line.metering.timer)

/* The timer is not waited for. */
#define INTERVAL() ev_invoke(self->agent.loop, TIMER, EV_TIMER)

/* The line enters another state, in which its call is answered or not. */
static void step(struct line *line, bool answered)
{
	line->answered = answered;
	metering_step(line);
}

TEST_F(metering, from_the_answer_to_the_end)
{
	step(&self->line, false);
	EXPECT_FALSE(ev_is_active(TIMER));
	step(&self->line, true);
	EXPECT_STREQ("2:2:250 ", sent);
	EXPECT_TRUE(ev_is_active(TIMER));
	EXPECT_EQ(30., TIMER->repeat);
	step(&self->line, true);
	INTERVAL();
	EXPECT_STREQ("2:2:250 2:1:250 ", sent);
	EXPECT_EQ(3, self->line.metering.pulses);
	step(&self->line, false);
	EXPECT_FALSE(ev_is_active(TIMER));

	/* and anew */
	sent[0] = 0;
	step(&self->line, true);
	EXPECT_STREQ("2:2:250 ", sent);
	EXPECT_EQ(2, self->line.metering.pulses);
}

TEST_F(metering, what_cannot_be_sent_now_is_owed)
{
	step(&self->line, true);
	sent[0] = 0;
	meter_error = -EBUSY;
	INTERVAL();
	meter_error = 0;
	INTERVAL();
	INTERVAL();
	EXPECT_STREQ("2:1:250 2:2:250 2:1:250 ", sent);

	/* a port that cannot is not asked for all of them again */
	sent[0] = 0;
	meter_error = -EOPNOTSUPP;
	INTERVAL();
	INTERVAL();
	EXPECT_STREQ("2:1:250 2:1:250 ", sent);

	/* nor the next call for what this one owes */
	meter_error = -EBUSY;
	INTERVAL();
	meter_error = 0;
	step(&self->line, false);
	sent[0] = 0;
	step(&self->line, true);
	EXPECT_STREQ("2:2:250 ", sent);
}

TEST_F(metering, signal_and_length_are_the_lines_the_countrys_or_ours)
{
	self->config.settings.meter = 1;
	step(&self->line, true);
	step(&self->line, false);
	self->config.settings.meter_ms = 100;
	step(&self->line, true);
	step(&self->line, false);
	self->config.settings.meter = PORT_UNSET;
	self->config.settings.meter_ms = PORT_UNSET;
	self->country.settings.meter_ms = PORT_UNSET;
	step(&self->line, true);
	step(&self->line, false);
	self->config.national = NULL;
	step(&self->line, true);
	EXPECT_STREQ("1:2:250 1:2:100 2:2:120 0:2:120 ", sent);
}

TEST_F(metering, no_interval_no_first_pulse)
{
	self->config.meter_interval_ms = 0;
	step(&self->line, true);
	EXPECT_STREQ("2:2:250 ", sent);
	EXPECT_FALSE(ev_is_active(TIMER));
	step(&self->line, false);

	sent[0] = 0;
	self->config.meter_interval_ms = 1000;
	self->config.meter_first = 0;
	step(&self->line, true);
	EXPECT_STREQ("", sent);
	EXPECT_TRUE(ev_is_active(TIMER));
}

TEST_F(metering, calls_that_are_free)
{
	self->line.via = self->agent.self;
	step(&self->line, true);
	step(&self->line, false);
	self->line.via = NULL;
	self->config.is_trunk = true;
	step(&self->line, true);
	EXPECT_STREQ("", sent);
	EXPECT_FALSE(ev_is_active(TIMER));
}

TEST_HARNESS_MAIN
