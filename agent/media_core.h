/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * media_core: what the two sides of the media engine share. media.c runs in the
 * main thread, media_thread.c and media_flow.c in the media thread; they meet
 * only in two rings, each with one writer and one reader, and in the published
 * counters.
 */
#ifndef POTS_AGENT_MEDIA_CORE_H
#define POTS_AGENT_MEDIA_CORE_H

#include <ev.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>

#include "jitter.h"
#include "media.h"
#include "rtcp.h"
#include "telephone_event.h"

#define MEDIA_COMMANDS	64	/* powers of two */
#define MEDIA_NEWS	256
#define MEDIA_SAMPLES_MAX 480

enum media_op {
	MEDIA_ADD,
	MEDIA_UPDATE,
	MEDIA_DIGIT,
	MEDIA_REMOVE,
	MEDIA_QUIT,
};

struct media_command {
	enum media_op op;
	struct media_stream *stream;
	bool answer;		/* post @media->done when it is done */
	unsigned int digit, ms;
	struct media_params params;
};

enum media_news_type { MEDIA_NEWS_DIGIT, MEDIA_NEWS_SILENT, MEDIA_NEWS_LOST };

struct media_news {
	enum media_news_type type;
	struct media_stream *stream;	/* NULL: closed since */
	unsigned int digit, ms;
	bool begin;
	int error;
};

struct media {
	struct media_config config;
	struct ev_loop *loop;
	pthread_t thread;
	sem_t done;
	uint16_t last_port;		/* main: where the search for ports goes on */

	struct media_command commands[MEDIA_COMMANDS];
	atomic_uint commands_head, commands_tail;
	int wake_fd;			/* eventfd: commands wait */

	struct media_news news[MEDIA_NEWS];
	atomic_uint news_head, news_tail;
	ev_async news_async;

	/* media thread only */
	int epoll_fd;
	bool quit;
	struct media_stream *streams;
	uint64_t timer_us;		/* the next one of all streams, or UINT64_MAX */
};

enum media_source { MEDIA_FD_RTP, MEDIA_FD_RTCP, MEDIA_FD_CLAIM, MEDIA_FD_WAKE };

struct media_stream {
	struct media *media;
	const struct media_events *events;
	void *user;
	int rtp_fd, rtcp_fd;
	uint16_t port;

	/* main thread: what was asked of the claim */
	int claim_fd;
	unsigned int read_frames;
	atomic_bool claim_lost;

	/* published by the media thread, even when @version is */
	atomic_uint version;
	struct media_stats published;

	/* media thread only, from here */
	struct media_stream *next;
	struct media_params params;
	bool started;			/* params are valid */
	int line_fd;			/* the claim, while it is in use */
	uint32_t line_events;		/* what epoll was asked for it */
	unsigned int low_us;		/* the line's queue at which it asks for more */

	struct sockaddr_storage peer;	/* where packets go */
	bool learned;			/* from packets, not from the description */
	bool locked;
	unsigned int learned_packets;

	const struct g711 *codec;
	uint32_t ssrc, timestamp;
	uint16_t seq;
	bool talking;			/* a packet of speech was sent before this one */
	unsigned int filled;		/* samples of the next packet that are there */
	int16_t samples[MEDIA_SAMPLES_MAX];

	struct jitter jitter;
	int64_t dry_us;			/* when the line's queue will be empty */
	unsigned int writes;		/* since dry_us was asked of the kernel */

	struct telephone_event_sender digits_out;
	struct telephone_event_receiver digits_in;
	struct rtcp rtcp;
	uint64_t report_us, heard_us;
	struct media_stats stats;
};

/* media_thread.c */
void *media_thread(void *arg);
void media_tell(struct media *media, const struct media_news *news);
uint64_t media_now_us(void);
void media_watch_line(struct media_stream *stream, uint32_t events);

/* media_flow.c */
void media_flow_update(struct media_stream *stream, const struct media_params *params,
		       uint64_t now_us);
void media_flow_close(struct media_stream *stream, uint64_t now_us);
void media_flow_rtp(struct media_stream *stream, uint64_t now_us);
void media_flow_rtcp(struct media_stream *stream, uint64_t now_us);
void media_flow_line(struct media_stream *stream, uint32_t events, uint64_t now_us);
uint64_t media_flow_next_us(const struct media_stream *stream);
void media_flow_timer(struct media_stream *stream, uint64_t now_us);
void media_flow_publish(struct media_stream *stream);

#endif /* POTS_AGENT_MEDIA_CORE_H */
