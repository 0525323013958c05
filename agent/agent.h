/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * agent: the daemon's objects and who owns whom. agent.c joins them; exec.c
 * carries out what the call table decides for a line.
 */
#ifndef POTS_AGENT_AGENT_H
#define POTS_AGENT_AGENT_H

#include <ev.h>
#include <stdbool.h>

#include "call.h"
#include "config.h"
#include "media.h"
#include "metering.h"
#include "port.h"
#include "sip.h"
#include "speech.h"
#include "waiting.h"

struct callerid_heard;
struct control;
struct kernel_nl;
struct route;

#define LINE_QUEUE_MAX	16	/* events that an event may cause */
#define LINE_PEER_MAX	64

/* A telephone's, or a trunk. */
struct line {
	struct agent *agent;
	const struct config_line *config;
	struct call_profile profile;
	struct call call;
	struct port *port;
	struct sip_account *account;	/* for calls to others, NULL = none */
	ev_timer timer;
	struct waiting waiting;		/* messages */
	struct metering metering;
	ev_timer howler;		/* its next step */
	unsigned int howler_db;		/* how much louder it will become */

	/* the present call */
	struct sip_call *sip;		/* NULL = none */
	struct sip_account *via;	/* the account it goes through */
	struct speech speech;
	char peer[LINE_PEER_MAX];	/* the other number */
	ev_tstamp since;		/* when its state was entered */
	bool answered;			/* by the far end, and it lasts */

	bool ready;			/* the port took the order to ring, or to seize */

	/* only while an INVITE is being weighed */
	struct sip_call *offered;
	const struct sip_incoming *caller;

	struct call_in queue[LINE_QUEUE_MAX];
	unsigned int queued;
	bool running;
};

struct agent {
	struct ev_loop *loop;
	struct config config;
	struct sip *sip;
	struct media *media;
	struct sip_account **accounts;	/* as in config.accounts */
	struct sip_account *self;	/* to our own lines, over loopback */
	unsigned int line_count;
	struct line *lines;
	struct kernel_nl *nl;
	struct control *control;
	ev_io netlink;
	ev_timer look;		/* for a port that came before we listened */
	ev_prepare before_sleep;
	ev_periodic never;	/* see agent_start() */
	bool stop_when_quiet;
	void (*stopped)(struct agent *agent);
};

/* config is loaded already. 0 or a negative errno, after an error was logged. */
int agent_start(struct agent *agent);
/* Ends calls, un-registers, then calls stopped(). */
void agent_stop(struct agent *agent);
/* The same, as soon as no line is in use. */
void agent_stop_when_quiet(struct agent *agent);
void agent_free(struct agent *agent);

/* The line whose number it is, a trunk's for who dials by himself, or NULL. */
struct line *agent_find_number(struct agent *agent, const char *number);

/* The port of one of the lines has come or gone. */
void agent_port_changed(struct agent *agent);

/* exec.c */
int line_init(struct line *line, struct agent *agent, const struct config_line *config,
	      struct sip_account *account);
void line_free(struct line *line);
/* Something goes on there that a user would miss. */
bool line_is_active(const struct line *line);
void line_post(struct line *line, const struct call_in *in);
/* The same of an event that is nothing but a status. */
void line_post_status(struct line *line, enum call_event event, int status);
/* A warning of what could not be done; nothing when @err is 0. */
void line_warn(const struct line *line, const char *what, int err);
/* A new call for this line. 0 = taken, else a status to refuse it with. */
int line_invite(struct line *line, struct sip_call *call, const struct sip_incoming *in,
		const struct route *route);
/* A field of port_settings: the line's, the country's, or else @otherwise. */
unsigned int line_setting(const struct line *line, size_t field, unsigned int otherwise);
/* Gives the line the polarity that its call and its messages want. */
void line_polarity(struct line *line);
/* Our address toward the server of @account is another one. */
void line_moved(struct line *line, struct sip_account *account);

/* exec_trunk.c: whom a trunk's caller calls, and who he is; @heard keeps the text. */
void trunk_describe_call(struct line *line, struct sip_invite_params *params,
			 struct callerid_heard *heard);
/* Of CALL_COMMANDS what only a trunk has, but CMD_EARLY. */
void trunk_execute(struct line *trunk, const struct call_out_command *command);

#endif /* POTS_AGENT_AGENT_H */
