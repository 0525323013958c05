// SPDX-License-Identifier: GPL-2.0-only
/* Ringing: the cadence, the answer in burst and pause, and no answer that is none. */
#include "fixture.h"

#include <linux/delay.h>
#include <linux/ktime.h>

#define RINGING		(POTS_STATE_CLAIMED | POTS_STATE_RINGING)
#define OFF_HOOK	(POTS_STATE_CLAIMED | POTS_STATE_OFF_HOOK)

static void keeps_its_cadence(struct kunit *test)
{
	struct fixture *f = test->priv;
	u32 cookie;

	KUNIT_ASSERT_EQ(test, 0, fixture_ring(f, 100, 100, 650, &cookie));
	KUNIT_EXPECT_EQ(test, (u32)RINGING, fixture_state(f));
	KUNIT_EXPECT_EQ(test, (u32)POTS_FEED_RINGING, fixture_feed_now(f));
	msleep(150);
	KUNIT_EXPECT_EQ(test, (u32)POTS_FEED_OHT_FORWARD, fixture_feed_now(f));
	EXPECT_EVENT(f, POTS_EVENT_RING_DONE, POTS_DONE_TIMEOUT, 1000);
	KUNIT_EXPECT_EQ(test, cookie, f->last.cookie);
	KUNIT_EXPECT_EQ(test, 4u, fixture_calls(f, OP_BURST, true));
	KUNIT_EXPECT_EQ(test, 4u, fixture_calls(f, OP_BURST, false));
	KUNIT_EXPECT_EQ(test, 1u, fixture_calls(f, OP_RING_SETUP, 20000));
	KUNIT_EXPECT_EQ(test, (u32)POTS_STATE_CLAIMED, fixture_state(f));
	KUNIT_EXPECT_EQ(test, (u32)POTS_FEED_FORWARD, fixture_feed_now(f));
}

static void answered_in_a_burst(struct kunit *test)
{
	struct fixture *f = test->priv;

	KUNIT_ASSERT_EQ(test, 0, fixture_ring(f, 2000, 4000, 0, NULL));
	msleep(100);
	fixture_trip(f);
	EXPECT_EVENT(f, POTS_EVENT_OFF_HOOK, POTS_OFF_HOOK_ANSWERED, 0);
	EXPECT_EVENT(f, POTS_EVENT_RING_DONE, POTS_DONE_HOOK, 50);
	KUNIT_EXPECT_FALSE(test, f->bursts);
	KUNIT_EXPECT_EQ(test, (u32)POTS_FEED_FORWARD, fixture_feed_now(f));
	EXPECT_NO_EVENT(f, 1000);
	KUNIT_EXPECT_EQ(test, (u32)OFF_HOOK, fixture_state(f));
}

static void answered_in_a_pause(struct kunit *test)
{
	struct fixture *f = test->priv;
	u64 start_ns;

	KUNIT_ASSERT_EQ(test, 0, fixture_ring(f, 50, 2000, 0, NULL));
	msleep(300);
	start_ns = ktime_get_ns();
	fixture_loop(f, true);
	EXPECT_EVENT(f, POTS_EVENT_OFF_HOOK, POTS_OFF_HOOK_ANSWERED, 500);
	KUNIT_EXPECT_LT(test, ktime_get_ns(), start_ns + 200 * NSEC_PER_MSEC);
	EXPECT_EVENT(f, POTS_EVENT_RING_DONE, POTS_DONE_HOOK, 50);
}

/* Lifted just before the next burst: that does not go into the ear. */
static void no_burst_into_the_ear(struct kunit *test)
{
	struct fixture *f = test->priv;

	KUNIT_ASSERT_EQ(test, 0, fixture_ring(f, 50, 300, 0, NULL));
	usleep_range(330000, 330500); /* msleep may be 32 ms late */
	fixture_loop(f, true);
	EXPECT_EVENT(f, POTS_EVENT_OFF_HOOK, POTS_OFF_HOOK_ANSWERED, 500);
	KUNIT_EXPECT_EQ(test, 1u, fixture_calls(f, OP_BURST, true));
}

/* The fixture's chip shakes the loop at each change of a burst. */
static void bursts_are_no_answers(struct kunit *test)
{
	struct fixture *f = test->priv;

	KUNIT_ASSERT_EQ(test, 0, fixture_ring(f, 10, 60, 5000, NULL));
	EXPECT_EVENT(f, POTS_EVENT_RING_DONE, POTS_DONE_TIMEOUT, 8000);
}

static void replaced_and_stopped(struct kunit *test)
{
	struct fixture *f = test->priv;
	u32 first, second;

	KUNIT_ASSERT_EQ(test, 0, fixture_ring(f, 500, 500, 0, &first));
	KUNIT_ASSERT_EQ(test, 0, fixture_ring(f, 500, 500, 0, &second));
	EXPECT_EVENT(f, POTS_EVENT_RING_DONE, POTS_DONE_REPLACED, 0);
	KUNIT_EXPECT_EQ(test, first, f->last.cookie);
	KUNIT_EXPECT_EQ(test, 0, fixture_stop_ring(f, first));
	KUNIT_EXPECT_EQ(test, (u32)RINGING, fixture_state(f));
	KUNIT_EXPECT_EQ(test, 0, fixture_stop_ring(f, second));
	EXPECT_EVENT(f, POTS_EVENT_RING_DONE, POTS_DONE_STOPPED, 0);
	KUNIT_EXPECT_FALSE(test, f->bursts);
}

static void not_into_a_lifted_handset(struct kunit *test)
{
	struct fixture *f = test->priv;

	fixture_loop(f, true);
	KUNIT_EXPECT_EQ(test, -EBUSY, fixture_ring(f, 500, 500, 0, NULL));
	EXPECT_EVENT(f, POTS_EVENT_OFF_HOOK, POTS_OFF_HOOK_SEIZED, 500);
	KUNIT_EXPECT_EQ(test, -EBUSY, fixture_ring(f, 500, 500, 0, NULL));
	KUNIT_EXPECT_EQ(test, 0u, fixture_calls(f, OP_BURST, true));
}

static void chip_that_does_not_ring(struct kunit *test)
{
	struct fixture *f = test->priv;

	f->fail[OP_BURST] = -EIO;
	KUNIT_EXPECT_EQ(test, -EIO, fixture_ring(f, 500, 500, 0, NULL));
	KUNIT_EXPECT_EQ(test, (u32)POTS_STATE_CLAIMED, fixture_state(f));
	KUNIT_EXPECT_EQ(test, (u32)POTS_FEED_FORWARD, fixture_feed_now(f));
	f->fail[OP_BURST] = 0;
	KUNIT_EXPECT_EQ(test, 0, fixture_ring(f, 50, 50, 0, NULL));
	f->fail[OP_BURST] = -EIO;
	EXPECT_EVENT(f, POTS_EVENT_RING_DONE, POTS_DONE_FAILED, 500);
	f->fail[OP_BURST] = 0;
	/* A handset lifted now is a seizure, not an answer. */
	fixture_lift(f);
}

static void rings_again_after_a_reset(struct kunit *test)
{
	struct fixture *f = test->priv;

	KUNIT_ASSERT_EQ(test, 0, fixture_ring(f, 2000, 500, 0, NULL));
	fixture_forget(f);
	pots_port_report_trouble(f->port, POTS_TROUBLE_RESET, ktime_get_ns());
	msleep(50);
	KUNIT_EXPECT_EQ(test, 1u, fixture_calls(f, OP_RING_SETUP, 20000));
	KUNIT_EXPECT_EQ(test, 1u, fixture_calls(f, OP_BURST, true));
	KUNIT_EXPECT_EQ(test, (u32)RINGING, fixture_state(f));
}

static void wrong_arguments(struct kunit *test)
{
	static const struct {
		struct pots_ring ring;
		int want;
	} wrong[] = {
		{ { .flags = 2 }, -EINVAL },
		{ { .reserved = { 0, 0, 0, 0, 1 } }, -EINVAL },
		{ { .loop_start = 1 }, -EINVAL },
		{ { .on_ms = { 1 } }, -EINVAL },
		{ { .count = 9 }, -EINVAL },
		{ { .count = 1, .on_ms = { 60001 }, .off_ms = { 1 } }, -ERANGE },
		{ { .count = 1, .on_ms = { 100 } }, -ERANGE },
		{ { .count = 1, .loop_start = 1, .on_ms = { 1 }, .off_ms = { 1 } }, -EINVAL },
		{ { .freq_mhz = 14999 }, -ERANGE },
		{ { .freq_mhz = 68001 }, -ERANGE },
		{ { .count = 1, .on_ms = { 1 }, .off_ms = { 1 }, .dc_mv = 1 }, -EOPNOTSUPP },
		{ { .max_ms = POTS_RING_MAX_MS + 1 }, -ERANGE },
	};
	struct fixture *f = test->priv;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		struct pots_ring ring = wrong[i].ring;

		KUNIT_EXPECT_EQ_MSG(test, wrong[i].want,
				    pots_command(f->port, POTS_RING, &ring), "%u", i);
	}
	KUNIT_EXPECT_EQ(test, 0u, f->logged);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(keeps_its_cadence),
	KUNIT_CASE(answered_in_a_burst),
	KUNIT_CASE(answered_in_a_pause),
	KUNIT_CASE(no_burst_into_the_ear),
	KUNIT_CASE(bursts_are_no_answers),
	KUNIT_CASE(replaced_and_stopped),
	KUNIT_CASE(not_into_a_lifted_handset),
	KUNIT_CASE(chip_that_does_not_ring),
	KUNIT_CASE(rings_again_after_a_reset),
	KUNIT_CASE(wrong_arguments),
	{ }
};

struct kunit_suite pots_ring_suite = {
	.name = "pots-ring", .init = fixture_init, .exit = fixture_exit,
	.test_cases = cases,
};
