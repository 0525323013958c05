// SPDX-License-Identifier: GPL-2.0-only
/* Dialling by pulses and DTMF, flashes, and a chip that goes away meanwhile. */
#include "fixture.h"

#include <linux/delay.h>
#include <linux/ktime.h>

#define HOLDING		((u32)(POTS_STATE_CLAIMED | POTS_STATE_OFF_HOOK))
#define DIALLING	(HOLDING | POTS_STATE_DIALLING)

static const struct pots_dial pulses = {
	.flags = POTS_DIAL_F_PULSE, .count = 2, .digit = { 2, 1 },
	.break_ms = 60, .make_ms = 40, .interdigit_ms = 300,
};

static const struct pots_dial dtmf = {
	.count = 3, .digit = { 4, 1, POTS_DIAL_PAUSE }, .on_ms = 40, .off_ms = 60,
	.level_cdb = -1100, .twist_cdb = 200, .pause_ms = 100,
};

static void seize(struct fixture *f)
{
	KUNIT_ASSERT_EQ(f->test, 0, fixture_seize(f, 0));
	msleep(POTS_SETTLE_HOOK_MS + 20);
	fixture_forget(f);
}

static int dial(struct fixture *f, const struct pots_dial *what, u32 *cookie)
{
	struct pots_dial copy = *what;
	int ret = pots_command(f->port, POTS_DIAL, &copy);

	if (cookie)
		*cookie = copy.cookie;
	return ret;
}

static int stop_dial(struct fixture *f, u32 cookie)
{
	struct pots_stop stop = { .cookie = cookie };

	return pots_command(f->port, POTS_STOP_DIAL, &stop);
}

static int flash(struct fixture *f, u32 ms)
{
	struct pots_flash flash = { .ms = ms };

	return pots_command(f->port, POTS_FLASH, &flash);
}

/* The nth edge of the hook, and how long after the one before it. */
static void expect_edge(struct fixture *f, unsigned int nth, bool closed, u32 ms)
{
	unsigned int i;
	u64 before_ns = 0;

	for (i = 0; i < f->logged; i++) {
		if (f->log[i].op != OP_HOOK)
			continue;
		if (nth--) {
			before_ns = f->log[i].at_ns;
			continue;
		}
		KUNIT_EXPECT_EQ(f->test, (u32)closed, f->log[i].arg);
		if (ms) {
			/* a busy machine may be late, a timer never early */
			KUNIT_EXPECT_GE(f->test, f->log[i].at_ns,
					before_ns + (ms - 1) * NSEC_PER_MSEC);
			KUNIT_EXPECT_LT(f->test, f->log[i].at_ns,
					before_ns + (ms + 15) * NSEC_PER_MSEC);
		}
		return;
	}
	KUNIT_FAIL(f->test, "no such edge\n");
}

static void by_pulses(struct kunit *test)
{
	struct fixture *f = test->priv;
	u32 cookie;

	seize(f);
	KUNIT_ASSERT_EQ(test, 0, dial(f, &pulses, &cookie));
	KUNIT_EXPECT_NE(test, 0u, cookie);
	KUNIT_EXPECT_EQ(test, DIALLING, fixture_state(f));
	/* Breaks of our own are no loss of battery, whatever is measured in them. */
	msleep(30);
	fixture_line(f, 0, 0);
	f->line = (struct pots_line_sense) { .line_mv = -48000, .loop_ua = 25000 };
	EXPECT_EVENT(f, POTS_EVENT_DIAL_DONE, POTS_DONE_FINISHED, 2000);
	KUNIT_EXPECT_EQ(test, cookie, f->last.cookie);
	KUNIT_EXPECT_EQ(test, HOLDING, fixture_state(f));

	expect_edge(f, 0, false, 0);
	expect_edge(f, 1, true, 60);
	expect_edge(f, 2, false, 40);
	expect_edge(f, 3, true, 60);
	expect_edge(f, 4, false, 300);
	expect_edge(f, 5, true, 60);
	KUNIT_EXPECT_EQ(test, 3u, fixture_calls(f, OP_HOOK, true));
	EXPECT_NO_EVENT(f, POTS_SETTLE_HOOK_MS + 200);
}

/* A break that began late is no shorter. */
static void a_late_edge(struct kunit *test)
{
	struct fixture *f = test->priv;

	seize(f);
	f->late_ms = 30;
	KUNIT_ASSERT_EQ(test, 0, dial(f, &pulses, NULL));
	EXPECT_EVENT(f, POTS_EVENT_DIAL_DONE, POTS_DONE_FINISHED, 2000);
	expect_edge(f, 0, false, 0);
	expect_edge(f, 1, true, 60);
	expect_edge(f, 2, false, 40);
}

static void pulses_are_stopped(struct kunit *test)
{
	struct fixture *f = test->priv;
	u32 cookie;

	seize(f);
	KUNIT_ASSERT_EQ(test, 0, dial(f, &pulses, &cookie));
	KUNIT_EXPECT_EQ(test, 0, stop_dial(f, cookie + 1));
	msleep(20);
	KUNIT_EXPECT_FALSE(test, f->closed);
	KUNIT_EXPECT_EQ(test, 0, stop_dial(f, cookie));
	EXPECT_EVENT(f, POTS_EVENT_DIAL_DONE, POTS_DONE_STOPPED, 0);
	KUNIT_EXPECT_TRUE(test, f->closed);
	fixture_forget(f);
	EXPECT_NO_EVENT(f, 500);
	KUNIT_EXPECT_EQ(test, 0u, fixture_calls(f, OP_HOOK, false));
}

/* No make of our own after it: the line is released from within a break. */
static void released_in_a_pulse(struct kunit *test)
{
	struct fixture *f = test->priv;

	seize(f);
	KUNIT_ASSERT_EQ(test, 0, dial(f, &pulses, NULL));
	msleep(20);
	KUNIT_EXPECT_EQ(test, 0, fixture_release(f));
	EXPECT_EVENT(f, POTS_EVENT_DIAL_DONE, POTS_DONE_HOOK, 0);
	EXPECT_EVENT(f, POTS_EVENT_ON_HOOK, 0, 0);
	EXPECT_NO_EVENT(f, 500);
	KUNIT_EXPECT_EQ(test, 0u, fixture_calls(f, OP_HOOK, true));

	/* Nor in the next call. */
	seize(f);
	KUNIT_ASSERT_EQ(test, 0, dial(f, &dtmf, NULL));
	KUNIT_EXPECT_EQ(test, 0, stop_dial(f, 0));
	KUNIT_EXPECT_EQ(test, 0u, fixture_calls(f, OP_HOOK, true));
}

static void pulse_that_the_chip_refuses(struct kunit *test)
{
	struct fixture *f = test->priv;

	seize(f);
	KUNIT_ASSERT_EQ(test, 0, dial(f, &pulses, NULL));
	msleep(30);
	f->fail[OP_HOOK] = -EIO;
	EXPECT_EVENT(f, POTS_EVENT_DIAL_DONE, POTS_DONE_FAILED, 200);
	f->fail[OP_HOOK] = 0;
	KUNIT_EXPECT_EQ(test, HOLDING, fixture_state(f));
}

/* Peak of what goes to the line in the next @ms. */
static int peak(struct fixture *f, unsigned int ms)
{
	s16 out[POTS_FRAME_LEN];
	int peak = 0;
	unsigned int i;

	while (ms--) {
		fixture_frames(f, 1, out);
		for (i = 0; i < POTS_FRAME_LEN; i++)
			peak = max(peak, abs(out[i]));
	}
	return peak;
}

static void by_dtmf(struct kunit *test)
{
	struct fixture *f = test->priv;

	seize(f);
	KUNIT_ASSERT_EQ(test, 0, fixture_play(f, POTS_TONE_DIAL, 0, 0, NULL));
	KUNIT_ASSERT_EQ(test, 0, dial(f, &dtmf, NULL));
	EXPECT_EVENT(f, POTS_EVENT_TONE_DONE, POTS_DONE_REPLACED, 0);
	KUNIT_EXPECT_EQ(test, -EBUSY, fixture_play(f, POTS_TONE_DIAL, 0, 0, NULL));
	msleep(50);
	KUNIT_EXPECT_GT(test, peak(f, 40), 4000);
	KUNIT_EXPECT_EQ(test, 0, peak(f, 60));
	KUNIT_EXPECT_GT(test, peak(f, 40), 4000);
	KUNIT_EXPECT_EQ(test, 0, peak(f, 159));
	EXPECT_NO_EVENT(f, 50);
	/* what the highway still holds: one frame */
	peak(f, 3);
	EXPECT_EVENT(f, POTS_EVENT_DIAL_DONE, POTS_DONE_FINISHED, 50);
	KUNIT_EXPECT_EQ(test, HOLDING, fixture_state(f));
}

static void highway_stands_still(struct kunit *test)
{
	struct fixture *f = test->priv;

	seize(f);
	KUNIT_ASSERT_EQ(test, 0, dial(f, &dtmf, NULL));
	EXPECT_EVENT(f, POTS_EVENT_DIAL_DONE, POTS_DONE_FAILED, 2000);
	KUNIT_ASSERT_EQ(test, 0, dial(f, &dtmf, NULL));
	fixture_detach(f);
	EXPECT_EVENT(f, POTS_EVENT_DIAL_DONE, POTS_DONE_FAILED, 0);
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP, dial(f, &dtmf, NULL));
	KUNIT_EXPECT_EQ(test, 0, dial(f, &pulses, NULL));
}

static void another_dialling(struct kunit *test)
{
	struct fixture *f = test->priv;

	KUNIT_EXPECT_EQ(test, -ENOLINK, dial(f, &dtmf, NULL));
	seize(f);
	KUNIT_ASSERT_EQ(test, 0, dial(f, &pulses, NULL));
	msleep(20);
	KUNIT_ASSERT_EQ(test, 0, dial(f, &dtmf, NULL));
	EXPECT_EVENT(f, POTS_EVENT_DIAL_DONE, POTS_DONE_REPLACED, 0);
	KUNIT_EXPECT_TRUE(test, f->closed);
}

static void flashes(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct pots_stats stats;

	KUNIT_EXPECT_EQ(test, -ENOLINK, flash(f, 100));
	seize(f);
	KUNIT_EXPECT_EQ(test, -ERANGE, flash(f, 19));
	KUNIT_EXPECT_EQ(test, -ERANGE, flash(f, 2001));
	KUNIT_ASSERT_EQ(test, 0, flash(f, 100));
	KUNIT_EXPECT_FALSE(test, f->closed);
	KUNIT_EXPECT_EQ(test, DIALLING, fixture_state(f));
	KUNIT_EXPECT_EQ(test, -EBUSY, flash(f, 100));
	KUNIT_EXPECT_EQ(test, -EBUSY, dial(f, &dtmf, NULL));
	EXPECT_EVENT(f, POTS_EVENT_DIAL_DONE, POTS_DONE_FINISHED, 300);
	expect_edge(f, 0, false, 0);
	expect_edge(f, 1, true, 100);
	EXPECT_NO_EVENT(f, POTS_SETTLE_HOOK_MS + 200);

	f->fail[OP_HOOK] = -EIO;
	KUNIT_EXPECT_EQ(test, -EIO, flash(f, 0));
	f->fail[OP_HOOK] = 0;
	KUNIT_EXPECT_EQ(test, HOLDING, fixture_state(f));
	pots_port_stats_fill(f->port, &stats);
	KUNIT_EXPECT_EQ(test, 1u, stats.flashes);
}

static void a_flash_that_begins_late(struct kunit *test)
{
	struct fixture *f = test->priv;

	seize(f);
	f->late_ms = 30;
	KUNIT_ASSERT_EQ(test, 0, flash(f, 80));
	EXPECT_EVENT(f, POTS_EVENT_DIAL_DONE, POTS_DONE_FINISHED, 2000);
	expect_edge(f, 0, false, 0);
	expect_edge(f, 1, true, 80);
}

static struct kunit_case dial_cases[] = {
	KUNIT_CASE(by_pulses),
	KUNIT_CASE(a_late_edge),
	KUNIT_CASE(pulses_are_stopped),
	KUNIT_CASE(released_in_a_pulse),
	KUNIT_CASE(pulse_that_the_chip_refuses),
	KUNIT_CASE(by_dtmf),
	KUNIT_CASE(highway_stands_still),
	KUNIT_CASE(another_dialling),
	KUNIT_CASE(flashes),
	KUNIT_CASE(a_flash_that_begins_late),
	{ }
};

struct kunit_suite pots_dial_suite = {
	.name = "pots-dial", .init = fixture_init_exchange, .exit = fixture_exit,
	.test_cases = dial_cases,
};

/* --------------------------------------------------------- it goes away --- */

static void nothing(struct fixture *f)
{
}

static void ringing(struct fixture *f)
{
	fixture_burst(f, true);
}

static void seized(struct fixture *f)
{
	KUNIT_ASSERT_EQ(f->test, 0, fixture_seize(f, 0));
}

static void with_a_tone(struct fixture *f)
{
	seized(f);
	KUNIT_ASSERT_EQ(f->test, 0, fixture_play(f, POTS_TONE_DIAL, 0, 0, NULL));
}

static void with_speech(struct fixture *f)
{
	seized(f);
	KUNIT_ASSERT_EQ(f->test, 0, fixture_audio(f, 10, 10, 20));
}

static void in_a_pulse(struct fixture *f)
{
	seized(f);
	KUNIT_ASSERT_EQ(f->test, 0, dial(f, &pulses, NULL));
	msleep(20);
}

static void in_a_digit(struct fixture *f)
{
	seized(f);
	KUNIT_ASSERT_EQ(f->test, 0, dial(f, &dtmf, NULL));
	msleep(20);
}

static void in_a_flash(struct fixture *f)
{
	seized(f);
	KUNIT_ASSERT_EQ(f->test, 0, flash(f, 100));
}

static void losing_battery(struct fixture *f)
{
	fixture_line(f, 0, 0);
}

static void releasing(struct fixture *f)
{
	seized(f);
	f->fail[OP_HOOK] = -EIO;
	KUNIT_ASSERT_EQ(f->test, -EIO, fixture_release(f));
}

static const struct state {
	const char *name;
	void (*enter)(struct fixture *f);
} states[] = {
	{ "at rest", nothing },
	{ "ringing", ringing },
	{ "seized", seized },
	{ "with a tone", with_a_tone },
	{ "with speech", with_speech },
	{ "in a pulse", in_a_pulse },
	{ "in a digit", in_a_digit },
	{ "in a flash", in_a_flash },
	{ "losing battery", losing_battery },
	{ "releasing", releasing },
};

static void state_name(const struct state *state, char *name)
{
	strscpy(name, state->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(state, states, state_name);

static void unplug(struct kunit *test)
{
	const struct state *state = test->param_value;
	struct fixture *f = test->priv;
	struct pots_exchange exchange;

	state->enter(f);
	fixture_unplug(f);
	KUNIT_EXPECT_EQ(test, -ENODEV, fixture_seize(f, 0));
	KUNIT_EXPECT_EQ(test, -ENODEV, fixture_release(f));
	KUNIT_EXPECT_EQ(test, -ENODEV, flash(f, 100));
	KUNIT_EXPECT_EQ(test, -ENODEV, dial(f, &dtmf, NULL));
	KUNIT_EXPECT_EQ(test, -ENODEV, stop_dial(f, 0));
	KUNIT_EXPECT_EQ(test, -ENODEV, pots_command(f->port, POTS_GET_EXCHANGE, &exchange));

	/* A report that comes too late is nothing; a timer that does would be. */
	fixture_forget(f);
	fixture_line(f, 0, 0);
	fixture_burst(f, true);
	pots_port_report_billing(f->port, ktime_get_ns());
	EXPECT_NO_EVENT(f, 1200);
	KUNIT_EXPECT_EQ(test, 0u, f->logged);
}

static struct kunit_case removal_cases[] = {
	KUNIT_CASE_PARAM(unplug, state_gen_params),
	{ }
};

struct kunit_suite pots_exchange_removal_suite = {
	.name = "pots-exchange-removal", .init = fixture_init_exchange,
	.exit = fixture_exit, .test_cases = removal_cases,
};
