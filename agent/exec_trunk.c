// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Callers who come through a trunk: who they are, and whom they reach; and what only
 * a trunk does with its line.
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

/* ------------------------------------------------------------ the line --- */

static void seize(struct line *trunk, bool urgent)
{
	int err = port_seize(trunk->port, urgent);

	if (trunk->offered)
		trunk->sip = trunk->offered;
	trunk->ready = !err;
	line_warn(trunk, "cannot seize the line", err);
	if (err)
		line_post_status(trunk, IN_SEIZE_FAILED, 503);
}

/* Those that the far end dials by itself come after the dial tone. */
static void dial(struct line *trunk, unsigned int from)
{
	bool by_itself = trunk->call.state == CALL_PASSING;
	char digits[CALL_DIGITS_MAX + 1];
	int err;

	if (!trunk->ready)
		return;
	snprintf(digits, sizeof(digits), "%.*s", by_itself ? 1 : CALL_DIGITS_MAX,
		 trunk->call.digits + from);
	err = port_dial(trunk->port, digits, !by_itself);
	line_warn(trunk, "cannot dial", err);
	if (err)
		line_post_status(trunk, IN_DIALLED, 503);
}

void trunk_execute(struct line *trunk, const struct call_out_command *command)
{
	switch (command->command) {
	case CMD_SEIZE:
		seize(trunk, command->arg);
		return;
	case CMD_RELEASE:
		line_warn(trunk, "release", port_hangup(trunk->port, true));
		return;
	case CMD_TAKE:
		trunk->sip = trunk->offered;
		return;
	case CMD_DIAL:
		dial(trunk, command->arg);
		return;
	case CMD_FLASH:
		line_warn(trunk, "flash", port_flash(trunk->port));
		return;
	default:
		return;
	}
}
