// SPDX-License-Identifier: GPL-2.0-only
/* Hang-up, feed changes, alarms and resets, and what of it the loop may tell. */
#include "fixture.h"

#include <linux/delay.h>
#include <linux/ktime.h>

#define OFF_HOOK	(POTS_STATE_CLAIMED | POTS_STATE_OFF_HOOK)

static void hangup_parks(struct kunit *test)
{
	struct fixture *f = test->priv;
	u64 start_ns;

	fixture_lift(f);
	start_ns = ktime_get_ns();
	KUNIT_ASSERT_EQ(test, 0, fixture_hangup(f, 300));
	KUNIT_EXPECT_EQ(test, (u32)POTS_FEED_OPEN, fixture_feed_now(f));
	KUNIT_EXPECT_EQ(test, -ENOLINK, fixture_play(f, POTS_TONE_DIAL, 0, 0, NULL));
	KUNIT_EXPECT_EQ(test, -EBUSY, fixture_ring(f, 100, 100, 0, NULL));
	KUNIT_EXPECT_EQ(test, -EBUSY, fixture_feed(f, POTS_FEED_FORWARD));

	EXPECT_EVENT(f, POTS_EVENT_HANGUP_DONE, 0, 500);
	KUNIT_EXPECT_GE(test, f->last.timestamp_ns, start_ns + 300 * NSEC_PER_MSEC);
	EXPECT_EVENT(f, POTS_EVENT_PARKED, 1, 300);
	KUNIT_EXPECT_EQ(test, OFF_HOOK | POTS_STATE_PARKED, fixture_state(f));
	EXPECT_NO_EVENT(f, 300);

	/* The howler still reaches the ear; a short on-hook is not a real one. */
	KUNIT_EXPECT_EQ(test, 0, fixture_play(f, POTS_TONE_HOWLER, 0, 0, NULL));
	fixture_loop(f, false);
	msleep(300);
	fixture_loop(f, true);
	EXPECT_NO_EVENT(f, 800);
	fixture_loop(f, false);
	EXPECT_EVENT(f, POTS_EVENT_PARKED, 0, 2000);
	EXPECT_EVENT(f, POTS_EVENT_TONE_DONE, POTS_DONE_HOOK, 50);
}

static void hangup_of_a_telephone_put_down_meanwhile(struct kunit *test)
{
	struct fixture *f = test->priv;

	fixture_lift(f);
	KUNIT_ASSERT_EQ(test, 0, fixture_hangup(f, 200));
	f->closed = false;
	EXPECT_EVENT(f, POTS_EVENT_HANGUP_DONE, 0, 500);
	EXPECT_EVENT(f, POTS_EVENT_ON_HOOK, 0, 2000);
	KUNIT_EXPECT_EQ(test, (u32)POTS_STATE_CLAIMED, fixture_state(f));
}

/* Nobody was off-hook when it began, so nobody is to be parked. */
static void lifted_while_the_loop_is_open(struct kunit *test)
{
	struct fixture *f = test->priv;

	KUNIT_ASSERT_EQ(test, 0, fixture_hangup(f, 200));
	f->closed = true;
	EXPECT_EVENT(f, POTS_EVENT_HANGUP_DONE, 0, 500);
	EXPECT_EVENT(f, POTS_EVENT_OFF_HOOK, POTS_OFF_HOOK_SEIZED, 500);
}

static void hangup_without_interval(struct kunit *test)
{
	struct fixture *f = test->priv;

	fixture_lift(f);
	KUNIT_ASSERT_EQ(test, 0, fixture_hangup(f, 0));
	EXPECT_EVENT(f, POTS_EVENT_HANGUP_DONE, 0, 0);
	EXPECT_EVENT(f, POTS_EVENT_PARKED, 1, 300);
}

static void hangup_that_the_chip_refuses(struct kunit *test)
{
	struct fixture *f = test->priv;

	fixture_lift(f);
	f->fail[OP_FEED] = -EIO;
	KUNIT_EXPECT_EQ(test, -EIO, fixture_hangup(f, 100));
	EXPECT_NO_EVENT(f, 2 * POTS_SETTLE_OPEN_MS);
	KUNIT_EXPECT_EQ(test, (u32)OFF_HOOK, fixture_state(f));
	KUNIT_EXPECT_EQ(test, (u32)POTS_FEED_FORWARD, fixture_feed_now(f));
}

/* The feed does not come back at once: it is tried until it does. */
static void feed_that_comes_back_late(struct kunit *test)
{
	struct fixture *f = test->priv;

	fixture_lift(f);
	KUNIT_ASSERT_EQ(test, 0, fixture_hangup(f, 50));
	f->fail[OP_FEED] = -EIO;
	EXPECT_NO_EVENT(f, 300);
	KUNIT_EXPECT_TRUE(test, fixture_state(f) & POTS_STATE_HANGUP);
	f->fail[OP_FEED] = 0;
	EXPECT_EVENT(f, POTS_EVENT_HANGUP_DONE, 0, 1000);
	EXPECT_EVENT(f, POTS_EVENT_PARKED, 1, 300);
}

static void reversal_makes_no_edges(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct pots_event event;

	fixture_lift(f);
	fixture_forget(f);
	KUNIT_ASSERT_EQ(test, 0, fixture_feed(f, POTS_FEED_REVERSE));
	KUNIT_ASSERT_EQ(test, 0, fixture_feed(f, POTS_FEED_FORWARD));
	msleep(1000);
	KUNIT_EXPECT_FALSE(test, pots_event_take(&f->file, &event));
	KUNIT_EXPECT_EQ(test, (u32)OFF_HOOK, fixture_state(f));
}

static void opened_by_command(struct kunit *test)
{
	struct fixture *f = test->priv;

	fixture_lift(f);
	KUNIT_ASSERT_EQ(test, 0, fixture_feed(f, POTS_FEED_OPEN));
	EXPECT_NO_EVENT(f, 1500);
	KUNIT_EXPECT_EQ(test, -ENOLINK, fixture_play(f, POTS_TONE_DIAL, 0, 0, NULL));
	KUNIT_ASSERT_EQ(test, 0, fixture_feed(f, POTS_FEED_FORWARD));
	EXPECT_EVENT(f, POTS_EVENT_PARKED, 1, 300);
}

static void feed_out_of_reach(struct kunit *test)
{
	struct fixture *f = test->priv;

	KUNIT_EXPECT_EQ(test, -EINVAL, fixture_feed(f, POTS_FEED_RINGING));
	KUNIT_EXPECT_EQ(test, -EINVAL, fixture_feed(f, 99));
	KUNIT_EXPECT_EQ(test, 0u, f->logged);
}

static void alarm_that_passes_ends_no_call(struct kunit *test)
{
	struct fixture *f = test->priv;

	fixture_lift(f);
	pots_port_report_alarm(f->port, POTS_ALARM_RAISED, ktime_get_ns());
	EXPECT_EVENT(f, POTS_EVENT_ALARM, 1, 0);
	pots_port_report_loop(f->port, false, ktime_get_ns());
	EXPECT_NO_EVENT(f, 1000);
	KUNIT_EXPECT_EQ(test, (u32)(OFF_HOOK | POTS_STATE_ALARM), fixture_state(f));
	pots_port_report_alarm(f->port, POTS_ALARM_RECOVERED, ktime_get_ns());
	EXPECT_EVENT(f, POTS_EVENT_ALARM, 0, 0);
	EXPECT_NO_EVENT(f, 1000);
	KUNIT_EXPECT_EQ(test, (u32)OFF_HOOK, fixture_state(f));
}

static void alarm_given_up_ends_it(struct kunit *test)
{
	struct fixture *f = test->priv;

	fixture_lift(f);
	pots_port_report_alarm(f->port, POTS_ALARM_RAISED, ktime_get_ns());
	EXPECT_EVENT(f, POTS_EVENT_ALARM, 1, 0);
	pots_port_report_loop(f->port, false, ktime_get_ns());
	pots_port_report_alarm(f->port, POTS_ALARM_GIVEN_UP, ktime_get_ns());
	EXPECT_EVENT(f, POTS_EVENT_ALARM, 2, 0);
	EXPECT_EVENT(f, POTS_EVENT_ON_HOOK, 0, 2000);
	KUNIT_EXPECT_EQ(test, (u32)POTS_FEED_OPEN, fixture_feed_now(f));
}

static void reset_restores_everything(struct kunit *test)
{
	struct fixture *f = test->priv;

	fixture_lift(f);
	KUNIT_ASSERT_EQ(test, 0, fixture_feed(f, POTS_FEED_REVERSE));
	KUNIT_ASSERT_EQ(test, 0, fixture_audio(f, 10, 10, 20));
	fixture_forget(f);
	pots_port_report_trouble(f->port, POTS_TROUBLE_RESET, ktime_get_ns());
	EXPECT_EVENT(f, POTS_EVENT_CHIP, POTS_CHIP_RESET, 0);
	EXPECT_NO_EVENT(f, 1000);
	KUNIT_EXPECT_EQ(test, 1u, fixture_calls(f, OP_IMPEDANCE, POTS_IMPEDANCE_600));
	KUNIT_EXPECT_EQ(test, 1u, fixture_calls(f, OP_FEED, POTS_LINE_REVERSE));
	KUNIT_EXPECT_EQ(test, 1u, fixture_calls(f, OP_SPEECH, true));
}

/* The fixture's chip has neither a metering generator nor a lamp's voltage. */
static void what_the_chip_lacks(struct kunit *test)
{
	struct pots_meter meter = {
		.signal = POTS_METER_12KHZ, .count = 1, .on_ms = 100, .off_ms = 100,
	};
	struct pots_lamp lamp = { .on_ms = 100, .off_ms = 100 };
	struct fixture *f = test->priv;
	struct pots_info info;

	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP, pots_command(f->port, POTS_SET_LAMP, &lamp));
	fixture_lift(f);
	fixture_forget(f);
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP, pots_command(f->port, POTS_METER, &meter));
	meter.signal = POTS_METER_16KHZ;
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP, pots_command(f->port, POTS_METER, &meter));
	pots_port_info_fill(f->port, &info);
	KUNIT_EXPECT_EQ(test, 0u, info.caps & (POTS_CAP_METER | POTS_CAP_LAMP));
	KUNIT_EXPECT_EQ(test, 0u, f->logged);
	EXPECT_NO_EVENT(f, 300);

	/* what it can is another matter */
	meter.signal = POTS_METER_REVERSAL;
	KUNIT_EXPECT_EQ(test, 0, pots_command(f->port, POTS_METER, &meter));
	EXPECT_EVENT(f, POTS_EVENT_METER_DONE, POTS_DONE_FINISHED, 500);
	KUNIT_EXPECT_EQ(test, 1u, fixture_calls(f, OP_FEED, POTS_LINE_REVERSE));
}

static struct kunit_case cases[] = {
	KUNIT_CASE(hangup_parks),
	KUNIT_CASE(hangup_of_a_telephone_put_down_meanwhile),
	KUNIT_CASE(lifted_while_the_loop_is_open),
	KUNIT_CASE(hangup_without_interval),
	KUNIT_CASE(hangup_that_the_chip_refuses),
	KUNIT_CASE(feed_that_comes_back_late),
	KUNIT_CASE(reversal_makes_no_edges),
	KUNIT_CASE(opened_by_command),
	KUNIT_CASE(feed_out_of_reach),
	KUNIT_CASE(alarm_that_passes_ends_no_call),
	KUNIT_CASE(alarm_given_up_ends_it),
	KUNIT_CASE(reset_restores_everything),
	KUNIT_CASE(what_the_chip_lacks),
	{ }
};

struct kunit_suite pots_line_suite = {
	.name = "pots-line", .init = fixture_init, .exit = fixture_exit,
	.test_cases = cases,
};
