/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the fuzzer of ports draws from: numbers, arguments, messages. */
#ifndef POTS_TEST_FUZZ_H
#define POTS_TEST_FUZZ_H

#include <linux/pots.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A sequence of numbers that its seed repeats. */
struct draw {
	uint64_t state;
};

void draw_seed(struct draw *draw, uint64_t seed);
uint64_t draw_bits(struct draw *draw);

/* 0..limit - 1; 0 for no limit at all. */
uint32_t draw_below(struct draw *draw, uint32_t limit);
bool draw_chance(struct draw *draw, uint32_t of, uint32_t outof);

/* The interface's commands but POTS_CLAIM, the last one without a name. */
extern const struct fuzz_kind {
	unsigned long command;
	const char *name;
	uint32_t weight;	/* how often it is drawn */
} fuzz_kinds[];

const struct fuzz_kind *fuzz_kind(struct draw *draw);

/* An argument for it that a port may well accept; @argument was zero. */
void fuzz_fill(struct draw *draw, unsigned long command, void *argument);

/* Makes one to three fields wrong, or not. */
void fuzz_spoil(struct draw *draw, void *argument, size_t size);

/*
 * A request to the netlink family: the errno of its answer, 0 for success, and its
 * @command.
 */
int fuzz_netlink(struct draw *draw, unsigned int id, unsigned int *command);

/* An exchange's settings by which it is heard who calls, and a call that says it. */
void fuzz_listens(struct pots_exchange *exchange);
bool fuzz_calls(int far);

/*
 * Counts how often what has this @name was tried, and how often it succeeded. Names
 * are compared by address: a name is one string.
 */
void tally(const char *name, bool success);

/* Prints that, and says whether each name succeeded at least once. */
bool tally_tell(void);

#endif /* POTS_TEST_FUZZ_H */
