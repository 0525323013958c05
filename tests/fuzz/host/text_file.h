/* SPDX-License-Identifier: GPL-2.0-or-later */
/* text_file: files in memory, for what is read by fopen(). */
#ifndef POTS_FUZZ_TEXT_FILE_H
#define POTS_FUZZ_TEXT_FILE_H

#include <stddef.h>
#include <stdio.h>

/* @place is 0 or 1; @path and @text must stay. */
void text_file_set(unsigned int place, const char *path, const void *text, size_t size);

#endif /* POTS_FUZZ_TEXT_FILE_H */
