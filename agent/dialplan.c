// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Digit maps. Each alternative is a small automaton whose set of positions is
 * one word; all of them are walked side by side over the digits.
 */
#include "dialplan.h"

#include <errno.h>
#include <string.h>

static const char digit_chars[] = "0123456789*#ABCD";

#define DIGITS_0_9	0x03ff

struct parser {
	struct dialplan *plan;
	const char *text, *at;
	const char *error;
};

char dialplan_char(unsigned int digit)
{
	return digit < sizeof(digit_chars) - 1 ? digit_chars[digit] : 0;
}

int dialplan_digit(char c)
{
	const char *found;

	if (c >= 'a' && c <= 'd')
		c = (char)(c - 'a' + 'A');
	found = c ? strchr(digit_chars, c) : NULL;
	return found ? (int)(found - digit_chars) : -1;
}

static int fail(struct parser *parser, const char *error)
{
	parser->error = error;
	return -EINVAL;
}

/* The set after "[", up to and with "]". */
static int parse_set(struct parser *parser, uint16_t *digits)
{
	*digits = 0;
	while (*parser->at != ']') {
		int from = dialplan_digit(*parser->at), to = from;

		if (from < 0)
			return fail(parser, *parser->at ? "not a digit" : "missing ]");
		parser->at++;
		if (*parser->at == '-') {
			parser->at++;
			to = dialplan_digit(*parser->at);
			if (to < from)
				return fail(parser, "a range ends before it begins");
			parser->at++;
		}
		for (; from <= to; from++)
			*digits |= (uint16_t)(1u << from);
	}
	if (!*digits)
		return fail(parser, "an empty set");
	parser->at++;
	return 0;
}

static int parse_element(struct parser *parser, struct dialplan_alternative *alt)
{
	struct dialplan *plan = parser->plan;
	struct dialplan_element element = { 0 };
	char c = *parser->at;
	int err = 0;

	if (plan->elements == DIALPLAN_ELEMENTS_MAX || alt->count == DIALPLAN_LENGTH_MAX)
		return fail(parser, "too long");
	if (c != '[' && c != 'x' && c != 'X' && dialplan_digit(c) < 0)
		return fail(parser, c == '.' ? "nothing before ." : "not a digit");

	parser->at++;
	if (c == '[')
		err = parse_set(parser, &element.digits);
	else if (c == 'x' || c == 'X')
		element.digits = DIGITS_0_9;
	else
		element.digits = (uint16_t)(1u << dialplan_digit(c));
	if (err)
		return err;
	if (*parser->at == '.') {
		element.repeat = true;
		parser->at++;
	}
	plan->element[plan->elements++] = element;
	alt->count++;
	return 0;
}

static bool at_end(char c)
{
	return !c || c == '|';
}

static int parse_alternative(struct parser *parser)
{
	struct dialplan *plan = parser->plan;
	struct dialplan_alternative *alt;
	int err;

	if (plan->alternatives == DIALPLAN_ALTERNATIVES_MAX)
		return fail(parser, "too many alternatives");
	alt = &plan->alternative[plan->alternatives++];
	alt->first = (uint8_t)plan->elements;

	while (!at_end(*parser->at) && *parser->at != 'T' && *parser->at != 't') {
		err = parse_element(parser, alt);
		if (err)
			return err;
	}
	if (!alt->count)
		return fail(parser, "an empty alternative");
	if (!at_end(*parser->at)) {
		alt->timed = true;
		parser->at++;
	}
	return at_end(*parser->at) ? 0 : fail(parser, "T is not at the end");
}

int dialplan_parse(struct dialplan *plan, const char *text, const char **error, size_t *at)
{
	struct parser parser = { .plan = plan, .text = text, .at = text };
	int err;

	memset(plan, 0, sizeof(*plan));
	for (;;) {
		err = parse_alternative(&parser);
		if (err || !*parser.at)
			break;
		parser.at++;	/* the | */
	}
	if (error)
		*error = parser.error;
	if (at)
		*at = (size_t)(parser.at - text);
	return err;
}

/* Positions that can be reached from @positions without a digit. */
static uint32_t skip_repeats(const struct dialplan_element *element, unsigned int count,
			     uint32_t positions)
{
	for (unsigned int i = 0; i < count; i++) {
		if (element[i].repeat && (positions & (1u << i)))
			positions |= 1u << (i + 1);
	}
	return positions;
}

static uint32_t advance(const struct dialplan_element *element, unsigned int count,
			uint32_t positions, unsigned int digit)
{
	uint32_t next = 0;

	for (unsigned int i = 0; i < count; i++) {
		if (!(positions & (1u << i)) || !(element[i].digits & (1u << digit)))
			continue;
		next |= 1u << (element[i].repeat ? i : i + 1);
	}
	return skip_repeats(element, count, next);
}

struct verdict {
	bool full, timed, more;
};

static void match_alternative(const struct dialplan *plan,
			      const struct dialplan_alternative *alt,
			      const char *digits, size_t count, struct verdict *verdict)
{
	const struct dialplan_element *element = &plan->element[alt->first];
	uint32_t end = 1u << alt->count;
	uint32_t positions = skip_repeats(element, alt->count, 1);

	for (size_t i = 0; i < count && positions; i++) {
		int digit = dialplan_digit(digits[i]);

		if (digit < 0)
			return;
		positions = advance(element, alt->count, positions, (unsigned int)digit);
	}
	if (positions & end) {
		if (alt->timed)
			verdict->timed = true;
		else
			verdict->full = true;
	}
	if (positions & (end - 1))
		verdict->more = true;
}

static enum dialplan_result match(const struct dialplan *plan, const char *digits, size_t count)
{
	struct verdict verdict = { false };

	for (unsigned int i = 0; i < plan->alternatives; i++)
		match_alternative(plan, &plan->alternative[i], digits, count, &verdict);

	if (verdict.full && !verdict.more && !verdict.timed)
		return DIALPLAN_COMPLETE;
	if (verdict.full)
		return DIALPLAN_MATCH;
	if (verdict.timed)
		return DIALPLAN_TIMED;
	return verdict.more ? DIALPLAN_PARTIAL : DIALPLAN_NONE;
}

enum dialplan_result dialplan_match(const struct dialplan *plan, const char *digits,
				    size_t count, size_t *length)
{
	enum dialplan_result result = match(plan, digits, count);

	if (length)
		*length = count;
	if (result != DIALPLAN_NONE || count < 2 || digits[count - 1] != '#')
		return result;

	if (match(plan, digits, count - 1) < DIALPLAN_TIMED)
		return DIALPLAN_NONE;
	if (length)
		*length = count - 1;
	return DIALPLAN_COMPLETE;
}
