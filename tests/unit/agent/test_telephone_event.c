// SPDX-License-Identifier: GPL-2.0-or-later
/* RFC 4733: what is sent for a digit, and what is made of what comes. */
#include "../ktap.h"
#include "rtp.h"
#include "telephone_event.h"

#include <errno.h>
#include <stdlib.h>

#define STEP	160
#define MS	1000ULL

static struct telephone_event_sender sender;
static struct telephone_event_receiver receiver;
static uint32_t clock_samples;
static char heard[2000];

static void restart(void)
{
	memset(&sender, 0, sizeof(sender));
	memset(&receiver, 0, sizeof(receiver));
	clock_samples = 0xffffff00;	/* the timestamp wraps on the way */
	heard[0] = 0;
}

static void note(const struct telephone_event_news *news)
{
	size_t length = strlen(heard);

	if (news->end)
		length += sprintf(heard + length, "-%u(%u) ", news->ended,
				  news->samples / 8);
	if (news->begin)
		length += sprintf(heard + length, "+%u ", news->digit);
	if (news->whole)
		sprintf(heard + length, "-%u(%u) ", news->digit, news->whole_samples / 8);
}

/* Sends for @ms; the packets of @lost (a bit each) do not arrive. */
static unsigned int run(unsigned int ms, uint64_t lost, unsigned int copies)
{
	struct telephone_event_news news;
	struct telephone_event_out out;
	unsigned int sent = 0, i;

	for (; ms; ms -= 20, clock_samples += STEP) {
		uint64_t now = clock_samples / 8 * MS;

		if (telephone_event_next(&sender, clock_samples, STEP, &out)) {
			for (i = 0; i < copies && !(lost >> (sent % 64) & 1); i++) {
				CHECK(!telephone_event_put(&receiver, out.payload, 4,
							   out.timestamp, now, &news),
				      "refused");
				note(&news);
			}
			CHECK(out.marker == !sent || sent, "marker of the first");
			sent++;
		}
	}
	return sent;
}

static void test_one_digit(void)
{
	unsigned int sent;

	restart();
	telephone_event_queue(&sender, 5, 100 * 8);
	sent = run(400, 0, 1);
	/* five packets of 20 ms, the last of them an end, and two ends more */
	CHECK(sent == 7, "%u packets", sent);
	CHECK(!strcmp(heard, "+5 -5(100) "), "%s", heard);
}

static void test_all_digits(void)
{
	char want[400] = "";
	unsigned int digit;

	restart();
	for (digit = 0; digit < 16; digit++) {
		CHECK(telephone_event_queue(&sender, digit, 80 * 8), "queue full");
		sprintf(want + strlen(want), "+%u -%u(80) ", digit, digit);
	}
	CHECK(!telephone_event_queue(&sender, 17, 800), "digit 17");
	CHECK(telephone_event_queue(&sender, TELEPHONE_EVENT_FLASH, 800), "flash");
	strcat(want, "+16 -16(100) ");
	run(6000, 0, 1);
	CHECK(!strcmp(heard, want), "%s", heard);
}

/* Any of the three ends is enough; the same digit twice is two digits. */
static void test_losses(void)
{
	static const uint64_t lost[] = { 0x01, 0x10, 0x30, 0x20, 0x60, 0x0f };
	size_t i;

	for (i = 0; i < sizeof(lost) / sizeof(lost[0]); i++) {
		restart();
		telephone_event_queue(&sender, 7, 100 * 8);
		telephone_event_queue(&sender, 7, 100 * 8);
		run(800, lost[i], 1);
		CHECK(!strcmp(heard, "+7 -7(100) +7 -7(100) "), "lost %llx: %s",
		      (unsigned long long)lost[i], heard);
	}
}

/* The next digit is the end of the one before, also when it is the same one. */
static void test_ends_lost(void)
{
	static const uint64_t lost[] = { 0x70, 0xff0, 0x1f70 };
	size_t i;

	for (i = 0; i < sizeof(lost) / sizeof(lost[0]); i++) {
		restart();
		telephone_event_queue(&sender, 7, 100 * 8);
		telephone_event_queue(&sender, 7, 100 * 8);
		run(800, lost[i], 1);
		CHECK(!strcmp(heard, "+7 -7(80) +7 -7(100) "), "lost %llx: %s",
		      (unsigned long long)lost[i], heard);
	}
}

static void test_duplicates(void)
{
	restart();
	telephone_event_queue(&sender, 3, 60 * 8);
	telephone_event_queue(&sender, 4, 60 * 8);
	run(800, 0, 3);
	CHECK(!strcmp(heard, "+3 -3(60) +4 -4(60) "), "%s", heard);
}

static void test_end_lost(void)
{
	struct telephone_event_news news;

	restart();
	telephone_event_queue(&sender, 9, 100 * 8);
	run(400, 0x70, 1);
	CHECK(!strcmp(heard, "+9 "), "%s", heard);
	telephone_event_timeout(&receiver, receiver.heard_us + 249 * MS, &news);
	CHECK(!news.end, "too early");
	telephone_event_timeout(&receiver, receiver.heard_us + 251 * MS, &news);
	note(&news);
	CHECK(!strcmp(heard, "+9 -9(80) "), "%s", heard);
}

/* 8.19 s fill the duration: the event goes on in another segment. */
static void test_long_digit(void)
{
	restart();
	telephone_event_queue(&sender, 1, 20000 * 8);
	run(21000, 0, 1);
	CHECK(!strcmp(heard, "+1 -1(20000) "), "%s", heard);
}

static void test_hostile(void)
{
	static const uint8_t flash[] = { 16, 0x8a, 1, 0 }, other[] = { 17, 0x8a, 1, 0 },
			     short_one[] = { 5, 0, 0 };
	struct telephone_event_news news;
	unsigned int round;

	restart();
	CHECK(telephone_event_put(&receiver, short_one, 3, 1, 1, &news) == -EBADMSG,
	      "3 bytes");
	CHECK(!telephone_event_put(&receiver, other, 4, 1, 1, &news) && !news.begin,
	      "what is neither digit nor flash");
	CHECK(!telephone_event_put(&receiver, flash, 4, 2, 1, &news) && news.begin &&
	      news.whole && news.digit == TELEPHONE_EVENT_FLASH, "a flash");
	srand(3);
	for (round = 0; round < 20000; round++) {
		uint8_t payload[4] = { rand() % 20, rand(), rand(), rand() };
		bool was = receiver.active;

		telephone_event_put(&receiver, payload, 4, rand() % 5 * 65535u, round, &news);
		CHECK(!news.end || was, "an end without a beginning");
	}
}

KTAP_MAIN(TEST(test_one_digit), TEST(test_all_digits), TEST(test_losses), TEST(test_ends_lost),
	  TEST(test_duplicates), TEST(test_end_lost), TEST(test_long_digit),
	  TEST(test_hostile))
