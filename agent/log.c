// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Log lines. A message may hold text from the network: control characters are
 * replaced, so that nobody forges a line or talks to a terminal.
 */
#include "log.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#define LINE_MAX_BYTES	512
#define DEFER_MAX_BYTES	8192

static enum log_level max_level = LOG_LEVEL_INFO;
static bool to_syslog;

/* Only the thread that called log_defer() touches these. */
static bool deferring;
static pthread_t defer_thread;
static char waiting[DEFER_MAX_BYTES];
static size_t waiting_len;

static const struct {
	const char *name;
	int priority;
} levels[] = {
	[LOG_LEVEL_ERROR]	= { "error", LOG_ERR },
	[LOG_LEVEL_WARNING]	= { "warning", LOG_WARNING },
	[LOG_LEVEL_INFO]	= { "info", LOG_INFO },
	[LOG_LEVEL_DEBUG]	= { "debug", LOG_DEBUG },
};

void log_set_level(enum log_level level)
{
	max_level = level;
}

enum log_level log_get_level(void)
{
	return max_level;
}

void log_use_syslog(const char *ident)
{
	openlog(ident, LOG_PID | LOG_NDELAY, LOG_DAEMON);
	to_syslog = true;
}

void log_defer(void)
{
	defer_thread = pthread_self();
	deferring = true;
}

/* A log that cannot be written is lost: there is nowhere to complain. */
static void write_out(const char *text, size_t len)
{
	while (len) {
		ssize_t done = write(STDERR_FILENO, text, len);

		if (done <= 0)
			return;
		text += done;
		len -= (size_t)done;
	}
}

void log_flush(void)
{
	if (!waiting_len)
		return;
	write_out(waiting, waiting_len);
	waiting_len = 0;
}

static size_t put_time(char *line, size_t size)
{
	struct timespec now;
	struct tm tm;
	size_t len;

	clock_gettime(CLOCK_REALTIME, &now);
	localtime_r(&now.tv_sec, &tm);
	len = strftime(line, size, "%Y-%m-%dT%H:%M:%S", &tm);
	len += (size_t)snprintf(line + len, size - len, ".%03ld ", now.tv_nsec / 1000000);
	return len;
}

static void clean(char *text)
{
	for (; *text; text++) {
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			*text = '?';
	}
}

static void emit_line(char *line, size_t len)
{
	line[len++] = '\n';
	if (!deferring || !pthread_equal(pthread_self(), defer_thread)) {
		write_out(line, len);
		return;
	}
	if (waiting_len + len > sizeof(waiting))
		log_flush();
	memcpy(waiting + waiting_len, line, len);
	waiting_len += len;
}

void log_write(enum log_level level, const char *area, const char *format, ...)
{
	char line[LINE_MAX_BYTES];
	size_t len = 0, room;
	va_list args;
	int n;

	if (level > max_level)
		return;
	if (!to_syslog)
		len = put_time(line, sizeof(line));
	len += (size_t)snprintf(line + len, sizeof(line) - len, "%s %s: ",
				levels[level].name, area);
	room = sizeof(line) - len - 1;	/* one for the newline */

	va_start(args, format);
	n = vsnprintf(line + len, room, format, args);
	va_end(args);
	if (n < 0)
		return;
	clean(line + len);
	len += (size_t)n < room ? (size_t)n : room - 1;

	if (to_syslog)
		syslog(levels[level].priority, "%s", line);
	else
		emit_line(line, len);
}
