// SPDX-License-Identifier: GPL-2.0-or-later
/* How loud the howler is, and when. */
#include <string.h>

#include <linux/pots.h>

#include "agent.h"
#include "howler.h"
#include "kselftest_harness.h"

static unsigned int tone, rise_db;
static int played_cdb;

int port_tone(struct port *port, unsigned int number, int gain_cdb)
{
	tone = number;
	played_cdb = gain_cdb;
	return 0;
}

unsigned int line_setting(const struct line *line, size_t field, unsigned int otherwise)
{
	return field == offsetof(struct port_settings, howler_rise_db) ? rise_db : otherwise;
}

FIXTURE(howler) {
	struct agent agent;
	struct line line;
};

FIXTURE_SETUP(howler)
{
	tone = 0;
	self->agent.loop = ev_default_loop(0);
	self->line.agent = &self->agent;
	self->line.profile.howler_ms = 60000;
	self->line.call.state = CALL_HOWLER;
	howler_init(&self->line);
}

FIXTURE_TEARDOWN(howler)
{
	howler_free(&self->line);
}

#define TIMER	(&self->line.howler)

TEST_F(howler, at_once_as_loud_as_it_gets)
{
	rise_db = 0;
	EXPECT_EQ(0, howler_begin(&self->line));
	EXPECT_EQ(POTS_TONE_HOWLER, tone);
	EXPECT_EQ(0, played_cdb);
	EXPECT_FALSE(ev_is_active(TIMER));
}

/* 18 dB are four steps, and five levels of 12 s. The timer is not waited for. */
TEST_F(howler, rises)
{
	static const int levels_cdb[] = { -1800, -1300, -800, -300, 0 };

	rise_db = 18;
	for (int again = 0; again < 2; again++) {
		EXPECT_EQ(0, howler_begin(&self->line));
		for (int i = 0; i < 5; i++) {
			EXPECT_EQ(POTS_TONE_HOWLER, tone);
			EXPECT_EQ(levels_cdb[i], played_cdb);
			EXPECT_EQ(i < 4, !!ev_is_active(TIMER));
			howler_step(&self->line);
			EXPECT_EQ(i < 4, !!ev_is_active(TIMER));
			if (i < 4) {
				EXPECT_EQ(12., TIMER->repeat);
				ev_invoke(self->agent.loop, TIMER, EV_TIMER);
			}
		}
	}
}

TEST_F(howler, whole_steps)
{
	rise_db = 20;
	howler_begin(&self->line);
	EXPECT_EQ(-2000, played_cdb);
	EXPECT_EQ(12., TIMER->repeat);
}

TEST_F(howler, put_down_while_it_rises)
{
	rise_db = 40;
	howler_begin(&self->line);
	EXPECT_TRUE(ev_is_active(TIMER));
	self->line.call.state = CALL_IDLE;
	howler_step(&self->line);
	EXPECT_FALSE(ev_is_active(TIMER));
}

TEST_HARNESS_MAIN
