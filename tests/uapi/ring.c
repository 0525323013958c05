// SPDX-License-Identifier: GPL-2.0-or-later
/* Ringing: limits, cadence, and how it ends. */
#include "port.h"

#include <kselftest_harness.h>

#include "expect.h"

#define EXPECT_RING_DONE(reason, cookie) EXPECT_DONE(POTS_EVENT_RING_DONE, reason, cookie)

FIXTURE(ring) {
	struct line line;
	struct pots_ring ring;
	struct pots_event event;
};

FIXTURE_SETUP(ring)
{
	self->ring = (struct pots_ring){
		.count = 2,
		.on_ms = { 400, 400 },
		.off_ms = { 200, 2000 },
	};
	ASSERT_EQ(0, line_open(&self->line, 0));
}

FIXTURE_TEARDOWN(ring)
{
	line_close(&self->line);
}

#define NEEDS_RINGING() do {						\
	if (!(self->line.info.caps & POTS_CAP_RING))			\
		SKIP(return, "this port cannot ring");			\
} while (0)

#define NEEDS_BELL() do {						\
	NEEDS_RINGING();						\
	if (self->line.phone < 0)					\
		SKIP(return, "this port has no telephone to lift");	\
} while (0)


TEST_F(ring, each_wrong_field_is_refused)
{
	const struct wrong wrong[] = {
		WRONG(struct pots_ring, flags, 2, EINVAL),
		WRONG(struct pots_ring, flags, 0x80000000, EINVAL),
		WRONG(struct pots_ring, freq_mhz, self->line.info.ring_min_mhz - 1, ERANGE),
		WRONG(struct pots_ring, freq_mhz, self->line.info.ring_max_mhz + 1, ERANGE),
		WRONG(struct pots_ring, max_ms, self->line.info.ring_max_ms + 1, ERANGE),
		WRONG(struct pots_ring, count, 0, EINVAL),
		WRONG(struct pots_ring, count, 1, EINVAL),
		WRONG(struct pots_ring, count, 3, ERANGE),
		WRONG(struct pots_ring, count, POTS_RING_PAIRS_MAX + 1, EINVAL),
		WRONG(struct pots_ring, count, -1, EINVAL),
		WRONG(struct pots_ring, loop_start, 2, EINVAL),
		WRONG(struct pots_ring, loop_start, -1, EINVAL),
		WRONG(struct pots_ring, on_ms[0], 0, ERANGE),
		WRONG(struct pots_ring, on_ms[1], 60001, ERANGE),
		WRONG(struct pots_ring, off_ms[0], 0, ERANGE),
		WRONG(struct pots_ring, off_ms[1], 60001, ERANGE),
		WRONG(struct pots_ring, on_ms[7], 1, EINVAL),
		WRONG(struct pots_ring, off_ms[2], 1, EINVAL),
		WRONG(struct pots_ring, reserved[0], 1, EINVAL),
		WRONG(struct pots_ring, reserved[4], 1, EINVAL),
		WRONG(struct pots_ring, dc_mv, self->line.info.ring_dc_max_mv + 1,
		      self->line.info.ring_dc_max_mv ? ERANGE : EOPNOTSUPP),
		WRONG(struct pots_ring, dc_mv, -1,
		      self->line.info.ring_dc_max_mv ? ERANGE : EOPNOTSUPP),
	};

	NEEDS_RINGING();
	EXPECT_REFUSED(self->line.claim, POTS_RING, &self->ring, wrong);
	EXPECT_EQ(0, state_of(self->line.claim) & POTS_STATE_RINGING);
}

TEST_F(ring, each_wrong_field_of_stop_is_refused)
{
	static const struct pots_stop valid;
	static const struct wrong wrong[] = {
		WRONG(struct pots_stop, reserved, 1, EINVAL),
	};

	EXPECT_REFUSED(self->line.claim, POTS_STOP_RING, &valid, wrong);
}

TEST_F(ring, limits_are_allowed)
{
	struct pots_ring limit = { .flags = POTS_RING_F_TRAPEZOID, .count = 8 };

	NEEDS_RINGING();
	for (int i = 0; i < POTS_RING_PAIRS_MAX; i++) {
		limit.on_ms[i] = 1;
		limit.off_ms[i] = 60000;
	}
	limit.loop_start = 7;
	limit.freq_mhz = self->line.info.ring_min_mhz;
	limit.max_ms = self->line.info.ring_max_ms;
	EXPECT_EQ(0, err_of(self->line.claim, POTS_RING, &limit));
	limit.freq_mhz = self->line.info.ring_max_mhz;
	limit.on_ms[0] = 60000;
	EXPECT_EQ(0, err_of(self->line.claim, POTS_RING, &limit));
}

TEST_F(ring, a_port_that_cannot_says_so)
{
	struct pots_ring defaults = {};

	if (self->line.info.caps & POTS_CAP_RING)
		SKIP(return, "this port can ring");
	EXPECT_EQ(EOPNOTSUPP, err_of(self->line.claim, POTS_RING, &defaults));
}

TEST_F(ring, stop_by_cookie_stops_only_that_one)
{
	struct pots_state state;
	struct pots_stop stop;
	uint32_t first;

	NEEDS_RINGING();
	ASSERT_EQ(0, err_of(self->line.claim, POTS_RING, &self->ring));
	first = self->ring.cookie;
	EXPECT_NE(0, first);
	ASSERT_EQ(0, err_of(self->line.claim, POTS_RING, &self->ring));
	EXPECT_NE(first, self->ring.cookie);
	EXPECT_RING_DONE(POTS_DONE_REPLACED, first);

	ASSERT_EQ(0, err_of(self->line.claim, POTS_GET_STATE, &state));
	EXPECT_NE(0, state.state & POTS_STATE_RINGING);
	EXPECT_EQ(self->ring.cookie, state.ring_cookie);

	stop = (struct pots_stop){ .cookie = first };
	EXPECT_EQ(0, err_of(self->line.claim, POTS_STOP_RING, &stop));
	EXPECT_NE(0, state_of(self->line.claim) & POTS_STATE_RINGING);
	stop.cookie = self->ring.cookie;
	EXPECT_EQ(0, err_of(self->line.claim, POTS_STOP_RING, &stop));
	EXPECT_RING_DONE(POTS_DONE_STOPPED, self->ring.cookie);
	EXPECT_EQ(0, state_of(self->line.claim) & POTS_STATE_RINGING);
	EXPECT_EQ(0, err_of(self->line.claim, POTS_STOP_RING, &stop));
}

TEST_F(ring, a_maximum_time_ends_it)
{
	uint64_t start_ns;

	NEEDS_RINGING();
	self->ring.max_ms = 500;
	start_ns = now_ns();
	ASSERT_EQ(0, err_of(self->line.claim, POTS_RING, &self->ring));
	EXPECT_RING_DONE(POTS_DONE_TIMEOUT, self->ring.cookie);
	EXPECT_GE(self->event.timestamp_ns, start_ns + 499 * NS_PER_MS);
	EXPECT_LE(self->event.timestamp_ns, start_ns + (530 + slack_ms(0)) * NS_PER_MS);
}

TEST_F(ring, the_bell_rings_in_cadence)
{
	struct pots_sim_state phone;
	uint32_t before;

	NEEDS_BELL();
	ASSERT_TRUE(phone_state(self->line.phone, &phone));
	before = phone.rings;
	self->ring.freq_mhz = 25000;
	ASSERT_EQ(0, err_of(self->line.claim, POTS_RING, &self->ring));
	for (uint32_t burst = 1; burst <= 4; burst++) {
		ASSERT_TRUE(phone_wait(self->line.phone, POTS_SIM_STATE_RINGING,
				       POTS_SIM_STATE_RINGING, SETTLE_MS));
		ASSERT_TRUE(phone_wait(self->line.phone, POTS_SIM_STATE_RINGING, 0,
				       SETTLE_MS));
		ASSERT_TRUE(phone_state(self->line.phone, &phone));
		EXPECT_EQ(before + burst, phone.rings);
		EXPECT_GE(phone.ring_end_ns, phone.ring_start_ns +
			  least_ms(400, 25) * NS_PER_MS);
		EXPECT_LE(phone.ring_end_ns, phone.ring_start_ns +
			  (400 + slack_ms(45)) * NS_PER_MS);
		EXPECT_GE(phone.ring_mhz, 24500);
		EXPECT_LE(phone.ring_mhz, 25500);
		EXPECT_GE(phone.ring_mv, 35000);
	}
	EXPECT_EQ(0, state_of(self->line.claim) & POTS_STATE_OFF_HOOK);
}

/* 16 2/3 Hz among them, in both shapes, over no DC and over the most that there may be. */
TEST_F(ring, the_bell_feels_frequency_shape_and_offset)
{
	static const uint32_t freqs[] = { 16667, 20000, 25000, 50000 };
	struct pots_sim_state phone;
	struct pots_ring burst = { .count = 1, .on_ms = { 700 }, .off_ms = { 300 } };
	uint32_t sine_mv = 0;

	NEEDS_BELL();
	for (unsigned int i = 0; i < 4 * ARRAY_SIZE(freqs); i++) {
		self->ring = burst;
		self->ring.freq_mhz = freqs[i / 4];
		self->ring.flags = i & 1 ? POTS_RING_F_TRAPEZOID : 0;
		self->ring.dc_mv = i & 2 ? self->line.info.ring_dc_max_mv : 0;
		ASSERT_EQ(0, err_of(self->line.claim, POTS_RING, &self->ring));
		ASSERT_TRUE(phone_wait(self->line.phone, POTS_SIM_STATE_RINGING,
				       POTS_SIM_STATE_RINGING, SETTLE_MS));
		ASSERT_TRUE(phone_wait(self->line.phone, POTS_SIM_STATE_RINGING, 0, SETTLE_MS));
		ASSERT_TRUE(phone_state(self->line.phone, &phone));
		EXPECT_GE(phone.ring_mhz, freqs[i / 4] - freqs[i / 4] / 200);
		EXPECT_LE(phone.ring_mhz, freqs[i / 4] + freqs[i / 4] / 200);
		EXPECT_GE(phone.ring_dc_mv, (int)self->ring.dc_mv - 1000);
		EXPECT_LE(phone.ring_dc_mv, (int)self->ring.dc_mv + 1000);
		/* the trapezoid has more power at the same peak */
		EXPECT_GE(phone.ring_mv, i & 2 ? 37000 : 58000);
		if (i & 1)
			EXPECT_GE(phone.ring_mv, sine_mv + 1000);
		sine_mv = phone.ring_mv;
		EXPECT_EQ(0, state_of(self->line.claim) & POTS_STATE_OFF_HOOK);
	}
}

TEST_F(ring, a_lifted_handset_is_not_rung)
{
	NEEDS_BELL();
	ASSERT_TRUE(line_lift(&self->line));
	EXPECT_EQ(EBUSY, err_of(self->line.claim, POTS_RING, &self->ring));
	EXPECT_EQ(0, state_of(self->line.claim) & POTS_STATE_RINGING);
}

/* ------------------------------------------------------------ answering --- */

/* Nanoseconds from the lift to the answer's event, or -1. */
static int64_t answer_ns(struct line *line, struct pots_event *event)
{
	uint64_t lifted_ns = now_ns();

	if (!phone_lift(line->phone) ||
	    !event_wait(line->observer, POTS_EVENT_OFF_HOOK, event, SETTLE_MS))
		return -1;
	return now_ns() - lifted_ns;
}

TEST_F(ring, an_answer_is_seen_through_an_offset)
{
	int64_t took_ns;

	NEEDS_BELL();
	for (unsigned int i = 0; i < 4; i++) {
		self->ring = (struct pots_ring){
			.flags = i & 1 ? POTS_RING_F_TRAPEZOID : 0,
			.freq_mhz = i & 2 ? 16667 : 25000,
			.count = 1, .on_ms = { 5000 }, .off_ms = { 1000 },
			.dc_mv = self->line.info.ring_dc_max_mv,
		};
		ASSERT_EQ(0, err_of(self->line.claim, POTS_RING, &self->ring));
		sleep_ms(500);
		EXPECT_EQ(0, state_of(self->line.claim) & POTS_STATE_OFF_HOOK);
		took_ns = answer_ns(&self->line, &self->event);
		EXPECT_GE(took_ns, 0);
		EXPECT_LE(took_ns, (150 + slack_ms(0)) * NS_PER_MS);
		EXPECT_RING_DONE(POTS_DONE_HOOK, self->ring.cookie);
		ASSERT_TRUE(line_hang(&self->line));
	}
}

TEST_F(ring, an_answer_in_a_burst_is_seen_within_150_ms)
{
	const struct pots_ring burst = {
		.freq_mhz = 20000, .count = 1, .on_ms = { 5000 }, .off_ms = { 1000 },
	};

	NEEDS_BELL();
	for (unsigned int delay_ms = 100; delay_ms <= 190; delay_ms += 10) {
		int64_t took_ns;

		self->ring = burst;
		ASSERT_EQ(0, err_of(self->line.claim, POTS_RING, &self->ring));
		ASSERT_TRUE(phone_wait(self->line.phone, POTS_SIM_STATE_RINGING,
				       POTS_SIM_STATE_RINGING, SETTLE_MS));
		sleep_ms(delay_ms);
		took_ns = answer_ns(&self->line, &self->event);
		EXPECT_GE(took_ns, 0);
		EXPECT_LE(took_ns, (150 + slack_ms(0)) * NS_PER_MS) {
			TH_LOG("lifted %u ms into the burst", delay_ms);
		}
		EXPECT_EQ(POTS_OFF_HOOK_ANSWERED, self->event.value);
		EXPECT_RING_DONE(POTS_DONE_HOOK, self->ring.cookie);
		EXPECT_TRUE(phone_wait(self->line.phone, POTS_SIM_STATE_RINGING, 0, 50));
		EXPECT_NE(0, state_of(self->line.claim) & POTS_STATE_OFF_HOOK);
		ASSERT_TRUE(line_hang(&self->line));
	}
}

TEST_F(ring, an_answer_in_the_pause_needs_only_the_debounce)
{
	const struct pots_ring pause = {
		.freq_mhz = 20000, .count = 1, .on_ms = { 300 }, .off_ms = { 5000 },
	};
	struct pots_settings settings;
	int64_t took_ns;

	NEEDS_BELL();
	ASSERT_EQ(0, err_of(self->line.claim, POTS_GET_SETTINGS, &settings));
	self->ring = pause;
	ASSERT_EQ(0, err_of(self->line.claim, POTS_RING, &self->ring));
	ASSERT_TRUE(phone_wait(self->line.phone, POTS_SIM_STATE_RINGING,
			       POTS_SIM_STATE_RINGING, SETTLE_MS));
	ASSERT_TRUE(phone_wait(self->line.phone, POTS_SIM_STATE_RINGING, 0, SETTLE_MS));
	sleep_ms(1000);
	took_ns = answer_ns(&self->line, &self->event);
	EXPECT_GE(took_ns, 0);
	/* the chip's own debounce is up to 16 ms */
	EXPECT_LE(took_ns, (settings.seize_ms + 16 + slack_ms(5)) * NS_PER_MS);
	EXPECT_EQ(POTS_OFF_HOOK_ANSWERED, self->event.value);
	EXPECT_RING_DONE(POTS_DONE_HOOK, self->ring.cookie);
}

TEST_F(ring, an_answer_is_a_talking_line)
{
	struct pots_sim_state phone;

	NEEDS_BELL();
	ASSERT_EQ(0, err_of(self->line.claim, POTS_RING, &self->ring));
	sleep_ms(100);
	ASSERT_GE(answer_ns(&self->line, &self->event), 0);
	EXPECT_RING_DONE(POTS_DONE_HOOK, self->ring.cookie);
	EXPECT_TRUE(event_absent(self->line.observer, POTS_EVENT_ON_HOOK, 1500));
	ASSERT_TRUE(phone_state(self->line.phone, &phone));
	EXPECT_NE(0, phone.state & POTS_SIM_STATE_FED);
	EXPECT_GE(phone.loop_ua < 0 ? -phone.loop_ua : phone.loop_ua, 15000);
}

/* Rings so often on a heavy load, and expects nobody to have answered. */
static void expect_no_answer(struct __test_metadata *_metadata, FIXTURE_DATA(ring) *self,
			     unsigned int bursts)
{
	const struct pots_sim_phone heavy = { .ren_milli = 5000, .loop_ohm = 200 };
	struct pots_sim_phone before;
	struct pots_sim_state first, last;

	self->ring = (struct pots_ring){
		.freq_mhz = 20000, .count = 1, .on_ms = { 300 }, .off_ms = { 200 },
	};
	ASSERT_EQ(0, err_of(self->line.phone, POTS_SIM_GET_PHONE, &before));
	ASSERT_EQ(0, err_of(self->line.phone, POTS_SIM_SET_PHONE, (void *)&heavy));
	ASSERT_TRUE(phone_state(self->line.phone, &first));
	/* a ringing ends after its maximum time, so in portions */
	for (last = first; last.rings < first.rings + bursts;) {
		ASSERT_EQ(0, err_of(self->line.claim, POTS_RING, &self->ring));
		EXPECT_TRUE(event_absent(self->line.observer, POTS_EVENT_OFF_HOOK, 20000));
		EXPECT_NE(0, state_of(self->line.claim) & POTS_STATE_RINGING);
		ASSERT_TRUE(phone_state(self->line.phone, &last));
	}
	EXPECT_EQ(0, err_of(self->line.phone, POTS_SIM_SET_PHONE, &before));
}

TEST_F(ring, ringing_alone_is_never_an_answer)
{
	NEEDS_BELL();
	expect_no_answer(_metadata, self, 30);
}

TEST_F_TIMEOUT(ring, a_thousand_bursts_are_no_answer, 2000)
{
	NEEDS_BELL();
	if (!time_is_virtual())
		SKIP(return, "nine minutes: in virtual time only");
	expect_no_answer(_metadata, self, 1000);
}

TEST_HARNESS_MAIN
