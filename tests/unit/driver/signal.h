/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * signal: makes and measures samples in double precision, so that it shares
 * nothing with what it judges.
 */
#ifndef POTS_TESTS_SIGNAL_H
#define POTS_TESTS_SIGNAL_H

#include <stddef.h>
#include <stdint.h>

#define RATE		8000.0
#define SINES_MAX	4

/* The peak of a sine of so many dBm0, and back. */
double peak_of(double dbm0);
double dbm0_of(double peak);

int16_t clip(double value);

/* Adds a sine of @dbm0 to @out, from @phase on. */
void add_sine(int16_t *out, size_t count, double hz, double dbm0, double phase);

/* Gaussian noise of @dbm0 in all. */
void add_noise(int16_t *out, size_t count, double dbm0, unsigned int *seed);

/* Noise with nothing outside 200 to 3200 Hz. */
void add_band_noise(int16_t *out, size_t count, double dbm0);

/**
 * struct fit - sines that were found in samples
 * @hz:		in: nearly; out: the frequency
 * @dbm0:	out: the level
 * @residue_dbm0: out: what is left when all sines and the mean are taken away
 */
struct fit {
	unsigned int sines;
	double hz[SINES_MAX];
	double dbm0[SINES_MAX];
	double residue_dbm0;
};

/* Least squares, the frequencies by Newton's method. */
void fit_sines(const int16_t *samples, size_t count, struct fit *fit);

#endif /* POTS_TESTS_SIGNAL_H */
