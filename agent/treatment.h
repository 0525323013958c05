/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * treatment: what a subscriber gets when a call does not come about, or ends
 * under his hands. A table from the final response, its class, or a local
 * cause to an action. Pure data.
 */
#ifndef POTS_AGENT_TREATMENT_H
#define POTS_AGENT_TREATMENT_H

#include <stddef.h>
#include <stdint.h>

enum treatment_action {
	TREATMENT_UNSET,	/* the class decides */
	TREATMENT_HANGUP,	/* the loop opens; then the permanent-signal sequence */
	TREATMENT_TONE,
	TREATMENT_SILENCE,
};

/* The first ones have the numbers of enum sip_cause. */
enum treatment_cause {
	TREATMENT_CAUSE_NONE,
	TREATMENT_CAUSE_TIMEOUT,
	TREATMENT_CAUSE_TRANSPORT,
	TREATMENT_CAUSE_DNS,
	TREATMENT_CAUSE_AUTH,
	TREATMENT_CAUSE_REDIRECT,
	TREATMENT_CAUSE_LOCAL,
	TREATMENT_CAUSE_NO_DIGITS,	/* dial tone, and nobody dials */
	TREATMENT_CAUSE_NO_MATCH,	/* a number that the dial plan does not know */
	TREATMENT_CAUSE_MISMATCH,	/* answered with speech that we cannot do */
	TREATMENT_CAUSE_DISCONNECT,	/* the far end hung up */
	TREATMENT_CAUSE_COUNT,
};

struct treatment {
	uint8_t action;		/* enum treatment_action */
	uint8_t tone;		/* POTS_TONE_* */
};

#define TREATMENT_CODE_MIN	300
#define TREATMENT_CODE_MAX	699

struct treatment_table {
	struct treatment code[TREATMENT_CODE_MAX - TREATMENT_CODE_MIN + 1];
	struct treatment class[4];	/* 3xx, 4xx, 5xx, 6xx */
	struct treatment cause[TREATMENT_CAUSE_COUNT];
};

struct treatment_default {
	const char *key, *value;
};

/* The seed page and what goes with it, in the words of the config file. */
extern const struct treatment_default treatment_defaults[];
extern const size_t treatment_default_count;

void treatment_init(struct treatment_table *table);

/*
 * One row. @key: "404", "5xx" or the name of a cause; @value: "hang-up",
 * "silence" or "tone NAME". 0, -ENOENT (no such key) or -EINVAL (no such value).
 */
int treatment_set(struct treatment_table *table, const char *key, const char *value);

/* @status 300..699, or 0 and a cause. Never TREATMENT_UNSET. */
struct treatment treatment_find(const struct treatment_table *table, int status,
				enum treatment_cause cause);

/* The names of tones as users write them: POTS_TONE_* or -1, and back or NULL. */
int treatment_tone(const char *name);
const char *treatment_tone_name(unsigned int tone);
const char *treatment_cause_name(enum treatment_cause cause);

#endif /* POTS_AGENT_TREATMENT_H */
