/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rtcp: reports of RFC 3550 section 6: what we tell the peer about its stream,
 * and what it tells about ours. Pure.
 */
#ifndef POTS_AGENT_RTCP_H
#define POTS_AGENT_RTCP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rtp.h"

#define RTCP_PACKET_MAX	128

/**
 * struct rtcp - one session's accounts; all fields but the last are private
 */
struct rtcp {
	uint32_t ssrc;
	uint32_t sent_packets, sent_bytes;
	uint32_t sent_timestamp;	/* of the last packet, and when */
	uint64_t sent_us;
	/* what came from the peer, RFC 3550 appendix A */
	bool heard;
	uint32_t peer_ssrc;
	uint16_t highest_seq;
	uint32_t cycles, base_seq, received;
	uint32_t expected_before, received_before;
	uint32_t transit;
	uint32_t jitter_16;		/* samples, times 16 */
	uint32_t last_sr;		/* middle of its timestamp, and when it came */
	uint64_t last_sr_us;
	/* for media_stats */
	uint32_t round_trip_us;
	uint32_t remote_lost_permille;
};

void rtcp_init(struct rtcp *rtcp, uint32_t ssrc);

void rtcp_sent(struct rtcp *rtcp, uint32_t timestamp, size_t bytes, uint64_t now_us);
void rtcp_received(struct rtcp *rtcp, const struct rtp_packet *packet, uint64_t now_us);

/*
 * Writes a sender or receiver report, SDES, and with @bye the goodbye.
 * @now_us is monotonic, @wall_us since 1970. Returns the length.
 */
size_t rtcp_write(struct rtcp *rtcp, uint8_t data[RTCP_PACKET_MAX], uint64_t now_us,
		  uint64_t wall_us, bool bye);

/* Takes the peer's reports: 0 or -EBADMSG. */
int rtcp_read(struct rtcp *rtcp, const uint8_t *data, size_t len, uint64_t now_us,
	      uint64_t wall_us);

static inline uint32_t rtcp_jitter_us(const struct rtcp *rtcp)
{
	return rtcp->jitter_16 * 125 / 16;
}

#endif /* POTS_AGENT_RTCP_H */
