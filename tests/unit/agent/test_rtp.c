// SPDX-License-Identifier: GPL-2.0-or-later
/* RTP headers, right ones and wrong ones. */
#include "../ktap.h"
#include "rtp.h"

#include <errno.h>
#include <stdlib.h>

static void test_round_trip(void)
{
	const struct rtp_packet out = {
		.pt = 8, .marker = true, .seq = 0xfffe, .timestamp = 0xdeadbeef,
		.ssrc = 0x01020304,
	};
	uint8_t data[RTP_HEADER + 160] = {};
	struct rtp_packet in;

	rtp_write_header(data, &out);
	CHECK(!rtp_parse(&in, data, sizeof(data)), "refused");
	CHECK(in.pt == 8 && in.marker && in.seq == 0xfffe, "%u %u", in.pt, in.seq);
	CHECK(in.timestamp == 0xdeadbeef && in.ssrc == 0x01020304, "%x", in.timestamp);
	CHECK(in.payload == data + 12 && in.payload_len == 160, "%zu", in.payload_len);
}

struct header_case {
	const char *name;
	uint8_t data[32];
	size_t len;
	int result;
	size_t payload_len;
};

static const struct header_case cases[] = {
	{ "bare header", { 0x80 }, 12, 0, 0 },
	{ "too short", { 0x80 }, 11, -EBADMSG, 0 },
	{ "empty", { 0 }, 0, -EBADMSG, 0 },
	{ "version 1", { 0x40 }, 20, -EBADMSG, 0 },
	{ "two CSRCs", { 0x82 }, 24, 0, 4 },
	{ "CSRCs beyond the end", { 0x8f }, 24, -EBADMSG, 0 },
	{ "extension of one word", { [0] = 0x90, [15] = 1 }, 24, 0, 4 },
	{ "extension beyond the end", { [0] = 0x90, [15] = 9 }, 24, -EBADMSG, 0 },
	{ "extension cut off", { 0x90 }, 14, -EBADMSG, 0 },
	{ "padding of 4", { [0] = 0xa0, [23] = 4 }, 24, 0, 8 },
	{ "padding of 0", { 0xa0 }, 24, -EBADMSG, 0 },
	{ "more padding than packet", { [0] = 0xa0, [23] = 13 }, 24, -EBADMSG, 0 },
};

static void test_headers(void)
{
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		/* of just that size, for the address sanitizer */
		uint8_t *data = malloc(cases[i].len + !cases[i].len);
		struct rtp_packet packet = {};
		int result;

		memcpy(data, cases[i].data, cases[i].len);
		result = rtp_parse(&packet, data, cases[i].len);
		CHECK(result == cases[i].result, "%s: %d", cases[i].name, result);
		CHECK(result || packet.payload_len == cases[i].payload_len, "%s: %zu bytes",
		      cases[i].name, packet.payload_len);
		free(data);
	}
}

static void test_random(void)
{
	unsigned int round;

	srand(1);
	for (round = 0; round < 20000; round++) {
		size_t len = rand() % 40, i;
		uint8_t *data = malloc(len + !len);
		struct rtp_packet packet;

		for (i = 0; i < len; i++)
			data[i] = i ? rand() : 0x80 | rand() % 64;
		if (!rtp_parse(&packet, data, len))
			CHECK(packet.payload >= data &&
			      packet.payload + packet.payload_len <= data + len, "outside");
		free(data);
	}
}

KTAP_MAIN(TEST(test_round_trip), TEST(test_headers), TEST(test_random))
