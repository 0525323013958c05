// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sip_register: tells the registrar where we are, again and again.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "log.h"
#include "sip_core.h"

#define BACKOFF_FIRST_S	20
#define BACKOFF_MOST_S	1800
#define FORBIDDEN_S	1200	/* a registrar that said no need not hear it again soon */

static void send_register(struct sip_account *account);
static void try_target(struct sip_account *account, const struct sip_targets *targets);

static void set_state(struct sip_account *account, enum sip_reg_state state, int status)
{
	struct sip *sip = account->sip;
	bool changed = account->state != state || account->last_status != status;

	account->state = state;
	account->last_status = status;
	if (changed && sip->events.registration)
		sip->events.registration(sip->ctx, account, state, status);
}

static void again_in(struct sip_account *account, double seconds)
{
	ev_timer_stop(account->sip->loop, &account->refresh);
	ev_timer_set(&account->refresh, seconds, 0.);
	ev_timer_start(account->sip->loop, &account->refresh);
}

/* Doubling, with a chance of ±1/4 so that a fleet does not return as one. */
static void back_off(struct sip_account *account, int status, unsigned int least_s)
{
	unsigned int seconds = BACKOFF_FIRST_S, i;

	for (i = 0; i < account->failures && seconds < BACKOFF_MOST_S; i++)
		seconds *= 2;
	if (seconds > BACKOFF_MOST_S)
		seconds = BACKOFF_MOST_S;
	if (status == 403 && seconds < FORBIDDEN_S)
		seconds = FORBIDDEN_S;
	seconds = seconds * 3 / 4 + sip_random_below(seconds / 2 + 1);
	if (seconds < least_s)
		seconds = least_s;
	account->failures++;
	log_warn("sip", "account %s: not registered (%d), next try in %u s", account->name,
		 status, seconds);
	again_in(account, seconds);
	set_state(account, SIP_REG_FAILED, status);
}

/* ---- responses ---- */

/* What the registrar grants for our own contact, or for all. */
static unsigned int granted(const struct sip_account *account, const osip_message_t *msg,
			    const struct sip_scan *scan)
{
	osip_generic_param_t *param;
	osip_contact_t *contact;
	char local[SIP_ADDR_STRLEN], theirs[SIP_ADDR_STRLEN];
	long seconds = -1;
	int i;

	sip_addr_str(&account->flow.local, local);
	for (i = 0; (contact = osip_list_get(&msg->contacts, i)); i++) {
		param = NULL;
		if (!contact->url || !contact->url->host)
			continue;
		snprintf(theirs, sizeof(theirs), strchr(contact->url->host, ':') ?
			 "[%s]:%s" : "%s:%s", contact->url->host,
			 contact->url->port ? contact->url->port : "5060");
		osip_contact_param_get_byname(contact, "expires", &param);
		if (!strcmp(theirs, local) && param && param->gvalue)
			return (unsigned int)atol(param->gvalue);
	}
	if (scan->count[SIP_H_EXPIRES])
		seconds = sip_slice_number(scan->first[SIP_H_EXPIRES]->value, 0x7fffffff);
	return seconds >= 0 ? (unsigned int)seconds : account->asked_s;
}

static void registered(struct sip_account *account, const osip_message_t *msg,
		       const struct sip_scan *scan)
{
	unsigned int seconds = granted(account, msg, scan);

	account->failures = 0;
	account->granted_s = seconds ? seconds : account->asked_s;
	if (account->state != SIP_REG_OK)
		log_info("sip", "account %s: registered for %u s", account->name,
			 account->granted_s);
	/* Early enough for a few lost packets, yet not in a hurry. */
	if (account->granted_s > 120)
		again_in(account, account->granted_s - 60 -
			 sip_random_below(account->granted_s / 20 + 1));
	else
		again_in(account, account->granted_s * 0.5 > 1. ? account->granted_s * 0.5 : 1.);
	set_state(account, SIP_REG_OK, 200);
	sip_mwi_start(account);
}

unsigned int sip_header_seconds(const struct sip_scan *scan, const char *name)
{
	struct sip_slice value = sip_scan_header(scan, name);
	size_t digits = 0;
	long seconds;

	while (digits < value.len && value.p[digits] >= '0' && value.p[digits] <= '9')
		digits++;
	value.len = digits;
	seconds = sip_slice_number(value, 24 * 3600);
	return seconds > 0 ? (unsigned int)seconds : 0;
}

static void next_server(struct sip_account *account, int status, unsigned int least_s)
{
	account->tried++;
	if (account->tried < account->targets.count) {
		account->current = (account->current + 1) % account->targets.count;
		try_target(account, NULL);
		return;
	}
	account->tried = 0;
	if (account->targets.count)
		account->current = (account->current + 1) % account->targets.count;
	back_off(account, status, least_s);
}

static void refused(struct sip_account *account, struct sip_tx *tx, const osip_message_t *msg,
		    const struct sip_scan *scan)
{
	int status = msg->status_code;
	unsigned int least;

	if ((status == 401 || status == 407) &&
	    !sip_auth_challenge(account, msg, &tx->flow, &account->auth_tries)) {
		send_register(account);
		return;
	}
	least = sip_header_seconds(scan, "Min-Expires");
	if (status == 423 && least > account->asked_s) {
		account->asked_s = least;
		send_register(account);
		return;
	}
	least = sip_header_seconds(scan, "Retry-After");
	if (status == 503 || status == 408 || status == 504)
		next_server(account, status, least);
	else
		back_off(account, status, least);
}

static void register_answered(struct sip_tx *tx, const osip_message_t *msg,
			      const struct sip_scan *scan, enum sip_cause cause)
{
	struct sip_account *account = tx->owner;

	(void)cause;
	if (msg && msg->status_code < 200)
		return;
	account->tx = NULL;
	if (account->unregistering) {
		if (msg && (msg->status_code == 401 || msg->status_code == 407) &&
		    !sip_auth_challenge(account, msg, &tx->flow, &account->auth_tries))
			send_register(account);
		sip_shutdown_check(account->sip);
		return;
	}
	if (!msg) {
		next_server(account, 0, 0);
		return;
	}
	if (msg->status_code < 300) {
		sip_account_served(account, &tx->flow);
		registered(account, msg, scan);
	} else {
		refused(account, tx, msg, scan);
	}
}

/* ---- requests ---- */

static void registrar_uri(const struct sip_account *account, char *to, size_t size)
{
	snprintf(to, size, "sip:%s", account->domain);
}

static void send_register(struct sip_account *account)
{
	char branch[SIP_BRANCH_LEN], local[SIP_ADDR_STRLEN], uri[300];
	struct sip_flow *flow = &account->flow;
	struct sip_text text;

	sip_branch(branch);
	sip_addr_str(&flow->local, local);
	registrar_uri(account, uri, sizeof(uri));
	sip_text_init(&text);
	sip_text_add(&text, "REGISTER %s SIP/2.0\r\nVia: SIP/2.0/%s %s;rport;branch=%s\r\n"
		     "Max-Forwards: 70\r\n", uri, sip_transport_name(flow->transport), local,
		     branch);
	if (account->outbound_proxy && strcasecmp(account->outbound_proxy, account->registrar))
		sip_text_add(&text, "Route: <sip:%s;lr%s>\r\n", account->outbound_proxy,
			     account->transport == SIP_TCP ? ";transport=tcp" : "");
	sip_text_str(&text, "From: <sip:");
	sip_text_user(&text, account->user);
	sip_text_add(&text, "@%s>;tag=%s\r\nTo: <sip:", account->domain, account->tag);
	sip_text_user(&text, account->user);
	sip_text_add(&text, "@%s>\r\nCall-ID: %s\r\nCSeq: %lu REGISTER\r\n", account->domain,
		     account->call_id, ++account->cseq);
	sip_contact(&text, account->user, flow);
	sip_text_add(&text, "Expires: %u\r\n", account->unregistering ? 0 : account->asked_s);
	sip_auth_add(account, &text, "REGISTER", uri, flow);
	sip_text_add(&text, "Allow: " SIP_ALLOW "\r\nUser-Agent: %s\r\n",
		     account->sip->user_agent);
	sip_text_end(&text, NULL);
	account->tx = sip_tx_request(account->sip, flow, &text, branch, register_answered,
				     account);
	if (!account->tx && !account->unregistering)
		back_off(account, 0, 0);
	if (account->tx && account->tried + 1 < account->targets.count)
		sip_tx_shorten(account->tx, 8 * account->sip->t1_ms);
}

/* Resolved (or still known): to the server in use. */
static void try_target(struct sip_account *account, const struct sip_targets *targets)
{
	struct sip_flow flow = { .transport = account->transport };

	(void)targets;
	if (!account->targets.count) {
		back_off(account, 0, 0);
		return;
	}
	flow.transport = account->targets.target[account->current].transport;
	flow.remote = account->targets.target[account->current].addr;
	if (sip_transport_route(account->sip, &flow)) {
		next_server(account, 0, 0);
		return;
	}
	account->flow = flow;
	account->has_flow = true;
	account->auth_tries = 0;
	send_register(account);
}

static void server_known(void *owner, const struct sip_targets *targets)
{
	try_target(owner, targets);
}

static void refresh_due(struct ev_loop *loop, ev_timer *timer, int revents)
{
	struct sip_account *account = timer->data;

	(void)loop;
	(void)revents;
	if (account->tx)
		return;
	account->tried = 0;
	if (account->state != SIP_REG_OK)
		set_state(account, SIP_REG_TRYING, account->last_status);
	sip_account_resolve(account, server_known, account);
}

/*
 * Our way into the network changed: who found nobody there asks now, and not when
 * his turn comes, half an hour later perhaps. Not each time, where routes change
 * all day.
 */
void sip_register_hurry(struct sip_account *account)
{
	ev_tstamp now = ev_now(account->sip->loop);

	if (account->state != SIP_REG_FAILED || account->last_status || now < account->hurry_from)
		return;
	account->hurry_from = now + BACKOFF_FIRST_S;
	again_in(account, 0.);
}

/* From the loop, so that nobody is called back before he has the account. */
void sip_register_start(struct sip_account *account)
{
	if (!account->call_id[0]) {
		sip_random_token(account->call_id, SIP_TOKEN_LEN);
		sip_random_token(account->tag, SIP_TOKEN_LEN);
		account->cseq = 1 + sip_random_below(1000);
		account->asked_s = account->expires_s;
		ev_timer_init(&account->refresh, refresh_due, 0., 0.);
		account->refresh.data = account;
	}
	if (!account->registrar) {
		sip_account_learn_servers(account);
		sip_mwi_start(account);
		return;
	}
	if (account->tx)
		sip_tx_abort(account->tx);
	account->tx = NULL;
	again_in(account, 0.);
}

void sip_register_stop(struct sip_account *account)
{
	ev_timer_stop(account->sip->loop, &account->refresh);
	sip_account_cancel(account, account);
	if (account->tx)
		sip_tx_abort(account->tx);
	account->tx = NULL;
	if (!account->registrar || account->state != SIP_REG_OK || !account->has_flow)
		return;
	account->unregistering = true;
	account->auth_tries = 0;
	send_register(account);
}

void sip_register_free(struct sip_account *account)
{
	if (account->call_id[0])
		ev_timer_stop(account->sip->loop, &account->refresh);
	if (account->tx)
		sip_tx_forget(account->tx);
	account->tx = NULL;
}
