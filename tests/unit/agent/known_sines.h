/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * known_sines: sounds of which the frequencies are known: how strong each is, by
 * linear least squares, and at which sample one such sound becomes another.
 */
#ifndef POTS_TESTS_KNOWN_SINES_H
#define POTS_TESTS_KNOWN_SINES_H

#include <stdint.h>

#define KNOWN_SINES_MAX	4
#define KNOWN_SINES_FADE 32

/**
 * struct known_sines - what a piece of sound is made of
 * @count:	sines
 * @hz:		in: their frequencies
 * @cosine:	out: amplitudes, of 32767; time 0 is the sample that pcm points to
 * @sine:	out
 * @power:	out: of all of them together
 * @rest:	out: the power of what they leave of the piece
 */
struct known_sines {
	unsigned int count;
	double hz[KNOWN_SINES_MAX];
	double cosine[KNOWN_SINES_MAX], sine[KNOWN_SINES_MAX];
	double power, rest;
};

/* The piece is @pcm[@from] to @pcm[@to - 1]; places may be negative. */
void known_sines_fit(struct known_sines *sines, const int16_t *pcm, int from, int to);

/* dBm0 of one of them. */
double known_sines_dbm0(const struct known_sines *sines, unsigned int index);

/*
 * The place within @reach samples of @pcm at which @before becomes @after: at once, or
 * by a fade that is a raised cosine out and in. KNOWN_SINES_FADE samples beyond the reach
 * are looked at, too.
 */
int known_sines_change(const struct known_sines *before, const struct known_sines *after,
		       const int16_t *pcm, int reach);

#endif /* POTS_TESTS_KNOWN_SINES_H */
