/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the fuzzer of ports draws from: numbers, arguments, messages. */
#ifndef POTS_TEST_FUZZ_H
#define POTS_TEST_FUZZ_H

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

/* One of the interface's commands. */
unsigned long fuzz_command(struct draw *draw);

/* An argument for it that a port may well accept; @argument was zero. */
void fuzz_fill(struct draw *draw, unsigned long command, void *argument);

/* Makes one to three fields wrong, or not. */
void fuzz_spoil(struct draw *draw, void *argument, size_t size);

/* A request to the netlink family: the errno of its answer, 0 for success. */
int fuzz_netlink(struct draw *draw, unsigned int id);

#endif /* POTS_TEST_FUZZ_H */
