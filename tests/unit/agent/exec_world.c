// SPDX-License-Identifier: GPL-2.0-or-later
#include "exec_world.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "control.h"
#include "log.h"

struct exec_world world;

static struct config_account office = { .sip.user = "gateway" };

void world_start(void)
{
	world = (struct exec_world){ .can_call = true, .trusts = true, .reg_state = SIP_REG_OK };
}

__attribute__((format(printf, 1, 2)))
static int note(const char *format, ...)
{
	size_t len = strlen(world.notes);
	va_list args;

	va_start(args, format);
	vsnprintf(world.notes + len, sizeof(world.notes) - len, format, args);
	va_end(args);
	return 0;
}

/* ------------------------------------------------------------- the port --- */

struct port *port_new(struct ev_loop *loop, unsigned int watchdog_ms, port_event_fn *event,
		      void *user)
{
	world.port_event = event;
	world.port_user = user;
	return (struct port *)&world;
}

void port_free(struct port *port) { }

void port_configure(struct port *port, const char *line, const struct port_settings *settings,
		    const struct country *country, const struct port_trunk *trunk)
{
}

int port_seize(struct port *port, bool urgent)
{
	note(urgent ? "seize! " : "seize ");
	return world.seize_error;
}

int port_dial(struct port *port, const char *digits, bool first)
{
	note("dial%s %s ", first ? "" : " on", digits);
	return world.dial_error;
}

int port_flash(struct port *port) { return note("flash "); }

int port_caller_id(struct port *port, struct pots_caller_id *caller)
{
	*caller = world.heard;
	return world.heard.count ? 0 : -ENODATA;
}

bool port_can_call(const struct port *port) { return world.can_call; }

int port_claim_fd(const struct port *port) { return -1; }
void port_set_active(struct port *port, bool active) { }
int port_ask_hook(struct port *port) { return 0; }

int port_tone(struct port *port, unsigned int number, int gain_cdb)
{
	world.tone = number;
	return number == POTS_TONE_STUTTER ? world.tone_error : 0;
}

int port_tone_stop(struct port *port) { return 0; }
int port_ring_stop(struct port *port) { return 0; }
int port_lamp(struct port *port, bool on) { return 0; }
int port_send_cid(struct port *port, const struct pots_cid *cid)
{
	note("tell ");
	world.shown = *cid;
	return world.told_error;
}

/* Only a change is one for the kernel. */
int port_polarity(struct port *port, bool reverse)
{
	if (reverse != world.reversed)
		note(reverse ? "reverse " : "normal ");
	world.reversed = reverse;
	return 0;
}

int port_meter(struct port *port, unsigned int signal, unsigned int pulses, unsigned int ms)
{
	return note("meter ");
}

/* It ends in normal polarity. */
int port_hangup(struct port *port, bool open)
{
	world.reversed = false;
	return note("hang-up ");
}

int port_ring(struct port *port, const struct port_cadence *cadence, unsigned int flags,
	      unsigned int dc_v, const struct pots_cid *cid)
{
	world.rung_over_v = dc_v;
	note(flags ? "ring trapezoid " : "ring ");
	world.rung = cadence;
	world.shown = cid ? *cid : (struct pots_cid){ 0 };
	return world.ring_error;
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
	world.sound = events;
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
	return world.local_error;
}

enum sip_reg_state sip_account_state(const struct sip_account *account) { return world.reg_state; }
void *sip_account_user(const struct sip_account *account) { return &office; }
const char *sip_call_id(const struct sip_call *call) { return (const char *)call; }

bool sip_account_trusts(const struct sip_account *account, const struct sockaddr_storage *source)
{
	return world.trusts;
}

/* Who calls whom, and by which account. */
int sip_invite(struct sip_account *account, const struct sip_invite_params *params,
	       const struct sip_call_events *events, void *user, struct sip_call **call)
{
	note("INVITE %s by %s from %s%s%s%s ", params->target, account == SELF ? "self" : "office",
	     params->caller_user ? params->caller_user : "account",
	     params->caller_name ? " " : "", params->caller_name ? params->caller_name : "",
	     params->anonymous ? " anonymous" : "");
	world.far_end = events;
	*call = OUTGOING;
	return world.invite_error;
}

void sip_call_set_user(struct sip_call *call, const struct sip_call_events *events, void *user)
{
	world.far_end = events;
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
