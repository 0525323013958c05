// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Telephones with a display as Japan has them: one answers ringing pulses by itself,
 * is told who calls, hangs up, and rings. The test is that telephone.
 */
#include "port.h"

#include <kselftest_harness.h>
#include <spandsp.h>
#include <unistd.h>

#include "../cid_ear.h"
#include "../jclip.h"
#include "expect.h"

#define BELL		POTS_SIM_STATE_RINGING
#define REVERSED	POTS_SIM_STATE_REVERSED
#define HEARD_MAX	(4 * POTS_RATE_HZ)
#define DATA_MS		500	/* 315 of sound, and what the highway holds */

static const char told[] = "\x10\x01\x07\x10\x02\x40\x0c\x02\x0a" "0312345678" "\x10\x03";

FIXTURE(display) {
	struct line line;
	struct pots_ring_cid both;
	struct pots_event event;
	struct pots_sim_state phone;
	int tap;
	int16_t heard[HEARD_MAX];
	size_t count;
};

static void fill(struct pots_cid *cid)
{
	cid->count = sizeof(told) - 1;
	memcpy(cid->data, told, cid->count);
	jclip_finish(cid);
}

FIXTURE_SETUP(display)
{
	uint32_t how = POTS_SIM_LISTEN_LINE;

	self->both = (struct pots_ring_cid){
		.ring = { .count = 1, .on_ms = { 1000 }, .off_ms = { 2000 } },
		.cid = {
			.flags = POTS_CID_F_REVERSE | POTS_CID_F_RING_PULSE,
			.signal = POTS_CID_V23, .level_cdb = -1350, .before_alert_ms = 250,
			.pulses = 5, .alert_ms = 500, .pulse_off_ms = 500, .hangup_ms = 1000,
			.before_data_ms = 200, .mark_bits = 75, .stop_bits = 4, .tail_bits = 4,
		},
	};
	fill(&self->both.cid);
	self->tap = -1;
	self->count = 0;
	ASSERT_EQ(0, line_open(&self->line, 0));
	if (!(self->line.info.caps & POTS_CAP_SPEECH) || self->line.phone < 0)
		SKIP(return, "this port has no telephone, or no speech for it");
	self->tap = phone_open(self->line.id);
	ASSERT_EQ(0, err_of(self->tap, POTS_SIM_LISTEN, &how));
}

FIXTURE_TEARDOWN(display)
{
	if (self->tap >= 0)
		close(self->tap);
	line_close(&self->line);
}

static bool bell(FIXTURE_DATA(display) *self, bool on)
{
	return phone_wait(self->line.phone, BELL, on ? BELL : 0, SETTLE_MS) &&
	       phone_state(self->line.phone, &self->phone);
}

/* The first pulse is answered while it rings. */
static bool answer_pulse(FIXTURE_DATA(display) *self)
{
	return !ioctl(self->line.claim, POTS_RING_CID, &self->both) && bell(self, true) &&
	       phone_lift(self->line.phone);
}

/* What is on the wire, for so long. */
static void hear(FIXTURE_DATA(display) *self, unsigned int ms)
{
	self->count += phone_record(self->tap, self->heard + self->count,
				    HEARD_MAX - self->count, ms);
	phone_state(self->tap, &self->phone);
}

/* Until the sound on the wire begins, or ends. */
static bool hear_sound(FIXTURE_DATA(display) *self, bool on)
{
	return phone_wait(self->line.phone, POTS_SIM_STATE_SOUND, on ? POTS_SIM_STATE_SOUND : 0,
			  SETTLE_MS);
}

#define EXPECT_TOLD() do {						\
	struct cid_message message_;					\
									\
	cid_spandsp(ADSI_STANDARD_JCLIP, self->heard, self->count, &message_); \
	EXPECT_EQ(1, message_.count);					\
	EXPECT_EQ(sizeof(told) - 1, message_.length);			\
	EXPECT_EQ(0, memcmp(told, message_.octet, sizeof(told) - 1));	\
} while (0)

/* Nobody is told of the hook: the next event but announcements is the one of @type. */
#define EXPECT_NO_HOOK_UNTIL(type_) do {				\
	do {								\
		ASSERT_TRUE(event_next(self->line.observer, &self->event, SETTLE_MS)); \
		EXPECT_NE(POTS_EVENT_OFF_HOOK, self->event.type);	\
		EXPECT_NE(POTS_EVENT_ON_HOOK, self->event.type);	\
		EXPECT_NE(POTS_EVENT_HOOK_EDGE, self->event.type);	\
		EXPECT_NE(POTS_EVENT_FLASH, self->event.type);		\
		EXPECT_NE(POTS_EVENT_PULSE_DIGIT, self->event.type);	\
		EXPECT_NE(POTS_EVENT_PARKED, self->event.type);		\
	} while (self->event.type != (type_));				\
} while (0)

TEST_F(display, each_wrong_field_is_refused)
{
	const struct wrong wrong[] = {
		WRONG(struct pots_ring_cid, cid.flags, POTS_CID_F_REVERSE, EINVAL),
		WRONG(struct pots_ring_cid, cid.signal, POTS_CID_DTMF, EINVAL),
		WRONG(struct pots_ring_cid, cid.pulses, 0, EINVAL),
		WRONG(struct pots_ring_cid, cid.pulses, 11, ERANGE),
		WRONG(struct pots_ring_cid, cid.pulse_off_ms, 99, ERANGE),
		WRONG(struct pots_ring_cid, cid.pulse_off_ms, 5001, ERANGE),
		WRONG(struct pots_ring_cid, cid.hangup_ms, 99, ERANGE),
		WRONG(struct pots_ring_cid, cid.hangup_ms, 10001, ERANGE),
		WRONG(struct pots_ring_cid, cid.bursts, 1, EINVAL),
		WRONG(struct pots_ring_cid, cid.ack_ms, 160, EINVAL),
	};

	EXPECT_REFUSED(self->line.claim, POTS_RING_CID, &self->both, wrong);
	EXPECT_EQ(0, state_of(self->line.claim) & POTS_STATE_RINGING);
	/* who receives is rung afterwards */
	EXPECT_EQ(EINVAL, err_of(self->line.claim, POTS_SEND_CID, &self->both.cid));
}

TEST_F(display, it_is_told_hangs_up_and_rings)
{
	uint64_t hung_ns, lifted_ns, reversed_ns;
	struct cid_fsk fsk;

	event_drain(self->line.observer);
	ASSERT_EQ(0, err_of(self->line.claim, POTS_RING_CID, &self->both));
	ASSERT_TRUE(phone_state(self->line.phone, &self->phone));
	EXPECT_NE(0, self->phone.state & REVERSED);
	reversed_ns = self->phone.polarity_ns;
	ASSERT_TRUE(bell(self, true));
	EXPECT_WITHIN(250, (self->phone.ring_start_ns - reversed_ns) / 1e6, 280);
	ASSERT_TRUE(phone_lift(self->line.phone));
	hear(self, 200 + DATA_MS);
	lifted_ns = self->phone.hook_ns;
	EXPECT_GE(abs(self->phone.loop_ua), 15000);
	EXPECT_NE(0, self->phone.state & REVERSED);
	EXPECT_EQ(POTS_STATE_RINGING, state_of(self->line.claim) &
		  (POTS_STATE_RINGING | POTS_STATE_OFF_HOOK | POTS_STATE_PARKED));
	EXPECT_TOLD();
	ASSERT_TRUE(cid_fsk(self->heard, self->count, 1300, 2100, 0, &fsk));
	EXPECT_EQ(self->both.cid.count, fsk.octets);
	EXPECT_WITHIN(72, fsk.mark_bits, 78);
	EXPECT_WITHIN(200, self->phone.ear_first_ns / 1e6 + fsk.start / 8 - lifted_ns / 1e6, 270);

	ASSERT_TRUE(phone_hang(self->line.phone));
	EXPECT_NO_HOOK_UNTIL(POTS_EVENT_CID_DONE);
	EXPECT_EQ(POTS_DONE_FINISHED, self->event.value);
	EXPECT_EQ(self->both.cid.cookie, self->event.cookie);
	ASSERT_TRUE(bell(self, true));
	hung_ns = self->phone.hook_ns;
	EXPECT_WITHIN(200, (self->phone.ring_start_ns - hung_ns) / 1e6, 260);
	ASSERT_TRUE(bell(self, false));
	EXPECT_WITHIN(995, (self->phone.ring_end_ns - self->phone.ring_start_ns) / 1e6, 1010);
	EXPECT_EQ(0, state_of(self->line.claim) & POTS_STATE_OFF_HOOK);

	/* now it is a subscriber who lifts */
	ASSERT_TRUE(phone_lift(self->line.phone));
	EXPECT_DONE(POTS_EVENT_OFF_HOOK, POTS_OFF_HOOK_ANSWERED, 0);
	EXPECT_DONE(POTS_EVENT_RING_DONE, POTS_DONE_HOOK, self->both.ring.cookie);
	EXPECT_NE(0, state_of(self->line.claim) & POTS_STATE_OFF_HOOK);
}

TEST_F(display, it_may_answer_between_two_pulses)
{
	ASSERT_EQ(0, err_of(self->line.claim, POTS_RING_CID, &self->both));
	for (int pulse = 0; pulse < 2; pulse++) {
		ASSERT_TRUE(bell(self, true));
		ASSERT_TRUE(bell(self, false));
	}
	event_drain(self->line.observer);
	ASSERT_TRUE(phone_lift(self->line.phone));
	hear(self, 250 + DATA_MS);
	EXPECT_TOLD();
	EXPECT_EQ(0, self->phone.state & BELL);
	ASSERT_TRUE(phone_hang(self->line.phone));
	EXPECT_NO_HOOK_UNTIL(POTS_EVENT_CID_DONE);
	EXPECT_EQ(POTS_DONE_FINISHED, self->event.value);
	EXPECT_TRUE(bell(self, true));
}

TEST_F(display, one_that_does_not_answer_rings_without)
{
	uint64_t first_ns = 0;
	uint32_t rings;

	ASSERT_TRUE(phone_state(self->line.phone, &self->phone));
	rings = self->phone.rings;
	ASSERT_EQ(0, err_of(self->line.claim, POTS_RING_CID, &self->both));
	for (int pulse = 0; pulse < 5; pulse++) {
		ASSERT_TRUE(bell(self, true));
		if (!first_ns)
			first_ns = self->phone.ring_start_ns;
		ASSERT_TRUE(bell(self, false));
		EXPECT_WITHIN(500, (self->phone.ring_end_ns - self->phone.ring_start_ns) / 1e6,
			      510);
	}
	EXPECT_EQ(rings + 5, self->phone.rings);
	ASSERT_TRUE(bell(self, true));
	EXPECT_WITHIN(5000, (self->phone.ring_start_ns - first_ns) / 1e6, 5060);
	EXPECT_DONE(POTS_EVENT_CID_DONE, POTS_DONE_TIMEOUT, self->both.cid.cookie);
	ASSERT_TRUE(bell(self, false));
	EXPECT_WITHIN(995, (self->phone.ring_end_ns - self->phone.ring_start_ns) / 1e6, 1010);
}

TEST_F(display, a_subscriber_who_lifts_has_answered)
{
	ASSERT_TRUE(answer_pulse(self));
	hear(self, 200 + DATA_MS);
	EXPECT_EQ(0, state_of(self->line.claim) & POTS_STATE_OFF_HOOK);
	/* as long as a telephone may take, and then it is a call */
	EXPECT_DONE(POTS_EVENT_OFF_HOOK, POTS_OFF_HOOK_ANSWERED, 0);
	EXPECT_WITHIN(1000, (self->event.timestamp_ns - self->phone.sound_end_ns) / 1e6, 1060);
	EXPECT_DONE(POTS_EVENT_CID_DONE, POTS_DONE_FINISHED, self->both.cid.cookie);
	EXPECT_DONE(POTS_EVENT_RING_DONE, POTS_DONE_HOOK, self->both.ring.cookie);
	EXPECT_EQ(POTS_STATE_OFF_HOOK, state_of(self->line.claim) &
		  (POTS_STATE_RINGING | POTS_STATE_OFF_HOOK | POTS_STATE_PARKED));
	ASSERT_TRUE(phone_state(self->line.phone, &self->phone));
	EXPECT_EQ(0, self->phone.state & (BELL | REVERSED));
	ASSERT_TRUE(line_hang(&self->line));
}

/* At the very end of its time, and a little beyond: a hang-up is one. */
TEST_F(display, one_that_hangs_up_late_has_not_answered)
{
	self->both.cid.hangup_ms = 400;
	event_drain(self->line.observer);
	ASSERT_TRUE(answer_pulse(self));
	ASSERT_TRUE(hear_sound(self, true));
	ASSERT_TRUE(hear_sound(self, false));
	hear(self, 330);
	ASSERT_TRUE(phone_hang(self->line.phone));
	EXPECT_NO_HOOK_UNTIL(POTS_EVENT_CID_DONE);
	EXPECT_EQ(POTS_DONE_FINISHED, self->event.value);
	EXPECT_TRUE(bell(self, true));
}

TEST_F(display, one_that_hangs_up_too_soon_rings_all_the_same)
{
	event_drain(self->line.observer);
	ASSERT_TRUE(answer_pulse(self));
	ASSERT_TRUE(hear_sound(self, true));
	ASSERT_TRUE(phone_hang(self->line.phone));
	EXPECT_NO_HOOK_UNTIL(POTS_EVENT_CID_DONE);
	EXPECT_EQ(POTS_DONE_HOOK, self->event.value);
	ASSERT_TRUE(bell(self, true));
	/* 200 ms are no flash, and what the highway held is not heard on the ringing line */
	EXPECT_WITHIN(200, (self->phone.ring_start_ns - self->phone.hook_ns) / 1e6, 260);
}

TEST_F(display, its_flash_and_its_digits_are_nobodys)
{
	self->both.cid.hangup_ms = 5000;
	event_drain(self->line.observer);
	ASSERT_TRUE(answer_pulse(self));
	hear(self, 200 + DATA_MS);
	EXPECT_TOLD();
	ASSERT_TRUE(phone_flash(self->line.phone, 150000));
	hear(self, 300);
	ASSERT_TRUE(phone_dial(self->line.phone, 3, 60000, 40000));
	ASSERT_TRUE(phone_wait(self->line.phone, POTS_SIM_STATE_BUSY, 0, SETTLE_MS));
	ASSERT_TRUE(phone_hang(self->line.phone));
	EXPECT_NO_HOOK_UNTIL(POTS_EVENT_CID_DONE);
	EXPECT_EQ(POTS_DONE_FINISHED, self->event.value);
	EXPECT_TRUE(bell(self, true));
}

/* A call that is abandoned while the telephone receives leaves it parked, not calling. */
TEST_F(display, abandoned_it_comes_to_rest)
{
	ASSERT_TRUE(answer_pulse(self));
	ASSERT_TRUE(hear_sound(self, true));
	ASSERT_EQ(0, err_of(self->line.claim, POTS_STOP_RING, &(struct pots_stop){}));
	EXPECT_DONE(POTS_EVENT_PARKED, 1, 0);
	EXPECT_DONE(POTS_EVENT_CID_DONE, POTS_DONE_STOPPED, self->both.cid.cookie);
	EXPECT_DONE(POTS_EVENT_RING_DONE, POTS_DONE_STOPPED, self->both.ring.cookie);
	EXPECT_TRUE(hear_sound(self, false));
	hear(self, 300);
	EXPECT_EQ(POTS_STATE_OFF_HOOK | POTS_STATE_PARKED, state_of(self->line.claim) &
		  (POTS_STATE_RINGING | POTS_STATE_OFF_HOOK | POTS_STATE_PARKED));
	EXPECT_EQ(0, self->phone.state & REVERSED);
	ASSERT_TRUE(phone_hang(self->line.phone));
	EXPECT_DONE(POTS_EVENT_PARKED, 0, 0);
	EXPECT_TRUE(event_absent(self->line.observer, POTS_EVENT_OFF_HOOK, 500));

	/* and can be called again */
	self->count = 0;
	ASSERT_TRUE(answer_pulse(self));
	hear(self, 200 + DATA_MS);
	EXPECT_TOLD();
	ASSERT_TRUE(phone_hang(self->line.phone));
	EXPECT_TRUE(bell(self, true));
}

TEST_F(display, abandoned_between_the_pulses_nothing_is_left)
{
	ASSERT_EQ(0, err_of(self->line.claim, POTS_RING_CID, &self->both));
	ASSERT_TRUE(bell(self, true));
	ASSERT_EQ(0, err_of(self->line.claim, POTS_STOP_RING, &(struct pots_stop){}));
	EXPECT_DONE(POTS_EVENT_CID_DONE, POTS_DONE_STOPPED, self->both.cid.cookie);
	EXPECT_FALSE(phone_wait(self->line.phone, BELL, BELL, 1200) &&
		     phone_wait(self->line.phone, BELL, 0, 10));
	/* the hook is the owner's again */
	ASSERT_TRUE(phone_lift(self->line.phone));
	EXPECT_DONE(POTS_EVENT_OFF_HOOK, POTS_OFF_HOOK_SEIZED, 0);
}

TEST_F(display, the_data_stopped_it_hangs_up_and_rings)
{
	struct pots_stop stop = {};

	event_drain(self->line.observer);
	ASSERT_TRUE(answer_pulse(self));
	ASSERT_TRUE(hear_sound(self, true));
	stop.cookie = self->both.cid.cookie;
	ASSERT_EQ(0, err_of(self->line.claim, POTS_STOP_RING, &stop));
	ASSERT_TRUE(hear_sound(self, false));
	ASSERT_TRUE(phone_hang(self->line.phone));
	EXPECT_NO_HOOK_UNTIL(POTS_EVENT_CID_DONE);
	EXPECT_EQ(POTS_DONE_STOPPED, self->event.value);
	EXPECT_TRUE(bell(self, true));
}

TEST_F(display, the_claim_closed_it_comes_to_rest)
{
	ASSERT_TRUE(answer_pulse(self));
	ASSERT_TRUE(hear_sound(self, true));
	close(self->line.claim);
	EXPECT_DONE(POTS_EVENT_PARKED, 1, 0);
	EXPECT_DONE(POTS_EVENT_CID_DONE, POTS_DONE_STOPPED, self->both.cid.cookie);
	self->line.claim = port_claim(self->line.observer, 0);
	ASSERT_GE(self->line.claim, 0);
	ASSERT_TRUE(phone_hang(self->line.phone));
	EXPECT_DONE(POTS_EVENT_PARKED, 0, 0);
	EXPECT_EQ(0, state_of(self->line.claim) & (POTS_STATE_RINGING | POTS_STATE_OFF_HOOK));
}

TEST_HARNESS_MAIN
