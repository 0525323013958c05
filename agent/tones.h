/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tones: from the text of a tone, as in 425/500,0/500, to the kernel's program.
 * The grammar is in pots-tones(5). Pure.
 */
#ifndef POTS_AGENT_TONES_H
#define POTS_AGENT_TONES_H

#include <stddef.h>

#define TONES_AM_DEPTH	90		/* percent, where the text says none */
#define TONES_MS_MAX	600000		/* the longest step */

struct pots_tone_program;

/*
 * Compiles @text; a frequency without a level of its own gets @level_cdb.
 * Returns 0; or -EINVAL, with the reason in *@why and the place in *@at, and
 * then @program is not to be used.
 */
int tones_parse(struct pots_tone_program *program, const char *text, int level_cdb,
		const char **why, size_t *at);

/* "-13" or "-12.5": dBm0, in hundredths of a dB. As above. */
int tones_parse_level(int *level_cdb, const char *text, const char **why, size_t *at);

#endif /* POTS_AGENT_TONES_H */
