/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dialplan: when is a number complete? A digit map in the spirit of RFC 3435:
 *
 *   11[023]|[1-9]xx|0x.T
 *
 * Alternatives are separated by "|" and made of: a digit 0-9 * # A-D; x, any
 * of 0-9; [..], a set with ranges; each may be followed by ".", any number of
 * times, none included. A "T" at the end: complete when the subscriber pauses.
 *
 * Pure: no clock. The caller runs the timers that the results ask for.
 */
#ifndef POTS_AGENT_DIALPLAN_H
#define POTS_AGENT_DIALPLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DIALPLAN_ALTERNATIVES_MAX	32
#define DIALPLAN_ELEMENTS_MAX		192	/* of the whole plan */
#define DIALPLAN_LENGTH_MAX		31	/* elements of one alternative */

struct dialplan_element {
	uint16_t digits;	/* bit n: POTS_DIGIT n */
	bool repeat;		/* followed by "." */
};

struct dialplan_alternative {
	uint8_t first, count;	/* of its elements */
	bool timed;		/* ends in T */
};

struct dialplan {
	unsigned int alternatives, elements;
	struct dialplan_alternative alternative[DIALPLAN_ALTERNATIVES_MAX];
	struct dialplan_element element[DIALPLAN_ELEMENTS_MAX];
};

enum dialplan_result {
	DIALPLAN_NONE,		/* no number begins so */
	DIALPLAN_PARTIAL,	/* more digits are needed */
	DIALPLAN_TIMED,		/* complete after the inter-digit time (T) */
	DIALPLAN_MATCH,		/* complete, but a longer number begins so too */
	DIALPLAN_COMPLETE,	/* complete, dial at once */
};

/* 0, or -EINVAL with @error set to a sentence and @at to the place in @text. */
int dialplan_parse(struct dialplan *plan, const char *text, const char **error, size_t *at);

/*
 * What do @count digits (characters 0-9 * # A-D) mean? @length, if not NULL,
 * is set to how many of them are the number: a "#" that the plan does not ask
 * for means "send now" and is not part of it.
 */
enum dialplan_result dialplan_match(const struct dialplan *plan, const char *digits,
				    size_t count, size_t *length);

/* The character of a digit 0..15 (POTS_DIGIT_*), or 0; and the other way, or -1. */
char dialplan_char(unsigned int digit);
int dialplan_digit(char c);

#endif /* POTS_AGENT_DIALPLAN_H */
