// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Log lines: bounded in length and in number, one line each whatever they
 * hold; and in all the agent's sources nothing secret above debug.
 */
#include "log.h"

#include <ctype.h>
#include <glob.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kselftest_harness.h"

FIXTURE(log)
{
	FILE *file;
	int stderr_was;
	char text[64 * 1024];
};

FIXTURE_SETUP(log)
{
	self->file = tmpfile();
	self->stderr_was = dup(STDERR_FILENO);
	ASSERT_NE(NULL, self->file);
	log_set_level(LOG_LEVEL_INFO);
}

FIXTURE_TEARDOWN(log)
{
	fclose(self->file);
	close(self->stderr_was);
}

static unsigned int lines_of(const char *text)
{
	unsigned int lines = 0;

	for (; *text; text++)
		lines += *text == '\n';
	return lines;
}

#define CAPTURED(...) do { \
	size_t len; \
	fflush(stderr); \
	dup2(fileno(self->file), STDERR_FILENO); \
	__VA_ARGS__; \
	dup2(self->stderr_was, STDERR_FILENO); \
	rewind(self->file); \
	len = fread(self->text, 1, sizeof(self->text) - 1, self->file); \
	self->text[len] = 0; \
} while (0)

TEST_F(log, one_line_whatever_it_holds)
{
	char junk[2000];

	memset(junk, 'x', sizeof(junk));
	junk[10] = '\n';
	junk[11] = '\033';
	junk[sizeof(junk) - 1] = 0;
	CAPTURED(log_warn("sip", "%s", junk));
	EXPECT_EQ(1, lines_of(self->text));
	EXPECT_LE(strlen(self->text), 512);
	EXPECT_NE(NULL, strstr(self->text, " warning sip: xxxxxxxxxx??xxx"));
}

TEST_F(log, levels)
{
	CAPTURED(log_debug("call", "hidden"); log_info("call", "shown"));
	EXPECT_EQ(NULL, strstr(self->text, "hidden"));
	EXPECT_NE(NULL, strstr(self->text, "shown"));
}

/* A flood is cut short, and it is told how much of it is missing. */
TEST_F(log, flood)
{
	CAPTURED(
		for (int i = 0; i < 5000; i++)
			log_info("sip", "again");
		usleep(300000);
		log_info("sip", "later")
	);
	EXPECT_LE(lines_of(self->text), 150);
	EXPECT_GE(lines_of(self->text), 100);
	EXPECT_NE(NULL, strstr(self->text, "lines were left out"));
	EXPECT_NE(NULL, strstr(self->text, "later"));
}

TEST_F(log, debug_is_not_cut)
{
	log_set_level(LOG_LEVEL_DEBUG);
	CAPTURED(for (int i = 0; i < 500; i++) log_debug("sip", "again"));
	EXPECT_EQ(500, lines_of(self->text));
}

/* What may hold a password or dialled digits, by the names we give it. */
static const char *const secrets[] = {
	"secret", "password", "digits", "number", "peer", "called", "caller", "uri", "target",
	"reason", "p,", "scan",
};

/* The arguments of the call that begins at @at, its format left out. */
static void arguments(const char *at, char *args, size_t size)
{
	int depth = 0;
	bool quoted = false;
	size_t n = 0;

	for (; *at && n + 1 < size; at++) {
		if (*at == '"' && at[-1] != '\\')
			quoted = !quoted;
		if (quoted || *at == '"')
			continue;
		depth += (*at == '(') - (*at == ')');
		args[n++] = *at;
		if (!depth && *at == ')')
			break;
	}
	args[n] = 0;
}

static bool names(const char *args, const char *word)
{
	size_t len = strlen(word);

	for (const char *p = strstr(args, word); p; p = strstr(p + 1, word)) {
		bool starts = p == args || !(isalnum((unsigned char)p[-1]) || p[-1] == '_');

		if (starts && !isalnum((unsigned char)p[len]) && p[len] != '_' && p[len] != '(')
			return true;
	}
	return false;
}

static unsigned int leaks(const char *path, const char *text)
{
	static const char *const calls[] = { "log_error(", "log_warn(", "log_info(" };
	unsigned int found = 0;
	char args[600];

	for (size_t c = 0; c < sizeof(calls) / sizeof(calls[0]); c++) {
		for (const char *at = strstr(text, calls[c]); at; at = strstr(at + 1, calls[c])) {
			arguments(at + strlen(calls[c]) - 1, args, sizeof(args));
			for (size_t i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++) {
				if (!names(args, secrets[i]))
					continue;
				printf("# %s: %s%s\n", path, calls[c], args);
				found++;
			}
		}
	}
	return found;
}

TEST(nothing_secret_above_debug)
{
	static char text[256 * 1024];
	glob_t sources;

	ASSERT_EQ(0, glob(TEST_DIR "/../../../agent/*.c", 0, NULL, &sources));
	EXPECT_LT(40, sources.gl_pathc);
	for (size_t i = 0; i < sources.gl_pathc; i++) {
		FILE *file = fopen(sources.gl_pathv[i], "r");
		size_t len;

		ASSERT_NE(NULL, file);
		len = fread(text, 1, sizeof(text) - 1, file);
		text[len] = 0;
		fclose(file);
		EXPECT_EQ(0, leaks(sources.gl_pathv[i], text));
	}
	globfree(&sources);
}

TEST_HARNESS_MAIN
