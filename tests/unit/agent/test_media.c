// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The media engine between a claim and a peer that the test plays. The claim
 * is a socket pair: what is written to the test's end is the microphone, what
 * is read there goes to the ear. Its ioctls are answered here.
 *
 *	test <-- socketpair --> stream <-- 127.0.0.1 --> test's UDP socket
 */
#include "../ktap.h"
#include "g711.h"
#include "media.h"
#include "rtcp.h"
#include "rtp.h"

#include <arpa/inet.h>
#include <ev.h>
#include <linux/pots.h>
#include <poll.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define PTIME		160
#define PATIENCE_MS	2000
#define QUIET_MS	200

static atomic_int audio_starts, audio_stops;

int __wrap_ioctl(int fd, unsigned long request, ...);

/* A queue that is always far from dry, so that nothing is concealed. */
int __wrap_ioctl(int fd, unsigned long request, ...)
{
	struct pots_queue *queue;
	va_list args;
	void *arg;

	va_start(args, request);
	arg = va_arg(args, void *);
	va_end(args);
	switch (request) {
	case POTS_GET_INFO:
		memset(arg, 0, sizeof(struct pots_info));
		return 0;
	case POTS_GET_QUEUE:
		queue = arg;
		memset(queue, 0, sizeof(*queue));
		queue->to_line_frames = 50;
		return 0;
	case POTS_AUDIO_START:
		audio_starts++;
		return 0;
	case POTS_AUDIO_STOP:
		audio_stops++;
		return 0;
	}
	return -1;
}

/* The engine's clock stands still while this is not 0. */
static _Atomic uint64_t frozen_us;

int __real_clock_gettime(clockid_t id, struct timespec *now);
int __wrap_clock_gettime(clockid_t id, struct timespec *now);

int __wrap_clock_gettime(clockid_t id, struct timespec *now)
{
	uint64_t us = frozen_us;

	if (id != CLOCK_MONOTONIC || !us)
		return __real_clock_gettime(id, now);
	*now = (struct timespec){ .tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000 };
	return 0;
}

static struct {
	struct ev_loop *loop;
	struct media *media;
	struct media_stream *stream;
	struct media_params params;
	int line[2];		/* [0] is the test's end */
	int peer, other;	/* UDP: the negotiated one, and a stranger */
	struct sockaddr_in ours;
	uint16_t seq;
	uint32_t timestamp;
	int lost_error;
	char digits[200];
} t;

static void on_digit(void *user, unsigned int digit, bool begin, unsigned int ms)
{
	size_t length = strlen(t.digits);

	snprintf(t.digits + length, sizeof(t.digits) - length, "%c%u ", begin ? '+' : '-',
		 digit);
}

static void on_lost(void *user, int error)
{
	t.lost_error = error;
}

static const struct media_events events = { .digit = on_digit, .port_lost = on_lost };

static int udp_socket(struct sockaddr_in *address)
{
	socklen_t len = sizeof(*address);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	*address = (struct sockaddr_in){ .sin_family = AF_INET };
	address->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(fd, (struct sockaddr *)address, len) ||
	    getsockname(fd, (struct sockaddr *)address, &len))
		perror("bind");
	return fd;
}

static void run_loop(void)
{
	struct timespec pause = { .tv_nsec = 2000000 };

	ev_run(t.loop, EVRUN_NOWAIT);
	nanosleep(&pause, NULL);
}

/* However late the thread gets its turn. */
#define WAIT_FOR(condition) do {						\
	int left;								\
	for (left = PATIENCE_MS / 2; left && !(condition); left--)		\
		run_loop();							\
} while (0)

/* Packets of speech that the thread has dealt with. */
static unsigned int dealt_with(void)
{
	struct media_stats stats;

	media_get_stats(t.stream, &stats);
	return stats.received_packets + stats.refused_source;
}

/* Waits until the thread has done what it was told: it answers a close. */
static void catch_up(void)
{
	struct sockaddr_in local = { .sin_family = AF_INET };
	struct media_stream *stream;

	local.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (!media_open(t.media, (struct sockaddr *)&local, &events, NULL, &stream))
		media_close(stream);
}

static void begin(void)
{
	const struct media_config config = {
		.port_min = 24000, .port_max = 24999, .dscp = 46, .jitter_max_ms = 200,
	};
	struct sockaddr_in local = { .sin_family = AF_INET }, peer, other;
	int err;

	memset(&t, 0, sizeof(t));
	audio_starts = audio_stops = 0;
	frozen_us = 0;
	t.loop = ev_default_loop(0);
	t.media = media_new(t.loop, &config);
	local.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	err = media_open(t.media, (struct sockaddr *)&local, &events, NULL, &t.stream);
	CHECK(!err, "media_open: %d", err);
	CHECK(media_port(t.stream) % 2 == 0, "port %u", media_port(t.stream));

	socketpair(AF_UNIX, SOCK_STREAM, 0, t.line);
	t.peer = udp_socket(&peer);
	t.other = udp_socket(&other);
	t.ours = local;
	t.ours.sin_port = htons(media_port(t.stream));
	t.params = (struct media_params){
		.claim_fd = t.line[1], .codec = MEDIA_PCMU, .event_pt_send = 101,
		.event_pt_receive = 96, .ptime_ms = 20, .send = true, .receive = true,
	};
	memcpy(&t.params.remote, &peer, sizeof(peer));
	err = media_update(t.stream, &t.params);
	CHECK(!err, "media_update: %d", err);
	catch_up();
}

static void end(void)
{
	if (t.stream)
		media_close(t.stream);
	media_free(t.media);
	close(t.line[0]);
	close(t.line[1]);
	close(t.peer);
	close(t.other);
}

static bool readable(int fd, int ms)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };

	return poll(&poll_fd, 1, ms) == 1;
}

static void speak(unsigned int packets)
{
	int16_t samples[PTIME];
	unsigned int i;

	for (i = 0; i < PTIME; i++)
		samples[i] = i * 100;
	while (packets--)
		if (write(t.line[0], samples, sizeof(samples)) != sizeof(samples))
			perror("write");
}

/* The next packet that the peer gets, or false. */
static bool hear_packet(int fd, struct rtp_packet *packet, uint8_t *data)
{
	ssize_t len;

	if (!readable(fd, PATIENCE_MS))
		return false;
	len = recv(fd, data, RTP_PACKET_MAX, 0);
	return len > 0 && !rtp_parse(packet, data, len);
}

static void send_packet(int fd, unsigned int pt, uint32_t timestamp, const void *payload,
			size_t len)
{
	struct rtp_packet packet = {
		.pt = pt, .seq = t.seq++, .timestamp = timestamp, .ssrc = 0x1234,
	};
	uint8_t data[RTP_HEADER + 400];

	rtp_write_header(data, &packet);
	memcpy(data + RTP_HEADER, payload, len);
	sendto(fd, data, RTP_HEADER + len, 0, (struct sockaddr *)&t.ours, sizeof(t.ours));
}

static void send_speech(int fd, uint8_t code)
{
	uint8_t payload[PTIME];

	memset(payload, code, sizeof(payload));
	send_packet(fd, 0, t.timestamp, payload, sizeof(payload));
	t.timestamp += PTIME;
}

/* Of the next @samples at the ear, how many are near @value. */
static unsigned int hear_line(unsigned int samples, int value)
{
	unsigned int near = 0;
	int16_t sample;

	while (samples-- && readable(t.line[0], QUIET_MS) &&
	       read(t.line[0], &sample, sizeof(sample)) == sizeof(sample))
		near += abs(sample - value) < 10;
	return near;
}

static void test_to_the_network(void)
{
	struct rtp_packet packet;
	uint8_t data[RTP_PACKET_MAX];
	uint32_t timestamp = 0;
	unsigned int i;
	uint16_t seq = 0;

	begin();
	for (i = 0; i < 5; i++) {
		int16_t samples[PTIME];

		speak(1);
		CHECK(hear_packet(t.peer, &packet, data), "no packet %u", i);
		CHECK(packet.pt == 0 && packet.payload_len == PTIME, "pt %u, %zu bytes",
		      packet.pt, packet.payload_len);
		CHECK(packet.marker == !i, "marker of packet %u", i);
		CHECK(!i || packet.seq == (uint16_t)(seq + 1), "seq %u", packet.seq);
		CHECK(!i || packet.timestamp == timestamp + PTIME, "timestamp");
		seq = packet.seq;
		timestamp = packet.timestamp;
		g711_ulaw.decode(samples, packet.payload, PTIME);
		CHECK(abs(samples[100] - 10000) < 300, "%d", samples[100]);
	}
	end();
}

static void test_to_the_line(void)
{
	const uint8_t code = 0x9e;
	struct media_stats stats;
	int16_t value;
	unsigned int i;

	begin();
	g711_ulaw.decode(&value, &code, 1);
	for (i = 0; i < 5; i++)
		send_speech(t.peer, code);
	/* the start is faded in */
	CHECK(hear_line(5 * PTIME, value) >= 4 * PTIME, "too little is heard");
	WAIT_FOR(dealt_with() == 5);
	media_get_stats(t.stream, &stats);
	CHECK(stats.received_packets == 5 && !stats.late && !stats.refused_source,
	      "received %llu", (unsigned long long)stats.received_packets);
	end();
}

static void test_source_lock(void)
{
	struct media_stats stats;
	unsigned int i;

	begin();
	send_speech(t.peer, 0x9e);
	hear_line(PTIME, 0);
	for (i = 0; i < 10; i++)
		send_speech(t.other, 0x80);
	WAIT_FOR(dealt_with() == 11);
	CHECK(!hear_line(PTIME, 32124), "a stranger is heard");
	media_get_stats(t.stream, &stats);
	CHECK(stats.received_packets == 1, "%llu packets",
	      (unsigned long long)stats.received_packets);
	end();
}

/* The peer is behind a translator: what it sends comes from elsewhere. */
static void test_source_learned(void)
{
	struct rtp_packet packet;
	uint8_t data[RTP_PACKET_MAX];
	struct media_stats stats;
	struct sockaddr_in address;
	unsigned int i;
	int third;

	begin();
	for (i = 0; i < 3; i++)
		send_speech(t.other, 0x9e);
	WAIT_FOR(dealt_with() == 3);
	speak(1);
	CHECK(hear_packet(t.other, &packet, data), "nothing goes where it comes from");
	third = udp_socket(&address);
	send_speech(third, 0x80);
	WAIT_FOR(dealt_with() == 4);
	close(third);
	media_get_stats(t.stream, &stats);
	CHECK(stats.refused_source == 1, "a second stranger is followed");
	CHECK(!readable(t.peer, 20), "the negotiated address gets it");

	/* but the negotiated one, when it speaks, is the right one */
	send_speech(t.peer, 0x9e);
	WAIT_FOR(dealt_with() == 5);
	speak(1);
	CHECK(hear_packet(t.peer, &packet, data), "the negotiated address gets nothing");
	end();
}

/* After new SDP, even with the old address, a peer may be somewhere else. */
static void test_source_moves(void)
{
	struct rtp_packet packet;
	uint8_t data[RTP_PACKET_MAX];
	struct media_stats stats;

	begin();
	frozen_us = 1000000;
	send_speech(t.peer, 0x9e);
	WAIT_FOR(dealt_with() == 1);
	CHECK(!media_update(t.stream, &t.params), "media_update");
	catch_up();
	send_speech(t.other, 0x80);
	WAIT_FOR(dealt_with() == 2);
	media_get_stats(t.stream, &stats);
	CHECK(stats.refused_source == 1, "one who is heard is given up for another");
	speak(1);
	CHECK(hear_packet(t.peer, &packet, data), "what we send moved away");

	frozen_us += 600000;
	send_speech(t.other, 0x9e);
	WAIT_FOR(dealt_with() == 3);
	speak(1);
	CHECK(hear_packet(t.other, &packet, data), "one who moved is not followed");
	end();
}

static void test_digits_out(void)
{
	struct rtp_packet packet;
	uint8_t data[RTP_PACKET_MAX];
	unsigned int i, ends = 0, packets = 0;

	begin();
	CHECK(!media_send_digit(t.stream, 11, 60), "refused");
	CHECK(media_send_digit(t.stream, 17, 60) < 0, "digit 17");
	catch_up();
	for (i = 0; i < 10; i++) {
		speak(1);
		CHECK(hear_packet(t.peer, &packet, data), "no packet");
		if (packet.pt != 101)
			continue;
		packets++;
		CHECK(packet.payload[0] == 11, "event %u", packet.payload[0]);
		ends += packet.payload[1] >> 7;
	}
	CHECK(packets == 5 && ends == 3, "%u packets, %u ends", packets, ends);
	end();
}

static void test_digits_in(void)
{
	const uint8_t begins[] = { 5, 10, 0, 160 }, ends[] = { 5, 0x8a, 3, 32 };

	begin();
	send_packet(t.peer, 96, 1000, begins, 4);
	send_packet(t.peer, 96, 1000, begins, 4);
	send_packet(t.peer, 96, 1000, ends, 4);
	send_packet(t.peer, 96, 1000, ends, 4);
	WAIT_FOR(strlen(t.digits) >= 6);
	CHECK(!strcmp(t.digits, "+5 -5 "), "%s", t.digits);
	end();
}

/* The end of a digit gets lost: it ends by itself a quarter of a second later. */
static void test_digit_without_end(void)
{
	const uint8_t begins[] = { 7, 10, 0, 160 };

	begin();
	send_packet(t.peer, 96, 1000, begins, 4);
	WAIT_FOR(strlen(t.digits) >= 6);
	CHECK(!strcmp(t.digits, "+7 -7 "), "%s", t.digits);
	end();
}

/* A port that goes away is told, once, and the engine goes on. */
static void test_port_lost(void)
{
	begin();
	close(t.line[0]);
	WAIT_FOR(t.lost_error);
	CHECK(t.lost_error < 0, "not told");
	end();
}

static void test_claim_given_back(void)
{
	begin();
	t.params.claim_fd = -1;
	CHECK(!media_update(t.stream, &t.params), "refused");
	CHECK(audio_starts == 1 && audio_stops == 1, "%d starts, %d stops", audio_starts,
	      audio_stops);
	speak(1);
	CHECK(!readable(t.peer, 30), "the claim is still read");
	end();
}

static void test_direction(void)
{
	struct rtp_packet packet;
	uint8_t data[RTP_PACKET_MAX];

	begin();
	t.params.send = t.params.receive = false;
	media_update(t.stream, &t.params);
	catch_up();
	speak(2);
	send_speech(t.peer, 0x9e);
	CHECK(!readable(t.peer, 30), "sends while it shall not");
	CHECK(!readable(t.line[0], 30), "is heard while it shall not");
	t.params.send = t.params.receive = true;
	media_update(t.stream, &t.params);
	catch_up();
	speak(1);
	CHECK(hear_packet(t.peer, &packet, data) && packet.marker, "does not go on");
	CHECK(audio_starts == 1, "%d starts", audio_starts);
	end();
}

static void test_many_streams(void)
{
	struct sockaddr_in local = { .sin_family = AF_INET };
	struct media_stream *streams[40];
	unsigned int i, round;

	begin();
	local.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	for (round = 0; round < 10; round++) {
		for (i = 0; i < 40; i++)
			CHECK(!media_open(t.media, (struct sockaddr *)&local, &events, NULL,
					  &streams[i]), "stream %u", i);
		for (i = 0; i < 40; i++)
			media_close(streams[i]);
	}
	end();
}

/* Rubbish on both ports changes nothing but counters. */
static void test_hostile(void)
{
	unsigned int i;

	begin();
	srand(7);
	for (i = 0; i < 3000; i++) {
		struct sockaddr_in to = t.ours;
		uint8_t data[300];
		size_t len = rand() % sizeof(data), j;

		for (j = 0; j < len; j++)
			data[j] = j ? rand() : 0x80 | rand() % 64;
		to.sin_port = htons(media_port(t.stream) + i % 2);
		sendto(t.peer, data, len, 0, (struct sockaddr *)&to, sizeof(to));
		while (readable(t.line[0], 0))
			hear_line(1, 0);
	}
	catch_up();
	end();
}

KTAP_MAIN(TEST(test_to_the_network), TEST(test_to_the_line), TEST(test_source_lock),
	  TEST(test_source_learned), TEST(test_source_moves),
	  TEST(test_digits_out), TEST(test_digits_in),
	  TEST(test_digit_without_end),
	  TEST(test_port_lost), TEST(test_claim_given_back), TEST(test_direction),
	  TEST(test_many_streams), TEST(test_hostile))
