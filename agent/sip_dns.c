// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sip_dns: RFC 3263 on c-ares: a name with a port is looked up as it is; a bare
 * name has SRV records, or else is looked up as it is; a number needs no
 * asking. What comes out is a list of targets in the order to be tried.
 */
#include <ares.h>
#include <arpa/nameser.h>
#include <errno.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "sip_core.h"
#include "sip_srv.h"

#define FDS_MAX 16
#define TTL_MIN_S 30
#define TTL_MAX_S 3600

struct resolver_fd {
	ev_io io;
	ares_socket_t fd;	/* ARES_SOCKET_BAD = free */
};

struct sip_resolver {
	struct ev_loop *loop;
	ares_channel channel;
	ev_timer timer;
	struct resolver_fd fds[FDS_MAX];
};

struct sip_query {
	struct sip_resolver *resolver;
	sip_resolved *done;
	void *owner;
	struct sip_query **handle;	/* the owner's, set to NULL at the end */
	enum sip_transport transport;
	char host[256];
	uint16_t port;
	struct sip_srv srv[SIP_TARGETS_MAX];
	unsigned int srv_count, srv_next;
	struct sip_targets targets;
	bool cancelled;
};

/* ---- c-ares on the event loop ---- */

static void rearm(struct sip_resolver *r)
{
	struct timeval tv, *next = ares_timeout(r->channel, NULL, &tv);

	ev_timer_stop(r->loop, &r->timer);
	if (!next)
		return;
	ev_timer_set(&r->timer, (double)next->tv_sec + (double)next->tv_usec / 1e6 + 0.001, 0.);
	ev_timer_start(r->loop, &r->timer);
}

static void fd_ready(struct ev_loop *loop, ev_io *io, int revents)
{
	struct sip_resolver *r = io->data;

	(void)loop;
	ares_process_fd(r->channel, revents & EV_READ ? io->fd : ARES_SOCKET_BAD,
			revents & EV_WRITE ? io->fd : ARES_SOCKET_BAD);
	rearm(r);
}

static void timer_due(struct ev_loop *loop, ev_timer *timer, int revents)
{
	struct sip_resolver *r = timer->data;

	(void)loop;
	(void)revents;
	ares_process_fd(r->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
	rearm(r);
}

static struct resolver_fd *slot_of(struct sip_resolver *r, ares_socket_t fd)
{
	int i;

	for (i = 0; i < FDS_MAX; i++)
		if (r->fds[i].fd == fd)
			return &r->fds[i];
	return NULL;
}

static void socket_state(void *data, ares_socket_t fd, int readable, int writable)
{
	struct sip_resolver *r = data;
	struct resolver_fd *slot = slot_of(r, fd);

	if (!slot)
		slot = slot_of(r, ARES_SOCKET_BAD);
	if (!slot)	/* its query runs into its time-out */
		return;
	if (slot->fd != ARES_SOCKET_BAD)
		ev_io_stop(r->loop, &slot->io);
	slot->fd = ARES_SOCKET_BAD;
	if (!readable && !writable)
		return;
	slot->fd = fd;
	ev_io_init(&slot->io, fd_ready, fd,
		   (readable ? EV_READ : 0) | (writable ? EV_WRITE : 0));
	slot->io.data = r;
	ev_io_start(r->loop, &slot->io);
}

struct sip_resolver *sip_resolver_new(struct ev_loop *loop, const char *servers,
				      int patience_ms)
{
	struct sip_resolver *r = calloc(1, sizeof(*r));
	struct ares_options options = {
		.sock_state_cb = socket_state, .sock_state_cb_data = r,
		.timeout = patience_ms, .tries = 2,
	};
	int i;

	if (!r)
		return NULL;
	r->loop = loop;
	for (i = 0; i < FDS_MAX; i++)
		r->fds[i].fd = ARES_SOCKET_BAD;
	if (ares_library_init(ARES_LIB_INIT_ALL) != ARES_SUCCESS ||
	    ares_init_options(&r->channel, &options, ARES_OPT_SOCK_STATE_CB |
			      ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES) != ARES_SUCCESS) {
		free(r);
		return NULL;
	}
	ev_timer_init(&r->timer, timer_due, 0., 0.);
	r->timer.data = r;
	if (servers && ares_set_servers_ports_csv(r->channel, servers) != ARES_SUCCESS) {
		log_error("sip", "dns servers %s: not addresses", servers);
		sip_resolver_free(r);
		return NULL;
	}
	return r;
}

void sip_resolver_free(struct sip_resolver *r)
{
	int i;

	ares_destroy(r->channel);
	ev_timer_stop(r->loop, &r->timer);
	for (i = 0; i < FDS_MAX; i++)
		if (r->fds[i].fd != ARES_SOCKET_BAD)
			ev_io_stop(r->loop, &r->fds[i].io);
	ares_library_cleanup();
	free(r);
}

/* ---- a query ---- */

static void finish(struct sip_query *query)
{
	if (!query->cancelled) {
		*query->handle = NULL;
		query->done(query->owner, query->targets.count ? &query->targets : NULL);
	}
	free(query);
}

static void add_target(struct sip_query *query, const struct sockaddr *addr, socklen_t len)
{
	struct sip_targets *targets = &query->targets;
	struct sip_target *target = &targets->target[targets->count];

	if (targets->count == SIP_TARGETS_MAX || len > sizeof(target->addr))
		return;
	memset(target, 0, sizeof(*target));
	memcpy(&target->addr, addr, len);
	target->transport = query->transport;
	targets->count++;
}

static void next_host(struct sip_query *query);

static void host_resolved(void *arg, int status, int timeouts, struct ares_addrinfo *info)
{
	struct sip_query *query = arg;
	struct ares_addrinfo_node *node;

	(void)timeouts;
	for (node = status == ARES_SUCCESS ? info->nodes : NULL; node; node = node->ai_next) {
		add_target(query, node->ai_addr, node->ai_addrlen);
		if (node->ai_ttl > 0 && (unsigned int)node->ai_ttl < query->targets.ttl_s)
			query->targets.ttl_s = (unsigned int)node->ai_ttl;
	}
	if (info)
		ares_freeaddrinfo(info);
	if (query->cancelled || status == ARES_EDESTRUCTION)
		free(query);
	else
		next_host(query);
}

static void lookup_host(struct sip_query *query, const char *host, uint16_t port)
{
	struct ares_addrinfo_hints hints = {
		.ai_family = AF_UNSPEC, .ai_socktype = SOCK_DGRAM,
		.ai_flags = ARES_AI_NUMERICSERV,
	};
	struct sip_resolver *r = query->resolver;
	struct sockaddr_storage addr;
	char service[8];

	if (!sip_addr_parse(host, port, &addr)) {
		add_target(query, (struct sockaddr *)&addr, sip_addr_len(&addr));
		next_host(query);
		return;
	}
	snprintf(service, sizeof(service), "%u", port);
	ares_getaddrinfo(r->channel, host, service, &hints, host_resolved, query);
	rearm(r);
}

/* Each SRV target in turn; then it is over. */
static void next_host(struct sip_query *query)
{
	const struct sip_srv *srv;

	if (query->srv_next >= query->srv_count ||
	    query->targets.count == SIP_TARGETS_MAX) {
		if (query->targets.ttl_s < TTL_MIN_S)
			query->targets.ttl_s = TTL_MIN_S;
		finish(query);
		return;
	}
	srv = &query->srv[query->srv_next++];
	lookup_host(query, srv->host, srv->port);
}

static void take_srv(struct sip_query *query, unsigned char *answer, int len)
{
	struct ares_srv_reply *reply = NULL, *r;

	if (ares_parse_srv_reply(answer, len, &reply) != ARES_SUCCESS)
		return;
	for (r = reply; r && query->srv_count < SIP_TARGETS_MAX; r = r->next) {
		struct sip_srv *srv = &query->srv[query->srv_count];

		/* "." says that the service is decidedly not offered. */
		if (!r->host || !strcmp(r->host, ".") || !r->host[0] ||
		    strlen(r->host) >= sizeof(srv->host))
			continue;
		strcpy(srv->host, r->host);
		srv->port = r->port;
		srv->priority = r->priority;
		srv->weight = r->weight;
		query->srv_count++;
	}
	ares_free_data(reply);
	sip_srv_order(query->srv, query->srv_count, sip_random_below);
}

static void srv_answered(void *arg, int status, int timeouts, unsigned char *answer, int len)
{
	struct sip_query *query = arg;

	(void)timeouts;
	if (query->cancelled || status == ARES_EDESTRUCTION) {
		free(query);
		return;
	}
	if (status == ARES_SUCCESS)
		take_srv(query, answer, len);
	if (query->srv_count)
		next_host(query);
	else
		lookup_host(query, query->host, 5060);
}

void sip_resolve(struct sip_resolver *resolver, const char *host, uint16_t port,
		 enum sip_transport transport, sip_resolved *done, void *owner,
		 struct sip_query **handle)
{
	struct sip_query *query = calloc(1, sizeof(*query));
	struct sockaddr_storage addr;
	char name[300];

	*handle = NULL;
	if (!query || strlen(host) >= sizeof(query->host)) {
		free(query);
		done(owner, NULL);
		return;
	}
	*handle = query;
	*query = (struct sip_query){ .resolver = resolver, .done = done, .owner = owner,
				     .handle = handle, .transport = transport, .port = port,
				     .targets.ttl_s = TTL_MAX_S };
	strcpy(query->host, host);
	if (port || !sip_addr_parse(host, 5060, &addr)) {
		lookup_host(query, query->host, port ? port : 5060);
		return;
	}
	snprintf(name, sizeof(name), "_sip._%s.%s", transport == SIP_TCP ? "tcp" : "udp", host);
	ares_query(resolver->channel, name, ns_c_in, ns_t_srv, srv_answered, query);
	rearm(resolver);
}

/* c-ares calls back in any case; there it is freed. */
void sip_query_cancel(struct sip_query *query)
{
	query->cancelled = true;
	*query->handle = NULL;
}
