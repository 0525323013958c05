/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * input: how a fuzz target takes its bytes apart. What is behind the end reads
 * as zero, so that every input is a whole one.
 */
#ifndef POTS_FUZZ_INPUT_H
#define POTS_FUZZ_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One target: called by libFuzzer or by replay.c; 0 always. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A promise of the code under test. */
#define MUST(condition) do { \
	if (!(condition)) { \
		fprintf(stderr, "%s:%d: broken: %s\n", __FILE__, __LINE__, #condition); \
		abort(); \
	} \
} while (0)

struct input {
	const uint8_t *at;
	size_t left;
};

static inline void take(struct input *input, void *to, size_t size)
{
	size_t there = size < input->left ? size : input->left;

	memset(to, 0, size);
	if (there)
		memcpy(to, input->at, there);
	input->at += there;
	input->left -= there;
}

static inline uint8_t take8(struct input *input)
{
	uint8_t value;

	take(input, &value, sizeof(value));
	return value;
}

static inline uint16_t take16(struct input *input)
{
	uint16_t value;

	take(input, &value, sizeof(value));
	return value;
}

static inline uint32_t take32(struct input *input)
{
	uint32_t value;

	take(input, &value, sizeof(value));
	return value;
}

/* The text up to @end or the end of all, without its NULs; freed by the caller. */
static inline char *take_text(struct input *input, char end)
{
	const uint8_t *stop = input->left ? memchr(input->at, end, input->left) : NULL;
	size_t len = stop ? (size_t)(stop - input->at) : input->left, i, n = 0;
	char *text = malloc(len + 1);

	for (i = 0; i < len; i++)
		if (input->at[i])
			text[n++] = (char)input->at[i];
	text[n] = '\0';
	input->at += len + (stop ? 1 : 0);
	input->left -= len + (stop ? 1 : 0);
	return text;
}

/* A copy without a byte to spare on either side, for the address sanitizer. */
static inline void *copy_exact(const void *data, size_t size)
{
	void *copy = malloc(size ? size : 1);

	if (size)
		memcpy(copy, data, size);
	return copy;
}

#endif /* POTS_FUZZ_INPUT_H */
