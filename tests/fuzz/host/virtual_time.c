// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The clock of a target that has timers: it stands still but for what the input
 * says. libev and libosip2 ask it, too, since a program's symbols come before
 * those of its libraries. libFuzzer's own measurements go on as ever.
 */
#include "virtual_time.h"

#include <signal.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define BEGIN_S		1000000	/* never 0, which some take for "not set" */

static bool is_virtual;
static uint64_t passed_ms;

void virtual_time(bool on)
{
	is_virtual = on;
}

void virtual_time_pass(unsigned int ms)
{
	passed_ms += ms;
}

/* libFuzzer's alarm may come while the target runs, and measures how long. */
static bool in_alarm(void)
{
	sigset_t blocked;

	sigprocmask(SIG_BLOCK, NULL, &blocked);
	return sigismember(&blocked, SIGALRM);
}

int clock_gettime(clockid_t clock, struct timespec *ts)
{
	if (!is_virtual || in_alarm())
		return (int)syscall(SYS_clock_gettime, clock, ts);
	ts->tv_sec = (time_t)(BEGIN_S + passed_ms / 1000);
	ts->tv_nsec = (long)(passed_ms % 1000) * 1000000;
	return 0;
}
