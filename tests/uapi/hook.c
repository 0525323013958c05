// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the movements of a hook switch mean. The windows are the settings'; the
 * telephone moves its hook in the kernel, to the microsecond. The edges that
 * the chip reports carry its debounce and the poll's grain, so a window's edge
 * is approached to within GRAIN_MS from either side.
 */
#include "port.h"

#include <fcntl.h>
#include <kselftest_harness.h>

#define GRAIN_MS	10

FIXTURE(hook) {
	struct line line;
	struct pots_settings settings;	/* as they were */
	struct pots_settings set;	/* as the test wants them */
	struct pots_event event;
	int other;			/* an observer that does not own the line */
};

FIXTURE_SETUP(hook)
{
	ASSERT_EQ(0, line_open(&self->line, 0));
	ASSERT_EQ(0, err_of(self->line.claim, POTS_GET_SETTINGS, &self->settings));
	self->set = self->settings;
	self->other = port_open(self->line.id, O_RDONLY);
	ASSERT_GE(self->other, 0);
	event_drain(self->other);
}

FIXTURE_TEARDOWN(hook)
{
	ioctl(self->line.claim, POTS_SET_SETTINGS, &self->settings);
	close(self->other);
	line_close(&self->line);
}

#define NEEDS_PHONE() do {						\
	if (self->line.phone < 0)					\
		SKIP(return, "this port has no telephone to move");	\
} while (0)

#define APPLY() ASSERT_EQ(0, err_of(self->line.claim, POTS_SET_SETTINGS, &self->set))

/* The next event that is not a raw edge; type 0: none comes. */
static struct pots_event next_meaning(int observer, unsigned int timeout_ms)
{
	struct pots_event event;

	while (event_next(observer, &event, timeout_ms))
		if (event.type != POTS_EVENT_HOOK_EDGE)
			return event;
	return (struct pots_event){};
}

TEST_F(hook, a_lift_is_a_seizure_after_the_window)
{
	uint64_t lifted_ns;

	NEEDS_PHONE();
	self->set.seize_ms = 150;
	APPLY();
	lifted_ns = now_ns();
	phone_lift(self->line.phone);
	self->event = next_meaning(self->line.observer, SETTLE_MS);
	EXPECT_EQ(POTS_EVENT_OFF_HOOK, self->event.type);
	EXPECT_EQ(POTS_OFF_HOOK_SEIZED, self->event.value);
	EXPECT_GE(now_ns(), lifted_ns + 150 * NS_PER_MS);
	EXPECT_LE(now_ns(), lifted_ns + (150 + 16 + slack_ms(10)) * NS_PER_MS);
	EXPECT_NE(0, state_of(self->other) & POTS_STATE_OFF_HOOK);
}

TEST_F(hook, a_touch_shorter_than_the_window_is_nothing)
{
	const struct pots_sim_step touch[] = {
		{ .kind = POTS_SIM_STEP_OFFHOOK },
		{ .kind = POTS_SIM_STEP_WAIT, .on_us = (200 - GRAIN_MS) * 1000 },
		{ .kind = POTS_SIM_STEP_ONHOOK },
	};
	struct pots_sim_queue queue = { .count = 3 };

	NEEDS_PHONE();
	self->set.seize_ms = 200;
	APPLY();
	memcpy(queue.step, touch, sizeof(touch));
	ASSERT_EQ(0, err_of(self->line.phone, POTS_SIM_QUEUE, &queue));
	self->event = next_meaning(self->line.observer, 1000);
	EXPECT_EQ(0, self->event.type);
}

TEST_F(hook, putting_down_is_a_release_after_the_window)
{
	uint64_t hung_ns;

	NEEDS_PHONE();
	self->set.release_ms = 900;
	APPLY();
	ASSERT_TRUE(line_lift(&self->line));
	hung_ns = now_ns();
	phone_hang(self->line.phone);
	self->event = next_meaning(self->line.observer, SETTLE_MS);
	EXPECT_EQ(POTS_EVENT_ON_HOOK, self->event.type);
	EXPECT_GE(now_ns(), hung_ns + 900 * NS_PER_MS);
	EXPECT_LE(now_ns(), hung_ns + (900 + 16 + slack_ms(10)) * NS_PER_MS);
	EXPECT_EQ(0, state_of(self->other) & POTS_STATE_OFF_HOOK);
}

/* ---------------------------------------------------------------- flash --- */

/* A break of @open_ms means @type, and the line stays off-hook. */
static void expect_break(struct __test_metadata *_metadata,
			 FIXTURE_DATA(hook) *self, unsigned int open_ms,
			 unsigned int type)
{
	ASSERT_TRUE(phone_flash(self->line.phone, open_ms * 1000));
	self->event = next_meaning(self->line.observer, 1500);
	EXPECT_EQ(type, self->event.type) {
		TH_LOG("a break of %u ms", open_ms);
	}
	if (type == POTS_EVENT_FLASH) {
		EXPECT_GE(self->event.value, open_ms - GRAIN_MS);
		EXPECT_LE(self->event.value, open_ms + GRAIN_MS);
	}
	EXPECT_NE(0, state_of(self->line.claim) & POTS_STATE_OFF_HOOK);
}

TEST_F(hook, a_break_inside_the_window_is_a_flash)
{
	NEEDS_PHONE();
	self->set.flags = POTS_SETTING_F_FLASH;
	self->set.flash_min_ms = 200;
	self->set.flash_max_ms = 500;
	self->set.release_ms = 800;
	APPLY();
	ASSERT_TRUE(line_lift(&self->line));
	expect_break(_metadata, self, 200 - GRAIN_MS, 0);
	expect_break(_metadata, self, 200 + GRAIN_MS, POTS_EVENT_FLASH);
	expect_break(_metadata, self, 350, POTS_EVENT_FLASH);
	expect_break(_metadata, self, 500 - GRAIN_MS, POTS_EVENT_FLASH);
	expect_break(_metadata, self, 500 + GRAIN_MS, 0);
	expect_break(_metadata, self, 800 - GRAIN_MS, 0);
}

TEST_F(hook, a_break_beyond_the_release_window_is_not_a_flash)
{
	NEEDS_PHONE();
	self->set.release_ms = 700;
	APPLY();
	ASSERT_TRUE(line_lift(&self->line));
	ASSERT_TRUE(phone_flash(self->line.phone, (700 + GRAIN_MS) * 1000));
	self->event = next_meaning(self->line.observer, SETTLE_MS);
	EXPECT_EQ(POTS_EVENT_ON_HOOK, self->event.type);
	self->event = next_meaning(self->line.observer, SETTLE_MS);
	EXPECT_EQ(POTS_EVENT_OFF_HOOK, self->event.type);
	EXPECT_EQ(POTS_OFF_HOOK_SEIZED, self->event.value);
}

TEST_F(hook, flashes_are_off_by_the_setting)
{
	NEEDS_PHONE();
	self->set.flags &= ~POTS_SETTING_F_FLASH;
	APPLY();
	ASSERT_TRUE(line_lift(&self->line));
	expect_break(_metadata, self, 300, 0);
}

/* --------------------------------------------------------------- pulses --- */

/* Ten digits of a dial that breaks and makes so long. */
static void expect_dialling(struct __test_metadata *_metadata,
			    FIXTURE_DATA(hook) *self, unsigned int break_us,
			    unsigned int make_us)
{
	for (unsigned int pulses = 1; pulses <= 10; pulses++) {
		ASSERT_TRUE(phone_dial(self->line.phone, pulses, break_us, make_us));
		self->event = next_meaning(self->line.observer, SETTLE_MS);
		EXPECT_EQ(POTS_EVENT_PULSE_DIGIT, self->event.type);
		EXPECT_EQ(pulses, self->event.value) {
			TH_LOG("%u us break, %u us make", break_us, make_us);
		}
		ASSERT_TRUE(phone_wait(self->line.phone, POTS_SIM_STATE_BUSY, 0, SETTLE_MS));
	}
	EXPECT_NE(0, state_of(self->line.claim) & POTS_STATE_OFF_HOOK);
}

TEST_F(hook, pulses_at_10_pps_33_percent_make)
{
	NEEDS_PHONE();
	ASSERT_TRUE(line_lift(&self->line));
	expect_dialling(_metadata, self, 67000, 33000);
}

TEST_F(hook, pulses_at_10_pps_45_percent_make)
{
	NEEDS_PHONE();
	ASSERT_TRUE(line_lift(&self->line));
	expect_dialling(_metadata, self, 55000, 45000);
}

TEST_F(hook, pulses_at_20_pps_33_percent_make)
{
	NEEDS_PHONE();
	ASSERT_TRUE(line_lift(&self->line));
	expect_dialling(_metadata, self, 33500, 16500);
}

TEST_F(hook, pulses_at_20_pps_45_percent_make)
{
	NEEDS_PHONE();
	ASSERT_TRUE(line_lift(&self->line));
	expect_dialling(_metadata, self, 27500, 22500);
}

TEST_F(hook, pulses_from_a_bouncing_switch)
{
	struct pots_sim_phone phone, bouncing;

	NEEDS_PHONE();
	ASSERT_EQ(0, err_of(self->line.phone, POTS_SIM_GET_PHONE, &phone));
	bouncing = phone;
	bouncing.bounce_us = 3000;
	ASSERT_EQ(0, err_of(self->line.phone, POTS_SIM_SET_PHONE, &bouncing));
	ASSERT_TRUE(line_lift(&self->line));
	expect_dialling(_metadata, self, 61500, 38500);
	EXPECT_EQ(0, err_of(self->line.phone, POTS_SIM_SET_PHONE, &phone));
}

TEST_F(hook, pulses_are_off_by_the_setting)
{
	NEEDS_PHONE();
	self->set.flags &= ~POTS_SETTING_F_PULSE;
	APPLY();
	ASSERT_TRUE(line_lift(&self->line));
	ASSERT_TRUE(phone_dial(self->line.phone, 5, 60000, 40000));
	self->event = next_meaning(self->line.observer, 2500);
	EXPECT_NE(POTS_EVENT_PULSE_DIGIT, self->event.type);
}

TEST_F(hook, a_dial_is_nothing_with_the_handset_down)
{
	struct pots_sim_state state;

	NEEDS_PHONE();
	ASSERT_TRUE(phone_dial(self->line.phone, 3, 60000, 40000));
	ASSERT_TRUE(phone_wait(self->line.phone, POTS_SIM_STATE_BUSY, 0, SETTLE_MS));
	ASSERT_TRUE(phone_state(self->line.phone, &state));
	EXPECT_EQ(0, state.state & POTS_SIM_STATE_CLOSED);
	EXPECT_FALSE(event_next(self->line.observer, &self->event, 300));
}

/* -------------------------------------------------------------- privacy --- */

TEST_F(hook, others_see_settled_states_only)
{
	struct pots_event event;

	NEEDS_PHONE();
	ASSERT_TRUE(line_lift(&self->line));
	ASSERT_TRUE(phone_dial(self->line.phone, 3, 60000, 40000));
	ASSERT_TRUE(event_wait(self->line.observer, POTS_EVENT_PULSE_DIGIT, NULL, SETTLE_MS));
	ASSERT_TRUE(phone_wait(self->line.phone, POTS_SIM_STATE_BUSY, 0, SETTLE_MS));
	ASSERT_TRUE(phone_flash(self->line.phone, 300000));
	ASSERT_TRUE(event_wait(self->line.observer, POTS_EVENT_FLASH, NULL, SETTLE_MS));
	ASSERT_TRUE(line_hang(&self->line));

	ASSERT_TRUE(event_next(self->other, &event, SETTLE_MS));
	EXPECT_EQ(POTS_EVENT_OFF_HOOK, event.type);
	ASSERT_TRUE(event_next(self->other, &event, SETTLE_MS));
	EXPECT_EQ(POTS_EVENT_ON_HOOK, event.type);
	EXPECT_FALSE(event_next(self->other, &event, 100));
}

TEST_F(hook, the_owner_sees_the_edges)
{
	uint64_t lifted_ns;

	NEEDS_PHONE();
	lifted_ns = now_ns();
	phone_lift(self->line.phone);
	ASSERT_TRUE(event_wait(self->line.observer, POTS_EVENT_HOOK_EDGE,
			       &self->event, SETTLE_MS));
	EXPECT_EQ(1, self->event.value);
	EXPECT_GE(self->event.timestamp_ns, lifted_ns);
	EXPECT_LE(self->event.timestamp_ns, lifted_ns + (16 + slack_ms(5)) * NS_PER_MS);
	ASSERT_TRUE(event_wait(self->line.observer, POTS_EVENT_OFF_HOOK, NULL, SETTLE_MS));
	phone_hang(self->line.phone);
	ASSERT_TRUE(event_wait(self->line.observer, POTS_EVENT_HOOK_EDGE,
			       &self->event, SETTLE_MS));
	EXPECT_EQ(0, self->event.value);
}

TEST_HARNESS_MAIN
