// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sip_account: an account, the servers behind its name, and which of them we
 * stay with: calls go where the registration went.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "log.h"
#include "sip_core.h"

struct sip_waiter {
	struct sip_waiter *next;
	sip_account_ready *ready;
	void *owner;
};

/* ---- targets ---- */

/* The list as seen by a caller: the server that served us last comes first. */
static void rotated(const struct sip_account *account, struct sip_targets *out)
{
	unsigned int i;

	*out = account->targets;
	for (i = 0; i < out->count; i++)
		out->target[i] = account->targets.target[(account->current + i) % out->count];
}

/* Stays with the server in use if the new list still has it. */
static unsigned int find_target(const struct sip_targets *targets,
				const struct sockaddr_storage *addr)
{
	unsigned int i;

	for (i = 0; i < targets->count; i++)
		if (sip_addr_same(&targets->target[i].addr, addr))
			return i;
	return 0;
}

static void server_resolved(void *owner, const struct sip_targets *targets)
{
	struct sip_account *account = owner;
	struct sip_targets list;
	struct sip_waiter *waiter;

	account->query = NULL;
	if (targets) {
		account->targets = *targets;
		account->targets_until = ev_now(account->sip->loop) + targets->ttl_s;
		account->current = find_target(targets, &account->flow.remote);
	} else if (account->targets.count) {
		/* A name server that fails does not make a known server fail. */
		account->targets_until = ev_now(account->sip->loop) + 30.;
		log_warn("sip", "account %s: %s does not resolve now, last addresses kept",
			 account->name, account->server_host);
	} else {
		account->targets_until = ev_now(account->sip->loop) + 30.;
		log_warn("sip", "account %s: %s does not resolve", account->name,
			 account->server_host);
	}
	rotated(account, &list);
	while ((waiter = account->waiters)) {
		struct sip_waiter done = *waiter;

		account->waiters = waiter->next;
		free(waiter);
		done.ready(done.owner, list.count ? &list : NULL);
	}
}

void sip_account_resolve(struct sip_account *account, sip_account_ready *ready, void *owner)
{
	struct sip_waiter *waiter, **link;
	struct sip_targets list;

	if (account->targets.count && ev_now(account->sip->loop) < account->targets_until) {
		rotated(account, &list);
		ready(owner, &list);
		return;
	}
	waiter = malloc(sizeof(*waiter));
	if (!waiter) {
		ready(owner, NULL);
		return;
	}
	*waiter = (struct sip_waiter){ NULL, ready, owner };
	for (link = &account->waiters; *link; link = &(*link)->next)
		;
	*link = waiter;
	if (!account->query)
		sip_resolve(account->sip->resolver, account->server_host,
			    account->server_port, account->transport, server_resolved,
			    account, &account->query);
}

/* A caller does not wait until a name server turns out to be dead. */
void sip_account_resolve_now(struct sip_account *account, sip_account_ready *ready, void *owner)
{
	struct sip_targets list;

	if (!account->targets.count) {
		sip_account_resolve(account, ready, owner);
		return;
	}
	if (ev_now(account->sip->loop) >= account->targets_until)
		sip_account_learn_servers(account);
	rotated(account, &list);
	ready(owner, &list);
}

void sip_account_cancel(struct sip_account *account, void *owner)
{
	struct sip_waiter **link = &account->waiters, *waiter;

	while ((waiter = *link)) {
		if (waiter->owner == owner) {
			*link = waiter->next;
			free(waiter);
		} else {
			link = &waiter->next;
		}
	}
}

bool sip_account_owns(const struct sip_account *account, const struct sockaddr_storage *addr)
{
	unsigned int i;

	for (i = 0; i < account->targets.count; i++)
		if (sip_addr_same_host(&account->targets.target[i].addr, addr))
			return true;
	return false;
}

void sip_account_served(struct sip_account *account, const struct sip_flow *flow)
{
	unsigned int i = find_target(&account->targets, &flow->remote);

	if (!account->targets.count ||
	    !sip_addr_same(&account->targets.target[i].addr, &flow->remote))
		return;
	account->current = i;
	/* TCP for the length of one request is not the way to this server. */
	if (account->targets.target[i].transport == flow->transport) {
		account->flow = *flow;
		account->has_flow = true;
	}
	if (account->keepalive_s && !ev_is_active(&account->keepalive)) {
		account->keepalive.repeat = account->keepalive_s;
		ev_timer_again(account->sip->loop, &account->keepalive);
	}
}

/* RFC 5626 3.5.1 and 3.5.2: holds a NAT's or firewall's door open. */
static void keepalive_due(struct ev_loop *loop, ev_timer *timer, int revents)
{
	struct sip_account *account = timer->data;

	(void)loop;
	(void)revents;
	if (account->has_flow)
		sip_transport_send(account->sip, &account->flow, "\r\n\r\n", 4);
}

/* Addresses of this machine changed: does it concern us? */
void sip_account_recheck(struct sip_account *account)
{
	struct sip_flow flow = account->flow;

	sip_register_hurry(account);
	if (!account->has_flow || sip_transport_route(account->sip, &flow) ||
	    sip_addr_same_host(&flow.local, &account->flow.local))
		return;
	log_info("sip", "account %s: our address is another one now", account->name);
	flow.conn = 0;
	account->flow = flow;
	if (flow.transport == SIP_TCP)
		sip_tcp_forget(account->sip->tcp, &flow.remote);
	if (account->registrar)
		sip_register_start(account);
	sip_mwi_moved(account);
	if (account->sip->events.address_changed)
		account->sip->events.address_changed(account->sip->ctx, account);
}

/* ---- choice ---- */

static bool user_is(const struct sip_account *account, const char *user)
{
	char plain[128];

	snprintf(plain, sizeof(plain), "%s", user ? user : "");
	sip_unescape(plain);
	return !strcmp(plain, account->user);
}

/*
 * Whose call is it? The account of the called user among those that this source
 * may speak for; else the first of these, since a trunk calls any number.
 */
struct sip_account *sip_account_for(struct sip *sip, const char *user,
				    const struct sockaddr_storage *source)
{
	struct sip_account *account, *first = NULL;

	for (account = sip->accounts; account; account = account->next) {
		if (!sip_account_trusts(account, source) && !sip_transport_is_own(sip, source))
			continue;
		if (user_is(account, user))
			return account;
		if (!first)
			first = account;
	}
	return first;
}

void sip_contact(struct sip_text *text, const char *user, const struct sip_flow *flow)
{
	char local[SIP_ADDR_STRLEN];

	sip_addr_str(&flow->local, local);
	sip_text_str(text, "Contact: <sip:");
	sip_text_user(text, user);
	sip_text_add(text, "@%s%s>\r\n", local,
		     flow->transport == SIP_TCP ? ";transport=tcp" : "");
}

/* ---- life ---- */

/* False when there is no memory; an empty text is none. */
static bool keep(char **copy, const char *s)
{
	if (!s || !*s)
		return true;
	*copy = strdup(s);
	return *copy;
}

static bool keep_texts(struct sip_account *account, const struct sip_account_config *config)
{
	const char *user = config->user ? config->user : "";

	account->user = strdup(user);
	account->auth_user = strdup(config->auth_user ? config->auth_user : user);
	return account->user && account->auth_user &&
	       keep(&account->name, config->name ? config->name : "?") &&
	       keep(&account->registrar, config->registrar) &&
	       keep(&account->secret, config->secret) &&
	       keep(&account->display_name, config->display_name) &&
	       keep(&account->outbound_proxy, config->outbound_proxy);
}

static int fill(struct sip_account *account, const struct sip_account_config *config)
{
	const char *server = config->outbound_proxy ? config->outbound_proxy :
			     config->registrar ? config->registrar : config->domain;
	char host[256] = "";
	uint16_t port;

	if (!keep_texts(account, config))
		return -ENOMEM;
	account->transport = config->transport;
	account->basic = config->basic;
	account->expires_s = config->expires_s ? config->expires_s : 3600;
	account->keepalive_s = config->keepalive_s;
	account->accept_any_source = config->accept_any_source;
	account->mwi.wanted = config->subscribe_mailbox;
	if (server && sip_host_split(server, account->server_host,
				     sizeof(account->server_host), &account->server_port))
		return -EINVAL;
	/* The AOR's domain has no port, unless nothing better names it. */
	if (config->domain)
		account->domain = strdup(config->domain);
	else if (config->registrar && !sip_host_split(config->registrar, host,
						      sizeof(host), &port))
		account->domain = strchr(host, ':') ? strdup(config->registrar) : strdup(host);
	else
		account->domain = strdup(server ? server : "localhost");
	return account->domain ? 0 : -ENOMEM;
}

struct sip_account *sip_account_add(struct sip *sip, const struct sip_account_config *config)
{
	struct sip_account *account = calloc(1, sizeof(*account)), **link;

	if (!account)
		return NULL;
	account->sip = sip;
	ev_timer_init(&account->keepalive, keepalive_due, 0., 0.);
	account->keepalive.data = account;
	if (fill(account, config)) {
		log_error("sip", "account %s: not usable", config->name);
		sip_account_free(account);
		return NULL;
	}
	for (link = &sip->accounts; *link; link = &(*link)->next)
		;
	*link = account;
	sip_register_start(account);
	return account;
}

static void no_waiter(void *owner, const struct sip_targets *targets)
{
	(void)owner;
	(void)targets;
}

/* Also without a registrar the servers are to be known: they may call us. */
void sip_account_learn_servers(struct sip_account *account)
{
	if (account->server_host[0] && !account->query)
		sip_account_resolve(account, no_waiter, account);
}

void sip_account_free(struct sip_account *account)
{
	sip_register_free(account);
	sip_mwi_free(account);
	if (account->query)
		sip_query_cancel(account->query);
	sip_account_cancel(account, account);
	ev_timer_stop(account->sip->loop, &account->keepalive);
	sip_auth_free(account);
	free(account->name);
	free(account->registrar);
	free(account->domain);
	free(account->user);
	free(account->auth_user);
	if (account->secret)
		explicit_bzero(account->secret, strlen(account->secret));
	free(account->secret);
	free(account->display_name);
	free(account->outbound_proxy);
	free(account);
}

/* ---- sip.h ---- */

void *sip_account_user(const struct sip_account *account)
{
	return account->user_ptr;
}

void sip_account_set_user(struct sip_account *account, void *user)
{
	account->user_ptr = user;
}

const char *sip_account_name(const struct sip_account *account)
{
	return account->name;
}

enum sip_reg_state sip_account_state(const struct sip_account *account)
{
	return account->state;
}

bool sip_account_trusts(const struct sip_account *account, const struct sockaddr_storage *source)
{
	return account->accept_any_source || sip_account_owns(account, source);
}

int sip_account_local_addr(const struct sip_account *account, struct sockaddr_storage *addr)
{
	struct sip_flow flow = account->flow;

	if (!account->has_flow) {
		if (!account->targets.count)
			return -ENOTCONN;
		flow.transport = account->transport;
		flow.remote = account->targets.target[account->current].addr;
		if (sip_transport_route(account->sip, &flow))
			return -ENOTCONN;
	}
	*addr = flow.local;
	return 0;
}
