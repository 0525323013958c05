// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A port that goes away under its users: every call fails with ENODEV, every
 * sleeper is woken, and poll() hangs up. The chip's driver is unbound and bound
 * again, so the same tests run on hardware.
 */
#include "port.h"

#include <fcntl.h>
#include <kselftest_harness.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>

#define COME_BACK_MS	10000	/* probe and calibration */
#define WAKE_MS		1000	/* poll() looks again by itself, but much later */

FIXTURE(unplug) {
	struct line line;
	struct pots_event event;
	bool gone;
};

FIXTURE_SETUP(unplug)
{
	ASSERT_EQ(0, line_open(&self->line, 0));
}

FIXTURE_TEARDOWN(unplug)
{
	close(self->line.claim);
	close(self->line.observer);
	if (self->line.phone >= 0) {
		phone_hang(self->line.phone);
		close(self->line.phone);
	}
	if (self->gone) {
		EXPECT_EQ(0, port_plug());
		EXPECT_TRUE(port_wait(self->line.id, COME_BACK_MS));
	}
}

#define UNPLUG() do {							\
	ASSERT_EQ(0, port_unplug(self->line.id));			\
	self->gone = true;						\
} while (0)

TEST_F(unplug, every_command_is_enodev_for_ever)
{
	static const unsigned long commands[] = {
		POTS_GET_INFO, POTS_GET_STATE, POTS_FEED_WATCHDOG, POTS_PLAY_TONE,
		POTS_STOP_TONE, POTS_SET_TONE, POTS_RING, POTS_STOP_RING,
		POTS_HANGUP, POTS_SET_LINEFEED, POTS_GET_SETTINGS,
		POTS_SET_SETTINGS, POTS_AUDIO_START, POTS_AUDIO_STOP,
		POTS_GET_QUEUE, POTS_RING_CID, POTS_SEND_CID, POTS_CLAIM,
	};
	uint64_t argument[4096 / 8] = {};

	UNPLUG();
	for (int round = 0; round < 2; round++) {
		for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
			EXPECT_EQ(ENODEV, err_of(self->line.claim, commands[i], argument)) {
				TH_LOG("command %#lx", commands[i]);
			}
		}
		EXPECT_EQ(ENODEV, err_of(self->line.observer, POTS_GET_INFO, argument));
		EXPECT_EQ(ENODEV, err_of(self->line.observer, POTS_GET_STATE, argument));
		EXPECT_EQ(ENODEV, err_of(self->line.observer, POTS_CLAIM, argument));
		EXPECT_EQ(-1, read(self->line.claim, argument, 16));
		EXPECT_EQ(ENODEV, errno);
		EXPECT_EQ(-1, write(self->line.claim, argument, 16));
		EXPECT_EQ(ENODEV, errno);
		/* the port may come back meanwhile, as a new one */
		if (!round) {
			ASSERT_EQ(0, port_plug());
			self->gone = false;
			ASSERT_TRUE(port_wait(self->line.id, COME_BACK_MS));
		}
	}
}

TEST_F(unplug, events_are_read_to_the_end_first)
{
	int other = port_open(self->line.id, O_RDONLY);

	ASSERT_GE(other, 0);
	UNPLUG();
	EXPECT_EQ((ssize_t)sizeof(self->event), read(other, &self->event, sizeof(self->event)));
	EXPECT_EQ(POTS_EVENT_STATE, self->event.type);
	while (read(other, &self->event, sizeof(self->event)) > 0)
		;
	EXPECT_EQ(ENODEV, errno);
	close(other);
}

TEST_F(unplug, poll_hangs_up)
{
	struct pollfd fds[] = {
		{ .fd = self->line.observer, .events = POLLIN },
		{ .fd = self->line.claim, .events = POLLIN | POLLOUT },
	};

	UNPLUG();
	event_drain(self->line.observer);
	for (int round = 0; round < 2; round++) {
		EXPECT_EQ(2, poll(fds, 2, 0));
		EXPECT_EQ(POLLHUP | POLLERR, fds[0].revents);
		EXPECT_EQ(POLLHUP | POLLERR, fds[1].revents & ~(POLLIN | POLLOUT));
	}
}

TEST_F(unplug, the_node_is_gone)
{
	UNPLUG();
	EXPECT_EQ(-1, port_open(self->line.id, O_RDONLY));
	EXPECT_TRUE(errno == ENOENT || errno == ENODEV || errno == ENXIO);
}

TEST_F(unplug, closing_afterwards_is_harmless)
{
	UNPLUG();
	close(self->line.claim);
	close(self->line.observer);
	self->line.claim = -1;
	self->line.observer = -1;
	ASSERT_EQ(0, port_plug());
	self->gone = false;
	ASSERT_TRUE(port_wait(self->line.id, COME_BACK_MS));
	self->line.observer = port_open(self->line.id, O_RDWR);
	self->line.claim = port_claim(self->line.observer, 0);
	EXPECT_GE(self->line.claim, 0);
}

/* ------------------------------------------------------------- sleepers --- */

struct sleeper {
	pthread_t thread;
	int fd;
	short events;		/* poll for these; 0: read; -1: write */
	ssize_t result;
	int error;
	short revents;
	uint64_t woken_ns;
};

static void *sleep_in_call(void *arg)
{
	struct sleeper *sleeper = arg;
	struct pollfd fd = { .fd = sleeper->fd, .events = sleeper->events };
	static int16_t frames[POTS_AUDIO_QUEUE_MAX * POTS_FRAME_SAMPLES];
	struct pots_event event;

	errno = 0;
	if (sleeper->events > 0) {
		sleeper->result = poll(&fd, 1, SETTLE_MS);
		sleeper->revents = fd.revents;
	} else if (sleeper->events) {
		do
			sleeper->result = write(fd.fd, frames, sizeof(frames));
		while (sleeper->result > 0);
	} else {
		do
			sleeper->result = read(fd.fd, &event, sizeof(event));
		while (sleeper->result > 0);
	}
	sleeper->error = errno;
	sleeper->woken_ns = now_ns();
	return NULL;
}

/* Lets the first @count of these sleep, takes the port, and looks how they woke. */
static void expect_woken(struct __test_metadata *_metadata, FIXTURE_DATA(unplug) *self,
			 struct sleeper *sleepers, unsigned int count)
{
	uint64_t gone_ns;

	event_drain(self->line.observer);
	for (unsigned int i = 0; i < count; i++)
		pthread_create(&sleepers[i].thread, NULL, sleep_in_call, &sleepers[i]);
	sleep_ms(100);
	UNPLUG();
	gone_ns = now_ns();
	for (unsigned int i = 0; i < count; i++) {
		pthread_join(sleepers[i].thread, NULL);
		EXPECT_LE(sleepers[i].woken_ns, gone_ns + WAKE_MS * NS_PER_MS);
		if (sleepers[i].events > 0) {
			EXPECT_EQ(1, sleepers[i].result);
			EXPECT_EQ(POLLHUP | POLLERR, sleepers[i].revents);
		} else {
			EXPECT_EQ(-1, sleepers[i].result);
			EXPECT_EQ(ENODEV, sleepers[i].error);
		}
	}
}

TEST_F(unplug, sleepers_are_woken)
{
	struct sleeper sleepers[] = {
		{ .fd = self->line.observer, .events = POLLPRI },
		{ .fd = self->line.observer },
		{ .fd = self->line.claim, .events = POLLPRI },
	};

	expect_woken(_metadata, self, sleepers, ARRAY_SIZE(sleepers));
}

TEST_F(unplug, sleepers_of_speech_are_woken)
{
	struct pots_audio audio = {
		.read_frames = 100, .queue_frames = POTS_AUDIO_QUEUE_MAX,
	};
	struct sleeper sleepers[] = {
		{ .fd = self->line.observer },
		{ .fd = self->line.claim, .events = POLLPRI },
		{ .fd = self->line.claim, .events = -1 },
	};

	if (!(self->line.info.caps & POTS_CAP_SPEECH))
		SKIP(return, "this port has no speech path");
	ASSERT_EQ(0, err_of(self->line.claim, POTS_AUDIO_START, &audio));
	expect_woken(_metadata, self, sleepers, ARRAY_SIZE(sleepers));
}

TEST_F(unplug, a_port_in_full_use)
{
	struct pots_audio audio = { .read_frames = 20, .queue_frames = 100 };
	struct pots_play play = { .tone = POTS_TONE_DIAL };

	if (self->line.phone < 0)
		SKIP(return, "this port has no telephone to lift");
	ASSERT_TRUE(line_lift(&self->line));
	ASSERT_EQ(0, err_of(self->line.claim, POTS_PLAY_TONE, &play));
	if (self->line.info.caps & POTS_CAP_SPEECH) {
		ASSERT_EQ(0, err_of(self->line.claim, POTS_AUDIO_START, &audio));
	}
	UNPLUG();
	EXPECT_EQ(ENODEV, err_of(self->line.claim, POTS_PLAY_TONE, &play));
}

TEST_F(unplug, a_ringing_port)
{
	struct pots_sim_state phone;
	struct pots_ring ring = {};

	if (!(self->line.info.caps & POTS_CAP_RING))
		SKIP(return, "this port cannot ring");
	ASSERT_EQ(0, err_of(self->line.claim, POTS_RING, &ring));
	sleep_ms(200);
	UNPLUG();
	if (self->line.phone >= 0) {
		ASSERT_TRUE(phone_state(self->line.phone, &phone));
		EXPECT_EQ(0, phone.state & POTS_SIM_STATE_RINGING);
	}
}

/* Commands race against the removal; the kernel's own checks are the judge. */
static volatile bool hammering;

static void *hammer(void *arg)
{
	int claim = *(int *)arg;

	while (hammering) {
		struct pots_linefeed feed = { .feed = POTS_FEED_OHT_FORWARD };
		struct pots_ring ring = {};
		struct pots_stop stop = {};

		ioctl(claim, POTS_SET_LINEFEED, &feed);
		ioctl(claim, POTS_RING, &ring);
		ioctl(claim, POTS_STOP_RING, &stop);
	}
	return NULL;
}

TEST_F(unplug, under_fire)
{
	pthread_t thread;

	for (int round = 0; round < 5; round++) {
		hammering = true;
		ASSERT_EQ(0, pthread_create(&thread, NULL, hammer, &self->line.claim));
		sleep_ms(20 + 7 * round);
		ASSERT_EQ(0, port_unplug(self->line.id));
		hammering = false;
		pthread_join(thread, NULL);
		close(self->line.claim);
		close(self->line.observer);
		ASSERT_EQ(0, port_plug());
		ASSERT_TRUE(port_wait(self->line.id, COME_BACK_MS));
		self->line.observer = port_open(self->line.id, O_RDWR);
		self->line.claim = port_claim(self->line.observer, 0);
		ASSERT_GE(self->line.claim, 0);
	}
}

TEST_HARNESS_MAIN
