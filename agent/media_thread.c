// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The media thread: one epoll over RTP, RTCP and the claims. It allocates
 * nothing, logs nothing and waits for nothing else.
 */
#include "media_core.h"

#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#define BATCH	16

uint64_t media_now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000ULL + now.tv_nsec / 1000;
}

/* To the main thread; lost when that has not looked for 256 of them. */
void media_tell(struct media *media, const struct media_news *news)
{
	unsigned int head = atomic_load_explicit(&media->news_head, memory_order_relaxed);
	unsigned int tail = atomic_load_explicit(&media->news_tail, memory_order_acquire);

	if (head - tail == MEDIA_NEWS)
		return;
	media->news[head % MEDIA_NEWS] = *news;
	atomic_store_explicit(&media->news_head, head + 1, memory_order_release);
	ev_async_send(media->loop, &media->news_async);
}

static void watch(struct media_stream *stream, int op, int fd, enum media_source source,
		  uint32_t events)
{
	/* Streams are aligned, which leaves room for the source. */
	struct epoll_event event = {
		.events = events,
		.data.u64 = (uintptr_t)stream | source,
	};

	epoll_ctl(stream->media->epoll_fd, op, fd, &event);
}

void media_watch_line(struct media_stream *stream, uint32_t events)
{
	int op = !stream->line_events ? EPOLL_CTL_ADD :
		 events ? EPOLL_CTL_MOD : EPOLL_CTL_DEL;

	if (stream->line_fd < 0 || events == stream->line_events)
		return;
	watch(stream, op, stream->line_fd, MEDIA_FD_CLAIM, events);
	stream->line_events = events;
}

static void add_stream(struct media *media, struct media_stream *stream)
{
	stream->next = media->streams;
	media->streams = stream;
	watch(stream, EPOLL_CTL_ADD, stream->rtp_fd, MEDIA_FD_RTP, EPOLLIN);
	watch(stream, EPOLL_CTL_ADD, stream->rtcp_fd, MEDIA_FD_RTCP, EPOLLIN);
}

static void remove_stream(struct media *media, struct media_stream *stream)
{
	struct media_stream **link = &media->streams;

	media_flow_close(stream, media_now_us());
	watch(stream, EPOLL_CTL_DEL, stream->rtp_fd, MEDIA_FD_RTP, 0);
	watch(stream, EPOLL_CTL_DEL, stream->rtcp_fd, MEDIA_FD_RTCP, 0);
	while (*link && *link != stream)
		link = &(*link)->next;
	if (*link)
		*link = stream->next;
}

static void obey(struct media *media, const struct media_command *command)
{
	switch (command->op) {
	case MEDIA_ADD:
		add_stream(media, command->stream);
		break;
	case MEDIA_UPDATE:
		media_flow_update(command->stream, &command->params, media_now_us());
		break;
	case MEDIA_DIGIT:
		telephone_event_queue(&command->stream->digits_out, command->digit,
				      command->ms * 8);
		break;
	case MEDIA_REMOVE:
		remove_stream(media, command->stream);
		break;
	case MEDIA_QUIT:
		media->quit = true;
		break;
	}
	media->timer_us = 0;
	if (command->answer)
		sem_post(&media->done);
}

static void obey_all(struct media *media)
{
	unsigned int tail = atomic_load_explicit(&media->commands_tail,
						 memory_order_relaxed);
	uint64_t count;

	if (read(media->wake_fd, &count, sizeof(count)) < 0)
		return;
	while (tail != atomic_load_explicit(&media->commands_head, memory_order_acquire)) {
		obey(media, &media->commands[tail % MEDIA_COMMANDS]);
		atomic_store_explicit(&media->commands_tail, ++tail, memory_order_release);
	}
}

static void run_timers(struct media *media, uint64_t now_us)
{
	struct media_stream *stream;

	media->timer_us = UINT64_MAX;
	for (stream = media->streams; stream; stream = stream->next) {
		if (!stream->started)
			continue;
		if (media_flow_next_us(stream) <= now_us)
			media_flow_timer(stream, now_us);
		if (media_flow_next_us(stream) < media->timer_us)
			media->timer_us = media_flow_next_us(stream);
	}
}

static int timeout_ms(const struct media *media, uint64_t now_us)
{
	if (media->timer_us == UINT64_MAX)
		return -1;
	return media->timer_us > now_us ? (media->timer_us - now_us) / 1000 + 1 : 0;
}

static void serve(struct media_stream *stream, enum media_source source, uint32_t events,
		  uint64_t now_us)
{
	switch (source) {
	case MEDIA_FD_RTP:
		media_flow_rtp(stream, now_us);
		break;
	case MEDIA_FD_RTCP:
		media_flow_rtcp(stream, now_us);
		break;
	case MEDIA_FD_CLAIM:
		media_flow_line(stream, events, now_us);
		break;
	case MEDIA_FD_WAKE:
		break;
	}
	media_flow_publish(stream);
}

static void serve_all(struct media *media, const struct epoll_event *events, int count)
{
	uint64_t now_us = media_now_us();
	bool commands = false;
	int i;

	for (i = 0; i < count; i++) {
		uintptr_t data = events[i].data.u64;

		if ((data & 3) == MEDIA_FD_WAKE)
			commands = true;
		else
			serve((struct media_stream *)(data & ~(uintptr_t)3), data & 3,
			      events[i].events, now_us);
	}
	/* Last, since they may remove what the batch still names. */
	if (commands)
		obey_all(media);
	if (media->timer_us <= now_us)
		run_timers(media, now_us);
}

void *media_thread(void *arg)
{
	struct media *media = arg;
	struct epoll_event events[BATCH];

	while (!media->quit) {
		int count = epoll_wait(media->epoll_fd, events, BATCH,
				       timeout_ms(media, media_now_us()));

		serve_all(media, events, count > 0 ? count : 0);
	}
	return NULL;
}
