// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a line does about events: the very exec.c and the very table, in the
 * world of exec_world.h.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "callerid.h"
#include "country.h"
#include "exec_world.h"
#include "route.h"
#include "kselftest_harness.h"

static const struct route to_line = { 0 };

FIXTURE(line) {
	struct agent agent;
	struct config_line config;
	struct line line;
	struct sip_incoming in;
};

FIXTURE_SETUP(line)
{
	world_start();
	self->agent.loop = ev_default_loop(0);
	self->config.title = "line 1";
	self->config.number = "101";
	self->config.no_answer_ms = 180000;
	self->config.ring_names = (char *)"";
	self->in.account = OFFICE;
	self->in.caller_user = "102";
	ASSERT_EQ(0, line_init(&self->line, &self->agent, &self->config, OFFICE));
	PORT(PORT_BACK, 0);
	EXPECT_STREQ("port ", world.notes);
	world.notes[0] = 0;
}

FIXTURE_TEARDOWN(line)
{
	line_free(&self->line);
}

TEST_F(line, rings_then_alerts)
{
	ASSERT_EQ(0, line_invite(&self->line, CALL, &self->in, &to_line));
	EXPECT_STREQ("ring 180 ", world.notes);
	EXPECT_EQ(CALL_RINGING, self->line.call.state);
}

TEST_F(line, rings_in_the_shape_of_its_country)
{
	struct country national;

	memset(&national.settings, 0xff, sizeof(national.settings));
	national.settings.ring_shape = 1;
	self->config.settings.ring_shape = PORT_UNSET;
	self->config.settings.ring_dc_v = 12;
	self->config.national = &national;
	ASSERT_EQ(0, line_invite(&self->line, CALL, &self->in, &to_line));
	EXPECT_STREQ("ring trapezoid 180 ", world.notes);
	EXPECT_EQ(12, world.rung_over_v);
}

TEST_F(line, rings_as_alert_info_says)
{
	ASSERT_EQ(0, line_invite(&self->line, CALL, &self->in, &to_line));
	EXPECT_EQ(NULL, world.rung);
	PORT(PORT_RING_FAILED, 0);
	self->config.caller_id = CALLERID_BELLCORE;
	self->config.international_prefix = "";
	self->in.caller_name = "";
	self->in.alert_info = "<Bellcore-dr4>";
	ASSERT_EQ(0, line_invite(&self->line, CALL, &self->in, &to_line));
	ASSERT_NE(NULL, world.rung);
	EXPECT_EQ(1000, world.rung->on_ms[1]);
	EXPECT_EQ(3, world.shown.bursts);
}

/* The time is the system's, in its zone. */
TEST_F(line, tells_who_calls)
{
	char now[9], expected[64];
	time_t seconds = time(NULL);

	setenv("TZ", "IST-5:30", 1);
	tzset();
	strftime(now, sizeof(now), "%m%d%H%M", localtime(&seconds));
	self->config.caller_id = CALLERID_BELLCORE;
	self->config.international_prefix = "00";
	self->in.caller_user = "+4930123";
	self->in.caller_name = "Bob";
	ASSERT_EQ(0, line_invite(&self->line, CALL, &self->in, &to_line));
	snprintf(expected, sizeof(expected), "%s\x02\x09" "004930123" "\x07\x03" "Bob", now);
	EXPECT_EQ(4 + 8 + 11 + 5 + 1, world.shown.count);
	/* the minute may have changed since */
	EXPECT_EQ(0, memcmp(expected + 8, world.shown.data + 4 + 8, strlen(expected) - 8));
	EXPECT_EQ(0, memcmp(expected, world.shown.data + 4, 6));
	unsetenv("TZ");
	tzset();
}

TEST_F(line, tells_nothing_of_a_private_caller)
{
	self->config.caller_id = CALLERID_BELLCORE;
	self->config.international_prefix = "00";
	self->in.caller_private = true;
	self->in.caller_name = "Bob";
	ASSERT_EQ(0, line_invite(&self->line, CALL, &self->in, &to_line));
	EXPECT_EQ(0, memcmp("\x04\x01P\x08\x01P", world.shown.data + 12, 6));
	EXPECT_EQ(19, world.shown.count);
}

TEST_F(line, tells_nobody_by_default)
{
	ASSERT_EQ(0, line_invite(&self->line, CALL, &self->in, &to_line));
	EXPECT_EQ(0, world.shown.count);
}

/* A caller hears ringback for as long as a 180 is not taken back. */
TEST_F(line, no_180_before_a_refusal)
{
	world.ring_error = -EBUSY;
	ASSERT_EQ(0, line_invite(&self->line, CALL, &self->in, &to_line));
	EXPECT_STREQ("ring 486 ", world.notes);
	EXPECT_EQ(CALL_IDLE, self->line.call.state);

	world.notes[0] = 0;
	world.ring_error = -EIO;
	ASSERT_EQ(0, line_invite(&self->line, CALL, &self->in, &to_line));
	EXPECT_STREQ("ring 480 ", world.notes);

	world.notes[0] = 0;
	world.ring_error = 0;
	ASSERT_EQ(0, line_invite(&self->line, CALL, &self->in, &to_line));
	EXPECT_STREQ("ring 180 ", world.notes);
}

/* Whoever looks for ports must know, and only then. */
TEST_F(line, port_comes_and_goes)
{
	PORT(PORT_OFF_HOOK, 0);
	PORT(PORT_ON_HOOK, 0);
	EXPECT_STREQ("", world.notes);
	PORT(PORT_GONE, 0);
	EXPECT_STREQ("port ", world.notes);
	EXPECT_EQ(CALL_ABSENT, self->line.call.state);
}

/* Only the calls of the account whose address changed are offered anew. */
TEST_F(line, new_address)
{
	line_moved(&self->line, OFFICE);
	ASSERT_EQ(0, line_invite(&self->line, CALL, &self->in, &to_line));
	PORT(PORT_OFF_HOOK, 0);
	EXPECT_STREQ("ring 180 200 ", world.notes);
	line_moved(&self->line, OTHER);
	EXPECT_STREQ("ring 180 200 ", world.notes);
	line_moved(&self->line, OFFICE);
	EXPECT_STREQ("ring 180 200 re-INVITE ", world.notes);
	EXPECT_EQ(CALL_SPEECH, self->line.call.state);
}

/* ------------------------------------------------------------- messages --- */

TEST_F(line, messages_by_dial_tone)
{
	self->config.message_waiting = WAITING_STUTTER;
	waiting_set(&self->line, true, 2);
	PORT(PORT_OFF_HOOK, 0);
	EXPECT_EQ(POTS_TONE_STUTTER, world.tone);
	PORT(PORT_ON_HOOK, 0);
	world.tone_error = -EOPNOTSUPP;
	PORT(PORT_OFF_HOOK, 0);
	EXPECT_EQ(POTS_TONE_DIAL, world.tone);
	PORT(PORT_ON_HOOK, 0);
	world.tone_error = 0;
	waiting_set(&self->line, false, 0);
	PORT(PORT_OFF_HOOK, 0);
	EXPECT_EQ(POTS_TONE_DIAL, world.tone);
	EXPECT_STREQ("", world.notes);
}

/* By FSK: see test_waiting.c. */
TEST_F(line, messages_when_the_telephone_is_at_rest)
{
	self->config.message_waiting = WAITING_FSK;
	self->config.caller_id = CALLERID_BELLCORE;
	waiting_set(&self->line, true, 2);
	EXPECT_TRUE(ev_is_active(&self->line.waiting.timer));
	PORT(PORT_OFF_HOOK, 0);
	EXPECT_EQ(POTS_TONE_DIAL, world.tone);
	EXPECT_FALSE(ev_is_active(&self->line.waiting.timer));
	PORT(PORT_ON_HOOK, 0);
	EXPECT_TRUE(ev_is_active(&self->line.waiting.timer));

	/* another telephone may hang on a port that comes anew */
	PORT(PORT_GONE, 0);
	EXPECT_FALSE(ev_is_active(&self->line.waiting.timer));
	self->line.waiting.told = true;
	PORT(PORT_BACK, 0);
	EXPECT_TRUE(ev_is_active(&self->line.waiting.timer));
}

TEST_F(line, messages_by_polarity)
{
	self->config.message_waiting = WAITING_POLARITY;
	waiting_set(&self->line, true, 0);
	waiting_set(&self->line, false, 0);
	EXPECT_STREQ("reverse normal ", world.notes);
	EXPECT_EQ(0, world.shown.count);
}

/* Only a call that was made here, and only while it lasts. */
TEST_F(line, answer_reverses)
{
	const char *why;
	size_t at;

	dialplan_parse(&self->config.plan, "x", &why, &at);
	self->config.settings.answer_reversal = 1;
	self->config.meter_first = 1;
	self->config.display_name = (char *)"";
	PORT(PORT_OFF_HOOK, 0);
	PORT(PORT_DIGIT, 5);
	world.far_end->progress(&self->line, 180, NULL, 0);
	EXPECT_STREQ("INVITE 5 by office from account ", world.notes);
	world.notes[0] = 0;
	world.far_end->answered(&self->line, "v=0", 3);
	EXPECT_EQ(CALL_SPEECH, self->line.call.state);
	EXPECT_STREQ("reverse meter ", world.notes);
	PORT(PORT_ON_HOOK, 0);
	EXPECT_STREQ("reverse meter drop normal ", world.notes);

	world.notes[0] = 0;
	PORT(PORT_OFF_HOOK, 0);
	PORT(PORT_DIGIT, 5);
	world.far_end->answered(&self->line, "v=0", 3);
	world.far_end->ended(&self->line, 0);
	EXPECT_STREQ("INVITE 5 by office from account reverse meter hang-up ", world.notes);
	PORT(PORT_ON_HOOK, 0);

	world.notes[0] = 0;
	ASSERT_EQ(0, line_invite(&self->line, CALL, &self->in, &to_line));
	PORT(PORT_OFF_HOOK, 0);
	EXPECT_STREQ("ring 180 200 ", world.notes);
}

/* The line's own times, its country's, and those of all. */
TEST_F(line, a_permanent_signal_is_national)
{
	struct country national;

	memset(&national.settings, 0xff, sizeof(national.settings));
	memset(&self->config.settings, 0xff, sizeof(self->config.settings));
	national.settings.tone_ms = 7000;
	self->config.settings.silence_ms = 0;
	self->config.national = &national;
	self->agent.config.times = (struct config_times){ 16000, 0, 0, 9000, 4000, 60000 };
	line_free(&self->line);
	ASSERT_EQ(0, line_init(&self->line, &self->agent, &self->config, OFFICE));
	EXPECT_EQ(16000, self->line.profile.first_digit_ms);
	EXPECT_EQ(7000, self->line.profile.tone_ms);
	EXPECT_EQ(0, self->line.profile.silence_ms);
	EXPECT_EQ(60000, self->line.profile.howler_ms);
}

TEST_HARNESS_MAIN
