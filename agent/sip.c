// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sip: the object that owns sockets, transactions, accounts and calls; its
 * beginning and its end.
 */
#include "sip.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "sip_core.h"

#define ADDRESSES_SETTLE_S 1.	/* a new address comes with routes in its wake */

/* ---- our own addresses ---- */

static void addresses_settled(struct ev_loop *loop, ev_timer *timer, int revents)
{
	struct sip *sip = timer->data;
	struct sip_account *account;
	struct sip_call *call;

	(void)loop;
	(void)revents;
	for (call = sip->calls; call; call = call->next)
		call->dialog.flow.local.ss_family = AF_UNSPEC;	/* looked up anew */
	for (account = sip->accounts; account && !sip->closing; account = account->next)
		sip_account_recheck(account);
}

/* What changed does not matter: the routes are asked again. */
static void addresses_changed(struct ev_loop *loop, ev_io *io, int revents)
{
	struct sip *sip = io->data;
	char junk[4096];

	(void)revents;
	while (recv(io->fd, junk, sizeof(junk), MSG_DONTWAIT) > 0)
		;
	ev_timer_stop(loop, &sip->route_settle);
	ev_timer_set(&sip->route_settle, ADDRESSES_SETTLE_S, 0.);
	ev_timer_start(loop, &sip->route_settle);
}

static void watch_addresses(struct sip *sip)
{
	struct sockaddr_nl addr = {
		.nl_family = AF_NETLINK,
		.nl_groups = RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR | RTMGRP_IPV4_ROUTE |
			     RTMGRP_IPV6_ROUTE,
	};

	ev_timer_init(&sip->route_settle, addresses_settled, 0., 0.);
	sip->route_settle.data = sip;
	sip->route_fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
			       NETLINK_ROUTE);
	if (sip->route_fd < 0)
		return;
	if (bind(sip->route_fd, (struct sockaddr *)&addr, sizeof(addr))) {
		close(sip->route_fd);
		sip->route_fd = -1;
		return;
	}
	ev_io_init(&sip->route_io, addresses_changed, sip->route_fd, EV_READ);
	sip->route_io.data = sip;
	ev_io_start(sip->loop, &sip->route_io);
}

static void unwatch_addresses(struct sip *sip)
{
	ev_timer_stop(sip->loop, &sip->route_settle);
	if (sip->route_fd < 0)
		return;
	ev_io_stop(sip->loop, &sip->route_io);
	close(sip->route_fd);
}

/* ---- life ---- */

static void finished(struct sip *sip)
{
	void (*done)(void *ctx) = sip->shutdown_done;
	void *ctx = sip->ctx;

	sip_free(sip);
	if (done)
		done(ctx);
}

static void shutdown_due(struct ev_loop *loop, ev_timer *timer, int revents)
{
	(void)loop;
	(void)revents;
	finished(timer->data);
}

/* Nothing more to wait for? Then do not wait. From the loop: it frees. */
void sip_shutdown_check(struct sip *sip)
{
	struct sip_account *account;
	struct sip_tx *tx;

	if (!sip->closing)
		return;
	for (account = sip->accounts; account; account = account->next)
		if (account->tx)
			return;
	for (tx = sip->txs; tx; tx = tx->next)
		if (tx->client && !tx->final && !tx->dead)
			return;
	ev_timer_stop(sip->loop, &sip->shutdown_timer);
	ev_timer_set(&sip->shutdown_timer, 0., 0.);
	ev_timer_start(sip->loop, &sip->shutdown_timer);
}

static int configure(struct sip *sip, const struct sip_config *config)
{
	sip->port = config->port ? config->port : 5060;
	sip->dscp = config->dscp;
	sip->t1_ms = config->t1_ms ? (int)config->t1_ms : 500;
	sip->t2_ms = config->t2_ms ? (int)config->t2_ms : 4000;
	sip->t4_ms = config->t4_ms ? (int)config->t4_ms : 5000;
	sip->max_transactions = config->max_transactions ? config->max_transactions : 64;
	snprintf(sip->user_agent, sizeof(sip->user_agent), "%s",
		 config->user_agent ? config->user_agent : "pots");
	sip_random_token(sip->tag, SIP_TOKEN_LEN);
	if (config->listen && sip_addr_parse(config->listen, sip->port, &sip->listen)) {
		log_error("sip", "listen = %s: not an address", config->listen);
		return -EINVAL;
	}
	return 0;
}

struct sip *sip_new(struct ev_loop *loop, const struct sip_config *config,
		    const struct sip_events *events, void *ctx)
{
	struct sip *sip = calloc(1, sizeof(*sip));

	if (!sip)
		return NULL;
	sip->loop = loop;
	sip->events = *events;
	sip->ctx = ctx;
	sip->udp[0] = -1;
	sip->udp[1] = -1;
	sip->route_fd = -1;
	ev_timer_init(&sip->shutdown_timer, shutdown_due, 0., 0.);
	sip->shutdown_timer.data = sip;
	if (configure(sip, config) || sip_tx_init(sip)) {
		free(sip);
		return NULL;
	}
	sip->sources = sip_sources_new(config->source_rate ? config->source_rate : 20);
	sip->resolver = sip_resolver_new(loop, config->dns_servers, 4 * sip->t1_ms);
	watch_addresses(sip);
	if (!sip->sources || !sip->resolver || sip_transport_open(sip)) {
		sip_free(sip);
		return NULL;
	}
	return sip;
}

void sip_shutdown(struct sip *sip, unsigned int linger_ms, void (*done)(void *ctx))
{
	struct sip_account *account;
	struct sip_call *call;

	for (call = sip->calls; call; call = call->next)
		if (!call->gone)
			sip_call_shutdown(call);
	sip->closing = true;
	sip->shutdown_done = done;
	for (account = sip->accounts; account; account = account->next) {
		sip_mwi_stop(account);
		sip_register_stop(account);
	}
	ev_timer_set(&sip->shutdown_timer, linger_ms / 1000., 0.);
	ev_timer_start(sip->loop, &sip->shutdown_timer);
	sip_shutdown_check(sip);
}

void sip_free(struct sip *sip)
{
	struct sip_account *account;

	ev_timer_stop(sip->loop, &sip->shutdown_timer);
	while (sip->calls)
		sip_call_free(sip->calls);
	while ((account = sip->accounts)) {
		sip->accounts = account->next;
		sip_account_free(account);
	}
	sip_tx_exit(sip);
	if (sip->resolver)
		sip_resolver_free(sip->resolver);
	sip_transport_close(sip);
	unwatch_addresses(sip);
	sip_sources_free(sip->sources);
	free(sip);
}
