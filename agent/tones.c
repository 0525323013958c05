// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The text of a tone is read from left to right, by one function for each rule
 * of the grammar. All of them return false after an error, with its reason in
 * the parser and its place at the parser's position.
 */
#include "tones.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <linux/pots.h>

#define SAMPLES_A_MS	(POTS_RATE_HZ / 1000)
#define DEPTH_MAX	8	/* of groups in groups */

struct parser {
	const char *at;
	const char *why;
	struct pots_tone_program *program;
	int level_cdb;
	unsigned int depth;
	bool for_ever;		/* the last step never ends */
};

static bool fail(struct parser *parser, const char *at, const char *why)
{
	parser->at = at;
	parser->why = why;
	return false;
}

static void skip_blanks(struct parser *parser)
{
	parser->at += strspn(parser->at, " \t");
}

static bool take(struct parser *parser, char c)
{
	skip_blanks(parser);
	if (*parser->at != c)
		return false;
	parser->at++;
	skip_blanks(parser);
	return true;
}

/* 12.5 with two @places is 1250. */
static bool parse_number(struct parser *parser, unsigned int places, uint64_t min, uint64_t max,
			 uint64_t *number, const char *why)
{
	const char *start = parser->at, *at = start;
	bool fraction = false;

	if (!isdigit((unsigned char)*at))
		return fail(parser, start, why);
	for (*number = 0; isdigit((unsigned char)*at) && *number <= max; at++)
		*number = *number * 10 + (uint64_t)(*at - '0');
	if (*at == '.' && places) {
		fraction = isdigit((unsigned char)*++at);
		if (!fraction)
			return fail(parser, start, why);
	}
	for (; places; places--) {
		*number *= 10;
		if (fraction && isdigit((unsigned char)*at))
			*number += (uint64_t)(*at++ - '0');
	}
	if (*number < min || *number > max || isdigit((unsigned char)*at))
		return fail(parser, start, why);
	parser->at = at;
	return true;
}

static bool parse_level(struct parser *parser, int *level_cdb)
{
	const char *start = parser->at;
	bool minus = *start == '-';
	uint64_t cdb;

	parser->at += minus || *start == '+';
	if (!parse_number(parser, 2, 0, -POTS_TONE_LEVEL_MIN_CDB, &cdb, "") ||
	    (!minus && cdb > POTS_TONE_LEVEL_MAX_CDB))
		return fail(parser, start, "a level of -70 to 3.17 dBm0 is wanted");
	*level_cdb = minus ? -(int)cdb : (int)cdb;
	return true;
}

static bool parse_hz(struct parser *parser, __u32 *mhz)
{
	uint64_t number;

	if (!parse_number(parser, 3, 1, POTS_TONE_FREQ_MAX_MHZ - 1, &number,
			  "a frequency below 4000 Hz is wanted"))
		return false;
	*mhz = (__u32)number;
	return true;
}

/* hz [ "@" level ] { "+" hz [ "@" level ] }, behind the first hz */
static bool parse_sum(struct parser *parser, struct pots_tone_step *step)
{
	unsigned int count = 1, levelled = 0;
	int level_cdb = parser->level_cdb;
	const char *start;

	for (;;) {
		if (take(parser, '@')) {
			if (!parse_level(parser, &level_cdb))
				return false;
			while (levelled < count)
				step->level_cdb[levelled++] = (__s16)level_cdb;
		}
		start = parser->at;
		if (!take(parser, '+'))
			break;
		if (count == POTS_TONE_FREQS_MAX)
			return fail(parser, start, "at most four frequencies sound together");
		if (!parse_hz(parser, &step->freq_mhz[count++]))
			return false;
	}
	while (levelled < count)
		step->level_cdb[levelled++] = (__s16)parser->level_cdb;
	return true;
}

/* hz "*" hz [ "%" depth ] [ "@" level ], behind the asterisk */
static bool parse_modulation(struct parser *parser, struct pots_tone_step *step)
{
	uint64_t depth = TONES_AM_DEPTH;
	int level_cdb = parser->level_cdb;
	const char *start = parser->at;

	if (!parse_hz(parser, &step->freq_mhz[1]))
		return false;
	if (step->freq_mhz[0] + step->freq_mhz[1] >= POTS_TONE_FREQ_MAX_MHZ ||
	    step->freq_mhz[1] >= step->freq_mhz[0])
		return fail(parser, start, "both sidebands must lie between 0 and 4000 Hz");
	if (take(parser, '%') &&
	    !parse_number(parser, 0, 1, 100, &depth, "a depth of 1 to 100 percent is wanted"))
		return false;
	if (take(parser, '@') && !parse_level(parser, &level_cdb))
		return false;
	step->level_cdb[0] = (__s16)level_cdb;
	step->level_cdb[1] = (__s16)level_cdb;
	step->am_depth = (__u16)depth;
	step->flags = POTS_STEP_F_AM;
	return true;
}

static bool parse_sound(struct parser *parser, struct pots_tone_step *step)
{
	if (*parser->at == '0' && parser->at[1] != '.' && !isdigit((unsigned char)parser->at[1])) {
		parser->at++;
		return true;
	}
	if (!parse_hz(parser, &step->freq_mhz[0]))
		return false;
	return take(parser, '*') ? parse_modulation(parser, step) : parse_sum(parser, step);
}

static struct pots_tone_step *add_step(struct parser *parser)
{
	struct pots_tone_program *program = parser->program;

	if (parser->for_ever) {
		fail(parser, parser->at, "what follows a sound without a length is never heard");
		return NULL;
	}
	if (program->count == POTS_TONE_STEPS_MAX) {
		fail(parser, parser->at, "a tone has at most 64 steps, counting those of groups");
		return NULL;
	}
	return &program->step[program->count++];
}

static bool parse_step(struct parser *parser)
{
	struct pots_tone_step *step = add_step(parser);
	uint64_t ms;

	if (!step || !parse_sound(parser, step))
		return false;
	if (!take(parser, '/')) {
		parser->for_ever = true;
		return true;
	}
	if (!parse_number(parser, 0, 1, TONES_MS_MAX, &ms, "a length of 1 to 600000 ms is wanted"))
		return false;
	step->samples = (__u32)ms * SAMPLES_A_MS;
	return true;
}

static bool parse_program(struct parser *parser);

/* [ count ] "(" program ")", behind the bracket */
static bool parse_group(struct parser *parser, uint64_t times)
{
	struct pots_tone_program *program = parser->program;
	unsigned int first = program->count, steps;
	const char *start = parser->at;

	if (parser->depth == DEPTH_MAX)
		return fail(parser, start, "groups are nested too deeply");
	parser->depth++;
	if (!parse_program(parser))
		return false;
	parser->depth--;
	if (!take(parser, ')'))
		return fail(parser, parser->at, "a comma or the group's ) is wanted");
	if (parser->for_ever)
		return fail(parser, start, "every sound of a group needs a length");
	steps = program->count - first;
	while (--times) {
		for (unsigned int i = 0; i < steps; i++) {
			struct pots_tone_step *step = add_step(parser);

			if (!step)
				return fail(parser, start, parser->why);
			*step = program->step[first + i];
		}
	}
	return true;
}

static bool parse_element(struct parser *parser)
{
	const char *start = parser->at;
	size_t digits = strspn(start, "0123456789");
	uint64_t times = 1;

	if (start[digits] != '(')
		return parse_step(parser);
	if (digits && !parse_number(parser, 0, 1, POTS_TONE_STEPS_MAX, &times,
				    "a group is played 1 to 64 times"))
		return false;
	parser->at++;
	skip_blanks(parser);
	return parse_group(parser, times);
}

/* Elements that are played once come first; the loop begins behind them. */
static bool parse_program(struct parser *parser)
{
	bool looping = false;

	do {
		const char *start = parser->at;

		if (take(parser, '!')) {
			if (parser->depth)
				return fail(parser, start, "! belongs before the group");
			if (looping)
				return fail(parser, start,
					    "! is for the beginning, before what is repeated");
		} else if (!looping && !parser->depth) {
			looping = true;
			parser->program->loop_start = parser->program->count;
		}
		if (!parse_element(parser))
			return false;
	} while (take(parser, ','));
	if (!looping && !parser->depth)
		parser->program->repeat = 1;
	return true;
}

int tones_parse(struct pots_tone_program *program, const char *text, int level_cdb,
		const char **why, size_t *at)
{
	struct parser parser = { .at = text, .program = program, .level_cdb = level_cdb };
	bool good;

	memset(program, 0, sizeof(*program));
	skip_blanks(&parser);
	good = parse_program(&parser);
	if (good && *parser.at)
		good = fail(&parser, parser.at, "a comma or the end is wanted");
	*why = parser.why;
	*at = (size_t)(parser.at - text);
	return good ? 0 : -EINVAL;
}

int tones_parse_level(int *level_cdb, const char *text, const char **why, size_t *at)
{
	struct parser parser = { .at = text };
	bool good = parse_level(&parser, level_cdb);

	if (good && *parser.at)
		good = fail(&parser, parser.at, "a level of -70 to 3.17 dBm0 is wanted");
	*why = parser.why;
	*at = (size_t)(parser.at - text);
	return good ? 0 : -EINVAL;
}
