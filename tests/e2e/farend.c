// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The far end's mouth and ear: RTP (A-law) without SIP, which a SIPp speaks.
 *
 *	farend PORT TO-HOST:TO-PORT --seconds S [--say HZ] [--dial DIGITS] [--hear FILE]
 *
 * Writes what came: packets of speech, the source of the last one, and each
 * digit of RFC 4733 with its packets, its marked and its last ones, how long
 * it was, and whether anything about it was odd. FILE, a WAV, gets the speech.
 * Sequence numbers and timestamps follow the clock, so one farend after the
 * other is one stream to the receiver.
 */
#include <arpa/inet.h>
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>

#include <spandsp.h>

#include "clock.h"

#define PACKET_MS	20
#define SAMPLES		160
#define HEADER		12
#define WAV_HEADER	44
#define EVENT_LEN	4
#define SPEECH_TYPE	8
#define EVENT_TYPE	101
#define MARKER		0x80
#define EVENT_END	0x80
#define SSRC		0x66617265u
#define LEVEL		8000	/* of 32767: -9.2 dBm0 */
#define DIGIT_PACKETS	5	/* 100 ms */
#define END_PACKETS	3
#define PAUSE_PACKETS	5
#define DIGITS_MAX	32

static const char digit_chars[] = "0123456789*#ABCD";

struct digit {
	uint32_t timestamp;
	unsigned int packets, marked, ends, duration;
	char name;
	int odd;		/* shrinks, or speaks after its end with another length */
};

struct ear {
	FILE *file;
	unsigned int packets, digit_count;
	struct sockaddr_in source;
	struct digit digit[DIGITS_MAX];
};

struct mouth {
	int fd;
	struct sockaddr_in to;
	int hz;
	const char *digits;	/* still to dial */
	unsigned int place;	/* in the present digit, in packets */
	uint32_t began;		/* its timestamp */
};

static void fail(const char *what)
{
	perror(what);
	exit(3);
}

static uint64_t now_ms(void)
{
	return now_ns() / NS_PER_MS;
}

static void put32(uint8_t *p, uint32_t value)
{
	value = htonl(value);
	memcpy(p, &value, sizeof(value));
}

static uint32_t get32(const uint8_t *p)
{
	uint32_t value;

	memcpy(&value, p, sizeof(value));
	return ntohl(value);
}

/* ---- the mouth ---- */

static void send_packet(const struct mouth *mouth, uint8_t *packet, size_t length,
			unsigned int type, uint32_t tick, uint32_t timestamp)
{
	packet[0] = 0x80;
	packet[1] = type;
	packet[2] = tick >> 8;
	packet[3] = tick;
	put32(packet + 4, timestamp);
	put32(packet + 8, SSRC);
	/* Nobody may listen any more. */
	sendto(mouth->fd, packet, HEADER + length, 0, (const void *)&mouth->to,
	       sizeof(mouth->to));
}

/* One packet of a digit, or of the pause after it. */
static void dial(struct mouth *mouth, uint32_t tick)
{
	uint8_t packet[HEADER + EVENT_LEN];
	unsigned int place = mouth->place++, samples;

	if (!place)
		mouth->began = tick * SAMPLES;
	if (place < DIGIT_PACKETS + END_PACKETS) {
		samples = (place < DIGIT_PACKETS ? place + 1 : DIGIT_PACKETS) * SAMPLES;
		packet[HEADER] = strchr(digit_chars, *mouth->digits) - digit_chars;
		packet[HEADER + 1] = 10 | (place < DIGIT_PACKETS ? 0 : EVENT_END);
		packet[HEADER + 2] = samples >> 8;
		packet[HEADER + 3] = samples;
		send_packet(mouth, packet, EVENT_LEN, EVENT_TYPE | (place ? 0 : MARKER), tick,
			    mouth->began);
	} else if (place == DIGIT_PACKETS + END_PACKETS + PAUSE_PACKETS) {
		mouth->place = 0;
		mouth->digits++;
	}
}

static void speak(const struct mouth *mouth, uint32_t tick)
{
	uint8_t packet[HEADER + SAMPLES];
	uint32_t timestamp = tick * SAMPLES;

	for (unsigned int i = 0; i < SAMPLES; i++)
		packet[HEADER + i] = linear_to_alaw(lrint(LEVEL * sin(2 * M_PI * mouth->hz *
						    fmod((timestamp + i) / 8000.0, 1.0))));
	send_packet(mouth, packet, SAMPLES, SPEECH_TYPE, tick, timestamp);
}

/* ---- the ear ---- */

static void hear_speech(struct ear *ear, const uint8_t *payload, size_t length)
{
	ear->packets++;
	for (size_t i = 0; ear->file && i < length; i++) {
		int16_t sample = alaw_to_linear(payload[i]);

		fwrite(&sample, sizeof(sample), 1, ear->file);
	}
}

static struct digit *digit_of(struct ear *ear, uint32_t timestamp, unsigned int code)
{
	struct digit *digit;

	for (digit = ear->digit; digit < ear->digit + ear->digit_count; digit++)
		if (digit->timestamp == timestamp)
			return digit;
	if (ear->digit_count == DIGITS_MAX || code > 15)
		return NULL;
	ear->digit_count++;
	digit->timestamp = timestamp;
	digit->name = digit_chars[code];
	return digit;
}

static void hear_event(struct ear *ear, const uint8_t *packet, size_t length)
{
	const uint8_t *payload = packet + HEADER;
	struct digit *digit = digit_of(ear, get32(packet + 4), payload[0]);
	unsigned int duration = payload[2] << 8 | payload[3];

	if (!digit)
		return;
	digit->odd |= length != EVENT_LEN || payload[0] > 15 ||
		      digit_chars[payload[0]] != digit->name || duration < digit->duration ||
		      (digit->ends && (!(payload[1] & EVENT_END) ||
				       duration != digit->duration));
	digit->packets++;
	digit->marked += !!(packet[1] & MARKER);
	digit->ends += !!(payload[1] & EVENT_END);
	digit->duration = duration;
}

static void receive(struct ear *ear, int fd)
{
	uint8_t packet[1500];
	socklen_t size = sizeof(ear->source);
	ssize_t got = recvfrom(fd, packet, sizeof(packet), 0, (void *)&ear->source, &size);

	if (got < HEADER + EVENT_LEN || packet[0] != 0x80)
		return;
	if ((packet[1] & 0x7f) == SPEECH_TYPE)
		hear_speech(ear, packet + HEADER, got - HEADER);
	else if ((packet[1] & 0x7f) == EVENT_TYPE)
		hear_event(ear, packet, got - HEADER);
}

/* The header's lengths are known last. */
static void finish_wav(FILE *file)
{
	uint32_t length = ftell(file) - WAV_HEADER;
	const struct {
		char riff[4];
		uint32_t rest;
		char wave_fmt[8];
		uint32_t fmt_size;
		uint16_t pcm, channels;
		uint32_t rate, bytes_a_second;
		uint16_t align, bits;
		char data[4];
		uint32_t length;
	} header = { "RIFF", length + WAV_HEADER - 8, "WAVEfmt ", 16, 1, 1, 8000, 16000, 2, 16,
		     "data", length };

	_Static_assert(sizeof(header) == WAV_HEADER, "no holes");
	rewind(file);
	fwrite(&header, sizeof(header), 1, file);
	fclose(file);
}

static void report(const struct ear *ear)
{
	const struct digit *digit;

	printf("speech %u from %s\n", ear->packets,
	       ear->packets ? inet_ntoa(ear->source.sin_addr) : "nobody");
	for (digit = ear->digit; digit < ear->digit + ear->digit_count; digit++)
		printf("digit %c packets %u marked %u ends %u samples %u%s\n", digit->name,
		       digit->packets, digit->marked, digit->ends, digit->duration,
		       digit->odd ? " odd" : "");
}

static void run(struct mouth *mouth, struct ear *ear, unsigned int ms)
{
	struct pollfd poll_fd = { mouth->fd, POLLIN, 0 };
	uint64_t now = now_ms(), end = now + ms, next = now - now % PACKET_MS + PACKET_MS;

	for (; now < end; now = now_ms()) {
		if (poll(&poll_fd, 1, next > now ? next - now : 0) > 0)
			receive(ear, mouth->fd);
		if (now_ms() < next)
			continue;
		if (*mouth->digits)
			dial(mouth, next / PACKET_MS);
		else if (mouth->hz)
			speak(mouth, next / PACKET_MS);
		next += PACKET_MS;
	}
}

static struct sockaddr_in address(const char *host, const char *port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(atoi(port)) };

	if (!inet_aton(host, &address.sin_addr))
		fail(host);
	return address;
}

int main(int argc, char **argv)
{
	struct mouth mouth = { .digits = "" };
	struct ear ear = { 0 };
	struct sockaddr_in here;
	unsigned int ms = 0;
	char *port;

	port = argc < 5 ? NULL : strchr(argv[2], ':');
	if (!port) {
		fprintf(stderr, "usage: farend PORT HOST:PORT --seconds S [--say HZ] "
			"[--dial DIGITS] [--hear FILE]\n");
		return 2;
	}
	*port++ = 0;
	mouth.to = address(argv[2], port);
	here = address("127.0.0.1", argv[1]);
	for (int i = 3; i + 1 < argc; i += 2) {
		if (!strcmp(argv[i], "--seconds"))
			ms = lrint(atof(argv[i + 1]) * 1000);
		else if (!strcmp(argv[i], "--say"))
			mouth.hz = atoi(argv[i + 1]);
		else if (!strcmp(argv[i], "--dial"))
			mouth.digits = argv[i + 1];
		else if (!strcmp(argv[i], "--hear"))
			ear.file = fopen(argv[i + 1], "wb");
	}
	if (ear.file)
		fseek(ear.file, WAV_HEADER, SEEK_SET);
	mouth.fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (mouth.fd < 0 || bind(mouth.fd, (void *)&here, sizeof(here)))
		fail("UDP port");
	run(&mouth, &ear, ms);
	if (ear.file)
		finish_wav(ear.file);
	report(&ear);
	return 0;
}
