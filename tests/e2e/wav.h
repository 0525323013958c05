/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wav: what potsim has recorded. */
#ifndef POTS_TESTS_E2E_WAV_H
#define POTS_TESTS_E2E_WAV_H

#include <stddef.h>
#include <stdint.h>

/* The samples of the file @path, @max of them at most; 0 when it cannot be read. */
size_t wav_read(const char *path, int16_t *samples, size_t max);

#endif /* POTS_TESTS_E2E_WAV_H */
