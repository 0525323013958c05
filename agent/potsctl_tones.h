/* SPDX-License-Identifier: GPL-2.0-or-later */
/* potsctl_tones: the files of countries, for people and programs. */
#ifndef POTS_AGENT_POTSCTL_TONES_H
#define POTS_AGENT_POTSCTL_TONES_H

#include <stdbool.h>

/* "tones" and its arguments. Returns potsctl's exit status. */
int potsctl_tones(int argc, char **argv, const char *directory, bool as_json);

#endif /* POTS_AGENT_POTSCTL_TONES_H */
