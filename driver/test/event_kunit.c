// SPDX-License-Identifier: GPL-2.0-only
/* Event queues: the first record, who gets what, and what is lost of too much. */
#include "fixture.h"

#include <linux/delay.h>

static void first_record_is_the_state(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct pots_event event;
	struct pots_file other = {};

	fixture_lift(f);
	KUNIT_ASSERT_EQ(test, 0, pots_file_init(&other, f->port));
	KUNIT_EXPECT_TRUE(test, pots_event_take(&other, &event));
	KUNIT_EXPECT_EQ(test, POTS_EVENT_STATE, (int)event.type);
	KUNIT_EXPECT_EQ(test, (int)POTS_EVENT_F_INITIAL, (int)event.flags);
	KUNIT_EXPECT_EQ(test, (u32)(POTS_STATE_CLAIMED | POTS_STATE_OFF_HOOK),
			event.value);
	KUNIT_EXPECT_EQ(test, 0u, event.seqno);
	KUNIT_EXPECT_FALSE(test, pots_event_take(&other, &event));
	pots_file_exit(&other);
}

static void digits_are_the_owners(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct pots_file other = {};
	struct pots_event event;

	fixture_lift(f);
	KUNIT_ASSERT_EQ(test, 0, pots_file_init(&other, f->port));
	pots_event_take(&other, &event);

	fixture_loop(f, false);
	msleep(200);
	fixture_loop(f, true);
	KUNIT_EXPECT_EQ(test, (u32)POTS_EVENT_FLASH, fixture_next(f, 100));
	KUNIT_EXPECT_FALSE(test, pots_event_take(&other, &event));

	fixture_loop(f, false);
	EXPECT_EVENT(f, POTS_EVENT_ON_HOOK, 0, 2000);
	KUNIT_EXPECT_TRUE(test, pots_event_take(&other, &event));
	KUNIT_EXPECT_EQ(test, POTS_EVENT_ON_HOOK, (int)event.type);
	pots_file_exit(&other);
}

/* More than fits: the oldest are gone, the record after them says so. */
static void overflow_drops_the_oldest(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct pots_event event = {};
	u32 first = 0, count = 0, i;

	fixture_lift(f);
	for (i = 0; i < POTS_EVENTS_QUEUED; i++) {
		fixture_play(f, POTS_TONE_DIAL, 0, 0, NULL);
		fixture_stop_tone(f, 0);
	}
	fixture_play(f, POTS_TONE_DIAL, 0, 0, NULL);
	fixture_stop_tone(f, 0);

	while (pots_event_take(&f->file, &event)) {
		if (!count++) {
			first = event.seqno;
			KUNIT_EXPECT_EQ(test, (int)POTS_EVENT_F_DROPPED, (int)event.flags);
		} else {
			KUNIT_EXPECT_EQ(test, 0, (int)event.flags);
		}
		KUNIT_EXPECT_EQ(test, first + count - 1, event.seqno);
	}
	KUNIT_EXPECT_EQ(test, (u32)POTS_EVENTS_QUEUED, count);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(first_record_is_the_state),
	KUNIT_CASE(digits_are_the_owners),
	KUNIT_CASE(overflow_drops_the_oldest),
	{ }
};

struct kunit_suite pots_event_suite = {
	.name = "pots-event", .init = fixture_init, .exit = fixture_exit,
	.test_cases = cases,
};
