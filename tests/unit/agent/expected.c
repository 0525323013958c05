// SPDX-License-Identifier: GPL-2.0-or-later
#include "expected.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fit.h"

#define SAMPLES_A_MS	(EXPECTED_RATE_HZ / 1000)
#define FOR_EVER_MS	500	/* how much of a step for ever is looked at */
#define AGAIN_MS	100	/* how much of the second round */
#define QUIET		2	/* of 32767: what counts as silence */
#define EDGE_SAMPLES	8	/* 1 ms */
#define RAMP_SAMPLES	40	/* the sound's own beginning and end, not fitted */
#define FIT_SAMPLES	640	/* tells frequencies apart that are so far from each other: */
#define APART_HZ	60
#define LONG_FIT_SAMPLES 1600
#define SHORTEST_FIT	160	/* a shorter piece has no frequency to speak of */
#define NEAR_HZ		0.5
#define NEAR_DB		0.3
#define REST_DB		(-35.)	/* of what is not the sines */

/* ---------------------------------------------------------------- reading --- */

/* MS:MHZ@CDB,MHZ@CDB*MHZ%DEPTH */
static bool read_step(struct expected_step *step, const char *word)
{
	char *at;

	memset(step, 0, sizeof(*step));
	step->ms = (unsigned int)strtoul(word, &at, 10);
	if (*at++ != ':')
		return false;
	while (*at && *at != '*' && step->sines < EXPECTED_SINES_MAX) {
		step->hz[step->sines] = strtod(at, &at) / 1000;
		if (*at++ != '@')
			return false;
		step->dbm0[step->sines++] = strtod(at, &at) / 100;
		at += *at == ',';
	}
	if (*at == '*') {
		step->am_hz = strtod(at + 1, &at) / 1000;
		step->am_depth = strtod(at + 1, &at) / 100;
	}
	return !*at;
}

static bool read_tone(struct expected *tone, char *line)
{
	int used = 0;
	char *word;

	if (sscanf(line, "%7s %19s %u %u %u %n", tone->country, tone->tone, &tone->steps,
		   &tone->loop_start, &tone->repeat, &used) < 5 ||
	    tone->steps > EXPECTED_STEPS_MAX)
		return false;
	word = strtok(line + used, " \n");
	for (unsigned int i = 0; i < tone->steps; i++) {
		if (!word || !read_step(&tone->step[i], word))
			return false;
		word = strtok(NULL, " \n");
	}
	return !word;
}

/* Lines "COUNTRY dtmf" and "COUNTRY ring" are for others. */
static bool is_tone(const char *line)
{
	char country[8], what[20];

	return sscanf(line, "%7s %19s", country, what) == 2 && *country != '#' &&
	       strcmp(what, "dtmf") && strcmp(what, "ring");
}

int expected_read(const char *path, void (*each)(void *ctx, const struct expected *tone),
		  void *ctx)
{
	struct expected tone;
	char *line = NULL;
	size_t size = 0;
	int count = 0;
	FILE *file = fopen(path, "r");

	if (!file)
		return -errno;
	while (count >= 0 && getline(&line, &size, file) > 0) {
		if (!is_tone(line))
			continue;
		if (read_tone(&tone, line)) {
			each(ctx, &tone);
			count++;
		} else {
			count = -EINVAL;
		}
	}
	free(line);
	fclose(file);
	return count;
}

/* --------------------------------------------------------------- checking --- */

static size_t samples_of(const struct expected_step *step)
{
	return (size_t)(step->ms ? step->ms : FOR_EVER_MS) * SAMPLES_A_MS;
}

size_t expected_samples(const struct expected *tone)
{
	size_t samples = (size_t)AGAIN_MS * SAMPLES_A_MS;

	for (unsigned int i = 0; i < tone->steps; i++)
		samples += samples_of(&tone->step[i]);
	return samples;
}

__attribute__((format(printf, 2, 3)))
static int differ(char *why, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(why, EXPECTED_WHY_MAX, format, args);
	va_end(args);
	return -1;
}

/* Modulation is three sines: the carrier, and one at each side of it. */
static unsigned int sines_of(const struct expected_step *step, struct sine sines[])
{
	double side = step->dbm0[0] + 20 * log10(step->am_depth / 2);

	if (step->am_hz) {
		sines[0] = (struct sine){ step->hz[0] - step->am_hz, side };
		sines[1] = (struct sine){ step->hz[0], step->dbm0[0] };
		sines[2] = (struct sine){ step->hz[0] + step->am_hz, side };
		return 3;
	}
	for (unsigned int i = 0; i < step->sines; i++)
		sines[i] = (struct sine){ step->hz[i], step->dbm0[i] };
	return step->sines;
}

/* Both in the order of their frequencies. */
static int compare_sines(const struct expected_step *step, const int16_t *pcm, size_t count,
			 char *why)
{
	struct sine wanted[EXPECTED_SINES_MAX], found[FIT_SINES_MAX];
	unsigned int want = sines_of(step, wanted);
	double rest_db;
	int have = fit_sines(pcm, count, found, &rest_db);

	if (have != (int)want)
		return differ(why, "%d sines, not %u; the first is %.2f Hz", have, want,
			      have ? found[0].hz : 0);
	for (unsigned int i = 0; i < want; i++) {
		if (fabs(found[i].hz - wanted[i].hz) > NEAR_HZ)
			return differ(why, "%.3f Hz, not %.3f", found[i].hz, wanted[i].hz);
		if (fabs(found[i].dbm0 - wanted[i].dbm0) > NEAR_DB)
			return differ(why, "%.2f Hz: %.2f dBm0, not %.2f", found[i].hz,
				      found[i].dbm0, wanted[i].dbm0);
	}
	return rest_db > REST_DB ? differ(why, "%.1f dB are something else", rest_db) : 0;
}

static bool is_quiet(const int16_t *pcm, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (abs(pcm[i]) > QUIET)
			return false;
	}
	return true;
}

static int check_silence(const int16_t *pcm, size_t count, char *why)
{
	if (count <= 2 * EDGE_SAMPLES || is_quiet(pcm + EDGE_SAMPLES, count - 2 * EDGE_SAMPLES))
		return 0;
	return differ(why, "a sound where silence should be");
}

static bool is_dense(const struct expected_step *step)
{
	bool dense = step->am_hz;

	for (unsigned int i = 1; i < step->sines; i++)
		dense = dense || fabs(step->hz[i] - step->hz[i - 1]) < APART_HZ;
	return dense;
}

/* @fit: measure it too; it costs time, and a step that is there twice is the same. */
static int check_sound(const struct expected_step *step, const int16_t *pcm, size_t count,
		       bool fit, char *why)
{
	size_t n = is_dense(step) ? LONG_FIT_SAMPLES : FIT_SAMPLES;

	if (is_quiet(pcm, 2 * EDGE_SAMPLES) ||
	    is_quiet(pcm + count - 2 * EDGE_SAMPLES, 2 * EDGE_SAMPLES))
		return differ(why, "silence where a sound should begin or end");
	if (!fit || count < SHORTEST_FIT)
		return 0;
	if (count < n + 2 * RAMP_SAMPLES)
		n = count - 2 * RAMP_SAMPLES;
	return compare_sines(step, pcm + RAMP_SAMPLES, n, why);
}

static bool same_sound(const struct expected_step *a, const struct expected_step *b)
{
	struct expected_step x = *a, y = *b;

	x.ms = 0;
	y.ms = 0;
	return !memcmp(&x, &y, sizeof(x));
}

static bool came_before(const struct expected *tone, unsigned int index)
{
	for (unsigned int i = 0; i < index; i++) {
		if (same_sound(&tone->step[i], &tone->step[index]) &&
		    tone->step[i].ms * SAMPLES_A_MS >= SHORTEST_FIT)
			return true;
	}
	return false;
}

static int check_step(const struct expected *tone, unsigned int index, const int16_t *pcm,
		      size_t count, bool fit, char *why)
{
	const struct expected_step *step = &tone->step[index];
	char what[EXPECTED_WHY_MAX];
	int bad = step->sines ? check_sound(step, pcm, count, fit, what)
			      : check_silence(pcm, count, what);

	return bad ? differ(why, "step %u: %.150s", index + 1, what) : 0;
}

/* After the last step: the beginning of the loop, or nothing more. */
static int check_again(const struct expected *tone, const int16_t *pcm, size_t count, char *why)
{
	const struct expected_step *step = &tone->step[tone->loop_start];
	size_t step_samples = samples_of(step);

	if (tone->repeat == 1)
		return check_silence(pcm, count, why);
	if (!tone->step[tone->steps - 1].ms)
		return 0;
	if (step_samples < count)
		count = step_samples;
	return check_step(tone, tone->loop_start, pcm, count, false, why);
}

int expected_check(const struct expected *tone, const int16_t *pcm, size_t count,
		   char why[EXPECTED_WHY_MAX])
{
	size_t at = 0, again = (size_t)AGAIN_MS * SAMPLES_A_MS;

	while (at < count && abs(pcm[at]) <= QUIET)
		at++;
	if (at == count)
		return differ(why, "silence");
	for (unsigned int i = 0; i < tone->steps; i++) {
		size_t samples = samples_of(&tone->step[i]);

		if (samples > count - at)
			samples = count - at;
		if (samples > 4 * EDGE_SAMPLES &&
		    check_step(tone, i, pcm + at, samples, !came_before(tone, i), why))
			return -1;
		at += samples;
	}
	if (at + again > count)
		again = count - at;
	return again > 4 * EDGE_SAMPLES ? check_again(tone, pcm + at, again, why) : 0;
}
