// SPDX-License-Identifier: GPL-2.0-only
/* The claim: one at a time, and what closing it or forgetting it leaves behind. */
#include "fixture.h"

#include <linux/delay.h>

#define OFF_HOOK	(POTS_STATE_CLAIMED | POTS_STATE_OFF_HOOK)

static void reclaim(struct fixture *f, u32 watchdog_ms)
{
	pots_claim_give_back(f->port);
	KUNIT_ASSERT_EQ(f->test, 0, pots_claim_take(f->port, &f->file, watchdog_ms));
	fixture_forget(f);
}

static void second_claim_is_busy(struct kunit *test)
{
	struct fixture *f = test->priv;

	KUNIT_EXPECT_EQ(test, -EBUSY, pots_claim_take(f->port, &f->file, 0));
}

static void close_stops_ringing(struct kunit *test)
{
	struct fixture *f = test->priv;

	KUNIT_ASSERT_EQ(test, 0, fixture_ring(f, 1000, 1000, 0, NULL));
	pots_claim_give_back(f->port);
	f->claimed = false;

	KUNIT_EXPECT_FALSE(test, f->bursts);
	KUNIT_EXPECT_EQ(test, 0u, fixture_state(f));
	KUNIT_EXPECT_EQ(test, (u32)POTS_FEED_FORWARD, fixture_feed_now(f));
	EXPECT_EVENT(f, POTS_EVENT_RING_DONE, POTS_DONE_STOPPED, 0);
	EXPECT_EVENT(f, POTS_EVENT_CLAIMED, 0, 0);
}

static void close_parks_a_lifted_handset(struct kunit *test)
{
	struct fixture *f = test->priv;

	fixture_lift(f);
	KUNIT_ASSERT_EQ(test, 0, fixture_play(f, POTS_TONE_DIAL, 0, 0, NULL));
	pots_claim_give_back(f->port);
	f->claimed = false;

	EXPECT_EVENT(f, POTS_EVENT_TONE_DONE, POTS_DONE_STOPPED, 0);
	EXPECT_EVENT(f, POTS_EVENT_PARKED, 1, 0);
	EXPECT_EVENT(f, POTS_EVENT_CLAIMED, 0, 0);
	EXPECT_NO_EVENT(f, 300);
	fixture_loop(f, false);
	EXPECT_EVENT(f, POTS_EVENT_PARKED, 0, 2000);
	KUNIT_EXPECT_EQ(test, 0u, fixture_state(f));
}

static void close_ends_reversal(struct kunit *test)
{
	struct fixture *f = test->priv;

	KUNIT_ASSERT_EQ(test, 0, fixture_feed(f, POTS_FEED_REVERSE));
	reclaim(f, 0);
	KUNIT_EXPECT_EQ(test, (u32)POTS_FEED_FORWARD, fixture_feed_now(f));
}

static void close_ends_an_open_interval(struct kunit *test)
{
	struct fixture *f = test->priv;

	fixture_lift(f);
	KUNIT_ASSERT_EQ(test, 0, fixture_hangup(f, 1000));
	pots_claim_give_back(f->port);
	f->claimed = false;

	EXPECT_EVENT(f, POTS_EVENT_HANGUP_DONE, 0, 0);
	EXPECT_EVENT(f, POTS_EVENT_CLAIMED, 0, 0);
	EXPECT_EVENT(f, POTS_EVENT_PARKED, 1, 300);
	EXPECT_NO_EVENT(f, 1000);
}

static void watchdog_brings_rest(struct kunit *test)
{
	struct fixture *f = test->priv;

	reclaim(f, 200);
	fixture_lift(f);
	KUNIT_ASSERT_EQ(test, 0, fixture_play(f, POTS_TONE_DIAL, 0, 0, NULL));
	EXPECT_EVENT(f, POTS_EVENT_TONE_DONE, POTS_DONE_STOPPED, 400);
	EXPECT_EVENT(f, POTS_EVENT_PARKED, 1, 50);
	EXPECT_EVENT(f, POTS_EVENT_WATCHDOG, 0, 50);
	KUNIT_EXPECT_EQ(test, OFF_HOOK | POTS_STATE_PARKED, fixture_state(f));
	KUNIT_EXPECT_EQ(test, -EBUSY, pots_claim_take(f->port, &f->file, 0));
}

static void watchdog_is_fed(struct kunit *test)
{
	struct fixture *f = test->priv;
	unsigned int i;

	reclaim(f, 300);
	fixture_lift(f);
	for (i = 0; i < 6; i++) {
		EXPECT_NO_EVENT(f, 100);
		KUNIT_ASSERT_EQ(test, 0, pots_command(f->port, POTS_FEED_WATCHDOG, NULL));
	}
	EXPECT_EVENT(f, POTS_EVENT_PARKED, 1, 600);
	EXPECT_EVENT(f, POTS_EVENT_WATCHDOG, 0, 50);
}

static void watchdog_sleeps_at_rest(struct kunit *test)
{
	struct fixture *f = test->priv;

	reclaim(f, 100);
	EXPECT_NO_EVENT(f, 500);
	fixture_loop(f, true);
	EXPECT_EVENT(f, POTS_EVENT_OFF_HOOK, POTS_OFF_HOOK_SEIZED, 200);
	EXPECT_EVENT(f, POTS_EVENT_PARKED, 1, 300);
	EXPECT_EVENT(f, POTS_EVENT_WATCHDOG, 0, 50);
	EXPECT_NO_EVENT(f, 500);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(second_claim_is_busy),
	KUNIT_CASE(close_stops_ringing),
	KUNIT_CASE(close_parks_a_lifted_handset),
	KUNIT_CASE(close_ends_reversal),
	KUNIT_CASE(close_ends_an_open_interval),
	KUNIT_CASE(watchdog_brings_rest),
	KUNIT_CASE(watchdog_is_fed),
	KUNIT_CASE(watchdog_sleeps_at_rest),
	{ }
};

struct kunit_suite pots_claim_suite = {
	.name = "pots-claim", .init = fixture_init, .exit = fixture_exit,
	.test_cases = cases,
};
