// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Takes one sine after the other out of the samples: the strongest line of the
 * spectrum of what is left, then amplitudes, phases and frequencies of all of
 * them together by Gauss-Newton. Shares nothing with the driver's tone engine.
 */
#include <complex.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fit.h"

#define RATE_HZ		8000.0
#define LOW_HZ		50.0
#define HIGH_HZ		3900.0
#define SPECTRUM	FIT_SAMPLES_MAX
#define ROUNDS		8
#define CONVERGED	0.9999	/* a round that gains less is the last one */
#define PARAMS		(3 * FIT_SINES_MAX)
/* A line so much below the strongest is noise, or a side lobe. */
#define WEAKEST_DB	(-35.0)
#define FULL_SCALE_DBM0	3.17
#define FULL_SCALE_POWER (32767.0 * 32767.0 / 2)

struct wave {
	double w;	/* radians a sample */
	double a;	/* of the cosine */
	double b;	/* of the sine */
};

static double power(const double *x, size_t n)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < n; i++)
		sum += x[i] * x[i];
	return sum / n;
}

/* Of @n values, a power of two, that lie @step apart. */
static void fourier(const double *x, complex double *y, size_t n, size_t step)
{
	complex double turn = cexp(-2 * M_PI * I / n), w = 1;
	size_t i;

	if (n == 1) {
		y[0] = x[0];
		return;
	}
	fourier(x, y, n / 2, 2 * step);
	fourier(x + step, y + n / 2, n / 2, 2 * step);
	for (i = 0; i < n / 2; i++) {
		complex double odd = w * y[n / 2 + i];

		y[n / 2 + i] = y[i] - odd;
		y[i] += odd;
		w *= turn;
	}
}

/* Under a Hann window, so that a strong sine's side lobes are no lines. */
static double strongest_line(const double *x, size_t n)
{
	double windowed[SPECTRUM] = { 0 }, best = -1;
	complex double line[SPECTRUM];
	size_t at = 0, i;

	for (i = 0; i < n; i++)
		windowed[i] = x[i] * (0.5 - 0.5 * cos(2 * M_PI * i / (n - 1)));
	fourier(windowed, line, SPECTRUM, 1);
	for (i = LOW_HZ * SPECTRUM / RATE_HZ; i < HIGH_HZ * SPECTRUM / RATE_HZ; i++) {
		double p = creal(line[i]) * creal(line[i]) + cimag(line[i]) * cimag(line[i]);

		if (p > best) {
			best = p;
			at = i;
		}
	}
	return 2 * M_PI * at / SPECTRUM;
}

/* Gaussian elimination with pivoting; false when there is no one answer. */
static int solve(double m[PARAMS][PARAMS + 1], int size)
{
	int row, col, i;

	for (col = 0; col < size; col++) {
		int pivot = col;

		for (row = col; row < size; row++)
			if (fabs(m[row][col]) > fabs(m[pivot][col]))
				pivot = row;
		if (fabs(m[pivot][col]) < DBL_EPSILON)
			return 0;
		for (i = 0; i <= size; i++) {
			double swap = m[col][i];

			m[col][i] = m[pivot][i];
			m[pivot][i] = swap;
		}
		for (row = 0; row < size; row++) {
			double factor = m[row][col] / m[col][col];

			if (row == col)
				continue;
			for (i = col; i <= size; i++)
				m[row][i] -= factor * m[col][i];
		}
	}
	return 1;
}

static double residual(const double *x, size_t n, const struct wave *wave, int count, double *rest)
{
	size_t i;
	int k;

	for (i = 0; i < n; i++) {
		rest[i] = x[i];
		for (k = 0; k < count; k++)
			rest[i] -= wave[k].a * cos(wave[k].w * i) + wave[k].b * sin(wave[k].w * i);
	}
	return power(rest, n);
}

/* One Gauss-Newton step on amplitudes and frequencies of all waves. */
static int refine(const double *rest, size_t n, struct wave *wave, int count)
{
	double m[PARAMS][PARAMS + 1], d[PARAMS];
	int size = 3 * count, k, row, col;
	size_t i;

	memset(m, 0, sizeof(m));
	for (i = 0; i < n; i++) {
		/* Time scaled to -1..1, so that the matrix is well conditioned. */
		double t = 2.0 * i / n - 1;

		for (k = 0; k < count; k++) {
			double c = cos(wave[k].w * i), s = sin(wave[k].w * i);

			d[3 * k] = c;
			d[3 * k + 1] = s;
			d[3 * k + 2] = t * (wave[k].b * c - wave[k].a * s);
		}
		for (row = 0; row < size; row++) {
			for (col = 0; col < size; col++)
				m[row][col] += d[row] * d[col];
			m[row][size] += d[row] * rest[i];
		}
	}
	if (!solve(m, size))
		return 0;
	for (k = 0; k < count; k++) {
		double dw = m[3 * k + 2][size] / m[3 * k + 2][3 * k + 2] * 2 / n;
		double a = wave[k].a + m[3 * k][size] / m[3 * k][3 * k];
		double b = wave[k].b + m[3 * k + 1][size] / m[3 * k + 1][3 * k + 1];
		/* t was 0 in the middle: the phase turns with the frequency. */
		double turn = dw * n / 2;

		wave[k].w += dw;
		wave[k].a = a * cos(turn) - b * sin(turn);
		wave[k].b = b * cos(turn) + a * sin(turn);
	}
	return 1;
}

/* A first guess, near enough for Gauss-Newton to go on from. */
static struct wave guess(const double *rest, size_t n)
{
	struct wave wave = { .w = strongest_line(rest, n) };
	size_t i;

	for (i = 0; i < n; i++) {
		wave.a += 2 * rest[i] * cos(wave.w * i) / n;
		wave.b += 2 * rest[i] * sin(wave.w * i) / n;
	}
	return wave;
}

static double refine_all(const double *x, size_t n, struct wave *wave, int count, double *rest,
			 double left)
{
	double before = DBL_MAX;
	int round;

	for (round = 0; round < ROUNDS && left < before * CONVERGED; round++) {
		before = left;
		if (!refine(rest, n, wave, count))
			break;
		left = residual(x, n, wave, count, rest);
	}
	return left;
}

static double db(double ratio)
{
	return 10 * log10(fmax(ratio, DBL_EPSILON));
}

static int by_frequency(const void *a, const void *b)
{
	const struct sine *x = a, *y = b;

	return (x->hz > y->hz) - (x->hz < y->hz);
}

static double wave_power(const struct wave *wave)
{
	return (wave->a * wave->a + wave->b * wave->b) / 2;
}

int fit_sines(const int16_t *pcm, size_t n, struct sine sines[FIT_SINES_MAX], double *noise_db)
{
	double x[FIT_SAMPLES_MAX], rest[FIT_SAMPLES_MAX], whole, strongest = 0, left;
	struct wave wave[FIT_SINES_MAX];
	int count = 0, i;
	size_t at;

	if (n > FIT_SAMPLES_MAX)
		n = FIT_SAMPLES_MAX;
	for (at = 0; at < n; at++) {
		x[at] = pcm[at];
		rest[at] = pcm[at];
	}
	whole = power(x, n);
	left = whole;
	while (whole > 0 && count < FIT_SINES_MAX && db(left / whole) > WEAKEST_DB - 20) {
		struct wave before[FIT_SINES_MAX];
		double was = left;

		memcpy(before, wave, sizeof(before));
		wave[count] = guess(rest, n);
		count++;
		left = residual(x, n, wave, count, rest);
		left = refine_all(x, n, wave, count, rest, left);
		if (wave_power(&wave[0]) > strongest)
			strongest = wave_power(&wave[0]);
		if (db(wave_power(&wave[count - 1]) / strongest) < WEAKEST_DB || left > was) {
			memcpy(wave, before, sizeof(before));
			left = residual(x, n, wave, --count, rest);
			break;
		}
	}
	for (i = 0; i < count; i++) {
		sines[i].hz = wave[i].w * RATE_HZ / (2 * M_PI);
		sines[i].dbm0 = db(wave_power(&wave[i]) / FULL_SCALE_POWER) + FULL_SCALE_DBM0;
	}
	qsort(sines, count, sizeof(*sines), by_frequency);
	*noise_db = whole > 0 ? db(left / whole) : 0;
	return count;
}
