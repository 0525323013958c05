// SPDX-License-Identifier: GPL-2.0-or-later
#include "signal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define UNKNOWNS_MAX	(3 * SINES_MAX + 1)
#define BAND_NOISE_SAMPLES 16384

double peak_of(double dbm0)
{
	return 32768 * pow(10, (dbm0 - 3.17) / 20);
}

double dbm0_of(double peak)
{
	return 20 * log10(peak / 32768) + 3.17;
}

int16_t clip(double value)
{
	return lrint(fmin(fmax(value, -32768), 32767));
}

void add_sine(int16_t *out, size_t count, double hz, double dbm0, double phase)
{
	double peak = peak_of(dbm0), turn = 2 * M_PI * hz / RATE;
	size_t i;

	for (i = 0; i < count; i++)
		out[i] = clip(out[i] + peak * sin(turn * i + phase));
}

void add_noise(int16_t *out, size_t count, double dbm0, unsigned int *seed)
{
	double rms = peak_of(dbm0) / sqrt(2);
	size_t i, j;

	for (i = 0; i < count; i++) {
		double sum = 0;

		for (j = 0; j < 12; j++)
			sum += rand_r(seed) / (double)RAND_MAX - 0.5;
		out[i] = clip(out[i] + rms * sum);
	}
}

/* A sine every 2 Hz, of 0 dBm0 all together. */
static void make_band_noise(double *sum)
{
	const unsigned int sines = 1500;
	unsigned int seed = 7, i, k;

	for (k = 0; k < sines; k++) {
		double turn = 2 * M_PI * (200 + 2 * k) / RATE;
		double phase = 2 * M_PI * rand_r(&seed) / RAND_MAX;
		double now = sin(phase), before = sin(phase - turn);

		for (i = 0; i < BAND_NOISE_SAMPLES; i++) {
			double next = 2 * cos(turn) * now - before;

			sum[i] += peak_of(0) / sqrt(sines) * now;
			before = now;
			now = next;
		}
	}
}

void add_band_noise(int16_t *out, size_t count, double dbm0)
{
	static double noise[BAND_NOISE_SAMPLES];
	double gain = peak_of(dbm0) / peak_of(0);
	size_t i;

	if (!noise[0])
		make_band_noise(noise);
	for (i = 0; i < count; i++)
		out[i] = clip(out[i] + gain * noise[i % BAND_NOISE_SAMPLES]);
}

/* Solves the normal equations in place, by elimination with pivots. */
static void solve(double m[UNKNOWNS_MAX][UNKNOWNS_MAX + 1], unsigned int n)
{
	unsigned int i, j, k, best;

	for (i = 0; i < n; i++) {
		for (best = i, j = i + 1; j < n; j++)
			if (fabs(m[j][i]) > fabs(m[best][i]))
				best = j;
		for (k = 0; k <= n; k++) {
			double swap = m[i][k];

			m[i][k] = m[best][k];
			m[best][k] = swap;
		}
		for (j = 0; j < n; j++) {
			double factor = j == i ? 0 : m[j][i] / m[i][i];

			for (k = i; k <= n; k++)
				m[j][k] -= factor * m[i][k];
		}
	}
	for (i = 0; i < n; i++)
		m[i][n] /= m[i][i];
}

struct model {
	double a[SINES_MAX], b[SINES_MAX], mean;
};

/*
 * One row of the linear problem: cosine and sine of each frequency, the mean,
 * and how the sum changes with each frequency (a and b of the last round).
 */
static void basis(const struct fit *fit, const struct model *model, double t,
		  double *row)
{
	unsigned int i, n = fit->sines;

	for (i = 0; i < n; i++) {
		double angle = 2 * M_PI * fit->hz[i] / RATE * t;

		row[2 * i] = cos(angle);
		row[2 * i + 1] = sin(angle);
		row[2 * n + 1 + i] = 2 * M_PI / RATE * t *
			(model->b[i] * cos(angle) - model->a[i] * sin(angle));
	}
	row[2 * n] = 1;
}

static double fit_round(const int16_t *samples, size_t count, struct fit *fit,
			struct model *model, unsigned int unknowns)
{
	double m[UNKNOWNS_MAX][UNKNOWNS_MAX + 1], row[UNKNOWNS_MAX], residue = 0;
	unsigned int j, k, n = fit->sines;
	size_t i;

	memset(m, 0, sizeof(m));
	for (i = 0; i < count; i++) {
		basis(fit, model, i - count / 2.0, row);
		for (j = 0; j < unknowns; j++) {
			for (k = 0; k < unknowns; k++)
				m[j][k] += row[j] * row[k];
			m[j][unknowns] += row[j] * samples[i];
		}
	}
	solve(m, unknowns);
	for (i = 0; i < count; i++) {
		double rest = samples[i];

		basis(fit, model, i - count / 2.0, row);
		for (j = 0; j < unknowns; j++)
			rest -= m[j][unknowns] * row[j];
		residue += rest * rest;
	}

	for (j = 0; j < n; j++) {
		model->a[j] = m[2 * j][unknowns];
		model->b[j] = m[2 * j + 1][unknowns];
		if (unknowns > 2 * n + 1)
			fit->hz[j] += m[2 * n + 1 + j][unknowns];
		fit->dbm0[j] = dbm0_of(hypot(model->a[j], model->b[j]));
	}
	return residue;
}

void fit_sines(const int16_t *samples, size_t count, struct fit *fit)
{
	unsigned int n = fit->sines, round;
	struct model model = {};
	double residue;

	fit_round(samples, count, fit, &model, 2 * n + 1);
	for (round = 0; round < 4; round++)
		fit_round(samples, count, fit, &model, 3 * n + 1);
	residue = fit_round(samples, count, fit, &model, 2 * n + 1);
	fit->residue_dbm0 = dbm0_of(sqrt(2 * residue / count));
}
