// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One stream's packets: from the line to the peer and back. Runs in the media
 * thread.
 */
#include "media_core.h"

#include <errno.h>
#include <linux/pots.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define LEARN_PACKETS	25		/* from an unexpected source, to stay with it */
#define QUEUE_ASK	25		/* writes after which the kernel is asked again */
#define MOVED_US	500000		/* of silence, before another source is followed */
#define REPORT_US	5000000
#define SILENT_US	10000000	/* nothing heard for so long is told */

/* --------------------------------------------------------------- addresses --- */

static socklen_t address_len(const struct sockaddr_storage *address)
{
	return address->ss_family == AF_INET6 ? sizeof(struct sockaddr_in6) :
						sizeof(struct sockaddr_in);
}

static uint16_t *address_port(struct sockaddr_storage *address)
{
	/* the same place in both families */
	return &((struct sockaddr_in *)address)->sin_port;
}

static bool same_host(const struct sockaddr_storage *a, const struct sockaddr_storage *b)
{
	const struct sockaddr_in6 *a6 = (const void *)a, *b6 = (const void *)b;
	const struct sockaddr_in *a4 = (const void *)a, *b4 = (const void *)b;

	if (a->ss_family != b->ss_family)
		return false;
	if (a->ss_family == AF_INET6)
		return !memcmp(&a6->sin6_addr, &b6->sin6_addr, sizeof(a6->sin6_addr));
	return a4->sin_addr.s_addr == b4->sin_addr.s_addr;
}

static bool same_address(const struct sockaddr_storage *a, const struct sockaddr_storage *b)
{
	return same_host(a, b) &&
	       ((const struct sockaddr_in *)a)->sin_port ==
	       ((const struct sockaddr_in *)b)->sin_port;
}

/* From here on the kernel drops what comes from elsewhere. */
static void lock_source(struct media_stream *stream, const struct sockaddr_storage *to)
{
	stream->peer = *to;
	stream->locked = !connect(stream->rtp_fd, (const struct sockaddr *)to,
				  address_len(to));
}

static void unlock_source(struct media_stream *stream)
{
	struct sockaddr none = { .sa_family = AF_UNSPEC };

	if (stream->locked)
		connect(stream->rtp_fd, &none, sizeof(none));
	stream->learned |= stream->locked;
	stream->locked = false;
	stream->learned_packets = 0;
}

static void forget_source(struct media_stream *stream)
{
	unlock_source(stream);
	stream->learned = false;
	stream->peer = stream->params.remote;
}

static void learn_source(struct media_stream *stream, const struct sockaddr_storage *from)
{
	stream->learned = true;
	stream->learned_packets = 0;
	stream->peer = *from;
}

/*
 * The negotiated address is always right. Another one is followed only while
 * nothing came from there, as behind a translator that the peer does not know
 * of; the first such is the one. Until the source is locked (again, after new
 * SDP), one that fell silent gives way: its translator may have moved it.
 */
static bool source_is_right(struct media_stream *stream,
			    const struct sockaddr_storage *from, uint64_t now_us)
{
	if (same_address(from, &stream->params.remote)) {
		stream->learned = false;
		lock_source(stream, from);
		return true;
	}
	if (!stream->learned)
		learn_source(stream, from);
	if (!same_address(from, &stream->peer)) {
		if (now_us - stream->heard_us < MOVED_US)
			return false;
		learn_source(stream, from);
	}
	if (++stream->learned_packets >= LEARN_PACKETS)
		lock_source(stream, from);
	return true;
}

/* -------------------------------------------------------- toward the line --- */

static int ahead_us(const struct media_stream *stream, uint64_t now_us)
{
	int64_t ahead = stream->dry_us - (int64_t)now_us;

	return ahead > 0 ? ahead : 0;
}

/* The line's clock is not ours: what is queued is asked now and then. */
static void ask_queue(struct media_stream *stream, uint64_t now_us)
{
	struct pots_queue queue;

	stream->writes = 0;
	if (ioctl(stream->line_fd, POTS_GET_QUEUE, &queue))
		return;
	stream->dry_us = (queue.frames ? queue.frames_ns / 1000 : now_us) +
			 queue.to_line_frames * 1000ULL;
}

static void line_failed(struct media_stream *stream, int error)
{
	struct media_news news = {
		.type = MEDIA_NEWS_LOST, .stream = stream, .error = -error,
	};

	media_watch_line(stream, 0);
	stream->line_fd = -1;
	atomic_store(&stream->claim_lost, true);
	/* ENOLINK: speech was stopped by command, and nothing is wrong */
	if (error != ENOLINK)
		media_tell(stream->media, &news);
}

static void write_line(struct media_stream *stream, const int16_t *samples, size_t count,
		       uint64_t now_us)
{
	ssize_t len = write(stream->line_fd, samples, count * sizeof(*samples));

	if (len < 0) {
		if (errno != EAGAIN && errno != EINTR)
			line_failed(stream, errno);
		return;
	}
	if (stream->dry_us < (int64_t)now_us)
		stream->dry_us = now_us;
	stream->dry_us += len / sizeof(*samples) * 125;
	if (++stream->writes >= QUEUE_ASK)
		ask_queue(stream, now_us);
}

/* All that may be played now; @urgent until the line's queue is not low. */
static void play(struct media_stream *stream, uint64_t now_us, bool urgent)
{
	int16_t out[JITTER_OUT_MAX + 8];
	size_t count;

	while (stream->line_fd >= 0) {
		int ahead = ahead_us(stream, now_us);
		bool low = urgent && ahead <= (int)stream->low_us;

		count = jitter_get(&stream->jitter, out, ahead, low);
		if (!count)
			break;
		write_line(stream, out, count, now_us);
	}
	media_watch_line(stream, jitter_is_playing(&stream->jitter) ?
			 EPOLLIN | EPOLLOUT : EPOLLIN);
}

static void tell_digits(struct media_stream *stream,
			const struct telephone_event_news *digits)
{
	struct media_news news = { .type = MEDIA_NEWS_DIGIT, .stream = stream };

	if (digits->end) {
		news.digit = digits->ended;
		news.ms = digits->samples / 8;
		media_tell(stream->media, &news);
	}
	if (digits->begin) {
		/* its end may get lost: the timer looks after that */
		stream->media->timer_us = 0;
		news.digit = digits->digit;
		news.begin = true;
		news.ms = 0;
		media_tell(stream->media, &news);
	}
	if (digits->whole) {
		news.begin = false;
		news.ms = digits->whole_samples / 8;
		media_tell(stream->media, &news);
	}
}

static const struct g711 *codec_of(unsigned int pt)
{
	return pt == 0 ? &g711_ulaw : pt == 8 ? &g711_alaw : NULL;
}

static void take_rtp(struct media_stream *stream, const struct rtp_packet *packet,
		     uint64_t now_us)
{
	struct jitter_packet speech = {
		.seq = packet->seq,
		.timestamp = packet->timestamp,
		.codec = codec_of(packet->pt),
		.payload = packet->payload,
		.len = packet->payload_len,
	};
	struct telephone_event_news digits;

	if (stream->rtcp.heard && packet->ssrc != stream->rtcp.peer_ssrc)
		jitter_restart(&stream->jitter);
	stream->heard_us = now_us;
	stream->stats.received_packets++;
	rtcp_received(&stream->rtcp, packet, now_us);

	if (packet->pt == stream->params.event_pt_receive) {
		if (!telephone_event_put(&stream->digits_in, packet->payload,
					 packet->payload_len, packet->timestamp, now_us,
					 &digits))
			tell_digits(stream, &digits);
	}
	/* Digits, comfort noise: their sequence numbers are no gap in speech. */
	if (!speech.codec || packet->pt == stream->params.event_pt_receive)
		speech.len = 0;
	if (!stream->params.receive || stream->line_fd < 0)
		return;
	jitter_put(&stream->jitter, &speech, ahead_us(stream, now_us));
	play(stream, now_us, false);
}

void media_flow_rtp(struct media_stream *stream, uint64_t now_us)
{
	uint8_t data[RTP_PACKET_MAX];
	struct sockaddr_storage from;
	socklen_t from_len = sizeof(from);
	struct rtp_packet packet;
	ssize_t len;

	len = recvfrom(stream->rtp_fd, data, sizeof(data), MSG_DONTWAIT,
		       stream->locked ? NULL : (struct sockaddr *)&from,
		       stream->locked ? NULL : &from_len);
	if (len < 0 || !stream->started)
		return;
	if (rtp_parse(&packet, data, len))
		return;
	if (!stream->locked && !source_is_right(stream, &from, now_us)) {
		stream->stats.refused_source++;
		return;
	}
	/* RTCP on the same port (RFC 5761): 200..207 without the marker's bit */
	if (packet.pt >= 72 && packet.pt <= 79)
		return;
	take_rtp(stream, &packet, now_us);
}

/* ------------------------------------------------------ toward the network --- */

static void send_rtp(struct media_stream *stream, struct rtp_packet *packet,
		     uint8_t *data, size_t payload_len, uint64_t now_us)
{
	const struct sockaddr *to = stream->locked ? NULL :
				    (const struct sockaddr *)&stream->peer;

	packet->seq = stream->seq++;
	packet->ssrc = stream->ssrc;
	rtp_write_header(data, packet);
	/* Whether it arrives is nobody's business here: errors are losses. */
	if (sendto(stream->rtp_fd, data, RTP_HEADER + payload_len,
		   MSG_DONTWAIT | MSG_NOSIGNAL, to,
		   to ? address_len(&stream->peer) : 0) < 0)
		return;
	stream->stats.sent_packets++;
	rtcp_sent(&stream->rtcp, packet->timestamp, payload_len, now_us);
}

static void send_samples(struct media_stream *stream, unsigned int count, uint64_t now_us)
{
	uint8_t data[RTP_HEADER + MEDIA_SAMPLES_MAX];
	struct rtp_packet packet = {
		.pt = stream->params.pt,
		.timestamp = stream->timestamp,
		.marker = !stream->talking,
	};
	struct telephone_event_out digit;

	if (stream->params.event_pt_send >= 0 &&
	    telephone_event_next(&stream->digits_out, stream->timestamp, count, &digit)) {
		packet.pt = stream->params.event_pt_send;
		packet.timestamp = digit.timestamp;
		packet.marker = digit.marker;
		memcpy(data + RTP_HEADER, digit.payload, TELEPHONE_EVENT_LEN);
		send_rtp(stream, &packet, data, TELEPHONE_EVENT_LEN, now_us);
	} else if (stream->params.send) {
		stream->codec->encode(data + RTP_HEADER, stream->samples, count);
		send_rtp(stream, &packet, data, count, now_us);
		stream->talking = true;
	} else {
		stream->talking = false;
	}
	stream->timestamp += count;
}

static void read_line(struct media_stream *stream, uint64_t now_us)
{
	unsigned int count = stream->params.ptime_ms * 8;
	ssize_t len = read(stream->line_fd, stream->samples + stream->filled,
			   (count - stream->filled) * sizeof(*stream->samples));

	if (len < 0) {
		if (errno != EAGAIN && errno != EINTR)
			line_failed(stream, errno);
		return;
	}
	stream->filled += len / sizeof(*stream->samples);
	if (stream->filled < count)
		return;
	stream->filled = 0;
	send_samples(stream, count, now_us);
}

void media_flow_line(struct media_stream *stream, uint32_t events, uint64_t now_us)
{
	if (stream->line_fd < 0)
		return;
	/* With an error too: read() says which. */
	if (events & (EPOLLIN | EPOLLERR | EPOLLHUP))
		read_line(stream, now_us);
	if (stream->line_fd < 0)
		return;
	if (events & (EPOLLERR | EPOLLHUP)) {
		line_failed(stream, events & EPOLLHUP ? ENODEV : ENOLINK);
	} else if (events & EPOLLOUT) {
		ask_queue(stream, now_us);
		play(stream, now_us, true);
	}
}

/* -------------------------------------------------------------------- RTCP --- */

static uint64_t wall_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec * 1000000ULL + now.tv_nsec / 1000;
}

static void send_report(struct media_stream *stream, uint64_t now_us, bool bye)
{
	uint8_t data[RTCP_PACKET_MAX];
	struct sockaddr_storage to = stream->params.remote_rtcp;
	size_t len = rtcp_write(&stream->rtcp, data, now_us, wall_us(), bye);

	if (!to.ss_family || stream->learned) {
		to = stream->peer;
		*address_port(&to) = htons(ntohs(*address_port(&to)) + 1);
	}
	/* A report that is lost is followed by another. */
	if (sendto(stream->rtcp_fd, data, len, MSG_DONTWAIT | MSG_NOSIGNAL,
		   (const struct sockaddr *)&to, address_len(&to)) < 0)
		return;
}

void media_flow_rtcp(struct media_stream *stream, uint64_t now_us)
{
	uint8_t data[RTP_PACKET_MAX];
	struct sockaddr_storage from;
	socklen_t from_len = sizeof(from);
	ssize_t len = recvfrom(stream->rtcp_fd, data, sizeof(data), MSG_DONTWAIT,
			       (struct sockaddr *)&from, &from_len);

	if (len < 0 || !stream->started)
		return;
	if (same_host(&from, &stream->peer))
		rtcp_read(&stream->rtcp, data, len, now_us, wall_us());
	else
		stream->stats.refused_source++;
}

/* ------------------------------------------------------------ from outside --- */

static void next_report(struct media_stream *stream, uint64_t now_us)
{
	/* RFC 3550 6.3.1: spread over half to one and a half of the interval */
	stream->report_us = now_us + REPORT_US / 2 +
			    (now_us * 2654435761u >> 8) % REPORT_US;
}

/* When media_flow_timer() has something to do. */
uint64_t media_flow_next_us(const struct media_stream *stream)
{
	uint64_t lost_us = stream->digits_in.heard_us + TELEPHONE_EVENT_LOST_US;

	if (stream->digits_in.active && lost_us < stream->report_us)
		return lost_us;
	return stream->report_us;
}

void media_flow_timer(struct media_stream *stream, uint64_t now_us)
{
	struct telephone_event_news digits;
	struct media_news news = { .type = MEDIA_NEWS_SILENT, .stream = stream };

	telephone_event_timeout(&stream->digits_in, now_us, &digits);
	tell_digits(stream, &digits);
	if (now_us < stream->report_us)
		return;
	send_report(stream, now_us, false);
	next_report(stream, now_us);
	if (stream->params.receive && now_us - stream->heard_us >= SILENT_US) {
		news.ms = (now_us - stream->heard_us) / 1000;
		media_tell(stream->media, &news);
	}
}

static unsigned int low_frames(int fd)
{
	struct pots_info info;

	/* A highway of long steps takes that many at once. */
	if (ioctl(fd, POTS_GET_INFO, &info) || info.highway_depth < 3)
		return 1;
	return info.highway_depth;
}

static void use_line(struct media_stream *stream, int fd)
{
	media_watch_line(stream, 0);
	stream->line_fd = fd;
	stream->filled = 0;
	stream->dry_us = 0;
	stream->writes = 0;
	jitter_restart(&stream->jitter);
	if (fd < 0)
		return;
	stream->low_us = low_frames(fd) * 1000;
	media_watch_line(stream, EPOLLIN);
}

void media_flow_update(struct media_stream *stream, const struct media_params *params,
		       uint64_t now_us)
{
	bool moved = !stream->started ||
		     !same_address(&params->remote, &stream->params.remote);
	bool other_line = !stream->started || params->claim_fd != stream->params.claim_fd ||
			  params->ptime_ms != stream->params.ptime_ms ||
			  stream->line_fd != params->claim_fd;

	stream->params = *params;
	stream->codec = params->codec == MEDIA_PCMU ? &g711_ulaw : &g711_alaw;
	if (moved)
		forget_source(stream);
	else
		unlock_source(stream);
	if (other_line)
		use_line(stream, params->claim_fd);
	if (!params->receive) {
		jitter_restart(&stream->jitter);
		if (stream->line_fd >= 0)
			media_watch_line(stream, EPOLLIN);
	}
	if (!stream->started) {
		stream->heard_us = now_us;
		next_report(stream, now_us);
	}
	stream->started = true;
}

void media_flow_close(struct media_stream *stream, uint64_t now_us)
{
	media_watch_line(stream, 0);
	stream->line_fd = -1;
	if (stream->started && (stream->stats.sent_packets || stream->rtcp.heard))
		send_report(stream, now_us, true);
}

void media_flow_publish(struct media_stream *stream)
{
	const struct jitter_stats *jitter = &stream->jitter.stats;
	struct media_stats *stats = &stream->stats;

	stats->lost = jitter->lost;
	stats->late = jitter->late;
	stats->duplicate = jitter->duplicate;
	stats->concealed_ms = jitter->concealed / 8;
	stats->inserted_ms = jitter->inserted / 8;
	stats->removed_ms = jitter->removed / 8;
	stats->jitter_us = rtcp_jitter_us(&stream->rtcp);
	stats->delay_ms = stream->jitter.mean_slack_us / 1000;
	stats->round_trip_us = stream->rtcp.round_trip_us;
	stats->remote_lost_permille = stream->rtcp.remote_lost_permille;

	atomic_fetch_add_explicit(&stream->version, 1, memory_order_acq_rel);
	stream->published = *stats;
	atomic_fetch_add_explicit(&stream->version, 1, memory_order_release);
}
