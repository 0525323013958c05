/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * WAV files of 8 kHz, 16 bits, one channel; others are refused.
 */
#ifndef POTSIM_WAV_H
#define POTSIM_WAV_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/**
 * struct wav - an open file
 * @file:	stdio
 * @left:	samples to be read
 * @written:	samples
 * @error:	what went wrong, for people
 */
struct wav {
	FILE *file;
	size_t left;
	size_t written;
	const char *error;
};

/* Those that return int return 0, or -1 with @error set. */
int wav_open(struct wav *wav, const char *path);
size_t wav_read(struct wav *wav, int16_t *samples, size_t n);
int wav_create(struct wav *wav, const char *path);
int wav_write(struct wav *wav, const int16_t *samples, size_t n);
int wav_close(struct wav *wav);

#endif /* POTSIM_WAV_H */
