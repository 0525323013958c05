// SPDX-License-Identifier: GPL-2.0-only
/* The neon lamp: it blinks, and is out before the chip is told anything else. */
#include "fixture.h"

#include <linux/delay.h>

static int blink(struct fixture *f, u32 on_ms, u32 off_ms)
{
	struct pots_lamp lamp = { .on_ms = on_ms, .off_ms = off_ms };

	return pots_command(f->port, POTS_SET_LAMP, &lamp);
}

static void glow(struct fixture *f)
{
	KUNIT_ASSERT_EQ(f->test, 0, blink(f, 10000, 10000));
	KUNIT_EXPECT_EQ(f->test, 1u, fixture_calls(f, OP_LAMP, true));
	fixture_forget(f);
}

/* The first op since, and whether it took the voltage back. */
static void expect_out_first(struct fixture *f)
{
	KUNIT_ASSERT_GT(f->test, f->logged, 1u);
	KUNIT_EXPECT_EQ(f->test, (u32)OP_LAMP, (u32)f->log[0].op);
	KUNIT_EXPECT_EQ(f->test, 0u, f->log[0].arg);
}

static void blinks(struct kunit *test)
{
	struct fixture *f = test->priv;

	KUNIT_ASSERT_EQ(test, 0, blink(f, 50, 50));
	msleep(400);
	KUNIT_EXPECT_GT(test, fixture_calls(f, OP_LAMP, true), 2u);
	KUNIT_EXPECT_GT(test, fixture_calls(f, OP_LAMP, false), 1u);
	KUNIT_ASSERT_EQ(test, 0, blink(f, 0, 0));
	fixture_forget(f);
	msleep(200);
	KUNIT_EXPECT_EQ(test, 0u, f->logged);
}

static void out_before_ringing(struct kunit *test)
{
	struct fixture *f = test->priv;

	glow(f);
	KUNIT_ASSERT_EQ(test, 0, fixture_ring(f, 1000, 1000, 0, NULL));
	expect_out_first(f);
	KUNIT_EXPECT_EQ(test, 1u, fixture_calls(f, OP_RING_SETUP, 20000));
	KUNIT_EXPECT_EQ(test, 0u, fixture_calls(f, OP_LAMP, true));
}

static void out_before_another_feed(struct kunit *test)
{
	struct fixture *f = test->priv;

	glow(f);
	KUNIT_ASSERT_EQ(test, 0, fixture_feed(f, POTS_FEED_OPEN));
	expect_out_first(f);
	KUNIT_EXPECT_EQ(test, 1u, fixture_calls(f, OP_FEED, POTS_LINE_OPEN));
}

static struct kunit_case cases[] = {
	KUNIT_CASE(blinks),
	KUNIT_CASE(out_before_ringing),
	KUNIT_CASE(out_before_another_feed),
	{ }
};

struct kunit_suite pots_lamp_suite = {
	.name = "pots-lamp", .init = fixture_init_lamp, .exit = fixture_exit,
	.test_cases = cases,
};
