// SPDX-License-Identifier: GPL-2.0-or-later
#include "rtcp.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define SENDER_REPORT	200
#define RECEIVER_REPORT	201
#define SDES		202
#define GOODBYE		203

#define VERSION_2	0x80
#define HEADER		8	/* with the sender's SSRC */
#define SENDER_INFO	20
#define BLOCK		24

#define NTP_1970	2208988800ULL
#define US		1000000ULL

void rtcp_init(struct rtcp *rtcp, uint32_t ssrc)
{
	memset(rtcp, 0, sizeof(*rtcp));
	rtcp->ssrc = ssrc;
}

void rtcp_sent(struct rtcp *rtcp, uint32_t timestamp, size_t bytes, uint64_t now_us)
{
	rtcp->sent_packets++;
	rtcp->sent_bytes += bytes;
	rtcp->sent_timestamp = timestamp;
	rtcp->sent_us = now_us;
}

static uint32_t transit_of(const struct rtp_packet *packet, uint64_t now_us)
{
	return (uint32_t)(now_us * 8 / 1000) - packet->timestamp;
}

static void begin_source(struct rtcp *rtcp, const struct rtp_packet *packet,
			 uint64_t now_us)
{
	rtcp->heard = true;
	rtcp->peer_ssrc = packet->ssrc;
	rtcp->highest_seq = packet->seq;
	rtcp->base_seq = packet->seq;
	rtcp->cycles = 0;
	rtcp->received = 0;
	rtcp->expected_before = 0;
	rtcp->received_before = 0;
	rtcp->jitter_16 = 0;
	rtcp->transit = transit_of(packet, now_us);
}

void rtcp_received(struct rtcp *rtcp, const struct rtp_packet *packet, uint64_t now_us)
{
	int16_t step = packet->seq - rtcp->highest_seq;
	uint32_t transit = transit_of(packet, now_us);
	int32_t change = transit - rtcp->transit;

	if (!rtcp->heard || rtcp->peer_ssrc != packet->ssrc) {
		begin_source(rtcp, packet, now_us);
		step = 0;
		change = 0;
	}
	rtcp->received++;
	if (step > 0) {
		if (packet->seq < rtcp->highest_seq)
			rtcp->cycles += 1 << 16;
		rtcp->highest_seq = packet->seq;
	}
	rtcp->transit = transit;
	rtcp->jitter_16 += abs(change) - ((rtcp->jitter_16 + 8) >> 4);
}

static uint32_t highest(const struct rtcp *rtcp)
{
	return rtcp->cycles + rtcp->highest_seq;
}

/* The middle 32 bits of an NTP timestamp. */
static uint32_t short_ntp(uint64_t wall_us)
{
	uint64_t seconds = wall_us / US + NTP_1970;

	return seconds << 16 | ((wall_us % US) << 16) / US;
}

static void write_block(struct rtcp *rtcp, uint8_t *p, uint64_t now_us)
{
	uint32_t expected = highest(rtcp) - rtcp->base_seq + 1;
	uint32_t expected_now = expected - rtcp->expected_before;
	uint32_t received_now = rtcp->received - rtcp->received_before;
	int32_t lost_now = expected_now - received_now;
	int32_t lost = expected - rtcp->received;

	rtcp->expected_before = expected;
	rtcp->received_before = rtcp->received;
	if (lost > 0x7fffff)
		lost = 0x7fffff;

	rtp_put32(p, rtcp->peer_ssrc);
	rtp_put32(p + 4, lost & 0xffffff);
	p[4] = lost_now > 0 && expected_now ? lost_now * 256LL / expected_now > 255 ? 255 :
		lost_now * 256LL / expected_now : 0;
	rtp_put32(p + 8, highest(rtcp));
	rtp_put32(p + 12, rtcp->jitter_16 >> 4);
	rtp_put32(p + 16, rtcp->last_sr);
	rtp_put32(p + 20, rtcp->last_sr ? (now_us - rtcp->last_sr_us) * 65536 / US : 0);
}

static void write_header(uint8_t *p, unsigned int count, unsigned int type, size_t len)
{
	p[0] = VERSION_2 | count;
	p[1] = type;
	rtp_put16(p + 2, len / 4 - 1);
}

static size_t write_sender_info(const struct rtcp *rtcp, uint8_t *p, uint64_t now_us,
				uint64_t wall_us)
{
	rtp_put32(p, wall_us / US + NTP_1970);
	rtp_put32(p + 4, ((wall_us % US) << 32) / US);
	rtp_put32(p + 8, rtcp->sent_timestamp + (now_us - rtcp->sent_us) * 8 / 1000);
	rtp_put32(p + 12, rtcp->sent_packets);
	rtp_put32(p + 16, rtcp->sent_bytes);
	return SENDER_INFO;
}

/* A CNAME that says nothing about us: the SSRC in hexadecimal (RFC 7022). */
static size_t write_sdes(const struct rtcp *rtcp, uint8_t *p)
{
	static const char hex[] = "0123456789abcdef";
	size_t len = 20;
	int i;

	memset(p, 0, len);
	write_header(p, 1, SDES, len);
	rtp_put32(p + 4, rtcp->ssrc);
	p[8] = 1;
	p[9] = 8;
	for (i = 0; i < 8; i++)
		p[10 + i] = hex[rtcp->ssrc >> (28 - 4 * i) & 15];
	return len;
}

size_t rtcp_write(struct rtcp *rtcp, uint8_t data[RTCP_PACKET_MAX], uint64_t now_us,
		  uint64_t wall_us, bool bye)
{
	bool sender = rtcp->sent_packets;
	size_t len = HEADER;

	if (sender)
		len += write_sender_info(rtcp, data + len, now_us, wall_us);
	if (rtcp->heard) {
		write_block(rtcp, data + len, now_us);
		len += BLOCK;
	}
	write_header(data, rtcp->heard, sender ? SENDER_REPORT : RECEIVER_REPORT, len);
	rtp_put32(data + 4, rtcp->ssrc);
	len += write_sdes(rtcp, data + len);
	if (bye) {
		write_header(data + len, 1, GOODBYE, HEADER);
		rtp_put32(data + len + 4, rtcp->ssrc);
		len += HEADER;
	}
	return len;
}

static void read_block(struct rtcp *rtcp, const uint8_t *p, uint64_t wall_us)
{
	uint32_t last_sr = rtp_get32(p + 16), delay = rtp_get32(p + 20);
	int32_t trip = short_ntp(wall_us) - last_sr - delay;

	if (rtp_get32(p) != rtcp->ssrc)
		return;
	rtcp->remote_lost_permille = p[4] * 1000 / 256;
	/* more than 4 s, or negative: the peer's arithmetic is wrong */
	if (last_sr && trip >= 0 && trip < 4 << 16)
		rtcp->round_trip_us = (uint64_t)trip * US / 65536;
}

static void read_report(struct rtcp *rtcp, const uint8_t *p, size_t len, uint64_t now_us,
			uint64_t wall_us)
{
	size_t at = HEADER, count = p[0] & 31;

	if (p[1] == SENDER_REPORT) {
		if (len < HEADER + SENDER_INFO)
			return;
		rtcp->last_sr = rtp_get32(p + 10);
		rtcp->last_sr_us = now_us;
		at += SENDER_INFO;
	}
	for (; count && at + BLOCK <= len; count--, at += BLOCK)
		read_block(rtcp, p + at, wall_us);
}

int rtcp_read(struct rtcp *rtcp, const uint8_t *data, size_t len, uint64_t now_us,
	      uint64_t wall_us)
{
	size_t at = 0;

	while (at < len) {
		const uint8_t *p = data + at;
		size_t size;

		if (len - at < HEADER || (p[0] & 0xc0) != VERSION_2)
			return -EBADMSG;
		size = (rtp_get16(p + 2) + 1) * 4;
		if (size > len - at)
			return -EBADMSG;
		if (size >= HEADER && (p[1] == SENDER_REPORT || p[1] == RECEIVER_REPORT))
			read_report(rtcp, p, size, now_us, wall_us);
		at += size;
	}
	return 0;
}
