/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Each allocation of a call fails once: the first, the second, and so on, until
 * the call comes to its end without one that fails. What it returns meanwhile
 * says that memory was wanting.
 */
#ifndef POTS_TEST_NTH_H
#define POTS_TEST_NTH_H

#include <stdbool.h>
#include <stddef.h>

struct nth_case {
	const char *name;
	bool (*prepare)(const struct nth_case *nth);	/* before each attempt */
	int (*attempt)(const struct nth_case *nth);	/* 0 or an errno */
	/* After each; false: what the attempt returned is not what it has done. */
	bool (*undo)(const struct nth_case *nth, int err);
	const int *also;	/* further errnos that mean it, up to 0 */
	const void *data;	/* the test's own */
};

/*
 * Runs them one after the other and prints KTAP; false: one has failed. Skips
 * the whole program when the kernel cannot make allocations fail (failslab).
 */
bool nth_run(const struct nth_case *cases, size_t count);

#endif /* POTS_TEST_NTH_H */
