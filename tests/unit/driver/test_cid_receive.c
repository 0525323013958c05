// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fsk_receive.c and cid_receive.c: what spandsp and our own callerid.c send is
 * received, also from a bad line; what is no message is not.
 */
#include "../../jclip.h"
#include "../ktap.h"
#include "callerid.h"
#include "cid_receive.h"
#include "fsk.h"
#include "signal.h"

#include <math.h>
#include <stdlib.h>
#include <spandsp.h>

#define MS		8	/* samples */
#define LONGEST		(12 * 8000)
#define BEFORE		(300 * MS)

static int16_t samples[LONGEST];

static const uint8_t sdmf[] =
	"\x04\x12" "09301224" "6095551212" "\x51";
static const uint8_t mdmf[] =
	"\x80\x21\x01\x08" "01020304" "\x02\x0a" "6095551212" "\x07\x09" "TEST NAME" "\x2b";
static const uint8_t private[] =
	"\x80\x10\x01\x08" "01020304" "\x04\x01" "P" "\x08\x01" "P" "\x2f";
static const uint8_t waiting[] = "\x82\x03\x0b\x01\xff\x70";
static const uint8_t waiting_sdmf[] = "\x06\x03" "BBB" "\x31";
static const uint8_t etsi[] =
	"\x80\x19\x11\x01\x01\x01\x08" "01020304" "\x02\x0a" "0123456789" "\xa8";

static const uint8_t operators[] = "\xf1\x03\x0b\x01\xff\x01";

static size_t longest_message(uint8_t *octets)
{
	unsigned int i, sum = 0;

	octets[0] = 0x80;
	octets[1] = 255;
	octets[2] = 0x50;
	octets[3] = 253;
	for (i = 4; i < 257; i++)
		octets[i] = i * 167 + 13;
	for (i = 0; i < 257; i++)
		sum += octets[i];
	octets[257] = -sum;
	return 258;
}

/* -------------------------------------------------------------- senders --- */

/* Frames as a telephone gets them, behind some silence. */
static size_t send_own(const struct pots_cid *cid)
{
	struct pots_callerid player;
	size_t made = BEFORE;

	CHECK(!pots_callerid_check(cid), "refused");
	memset(samples, 0, sizeof(samples));
	pots_callerid_start(&player, cid, 0);
	while (made + 8 <= LONGEST && pots_callerid_render(&player, samples + made, 8))
		made += 8;
	return made;
}

static struct pots_cid fsk_cid(unsigned int signal, const void *octets, size_t count)
{
	struct pots_cid cid = {
		.signal = signal, .count = count, .level_cdb = -1350,
		.bursts = 1, .before_data_ms = 100, .after_data_ms = 100,
		.seizure_bits = 300, .mark_bits = 180, .stop_bits = 1, .tail_bits = 2,
	};

	memcpy(cid.data, octets, count);
	return cid;
}

static struct pots_cid dtmf_cid(const char *digits)
{
	static const char order[] = "0123456789*#ABCD";
	struct pots_cid cid = {
		.signal = POTS_CID_DTMF, .count = strlen(digits), .level_cdb = -1100,
		.before_data_ms = 100, .after_data_ms = 100, .on_ms = 70, .off_ms = 70,
	};
	unsigned int i;

	for (i = 0; i < cid.count; i++)
		cid.data[i] = strchr(order, digits[i]) - order;
	return cid;
}

/* Without its checksum, which spandsp makes. */
static size_t send_spandsp(int standard, const void *octets, int count)
{
	adsi_tx_state_t *sender = adsi_tx_init(NULL, standard);
	size_t made = BEFORE;
	int got;

	memset(samples, 0, sizeof(samples));
	adsi_tx_put_message(sender, octets, count);
	do {
		got = adsi_tx(sender, samples + made, 80);
		made += got;
	} while (got == 80 && made + 80 <= LONGEST);
	adsi_tx_free(sender);
	return made + 100 * MS;
}

/* -------------------------------------------------------- what spoils it --- */

static void spoil_nothing(size_t count)
{
	(void)count;
}

static void spoil_level(size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		samples[i] /= 10;
}

static void spoil_noise(size_t count)
{
	add_band_noise(samples, count, -13.5 - 20);
}

/* 10 % of what a sample can be; it begins with the ringing's end */
static void spoil_dc(size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		samples[i] = clip(samples[i] + 3277);
}

/* By a windowed sinc: @factor samples of the sender's are one of ours. */
static void resample(size_t count, double factor)
{
	static int16_t from[LONGEST];
	size_t i;
	int k;

	memcpy(from, samples, count * sizeof(*from));
	for (i = 0; i < count; i++) {
		double at = i * factor, sum = 0;

		for (k = -15; k <= 16; k++) {
			long place = (long)at + k;
			double x = place - at;

			if (place < 0 || place >= (long)count)
				continue;
			sum += from[place] * (fabs(x) < 1e-9 ? 1 : sin(M_PI * x) / (M_PI * x)) *
			       pow(cos(M_PI * x / 34), 2);
		}
		samples[i] = clip(sum);
	}
}

static void spoil_fast(size_t count)
{
	resample(count, 1.01);
}

static void spoil_slow(size_t count)
{
	resample(count, 0.99);
}

/* Ringing that dies away into the first bits. */
static void spoil_ringing(size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		samples[i] = clip(samples[i] + 30000 * exp(-(double)i / (80 * MS)) *
				  sin(2 * M_PI * 25 * i / RATE));
}

/* The upper frequency 6 dB weaker, as a long cable has it. */
static void spoil_cable(size_t count)
{
	double last = 0, before = 0;
	size_t i;

	for (i = 0; i < count; i++) {
		double now = samples[i];

		samples[i] = clip(0.25 * now + 0.5 * last + 0.25 * before);
		before = last;
		last = now;
	}
}

static void spoil_all(size_t count)
{
	resample(count, 1.01);
	spoil_ringing(count);
	spoil_level(count);
	add_band_noise(samples, count, -13.5 - 20 - 20);
	spoil_dc(count);
}

static const struct spoiler {
	const char *name;
	void (*spoil)(size_t count);
} spoilers[] = {
	{ "nominal", spoil_nothing }, { "20 dB weaker", spoil_level },
	{ "20 dB above the noise", spoil_noise }, { "with DC", spoil_dc },
	{ "1 % fast", spoil_fast }, { "1 % slow", spoil_slow },
	{ "after ringing", spoil_ringing }, { "over a cable", spoil_cable },
	{ "all of it", spoil_all },
};

/* ------------------------------------------------------------ receiving --- */

struct received {
	unsigned int messages;
	unsigned int count;		/* of the last one */
	uint8_t data[POTS_CID_DATA_MAX];
	size_t at;			/* sample after which it was there */
};

static void receive(unsigned int signal, size_t count, unsigned int frames,
		    struct received *got)
{
	struct pots_cid_receiver r;
	size_t at;

	memset(got, 0, sizeof(*got));
	pots_cid_receive_init(&r, signal);
	for (at = 0; at + frames * 8 <= count; at += frames * 8) {
		const u8 *data;

		if (!pots_cid_receive_run(&r, samples + at, frames))
			continue;
		data = pots_cid_receive_data(&r, &got->count);
		memcpy(got->data, data, got->count);
		got->messages++;
		got->at = at + frames * 8;
	}
}

static void check_received(const char *what, const char *how, unsigned int signal,
			   size_t length, const void *octets, size_t count)
{
	struct received got;

	receive(signal, length, 1, &got);
	CHECK(got.messages == 1, "%s, %s: %u messages", what, how, got.messages);
	CHECK(got.count == count && !memcmp(got.data, octets, count),
	      "%s, %s: another one, of %u", what, how, got.count);
}

/* Of a string constant. */
#define SAYS(text) text, sizeof(text) - 1

static const struct {
	const char *name;
	const void *octets;
	size_t count;
} messages[] = {
	{ "SDMF", SAYS(sdmf) }, { "MDMF", SAYS(mdmf) }, { "private", SAYS(private) },
	{ "message waiting", SAYS(waiting) }, { "message waiting, SDMF", SAYS(waiting_sdmf) },
	{ "ETSI", SAYS(etsi) }, { "an operator's own", SAYS(operators) },
};

static void test_own(void)
{
	size_t i, k, signal;

	for (i = 0; i < ARRAY_SIZE(messages); i++)
		for (signal = POTS_CID_BELL202; signal <= POTS_CID_V23; signal++)
			for (k = 0; k < ARRAY_SIZE(spoilers); k++) {
				struct pots_cid cid = fsk_cid(signal, messages[i].octets,
							      messages[i].count);
				size_t length = send_own(&cid);

				spoilers[k].spoil(length);
				check_received(messages[i].name, spoilers[k].name, signal,
					       length, messages[i].octets,
					       messages[i].count);
			}
}

static void test_spandsp(void)
{
	static const struct {
		int standard;
		unsigned int signal;
	} standards[] = {
		{ ADSI_STANDARD_CLASS, POTS_CID_BELL202 },
		{ ADSI_STANDARD_ACLIP, POTS_CID_BELL202 },
		{ ADSI_STANDARD_CLIP, POTS_CID_V23 },
	};
	size_t i, k, s;

	for (i = 0; i < ARRAY_SIZE(messages); i++)
		for (s = 0; s < ARRAY_SIZE(standards); s++)
			for (k = 0; k < ARRAY_SIZE(spoilers); k++) {
				size_t length = send_spandsp(standards[s].standard,
							     messages[i].octets,
							     messages[i].count - 1);

				spoilers[k].spoil(length);
				check_received(messages[i].name, spoilers[k].name,
					       standards[s].signal, length,
					       messages[i].octets, messages[i].count);
			}
}


/* All that a message can hold, and what the least number of ones leaves. */
static void test_extremes(void)
{
	struct pots_cid cid;
	uint8_t octets[258];
	size_t count = longest_message(octets), length;
	unsigned int signal;

	for (signal = POTS_CID_BELL202; signal <= POTS_CID_V23; signal++) {
		cid = fsk_cid(signal, octets, count);
		length = send_own(&cid);
		spoil_noise(length);
		check_received("the longest", "in noise", signal, length, octets, count);
	}

	/* in a call: no seizure, and ones between the octets */
	cid = fsk_cid(POTS_CID_V23, SAYS(etsi));
	cid.seizure_bits = 0;
	cid.mark_bits = 55;
	cid.stop_bits = 10;
	length = send_own(&cid);
	spoil_noise(length);
	check_received("no seizure", "in noise", POTS_CID_V23, length, SAYS(etsi));
}

/* ------------------------------------------------------------ of Japan --- */

/* The frame around type, length and parameters; @crc is added to the right one. */
static struct pots_cid framed_cid(const void *octets, size_t count, unsigned int wrong)
{
	struct pots_cid cid = fsk_cid(POTS_CID_V23, "\x10\x01\x07\x10\x02", 5);
	const uint8_t *octet = octets;

	cid.seizure_bits = 0;
	cid.mark_bits = 75;
	cid.stop_bits = 4;
	for (; count; count--, octet++) {
		cid.data[cid.count++] = *octet;
		if (*octet == 0x10)
			cid.data[cid.count++] = 0x10;
	}
	cid.data[cid.count++] = 0x10;
	cid.data[cid.count++] = 0x03;
	jclip_finish(&cid);
	cid.data[cid.count - 2] ^= wrong & 0xff;
	cid.data[cid.count - 1] ^= wrong >> 8;
	return cid;
}

static const uint8_t japan[] = "\x40\x0c\x02\x0a" "0312345678";
static const uint8_t japan_private[] = "\x40\x03\x04\x01" "P";
static const uint8_t japan_dle[] = "\x40\x10\x02\x0e" "12345678901234";

static void test_japan(void)
{
	struct pots_cid cid;
	size_t length, i, k;
	static const struct {
		const void *octets;
		size_t count;
	} all[] = { { SAYS(japan) }, { SAYS(japan_private) }, { SAYS(japan_dle) } };

	for (k = 0; k < ARRAY_SIZE(spoilers); k++) {
		for (i = 0; i < ARRAY_SIZE(all); i++) {
			cid = framed_cid(all[i].octets, all[i].count, 0);
			length = send_own(&cid);
			spoilers[k].spoil(length);
			check_received("framed", spoilers[k].name, POTS_CID_V23, length,
				       all[i].octets, all[i].count);
		}
		length = send_spandsp(ADSI_STANDARD_JCLIP, SAYS(japan));
		spoilers[k].spoil(length);
		check_received("J-CLIP", spoilers[k].name, POTS_CID_V23, length, SAYS(japan));
	}
	/* a length that counts a doubled octet twice, or anything else */
	cid = framed_cid(SAYS("\x40\x13\x02\x10" "1234567890123456"), 0);
	check_received("its length", "of what is sent", POTS_CID_V23, send_own(&cid),
		       SAYS("\x40\x12\x02\x10" "1234567890123456"));
}

static void test_dtmf(void)
{
	static const char *const strings[] = {
		"A0123456789C", "D0123456789C", "A0123456789#", "0123456789#", "B00C",
		"B01C", "D1#", "A5551234D5556789C",
	};
	static const unsigned int times_ms[][2] = { { 70, 70 }, { 50, 50 }, { 100, 100 } };
	size_t i, k, t;

	for (i = 0; i < ARRAY_SIZE(strings); i++)
		for (t = 0; t < ARRAY_SIZE(times_ms); t++)
			for (k = 0; k < ARRAY_SIZE(spoilers); k++) {
				struct pots_cid cid = dtmf_cid(strings[i]);
				size_t length;

				/* ten times as much DC as signal is for a modem only */
				if (spoilers[k].spoil == spoil_all)
					continue;
				cid.on_ms = times_ms[t][0];
				cid.off_ms = times_ms[t][1];
				length = send_own(&cid);
				spoilers[k].spoil(length);
				check_received(strings[i], spoilers[k].name, POTS_CID_DTMF,
					       length, cid.data, cid.count);
			}
	for (i = 0; i < 3; i++) {
		size_t length = send_spandsp(ADSI_STANDARD_CLIP_DTMF, strings[i],
					     strlen(strings[i]));
		struct pots_cid cid = dtmf_cid(strings[i]);

		check_received(strings[i], "spandsp's", POTS_CID_DTMF, length, cid.data,
			       cid.count);
	}
}

/* One behind the other; how many samples. */
static size_t send_both(const struct pots_cid *first, const struct pots_cid *second)
{
	static int16_t kept[LONGEST / 2];
	size_t one = send_own(first), two;

	memcpy(kept, samples, one * sizeof(*kept));
	two = send_own(second);
	memmove(samples + one, samples, two * sizeof(*samples));
	memcpy(samples, kept, one * sizeof(*kept));
	return one + two;
}

/* A frame that is wrong says nothing of the next. */
static void test_japan_again(void)
{
	struct pots_cid wrong = framed_cid(SAYS(japan), 1), right = framed_cid(SAYS(japan), 0);

	check_received("framed", "behind a wrong one", POTS_CID_V23,
		       send_both(&wrong, &right), SAYS(japan));
}

/* More than there is room for. */
static void test_japan_without_end(void)
{
	uint8_t octets[2 * POTS_CID_DATA_MAX] = "\x90\x81\x87\x90\x82";
	const struct pots_fsk_frame frame = {
		.mark_hz = 1300, .space_hz = 2100, .level_cdb = -1350, .mark_bits = 75,
		.stop_bits = 1, .tail_bits = 2, .octets = sizeof(octets), .octet = octets,
	};
	struct received got;
	struct pots_fsk fsk;

	memset(octets + 5, 'A', sizeof(octets) - 5);
	memset(samples, 0, sizeof(samples));
	pots_fsk_start(&fsk, &frame);
	pots_fsk_render(&fsk, samples + BEFORE, pots_fsk_samples(&frame));
	receive(POTS_CID_V23, BEFORE + pots_fsk_samples(&frame), 1, &got);
	CHECK(!got.messages, "%u messages", got.messages);
}

/* One after the other, and each in pieces of every length. */
static void test_two_messages(void)
{
	struct pots_cid cid = fsk_cid(POTS_CID_BELL202, SAYS(sdmf));
	struct pots_cid second = fsk_cid(POTS_CID_BELL202, SAYS(mdmf));
	struct received got;
	unsigned int frames;
	size_t both;

	second.seizure_bits = 0;
	both = send_both(&cid, &second);
	for (frames = 1; frames <= 20; frames++) {
		receive(POTS_CID_BELL202, both, frames, &got);
		CHECK(got.messages == 2 && got.count == sizeof(mdmf) - 1 &&
		      !memcmp(got.data, mdmf, got.count), "in %u frames: %u messages", frames,
		      got.messages);
	}
}

/* The first digit of a message is not one of the message before. */
static void test_two_messages_of_digits(void)
{
	struct pots_cid first = dtmf_cid("A0123C"), second = dtmf_cid("D99#");
	struct received got;

	receive(POTS_CID_DTMF, send_both(&first, &second), 1, &got);
	CHECK(got.messages == 2 && got.count == second.count &&
	      !memcmp(got.data, second.data, second.count), "%u messages, the last of %u",
	      got.messages, got.count);
}

/* ---------------------------------------------------------- no messages --- */

/* Neither is there one before its end, nor is there more than room. */
static void test_more_digits_than_room(void)
{
	struct pots_cid cid = dtmf_cid("12345678901234567890");
	struct pots_cid_receiver r;
	unsigned int i, count;
	size_t length, at;

	cid.before_data_ms = 10;
	cid.after_data_ms = 10;
	length = send_own(&cid) - BEFORE;
	pots_cid_receive_init(&r, POTS_CID_DTMF);
	for (i = 0; i < 20; i++) {
		for (at = 0; at + 8 <= length; at += 8)
			CHECK(!pots_cid_receive_run(&r, samples + BEFORE + at, 1), "complete");
		CHECK(r.count && r.count <= POTS_CID_DATA_MAX, "%u digits", r.count);
		pots_cid_receive_data(&r, &count);
		CHECK(!count, "%u digits told", count);
	}
}

static void check_none(const char *what, unsigned int signal, size_t length)
{
	struct received got;

	receive(signal, length, 1, &got);
	CHECK(!got.messages, "%s: %u messages, of %u", what, got.messages, got.count);
}

/* What is wrong with a message, and its checksum right all the same. */
static void check_refused(const char *what, const void *octets, size_t count)
{
	struct pots_cid cid = fsk_cid(POTS_CID_BELL202, octets, count);
	unsigned int i, sum = 0;

	for (i = 0; i < count; i++)
		sum += cid.data[i];
	cid.data[cid.count++] = -sum;
	check_none(what, POTS_CID_BELL202, send_own(&cid));
}

static void test_wrong_messages(void)
{
	struct pots_cid cid;
	unsigned int i;

	/* each bit of a message is worth its checksum; some its length, or its type */
	for (i = 0; i < 8 * (sizeof(mdmf) - 1); i++) {
		cid = fsk_cid(POTS_CID_BELL202, SAYS(mdmf));
		cid.data[i / 8] ^= 1 << i % 8;
		check_none("a wrong bit", POTS_CID_BELL202, send_own(&cid));
	}
	check_refused("unknown type", SAYS("\x05\x03" "BBB"));
	check_refused("too short", SAYS("\x80\x02\x0b\x00"));
	check_refused("a parameter too long", SAYS("\x80\x04\x02\x03" "12"));
	check_refused("half a parameter", SAYS("\x80\x05\x02\x02" "12\x04"));
	check_refused("a control character", SAYS("\x04\x0a" "093012240\x1f"));
	check_refused("no ASCII", SAYS("\x04\x0a" "093012240\x7f"));
	check_refused("a type of nobody's", SAYS("\x90\x03\x0b\x01\xff"));
	check_refused("the type before the operators'", SAYS("\xf0\x03\x0b\x01\xff"));
	check_refused("more to come", SAYS("\x80\x22\x01\x08" "01020304" "\x02\x0a"
					   "6095551212" "\x07\x09" "TEST NAME"));
}

static void check_unframed(const char *what, const struct pots_cid *cid)
{
	check_none(what, POTS_CID_V23, send_own(cid));
}

static void test_wrong_frames(void)
{
	static const struct {
		const char *what;
		const void *octets;
		size_t count;
		unsigned int wrong;
	} wrong[] = {
		{ "another CRC", SAYS(japan), 0x100 }, { "no parameters", SAYS("\x40\x00"), 0 },
		{ "half a parameter", SAYS("\x40\x03\x02\x05" "1"), 0 }, { "nothing", SAYS(""), 0 },
	};
	const struct pots_cid right = framed_cid(SAYS(japan), 0);
	struct pots_cid cid;
	unsigned int i;

	for (i = 0; i < 8u * right.count; i++) {
		cid = right;
		cid.data[i / 8] ^= 1 << i % 8;
		check_unframed("a wrong bit", &cid);
	}
	/* two in an octet are right for its parity */
	for (i = 0; i < right.count; i++) {
		cid = right;
		cid.data[i] ^= 0x41;
		check_unframed("two wrong bits", &cid);
	}
	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		cid = framed_cid(wrong[i].octets, wrong[i].count, wrong[i].wrong);
		check_unframed(wrong[i].what, &cid);
	}
	/* no end, and as many octets as there are */
	cid = right;
	memset(cid.data + 5, '0', sizeof(cid.data) - 5);
	cid.count = POTS_CID_DATA_MAX;
	check_unframed("no end", &cid);
}

static void test_cut_off(void)
{
	const struct pots_cid cid = fsk_cid(POTS_CID_V23, SAYS(etsi));
	size_t length = send_own(&cid), bits = (480 + 10 * 28) * 20 / 3, at, end;
	struct received got;

	receive(POTS_CID_V23, length, 1, &got);
	CHECK(got.messages == 1 && got.at >= BEFORE + 100 * MS + bits - 15 &&
	      got.at <= BEFORE + 100 * MS + bits + 15, "known after %zu samples, not %zu",
	      got.at - BEFORE - 100 * MS, bits);
	end = got.at;
	for (at = BEFORE; at < end - 10; at += 97) {
		send_own(&cid);
		memset(samples + at, 0, (length - at) * sizeof(*samples));
		check_none("cut off", POTS_CID_V23, length);
	}
	/* a gap, in the seizure or the message */
	for (at = BEFORE + 300 * MS; at < end - 400; at += 97) {
		send_own(&cid);
		memset(samples + at, 0, 40 * MS * sizeof(*samples));
		receive(POTS_CID_V23, length, 1, &got);
		CHECK(!got.messages || at < BEFORE + 500 * MS, "with a gap at %zu", at);
	}
}

static void test_garbage(void)
{
	static const struct {
		const char *name;
		double hz[2], dbm0;
	} tones[] = {
		{ "1200 Hz", { 1200 }, -10 }, { "1300 Hz", { 1300 }, -10 },
		{ "2100 Hz", { 2100 }, -10 }, { "dial tone", { 350, 440 }, -13 },
		{ "alert", { 2130, 2750 }, -15 }, { "SIT", { 950, 1400 }, -13 },
	};
	unsigned int seed = 5, signal, i, round, messages = 0;
	struct received got;

	for (signal = POTS_CID_BELL202; signal <= POTS_CID_DTMF; signal++) {
		for (i = 0; i < ARRAY_SIZE(tones); i++) {
			memset(samples, 0, sizeof(samples));
			add_sine(samples, LONGEST, tones[i].hz[0], tones[i].dbm0, 0);
			if (tones[i].hz[1])
				add_sine(samples, LONGEST, tones[i].hz[1], tones[i].dbm0, 0);
			check_none(tones[i].name, signal, LONGEST);
		}
		for (round = 0; round < 20; round++) {
			memset(samples, 0, sizeof(samples));
			add_noise(samples, LONGEST, -10 - (int)round, &seed);
			check_none("noise", signal, LONGEST);
		}
	}
	/* octets at random, framed as a message's are */
	for (round = 0; round < 2000; round++) {
		struct pots_cid cid = fsk_cid(POTS_CID_BELL202, "", 0);

		cid.seizure_bits = 0;
		cid.mark_bits = 60;
		cid.count = 40;
		for (i = 0; i < cid.count; i++)
			cid.data[i] = rand_r(&seed) >> 8;
		cid.data[0] = round % 2 ? 0x80 : 0x04;
		cid.data[1] = rand_r(&seed) % 36 + 1;
		receive(POTS_CID_BELL202, send_own(&cid), 1, &got);
		messages += got.messages;
	}
	CHECK(messages <= 2, "%u of 2000 heaps of octets are messages", messages);
}

static void test_no_digits(void)
{
	static const char *const strings[] = {
		"A0123456789", "0123456789C", "C", "#", "A#", "A12*34C", "12C",
	};
	struct pots_cid cid;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(strings); i++) {
		cid = dtmf_cid(strings[i]);
		check_none(strings[i], POTS_CID_DTMF, send_own(&cid));
	}
	/* digits more than a second apart do not belong together */
	cid = dtmf_cid("A123C");
	cid.off_ms = 1000;
	check_none("slow digits", POTS_CID_DTMF, send_own(&cid));
}

KTAP_MAIN(TEST(test_own), TEST(test_spandsp), TEST(test_extremes), TEST(test_dtmf),
	  TEST(test_two_messages), TEST(test_two_messages_of_digits),
	  TEST(test_more_digits_than_room), TEST(test_wrong_messages),
	  TEST(test_japan), TEST(test_japan_again),
	  TEST(test_japan_without_end), TEST(test_wrong_frames), TEST(test_cut_off),
	  TEST(test_garbage), TEST(test_no_digits))
