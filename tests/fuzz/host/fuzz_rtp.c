// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The packets of one stream: speech, digits and reports, in any order and at
 * any time, through the jitter buffer to the line.
 *
 * An input is packets: two bytes of length and kind, two of time, the packet.
 */
#include "g711.h"
#include "input.h"
#include "jitter.h"
#include "rtcp.h"
#include "rtp.h"
#include "telephone_event.h"

#define EVENT_PT	101

static struct jitter jitter;
static struct rtcp rtcp;
static struct telephone_event_receiver digits;
static bool digit_on;

/* A digit may end another one, or begin and end in one packet. */
static void hear_digits(const struct telephone_event_news *news)
{
	MUST(!news->begin || news->digit <= TELEPHONE_EVENT_FLASH);
	MUST(!news->end || news->ended <= TELEPHONE_EVENT_FLASH);
	MUST(!news->end || digit_on);
	MUST(!news->whole || news->begin);
	if (news->end)
		digit_on = false;
	if (news->begin) {
		MUST(!digit_on);
		digit_on = !news->whole;
	}
	MUST(digit_on == digits.active);
}

static void play(uint64_t now_us, int ahead_us)
{
	struct telephone_event_news news;
	int16_t out[JITTER_OUT_MAX];
	unsigned int turns = 0;
	size_t samples;

	do {
		samples = jitter_get(&jitter, out, ahead_us, !turns && ahead_us < 5000);
		MUST(samples <= JITTER_OUT_MAX && samples % 8 == 0);
		MUST(++turns < 1000);
		ahead_us += (int)samples * 125;
	} while (samples);
	telephone_event_timeout(&digits, now_us, &news);
	hear_digits(&news);
}

static void take_rtp(const uint8_t *data, size_t size, uint64_t now_us, int ahead_us)
{
	struct telephone_event_news news;
	struct jitter_packet in = { 0 };
	struct rtp_packet packet;

	if (rtp_parse(&packet, data, size))
		return;
	MUST(packet.payload >= data && packet.payload + packet.payload_len <= data + size);
	rtcp_received(&rtcp, &packet, now_us);
	in.seq = packet.seq;
	in.timestamp = packet.timestamp;
	if (packet.pt == EVENT_PT) {
		if (!telephone_event_put(&digits, packet.payload, packet.payload_len,
					 packet.timestamp, now_us, &news))
			hear_digits(&news);
	} else {
		in.codec = packet.pt ? &g711_alaw : &g711_ulaw;
		in.payload = packet.payload;
		in.len = packet.payload_len;
	}
	jitter_put(&jitter, &in, ahead_us);
}

static void report(uint64_t now_us)
{
	uint8_t data[RTCP_PACKET_MAX];
	size_t len = rtcp_write(&rtcp, data, now_us, now_us + 1, true);

	MUST(len && len <= sizeof(data) && len % 4 == 0);
	MUST(!rtcp_read(&rtcp, data, len, now_us, now_us + 1));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = { data, size };
	uint64_t now_us = 1000000;

	jitter_init(&jitter, size & 1 ? 0 : 40, 200);
	rtcp_init(&rtcp, 1);
	memset(&digits, 0, sizeof(digits));
	digit_on = false;
	while (input.left) {
		uint16_t head = take16(&input), time = take16(&input);
		size_t len = head & 0x3ff;
		int ahead_us = (time & 0xff) * 1000;
		uint8_t *packet;

		now_us += (uint64_t)time * 100;
		len = len < input.left ? len : input.left;
		packet = copy_exact(input.at, len);
		take(&input, packet, len);
		if (head & 0x8000)
			rtcp_read(&rtcp, packet, len, now_us, now_us);
		else
			take_rtp(packet, len, now_us, ahead_us);
		if (head & 0x4000)
			report(now_us);
		if (head & 0x2000)
			jitter_restart(&jitter);
		free(packet);
		play(now_us, ahead_us);
	}
	return 0;
}
