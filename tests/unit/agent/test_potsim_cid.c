// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What potsim's exchange sends of a caller, read by receivers that share nothing
 * with it: spandsp's and the tests' own.
 */
#include <math.h>
#include <string.h>

#include <spandsp.h>

#include "../../cid_ear.h"
#include "kselftest_harness.h"
#include "potsim_cid.h"

#define QUIET	8000

static int16_t sound[CID_SAMPLES_MAX + 2 * QUIET];

/* With silence around it. */
static size_t render(const char *way, const char *caller)
{
	const char *why = NULL;
	size_t count = cid_render(cid_way(way), caller, sound + QUIET, &why);

	memset(sound, 0, QUIET * sizeof(sound[0]));
	memset(sound + QUIET + count, 0, QUIET * sizeof(sound[0]));
	return count ? count + 2 * QUIET : 0;
}

/* True when a message is all there after the date: type, length, 01 08 and eight digits. */
static bool says(const struct cid_message *message, const char *expected, size_t length)
{
	return message->count == 1 && message->length == 12 + length &&
	       message->octet[0] == 0x80 && message->octet[1] == 10 + length &&
	       message->octet[2] == 1 && message->octet[3] == 8 &&
	       !memcmp(message->octet + 12, expected, length);
}

TEST(bell_202_is_heard)
{
	static const char expected[] = "\x02\x0a" "6095551212" "\x07\x09" "TEST NAME";
	struct cid_message message = {};

	size_t count = render("bellcore", "6095551212,TEST NAME");

	ASSERT_NE(0, count);
	cid_spandsp(ADSI_STANDARD_CLASS, sound, count, &message);
	EXPECT_TRUE(says(&message, expected, sizeof(expected) - 1));
}

TEST(v23_is_heard)
{
	static const char *const ways[] = { "etsi", "etsi-dtas", "etsi-rp", "etsi-lr" };
	static const char expected[] = "\x04\x01" "P";

	for (size_t i = 0; i < 4; i++) {
		struct cid_message message = {};
		size_t count = render(ways[i], "P");

		ASSERT_NE(0, count);
		cid_spandsp(ADSI_STANDARD_CLIP, sound, count, &message);
		EXPECT_TRUE(says(&message, expected, sizeof(expected) - 1)) {
			TH_LOG("%s: %u messages", ways[i], message.count);
		}
	}
}

TEST(bits_are_as_the_standards_want)
{
	struct cid_fsk fsk;
	size_t count = render("bellcore", "123");

	ASSERT_TRUE(cid_fsk(sound, count, 1200, 2200, 100, &fsk));
	EXPECT_EQ(0, fsk.bad);
	EXPECT_EQ(18, fsk.octets);
	EXPECT_GE(2, fabs(fsk.seizure_bits - 300));
	EXPECT_GE(2, fabs(fsk.mark_bits - 180));
}

TEST(the_alert_is_there)
{
	size_t count = render("etsi-dtas", "123");

	ASSERT_NE(0, count);
	EXPECT_GE(0.2, fabs(cid_level(sound + QUIET, 800, 2130) + 14));
	EXPECT_GE(0.2, fabs(cid_level(sound + QUIET, 800, 2750) + 14));
	EXPECT_EQ(QUIET + 800, cid_silence(sound, QUIET, count, 400, 100));
}

TEST(dtmf_is_heard)
{
	static const struct { const char *way, *digits; } cases[] = {
		{ "dtmf", "A0123456789C" }, { "dtmf-ring", "D0123456789C" },
	};

	for (size_t i = 0; i < 2; i++) {
		size_t count = render(cases[i].way, "0123456789");
		dtmf_rx_state_t *rx = dtmf_rx_init(NULL, NULL, NULL);
		char heard[32] = "";

		dtmf_rx(rx, sound, count);
		dtmf_rx_get(rx, heard, sizeof(heard) - 1);
		dtmf_rx_free(rx);
		EXPECT_STREQ(cases[i].digits, heard);
	}
}

/* The first is the frame that the agent's test has, the second has a doubled DLE. */
TEST(japan_is_heard)
{
	static const struct { const char *caller; const uint8_t octets[32]; unsigned int count; }
	cases[] = {
		{ "0312345678", { 0x90, 0x81, 0x87, 0x90, 0x82, 0xc0, 0x0c, 0x82, 0x0a, 0x30,
		  0x33, 0xb1, 0xb2, 0x33, 0xb4, 0x35, 0x36, 0xb7, 0xb8, 0x90, 0x03, 0xfb,
		  0x52 }, 23 },
		{ "12345678901234", { 0x90, 0x81, 0x87, 0x90, 0x82, 0xc0, 0x90, 0x90, 0x82,
		  0x8e, 0xb1, 0xb2, 0x33, 0xb4, 0x35, 0x36, 0xb7, 0xb8, 0x39, 0x30, 0xb1,
		  0xb2, 0x33, 0xb4, 0x90, 0x03, 0x5c, 0xd1 }, 28 },
		{ "P", { 0x90, 0x81, 0x87, 0x90, 0x82, 0xc0, 0x03, 0x84, 0x81, 0x50, 0x90, 0x03,
		  0x1e, 0xee }, 14 },
	};
	static const char heard[] = "\x10\x01\x07\x10\x02\x40\x0c\x02\x0a" "0312345678" "\x10\x03";
	struct cid_message message;
	struct cid_fsk fsk;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ASSERT_TRUE(cid_fsk(sound, render("ntt", cases[i].caller), 1300, 2100, 100, &fsk));
		EXPECT_EQ(cases[i].count, fsk.octets);
		EXPECT_EQ(0, memcmp(cases[i].octets, fsk.octet, cases[i].count));
		EXPECT_GE(2, fabs(fsk.mark_bits - 75));
	}
	cid_spandsp(ADSI_STANDARD_JCLIP, sound, render("ntt", "0312345678"), &message);
	EXPECT_EQ(1, message.count);
	EXPECT_EQ(sizeof(heard) - 1, message.length);
	EXPECT_EQ(0, memcmp(heard, message.octet, sizeof(heard) - 1));
}

TEST(what_cannot_be_sent_is_refused)
{
	static const struct { const char *way, *caller; } cases[] = {
		{ "bellcore", "" }, { "bellcore", ",NAME" }, { "bellcore", "12a" },
		{ "bellcore", "123456789012345678901" }, { "bellcore", "X" },
		{ "bellcore", "1,A NAME THAT IS TOO LONG" }, { "dtmf", "P" },
		{ "dtmf", "1,NAME" }, { "ntt", "1,NAME" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *why = NULL;

		EXPECT_EQ(0, cid_render(cid_way(cases[i].way), cases[i].caller, sound, &why)) {
			TH_LOG("%s", cases[i].caller);
		}
		EXPECT_NE(NULL, why);
	}
	EXPECT_EQ(NULL, cid_way("smoke"));
}

TEST_HARNESS_MAIN
