/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plans: the countries' tones of tones-expected.txt that tell how a call fares,
 * as programs.
 */
#ifndef POTS_TESTS_PLANS_H
#define POTS_TESTS_PLANS_H

#include "pure.h"
#include <linux/pots.h>

#define PLAN_TONES	6

/* In the order in which progress.h names them. */
extern const struct plan_tone {
	const char *name;
	u32 tone;
} plan_tones[PLAN_TONES];

struct plan {
	char country[8];
	struct pots_tone_program tone[PLAN_TONES];	/* count 0: it has none */
};

/* All countries, in the file's order; NULL when it cannot be read. */
struct plan *plans_read(const char *path, unsigned int *count);

#endif /* POTS_TESTS_PLANS_H */
