// SPDX-License-Identifier: GPL-2.0-only
/* When an exchange's line is listened to, and the tones that are heard there. */
#include "fixture.h"

#include <linux/delay.h>

#define WORK_MS		20

static void one_second(struct pots_exchange *exchange)
{
	exchange->ring_timeout_ms = 1000;
}

static void only_after_a_reversal(struct pots_exchange *exchange)
{
	exchange->flags = POTS_EXCHANGE_F_CID_REVERSAL;
}

static void always(struct pots_exchange *exchange)
{
	exchange->flags = POTS_EXCHANGE_F_CID_ALWAYS;
}

static void without_a_signal(struct pots_exchange *exchange)
{
	exchange->cid_signal = 0;
}

static void expect_listening(struct fixture *f, bool on)
{
	msleep(WORK_MS);
	KUNIT_EXPECT_EQ(f->test, 1u, fixture_calls(f, on ? OP_START : OP_STOP,
						   on ? f->port->highway_slot : 0));
	KUNIT_EXPECT_EQ(f->test, 1u, fixture_calls(f, OP_SPEECH, on));
	KUNIT_EXPECT_EQ(f->test, 1u, fixture_calls(f, OP_LISTEN, on));
	KUNIT_EXPECT_EQ(f->test, 3u, f->logged);
	fixture_forget(f);
}

static void while_it_rings(struct kunit *test)
{
	struct fixture *f = test->priv;

	msleep(500);
	KUNIT_EXPECT_EQ(test, 0u, f->logged);	/* nobody listens to a line at rest */
	KUNIT_ASSERT_EQ(test, 0, fixture_exchange(f, one_second));
	fixture_burst(f, true);
	expect_listening(f, true);
	fixture_burst(f, false);
	msleep(200);
	KUNIT_EXPECT_EQ(test, 0u, fixture_calls(f, OP_LISTEN, false));
	EXPECT_EVENT(f, POTS_EVENT_RING_BURST, 0, 0);
	fixture_forget(f);
	EXPECT_EVENT(f, POTS_EVENT_RING_END, 0, 1200);
	expect_listening(f, false);
}

static void until_it_is_answered(struct kunit *test)
{
	struct fixture *f = test->priv;

	fixture_burst(f, true);
	expect_listening(f, true);
	KUNIT_ASSERT_EQ(test, 0, fixture_seize(f, 0));
	msleep(WORK_MS);
	/* The chip knows by itself; the highway goes on for the exchange's tones. */
	KUNIT_EXPECT_EQ(test, 0u, fixture_calls(f, OP_LISTEN, false));
	KUNIT_EXPECT_EQ(test, 0u, fixture_calls(f, OP_STOP, 0));
}

static void after_a_reversal(struct kunit *test)
{
	struct fixture *f = test->priv;

	KUNIT_ASSERT_EQ(test, 0, fixture_exchange(f, only_after_a_reversal));
	fixture_line(f, 48000, 0);
	EXPECT_EVENT(f, POTS_EVENT_POLARITY, 1, 200);
	expect_listening(f, true);
	msleep(5500);
	KUNIT_EXPECT_EQ(test, 0u, f->logged);
	msleep(1000);
	expect_listening(f, false);
}

static void all_the_time(struct kunit *test)
{
	struct fixture *f = test->priv;

	KUNIT_ASSERT_EQ(test, 0, fixture_exchange(f, always));
	expect_listening(f, true);
	KUNIT_ASSERT_EQ(test, 0, fixture_exchange(f, without_a_signal));
	expect_listening(f, false);
}

static void highway_goes_meanwhile(struct kunit *test)
{
	struct fixture *f = test->priv;

	fixture_burst(f, true);
	expect_listening(f, true);
	fixture_detach(f);
	msleep(WORK_MS);
	KUNIT_EXPECT_EQ(test, 1u, fixture_calls(f, OP_LISTEN, false));
}

static void nobody_called(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct pots_caller_id caller = {};

	KUNIT_EXPECT_EQ(test, -ENODATA, pots_command(f->port, POTS_READ_CID, &caller));
}

/* --------------------------------------------------------------- off-hook --- */

static void seize(struct fixture *f)
{
	KUNIT_ASSERT_EQ(f->test, 0, fixture_seize(f, 0));
	msleep(WORK_MS);
	fixture_forget(f);
}

/* The next event that is of the exchange's tones. */
static u32 next_progress(struct fixture *f)
{
	u32 type;

	do {
		type = fixture_next(f, 0);
	} while (type && type != POTS_EVENT_PROGRESS);
	return type;
}

static void busy_is_heard(struct kunit *test)
{
	struct fixture *f = test->priv;

	seize(f);
	KUNIT_ASSERT_EQ(test, 0, fixture_play(f, POTS_TONE_BUSY, 0, 0, NULL));
	fixture_mirror(f, 6000);
	KUNIT_EXPECT_EQ(test, (u32)POTS_EVENT_PROGRESS, next_progress(f));
	KUNIT_EXPECT_EQ(test, (u32)POTS_TONE_BUSY, f->last.value);
	KUNIT_EXPECT_EQ(test, 1u, f->last.extra);
	KUNIT_ASSERT_EQ(test, 0, fixture_stop_tone(f, 0));
	fixture_mirror(f, 3000);
	KUNIT_EXPECT_EQ(test, (u32)POTS_EVENT_PROGRESS, next_progress(f));
	KUNIT_EXPECT_EQ(test, 0u, f->last.extra);
}

/* The same sound under another name, when the plan is another one. */
static void plan_is_the_ports_own(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct pots_set_tone *set = kunit_kzalloc(test, sizeof(*set), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, set);
	set->tone = POTS_TONE_BUSY;
	set->program.count = 2;
	set->program.step[0] = (struct pots_tone_step) {
		.freq_mhz = { 425000 }, .level_cdb = { -1300 }, .samples = 4000,
	};
	set->program.step[1] = (struct pots_tone_step) { .samples = 4000 };
	KUNIT_ASSERT_EQ(test, 0, pots_command(f->port, POTS_SET_TONE, set));
	set->tone = POTS_TONE_USER;
	KUNIT_ASSERT_EQ(test, 0, pots_command(f->port, POTS_SET_TONE, set));

	seize(f);
	KUNIT_ASSERT_EQ(test, 0, fixture_play(f, POTS_TONE_USER, 0, 0, NULL));
	fixture_mirror(f, 6000);
	KUNIT_EXPECT_EQ(test, (u32)POTS_EVENT_PROGRESS, next_progress(f));
	KUNIT_EXPECT_EQ(test, (u32)POTS_TONE_BUSY, f->last.value);
}

static int dial_when_told(struct fixture *f, u32 flags, u32 wait_ms)
{
	struct pots_dial dial = {
		.flags = POTS_DIAL_F_PULSE | POTS_DIAL_F_WAIT_TONE | flags,
		.count = 1, .digit = { 1 }, .break_ms = 60, .make_ms = 40,
		.interdigit_ms = 100, .wait_ms = wait_ms,
	};

	return pots_command(f->port, POTS_DIAL, &dial);
}

static void no_dial_tone(struct kunit *test)
{
	struct fixture *f = test->priv;

	seize(f);
	KUNIT_ASSERT_EQ(test, 0, dial_when_told(f, 0, 300));
	EXPECT_EVENT(f, POTS_EVENT_DIAL_DONE, POTS_DONE_TIMEOUT, 500);
	KUNIT_EXPECT_EQ(test, 0u, fixture_calls(f, OP_HOOK, false));
	KUNIT_ASSERT_EQ(test, 0, dial_when_told(f, POTS_DIAL_F_BLIND, 300));
	EXPECT_EVENT(f, POTS_EVENT_DIAL_DONE, POTS_DONE_FINISHED, 1000);
	KUNIT_EXPECT_EQ(test, 1u, fixture_calls(f, OP_HOOK, false));
}

static void dial_tone(struct kunit *test)
{
	struct fixture *f = test->priv;

	seize(f);
	KUNIT_ASSERT_EQ(test, 0, fixture_play(f, POTS_TONE_DIAL, 0, 0, NULL));
	fixture_mirror(f, 3000);
	KUNIT_EXPECT_EQ(test, (u32)POTS_EVENT_PROGRESS, next_progress(f));
	KUNIT_EXPECT_EQ(test, (u32)POTS_TONE_DIAL, f->last.value);
	fixture_forget(f);
	KUNIT_ASSERT_EQ(test, 0, dial_when_told(f, 0, 60000));
	EXPECT_EVENT(f, POTS_EVENT_TONE_DONE, POTS_DONE_REPLACED, 0);
	EXPECT_EVENT(f, POTS_EVENT_DIAL_DONE, POTS_DONE_FINISHED, 1000);
	KUNIT_EXPECT_EQ(test, 1u, fixture_calls(f, OP_HOOK, false));
}

static struct kunit_case cases[] = {
	KUNIT_CASE(while_it_rings),
	KUNIT_CASE(until_it_is_answered),
	KUNIT_CASE(after_a_reversal),
	KUNIT_CASE(all_the_time),
	KUNIT_CASE(highway_goes_meanwhile),
	KUNIT_CASE(nobody_called),
	KUNIT_CASE(busy_is_heard),
	KUNIT_CASE(plan_is_the_ports_own),
	KUNIT_CASE(no_dial_tone),
	KUNIT_CASE(dial_tone),
	{ }
};

struct kunit_suite pots_listen_suite = {
	.name = "pots-listen", .init = fixture_init_exchange, .exit = fixture_exit,
	.test_cases = cases,
};
