// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * RFC 3263: from a name to a server, and from a dead server to the next.
 *
 *   agent/sip_*.c ── query ──> name server (below, a table)
 *                 ── INVITE ─> peers "one" and "two"
 */
#include <arpa/inet.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "sip_core.h"
#include "sip_peer.h"
#include "sip_srv.h"

/* ---- the order of SRV records ---- */

static unsigned int fixed;

static unsigned int below(unsigned int limit)
{
	return fixed < limit ? fixed : limit - 1;
}

TEST(srv_priority_comes_first)
{
	struct sip_srv srv[] = { { "c", 1, 30, 9 }, { "a", 1, 10, 0 }, { "b", 1, 20, 50 } };

	sip_srv_order(srv, 3, below);
	EXPECT_STREQ("a", srv[0].host);
	EXPECT_STREQ("b", srv[1].host);
	EXPECT_STREQ("c", srv[2].host);
}

/* RFC 2782: running sums, the first that reaches the number drawn. */
TEST(srv_weight_is_a_chance)
{
	static const struct {
		unsigned int drawn;
		const char *first;
	} cases[] = { { 0, "zero" }, { 1, "light" }, { 10, "light" }, { 11, "heavy" },
		      { 100, "heavy" } };

	for (unsigned int i = 0; i < 5; i++) {
		struct sip_srv srv[] = { { "light", 1, 5, 10 }, { "heavy", 1, 5, 90 },
					 { "zero", 1, 5, 0 } };

		fixed = cases[i].drawn;
		sip_srv_order(srv, 3, below);
		EXPECT_STREQ(cases[i].first, srv[0].host) { TH_LOG("drawn %u", fixed); }
	}
	fixed = 0;
}

static unsigned int lcg_below(unsigned int limit)
{
	static unsigned int state = 1;

	state = state * 1103515245u + 12345u;
	return (state >> 8) % limit;
}

TEST(srv_weights_share_the_load)
{
	int heavy = 0;

	for (int i = 0; i < 10000; i++) {
		struct sip_srv srv[] = { { "light", 1, 5, 10 }, { "heavy", 1, 5, 30 } };

		sip_srv_order(srv, 2, lcg_below);
		heavy += srv[0].host[0] == 'h';
	}
	EXPECT_GT(heavy, 7000);
	EXPECT_LT(heavy, 7700);
}

/* ---- a name server ---- */

static int dns_fd;
static ev_io dns_io;
static uint16_t one_port, two_port;
static unsigned int srv_queries;

static size_t put16(unsigned char *p, unsigned int v)
{
	p[0] = (unsigned char)(v >> 8);
	p[1] = (unsigned char)v;
	return 2;
}

static size_t put_name(unsigned char *p, const char *name)
{
	unsigned char *start = p;

	while (*name) {
		size_t len = strcspn(name, ".");

		*p++ = (unsigned char)len;
		memcpy(p, name, len);
		p += len;
		name += len + (name[len] == '.');
	}
	*p++ = 0;
	return (size_t)(p - start);
}

static size_t put_rr(unsigned char *p, unsigned int type, const unsigned char *data, size_t len)
{
	size_t n = 0;

	n += put16(p, 0xc00c);		/* the name asked for */
	n += put16(p + n, type);
	n += put16(p + n, 1);
	n += put16(p + n, 0);
	n += put16(p + n, 60);
	n += put16(p + n, (unsigned int)len);
	memcpy(p + n, data, len);
	return n + len;
}

static size_t put_srv(unsigned char *p, unsigned int priority, uint16_t port, const char *host)
{
	unsigned char data[300];
	size_t n = 0;

	n += put16(data, priority);
	n += put16(data + n, 0);
	n += put16(data + n, port);
	n += put_name(data + n, host);
	return put_rr(p, 33, data, n);
}

/* The zone: what has which records. */
static size_t answer(const char *name, unsigned int type, unsigned char *p, unsigned int *count)
{
	static const unsigned char loopback[4] = { 127, 0, 0, 1 };
	size_t n = 0;

	*count = 0;
	if (type == 33)
		srv_queries++;
	if (type == 33 && !strcasecmp(name, "_sip._udp.srv.test")) {
		n += put_srv(p + n, 20, two_port, "two.test");
		n += put_srv(p + n, 10, one_port, "one.test");
		*count = 2;
	} else if (type == 1 && (!strcasecmp(name, "one.test") || !strcasecmp(name, "two.test") ||
				 !strcasecmp(name, "plain.test"))) {
		n = put_rr(p, 1, loopback, 4);
		*count = 1;
	}
	return n;
}

static void dns_asked(struct ev_loop *loop, ev_io *io, int revents)
{
	unsigned char q[512], r[1024];
	struct sockaddr_storage from;
	socklen_t from_len = sizeof(from);
	char name[256] = "";
	unsigned int type, count;
	ssize_t len = recvfrom(dns_fd, q, sizeof(q), 0, (struct sockaddr *)&from, &from_len);
	size_t at = 12, n = 0, head;

	if (len < 17)
		return;
	while (q[at] && at < (size_t)len) {
		n += (size_t)snprintf(name + n, sizeof(name) - n, "%s%.*s", n ? "." : "", q[at],
				      (char *)q + at + 1);
		at += q[at] + 1u;
	}
	type = (unsigned int)q[at + 1] << 8 | q[at + 2];
	head = at + 5;
	memcpy(r, q, head);
	n = head + answer(name, type, r + head, &count);
	r[2] = 0x81;
	r[3] = count ? 0x80 : 0x83;
	put16(r + 4, 1);
	put16(r + 6, count);
	put16(r + 8, 0);
	put16(r + 10, 0);
	sendto(dns_fd, r, n, 0, (struct sockaddr *)&from, from_len);
}

FIXTURE(dns) {
	struct peer one, two;
};

FIXTURE_SETUP(dns)
{
	struct sockaddr_in addr = { .sin_family = AF_INET };
	socklen_t len = sizeof(addr);
	char servers[64];

	addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	dns_fd = socket(AF_INET, SOCK_DGRAM, 0);
	ASSERT_EQ(0, bind(dns_fd, (struct sockaddr *)&addr, len));
	getsockname(dns_fd, (struct sockaddr *)&addr, &len);
	snprintf(servers, sizeof(servers), "127.0.0.1:%u", ntohs(addr.sin_port));
	world_start_dns("127.0.0.1", servers);
	ev_io_init(&dns_io, dns_asked, dns_fd, EV_READ);
	ev_io_start(world.loop, &dns_io);
	peer_open(&self->one, "127.0.0.1");
	peer_open(&self->two, "127.0.0.1");
	one_port = self->one.port;
	two_port = self->two.port;
	srv_queries = 0;
}

FIXTURE_TEARDOWN(dns)
{
	peer_close(&self->one);
	peer_close(&self->two);
	ev_io_stop(world.loop, &dns_io);
	world_stop();
	close(dns_fd);
}

static void account(const char *server, bool registers)
{
	struct sip_account_config config = {
		.name = "dns", .user = "101", .registrar = registers ? server : NULL,
		.outbound_proxy = registers ? NULL : server, .expires_s = 600,
	};

	world_account(&config);
}

TEST_F(dns, srv_in_the_order_of_priority)
{
	account("srv.test", false);
	world_invite("1");
	EXPECT_TRUE(peer_recv(&self->one, "INVITE sip:1@srv.test SIP", 1000));
	EXPECT_EQ(1, srv_queries);
	/* the second call need not ask again */
	world_invite("2");
	EXPECT_TRUE(peer_recv(&self->one, "INVITE sip:2@", 500));
	EXPECT_EQ(1, srv_queries);
}

/* Who asks for his mailbox twice, while the name is looked up, subscribes once. */
TEST_F(dns, one_subscription)
{
	struct sip_account_config config = {
		.name = "dns", .user = "101", .outbound_proxy = "srv.test", .expires_s = 600,
		.subscribe_mailbox = true,
	};

	world_account(&config);
	for (int i = 0; i < 3; i++) {
		sip_mwi_start(world.account);
		ev_run(world.loop, EVRUN_NOWAIT);
	}
	ASSERT_TRUE(peer_recv(&self->one, "SUBSCRIBE ", 1000));
	peer_reply(&self->one, 200, "s", "Expires: 600\r\n", NULL);
	EXPECT_TRUE(peer_quiet(&self->one, 100));
	EXPECT_EQ(1, srv_queries);
}

TEST_F(dns, a_port_forbids_srv)
{
	char server[64];

	snprintf(server, sizeof(server), "plain.test:%u", self->two.port);
	account(server, false);
	world_invite("1");
	EXPECT_TRUE(peer_recv(&self->two, "INVITE ", 1000));
	EXPECT_EQ(0, srv_queries);
}

TEST_F(dns, a_name_that_is_none)
{
	account("nowhere.test", false);
	world_invite("1");
	EXPECT_TRUE(world_wait("failed", 3000));
	EXPECT_STREQ("failed 0/3;", world_log());
}

TEST_F(dns, next_server_on_503)
{
	account("srv.test", false);
	world_invite("1");
	ASSERT_TRUE(peer_recv(&self->one, "INVITE ", 1000));
	peer_keep(&self->one);
	peer_reply(&self->one, 503, "t", NULL, NULL);
	EXPECT_TRUE(peer_recv(&self->one, "ACK ", 500));
	ASSERT_TRUE(peer_recv(&self->two, "INVITE ", 500));
	EXPECT_STREQ(header(self->one.invite, "Call-ID"), header(self->two.rx, "Call-ID"));
	EXPECT_STRNE(header(self->one.invite, "Via"), header(self->two.rx, "Via"));
	peer_reply(&self->two, 503, "t", NULL, NULL);
	EXPECT_TRUE(world_wait("failed", 500));
	EXPECT_STREQ("failed 503/0;", world_log());
}

TEST_F(dns, next_server_on_silence_then_stays)
{
	account("srv.test", false);
	world_invite("1");
	ASSERT_TRUE(peer_recv(&self->one, "INVITE ", 1000));
	ASSERT_TRUE(peer_recv(&self->two, "INVITE ", 8 * T1_MS + 300));
	peer_reply(&self->two, 404, "t", NULL, NULL);
	EXPECT_TRUE(world_wait("failed 404", 500));
	/* who answered is asked first from now on */
	world_invite("2");
	EXPECT_TRUE(peer_recv(&self->two, "INVITE sip:2@", 500));
}

TEST_F(dns, next_server_on_icmp)
{
	account("srv.test", false);
	peer_close(&self->one);
	world_invite("1");
	EXPECT_TRUE(peer_recv(&self->two, "INVITE ", 1000));
}

TEST_F(dns, registration_fails_over_and_calls_follow)
{
	account("srv.test", true);
	ASSERT_TRUE(peer_recv(&self->one, "REGISTER ", 1000));
	ASSERT_TRUE(peer_recv(&self->two, "REGISTER ", 8 * T1_MS + 300));
	peer_reply(&self->two, 200, "r", "Expires: 600\r\n", NULL);
	ASSERT_TRUE(world_wait("reg ok", 500));
	world_invite("1");
	EXPECT_TRUE(peer_recv(&self->two, "INVITE ", 500));
	EXPECT_FALSE(peer_recv(&self->one, "INVITE", 50));
}

/* Nobody answers: both times a question is asked, for 4*T1 and 8*T1, of SRV and of A. */
#define DEAF_MS (2 * (4 + 8) * T1_MS)

TEST_F(dns, a_deaf_name_server_at_the_start)
{
	ev_io_stop(world.loop, &dns_io);
	account("srv.test", true);
	world_invite("1");
	EXPECT_TRUE(world_wait("failed 0/3;", DEAF_MS + 300));
	EXPECT_TRUE(world_wait("reg failed 0;", 100));
	/* and when it has its hearing again, the next call finds its way */
	ev_io_start(world.loop, &dns_io);
	world_invite("2");
	EXPECT_TRUE(peer_recv(&self->one, "INVITE sip:2@", 1000));
}

/* Who is at the telephone does not wait for it: the server is where it was. */
TEST_F(dns, a_deaf_name_server_later)
{
	account("srv.test", true);
	ASSERT_TRUE(peer_recv(&self->one, "REGISTER ", 1000));
	peer_reply(&self->one, 200, "r", "Expires: 2\r\n", NULL);
	ASSERT_TRUE(world_wait("reg ok 200;", 500));
	ev_io_stop(world.loop, &dns_io);
	world.account->targets_until = 0.;
	world_invite("1");
	EXPECT_TRUE(peer_recv(&self->one, "INVITE sip:1@", DEAF_MS / 2));
	peer_reply(&self->one, 404, "t", NULL, NULL);
	EXPECT_TRUE(world_wait("failed 404/0;", 500));
	/* nor is the registration lost */
	world.account->targets_until = 0.;
	EXPECT_TRUE(peer_recv(&self->one, "REGISTER ", 1500 + DEAF_MS));
	EXPECT_EQ(SIP_REG_OK, sip_account_state(world.account));
}

TEST_HARNESS_MAIN
