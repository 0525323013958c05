/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which sines a piece of sound is made of, by least squares. */
#ifndef FIT_H
#define FIT_H

#include <stddef.h>
#include <stdint.h>

#define FIT_SINES_MAX	4
#define FIT_SAMPLES_MAX	2048	/* what is beyond is left out */

struct sine {
	double hz;
	double dbm0;
};

/* Sines in order of frequency; *noise_db is the rest, relative to them all. */
int fit_sines(const int16_t *pcm, size_t n, struct sine sines[FIT_SINES_MAX], double *noise_db);

#endif /* FIT_H */
