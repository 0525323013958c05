// SPDX-License-Identifier: GPL-2.0-or-later
/* The claim: who gets it, what it is, and what its end does. */
#include "port.h"

#include <fcntl.h>
#include <kselftest_harness.h>
#include <signal.h>
#include <sys/wait.h>

#define REST_MS		10	/* a closed claim is at rest within this time */

FIXTURE(claim) {
	struct line line;
	int fd;		/* an observer without a claim, writable */
};

FIXTURE_SETUP(claim)
{
	ASSERT_EQ(0, line_open(&self->line, 0));
	close(self->line.claim);
	self->line.claim = -1;
	event_drain(self->line.observer);
	self->fd = self->line.observer;
}

FIXTURE_TEARDOWN(claim)
{
	line_close(&self->line);
}

TEST_F(claim, each_wrong_field_is_refused)
{
	static const struct pots_claim valid;
	static const struct wrong wrong[] = {
		WRONG(struct pots_claim, flags, 1, EINVAL),
		WRONG(struct pots_claim, flags, 0x80000000, EINVAL),
		WRONG(struct pots_claim, watchdog_ms, 1, ERANGE),
		WRONG(struct pots_claim, watchdog_ms, 99, ERANGE),
		WRONG(struct pots_claim, watchdog_ms, 60001, ERANGE),
		WRONG(struct pots_claim, watchdog_ms, -1, ERANGE),
		WRONG(struct pots_claim, reserved, 1, EINVAL),
	};

	EXPECT_REFUSED(self->fd, POTS_CLAIM, &valid, wrong);
	EXPECT_EQ(0, state_of(self->fd) & POTS_STATE_CLAIMED);
}

TEST_F(claim, watchdog_limits_are_allowed)
{
	static const unsigned int allowed[] = { 0, 100, 60000 };

	for (int i = 0; i < 3; i++) {
		int claim = port_claim(self->fd, allowed[i]);

		EXPECT_GE(claim, 0) TH_LOG("%u ms", allowed[i]);
		close(claim);
	}
}

TEST_F(claim, needs_an_open_for_writing)
{
	int reader = port_open(self->line.id, O_RDONLY);

	ASSERT_GE(reader, 0);
	EXPECT_EQ(-1, port_claim(reader, 0));
	EXPECT_EQ(EPERM, errno);
	close(reader);
}

TEST_F(claim, is_exclusive)
{
	int other = port_open(self->line.id, O_RDWR);
	int claim = port_claim(self->fd, 0);

	ASSERT_GE(other, 0);
	ASSERT_GE(claim, 0);
	EXPECT_NE(0, state_of(other) & POTS_STATE_CLAIMED);
	EXPECT_EQ(-1, port_claim(other, 0));
	EXPECT_EQ(EBUSY, errno);
	EXPECT_EQ(-1, port_claim(self->fd, 0));
	EXPECT_EQ(EBUSY, errno);

	close(claim);
	EXPECT_EQ(0, state_of(other) & POTS_STATE_CLAIMED);
	claim = port_claim(other, 0);
	EXPECT_GE(claim, 0);
	close(claim);
	close(other);
}

TEST_F(claim, a_failed_copy_out_leaves_no_claim)
{
	static const struct pots_claim valid;
	int claim;

	EXPECT_EQ(EFAULT, err_of(self->fd, POTS_CLAIM,
				 readonly_copy(&valid, sizeof(valid))));
	EXPECT_EQ(0, state_of(self->fd) & POTS_STATE_CLAIMED);
	claim = port_claim(self->fd, 0);
	EXPECT_GE(claim, 0);
	close(claim);
}

TEST_F(claim, closes_on_exec)
{
	int claim = port_claim(self->fd, 0);

	ASSERT_GE(claim, 0);
	EXPECT_EQ(FD_CLOEXEC, fcntl(claim, F_GETFD));
	close(claim);
}

TEST_F(claim, outlives_its_observer)
{
	int other = port_open(self->line.id, O_RDWR);
	int claim = port_claim(other, 0);
	struct pots_settings settings;

	ASSERT_GE(claim, 0);
	close(other);
	EXPECT_NE(0, state_of(self->fd) & POTS_STATE_CLAIMED);
	EXPECT_EQ(0, err_of(claim, POTS_GET_SETTINGS, &settings));
	close(claim);
}

TEST_F(claim, unknown_commands_are_enotty)
{
	char argument[4096] = {};
	int claim = port_claim(self->fd, 0);

	ASSERT_GE(claim, 0);
	EXPECT_EQ(ENOTTY, err_of(claim, _IO(POTS_IOC_MAGIC, 0x1d), argument));
	EXPECT_EQ(ENOTTY, err_of(claim, _IO(POTS_IOC_MAGIC, 0x2f), argument));
	EXPECT_EQ(ENOTTY, err_of(claim, _IOR(POTS_IOC_MAGIC, 0x11, struct pots_play),
				 argument));
	EXPECT_EQ(ENOTTY, err_of(claim, _IOW(POTS_IOC_MAGIC, 0x16, struct pots_stop),
				 argument));
	close(claim);
}

TEST_F(claim, bad_pointers_fault)
{
	static const unsigned long commands[] = {
		POTS_GET_INFO, POTS_GET_STATE, POTS_PLAY_TONE, POTS_STOP_TONE,
		POTS_SET_TONE, POTS_RING, POTS_STOP_RING, POTS_HANGUP,
		POTS_SET_LINEFEED, POTS_GET_SETTINGS, POTS_SET_SETTINGS,
		POTS_AUDIO_START, POTS_GET_QUEUE, POTS_METER, POTS_STOP_METER,
		POTS_SET_LAMP,
	};
	int claim = port_claim(self->fd, 0);
	void *bad = bad_pointer();

	ASSERT_GE(claim, 0);
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		EXPECT_EQ(EFAULT, err_of(claim, commands[i], bad))
			TH_LOG("command %#lx", commands[i]);
	}
	close(claim);
}

/* ---------------------------------------------------------- end of it --- */

/* Milliseconds until the bits are gone, or SETTLE_MS. */
static unsigned int ms_until_clear(int fd, uint32_t bits)
{
	uint64_t start_ns = now_ns();

	while (state_of(fd) & bits && now_ns() < start_ns + SETTLE_MS * NS_PER_MS)
		;
	return (now_ns() - start_ns) / NS_PER_MS;
}

TEST_F(claim, closing_stops_ringing)
{
	int claim = port_claim(self->fd, 0);
	struct pots_ring ring = {};

	if (!(self->line.info.caps & POTS_CAP_RING))
		SKIP(return, "this port cannot ring");
	ASSERT_EQ(0, err_of(claim, POTS_RING, &ring));
	EXPECT_NE(0, state_of(self->fd) & POTS_STATE_RINGING);
	close(claim);
	EXPECT_LE(ms_until_clear(self->fd, POTS_STATE_RINGING | POTS_STATE_CLAIMED),
		  slack_ms(REST_MS));
}

TEST_F(claim, closing_stops_tones_and_speech_and_parks)
{
	struct pots_audio audio = { .read_frames = 20, .queue_frames = 100 };
	struct pots_play play = { .tone = POTS_TONE_DIAL };
	struct pots_event event;

	if (self->line.phone < 0)
		SKIP(return, "this port has no telephone to lift");
	self->line.claim = port_claim(self->fd, 0);
	ASSERT_TRUE(line_lift(&self->line));
	ASSERT_EQ(0, err_of(self->line.claim, POTS_PLAY_TONE, &play));
	if (self->line.info.caps & POTS_CAP_SPEECH) {
		ASSERT_EQ(0, err_of(self->line.claim, POTS_AUDIO_START, &audio));
	}
	close(self->line.claim);
	self->line.claim = -1;

	EXPECT_LE(ms_until_clear(self->fd, POTS_STATE_TONE | POTS_STATE_AUDIO |
				 POTS_STATE_CLAIMED), slack_ms(REST_MS));
	EXPECT_TRUE(event_wait(self->fd, POTS_EVENT_PARKED, &event, SETTLE_MS));
	EXPECT_EQ(1, event.value);
	EXPECT_EQ(POTS_STATE_OFF_HOOK | POTS_STATE_PARKED,
		  state_of(self->fd) & (POTS_STATE_OFF_HOOK | POTS_STATE_PARKED));

	/* A real on-hook ends it, and only then a lift is a seizure again. */
	phone_hang(self->line.phone);
	EXPECT_TRUE(event_wait(self->fd, POTS_EVENT_PARKED, &event, SETTLE_MS));
	EXPECT_EQ(0, event.value);
	EXPECT_TRUE(line_lift(&self->line));
}

/* The owner dies with the line in use; returns after it was reaped. */
static void kill_an_owner(unsigned int id, unsigned long command, void *argument)
{
	int pipes[2];
	pid_t owner;
	char byte;

	if (pipe(pipes))
		return;
	owner = fork();
	if (!owner) {
		int claim = port_claim(port_open(id, O_RDWR), 0);

		byte = ioctl(claim, command, argument) ? 'n' : 'y';
		if (write(pipes[1], &byte, 1) == 1)
			pause();
		_exit(1);
	}
	if (read(pipes[0], &byte, 1) == 1)
		kill(owner, SIGKILL);
	waitpid(owner, NULL, 0);
	close(pipes[0]);
	close(pipes[1]);
}

TEST_F(claim, a_killed_owner_leaves_no_bell_ringing)
{
	struct pots_ring ring = {};
	struct pots_event event;

	if (!(self->line.info.caps & POTS_CAP_RING))
		SKIP(return, "this port cannot ring");
	kill_an_owner(self->line.id, POTS_RING, &ring);
	EXPECT_LE(ms_until_clear(self->fd, POTS_STATE_RINGING | POTS_STATE_CLAIMED),
		  slack_ms(REST_MS));
	EXPECT_TRUE(event_wait(self->fd, POTS_EVENT_RING_DONE, &event, SETTLE_MS));
}

/* ------------------------------------------------------------ watchdog --- */

TEST_F(claim, watchdog_brings_a_neglected_line_to_rest)
{
	struct pots_ring ring = {};
	struct pots_event event;
	uint64_t start_ns;

	if (!(self->line.info.caps & POTS_CAP_RING))
		SKIP(return, "this port cannot ring");
	self->line.claim = port_claim(self->fd, 200);
	ASSERT_EQ(0, err_of(self->line.claim, POTS_RING, &ring));
	start_ns = now_ns();
	ASSERT_TRUE(event_wait(self->fd, POTS_EVENT_WATCHDOG, &event, SETTLE_MS));
	EXPECT_GE(event.timestamp_ns, start_ns + 190 * NS_PER_MS);
	EXPECT_LE(event.timestamp_ns, start_ns + (200 + slack_ms(10)) * NS_PER_MS);
	EXPECT_TRUE(state_wait(self->fd, POTS_STATE_RINGING, 0, slack_ms(REST_MS)));

	/* the claim stays, and works */
	EXPECT_NE(0, state_of(self->fd) & POTS_STATE_CLAIMED);
	EXPECT_EQ(0, err_of(self->line.claim, POTS_RING, &ring));
	EXPECT_TRUE(event_wait(self->fd, POTS_EVENT_WATCHDOG, &event, SETTLE_MS));
}

TEST_F(claim, a_fed_watchdog_is_quiet)
{
	struct pots_ring ring = {};

	if (!(self->line.info.caps & POTS_CAP_RING))
		SKIP(return, "this port cannot ring");
	self->line.claim = port_claim(self->fd, time_is_virtual() ? 200 : 2000);
	ASSERT_EQ(0, err_of(self->line.claim, POTS_RING, &ring));
	for (int i = 0; i < 10; i++) {
		EXPECT_TRUE(event_absent(self->fd, POTS_EVENT_WATCHDOG, 150));
		EXPECT_EQ(0, err_of(self->line.claim, POTS_FEED_WATCHDOG, NULL));
	}
	EXPECT_NE(0, state_of(self->fd) & POTS_STATE_RINGING);
}

TEST_F(claim, watchdog_sleeps_at_rest)
{
	self->line.claim = port_claim(self->fd, 100);
	ASSERT_GE(self->line.claim, 0);
	EXPECT_TRUE(event_absent(self->fd, POTS_EVENT_WATCHDOG, 500));
}

TEST_F(claim, watchdog_begins_with_a_lift)
{
	struct pots_event event;
	uint64_t lifted_ns;

	if (self->line.phone < 0)
		SKIP(return, "this port has no telephone to lift");
	self->line.claim = port_claim(self->fd, 300);
	phone_lift(self->line.phone);
	ASSERT_TRUE(event_wait(self->fd, POTS_EVENT_OFF_HOOK, &event, SETTLE_MS));
	lifted_ns = event.timestamp_ns;
	ASSERT_TRUE(event_wait(self->fd, POTS_EVENT_WATCHDOG, &event, SETTLE_MS));
	EXPECT_GE(event.timestamp_ns, lifted_ns + 290 * NS_PER_MS);
	EXPECT_LE(event.timestamp_ns, lifted_ns + (360 + slack_ms(0)) * NS_PER_MS);
	/* and the handset is parked, as after a close */
	EXPECT_TRUE(state_wait(self->fd, POTS_STATE_PARKED, POTS_STATE_PARKED, SETTLE_MS));
	EXPECT_TRUE(event_absent(self->fd, POTS_EVENT_WATCHDOG, 600));
}

TEST_F(claim, feeding_without_a_watchdog_is_allowed)
{
	self->line.claim = port_claim(self->fd, 0);
	EXPECT_EQ(0, err_of(self->line.claim, POTS_FEED_WATCHDOG, NULL));
}

TEST_HARNESS_MAIN
