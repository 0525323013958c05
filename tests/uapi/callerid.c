// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Caller ID, at the wire of the telephone:
 *
 *	claim --- pots.ko --- chip --- wire --- telephone on-hook
 *	                                 `----- a tap: spandsp, and our own receiver
 *
 * Who calls is heard as it was told, and where the standards want it.
 */
#include "port.h"

#include <kselftest_harness.h>
#include <math.h>
#include <spandsp.h>

#include "../cid_ear.h"
#include "expect.h"

#define HEARD_MAX	(12 * POTS_RATE_HZ)
#define NS_PER_SAMPLE	(NS_PER_MS * 1000 / POTS_RATE_HZ)
#define BELL		POTS_SIM_STATE_RINGING

static const uint8_t mdmf[] =
	"\x80\x21\x01\x08" "01020304" "\x02\x0a" "6095551212" "\x07\x09" "TEST NAME" "\x2b";
static const uint8_t etsi[] =
	"\x80\x19\x11\x01\x01\x01\x08" "01020304" "\x02\x0a" "0123456789" "\xa8";
static const uint8_t waiting[] = "\x82\x03\x0b\x01\xff\x70";

FIXTURE(callerid) {
	struct line line;
	struct pots_ring_cid both;
	struct pots_event event;
	struct pots_sim_state phone;
	int tap;
	int16_t heard[HEARD_MAX];
	size_t count;
	uint64_t first_ns;		/* of the first sample */
};

static void fill(struct pots_cid *cid, const void *octets, size_t count)
{
	cid->count = count;
	memset(cid->data, 0, sizeof(cid->data));
	memcpy(cid->data, octets, count);
}

#define FILL(cid, octets) fill(cid, octets, sizeof(octets) - 1)

FIXTURE_SETUP(callerid)
{
	self->both = (struct pots_ring_cid){
		.ring = { .count = 1, .on_ms = { 400 }, .off_ms = { 2000 } },
		.cid = {
			.signal = POTS_CID_BELL202, .level_cdb = -1350, .bursts = 1,
			.before_data_ms = 550, .after_data_ms = 250, .seizure_bits = 300,
			.mark_bits = 180, .stop_bits = 1, .tail_bits = 4,
		},
	};
	FILL(&self->both.cid, mdmf);
	self->tap = -1;
	self->count = 0;
	ASSERT_EQ(0, line_open(&self->line, 0));
	if (self->line.phone >= 0)
		self->tap = phone_open(self->line.id);
}

FIXTURE_TEARDOWN(callerid)
{
	if (self->tap >= 0)
		close(self->tap);
	line_close(&self->line);
}

#define NEEDS_TELEPHONE() do {						\
	if (!(self->line.info.caps & POTS_CAP_SPEECH))			\
		SKIP(return, "this port has no speech path");		\
	if (self->tap < 0)						\
		SKIP(return, "this port has no telephone to listen to");\
} while (0)

/* ------------------------------------------------------------- listening --- */

static bool listen_to(FIXTURE_DATA(callerid) *self)
{
	uint32_t how = POTS_SIM_LISTEN_LINE;

	return !ioctl(self->tap, POTS_SIM_LISTEN, &how);
}

/* Takes what is on the wire until so long has passed, or the buffer is full. */
static void hear(FIXTURE_DATA(callerid) *self, unsigned int ms)
{
	self->count += phone_record(self->tap, self->heard + self->count,
				    HEARD_MAX - self->count, ms);
	phone_state(self->tap, &self->phone);
	self->first_ns = self->phone.ear_first_ns;
}

static double ms_of(FIXTURE_DATA(callerid) *self, double sample)
{
	return self->first_ns / 1e6 + sample / 8;
}

/* The whole message as it was sent, by both receivers. */
#define EXPECT_HEARD(standard, mark, space, text, fsk) do {		\
	struct cid_message message_;					\
									\
	cid_spandsp((standard), self->heard, self->count, &message_);	\
	EXPECT_EQ(1, message_.count);					\
	EXPECT_EQ(sizeof(text) - 2, message_.length);			\
	EXPECT_EQ(0, memcmp((text), message_.octet, sizeof(text) - 2)); \
	ASSERT_TRUE(cid_fsk(self->heard, self->count, (mark), (space), 0, (fsk))); \
	EXPECT_EQ(sizeof(text) - 1, (fsk)->octets);			\
	EXPECT_EQ(0, memcmp((text), (fsk)->octet, sizeof(text) - 1)); \
} while (0)

/* -------------------------------------------------------------- refusals --- */

TEST_F(callerid, each_wrong_field_is_refused)
{
	const struct wrong wrong[] = {
		WRONG(struct pots_ring_cid, ring.flags, 0x80000000, EINVAL),
		WRONG(struct pots_ring_cid, ring.count, 9, EINVAL),
		WRONG(struct pots_ring_cid, cid.flags, 4, EINVAL),
		WRONG(struct pots_ring_cid, cid.flags, POTS_CID_F_REVERSE, EINVAL),
		WRONG(struct pots_ring_cid, cid.signal, 0, EINVAL),
		WRONG(struct pots_ring_cid, cid.signal, 4, EINVAL),
		WRONG(struct pots_ring_cid, cid.count, 0, EINVAL),
		WRONG(struct pots_ring_cid, cid.count, POTS_CID_DATA_MAX + 1, EINVAL),
		WRONG(struct pots_ring_cid, cid.level_cdb, 1, ERANGE),
		WRONG(struct pots_ring_cid, cid.level_cdb, -4001, ERANGE),
		WRONG(struct pots_ring_cid, cid.alert_level_cdb, -1, EINVAL),
		WRONG(struct pots_ring_cid, cid.bursts, POTS_CID_BURSTS_MAX + 1, ERANGE),
		WRONG(struct pots_ring_cid, cid.before_alert_ms, 1, EINVAL),
		WRONG(struct pots_ring_cid, cid.alert_ms, 1, EINVAL),
		WRONG(struct pots_ring_cid, cid.before_data_ms, 5001, ERANGE),
		WRONG(struct pots_ring_cid, cid.after_data_ms, 5001, ERANGE),
		WRONG(struct pots_ring_cid, cid.seizure_bits, 1001, ERANGE),
		WRONG(struct pots_ring_cid, cid.mark_bits, 1001, ERANGE),
		WRONG(struct pots_ring_cid, cid.stop_bits, 0, ERANGE),
		WRONG(struct pots_ring_cid, cid.stop_bits, 11, ERANGE),
		WRONG(struct pots_ring_cid, cid.tail_bits, 1001, ERANGE),
		WRONG(struct pots_ring_cid, cid.on_ms, 1, EINVAL),
		WRONG(struct pots_ring_cid, cid.off_ms, 1, EINVAL),
		WRONG(struct pots_ring_cid, cid.ack_ms, 160, EINVAL),
		WRONG(struct pots_ring_cid, cid.reserved[0], 1, EINVAL),
		WRONG(struct pots_ring_cid, cid.reserved[2], 1, EINVAL),
		WRONG(struct pots_ring_cid, cid.pulses, 1, EINVAL),
		WRONG(struct pots_ring_cid, cid.pulse_off_ms, 500, EINVAL),
		WRONG(struct pots_ring_cid, cid.hangup_ms, 500, EINVAL),
		WRONG(struct pots_ring_cid, cid.data[POTS_CID_DATA_MAX - 1], 1, EINVAL),
	};
	struct pots_cid alone = self->both.cid;

	EXPECT_REFUSED(self->line.claim, POTS_RING_CID, &self->both, wrong);
	EXPECT_EQ(0, state_of(self->line.claim) & POTS_STATE_RINGING);
	/* there are no bursts without ringing, and no ringing in a call */
	if (self->line.info.caps & POTS_CAP_SPEECH)
		EXPECT_EQ(EINVAL, err_of(self->line.claim, POTS_SEND_CID, &alone));
	EXPECT_EQ(EFAULT, err_of(self->line.claim, POTS_RING_CID, bad_pointer()));
	EXPECT_EQ(EFAULT, err_of(self->line.claim, POTS_SEND_CID, bad_pointer()));
}

TEST_F(callerid, a_port_without_speech_says_so)
{
	if (self->line.info.caps & POTS_CAP_SPEECH)
		SKIP(return, "this port has a speech path");
	EXPECT_EQ(EOPNOTSUPP, err_of(self->line.claim, POTS_RING_CID, &self->both));
	EXPECT_EQ(0, state_of(self->line.claim) & POTS_STATE_RINGING);
}

TEST_F(callerid, a_lifted_handset_is_told_nothing)
{
	NEEDS_TELEPHONE();
	ASSERT_TRUE(line_lift(&self->line));
	EXPECT_EQ(EBUSY, err_of(self->line.claim, POTS_RING_CID, &self->both));
	self->both.cid.bursts = 0;
	EXPECT_EQ(EBUSY, err_of(self->line.claim, POTS_SEND_CID, &self->both.cid));
}

/* ----------------------------------------------- after the first burst --- */

TEST_F(callerid, after_the_first_burst)
{
	struct cid_fsk fsk;
	double ring_end_ms;

	NEEDS_TELEPHONE();
	ASSERT_TRUE(listen_to(self));
	ASSERT_EQ(0, err_of(self->line.claim, POTS_RING_CID, &self->both));
	EXPECT_NE(0, self->both.cid.cookie);
	EXPECT_NE(self->both.cid.cookie, self->both.ring.cookie);
	ASSERT_TRUE(phone_wait(self->line.phone, BELL, BELL, SETTLE_MS));
	ASSERT_TRUE(phone_wait(self->line.phone, BELL, 0, SETTLE_MS));
	hear(self, 1700);
	ring_end_ms = self->phone.ring_end_ns / 1e6;

	EXPECT_HEARD(ADSI_STANDARD_CLASS, 1200, 2200, mdmf, &fsk);
	EXPECT_WITHIN(299.5, fsk.seizure_bits, 300.5);
	EXPECT_WITHIN(179.5, fsk.mark_bits, 180.5);
	/* 0.5 to 1.5 s are allowed; the chip's commands and the highway take some */
	EXPECT_WITHIN(550, ms_of(self, fsk.start) - ring_end_ms, 565);
	EXPECT_DONE(POTS_EVENT_CID_DONE, POTS_DONE_FINISHED, self->both.cid.cookie);
	EXPECT_NE(0, state_of(self->line.claim) & POTS_STATE_RINGING);

	/* the cadence is the one that was asked for: there is time enough */
	ASSERT_TRUE(phone_wait(self->line.phone, BELL, BELL, SETTLE_MS));
	ASSERT_TRUE(phone_state(self->line.phone, &self->phone));
	EXPECT_WITHIN(1990, self->phone.ring_start_ns / 1e6 - ring_end_ms, 2010);
}

TEST_F(callerid, a_short_pause_is_made_longer)
{
	struct cid_fsk fsk;

	NEEDS_TELEPHONE();
	self->both.ring.count = 2;
	self->both.ring.on_ms[1] = 400;
	self->both.ring.off_ms[0] = 200;
	self->both.ring.off_ms[1] = 500;
	self->both.cid.bursts = 2;
	ASSERT_EQ(0, err_of(self->line.claim, POTS_RING_CID, &self->both));
	for (int burst = 0; burst < 2; burst++) {
		ASSERT_TRUE(phone_wait(self->line.phone, BELL, BELL, SETTLE_MS));
		ASSERT_TRUE(phone_wait(self->line.phone, BELL, 0, SETTLE_MS));
	}
	ASSERT_TRUE(listen_to(self));
	ASSERT_TRUE(phone_wait(self->line.phone, BELL, BELL, SETTLE_MS));
	hear(self, 50);
	EXPECT_HEARD(ADSI_STANDARD_CLASS, 1200, 2200, mdmf, &fsk);
	EXPECT_WITHIN(250, self->phone.ring_start_ns / 1e6 - ms_of(self, fsk.end), 265);

	/* and the burst after it is a whole one */
	ASSERT_TRUE(phone_wait(self->line.phone, BELL, 0, SETTLE_MS));
	ASSERT_TRUE(phone_state(self->line.phone, &self->phone));
	EXPECT_WITHIN(395, (self->phone.ring_end_ns -
					 self->phone.ring_start_ns) / 1e6, 410);
}

/* -------------------------------------------------------- before ringing --- */

static void tell_v23(struct pots_cid *cid)
{
	cid->signal = POTS_CID_V23;
	cid->level_cdb = -1230;
	cid->bursts = 0;
	FILL(cid, etsi);
}

TEST_F(callerid, after_a_reversal_and_an_alert)
{
	struct pots_cid *cid = &self->both.cid;
	uint64_t reversed_ns;
	size_t alert, end;
	struct cid_fsk fsk;

	NEEDS_TELEPHONE();
	tell_v23(cid);
	cid->flags = POTS_CID_F_REVERSE;
	cid->before_alert_ms = 250;
	cid->alert_ms = 100;
	cid->alert_level_cdb = -1380;
	cid->before_data_ms = 50;
	ASSERT_TRUE(listen_to(self));
	ASSERT_TRUE(phone_state(self->line.phone, &self->phone));
	EXPECT_EQ(0, self->phone.state & POTS_SIM_STATE_REVERSED);
	ASSERT_EQ(0, err_of(self->line.claim, POTS_RING_CID, &self->both));
	EXPECT_NE(0, state_of(self->line.claim) & POTS_STATE_RINGING);
	ASSERT_TRUE(phone_state(self->line.phone, &self->phone));
	EXPECT_NE(0, self->phone.state & POTS_SIM_STATE_REVERSED);
	reversed_ns = self->phone.polarity_ns;
	ASSERT_TRUE(phone_wait(self->line.phone, BELL, BELL, SETTLE_MS));
	hear(self, 50);

	/* T0 >= 100, DT-AS 100 +- 10, T1 >= 45, T7 <= 700, T2 200 to 500 ms */
	alert = cid_sound(self->heard, 0, self->count, 0);
	end = cid_silence(self->heard, alert, self->count, 80, 0);
	EXPECT_WITHIN(250, ms_of(self, alert) - reversed_ns / 1e6, 265);
	EXPECT_WITHIN(99, (end - alert) / 8., 100.1);
	EXPECT_WITHIN(-14.1, cid_level(self->heard + alert + 80, 640, 2130), -13.5);
	EXPECT_WITHIN(-14.1, cid_level(self->heard + alert + 80, 640, 2750), -13.5);
	memset(self->heard, 0, end * sizeof(*self->heard));
	EXPECT_HEARD(ADSI_STANDARD_CLIP, 1300, 2100, etsi, &fsk);
	EXPECT_WITHIN(49.5, (fsk.start - end) / 8, 51);
	EXPECT_WITHIN(250, self->phone.ring_start_ns / 1e6 - ms_of(self, fsk.end), 265);

	/* the reversal is there in the pauses, until the ringing ends */
	EXPECT_TRUE(phone_wait(self->line.phone, POTS_SIM_STATE_REVERSED,
			       POTS_SIM_STATE_REVERSED, SETTLE_MS));
	ASSERT_EQ(0, err_of(self->line.claim, POTS_STOP_RING, &(struct pots_stop){}));
	EXPECT_TRUE(phone_wait(self->line.phone, POTS_SIM_STATE_REVERSED, 0, 100));
}

TEST_F(callerid, after_a_ringing_pulse)
{
	struct pots_cid *cid = &self->both.cid;
	uint64_t pulse_ns, pulse_end_ns;
	struct cid_fsk fsk;

	NEEDS_TELEPHONE();
	tell_v23(cid);
	cid->flags = POTS_CID_F_RING_PULSE;
	cid->alert_ms = 250;
	cid->before_data_ms = 600;
	self->both.ring.freq_mhz = 25000;
	ASSERT_TRUE(listen_to(self));
	ASSERT_EQ(0, err_of(self->line.claim, POTS_RING_CID, &self->both));
	ASSERT_TRUE(phone_wait(self->line.phone, BELL, BELL, SETTLE_MS));
	ASSERT_TRUE(phone_wait(self->line.phone, BELL, 0, SETTLE_MS));
	ASSERT_TRUE(phone_state(self->line.phone, &self->phone));
	pulse_ns = self->phone.ring_start_ns;
	pulse_end_ns = self->phone.ring_end_ns;
	ASSERT_TRUE(phone_wait(self->line.phone, BELL, BELL, SETTLE_MS));
	hear(self, 50);

	/* RP-AS 200 to 300, T3 500 to 800, T2 200 to 500 ms */
	EXPECT_WITHIN(245, (pulse_end_ns - pulse_ns) / 1e6, 260);
	EXPECT_HEARD(ADSI_STANDARD_CLIP, 1300, 2100, etsi, &fsk);
	EXPECT_WITHIN(600, ms_of(self, fsk.start) - pulse_end_ns / 1e6, 615);
	EXPECT_WITHIN(250, self->phone.ring_start_ns / 1e6 - ms_of(self, fsk.end), 265);
}

TEST_F(callerid, by_dtmf_before_ringing)
{
	static const uint8_t digits[] = { POTS_DIGIT_A + 3, 0, 1, 2, 3, 9, POTS_DIGIT_A + 2 };
	struct cid_message message;
	size_t start;

	NEEDS_TELEPHONE();
	self->both.cid = (struct pots_cid){
		.signal = POTS_CID_DTMF, .level_cdb = -900, .before_data_ms = 200,
		.after_data_ms = 350, .on_ms = 70, .off_ms = 70,
	};
	fill(&self->both.cid, digits, sizeof(digits));
	ASSERT_TRUE(listen_to(self));
	ASSERT_EQ(0, err_of(self->line.claim, POTS_RING_CID, &self->both));
	ASSERT_TRUE(phone_wait(self->line.phone, BELL, BELL, SETTLE_MS));
	hear(self, 50);
	cid_spandsp(ADSI_STANDARD_CLIP_DTMF, self->heard, self->count, &message);
	EXPECT_EQ(1, message.count);
	EXPECT_EQ(7, message.length);
	EXPECT_EQ(0, memcmp("D01239C", message.octet, 7));
	start = cid_sound(self->heard, 0, self->count, 0);
	EXPECT_WITHIN(349.5, self->phone.ring_start_ns / 1e6 -
		      ms_of(self, start + (7 * 140 - 70) * 8), 365);
}

/* --------------------------------------------------------- cut short --- */

/* Waits until there is sound on the wire. */
static bool hear_sound(FIXTURE_DATA(callerid) *self)
{
	uint64_t end_ns = now_ns() + SETTLE_MS * NS_PER_MS;

	do {
		hear(self, 20);
		if (cid_sound(self->heard, 0, self->count, 0) < self->count)
			return true;
	} while (now_ns() < end_ns);
	return false;
}

TEST_F(callerid, a_handset_lifted_meanwhile_is_an_answer)
{
	size_t last;

	NEEDS_TELEPHONE();
	tell_v23(&self->both.cid);
	ASSERT_TRUE(listen_to(self));
	ASSERT_EQ(0, err_of(self->line.claim, POTS_RING_CID, &self->both));
	ASSERT_TRUE(hear_sound(self));
	ASSERT_TRUE(phone_lift(self->line.phone));
	ASSERT_TRUE(event_wait(self->line.observer, POTS_EVENT_OFF_HOOK, &self->event,
			       SETTLE_MS));
	EXPECT_EQ(POTS_OFF_HOOK_ANSWERED, self->event.value);
	EXPECT_DONE(POTS_EVENT_CID_DONE, POTS_DONE_HOOK, self->both.cid.cookie);
	EXPECT_DONE(POTS_EVENT_RING_DONE, POTS_DONE_HOOK, self->both.ring.cookie);
	hear(self, 200);
	for (last = self->count; last && !self->heard[last - 1]; last--)
		;
	/* the seize window, and what the highway held */
	EXPECT_WITHIN(20, ms_of(self, last) - self->phone.hook_ns / 1e6, 90);
	EXPECT_EQ(0, self->phone.state & BELL);
	EXPECT_GE(abs(self->phone.loop_ua), 15000);
}

TEST_F(callerid, stopped_alone_the_ringing_goes_on)
{
	struct pots_stop stop = {};

	NEEDS_TELEPHONE();
	tell_v23(&self->both.cid);
	ASSERT_EQ(0, err_of(self->line.claim, POTS_RING_CID, &self->both));
	EXPECT_FALSE(phone_wait(self->line.phone, BELL, BELL, 300));
	stop.cookie = self->both.cid.cookie;
	ASSERT_EQ(0, err_of(self->line.claim, POTS_STOP_RING, &stop));
	EXPECT_DONE(POTS_EVENT_CID_DONE, POTS_DONE_STOPPED, self->both.cid.cookie);
	EXPECT_TRUE(phone_wait(self->line.phone, BELL, BELL, 100));

	stop.cookie = self->both.ring.cookie;
	ASSERT_EQ(0, err_of(self->line.claim, POTS_STOP_RING, &stop));
	EXPECT_DONE(POTS_EVENT_RING_DONE, POTS_DONE_STOPPED, self->both.ring.cookie);
}

TEST_F(callerid, the_ringing_stopped_it_goes_as_well)
{
	NEEDS_TELEPHONE();
	ASSERT_EQ(0, err_of(self->line.claim, POTS_RING_CID, &self->both));
	ASSERT_EQ(0, err_of(self->line.claim, POTS_STOP_RING, &(struct pots_stop){}));
	EXPECT_DONE(POTS_EVENT_CID_DONE, POTS_DONE_STOPPED, self->both.cid.cookie);
	EXPECT_DONE(POTS_EVENT_RING_DONE, POTS_DONE_STOPPED, self->both.ring.cookie);

	/* nor does it outlive a claim */
	tell_v23(&self->both.cid);
	ASSERT_TRUE(listen_to(self));
	ASSERT_EQ(0, err_of(self->line.claim, POTS_RING_CID, &self->both));
	ASSERT_TRUE(hear_sound(self));
	close(self->line.claim);
	EXPECT_DONE(POTS_EVENT_CID_DONE, POTS_DONE_STOPPED, self->both.cid.cookie);
	self->line.claim = port_claim(self->line.observer, 0);
	ASSERT_GE(self->line.claim, 0);
	EXPECT_EQ(0, state_of(self->line.claim) & POTS_STATE_RINGING);
}

/* ------------------------------------------------- without any ringing --- */

TEST_F(callerid, alone_it_rings_no_bell)
{
	struct pots_cid *cid = &self->both.cid;
	struct pots_linefeed feed = { .feed = POTS_FEED_REVERSE };
	struct pots_state state;
	struct cid_fsk fsk;
	uint32_t rings;

	NEEDS_TELEPHONE();
	cid->bursts = 0;
	FILL(cid, waiting);
	ASSERT_TRUE(phone_state(self->line.phone, &self->phone));
	rings = self->phone.rings;
	ASSERT_TRUE(listen_to(self));
	ASSERT_EQ(0, err_of(self->line.claim, POTS_SEND_CID, cid));
	EXPECT_EQ(0, state_of(self->line.claim) & POTS_STATE_RINGING);
	EXPECT_EQ(EBUSY, err_of(self->line.claim, POTS_SET_LINEFEED, &feed));
	EXPECT_DONE(POTS_EVENT_CID_DONE, POTS_DONE_FINISHED, cid->cookie);
	hear(self, 50);
	EXPECT_HEARD(ADSI_STANDARD_CLASS, 1200, 2200, waiting, &fsk);
	EXPECT_EQ(rings, self->phone.rings);
	ASSERT_EQ(0, err_of(self->line.claim, POTS_GET_STATE, &state));
	EXPECT_EQ(POTS_FEED_FORWARD, state.feed);
}

TEST_F(callerid, a_handset_lifted_while_it_is_alone_is_a_seizure)
{
	struct pots_settings settings;
	struct pots_state state;
	uint64_t seized_ns;

	NEEDS_TELEPHONE();
	ASSERT_EQ(0, err_of(self->line.claim, POTS_GET_SETTINGS, &settings));
	tell_v23(&self->both.cid);
	ASSERT_TRUE(listen_to(self));
	ASSERT_EQ(0, err_of(self->line.claim, POTS_SEND_CID, &self->both.cid));
	ASSERT_TRUE(hear_sound(self));
	ASSERT_TRUE(phone_lift(self->line.phone));
	ASSERT_TRUE(event_wait(self->line.observer, POTS_EVENT_OFF_HOOK, &self->event,
			       SETTLE_MS));
	EXPECT_EQ(POTS_OFF_HOOK_SEIZED, self->event.value);
	seized_ns = self->event.timestamp_ns;
	EXPECT_DONE(POTS_EVENT_CID_DONE, POTS_DONE_HOOK, self->both.cid.cookie);
	/* the stamp of a seizure is its edge's */
	EXPECT_LE(self->event.timestamp_ns,
		  seized_ns + (settings.seize_ms + 2 + slack_ms(0)) * NS_PER_MS);
	ASSERT_EQ(0, err_of(self->line.claim, POTS_GET_STATE, &state));
	EXPECT_EQ(POTS_FEED_FORWARD, state.feed);
	EXPECT_TRUE(event_absent(self->line.observer, POTS_EVENT_ON_HOOK, 1000));
}

/* ---------------------------------------------------- a second call --- */

static struct pots_cid second_call(void)
{
	struct pots_cid cid = {
		.signal = POTS_CID_BELL202, .level_cdb = -1350, .before_alert_ms = 50,
		.alert_ms = 80, .alert_level_cdb = -1500, .ack_ms = 160,
		.before_data_ms = 100, .after_data_ms = 60, .mark_bits = 80, .stop_bits = 1,
		.tail_bits = 4,
	};

	FILL(&cid, mdmf);
	return cid;
}

#define STEADY	4000		/* what the far end says: a line of DC, easily told */

/* Speech goes both ways, and is on the wire. */
static bool talk(FIXTURE_DATA(callerid) *self)
{
	struct pots_audio audio = {
		.read_frames = 20, .write_low_frames = 20, .queue_frames = 400,
	};
	static int16_t said[400 * POTS_FRAME_SAMPLES];

	for (size_t i = 0; i < sizeof(said) / sizeof(*said); i++)
		said[i] = STEADY;
	return !ioctl(self->line.claim, POTS_AUDIO_START, &audio) &&
	       write(self->line.claim, said, sizeof(said)) == sizeof(said);
}

/* What the owner has heard from the line since it last read. */
static size_t heard_by_owner(FIXTURE_DATA(callerid) *self, int16_t *to, size_t max)
{
	ssize_t got = read(self->line.claim, to, max * sizeof(*to));

	return got > 0 ? got / sizeof(*to) : 0;
}

/* The D of DTMF for 60 ms, as a telephone acknowledges. */
static bool acknowledge(FIXTURE_DATA(callerid) *self)
{
	struct pots_sim_queue queue = {
		.count = 1,
		.step = { {
			.kind = POTS_SIM_STEP_TONES, .on_us = 60000, .off_us = 1000,
			.mhz = { 941000, 1633000 }, .peak = { 6000, 7000 },
		} },
	};

	return !ioctl(self->tap, POTS_SIM_QUEUE, &queue);
}

TEST_F(callerid, of_a_second_call_when_it_is_acknowledged)
{
	struct pots_cid cid = second_call();
	static int16_t owner[3200];
	struct cid_message message;
	size_t alert, end, n;

	NEEDS_TELEPHONE();
	ASSERT_TRUE(line_lift(&self->line));
	ASSERT_TRUE(talk(self));
	ASSERT_TRUE(listen_to(self));
	hear(self, 100);
	EXPECT_EQ(STEADY, self->heard[self->count - 1]);
	ASSERT_EQ(0, err_of(self->line.claim, POTS_SEND_CID, &cid));
	hear(self, 50 + 80 + 40);
	ASSERT_TRUE(acknowledge(self));
	hear(self, 700);
	EXPECT_FALSE(event_wait(self->line.observer, POTS_EVENT_DTMF_START, &self->event, 100));

	/* mute, alert of 80 ms, mute, data */
	for (alert = 50 * 8; alert < self->count && self->heard[alert] == STEADY; alert++)
		;
	EXPECT_LT(alert, self->count);
	alert = cid_sound(self->heard, alert + 50, self->count, 0);
	end = cid_silence(self->heard, alert, self->count, 80, 0);
	EXPECT_WITHIN(79, (end - alert) / 8., 80.2);
	EXPECT_WITHIN(-15.3, cid_level(self->heard + alert + 80, 480, 2130), -14.7);
	cid_spandsp(ADSI_STANDARD_CLASS, self->heard + end, self->count - end, &message);
	EXPECT_EQ(1, message.count);
	EXPECT_EQ(sizeof(mdmf) - 2, message.length);
	EXPECT_EQ(0, memcmp(mdmf, message.octet, sizeof(mdmf) - 2));

	/* nothing of it at the far end */
	n = heard_by_owner(self, owner, 3200);
	EXPECT_GT(n, 1000);
	EXPECT_LT(cid_level(owner, n, 1633), -60);
}

TEST_F(callerid, of_a_second_call_that_nobody_acknowledges)
{
	struct pots_cid cid = second_call();
	uint64_t start_ns;

	NEEDS_TELEPHONE();
	ASSERT_EQ(ENOLINK, err_of(self->line.claim, POTS_SEND_CID, &cid));
	ASSERT_TRUE(line_lift(&self->line));
	ASSERT_TRUE(talk(self));
	start_ns = now_ns();
	ASSERT_EQ(0, err_of(self->line.claim, POTS_SEND_CID, &cid));
	EXPECT_DONE(POTS_EVENT_CID_DONE, POTS_DONE_TIMEOUT, cid.cookie);
	EXPECT_WITHIN(50 + 80 + 160, (self->event.timestamp_ns - start_ns) / 1e6, 310);
	ASSERT_TRUE(listen_to(self));
	hear(self, 60);
	EXPECT_EQ(STEADY, self->heard[self->count - 1]);

	/* nor is it waited for when the call is over */
	cid.ack_ms = 1000;
	ASSERT_EQ(0, err_of(self->line.claim, POTS_SEND_CID, &cid));
	ASSERT_TRUE(phone_hang(self->line.phone));
	EXPECT_DONE(POTS_EVENT_CID_DONE, POTS_DONE_HOOK, cid.cookie);
}

TEST_HARNESS_MAIN
