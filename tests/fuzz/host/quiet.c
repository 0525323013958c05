// SPDX-License-Identifier: GPL-2.0-or-later
/* The agent's log, for targets that would write millions of lines. */
#include <stdarg.h>
#include <stdio.h>

#include "log.h"

void log_set_level(enum log_level level)
{
}

/* All is formatted, debug too, so that what is to be printed is read. */
enum log_level log_get_level(void)
{
	return LOG_LEVEL_DEBUG;
}

void log_write(enum log_level level, const char *area, const char *format, ...)
{
	char line[512];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
}
