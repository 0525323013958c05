// SPDX-License-Identifier: GPL-2.0-or-later
/* A port that faces an exchange: seized and released, and what the exchange does. */
#include "facing.h"

#include <fcntl.h>
#include <kselftest_harness.h>
#include <math.h>

#define KNOWN_MS	150	/* debouncing and the chip's poll */
#define AT_REST_MS	8000	/* a line at rest is looked at now and then */
#define QUEUED_MS	20	/* it is in the queue already */

FIXTURE(exchange) {
	struct facing facing;
	struct pots_event event;
	struct pots_sim_exchange_state far;
};

FIXTURE_SETUP(exchange)
{
	int err = facing_open(&self->facing);

	if (err == ENODEV || self->facing.far < 0)
		SKIP(return, "no port that faces a simulated exchange");
	ASSERT_EQ(0, err);
}

FIXTURE_TEARDOWN(exchange)
{
	facing_close(&self->facing);
}

#define OBSERVER	(self->facing.observer)
#define CLAIM		(self->facing.claim)
#define FAR		(self->facing.far)

#define EXPECT_TOLD(event_type, v, ms) do {				\
	EXPECT_TRUE(event_wait(OBSERVER, event_type, &self->event, ms)); \
	EXPECT_EQ(v, self->event.value);				\
} while (0)

TEST_F(exchange, says_what_it_is)
{
	const struct pots_info *info = &self->facing.info;
	struct pots_state state;

	EXPECT_EQ(POTS_PORT_TYPE_FXO, info->type);
	EXPECT_EQ(POTS_CAP_SPEECH | POTS_CAP_DTMF | POTS_CAP_CALLER_ID | POTS_CAP_PROGRESS |
		  POTS_CAP_BILLING, info->caps);
	EXPECT_EQ(0, info->ring_max_mhz);
	ASSERT_EQ(0, err_of(OBSERVER, POTS_GET_STATE, &state));
	EXPECT_EQ(POTS_STATE_CLAIMED, state.state);
	EXPECT_EQ(POTS_FEED_FORWARD, state.feed);
}

TEST_F(exchange, commands_of_the_other_type)
{
	static const unsigned long fxs[] = {
		POTS_RING, POTS_STOP_RING, POTS_RING_CID, POTS_SEND_CID, POTS_SET_LINEFEED,
		POTS_METER, POTS_STOP_METER, POTS_SET_LAMP,
	};
	static const unsigned long fxo[] = {
		POTS_SEIZE, POTS_FLASH, POTS_DIAL, POTS_STOP_DIAL, POTS_GET_EXCHANGE,
		POTS_SET_EXCHANGE, POTS_READ_CID,
	};
	uint64_t argument[4096 / 8] = {};
	int id = port_of_type(POTS_PORT_TYPE_FXS), fd, claim;

	for (size_t i = 0; i < ARRAY_SIZE(fxs); i++)
		EXPECT_EQ(EOPNOTSUPP, err_of(CLAIM, fxs[i], argument));
	for (size_t i = 0; i < ARRAY_SIZE(fxo); i++)
		EXPECT_EQ(EPERM, err_of(OBSERVER, fxo[i], argument));
	if (id < 0)
		SKIP(return, "no port of the other type");
	fd = port_open(id, O_RDWR);
	claim = port_claim(fd, 0);
	ASSERT_GE(claim, 0);
	for (size_t i = 0; i < ARRAY_SIZE(fxo); i++)
		EXPECT_EQ(EOPNOTSUPP, err_of(claim, fxo[i], argument));
	close(claim);
	close(fd);
}

TEST_F(exchange, arguments_are_read_and_written)
{
	static const unsigned long in[] = {
		POTS_SEIZE, POTS_FLASH, POTS_DIAL, POTS_STOP_DIAL, POTS_SET_EXCHANGE,
	};
	static const struct pots_dial dial = {
		.count = 1, .on_ms = 100, .off_ms = 100, .level_cdb = -900,
	};
	static const struct pots_flash flash = { .ms = 100 };

	for (size_t i = 0; i < ARRAY_SIZE(in); i++)
		EXPECT_EQ(EFAULT, err_of(CLAIM, in[i], bad_pointer()));
	EXPECT_EQ(EFAULT, err_of(CLAIM, POTS_GET_EXCHANGE, bad_pointer()));
	ASSERT_EQ(0, facing_seize(&self->facing));
	/* nothing is begun whose cookie could not be told */
	EXPECT_EQ(EFAULT, err_of(CLAIM, POTS_DIAL, readonly_copy(&dial, sizeof(dial))));
	EXPECT_EQ(EFAULT, err_of(CLAIM, POTS_FLASH, readonly_copy(&flash, sizeof(flash))));
	EXPECT_EQ(HOLDING, state_of(CLAIM));
}

/* ------------------------------------------------------- seize and release --- */

TEST_F(exchange, seized_and_released)
{
	struct pots_seize seize = {};
	uint64_t start_ns = now_ns();

	ASSERT_EQ(0, err_of(CLAIM, POTS_SEIZE, &seize));
	EXPECT_EQ(HOLDING, state_of(OBSERVER));
	EXPECT_TOLD(POTS_EVENT_OFF_HOOK, POTS_OFF_HOOK_SEIZED, QUEUED_MS);
	ASSERT_TRUE(far_wait(FAR, POTS_SIM_X_CLOSED, POTS_SIM_X_CLOSED, 50));
	ASSERT_TRUE(far_state(FAR, &self->far));
	EXPECT_LT(self->far.closed_ns, start_ns + slack_ms(10) * NS_PER_MS);
	EXPECT_EQ(0, err_of(CLAIM, POTS_SEIZE, &seize));
	EXPECT_TRUE(event_absent(OBSERVER, POTS_EVENT_BATTERY, 1000));

	start_ns = now_ns();
	EXPECT_EQ(0, facing_release(&self->facing));
	EXPECT_TOLD(POTS_EVENT_ON_HOOK, 0, QUEUED_MS);
	ASSERT_TRUE(far_wait(FAR, POTS_SIM_X_CLOSED, 0, 50));
	ASSERT_TRUE(far_state(FAR, &self->far));
	EXPECT_LT(self->far.open_ns, start_ns + slack_ms(10) * NS_PER_MS);
	EXPECT_EQ(0, facing_release(&self->facing));
	/* what it did to the line is told to nobody */
	while (event_next(OBSERVER, &self->event, 1000))
		EXPECT_EQ(0, self->event.type) TH_LOG("value %u", self->event.value);
}

TEST_F(exchange, each_wrong_field_is_refused)
{
	static const struct wrong seize[] = {
		WRONG(struct pots_seize, flags, 2, EINVAL),
		WRONG(struct pots_seize, flags, 0x80000000, EINVAL),
		WRONG(struct pots_seize, reserved[0], 1, EINVAL),
		WRONG(struct pots_seize, reserved[2], 1, EINVAL),
	};
	static const struct wrong hangup[] = {
		WRONG(struct pots_hangup, flags, POTS_HANGUP_F_OPEN_MS, EINVAL),
		WRONG(struct pots_hangup, open_ms, 1, EINVAL),
		WRONG(struct pots_hangup, reserved[0], 1, EINVAL),
		WRONG(struct pots_hangup, reserved[1], 1, EINVAL),
	};
	static const struct wrong flash[] = {
		WRONG(struct pots_flash, ms, 19, ERANGE),
		WRONG(struct pots_flash, ms, 2001, ERANGE),
		WRONG(struct pots_flash, ms, -1, ERANGE),
		WRONG(struct pots_flash, reserved[0], 1, EINVAL),
		WRONG(struct pots_flash, reserved[1], 1, EINVAL),
	};
	static const struct wrong stop[] = {
		WRONG(struct pots_stop, reserved, 1, EINVAL),
	};
	struct pots_exchange zero[1] = {};

	EXPECT_REFUSED(CLAIM, POTS_SEIZE, zero, seize);
	EXPECT_REFUSED(CLAIM, POTS_HANGUP, zero, hangup);
	EXPECT_REFUSED(CLAIM, POTS_FLASH, zero, flash);
	EXPECT_REFUSED(CLAIM, POTS_STOP_DIAL, zero, stop);
	EXPECT_EQ(POTS_STATE_CLAIMED, state_of(CLAIM));
}

TEST_F(exchange, closing_the_claim_releases)
{
	struct pots_audio audio = { .read_frames = 10, .queue_frames = 100 };
	struct pots_play play = { .tone = POTS_TONE_DIAL };
	uint64_t start_ns;

	ASSERT_EQ(0, facing_seize(&self->facing));
	ASSERT_EQ(0, err_of(CLAIM, POTS_AUDIO_START, &audio));
	ASSERT_EQ(0, err_of(CLAIM, POTS_PLAY_TONE, &play));
	start_ns = now_ns();
	close(CLAIM);
	CLAIM = -1;
	EXPECT_EQ(0, state_of(OBSERVER));
	ASSERT_TRUE(far_wait(FAR, POTS_SIM_X_CLOSED, 0, 100));
	ASSERT_TRUE(far_state(FAR, &self->far));
	EXPECT_LT(self->far.open_ns, start_ns + slack_ms(10) * NS_PER_MS);
	/* The exchange's dial tone, had it just begun, lasts until it knows. */
	ASSERT_TRUE(far_wait(FAR, POTS_SIM_X_SEIZED, 0, SETTLE_MS));
	ASSERT_TRUE(far_wait(FAR, POTS_SIM_X_TICKING, 0, 1000));
}

TEST_F(exchange, watchdog_releases)
{
	close(CLAIM);
	CLAIM = port_claim(OBSERVER, 200);
	ASSERT_GE(CLAIM, 0);
	event_drain(OBSERVER);
	ASSERT_TRUE(far_do(FAR, POTS_SIM_STEP_RING, 1, 0, 0));
	EXPECT_TOLD(POTS_EVENT_RING_BURST, 1, 3000);
	EXPECT_TRUE(event_absent(OBSERVER, POTS_EVENT_WATCHDOG, 1000));
	ASSERT_EQ(0, err_of(CLAIM, POTS_SEIZE, &(struct pots_seize){}));
	EXPECT_TRUE(event_wait(OBSERVER, POTS_EVENT_WATCHDOG, NULL, 200 + slack_ms(50)));
	EXPECT_EQ(POTS_STATE_CLAIMED, state_of(OBSERVER));
	EXPECT_TRUE(far_wait(FAR, POTS_SIM_X_CLOSED, 0, 100));
}

TEST_F(exchange, line_without_battery)
{
	struct pots_seize seize = {};

	ASSERT_TRUE(far_do(FAR, POTS_SIM_STEP_BATTERY, 0, 0, 0));
	EXPECT_TRUE(state_wait(OBSERVER, POTS_STATE_NO_BATTERY, POTS_STATE_NO_BATTERY,
			       AT_REST_MS));
	EXPECT_TOLD(POTS_EVENT_BATTERY, 0, QUEUED_MS);
	EXPECT_EQ(ENOLINK, err_of(CLAIM, POTS_SEIZE, &seize));
	seize.flags = POTS_SEIZE_F_FORCE;
	EXPECT_EQ(ENOLINK, err_of(CLAIM, POTS_SEIZE, &seize));
	ASSERT_TRUE(far_do(FAR, POTS_SIM_STEP_BATTERY, 1, 0, 0));
	EXPECT_TRUE(state_wait(OBSERVER, POTS_STATE_NO_BATTERY, 0, AT_REST_MS));
	EXPECT_TOLD(POTS_EVENT_BATTERY, 1, QUEUED_MS);
}

/* Asked for at once: it is measured then, and nothing that was told before counts. */
TEST_F(exchange, battery_that_has_just_gone)
{
	ASSERT_TRUE(far_do(FAR, POTS_SIM_STEP_BATTERY, 0, 0, 0));
	EXPECT_EQ(ENOLINK, err_of(CLAIM, POTS_SEIZE, &(struct pots_seize){}));
}

TEST_F(exchange, parallel_telephone)
{
	struct pots_seize seize = {};

	ASSERT_TRUE(far_do(FAR, POTS_SIM_STEP_PARALLEL, 1, 0, 0));
	EXPECT_TRUE(state_wait(OBSERVER, POTS_STATE_IN_USE, POTS_STATE_IN_USE, AT_REST_MS));
	EXPECT_TOLD(POTS_EVENT_IN_USE, 1, QUEUED_MS);
	EXPECT_EQ(EBUSY, err_of(CLAIM, POTS_SEIZE, &seize));
	seize.flags = POTS_SEIZE_F_FORCE;
	EXPECT_EQ(0, err_of(CLAIM, POTS_SEIZE, &seize));
	EXPECT_EQ(0, facing_release(&self->facing));
	ASSERT_TRUE(far_do(FAR, POTS_SIM_STEP_PARALLEL, 0, 0, 0));
	EXPECT_TRUE(state_wait(OBSERVER, POTS_STATE_IN_USE, 0, AT_REST_MS));
	EXPECT_TOLD(POTS_EVENT_IN_USE, 0, QUEUED_MS);
}

/* Our own current tells of it: the other one takes its part. */
TEST_F(exchange, parallel_telephone_in_a_call)
{
	ASSERT_EQ(0, facing_seize(&self->facing));
	sleep_ms(100);
	ASSERT_TRUE(far_do(FAR, POTS_SIM_STEP_PARALLEL, 1, 0, 0));
	EXPECT_TOLD(POTS_EVENT_IN_USE, 1, slack_ms(300));
	EXPECT_EQ(HOLDING | POTS_STATE_IN_USE, state_of(OBSERVER));
	ASSERT_TRUE(far_do(FAR, POTS_SIM_STEP_PARALLEL, 0, 0, 0));
	EXPECT_TOLD(POTS_EVENT_IN_USE, 0, slack_ms(300));
	EXPECT_EQ(HOLDING, state_of(OBSERVER));
	/* and when we leave it to the other one */
	ASSERT_TRUE(far_do(FAR, POTS_SIM_STEP_PARALLEL, 1, 0, 0));
	EXPECT_TOLD(POTS_EVENT_IN_USE, 1, slack_ms(300));
	ASSERT_EQ(0, facing_release(&self->facing));
	EXPECT_TRUE(event_absent(OBSERVER, POTS_EVENT_IN_USE, 1000));
	EXPECT_EQ(EBUSY, err_of(CLAIM, POTS_SEIZE, &(struct pots_seize){}));
}

/* Whoever answers there has the call: what rings no more is not to be answered here. */
TEST_F(exchange, parallel_telephone_answers)
{
	ASSERT_TRUE(far_do(FAR, POTS_SIM_STEP_RING, 9, 0, 0));
	EXPECT_TOLD(POTS_EVENT_RING_BURST, 1, 1500);
	ASSERT_TRUE(far_do(FAR, POTS_SIM_STEP_PARALLEL, 1, 0, 0));
	EXPECT_TRUE(far_wait(FAR, POTS_SIM_X_SEIZED, POTS_SIM_X_SEIZED, 100));
	EXPECT_TOLD(POTS_EVENT_RING_BURST, 0, 500);
	sleep_ms(SETTLE_MS);
	EXPECT_EQ(EBUSY, err_of(CLAIM, POTS_SEIZE, &(struct pots_seize){}));
	EXPECT_TRUE(state_wait(OBSERVER, POTS_STATE_IN_USE, POTS_STATE_IN_USE, AT_REST_MS));
	EXPECT_TRUE(state_wait(OBSERVER, POTS_STATE_RINGING, 0, 10000));
	EXPECT_EQ(EBUSY, err_of(CLAIM, POTS_SEIZE, &(struct pots_seize){}));
}

/* Pulses are sent to their end; then it is told. */
TEST_F(exchange, parallel_telephone_while_it_dials)
{
	struct pots_dial dial = {
		.flags = POTS_DIAL_F_PULSE, .count = 1, .digit = { 0 },
		.break_ms = 60, .make_ms = 40, .interdigit_ms = 300,
	};

	ASSERT_EQ(0, facing_seize(&self->facing));
	sleep_ms(100);
	event_drain(OBSERVER);
	ASSERT_EQ(0, err_of(CLAIM, POTS_DIAL, &dial));
	sleep_ms(300);
	ASSERT_TRUE(far_do(FAR, POTS_SIM_STEP_PARALLEL, 1, 0, 0));
	EXPECT_TOLD(POTS_EVENT_DIAL_DONE, POTS_DONE_FINISHED, 2000);
	EXPECT_TOLD(POTS_EVENT_IN_USE, 1, 1000);
	EXPECT_EQ(HOLDING | POTS_STATE_IN_USE, state_of(OBSERVER));
}

/* ----------------------------------------------------- what the exchange does --- */

static void short_timeout(struct pots_exchange *exchange)
{
	exchange->ring_timeout_ms = 5000;
}

TEST_F(exchange, rings_and_gives_up)
{
	ASSERT_EQ(0, facing_set(&self->facing, short_timeout));
	ASSERT_TRUE(far_do(FAR, POTS_SIM_STEP_RING, 2, 0, 0));
	EXPECT_TOLD(POTS_EVENT_RING_BURST, 1, 1500);
	EXPECT_EQ(POTS_STATE_CLAIMED | POTS_STATE_RINGING, state_of(OBSERVER));
	EXPECT_TOLD(POTS_EVENT_RING_BURST, 0, 3000);
	EXPECT_TOLD(POTS_EVENT_RING_BURST, 1, 6000);
	EXPECT_TOLD(POTS_EVENT_RING_BURST, 0, 3000);
	EXPECT_EQ(POTS_STATE_CLAIMED | POTS_STATE_RINGING, state_of(OBSERVER));
	EXPECT_TRUE(event_wait(OBSERVER, POTS_EVENT_RING_END, NULL, 5500));
	EXPECT_EQ(POTS_STATE_CLAIMED, state_of(OBSERVER));
}

TEST_F(exchange, rings_and_is_answered)
{
	ASSERT_TRUE(far_do(FAR, POTS_SIM_STEP_RING, 0, 0, 0));
	EXPECT_TOLD(POTS_EVENT_RING_BURST, 1, 1500);
	ASSERT_EQ(0, err_of(CLAIM, POTS_SEIZE, &(struct pots_seize){}));
	EXPECT_TOLD(POTS_EVENT_OFF_HOOK, POTS_OFF_HOOK_ANSWERED, QUEUED_MS);
	EXPECT_EQ(HOLDING, state_of(OBSERVER));
	EXPECT_TRUE(far_wait(FAR, POTS_SIM_X_SEIZED, POTS_SIM_X_SEIZED, 100));
	EXPECT_TRUE(event_absent(OBSERVER, POTS_EVENT_RING_END, 9000));
}

TEST_F(exchange, reverses_to_answer)
{
	struct pots_state state;

	ASSERT_EQ(0, facing_seize(&self->facing));
	ASSERT_TRUE(far_do(FAR, POTS_SIM_STEP_POLARITY, 1, 0, 0));
	EXPECT_TOLD(POTS_EVENT_POLARITY, 1, slack_ms(KNOWN_MS));
	ASSERT_TRUE(far_state(FAR, &self->far));
	EXPECT_GE(self->event.timestamp_ns + NS_PER_MS, self->far.polarity_ns);
	ASSERT_EQ(0, err_of(OBSERVER, POTS_GET_STATE, &state));
	EXPECT_EQ(HOLDING | POTS_STATE_REVERSED, state.state);
	EXPECT_EQ(POTS_FEED_REVERSE, state.feed);
	ASSERT_TRUE(far_do(FAR, POTS_SIM_STEP_POLARITY, 0, 0, 0));
	EXPECT_TOLD(POTS_EVENT_POLARITY, 0, slack_ms(KNOWN_MS));
}

TEST_F(exchange, opens_the_loop_to_disconnect)
{
	ASSERT_EQ(0, facing_seize(&self->facing));
	ASSERT_TRUE(far_do(FAR, POTS_SIM_STEP_OPEN, 0, 40, 0));
	EXPECT_TRUE(event_absent(OBSERVER, POTS_EVENT_BATTERY, 1000));
	ASSERT_TRUE(far_do(FAR, POTS_SIM_STEP_OPEN, 0, 500, 0));
	EXPECT_TOLD(POTS_EVENT_BATTERY, 0, slack_ms(KNOWN_MS));
	EXPECT_TOLD(POTS_EVENT_BATTERY, 1, slack_ms(500 + KNOWN_MS));
	EXPECT_EQ(HOLDING, state_of(OBSERVER));
}

static void with_billing(struct pots_exchange *exchange)
{
	exchange->flags |= POTS_EXCHANGE_F_BILLING;
}

TEST_F(exchange, counts_billing_pulses)
{
	ASSERT_EQ(0, facing_set(&self->facing, with_billing));
	ASSERT_EQ(0, facing_seize(&self->facing));
	ASSERT_TRUE(far_do(FAR, POTS_SIM_STEP_METER, 3, 125, 500));
	for (unsigned int i = 1; i <= 3; i++)
		EXPECT_TOLD(POTS_EVENT_BILLING, i, slack_ms(1000));

	/* the next call's begin anew */
	EXPECT_EQ(0, facing_release(&self->facing));
	ASSERT_TRUE(far_wait(FAR, POTS_SIM_X_SEIZED, 0, SETTLE_MS));
	ASSERT_EQ(0, facing_seize(&self->facing));
	ASSERT_TRUE(far_do(FAR, POTS_SIM_STEP_METER, 1, 125, 500));
	EXPECT_TOLD(POTS_EVENT_BILLING, 1, slack_ms(1000));
}

static void wide_windows(struct pots_exchange *exchange)
{
	exchange->battery_ms = 400;
	exchange->polarity_ms = 300;
}

TEST_F(exchange, windows_are_as_set)
{
	ASSERT_EQ(0, facing_set(&self->facing, wide_windows));
	ASSERT_EQ(0, facing_seize(&self->facing));
	ASSERT_TRUE(far_do(FAR, POTS_SIM_STEP_POLARITY, 1, 0, 0));
	EXPECT_TRUE(event_absent(OBSERVER, POTS_EVENT_POLARITY, least_ms(290, 0)));
	EXPECT_TOLD(POTS_EVENT_POLARITY, 1, slack_ms(KNOWN_MS));
	ASSERT_TRUE(far_do(FAR, POTS_SIM_STEP_BATTERY, 0, 0, 0));
	EXPECT_TRUE(event_absent(OBSERVER, POTS_EVENT_BATTERY, least_ms(390, 0)));
	EXPECT_TOLD(POTS_EVENT_BATTERY, 0, slack_ms(KNOWN_MS));
}

TEST_F(exchange, busy_tone_is_for_the_owner)
{
	int other = port_open(self->facing.id, O_RDONLY);

	ASSERT_GE(other, 0);
	ASSERT_EQ(0, facing_seize(&self->facing));
	event_drain(other);
	ASSERT_TRUE(far_do(FAR, POTS_SIM_STEP_TONE, POTS_SIM_TONE_BUSY, 0, 0));
	EXPECT_TOLD(POTS_EVENT_PROGRESS, POTS_TONE_BUSY, 6000);
	EXPECT_EQ(1, self->event.extra);
	ASSERT_TRUE(far_do(FAR, POTS_SIM_STEP_TONE, POTS_SIM_TONE_NONE, 0, 0));
	EXPECT_TOLD(POTS_EVENT_PROGRESS, POTS_TONE_BUSY, 3000);
	EXPECT_EQ(0, self->event.extra);
	EXPECT_FALSE(event_wait(other, POTS_EVENT_PROGRESS, NULL, 0));
	close(other);
}

/* The plan is the port's own, so the same sound may mean something else. */
TEST_F(exchange, reorder_tone_under_another_name)
{
	struct pots_set_tone set = {
		.tone = POTS_TONE_REORDER, .flags = POTS_SET_TONE_F_DEFAULT,
	};

	ASSERT_EQ(0, facing_seize(&self->facing));
	ASSERT_TRUE(far_do(FAR, POTS_SIM_STEP_TONE, POTS_SIM_TONE_REORDER, 0, 0));
	EXPECT_TOLD(POTS_EVENT_PROGRESS, POTS_TONE_REORDER, 5000);

	set.tone = POTS_TONE_UNOBTAINABLE;
	set.flags = 0;
	set.program = (struct pots_tone_program){
		.count = 2,
		.step = {
			{ .freq_mhz = { 480000, 620000 }, .level_cdb = { -2400, -2400 },
			  .samples = 2000 },
			{ .samples = 2000 },
		},
	};
	ASSERT_EQ(0, err_of(CLAIM, POTS_SET_TONE, &set));
	/* of the same sound it is the first name that counts: take that away */
	set.tone = POTS_TONE_REORDER;
	set.program.step[0].samples = 20000;
	ASSERT_EQ(0, err_of(CLAIM, POTS_SET_TONE, &set));
	EXPECT_TOLD(POTS_EVENT_PROGRESS, POTS_TONE_UNOBTAINABLE, 5000);

	memset(&set.program, 0, sizeof(set.program));
	set.flags = POTS_SET_TONE_F_DEFAULT;
	EXPECT_EQ(0, err_of(CLAIM, POTS_SET_TONE, &set));
	set.tone = POTS_TONE_UNOBTAINABLE;
	EXPECT_EQ(0, err_of(CLAIM, POTS_SET_TONE, &set));
}

/* Of three tones the lengths say what they mean: not "unobtainable", by this plan. */
TEST_F(exchange, special_information)
{
	static const struct pots_sim_tone sit = {
		.tone = POTS_SIM_TONE_OTHER,
		.count = 3,
		.loop = 3,
		.part = {
			{ .us = 274000, .mhz = { 985200 }, .peak = { 4000 } },
			{ .us = 380000, .mhz = { 1370600 }, .peak = { 4000 } },
			{ .us = 380000, .mhz = { 1776700 }, .peak = { 4000 } },
		},
	};

	ASSERT_EQ(0, err_of(FAR, POTS_SIM_SET_TONE, (void *)&sit));
	ASSERT_EQ(0, facing_seize(&self->facing));
	ASSERT_TRUE(far_do(FAR, POTS_SIM_STEP_TONE, POTS_SIM_TONE_NONE, 0, 0));
	sleep_ms(500);
	event_drain(OBSERVER);
	ASSERT_TRUE(far_do(FAR, POTS_SIM_STEP_TONE, POTS_SIM_TONE_OTHER, 0, 0));
	EXPECT_TOLD(POTS_EVENT_PROGRESS, POTS_TONE_SIT, 3000);
	EXPECT_EQ(1, self->event.extra);
}

/* Nobody's tick: not at rest, claimed or not, and not after a call. */
TEST_F(exchange, a_line_at_rest_has_no_tick)
{
	ASSERT_TRUE(far_wait(FAR, POTS_SIM_X_TICKING, 0, 500));
	sleep_ms(500);
	EXPECT_TRUE(far_wait(FAR, POTS_SIM_X_TICKING, 0, 0));
	ASSERT_EQ(0, facing_seize(&self->facing));
	EXPECT_TRUE(far_wait(FAR, POTS_SIM_X_TICKING, POTS_SIM_X_TICKING, 100));
	EXPECT_EQ(0, facing_release(&self->facing));
	EXPECT_TRUE(far_wait(FAR, POTS_SIM_X_TICKING, 0, 3000));
}

/* ---------------------------------------------------------------- speech --- */

#define SECOND	8000

static double power_at(const int16_t *samples, unsigned int count, double hz)
{
	double re = 0, im = 0;

	for (unsigned int i = 0; i < count; i++) {
		re += samples[i] * cos(2 * M_PI * hz * i / 8000);
		im += samples[i] * sin(2 * M_PI * hz * i / 8000);
	}
	return 10 * log10((re * re + im * im) * 2 / count / count / 32767 / 32767 * 2 + 1e-12) +
	       3.17;
}

static void fill_tones(int16_t *samples, unsigned int count, double low, double high,
		       double peak)
{
	for (unsigned int i = 0; i < count; i++)
		samples[i] = peak * (sin(2 * M_PI * low * i / 8000) +
				     sin(2 * M_PI * high * i / 8000));
}

static bool read_all(int fd, int16_t *samples, unsigned int count)
{
	size_t done = 0, bytes = count * sizeof(*samples);

	while (done < bytes) {
		ssize_t n = read(fd, (char *)samples + done, bytes - done);

		if (n <= 0)
			return false;
		done += n;
	}
	return true;
}

TEST_F(exchange, speech_goes_both_ways)
{
	static int16_t there[SECOND], back[SECOND];
	struct pots_audio audio = { .read_frames = 10, .queue_frames = 400 };
	unsigned int line = POTS_SIM_LISTEN_LINE;

	ASSERT_EQ(0, facing_seize(&self->facing));
	sleep_ms(600);	/* the chip mutes both ways at first */
	ASSERT_TRUE(far_do(FAR, POTS_SIM_STEP_TONE, POTS_SIM_TONE_NONE, 0, 0));
	fill_tones(there, SECOND, 1000, 0, 8000);
	fill_tones(back, SECOND, 1800, 0, 8000);
	ASSERT_EQ((ssize_t)sizeof(back), write(FAR, back, sizeof(back)));
	ASSERT_EQ(0, err_of(CLAIM, POTS_AUDIO_START, &audio));
	ASSERT_EQ(0, ioctl(FAR, POTS_SIM_LISTEN, &line));
	ASSERT_EQ(400 * 16, write(CLAIM, there, 400 * 16));
	ASSERT_TRUE(read_all(CLAIM, back, SECOND / 2));
	ASSERT_TRUE(phone_hear(FAR, there, SECOND / 4));
	EXPECT_GT(power_at(there + 800, 800, 1000), -16) TH_LOG("to the exchange");
	EXPECT_GT(power_at(back + 2400, 800, 1800), -16) TH_LOG("from the exchange");
	EXPECT_EQ(0, err_of(CLAIM, POTS_AUDIO_STOP, NULL));
}

TEST_F(exchange, digits_from_the_line_are_a_setting)
{
	static int16_t five[SECOND / 10];
	struct pots_settings settings = {};

	fill_tones(five, ARRAY_SIZE(five), 770, 1336, 4000);
	ASSERT_EQ(0, facing_seize(&self->facing));
	sleep_ms(600);
	ASSERT_TRUE(far_do(FAR, POTS_SIM_STEP_TONE, POTS_SIM_TONE_NONE, 0, 0));
	ASSERT_EQ((ssize_t)sizeof(five), write(FAR, five, sizeof(five)));
	EXPECT_TRUE(event_absent(OBSERVER, POTS_EVENT_DTMF_START, 400));
	settings.flags = POTS_SETTING_F_DTMF;
	ASSERT_EQ(0, err_of(CLAIM, POTS_SET_SETTINGS, &settings));
	sleep_ms(50);
	ASSERT_EQ((ssize_t)sizeof(five), write(FAR, five, sizeof(five)));
	EXPECT_TOLD(POTS_EVENT_DTMF_START, 5, 400);
	EXPECT_TOLD(POTS_EVENT_DTMF_END, 5, 400);
}

TEST_F(exchange, settings_of_a_telephone_are_none)
{
	static const struct wrong wrong[] = {
		WRONG(struct pots_settings, flags, POTS_SETTING_F_PULSE, EINVAL),
		WRONG(struct pots_settings, flags, POTS_SETTING_F_FLASH, EINVAL),
		WRONG(struct pots_settings, impedance, 1, EINVAL),
		WRONG(struct pots_settings, seize_ms, 40, EINVAL),
		WRONG(struct pots_settings, open_ms, 900, EINVAL),
		WRONG(struct pots_settings, ring_pairs, 1, EINVAL),
		WRONG(struct pots_settings, ring_mhz, 20000, EINVAL),
		WRONG(struct pots_settings, to_line_cdb, -4001, ERANGE),
		WRONG(struct pots_settings, to_line_cdb, 1001, ERANGE),
		WRONG(struct pots_settings, from_line_cdb, -4001, ERANGE),
		WRONG(struct pots_settings, from_line_cdb, 1001, ERANGE),
		WRONG(struct pots_settings, reserved[0], 1, EINVAL),
	};
	struct pots_settings settings;
	const struct pots_settings zero = {};

	ASSERT_EQ(0, err_of(CLAIM, POTS_GET_SETTINGS, &settings));
	EXPECT_EQ(0, memcmp(&settings, &zero, sizeof(zero)));
	EXPECT_REFUSED(CLAIM, POTS_SET_SETTINGS, &settings, wrong);
}

/* -------------------------------------------------------------- settings --- */

TEST_F(exchange, each_wrong_setting_is_refused)
{
	static const struct wrong wrong[] = {
		WRONG(struct pots_exchange, flags, 128, EINVAL),
		WRONG(struct pots_exchange, flags,
		      POTS_EXCHANGE_F_CID_ANSWER | POTS_EXCHANGE_F_CID_RING, EINVAL),
		WRONG(struct pots_exchange, flags, 0x80000000, EINVAL),
		WRONG(struct pots_exchange, impedance, POTS_IMPEDANCE_GLOBAL + 1, EINVAL),
		WRONG(struct pots_exchange, impedance, -1, EINVAL),
		WRONG(struct pots_exchange, loop_min_ua, 11000, ERANGE),
		WRONG(struct pots_exchange, on_hook_us, 1000, ERANGE),
		WRONG(struct pots_exchange, ring_threshold_mv, 20000, ERANGE),
		WRONG(struct pots_exchange, ring_min_mhz, 9999, ERANGE),
		WRONG(struct pots_exchange, ring_min_mhz, 68001, ERANGE),
		WRONG(struct pots_exchange, ring_max_mhz, 100001, ERANGE),
		WRONG(struct pots_exchange, cid_signal, 4, EINVAL),
		WRONG(struct pots_exchange, ring_timeout_ms, 999, ERANGE),
		WRONG(struct pots_exchange, ring_timeout_ms, 60001, ERANGE),
		WRONG(struct pots_exchange, battery_mv, 999, ERANGE),
		WRONG(struct pots_exchange, battery_mv, 20001, ERANGE),
		WRONG(struct pots_exchange, in_use_mv, 3000, ERANGE),
		WRONG(struct pots_exchange, in_use_mv, 60001, ERANGE),
		WRONG(struct pots_exchange, dc_mv, 3300, ERANGE),
		WRONG(struct pots_exchange, battery_ms, 9, ERANGE),
		WRONG(struct pots_exchange, battery_ms, 2001, ERANGE),
		WRONG(struct pots_exchange, polarity_ms, 9, ERANGE),
		WRONG(struct pots_exchange, polarity_ms, 2001, ERANGE),
		WRONG(struct pots_exchange, flash_ms, 19, ERANGE),
		WRONG(struct pots_exchange, flash_ms, 2001, ERANGE),
		WRONG(struct pots_exchange, progress_periods, 0, ERANGE),
		WRONG(struct pots_exchange, progress_periods, 11, ERANGE),
		WRONG(struct pots_exchange, reserved16, 1, EINVAL),
		WRONG(struct pots_exchange, reserved[0], 1, EINVAL),
		WRONG(struct pots_exchange, reserved[5], 1, EINVAL),
	};
	struct pots_exchange again;

	EXPECT_EQ(0, err_of(CLAIM, POTS_SET_EXCHANGE, &self->facing.exchange));
	EXPECT_REFUSED(CLAIM, POTS_SET_EXCHANGE, &self->facing.exchange, wrong);
	ASSERT_EQ(0, err_of(CLAIM, POTS_GET_EXCHANGE, &again));
	EXPECT_EQ(0, memcmp(&again, &self->facing.exchange, sizeof(again)));
}

TEST_F(exchange, settings_at_first)
{
	const struct pots_exchange *at_first = &self->facing.exchange;

	EXPECT_EQ(POTS_EXCHANGE_F_CID_RING, at_first->flags);
	EXPECT_EQ(POTS_IMPEDANCE_600, at_first->impedance);
	EXPECT_EQ(10000, at_first->loop_min_ua);
	EXPECT_EQ(500, at_first->on_hook_us);
	EXPECT_EQ(15000, at_first->ring_threshold_mv);
	EXPECT_EQ(13000, at_first->ring_min_mhz);
	EXPECT_EQ(68000, at_first->ring_max_mhz);
	EXPECT_EQ(POTS_CID_BELL202, at_first->cid_signal);
	EXPECT_EQ(8000, at_first->ring_timeout_ms);
	EXPECT_EQ(3000, at_first->battery_mv);
	EXPECT_EQ(20000, at_first->in_use_mv);
	EXPECT_EQ(3100, at_first->dc_mv);
	EXPECT_EQ(64, at_first->battery_ms);
	EXPECT_EQ(64, at_first->polarity_ms);
	EXPECT_EQ(600, at_first->flash_ms);
	EXPECT_EQ(3, at_first->progress_periods);
}

static void other_impedance(struct pots_exchange *exchange)
{
	exchange->impedance = POTS_IMPEDANCE_CTR21;
}

TEST_F(exchange, the_line_side_is_set_on_hook)
{
	ASSERT_EQ(0, facing_seize(&self->facing));
	EXPECT_EQ(EBUSY, facing_set(&self->facing, other_impedance));
	EXPECT_EQ(0, facing_set(&self->facing, short_timeout));
	EXPECT_EQ(0, facing_release(&self->facing));
	EXPECT_EQ(0, facing_set(&self->facing, other_impedance));
}

TEST_F(exchange, nobody_has_called)
{
	struct pots_caller_id caller;

	EXPECT_EQ(ENODATA, err_of(CLAIM, POTS_READ_CID, &caller));
}

TEST_HARNESS_MAIN
