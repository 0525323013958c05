// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The clock of a target that has timers: it stands still but for what the input
 * says. libev and libosip2 ask it, too, since a program's symbols come before
 * those of its libraries. libFuzzer's own measurements go on as ever. Nobody waits
 * for descriptors either: such a target has none.
 */
#include "virtual_time.h"

#include <dlfcn.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
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

/*
 * True where libev or libosip2 ask, as they do hundreds of times for an input: it
 * spares them the system call of in_alarm().
 */
static bool is_library(const void *caller)
{
	static const void *known[16];
	size_t i, places = sizeof(known) / sizeof(known[0]);
	Dl_info info;

	for (i = 0; i < places && known[i]; i++)
		if (known[i] == caller)
			return true;
	if (i == places || !dladdr(caller, &info) || !info.dli_fname ||
	    (!strstr(info.dli_fname, "libev") && !strstr(info.dli_fname, "libosip2")))
		return false;
	known[i] = caller;
	return true;
}

static bool is_real(const void *caller)
{
	return !is_virtual || (!is_library(caller) && in_alarm());
}

int clock_gettime(clockid_t clock, struct timespec *ts)
{
	if (is_real(__builtin_return_address(0)))
		return (int)syscall(SYS_clock_gettime, clock, ts);
	ts->tv_sec = (time_t)(BEGIN_S + passed_ms / 1000);
	ts->tv_nsec = (long)(passed_ms % 1000) * 1000000;
	return 0;
}

/* libev's ev_now(), where more than a second has passed. */
int gettimeofday(struct timeval *tv, void *zone)
{
	if (is_real(__builtin_return_address(0)))
		return (int)syscall(SYS_gettimeofday, tv, zone);
	tv->tv_sec = (time_t)(BEGIN_S + passed_ms / 1000);
	tv->tv_usec = (suseconds_t)(passed_ms % 1000) * 1000;
	return 0;
}

int poll(struct pollfd *fds, nfds_t count, int timeout_ms)
{
	if (!is_virtual)
		return (int)syscall(SYS_poll, fds, count, timeout_ms);
	return 0;
}
