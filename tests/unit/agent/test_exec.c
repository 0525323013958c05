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
#include "country.h"
#include "log.h"
#include "route.h"
#include "kselftest_harness.h"

static char notes[512];
static int ring_error, told_error, tone_error;
static bool reversed;
static unsigned int tone;
static int seize_error, dial_error;
static bool can_call;
static struct pots_caller_id heard;
static struct pots_cid shown;
static const struct port_cadence *rung;
static unsigned int rung_over_v;
static port_event_fn *port_event;
static void *port_user;
static const struct sip_call_events *far_end;
static const struct media_events *sound;

static int invite_error, local_error;
static enum sip_reg_state reg_state;
static bool trusts;
static struct config_account office = { .sip.user = "gateway" };
static char places[3];

#define CALL	((struct sip_call *)"incoming")
#define OUTGOING ((struct sip_call *)"outgoing")
#define OFFICE	((struct sip_account *)&places[0])
#define OTHER	((struct sip_account *)&places[1])
#define SELF	((struct sip_account *)&places[2])

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
		    const struct country *country, const struct port_trunk *trunk)
{
}

int port_seize(struct port *port, bool urgent)
{
	note(urgent ? "seize! " : "seize ");
	return seize_error;
}

int port_dial(struct port *port, const char *digits, bool first)
{
	note("dial%s %s ", first ? "" : " on", digits);
	return dial_error;
}

int port_flash(struct port *port) { return note("flash "); }

int port_caller_id(struct port *port, struct pots_caller_id *caller)
{
	*caller = heard;
	return heard.count ? 0 : -ENODATA;
}

bool port_can_call(const struct port *port) { return can_call; }

int port_claim_fd(const struct port *port) { return -1; }
void port_set_active(struct port *port, bool active) { }
int port_ask_hook(struct port *port) { return 0; }

int port_tone(struct port *port, unsigned int number, int gain_cdb)
{
	tone = number;
	return number == POTS_TONE_STUTTER ? tone_error : 0;
}

int port_tone_stop(struct port *port) { return 0; }
int port_ring_stop(struct port *port) { return 0; }
int port_lamp(struct port *port, bool on) { return 0; }
int port_send_cid(struct port *port, const struct pots_cid *cid)
{
	note("tell ");
	shown = *cid;
	return told_error;
}

/* Only a change is one for the kernel. */
int port_polarity(struct port *port, bool reverse)
{
	if (reverse != reversed)
		note(reverse ? "reverse " : "normal ");
	reversed = reverse;
	return 0;
}

int port_meter(struct port *port, unsigned int signal, unsigned int pulses, unsigned int ms)
{
	return note("meter ");
}

/* It ends in normal polarity. */
int port_hangup(struct port *port, bool open)
{
	reversed = false;
	return note("hang-up ");
}

int port_ring(struct port *port, const struct port_cadence *cadence, unsigned int flags,
	      unsigned int dc_v, const struct pots_cid *cid)
{
	rung_over_v = dc_v;
	note(flags ? "ring trapezoid " : "ring ");
	rung = cadence;
	shown = cid ? *cid : (struct pots_cid){ 0 };
	return ring_error;
}

/* -------------------------------------------------------------- the rest --- */

void control_notify(struct control *control, const struct line *line) { }
void log_write(enum log_level level, const char *area, const char *format, ...) { }
enum log_level log_get_level(void) { return LOG_LEVEL_ERROR; }
void agent_port_changed(struct agent *agent) { note("port "); }

struct line *agent_find_number(struct agent *agent, const char *number)
{
	for (unsigned int i = 0; *number && i < agent->line_count; i++) {
		if (!strcmp(agent->lines[i].config->number, number))
			return &agent->lines[i];
	}
	return NULL;
}

void speech_init(struct speech *speech, struct media *media, const struct config_line *config) { }
void speech_close(struct speech *speech) { speech->agreed = false; }

int speech_open(struct speech *speech, const struct sockaddr_storage *local,
		const struct media_events *events, void *user)
{
	sound = events;
	return 0;
}

enum call_media speech_take_offer(struct speech *speech, const char *sdp, size_t len)
{
	speech->agreed = true;
	return CALL_MEDIA_OK;
}

enum call_media speech_take_answer(struct speech *speech, const char *sdp, size_t len)
{
	return sdp ? CALL_MEDIA_OK : CALL_MEDIA_NONE;
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
	return local_error;
}

enum sip_reg_state sip_account_state(const struct sip_account *account) { return reg_state; }
void *sip_account_user(const struct sip_account *account) { return &office; }
const char *sip_call_id(const struct sip_call *call) { return (const char *)call; }

bool sip_account_trusts(const struct sip_account *account, const struct sockaddr_storage *source)
{
	return trusts;
}

/* Who calls whom, and by which account. */
int sip_invite(struct sip_account *account, const struct sip_invite_params *params,
	       const struct sip_call_events *events, void *user, struct sip_call **call)
{
	note("INVITE %s by %s from %s%s%s%s ", params->target, account == SELF ? "self" : "office",
	     params->caller_user ? params->caller_user : "account",
	     params->caller_name ? " " : "", params->caller_name ? params->caller_name : "",
	     params->anonymous ? " anonymous" : "");
	far_end = events;
	*call = OUTGOING;
	return invite_error;
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

static const struct route to_line = { 0 };

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
	told_error = 0;
	tone_error = 0;
	invite_error = 0;
	reversed = false;
	shown.count = 0;
	self->agent.loop = ev_default_loop(0);
	self->config.title = "line 1";
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
	ASSERT_EQ(0, line_invite(&self->line, CALL, &self->in, &to_line));
	EXPECT_STREQ("ring 180 ", notes);
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
	EXPECT_STREQ("ring trapezoid 180 ", notes);
	EXPECT_EQ(12, rung_over_v);
}

TEST_F(line, rings_as_alert_info_says)
{
	ASSERT_EQ(0, line_invite(&self->line, CALL, &self->in, &to_line));
	EXPECT_EQ(NULL, rung);
	port_event(port_user, PORT_RING_FAILED, 0, 0);
	self->config.caller_id = CALLERID_BELLCORE;
	self->config.international_prefix = "";
	self->in.caller_name = "";
	self->in.alert_info = "<Bellcore-dr4>";
	ASSERT_EQ(0, line_invite(&self->line, CALL, &self->in, &to_line));
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
	ASSERT_EQ(0, line_invite(&self->line, CALL, &self->in, &to_line));
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
	ASSERT_EQ(0, line_invite(&self->line, CALL, &self->in, &to_line));
	EXPECT_EQ(0, memcmp("\x04\x01P\x08\x01P", shown.data + 12, 6));
	EXPECT_EQ(19, shown.count);
}

TEST_F(line, tells_nobody_by_default)
{
	ASSERT_EQ(0, line_invite(&self->line, CALL, &self->in, &to_line));
	EXPECT_EQ(0, shown.count);
}

/* A caller hears ringback for as long as a 180 is not taken back. */
TEST_F(line, no_180_before_a_refusal)
{
	ring_error = -EBUSY;
	ASSERT_EQ(0, line_invite(&self->line, CALL, &self->in, &to_line));
	EXPECT_STREQ("ring 486 ", notes);
	EXPECT_EQ(CALL_IDLE, self->line.call.state);

	notes[0] = 0;
	ring_error = -EIO;
	ASSERT_EQ(0, line_invite(&self->line, CALL, &self->in, &to_line));
	EXPECT_STREQ("ring 480 ", notes);

	notes[0] = 0;
	ring_error = 0;
	ASSERT_EQ(0, line_invite(&self->line, CALL, &self->in, &to_line));
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
	ASSERT_EQ(0, line_invite(&self->line, CALL, &self->in, &to_line));
	port_event(port_user, PORT_OFF_HOOK, 0, 0);
	EXPECT_STREQ("ring 180 200 ", notes);
	line_moved(&self->line, OTHER);
	EXPECT_STREQ("ring 180 200 ", notes);
	line_moved(&self->line, OFFICE);
	EXPECT_STREQ("ring 180 200 re-INVITE ", notes);
	EXPECT_EQ(CALL_SPEECH, self->line.call.state);
}

/* ------------------------------------------------------------- messages --- */

TEST_F(line, messages_by_dial_tone)
{
	self->config.message_waiting = WAITING_STUTTER;
	waiting_set(&self->line, true, 2);
	port_event(port_user, PORT_OFF_HOOK, 0, 0);
	EXPECT_EQ(POTS_TONE_STUTTER, tone);
	port_event(port_user, PORT_ON_HOOK, 0, 0);
	tone_error = -EOPNOTSUPP;
	port_event(port_user, PORT_OFF_HOOK, 0, 0);
	EXPECT_EQ(POTS_TONE_DIAL, tone);
	port_event(port_user, PORT_ON_HOOK, 0, 0);
	tone_error = 0;
	waiting_set(&self->line, false, 0);
	port_event(port_user, PORT_OFF_HOOK, 0, 0);
	EXPECT_EQ(POTS_TONE_DIAL, tone);
	EXPECT_STREQ("", notes);
}

/* By FSK: see test_waiting.c. */
TEST_F(line, messages_when_the_telephone_is_at_rest)
{
	self->config.message_waiting = WAITING_FSK;
	self->config.caller_id = CALLERID_BELLCORE;
	waiting_set(&self->line, true, 2);
	EXPECT_TRUE(ev_is_active(&self->line.waiting.timer));
	port_event(port_user, PORT_OFF_HOOK, 0, 0);
	EXPECT_EQ(POTS_TONE_DIAL, tone);
	EXPECT_FALSE(ev_is_active(&self->line.waiting.timer));
	port_event(port_user, PORT_ON_HOOK, 0, 0);
	EXPECT_TRUE(ev_is_active(&self->line.waiting.timer));

	/* another telephone may hang on a port that comes anew */
	port_event(port_user, PORT_GONE, 0, 0);
	EXPECT_FALSE(ev_is_active(&self->line.waiting.timer));
	self->line.waiting.told = true;
	port_event(port_user, PORT_BACK, 0, 0);
	EXPECT_TRUE(ev_is_active(&self->line.waiting.timer));
}

TEST_F(line, messages_by_polarity)
{
	self->config.message_waiting = WAITING_POLARITY;
	waiting_set(&self->line, true, 0);
	waiting_set(&self->line, false, 0);
	EXPECT_STREQ("reverse normal ", notes);
	EXPECT_EQ(0, shown.count);
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
	port_event(port_user, PORT_OFF_HOOK, 0, 0);
	port_event(port_user, PORT_DIGIT, 5, 0);
	far_end->progress(&self->line, 180, NULL, 0);
	EXPECT_STREQ("INVITE 5 by office from account ", notes);
	notes[0] = 0;
	far_end->answered(&self->line, "v=0", 3);
	EXPECT_EQ(CALL_SPEECH, self->line.call.state);
	EXPECT_STREQ("reverse meter ", notes);
	port_event(port_user, PORT_ON_HOOK, 0, 0);
	EXPECT_STREQ("reverse meter drop normal ", notes);

	notes[0] = 0;
	port_event(port_user, PORT_OFF_HOOK, 0, 0);
	port_event(port_user, PORT_DIGIT, 5, 0);
	far_end->answered(&self->line, "v=0", 3);
	far_end->ended(&self->line, 0);
	EXPECT_STREQ("INVITE 5 by office from account reverse meter hang-up ", notes);
	port_event(port_user, PORT_ON_HOOK, 0, 0);

	notes[0] = 0;
	ASSERT_EQ(0, line_invite(&self->line, CALL, &self->in, &to_line));
	port_event(port_user, PORT_OFF_HOOK, 0, 0);
	EXPECT_STREQ("ring 180 200 ", notes);
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

/* ---------------------------------------------------------------- trunks --- */

FIXTURE(trunk) {
	struct agent agent;
	struct config_line configs[2];
	struct line lines[2];
	struct sip_incoming in;
	struct route route;
};

#define TRUNK	(&self->lines[1])
#define CONFIG	(&self->configs[1].trunk)
#define PORT(event, value) port_event(port_user, event, value, 0)

static char pstn[] = "pstn", telephone[] = "1", none[] = "", plus[] = "00", number[] = "101";

FIXTURE_SETUP(trunk)
{
	notes[0] = 0;
	ring_error = seize_error = dial_error = invite_error = local_error = 0;
	can_call = true;
	trusts = true;
	reg_state = SIP_REG_OK;
	heard = (struct pots_caller_id){ 0 };
	self->agent.loop = ev_default_loop(0);
	self->agent.self = SELF;
	self->agent.lines = self->lines;
	treatment_init(&self->agent.config.treatments);
	for (unsigned int i = 0; i < 2; i++) {
		struct config_line *config = &self->configs[i];

		config->is_trunk = i;
		config->name = i ? pstn : telephone;
		config->title = config->name;
		config->number = i ? none : number;
		config->display_name = none;
		config->international_prefix = plus;
		config->no_answer_ms = 180000;
		config->trunk.route = none;
		config->trunk.prefix = none;
		config->trunk.emergency = none;
		config->trunk.answer_ms = 10000;
		config->trunk.guard_ms = 1000;
		config->trunk.ends = 15;
		ASSERT_EQ(0, line_init(&self->lines[i], &self->agent, config, OFFICE));
		port_event(port_user, PORT_BACK, 0, 0);
		self->agent.line_count++;
	}
	notes[0] = 0;
	self->in.account = OFFICE;
	self->in.caller_user = "102";
	self->in.called_user = "";
	self->in.hops = 70;
}

FIXTURE_TEARDOWN(trunk)
{
	line_free(&self->lines[0]);
	line_free(&self->lines[1]);
}

static void tell(const char *name, const char *caller)
{
	unsigned char *at = heard.data;
	size_t len = strlen(caller), name_len = strlen(name);

	heard.signal = POTS_CID_BELL202;
	*at++ = 0x80;
	*at++ = (unsigned char)(len + name_len + 4);
	*at++ = 0x02;
	*at++ = (unsigned char)len;
	at = (unsigned char *)mempcpy(at, caller, len);
	*at++ = 0x07;
	*at++ = (unsigned char)name_len;
	memcpy(at, name, name_len);
	heard.count = (unsigned int)(len + name_len + 7);
}

TEST_F(trunk, caller_of_the_exchange)
{
	tell("Bob", "030123");
	PORT(PORT_RING, 0);
	EXPECT_STREQ("INVITE gateway by office from 030123 Bob ", notes);
	notes[0] = 0;
	far_end->answered(TRUNK, "", 0);
	EXPECT_STREQ("seize ", notes);
	EXPECT_EQ(CALL_THROUGH, TRUNK->call.state);
	PORT(PORT_BATTERY, 0);
	EXPECT_STREQ("seize hang-up drop ", notes);
}

TEST_F(trunk, caller_who_is_nobody)
{
	PORT(PORT_RING, 0);
	EXPECT_STREQ("INVITE gateway by office from account ", notes);
}

TEST_F(trunk, caller_who_wants_to_be_nobody)
{
	tell("", "P");
	PORT(PORT_RING, 0);
	EXPECT_STREQ("INVITE gateway by office from account anonymous ", notes);
}

TEST_F(trunk, caller_for_a_telephone)
{
	CONFIG->route = number;
	PORT(PORT_RING, 0);
	EXPECT_STREQ("INVITE 101 by self from pstn ", notes);
	notes[0] = 0;
	far_end->failed(TRUNK, 486, 0, "Busy Here");
	EXPECT_STREQ("seize ", notes);
	EXPECT_EQ(CALL_REFUSING, TRUNK->call.state);
}

TEST_F(trunk, no_way_to_the_account)
{
	invite_error = -ENOTCONN;
	PORT(PORT_RING, 0);
	EXPECT_EQ(CALL_REFUSING, TRUNK->call.state);
}

#define CALLS(call_, digits_, urgent_) ({ \
	self->route = (struct route){ .line = TRUNK, .dials = true, .urgent = urgent_ }; \
	strcpy(self->route.digits, digits_); \
	line_invite(TRUNK, call_, &self->in, &self->route); \
})
#define DIALS(digits_, urgent_) CALLS(CALL, digits_, urgent_)
#define FIRST	((struct sip_call *)"first")

TEST_F(trunk, one_stage)
{
	ASSERT_EQ(0, DIALS("0301234", false));
	EXPECT_STREQ("seize dial 0301234 ", notes);
	PORT(PORT_DIALLED, 0);
	EXPECT_STREQ("seize dial 0301234 183 ", notes);
	EXPECT_EQ(CALL_AWAITED, TRUNK->call.state);
	notes[0] = 0;
	PORT(PORT_HEARD, POTS_TONE_BUSY);
	EXPECT_STREQ("hang-up 486 ", notes);
}

TEST_F(trunk, no_dial_tone)
{
	ASSERT_EQ(0, DIALS("0301234", false));
	PORT(PORT_DIALLED, ETIMEDOUT);
	EXPECT_STREQ("seize dial 0301234 hang-up 503 ", notes);
}

/* A number that its port does not take, by pulses perhaps. */
TEST_F(trunk, cannot_be_dialled)
{
	dial_error = -EINVAL;
	ASSERT_EQ(0, DIALS("030*", false));
	EXPECT_STREQ("seize dial 030* hang-up 503 ", notes);
	EXPECT_EQ(CALL_GUARD, TRUNK->call.state);
}

TEST_F(trunk, emergency)
{
	ASSERT_EQ(0, DIALS("112", true));
	EXPECT_STREQ("seize! dial 112 ", notes);
}

TEST_F(trunk, recall)
{
	CONFIG->answer_ms = 0;
	TRUNK->profile.answer_ms = 0;
	ASSERT_EQ(0, DIALS("0301234", false));
	PORT(PORT_DIALLED, 0);
	ASSERT_EQ(CALL_THROUGH, TRUNK->call.state);
	notes[0] = 0;
	far_end->flash(TRUNK);
	EXPECT_STREQ("flash ", notes);
	sound->digit(TRUNK, MEDIA_FLASH, true, 0);
	sound->digit(TRUNK, MEDIA_FLASH, false, 100);
	EXPECT_STREQ("flash flash ", notes);
	/* a telephone is rung up by nothing of this */
	far_end->flash(&self->lines[0]);
	sound->digit(&self->lines[0], MEDIA_FLASH, true, 0);
	EXPECT_EQ(0, self->lines[0].call.unexpected);
	EXPECT_STREQ("flash flash ", notes);
}

TEST_F(trunk, emergency_takes_the_line)
{
	ASSERT_EQ(0, CALLS(FIRST, "0301234", false));
	PORT(PORT_DIALLED, 0);
	notes[0] = 0;
	ASSERT_EQ(0, DIALS("112", true));
	EXPECT_STREQ("503 ", notes);
	EXPECT_EQ(CALL_AWAITED, TRUNK->call.state);

	TRUNK->profile.preempts = true;
	notes[0] = 0;
	ASSERT_EQ(0, DIALS("0309", false));
	EXPECT_STREQ("503 ", notes);
	notes[0] = 0;
	ASSERT_EQ(0, DIALS("112", true));
	EXPECT_STREQ("hang-up drop ", notes);
	EXPECT_EQ(CALL, TRUNK->sip);
	line_post(TRUNK, &(struct call_in){ .event = IN_TIMER });
	EXPECT_STREQ("hang-up drop seize! dial 112 ", notes);
	PORT(PORT_DIALLED, 0);
	EXPECT_STREQ("hang-up drop seize! dial 112 183 ", notes);

	/* but not from another emergency call */
	notes[0] = 0;
	ASSERT_EQ(0, CALLS(FIRST, "110", true));
	EXPECT_STREQ("503 ", notes);
	EXPECT_EQ(CALL, TRUNK->sip);
	EXPECT_EQ(CALL_AWAITED, TRUNK->call.state);
}

TEST_F(trunk, cannot_be_seized)
{
	seize_error = -EBUSY;
	ASSERT_EQ(0, DIALS("1", false));
	EXPECT_STREQ("seize hang-up 503 ", notes);
	EXPECT_EQ(CALL_GUARD, TRUNK->call.state);
}

/* Nobody is told 200 for a line that there is not. */
TEST_F(trunk, cannot_be_seized_for_two_stages)
{
	seize_error = -ENOLINK;
	self->route = (struct route){ .line = TRUNK };
	ASSERT_EQ(0, line_invite(TRUNK, CALL, &self->in, &self->route));
	EXPECT_STREQ("seize hang-up drop ", notes);
}

TEST_F(trunk, two_stages)
{
	self->route = (struct route){ .line = TRUNK };
	ASSERT_EQ(0, line_invite(TRUNK, CALL, &self->in, &self->route));
	EXPECT_STREQ("seize 200 ", notes);
	line_post(TRUNK, &(struct call_in){ .event = IN_REMOTE_DIGIT, .value = 1 });
	line_post(TRUNK, &(struct call_in){ .event = IN_REMOTE_DIGIT, .value = 2 });
	line_post(TRUNK, &(struct call_in){ .event = IN_REMOTE_DIGIT, .value = 3 });
	EXPECT_STREQ("seize 200 dial on 1 ", notes);
	PORT(PORT_DIALLED, 0);
	EXPECT_STREQ("seize 200 dial on 1 dial on 2 ", notes);
	PORT(PORT_DIALLED, 0);
	EXPECT_STREQ("seize 200 dial on 1 dial on 2 dial on 3 ", notes);
}

/* ---------------------------------------------------------------- routes --- */

#define GOES(user) ({ \
	self->in.called_user = user; \
	route_incoming(&self->agent, CALL, &self->in, &self->route); \
})

TEST_F(trunk, what_sip_may_call)
{
	static char emergency[] = "110 112";

	EXPECT_EQ(0, GOES("101"));
	EXPECT_EQ(&self->lines[0], self->route.line);
	EXPECT_EQ(404, GOES("030123"));
	ASSERT_EQ(0, dialplan_parse(&self->configs[1].plan, "0x.T", NULL, NULL));
	EXPECT_EQ(0, GOES("030123"));
	EXPECT_EQ(TRUNK, self->route.line);
	EXPECT_TRUE(self->route.dials);
	EXPECT_STREQ("030123", self->route.digits);
	EXPECT_EQ(0, GOES("+49 (30) 123"));
	EXPECT_STREQ("004930123", self->route.digits);
	EXPECT_EQ(404, GOES("0bob"));
	EXPECT_EQ(404, GOES("00000000000000000000000000000000000000000"));
	EXPECT_EQ(404, GOES("112"));
	CONFIG->emergency = emergency;
	EXPECT_EQ(0, GOES("112"));
	EXPECT_TRUE(self->route.urgent);
	EXPECT_EQ(404, GOES("11"));
	EXPECT_EQ(404, GOES(""));
}

/* Whom the provider means by the account's user: a telephone, never a trunk. */
TEST_F(trunk, user_of_the_account)
{
	EXPECT_EQ(0, GOES("gateway"));
	EXPECT_EQ(&self->lines[0], self->route.line);
	self->configs[0].is_trunk = true;
	EXPECT_EQ(404, GOES("gateway"));
	self->configs[1].is_trunk = false;
	EXPECT_EQ(0, GOES("gateway"));
	EXPECT_EQ(TRUNK, self->route.line);
	self->in.account = OTHER;
	EXPECT_EQ(404, GOES("gateway"));
	self->in.account = NULL;
	self->lines[1].account = NULL;
	EXPECT_EQ(404, GOES("gateway"));
}

/* A stranger who got as far as a telephone gets no further. */
TEST_F(trunk, who_may_call)
{
	static char second[] = "199";

	ASSERT_EQ(0, dialplan_parse(&self->configs[1].plan, "0x.T", NULL, NULL));
	self->configs[1].number = second;
	trusts = false;
	EXPECT_EQ(404, GOES("030123"));
	EXPECT_EQ(403, GOES("199"));
	self->in.own = true;
	EXPECT_EQ(0, GOES("199"));
	EXPECT_FALSE(self->route.dials);
	trusts = true;
	self->in.own = false;
	EXPECT_EQ(0, GOES("199"));
	self->lines[1].account = NULL;
	EXPECT_EQ(403, GOES("199"));
}

TEST_F(trunk, no_loops)
{
	ASSERT_EQ(0, dialplan_parse(&self->configs[1].plan, "0x.T", NULL, NULL));
	self->in.hops = 0;
	EXPECT_EQ(483, GOES("030123"));
	EXPECT_EQ(0, GOES("101"));
	self->in.hops = 1;
	EXPECT_EQ(0, GOES("030123"));
	PORT(PORT_RING, 0);
	EXPECT_EQ(0, GOES("030123"));
	self->in.called_user = "030123";
	EXPECT_EQ(482, route_incoming(&self->agent, OUTGOING, &self->in, &self->route));
}

TEST_F(trunk, prefix_and_emergency)
{
	static char prefix[] = "0", emergency[] = "112";

	CONFIG->prefix = prefix;
	CONFIG->emergency = emergency;
	EXPECT_EQ(SELF, route_from_line(&self->lines[0], "101"));
	EXPECT_EQ(OFFICE, route_from_line(&self->lines[0], "123"));
	EXPECT_EQ(OFFICE, route_from_line(&self->lines[0], "0"));
	EXPECT_EQ(SELF, route_from_line(&self->lines[0], "0301"));
	EXPECT_EQ(SELF, route_from_line(&self->lines[0], "112"));
	/* From SIP, the prefix is nothing. */
	EXPECT_EQ(404, GOES("0301"));
	self->in.own = true;
	EXPECT_EQ(0, GOES("0301"));
	EXPECT_STREQ("301", self->route.digits);
	/* Somebody must hear it, when the trunk cannot. */
	can_call = false;
	EXPECT_EQ(SELF, route_from_line(&self->lines[0], "0301"));
	EXPECT_EQ(OFFICE, route_from_line(&self->lines[0], "112"));
	reg_state = SIP_REG_FAILED;
	EXPECT_EQ(SELF, route_from_line(&self->lines[0], "112"));
}

/* One that is free is better than one that is taken from somebody. */
TEST_F(trunk, emergency_finds_a_line)
{
	static char emergency[] = "112";

	self->configs[0].is_trunk = true;
	self->configs[0].number = none;
	self->configs[0].trunk.emergency = emergency;
	CONFIG->emergency = emergency;
	self->lines[0].call.state = CALL_FREE;
	self->in.own = true;
	EXPECT_EQ(0, GOES("112"));
	EXPECT_EQ(&self->lines[0], self->route.line);
	ASSERT_EQ(0, CALLS(FIRST, "0301234", false));
	EXPECT_EQ(0, GOES("112"));
	EXPECT_EQ(&self->lines[0], self->route.line);

	self->lines[0].call.state = CALL_THROUGH;
	EXPECT_EQ(OFFICE, route_from_line(&self->lines[0], "112"));
	TRUNK->profile.preempts = true;
	EXPECT_EQ(SELF, route_from_line(&self->lines[0], "112"));
	EXPECT_EQ(0, GOES("112"));
	EXPECT_EQ(TRUNK, self->route.line);
	EXPECT_TRUE(self->route.urgent);
	can_call = false;
	EXPECT_EQ(OFFICE, route_from_line(&self->lines[0], "112"));
}

TEST_F(trunk, life_line)
{
	EXPECT_EQ(OFFICE, route_from_line(&self->lines[0], "123"));
	reg_state = SIP_REG_FAILED;
	EXPECT_EQ(OFFICE, route_from_line(&self->lines[0], "123"));
	CONFIG->life_line = true;
	EXPECT_EQ(SELF, route_from_line(&self->lines[0], "123"));
	self->in.own = true;
	EXPECT_EQ(0, GOES("123"));
	EXPECT_STREQ("123", self->route.digits);
	can_call = false;
	EXPECT_EQ(OFFICE, route_from_line(&self->lines[0], "123"));
	can_call = true;
	reg_state = SIP_REG_NONE;
	EXPECT_EQ(OFFICE, route_from_line(&self->lines[0], "123"));
	local_error = -ENOTCONN;
	EXPECT_EQ(SELF, route_from_line(&self->lines[0], "123"));
	local_error = 0;
	self->lines[0].account = NULL;
	EXPECT_EQ(SELF, route_from_line(&self->lines[0], "123"));
}

/* It dialled by the account, and nobody was there. */
TEST_F(trunk, life_line_after_silence)
{
	struct line *line = &self->lines[0];

	line->call.state = CALL_CALLING;
	line->via = OFFICE;
	strcpy(line->peer, "123");
	CONFIG->life_line = true;
	PORT(PORT_RING, 0);
	notes[0] = 0;
	far_end->failed(line, 404, 0, "Not Found");
	EXPECT_STREQ("", notes);
	EXPECT_EQ(CALL_TREATMENT, line->call.state);

	line->call.state = CALL_CALLING;
	far_end->failed(line, 0, SIP_CAUSE_TIMEOUT, NULL);
	EXPECT_EQ(CALL_TREATMENT, line->call.state);

	PORT(PORT_RING_OVER, 0);
	notes[0] = 0;
	line->call.state = CALL_CALLING;
	far_end->failed(line, 0, SIP_CAUSE_TIMEOUT, NULL);
	EXPECT_STREQ("INVITE 123 by self from 101 ", notes);
	EXPECT_EQ(CALL_CALLING, line->call.state);
	EXPECT_EQ(SELF, line->via);
	far_end->failed(line, 0, SIP_CAUSE_TIMEOUT, NULL);
	EXPECT_EQ(CALL_TREATMENT, line->call.state);
}

TEST_HARNESS_MAIN
