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

/*
 * Nobody on the network shall fill a disk: after a burst, so many lines a
 * second, and then how many were left out. Who asked for debug gets it all.
 */
#define BURST_LINES	100
#define LINES_PER_S	10

static enum log_level max_level = LOG_LEVEL_INFO;
static bool to_syslog;

/* Only the thread that called log_defer() touches these. */
static bool deferring;
static pthread_t defer_thread;
static char waiting[DEFER_MAX_BYTES];
static size_t waiting_len;

static pthread_mutex_t limit_lock = PTHREAD_MUTEX_INITIALIZER;
static double tokens = BURST_LINES;
static struct timespec filled;
static unsigned int left_out;

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

/* False: leave this line out. Else *@missed were left out before it. */
static bool take_token(unsigned int *missed)
{
	struct timespec now;
	bool taken;

	clock_gettime(CLOCK_MONOTONIC, &now);
	pthread_mutex_lock(&limit_lock);
	tokens += (double)(now.tv_sec - filled.tv_sec) * LINES_PER_S +
		  (double)(now.tv_nsec - filled.tv_nsec) * LINES_PER_S / 1e9;
	if (tokens > BURST_LINES)
		tokens = BURST_LINES;
	filled = now;
	taken = tokens >= 1;
	if (taken)
		tokens -= 1;
	left_out += !taken;
	*missed = left_out;
	if (taken)
		left_out = 0;
	pthread_mutex_unlock(&limit_lock);
	return taken;
}

static void write_line(enum log_level level, const char *area, const char *format, va_list args)
{
	char line[LINE_MAX_BYTES];
	size_t len = 0, room;
	int n;

	if (!to_syslog)
		len = put_time(line, sizeof(line));
	len += (size_t)snprintf(line + len, sizeof(line) - len, "%s %s: ",
				levels[level].name, area);
	room = sizeof(line) - len - 1;	/* one for the newline */

	n = vsnprintf(line + len, room, format, args);
	if (n < 0)
		return;
	clean(line + len);
	len += (size_t)n < room ? (size_t)n : room - 1;

	if (to_syslog)
		syslog(levels[level].priority, "%s", line);
	else
		emit_line(line, len);
}

__attribute__((format(printf, 3, 4)))
static void write_plain(enum log_level level, const char *area, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	write_line(level, area, format, args);
	va_end(args);
}

void log_write(enum log_level level, const char *area, const char *format, ...)
{
	unsigned int missed = 0;
	va_list args;

	if (level > max_level || (max_level < LOG_LEVEL_DEBUG && !take_token(&missed)))
		return;
	if (missed)
		write_plain(LOG_LEVEL_WARNING, "log", "%u lines were left out", missed);
	va_start(args, format);
	write_line(level, area, format, args);
	va_end(args);
}
