/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * howler: the tone that makes a subscriber put his handset down. In some countries
 * it begins quietly and gets louder step by step.
 */
#ifndef POTS_AGENT_HOWLER_H
#define POTS_AGENT_HOWLER_H

#include <ev.h>

struct line;

void howler_init(struct line *line);
void howler_free(struct line *line);
/* It begins. 0 or a negative errno. */
int howler_begin(struct line *line);
/* The line has entered another state. */
void howler_step(struct line *line);

#endif /* POTS_AGENT_HOWLER_H */
