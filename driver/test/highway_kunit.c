// SPDX-License-Identifier: GPL-2.0-only
/* The highway: it runs while it is needed, and may come late or leave early. */
#include "fixture.h"

#include <linux/delay.h>

#define SLOT	3

static u32 caps(struct fixture *f)
{
	struct pots_info info;

	pots_port_info_fill(f->port, &info);
	return info.caps;
}

static void rests_while_nobody_speaks(struct kunit *test)
{
	struct fixture *f = test->priv;

	fixture_ring(f, 20, 20, 200, NULL);
	EXPECT_EVENT(f, POTS_EVENT_RING_DONE, POTS_DONE_TIMEOUT, 500);
	KUNIT_EXPECT_EQ(test, 0u, fixture_calls(f, OP_START, SLOT));
}

static void runs_for_detection(struct kunit *test)
{
	struct fixture *f = test->priv;

	fixture_lift(f);
	KUNIT_EXPECT_EQ(test, 1u, fixture_calls(f, OP_START, SLOT));
	KUNIT_EXPECT_EQ(test, 1u, fixture_calls(f, OP_SPEECH, true));
	fixture_loop(f, false);
	EXPECT_EVENT(f, POTS_EVENT_ON_HOOK, 0, 2000);
	msleep(20);
	KUNIT_EXPECT_EQ(test, 1u, fixture_calls(f, OP_STOP, 0));
	KUNIT_EXPECT_EQ(test, 1u, fixture_calls(f, OP_SPEECH, false));
}

static void parked_line_does_without(struct kunit *test)
{
	struct fixture *f = test->priv;

	fixture_lift(f);
	KUNIT_ASSERT_EQ(test, 0, fixture_hangup(f, 50));
	EXPECT_EVENT(f, POTS_EVENT_HANGUP_DONE, 0, 200);
	EXPECT_EVENT(f, POTS_EVENT_PARKED, 1, 300);
	msleep(20);
	KUNIT_EXPECT_EQ(test, 1u, fixture_calls(f, OP_START, SLOT));
	KUNIT_EXPECT_EQ(test, 1u, fixture_calls(f, OP_STOP, 0));
}

static void leaves_in_a_call(struct kunit *test)
{
	struct fixture *f = test->priv;
	u32 cookie;

	fixture_lift(f);
	KUNIT_ASSERT_EQ(test, 0, fixture_play(f, POTS_TONE_SIT, 0, 0, &cookie));
	KUNIT_ASSERT_EQ(test, 0, fixture_audio(f, 10, 10, 20));
	fixture_detach(f);

	EXPECT_EVENT(f, POTS_EVENT_TONE_DONE, POTS_DONE_FAILED, 0);
	KUNIT_EXPECT_EQ(test, cookie, f->last.cookie);
	KUNIT_EXPECT_EQ(test, 0u, caps(f) & (POTS_CAP_SPEECH | POTS_CAP_DTMF));
	KUNIT_EXPECT_EQ(test, (u32)(POTS_STATE_CLAIMED | POTS_STATE_OFF_HOOK),
			fixture_state(f));
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP, fixture_audio(f, 10, 10, 20));
	KUNIT_EXPECT_EQ(test, 0, fixture_play(f, POTS_TONE_DIAL, 0, 0, NULL));
	KUNIT_EXPECT_EQ(test, 1u, fixture_calls(f, OP_TONE, 350000) +
				  fixture_calls(f, OP_TONE, 425000) +
				  fixture_calls(f, OP_TONE, 440000));
}

static void comes_in_a_call(struct kunit *test)
{
	struct fixture *f = test->priv;

	fixture_detach(f);
	fixture_lift(f);
	fixture_attach(f);
	msleep(20);
	KUNIT_EXPECT_EQ(test, 1u, fixture_calls(f, OP_START, SLOT));
	KUNIT_EXPECT_TRUE(test, caps(f) & POTS_CAP_SPEECH);
	KUNIT_EXPECT_EQ(test, 0, fixture_audio(f, 10, 10, 20));
}

static void chip_that_does_not_join(struct kunit *test)
{
	struct fixture *f = test->priv;

	f->fail[OP_SPEECH] = -EIO;
	KUNIT_EXPECT_EQ(test, -EIO, fixture_audio(f, 10, 10, 20));
	KUNIT_EXPECT_EQ(test, 1u, fixture_calls(f, OP_STOP, 0));
	KUNIT_EXPECT_EQ(test, (u32)POTS_STATE_CLAIMED, fixture_state(f));
	f->fail[OP_SPEECH] = 0;
	KUNIT_EXPECT_EQ(test, 0, fixture_audio(f, 10, 10, 20));
}

static struct kunit_case cases[] = {
	KUNIT_CASE(rests_while_nobody_speaks),
	KUNIT_CASE(runs_for_detection),
	KUNIT_CASE(parked_line_does_without),
	KUNIT_CASE(leaves_in_a_call),
	KUNIT_CASE(comes_in_a_call),
	KUNIT_CASE(chip_that_does_not_join),
	{ }
};

struct kunit_suite pots_highway_suite = {
	.name = "pots-highway", .init = fixture_init, .exit = fixture_exit,
	.test_cases = cases,
};
