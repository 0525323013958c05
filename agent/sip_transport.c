// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sip_transport: UDP sockets, and which of our addresses leads to a peer.
 *
 * One socket a family, bound to the port we tell others. ICMP errors come by
 * the socket's error queue, so that a dead server is noticed at once.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE	/* struct in6_pktinfo */
#endif

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "sip_core.h"

static const int families[2] = { AF_INET, AF_INET6 };

const char *sip_transport_name(enum sip_transport transport)
{
	return transport == SIP_TCP ? "TCP" : "UDP";
}

static int family_index(const struct sockaddr_storage *addr)
{
	return addr->ss_family == AF_INET6;
}

/* Signalling that nobody marks is better than none: errors do not count. */
static void set_options(struct sip *sip, int fd, int family)
{
	int tos = sip->dscp << 2, on = 1;

	if (family == AF_INET6) {
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
		setsockopt(fd, IPPROTO_IPV6, IPV6_TCLASS, &tos, sizeof(tos));
		setsockopt(fd, IPPROTO_IPV6, IPV6_RECVERR, &on, sizeof(on));
		setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof(on));
	} else {
		setsockopt(fd, IPPROTO_IP, IP_TOS, &tos, sizeof(tos));
		setsockopt(fd, IPPROTO_IP, IP_RECVERR, &on, sizeof(on));
		setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof(on));
	}
}

static int open_udp(struct sip *sip, int family)
{
	struct sockaddr_storage addr = sip->listen;
	int fd;

	if (addr.ss_family == AF_UNSPEC)
		addr.ss_family = (sa_family_t)family;
	sip_addr_set_port(&addr, sip->port);
	fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	set_options(sip, fd, family);
	if (bind(fd, (struct sockaddr *)&addr, sip_addr_len(&addr))) {
		int err = -errno;

		close(fd);
		return err;
	}
	return fd;
}

/* The address that the datagram was sent to is the one to answer from. */
static void read_pktinfo(struct msghdr *msg, struct sockaddr_storage *local)
{
	struct cmsghdr *c;

	for (c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
		if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
			struct in_pktinfo info;

			memcpy(&info, CMSG_DATA(c), sizeof(info));
			local->ss_family = AF_INET;
			((struct sockaddr_in *)local)->sin_addr = info.ipi_addr;
		} else if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
			struct in6_pktinfo info;

			memcpy(&info, CMSG_DATA(c), sizeof(info));
			local->ss_family = AF_INET6;
			((struct sockaddr_in6 *)local)->sin6_addr = info.ipi6_addr;
		}
	}
}

/* ICMP: @msg.name is where our datagram was bound for. */
static void read_errors(struct sip *sip, int fd)
{
	struct sockaddr_storage remote;
	char junk[64], control[512];
	struct iovec iov = { junk, sizeof(junk) };
	struct msghdr msg;
	int budget = 16;

	while (budget--) {
		memset(&msg, 0, sizeof(msg));
		memset(&remote, 0, sizeof(remote));
		msg.msg_name = &remote;
		msg.msg_namelen = sizeof(remote);
		msg.msg_iov = &iov;
		msg.msg_iovlen = 1;
		msg.msg_control = control;
		msg.msg_controllen = sizeof(control);
		if (recvmsg(fd, &msg, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
			return;
		if (msg.msg_namelen)
			sip_tx_unreachable(sip, &remote, SIP_UDP, false);
	}
}

static ssize_t read_datagram(int fd, char *p, size_t size, struct sip_flow *flow)
{
	char control[256];
	struct iovec iov = { p, size };
	struct msghdr msg = {
		.msg_name = &flow->remote, .msg_namelen = sizeof(flow->remote),
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	ssize_t len;

	memset(flow, 0, sizeof(*flow));
	len = recvmsg(fd, &msg, MSG_DONTWAIT);
	if (len < 0)
		return -errno;
	flow->transport = SIP_UDP;
	read_pktinfo(&msg, &flow->local);
	return len;
}

static void udp_readable(struct ev_loop *loop, ev_io *io, int revents)
{
	/* One byte more than a message may have tells a longer one apart. */
	static char buffer[SIP_MESSAGE_MAX + 2];
	struct sip *sip = io->data;
	struct sip_flow flow;
	int budget = 8;	/* then other watchers have their turn */

	(void)loop;
	(void)revents;
	while (budget--) {
		ssize_t len = read_datagram(io->fd, buffer, sizeof(buffer) - 1, &flow);

		if (len == -EAGAIN || len == -EWOULDBLOCK)
			break;
		if (len < 0) {
			read_errors(sip, io->fd);
			continue;
		}
		sip_addr_set_port(&flow.local, sip->port);
		buffer[len] = '\0';
		sip_input(sip, buffer, (size_t)len, &flow);
	}
}

int sip_transport_open(struct sip *sip)
{
	int i, err = -EAFNOSUPPORT, last = -EAFNOSUPPORT;

	for (i = 0; i < 2; i++) {
		sip->udp[i] = -1;
		if (sip->listen.ss_family != AF_UNSPEC &&
		    sip->listen.ss_family != families[i])
			continue;
		last = open_udp(sip, families[i]);
		if (last < 0)
			continue;
		err = 0;
		sip->udp[i] = last;
		ev_io_init(&sip->udp_io[i], udp_readable, last, EV_READ);
		sip->udp_io[i].data = sip;
		ev_io_start(sip->loop, &sip->udp_io[i]);
	}
	if (err) {
		log_error("sip", "cannot listen on UDP port %u: %s", sip->port, strerror(-last));
		return last;
	}
	sip->tcp = sip_tcp_open(sip);
	return sip->tcp ? 0 : -EADDRINUSE;
}

void sip_transport_close(struct sip *sip)
{
	int i;

	for (i = 0; i < 2; i++) {
		if (sip->udp[i] < 0)
			continue;
		ev_io_stop(sip->loop, &sip->udp_io[i]);
		close(sip->udp[i]);
		sip->udp[i] = -1;
	}
	if (sip->tcp)
		sip_tcp_close(sip->tcp);
	sip->tcp = NULL;
}

/* The kernel's routing decides: connect() a datagram socket and ask. */
int sip_transport_route(struct sip *sip, struct sip_flow *flow)
{
	socklen_t len = sizeof(flow->local);
	int fd, err = 0;

	if (sip->udp[family_index(&flow->remote)] < 0)
		return -EAFNOSUPPORT;
	fd = socket(flow->remote.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (sip->listen.ss_family != AF_UNSPEC) {
		flow->local = sip->listen;
	} else if (connect(fd, (struct sockaddr *)&flow->remote,
			   sip_addr_len(&flow->remote)) ||
		   getsockname(fd, (struct sockaddr *)&flow->local, &len)) {
		err = -errno;
	}
	close(fd);
	sip_addr_set_port(&flow->local, sip->port);
	return err;
}

static size_t write_pktinfo(const struct sockaddr_storage *local, struct msghdr *msg)
{
	struct cmsghdr *c = CMSG_FIRSTHDR(msg);

	if (local->ss_family == AF_INET6) {
		struct in6_pktinfo info = {
			.ipi6_addr = ((const struct sockaddr_in6 *)local)->sin6_addr };

		c->cmsg_level = IPPROTO_IPV6;
		c->cmsg_type = IPV6_PKTINFO;
		c->cmsg_len = CMSG_LEN(sizeof(info));
		memcpy(CMSG_DATA(c), &info, sizeof(info));
		return CMSG_SPACE(sizeof(info));
	}
	struct in_pktinfo info = {
		.ipi_spec_dst = ((const struct sockaddr_in *)local)->sin_addr };

	c->cmsg_level = IPPROTO_IP;
	c->cmsg_type = IP_PKTINFO;
	c->cmsg_len = CMSG_LEN(sizeof(info));
	memcpy(CMSG_DATA(c), &info, sizeof(info));
	return CMSG_SPACE(sizeof(info));
}

static int send_udp(struct sip *sip, const struct sip_flow *flow, const char *p, size_t len)
{
	union {
		char bytes[128];
		struct cmsghdr align;
	} control;
	struct iovec iov = { (void *)p, len };
	struct msghdr msg = {
		.msg_name = (void *)&flow->remote,
		.msg_namelen = sip_addr_len(&flow->remote),
		.msg_iov = &iov, .msg_iovlen = 1,
	};
	int fd = sip->udp[family_index(&flow->remote)], tries;

	if (fd < 0)
		return -EAFNOSUPPORT;
	if (flow->local.ss_family == flow->remote.ss_family) {
		memset(&control, 0, sizeof(control));
		msg.msg_control = control.bytes;
		msg.msg_controllen = sizeof(control.bytes);
		msg.msg_controllen = write_pktinfo(&flow->local, &msg);
	}
	/* An ICMP error of an earlier datagram is reported here once. */
	for (tries = 0; tries < 2; tries++) {
		if (sendmsg(fd, &msg, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0)
			return 0;
		if (errno == EINVAL && msg.msg_controllen)	/* that address is gone */
			msg.msg_controllen = 0;
		else if (errno == ECONNREFUSED || errno == EHOSTUNREACH)
			read_errors(sip, fd);
		else
			break;
	}
	/* A full socket buffer is a lost datagram: it is sent again in time. */
	return errno == EAGAIN || errno == ENOBUFS ? 0 : -errno;
}

int sip_transport_send(struct sip *sip, const struct sip_flow *flow,
		       const char *p, size_t len)
{
	if (log_get_level() >= LOG_LEVEL_DEBUG) {
		char remote[SIP_ADDR_STRLEN];

		sip_addr_str(&flow->remote, remote);
		log_debug("sip", "to %s %s: %.*s", sip_transport_name(flow->transport),
			  remote, (int)strcspn(p, "\r\n"), p);
	}
	if (flow->transport == SIP_TCP)
		return sip_tcp_send(sip->tcp, flow, p, len);
	return send_udp(sip, flow, p, len);
}

/* Was it sent on this machine? */
bool sip_transport_is_own(struct sip *sip, const struct sockaddr_storage *addr)
{
	struct sip_flow flow = { .remote = *addr };

	if (sip_transport_route(sip, &flow))
		return false;
	return sip_addr_same_host(&flow.local, addr);
}
