/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of keys, shared by the reader and the printers of config. */
#ifndef POTS_AGENT_CONFIG_KEYS_H
#define POTS_AGENT_CONFIG_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum config_section {
	CONFIG_AGENT,
	CONFIG_SIP,
	CONFIG_MEDIA,
	CONFIG_TIMES,
	CONFIG_RESPONSES,
	CONFIG_ACCOUNT,			/* [account NAME], any number */
	CONFIG_LINE,			/* [line NAME], any number */
	CONFIG_TRUNK,			/* [trunk NAME], any number */
	CONFIG_TREATMENT,		/* its keys are responses and causes */
	CONFIG_SECTION_COUNT,
	CONFIG_BOTH,			/* of a key: in [line] and in [trunk] */
};

struct config_key;

#define CONFIG_ERROR_MAX 160

struct config_parser {
	/* 0, or -EINVAL with a sentence in @error (CONFIG_ERROR_MAX). */
	int (*parse)(const struct config_key *key, void *field, const char *value, char *error);
	void (*print)(const struct config_key *key, const void *field, FILE *out);
	void (*release)(void *field);	/* NULL = it owns nothing */
};

struct config_key {
	enum config_section section;
	const char *name;
	const struct config_parser *parser;
	size_t offset;
	unsigned int min, max;		/* inclusive; of text: its length */
	const char *value;		/* default; NULL = must be given */
	const char *choices;		/* "udp tcp": the value is the place in it */
	const char *help;
};

extern const char *const config_section_names[CONFIG_SECTION_COUNT];
extern const struct config_key config_keys[];
extern const size_t config_key_count;

static inline bool config_key_is_in(const struct config_key *key, enum config_section section)
{
	return key->section == section ||
	       (key->section == CONFIG_BOTH &&
		(section == CONFIG_LINE || section == CONFIG_TRUNK));
}

#endif /* POTS_AGENT_CONFIG_KEYS_H */
