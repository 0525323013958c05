// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Callers who come through a trunk: who they are, and whom they reach.
 */
#include <stdio.h>
#include <string.h>

#include <linux/pots.h>

#include "agent.h"
#include "callerid.h"
#include "log.h"

/* What was heard of him; nobody tells of some. */
static void identify(struct line *trunk, struct callerid_heard *heard)
{
	struct pots_caller_id message = { 0 };

	*heard = (struct callerid_heard){ 0 };
	if (port_caller_id(trunk->port, &message))
		return;
	if (!callerid_read(&message, heard))
		log_warn("call", "%s: a message of %u octets told of no caller",
			 trunk->config->title, message.count);
}

/* An own number is called over loopback, everything else at the account. */
void trunk_describe_call(struct line *trunk, struct sip_invite_params *params,
			 struct callerid_heard *heard)
{
	const char *route = trunk->config->trunk.route;
	struct line *own = agent_find_number(trunk->agent, route);

	identify(trunk, heard);
	*params = (struct sip_invite_params){
		.target = route,
		.caller_user = *heard->number ? heard->number : own ? trunk->config->name : NULL,
		.caller_name = *heard->name ? heard->name : NULL,
		.anonymous = heard->withheld,
	};
	trunk->via = own ? trunk->agent->self : trunk->account;
	if (!*route && trunk->account) {
		const struct config_account *account = sip_account_user(trunk->account);

		params->target = account->sip.user;
	}
	snprintf(trunk->peer, sizeof(trunk->peer), "%s", heard->number);
}
