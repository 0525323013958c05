// SPDX-License-Identifier: GPL-2.0-or-later
/* Tones: programs and their limits, playing, and how a tone ends. */
#include "port.h"

#include <kselftest_harness.h>
#include <sys/mman.h>

#include "expect.h"

#define TONE	POTS_TONE_USER		/* the tests' own */

#define EXPECT_TONE_DONE(reason, cookie) EXPECT_DONE(POTS_EVENT_TONE_DONE, reason, cookie)

FIXTURE(tone) {
	struct line line;
	struct pots_set_tone set;	/* a valid one: two steps of a tone each */
};

FIXTURE_SETUP(tone)
{
	self->set = (struct pots_set_tone){
		.tone = TONE,
		.program = {
			.count = 2,
			.step = {
				{ .freq_mhz = { 425000 }, .level_cdb = { -1300 }, .samples = 800 },
				{ .freq_mhz = { 350000, 440000 },
				  .level_cdb = { -1300, -1300 }, .samples = 800 },
			},
		},
	};
	ASSERT_EQ(0, line_open(&self->line, 0));
}

FIXTURE_TEARDOWN(tone)
{
	struct pots_set_tone reset = { .tone = TONE, .flags = POTS_SET_TONE_F_DEFAULT };

	ioctl(self->line.claim, POTS_SET_TONE, &reset);
	line_close(&self->line);
}

/* ------------------------------------------------------------ programs --- */

TEST_F(tone, a_program_is_taken)
{
	EXPECT_EQ(0, err_of(self->line.claim, POTS_SET_TONE, &self->set));
}

TEST_F(tone, each_wrong_field_of_a_program_is_refused)
{
	static const struct wrong wrong[] = {
		WRONG(struct pots_set_tone, tone, 0, EINVAL),
		WRONG(struct pots_set_tone, tone, 22, EINVAL),
		WRONG(struct pots_set_tone, tone, POTS_TONE_DTMF - 1, EINVAL),
		WRONG(struct pots_set_tone, tone, POTS_TONE_COUNT, EINVAL),
		WRONG(struct pots_set_tone, tone, -1, EINVAL),
		WRONG(struct pots_set_tone, flags, 2, EINVAL),
		WRONG(struct pots_set_tone, flags, 0x80000000, EINVAL),
		WRONG(struct pots_set_tone, program.count, 0, EINVAL),
		WRONG(struct pots_set_tone, program.count, 1, EINVAL),
		WRONG(struct pots_set_tone, program.count, 65, EINVAL),
		WRONG(struct pots_set_tone, program.count, -1, EINVAL),
		WRONG(struct pots_set_tone, program.loop_start, 2, EINVAL),
		WRONG(struct pots_set_tone, program.loop_start, -1, EINVAL),
		WRONG(struct pots_set_tone, program.reserved, 1, EINVAL),
		WRONG(struct pots_set_tone, program.step[0].samples, 0, EINVAL),
		WRONG(struct pots_set_tone, program.step[0].flags, 2, EINVAL),
		WRONG(struct pots_set_tone, program.step[0].flags, POTS_STEP_F_AM, EINVAL),
		WRONG(struct pots_set_tone, program.step[0].am_depth, 50, EINVAL),
		WRONG(struct pots_set_tone, program.step[0].freq_mhz[0], 4000000, ERANGE),
		WRONG(struct pots_set_tone, program.step[0].freq_mhz[0], -1, ERANGE),
		WRONG(struct pots_set_tone, program.step[0].level_cdb[0], 318, ERANGE),
		WRONG(struct pots_set_tone, program.step[0].level_cdb[0], -7001, ERANGE),
		WRONG(struct pots_set_tone, program.step[0].freq_mhz[3], 4000000, ERANGE),
		WRONG(struct pots_set_tone, program.step[1].freq_mhz[1], 4000000, ERANGE),
		WRONG(struct pots_set_tone, program.step[1].level_cdb[1], 318, ERANGE),
		WRONG(struct pots_set_tone, program.step[2].samples, 1, EINVAL),
		WRONG(struct pots_set_tone, program.step[63].flags, 1, EINVAL),
	};

	EXPECT_REFUSED(self->line.claim, POTS_SET_TONE, &self->set, wrong);
}

TEST_F(tone, each_wrong_field_of_modulation_is_refused)
{
	static const struct wrong wrong[] = {
		WRONG(struct pots_set_tone, program.step[0].am_depth, 0, EINVAL),
		WRONG(struct pots_set_tone, program.step[0].am_depth, 101, ERANGE),
		WRONG(struct pots_set_tone, program.step[0].freq_mhz[0], 0, EINVAL),
		WRONG(struct pots_set_tone, program.step[0].freq_mhz[1], 0, EINVAL),
		WRONG(struct pots_set_tone, program.step[0].freq_mhz[2], 1000, EINVAL),
	};

	self->set.program.step[0].flags = POTS_STEP_F_AM;
	self->set.program.step[0].freq_mhz[1] = 25000;
	self->set.program.step[0].am_depth = 80;
	EXPECT_EQ(0, err_of(self->line.claim, POTS_SET_TONE, &self->set));
	EXPECT_REFUSED(self->line.claim, POTS_SET_TONE, &self->set, wrong);
}

TEST_F(tone, limits_of_a_program_are_allowed)
{
	struct pots_tone_program *program = &self->set.program;

	program->count = POTS_TONE_STEPS_MAX;
	program->loop_start = POTS_TONE_STEPS_MAX - 1;
	program->repeat = UINT32_MAX;
	for (int i = 0; i < POTS_TONE_STEPS_MAX; i++) {
		program->step[i] = (struct pots_tone_step){
			.freq_mhz = { 1, POTS_TONE_FREQ_MAX_MHZ - 1, 300000, 3000000 },
			.level_cdb = { POTS_TONE_LEVEL_MIN_CDB, POTS_TONE_LEVEL_MAX_CDB },
			.samples = i == POTS_TONE_STEPS_MAX - 1 ? 0 : UINT32_MAX,
		};
	}
	EXPECT_EQ(0, err_of(self->line.claim, POTS_SET_TONE, &self->set));
}

TEST_F(tone, every_tone_of_the_plan_may_be_set_and_reset)
{
	static const unsigned int tones[] = {
		POTS_TONE_DIAL, POTS_TONE_SIT_NO_CIRCUIT, POTS_TONE_DTMF,
		POTS_TONE_DTMF + POTS_DIGIT_COUNT - 1, POTS_TONE_USER,
		POTS_TONE_COUNT - 1,
	};

	for (size_t i = 0; i < ARRAY_SIZE(tones); i++) {
		struct pots_set_tone reset = {
			.tone = tones[i],
			.flags = POTS_SET_TONE_F_DEFAULT,
		};

		self->set.tone = tones[i];
		EXPECT_EQ(0, err_of(self->line.claim, POTS_SET_TONE, &self->set)) {
			TH_LOG("tone %u", tones[i]);
		}
		EXPECT_EQ(0, err_of(self->line.claim, POTS_SET_TONE, &reset)) {
			TH_LOG("tone %u", tones[i]);
		}
	}
}

TEST_F(tone, default_wants_an_empty_program)
{
	static const struct pots_set_tone reset = {
		.tone = TONE, .flags = POTS_SET_TONE_F_DEFAULT,
	};
	static const struct wrong wrong[] = {
		WRONG(struct pots_set_tone, program.count, 1, EINVAL),
		WRONG(struct pots_set_tone, program.reserved, 1, EINVAL),
		WRONG(struct pots_set_tone, program.step[63].samples, 1, EINVAL),
	};

	EXPECT_REFUSED(self->line.claim, POTS_SET_TONE, &reset, wrong);
}

/* -------------------------------------------------------------- playing --- */

TEST_F(tone, each_wrong_field_of_play_is_refused)
{
	static const struct pots_play valid = { .tone = POTS_TONE_DIAL };
	static const struct wrong wrong[] = {
		WRONG(struct pots_play, tone, 0, EINVAL),
		WRONG(struct pots_play, tone, 22, EINVAL),
		WRONG(struct pots_play, tone, POTS_TONE_COUNT, EINVAL),
		WRONG(struct pots_play, tone, POTS_TONE_USER + 7, EINVAL),
		WRONG(struct pots_play, flags, 2, EINVAL),
		WRONG(struct pots_play, max_ms, -1, ERANGE),
		WRONG(struct pots_play, gain_cdb, -4001, ERANGE),
		WRONG(struct pots_play, gain_cdb, 1001, ERANGE),
		WRONG(struct pots_play, reserved[0], 1, EINVAL),
		WRONG(struct pots_play, reserved[2], 1, EINVAL),
	};

	if (self->line.phone >= 0) {
		ASSERT_TRUE(line_lift(&self->line));
	}
	EXPECT_REFUSED(self->line.claim, POTS_PLAY_TONE, &valid, wrong);
	EXPECT_EQ(0, state_of(self->line.claim) & POTS_STATE_TONE);
}

TEST_F(tone, nothing_plays_to_a_handset_that_is_down)
{
	struct pots_play play = { .tone = POTS_TONE_DIAL };

	if (state_of(self->line.claim) & POTS_STATE_OFF_HOOK)
		SKIP(return, "the handset is up");
	EXPECT_EQ(ENOLINK, err_of(self->line.claim, POTS_PLAY_TONE, &play));
	EXPECT_EQ(0, state_of(self->line.claim) & POTS_STATE_TONE);
}

TEST_F(tone, each_wrong_field_of_stop_is_refused)
{
	static const struct pots_stop valid;
	static const struct wrong wrong[] = {
		WRONG(struct pots_stop, reserved, 1, EINVAL),
	};

	EXPECT_REFUSED(self->line.claim, POTS_STOP_TONE, &valid, wrong);
}

TEST_F(tone, stopping_what_does_not_play_succeeds)
{
	struct pots_stop any = {}, other = { .cookie = 12345 };

	EXPECT_EQ(0, err_of(self->line.claim, POTS_STOP_TONE, &any));
	EXPECT_EQ(0, err_of(self->line.claim, POTS_STOP_TONE, &other));
}

/* With the handset up: what is heard, and how it ends. */
FIXTURE(playing) {
	struct line line;
	struct pots_play play;
	struct pots_event event;
};

FIXTURE_SETUP(playing)
{
	self->play = (struct pots_play){ .tone = POTS_TONE_DIAL };
	ASSERT_EQ(0, line_open(&self->line, 0));
	if (self->line.phone >= 0) {
		ASSERT_TRUE(line_lift(&self->line));
	}
}

FIXTURE_TEARDOWN(playing)
{
	struct pots_set_tone reset = { .tone = TONE, .flags = POTS_SET_TONE_F_DEFAULT };

	ioctl(self->line.claim, POTS_SET_TONE, &reset);
	line_close(&self->line);
}

#define NEEDS_PHONE() do {						\
	if (self->line.phone < 0)					\
		SKIP(return, "this port has no telephone to lift");	\
} while (0)


TEST_F(playing, every_builtin_tone_is_heard)
{
	struct pots_sim_state phone;

	NEEDS_PHONE();
	for (unsigned int tone = POTS_TONE_DIAL; tone < POTS_TONE_USER; tone++) {
		struct pots_stop all = {};

		if (tone > POTS_TONE_SIT_NO_CIRCUIT && tone < POTS_TONE_DTMF)
			continue;
		self->play.tone = tone;
		ASSERT_EQ(0, err_of(self->line.claim, POTS_PLAY_TONE, &self->play)) {
			TH_LOG("tone %u", tone);
		}
		EXPECT_NE(0, self->play.cookie);
		EXPECT_TRUE(phone_wait(self->line.phone, POTS_SIM_STATE_SOUND,
				       POTS_SIM_STATE_SOUND, SETTLE_MS)) {
			TH_LOG("tone %u", tone);
		}
		EXPECT_EQ(0, err_of(self->line.claim, POTS_STOP_TONE, &all));
		EXPECT_TRUE(phone_wait(self->line.phone, POTS_SIM_STATE_SOUND, 0,
				       SETTLE_MS)) {
			TH_LOG("tone %u", tone);
		}
	}
	EXPECT_TRUE(phone_state(self->line.phone, &phone));
	EXPECT_GE(phone.ears, 30);
}

TEST_F(playing, state_names_what_plays)
{
	struct pots_state state;

	NEEDS_PHONE();
	ASSERT_EQ(0, err_of(self->line.claim, POTS_PLAY_TONE, &self->play));
	ASSERT_EQ(0, err_of(self->line.observer, POTS_GET_STATE, &state));
	EXPECT_NE(0, state.state & POTS_STATE_TONE);
	EXPECT_EQ(self->play.cookie, state.tone_cookie);
}

TEST_F(playing, stop_by_cookie_stops_only_that_one)
{
	struct pots_stop stop;
	uint32_t first;

	NEEDS_PHONE();
	ASSERT_EQ(0, err_of(self->line.claim, POTS_PLAY_TONE, &self->play));
	first = self->play.cookie;
	ASSERT_EQ(0, err_of(self->line.claim, POTS_PLAY_TONE, &self->play));
	EXPECT_NE(first, self->play.cookie);
	EXPECT_TONE_DONE(POTS_DONE_REPLACED, first);

	stop = (struct pots_stop){ .cookie = first };
	EXPECT_EQ(0, err_of(self->line.claim, POTS_STOP_TONE, &stop));
	EXPECT_NE(0, state_of(self->line.claim) & POTS_STATE_TONE);
	stop.cookie = self->play.cookie;
	EXPECT_EQ(0, err_of(self->line.claim, POTS_STOP_TONE, &stop));
	EXPECT_TONE_DONE(POTS_DONE_STOPPED, self->play.cookie);
	EXPECT_EQ(0, state_of(self->line.claim) & POTS_STATE_TONE);
}

TEST_F(playing, a_maximum_time_ends_it)
{
	uint64_t start_ns;

	NEEDS_PHONE();
	self->play.max_ms = 300;
	start_ns = now_ns();
	ASSERT_EQ(0, err_of(self->line.claim, POTS_PLAY_TONE, &self->play));
	EXPECT_TONE_DONE(POTS_DONE_TIMEOUT, self->play.cookie);
	EXPECT_GE(self->event.timestamp_ns, start_ns + 295 * NS_PER_MS);
	EXPECT_LE(self->event.timestamp_ns, start_ns + (310 + slack_ms(0)) * NS_PER_MS);
}

TEST_F(playing, a_program_that_ends_says_so)
{
	struct pots_set_tone set = {
		.tone = TONE,
		.program = { .count = POTS_TONE_STEPS_MAX, .repeat = 1 },
	};
	uint64_t start_ns;

	NEEDS_PHONE();
	if (!(self->line.info.caps & POTS_CAP_SPEECH))
		SKIP(return, "no speech path: the chip plays simpler ones");
	for (int i = 0; i < POTS_TONE_STEPS_MAX; i++) {
		set.program.step[i] = (struct pots_tone_step){
			.freq_mhz = { 400000 + i * 1000 },
			.level_cdb = { -1500 },
			.samples = 80,
		};
	}
	ASSERT_EQ(0, err_of(self->line.claim, POTS_SET_TONE, &set));
	self->play.tone = TONE;
	start_ns = now_ns();
	ASSERT_EQ(0, err_of(self->line.claim, POTS_PLAY_TONE, &self->play));
	EXPECT_TONE_DONE(POTS_DONE_FINISHED, self->play.cookie);
	EXPECT_GE(self->event.timestamp_ns, start_ns + 635 * NS_PER_MS);
	EXPECT_LE(self->event.timestamp_ns, start_ns + (650 + slack_ms(0)) * NS_PER_MS);
}

TEST_F(playing, a_program_loops_as_often_as_it_says)
{
	/* 50 ms once, then twice 100 ms */
	struct pots_set_tone set = {
		.tone = TONE,
		.program = {
			.count = 2, .loop_start = 1, .repeat = 2,
			.step = {
				{ .freq_mhz = { 950000 }, .level_cdb = { -1500 }, .samples = 400 },
				{ .freq_mhz = { 1400000 }, .level_cdb = { -1500 }, .samples = 800 },
			},
		},
	};
	uint64_t start_ns;

	NEEDS_PHONE();
	if (!(self->line.info.caps & POTS_CAP_SPEECH))
		SKIP(return, "no speech path: the chip plays simpler ones");
	ASSERT_EQ(0, err_of(self->line.claim, POTS_SET_TONE, &set));
	self->play.tone = TONE;
	start_ns = now_ns();
	ASSERT_EQ(0, err_of(self->line.claim, POTS_PLAY_TONE, &self->play));
	EXPECT_TONE_DONE(POTS_DONE_FINISHED, self->play.cookie);
	EXPECT_GE(self->event.timestamp_ns, start_ns + 245 * NS_PER_MS);
	EXPECT_LE(self->event.timestamp_ns, start_ns + (260 + slack_ms(0)) * NS_PER_MS);
}

TEST_F(playing, a_tone_that_plays_survives_a_new_plan)
{
	struct pots_set_tone set = {
		.tone = TONE,
		.program = {
			.count = 1,
			.step = { { .freq_mhz = { 425000 }, .level_cdb = { -1500 } } },
		},
	};
	struct pots_set_tone reset = { .tone = TONE, .flags = POTS_SET_TONE_F_DEFAULT };

	NEEDS_PHONE();
	ASSERT_EQ(0, err_of(self->line.claim, POTS_SET_TONE, &set));
	self->play.tone = TONE;
	ASSERT_EQ(0, err_of(self->line.claim, POTS_PLAY_TONE, &self->play));
	ASSERT_EQ(0, err_of(self->line.claim, POTS_SET_TONE, &reset));
	EXPECT_TRUE(event_absent(self->line.observer, POTS_EVENT_TONE_DONE, 200));
	EXPECT_TRUE(phone_wait(self->line.phone, POTS_SIM_STATE_SOUND,
			       POTS_SIM_STATE_SOUND, SETTLE_MS));
	EXPECT_EQ(EINVAL, err_of(self->line.claim, POTS_PLAY_TONE, &self->play));
	EXPECT_NE(0, state_of(self->line.claim) & POTS_STATE_TONE);
}

TEST_F(playing, putting_down_ends_it)
{
	NEEDS_PHONE();
	ASSERT_EQ(0, err_of(self->line.claim, POTS_PLAY_TONE, &self->play));
	phone_hang(self->line.phone);
	EXPECT_TONE_DONE(POTS_DONE_HOOK, self->play.cookie);
	EXPECT_TRUE(state_wait(self->line.observer, POTS_STATE_OFF_HOOK | POTS_STATE_TONE,
			       0, SETTLE_MS));
}

TEST_F(playing, a_failed_copy_out_leaves_silence)
{
	NEEDS_PHONE();
	EXPECT_EQ(EFAULT, err_of(self->line.claim, POTS_PLAY_TONE,
				 readonly_copy(&self->play, sizeof(self->play))));
	EXPECT_EQ(0, state_of(self->line.claim) & POTS_STATE_TONE);
}

TEST_HARNESS_MAIN
