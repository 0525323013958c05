// SPDX-License-Identifier: GPL-2.0-or-later
/* G.711 against spandsp's, code by code and sample by sample. */
#include "../ktap.h"
#include "g711.h"

#include <spandsp.h>
#include <stdlib.h>

static void test_decode(void)
{
	int16_t sample;
	unsigned int i;

	for (i = 0; i < 256; i++) {
		uint8_t code = i;

		g711_ulaw.decode(&sample, &code, 1);
		CHECK(sample == ulaw_to_linear(code), "mu-law %02x is %d", i, sample);
		g711_alaw.decode(&sample, &code, 1);
		CHECK(sample == alaw_to_linear(code), "A-law %02x is %d", i, sample);
	}
}

/* The same code, but for the last bits at a decision value. */
static void check_codes(const struct g711 *law, uint8_t (*theirs)(int), const char *name)
{
	unsigned int wrong = 0;
	int value;

	for (value = -32700; value <= 32700; value++) {
		int16_t sample = value;
		uint8_t ours;

		law->encode(&ours, &sample, 1);
		if (ours != theirs(value) && ours != theirs(value - 8) &&
		    ours != theirs(value + 8) && !wrong++)
			NOTE("%s: %d becomes %02x, not %02x", name, value, ours,
			     theirs(value));
	}
	CHECK(!wrong, "%s: %u samples are coded differently", name, wrong);
}

static uint8_t their_ulaw(int value)
{
	return linear_to_ulaw(value);
}

static uint8_t their_alaw(int value)
{
	return linear_to_alaw(value);
}

static void test_encode(void)
{
	static const int16_t extremes[] = { -32768, 32767, 0, -1 };
	static const uint8_t ulaw[] = { 0x00, 0x80, 0xff, 0x7f };
	static const uint8_t alaw[] = { 0x2a, 0xaa, 0xd5, 0x55 };
	uint8_t codes[4];

	check_codes(&g711_ulaw, their_ulaw, "mu-law");
	check_codes(&g711_alaw, their_alaw, "A-law");
	g711_ulaw.encode(codes, extremes, 4);
	CHECK(!memcmp(codes, ulaw, 4), "%02x %02x %02x %02x", codes[0], codes[1], codes[2],
	      codes[3]);
	g711_alaw.encode(codes, extremes, 4);
	CHECK(!memcmp(codes, alaw, 4), "%02x %02x %02x %02x", codes[0], codes[1], codes[2],
	      codes[3]);
}

static void test_round_trip(void)
{
	unsigned int i;

	for (i = 0; i < 256; i++) {
		uint8_t code = i, again;
		int16_t sample;

		g711_alaw.decode(&sample, &code, 1);
		g711_alaw.encode(&again, &sample, 1);
		CHECK(again == code, "A-law %02x becomes %02x", code, again);
		g711_ulaw.decode(&sample, &code, 1);
		g711_ulaw.encode(&again, &sample, 1);
		/* mu-law has two zeros */
		CHECK(again == code || (code == 0x7f && again == 0xff),
		      "mu-law %02x becomes %02x", code, again);
	}
}

/* The digital milliwatt of G.711 tables 5 and 6 is 0 dBm0. */
static void test_milliwatt(void)
{
	static const uint8_t ulaw[] = { 0x1e, 0x0b, 0x0b, 0x1e, 0x9e, 0x8b, 0x8b, 0x9e };
	static const uint8_t alaw[] = { 0x34, 0x21, 0x21, 0x34, 0xb4, 0xa1, 0xa1, 0xb4 };
	int16_t sample[8];
	uint8_t code[8];

	g711_ulaw.decode(sample, ulaw, 8);
	CHECK(abs(sample[1]) > 20000 && abs(sample[1]) < 22000, "peak %d", sample[1]);
	g711_ulaw.encode(code, sample, 8);
	CHECK(!memcmp(code, ulaw, 8), "mu-law milliwatt changes");
	g711_alaw.decode(sample, alaw, 8);
	g711_alaw.encode(code, sample, 8);
	CHECK(!memcmp(code, alaw, 8), "A-law milliwatt changes");
}

KTAP_MAIN(TEST(test_decode), TEST(test_encode), TEST(test_round_trip),
	  TEST(test_milliwatt))
