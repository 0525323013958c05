/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * recognise: which tone of a country is it? Asked of spandsp's supervisory tone
 * receiver, with a plan made of tones-expected.txt.
 */
#ifndef POTS_TESTS_RECOGNISE_H
#define POTS_TESTS_RECOGNISE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct expected;
struct recogniser;

/* For the tones of one country, which stay with the caller. */
struct recogniser *recogniser_new(const struct expected *tones, unsigned int count);
void recogniser_free(struct recogniser *recogniser);

/*
 * How much of the tone it must hear; 0 = it cannot tell it: a step is shorter
 * than its blocks, sines lie closer than its filters, or there are too many.
 */
size_t recogniser_samples(const struct recogniser *recogniser, unsigned int tone);

/* True when it is this one, or one of the same sound. @names: all that it took it for. */
bool recogniser_hears(struct recogniser *recogniser, unsigned int tone, const int16_t *pcm,
		      size_t count, char names[200]);

#endif /* POTS_TESTS_RECOGNISE_H */
