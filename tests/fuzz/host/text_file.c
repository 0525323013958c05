// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Files that are not there: fopen() of the program, by --wrap, finds its text
 * in memory. What is not one of the two names does not exist.
 */
#include "text_file.h"

#include <errno.h>
#include <string.h>

static struct {
	const char *path;
	const void *text;
	size_t size;
} files[2];

void text_file_set(unsigned int place, const char *path, const void *text, size_t size)
{
	files[place].path = path;
	files[place].text = text;
	files[place].size = size;
}

FILE *__wrap_fopen(const char *path, const char *mode);

FILE *__wrap_fopen(const char *path, const char *mode)
{
	unsigned int i;

	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (files[i].path && files[i].size && !strcmp(files[i].path, path))
			return fmemopen((void *)files[i].text, files[i].size, "r");
	errno = ENOENT;
	return NULL;
}
