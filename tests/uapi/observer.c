// SPDX-License-Identifier: GPL-2.0-or-later
/* What any open of /dev/potsN may do: ask, and read events. */
#include "port.h"

#include <fcntl.h>
#include <kselftest_harness.h>
#include <poll.h>
#include <pthread.h>

FIXTURE(observer) {
	int fd;
	int id;
};

FIXTURE_SETUP(observer)
{
	self->id = port_nth(0);
	self->fd = port_open(self->id, O_RDWR);
	ASSERT_GE(self->fd, 0);
}

FIXTURE_TEARDOWN(observer)
{
	close(self->fd);
}

TEST_F(observer, info_says_what_the_port_is)
{
	struct pots_info info, again;
	char name[16];

	memset(&info, 0xff, sizeof(info));
	memset(&again, 0, sizeof(again));
	ASSERT_EQ(0, err_of(self->fd, POTS_GET_INFO, &info));
	ASSERT_EQ(0, err_of(self->fd, POTS_GET_INFO, &again));
	EXPECT_EQ(0, memcmp(&info, &again, sizeof(info)));

	snprintf(name, sizeof(name), "pots%d", self->id);
	EXPECT_EQ(self->id, (int)info.id);
	EXPECT_STREQ(name, info.name);
	EXPECT_TRUE(info.type == POTS_PORT_TYPE_FXS || info.type == POTS_PORT_TYPE_FXO);
	EXPECT_NE(0, info.chip[0]);
	EXPECT_NE(NULL, memchr(info.chip, 0, sizeof(info.chip)));
	EXPECT_NE(NULL, memchr(info.label, 0, sizeof(info.label)));
	EXPECT_EQ(POTS_TONE_STEPS_MAX, info.tone_steps_max);
	EXPECT_EQ(POTS_RING_PAIRS_MAX, info.ring_pairs_max);
	EXPECT_NE(0, info.tone_max_ms);
	EXPECT_EQ(!!(info.caps & POTS_CAP_RING), info.ring_max_mhz != 0);
	EXPECT_LE(info.ring_min_mhz, info.ring_max_mhz);
	EXPECT_EQ(!!(info.caps & POTS_CAP_SPEECH), info.highway_depth != 0);
	for (int i = 0; i < ARRAY_SIZE(info.reserved); i++) {
		EXPECT_EQ(0, info.reserved[i]);
	}
}

TEST_F(observer, info_is_the_same_for_the_claim)
{
	struct pots_info here, there;
	int claim = port_claim(self->fd, 0);

	ASSERT_GE(claim, 0);
	ASSERT_EQ(0, err_of(self->fd, POTS_GET_INFO, &here));
	ASSERT_EQ(0, err_of(claim, POTS_GET_INFO, &there));
	EXPECT_EQ(0, memcmp(&here, &there, sizeof(here)));
	close(claim);
}

TEST_F(observer, state_is_of_now)
{
	struct pots_state state;
	uint64_t before_ns = now_ns();

	memset(&state, 0xff, sizeof(state));
	ASSERT_EQ(0, err_of(self->fd, POTS_GET_STATE, &state));
	EXPECT_GE(state.timestamp_ns, before_ns);
	EXPECT_LE(state.timestamp_ns, now_ns());
	EXPECT_LE(state.feed, POTS_FEED_RINGING);
	EXPECT_EQ(0, state.reserved[0]);
	EXPECT_EQ(0, state.reserved[1]);
	if (!(state.state & POTS_STATE_TONE)) {
		EXPECT_EQ(0, state.tone_cookie);
	}
	if (!(state.state & POTS_STATE_RINGING)) {
		EXPECT_EQ(0, state.ring_cookie);
	}
}

TEST_F(observer, may_be_read_only)
{
	int fd = port_open(self->id, O_RDONLY);
	struct pots_state state;
	struct pots_info info;

	ASSERT_GE(fd, 0);
	EXPECT_EQ(0, err_of(fd, POTS_GET_INFO, &info));
	EXPECT_EQ(0, err_of(fd, POTS_GET_STATE, &state));
	close(fd);
}

TEST_F(observer, bad_pointers_fault)
{
	void *bad = bad_pointer();

	EXPECT_EQ(EFAULT, err_of(self->fd, POTS_GET_INFO, bad));
	EXPECT_EQ(EFAULT, err_of(self->fd, POTS_GET_STATE, bad));
	EXPECT_EQ(EFAULT, err_of(self->fd, POTS_CLAIM, bad));
	EXPECT_EQ(-1, read(self->fd, bad, sizeof(struct pots_event)));
	EXPECT_EQ(EFAULT, errno);
}

TEST_F(observer, unknown_commands_are_enotty)
{
	static const unsigned long unknown[] = {
		_IO(POTS_IOC_MAGIC, 0x03),
		_IO(POTS_IOC_MAGIC, 0x0f),
		_IO(POTS_IOC_MAGIC, 0x2e),
		_IO(POTS_IOC_MAGIC, 0x2f),
		_IO(POTS_IOC_MAGIC, 0xff),
		_IOR('q', 0x00, struct pots_info),
		/* the right number with a wrong size or direction */
		_IOR(POTS_IOC_MAGIC, 0x00, uint32_t),
		_IOW(POTS_IOC_MAGIC, 0x01, struct pots_state),
		_IO(POTS_IOC_MAGIC, 0x11),
	};
	char argument[4096] = {};

	for (size_t i = 0; i < ARRAY_SIZE(unknown); i++) {
		EXPECT_EQ(ENOTTY, err_of(self->fd, unknown[i], argument))
			TH_LOG("command %#lx", unknown[i]);
	}
}

TEST_F(observer, may_not_command)
{
	static const unsigned long commands[] = {
		POTS_FEED_WATCHDOG, POTS_PLAY_TONE, POTS_STOP_TONE, POTS_SET_TONE,
		POTS_RING, POTS_STOP_RING, POTS_HANGUP, POTS_SET_LINEFEED,
		POTS_GET_SETTINGS, POTS_SET_SETTINGS, POTS_AUDIO_START,
		POTS_AUDIO_STOP, POTS_GET_QUEUE, POTS_RING_CID, POTS_SEND_CID,
		POTS_METER, POTS_STOP_METER, POTS_SET_LAMP,
		POTS_SEIZE, POTS_FLASH, POTS_DIAL, POTS_STOP_DIAL, POTS_GET_EXCHANGE,
		POTS_SET_EXCHANGE, POTS_READ_CID,
	};
	char argument[4096] = {};
	int claim = port_claim(self->fd, 0);

	ASSERT_GE(claim, 0);
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		EXPECT_EQ(EPERM, err_of(self->fd, commands[i], argument))
			TH_LOG("command %#lx", commands[i]);
	}
	close(claim);
}

/* ---------------------------------------------------------------- read --- */

TEST_F(observer, first_event_is_the_state)
{
	struct pots_event event;

	memset(&event, 0xff, sizeof(event));
	ASSERT_TRUE(event_next(self->fd, &event, 0));
	EXPECT_EQ(POTS_EVENT_STATE, event.type);
	EXPECT_EQ(POTS_EVENT_F_INITIAL, event.flags);
	EXPECT_EQ(state_of(self->fd), event.value);
	EXPECT_EQ(0, event.cookie);
	EXPECT_EQ(0, event.extra);
	EXPECT_EQ(0, event.reserved);
	EXPECT_LE(event.timestamp_ns, now_ns());
	EXPECT_FALSE(event_next(self->fd, &event, 0));
}

TEST_F(observer, claims_are_told_to_every_observer)
{
	int other = port_open(self->id, O_RDONLY);
	struct pots_event here, there;
	int claim;

	ASSERT_GE(other, 0);
	event_drain(self->fd);
	event_drain(other);
	claim = port_claim(self->fd, 0);
	ASSERT_GE(claim, 0);
	ASSERT_TRUE(event_wait(self->fd, POTS_EVENT_CLAIMED, &here, SETTLE_MS));
	ASSERT_TRUE(event_wait(other, POTS_EVENT_CLAIMED, &there, SETTLE_MS));
	EXPECT_EQ(1, here.value);
	EXPECT_EQ(1, there.value);
	EXPECT_EQ(here.timestamp_ns, there.timestamp_ns);

	close(claim);
	ASSERT_TRUE(event_wait(other, POTS_EVENT_CLAIMED, &there, SETTLE_MS));
	EXPECT_EQ(0, there.value);
	close(other);
}

TEST_F(observer, one_read_takes_several_events)
{
	struct pots_event event[8];
	ssize_t got;

	for (int i = 0; i < 2; i++) {
		int claim = port_claim(self->fd, 0);

		ASSERT_GE(claim, 0);
		close(claim);
	}
	got = read(self->fd, event, sizeof(event) - 1);
	ASSERT_EQ(5 * (ssize_t)sizeof(event[0]), got);
	for (int i = 1; i < 5; i++) {
		EXPECT_EQ(event[0].seqno + i, event[i].seqno);
		EXPECT_EQ(POTS_EVENT_CLAIMED, event[i].type);
		EXPECT_EQ(i % 2, (int)event[i].value);
		EXPECT_GE(event[i].timestamp_ns, event[i - 1].timestamp_ns);
	}
}

TEST_F(observer, a_short_buffer_is_refused)
{
	struct pots_event event;

	EXPECT_EQ(-1, read(self->fd, &event, sizeof(event) - 1));
	EXPECT_EQ(EINVAL, errno);
	/* and the event is still there */
	EXPECT_TRUE(event_next(self->fd, &event, 0));
}

TEST_F(observer, nonblocking_read_does_not_wait)
{
	int fd = port_open(self->id, O_RDONLY | O_NONBLOCK);
	struct pots_event event;

	ASSERT_GE(fd, 0);
	EXPECT_EQ((ssize_t)sizeof(event), read(fd, &event, sizeof(event)));
	EXPECT_EQ(-1, read(fd, &event, sizeof(event)));
	EXPECT_EQ(EAGAIN, errno);
	close(fd);
}

TEST_F(observer, poll_tells_of_events)
{
	struct pollfd fd = { .fd = self->fd, .events = POLLIN | POLLOUT };
	int claim;

	EXPECT_EQ(1, poll(&fd, 1, 0));
	EXPECT_EQ(POLLIN, fd.revents);
	event_drain(self->fd);
	EXPECT_EQ(0, poll(&fd, 1, 0));

	claim = port_claim(self->fd, 0);
	ASSERT_GE(claim, 0);
	EXPECT_EQ(1, poll(&fd, 1, SETTLE_MS));
	EXPECT_EQ(POLLIN, fd.revents);
	close(claim);
}

static void *claim_and_release(void *arg)
{
	sleep_ms(50);
	close(port_claim(*(int *)arg, 0));
	return NULL;
}

TEST_F(observer, a_blocked_read_is_woken)
{
	int other = port_open(self->id, O_RDWR);
	struct pots_event event;
	pthread_t thread;

	ASSERT_GE(other, 0);
	event_drain(self->fd);
	ASSERT_EQ(0, pthread_create(&thread, NULL, claim_and_release, &other));
	ASSERT_EQ((ssize_t)sizeof(event), read(self->fd, &event, sizeof(event)));
	EXPECT_EQ(POTS_EVENT_CLAIMED, event.type);
	pthread_join(thread, NULL);
	close(other);
}

TEST_F(observer, overflow_drops_the_oldest_and_says_so)
{
	struct pots_event first, event = {};
	uint32_t count = 0;

	ASSERT_TRUE(event_next(self->fd, &first, 0));
	for (int i = 0; i < 300; i++) {
		int claim = port_claim(self->fd, 0);

		ASSERT_GE(claim, 0);
		close(claim);
	}
	for (uint32_t seqno = 0; event_next(self->fd, &event, 0); seqno = event.seqno) {
		if (count) {
			EXPECT_EQ(seqno + 1, event.seqno);
		} else {
			EXPECT_GT(event.seqno, first.seqno + 1);
		}
		EXPECT_EQ(count ? 0 : POTS_EVENT_F_DROPPED, event.flags);
		count++;
	}
	/* every event was counted, and the newest ones were kept */
	EXPECT_EQ(first.seqno + 600, event.seqno);
	EXPECT_EQ(0, event.value);
	EXPECT_GE(count, 32);
	EXPECT_LT(count, 600);
}

TEST_F(observer, queues_are_apart)
{
	int other = port_open(self->id, O_RDONLY);
	struct pots_event event;

	ASSERT_GE(other, 0);
	event_drain(self->fd);
	ASSERT_TRUE(event_next(other, &event, 0));
	EXPECT_EQ(POTS_EVENT_STATE, event.type);
	close(other);
}

TEST_HARNESS_MAIN
