/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sdp: session descriptions (RFC 8866) and offer/answer (RFC 3264) for one
 * stream of speech. Bounded: nothing is allocated, every list has an end, and
 * a text from the network is read only up to its length.
 */
#ifndef POTS_AGENT_SDP_H
#define POTS_AGENT_SDP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SDP_TEXT_MAX	8192	/* a longer description is refused */
#define SDP_MEDIA_MAX	8
#define SDP_ADDRESS_MAX	46
#define SDP_WRITE_MAX	1024	/* room that the writers ever need */

enum sdp_codec { SDP_PCMU, SDP_PCMA, SDP_CODEC_COUNT };

/* Seen from whose description it is. */
#define SDP_SEND	1u
#define SDP_RECEIVE	2u
#define SDP_SENDRECV	(SDP_SEND | SDP_RECEIVE)

struct sdp_address {
	bool v6;
	bool set;
	char text[SDP_ADDRESS_MAX];	/* a valid literal */
};

/* One m= line: as much as an answer must repeat, and what speech needs. */
struct sdp_media {
	char type[16];
	char proto[24];
	char format[16];		/* the first one */
	uint16_t port;
	bool audio;			/* RTP/AVP audio, port not 0 */
	struct sdp_address address;
	struct sdp_address rtcp_address;
	uint16_t rtcp_port;		/* 0 = port + 1 */
	unsigned int direction;
	unsigned int codec_count;
	enum sdp_codec codec[SDP_CODEC_COUNT]; /* in the order of preference */
	int event_pt;			/* telephone-event, -1 = none */
	int flash_pt;			/* the one that may be hook flash, too */
	unsigned int ptime_ms;		/* 0 = not said */
	unsigned int maxptime_ms;	/* 0 = not said */
};

struct sdp {
	unsigned int media_count;
	struct sdp_media media[SDP_MEDIA_MAX];
};

/* What we have to offer. */
struct sdp_local {
	struct sdp_address address;
	uint16_t port;
	uint64_t session_id;
	unsigned int version;
	unsigned int codec_count;
	enum sdp_codec codec[SDP_CODEC_COUNT]; /* in the order of preference */
	unsigned int ptime_ms;
	int event_pt;			/* -1 = none */
	bool flash;			/* events are 0-16 */
};

/* What both sides agreed on. */
struct sdp_session {
	unsigned int media;		/* the m= line that is used */
	struct sdp_address remote;
	uint16_t remote_port;
	struct sdp_address remote_rtcp;	/* not set = remote */
	uint16_t remote_rtcp_port;
	enum sdp_codec codec;
	unsigned int ptime_ms;		/* of what we send */
	int event_pt_send, event_pt_receive;
	bool flash_send;
	unsigned int direction;		/* ours */
};

/* 0, -EINVAL (not a description) or -E2BIG. */
int sdp_parse(struct sdp *sdp, const char *text, size_t len);

/* The other side's offer: 0, or -ENOTSUP when nothing in it suits. */
int sdp_choose(struct sdp_session *session, const struct sdp *offer,
	       const struct sdp_local *local);
/* The answer to our own offer: the same. */
int sdp_accept(struct sdp_session *session, const struct sdp *answer,
	       const struct sdp_local *local);

/* Both return the length, or -ENOSPC. */
int sdp_write_offer(char *text, size_t size, const struct sdp_local *local);
int sdp_write_answer(char *text, size_t size, const struct sdp_local *local,
		     const struct sdp *offer, const struct sdp_session *session);

int sdp_address_set(struct sdp_address *address, const char *literal);
uint8_t sdp_codec_pt(enum sdp_codec codec);
const char *sdp_codec_name(enum sdp_codec codec);

#endif /* POTS_AGENT_SDP_H */
