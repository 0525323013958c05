// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The treatment table and its defaults.
 */
#include "treatment.h"

#include <errno.h>
#include <string.h>

#include <linux/pots.h>

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

static const char *const tone_names[POTS_TONE_COUNT] = {
	[POTS_TONE_DIAL]		= "dial",
	[POTS_TONE_STUTTER]		= "stutter",
	[POTS_TONE_RECALL]		= "recall",
	[POTS_TONE_RINGBACK]		= "ringback",
	[POTS_TONE_BUSY]		= "busy",
	[POTS_TONE_REORDER]		= "reorder",
	[POTS_TONE_UNOBTAINABLE]	= "unobtainable",
	[POTS_TONE_CALL_WAITING]	= "call-waiting",
	[POTS_TONE_HOWLER]		= "howler",
	[POTS_TONE_SIT]			= "sit",
	[POTS_TONE_CONFIRMATION]	= "confirmation",
	[POTS_TONE_HOLD]		= "hold",
	[POTS_TONE_WARNING]		= "warning",
	[POTS_TONE_RINGBACK_SPECIAL]	= "ringback-special",
	[POTS_TONE_CALL_WAITING_2]	= "call-waiting-2",
	[POTS_TONE_CALL_WAITING_3]	= "call-waiting-3",
	[POTS_TONE_CALL_WAITING_4]	= "call-waiting-4",
	[POTS_TONE_SIT_INTERCEPT]	= "sit-intercept",
	[POTS_TONE_SIT_VACANT]		= "sit-vacant",
	[POTS_TONE_SIT_REORDER]		= "sit-reorder",
	[POTS_TONE_SIT_NO_CIRCUIT]	= "sit-no-circuit",
};

static const char *const cause_names[TREATMENT_CAUSE_COUNT] = {
	[TREATMENT_CAUSE_TIMEOUT]	= "timeout",
	[TREATMENT_CAUSE_TRANSPORT]	= "transport",
	[TREATMENT_CAUSE_DNS]		= "dns",
	[TREATMENT_CAUSE_AUTH]		= "auth",
	[TREATMENT_CAUSE_REDIRECT]	= "redirect",
	[TREATMENT_CAUSE_LOCAL]		= "local",
	[TREATMENT_CAUSE_NO_DIGITS]	= "no-digits",
	[TREATMENT_CAUSE_NO_MATCH]	= "no-match",
	[TREATMENT_CAUSE_MISMATCH]	= "mismatch",
	[TREATMENT_CAUSE_DISCONNECT]	= "disconnect",
};

const struct treatment_default treatment_defaults[] = {
	/* The seed page, 400 to 415. */
	{ "400", "hang-up" },
	{ "401", "tone reorder" },	/* after authentication failed */
	{ "402", "hang-up" },
	{ "403", "hang-up" },
	{ "404", "tone reorder" },
	{ "405", "hang-up" },
	{ "406", "hang-up" },
	{ "407", "tone reorder" },	/* after authentication failed */
	{ "408", "hang-up" },
	{ "409", "hang-up" },
	{ "410", "hang-up" },
	{ "411", "hang-up" },
	{ "413", "hang-up" },
	{ "415", "tone reorder" },

	/* The same vendor's other rows. */
	{ "412", "hang-up" },
	{ "414", "hang-up" },
	{ "420", "hang-up" },
	{ "480", "tone reorder" },
	{ "481", "hang-up" },
	{ "482", "hang-up" },
	{ "483", "hang-up" },
	{ "484", "hang-up" },
	{ "485", "hang-up" },
	{ "486", "tone busy" },
	{ "487", "silence" },		/* of a call that somebody else ended */
	{ "488", "hang-up" },
	{ "600", "tone busy" },
	{ "603", "tone busy" },		/* a human refused */
	{ "607", "tone busy" },
	{ "608", "tone busy" },

	/* Every other final response. */
	{ "3xx", "tone reorder" },
	{ "4xx", "tone reorder" },
	{ "5xx", "tone reorder" },
	{ "6xx", "tone reorder" },

	/* What never was a response. */
	{ "timeout", "tone reorder" },
	{ "transport", "tone reorder" },
	{ "dns", "tone reorder" },
	{ "auth", "tone reorder" },
	{ "redirect", "tone reorder" },
	{ "local", "tone reorder" },
	{ "no-digits", "tone reorder" },
	{ "no-match", "tone reorder" },
	{ "mismatch", "tone reorder" },
	{ "disconnect", "hang-up" },
};

const size_t treatment_default_count = ARRAY_SIZE(treatment_defaults);

int treatment_tone(const char *name)
{
	for (unsigned int tone = 0; tone < POTS_TONE_COUNT; tone++) {
		if (tone_names[tone] && !strcmp(tone_names[tone], name))
			return (int)tone;
	}
	return -1;
}

const char *treatment_tone_name(unsigned int tone)
{
	return tone < POTS_TONE_COUNT ? tone_names[tone] : NULL;
}

const char *treatment_cause_name(enum treatment_cause cause)
{
	return cause < TREATMENT_CAUSE_COUNT && cause_names[cause] ? cause_names[cause] : "none";
}

static int is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static struct treatment *find_row(struct treatment_table *table, const char *key)
{
	for (unsigned int i = 0; i < TREATMENT_CAUSE_COUNT; i++) {
		if (cause_names[i] && !strcmp(cause_names[i], key))
			return &table->cause[i];
	}
	if (strlen(key) != 3 || key[0] < '3' || key[0] > '6')
		return NULL;
	if (!strcmp(key + 1, "xx"))
		return &table->class[key[0] - '3'];
	if (!is_digit(key[1]) || !is_digit(key[2]))
		return NULL;
	return &table->code[(key[0] - '3') * 100 + (key[1] - '0') * 10 + (key[2] - '0')];
}

static int parse_action(const char *value, struct treatment *treatment)
{
	int tone;

	*treatment = (struct treatment){ 0 };
	if (!strcmp(value, "hang-up")) {
		treatment->action = TREATMENT_HANGUP;
		return 0;
	}
	if (!strcmp(value, "silence")) {
		treatment->action = TREATMENT_SILENCE;
		return 0;
	}
	if (strncmp(value, "tone ", 5))
		return -EINVAL;
	tone = treatment_tone(value + 5 + strspn(value + 5, " \t"));
	if (tone < 0)
		return -EINVAL;
	treatment->action = TREATMENT_TONE;
	treatment->tone = (uint8_t)tone;
	return 0;
}

int treatment_set(struct treatment_table *table, const char *key, const char *value)
{
	struct treatment *row = find_row(table, key);
	struct treatment treatment;
	int err;

	if (!row)
		return -ENOENT;
	err = parse_action(value, &treatment);
	if (!err)
		*row = treatment;
	return err;
}

void treatment_init(struct treatment_table *table)
{
	memset(table, 0, sizeof(*table));
	for (size_t i = 0; i < treatment_default_count; i++)
		treatment_set(table, treatment_defaults[i].key, treatment_defaults[i].value);
}

struct treatment treatment_find(const struct treatment_table *table, int status,
				enum treatment_cause cause)
{
	struct treatment found = table->cause[TREATMENT_CAUSE_LOCAL];

	if (status >= TREATMENT_CODE_MIN && status <= TREATMENT_CODE_MAX) {
		found = table->code[status - TREATMENT_CODE_MIN];
		if (found.action == TREATMENT_UNSET)
			found = table->class[status / 100 - 3];
	} else if (cause > TREATMENT_CAUSE_NONE && cause < TREATMENT_CAUSE_COUNT) {
		found = table->cause[cause];
	}
	return found;
}
