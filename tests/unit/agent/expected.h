/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * expected: what tones-expected.txt says of each tone, and whether samples are
 * that. Shares nothing with the agent's compiler or the driver's tone engine.
 */
#ifndef POTS_TESTS_EXPECTED_H
#define POTS_TESTS_EXPECTED_H

#include <stddef.h>
#include <stdint.h>

#define EXPECTED_STEPS_MAX	64
#define EXPECTED_SINES_MAX	4
#define EXPECTED_WHY_MAX	200
#define EXPECTED_RATE_HZ	8000
#define EXPECTED_DIGITS		16	/* 0 to 9, *, #, A to D */
#define EXPECTED_RINGING_MAX	16

struct expected_step {
	unsigned int ms;		/* 0 = for ever */
	unsigned int sines;		/* 0 = silence */
	double hz[EXPECTED_SINES_MAX], dbm0[EXPECTED_SINES_MAX];
	double am_hz, am_depth;		/* of the first sine; 0 = none */
};

struct expected {
	char country[8], tone[20];
	unsigned int steps, loop_start, repeat;
	struct expected_step step[EXPECTED_STEPS_MAX];
};

struct expected_ringing {
	unsigned int mhz, count;
	unsigned int ms[EXPECTED_RINGING_MAX];	/* bursts and pauses by turns */
};

/*
 * Calls @each for every tone of the file, in its order. Returns how many there
 * were, or a negative errno.
 */
int expected_read(const char *path, void (*each)(void *ctx, const struct expected *tone),
		  void *ctx);

/* What each digit of a country must be, as it is played once; 0, or a negative errno. */
int expected_digits(const char *path, const char *country,
		    struct expected digits[EXPECTED_DIGITS]);

/* How a bell of the country must ring; 0, or a negative errno. */
int expected_ringing(const char *path, const char *country, struct expected_ringing *ringing);

/* Samples that show all of it: once through, and a little of the second round. */
size_t expected_samples(const struct expected *tone);

/*
 * 0 when @pcm, from its first sound on, is the tone: each step in its place to
 * 1 ms, frequencies to 0.5 Hz, levels to 0.3 dB; else @why says what is not. Of
 * a tone that is longer than @pcm only the beginning is looked at.
 */
int expected_check(const struct expected *tone, const int16_t *pcm, size_t count,
		   char why[EXPECTED_WHY_MAX]);

#endif /* POTS_TESTS_EXPECTED_H */
