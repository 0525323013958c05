// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The main thread's side of the media engine: sockets, commands, news.
 */
#include "media_core.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/pots.h>
#include <netinet/ip.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <unistd.h>

#include "log.h"

#define PRIORITY_VOICE	6	/* SO_PRIORITY of interactive traffic */
#define QUEUE_SPARE	60	/* frames beyond the largest delay */

/* ---------------------------------------------------------------- commands --- */

static int command(struct media *media, const struct media_command *command)
{
	unsigned int head = atomic_load_explicit(&media->commands_head,
						 memory_order_relaxed);
	unsigned int tail = atomic_load_explicit(&media->commands_tail,
						 memory_order_acquire);
	uint64_t one = 1;

	if (head - tail == MEDIA_COMMANDS)
		return -EAGAIN;
	media->commands[head % MEDIA_COMMANDS] = *command;
	atomic_store_explicit(&media->commands_head, head + 1, memory_order_release);
	if (write(media->wake_fd, &one, sizeof(one)) < 0)
		return -errno;

	while (command->answer && sem_wait(&media->done) && errno == EINTR)
		;
	return 0;
}

/* -------------------------------------------------------------------- news --- */

static void deliver(const struct media_news *news)
{
	const struct media_events *events = news->stream->events;
	void *user = news->stream->user;

	switch (news->type) {
	case MEDIA_NEWS_DIGIT:
		if (events->digit)
			events->digit(user, news->digit, news->begin, news->ms);
		break;
	case MEDIA_NEWS_SILENT:
		if (events->silent)
			events->silent(user, news->ms);
		break;
	case MEDIA_NEWS_LOST:
		if (events->port_lost)
			events->port_lost(user, news->error);
		break;
	}
}

static void on_news(struct ev_loop *loop, ev_async *async, int revents)
{
	struct media *media = async->data;
	unsigned int tail = atomic_load(&media->news_tail);

	(void)loop;
	(void)revents;
	while (tail != atomic_load_explicit(&media->news_head, memory_order_acquire)) {
		struct media_news news = media->news[tail % MEDIA_NEWS];

		atomic_store_explicit(&media->news_tail, ++tail, memory_order_release);
		if (news.stream)
			deliver(&news);
	}
}

/* News of a stream that is gone: they are ours until the tail has passed. */
static void forget_news(struct media *media, const struct media_stream *stream)
{
	unsigned int head = atomic_load_explicit(&media->news_head, memory_order_acquire);
	unsigned int at;

	for (at = atomic_load(&media->news_tail); at != head; at++)
		if (media->news[at % MEDIA_NEWS].stream == stream)
			media->news[at % MEDIA_NEWS].stream = NULL;
}

/* ------------------------------------------------------------------ engine --- */

static int start_thread(struct media *media)
{
	struct sched_param param = { .sched_priority = media->config.fifo_priority };
	sigset_t all, old;
	int err;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &old);
	err = pthread_create(&media->thread, NULL, media_thread, media);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (err)
		return -err;

	if (param.sched_priority) {
		err = pthread_setschedparam(media->thread, SCHED_FIFO, &param);
		if (err)
			log_warn("media", "no real-time priority: %s", strerror(err));
	}
	return 0;
}

static int watch_wake_fd(struct media *media)
{
	struct epoll_event event = { .events = EPOLLIN, .data.u64 = MEDIA_FD_WAKE };

	media->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	media->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (media->epoll_fd < 0 || media->wake_fd < 0)
		return -errno;
	if (epoll_ctl(media->epoll_fd, EPOLL_CTL_ADD, media->wake_fd, &event))
		return -errno;
	return 0;
}

struct media *media_new(struct ev_loop *loop, const struct media_config *config)
{
	struct media *media = calloc(1, sizeof(*media));

	if (!media)
		return NULL;
	media->loop = loop;
	media->config = *config;
	media->epoll_fd = -1;
	media->wake_fd = -1;
	media->timer_us = UINT64_MAX;
	sem_init(&media->done, 0, 0);
	ev_async_init(&media->news_async, on_news);
	media->news_async.data = media;

	if (watch_wake_fd(media) || start_thread(media)) {
		if (media->epoll_fd >= 0)
			close(media->epoll_fd);
		if (media->wake_fd >= 0)
			close(media->wake_fd);
		free(media);
		return NULL;
	}
	ev_async_start(loop, &media->news_async);
	/* It shall not keep the loop alive. */
	ev_unref(loop);
	return media;
}

void media_free(struct media *media)
{
	struct media_command quit = { .op = MEDIA_QUIT, .answer = true };

	command(media, &quit);
	pthread_join(media->thread, NULL);
	ev_ref(media->loop);
	ev_async_stop(media->loop, &media->news_async);
	close(media->epoll_fd);
	close(media->wake_fd);
	sem_destroy(&media->done);
	free(media);
}

/* ----------------------------------------------------------------- sockets --- */

static int open_socket(const struct media *media, const struct sockaddr *local,
		       uint16_t port)
{
	struct sockaddr_storage address = { .ss_family = local->sa_family };
	bool v6 = local->sa_family == AF_INET6;
	socklen_t len = v6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
	int tos = media->config.dscp << 2, priority = PRIORITY_VOICE;
	int fd = socket(local->sa_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return -errno;
	/* Marks are wishes: speech goes without them as well. */
	setsockopt(fd, v6 ? IPPROTO_IPV6 : IPPROTO_IP, v6 ? IPV6_TCLASS : IP_TOS, &tos,
		   sizeof(tos));
	setsockopt(fd, SOL_SOCKET, SO_PRIORITY, &priority, sizeof(priority));

	memcpy(&address, local, len);
	((struct sockaddr_in *)&address)->sin_port = htons(port);
	if (bind(fd, (const struct sockaddr *)&address, len)) {
		int err = -errno;

		close(fd);
		return err;
	}
	return fd;
}

static int open_pair(struct media_stream *stream, const struct sockaddr *local,
		     uint16_t port)
{
	stream->rtp_fd = open_socket(stream->media, local, port);
	if (stream->rtp_fd < 0)
		return stream->rtp_fd;
	stream->rtcp_fd = open_socket(stream->media, local, port + 1);
	if (stream->rtcp_fd < 0) {
		close(stream->rtp_fd);
		return stream->rtcp_fd;
	}
	stream->port = port;
	return 0;
}

/* Goes on from the last port, so that a late packet of the last call is lost. */
static int find_ports(struct media_stream *stream, const struct sockaddr *local)
{
	struct media *media = stream->media;
	unsigned int first = (media->config.port_min + 1) & ~1u;
	unsigned int pairs = media->config.port_max > first ?
			     (media->config.port_max - first + 1) / 2 : 0;
	unsigned int i, at = 0;
	int err = -EADDRINUSE;

	if (media->last_port >= first)
		at = (media->last_port - first) / 2 + 1;
	else if (pairs)
		at = getpid() % pairs;
	for (i = 0; i < pairs; i++) {
		uint16_t port = first + (at + i) % pairs * 2;

		err = open_pair(stream, local, port);
		if (!err)
			media->last_port = port;
		if (err != -EADDRINUSE)
			return err;
	}
	return err;
}

/* ----------------------------------------------------------------- streams --- */

static int begin_numbers(struct media_stream *stream)
{
	struct { uint32_t ssrc, timestamp, seq; } random;

	if (getrandom(&random, sizeof(random), 0) != sizeof(random))
		return -EIO;
	stream->ssrc = random.ssrc;
	stream->timestamp = random.timestamp;
	stream->seq = random.seq;
	rtcp_init(&stream->rtcp, stream->ssrc);
	return 0;
}

int media_open(struct media *media, const struct sockaddr *local,
	       const struct media_events *events, void *user,
	       struct media_stream **out)
{
	struct media_stream *stream = calloc(1, sizeof(*stream));
	struct media_command add = { .op = MEDIA_ADD, .stream = stream };
	int err;

	if (!stream)
		return -ENOMEM;
	stream->media = media;
	stream->events = events;
	stream->user = user;
	stream->claim_fd = -1;
	stream->line_fd = -1;
	jitter_init(&stream->jitter, media->config.jitter_min_ms,
		    media->config.jitter_max_ms);

	err = begin_numbers(stream);
	if (!err)
		err = find_ports(stream, local);
	if (err) {
		free(stream);
		return err;
	}
	err = command(media, &add);
	if (err) {
		close(stream->rtp_fd);
		close(stream->rtcp_fd);
		free(stream);
		return err;
	}
	*out = stream;
	return 0;
}

uint16_t media_port(const struct media_stream *stream)
{
	return stream->port;
}

static int start_audio(struct media_stream *stream, int fd, unsigned int frames)
{
	struct pots_audio audio = {
		.read_frames = frames,
		.write_low_frames = 1,
		.queue_frames = stream->media->config.jitter_max_ms + QUEUE_SPARE,
	};
	struct pots_info info;

	if (!ioctl(fd, POTS_GET_INFO, &info) && info.highway_depth >= 3)
		audio.write_low_frames = info.highway_depth;
	if (audio.queue_frames > POTS_AUDIO_QUEUE_MAX)
		audio.queue_frames = POTS_AUDIO_QUEUE_MAX;
	if (fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK) < 0)
		return -errno;
	return ioctl(fd, POTS_AUDIO_START, &audio) ? -errno : 0;
}

static int settle_claim(struct media_stream *stream, const struct media_params *params)
{
	bool same = params->claim_fd == stream->claim_fd &&
		    params->ptime_ms == stream->read_frames &&
		    !atomic_load(&stream->claim_lost);
	int err = 0;

	if (same)
		return 0;
	if (stream->claim_fd >= 0 && stream->claim_fd != params->claim_fd)
		ioctl(stream->claim_fd, POTS_AUDIO_STOP);
	if (params->claim_fd >= 0)
		err = start_audio(stream, params->claim_fd, params->ptime_ms);
	if (err)
		return err;
	atomic_store(&stream->claim_lost, false);
	stream->claim_fd = params->claim_fd;
	stream->read_frames = params->ptime_ms;
	return 0;
}

int media_update(struct media_stream *stream, const struct media_params *params)
{
	struct media_command update = {
		.op = MEDIA_UPDATE, .stream = stream, .params = *params,
		/* a claim that is given back must not be touched after this */
		.answer = stream->claim_fd >= 0 && params->claim_fd != stream->claim_fd,
	};
	int err;

	if (params->ptime_ms < 10 || params->ptime_ms * 8 > MEDIA_SAMPLES_MAX)
		return -EINVAL;
	err = settle_claim(stream, params);
	return err ? err : command(stream->media, &update);
}

int media_send_digit(struct media_stream *stream, unsigned int digit, unsigned int ms)
{
	struct media_command send = {
		.op = MEDIA_DIGIT, .stream = stream, .digit = digit, .ms = ms,
	};

	return digit <= MEDIA_FLASH ? command(stream->media, &send) : -EINVAL;
}

void media_get_stats(const struct media_stream *stream, struct media_stats *stats)
{
	unsigned int before, after;

	do {
		before = atomic_load_explicit(&stream->version, memory_order_acquire);
		*stats = stream->published;
		atomic_thread_fence(memory_order_acquire);
		after = atomic_load_explicit(&stream->version, memory_order_relaxed);
	} while (before != after || before & 1);
}

void media_close(struct media_stream *stream)
{
	struct media_command close_it = {
		.op = MEDIA_REMOVE, .stream = stream, .answer = true,
	};

	if (stream->claim_fd >= 0)
		ioctl(stream->claim_fd, POTS_AUDIO_STOP);
	/* The ring is never full for long: the thread waits for nothing. */
	while (command(stream->media, &close_it) == -EAGAIN)
		sched_yield();
	forget_news(stream->media, stream);
	close(stream->rtp_fd);
	close(stream->rtcp_fd);
	free(stream);
}
