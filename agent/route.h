/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * route: which way a call goes: to a line of ours, to an account, or through a
 * trunk. A telephone's call through a trunk goes there over loopback, as one to
 * another line does; so there is one mechanism for all calls.
 */
#ifndef POTS_AGENT_ROUTE_H
#define POTS_AGENT_ROUTE_H

#include <stdbool.h>

#include "call.h"

struct agent;
struct line;
struct sip_account;
struct sip_call;
struct sip_incoming;

struct route {
	struct line *line;
	bool dials;			/* through a trunk: */
	bool urgent;			/* an emergency */
	char digits[CALL_DIGITS_MAX + 1];
};

/* By which account a telephone's call goes; NULL: nobody can be asked. */
struct sip_account *route_from_line(struct line *line, const char *number);

/* There is a trunk for a call of @line whose account cannot be reached. */
bool route_has_life_line(const struct line *line, const char *number);

/* Whom an INVITE is for: 0, or the status to refuse it with. */
int route_incoming(struct agent *agent, const struct sip_call *call, const struct sip_incoming *in,
		   struct route *route);

#endif /* POTS_AGENT_ROUTE_H */
