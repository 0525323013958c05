// SPDX-License-Identifier: GPL-2.0-or-later
/* The line itself: hang-up, linefeed, settings. */
#include "port.h"

#include <kselftest_harness.h>

FIXTURE(line) {
	struct line line;
	struct pots_settings settings;	/* as they were */
	struct pots_event event;
};

FIXTURE_SETUP(line)
{
	ASSERT_EQ(0, line_open(&self->line, 0));
	ASSERT_EQ(0, err_of(self->line.claim, POTS_GET_SETTINGS, &self->settings));
}

FIXTURE_TEARDOWN(line)
{
	ioctl(self->line.claim, POTS_SET_SETTINGS, &self->settings);
	line_close(&self->line);
}

#define NEEDS_PHONE() do {						\
	if (self->line.phone < 0)					\
		SKIP(return, "this port has no telephone to lift");	\
} while (0)

/* ------------------------------------------------------------- hang-up --- */

TEST_F(line, each_wrong_field_of_hangup_is_refused)
{
	static const struct pots_hangup valid = {
		.flags = POTS_HANGUP_F_OPEN_MS, .open_ms = 100,
	};
	static const struct wrong wrong[] = {
		WRONG(struct pots_hangup, flags, 2, EINVAL),
		WRONG(struct pots_hangup, flags, 0x80000001, EINVAL),
		WRONG(struct pots_hangup, open_ms, 2001, ERANGE),
		WRONG(struct pots_hangup, open_ms, -1, ERANGE),
		WRONG(struct pots_hangup, reserved[0], 1, EINVAL),
		WRONG(struct pots_hangup, reserved[1], 1, EINVAL),
	};

	EXPECT_REFUSED(self->line.claim, POTS_HANGUP, &valid, wrong);
	EXPECT_EQ(0, state_of(self->line.claim) & POTS_STATE_HANGUP);
}

/* Hangs up for @open_ms and expects the open interval to be as long. */
static void expect_hangup(struct __test_metadata *_metadata,
			  FIXTURE_DATA(line) *self, const struct pots_hangup *hangup,
			  unsigned int open_ms)
{
	struct pots_state state;
	uint64_t start_ns = now_ns();

	ASSERT_EQ(0, err_of(self->line.claim, POTS_HANGUP, (void *)hangup));
	ASSERT_EQ(0, err_of(self->line.claim, POTS_GET_STATE, &state));
	if (open_ms) {
		EXPECT_NE(0, state.state & POTS_STATE_HANGUP);
		EXPECT_EQ(POTS_FEED_OPEN, state.feed);
	}
	ASSERT_TRUE(event_wait(self->line.observer, POTS_EVENT_HANGUP_DONE,
			       &self->event, SETTLE_MS));
	EXPECT_GE(self->event.timestamp_ns, start_ns + open_ms * NS_PER_MS);
	EXPECT_LE(self->event.timestamp_ns,
		  start_ns + (open_ms + slack_ms(20)) * NS_PER_MS);
	ASSERT_EQ(0, err_of(self->line.claim, POTS_GET_STATE, &state));
	EXPECT_EQ(0, state.state & POTS_STATE_HANGUP);
	EXPECT_EQ(POTS_FEED_FORWARD, state.feed);
}

TEST_F(line, hangup_opens_the_loop_as_long_as_asked)
{
	static const unsigned int open_ms[] = { 0, 50, 300, 2000 };

	for (size_t i = 0; i < ARRAY_SIZE(open_ms); i++) {
		struct pots_hangup hangup = {
			.flags = POTS_HANGUP_F_OPEN_MS, .open_ms = open_ms[i],
		};

		expect_hangup(_metadata, self, &hangup, open_ms[i]);
	}
}

TEST_F(line, hangup_takes_the_setting_by_default)
{
	struct pots_settings settings = self->settings;
	struct pots_hangup hangup = {};

	settings.open_ms = 450;
	ASSERT_EQ(0, err_of(self->line.claim, POTS_SET_SETTINGS, &settings));
	expect_hangup(_metadata, self, &hangup, 450);
}

TEST_F(line, the_telephone_sees_the_loop_open)
{
	struct pots_hangup hangup = { .flags = POTS_HANGUP_F_OPEN_MS, .open_ms = 600 };
	struct pots_sim_state phone;
	uint64_t called_ns;

	NEEDS_PHONE();
	ASSERT_TRUE(line_lift(&self->line));
	called_ns = now_ns();
	ASSERT_EQ(0, err_of(self->line.claim, POTS_HANGUP, &hangup));
	/* the call returns when the loop is open */
	ASSERT_TRUE(phone_state(self->line.phone, &phone));
	EXPECT_EQ(0, phone.state & POTS_SIM_STATE_FED);
	EXPECT_GE(phone.open_ns, called_ns);
	EXPECT_LE(phone.open_ns, called_ns + slack_ms(5) * NS_PER_MS);

	ASSERT_TRUE(phone_wait(self->line.phone, POTS_SIM_STATE_FED,
			       POTS_SIM_STATE_FED, SETTLE_MS));
	ASSERT_TRUE(phone_state(self->line.phone, &phone));
	EXPECT_GE(phone.fed_ns, phone.open_ns + least_ms(600, 5) * NS_PER_MS);
	EXPECT_LE(phone.fed_ns, phone.open_ns + (600 + slack_ms(20)) * NS_PER_MS);
}

TEST_F(line, hangup_ends_tone_and_speech_at_once)
{
	struct pots_audio audio = { .read_frames = 20, .queue_frames = 100 };
	struct pots_play play = { .tone = POTS_TONE_BUSY };
	struct pots_hangup hangup = {};

	NEEDS_PHONE();
	ASSERT_TRUE(line_lift(&self->line));
	ASSERT_EQ(0, err_of(self->line.claim, POTS_PLAY_TONE, &play));
	if (self->line.info.caps & POTS_CAP_SPEECH) {
		ASSERT_EQ(0, err_of(self->line.claim, POTS_AUDIO_START, &audio));
	}
	ASSERT_EQ(0, err_of(self->line.claim, POTS_HANGUP, &hangup));
	EXPECT_EQ(POTS_STATE_HANGUP,
		  state_of(self->line.claim) & (POTS_STATE_HANGUP | POTS_STATE_TONE |
						POTS_STATE_AUDIO));
	ASSERT_TRUE(event_wait(self->line.observer, POTS_EVENT_TONE_DONE,
			       &self->event, SETTLE_MS));
	EXPECT_EQ(POTS_DONE_STOPPED, self->event.value);
	EXPECT_EQ(play.cookie, self->event.cookie);
	EXPECT_EQ(ENOLINK, err_of(self->line.claim, POTS_PLAY_TONE, &play));
}

/*
 * The handset that stays up after a hang-up is parked: no seizure, no event,
 * until it was put down for longer than the release window.
 */
TEST_F(line, hangup_toward_an_off_hook_handset_parks_it)
{
	struct pots_hangup hangup = { .flags = POTS_HANGUP_F_OPEN_MS, .open_ms = 300 };
	struct pots_event event;

	NEEDS_PHONE();
	ASSERT_TRUE(line_lift(&self->line));
	ASSERT_EQ(0, err_of(self->line.claim, POTS_HANGUP, &hangup));
	while (event_next(self->line.observer, &event, 3000)) {
		EXPECT_NE(POTS_EVENT_OFF_HOOK, event.type);
		EXPECT_NE(POTS_EVENT_ON_HOOK, event.type);
		EXPECT_NE(POTS_EVENT_FLASH, event.type);
		EXPECT_NE(POTS_EVENT_PULSE_DIGIT, event.type);
		if (event.type == POTS_EVENT_PARKED) {
			EXPECT_EQ(1, event.value);
			self->event = event;
		}
	}
	EXPECT_EQ(POTS_EVENT_PARKED, self->event.type);
	EXPECT_NE(0, state_of(self->line.claim) & POTS_STATE_PARKED);

	/* a short break changes nothing */
	phone_flash(self->line.phone, 300000);
	while (event_next(self->line.observer, &event, 2000))
		EXPECT_EQ(POTS_EVENT_HOOK_EDGE, event.type);
	EXPECT_NE(0, state_of(self->line.claim) & POTS_STATE_PARKED);

	phone_hang(self->line.phone);
	ASSERT_TRUE(event_wait(self->line.observer, POTS_EVENT_PARKED, &event, SETTLE_MS));
	EXPECT_EQ(0, event.value);
	EXPECT_EQ(0, state_of(self->line.claim) &
		  (POTS_STATE_PARKED | POTS_STATE_OFF_HOOK));
	EXPECT_TRUE(line_lift(&self->line));
}

/* The owner is gone: the line does not wait for what is left of the interval. */
TEST_F(line, closing_the_claim_ends_an_open_interval_and_parks)
{
	struct pots_hangup hangup = { .flags = POTS_HANGUP_F_OPEN_MS, .open_ms = 2000 };
	struct pots_sim_state phone;
	struct pots_state state;
	struct pots_event event;
	uint64_t closed_ns;

	NEEDS_PHONE();
	ASSERT_TRUE(line_lift(&self->line));
	ASSERT_EQ(0, err_of(self->line.claim, POTS_HANGUP, &hangup));
	sleep_ms(100);
	closed_ns = now_ns();
	close(self->line.claim);
	self->line.claim = -1;
	ASSERT_EQ(0, err_of(self->line.observer, POTS_GET_STATE, &state));
	EXPECT_EQ(0, state.state & POTS_STATE_HANGUP);
	EXPECT_EQ(POTS_FEED_FORWARD, state.feed);
	ASSERT_TRUE(phone_state(self->line.phone, &phone));
	EXPECT_NE(0, phone.state & POTS_SIM_STATE_FED);
	EXPECT_LE(phone.fed_ns, closed_ns + slack_ms(10) * NS_PER_MS);

	ASSERT_TRUE(event_wait(self->line.observer, POTS_EVENT_HANGUP_DONE, &event, 100));
	while (event_next(self->line.observer, &event, 1000)) {
		EXPECT_NE(POTS_EVENT_OFF_HOOK, event.type);
		EXPECT_NE(POTS_EVENT_ON_HOOK, event.type);
		self->event = event.type == POTS_EVENT_PARKED ? event : self->event;
	}
	EXPECT_EQ(POTS_EVENT_PARKED, self->event.type);
	EXPECT_EQ(1, self->event.value);
	self->line.claim = port_claim(self->line.observer, 0);
}

TEST_F(line, hangup_of_a_ringing_line_is_not_an_answer)
{
	struct pots_hangup hangup = { .flags = POTS_HANGUP_F_OPEN_MS, .open_ms = 200 };
	struct pots_ring ring = {};

	if (!(self->line.info.caps & POTS_CAP_RING))
		SKIP(return, "this port cannot ring");
	ASSERT_EQ(0, err_of(self->line.claim, POTS_RING, &ring));
	sleep_ms(300);
	ASSERT_EQ(0, err_of(self->line.claim, POTS_HANGUP, &hangup));
	EXPECT_EQ(0, state_of(self->line.claim) & POTS_STATE_RINGING);
	EXPECT_TRUE(event_absent(self->line.observer, POTS_EVENT_OFF_HOOK, 1000));
}

/* ------------------------------------------------------------ linefeed --- */

TEST_F(line, each_wrong_field_of_linefeed_is_refused)
{
	static const struct pots_linefeed valid = { .feed = POTS_FEED_FORWARD };
	static const struct wrong wrong[] = {
		WRONG(struct pots_linefeed, feed, POTS_FEED_RINGING, EINVAL),
		WRONG(struct pots_linefeed, feed, 6, EINVAL),
		WRONG(struct pots_linefeed, feed, -1, EINVAL),
		WRONG(struct pots_linefeed, reserved, 1, EINVAL),
	};

	EXPECT_REFUSED(self->line.claim, POTS_SET_LINEFEED, &valid, wrong);
}

TEST_F(line, every_feed_is_confirmed)
{
	static const struct {
		uint32_t feed;
		uint32_t cap;
	} feeds[] = {
		{ POTS_FEED_REVERSE, POTS_CAP_REVERSE },
		{ POTS_FEED_OHT_FORWARD, 0 },
		{ POTS_FEED_OHT_REVERSE, POTS_CAP_REVERSE },
		{ POTS_FEED_OPEN, POTS_CAP_OPEN },
		{ POTS_FEED_FORWARD, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(feeds); i++) {
		bool can = (self->line.info.caps & feeds[i].cap) == feeds[i].cap;
		struct pots_linefeed linefeed = { .feed = feeds[i].feed };
		struct pots_state state;

		EXPECT_EQ(can ? 0 : EOPNOTSUPP,
			  err_of(self->line.claim, POTS_SET_LINEFEED, &linefeed)) {
			TH_LOG("feed %u", feeds[i].feed);
		}
		ASSERT_EQ(0, err_of(self->line.claim, POTS_GET_STATE, &state));
		if (can) {
			EXPECT_EQ(feeds[i].feed, state.feed);
		}
	}
	EXPECT_TRUE(event_absent(self->line.observer, POTS_EVENT_OFF_HOOK, 500));
}

TEST_F(line, the_telephone_sees_the_polarity)
{
	struct pots_linefeed linefeed = { .feed = POTS_FEED_REVERSE };
	struct pots_sim_state phone;

	NEEDS_PHONE();
	ASSERT_TRUE(line_lift(&self->line));
	ASSERT_TRUE(phone_state(self->line.phone, &phone));
	EXPECT_EQ(0, phone.state & POTS_SIM_STATE_REVERSED);
	ASSERT_EQ(0, err_of(self->line.claim, POTS_SET_LINEFEED, &linefeed));
	EXPECT_TRUE(phone_wait(self->line.phone, POTS_SIM_STATE_REVERSED,
			       POTS_SIM_STATE_REVERSED, 100));
	/* a reversal is not a flash, nor an on-hook */
	while (event_next(self->line.observer, &self->event, 1500))
		EXPECT_EQ(POTS_EVENT_HOOK_EDGE, self->event.type);
	EXPECT_NE(0, state_of(self->line.claim) & POTS_STATE_OFF_HOOK);
}

TEST_F(line, closing_the_claim_restores_the_feed)
{
	struct pots_linefeed linefeed = { .feed = POTS_FEED_OPEN };
	struct pots_state state;

	ASSERT_EQ(0, err_of(self->line.claim, POTS_SET_LINEFEED, &linefeed));
	close(self->line.claim);
	ASSERT_EQ(0, err_of(self->line.observer, POTS_GET_STATE, &state));
	EXPECT_EQ(POTS_FEED_FORWARD, state.feed);
	self->line.claim = port_claim(self->line.observer, 0);
}

/* While the loop settles nothing is believed of it, but this much is known. */
TEST_F(line, closing_the_claim_parks_before_the_feed_has_settled)
{
	struct pots_linefeed linefeed = { .feed = POTS_FEED_REVERSE };

	NEEDS_PHONE();
	ASSERT_TRUE(line_lift(&self->line));
	ASSERT_EQ(0, err_of(self->line.claim, POTS_SET_LINEFEED, &linefeed));
	EXPECT_EQ(0, state_of(self->line.observer) & POTS_STATE_PARKED);
	close(self->line.claim);
	EXPECT_NE(0, state_of(self->line.observer) & POTS_STATE_PARKED);
	self->line.claim = port_claim(self->line.observer, 0);
}

/* ------------------------------------------------------------ settings --- */

TEST_F(line, settings_are_complete_and_valid)
{
	struct pots_settings again;

	EXPECT_EQ(0, err_of(self->line.claim, POTS_SET_SETTINGS, &self->settings));
	ASSERT_EQ(0, err_of(self->line.claim, POTS_GET_SETTINGS, &again));
	EXPECT_EQ(0, memcmp(&again, &self->settings, sizeof(again)));
	for (int i = 0; i < 7; i++)
		EXPECT_EQ(0, again.reserved[i]);
}

TEST_F(line, each_wrong_setting_is_refused)
{
	const uint32_t min_mhz = self->line.info.ring_min_mhz;
	const uint32_t max_mhz = self->line.info.ring_max_mhz;
	const struct wrong wrong[] = {
		WRONG(struct pots_settings, flags, 8, EINVAL),
		WRONG(struct pots_settings, flags, 0x80000000, EINVAL),
		WRONG(struct pots_settings, impedance, POTS_IMPEDANCE_NZ2 + 1, EOPNOTSUPP),
		WRONG(struct pots_settings, impedance, POTS_IMPEDANCE_GLOBAL + 1, EINVAL),
		WRONG(struct pots_settings, impedance, -1, EINVAL),
		WRONG(struct pots_settings, seize_ms, 0, ERANGE),
		WRONG(struct pots_settings, seize_ms, 501, ERANGE),
		WRONG(struct pots_settings, release_ms, 99, ERANGE),
		WRONG(struct pots_settings, release_ms, 3001, ERANGE),
		WRONG(struct pots_settings, release_ms, self->settings.flash_max_ms, ERANGE),
		WRONG(struct pots_settings, flash_min_ms, 0, ERANGE),
		WRONG(struct pots_settings, flash_min_ms, self->settings.flash_max_ms + 1, ERANGE),
		WRONG(struct pots_settings, flash_min_ms, self->settings.pulse_break_max_ms, ERANGE),
		WRONG(struct pots_settings, flash_max_ms, self->settings.release_ms, ERANGE),
		WRONG(struct pots_settings, pulse_break_min_ms, 0, ERANGE),
		WRONG(struct pots_settings, pulse_break_min_ms,
		      self->settings.pulse_break_max_ms + 1, ERANGE),
		WRONG(struct pots_settings, pulse_break_max_ms, self->settings.flash_min_ms, ERANGE),
		WRONG(struct pots_settings, pulse_make_min_ms, 0, ERANGE),
		WRONG(struct pots_settings, pulse_make_min_ms,
		      self->settings.pulse_make_max_ms + 1, ERANGE),
		WRONG(struct pots_settings, open_ms, 2001, ERANGE),
		WRONG(struct pots_settings, ring_pairs, 0, ERANGE),
		WRONG(struct pots_settings, ring_pairs, POTS_RING_PAIRS_MAX + 1, ERANGE),
		WRONG(struct pots_settings, ring_on_ms[0], 0, ERANGE),
		WRONG(struct pots_settings, ring_on_ms[0], 60001, ERANGE),
		WRONG(struct pots_settings, ring_off_ms[0], 0, ERANGE),
		WRONG(struct pots_settings, ring_off_ms[0], 60001, ERANGE),
		WRONG(struct pots_settings, ring_on_ms[7], 1, EINVAL),
		WRONG(struct pots_settings, ring_mhz, min_mhz - 1, ERANGE),
		WRONG(struct pots_settings, ring_mhz, max_mhz + 1, ERANGE),
		WRONG(struct pots_settings, to_line_cdb, -4001, ERANGE),
		WRONG(struct pots_settings, to_line_cdb, 1001, ERANGE),
		WRONG(struct pots_settings, from_line_cdb, -4001, ERANGE),
		WRONG(struct pots_settings, from_line_cdb, 1001, ERANGE),
		WRONG(struct pots_settings, reserved[0], 1, EINVAL),
		WRONG(struct pots_settings, reserved[6], 1, EINVAL),
	};
	struct pots_settings after;

	EXPECT_REFUSED(self->line.claim, POTS_SET_SETTINGS, &self->settings, wrong);
	ASSERT_EQ(0, err_of(self->line.claim, POTS_GET_SETTINGS, &after));
	EXPECT_EQ(0, memcmp(&after, &self->settings, sizeof(after)));
}

TEST_F(line, every_impedance_is_taken)
{
	struct pots_settings settings = self->settings;

	for (uint32_t z = POTS_IMPEDANCE_600; z <= POTS_IMPEDANCE_NZ2; z++) {
		int err;

		settings.impedance = z;
		err = err_of(self->line.claim, POTS_SET_SETTINGS, &settings);
		EXPECT_TRUE(err == 0 || err == EOPNOTSUPP) {
			TH_LOG("impedance %u: %d", z, err);
		}
	}
}

TEST_F(line, settings_outlive_the_claim)
{
	struct pots_settings settings = self->settings, after;

	settings.seize_ms = 123;
	settings.to_line_cdb = -150;
	ASSERT_EQ(0, err_of(self->line.claim, POTS_SET_SETTINGS, &settings));
	close(self->line.claim);
	self->line.claim = port_claim(self->line.observer, 0);
	ASSERT_EQ(0, err_of(self->line.claim, POTS_GET_SETTINGS, &after));
	EXPECT_EQ(0, memcmp(&after, &settings, sizeof(after)));
}

TEST_HARNESS_MAIN
