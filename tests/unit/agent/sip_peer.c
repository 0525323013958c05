// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sip_peer: the other end of the wire, for tests of agent/sip.h.
 */
#include "sip_peer.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include "log.h"

const char peer_sdp[] =
	"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
	"m=audio 40000 RTP/AVP 8 0\r\n";

struct world world;

static void note(const char *format, ...)
{
	size_t len = strlen(world.log);
	va_list args;

	va_start(args, format);
	vsnprintf(world.log + len, sizeof(world.log) - len, format, args);
	va_end(args);
}

const char *world_log(void)
{
	static char copy[sizeof(world.log)];

	memcpy(copy, world.log, sizeof(copy));
	world.log[0] = '\0';
	return copy;
}

/* ---- the owner's side ---- */

static const char *with(const char *sdp, size_t len)
{
	snprintf(world.last_sdp, sizeof(world.last_sdp), "%.*s", (int)len, sdp ? sdp : "");
	return sdp ? "+sdp" : "";
}

static void on_progress(void *user, int status, const char *sdp, size_t len)
{
	note("progress %d%s;", status, with(sdp, len));
}

static void on_answered(void *user, const char *sdp, size_t len)
{
	note("answered%s;", with(sdp, len));
}

static void on_failed(void *user, int status, enum sip_cause cause, const char *reason)
{
	note("failed %d/%d;", status, cause);
	world.call = NULL;
}

static void on_confirmed(void *user, const char *sdp, size_t len)
{
	note("confirmed%s;", with(sdp, len));
}

static void on_offer(void *user, const char *sdp, size_t len)
{
	note("offer%s;", with(sdp, len));
	if (world.answer_offers)
		sip_call_answer_offer(world.call, 200, peer_sdp, strlen(peer_sdp));
}

static void on_reoffered(void *user, int status, const char *sdp, size_t len)
{
	note("reoffered %d%s;", status, with(sdp, len));
}

static void on_ended(void *user, int status)
{
	note("ended %d;", status);
	world.call = NULL;
}

static void on_flash(void *user)
{
	note("flash;");
}

static const struct sip_call_events call_events = {
	on_progress, on_answered, on_failed, on_confirmed, on_offer, on_reoffered, on_ended,
	on_flash,
};

static int on_incoming(void *ctx, struct sip_call *call, const struct sip_incoming *in)
{
	world.in = *in;
	snprintf(world.called, sizeof(world.called), "%s", in->called_user);
	snprintf(world.caller, sizeof(world.caller), "%s", in->caller_user);
	snprintf(world.caller_name, sizeof(world.caller_name), "%s", in->caller_name);
	note("incoming%s;", with(in->sdp, in->sdp_len));
	if (world.incoming_status)
		return world.incoming_status;
	world.call = call;
	sip_call_set_user(call, &call_events, NULL);
	if (world.answer_at_once)
		sip_call_answer(call, peer_sdp, strlen(peer_sdp));
	return 0;
}

static void on_registration(void *ctx, struct sip_account *account, enum sip_reg_state state,
			    int status)
{
	static const char *const names[] = { "none", "trying", "ok", "failed" };

	note("reg %s %d;", names[state], status);
}

static void on_address(void *ctx, struct sip_account *account)
{
	world.address_changes++;
}

static void on_waiting(void *ctx, struct sip_account *account, const struct sip_waiting *waiting)
{
	note("waiting %s %d %u;", waiting->user, waiting->messages, waiting->count);
}

static const struct sip_events events = {
	on_incoming, on_registration, on_waiting, on_address,
};

/* ---- the world ---- */

static uint16_t chosen_port;

uint16_t world_port(void)
{
	return chosen_port;
}

void world_start(const char *listen)
{
	world_start_dns(listen, NULL);
}

void world_start_dns(const char *listen, const char *dns_servers)
{
	struct sip_config config = {
		.listen = listen, .user_agent = "test", .dscp = 24, .t1_ms = T1_MS,
		.t2_ms = 8 * T1_MS, .t4_ms = 10 * T1_MS, .source_rate = 50,
		.dns_servers = dns_servers,
	};
	int tries;

	memset(&world, 0, sizeof(world));
	log_set_level(getenv("POTS_TEST_DEBUG") ? LOG_LEVEL_DEBUG : LOG_LEVEL_ERROR);
	world.loop = ev_loop_new(EVFLAG_AUTO);
	for (tries = 0; tries < 20 && !world.sip; tries++) {
		chosen_port = (uint16_t)(20000 + (getpid() * 7 + tries * 101) % 20000);
		config.port = chosen_port;
		world.sip = sip_new(world.loop, &config, &events, NULL);
	}
	if (!world.sip)
		abort();
}

struct sip_account *world_account(const struct sip_account_config *config)
{
	world.account = sip_account_add(world.sip, config);
	return world.account;
}

struct sip_account *world_server(const struct peer *peer, enum sip_transport transport)
{
	struct sip_account_config config = {
		.name = "test", .user = "101", .outbound_proxy = peer->uri_host,
		.transport = transport, .display_name = "Anna \"A\" \\ B",
		.secret = "geheim", .basic = SIP_BASIC_TLS,
	};

	return world_account(&config);
}

void world_invite(const char *target)
{
	struct sip_invite_params params = {
		.target = target, .sdp = peer_sdp, .sdp_len = strlen(peer_sdp),
	};
	int err = sip_invite(world.account, &params, &call_events, NULL, &world.call);

	if (err)
		note("invite %d;", err);
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec * 1e-9;
}

static void tick(struct ev_loop *loop, ev_timer *timer, int revents)
{
}

/* One turn of the loop, which waits for at most 2 ms. */
static void turn(void)
{
	ev_timer timer;

	ev_timer_init(&timer, tick, 0.002, 0.);
	ev_timer_start(world.loop, &timer);
	ev_run(world.loop, EVRUN_ONCE);
	ev_timer_stop(world.loop, &timer);
}

void world_run(int ms)
{
	double until = now() + ms / 1000.;

	while (world.sip && now() < until)
		turn();
}

bool world_wait(const char *text, int ms)
{
	double until = now() + ms / 1000.;

	while (now() < until && !strstr(world.log, text))
		turn();
	return strstr(world.log, text) != NULL;
}

void world_stop(void)
{
	if (world.sip)
		sip_free(world.sip);
	ev_loop_destroy(world.loop);
}

/* ---- the peer ---- */

static void bind_any(struct peer *peer, int type, const char *host)
{
	struct sockaddr_storage addr = { 0 };
	struct sockaddr_in *v4 = (void *)&addr;
	struct sockaddr_in6 *v6 = (void *)&addr;
	bool six = strchr(host, ':');
	socklen_t len = six ? sizeof(*v6) : sizeof(*v4);
	int fd;

	addr.ss_family = six ? AF_INET6 : AF_INET;
	if (six)
		inet_pton(AF_INET6, host, &v6->sin6_addr);
	else
		inet_pton(AF_INET, host, &v4->sin_addr);
	fd = socket(addr.ss_family, type, 0);
	if (bind(fd, (struct sockaddr *)&addr, len))
		abort();
	getsockname(fd, (struct sockaddr *)&addr, &len);
	peer->port = ntohs(six ? v6->sin6_port : v4->sin_port);
	snprintf(peer->uri_host, sizeof(peer->uri_host), six ? "[%s]:%u" : "%s:%u", host,
		 peer->port);
	*(type == SOCK_STREAM ? &peer->listener : &peer->fd) = fd;
}

void peer_open(struct peer *peer, const char *host)
{
	memset(peer, 0, sizeof(*peer));
	peer->listener = -1;
	bind_any(peer, SOCK_DGRAM, host);
}

void peer_open_tcp(struct peer *peer)
{
	peer_open_tcp_at(peer, "127.0.0.1");
}

void peer_open_tcp_at(struct peer *peer, const char *host)
{
	memset(peer, 0, sizeof(*peer));
	peer->fd = -1;
	bind_any(peer, SOCK_STREAM, host);
	listen(peer->listener, 4);
}

void peer_close(struct peer *peer)
{
	if (peer->fd >= 0)
		close(peer->fd);
	if (peer->listener >= 0)
		close(peer->listener);
	peer->fd = peer->listener = -1;
}

/* One message out of what a stream brought. */
static bool cut_message(struct peer *peer)
{
	char *end = strstr(peer->rest, "\r\n\r\n");
	size_t len;

	if (!end)
		return false;
	len = (size_t)(end + 4 - peer->rest) + (size_t)atoi(header(peer->rest, "Content-Length"));
	if (strlen(peer->rest) < len)
		return false;
	snprintf(peer->rx, sizeof(peer->rx), "%.*s", (int)len, peer->rest);
	memmove(peer->rest, peer->rest + len, strlen(peer->rest + len) + 1);
	return true;
}

static bool poll_tcp(struct peer *peer)
{
	struct pollfd p = { peer->fd < 0 ? peer->listener : peer->fd, POLLIN, 0 };
	size_t have = strlen(peer->rest);
	ssize_t n;

	if (cut_message(peer))
		return true;
	if (poll(&p, 1, 0) <= 0)
		return false;
	if (peer->fd < 0) {
		peer->fd = accept(peer->listener, NULL, NULL);
		return false;
	}
	n = recv(peer->fd, peer->rest + have, sizeof(peer->rest) - 1 - have, 0);
	peer->rest[have + (n > 0 ? (size_t)n : 0)] = '\0';
	return cut_message(peer);
}

static bool poll_udp(struct peer *peer)
{
	socklen_t len = sizeof(peer->from);
	ssize_t n = recvfrom(peer->fd, peer->rx, sizeof(peer->rx) - 1, MSG_DONTWAIT,
			     (struct sockaddr *)&peer->from, &len);

	if (n < 0)
		return false;
	peer->rx[n] = '\0';
	return true;
}

static bool poll_peer(struct peer *peer)
{
	return peer->listener >= 0 ? poll_tcp(peer) : poll_udp(peer);
}

bool peer_recv(struct peer *peer, const char *start, int ms)
{
	double until = now() + ms / 1000.;

	do {
		if (poll_peer(peer) && !strncmp(peer->rx, start, strlen(start)))
			return true;
		turn();
	} while (now() < until);
	peer->rx[0] = '\0';
	return false;
}

bool peer_quiet(struct peer *peer, int ms)
{
	return !peer_recv(peer, "", ms);
}

void peer_send(struct peer *peer, const char *text)
{
	struct sockaddr_storage to = peer->from;
	bool six = strchr(peer->uri_host, '[');

	if (peer->listener >= 0) {
		send(peer->fd, text, strlen(text), MSG_NOSIGNAL);
		return;
	}
	if (!to.ss_family && six) {
		struct sockaddr_in6 *v6 = (void *)&to;

		v6->sin6_family = AF_INET6;
		v6->sin6_addr = in6addr_loopback;
		v6->sin6_port = htons(chosen_port);
	} else if (!to.ss_family) {
		struct sockaddr_in *v4 = (void *)&to;

		v4->sin_family = AF_INET;
		v4->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		v4->sin_port = htons(chosen_port);
	}
	sendto(peer->fd, text, strlen(text), 0, (struct sockaddr *)&to,
	       six ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in));
}

const char *header(const char *message, const char *name)
{
	static char values[8][1024];
	static int turn_of;
	size_t len = strlen(name);
	const char *p = message;
	char *value = values[turn_of++ % 8];

	value[0] = '\0';
	while ((p = strstr(p, "\r\n"))) {
		p += 2;
		if (p[0] == '\r')
			break;
		if (!strncasecmp(p, name, len) && p[len] == ':') {
			p += len + 1;
			p += strspn(p, " ");
			snprintf(value, sizeof(values[0]), "%.*s", (int)strcspn(p, "\r"), p);
			break;
		}
	}
	return value;
}

const char *to_tag(const struct peer *peer)
{
	const char *tag = strstr(header(peer->rx, "To"), ";tag=");

	return tag ? tag + 5 : "";
}

int cseq_of(const char *message)
{
	return atoi(header(message, "CSeq"));
}

void peer_keep(struct peer *peer)
{
	memcpy(peer->invite, peer->rx, sizeof(peer->invite));
}

static void reply_to(struct peer *peer, const char *request, int status, const char *tag,
		     const char *extra, const char *sdp)
{
	static char text[16384];
	const char *to = header(request, "To");
	size_t n;

	n = (size_t)snprintf(text, sizeof(text), "SIP/2.0 %d Whatever\r\nVia: %s\r\nFrom: %s\r\n"
			     "To: %s%s%s\r\nCall-ID: %s\r\nCSeq: %s\r\n%s", status,
			     header(request, "Via"), header(request, "From"), to,
			     tag && !strstr(to, ";tag=") ? ";tag=" : "",
			     tag && !strstr(to, ";tag=") ? tag : "",
			     header(request, "Call-ID"), header(request, "CSeq"),
			     extra ? extra : "");
	if (tag && status < 300)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "Contact: <sip:peer@%s>\r\n",
				      peer->uri_host);
	snprintf(text + n, sizeof(text) - n, "%sContent-Length: %zu\r\n\r\n%s",
		 sdp ? "Content-Type: application/sdp\r\n" : "", sdp ? strlen(sdp) : 0,
		 sdp ? sdp : "");
	peer_send(peer, text);
}

void peer_reply(struct peer *peer, int status, const char *tag, const char *extra,
		const char *sdp)
{
	reply_to(peer, peer->rx, status, tag, extra, sdp);
}

void peer_reply_kept(struct peer *peer, int status, const char *tag, const char *extra,
		     const char *sdp)
{
	reply_to(peer, peer->invite, status, tag, extra, sdp);
}

static void request(struct peer *peer, const char *method, const char *branch, int cseq,
		    const char *tag, const char *extra, const char *type, const char *body)
{
	static char text[16384];
	bool six = strchr(peer->uri_host, '[');

	snprintf(text, sizeof(text),
		 "%s sip:101@%s:%u SIP/2.0\r\n"
		 "Via: SIP/2.0/%s %s;rport;branch=z9hG4bK%s\r\n"
		 "Max-Forwards: 70\r\n"
		 "From: \"Caller\" <sip:200@%s>;tag=peer\r\n"
		 "To: <sip:101@%s>%s%s\r\n"
		 "Call-ID: call-of-peer\r\n"
		 "CSeq: %d %s\r\n"
		 "Contact: <sip:200@%s>\r\n%s%s%s%s"
		 "Content-Length: %zu\r\n\r\n%s",
		 method, six ? "[::1]" : "127.0.0.1", chosen_port,
		 peer->listener >= 0 ? "TCP" : "UDP", peer->uri_host, branch,
		 peer->uri_host, peer->uri_host, tag[0] ? ";tag=" : "", tag, cseq, method,
		 peer->uri_host, extra ? extra : "",
		 body ? "Content-Type: " : "", body ? type : "", body ? "\r\n" : "",
		 body ? strlen(body) : 0, body ? body : "");
	peer_send(peer, text);
}

void peer_request(struct peer *peer, const char *method, const char *branch, int cseq,
		  const char *tag, const char *extra, const char *sdp)
{
	request(peer, method, branch, cseq, tag, extra, "application/sdp", sdp);
}

void peer_typed_request(struct peer *peer, const char *method, const char *branch, int cseq,
			const char *tag, const char *type, const char *body)
{
	request(peer, method, branch, cseq, tag, NULL, type, body);
}
