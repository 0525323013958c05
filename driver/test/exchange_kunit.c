// SPDX-License-Identifier: GPL-2.0-only
/* Seizing and releasing an exchange's line, and what the exchange does to it. */
#include "fixture.h"

#include <linux/delay.h>
#include <linux/ktime.h>

#define CLAIMED		((u32)POTS_STATE_CLAIMED)
#define HOLDING		((u32)(POTS_STATE_CLAIMED | POTS_STATE_OFF_HOOK))
#define SETTLED_MS	(POTS_SETTLE_HOOK_MS + 20)

static void seize(struct fixture *f)
{
	KUNIT_ASSERT_EQ(f->test, 0, fixture_seize(f, 0));
	EXPECT_EVENT(f, POTS_EVENT_OFF_HOOK, POTS_OFF_HOOK_SEIZED, 0);
	msleep(SETTLED_MS);
	fixture_forget(f);
}

static void seize_and_release(struct kunit *test)
{
	struct fixture *f = test->priv;

	KUNIT_EXPECT_EQ(test, CLAIMED, fixture_state(f));
	KUNIT_EXPECT_EQ(test, (u32)POTS_FEED_FORWARD, fixture_feed_now(f));
	KUNIT_ASSERT_EQ(test, 0, fixture_seize(f, 0));
	EXPECT_EVENT(f, POTS_EVENT_OFF_HOOK, POTS_OFF_HOOK_SEIZED, 0);
	KUNIT_EXPECT_EQ(test, 1u, fixture_calls(f, OP_HOOK, true));
	KUNIT_EXPECT_EQ(test, HOLDING, fixture_state(f));

	/* Again is nothing, and what it did to the line is told to nobody. */
	KUNIT_EXPECT_EQ(test, 0, fixture_seize(f, 0));
	KUNIT_EXPECT_EQ(test, 1u, fixture_calls(f, OP_HOOK, true));
	EXPECT_NO_EVENT(f, SETTLED_MS + 200);

	KUNIT_EXPECT_EQ(test, 0, fixture_release(f));
	EXPECT_EVENT(f, POTS_EVENT_ON_HOOK, 0, 0);
	KUNIT_EXPECT_EQ(test, 1u, fixture_calls(f, OP_HOOK, false));
	KUNIT_EXPECT_EQ(test, CLAIMED, fixture_state(f));
	EXPECT_NO_EVENT(f, SETTLED_MS + 200);
	KUNIT_EXPECT_EQ(test, 0, fixture_release(f));
	KUNIT_EXPECT_EQ(test, 1u, fixture_calls(f, OP_HOOK, false));
}

/* What it does to the line meanwhile is our doing, however long it takes. */
static void a_slow_hook(struct kunit *test)
{
	struct fixture *f = test->priv;

	f->late_ms = 200;
	KUNIT_ASSERT_EQ(test, 0, fixture_seize(f, 0));
	EXPECT_EVENT(f, POTS_EVENT_OFF_HOOK, POTS_OFF_HOOK_SEIZED, 0);
	EXPECT_NO_EVENT(f, SETTLED_MS + 200);
	f->late_ms = 200;
	KUNIT_EXPECT_EQ(test, 0, fixture_release(f));
	EXPECT_EVENT(f, POTS_EVENT_ON_HOOK, 0, 0);
	EXPECT_NO_EVENT(f, SETTLED_MS + 200);
}

static void line_that_cannot_be_seized(struct kunit *test)
{
	struct fixture *f = test->priv;

	f->line.line_mv = 0;
	KUNIT_EXPECT_EQ(test, -ENOLINK, fixture_seize(f, 0));
	KUNIT_EXPECT_EQ(test, -ENOLINK, fixture_seize(f, POTS_SEIZE_F_FORCE));
	f->line.line_mv = 8000;
	KUNIT_EXPECT_EQ(test, -EBUSY, fixture_seize(f, 0));
	KUNIT_EXPECT_EQ(test, 0u, fixture_calls(f, OP_HOOK, true));
	KUNIT_EXPECT_EQ(test, CLAIMED, fixture_state(f));
	KUNIT_EXPECT_EQ(test, -EINVAL, fixture_seize(f, 2));
	KUNIT_EXPECT_EQ(test, 0, fixture_seize(f, POTS_SEIZE_F_FORCE));
	KUNIT_EXPECT_EQ(test, 1u, fixture_calls(f, OP_HOOK, true));
}

/* A chip that does not do it must not be left holding the line. */
static void seizing_fails(struct kunit *test)
{
	struct fixture *f = test->priv;

	f->fail[OP_HOOK] = -EIO;
	KUNIT_EXPECT_EQ(test, -EIO, fixture_seize(f, 0));
	KUNIT_EXPECT_EQ(test, CLAIMED, fixture_state(f));
	KUNIT_EXPECT_EQ(test, 1u, fixture_calls(f, OP_HOOK, false));
	msleep(250);
	KUNIT_EXPECT_GE(test, fixture_calls(f, OP_HOOK, false), 2u);
	f->fail[OP_HOOK] = 0;
	msleep(200);
	fixture_forget(f);
	msleep(300);
	KUNIT_EXPECT_EQ(test, 0u, fixture_calls(f, OP_HOOK, false));
}

static void releasing_fails(struct kunit *test)
{
	struct fixture *f = test->priv;

	seize(f);
	f->fail[OP_HOOK] = -EIO;
	KUNIT_EXPECT_EQ(test, -EIO, fixture_release(f));
	KUNIT_EXPECT_EQ(test, CLAIMED, fixture_state(f));
	KUNIT_EXPECT_TRUE(test, f->closed);
	f->fail[OP_HOOK] = 0;
	msleep(200);
	KUNIT_EXPECT_FALSE(test, f->closed);
}

static void claim_is_closed(struct kunit *test)
{
	struct fixture *f = test->priv;

	seize(f);
	KUNIT_ASSERT_EQ(test, 0, fixture_play(f, POTS_TONE_DIAL, 0, 0, NULL));
	KUNIT_ASSERT_EQ(test, 0, fixture_audio(f, 10, 10, 20));
	pots_claim_give_back(f->port);
	f->claimed = false;
	KUNIT_EXPECT_FALSE(test, f->closed);
	KUNIT_EXPECT_EQ(test, 0u, fixture_state(f));
	fixture_frames(f, 20, NULL);	/* of the tone's ramp */
	msleep(20);
	KUNIT_EXPECT_EQ(test, 1u, fixture_calls(f, OP_SPEECH, false));
	KUNIT_EXPECT_EQ(test, 1u, fixture_calls(f, OP_STOP, 0));
}

static void watchdog_releases(struct kunit *test)
{
	struct fixture *f = test->priv;

	pots_claim_give_back(f->port);
	KUNIT_ASSERT_EQ(test, 0, pots_claim_take(f->port, &f->file, 200));
	fixture_forget(f);
	fixture_burst(f, true);	/* is none of our doing */
	EXPECT_EVENT(f, POTS_EVENT_RING_BURST, 1, 0);
	EXPECT_NO_EVENT(f, 400);
	KUNIT_ASSERT_EQ(test, 0, fixture_seize(f, 0));
	EXPECT_EVENT(f, POTS_EVENT_OFF_HOOK, POTS_OFF_HOOK_ANSWERED, 0);
	EXPECT_EVENT(f, POTS_EVENT_ON_HOOK, 0, 500);
	EXPECT_EVENT(f, POTS_EVENT_WATCHDOG, 0, 50);
	KUNIT_EXPECT_FALSE(test, f->closed);
}

static void exchange_rings(struct kunit *test)
{
	struct fixture *f = test->priv;

	fixture_burst(f, true);
	EXPECT_EVENT(f, POTS_EVENT_RING_BURST, 1, 0);
	KUNIT_EXPECT_EQ(test, 25000u, f->last.extra);
	KUNIT_EXPECT_TRUE(test, fixture_state(f) & POTS_STATE_RINGING);
	fixture_burst(f, false);
	EXPECT_EVENT(f, POTS_EVENT_RING_BURST, 0, 0);
	KUNIT_EXPECT_TRUE(test, fixture_state(f) & POTS_STATE_RINGING);

	KUNIT_EXPECT_EQ(test, 0, fixture_seize(f, 0));
	EXPECT_EVENT(f, POTS_EVENT_OFF_HOOK, POTS_OFF_HOOK_ANSWERED, 0);
	KUNIT_EXPECT_EQ(test, HOLDING, fixture_state(f));
	fixture_burst(f, true);
	EXPECT_NO_EVENT(f, 100);
}

static void one_second(struct pots_exchange *exchange)
{
	exchange->ring_timeout_ms = 1000;
}

static void caller_gives_up(struct kunit *test)
{
	struct fixture *f = test->priv;

	KUNIT_ASSERT_EQ(test, 0, fixture_exchange(f, one_second));
	fixture_burst(f, true);
	EXPECT_EVENT(f, POTS_EVENT_RING_BURST, 1, 0);
	fixture_burst(f, false);
	EXPECT_EVENT(f, POTS_EVENT_RING_BURST, 0, 0);
	EXPECT_EVENT(f, POTS_EVENT_RING_END, 0, 1200);
	KUNIT_EXPECT_EQ(test, CLAIMED, fixture_state(f));
}

static void battery_and_polarity(struct kunit *test)
{
	struct fixture *f = test->priv;
	u64 gone_ns;

	seize(f);
	fixture_line(f, 6000, 25000);
	EXPECT_EVENT(f, POTS_EVENT_POLARITY, 1, 200);
	KUNIT_EXPECT_EQ(test, (u32)POTS_FEED_REVERSE, fixture_feed_now(f));
	KUNIT_EXPECT_EQ(test, HOLDING | POTS_STATE_REVERSED, fixture_state(f));

	gone_ns = ktime_get_ns();
	fixture_line(f, 0, 0);
	EXPECT_EVENT(f, POTS_EVENT_BATTERY, 0, 200);
	KUNIT_EXPECT_LT(test, f->last.timestamp_ns, gone_ns + 20 * NSEC_PER_MSEC);
	KUNIT_EXPECT_EQ(test, (u32)POTS_FEED_OPEN, fixture_feed_now(f));
	KUNIT_EXPECT_TRUE(test, fixture_state(f) & POTS_STATE_NO_BATTERY);
	/* A fact; to release is for the owner. */
	KUNIT_EXPECT_TRUE(test, f->closed);
	fixture_line(f, 6000, 25000);
	EXPECT_EVENT(f, POTS_EVENT_BATTERY, 1, 200);
}

/* What changed while our own doing hid the line is found when it is over. */
static void change_inside_the_mask(struct kunit *test)
{
	struct fixture *f = test->priv;

	KUNIT_ASSERT_EQ(test, 0, fixture_seize(f, 0));
	EXPECT_EVENT(f, POTS_EVENT_OFF_HOOK, POTS_OFF_HOOK_SEIZED, 0);
	fixture_line(f, 0, 0);
	EXPECT_EVENT(f, POTS_EVENT_BATTERY, 0, SETTLED_MS + 200);
}

static void parallel_telephone(struct kunit *test)
{
	struct fixture *f = test->priv;

	fixture_line(f, -8000, 0);
	EXPECT_EVENT(f, POTS_EVENT_IN_USE, 1, 400);
	KUNIT_EXPECT_EQ(test, CLAIMED | POTS_STATE_IN_USE, fixture_state(f));
	fixture_line(f, -48000, 0);
	EXPECT_EVENT(f, POTS_EVENT_IN_USE, 0, 400);
}

static void billing(struct kunit *test)
{
	struct fixture *f = test->priv;

	pots_port_report_billing(f->port, ktime_get_ns());
	EXPECT_NO_EVENT(f, 20);
	seize(f);
	pots_port_report_billing(f->port, ktime_get_ns());
	EXPECT_EVENT(f, POTS_EVENT_BILLING, 1, 0);
	pots_port_report_billing(f->port, ktime_get_ns());
	EXPECT_EVENT(f, POTS_EVENT_BILLING, 2, 0);
	KUNIT_EXPECT_EQ(test, 0, fixture_release(f));
	fixture_forget(f);
	seize(f);
	pots_port_report_billing(f->port, ktime_get_ns());
	EXPECT_EVENT(f, POTS_EVENT_BILLING, 1, 0);
}

/* What nothing came of is not counted. */
static void counters(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct pots_stats stats;

	KUNIT_EXPECT_EQ(test, 0, fixture_release(f));
	f->line.line_mv = 0;
	KUNIT_EXPECT_EQ(test, -ENOLINK, fixture_seize(f, 0));
	f->line.line_mv = -48000;
	fixture_burst(f, true);
	fixture_burst(f, false);
	fixture_burst(f, true);
	KUNIT_EXPECT_EQ(test, 0, fixture_seize(f, 0));
	KUNIT_EXPECT_EQ(test, 0, fixture_release(f));
	KUNIT_EXPECT_EQ(test, 0, fixture_release(f));
	pots_port_stats_fill(f->port, &stats);
	KUNIT_EXPECT_EQ(test, 1u, stats.rings);
	KUNIT_EXPECT_EQ(test, 1u, stats.seizures);
	KUNIT_EXPECT_EQ(test, 1u, stats.hangups);
}

static void chip_forgets(struct kunit *test)
{
	struct fixture *f = test->priv;

	seize(f);
	f->closed = false;
	pots_port_report_trouble(f->port, POTS_TROUBLE_RESET, ktime_get_ns());
	EXPECT_EVENT(f, POTS_EVENT_CHIP, POTS_CHIP_RESET, 0);
	msleep(50);
	KUNIT_EXPECT_EQ(test, 1u, fixture_calls(f, OP_DAA, POTS_IMPEDANCE_600));
	KUNIT_EXPECT_EQ(test, 1u, fixture_calls(f, OP_HOOK, true));
	KUNIT_EXPECT_EQ(test, HOLDING, fixture_state(f));
	EXPECT_NO_EVENT(f, SETTLED_MS + 200);
}

static void overload(struct kunit *test)
{
	struct fixture *f = test->priv;

	seize(f);
	pots_port_report_alarm(f->port, POTS_ALARM_RAISED, ktime_get_ns());
	EXPECT_EVENT(f, POTS_EVENT_ALARM, 1, 0);
	KUNIT_EXPECT_EQ(test, -ENOLINK, fixture_play(f, POTS_TONE_DIAL, 0, 0, NULL));
	pots_port_report_alarm(f->port, POTS_ALARM_GIVEN_UP, ktime_get_ns());
	EXPECT_EVENT(f, POTS_EVENT_ALARM, 2, 0);
	EXPECT_EVENT(f, POTS_EVENT_ON_HOOK, 0, 100);
	KUNIT_EXPECT_EQ(test, CLAIMED | POTS_STATE_ALARM, fixture_state(f));
	/* It may have passed. */
	KUNIT_EXPECT_EQ(test, 0, fixture_seize(f, 0));
	KUNIT_EXPECT_EQ(test, HOLDING, fixture_state(f));
}

/* -------------------------------------------------------------- settings --- */

static void to_ctr21(struct pots_exchange *exchange)
{
	exchange->impedance = POTS_IMPEDANCE_CTR21;
}

static void to_900(struct pots_exchange *exchange)
{
	exchange->impedance = POTS_IMPEDANCE_900;
}

static void to_billing(struct pots_exchange *exchange)
{
	exchange->flags |= POTS_EXCHANGE_F_BILLING;
}

static void to_600(struct pots_exchange *exchange)
{
	exchange->impedance = POTS_IMPEDANCE_600;
}

static void settings(struct kunit *test)
{
	struct fixture *f = test->priv;

	/* No need to tell the chip what is the same. */
	KUNIT_EXPECT_EQ(test, 0, fixture_exchange(f, one_second));
	KUNIT_EXPECT_EQ(test, 0u, fixture_calls(f, OP_DAA, POTS_IMPEDANCE_600));
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP, fixture_exchange(f, to_900));
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP, fixture_exchange(f, to_billing));
	KUNIT_EXPECT_EQ(test, 0, fixture_exchange(f, to_ctr21));
	KUNIT_EXPECT_EQ(test, 1u, fixture_calls(f, OP_DAA, POTS_IMPEDANCE_CTR21));

	f->fail[OP_DAA] = -EIO;
	fixture_forget(f);
	KUNIT_EXPECT_EQ(test, -EIO, pots_command(f->port, POTS_SET_EXCHANGE,
						 &(struct pots_exchange) {
		.loop_min_ua = 10000, .on_hook_us = 500, .ring_threshold_mv = 15000,
		.ring_min_mhz = 10000, .ring_max_mhz = 68000, .ring_timeout_ms = 8000,
		.battery_mv = 3000, .dc_mv = 3100, .battery_ms = 64, .polarity_ms = 64,
		.flash_ms = 100, .progress_periods = 3,
	}));
	f->fail[OP_DAA] = 0;

	seize(f);
	KUNIT_EXPECT_EQ(test, 0, fixture_exchange(f, one_second));
	KUNIT_EXPECT_EQ(test, 0, fixture_exchange(f, to_ctr21));	/* as it was */
	KUNIT_EXPECT_EQ(test, -EBUSY, fixture_exchange(f, to_600));
}

static void commands_of_the_other_kind(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct pots_settings settings;

	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP, fixture_ring(f, 100, 100, 0, NULL));
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP, fixture_stop_ring(f, 0));
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP, fixture_feed(f, POTS_FEED_OPEN));
	KUNIT_EXPECT_EQ(test, -EINVAL, fixture_hangup(f, 0));	/* its flag is FXS */

	KUNIT_EXPECT_EQ(test, 0, pots_command(f->port, POTS_GET_SETTINGS, &settings));
	KUNIT_EXPECT_NULL(test, memchr_inv(&settings, 0, sizeof(settings)));
	settings.flags = POTS_SETTING_F_DTMF;
	settings.from_line_cdb = 300;
	KUNIT_EXPECT_EQ(test, 0, pots_command(f->port, POTS_SET_SETTINGS, &settings));
	settings.from_line_cdb = 1001;
	KUNIT_EXPECT_EQ(test, -ERANGE, pots_command(f->port, POTS_SET_SETTINGS, &settings));
	settings.from_line_cdb = 0;
	settings.open_ms = 900;
	KUNIT_EXPECT_EQ(test, -EINVAL, pots_command(f->port, POTS_SET_SETTINGS, &settings));
}

static struct kunit_case cases[] = {
	KUNIT_CASE(seize_and_release),
	KUNIT_CASE(a_slow_hook),
	KUNIT_CASE(line_that_cannot_be_seized),
	KUNIT_CASE(seizing_fails),
	KUNIT_CASE(releasing_fails),
	KUNIT_CASE(claim_is_closed),
	KUNIT_CASE(watchdog_releases),
	KUNIT_CASE(exchange_rings),
	KUNIT_CASE(caller_gives_up),
	KUNIT_CASE(battery_and_polarity),
	KUNIT_CASE(change_inside_the_mask),
	KUNIT_CASE(parallel_telephone),
	KUNIT_CASE(billing),
	KUNIT_CASE(counters),
	KUNIT_CASE(chip_forgets),
	KUNIT_CASE(overload),
	KUNIT_CASE(settings),
	KUNIT_CASE(commands_of_the_other_kind),
	{ }
};

struct kunit_suite pots_exchange_suite = {
	.name = "pots-exchange", .init = fixture_init_exchange, .exit = fixture_exit,
	.test_cases = cases,
};
