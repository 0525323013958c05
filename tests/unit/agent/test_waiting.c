// SPDX-License-Identifier: GPL-2.0-or-later
/* When a telephone is told of messages by FSK, and of what. */
#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include <linux/pots.h>

#include "agent.h"
#include "callerid.h"
#include "control.h"
#include "log.h"
#include "kselftest_harness.h"

static struct pots_cid shown;
static unsigned int told, turned, lit;
static int told_error, lamp_error;

int port_send_cid(struct port *port, const struct pots_cid *cid)
{
	told++;
	shown = *cid;
	return told_error;
}

int port_lamp(struct port *port, bool on)
{
	lit = lit * 10 + on + 1;
	return lamp_error;
}

void line_polarity(struct line *line) { turned += waiting_reverses(line); }
void control_notify(struct control *control, const struct line *line) { }
void log_write(enum log_level level, const char *area, const char *format, ...) { }
enum log_level log_get_level(void) { return LOG_LEVEL_ERROR; }

FIXTURE(waiting) {
	struct agent agent;
	struct config_line config;
	struct line line;
};

FIXTURE_SETUP(waiting)
{
	told = 0;
	turned = 0;
	lit = 0;
	told_error = 0;
	lamp_error = 0;
	self->agent.loop = ev_default_loop(0);
	self->config.name = (char *)"1";
	self->config.message_waiting = WAITING_FSK;
	self->config.caller_id = CALLERID_BELLCORE;
	self->line.agent = &self->agent;
	self->line.config = &self->config;
	self->line.call.state = CALL_IDLE;
	waiting_init(&self->line);
}

FIXTURE_TEARDOWN(waiting)
{
	waiting_free(&self->line);
}

#define TIMER	(&self->line.waiting.timer)

/* The timer that waits until the telephone may be told. */
#define TELL() do { \
	ASSERT_TRUE(ev_is_active(TIMER)); \
	ev_timer_stop(self->agent.loop, TIMER); \
	ev_invoke(self->agent.loop, TIMER, EV_TIMER); \
} while (0)

#define EXPECT_SHOWN(octets) EXPECT_EQ(0, memcmp(octets, shown.data, sizeof(octets)))

static const unsigned char some[] = { 0x82, 3, 0x0b, 1, 0xff, 0x70 };
static const unsigned char none[] = { 0x82, 3, 0x0b, 1, 0x00, 0x6f };

static void enter(struct line *line, enum call_state state)
{
	line->call.state = state;
	waiting_step(line);
}

TEST_F(waiting, told_once_while_nothing_happens)
{
	waiting_step(&self->line);
	EXPECT_FALSE(ev_is_active(TIMER));
	waiting_set(&self->line, true, 2);
	EXPECT_EQ(0, told);
	TELL();
	EXPECT_EQ(1, told);
	EXPECT_EQ(6, shown.count);
	EXPECT_SHOWN(some);
	EXPECT_FALSE(ev_is_active(TIMER));
	waiting_set(&self->line, true, 2);
	EXPECT_FALSE(ev_is_active(TIMER));
	waiting_set(&self->line, true, 3);
	TELL();
	waiting_set(&self->line, false, 0);
	TELL();
	EXPECT_SHOWN(none);
	EXPECT_EQ(3, told);
}

TEST_F(waiting, not_while_it_is_used)
{
	enter(&self->line, CALL_DIALTONE);
	waiting_set(&self->line, false, 0);
	EXPECT_FALSE(ev_is_active(TIMER));
	enter(&self->line, CALL_IDLE);
	told_error = -EBUSY;
	TELL();
	TELL();
	told_error = 0;
	TELL();
	EXPECT_EQ(3, told);
	EXPECT_SHOWN(none);
	EXPECT_FALSE(ev_is_active(TIMER));
}

/* It may have been lifted before it had the message, or be another one. */
TEST_F(waiting, told_again_after_a_call)
{
	waiting_set(&self->line, true, 1);
	TELL();
	for (int calls = 0; calls < 2; calls++) {
		enter(&self->line, CALL_DIALTONE);
		EXPECT_FALSE(ev_is_active(TIMER));
		enter(&self->line, CALL_IDLE);
		shown.count = 0;
		TELL();
		EXPECT_EQ(6, shown.count);
		EXPECT_SHOWN(some);
		EXPECT_FALSE(ev_is_active(TIMER));
	}

	/* that there are none is told once */
	waiting_set(&self->line, false, 0);
	TELL();
	enter(&self->line, CALL_DIALTONE);
	enter(&self->line, CALL_IDLE);
	EXPECT_FALSE(ev_is_active(TIMER));
}

TEST_F(waiting, a_port_that_cannot_is_left_alone)
{
	told_error = -EOPNOTSUPP;
	waiting_set(&self->line, true, 1);
	TELL();
	EXPECT_FALSE(ev_is_active(TIMER));
}

/* The kernel keeps it from blinking in a call; a new claim knows nothing of it. */
TEST_F(waiting, by_a_lamp)
{
	self->config.message_waiting = WAITING_NEON;
	waiting_set(&self->line, true, 1);
	TELL();
	EXPECT_EQ(2, lit);
	waiting_again(&self->line);
	TELL();
	EXPECT_EQ(22, lit);
	waiting_set(&self->line, false, 0);
	TELL();
	EXPECT_EQ(221, lit);
	EXPECT_EQ(0, told);

	/* a port without does not keep the telephone from being told otherwise */
	lamp_error = -EOPNOTSUPP;
	self->config.message_waiting = WAITING_NEON | WAITING_FSK;
	waiting_set(&self->line, true, 1);
	TELL();
	EXPECT_EQ(1, told);
	EXPECT_FALSE(ev_is_active(TIMER));
}

TEST_F(waiting, other_ways)
{
	self->config.message_waiting = WAITING_STUTTER;
	waiting_set(&self->line, true, 1);
	EXPECT_TRUE(self->line.profile.messages);
	EXPECT_EQ(0, turned);
	TELL();
	EXPECT_EQ(0, told);
	self->config.message_waiting = WAITING_POLARITY;
	waiting_step(&self->line);
	EXPECT_FALSE(self->line.profile.messages);
	EXPECT_EQ(1, turned);
	waiting_set(&self->line, false, 0);
	EXPECT_EQ(1, turned);
	self->config.message_waiting = WAITING_STUTTER;
	waiting_step(&self->line);
	EXPECT_FALSE(self->line.profile.messages);
}

TEST_HARNESS_MAIN
