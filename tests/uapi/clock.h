/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The test machine's time, and how far it is to be trusted.
 */
#ifndef POTS_TEST_CLOCK_H
#define POTS_TEST_CLOCK_H

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define NS_PER_MS	1000000LL

static inline uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ULL + now.tv_nsec;
}

static inline void sleep_ms(unsigned int ms)
{
	struct timespec time = { ms / 1000, ms % 1000 * NS_PER_MS };

	while (nanosleep(&time, &time) && errno == EINTR)
		;
}

/* One that takes ten times the instructions, and lets go of objects seconds late. */
static inline bool is_debug_kernel(void)
{
	return !access("/sys/kernel/debug/kmemleak", F_OK);
}

/*
 * True where time is counted in instructions, so that bounds may be tight. In
 * real time the machine may stand still for longer than what is measured.
 */
static inline bool time_is_virtual(void)
{
	const char *time = getenv("POTS_VM");

	return time && !strcmp(time, "virtual") && !is_debug_kernel();
}

#endif /* POTS_TEST_CLOCK_H */
