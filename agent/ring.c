// SPDX-License-Identifier: GPL-2.0-or-later
#include "ring.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define BLANKS	" \t,"

/* After the patterns that have a key come those that only a name means. */
enum { SIPURA_4 = RING_PATTERNS + 1, SIPURA_5, KNOWN };

/*
 * GR-506's five, of which the last is no more than a reminder, and what
 * adapters have made of the rest. A pattern of two bursts is { 2, 0, ... }.
 */
static const struct port_cadence usual[KNOWN] = {
	[2] = { 2, 0, { 800, 800 }, { 400, 4000 } },
	[3] = { 3, 0, { 400, 400, 800 }, { 200, 200, 4000 } },
	[4] = { 3, 0, { 300, 1000, 300 }, { 200, 200, 4000 } },
	[5] = { 1, 0, { 500 }, { 60000 } },
	[6] = { 3, 0, { 200, 200, 200 }, { 400, 400, 4000 } },
	[7] = { 3, 0, { 400, 400, 400 }, { 200, 200, 4000 } },
	[8] = { 1, 0, { 250 }, { 9750 } },
	[SIPURA_4] = { 3, 0, { 400, 300, 800 }, { 200, 200, 4000 } },
	[SIPURA_5] = { 4, 0, { 200, 200, 200, 1000 }, { 200, 200, 200, 4000 } },
};

/* What a digit from 1 on behind a word means: Sipura's r is not GR-506's dr. */
static const unsigned char as_numbered[RING_PATTERNS] = { 1, 2, 3, 4, 5, 6, 7, 8 };
static const unsigned char as_sipura[RING_PATTERNS] = { 1, 4, 2, SIPURA_4, SIPURA_5, 6, 7, 8 };

/* Words of the header; behind those with @patterns a digit follows. */
static const struct {
	const char *word;
	const unsigned char *patterns;
	unsigned int pattern;
} words[] = {
	{ "bellcore-dr", as_numbered, 0 },
	{ "bellcore-r", as_sipura, 0 },
	{ "ring", as_numbered, 0 },
	{ "alert-internal", NULL, 1 },
	{ "alert-external", NULL, 2 },
	{ "urn:alert:source:internal", NULL, 1 },
	{ "urn:alert:source:external", NULL, 2 },
	{ "urn:alert:priority:high", NULL, 3 },
};

static const char *find_word(const char *text, const char *word, size_t len)
{
	for (const char *at = text; *at; at++) {
		if (!strncasecmp(at, word, len) &&
		    (at == text || !isalnum((unsigned char)at[-1])))
			return at + len;
	}
	return NULL;
}

static unsigned int usual_name(const char *text)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		const char *end = find_word(text, words[i].word, strlen(words[i].word));
		const unsigned char *patterns = words[i].patterns;

		if (end && patterns && *end >= '1' && *end <= '8' &&
		    !isalnum((unsigned char)end[1]))
			return patterns[*end - '1'];
		if (end && !patterns && !isalnum((unsigned char)*end))
			return words[i].pattern;
	}
	return 0;
}

/* The pattern of "NAME=N" at the front of @names, and its length; 0: it is none. */
static unsigned int own_name(const char *names, size_t *name_len, size_t *len)
{
	*len = strcspn(names, BLANKS);
	*name_len = strcspn(names, "=" BLANKS);
	if (!*name_len || *len != *name_len + 2 || names[*len - 1] < '1' ||
	    names[*len - 1] > '0' + RING_PATTERNS)
		return 0;
	return (unsigned int)(names[*len - 1] - '0');
}

const char *ring_names_check(const char *names)
{
	size_t name_len, len;

	for (names += strspn(names, BLANKS); *names; names += len + strspn(names + len, BLANKS)) {
		if (!own_name(names, &name_len, &len))
			return names;
	}
	return NULL;
}

unsigned int ring_pattern(const char *alert_info, const char *names)
{
	size_t name_len, len;

	for (names += strspn(names, BLANKS); *names; names += len + strspn(names + len, BLANKS)) {
		unsigned int pattern = own_name(names, &name_len, &len);
		const char *end = find_word(alert_info, names, name_len);

		if (pattern && end && !isalnum((unsigned char)*end))
			return pattern;
	}
	return usual_name(alert_info);
}

/* ------------------------------------------------------------- cadences --- */

static const struct port_cadence *if_set(const struct port_cadence *cadence)
{
	return cadence->pairs ? cadence : NULL;
}

static const struct port_cadence *every_call(const struct port_settings *own,
					     const struct port_settings *national)
{
	if (own->cadence.pairs || !national)
		return if_set(&own->cadence);
	return if_set(&national->cadence);
}

static const struct port_cadence *own_pattern(const struct port_settings *settings,
					      unsigned int pattern)
{
	if (!settings || pattern > RING_PATTERNS)
		return NULL;
	return if_set(&settings->pattern[pattern - 1]);
}

const struct port_cadence *ring_cadence(unsigned int pattern, const struct port_settings *own,
					const struct port_settings *national)
{
	const struct port_cadence *cadence = NULL;

	if (pattern)
		cadence = own_pattern(own, pattern) ?: own_pattern(national, pattern) ?:
			  if_set(&usual[pattern]);
	return cadence ?: every_call(own, national);
}

unsigned int ring_bursts(const struct port_cadence *cadence)
{
	unsigned int longest = 0;

	for (unsigned int i = 1; cadence && i < cadence->pairs; i++) {
		if (cadence->off_ms[i] > cadence->off_ms[longest])
			longest = i;
	}
	return longest + 1;
}
