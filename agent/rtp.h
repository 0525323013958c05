/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rtp: packets of RFC 3550, built and taken apart. Pure.
 */
#ifndef POTS_AGENT_RTP_H
#define POTS_AGENT_RTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RTP_HEADER	12
#define RTP_PACKET_MAX	1500

struct rtp_packet {
	uint8_t pt;
	bool marker;
	uint16_t seq;
	uint32_t timestamp;
	uint32_t ssrc;
	const uint8_t *payload;
	size_t payload_len;
};

/* Takes @data apart; @packet points into it. 0 or -EBADMSG. */
int rtp_parse(struct rtp_packet *packet, const uint8_t *data, size_t len);

/* Writes the header of RTP_HEADER bytes; the payload follows it. */
void rtp_write_header(uint8_t *data, const struct rtp_packet *packet);

static inline uint16_t rtp_get16(const uint8_t *p)
{
	return p[0] << 8 | p[1];
}

static inline uint32_t rtp_get32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3];
}

static inline void rtp_put16(uint8_t *p, uint16_t value)
{
	p[0] = value >> 8;
	p[1] = value;
}

static inline void rtp_put32(uint8_t *p, uint32_t value)
{
	rtp_put16(p, value >> 16);
	rtp_put16(p + 2, value);
}

#endif /* POTS_AGENT_RTP_H */
