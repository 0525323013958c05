// SPDX-License-Identifier: GPL-2.0-or-later
/* Two ends exchange reports about each other's stream. */
#include "../ktap.h"
#include "rtcp.h"

#include <stdlib.h>

#define MS	1000ULL
#define WALL	(1700000000ULL * 1000 * MS)

static struct rtcp a, b;
static uint64_t now;

/* A packet of @a's that reaches @b after @delay_us, or not at all. */
static void carry(uint16_t seq, uint32_t delay_us, bool lost)
{
	const struct rtp_packet packet = {
		.seq = seq, .timestamp = seq * 160u, .ssrc = a.ssrc,
	};

	rtcp_sent(&a, packet.timestamp, 160, now);
	if (!lost)
		rtcp_received(&b, &packet, now + delay_us);
	now += 20 * MS;
}

static void restart(void)
{
	now = 5000 * MS;
	rtcp_init(&a, 0xaaaaaaaa);
	rtcp_init(&b, 0xbbbbbbbb);
}

static int exchange(struct rtcp *from, struct rtcp *to, uint64_t trip_us)
{
	uint8_t data[RTCP_PACKET_MAX];
	size_t len = rtcp_write(from, data, now, WALL + now, false);

	CHECK(len <= sizeof(data) && len % 4 == 0, "%zu bytes", len);
	now += trip_us;
	return rtcp_read(to, data, len, now, WALL + now);
}

static void test_loss_and_round_trip(void)
{
	unsigned int i;

	restart();
	/* over the wrap of the sequence numbers, every tenth one lost */
	for (i = 0; i < 200; i++)
		carry(65500 + i, 1000, i % 10 == 5);
	CHECK(!exchange(&a, &b, 30 * MS), "refused");
	now += 2000 * MS;
	CHECK(!exchange(&b, &a, 50 * MS), "refused");
	CHECK(abs((int)a.round_trip_us - 80000) < 100, "%u us", a.round_trip_us);
	CHECK(a.remote_lost_permille >= 95 && a.remote_lost_permille <= 105, "%u permille",
	      a.remote_lost_permille);

	/* the next report is about what came since */
	for (i = 200; i < 300; i++)
		carry(65500 + i, 1000, false);
	exchange(&b, &a, 50 * MS);
	CHECK(!a.remote_lost_permille, "%u permille", a.remote_lost_permille);
}

static void test_jitter(void)
{
	unsigned int i;

	restart();
	for (i = 0; i < 1000; i++)
		carry(i, i % 2 ? 5000 : 15000, false);
	/* 10 ms between neighbours: RFC 3550's estimate goes there */
	CHECK(rtcp_jitter_us(&b) > 9000 && rtcp_jitter_us(&b) < 11000, "%u us",
	      rtcp_jitter_us(&b));
}

static void test_goodbye_and_silence(void)
{
	uint8_t data[RTCP_PACKET_MAX];
	size_t len;

	restart();
	len = rtcp_write(&a, data, now, WALL, true);
	CHECK(data[1] == 201 && data[0] == 0x80, "not an empty receiver report");
	CHECK(data[len - 8 + 1] == 203, "no goodbye");
	CHECK(!rtcp_read(&b, data, len, now, WALL), "refused");
}

static void test_hostile(void)
{
	unsigned int round;

	restart();
	carry(1, 0, false);
	srand(2);
	for (round = 0; round < 50000; round++) {
		uint8_t good[RTCP_PACKET_MAX], *data;
		size_t len = rtcp_write(&a, good, now, WALL, round & 1), i;

		len = rand() % (len + 1);
		data = malloc(len + !len);
		memcpy(data, good, len);
		for (i = rand() % 4; i && len; i--)
			data[rand() % len] = rand();
		rtcp_read(&b, data, len, now, WALL);
		free(data);
	}
	CHECK(b.round_trip_us <= 4000000, "%u us", b.round_trip_us);
}

KTAP_MAIN(TEST(test_loss_and_round_trip), TEST(test_jitter),
	  TEST(test_goodbye_and_silence), TEST(test_hostile))
