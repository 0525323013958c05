// SPDX-License-Identifier: GPL-2.0-or-later
/* Metering pulses, as a charge meter on the telephone's line sees them. */
#include "port.h"

#include <kselftest_harness.h>

FIXTURE(meter) {
	struct line line;
	struct pots_event event;
	struct pots_sim_state phone, before;
};

FIXTURE_SETUP(meter)
{
	ASSERT_EQ(0, line_open(&self->line, 0));
}

FIXTURE_TEARDOWN(meter)
{
	line_close(&self->line);
}

#define CLAIM		(self->line.claim)
#define OBSERVER	(self->line.observer)
#define METERING	POTS_SIM_STATE_METERING

#define LIFT() do {							\
	if (self->line.phone < 0)					\
		SKIP(return, "this port has no telephone to lift");	\
	ASSERT_TRUE(line_lift(&self->line));				\
	ASSERT_TRUE(phone_state(self->line.phone, &self->before));	\
} while (0)

#define NEEDS_TONES() do {						\
	if (!(self->line.info.caps & POTS_CAP_METER))			\
		SKIP(return, "this port sends no billing tones");	\
} while (0)

#define METERED() (phone_state(self->line.phone, &self->phone),		\
		   self->phone.meters - self->before.meters)

#define EXPECT_DONE(meter, reason, pulses) do {				\
	ASSERT_TRUE(event_wait(OBSERVER, POTS_EVENT_METER_DONE,		\
			       &self->event, SETTLE_MS));		\
	EXPECT_EQ(reason, self->event.value);				\
	EXPECT_EQ(pulses, self->event.extra);				\
	EXPECT_EQ((meter).cookie, self->event.cookie);			\
} while (0)

#define EXPECT_WITHIN(low, value, high) do {				\
	EXPECT_GE(value, low);						\
	EXPECT_LE(value, high);						\
} while (0)

TEST_F(meter, each_wrong_field_is_refused)
{
	static const struct pots_meter valid = {
		.signal = POTS_METER_12KHZ, .count = 1, .on_ms = 100, .off_ms = 100,
	};
	static const struct pots_stop stop;
	static const struct wrong wrong[] = {
		WRONG(struct pots_meter, signal, 0, EINVAL),
		WRONG(struct pots_meter, signal, 4, EINVAL),
		WRONG(struct pots_meter, signal, -1, EINVAL),
		WRONG(struct pots_meter, count, 0, ERANGE),
		WRONG(struct pots_meter, count, POTS_METER_COUNT_MAX + 1, ERANGE),
		WRONG(struct pots_meter, on_ms, 19, ERANGE),
		WRONG(struct pots_meter, on_ms, 5001, ERANGE),
		WRONG(struct pots_meter, off_ms, 19, ERANGE),
		WRONG(struct pots_meter, off_ms, 60001, ERANGE),
		WRONG(struct pots_meter, reserved[0], 1, EINVAL),
		WRONG(struct pots_meter, reserved[3], 1, EINVAL),
	};
	static const struct wrong wrong_stop[] = {
		WRONG(struct pots_stop, reserved, 1, EINVAL),
	};

	EXPECT_REFUSED(CLAIM, POTS_METER, &valid, wrong);
	EXPECT_REFUSED(CLAIM, POTS_STOP_METER, &stop, wrong_stop);
}

TEST_F(meter, is_for_a_telephone_that_is_lifted)
{
	struct pots_meter meter = {
		.signal = POTS_METER_REVERSAL, .count = 1, .on_ms = 100, .off_ms = 100,
	};

	if (!(self->line.info.caps & POTS_CAP_REVERSE))
		SKIP(return, "this port cannot reverse polarity");
	EXPECT_EQ(ENOLINK, err_of(CLAIM, POTS_METER, &meter));
	EXPECT_TRUE(event_absent(OBSERVER, POTS_EVENT_METER_DONE, 300));
}

TEST_F(meter, tones_are_counted_and_as_long_as_asked)
{
	static const struct { uint32_t signal, hz; } tones[] = {
		{ POTS_METER_12KHZ, 12000 }, { POTS_METER_16KHZ, 16000 },
	};

	NEEDS_TONES();
	LIFT();
	for (size_t i = 0; i < ARRAY_SIZE(tones); i++) {
		struct pots_meter meter = {
			.signal = tones[i].signal, .count = 3, .on_ms = 120 + 30 * i, .off_ms = 80,
		};
		uint64_t began_ns = now_ns(), done_ns;

		ASSERT_EQ(0, err_of(CLAIM, POTS_METER, &meter));
		EXPECT_NE(0, meter.cookie);
		EXPECT_TRUE(phone_wait(self->line.phone, METERING, METERING, 50));
		EXPECT_DONE(meter, POTS_DONE_FINISHED, 3);
		done_ns = 3 * meter.on_ms * NS_PER_MS + 2 * meter.off_ms * NS_PER_MS;
		EXPECT_WITHIN(began_ns + done_ns, self->event.timestamp_ns,
			      began_ns + done_ns + slack_ms(3) * NS_PER_MS);
		sleep_ms(20);
		EXPECT_EQ(3 * (i + 1), METERED());
		EXPECT_EQ(0, self->phone.state & METERING);
		EXPECT_WITHIN(tones[i].hz - 20, self->phone.meter_hz, tones[i].hz + 20);
		EXPECT_WITHIN(830, self->phone.meter_mv, 860);
		/* it swells, lest it clicks */
		EXPECT_WITHIN(3000, self->phone.meter_rise_us, 10000);
		/* the chip's own timer */
		EXPECT_WITHIN(meter.on_ms * 1000 - 200,
			      (self->phone.meter_end_ns - self->phone.meter_start_ns) / 1000,
			      meter.on_ms * 1000 + 200);
	}
	EXPECT_EQ(self->before.reversals, self->phone.reversals);
	EXPECT_EQ(self->before.bad_writes, self->phone.bad_writes);
}

TEST_F(meter, reversals_turn_and_turn_back)
{
	struct pots_meter meter = {
		.signal = POTS_METER_REVERSAL, .count = 2, .on_ms = 200, .off_ms = 300,
	};
	static const uint32_t feeds[] = { POTS_FEED_FORWARD, POTS_FEED_REVERSE };
	struct pots_state state;

	if (!(self->line.info.caps & POTS_CAP_REVERSE))
		SKIP(return, "this port cannot reverse polarity");
	LIFT();
	for (size_t i = 0; i < ARRAY_SIZE(feeds); i++) {
		struct pots_linefeed feed = { .feed = feeds[i] };

		ASSERT_EQ(0, err_of(CLAIM, POTS_SET_LINEFEED, &feed));
		sleep_ms(150);
		ASSERT_TRUE(phone_state(self->line.phone, &self->before));
		ASSERT_EQ(0, err_of(CLAIM, POTS_METER, &meter));
		EXPECT_DONE(meter, POTS_DONE_FINISHED, 2);
		ASSERT_TRUE(phone_state(self->line.phone, &self->phone));
		EXPECT_EQ(4, self->phone.reversals - self->before.reversals);
		EXPECT_WITHIN(200 * 1000 - 3000, self->phone.turned_us, 200 * 1000 + 3000);
		ASSERT_EQ(0, err_of(CLAIM, POTS_GET_STATE, &state));
		EXPECT_EQ(feeds[i], state.feed);
	}
	/* none of it is a flash, nor an on-hook */
	EXPECT_TRUE(event_absent(OBSERVER, POTS_EVENT_ON_HOOK, 1500));
	EXPECT_EQ(0, self->phone.meters - self->before.meters);
}

/* What ends them before their time, and how the line is then. */
TEST_F(meter, many_pulses_end_early)
{
	struct pots_meter meter = {
		.signal = POTS_METER_12KHZ, .count = 1000, .on_ms = 1000, .off_ms = 100,
	};
	struct pots_stop stop = {};
	struct pots_hangup hangup = {};
	struct pots_meter other;

	NEEDS_TONES();
	LIFT();
	ASSERT_EQ(0, err_of(CLAIM, POTS_METER, &meter));
	other = meter;
	EXPECT_EQ(EBUSY, err_of(CLAIM, POTS_METER, &other));
	stop.cookie = meter.cookie + 1;
	ASSERT_EQ(0, err_of(CLAIM, POTS_STOP_METER, &stop));
	EXPECT_TRUE(event_absent(OBSERVER, POTS_EVENT_METER_DONE, 1200));
	stop.cookie = meter.cookie;
	ASSERT_EQ(0, err_of(CLAIM, POTS_STOP_METER, &stop));
	/* the second was cut */
	EXPECT_EQ(2, METERED());
	EXPECT_EQ(0, self->phone.state & METERING);
	EXPECT_DONE(meter, POTS_DONE_STOPPED, 2);

	/* put down */
	ASSERT_EQ(0, err_of(CLAIM, POTS_METER, &meter));
	ASSERT_TRUE(phone_hang(self->line.phone));
	EXPECT_DONE(meter, POTS_DONE_HOOK, self->event.extra);
	EXPECT_WITHIN(1, self->event.extra, 3);
	ASSERT_TRUE(phone_state(self->line.phone, &self->phone));
	EXPECT_EQ(0, self->phone.state & METERING);

	/* hung up */
	ASSERT_TRUE(line_lift(&self->line));
	ASSERT_EQ(0, err_of(CLAIM, POTS_METER, &meter));
	ASSERT_EQ(0, err_of(CLAIM, POTS_HANGUP, &hangup));
	EXPECT_DONE(meter, POTS_DONE_STOPPED, 1);
	ASSERT_TRUE(phone_state(self->line.phone, &self->phone));
	EXPECT_EQ(0, self->phone.state & METERING);
}

TEST_F(meter, a_closed_claim_turns_the_line_back)
{
	struct pots_meter meter = {
		.signal = POTS_METER_REVERSAL, .count = 5, .on_ms = 2000, .off_ms = 100,
	};
	struct pots_state state;

	if (!(self->line.info.caps & POTS_CAP_REVERSE))
		SKIP(return, "this port cannot reverse polarity");
	LIFT();
	ASSERT_EQ(0, err_of(CLAIM, POTS_METER, &meter));
	ASSERT_EQ(0, err_of(OBSERVER, POTS_GET_STATE, &state));
	EXPECT_EQ(POTS_FEED_REVERSE, state.feed);
	close(CLAIM);
	ASSERT_EQ(0, err_of(OBSERVER, POTS_GET_STATE, &state));
	EXPECT_EQ(POTS_FEED_FORWARD, state.feed);
	EXPECT_DONE(meter, POTS_DONE_STOPPED, 1);
	CLAIM = port_claim(OBSERVER, 0);
	ASSERT_TRUE(phone_state(self->line.phone, &self->before));
	sleep_ms(2500);
	ASSERT_TRUE(phone_state(self->line.phone, &self->phone));
	EXPECT_EQ(self->before.reversals, self->phone.reversals);
}

TEST_HARNESS_MAIN
