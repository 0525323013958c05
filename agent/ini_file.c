// SPDX-License-Identifier: GPL-2.0-or-later
#include "ini_file.h"

#include <errno.h>
#include <string.h>

static void pass_over_line(struct ini_file *file)
{
	int c;

	do {
		c = fgetc(file->stream);
	} while (c != EOF && c != '\n');
}

static char *read_line(char *buffer, int size, void *stream)
{
	struct ini_file *file = stream;
	char text[64];
	size_t indent;

	if (!fgets(buffer, size, file->stream))
		return NULL;
	file->line++;
	if (!strchr(buffer, '\n') && !feof(file->stream)) {
		snprintf(text, sizeof(text), "the line is longer than %d characters", size - 2);
		file->report(file->user, text);
		pass_over_line(file);
		buffer[0] = 0;
		return buffer;
	}
	indent = strspn(buffer, " \t");
	memmove(buffer, buffer + indent, strlen(buffer + indent) + 1);
	file->indent = (int)indent;
	if (file->see_line)
		file->see_line(file->user, buffer);
	return buffer;
}

int ini_file_read(struct ini_file *file, ini_handler on_key)
{
	int bad;

	file->line = 0;
	file->stream = fopen(file->path, "re");
	if (!file->stream) {
		int err = -errno;

		file->report(file->user, strerror(-err));
		return err;
	}
	bad = ini_parse_stream(read_line, file, on_key, file->user);
	fclose(file->stream);
	if (bad) {
		file->line = bad > 0 ? bad : 0;
		file->report(file->user, "neither [section] nor key = value");
	}
	file->line = 0;
	return 0;
}
