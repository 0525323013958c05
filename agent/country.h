/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * country: one file for each, see pots-tones(5): its tones, and what its
 * exchanges do on the line.
 */
#ifndef POTS_AGENT_COUNTRY_H
#define POTS_AGENT_COUNTRY_H

#include <stdint.h>

#include <linux/pots.h>

#include "port_settings.h"

#define COUNTRY_DIRECTORY	"/usr/share/pots/countries"
#define COUNTRY_PATH_MAX	256
#define COUNTRY_VALUE_MAX	128
#define COUNTRY_LEVEL_CDB	(-1000)		/* where a tone has none */

/* How the number of a caller is sent; the names are in country_caller_ids[]. */
enum country_caller_id {
	COUNTRY_CALLER_ID_NONE,
	COUNTRY_CALLER_ID_BELLCORE,		/* Bell 202 after the first ring */
	COUNTRY_CALLER_ID_ETSI_FSK_AFTER_RING,	/* V.23, EN 300 659 */
	COUNTRY_CALLER_ID_ETSI_FSK_DT_AS,	/* before the first ring */
	COUNTRY_CALLER_ID_ETSI_FSK_RP_AS,
	COUNTRY_CALLER_ID_ETSI_FSK_LR_DT_AS,
	COUNTRY_CALLER_ID_BT,			/* SIN 227 */
	COUNTRY_CALLER_ID_NTT,
	COUNTRY_CALLER_ID_DTMF,			/* A number C, EN 300 659-1 annex B */
	COUNTRY_CALLER_ID_DTMF_DK,		/* A number # */
	COUNTRY_CALLER_ID_DTMF_D_C,		/* D number C */
	COUNTRY_CALLER_ID_COUNT,
};

extern const char *const country_caller_ids[COUNTRY_CALLER_ID_COUNT];

/* What the file does not say is NULL, or as in struct port_settings unset. */
struct country {
	char *name;
	char *source;			/* where the values were read */
	char *unsure;			/* keys whose values are doubtful */
	unsigned int caller_id;		/* enum country_caller_id */
	struct port_settings settings;
	int level_cdb;
	int dtmf_low_cdb, dtmf_high_cdb; /* PORT_GAIN_UNSET both, or set both */
	char *tones[POTS_TONE_COUNT];	/* their text, known to compile */
	uint64_t seen[3];		/* keys that were set: bit = place in the section */
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

/*
 * The settings of its lines, as in the file: the key of the one at @place, or
 * NULL behind the last, and its value, "" = unset.
 */
const char *country_setting(const struct country *country, unsigned int place,
			    char value[COUNTRY_VALUE_MAX]);

#endif /* POTS_AGENT_COUNTRY_H */
