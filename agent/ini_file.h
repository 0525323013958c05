/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ini_file: reading a file with inih as the lexer. inih has a fixed line buffer,
 * takes an indented line for a continuation, and tells neither lines nor columns:
 * all of that is settled here.
 */
#ifndef POTS_AGENT_INI_FILE_H
#define POTS_AGENT_INI_FILE_H

#include <stdio.h>

#include <ini.h>

/**
 * struct ini_file - a file being read
 * @path:	its path
 * @user:	for all that is called
 * @report:	what is wrong with @line (0 = the whole file)
 * @see_line:	NULL, or gets each line as inih will, without its indent
 * @line:	the present line, from 1
 * @indent:	what was cut off before it
 * @stream:	private
 */
struct ini_file {
	const char *path;
	void *user;
	void (*report)(void *user, const char *text);
	void (*see_line)(void *user, const char *text);
	int line;
	int indent;
	FILE *stream;
};

/* 0 when it was read to its end, whatever was reported, or -errno: no such file. */
int ini_file_read(struct ini_file *file, ini_handler on_key);

#endif /* POTS_AGENT_INI_FILE_H */
