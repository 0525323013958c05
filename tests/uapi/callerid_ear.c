// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Caller ID of each standard that spandsp reads, at the telephone's wire: as it is
 * sent, 20 dB weaker, and in noise 20 dB below it.
 */
#include "port.h"

#include <kselftest_harness.h>
#include <math.h>
#include <poll.h>
#include <spandsp.h>

#include "../cid_ear.h"
#include "../jclip.h"

#define HEARD_MAX	(4 * POTS_RATE_HZ)
#define SOFTER_CDB	2000
#define NOISE_SINES	100

FIXTURE(callerid_ear) {
	struct line line;
	int tap;
	int16_t heard[HEARD_MAX];
	size_t count;
};

/* What is heard is the text, @unheard octets at its end left out: the checksum. */
FIXTURE_VARIANT(callerid_ear) {
	int standard;
	unsigned int signal;
	int level_cdb;
	unsigned int seizure_bits, mark_bits, stop_bits;
	const char *text;
	size_t count;
	unsigned int unheard;
};

#define SAYS(octets)	.text = octets, .count = sizeof(octets) - 1

FIXTURE_VARIANT_ADD(callerid_ear, sdmf) {
	.standard = ADSI_STANDARD_CLASS, .signal = POTS_CID_BELL202, .level_cdb = -1350,
	.seizure_bits = 300, .mark_bits = 180, .stop_bits = 1,
	SAYS("\x04\x12" "09301224" "6095551212" "\x51"), .unheard = 1,
};

FIXTURE_VARIANT_ADD(callerid_ear, mdmf) {
	.standard = ADSI_STANDARD_CLASS, .signal = POTS_CID_BELL202, .level_cdb = -1350,
	.seizure_bits = 300, .mark_bits = 180, .stop_bits = 1,
	SAYS("\x80\x21\x01\x08" "01020304" "\x02\x0a" "6095551212" "\x07\x09" "TEST NAME"
	     "\x2b"), .unheard = 1,
};

FIXTURE_VARIANT_ADD(callerid_ear, etsi) {
	.standard = ADSI_STANDARD_CLIP, .signal = POTS_CID_V23, .level_cdb = -1230,
	.seizure_bits = 300, .mark_bits = 180, .stop_bits = 1,
	SAYS("\x80\x19\x11\x01\x01\x01\x08" "01020304" "\x02\x0a" "0123456789" "\xa8"),
	.unheard = 1,
};

/* As before ringing, with a short seizure, and a name only. */
FIXTURE_VARIANT_ADD(callerid_ear, bt) {
	.standard = ADSI_STANDARD_CLIP, .signal = POTS_CID_V23, .level_cdb = -1230,
	.seizure_bits = 96, .mark_bits = 55, .stop_bits = 1,
	SAYS("\x80\x0c\x11\x01\x01\x07\x04" "NAME" "\x04\x01" "P" "\xe0"), .unheard = 1,
};

FIXTURE_VARIANT_ADD(callerid_ear, aclip) {
	.standard = ADSI_STANDARD_ACLIP, .signal = POTS_CID_BELL202, .level_cdb = -1350,
	.seizure_bits = 300, .mark_bits = 180, .stop_bits = 1,
	SAYS("\x80\x10\x01\x08" "01020304" "\x04\x01" "P" "\x08\x01" "P" "\x2f"),
	.unheard = 1,
};

/* Seven bits and even parity: DLE SOH, header, DLE STX, type 40, DLE ETX, CRC. */
FIXTURE_VARIANT_ADD(callerid_ear, jclip) {
	.standard = ADSI_STANDARD_JCLIP, .signal = POTS_CID_V23, .level_cdb = -1350,
	.mark_bits = 75, .stop_bits = 4,
	SAYS("\x10\x01\x07\x10\x02\x40\x0c\x02\x0a" "0312345678" "\x10\x03"),
};

FIXTURE_VARIANT_ADD(callerid_ear, dtmf_a_c) {
	.standard = ADSI_STANDARD_CLIP_DTMF, .signal = POTS_CID_DTMF, .level_cdb = -1100,
	SAYS("A0123456789C"),
};

FIXTURE_VARIANT_ADD(callerid_ear, dtmf_d_c) {
	.standard = ADSI_STANDARD_CLIP_DTMF, .signal = POTS_CID_DTMF, .level_cdb = -1100,
	SAYS("D0123456789C"),
};

FIXTURE_VARIANT_ADD(callerid_ear, dtmf_a_hash) {
	.standard = ADSI_STANDARD_CLIP_DTMF, .signal = POTS_CID_DTMF, .level_cdb = -1100,
	SAYS("A0123456789#"),
};

FIXTURE_SETUP(callerid_ear)
{
	self->tap = -1;
	ASSERT_EQ(0, line_open(&self->line, 0));
	if (self->line.phone >= 0)
		self->tap = phone_open(self->line.id);
}

FIXTURE_TEARDOWN(callerid_ear)
{
	if (self->tap >= 0)
		close(self->tap);
	line_close(&self->line);
}

static struct pots_cid message_of(const FIXTURE_VARIANT(callerid_ear) *variant)
{
	static const char digits[] = "0123456789*#ABCD";
	struct pots_cid cid = {
		.signal = variant->signal, .count = variant->count,
		.level_cdb = variant->level_cdb, .before_data_ms = 50, .after_data_ms = 100,
		.seizure_bits = variant->seizure_bits, .mark_bits = variant->mark_bits,
		.stop_bits = variant->stop_bits,
	};

	memcpy(cid.data, variant->text, variant->count);
	if (variant->standard == ADSI_STANDARD_JCLIP)
		jclip_finish(&cid);
	if (variant->signal != POTS_CID_DTMF) {
		cid.tail_bits = 4;
		return cid;
	}
	cid.on_ms = 70;
	cid.off_ms = 70;
	for (unsigned int i = 0; i < cid.count; i++)
		cid.data[i] = strchr(digits, cid.data[i]) - digits;
	return cid;
}

/* All that is on the wire until the transmission is over. */
static bool send_and_hear(FIXTURE_DATA(callerid_ear) *self, struct pots_cid *cid)
{
	struct pollfd fd = { .fd = self->tap, .events = POLLIN };
	struct pots_event event;

	self->count = 0;
	if (ioctl(self->line.claim, POTS_SEND_CID, cid) ||
	    !event_wait(self->line.observer, POTS_EVENT_CID_DONE, &event, SETTLE_MS))
		return false;
	while (self->count < HEARD_MAX && poll(&fd, 1, 0) > 0) {
		ssize_t got = read(self->tap, self->heard + self->count,
				   (HEARD_MAX - self->count) * sizeof(*self->heard));

		if (got <= 0)
			break;
		self->count += got / sizeof(*self->heard);
	}
	return event.value == POTS_DONE_FINISHED;
}

/* Of 200 to 3200 Hz: sines 30 Hz apart, of any phase. Few, for a machine without an FPU. */
static void add_noise(FIXTURE_DATA(callerid_ear) *self, double dbm0)
{
	static float sum[HEARD_MAX];
	double peak = 32768 * pow(10, (dbm0 - 3.17) / 20) / sqrt(NOISE_SINES);
	unsigned int seed = 7;

	for (int k = 0; k < NOISE_SINES; k++) {
		float turn = 2 * M_PI * (215 + 30 * k) / POTS_RATE_HZ, twice = 2 * cos(turn);
		float phase = 2 * M_PI * rand_r(&seed) / RAND_MAX;
		float now = peak * sin(phase), before = peak * sin(phase - turn);

		for (size_t i = 0; i < self->count; i++) {
			float next = twice * now - before;

			sum[i] += now;
			before = now;
			now = next;
		}
	}
	for (size_t i = 0; i < self->count; i++)
		self->heard[i] = fmax(fmin(self->heard[i] + sum[i], 32767), -32768);
}

#define EXPECT_UNDERSTOOD(how) do {					\
	struct cid_message message_;					\
									\
	cid_spandsp(variant->standard, self->heard, self->count, &message_); \
	EXPECT_EQ(1, message_.count)					\
		TH_LOG(how);						\
	EXPECT_EQ(variant->count - variant->unheard, message_.length);	\
	EXPECT_EQ(0, memcmp(variant->text, message_.octet, message_.length)); \
} while (0)

TEST_F(callerid_ear, is_understood)
{
	uint32_t how = POTS_SIM_LISTEN_LINE;
	struct pots_cid cid = message_of(variant);

	if (!(self->line.info.caps & POTS_CAP_SPEECH) || self->tap < 0)
		SKIP(return, "this port has no telephone to listen to");
	ASSERT_EQ(0, err_of(self->tap, POTS_SIM_LISTEN, &how));
	ASSERT_TRUE(send_and_hear(self, &cid));
	EXPECT_UNDERSTOOD("as it is sent");
	add_noise(self, (variant->level_cdb - SOFTER_CDB) / 100.);
	EXPECT_UNDERSTOOD("in noise of 200 to 3200 Hz");

	cid.level_cdb -= SOFTER_CDB;
	ASSERT_TRUE(send_and_hear(self, &cid));
	EXPECT_UNDERSTOOD("20 dB weaker");
}

TEST_HARNESS_MAIN
