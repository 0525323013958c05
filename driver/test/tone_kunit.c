// SPDX-License-Identifier: GPL-2.0-only
/* Tones: who plays them, and that each of them ends once, with its own cookie. */
#include "fixture.h"

#include <linux/delay.h>
#include <linux/slab.h>
#include <linux/string.h>

#define FRAME	POTS_FRAME_LEN

static s16 peak(struct fixture *f, unsigned int frames)
{
	s16 out[POTS_FRAMES_MAX * FRAME], max = 0;
	unsigned int i;

	fixture_frames(f, frames, out);
	for (i = 0; i < frames * FRAME; i++)
		max = max_t(s16, max, abs(out[i]));
	return max;
}

static void heard_in_the_next_frame(struct kunit *test)
{
	struct fixture *f = test->priv;

	fixture_lift(f);
	KUNIT_EXPECT_EQ(test, 0, (int)peak(f, 1));
	KUNIT_ASSERT_EQ(test, 0, fixture_play(f, POTS_TONE_DIAL, 0, 0, NULL));
	KUNIT_EXPECT_GT(test, (int)peak(f, 1), 0);
	KUNIT_EXPECT_EQ(test, (u32)(POTS_STATE_CLAIMED | POTS_STATE_OFF_HOOK |
				    POTS_STATE_TONE), fixture_state(f));
}

static void replaced_then_stopped(struct kunit *test)
{
	struct fixture *f = test->priv;
	u32 first, second;

	fixture_lift(f);
	KUNIT_ASSERT_EQ(test, 0, fixture_play(f, POTS_TONE_DIAL, 0, 0, &first));
	KUNIT_ASSERT_EQ(test, 0, fixture_play(f, POTS_TONE_REORDER, 0, 0, &second));
	KUNIT_EXPECT_NE(test, first, second);
	EXPECT_EVENT(f, POTS_EVENT_TONE_DONE, POTS_DONE_REPLACED, 0);
	KUNIT_EXPECT_EQ(test, first, f->last.cookie);

	/* The old one's stop must not stop the new one. */
	KUNIT_EXPECT_EQ(test, 0, fixture_stop_tone(f, first));
	EXPECT_NO_EVENT(f, 10);
	KUNIT_EXPECT_EQ(test, 0, fixture_stop_tone(f, second));
	EXPECT_EVENT(f, POTS_EVENT_TONE_DONE, POTS_DONE_STOPPED, 0);
	KUNIT_EXPECT_EQ(test, 0, fixture_stop_tone(f, 0));
	EXPECT_NO_EVENT(f, 10);
	peak(f, 20);
	KUNIT_EXPECT_EQ(test, 0, (int)peak(f, 20));
}

static void ends_by_itself(struct kunit *test)
{
	struct fixture *f = test->priv;
	unsigned int i;

	fixture_lift(f);
	KUNIT_ASSERT_EQ(test, 0, fixture_play(f, POTS_TONE_SIT, 0, 0, NULL));
	for (i = 0; i < 200 && fixture_state(f) & POTS_STATE_TONE; i++)
		fixture_frames(f, 20, NULL);
	EXPECT_EVENT(f, POTS_EVENT_TONE_DONE, POTS_DONE_FINISHED, 0);

	KUNIT_ASSERT_EQ(test, 0, fixture_play(f, POTS_TONE_DIAL, 0, 100, NULL));
	for (i = 0; i < 4; i++)
		fixture_frames(f, 20, NULL);
	EXPECT_NO_EVENT(f, 0);
	for (i = 0; i < 2; i++)
		fixture_frames(f, 20, NULL);
	EXPECT_EVENT(f, POTS_EVENT_TONE_DONE, POTS_DONE_TIMEOUT, 0);
}

static void no_ear_no_tone(struct kunit *test)
{
	struct fixture *f = test->priv;
	u32 cookie;

	KUNIT_EXPECT_EQ(test, -ENOLINK, fixture_play(f, POTS_TONE_DIAL, 0, 0, NULL));
	fixture_lift(f);
	KUNIT_ASSERT_EQ(test, 0, fixture_play(f, POTS_TONE_DIAL, 0, 0, &cookie));
	fixture_loop(f, false);
	EXPECT_EVENT(f, POTS_EVENT_ON_HOOK, 0, 2000);
	EXPECT_EVENT(f, POTS_EVENT_TONE_DONE, POTS_DONE_HOOK, 50);
	KUNIT_EXPECT_EQ(test, cookie, f->last.cookie);
}

static struct pots_set_tone *make_tone(struct kunit *test, u32 freq_mhz)
{
	struct pots_set_tone *set = kunit_kzalloc(test, sizeof(*set), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, set);
	set->tone = POTS_TONE_USER;
	set->program.count = 1;
	set->program.step[0].freq_mhz[0] = freq_mhz;
	set->program.step[0].level_cdb[0] = -1000;
	return set;
}

/* A playing tone goes on as it was, although its program is replaced under it. */
static void plan_changes_under_a_tone(struct kunit *test)
{
	struct pots_set_tone *set = make_tone(test, 1000000);
	struct fixture *f = test->priv;

	fixture_lift(f);
	KUNIT_EXPECT_EQ(test, -EINVAL, fixture_play(f, POTS_TONE_USER, 0, 0, NULL));
	KUNIT_ASSERT_EQ(test, 0, pots_command(f->port, POTS_SET_TONE, set));
	KUNIT_ASSERT_EQ(test, 0, fixture_play(f, POTS_TONE_USER, 0, 0, NULL));
	memset(&set->program, 0, sizeof(set->program));
	set->flags = POTS_SET_TONE_F_DEFAULT;
	KUNIT_ASSERT_EQ(test, 0, pots_command(f->port, POTS_SET_TONE, set));
	KUNIT_EXPECT_GT(test, (int)peak(f, 20), 5000);
	EXPECT_NO_EVENT(f, 0);
	KUNIT_EXPECT_EQ(test, 0, fixture_stop_tone(f, 0));
	KUNIT_EXPECT_EQ(test, -EINVAL, fixture_play(f, POTS_TONE_USER, 0, 0, NULL));
}

static void wrong_programs(struct kunit *test)
{
	struct pots_set_tone *set = make_tone(test, 1000000);
	struct fixture *f = test->priv;

	set->tone = 0;
	KUNIT_EXPECT_EQ(test, -EINVAL, pots_command(f->port, POTS_SET_TONE, set));
	set->tone = POTS_TONE_COUNT;
	KUNIT_EXPECT_EQ(test, -EINVAL, pots_command(f->port, POTS_SET_TONE, set));
	set->tone = POTS_TONE_USER;
	set->flags = 2;
	KUNIT_EXPECT_EQ(test, -EINVAL, pots_command(f->port, POTS_SET_TONE, set));
	set->flags = POTS_SET_TONE_F_DEFAULT;
	KUNIT_EXPECT_EQ(test, -EINVAL, pots_command(f->port, POTS_SET_TONE, set));
	set->flags = 0;
	set->program.reserved = 1;
	KUNIT_EXPECT_EQ(test, -EINVAL, pots_command(f->port, POTS_SET_TONE, set));
	set->program.reserved = 0;
	set->program.count = 0;
	KUNIT_EXPECT_EQ(test, -EINVAL, pots_command(f->port, POTS_SET_TONE, set));
	set->program.count = POTS_TONE_STEPS_MAX + 1;
	KUNIT_EXPECT_EQ(test, -EINVAL, pots_command(f->port, POTS_SET_TONE, set));
	set->program.count = 1;
	KUNIT_EXPECT_EQ(test, 0, pots_command(f->port, POTS_SET_TONE, set));
}

static struct kunit_case cases[] = {
	KUNIT_CASE(heard_in_the_next_frame),
	KUNIT_CASE(replaced_then_stopped),
	KUNIT_CASE(ends_by_itself),
	KUNIT_CASE(no_ear_no_tone),
	KUNIT_CASE(plan_changes_under_a_tone),
	KUNIT_CASE(wrong_programs),
	{ }
};

struct kunit_suite pots_tone_suite = {
	.name = "pots-tone", .init = fixture_init, .exit = fixture_exit,
	.test_cases = cases,
};

/* ------------------------------------------- without a highway: the chip --- */

static void chip_plays(struct kunit *test)
{
	struct fixture *f = test->priv;
	u32 cookie;

	fixture_lift(f);
	KUNIT_ASSERT_EQ(test, 0, fixture_play(f, POTS_TONE_DIAL, 0, 150, &cookie));
	KUNIT_EXPECT_EQ(test, 1u, f->logged);
	EXPECT_EVENT(f, POTS_EVENT_TONE_DONE, POTS_DONE_TIMEOUT, 500);
	KUNIT_EXPECT_EQ(test, cookie, f->last.cookie);
	KUNIT_EXPECT_EQ(test, 1u, fixture_calls(f, OP_TONE, 0));
}

static void chip_cannot_play_it(struct kunit *test)
{
	struct fixture *f = test->priv;

	fixture_lift(f);
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP, fixture_play(f, POTS_TONE_SIT, 0, 0, NULL));
	KUNIT_EXPECT_EQ(test, 0u, f->logged);
}

static void chip_replaces(struct kunit *test)
{
	struct fixture *f = test->priv;
	u32 first, second;

	fixture_lift(f);
	KUNIT_ASSERT_EQ(test, 0, fixture_play(f, POTS_TONE_DIAL, 0, 100, &first));
	KUNIT_ASSERT_EQ(test, 0, fixture_play(f, POTS_TONE_BUSY, 0, 0, &second));
	EXPECT_EVENT(f, POTS_EVENT_TONE_DONE, POTS_DONE_REPLACED, 0);
	KUNIT_EXPECT_EQ(test, first, f->last.cookie);
	EXPECT_NO_EVENT(f, 300);	/* the first one's time is not the second's */
	f->fail[OP_TONE] = -EIO;
	KUNIT_EXPECT_EQ(test, -EIO, fixture_play(f, POTS_TONE_DIAL, 0, 0, NULL));
	EXPECT_EVENT(f, POTS_EVENT_TONE_DONE, POTS_DONE_FAILED, 0);
	KUNIT_EXPECT_EQ(test, second, f->last.cookie);
}

static void chip_plays_again_after_a_reset(struct kunit *test)
{
	struct fixture *f = test->priv;

	fixture_lift(f);
	KUNIT_ASSERT_EQ(test, 0, fixture_play(f, POTS_TONE_DIAL, 0, 0, NULL));
	fixture_forget(f);
	pots_port_report_trouble(f->port, POTS_TROUBLE_RESET, ktime_get_ns());
	EXPECT_EVENT(f, POTS_EVENT_CHIP, POTS_CHIP_RESET, 0);
	EXPECT_NO_EVENT(f, 100);
	KUNIT_EXPECT_EQ(test, 0u, fixture_calls(f, OP_TONE, 0));
	KUNIT_EXPECT_EQ(test, 3u, f->logged);	/* impedance, feed, tone */
}

static struct kunit_case silent_cases[] = {
	KUNIT_CASE(chip_plays),
	KUNIT_CASE(chip_cannot_play_it),
	KUNIT_CASE(chip_replaces),
	KUNIT_CASE(chip_plays_again_after_a_reset),
	{ }
};

struct kunit_suite pots_chip_tone_suite = {
	.name = "pots-chip-tone", .init = fixture_init_silent, .exit = fixture_exit,
	.test_cases = silent_cases,
};
