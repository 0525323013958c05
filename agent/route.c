// SPDX-License-Identifier: GPL-2.0-or-later
#include "route.h"

#include <stdio.h>
#include <string.h>

#include "agent.h"
#include "callerid.h"
#include "log.h"

/* Why a number goes through a trunk, the best reason first. */
enum reason { EMERGENCY, PREFIX, DIAL_PLAN, LIFE_LINE, REASONS };

#define BIT(reason) (1u << (reason))

static bool has_word(const char *list, const char *word)
{
	size_t len = strlen(word);

	while (*list) {
		size_t size = strcspn(list, " ");

		if (size && size == len && !memcmp(list, word, len))
			return true;
		list += size;
		list += strspn(list, " ");
	}
	return false;
}

/* What @number is to be dialled as through @trunk, NULL: it does not go there. */
static const char *dialled_as(const struct line *trunk, const char *number, enum reason reason)
{
	const struct config_line *config = trunk->config;
	size_t len = strlen(config->trunk.prefix);

	switch (reason) {
	case EMERGENCY:
		return has_word(config->trunk.emergency, number) ? number : NULL;
	case PREFIX:
		return len && !strncmp(number, config->trunk.prefix, len) && number[len]
			       ? number + len : NULL;
	case DIAL_PLAN:
		return config->plan.alternatives &&
		       dialplan_match(&config->plan, number, strlen(number), NULL) >= DIALPLAN_TIMED
			       ? number : NULL;
	case LIFE_LINE:
		return config->trunk.life_line ? number : NULL;
	case REASONS:
		break;
	}
	return NULL;
}

static bool is_free(const struct line *trunk)
{
	return trunk->call.state == CALL_FREE && port_can_call(trunk->port);
}

/* An emergency call may have it, though it is in a call. */
static bool yields(const struct line *trunk)
{
	return call_yields(&trunk->call) && port_can_call(trunk->port);
}

/* Who may call out through it, beside our own telephones. */
static bool is_open_to(const struct line *trunk, const struct sip_incoming *in)
{
	if (!in || in->own)
		return true;
	return trunk->account && sip_account_trusts(trunk->account, &in->source);
}

/* How well it can be had: now, by an emergency from another call, or not. */
static unsigned int fitness(const struct line *trunk)
{
	return is_free(trunk) ? 2 : yields(trunk);
}

/* The fittest trunk, of several the first. */
static bool find_trunk(struct agent *agent, const char *user, enum reason reason,
		       const struct sip_incoming *in, struct route *route)
{
	char number[CALL_DIGITS_MAX + 1];

	for (unsigned int i = 0; i < agent->line_count; i++) {
		struct line *trunk = &agent->lines[i];
		const char *digits;

		if (!trunk->config->is_trunk || !is_open_to(trunk, in) ||
		    (route->line && fitness(trunk) <= fitness(route->line)) ||
		    !callerid_number(user, trunk->config->international_prefix, number,
				     sizeof(number)))
			continue;
		digits = dialled_as(trunk, number, reason);
		if (!digits)
			continue;
		route->line = trunk;
		snprintf(route->digits, sizeof(route->digits), "%s", digits);
	}
	return route->line;
}

static bool find_way(struct agent *agent, const char *user, unsigned int reasons,
		     const struct sip_incoming *in, struct route *route)
{
	*route = (struct route){ .dials = true };
	for (unsigned int reason = 0; reason < REASONS; reason++) {
		route->urgent = reason == EMERGENCY;
		if (reasons & BIT(reason) && find_trunk(agent, user, reason, in, route))
			return true;
	}
	return false;
}

/* ------------------------------------------------------ from a telephone --- */

static bool is_reachable(const struct sip_account *account)
{
	enum sip_reg_state state = account ? sip_account_state(account) : SIP_REG_FAILED;
	struct sockaddr_storage local;

	return (state == SIP_REG_NONE || state == SIP_REG_OK) &&
	       !sip_account_local_addr(account, &local);
}

bool route_has_life_line(const struct line *line, const char *number)
{
	struct route route;

	return find_way(line->agent, number, BIT(LIFE_LINE), NULL, &route) && is_free(route.line);
}

/* Own numbers are called over loopback, and through trunks. */
struct sip_account *route_from_line(struct line *line, const char *number)
{
	struct agent *agent = line->agent;
	struct route route;

	if (agent_find_number(agent, number))
		return agent->self;
	if (find_way(agent, number, BIT(EMERGENCY), NULL, &route) &&
	    (fitness(route.line) || !is_reachable(line->account)))
		return agent->self;
	if (find_way(agent, number, BIT(PREFIX), NULL, &route))
		return agent->self;
	if (!is_reachable(line->account) && route_has_life_line(line, number)) {
		log_warn("call", "%s: the account cannot be reached, the call goes through a trunk",
			 line->config->title);
		return agent->self;
	}
	return line->account;
}

/* -------------------------------------------------------------- from SIP --- */

/* A provider may call us by the account's user instead of the line's number. */
static struct line *find_account_user(struct agent *agent, const struct sip_account *account,
				      const char *user)
{
	for (unsigned int i = 0; i < agent->line_count; i++) {
		struct line *line = &agent->lines[i];
		const struct config_account *config;

		if (!account || line->account != account || line->config->is_trunk)
			continue;
		config = sip_account_user(account);
		if (config && !strcmp(config->sip.user, user))
			return line;
	}
	return NULL;
}

/* It is a call from one of our trunks that came back to us. */
static bool comes_back(const struct agent *agent, const struct sip_call *call)
{
	for (unsigned int i = 0; i < agent->line_count; i++) {
		const struct line *trunk = &agent->lines[i];

		if (trunk->config->is_trunk && trunk->sip &&
		    !strcmp(sip_call_id(trunk->sip), sip_call_id(call)))
			return true;
	}
	return false;
}

static int check_trunk(const struct agent *agent, const struct sip_call *call,
		       const struct sip_incoming *in, const struct line *trunk)
{
	if (!is_open_to(trunk, in))
		return 403;
	if (comes_back(agent, call))
		return 482;
	return in->hops ? 0 : 483;
}

int route_incoming(struct agent *agent, const struct sip_call *call, const struct sip_incoming *in,
		   struct route *route)
{
	unsigned int reasons = BIT(EMERGENCY) | (in->own ? BIT(PREFIX) | BIT(LIFE_LINE)
							 : BIT(DIAL_PLAN));

	*route = (struct route){ .line = agent_find_number(agent, in->called_user) };
	if (!route->line)
		route->line = find_account_user(agent, in->account, in->called_user);
	if (!route->line && !find_way(agent, in->called_user, reasons, in, route))
		return 404;
	return route->line->config->is_trunk ? check_trunk(agent, call, in, route->line) : 0;
}
