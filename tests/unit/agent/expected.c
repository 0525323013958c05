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
#include "known_sines.h"

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
#define SEARCH_SAMPLES	64	/* a change is looked for so far from its place */
#define NEAR_HZ		0.5
#define NEAR_DB		0.3
#define REST_DB		(-35.)	/* of what is not the sines */
#define DIGIT_MS	100

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

static void make_digit(struct expected *digit, const char *country, char name, int high_cdb,
		       int low_cdb)
{
	static const char keypad[] = "123A456B789C*0#D";
	static const double low[] = { 697, 770, 852, 941 }, high[] = { 1209, 1336, 1477, 1633 };
	size_t key = (size_t)(strchr(keypad, name) - keypad);

	*digit = (struct expected){
		.tone = { name },
		.steps = 1,
		.repeat = 1,
		.step = { {
			.ms = DIGIT_MS,
			.sines = 2,
			.hz = { low[key / 4], high[key % 4] },
			.dbm0 = { low_cdb / 100., high_cdb / 100. },
		} },
	};
	snprintf(digit->country, sizeof(digit->country), "%s", country);
}

/* The rest of the line "COUNTRY WHAT ...", to be freed; NULL and errno. */
static char *find_line(const char *path, const char *country, const char *what)
{
	char *line = NULL, *rest = NULL, code[8], word[20];
	FILE *file = fopen(path, "r");
	size_t size = 0;
	int used;

	if (!file)
		return NULL;
	while (!rest && getline(&line, &size, file) > 0) {
		if (sscanf(line, "%7s %19s%n", code, word, &used) == 2 &&
		    !strcmp(code, country) && !strcmp(word, what))
			rest = strdup(line + used);
	}
	free(line);
	fclose(file);
	if (!rest)
		errno = ENOENT;
	return rest;
}

int expected_digits(const char *path, const char *country,
		    struct expected digits[EXPECTED_DIGITS])
{
	static const char names[] = "0123456789*#ABCD";
	char *rest = find_line(path, country, "dtmf");
	int high_cdb, low_cdb, fields;

	if (!rest)
		return -errno;
	fields = sscanf(rest, "%d %d", &high_cdb, &low_cdb);
	free(rest);
	for (unsigned int i = 0; i < EXPECTED_DIGITS && fields == 2; i++)
		make_digit(&digits[i], country, names[i], high_cdb, low_cdb);
	return fields == 2 ? 0 : -EINVAL;
}

int expected_ringing(const char *path, const char *country, struct expected_ringing *ringing)
{
	char *rest = find_line(path, country, "ring"), *at = rest;
	int used;

	if (!rest)
		return -errno;
	ringing->mhz = (unsigned int)strtoul(at, &at, 10);
	ringing->count = 0;
	while (ringing->count < EXPECTED_RINGING_MAX &&
	       sscanf(at, " %u%n", &ringing->ms[ringing->count], &used) == 1) {
		at += used;
		ringing->count++;
	}
	free(rest);
	return ringing->mhz && ringing->count && ringing->count % 2 == 0 ? 0 : -EINVAL;
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

/* How much of @count samples is measured, at their beginning or end. */
static size_t fit_samples(const struct expected_step *step, size_t count)
{
	size_t n = is_dense(step) ? LONG_FIT_SAMPLES : FIT_SAMPLES;

	return count < n + 2 * RAMP_SAMPLES ? count - 2 * RAMP_SAMPLES : n;
}

/* Fits the frequencies that the step must have to what is there. */
static void fit_known(const struct expected_step *step, const int16_t *pcm, int from, int to,
		      struct known_sines *known)
{
	struct sine wanted[EXPECTED_SINES_MAX];

	known->count = sines_of(step, wanted);
	for (unsigned int i = 0; i < known->count; i++)
		known->hz[i] = wanted[i].hz;
	known_sines_fit(known, pcm, from, to);
}

/* The last samples are of the step as the first ones are. */
static int check_end(const struct expected_step *step, const int16_t *pcm, size_t count,
		     char *why)
{
	struct sine wanted[EXPECTED_SINES_MAX];
	struct known_sines known;
	unsigned int want = sines_of(step, wanted);
	int end = (int)(count - RAMP_SAMPLES);
	double rest_db;

	fit_known(step, pcm, end - (int)fit_samples(step, count), end, &known);
	rest_db = 10 * log10(fmax(known.rest, 1e-3) / fmax(known.power, 1e-3));
	if (rest_db > REST_DB)
		return differ(why, "%.1f dB are something else at its end", rest_db);
	for (unsigned int i = 0; i < want; i++) {
		double dbm0 = known_sines_dbm0(&known, i);

		if (fabs(dbm0 - wanted[i].dbm0) > NEAR_DB)
			return differ(why, "%.2f Hz: %.2f dBm0 at its end, not %.2f",
				      wanted[i].hz, dbm0, wanted[i].dbm0);
	}
	return 0;
}

/* @fit: measure it too; it costs time, and a step that is there twice is the same. */
static int check_sound(const struct expected_step *step, const int16_t *pcm, size_t count,
		       bool fit, char *why)
{
	if (is_quiet(pcm, EDGE_SAMPLES) ||
	    is_quiet(pcm + count - EDGE_SAMPLES, EDGE_SAMPLES))
		return differ(why, "silence where a sound should begin or end");
	if (count < SHORTEST_FIT)
		return 0;
	if (fit && compare_sines(step, pcm + RAMP_SAMPLES, fit_samples(step, count), why))
		return -1;
	return check_end(step, pcm, count, why);
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

/* A sound that another follows: @pcm is where it should, with so much of both around. */
static int check_change(const struct expected_step *before, const struct expected_step *after,
			const int16_t *pcm, size_t count_before, size_t count_after, char *why)
{
	struct known_sines first, second;
	int change;

	if (!before->sines || !after->sines || same_sound(before, after) ||
	    count_before < SHORTEST_FIT || count_after < SHORTEST_FIT)
		return 0;
	fit_known(before, pcm, -(int)fit_samples(before, count_before) - RAMP_SAMPLES,
		  -RAMP_SAMPLES, &first);
	fit_known(after, pcm, RAMP_SAMPLES,
		  RAMP_SAMPLES + (int)fit_samples(after, count_after), &second);
	change = known_sines_change(&first, &second, pcm, SEARCH_SAMPLES);
	if (abs(change) <= EDGE_SAMPLES)
		return 0;
	return differ(why, "%.0f Hz is followed by %.0f Hz %.1f ms too late", before->hz[0],
		      after->hz[0], (double)change / SAMPLES_A_MS);
}

/* After the last step: the beginning of the loop, or nothing more. */
static int check_again(const struct expected *tone, const int16_t *pcm, size_t count, char *why)
{
	const struct expected_step *step = &tone->step[tone->loop_start];
	const struct expected_step *last = &tone->step[tone->steps - 1];
	size_t step_samples = samples_of(step);

	if (tone->repeat == 1)
		return check_silence(pcm, count, why);
	if (!tone->step[tone->steps - 1].ms)
		return 0;
	if (step_samples < count)
		count = step_samples;
	if (check_change(last, step, pcm, samples_of(last), count, why))
		return -1;
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
		if (i && check_change(&tone->step[i - 1], &tone->step[i], pcm + at,
				      samples_of(&tone->step[i - 1]), samples, why))
			return -1;
		at += samples;
	}
	if (at + again > count)
		again = count - at;
	return again > 4 * EDGE_SAMPLES ? check_again(tone, pcm + at, again, why) : 0;
}
