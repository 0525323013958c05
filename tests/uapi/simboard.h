/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A simulated board of a test's own, made in configfs. */
#ifndef POTS_TEST_SIMBOARD_H
#define POTS_TEST_SIMBOARD_H

#include <stdbool.h>

/*
 * Its directory, with attributes as "NAME VALUE NAME VALUE"; it does not live yet.
 * 0 or an errno.
 */
int simboard_describe(const char *board, const char *attributes);
int simboard_live(const char *board, bool live);
bool simboard_is_live(const char *board);

/* With its directory. */
int simboard_remove(const char *board);

/* The id of the port with that label, when it comes in time; else -1. */
int simboard_port(const char *label, unsigned int timeout_ms);

#endif /* POTS_TEST_SIMBOARD_H */
