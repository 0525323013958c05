/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * country: one file for each, see pots-tones(5): its tones, and what its
 * exchanges do on the line.
 */
#ifndef POTS_AGENT_COUNTRY_H
#define POTS_AGENT_COUNTRY_H

#include <stdbool.h>
#include <stdint.h>

#include <linux/pots.h>

#include "port_settings.h"

#define COUNTRY_DIRECTORY	"/usr/share/pots/countries"
#define COUNTRY_PATH_MAX	256
#define COUNTRY_VALUE_MAX	128
#define COUNTRY_LEVEL_CDB	(-1000)		/* where a tone has none */

/* What the file does not say is NULL, or as in struct port_settings unset. */
struct country {
	char *name;
	char *source;			/* where the values were read */
	char *unsure;			/* keys whose values are doubtful */
	unsigned int caller_id;		/* enum callerid_standard */
	struct port_settings settings;
	struct port_exchange exchange;
	int level_cdb;
	int dtmf_low_cdb, dtmf_high_cdb; /* PORT_GAIN_UNSET both, or set both */
	char *tones[POTS_TONE_COUNT];	/* their text, known to compile */
	uint64_t seen[4];		/* keys that were set: bit = place in the section */
};

/* @line and @column count from 1; 0 = it has none. */
typedef void country_report_fn(void *ctx, const char *file, int line, int column,
			       const char *text);

/* 0, or a negative errno after at least one report. Free @country either way. */
int country_load(struct country *country, const char *path, country_report_fn *report, void *ctx);
void country_free(struct country *country);

/* The program of POTS_TONE_*: 0, or -ENOENT: the file does not say. */
int country_tone(const struct country *country, unsigned int tone,
		 struct pots_tone_program *program);

/* The file of "de" in @directory; a name with a slash is a file's already. */
int country_path(char path[COUNTRY_PATH_MAX], const char *directory, const char *name);

/* The name of its way to tell who calls. */
void country_caller_id(const struct country *country, char value[COUNTRY_VALUE_MAX]);

/*
 * The settings of its lines, or of its exchanges, as in the file: the key of the
 * one at @place, or NULL behind the last, and its value, "" = unset.
 */
const char *country_setting(const struct country *country, bool of_exchange, unsigned int place,
			    char value[COUNTRY_VALUE_MAX]);

#endif /* POTS_AGENT_COUNTRY_H */
