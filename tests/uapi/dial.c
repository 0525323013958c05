// SPDX-License-Identifier: GPL-2.0-or-later
/* Dialling to an exchange. */
#include "facing.h"

#include <fcntl.h>
#include <kselftest_harness.h>
#include <pthread.h>
#include <sched.h>
#include <unistd.h>

FIXTURE(dial) {
	struct facing facing;
	struct pots_event event;
	struct pots_sim_exchange_state far;
};

FIXTURE_SETUP(dial)
{
	int err = facing_open(&self->facing);

	if (err == ENODEV || self->facing.far < 0)
		SKIP(return, "no port that faces a simulated exchange");
	ASSERT_EQ(0, err);
}

FIXTURE_TEARDOWN(dial)
{
	facing_close(&self->facing);
}

#define OBSERVER	(self->facing.observer)
#define CLAIM		(self->facing.claim)
#define FAR		(self->facing.far)

/* Six digits and the time that the exchange takes to be sure of them. */
#define DTMF_MS		3000
#define PULSES_MS	15000
#define QUEUED_MS	20

static const struct pots_dial dtmf = {
	.count = 6, .digit = { 1, 2, 9, 0, POTS_DIGIT_STAR, POTS_DIGIT_HASH },
	.on_ms = 80, .off_ms = 70, .level_cdb = -1100, .twist_cdb = 200,
};

static const struct pots_dial pulses = {
	.flags = POTS_DIAL_F_PULSE, .count = 4, .digit = { 1, 9, 0, 3 },
	.break_ms = 60, .make_ms = 40, .interdigit_ms = 700,
};

#define EXPECT_DONE(reason, c, ms) do {					\
	EXPECT_TRUE(event_wait(OBSERVER, POTS_EVENT_DIAL_DONE, &self->event, ms)); \
	EXPECT_EQ(reason, self->event.value);				\
	EXPECT_EQ(c, self->event.cookie);				\
} while (0)

static struct pots_dial after_dial_tone(unsigned int wait_ms)
{
	struct pots_dial dial = dtmf;

	dial.flags = POTS_DIAL_F_WAIT_TONE;
	dial.wait_ms = wait_ms;
	return dial;
}

/* The chip mutes its codec for a while after it went off-hook. */
static int seize_to_speak(struct facing *facing)
{
	int err = facing_seize(facing);

	sleep_ms(500);
	return err;
}

/* Waits until a tone of the exchange has begun, or is over. */
static bool tone_wait(int observer, bool begun, unsigned int timeout_ms)
{
	struct pots_event event;

	while (event_wait(observer, POTS_EVENT_PROGRESS, &event, timeout_ms)) {
		if (event.extra == begun)
			return true;
	}
	return false;
}

TEST_F(dial, by_dtmf)
{
	int other = port_open(self->facing.id, O_RDONLY);
	struct pots_dial dial = dtmf;

	ASSERT_GE(other, 0);
	EXPECT_EQ(ENOLINK, err_of(CLAIM, POTS_DIAL, &dial));
	ASSERT_EQ(0, seize_to_speak(&self->facing));
	event_drain(other);
	ASSERT_EQ(0, err_of(CLAIM, POTS_DIAL, &dial));
	EXPECT_NE(0, dial.cookie);
	EXPECT_EQ(HOLDING | POTS_STATE_DIALLING, state_of(OBSERVER));
	EXPECT_DONE(POTS_DONE_FINISHED, dial.cookie, DTMF_MS);
	EXPECT_EQ(HOLDING, state_of(OBSERVER));
	EXPECT_FALSE(event_wait(other, POTS_EVENT_DIAL_DONE, NULL, 0));
	close(other);
	EXPECT_TRUE(far_digits(FAR, 6, DTMF_MS));
	ASSERT_TRUE(far_state(FAR, &self->far));
	EXPECT_EQ(0, memcmp("1290*#", self->far.digit, 6)) TH_LOG("%.64s", self->far.digit);
	/* measured in steps of 1 ms, by a receiver that needs some of it */
	EXPECT_GE(self->far.tones.min_us, 77000);
	EXPECT_LE(self->far.tones.max_us, 83000);
	EXPECT_GE(self->far.pauses.min_us, 67000);
	EXPECT_LE(self->far.pauses.max_us, 73000);
}

struct pulsing {
	unsigned int break_ms, make_ms, map;
	const char *heard;		/* of 1 9 0 3 */
};

TEST_F_TIMEOUT(dial, by_pulses_of_every_country, 90)
{
	static const struct pulsing national[] = {
		{ 60, 40, POTS_PULSE_MAP_N, "1903" },
		{ 67, 33, POTS_PULSE_MAP_N, "1903" },
		{ 33, 17, POTS_PULSE_MAP_N, "1903" },	/* 20 pps */
		{ 50, 50, POTS_PULSE_MAP_10_N, "9107" },
		{ 60, 40, POTS_PULSE_MAP_N_1, "2014" },	/* ten pulses are its 0 */
	};

	for (size_t i = 0; i < ARRAY_SIZE(national); i++) {
		const struct pulsing *n = &national[i];
		struct pots_dial dial = pulses;

		dial.break_ms = n->break_ms;
		dial.make_ms = n->make_ms;
		dial.pulse_map = n->map;
		ASSERT_EQ(0, facing_seize(&self->facing));
		ASSERT_EQ(0, err_of(CLAIM, POTS_DIAL, &dial));
		EXPECT_DONE(POTS_DONE_FINISHED, dial.cookie, PULSES_MS);
		ASSERT_TRUE(far_state(FAR, &self->far));
		EXPECT_EQ(0, memcmp(n->heard, self->far.digit, 4)) {
			TH_LOG("map %u: %.64s", n->map, self->far.digit);
		}
		EXPECT_EQ(4, self->far.pulsed);
		/* at the exchange, behind a hook of 0.5 ms */
		EXPECT_GE(self->far.breaks.min_us, (n->break_ms - 1) * 1000);
		EXPECT_LE(self->far.breaks.max_us, (n->break_ms + slack_ms(1)) * 1000);
		EXPECT_GE(self->far.makes.min_us, (n->make_ms - 1) * 1000);
		EXPECT_LE(self->far.makes.max_us, (n->make_ms + slack_ms(1)) * 1000);
		EXPECT_GE(self->far.gaps.min_us, 699000);
		EXPECT_LE(self->far.gaps.max_us, (700 + slack_ms(1)) * 1000);
		if (!i)
			TH_LOG("break %u..%u us, make %u..%u us", self->far.breaks.min_us,
			       self->far.breaks.max_us, self->far.makes.min_us,
			       self->far.makes.max_us);
		ASSERT_EQ(0, facing_release(&self->facing));
		ASSERT_TRUE(far_wait(FAR, POTS_SIM_X_SEIZED, 0, SETTLE_MS));
	}
}

static void slow_hook(struct pots_exchange *exchange)
{
	exchange->on_hook_us = 3000;
}

/* With a hook that takes 3 ms to open what the exchange sees is still a pulse. */
TEST_F(dial, by_pulses_through_a_slow_hook)
{
	struct pots_dial dial = pulses;

	ASSERT_EQ(0, facing_set(&self->facing, slow_hook));
	ASSERT_EQ(0, facing_seize(&self->facing));
	ASSERT_EQ(0, err_of(CLAIM, POTS_DIAL, &dial));
	EXPECT_DONE(POTS_DONE_FINISHED, dial.cookie, PULSES_MS);
	ASSERT_TRUE(far_state(FAR, &self->far));
	EXPECT_EQ(0, memcmp("1903", self->far.digit, 4)) TH_LOG("%.64s", self->far.digit);
	EXPECT_GE(self->far.breaks.min_us, 57000);
	EXPECT_LE(self->far.breaks.max_us, (63 + slack_ms(0)) * 1000);
	EXPECT_GE(self->far.makes.min_us, 37000);
	EXPECT_LE(self->far.makes.max_us, (43 + slack_ms(0)) * 1000);
}

/* Nothing of it is told as what the exchange has done. */
TEST_F(dial, pulses_are_no_loss_of_battery)
{
	struct pots_dial dial = pulses;
	unsigned int done = 0;

	ASSERT_EQ(0, facing_seize(&self->facing));
	event_drain(OBSERVER);
	ASSERT_EQ(0, err_of(CLAIM, POTS_DIAL, &dial));
	while (event_next(OBSERVER, &self->event, done ? 600 : PULSES_MS)) {
		done += self->event.type == POTS_EVENT_DIAL_DONE;
		EXPECT_TRUE(self->event.type == POTS_EVENT_DIAL_DONE ||
			    self->event.type == POTS_EVENT_PROGRESS) {
			TH_LOG("event %u, value %u", self->event.type, self->event.value);
		}
	}
	EXPECT_EQ(1, done);
}

TEST_F(dial, pauses)
{
	struct pots_dial dial = {
		.flags = POTS_DIAL_F_PULSE, .count = 3, .digit = { 1, POTS_DIAL_PAUSE, 1 },
		.break_ms = 60, .make_ms = 40, .interdigit_ms = 300, .pause_ms = 1000,
	};

	ASSERT_EQ(0, facing_seize(&self->facing));
	ASSERT_EQ(0, err_of(CLAIM, POTS_DIAL, &dial));
	EXPECT_DONE(POTS_DONE_FINISHED, dial.cookie, 5000);
	ASSERT_TRUE(far_state(FAR, &self->far));
	EXPECT_GE(self->far.gaps.min_us, 1299000);
	EXPECT_LE(self->far.gaps.max_us, (1300 + slack_ms(1)) * 1000);
}

static void set_far(int far, unsigned int flags, unsigned int dial_ms)
{
	struct pots_sim_exchange exchange;

	ioctl(far, POTS_SIM_GET_EXCHANGE, &exchange);
	exchange.flags = flags;
	exchange.dial_us = dial_ms * 1000;
	ioctl(far, POTS_SIM_SET_EXCHANGE, &exchange);
}

TEST_F(dial, waits_for_the_dial_tone)
{
	struct pots_dial dial = after_dial_tone(10000);
	uint64_t start_ns;

	set_far(FAR, 0, 2000);
	ASSERT_EQ(0, facing_seize(&self->facing));
	start_ns = now_ns();
	ASSERT_EQ(0, err_of(CLAIM, POTS_DIAL, &dial));
	EXPECT_TRUE(event_wait(OBSERVER, POTS_EVENT_PROGRESS, &self->event, 8000));
	EXPECT_EQ(POTS_TONE_DIAL, self->event.value);
	EXPECT_GT(now_ns(), start_ns + 1500 * NS_PER_MS);
	EXPECT_DONE(POTS_DONE_FINISHED, dial.cookie, DTMF_MS);
	EXPECT_TRUE(far_digits(FAR, 6, DTMF_MS));
	set_far(FAR, 0, 200);
}

TEST_F(dial, no_dial_tone)
{
	struct pots_dial dial = after_dial_tone(1000);

	set_far(FAR, POTS_SIM_EXCHANGE_F_QUIET, 200);
	ASSERT_EQ(0, seize_to_speak(&self->facing));
	ASSERT_EQ(0, err_of(CLAIM, POTS_DIAL, &dial));
	EXPECT_DONE(POTS_DONE_TIMEOUT, dial.cookie, 1000 + slack_ms(20));
	ASSERT_TRUE(far_state(FAR, &self->far));
	EXPECT_EQ(0, self->far.digits);

	dial.flags |= POTS_DIAL_F_BLIND;
	ASSERT_EQ(0, err_of(CLAIM, POTS_DIAL, &dial));
	EXPECT_DONE(POTS_DONE_FINISHED, dial.cookie, 1000 + DTMF_MS);
	EXPECT_TRUE(far_digits(FAR, 6, DTMF_MS));
	set_far(FAR, 0, 200);
}

/* It was heard before, or is over: what counts is whether it is there. */
TEST_F_TIMEOUT(dial, dial_tone_that_was_there_before, 60)
{
	struct pots_dial dial = after_dial_tone(5000);

	ASSERT_EQ(0, facing_seize(&self->facing));
	ASSERT_TRUE(tone_wait(OBSERVER, true, 5000));
	ASSERT_EQ(0, err_of(CLAIM, POTS_DIAL, &dial));
	EXPECT_DONE(POTS_DONE_FINISHED, dial.cookie, 2000);

	dial.wait_ms = 1000;
	event_drain(OBSERVER);
	ASSERT_TRUE(far_do(FAR, POTS_SIM_STEP_TONE, POTS_SIM_TONE_DIAL, 0, 0));
	ASSERT_TRUE(tone_wait(OBSERVER, true, 3000));
	ASSERT_TRUE(far_do(FAR, POTS_SIM_STEP_TONE, POTS_SIM_TONE_NONE, 0, 0));
	ASSERT_TRUE(tone_wait(OBSERVER, false, 3000));
	ASSERT_EQ(0, err_of(CLAIM, POTS_DIAL, &dial));
	EXPECT_DONE(POTS_DONE_TIMEOUT, dial.cookie, 1000 + slack_ms(20));
}

/* What the last call ended in is nothing to the next one. */
TEST_F(dial, dial_tone_of_the_call_before)
{
	struct pots_dial dial = after_dial_tone(1000);
	struct pots_event event;

	ASSERT_EQ(0, facing_seize(&self->facing));
	ASSERT_TRUE(tone_wait(OBSERVER, true, 5000));
	ASSERT_EQ(0, facing_release(&self->facing));
	ASSERT_TRUE(far_wait(FAR, POTS_SIM_X_SEIZED, 0, SETTLE_MS));
	set_far(FAR, POTS_SIM_EXCHANGE_F_QUIET, 200);
	event_drain(OBSERVER);
	ASSERT_EQ(0, seize_to_speak(&self->facing));
	ASSERT_EQ(0, err_of(CLAIM, POTS_DIAL, &dial));
	do {
		ASSERT_TRUE(event_next(OBSERVER, &event, 1000 + slack_ms(20)));
		EXPECT_NE(POTS_EVENT_PROGRESS, event.type);
	} while (event.type != POTS_EVENT_DIAL_DONE);
	EXPECT_EQ(POTS_DONE_TIMEOUT, event.value);
	set_far(FAR, 0, 200);
}

/* Another one has the processor when the first break should end, and for 20 ms more. */
static void *be_in_the_way(void *argument)
{
	const struct facing *facing = argument;
	uint64_t until_ns;

	far_wait(facing->far, POTS_SIM_X_CLOSED, 0, 1000);
	sleep_ms(50);
	until_ns = now_ns() + 30 * NS_PER_MS;
	while (now_ns() < until_ns)
		;
	return NULL;
}

static bool hog_start(pthread_t *hog, struct facing *facing)
{
	struct sched_param above_the_kernels_own = { .sched_priority = 60 };

	return !pthread_create(hog, NULL, be_in_the_way, facing) &&
	       !pthread_setschedparam(*hog, SCHED_FIFO, &above_the_kernels_own);
}

/* The pulse is longer then, but the make after it is no shorter. */
TEST_F(dial, a_late_edge_shortens_nothing)
{
	struct pots_dial dial = pulses;
	pthread_t hog;

	if (sysconf(_SC_NPROCESSORS_ONLN) > 1)
		SKIP(return, "another processor does it in time");
	dial.digit[0] = 2;	/* so that a make comes after it */
	ASSERT_EQ(0, facing_seize(&self->facing));
	ASSERT_TRUE(hog_start(&hog, &self->facing));
	ASSERT_EQ(0, err_of(CLAIM, POTS_DIAL, &dial));
	EXPECT_DONE(POTS_DONE_FINISHED, dial.cookie, PULSES_MS);
	pthread_join(hog, NULL);
	ASSERT_TRUE(far_state(FAR, &self->far));
	EXPECT_GT(self->far.breaks.max_us, 75000) TH_LOG("nothing was late");
	EXPECT_GE(self->far.breaks.min_us, 59000);
	EXPECT_GE(self->far.makes.min_us, 39000);
}

/* The line is believed again afterwards. */
TEST_F(dial, what_the_exchange_does_after_the_pulses)
{
	struct pots_dial dial = pulses;

	ASSERT_EQ(0, facing_seize(&self->facing));
	ASSERT_EQ(0, err_of(CLAIM, POTS_DIAL, &dial));
	EXPECT_DONE(POTS_DONE_FINISHED, dial.cookie, PULSES_MS);
	sleep_ms(HOOK_SETTLE_MS);
	ASSERT_TRUE(far_do(FAR, POTS_SIM_STEP_POLARITY, 1, 0, 0));
	EXPECT_TRUE(event_wait(OBSERVER, POTS_EVENT_POLARITY, NULL, slack_ms(200)));
	ASSERT_TRUE(far_do(FAR, POTS_SIM_STEP_BATTERY, 0, 0, 0));
	EXPECT_TRUE(event_wait(OBSERVER, POTS_EVENT_BATTERY, NULL, slack_ms(200)));
}

TEST_F(dial, digits_replace_a_tone)
{
	struct pots_play play = { .tone = POTS_TONE_DIAL };
	struct pots_dial dial = dtmf;

	ASSERT_EQ(0, facing_seize(&self->facing));
	ASSERT_EQ(0, err_of(CLAIM, POTS_PLAY_TONE, &play));
	ASSERT_EQ(0, err_of(CLAIM, POTS_DIAL, &dial));
	EXPECT_TRUE(event_wait(OBSERVER, POTS_EVENT_TONE_DONE, &self->event, QUEUED_MS));
	EXPECT_EQ(POTS_DONE_REPLACED, self->event.value);
	EXPECT_EQ(play.cookie, self->event.cookie);
	EXPECT_DONE(POTS_DONE_FINISHED, dial.cookie, DTMF_MS);
}

TEST_F(dial, stopped_replaced_released)
{
	struct pots_stop stop = {};
	struct pots_dial first = pulses, second = dtmf;
	struct pots_play play = { .tone = POTS_TONE_DIAL };

	ASSERT_EQ(0, seize_to_speak(&self->facing));
	ASSERT_EQ(0, err_of(CLAIM, POTS_DIAL, &first));
	EXPECT_EQ(EBUSY, err_of(CLAIM, POTS_PLAY_TONE, &play));
	stop.cookie = first.cookie + 1;
	EXPECT_EQ(0, err_of(CLAIM, POTS_STOP_DIAL, &stop));
	EXPECT_NE(0, state_of(CLAIM) & POTS_STATE_DIALLING);
	ASSERT_EQ(0, err_of(CLAIM, POTS_DIAL, &second));
	EXPECT_DONE(POTS_DONE_REPLACED, first.cookie, QUEUED_MS);
	stop.cookie = second.cookie;
	EXPECT_EQ(0, err_of(CLAIM, POTS_STOP_DIAL, &stop));
	EXPECT_DONE(POTS_DONE_STOPPED, second.cookie, QUEUED_MS);
	EXPECT_EQ(0, err_of(CLAIM, POTS_STOP_DIAL, &stop));

	first = pulses;
	ASSERT_EQ(0, err_of(CLAIM, POTS_DIAL, &first));
	sleep_ms(30);
	EXPECT_EQ(0, facing_release(&self->facing));
	EXPECT_DONE(POTS_DONE_HOOK, first.cookie, QUEUED_MS);
	EXPECT_EQ(POTS_STATE_CLAIMED, state_of(CLAIM));
}

TEST_F(dial, flashes)
{
	struct pots_flash flash = { .ms = 250 };
	struct pots_dial dial = dtmf;

	EXPECT_EQ(ENOLINK, err_of(CLAIM, POTS_FLASH, &flash));
	ASSERT_EQ(0, facing_seize(&self->facing));
	ASSERT_EQ(0, err_of(CLAIM, POTS_FLASH, &flash));
	EXPECT_NE(0, flash.cookie);
	EXPECT_EQ(EBUSY, err_of(CLAIM, POTS_FLASH, &flash));
	EXPECT_EQ(EBUSY, err_of(CLAIM, POTS_DIAL, &dial));
	EXPECT_DONE(POTS_DONE_FINISHED, flash.cookie, 250 + slack_ms(20));
	ASSERT_TRUE(far_wait(FAR, POTS_SIM_X_CLOSED, POTS_SIM_X_CLOSED, 50));
	ASSERT_TRUE(far_state(FAR, &self->far));
	EXPECT_EQ(1, self->far.flashes);
	EXPECT_GE(self->far.flash.last_us, 249000);
	EXPECT_LE(self->far.flash.last_us, (250 + slack_ms(1)) * 1000);
	EXPECT_TRUE(event_absent(OBSERVER, POTS_EVENT_BATTERY, 600));
	EXPECT_EQ(HOLDING, state_of(CLAIM));

	flash.ms = 0;	/* the setting */
	ASSERT_EQ(0, err_of(CLAIM, POTS_FLASH, &flash));
	EXPECT_DONE(POTS_DONE_FINISHED, flash.cookie, 1000);
	ASSERT_TRUE(far_wait(FAR, POTS_SIM_X_CLOSED, POTS_SIM_X_CLOSED, 50));
	ASSERT_TRUE(far_state(FAR, &self->far));
	EXPECT_GE(self->far.flash.last_us, (self->facing.exchange.flash_ms - 1) * 1000);
}

TEST_F(dial, each_wrong_field_is_refused)
{
	static const struct wrong both[] = {
		WRONG(struct pots_dial, flags, 32, EINVAL),
		WRONG(struct pots_dial, flags, POTS_DIAL_F_MF_R1 | POTS_DIAL_F_MF_R2, EINVAL),
		WRONG(struct pots_dial, flags, 0x80000000, EINVAL),
		WRONG(struct pots_dial, flags, POTS_DIAL_F_BLIND, EINVAL),
		WRONG(struct pots_dial, count, 0, EINVAL),
		WRONG(struct pots_dial, count, POTS_DIAL_MAX + 1, EINVAL),
		WRONG(struct pots_dial, count, -1, EINVAL),
		WRONG(struct pots_dial, count, 3, EINVAL),	/* digits beyond */
		WRONG(struct pots_dial, digit[0], 17, EINVAL),
		WRONG(struct pots_dial, digit[63], 1, EINVAL),
		WRONG(struct pots_dial, pause_ms, 10001, ERANGE),
		WRONG(struct pots_dial, wait_ms, 10001, ERANGE),
		WRONG(struct pots_dial, reserved[0], 1, EINVAL),
		WRONG(struct pots_dial, reserved[4], 1, EINVAL),
	};
	static const struct wrong of_dtmf[] = {
		WRONG(struct pots_dial, flags, POTS_DIAL_F_WAIT_TONE, ERANGE),
		WRONG(struct pots_dial, on_ms, 39, ERANGE),
		WRONG(struct pots_dial, on_ms, 1001, ERANGE),
		WRONG(struct pots_dial, off_ms, 39, ERANGE),
		WRONG(struct pots_dial, off_ms, 1001, ERANGE),
		WRONG(struct pots_dial, level_cdb, 1, ERANGE),
		WRONG(struct pots_dial, level_cdb, -4001, ERANGE),
		WRONG(struct pots_dial, twist_cdb, 601, ERANGE),
		WRONG(struct pots_dial, twist_cdb, -601, ERANGE),
		WRONG(struct pots_dial, break_ms, 60, EINVAL),
		WRONG(struct pots_dial, make_ms, 40, EINVAL),
		WRONG(struct pots_dial, interdigit_ms, 700, EINVAL),
		WRONG(struct pots_dial, pulse_map, 1, EINVAL),
	};
	static const struct wrong of_pulses[] = {
		WRONG(struct pots_dial, digit[0], POTS_DIGIT_STAR, EINVAL),
		WRONG(struct pots_dial, on_ms, 80, EINVAL),
		WRONG(struct pots_dial, off_ms, 80, EINVAL),
		WRONG(struct pots_dial, level_cdb, -900, EINVAL),
		WRONG(struct pots_dial, twist_cdb, 200, EINVAL),
		WRONG(struct pots_dial, break_ms, 9, ERANGE),
		WRONG(struct pots_dial, break_ms, 201, ERANGE),
		WRONG(struct pots_dial, make_ms, 9, ERANGE),
		WRONG(struct pots_dial, make_ms, 201, ERANGE),
		WRONG(struct pots_dial, interdigit_ms, 99, ERANGE),
		WRONG(struct pots_dial, interdigit_ms, 2001, ERANGE),
		WRONG(struct pots_dial, pulse_map, 3, EINVAL),
	};

	ASSERT_EQ(0, facing_seize(&self->facing));
	EXPECT_REFUSED(CLAIM, POTS_DIAL, &dtmf, both);
	EXPECT_REFUSED(CLAIM, POTS_DIAL, &pulses, both);
	EXPECT_REFUSED(CLAIM, POTS_DIAL, &dtmf, of_dtmf);
	EXPECT_REFUSED(CLAIM, POTS_DIAL, &pulses, of_pulses);
	EXPECT_EQ(HOLDING, state_of(CLAIM));
}

TEST_HARNESS_MAIN
