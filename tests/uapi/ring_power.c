// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Three lines ring on a board whose supply can ring one: their bursts come one after
 * the other, whole, and each in its turn.
 */
#include "port.h"

#include <kselftest_harness.h>

#define LINES		3
#define RINGING		POTS_SIM_STATE_RINGING

FIXTURE(power) {
	struct line line[LINES];
	struct pots_ring ring[LINES];
	struct pots_event event;
	struct pots_sim_state phone;
	unsigned int before[LINES];	/* how often each has rung */
};

FIXTURE_SETUP(power)
{
	for (unsigned int i = 0; i < LINES; i++) {
		for (int tries = 0; port_nth(i) < 0 && tries < 100; tries++)
			sleep_ms(100);
		ASSERT_EQ(0, line_open(&self->line[i], i));
		ASSERT_TRUE(phone_state(self->line[i].phone, &self->phone));
		self->before[i] = self->phone.rings;
		self->ring[i] = (struct pots_ring){
			.count = 1, .on_ms = { 400 }, .off_ms = { 1000 },
		};
	}
}

FIXTURE_TEARDOWN(power)
{
	for (unsigned int i = 0; i < LINES; i++)
		line_close(&self->line[i]);
}

#define RING(i) ASSERT_EQ(0, err_of(self->line[i].claim, POTS_RING, &self->ring[i]))

#define EXPECT_DONE(i, reason) do {					\
	ASSERT_TRUE(event_wait(self->line[i].observer, POTS_EVENT_RING_DONE, \
			       &self->event, SETTLE_MS));		\
	EXPECT_EQ(reason, self->event.value);				\
	EXPECT_EQ(self->ring[i].cookie, self->event.cookie);		\
} while (0)

/* What is on the wire, for so long: how often each has rung; -1 when two did at once. */
static int watch(FIXTURE_DATA(power) *self, unsigned int ms, unsigned int rings[LINES])
{
	uint64_t end_ns = now_ns() + ms * NS_PER_MS;
	struct pots_sim_state phone = {};
	int whole = 0, at_once;

	while (now_ns() < end_ns) {
		at_once = 0;
		for (unsigned int i = 0; i < LINES; i++) {
			phone_state(self->line[i].phone, &phone);
			at_once += !!(phone.state & RINGING);
			rings[i] = phone.rings - self->before[i];
			whole += rings[i] && !(phone.state & RINGING) &&
				 phone.ring_end_ns - phone.ring_start_ns <
				 self->ring[i].on_ms[0] * NS_PER_MS - 5 * NS_PER_MS;
		}
		if (at_once > 1)
			return -1;
		sleep_ms(3);
	}
	return whole ? -2 : 0;
}

TEST_F(power, bursts_take_turns)
{
	unsigned int rings[LINES];

	for (unsigned int i = 0; i < LINES; i++)
		RING(i);
	EXPECT_EQ(0, watch(self, 4100, rings));
	/* 0, 1.4, 2.8; and 0.4 and 0.8 later */
	for (unsigned int i = 0; i < LINES; i++)
		EXPECT_EQ(3, rings[i]);
}

/* There is less time than they want: all get as much of it. */
TEST_F(power, nobody_rings_less_than_others)
{
	unsigned int rings[LINES];

	for (unsigned int i = 0; i < LINES; i++) {
		self->ring[i].off_ms[0] = 100;
		RING(i);
	}
	EXPECT_EQ(0, watch(self, 5900, rings));
	for (unsigned int i = 0; i < LINES; i++) {
		EXPECT_GE(rings[i], 4);
		EXPECT_LE(rings[i], 5);
	}
}

TEST_F(power, an_answer_lets_the_next_one_ring)
{
	self->ring[0].on_ms[0] = 4000;
	RING(0);
	RING(1);
	RING(2);
	EXPECT_TRUE(phone_wait(self->line[0].phone, RINGING, RINGING, 200));
	EXPECT_FALSE(phone_wait(self->line[1].phone, RINGING, RINGING, 500));
	ASSERT_TRUE(phone_lift(self->line[0].phone));
	EXPECT_DONE(0, POTS_DONE_HOOK);
	EXPECT_TRUE(phone_wait(self->line[1].phone, RINGING, RINGING, 500));

	/* one that has not rung yet is answered all the same */
	ASSERT_TRUE(phone_lift(self->line[2].phone));
	EXPECT_DONE(2, POTS_DONE_HOOK);
	ASSERT_TRUE(phone_state(self->line[2].phone, &self->phone));
	EXPECT_NE(0, state_of(self->line[2].observer) & POTS_STATE_OFF_HOOK);
	EXPECT_TRUE(phone_wait(self->line[1].phone, RINGING, 0, 1000));
}

/* Whatever their numbers are. */
TEST_F(power, who_waits_longest_is_first)
{
	for (unsigned int first = 1; first < LINES; first++) {
		unsigned int second = LINES - first;

		for (unsigned int i = 0; i < LINES; i++)
			self->ring[i].on_ms[0] = 3000;
		RING(0);
		RING(first);
		RING(second);
		for (unsigned int i = 0; i < LINES; i++) {
			unsigned int order[] = { 0, first, second };
			struct pots_stop stop = {};

			EXPECT_TRUE(phone_wait(self->line[order[i]].phone, RINGING, RINGING, 200));
			ASSERT_EQ(0, err_of(self->line[order[i]].claim, POTS_STOP_RING, &stop));
		}
	}
}

/* ---------------------------------------- the pulse that announces caller ID --- */

static const struct pots_cid announced = {
	.flags = POTS_CID_F_RING_PULSE, .signal = POTS_CID_V23, .count = 3,
	.level_cdb = -1350, .alert_ms = 250, .before_data_ms = 600,
	.after_data_ms = 250, .seizure_bits = 300, .mark_bits = 180, .stop_bits = 1,
	.data = { 0x82, 0x00, 0x7e },
};

#define NEEDS_SPEECH() do {						\
	if (!(self->line[0].info.caps & POTS_CAP_SPEECH))		\
		SKIP(return, "this port has no speech path");		\
} while (0)

#define EXPECT_CID_DONE(i, reason) do {					\
	ASSERT_TRUE(event_wait(self->line[i].observer, POTS_EVENT_CID_DONE, \
			       &self->event, SETTLE_MS));		\
	EXPECT_EQ(reason, self->event.value);				\
} while (0)

TEST_F(power, a_pulse_waits_like_a_burst)
{
	struct pots_cid cid = announced;
	struct pots_stop stop = {};
	uint64_t free_ns;

	NEEDS_SPEECH();
	self->ring[0].on_ms[0] = 1500;
	RING(0);
	ASSERT_EQ(0, err_of(self->line[1].claim, POTS_SEND_CID, &cid));
	EXPECT_FALSE(phone_wait(self->line[1].phone, RINGING, RINGING, 1000));
	EXPECT_TRUE(phone_wait(self->line[0].phone, RINGING, 0, 1000));
	free_ns = now_ns();
	EXPECT_TRUE(phone_wait(self->line[1].phone, RINGING, RINGING, 200));
	/* and others wait for it */
	RING(2);
	EXPECT_FALSE(phone_wait(self->line[2].phone, RINGING, RINGING, 150));
	EXPECT_TRUE(phone_wait(self->line[2].phone, RINGING, RINGING, 300));
	ASSERT_TRUE(phone_state(self->line[1].phone, &self->phone));
	EXPECT_EQ(0, self->phone.state & RINGING);
	EXPECT_GE(self->phone.ring_start_ns, free_ns - 20 * NS_PER_MS);
	EXPECT_GE(self->phone.ring_end_ns - self->phone.ring_start_ns, 240 * NS_PER_MS);
	EXPECT_LE(self->phone.ring_end_ns - self->phone.ring_start_ns, 270 * NS_PER_MS);
	EXPECT_CID_DONE(1, POTS_DONE_FINISHED);
	ASSERT_EQ(0, err_of(self->line[0].claim, POTS_STOP_RING, &stop));
}

/* Too long: it rings without, when it can. Nor does one that is stopped keep its turn. */
TEST_F(power, a_pulse_that_gets_no_power_is_left_out)
{
	struct pots_ring_cid both = { .ring = self->ring[1], .cid = announced };
	struct pots_cid cid = announced;
	struct pots_stop stop = {};
	uint64_t start_ns;

	NEEDS_SPEECH();
	self->ring[0].on_ms[0] = 20000;
	RING(0);
	start_ns = now_ns();
	ASSERT_EQ(0, err_of(self->line[1].claim, POTS_RING_CID, &both));
	ASSERT_EQ(0, err_of(self->line[2].claim, POTS_SEND_CID, &cid));
	ASSERT_EQ(0, err_of(self->line[2].claim, POTS_STOP_RING, &stop));
	EXPECT_CID_DONE(2, POTS_DONE_STOPPED);
	EXPECT_CID_DONE(1, POTS_DONE_TIMEOUT);
	EXPECT_GE(self->event.timestamp_ns, start_ns + 4990 * NS_PER_MS);
	EXPECT_LE(self->event.timestamp_ns, start_ns + 5050 * NS_PER_MS);
	ASSERT_TRUE(phone_state(self->line[1].phone, &self->phone));
	EXPECT_EQ(0, self->phone.state & RINGING);
	ASSERT_EQ(0, err_of(self->line[0].claim, POTS_STOP_RING, &stop));
	EXPECT_TRUE(phone_wait(self->line[1].phone, RINGING, RINGING, 200));
	ASSERT_TRUE(phone_lift(self->line[1].phone));
	self->ring[1].cookie = both.ring.cookie;
	EXPECT_DONE(1, POTS_DONE_HOOK);
}

TEST_F(power, who_waits_is_stopped_or_times_out)
{
	struct pots_stop stop = {};
	unsigned int rings[LINES];

	self->ring[0].on_ms[0] = 2000;
	self->ring[1].max_ms = 300;
	RING(0);
	RING(1);
	RING(2);
	EXPECT_DONE(1, POTS_DONE_TIMEOUT);
	ASSERT_EQ(0, err_of(self->line[2].claim, POTS_STOP_RING, &stop));
	EXPECT_DONE(2, POTS_DONE_STOPPED);
	EXPECT_EQ(0, watch(self, 2500, rings));
	EXPECT_EQ(0, rings[1] + rings[2]);

	/* nobody is in the queue any more */
	ASSERT_EQ(0, err_of(self->line[0].claim, POTS_STOP_RING, &stop));
	self->ring[1].max_ms = 0;
	RING(1);
	EXPECT_TRUE(phone_wait(self->line[1].phone, RINGING, RINGING, 200));
}

TEST_HARNESS_MAIN
