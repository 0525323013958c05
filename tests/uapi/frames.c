// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sound without seams, whatever number of frames the highway brings at a time,
 * and whatever else the processor has to do. A sine that repeats itself after N
 * samples tells of every frame that was lost, doubled or late: what is heard is
 * the same N samples on, all the way.
 */
#include "port.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

#define SECOND		POTS_RATE_HZ
#define PACKET		(20 * POTS_RATE_HZ / 1000)
#define HERE_PERIOD	41	/* samples, of what the telephone says */
#define FAR_PERIOD	37	/* and of what is said to it */
#define HEARD_MS	2000
#define HEARD		(HEARD_MS * POTS_RATE_HZ / 1000)

/* Round, so that it can be said again and again. */
#define ROUND(period)	(SECOND / 4 / (period) * (period))

FIXTURE(frames) {
	struct line line[2];
	int16_t here[ROUND(HERE_PERIOD)];
	int16_t far[ROUND(FAR_PERIOD)];
	unsigned int said[2];
	int16_t heard[HEARD];
};

FIXTURE_SETUP(frames)
{
	for (int i = 0; i < 2; i++)
		ASSERT_EQ(0, line_open(&self->line[i], i));
}

FIXTURE_TEARDOWN(frames)
{
	for (int i = 0; i < 2; i++)
		line_close(&self->line[i]);
}

#define NEEDS_PHONE() do {						\
	if (self->line[0].phone < 0 ||					\
	    !(self->line[0].info.caps & POTS_CAP_SPEECH))		\
		SKIP(return, "no telephones with speech");		\
} while (0)

static bool listen_to(const struct line *line)
{
	uint32_t ear = POTS_SIM_LISTEN_EAR;

	return !err_of(line->phone, POTS_SIM_LISTEN, &ear);
}

static void sine(int16_t *samples, unsigned int count, unsigned int period, double peak)
{
	for (unsigned int i = 0; i < count; i++)
		samples[i] = lrint(peak * sin(2 * M_PI * (i % period) / period));
}

/* The first sample that is not what it was a period before; @count if none. */
static unsigned int seam(const int16_t *samples, unsigned int count, unsigned int period)
{
	unsigned int i;

	for (i = period; i < count; i++)
		if (abs(samples[i] - samples[i - period]) > 2)
			return i;
	return count;
}

static double rms(const int16_t *samples, unsigned int count)
{
	double sum = 0;

	for (unsigned int i = 0; i < count; i++)
		sum += samples[i] * samples[i];
	return sqrt(sum / count);
}

/* 350 and 440 Hz: together they repeat themselves after 800 samples. */
TEST_F(frames, the_dial_tone_has_no_seam)
{
	struct pots_play play = { .tone = POTS_TONE_DIAL };

	NEEDS_PHONE();
	ASSERT_TRUE(line_lift(&self->line[0]));
	ASSERT_EQ(0, err_of(self->line[0].claim, POTS_PLAY_TONE, &play));
	sleep_ms(100);
	ASSERT_TRUE(listen_to(&self->line[0]));
	ASSERT_TRUE(phone_hear(self->line[0].phone, self->heard, HEARD));
	EXPECT_GE(rms(self->heard, HEARD), 1000);
	EXPECT_EQ(HEARD, seam(self->heard, HEARD, 800));
}

/* Bursts of 100 ms every 230 ms, to the sample: neither is a multiple of 8. */
TEST_F(frames, a_cadence_is_exact_to_the_sample)
{
	struct pots_set_tone set = {
		.tone = POTS_TONE_USER,
		.program = {
			.count = 2,
			.step = {
				{ .freq_mhz = { 425000 }, .level_cdb = { -1000 }, .samples = 803 },
				{ .samples = 1042 },
			},
		},
	};
	struct pots_play play = { .tone = POTS_TONE_USER };

	NEEDS_PHONE();
	ASSERT_TRUE(line_lift(&self->line[0]));
	ASSERT_EQ(0, err_of(self->line[0].claim, POTS_SET_TONE, &set));
	ASSERT_TRUE(listen_to(&self->line[0]));
	ASSERT_EQ(0, err_of(self->line[0].claim, POTS_PLAY_TONE, &play));
	ASSERT_TRUE(phone_hear(self->line[0].phone, self->heard, HEARD));
	EXPECT_GE(rms(self->heard, HEARD), 1000);
	for (unsigned int i = 0; i < HEARD; i++) {
		if (!self->heard[i])
			continue;
		EXPECT_EQ(HEARD - i, seam(self->heard + i, HEARD - i, 803 + 1042));
		break;
	}
}

TEST_F(frames, digits_are_heard)
{
	static const uint16_t hz[][2] = { { 697, 1209 }, { 770, 1336 }, { 852, 1477 } };
	static const uint32_t digits[] = { 1, 5, 9 };
	struct pots_sim_queue dial = { .count = ARRAY_SIZE(hz) };
	struct pots_event event;

	NEEDS_PHONE();
	ASSERT_TRUE(line_lift(&self->line[0]));
	sleep_ms(200);
	for (size_t i = 0; i < ARRAY_SIZE(hz); i++)
		dial.step[i] = (struct pots_sim_step) {
			.kind = POTS_SIM_STEP_TONES, .on_us = 50000, .off_us = 50000,
			.mhz = { hz[i][0] * 1000, hz[i][1] * 1000 }, .peak = { 4000, 4000 },
		};
	ASSERT_EQ(0, err_of(self->line[0].phone, POTS_SIM_QUEUE, &dial));
	for (size_t i = 0; i < ARRAY_SIZE(digits); i++) {
		ASSERT_TRUE(event_wait(self->line[0].observer, POTS_EVENT_DTMF_START, &event,
				       SETTLE_MS));
		EXPECT_EQ(digits[i], event.value);
		ASSERT_TRUE(event_wait(self->line[0].observer, POTS_EVENT_DTMF_END, &event,
				       SETTLE_MS));
		EXPECT_GE(event.extra, 45);
		EXPECT_LE(event.extra, 55);
	}
}

/* ------------------------------------------------------------------ calls --- */

#define AHEAD_MS	400	/* what is said waits so long in the telephone */
#define SETTLED_MS	500	/* by then the echoes of the beginning are gone */

/* Two telephones in a call: this process carries what comes to the other one. */
static void connect_lines(struct __test_metadata *_metadata, FIXTURE_DATA(frames) *self)
{
	struct pots_audio audio = {
		.read_frames = 20, .write_low_frames = 20, .queue_frames = 100,
	};
	static const int16_t silence[2 * PACKET];

	sine(self->here, ARRAY_SIZE(self->here), HERE_PERIOD, 3000);
	sine(self->far, ARRAY_SIZE(self->far), FAR_PERIOD, 3000);
	for (int i = 0; i < 2; i++)
		ASSERT_TRUE(line_lift(&self->line[i]));
	for (int i = 0; i < 2; i++) {
		ASSERT_EQ(0, err_of(self->line[i].claim, POTS_AUDIO_START, &audio));
		ASSERT_EQ((ssize_t)sizeof(silence),
			  write(self->line[i].claim, silence, sizeof(silence)));
	}
}

/* One packet each way, as soon as there is one; false when none came. */
static bool carry(FIXTURE_DATA(frames) *self)
{
	int16_t packet[PACKET];

	for (int i = 0; i < 2; i++) {
		struct pollfd fd = { .fd = self->line[i].claim, .events = POLLIN };

		if (poll(&fd, 1, SETTLE_MS) != 1 ||
		    read(fd.fd, packet, sizeof(packet)) != sizeof(packet) ||
		    write(self->line[!i].claim, packet, sizeof(packet)) != sizeof(packet))
			return false;
	}
	return true;
}

/* Lets a telephone go on with its sine until so many samples were said. */
static void speak(FIXTURE_DATA(frames) *self, int which, unsigned int until)
{
	const int16_t *voice = which ? self->far : self->here;
	unsigned int size = which ? ARRAY_SIZE(self->far) : ARRAY_SIZE(self->here);

	while (self->said[which] < until) {
		unsigned int at = self->said[which] % size;
		ssize_t put = write(self->line[which].phone, voice + at,
				    (size - at) * sizeof(*voice));

		if (put <= 0)
			break;
		self->said[which] += put / sizeof(*voice);
	}
}

/* Both speak, and what both ears have heard is looked at when all is said. */
static void expect_no_seam(struct __test_metadata *_metadata, FIXTURE_DATA(frames) *self)
{
	struct pots_queue queue;

	for (unsigned int ms = 0; ms < SETTLED_MS + HEARD_MS + 100; ms += 20) {
		for (int i = 0; i < 2; i++)
			speak(self, i, (ms + AHEAD_MS) * SECOND / 1000);
		ASSERT_TRUE(carry(self));
		if (ms == SETTLED_MS) {
			ASSERT_TRUE(listen_to(&self->line[0]));
			ASSERT_TRUE(listen_to(&self->line[1]));
		}
	}
	for (int i = 0; i < 2; i++) {
		ASSERT_EQ(0, err_of(self->line[i].claim, POTS_GET_QUEUE, &queue));
		EXPECT_EQ(0, queue.underruns);
		EXPECT_EQ(0, queue.overruns);
		ASSERT_TRUE(phone_hear(self->line[i].phone, self->heard, HEARD));
		EXPECT_GE(rms(self->heard, HEARD), 500);
		/* a search for leaks may keep that kernel's processor for longer */
		if (!is_debug_kernel())
			EXPECT_EQ(HEARD, seam(self->heard, HEARD,
					      HERE_PERIOD * FAR_PERIOD));
	}
}

TEST_F(frames, speech_both_ways_has_no_seam)
{
	NEEDS_PHONE();
	connect_lines(_metadata, self);
	expect_no_seam(_metadata, self);
}

/* Sends to itself as fast as the processor can, for ever. */
static pid_t flood(void)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t length = sizeof(address);
	static char packet[1400];
	pid_t child = fork();
	int fd;

	if (child)
		return child;
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (bind(fd, (void *)&address, length) || getsockname(fd, (void *)&address, &length) ||
	    connect(fd, (void *)&address, length))
		_exit(1);
	for (;;) {
		for (int i = 0; i < 32; i++)
			send(fd, packet, sizeof(packet), 0);
		while (recv(fd, packet, sizeof(packet), MSG_DONTWAIT) > 0)
			;
	}
}

/* Hundredths of a second that the processors were idle. */
static unsigned long idle_cs(void)
{
	unsigned long idle = 0;
	FILE *in = fopen("/proc/stat", "r");

	if (!in || fscanf(in, "cpu %*u %*u %*u %lu", &idle) != 1)
		idle = 0;
	if (in)
		fclose(in);
	return idle;
}

TEST_F(frames, a_flood_of_packets_makes_no_seam)
{
	unsigned long idle;
	int status = 0;
	pid_t child;

	NEEDS_PHONE();
	if (!time_is_virtual())
		SKIP(return, "the host's own load would be heard");
	connect_lines(_metadata, self);
	child = flood();
	ASSERT_GT(child, 0);
	idle = idle_cs();
	expect_no_seam(_metadata, self);
	/* the processor had no rest */
	EXPECT_LE(idle_cs() - idle, 2);
	EXPECT_EQ(0, waitpid(child, &status, WNOHANG));
	kill(child, SIGKILL);
	waitpid(child, &status, 0);
}

TEST_HARNESS_MAIN
