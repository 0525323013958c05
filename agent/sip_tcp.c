// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sip_tcp: SIP over TCP, both ways round. Everything is bounded: connections,
 * bytes waiting either way, the time for a message to become whole, idleness.
 */
#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "sip_core.h"

#define CONNS_MAX	32
#define OUT_MAX		(64 * 1024)
/* In T1, which is what a round trip takes at most: 500 ms. */
#define WHOLE_T1	20	/* for a message begun, and to confirm one of ours */
#define CONNECT_T1	7	/* a first SYN may get lost, and a second */
#define IDLE_S		600.	/* without a byte either way */

struct conn {
	struct sip_tcp *tcp;
	struct conn *next;
	unsigned int id;
	int fd;
	bool connecting, dead;
	struct sip_flow flow;
	ev_io io;
	ev_timer timer;
	char *out;
	size_t out_len;
	size_t in_len;
	char in[SIP_MESSAGE_MAX + 1];
};

struct sip_tcp {
	struct sip *sip;
	int fd[2];
	ev_io io[2];
	struct conn *conns;
	unsigned int count, last_id;
	ev_timer reaper;
};

/* ---- connections ---- */

static void conn_free(struct conn *conn)
{
	struct ev_loop *loop = conn->tcp->sip->loop;
	struct conn **link;

	for (link = &conn->tcp->conns; *link != conn; link = &(*link)->next)
		;
	*link = conn->next;
	conn->tcp->count--;
	ev_io_stop(loop, &conn->io);
	ev_timer_stop(loop, &conn->timer);
	close(conn->fd);
	free(conn->out);
	free(conn);
}

/* Callers up the stack may still use it: freed from the loop. */
static void conn_fail(struct conn *conn)
{
	struct sip_tcp *tcp = conn->tcp;

	if (conn->dead)
		return;
	conn->dead = true;
	ev_io_stop(tcp->sip->loop, &conn->io);
	ev_timer_stop(tcp->sip->loop, &conn->timer);
	sip_tx_unreachable(tcp->sip, &conn->flow.remote, SIP_TCP, !conn->connecting);
	ev_timer_start(tcp->sip->loop, &tcp->reaper);
}

static void reap(struct ev_loop *loop, ev_timer *timer, int revents)
{
	struct sip_tcp *tcp = timer->data;
	struct conn *conn, *next;

	(void)loop;
	(void)revents;
	for (conn = tcp->conns; conn; conn = next) {
		next = conn->next;
		if (conn->dead)
			conn_free(conn);
	}
}

static double t1_s(const struct conn *conn)
{
	return conn->tcp->sip->t1_ms / 1000.;
}

static void set_deadline(struct conn *conn, double seconds)
{
	ev_timer_stop(conn->tcp->sip->loop, &conn->timer);
	ev_timer_set(&conn->timer, seconds, 0.);
	ev_timer_start(conn->tcp->sip->loop, &conn->timer);
}

static void watch(struct conn *conn)
{
	int events = conn->connecting ? EV_WRITE :
		     conn->out_len ? EV_READ | EV_WRITE : EV_READ;

	ev_io_stop(conn->tcp->sip->loop, &conn->io);
	ev_io_set(&conn->io, conn->fd, events);
	ev_io_start(conn->tcp->sip->loop, &conn->io);
}

static void flush(struct conn *conn)
{
	while (conn->out_len && !conn->connecting) {
		ssize_t n = send(conn->fd, conn->out, conn->out_len, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n < 0 && errno == EAGAIN)
			break;
		if (n <= 0) {
			conn_fail(conn);
			return;
		}
		conn->out_len -= (size_t)n;
		memmove(conn->out, conn->out + n, conn->out_len);
	}
	watch(conn);
}

/* ---- input ---- */

static size_t take_message(struct conn *conn)
{
	size_t skip = 0;
	long len;

	while (skip < conn->in_len && (conn->in[skip] == '\r' || conn->in[skip] == '\n'))
		skip++;
	/* RFC 5626 3.5.1: a double CRLF is a ping, a single one its pong */
	if (skip >= 4 && skip == conn->in_len && conn->out_len == 0)
		send(conn->fd, "\r\n", 2, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (skip)
		return skip;
	len = sip_guard_frame(conn->in, conn->in_len);
	if (len < 0) {
		log_debug("sip", "TCP: what comes is not SIP, closed");
		conn_fail(conn);
		return 0;
	}
	if (len > 0)
		sip_input(conn->tcp->sip, conn->in, (size_t)len, &conn->flow);
	return (size_t)len;
}

/* @begun: what is here is no more than a longer part of the same message. */
static void consume(struct conn *conn, bool begun)
{
	size_t taken;

	while (!conn->dead && conn->in_len && (taken = take_message(conn))) {
		conn->in_len -= taken;
		memmove(conn->in, conn->in + taken, conn->in_len);
		begun = false;
	}
	if (!conn->dead && !begun)
		set_deadline(conn, conn->in_len ? WHOLE_T1 * t1_s(conn) : IDLE_S);
}

static void readable(struct conn *conn)
{
	bool begun = conn->in_len;
	ssize_t n = recv(conn->fd, conn->in + conn->in_len,
			 SIP_MESSAGE_MAX - conn->in_len, MSG_DONTWAIT);

	if (n < 0 && errno == EAGAIN)
		return;
	if (n <= 0) {
		conn_fail(conn);
		return;
	}
	conn->in_len += (size_t)n;
	consume(conn, begun);
}

static void connected(struct conn *conn)
{
	socklen_t len = sizeof(int);
	int err = 0;

	getsockopt(conn->fd, SOL_SOCKET, SO_ERROR, &err, &len);
	if (err) {
		conn_fail(conn);
		return;
	}
	conn->connecting = false;
	set_deadline(conn, IDLE_S);
	flush(conn);
}

static void conn_ready(struct ev_loop *loop, ev_io *io, int revents)
{
	struct conn *conn = io->data;

	(void)loop;
	if (conn->connecting) {
		connected(conn);
		return;
	}
	if (revents & EV_WRITE)
		flush(conn);
	if (!conn->dead && (revents & EV_READ))
		readable(conn);
}

static void conn_timeout(struct ev_loop *loop, ev_timer *timer, int revents)
{
	(void)loop;
	(void)revents;
	conn_fail(timer->data);
}

static struct conn *conn_new(struct sip_tcp *tcp, int fd, const struct sip_flow *flow,
			     bool connecting)
{
	struct conn *conn = tcp->count < CONNS_MAX ? calloc(1, sizeof(*conn)) : NULL;
	int on = 1, silence_ms = WHOLE_T1 * tcp->sip->t1_ms;

	if (!conn) {
		close(fd);
		return NULL;
	}
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	/* A peer that is there no more is not waited for a quarter of an hour. */
	setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &silence_ms, sizeof(silence_ms));
	conn->tcp = tcp;
	conn->fd = fd;
	conn->connecting = connecting;
	conn->flow = *flow;
	conn->id = ++tcp->last_id ? tcp->last_id : ++tcp->last_id;
	conn->flow.conn = conn->id;
	ev_io_init(&conn->io, conn_ready, fd, EV_READ);
	conn->io.data = conn;
	ev_timer_init(&conn->timer, conn_timeout, 0., 0.);
	conn->timer.data = conn;
	conn->next = tcp->conns;
	tcp->conns = conn;
	tcp->count++;
	watch(conn);
	set_deadline(conn, (connecting ? CONNECT_T1 : WHOLE_T1) * t1_s(conn));
	return conn;
}

/* ---- output ---- */

static void set_dscp(struct sip *sip, int fd, int family)
{
	int tos = sip->dscp << 2;

	if (family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_TCLASS, &tos, sizeof(tos));
	else
		setsockopt(fd, IPPROTO_IP, IP_TOS, &tos, sizeof(tos));
}

static struct conn *conn_open(struct sip_tcp *tcp, const struct sip_flow *flow)
{
	int fd = socket(flow->remote.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return NULL;
	set_dscp(tcp->sip, fd, flow->remote.ss_family);
	if (connect(fd, (const struct sockaddr *)&flow->remote, sip_addr_len(&flow->remote)) &&
	    errno != EINPROGRESS) {
		close(fd);
		return NULL;
	}
	return conn_new(tcp, fd, flow, true);
}

/* The connection named; else any to that peer; else a new one. */
static struct conn *conn_for(struct sip_tcp *tcp, const struct sip_flow *flow)
{
	struct conn *conn;

	for (conn = tcp->conns; flow->conn && conn; conn = conn->next)
		if (conn->id == flow->conn && !conn->dead)
			return conn;
	for (conn = tcp->conns; conn; conn = conn->next)
		if (!conn->dead && sip_addr_same(&conn->flow.remote, &flow->remote))
			return conn;
	return conn_open(tcp, flow);
}

int sip_tcp_send(struct sip_tcp *tcp, const struct sip_flow *flow, const char *p, size_t len)
{
	struct conn *conn = conn_for(tcp, flow);
	char *out;

	if (!conn)
		return -EHOSTUNREACH;
	if (conn->out_len + len > OUT_MAX)
		return -ENOBUFS;
	out = realloc(conn->out, conn->out_len + len);
	if (!out)
		return -ENOMEM;
	memcpy(out + conn->out_len, p, len);
	conn->out = out;
	conn->out_len += len;
	flush(conn);
	return conn->dead ? -EPIPE : 0;
}

void sip_tcp_forget(struct sip_tcp *tcp, const struct sockaddr_storage *remote)
{
	struct conn *conn;

	for (conn = tcp->conns; conn; conn = conn->next)
		if (sip_addr_same(&conn->flow.remote, remote))
			conn_fail(conn);
}

/* ---- listening ---- */

static void acceptable(struct ev_loop *loop, ev_io *io, int revents)
{
	struct sip_tcp *tcp = io->data;
	struct sip_flow flow = { .transport = SIP_TCP };
	socklen_t len = sizeof(flow.remote), local_len = sizeof(flow.local);
	int fd = accept4(io->fd, (struct sockaddr *)&flow.remote, &len,
			 SOCK_CLOEXEC | SOCK_NONBLOCK);

	(void)loop;
	(void)revents;
	if (fd < 0)
		return;
	getsockname(fd, (struct sockaddr *)&flow.local, &local_len);
	sip_addr_set_port(&flow.local, tcp->sip->port);
	/* Not even a connection for who may not speak. */
	if (sip_source_admit(tcp->sip, &flow.remote) != SIP_KNOWN) {
		close(fd);
		return;
	}
	conn_new(tcp, fd, &flow, false);
}

static int listen_on(struct sip *sip, int family)
{
	struct sockaddr_storage addr = sip->listen;
	int fd, on = 1;

	if (addr.ss_family == AF_UNSPEC)
		addr.ss_family = (sa_family_t)family;
	sip_addr_set_port(&addr, sip->port);
	fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
	set_dscp(sip, fd, family);
	if (bind(fd, (struct sockaddr *)&addr, sip_addr_len(&addr)) || listen(fd, 8)) {
		close(fd);
		return -errno;
	}
	return fd;
}

struct sip_tcp *sip_tcp_open(struct sip *sip)
{
	static const int families[2] = { AF_INET, AF_INET6 };
	struct sip_tcp *tcp = calloc(1, sizeof(*tcp));
	int i;

	if (!tcp)
		return NULL;
	tcp->sip = sip;
	ev_timer_init(&tcp->reaper, reap, 0., 0.);
	tcp->reaper.data = tcp;
	for (i = 0; i < 2; i++) {
		tcp->fd[i] = -1;
		if (sip->udp[i] < 0)	/* the families UDP has, and no more */
			continue;
		tcp->fd[i] = listen_on(sip, families[i]);
		if (tcp->fd[i] < 0) {
			log_warn("sip", "cannot listen on TCP port %u: %s", sip->port,
				 strerror(-tcp->fd[i]));
			continue;
		}
		ev_io_init(&tcp->io[i], acceptable, tcp->fd[i], EV_READ);
		tcp->io[i].data = tcp;
		ev_io_start(sip->loop, &tcp->io[i]);
	}
	return tcp;
}

void sip_tcp_close(struct sip_tcp *tcp)
{
	int i;

	while (tcp->conns)
		conn_free(tcp->conns);
	for (i = 0; i < 2; i++) {
		if (tcp->fd[i] < 0)
			continue;
		ev_io_stop(tcp->sip->loop, &tcp->io[i]);
		close(tcp->fd[i]);
	}
	ev_timer_stop(tcp->sip->loop, &tcp->reaper);
	free(tcp);
}
