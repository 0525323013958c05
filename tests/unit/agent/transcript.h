/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * transcript: calls as a telephone engineer would tell them, played against
 * the call table. One test each.
 */
#ifndef POTS_TESTS_TRANSCRIPT_H
#define POTS_TESTS_TRANSCRIPT_H

#include <stdbool.h>
#include <stddef.h>

#include "call.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* What is set when a transcript begins. */
extern struct call_profile transcript_profile;
void transcript_reset(bool trunk);

/* Of TEST_DIR/NAME.transcripts; false: there is no such file. */
bool transcript_play(const char *name, bool trunk);

/* One test more, and at the end: the plan and the status of the program. */
void transcript_result(bool ok, const char *name);
int transcript_end(void);

/* What the promises of a table are told by. */
unsigned int transcript_count(const struct call_out *out, enum call_command command);
unsigned int transcript_timer(const struct call_out *out, bool *set);

#endif /* POTS_TESTS_TRANSCRIPT_H */
