/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * When the driver has written its chip's hook bit, and has read it back: by a
 * probe at the return of si3050_set_hook(), in the kernel's trace.
 */
#ifndef POTS_TESTS_CHIPS_HOOK_BIT_H
#define POTS_TESTS_CHIPS_HOOK_BIT_H

#include <stdio.h>
#include <unistd.h>

#define TRACING		"/sys/kernel/debug/tracing/"
#define HOOK_BIT_MAX	128	/* changes */

static inline bool trace_put(const char *name, const char *text)
{
	char path[80];
	FILE *file;

	snprintf(path, sizeof(path), TRACING "%s", name);
	file = fopen(path, "w");
	return file && (fputs(text, file) >= 0) & !fclose(file);
}

/* The debug kernel has none. */
static inline bool hook_bit_is_traced(void)
{
	return !access(TRACING "kprobe_events", W_OK);
}

static inline bool hook_bit_follow(void)
{
	return trace_put("kprobe_events", "r:hookbit si3050_set_hook") &&
	       trace_put("trace_clock", "mono") && trace_put("trace", "") &&
	       trace_put("events/kprobes/hookbit/enable", "1");
}

/* The times of its changes in us, in a row; how many. */
static inline unsigned int hook_bit_changes(uint64_t us[HOOK_BIT_MAX])
{
	unsigned int count = 0, s, fraction;
	char line[256], *at;
	FILE *file;

	trace_put("events/kprobes/hookbit/enable", "0");
	file = fopen(TRACING "trace", "r");
	while (file && fgets(line, sizeof(line), file)) {
		at = strstr(line, ": hookbit:");
		if (!at || count == HOOK_BIT_MAX)
			continue;
		while (at > line && at[-1] != ' ')
			at--;
		if (sscanf(at, "%u.%u", &s, &fraction) == 2)
			us[count++] = s * 1000000ULL + fraction;
	}
	if (file)
		fclose(file);
	trace_put("kprobe_events", "");
	return count;
}

#endif /* POTS_TESTS_CHIPS_HOOK_BIT_H */
