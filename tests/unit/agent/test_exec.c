// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a line does about events: the very exec.c and the very table, between a
 * port, a SIP side and a speech side that only take notes.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <linux/pots.h>

#include "agent.h"
#include "callerid.h"
#include "control.h"
#include "log.h"
#include "kselftest_harness.h"

static char notes[512];
static int ring_error;
static struct pots_cid shown;
static const struct port_cadence *rung;
static port_event_fn *port_event;
static void *port_user;
static const struct sip_call_events *far_end;

__attribute__((format(printf, 1, 2)))
static int note(const char *format, ...)
{
	size_t len = strlen(notes);
	va_list args;

	va_start(args, format);
	vsnprintf(notes + len, sizeof(notes) - len, format, args);
	va_end(args);
	return 0;
}

/* ------------------------------------------------------------- the port --- */

struct port *port_new(struct ev_loop *loop, unsigned int watchdog_ms, port_event_fn *event,
		      void *user)
{
	port_event = event;
	port_user = user;
	return (struct port *)&port_event;
}

void port_free(struct port *port) { }

void port_configure(struct port *port, const char *line, const struct port_settings *settings,
		    const struct country *country)
{
}

int port_claim_fd(const struct port *port) { return -1; }
void port_set_active(struct port *port, bool active) { }
int port_ask_hook(struct port *port) { return 0; }
int port_tone(struct port *port, unsigned int tone, unsigned int ms) { return 0; }
int port_tone_stop(struct port *port) { return 0; }
int port_ring_stop(struct port *port) { return 0; }
int port_hangup(struct port *port, bool open) { return note("hang-up "); }

int port_ring(struct port *port, const struct port_cadence *cadence, const struct pots_cid *cid)
{
	note("ring ");
	rung = cadence;
	shown = cid ? *cid : (struct pots_cid){ 0 };
	return ring_error;
}

/* -------------------------------------------------------------- the rest --- */

void control_notify(struct control *control, const struct line *line) { }
void log_write(enum log_level level, const char *area, const char *format, ...) { }
enum log_level log_get_level(void) { return LOG_LEVEL_ERROR; }
void agent_port_changed(struct agent *agent) { note("port "); }
struct line *agent_find_number(struct agent *agent, const char *number) { return NULL; }

void speech_init(struct speech *speech, struct media *media, const struct config_line *config) { }
void speech_close(struct speech *speech) { speech->agreed = false; }

int speech_open(struct speech *speech, const struct sockaddr_storage *local,
		const struct media_events *events, void *user)
{
	return 0;
}

enum call_media speech_take_offer(struct speech *speech, const char *sdp, size_t len)
{
	speech->agreed = true;
	return CALL_MEDIA_OK;
}

enum call_media speech_take_answer(struct speech *speech, const char *sdp, size_t len)
{
	return CALL_MEDIA_OK;
}

int speech_write_offer(struct speech *speech, char *text, size_t size) { return 1; }
int speech_write_answer(struct speech *speech, char *text, size_t size) { return 1; }
int speech_apply(struct speech *speech, int claim_fd) { return 0; }
int media_send_digit(struct media_stream *stream, unsigned int digit, unsigned int ms)
{
	return 0;
}

int speech_local_toward(const struct sockaddr_storage *peer, struct sockaddr_storage *local)
{
	return 0;
}

int sip_account_local_addr(const struct sip_account *account, struct sockaddr_storage *addr)
{
	return 0;
}

int sip_invite(struct sip_account *account, const struct sip_invite_params *params,
	       const struct sip_call_events *events, void *user, struct sip_call **call)
{
	return -ENOTCONN;
}

void sip_call_set_user(struct sip_call *call, const struct sip_call_events *events, void *user)
{
	far_end = events;
}

int sip_call_ring(struct sip_call *call, int status, const char *sdp, size_t len)
{
	return note("%d ", status);
}

int sip_call_answer(struct sip_call *call, const char *sdp, size_t len)
{
	return note("200 ");
}

int sip_call_reject(struct sip_call *call, int status, const char *reason, const char *extra)
{
	return note("%d ", status);
}

int sip_call_answer_offer(struct sip_call *call, int status, const char *sdp, size_t len)
{
	return 0;
}

int sip_call_info(struct sip_call *call, const char *type, const char *body)
{
	note("info ");
	return 0;
}

int sip_call_reoffer(struct sip_call *call, const char *sdp, size_t len)
{
	return note("re-INVITE ");
}

void sip_call_drop(struct sip_call *call) { note("drop "); }

/* ------------------------------------------------------------- the tests --- */

#define CALL	((struct sip_call *)notes)
#define OFFICE	((struct sip_account *)&ring_error)
#define OTHER	((struct sip_account *)&port_user)

FIXTURE(line) {
	struct agent agent;
	struct config_line config;
	struct line line;
	struct sip_incoming in;
};

FIXTURE_SETUP(line)
{
	notes[0] = 0;
	ring_error = 0;
	self->agent.loop = ev_default_loop(0);
	self->config.name = "1";
	self->config.number = "101";
	self->config.no_answer_ms = 180000;
	self->config.ring_names = (char *)"";
	self->in.account = OFFICE;
	self->in.caller_user = "102";
	ASSERT_EQ(0, line_init(&self->line, &self->agent, &self->config, OFFICE));
	port_event(port_user, PORT_BACK, 0, 0);
	EXPECT_STREQ("port ", notes);
	notes[0] = 0;
}

FIXTURE_TEARDOWN(line)
{
	line_free(&self->line);
}

TEST_F(line, rings_then_alerts)
{
	ASSERT_EQ(0, line_invite(&self->line, CALL, &self->in));
	EXPECT_STREQ("ring 180 ", notes);
	EXPECT_EQ(CALL_RINGING, self->line.call.state);
}

TEST_F(line, rings_as_alert_info_says)
{
	ASSERT_EQ(0, line_invite(&self->line, CALL, &self->in));
	EXPECT_EQ(NULL, rung);
	port_event(port_user, PORT_RING_FAILED, 0, 0);
	self->config.caller_id = CALLERID_BELLCORE;
	self->config.international_prefix = "";
	self->in.caller_name = "";
	self->in.alert_info = "<Bellcore-dr4>";
	ASSERT_EQ(0, line_invite(&self->line, CALL, &self->in));
	ASSERT_NE(NULL, rung);
	EXPECT_EQ(1000, rung->on_ms[1]);
	EXPECT_EQ(3, shown.bursts);
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
	ASSERT_EQ(0, line_invite(&self->line, CALL, &self->in));
	snprintf(expected, sizeof(expected), "%s\x02\x09" "004930123" "\x07\x03" "Bob", now);
	EXPECT_EQ(4 + 8 + 11 + 5 + 1, shown.count);
	/* the minute may have changed since */
	EXPECT_EQ(0, memcmp(expected + 8, shown.data + 4 + 8, strlen(expected) - 8));
	EXPECT_EQ(0, memcmp(expected, shown.data + 4, 6));
	unsetenv("TZ");
	tzset();
}

TEST_F(line, tells_nothing_of_a_private_caller)
{
	self->config.caller_id = CALLERID_BELLCORE;
	self->config.international_prefix = "00";
	self->in.caller_private = true;
	self->in.caller_name = "Bob";
	ASSERT_EQ(0, line_invite(&self->line, CALL, &self->in));
	EXPECT_EQ(0, memcmp("\x04\x01P\x08\x01P", shown.data + 12, 6));
	EXPECT_EQ(19, shown.count);
}

TEST_F(line, tells_nobody_by_default)
{
	ASSERT_EQ(0, line_invite(&self->line, CALL, &self->in));
	EXPECT_EQ(0, shown.count);
}

/* A caller hears ringback for as long as a 180 is not taken back. */
TEST_F(line, no_180_before_a_refusal)
{
	ring_error = -EBUSY;
	ASSERT_EQ(0, line_invite(&self->line, CALL, &self->in));
	EXPECT_STREQ("ring 486 ", notes);
	EXPECT_EQ(CALL_IDLE, self->line.call.state);

	notes[0] = 0;
	ring_error = -EIO;
	ASSERT_EQ(0, line_invite(&self->line, CALL, &self->in));
	EXPECT_STREQ("ring 480 ", notes);

	notes[0] = 0;
	ring_error = 0;
	ASSERT_EQ(0, line_invite(&self->line, CALL, &self->in));
	EXPECT_STREQ("ring 180 ", notes);
}

/* Whoever looks for ports must know, and only then. */
TEST_F(line, port_comes_and_goes)
{
	port_event(port_user, PORT_OFF_HOOK, 0, 0);
	port_event(port_user, PORT_ON_HOOK, 0, 0);
	EXPECT_STREQ("", notes);
	port_event(port_user, PORT_GONE, 0, 0);
	EXPECT_STREQ("port ", notes);
	EXPECT_EQ(CALL_ABSENT, self->line.call.state);
}

/* Only the calls of the account whose address changed are offered anew. */
TEST_F(line, new_address)
{
	line_moved(&self->line, OFFICE);
	ASSERT_EQ(0, line_invite(&self->line, CALL, &self->in));
	port_event(port_user, PORT_OFF_HOOK, 0, 0);
	EXPECT_STREQ("ring 180 200 ", notes);
	line_moved(&self->line, OTHER);
	EXPECT_STREQ("ring 180 200 ", notes);
	line_moved(&self->line, OFFICE);
	EXPECT_STREQ("ring 180 200 re-INVITE ", notes);
	EXPECT_EQ(CALL_SPEECH, self->line.call.state);
}

TEST_HARNESS_MAIN
