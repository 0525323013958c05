/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * media: speech between claims and RTP, in a thread of its own that never
 * waits for anything but its sockets and claims, and allocates nothing in its
 * loop.
 *
 * All functions are called from the main thread and do not block; they reach
 * the thread through one ring. Functions return 0 or a negative errno.
 */
#ifndef POTS_AGENT_MEDIA_H
#define POTS_AGENT_MEDIA_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

struct ev_loop;
struct media;
struct media_stream;

enum media_codec { MEDIA_PCMU, MEDIA_PCMA };

struct media_config {
	uint16_t port_min, port_max;	/* RTP ports, even ones are used */
	int dscp;			/* 46 = EF */
	int fifo_priority;		/* SCHED_FIFO priority, 0 = ordinary */
	unsigned int jitter_min_ms;	/* 0 */
	unsigned int jitter_max_ms;	/* 200 */
};

/* Events come on the main loop. */
struct media_events {
	/* RFC 4733 digit from the peer: begin and end. @digit: POTS_DIGIT_* */
	void (*digit)(void *user, unsigned int digit, bool begin, unsigned int ms);
	/* No packet for so long while receiving was on. */
	void (*silent)(void *user, unsigned int ms);
	/* The claim's fd failed (port gone): -errno. */
	void (*port_lost)(void *user, int error);
};

struct media_params {
	int claim_fd;			/* borrowed until media_close(); audio is
					 * started and stopped by this side; -1 = none
					 */
	struct sockaddr_storage remote;	/* RTP, as negotiated; RTCP = +1 or rtcp */
	struct sockaddr_storage remote_rtcp; /* ss_family 0 = RTP port + 1 */
	enum media_codec codec;
	uint8_t pt;			/* payload type both ways, 0 or 8 */
	int event_pt_send;		/* RFC 4733 toward the peer, -1 = none */
	int event_pt_receive;		/* RFC 4733 from the peer, -1 = none */
	unsigned int ptime_ms;		/* of what we send: 10, 20, 30 */
	bool send, receive;		/* direction */
};

struct media_stats {
	uint64_t sent_packets, received_packets;
	uint64_t lost, late, duplicate, refused_source;
	uint64_t concealed_ms, inserted_ms, removed_ms;
	uint32_t jitter_us;		/* RFC 3550 6.4.1 */
	uint32_t delay_ms;		/* what the jitter buffer holds now */
	uint32_t round_trip_us;		/* from RTCP, 0 = unknown */
	uint32_t remote_lost_permille;	/* from the peer's reports */
};

struct media *media_new(struct ev_loop *loop, const struct media_config *config);
void media_free(struct media *media);

/* Binds an even RTP port and RTCP above it on @local. */
int media_open(struct media *media, const struct sockaddr *local,
	       const struct media_events *events, void *user,
	       struct media_stream **stream);
uint16_t media_port(const struct media_stream *stream);

/* Starts or changes the stream. */
int media_update(struct media_stream *stream, const struct media_params *params);

#define MEDIA_FLASH 16	/* as a digit: the event of a hook flash */

/* Sends one RFC 4733 digit; a following one waits for its end. */
int media_send_digit(struct media_stream *stream, unsigned int digit, unsigned int ms);

/* A consistent copy of the counters; cheap. */
void media_get_stats(const struct media_stream *stream, struct media_stats *stats);

/*
 * Sound stops at once; claim_fd is not touched any more when this returns
 * (waits for the thread at most one pass of its loop). The stream is gone.
 */
void media_close(struct media_stream *stream);

#endif /* POTS_AGENT_MEDIA_H */
