/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The machine's sleep. Only the devices sleep (pm_test), so that the machine wakes
 * by itself. The file system over 9p does not survive that: who includes this is
 * linked statically, lies in memory, and is the last that runs in its machine.
 */
#ifndef POTS_TESTS_CHIPS_SLEEP_H
#define POTS_TESTS_CHIPS_SLEEP_H

#include <stdbool.h>
#include <stdio.h>

static inline bool sleep_write(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	return file && fputs(text, file) >= 0 && !fclose(file);
}

static inline bool sleep_a_second(void)
{
	return sleep_write("/sys/module/suspend/parameters/pm_test_delay", "1") &&
	       sleep_write("/sys/power/pm_test", "devices") &&
	       sleep_write("/sys/power/state", "freeze");
}

#endif /* POTS_TESTS_CHIPS_SLEEP_H */
