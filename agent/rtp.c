// SPDX-License-Identifier: GPL-2.0-or-later
#include "rtp.h"

#include <errno.h>

#define VERSION_MASK	0xc0
#define VERSION_2	0x80
#define PADDING		0x20
#define EXTENSION	0x10
#define CSRC_COUNT	0x0f
#define MARKER		0x80

int rtp_parse(struct rtp_packet *packet, const uint8_t *data, size_t len)
{
	size_t header = RTP_HEADER, padding = 0;

	if (len < RTP_HEADER || (data[0] & VERSION_MASK) != VERSION_2)
		return -EBADMSG;

	header += 4 * (data[0] & CSRC_COUNT);
	if (data[0] & EXTENSION) {
		if (len < header + 4)
			return -EBADMSG;
		header += 4 + 4 * rtp_get16(data + header + 2);
	}
	if (data[0] & PADDING) {
		padding = data[len - 1];
		if (!padding)
			return -EBADMSG;
	}
	if (len < header + padding)
		return -EBADMSG;

	packet->pt = data[1] & ~MARKER;
	packet->marker = data[1] & MARKER;
	packet->seq = rtp_get16(data + 2);
	packet->timestamp = rtp_get32(data + 4);
	packet->ssrc = rtp_get32(data + 8);
	packet->payload = data + header;
	packet->payload_len = len - header - padding;
	return 0;
}

void rtp_write_header(uint8_t *data, const struct rtp_packet *packet)
{
	data[0] = VERSION_2;
	data[1] = packet->pt | (packet->marker ? MARKER : 0);
	rtp_put16(data + 2, packet->seq);
	rtp_put32(data + 4, packet->timestamp);
	rtp_put32(data + 8, packet->ssrc);
}
