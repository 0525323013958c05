// SPDX-License-Identifier: GPL-2.0-only
/* The chip goes away, whatever goes on; no op is called after (see fixture). */
#include "fixture.h"

#include <linux/delay.h>

static void nothing(struct fixture *f)
{
}

static void with_a_tone(struct fixture *f)
{
	fixture_lift(f);
	KUNIT_ASSERT_EQ(f->test, 0, fixture_play(f, POTS_TONE_DIAL, 0, 0, NULL));
}

static void in_a_burst(struct fixture *f)
{
	KUNIT_ASSERT_EQ(f->test, 0, fixture_ring(f, 1000, 1000, 0, NULL));
}

static void in_a_pause(struct fixture *f)
{
	KUNIT_ASSERT_EQ(f->test, 0, fixture_ring(f, 20, 1000, 0, NULL));
	msleep(100);
}

static void with_speech(struct fixture *f)
{
	fixture_lift(f);
	KUNIT_ASSERT_EQ(f->test, 0, fixture_audio(f, 10, 10, 20));
}

static void hanging_up(struct fixture *f)
{
	fixture_lift(f);
	KUNIT_ASSERT_EQ(f->test, 0, fixture_hangup(f, 500));
}

static void lifting(struct fixture *f)
{
	fixture_loop(f, true);
}

static void answering(struct fixture *f)
{
	in_a_burst(f);
	fixture_trip(f);
}

static void in_alarm(struct fixture *f)
{
	pots_port_report_alarm(f->port, POTS_ALARM_RAISED, ktime_get_ns());
	pots_port_report_alarm(f->port, POTS_ALARM_RECOVERED, ktime_get_ns());
}

static const struct state {
	const char *name;
	void (*enter)(struct fixture *f);
} states[] = {
	{ "at rest", nothing },
	{ "with a tone", with_a_tone },
	{ "in a burst", in_a_burst },
	{ "in a pause", in_a_pause },
	{ "with speech", with_speech },
	{ "hanging up", hanging_up },
	{ "lifting", lifting },
	{ "answering", answering },
	{ "in alarm", in_alarm },
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
	struct pots_state now;

	state->enter(f);
	fixture_unplug(f);
	KUNIT_EXPECT_TRUE(test, pots_port_gone(f->port));
	KUNIT_EXPECT_NULL(test, pots_port_get_by_id(f->port->id));
	KUNIT_EXPECT_EQ(test, -ENODEV, pots_command(f->port, POTS_GET_STATE, &now));
	KUNIT_EXPECT_EQ(test, -ENODEV, fixture_play(f, POTS_TONE_DIAL, 0, 0, NULL));
	KUNIT_EXPECT_EQ(test, -ENODEV, fixture_ring(f, 100, 100, 0, NULL));
	KUNIT_EXPECT_EQ(test, -ENODEV, fixture_hangup(f, 0));
	KUNIT_EXPECT_EQ(test, -ENODEV, fixture_audio(f, 10, 10, 20));
	KUNIT_EXPECT_EQ(test, -ENODEV, pots_claim_take(f->port, &f->file, 0));

	/* A report that comes too late is nothing; a timer that does would be. */
	fixture_forget(f);
	fixture_loop(f, !f->closed);
	fixture_trip(f);
	EXPECT_NO_EVENT(f, 1200);
	KUNIT_EXPECT_EQ(test, 0u, f->logged);
}

/* A new port while the old one is still open gets the old one's name. */
static void plug_again(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct pots_port *old = f->port;
	struct pots_file old_file = {};
	u32 id = old->id;

	KUNIT_ASSERT_EQ(test, 0, pots_file_init(&old_file, old));
	fixture_unplug(f);
	pots_file_exit(&f->file);
	fixture_plug(f);
	KUNIT_EXPECT_EQ(test, id, f->port->id);
	pots_claim_give_back(old);
	pots_file_exit(&old_file);
	pots_port_put(old);
	KUNIT_EXPECT_EQ(test, (u32)POTS_STATE_CLAIMED, fixture_state(f));
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(unplug, state_gen_params),
	KUNIT_CASE(plug_again),
	{ }
};

struct kunit_suite pots_removal_suite = {
	.name = "pots-removal", .init = fixture_init, .exit = fixture_exit,
	.test_cases = cases,
};
