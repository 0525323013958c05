// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Carries out what the call table decides: commands go to the line's port, to
 * SIP and to speech; what these report comes back as events.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <linux/pots.h>

#include "agent.h"
#include "callerid.h"
#include "control.h"
#include "country.h"
#include "howler.h"
#include "log.h"
#include "ring.h"
#include "route.h"

_Static_assert((int)TREATMENT_CAUSE_TIMEOUT == (int)SIP_CAUSE_TIMEOUT &&
	       (int)TREATMENT_CAUSE_LOCAL == (int)SIP_CAUSE_LOCAL,
	       "a cause of sip.h is a cause of treatment.h");

/* How long beyond its open interval a hang-up may take to be reported. */
#define CLEAR_MS 3000

static const struct sip_call_events call_events;
static const struct media_events speech_events;

/* ------------------------------------------------------------ SIP events --- */

void line_post_status(struct line *line, enum call_event event, int status)
{
	line_post(line, &(struct call_in){ .event = event, .status = status });
}

static bool call_by_life_line(struct line *line);

static void on_progress(void *user, int status, const char *sdp, size_t len)
{
	struct line *line = user;
	struct call_in in = { .event = IN_PROGRESS, .status = status };

	in.media = speech_take_answer(&line->speech, sdp, len);
	line_post(line, &in);
}

/* A 200 without a description confirms the one of a 183. */
static void on_answered(void *user, const char *sdp, size_t len)
{
	struct line *line = user;
	struct call_in in = { .event = IN_ANSWERED };

	in.media = speech_take_answer(&line->speech, sdp, len);
	if (in.media == CALL_MEDIA_NONE && line->speech.agreed)
		in.media = CALL_MEDIA_OK;
	line_post(line, &in);
}

static void on_failed(void *user, int status, enum sip_cause cause, const char *reason)
{
	struct line *line = user;
	struct call_in in = {
		.event = IN_FAILED,
		.status = status,
		.cause = (enum treatment_cause)cause,
	};

	if (!status && call_by_life_line(line))
		return;
	line_post(line, &in);
	/* The phrase is the peer's own: it may well repeat the number. */
	if (reason)
		log_debug("call", "%s: the far end says: %s", line->config->title, reason);
	if (status)
		log_info("call", "%s: refused: %d", line->config->title, status);
	else
		log_info("call", "%s: failed: %s", line->config->title,
			 treatment_cause_name(in.cause));
}

static void on_confirmed(void *user, const char *sdp, size_t len)
{
	struct line *line = user;
	struct call_in in = { .event = IN_CONFIRMED };

	in.media = speech_take_answer(&line->speech, sdp, len);
	line_post(line, &in);
}

static void on_offer(void *user, const char *sdp, size_t len)
{
	struct line *line = user;
	struct call_in in = { .event = IN_OFFER };

	in.media = speech_take_offer(&line->speech, sdp, len);
	in.held = in.media == CALL_MEDIA_OK && !(line->speech.session.direction & SDP_SEND);
	in.mute = in.media == CALL_MEDIA_OK && !(line->speech.session.direction & SDP_RECEIVE);
	line_post(line, &in);
}

static void on_reoffered(void *user, int status, const char *sdp, size_t len)
{
	struct line *line = user;
	struct call_in in = { .event = IN_REOFFERED, .status = status };

	if (status == 200)
		in.media = speech_take_answer(&line->speech, sdp, len);
	line_post(line, &in);
}

static void on_ended(void *user, int status)
{
	line_post_status(user, IN_ENDED, status);
}

/* A telephone is told nothing of it. */
static void on_remote_flash(void *user)
{
	struct line *line = user;

	if (line->config->is_trunk)
		line_post(line, &(struct call_in){ .event = IN_REMOTE_FLASH });
}

static const struct sip_call_events call_events = {
	.progress = on_progress,
	.answered = on_answered,
	.failed = on_failed,
	.confirmed = on_confirmed,
	.offer = on_offer,
	.reoffered = on_reoffered,
	.ended = on_ended,
	.flash = on_remote_flash,
};

/* --------------------------------------------------------- speech events --- */

static void on_remote_digit(void *user, unsigned int digit, bool begin, unsigned int ms)
{
	struct call_in in = {
		.event = begin ? IN_REMOTE_DIGIT : IN_REMOTE_DIGIT_END,
		.value = digit & 0xf,
		.ms = ms,
	};

	if (digit != MEDIA_FLASH)
		line_post(user, &in);
	else if (begin)
		on_remote_flash(user);
}

static void on_silent(void *user, unsigned int ms)
{
	struct line *line = user;

	log_warn("call", "%s: nothing heard from the far end for %u ms",
		 line->config->title, ms);
}

static void on_port_lost(void *user, int error)
{
	struct line *line = user;

	log_debug("call", "%s: speech: %s", line->config->title, strerror(-error));
}

static const struct media_events speech_events = {
	.digit = on_remote_digit,
	.silent = on_silent,
	.port_lost = on_port_lost,
};

/* ----------------------------------------------------------- port events --- */

static void on_port(void *user, enum port_event event, unsigned int value, unsigned int ms)
{
	static const enum call_event events[] = {
		[PORT_BACK]		= IN_PORT_BACK,
		[PORT_GONE]		= IN_PORT_GONE,
		[PORT_OFF_HOOK]		= IN_OFFHOOK,
		[PORT_ON_HOOK]		= IN_ONHOOK,
		[PORT_PARKED]		= IN_PARKED,
		[PORT_FLASH]		= IN_FLASH,
		[PORT_DIGIT]		= IN_DIGIT,
		[PORT_DIGIT_END]	= IN_DIGIT_END,
		[PORT_RING_TIMEOUT]	= IN_RING_FAILED,
		[PORT_RING_FAILED]	= IN_RING_FAILED,
		[PORT_HANGUP_DONE]	= IN_HANGUP_DONE,
		[PORT_REST]		= IN_REST,
		[PORT_RING]		= IN_RING,
		[PORT_RING_OVER]	= IN_RING_OVER,
		[PORT_CALLER_ID]	= IN_CALLER_ID,
		[PORT_BATTERY]		= IN_BATTERY,
		[PORT_POLARITY]		= IN_POLARITY,
		[PORT_IN_USE]		= IN_IN_USE,
		[PORT_HEARD]		= IN_HEARD,
		[PORT_DIALLED]		= IN_DIALLED,
	};
	struct call_in in = { .event = events[event], .value = value, .ms = ms };

	if (in.event == IN_RING_FAILED)
		in.status = event == PORT_RING_TIMEOUT ? 408 : 480;
	if (in.event == IN_DIALLED && value)
		in.status = 503;
	line_post(user, &in);
	if (event == PORT_BACK)
		waiting_again(user);
	if (event == PORT_BACK || event == PORT_GONE)
		agent_port_changed(((struct line *)user)->agent);
}

static void on_timer(struct ev_loop *loop, ev_timer *timer, int revents)
{
	(void)loop;
	(void)revents;
	line_post(timer->data, &(struct call_in){ .event = IN_TIMER });
}

/* --------------------------------------------------------------- commands --- */

static void set_timer(struct line *line, unsigned int ms)
{
	struct ev_loop *loop = line->agent->loop;

	line->timer.repeat = ms / 1000.;
	ev_timer_again(loop, &line->timer);	/* stops it when repeat is 0 */
}

static void fail_call(struct line *line, enum treatment_cause cause)
{
	line_post(line, &(struct call_in){ .event = IN_FAILED, .cause = cause });
}

void line_warn(const struct line *line, const char *what, int err)
{
	if (err)
		log_warn("call", "%s: %s: %s", line->config->title, what, strerror(-err));
}

static int open_speech(struct line *line, const struct sockaddr_storage *local)
{
	int err = speech_open(&line->speech, local, &speech_events, line);

	line_warn(line, "no RTP port", err);
	return err;
}

static int send_invite(struct line *line, struct sip_invite_params *params)
{
	struct sockaddr_storage local;
	char sdp[SDP_WRITE_MAX];
	int err = sip_account_local_addr(line->via, &local);

	if (err || open_speech(line, &local))
		return err ? err : -EMFILE;
	err = speech_write_offer(&line->speech, sdp, sizeof(sdp));
	if (err < 0)
		return err;
	params->sdp = sdp;
	params->sdp_len = (size_t)err;
	return sip_invite(line->via, params, &call_events, line, &line->sip);
}

static void call_far_end(struct line *line, struct sip_invite_params *params)
{
	int err;

	if (!line->via) {
		/* Nobody whom we could ask: the number is not known here. */
		line_post_status(line, IN_FAILED, 404);
		return;
	}
	err = send_invite(line, params);
	if (!err)
		return;
	line_warn(line, "cannot call", err);
	fail_call(line, err == -ENOTCONN ? TREATMENT_CAUSE_TRANSPORT : TREATMENT_CAUSE_LOCAL);
}

/* Of a telephone; the number is line->peer. */
static void call_number(struct line *line)
{
	const struct config_line *config = line->config;
	struct sip_invite_params params = {
		.target = line->peer,
		.caller_user = line->via == line->agent->self ? config->number : NULL,
		.caller_name = *config->display_name ? config->display_name : NULL,
	};

	call_far_end(line, &params);
}

/* Nobody answered for the account: a trunk may, before the subscriber is told. */
static bool call_by_life_line(struct line *line)
{
	if (line->call.state != CALL_CALLING || line->via == line->agent->self ||
	    !route_has_life_line(line, line->peer))
		return false;
	log_warn("call", "%s: nobody answers for the account, the call goes through a trunk",
		 line->config->title);
	line->sip = NULL;
	line->via = line->agent->self;
	call_number(line);
	return true;
}

static void invite(struct line *line, unsigned int digits)
{
	struct callerid_heard heard;
	struct sip_invite_params params;

	if (line->config->is_trunk) {
		trunk_describe_call(line, &params, &heard);
		call_far_end(line, &params);
		return;
	}
	snprintf(line->peer, sizeof(line->peer), "%.*s", (int)digits, line->call.digits);
	line->via = route_from_line(line, line->peer);
	call_number(line);
}

/* False when the telephone is told nothing. */
static bool describe_caller(const struct line *line, struct pots_cid *cid)
{
	const struct sip_incoming *caller = line->caller;
	struct callerid_call call = { .plus = line->config->international_prefix };
	time_t now = time(NULL);
	struct tm local;

	if (!caller || !localtime_r(&now, &local))
		return false;
	call.number = caller->caller_user;
	call.name = caller->caller_name;
	call.withheld = caller->caller_private;
	call.month = (unsigned int)local.tm_mon + 1;
	call.day = (unsigned int)local.tm_mday;
	call.hour = (unsigned int)local.tm_hour;
	call.minute = (unsigned int)local.tm_min;
	return callerid_fill(line->config->caller_id, &call, cid);
}

static const struct port_cadence *choose_cadence(const struct line *line)
{
	const struct config_line *config = line->config;
	const char *alert = line->caller ? line->caller->alert_info : NULL;
	unsigned int pattern = alert ? ring_pattern(alert, config->ring_names) : 0;

	return ring_cadence(pattern, &config->settings,
			    config->national ? &config->national->settings : NULL);
}

static void ring(struct line *line)
{
	const struct port_cadence *cadence = choose_cadence(line);
	struct pots_cid cid;
	bool told = describe_caller(line, &cid);
	int err;

	if (told && cid.bursts)
		cid.bursts = (uint16_t)ring_bursts(cadence);
	err = port_ring(line->port, cadence,
			line_setting(line, offsetof(struct port_settings, ring_shape), 0),
			line_setting(line, offsetof(struct port_settings, ring_dc_v), 0),
			told ? &cid : NULL);

	line->sip = line->offered;
	line->ready = !err;
	if (err)
		line_post_status(line, IN_RING_FAILED, err == -EBUSY ? 486 : 480);
}

/* RFC 3261 21.4.13 and 21.4.26: say what would have been taken. */
static void reject(struct line *line, unsigned int status)
{
	struct sip_call *call = line->offered ? line->offered : line->sip;
	const char *extra = NULL;

	if (status == 415)
		extra = "Accept: application/sdp\r\nAccept-Encoding: identity\r\n";
	else if (status == 488)
		extra = "Warning: 305 pots \"Incompatible media format\"\r\n";
	if (line->sip == call)
		line->sip = NULL;
	line->offered = NULL;
	if (call)
		sip_call_reject(call, (int)status, NULL, extra);
}

/* A caller without a description gets our offer in the 200. */
static int write_description(struct line *line, char *text, size_t size)
{
	return line->speech.agreed ? speech_write_answer(&line->speech, text, size)
				   : speech_write_offer(&line->speech, text, size);
}

static void answer(struct line *line)
{
	char sdp[SDP_WRITE_MAX];
	int len, err;

	if (!line->ready)
		return;
	len = write_description(line, sdp, sizeof(sdp));
	err = len < 0 ? len : sip_call_answer(line->sip, sdp, (size_t)len);
	if (err) {
		line_warn(line, "cannot answer", err);
		line_post_status(line, IN_ENDED, 500);
	}
}

static void answer_offer(struct line *line, unsigned int status)
{
	char sdp[SDP_WRITE_MAX];
	int len = 0;

	if (status == 200)
		len = write_description(line, sdp, sizeof(sdp));
	if (len < 0)
		status = 500;
	if (status != 200)
		len = 0;
	line_warn(line, "cannot answer an offer",
		  sip_call_answer_offer(line->sip, (int)status, len ? sdp : NULL, (size_t)len));
}

/* A stream on the new address; the far end's side of the session stays. */
static void reoffer(struct line *line)
{
	struct sdp_session session = line->speech.session;
	struct sockaddr_storage local;
	char sdp[SDP_WRITE_MAX];
	int len;

	if (sip_account_local_addr(line->via, &local) || open_speech(line, &local))
		return;
	line->speech.session = session;
	line->speech.agreed = true;
	line_warn(line, "speech", speech_apply(&line->speech, port_claim_fd(line->port)));
	len = speech_write_offer(&line->speech, sdp, sizeof(sdp));
	if (len > 0)
		line_warn(line, "cannot tell the new address",
			  sip_call_reoffer(line->sip, sdp, (size_t)len));
}

static void start_speech(struct line *line)
{
	if (line->speech.agreed)
		line_warn(line, "speech",
			  speech_apply(&line->speech, port_claim_fd(line->port)));
}

/* What is on the line is heard before anybody answered, if the caller has said how. */
static void progress(struct line *line)
{
	char sdp[SDP_WRITE_MAX];
	int len = line->speech.agreed ? speech_write_answer(&line->speech, sdp, sizeof(sdp)) : 0;

	if (len <= 0) {
		sip_call_ring(line->sip, 180, NULL, 0);
		return;
	}
	sip_call_ring(line->sip, 183, sdp, (size_t)len);
	start_speech(line);
}

static void drop(struct line *line)
{
	struct sip_call *call = line->sip;

	line->sip = NULL;
	if (call)
		sip_call_drop(call);
}

static void send_digit(struct line *line, const struct call_in *in)
{
	const struct speech *speech = &line->speech;

	if (speech->stream && speech->agreed && speech->session.event_pt_send >= 0)
		line_warn(line, "digit", media_send_digit(speech->stream, in->value, in->ms));
}

static void send_flash(struct line *line, unsigned int ms)
{
	const struct speech *speech = &line->speech;

	switch ((enum config_flash)line->config->flash) {
	case CONFIG_FLASH_IGNORE:
		return;
	case CONFIG_FLASH_INFO:
		line_warn(line, "flash", sip_call_info(line->sip, SIP_HOOK_FLASH,
						       "signal=hf\r\n"));
		return;
	case CONFIG_FLASH_EVENT:
		if (speech->stream && speech->agreed && speech->session.flash_send)
			line_warn(line, "flash",
				  media_send_digit(speech->stream, MEDIA_FLASH, ms));
		return;
	}
}

/* A chip that cannot stutter by itself can tell that it is there. */
static void play_tone(struct line *line, unsigned int tone)
{
	int err = tone == POTS_TONE_HOWLER ? howler_begin(line) : port_tone(line->port, tone, 0);

	if (err == -EOPNOTSUPP && tone == POTS_TONE_STUTTER)
		err = port_tone(line->port, POTS_TONE_DIAL, 0);
	line_warn(line, "tone", err);
}

static void execute(struct line *line, const struct call_in *in,
		    const struct call_out_command *command)
{
	switch (command->command) {
	case CMD_TONE:
		play_tone(line, command->arg);
		return;
	case CMD_TONE_STOP:
		port_tone_stop(line->port);
		return;
	case CMD_RING:
		ring(line);
		return;
	case CMD_RING_STOP:
		port_ring_stop(line->port);
		return;
	case CMD_HANGUP:
		line_warn(line, "hang-up", port_hangup(line->port, true));
		return;
	case CMD_PARK:
		line_warn(line, "park", port_hangup(line->port, false));
		return;
	case CMD_TIMER:
		set_timer(line, command->arg);
		return;
	case CMD_ASK_HOOK:
		port_ask_hook(line->port);
		return;
	case CMD_INVITE:
		invite(line, command->arg);
		return;
	case CMD_ALERT:
		/* Else the refusal is on its way, and nothing goes before it. */
		if (line->ready)
			sip_call_ring(line->sip, 180, NULL, 0);
		return;
	case CMD_REJECT:
		reject(line, command->arg);
		return;
	case CMD_ANSWER:
		answer(line);
		return;
	case CMD_ANSWER_OFFER:
		answer_offer(line, command->arg);
		return;
	case CMD_REOFFER:
		reoffer(line);
		return;
	case CMD_MEDIA:
		start_speech(line);
		return;
	case CMD_MEDIA_STOP:
		speech_close(&line->speech);
		return;
	case CMD_DROP:
		drop(line);
		return;
	case CMD_FORGET:
		line->sip = NULL;
		return;
	case CMD_SEND_DIGIT:
		send_digit(line, in);
		return;
	case CMD_SEND_FLASH:
		send_flash(line, in->ms);
		return;
	case CMD_EARLY:
		progress(line);
		return;
	default:
		trunk_execute(line, command);
		return;
	}
}

unsigned int line_setting(const struct line *line, size_t field, unsigned int otherwise)
{
	const struct config_line *config = line->config;
	const struct port_settings *from[] = {
		&config->settings, config->national ? &config->national->settings : NULL,
	};

	for (unsigned int i = 0; i < 2 && from[i]; i++) {
		unsigned int value = *(const unsigned int *)((const char *)from[i] + field);

		if (value != PORT_UNSET)
			return value;
	}
	return otherwise;
}

void line_polarity(struct line *line)
{
	bool turns = line->answered &&
		     line_setting(line, offsetof(struct port_settings, answer_reversal), 0);

	if (!line->config->is_trunk)
		port_polarity(line->port, waiting_reverses(line) != turns);
}

/* ------------------------------------------------------------- one event --- */

#define STATE(state) (1u << CALL_##state)

/* What can be lost is what the watchdog guards; nothing is fed for a line at rest. */
bool line_is_active(const struct line *line)
{
	static const unsigned int at_rest = STATE(ABSENT) | STATE(IDLE) | STATE(LOCKOUT) |
					    STATE(NO_LINE) | STATE(FREE);

	_Static_assert(CALL_STATE_COUNT <= 32, "a bit for each");
	return !(at_rest & (1u << line->call.state));
}

static void log_step(const struct line *line, enum call_state from, const struct call_in *in)
{
	log_debug("call", "%s: %s + %s -> %s", line->config->title, call_state_name(from),
		  call_event_name(in->event), call_state_name(line->call.state));
}

/* Whether it is a call of this line's that was answered. */
static bool is_answered(const struct line *line, enum call_state from)
{
	enum call_state now = line->call.state;

	return (line->answered || from == CALL_CALLING || from == CALL_RINGBACK ||
		from == CALL_EARLY) && (now == CALL_SPEECH || now == CALL_HELD);
}

static void step(struct line *line, const struct call_in *in)
{
	enum call_state from = line->call.state;
	struct call_out out;

	if (!call_step(&line->call, in, &out)) {
		log_debug("call", "%s: %s was not foreseen in %s", line->config->title,
			  call_event_name(in->event), call_state_name(from));
		return;
	}
	for (unsigned int i = 0; i < out.count; i++)
		execute(line, in, &out.command[i]);
	if (line->call.state != from) {
		line->since = ev_now(line->agent->loop);
		line->answered = is_answered(line, from);
		port_set_active(line->port, line_is_active(line));
		waiting_step(line);
		metering_step(line);
		howler_step(line);
		control_notify(line->agent->control, line);
	}
	log_step(line, from, in);
}

/* Events that come while one is handled wait for it. */
void line_post(struct line *line, const struct call_in *in)
{
	if (line->queued == LINE_QUEUE_MAX) {
		log_error("call", "%s: too many events", line->config->title);
		return;
	}
	line->queue[line->queued++] = *in;
	if (line->running)
		return;

	line->running = true;
	for (unsigned int i = 0; i < line->queued; i++)
		step(line, &line->queue[i]);
	line->queued = 0;
	line->running = false;
}

/* A call can be had: now, or in a moment when the line was taken from another one. */
static bool is_free(const struct line *line)
{
	static const unsigned int states = STATE(IDLE) | STATE(FREE) | STATE(CLEARED);

	return states & (1u << line->call.state) && !line->sip;
}

static void make_way(struct line *line)
{
	if (!call_yields(&line->call) || line->call.state == CALL_CLEARED)
		return;
	log_warn("call", "%s: an emergency call takes the line", line->config->title);
	line_post(line, &(struct call_in){ .event = IN_PREEMPTED });
}

int line_invite(struct line *line, struct sip_call *call, const struct sip_incoming *in,
		const struct route *route)
{
	struct call_in event = {
		.event = IN_INVITE,
		.ms = in->expires_s * 1000,
		.value = route->urgent,
		.number = route->dials ? route->digits : NULL,
	};
	struct sockaddr_storage local;
	bool free;

	if (route->urgent)
		make_way(line);
	free = is_free(line);
	if (free) {
		line->via = in->account;
		snprintf(line->peer, sizeof(line->peer), "%s", in->caller_user);
		if (speech_local_toward(&in->source, &local) || open_speech(line, &local))
			return 500;
		if (speech_take_offer(&line->speech, in->sdp, in->sdp_len) == CALL_MEDIA_MISMATCH)
			event.status = (int)line->agent->config.responses.mismatch;
	}
	sip_call_set_user(call, &call_events, line);
	line->offered = call;
	line->caller = in;
	line_post(line, &event);
	line->offered = NULL;
	line->caller = NULL;
	if (free && !line->sip)
		speech_close(&line->speech);
	return 0;
}

void line_moved(struct line *line, struct sip_account *account)
{
	if (line->sip && line->via == account)
		line_post(line, &(struct call_in){ .event = IN_MOVED });
}

/* ---------------------------------------------------------------- set-up --- */

/* So long a caller who shall hear nothing is answered, for the exchange to notice. */
#define DROP_MS 1000

static void set_trunk_profile(struct call_profile *profile, const struct config_trunk *config)
{
	profile->is_trunk = true;
	profile->preempts = config->preempts;
	profile->clear_ms = DROP_MS;
	profile->answer_by_polarity = config->answer == CONFIG_ANSWER_POLARITY;
	profile->answer_ms = config->answer_ms;
	profile->identify_ms = config->identify_ms;
	profile->guard_ms = config->guard_ms;
	profile->ends = config->ends;
}

/* What neither line nor country says is the same for all. */
#define TIME(name) \
	line_setting(line, offsetof(struct port_settings, name), config->times.name)

static void set_profile(struct line *line, const struct config *config)
{
	line->profile = (struct call_profile){
		.plan = &line->config->plan,
		.treatments = &config->treatments,
		.first_digit_ms = TIME(first_digit_ms),
		.inter_digit_ms = config->times.inter_digit_ms,
		.match_ms = config->times.match_ms,
		.no_answer_ms = line->config->no_answer_ms,
		.tone_ms = TIME(tone_ms),
		.silence_ms = TIME(silence_ms),
		.howler_ms = TIME(howler_ms),
		.clear_ms = CLEAR_MS,
		.expired_status = (int)config->responses.expired,
		.hold_tone = line->config->hold_tone,
	};
	if (line->config->is_trunk)
		set_trunk_profile(&line->profile, &line->config->trunk);
}

int line_init(struct line *line, struct agent *agent, const struct config_line *config,
	      struct sip_account *account)
{
	*line = (struct line){
		.agent = agent,
		.config = config,
		.account = account,
		.since = ev_now(agent->loop),
	};
	set_profile(line, &agent->config);
	call_init(&line->call, &line->profile);
	speech_init(&line->speech, agent->media, config);
	ev_init(&line->timer, on_timer);
	line->timer.data = line;
	waiting_init(line);
	metering_init(line);
	howler_init(line);
	line->port = port_new(agent->loop, agent->config.agent.watchdog_ms, on_port, line);
	if (!line->port)
		return -ENOMEM;
	port_configure(line->port, config->title, &config->settings, config->national,
		       config->is_trunk ? &config->trunk.port : NULL);
	return 0;
}

void line_free(struct line *line)
{
	if (!line->agent)
		return;
	ev_timer_stop(line->agent->loop, &line->timer);
	waiting_free(line);
	metering_free(line);
	howler_free(line);
	speech_close(&line->speech);
	drop(line);
	port_free(line->port);
	line->agent = NULL;
}
