// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Who calls: the octets of the fact sheets, names and numbers. That the kernel
 * takes what comes out is asked of its own check.
 */
#include <iconv.h>
#include <locale.h>
#include <stdint.h>
#include <stdio.h>

#include <linux/pots.h>

#include "kselftest_harness.h"
#include "callerid.h"

/* The kernel's check, from driver/callerid.c. */
int pots_callerid_check(const struct pots_cid *cid);

static const struct callerid_call plain = {
	.number = "6095551212", .name = "TEST NAME", .plus = "00",
	.month = 1, .day = 2, .hour = 3, .minute = 4,
};

FIXTURE(callerid) {
	struct callerid_call call;
	struct pots_cid cid;
};

FIXTURE_SETUP(callerid)
{
	self->call = plain;
}

FIXTURE_TEARDOWN(callerid)
{
}

#define EXPECT_OCTETS(standard, text) do { \
	ASSERT_TRUE(callerid_fill((standard), &self->call, &self->cid)); \
	EXPECT_EQ(0, pots_callerid_check(&self->cid)); \
	EXPECT_EQ(sizeof(text) - 1, self->cid.count); \
	EXPECT_EQ(0, memcmp((text), self->cid.data, sizeof(text) - 1)); \
} while (0)

TEST_F(callerid, octets_of_the_fact_sheets)
{
	EXPECT_OCTETS(CALLERID_BELLCORE, "\x80\x21\x01\x08" "01020304" "\x02\x0a" "6095551212"
		      "\x07\x09" "TEST NAME" "\x2b");
	self->call.name = "";
	self->call.number = "0123456789";
	EXPECT_OCTETS(CALLERID_ETSI, "\x80\x19\x11\x01\x01\x01\x08" "01020304" "\x02\x0a"
		      "0123456789" "\xa8");
	self->call = plain;
	self->call.month = 9;
	self->call.day = 30;
	self->call.hour = 12;
	self->call.minute = 24;
	EXPECT_OCTETS(CALLERID_BELLCORE_SDMF, "\x04\x12" "09301224" "6095551212" "\x51");
	self->call = plain;
	self->call.withheld = true;
	EXPECT_OCTETS(CALLERID_BELLCORE, "\x80\x10\x01\x08" "01020304" "\x04\x01P\x08\x01P\x2f");
}

TEST_F(callerid, nothing_of_a_withheld_caller_is_told)
{
	self->call.withheld = true;
	for (int standard = CALLERID_OFF + 1; standard < CALLERID_COUNT; standard++) {
		ASSERT_TRUE(callerid_fill(standard, &self->call, &self->cid));
		EXPECT_EQ(NULL, memmem(self->cid.data, self->cid.count, "609", 3));
		EXPECT_EQ(NULL, memmem(self->cid.data, self->cid.count, "\6\0\11", 3));
		EXPECT_EQ(NULL, memmem(self->cid.data, self->cid.count, "TEST", 4));
	}
	EXPECT_OCTETS(CALLERID_DTMF, "\15\0\1\16");
	EXPECT_OCTETS(CALLERID_DTMF_DK, "\17\1\13");
	EXPECT_OCTETS(CALLERID_BELLCORE_SDMF, "\x04\x09" "01020304" "P\x19");
}

TEST_F(callerid, an_unknown_number_is_unavailable)
{
	self->call.number = "alice";
	self->call.name = "";
	EXPECT_OCTETS(CALLERID_UK_CABLE, "\x80\x14\x01\x08" "01020304" "\x04\x01O\x07\x05" "alice"
		      "\x7b");
	self->call.number = "";
	EXPECT_OCTETS(CALLERID_UK_CABLE, "\x80\x10\x01\x08" "01020304" "\x04\x01O\x08\x01O\x31");
	EXPECT_OCTETS(CALLERID_DTMF_A, "\15\0\0\16");
	EXPECT_OCTETS(CALLERID_DTMF_DK, "\17\3\13");
}

TEST_F(callerid, digits)
{
	self->call.number = "12*0#";
	EXPECT_OCTETS(CALLERID_DTMF, "\17\1\2\12\0\13\16");
	EXPECT_OCTETS(CALLERID_DTMF_RING, "\17\1\2\12\0\13\16");
	EXPECT_OCTETS(CALLERID_DTMF_LR, "\14\1\2\12\0\13\16");
	EXPECT_OCTETS(CALLERID_DTMF_DK, "\14\1\2\12\0\13\13");
}

/*
 * The frame of a telephone that answers: the number, why there is none, and what a
 * number does whose lengths are DLE. CRCs by another polynomial division than ours.
 */
TEST_F(callerid, japanese_frames)
{
	self->call.number = "0312345678";
	EXPECT_OCTETS(CALLERID_NTT, "\x90\x81\x87\x90\x82\xc0\x0c\x82\x0a\x30\x33\xb1\xb2"
		      "\x33\xb4\x35\x36\xb7\xb8\x90\x03" "\xfb\x52");
	self->call.withheld = true;
	EXPECT_OCTETS(CALLERID_NTT, "\x90\x81\x87\x90\x82\xc0\x03\x84\x81\x50\x90\x03" "\x1e\xee");
	self->call.withheld = false;
	self->call.number = "";
	EXPECT_OCTETS(CALLERID_NTT, "\x90\x81\x87\x90\x82\xc0\x03\x84\x81\xcf\x90\x03" "\xa0\x2d");
	self->call.number = "12345678901234";
	EXPECT_OCTETS(CALLERID_NTT, "\x90\x81\x87\x90\x82\xc0\x90\x90\x82\x8e\xb1\xb2\x33\xb4"
		      "\x35\x36\xb7\xb8\x39\x30\xb1\xb2\x33\xb4\x90\x03" "\x5c\xd1");
	self->call.number = "1234567890123456";
	EXPECT_OCTETS(CALLERID_NTT, "\x90\x81\x87\x90\x82\xc0\x93\x82\x90\x90\xb1\xb2\x33\xb4"
		      "\x35\x36\xb7\xb8\x39\x30\xb1\xb2\x33\xb4\x35\x36\x90\x03" "\xb1\x88");
}

TEST_F(callerid, off_is_nothing)
{
	EXPECT_FALSE(callerid_fill(CALLERID_OFF, &self->call, &self->cid));
}

TEST_F(callerid, names_are_as_many_as_standards)
{
	int names = 1;

	for (const char *c = CALLERID_NAMES; *c; c++)
		names += *c == ' ';
	EXPECT_EQ(CALLERID_COUNT, names);
}

TEST_F(callerid, the_kernel_takes_the_longest)
{
	self->call.number = "+123456789012345678";
	self->call.name =
		"\u042e\u042e\u042e\u042e\u042e\u042e\u042e\u042e\u042e\u042e\u042e\u042e\u042e"
		"An endless name of somebody who has more of them than a display";
	for (int standard = CALLERID_OFF + 1; standard < CALLERID_COUNT; standard++) {
		ASSERT_TRUE(callerid_fill(standard, &self->call, &self->cid));
		EXPECT_EQ(0, pots_callerid_check(&self->cid)) TH_LOG("standard %d", standard);
	}
}

/* ------------------------------------------------------ numbers and names --- */

#define EXPECT_NUMBER(wanted, user, plus) do { \
	char number_[21]; \
	EXPECT_EQ(!!*(wanted), callerid_number((user), (plus), number_, sizeof(number_))); \
	EXPECT_STREQ((wanted), number_); \
} while (0)

TEST(numbers)
{
	EXPECT_NUMBER("102", "102", "00");
	EXPECT_NUMBER("00493012345", "+49 (30) 123-45", "00");
	EXPECT_NUMBER("01116095551212", "+1.609.555.1212", "011");
	EXPECT_NUMBER("*21#", "*21#", "");
	EXPECT_NUMBER("", "alice", "00");
	EXPECT_NUMBER("", "12+3", "00");
	EXPECT_NUMBER("", "12a", "00");
	EXPECT_NUMBER("", "", "00");
	EXPECT_NUMBER("", "-", "00");
	EXPECT_NUMBER("12345678901234567890", "12345678901234567890", "00");
	EXPECT_NUMBER("", "123456789012345678901", "00");
	EXPECT_NUMBER("", "+1", "0123456789012345678901");
	EXPECT_NUMBER("", "+12", "0123456789012345678");
}

#define EXPECT_NAME(wanted, utf8, size) do { \
	char name_[64]; \
	callerid_name((utf8), name_, (size)); \
	EXPECT_STREQ((wanted), name_); \
} while (0)

TEST(names)
{
	EXPECT_NAME("Alice", "Alice", 16);
	EXPECT_NAME("Jurgen Gross", "J\u00fcrgen Gro\u00df", 16);
	EXPECT_NAME("Dvorak, Antonin", "Dvo\u0159\u00e1k, Anton\u00edn", 16);
	EXPECT_NAME("Soren AEro", "S\u00f8ren \u00c6r\u00f8", 16);
	EXPECT_NAME("Ion Stefanescu", "Ion \u0218tef\u0103nescu", 16);
	EXPECT_NAME("Petr Chaykovskiy", "\u041f\u0435\u0442\u0440 "
		    "\u0427\u0430\u0439\u043a\u043e\u0432\u0441\u043a\u0438\u0439", 17);
	EXPECT_NAME("Kiyiv", "\u041a\u0438\u0457\u0432", 16);
	EXPECT_NAME("Athina", "\u0391\u03b8\u03ae\u03bd\u03b1", 16);
	EXPECT_NAME("Nguyen Huong", "Nguy\u1ec5n H\u01b0\u01a1ng", 16);
	EXPECT_NAME("Ma Jose", "M\u00aa Jos\u00e9", 16);
	EXPECT_NAME("O'Brien - \"x\"", "O\u2019Brien \u2013 \u201cx\u201d", 16);
	/* a mark of its own; what has no likeness; nothing left */
	EXPECT_NAME("Jose", "Jose\u0301", 16);
	EXPECT_NAME("Bob Lee", "Bob \u674e Lee", 16);
	EXPECT_NAME("", "\u674e\u5c0f\u9f99", 16);
	/* blanks and controls are one blank, and none at an end */
	EXPECT_NAME("a b", "  a \t\r\n\u00a0 b  ", 16);
	/* cut to what there is room for, never inside an escape */
	EXPECT_NAME("123456789012345", "1234567890123456", 16);
	EXPECT_NAME("Grossm", "Gro\u00dfmann", 7);
	EXPECT_NAME("1234", "1234 6", 6);
}

/* What is no letter, and what of the letters another library reads otherwise. */
static const struct { uint32_t first; const char *name[32]; } signs[] = {
	{ 0xa0, { "", "!", "c", "L", "", "Y", "|", "S", "", "c", "a", "\"", "-", "", "r", "-",
		  "o", "+", "2", "3", "'", "u", "P", ".", ",", "1", "o", "\"", "1/4", "1/2",
		  "3/4", "?" } },
	{ 0xde, { "Th" } },
	{ 0x138, { "k" } },
	{ 0x149, { "n", "Ng", "ng" } },
	{ 0x2010, { "-", "-", "-", "-", "-", "-", "|", "_", "'", "'", ",", "'", "\"", "\"",
		    "\"", "\"", "+", "+", "*", ">", ".", "..", "..." } },
	{ 0x20ac, { "EUR" } },
};

static const char *find_sign(uint32_t character)
{
	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
		if (character >= signs[i].first && character < signs[i].first + 32 &&
		    signs[i].name[character - signs[i].first])
			return signs[i].name[character - signs[i].first];
	}
	return NULL;
}

static void put_utf8(char *to, uint32_t character)
{
	if (character >= 0x800) {
		*to++ = (char)(0xe0 | character >> 12);
		*to++ = (char)(0x80 | (character >> 6 & 0x3f));
	} else {
		*to++ = (char)(0xc0 | character >> 6);
	}
	*to++ = (char)(0x80 | (character & 0x3f));
	*to = 0;
}

/* Latin letters, to Vietnam's: by the C library's transliteration. */
static const struct { uint32_t first, last; } letters[] = {
	{ 0xa0, 0x17f }, { 0x1a0, 0x1a1 }, { 0x1af, 0x1b0 }, { 0x218, 0x21b },
	{ 0x1ea0, 0x1ef9 }, { 0x2010, 0x2026 }, { 0x20ac, 0x20ac },
};

TEST(every_letter_is_what_another_library_makes_of_it)
{
	iconv_t ascii;

	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		SKIP(return, "no locale C.UTF-8");
	ascii = iconv_open("ASCII//TRANSLIT", "UTF-8");
	ASSERT_NE((iconv_t)-1, ascii);
	for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++) {
		for (uint32_t c = letters[i].first; c <= letters[i].last; c++) {
			char utf8[8], wanted[16] = "", name[16], *in = utf8, *out = wanted;
			size_t left, room = sizeof(wanted) - 1;

			put_utf8(utf8, c);
			left = strlen(utf8);
			iconv(ascii, &in, &left, &out, &room);
			callerid_name(utf8, name, sizeof(name));
			EXPECT_STREQ(find_sign(c) ?: wanted, name) {
				TH_LOG("U+%04X", c);
			}
		}
	}
	iconv_close(ascii);
}

TEST(names_that_are_no_utf8)
{
	EXPECT_NAME("M ller", "M\xfcller", 16);
	EXPECT_NAME("a", "a\xc3", 16);
	EXPECT_NAME("a", "a\xe2\x80", 16);
	EXPECT_NAME("a b", "a\xf0\x9f\x98\x80" "b", 16);
	EXPECT_NAME("a b", "a\xff\xfe" "b", 16);
	EXPECT_NAME("a", "a\xf8\x88\x80\x80\x80", 16);
}

/* -------------------------------------------------- the other way round --- */

static bool heard(struct callerid_heard *heard, unsigned int signal, const void *octets,
		  size_t count)
{
	struct pots_caller_id message = { .signal = signal, .count = count };

	memcpy(message.data, octets, count);
	return callerid_read(&message, heard);
}

/* As the kernel does: Japan's message without what is around it, of seven bits. */
static bool heard_of(struct callerid_heard *who, const struct pots_cid *cid)
{
	uint8_t text[POTS_CID_DATA_MAX];
	unsigned int n = 0;

	if (cid->data[0] != 0x90)
		return heard(who, cid->signal, cid->data, cid->count);
	for (unsigned int i = 5; i + 4 < cid->count; i++) {
		text[n++] = cid->data[i] & 0x7f;
		i += cid->data[i] == 0x90;
	}
	return heard(who, cid->signal, text, n);
}

/* What a telephone is told by any standard, an exchange may tell us. */
TEST(every_standard_is_read)
{
	for (unsigned int standard = CALLERID_OFF + 1; standard < CALLERID_COUNT; standard++) {
		struct callerid_call call = plain;
		struct callerid_heard who;
		struct pots_cid cid;

		ASSERT_TRUE(callerid_fill(standard, &call, &cid));
		EXPECT_TRUE(heard_of(&who, &cid));
		EXPECT_STREQ("6095551212", who.number);
		EXPECT_FALSE(who.withheld);
		if (cid.signal != POTS_CID_DTMF && standard != CALLERID_BELLCORE_SDMF &&
		    standard != CALLERID_NTT)
			EXPECT_STREQ("TEST NAME", who.name);
		call.withheld = true;
		callerid_fill(standard, &call, &cid);
		EXPECT_TRUE(heard_of(&who, &cid));
		EXPECT_STREQ("", who.number);
		EXPECT_STREQ("", who.name);
		EXPECT_TRUE(who.withheld) {
			TH_LOG("standard %u", standard);
		}
		call.withheld = false;
		call.number = call.name = "";
		callerid_fill(standard, &call, &cid);
		EXPECT_TRUE(heard_of(&who, &cid));
		EXPECT_STREQ("", who.number);
		EXPECT_FALSE(who.withheld) {
			TH_LOG("standard %u", standard);
		}
	}
}

#define HEARD(signal, octets) heard(&who, POTS_CID_##signal, octets, sizeof(octets) - 1)

TEST(messages_of_exchanges)
{
	struct callerid_heard who;

	EXPECT_TRUE(HEARD(V23, "\x80\x0c\x02\x03+49\x07\x05M\xfc\x01l\x9f\x00"));
	EXPECT_STREQ("+49", who.number);
	EXPECT_STREQ("M\u00fcl", who.name);
	EXPECT_TRUE(HEARD(V23, "\x80\x05\x02\x03" "1-2\x00"));
	EXPECT_STREQ("12", who.number);
	/* a parameter beyond the end, and one of no length */
	EXPECT_TRUE(HEARD(V23, "\x80\x07\x02\x01" "1\x07\x09" "ab\x00"));
	EXPECT_STREQ("1", who.number);
	EXPECT_STREQ("", who.name);
	EXPECT_TRUE(HEARD(V23, "\x80\x02\x02\x00\x00"));
	EXPECT_TRUE(HEARD(BELL202, "\x04\x08" "01020304\x00"));
	EXPECT_STREQ("", who.number);
	/* of no call, or cut off */
	EXPECT_FALSE(HEARD(V23, "\x82\x03\x0b\x01\xff\x00"));
	EXPECT_FALSE(HEARD(V23, "\x80\x07\x02\x01" "1"));
	EXPECT_FALSE(HEARD(V23, "\x80\x00"));
	EXPECT_FALSE(HEARD(V23, ""));
	EXPECT_TRUE(HEARD(DTMF, "\x01\x02\x03\x0b"));
	EXPECT_STREQ("123", who.number);
}

/* Whatever comes: nothing is written or read beyond what there is. */
TEST(messages_of_chance)
{
	unsigned int seed = 1, read = 0;

	for (int i = 0; i < 200000; i++) {
		struct pots_caller_id message = { .signal = i % 3 + 1 };
		struct callerid_heard who;

		seed = seed * 1103515245u + 12345u;
		message.count = (seed >> 16) % (POTS_CID_DATA_MAX + 2);
		for (unsigned int k = 0; k < message.count && k < POTS_CID_DATA_MAX; k++) {
			seed = seed * 1103515245u + 12345u;
			message.data[k] = message.signal == POTS_CID_DTMF ? seed >> 24 & 15
									  : seed >> 24 & 0x8f;
		}
		if (message.signal != POTS_CID_DTMF)
			message.data[0] = i & 8 ? 0x80 : 0x04;
		read += callerid_read(&message, &who);
		ASSERT_LT(strlen(who.number), sizeof(who.number));
		ASSERT_LT(strlen(who.name), sizeof(who.name));
	}
	EXPECT_GT(read, 50000);
}

#define EXPECT_WAITING(standard, any, number, text) do { \
	ASSERT_TRUE(callerid_waiting((standard), (any), (number), &self->cid)); \
	EXPECT_EQ(0, pots_callerid_check(&self->cid)); \
	EXPECT_EQ(0, self->cid.bursts); \
	EXPECT_EQ(sizeof(text) - 1, self->cid.count); \
	EXPECT_EQ(0, memcmp((text), self->cid.data, sizeof(text) - 1)); \
} while (0)

TEST_F(callerid, messages_that_wait)
{
	EXPECT_WAITING(CALLERID_BELLCORE, true, 3, "\x82\x03\x0b\x01\xff\x70");
	EXPECT_WAITING(CALLERID_BELLCORE, false, 0, "\x82\x03\x0b\x01\x00\x6f");
	EXPECT_EQ(0, self->cid.alert_ms);
	EXPECT_WAITING(CALLERID_BELLCORE_SDMF, true, 0, "\x06\x03" "BBB" "\x31");
	EXPECT_WAITING(CALLERID_BELLCORE_SDMF, false, 0, "\x06\x03" "ooo" "\xaa");
	EXPECT_WAITING(CALLERID_ETSI_LR, true, 3, "\x82\x06\x0b\x01\xff\x13\x01\x03\x56");
	EXPECT_WAITING(CALLERID_ETSI_RP, true, 0, "\x82\x06\x0b\x01\xff\x13\x01\x01\x58");
	EXPECT_WAITING(CALLERID_BT, true, 1000, "\x82\x06\x0b\x01\xff\x13\x01\xff\x5a");
	EXPECT_WAITING(CALLERID_UK_CABLE, false, 0, "\x82\x03\x0b\x01\x00\x6f");
	/* without a ring there must be another alert */
	EXPECT_WAITING(CALLERID_ETSI, false, 0, "\x82\x06\x0b\x01\x00\x13\x01\x00\x58");
	EXPECT_EQ(100, self->cid.alert_ms);
	for (int standard = 0; standard < CALLERID_COUNT; standard++) {
		if (standard == CALLERID_OFF || standard >= CALLERID_DTMF)
			EXPECT_FALSE(callerid_waiting(standard, true, 1, &self->cid));
	}
}

TEST_HARNESS_MAIN
