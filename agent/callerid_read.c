// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Who calls, as an exchange tells it: callerid.c the other way round, for any
 * standard.
 */
#include "callerid.h"

#include <string.h>

#include <linux/pots.h>

#include "dialplan.h"

/* Types of messages and of their parameters. */
enum {
	SDMF_CALL = 0x04,
	MDMF_CALL = 0x80,
	NTT_CALL = 0x40,
	NUMBER = 0x02,
	NUMBER_ABSENT = 0x04,
	NAME = 0x07,
};

#define SDMF_TIME_LENGTH 8

static void add(char *text, size_t size, char c)
{
	size_t len = strlen(text);

	if (len + 1 >= size)
		return;
	text[len] = c;
	text[len + 1] = 0;
}

/* A number, or one letter for why there is none: Private, or Out of area. */
static void take_number(struct callerid_heard *heard, const unsigned char *octets, size_t count)
{
	if (count == 1 && *octets == 'P')
		heard->withheld = true;
	for (size_t i = 0; i < count; i++) {
		if (strchr("0123456789*#", octets[i]) && octets[i])
			add(heard->number, sizeof(heard->number), (char)octets[i]);
		else if (octets[i] == '+' && !i)
			add(heard->number, sizeof(heard->number), '+');
	}
}

/* ISO 8859-1, without what is no character, in UTF-8. */
static void take_name(struct callerid_heard *heard, const unsigned char *octets, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		unsigned char c = octets[i];

		if (c < 0x20 || (c >= 0x7f && c < 0xa0) ||
		    strlen(heard->name) + 3 > sizeof(heard->name))
			continue;
		if (c >= 0xa0) {
			add(heard->name, sizeof(heard->name), (char)(0xc0 | c >> 6));
			c = 0x80 | (c & 0x3f);
		}
		add(heard->name, sizeof(heard->name), (char)c);
	}
}

/*
 * Its length is at [1]; a parameter that goes beyond the end ends it. Behind that is a
 * checksum, but in Japan's.
 */
static bool read_message(struct callerid_heard *heard, const unsigned char *message, size_t count)
{
	const unsigned char *end, *at = message + 2;

	if (count < 3 || message[1] + 2u > count)
		return false;
	end = at + message[1];
	if (message[0] == SDMF_CALL) {
		if (end - at > SDMF_TIME_LENGTH)
			take_number(heard, at + SDMF_TIME_LENGTH,
				    (size_t)(end - at) - SDMF_TIME_LENGTH);
		return true;
	}
	if (message[0] != MDMF_CALL && message[0] != NTT_CALL)
		return false;
	for (; end - at >= 2 && at[1] <= end - at - 2; at += 2 + at[1]) {
		if (at[0] == NUMBER || at[0] == NUMBER_ABSENT)
			take_number(heard, at + 2, at[1]);
		else if (at[0] == NAME)
			take_name(heard, at + 2, at[1]);
	}
	return true;
}

/*
 * A letter says what the digits behind it are: A or D the number, B why there is
 * none, 00 or what else. D with one digit and # is the same where A is the number.
 */
static bool read_digits(struct callerid_heard *heard, const unsigned char *digits, size_t count)
{
	bool reason = false, dk = count == 3 && digits[0] == POTS_DIGIT_D &&
				  digits[2] == POTS_DIGIT_HASH;

	if (dk) {
		heard->withheld = digits[1] == 1;
		return true;
	}
	for (size_t i = 0; i < count; i++) {
		unsigned char digit = digits[i];

		if (digit == POTS_DIGIT_HASH && i + 1 == count)
			break;
		if (digit >= POTS_DIGIT_A)
			reason = digit == POTS_DIGIT_A + 1;
		else if (!reason)
			add(heard->number, sizeof(heard->number), dialplan_char(digit));
		else if (digit)
			heard->withheld = true;
	}
	return true;
}

bool callerid_read(const struct pots_caller_id *message, struct callerid_heard *heard)
{
	*heard = (struct callerid_heard){ 0 };
	if (!message->count || message->count > POTS_CID_DATA_MAX)
		return false;
	if (message->signal == POTS_CID_DTMF)
		return read_digits(heard, message->data, message->count);
	return read_message(heard, message->data, message->count);
}
