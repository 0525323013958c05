/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * waiting: messages wait in a line's mailbox, and its telephone is told so, by
 * the ways that the line has: another dial tone, a message by FSK, a polarity, a lamp.
 */
#ifndef POTS_AGENT_WAITING_H
#define POTS_AGENT_WAITING_H

#include <ev.h>
#include <stdbool.h>

struct line;

/* Ways, as bits in the order of their names in the config. */
#define WAITING_NAMES	"stutter fsk polarity neon"
enum { WAITING_STUTTER = 1, WAITING_FSK = 2, WAITING_POLARITY = 4, WAITING_NEON = 8 };

struct waiting {
	bool known;		/* a server has said whether there are any */
	bool messages;
	unsigned int count;	/* new ones, 0 also when that is not known */
	bool told;		/* the telephone knows */
	ev_timer timer;		/* until it may be told */
};

void waiting_init(struct line *line);
void waiting_free(struct line *line);
/* A server has said so. */
void waiting_set(struct line *line, bool messages, unsigned int count);
/* The line has entered another state. */
void waiting_step(struct line *line);
/* The polarity is to tell of messages now. */
bool waiting_reverses(const struct line *line);
/* The port came anew: its telephone may be another one. */
void waiting_again(struct line *line);

#endif /* POTS_AGENT_WAITING_H */
