// SPDX-License-Identifier: GPL-2.0-or-later
#include "nth.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FAILSLAB	"/sys/kernel/debug/failslab/"
#define FAILURES_MAX	4000	/* no call of ours has so many allocations */

static int fail_nth = -1;

static bool write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool done = fd >= 0 && write(fd, text, strlen(text)) > 0;

	if (fd >= 0)
		close(fd);
	return done;
}

/* Those that may sleep fail too, and the log is not filled with stacks. */
static bool get_ready(void)
{
	fail_nth = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	return fail_nth >= 0 && write_file(FAILSLAB "ignore-gfp-wait", "N") &&
	       write_file(FAILSLAB "cache-filter", "N") && write_file(FAILSLAB "verbose", "0");
}

/* Allocation number @n of this thread from now on fails; 0: none. */
static void arm(unsigned int n)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", n);
	if (pwrite(fail_nth, text, strlen(text), 0) < 0)
		abort();
}

/* None fails any more. True: one has. */
static bool disarm(void)
{
	char text[16] = "";
	bool failed = pread(fail_nth, text, sizeof(text) - 1, 0) > 0 && !atoi(text);

	arm(0);
	return failed;
}

static bool is_of_memory(const struct nth_case *nth, int err)
{
	const int *also = nth->also;

	while (also && *also)
		if (*also++ == err)
			return true;
	return !err || err == ENOMEM || err == ENFILE || err == ENOBUFS;
}

/* 1: one failed and that went well; 0: none failed, and so it did; -1: it did not. */
static int try(const struct nth_case *nth, unsigned int n, int *err)
{
	bool failed, undone;

	if (nth->prepare && !nth->prepare(nth)) {
		printf("# %s: no way to begin after failure %u\n", nth->name, n - 1);
		return -1;
	}
	arm(n);
	*err = nth->attempt(nth);
	failed = disarm();
	undone = !nth->undo || nth->undo(nth, *err);
	if (undone && (failed ? is_of_memory(nth, *err) : !*err))
		return failed;
	printf("# %s: allocation %u %s, errno %d%s\n", nth->name, n,
	       failed ? "failed" : "did not fail", *err,
	       undone ? "" : ", which is not what happened");
	return -1;
}

static bool run(const struct nth_case *nth, unsigned int number)
{
	unsigned int n, survived = 0;
	int went = 1, err = 0;

	for (n = 1; went == 1 && n <= FAILURES_MAX; n++) {
		went = try(nth, n, &err);
		survived += went == 1 && !err;
	}
	printf("%sok %u %s # %u failed, %u of them did not matter\n", went ? "not " : "",
	       number, nth->name, n - 2, survived);
	return !went;
}

bool nth_run(const struct nth_case *cases, size_t count)
{
	bool passed = true;
	size_t i;

	if (!get_ready()) {
		puts("TAP version 13\n1..0 # SKIP this kernel's allocations do not fail");
		exit(4);
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("TAP version 13\n1..%zu\n", count);
	for (i = 0; i < count; i++)
		passed &= run(&cases[i], i + 1);
	return passed;
}
