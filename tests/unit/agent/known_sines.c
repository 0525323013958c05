// SPDX-License-Identifier: GPL-2.0-or-later
#include "known_sines.h"

#include <complex.h>
#include <math.h>

#define RATE_HZ		8000.
#define FULL_SCALE	32767.
#define FULL_SCALE_DBM0	3.17
#define UNKNOWNS_MAX	(2 * KNOWN_SINES_MAX)

static double value(const struct known_sines *sines, int at)
{
	double sum = 0;

	for (unsigned int i = 0; i < sines->count; i++) {
		double turn = 2 * M_PI * sines->hz[i] / RATE_HZ * at;

		sum += sines->cosine[i] * cos(turn) + sines->sine[i] * sin(turn);
	}
	return sum;
}

/* The normal equations are positive definite: no pivots. */
static void eliminate(double m[UNKNOWNS_MAX][UNKNOWNS_MAX + 1], unsigned int size)
{
	for (unsigned int col = 0; col < size; col++) {
		for (unsigned int row = 0; row < size; row++) {
			double factor = m[row][col] / m[col][col];

			for (unsigned int i = col; row != col && i <= size; i++)
				m[row][i] -= factor * m[col][i];
		}
	}
}

/* Sums over the piece; returns the power of all that is in it. */
static double sum_up(const struct known_sines *sines, const int16_t *pcm, int from, int to,
		     double m[UNKNOWNS_MAX][UNKNOWNS_MAX + 1])
{
	double complex phase[KNOWN_SINES_MAX], step[KNOWN_SINES_MAX];
	unsigned int size = 2 * sines->count;
	double row[UNKNOWNS_MAX], power = 0;

	for (unsigned int i = 0; i < sines->count; i++) {
		step[i] = cexp(2 * M_PI * I * sines->hz[i] / RATE_HZ);
		phase[i] = cexp(2 * M_PI * I * sines->hz[i] / RATE_HZ * from);
	}
	for (int at = from; at < to; at++) {
		for (unsigned int i = 0; i < sines->count; i++) {
			row[2 * i] = creal(phase[i]);
			row[2 * i + 1] = cimag(phase[i]);
			phase[i] *= step[i];
		}
		for (unsigned int i = 0; i < size; i++) {
			for (unsigned int k = 0; k < size; k++)
				m[i][k] += row[i] * row[k];
			m[i][size] += row[i] * pcm[at];
		}
		power += (double)pcm[at] * pcm[at] / (to - from);
	}
	return power;
}

void known_sines_fit(struct known_sines *sines, const int16_t *pcm, int from, int to)
{
	double m[UNKNOWNS_MAX][UNKNOWNS_MAX + 1] = { 0 }, sums[UNKNOWNS_MAX];
	unsigned int size = 2 * sines->count;

	sines->rest = sum_up(sines, pcm, from, to, m);
	for (unsigned int i = 0; i < size; i++)
		sums[i] = m[i][size];
	eliminate(m, size);
	sines->power = 0;
	for (unsigned int i = 0; i < size; i++) {
		double amplitude = m[i][size] / m[i][i];

		*(i % 2 ? &sines->sine[i / 2] : &sines->cosine[i / 2]) = amplitude;
		sines->power += amplitude * amplitude / 2;
		sines->rest -= amplitude * sums[i] / (to - from);
	}
}

double known_sines_dbm0(const struct known_sines *sines, unsigned int index)
{
	return 20 * log10(hypot(sines->cosine[index], sines->sine[index]) / FULL_SCALE + 1e-9) +
	       FULL_SCALE_DBM0;
}

/* A raised cosine from 0 to 1 in @length samples; without a length it is a step. */
static double swell(int at, int length)
{
	return at < 0 ? 0 : at >= length ? 1 : (1 - cos(M_PI * (at + 0.5) / length)) / 2;
}

/* What is left of so many samples, when one gives way to the other at @change. */
static double left(const double *before, const double *after, const int16_t *pcm, int count,
		   int change, int fade)
{
	double sum = 0;

	for (int at = 0; at < count; at++) {
		double rest = pcm[at] - before[at] * swell(change - 1 - at, fade) -
			      after[at] * swell(at - change, fade);

		sum += rest * rest;
	}
	return sum;
}

int known_sines_change(const struct known_sines *before, const struct known_sines *after,
		       const int16_t *pcm, int reach)
{
	const int margin = KNOWN_SINES_FADE, count = 2 * (reach + margin);
	double first[count], second[count], least = INFINITY;
	int best = -reach;

	for (int at = 0; at < count; at++) {
		first[at] = value(before, at - reach - margin);
		second[at] = value(after, at - reach - margin);
	}
	for (int change = -reach; change <= reach; change++) {
		for (int fade = 0; fade <= KNOWN_SINES_FADE; fade += KNOWN_SINES_FADE) {
			double sum = left(first, second, pcm - reach - margin, count,
					  change + reach + margin, fade);

			if (sum < least) {
				least = sum;
				best = change;
			}
		}
	}
	return best;
}
