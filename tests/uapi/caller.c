// SPDX-License-Identifier: GPL-2.0-or-later
/* Who calls, as the exchange tells it, and when that is listened to. */
#include "facing.h"

#include "callerid.h"

#include <fcntl.h>
#include <kselftest_harness.h>

FIXTURE(caller) {
	struct facing facing;
	struct pots_event event;
};

FIXTURE_SETUP(caller)
{
	int err = facing_open(&self->facing);

	if (err == ENODEV || self->facing.far < 0)
		SKIP(return, "no port that faces a simulated exchange");
	ASSERT_EQ(0, err);
}

FIXTURE_TEARDOWN(caller)
{
	facing_close(&self->facing);
}

#define OBSERVER	(self->facing.observer)
#define CLAIM		(self->facing.claim)
#define FAR		(self->facing.far)

/* The same for the three signals: FSK octets with their checksum, or digits. */
static void make_message(struct pots_cid *cid, unsigned int signal)
{
	static const uint8_t digits[] = { 13, 5, 5, 5, 1, 2, 3, 4, 14 };	/* B..C */
	static const uint8_t mdmf[] = {
		0x80, 18, 1, 8, '1', '1', '2', '6', '1', '2', '0', '0', 2, 6, '5', '5', '5',
		'1', '2', '3',
	};
	uint8_t sum = 0;

	*cid = (struct pots_cid){ .signal = signal, .level_cdb = -1300, .after_data_ms = 50 };
	if (signal == POTS_CID_DTMF) {
		cid->count = sizeof(digits);
		cid->on_ms = 70;
		cid->off_ms = 70;
		memcpy(cid->data, digits, sizeof(digits));
		return;
	}
	cid->count = sizeof(mdmf) + 1;
	cid->seizure_bits = 300;
	cid->mark_bits = 180;
	cid->stop_bits = 1;
	cid->tail_bits = 20;
	memcpy(cid->data, mdmf, sizeof(mdmf));
	for (size_t i = 0; i < sizeof(mdmf); i++)
		sum += mdmf[i];
	cid->data[sizeof(mdmf)] = -sum;
}

/* What is written waits for its step. */
static bool say_message(int far, const struct pots_cid *cid)
{
	static int16_t samples[8000 * 4];
	struct pots_callerid player;
	unsigned int count = pots_callerid_samples(cid);

	pots_callerid_start(&player, cid, 0);
	pots_callerid_render(&player, samples, count);
	return write(far, samples, count * sizeof(*samples)) ==
	       (ssize_t)(count * sizeof(*samples));
}

static unsigned int signal_now;

static void after_the_ring(struct pots_exchange *exchange)
{
	exchange->flags = POTS_EXCHANGE_F_CID_RING;
	exchange->cid_signal = signal_now;
}

static void after_the_reversal(struct pots_exchange *exchange)
{
	exchange->flags = POTS_EXCHANGE_F_CID_REVERSAL;
	exchange->cid_signal = signal_now;
}

static void at_any_time(struct pots_exchange *exchange)
{
	exchange->flags = POTS_EXCHANGE_F_CID_ALWAYS;
	exchange->cid_signal = signal_now;
}

#define EXPECT_CALLER(cid) do {						\
	struct pots_caller_id caller_;					\
									\
	EXPECT_TRUE(event_wait(OBSERVER, POTS_EVENT_CALLER_ID, &self->event, 6000)) { \
		TH_LOG("signal %u", (cid)->signal);			\
	}								\
	EXPECT_EQ((cid)->count, self->event.value);			\
	EXPECT_EQ((cid)->signal, self->event.extra);			\
	EXPECT_EQ(0, err_of(CLAIM, POTS_READ_CID, &caller_));		\
	EXPECT_EQ((cid)->count, caller_.count);				\
	EXPECT_EQ((cid)->signal, caller_.signal);			\
	EXPECT_EQ(0, memcmp(caller_.data, (cid)->data, sizeof(caller_.data))); \
	EXPECT_EQ(self->event.timestamp_ns, caller_.timestamp_ns);	\
	EXPECT_GE(self->event.timestamp_ns + slack_ms(30) * NS_PER_MS, now_ns()); \
} while (0)

TEST_F_TIMEOUT(caller, who_calls_between_two_bursts, 90)
{
	static const struct pots_sim_step steps[] = {
		{ .kind = POTS_SIM_STEP_RING, .on_us = 2000000, .off_us = 600000 },
		{ .kind = POTS_SIM_STEP_SPEAK },
		{ .kind = POTS_SIM_STEP_WAIT, .on_us = 500000 },
		{ .kind = POTS_SIM_STEP_RING, .on_us = 2000000, .off_us = 1000000 },
	};
	int other = port_open(self->facing.id, O_RDONLY);
	struct pots_cid cid;

	ASSERT_GE(other, 0);
	event_drain(other);
	for (signal_now = POTS_CID_BELL202; signal_now <= POTS_CID_DTMF; signal_now++) {
		make_message(&cid, signal_now);
		ASSERT_EQ(0, facing_set(&self->facing, after_the_ring));
		ASSERT_TRUE(far_steps(FAR, steps, ARRAY_SIZE(steps)));
		ASSERT_TRUE(say_message(FAR, &cid));
		EXPECT_CALLER(&cid);
		/* it goes on ringing, unheard */
		EXPECT_TRUE(far_wait(FAR, POTS_SIM_X_TICKING, 0, 1500));
		EXPECT_TRUE(event_wait(OBSERVER, POTS_EVENT_RING_END, NULL, 20000));
	}
	EXPECT_FALSE(event_wait(other, POTS_EVENT_CALLER_ID, NULL, 0));
	close(other);
}

TEST_F_TIMEOUT(caller, who_calls_after_a_reversal, 60)
{
	static const struct pots_sim_step steps[] = {
		{ .kind = POTS_SIM_STEP_POLARITY, .count = 1 },
		{ .kind = POTS_SIM_STEP_WAIT, .on_us = 300000 },
		{ .kind = POTS_SIM_STEP_SPEAK },
	};
	struct pots_cid cid;

	for (signal_now = POTS_CID_BELL202; signal_now <= POTS_CID_DTMF; signal_now++) {
		make_message(&cid, signal_now);
		ASSERT_EQ(0, facing_set(&self->facing, after_the_reversal));
		ASSERT_TRUE(far_steps(FAR, steps, ARRAY_SIZE(steps)));
		ASSERT_TRUE(say_message(FAR, &cid));
		EXPECT_CALLER(&cid);
		ASSERT_TRUE(far_do(FAR, POTS_SIM_STEP_POLARITY, 0, 0, 0));
		EXPECT_TRUE(event_wait(OBSERVER, POTS_EVENT_POLARITY, NULL, 1000));
		sleep_ms(7000);
		EXPECT_TRUE(far_wait(FAR, POTS_SIM_X_TICKING, 0, 0));
	}
}

/* ---------------------------------------------- by answering short rings --- */

static void by_answering(struct pots_exchange *exchange)
{
	exchange->flags = POTS_EXCHANGE_F_CID_ANSWER;
	exchange->cid_signal = POTS_CID_V23;
}

/* Type, length, parameter, and the frame around them: even parity, CRC. */
static void make_framed(struct pots_cid *cid)
{
	static const uint8_t octets[] = {
		0x90, 0x81, 0x87, 0x90, 0x82, 0xc0, 0x0c, 0x82, 0x0a, 0x30, 0x33, 0xb1, 0xb2,
		0x33, 0xb4, 0x35, 0x36, 0xb7, 0xb8, 0x90, 0x03, 0xfb, 0x52,
	};

	*cid = (struct pots_cid){
		.signal = POTS_CID_V23, .level_cdb = -1350, .before_data_ms = 500,
		.mark_bits = 75, .stop_bits = 4, .tail_bits = 4, .count = sizeof(octets),
	};
	memcpy(cid->data, octets, sizeof(octets));
}

/* Five of them, half a second each, unless they are answered. */
static bool rings_short(int far)
{
	struct pots_sim_step steps[5];

	for (unsigned int i = 0; i < 5; i++)
		steps[i] = (struct pots_sim_step){
			.kind = POTS_SIM_STEP_RING, .on_us = 500000, .off_us = 500000,
		};
	return far_steps(far, steps, 5);
}

/* The owner has heard of so many bursts, and of nothing else. */
#define EXPECT_BURSTS_UNTIL(type_, bursts_) do {			\
	unsigned int begun_ = 0;					\
									\
	while (event_next(OBSERVER, &self->event, 10000) && self->event.type != (type_)) { \
		EXPECT_EQ(POTS_EVENT_RING_BURST, self->event.type);	\
		begun_ += self->event.value;				\
	}								\
	EXPECT_EQ((type_), self->event.type);				\
	EXPECT_EQ((bursts_), begun_);					\
} while (0)

TEST_F_TIMEOUT(caller, who_calls_when_short_rings_are_answered, 60)
{
	static const uint8_t told[] = { 0x40, 12, 2, 10, '0', '3', '1', '2', '3', '4', '5', '6',
					'7', '8' };
	struct pots_sim_exchange_state far;
	struct pots_caller_id caller;
	struct pots_seize seize = {};
	struct pots_cid cid;
	uint32_t rings;

	make_framed(&cid);
	ASSERT_EQ(0, facing_set(&self->facing, by_answering));
	ASSERT_TRUE(far_state(FAR, &far));
	rings = far.rings;
	event_drain(OBSERVER);
	ASSERT_TRUE(rings_short(FAR));
	ASSERT_TRUE(far_wait(FAR, POTS_SIM_X_SEIZED, POTS_SIM_X_SEIZED, 3000));
	ASSERT_TRUE(far_state(FAR, &far));
	EXPECT_EQ(rings + 2, far.rings);
	/* nobody knows that the line is held */
	EXPECT_EQ(POTS_STATE_RINGING, state_of(CLAIM) & (POTS_STATE_RINGING | POTS_STATE_OFF_HOOK));
	ASSERT_TRUE(say_message(FAR, &cid));
	ASSERT_TRUE(far_wait(FAR, POTS_SIM_X_CLOSED, 0, 1500));
	EXPECT_EQ(POTS_STATE_RINGING, state_of(CLAIM) & (POTS_STATE_RINGING | POTS_STATE_OFF_HOOK));
	ASSERT_TRUE(far_wait(FAR, POTS_SIM_X_SEIZED, 0, 1500));
	ASSERT_TRUE(far_do(FAR, POTS_SIM_STEP_RING, 1, 1000, 2000));
	EXPECT_BURSTS_UNTIL(POTS_EVENT_CALLER_ID, 3);
	EXPECT_EQ(sizeof(told), self->event.value);
	EXPECT_EQ(POTS_CID_V23, self->event.extra);
	ASSERT_EQ(0, err_of(CLAIM, POTS_READ_CID, &caller));
	EXPECT_EQ(sizeof(told), caller.count);
	EXPECT_EQ(0, memcmp(told, caller.data, sizeof(told)));

	/* now it may be answered */
	ASSERT_EQ(0, err_of(CLAIM, POTS_SEIZE, &seize));
	ASSERT_TRUE(event_wait(OBSERVER, POTS_EVENT_OFF_HOOK, &self->event, 1000));
	EXPECT_EQ(POTS_OFF_HOOK_ANSWERED, self->event.value);
	EXPECT_TRUE(far_wait(FAR, POTS_SIM_X_ANSWERED, POTS_SIM_X_ANSWERED, 1000));
	EXPECT_EQ(0, facing_release(&self->facing));
}

/* It is given back, rings on, and is not taken again; then the caller gives up. */
TEST_F_TIMEOUT(caller, short_rings_and_no_message, 60)
{
	struct pots_sim_exchange_state far;
	uint32_t seizures;

	ASSERT_EQ(0, facing_set(&self->facing, by_answering));
	ASSERT_TRUE(far_state(FAR, &far));
	seizures = far.seizures;
	event_drain(OBSERVER);
	ASSERT_TRUE(rings_short(FAR));
	ASSERT_TRUE(far_wait(FAR, POTS_SIM_X_CLOSED, POTS_SIM_X_CLOSED, 3000));
	EXPECT_FALSE(far_wait(FAR, POTS_SIM_X_CLOSED, 0, 3500));
	EXPECT_TRUE(far_wait(FAR, POTS_SIM_X_CLOSED, 0, 1000));
	ASSERT_TRUE(far_wait(FAR, POTS_SIM_X_SEIZED, 0, 1500));
	ASSERT_TRUE(rings_short(FAR));
	EXPECT_BURSTS_UNTIL(POTS_EVENT_RING_END, 7);
	ASSERT_TRUE(far_state(FAR, &far));
	EXPECT_EQ(seizures + 1, far.seizures);
	EXPECT_EQ(0, state_of(CLAIM) & POTS_STATE_RINGING);
}

TEST_F_TIMEOUT(caller, other_rings_are_not_answered, 60)
{
	static const struct pots_sim_step cadences[] = {
		{ .kind = POTS_SIM_STEP_RING, .on_us = 1000000, .off_us = 2000000 },
		{ .kind = POTS_SIM_STEP_RING, .on_us = 1000000, .off_us = 2000000 },
		{ .kind = POTS_SIM_STEP_RING, .on_us = 400000, .off_us = 200000 },
		{ .kind = POTS_SIM_STEP_RING, .on_us = 400000, .off_us = 2000000 },
	};

	ASSERT_EQ(0, facing_set(&self->facing, by_answering));
	ASSERT_TRUE(far_steps(FAR, cadences, ARRAY_SIZE(cadences)));
	EXPECT_FALSE(far_wait(FAR, POTS_SIM_X_CLOSED, POTS_SIM_X_CLOSED, 12000));
	ASSERT_TRUE(event_wait(OBSERVER, POTS_EVENT_RING_END, NULL, 12000));
	signal_now = POTS_CID_V23;
	ASSERT_EQ(0, facing_set(&self->facing, after_the_ring));
	ASSERT_TRUE(rings_short(FAR));
	EXPECT_FALSE(far_wait(FAR, POTS_SIM_X_CLOSED, POTS_SIM_X_CLOSED, 6000));
}

TEST_F_TIMEOUT(caller, seized_or_let_go_while_it_is_told, 60)
{
	struct pots_seize seize = {};

	ASSERT_EQ(0, facing_set(&self->facing, by_answering));
	ASSERT_TRUE(rings_short(FAR));
	ASSERT_TRUE(far_wait(FAR, POTS_SIM_X_CLOSED, POTS_SIM_X_CLOSED, 3000));
	/* When its own hook excuses a low voltage no more: it is not somebody else's. */
	sleep_ms(1500);
	ASSERT_EQ(0, err_of(CLAIM, POTS_SEIZE, &seize));
	ASSERT_TRUE(event_wait(OBSERVER, POTS_EVENT_OFF_HOOK, &self->event, 1000));
	EXPECT_EQ(POTS_OFF_HOOK_ANSWERED, self->event.value);
	EXPECT_FALSE(far_wait(FAR, POTS_SIM_X_CLOSED, 0, 5000));
	ASSERT_EQ(0, facing_release(&self->facing));
	ASSERT_TRUE(far_wait(FAR, POTS_SIM_X_SEIZED, 0, 1500));

	ASSERT_TRUE(rings_short(FAR));
	ASSERT_TRUE(far_wait(FAR, POTS_SIM_X_CLOSED, POTS_SIM_X_CLOSED, 3000));
	close(CLAIM);
	EXPECT_TRUE(far_wait(FAR, POTS_SIM_X_CLOSED, 0, 200));
	CLAIM = port_claim(OBSERVER, 0);
	ASSERT_GE(CLAIM, 0);
	EXPECT_FALSE(far_wait(FAR, POTS_SIM_X_CLOSED, POTS_SIM_X_CLOSED, 5000));
}

static void by_answering_and_listening(struct pots_exchange *exchange)
{
	by_answering(exchange);
	exchange->flags |= POTS_EXCHANGE_F_CID_RING;
}

static void by_answering_digits(struct pots_exchange *exchange)
{
	by_answering(exchange);
	exchange->cid_signal = POTS_CID_DTMF;
}

static void by_answering_nothing(struct pots_exchange *exchange)
{
	by_answering(exchange);
	exchange->cid_signal = 0;
}

TEST_F(caller, what_cannot_be_told_by_answering)
{
	EXPECT_EQ(EINVAL, facing_set(&self->facing, by_answering_and_listening));
	EXPECT_EQ(EINVAL, facing_set(&self->facing, by_answering_digits));
	EXPECT_EQ(EINVAL, facing_set(&self->facing, by_answering_nothing));
}

TEST_F(caller, who_calls_without_a_sign)
{
	struct pots_cid cid;

	for (signal_now = POTS_CID_BELL202; signal_now <= POTS_CID_DTMF; signal_now++) {
		make_message(&cid, signal_now);
		ASSERT_EQ(0, facing_set(&self->facing, at_any_time));
		sleep_ms(300);
		ASSERT_TRUE(say_message(FAR, &cid));
		EXPECT_CALLER(&cid);
	}
}

/* What was not a message is not told, and what was is not told to others. */
TEST_F(caller, a_wrong_checksum_tells_nothing)
{
	struct pots_cid cid;
	int other = port_open(self->facing.id, O_RDONLY);

	signal_now = POTS_CID_V23;
	make_message(&cid, signal_now);
	cid.data[10] ^= 1;
	ASSERT_EQ(0, facing_set(&self->facing, at_any_time));
	sleep_ms(300);
	ASSERT_TRUE(say_message(FAR, &cid));
	EXPECT_TRUE(event_absent(OBSERVER, POTS_EVENT_CALLER_ID, 3000));
	cid.data[10] ^= 1;
	ASSERT_TRUE(say_message(FAR, &cid));
	EXPECT_CALLER(&cid);
	EXPECT_FALSE(event_wait(other, POTS_EVENT_CALLER_ID, NULL, 0));
	close(other);
}

/* ------------------------------------------------------------ what is not --- */

static void at_no_time(struct pots_exchange *exchange)
{
	exchange->flags = 0;
	exchange->cid_signal = signal_now;
}

static void by_no_signal(struct pots_exchange *exchange)
{
	exchange->flags = POTS_EXCHANGE_F_CID_RING | POTS_EXCHANGE_F_CID_REVERSAL |
			  POTS_EXCHANGE_F_CID_ALWAYS;
	exchange->cid_signal = 0;
}

/* Rings and turns its polarity: the highway stands still all the while. */
static void expect_nobody_listens(struct __test_metadata *_metadata, int far, int observer)
{
	ASSERT_TRUE(far_do(far, POTS_SIM_STEP_POLARITY, 1, 0, 0));
	EXPECT_TRUE(event_wait(observer, POTS_EVENT_POLARITY, NULL, 1000));
	EXPECT_FALSE(far_wait(far, POTS_SIM_X_TICKING, POTS_SIM_X_TICKING, 300));
	ASSERT_TRUE(far_do(far, POTS_SIM_STEP_POLARITY, 0, 0, 0));
	EXPECT_TRUE(event_wait(observer, POTS_EVENT_POLARITY, NULL, 1000));
	ASSERT_TRUE(far_do(far, POTS_SIM_STEP_RING, 1, 1000, 1000));
	EXPECT_TRUE(event_wait(observer, POTS_EVENT_RING_BURST, NULL, 1000));
	EXPECT_FALSE(far_wait(far, POTS_SIM_X_TICKING, POTS_SIM_X_TICKING, 1500));
}

TEST_F_TIMEOUT(caller, is_listened_to_as_it_was_asked_for, 60)
{
	sleep_ms(10500);	/* no message of before is of this call */
	signal_now = POTS_CID_BELL202;
	ASSERT_EQ(0, facing_set(&self->facing, at_no_time));
	expect_nobody_listens(_metadata, FAR, OBSERVER);
	ASSERT_EQ(0, facing_set(&self->facing, by_no_signal));
	expect_nobody_listens(_metadata, FAR, OBSERVER);
}

TEST_F(caller, is_not_looked_for_in_a_call)
{
	struct pots_cid cid;

	signal_now = POTS_CID_BELL202;
	make_message(&cid, signal_now);
	ASSERT_EQ(0, facing_set(&self->facing, at_any_time));
	ASSERT_EQ(0, facing_seize(&self->facing));
	sleep_ms(500);
	ASSERT_TRUE(far_do(FAR, POTS_SIM_STEP_TONE, POTS_SIM_TONE_NONE, 0, 0));
	ASSERT_TRUE(say_message(FAR, &cid));
	EXPECT_TRUE(event_absent(OBSERVER, POTS_EVENT_CALLER_ID, 3000));
}

/* ------------------------------------------------------- of which call it is --- */

static void ringing_is_over_soon(struct pots_exchange *exchange)
{
	exchange->flags = POTS_EXCHANGE_F_CID_REVERSAL;
	exchange->cid_signal = signal_now;
	exchange->ring_timeout_ms = 1000;
}

static bool tells_and_waits(int far, const struct pots_cid *cid, int observer)
{
	static const struct pots_sim_step steps[] = {
		{ .kind = POTS_SIM_STEP_POLARITY, .count = 2 },
		{ .kind = POTS_SIM_STEP_WAIT, .on_us = 300000 },
		{ .kind = POTS_SIM_STEP_SPEAK },
	};

	return far_steps(far, steps, ARRAY_SIZE(steps)) && say_message(far, cid) &&
	       event_wait(observer, POTS_EVENT_CALLER_ID, NULL, 6000);
}

static bool rings_once(int far, int observer)
{
	return far_do(far, POTS_SIM_STEP_RING, 1, 500, 500) &&
	       event_wait(observer, POTS_EVENT_RING_BURST, NULL, 1000);
}

TEST_F_TIMEOUT(caller, told_before_it_rings, 60)
{
	struct pots_caller_id caller;
	struct pots_cid cid;

	signal_now = POTS_CID_V23;
	make_message(&cid, signal_now);
	ASSERT_EQ(0, facing_set(&self->facing, ringing_is_over_soon));
	ASSERT_TRUE(tells_and_waits(FAR, &cid, OBSERVER));
	sleep_ms(2000);
	ASSERT_TRUE(rings_once(FAR, OBSERVER));
	EXPECT_EQ(0, err_of(CLAIM, POTS_READ_CID, &caller));
	EXPECT_EQ(cid.count, caller.count);
	/* he gives up, and somebody else calls at once */
	ASSERT_TRUE(event_wait(OBSERVER, POTS_EVENT_RING_END, NULL, 3000));
	EXPECT_EQ(0, err_of(CLAIM, POTS_READ_CID, &caller));
	ASSERT_TRUE(rings_once(FAR, OBSERVER));
	EXPECT_EQ(ENODATA, err_of(CLAIM, POTS_READ_CID, &caller));
	ASSERT_TRUE(event_wait(OBSERVER, POTS_EVENT_RING_END, NULL, 3000));

	ASSERT_TRUE(tells_and_waits(FAR, &cid, OBSERVER));
	EXPECT_EQ(0, err_of(CLAIM, POTS_READ_CID, &caller));
	sleep_ms(10500);
	ASSERT_TRUE(rings_once(FAR, OBSERVER));
	EXPECT_EQ(ENODATA, err_of(CLAIM, POTS_READ_CID, &caller));
}

/* A call that is not told of has nobody's name. */
TEST_F(caller, told_between_bursts_of_the_call_before)
{
	static const struct pots_sim_step steps[] = {
		{ .kind = POTS_SIM_STEP_RING, .on_us = 500000, .off_us = 600000 },
		{ .kind = POTS_SIM_STEP_SPEAK },
	};
	struct pots_caller_id caller;
	struct pots_cid cid;

	signal_now = POTS_CID_BELL202;
	make_message(&cid, signal_now);
	ASSERT_EQ(0, facing_set(&self->facing, after_the_ring));
	ASSERT_TRUE(far_steps(FAR, steps, ARRAY_SIZE(steps)));
	ASSERT_TRUE(say_message(FAR, &cid));
	EXPECT_CALLER(&cid);
	ASSERT_TRUE(event_wait(OBSERVER, POTS_EVENT_RING_END, NULL, 10000));
	EXPECT_EQ(0, err_of(CLAIM, POTS_READ_CID, &caller));
	ASSERT_TRUE(rings_once(FAR, OBSERVER));
	EXPECT_EQ(ENODATA, err_of(CLAIM, POTS_READ_CID, &caller));
}

TEST_HARNESS_MAIN
