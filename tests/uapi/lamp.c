// SPDX-License-Identifier: GPL-2.0-or-later
/* The neon lamp of a telephone: its cadence, and what it makes way for. */
#include "port.h"

#include <kselftest_harness.h>
#include <stdlib.h>
#include <unistd.h>

FIXTURE(lamp) {
	struct line line;
	struct pots_lamp lamp;
	struct pots_sim_state phone;
	struct pots_event event;
};

FIXTURE_SETUP(lamp)
{
	self->lamp = (struct pots_lamp){ .on_ms = 300, .off_ms = 700 };
	ASSERT_EQ(0, line_open(&self->line, 0));
}

FIXTURE_TEARDOWN(lamp)
{
	line_close(&self->line);
}

#define CLAIM		(self->line.claim)
#define OBSERVER	(self->line.observer)
#define PHONE		(self->line.phone)
#define LAMP		POTS_SIM_STATE_LAMP

#define NEEDS_LAMP() do {						\
	if (!(self->line.info.caps & POTS_CAP_LAMP))			\
		SKIP(return, "this port lights no lamp");		\
	if (PHONE < 0)							\
		SKIP(return, "this port has no telephone to look at");	\
} while (0)

/* Sets it, and it glows at once. */
#define GLOW(on, off) do {						\
	self->lamp = (struct pots_lamp){ .on_ms = (on), .off_ms = (off) }; \
	ASSERT_EQ(0, err_of(CLAIM, POTS_SET_LAMP, &self->lamp));	\
	ASSERT_TRUE(phone_wait(PHONE, LAMP, LAMP, 100));		\
} while (0)

TEST_F(lamp, each_wrong_field_is_refused)
{
	static const struct wrong wrong[] = {
		WRONG(struct pots_lamp, on_ms, 0, ERANGE),
		WRONG(struct pots_lamp, on_ms, 19, ERANGE),
		WRONG(struct pots_lamp, on_ms, 60001, ERANGE),
		WRONG(struct pots_lamp, off_ms, 0, ERANGE),
		WRONG(struct pots_lamp, off_ms, 19, ERANGE),
		WRONG(struct pots_lamp, off_ms, 60001, ERANGE),
		WRONG(struct pots_lamp, reserved[0], 1, EINVAL),
		WRONG(struct pots_lamp, reserved[2], 1, EINVAL),
	};

	NEEDS_LAMP();
	EXPECT_REFUSED(CLAIM, POTS_SET_LAMP, &self->lamp, wrong);
	EXPECT_FALSE(phone_wait(PHONE, LAMP, LAMP, 1500));

	/* nor does a wrong one end what goes on */
	GLOW(20, 60000);
	EXPECT_REFUSED(CLAIM, POTS_SET_LAMP, &self->lamp, wrong);
	GLOW(60000, 20);
	EXPECT_REFUSED(CLAIM, POTS_SET_LAMP, &self->lamp, wrong);
	ASSERT_TRUE(phone_state(PHONE, &self->phone));
	EXPECT_EQ(LAMP, self->phone.state & LAMP);
}

TEST_F(lamp, it_blinks_and_disturbs_nothing)
{
	struct pots_sim_state before;

	NEEDS_LAMP();
	ASSERT_TRUE(phone_state(PHONE, &before));
	GLOW(300, 700);
	for (unsigned int pulse = 1; pulse <= 4; pulse++) {
		uint64_t start_ns, length_ns;

		ASSERT_TRUE(phone_wait(PHONE, LAMP, LAMP, 900));
		ASSERT_TRUE(phone_state(PHONE, &self->phone));
		start_ns = self->phone.lamp_start_ns;
		EXPECT_GE(abs(self->phone.line_mv), 80000);
		ASSERT_TRUE(phone_wait(PHONE, LAMP, 0, 500));
		ASSERT_TRUE(phone_state(PHONE, &self->phone));
		EXPECT_LE(abs(self->phone.line_mv), 60000);
		EXPECT_EQ(before.lamps + pulse, self->phone.lamps);
		length_ns = self->phone.lamp_end_ns - start_ns;
		EXPECT_GE(length_ns, least_ms(300, 20) * NS_PER_MS);
		EXPECT_LE(length_ns, (300 + slack_ms(5)) * NS_PER_MS);
		/* four periods later it is still in time */
		EXPECT_LE(self->phone.lamp_end_ns, before.now_ns +
			  ((pulse - 1) * 1000 + 300 + slack_ms(20)) * NS_PER_MS);
	}
	EXPECT_TRUE(event_absent(OBSERVER, POTS_EVENT_OFF_HOOK, 0));
	EXPECT_EQ(before.reversals, self->phone.reversals);
	EXPECT_EQ(before.bad_writes, self->phone.bad_writes);
	EXPECT_EQ(before.fed_ns, self->phone.fed_ns);

	self->lamp = (struct pots_lamp){};
	ASSERT_EQ(0, err_of(CLAIM, POTS_SET_LAMP, &self->lamp));
	EXPECT_FALSE(phone_wait(PHONE, LAMP, LAMP, 2500));
}

TEST_F(lamp, a_lifted_handset_ends_it_at_once)
{
	NEEDS_LAMP();
	GLOW(5000, 20);
	ASSERT_TRUE(phone_lift(PHONE));
	EXPECT_TRUE(phone_wait(PHONE, LAMP, 0, 10));
	ASSERT_TRUE(event_wait(OBSERVER, POTS_EVENT_OFF_HOOK, &self->event, 300));
	EXPECT_EQ(POTS_OFF_HOOK_SEIZED, self->event.value);
	/* a broken loop finds no high voltage either: nothing of the call is on it */
	sleep_ms(50);
	ASSERT_TRUE(phone_flash(PHONE, 150000));
	sleep_ms(100);
	ASSERT_TRUE(phone_state(PHONE, &self->phone));
	EXPECT_EQ(0, self->phone.state & (LAMP | POTS_SIM_STATE_CLOSED));
	EXPECT_LE(abs(self->phone.line_mv), 60000);
	EXPECT_TRUE(event_absent(OBSERVER, POTS_EVENT_ON_HOOK, 1000));
	EXPECT_FALSE(phone_wait(PHONE, LAMP, LAMP, 6000));

	/* and the cadence has gone on */
	ASSERT_TRUE(line_hang(&self->line));
	EXPECT_TRUE(phone_wait(PHONE, LAMP, LAMP, 5000));
}

TEST_F(lamp, ringing_ends_it_at_once)
{
	struct pots_ring ring = { .count = 1, .on_ms = { 500 }, .off_ms = { 500 } };
	struct pots_stop stop = {};

	NEEDS_LAMP();
	if (!(self->line.info.caps & POTS_CAP_RING))
		SKIP(return, "this port cannot ring");
	GLOW(1000, 20);
	ASSERT_EQ(0, err_of(CLAIM, POTS_RING, &ring));
	ASSERT_TRUE(phone_state(PHONE, &self->phone));
	EXPECT_EQ(0, self->phone.state & LAMP);
	/* neither in a burst nor in a pause */
	for (unsigned int i = 0; i < 15; i++) {
		EXPECT_FALSE(phone_wait(PHONE, LAMP, LAMP, 200));
		EXPECT_NE(0, state_of(CLAIM) & POTS_STATE_RINGING);
	}
	ASSERT_TRUE(phone_state(PHONE, &self->phone));
	EXPECT_GE(self->phone.ring_mv, 35000);
	ASSERT_EQ(0, err_of(CLAIM, POTS_STOP_RING, &stop));
	EXPECT_TRUE(phone_wait(PHONE, LAMP, LAMP, 1200));
}

/* On-hook transmission, an open loop and other feeds. */
TEST_F(lamp, only_a_line_at_rest_has_it)
{
	static const struct { uint32_t feed; bool glows; } feeds[] = {
		{ POTS_FEED_OHT_FORWARD, false }, { POTS_FEED_FORWARD, true },
		{ POTS_FEED_OPEN, false }, { POTS_FEED_REVERSE, true },
		{ POTS_FEED_OHT_REVERSE, false },
	};
	struct pots_hangup hangup = {};

	NEEDS_LAMP();
	GLOW(1000, 20);
	for (size_t i = 0; i < ARRAY_SIZE(feeds); i++) {
		struct pots_linefeed feed = { .feed = feeds[i].feed };

		ASSERT_EQ(0, err_of(CLAIM, POTS_SET_LINEFEED, &feed));
		ASSERT_TRUE(phone_state(PHONE, &self->phone));
		EXPECT_EQ(0, self->phone.state & LAMP);
		EXPECT_EQ(feeds[i].glows, phone_wait(PHONE, LAMP, LAMP, 1500));
		if (feeds[i].glows) {
			ASSERT_TRUE(phone_state(PHONE, &self->phone));
			EXPECT_EQ(feeds[i].feed == POTS_FEED_REVERSE, self->phone.line_mv < 0);
		}
	}
	/* a hang-up leaves the line at rest, when it is over */
	ASSERT_EQ(0, err_of(CLAIM, POTS_HANGUP, &hangup));
	EXPECT_TRUE(phone_wait(PHONE, LAMP, LAMP, 2500));
}

TEST_F(lamp, a_closed_claim_puts_it_out)
{
	NEEDS_LAMP();
	GLOW(60000, 20);
	close(CLAIM);
	ASSERT_TRUE(phone_state(PHONE, &self->phone));
	EXPECT_EQ(0, self->phone.state & LAMP);
	CLAIM = port_claim(OBSERVER, 0);
	EXPECT_FALSE(phone_wait(PHONE, LAMP, LAMP, 1500));
}

/* Nobody need wake up for it. */
TEST_F(lamp, the_watchdog_does_not_mind_it)
{
	NEEDS_LAMP();
	close(CLAIM);
	CLAIM = port_claim(OBSERVER, 100);
	GLOW(20, 200);
	EXPECT_TRUE(event_absent(OBSERVER, POTS_EVENT_WATCHDOG, 1000));
	EXPECT_TRUE(phone_wait(PHONE, LAMP, LAMP, 400));
}

TEST_HARNESS_MAIN
