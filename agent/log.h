/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * log: one line an event, "LEVEL area: text". Levels: error = a user must act;
 * warning = something was refused or retried; info = what an operator wants to
 * read back tomorrow; debug = everything, digits included.
 */
#ifndef POTS_AGENT_LOG_H
#define POTS_AGENT_LOG_H

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARNING, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

void log_set_level(enum log_level level);
enum log_level log_get_level(void);
/* Lines go to stderr with a time, or to syslog. */
void log_use_syslog(const char *ident);

__attribute__((format(printf, 3, 4)))
void log_write(enum log_level level, const char *area, const char *format, ...);

/*
 * From now on lines of this thread wait in memory until log_flush(), so that
 * a slow sink never stands between an event and its action. The loop flushes
 * before it sleeps. Lines of other threads are written at once.
 */
void log_defer(void);
void log_flush(void);

#define log_error(area, ...)	log_write(LOG_LEVEL_ERROR, area, __VA_ARGS__)
#define log_warn(area, ...)	log_write(LOG_LEVEL_WARNING, area, __VA_ARGS__)
#define log_info(area, ...)	log_write(LOG_LEVEL_INFO, area, __VA_ARGS__)
#define log_debug(area, ...)	do { \
	if (log_get_level() >= LOG_LEVEL_DEBUG) \
		log_write(LOG_LEVEL_DEBUG, area, __VA_ARGS__); \
} while (0)

#endif /* POTS_AGENT_LOG_H */
