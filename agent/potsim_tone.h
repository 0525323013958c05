/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Recognises the tones of the built-in plan in what an ear hears, from the
 * samples alone. It shares no code and no table with the driver.
 */
#ifndef POTSIM_TONE_H
#define POTSIM_TONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TONE_WINDOW	240	/* samples that are looked at together */

struct tone;

/**
 * struct tone_watch - waits for one tone
 * @tone:	which one
 * @window:	the last samples
 * @fill:	new samples in it since the last look
 * @seen:	samples in it at all, up to TONE_WINDOW
 * @ms:		for how long the step was seen
 * @odd:	looks in a row that saw nothing that it knows
 * @step:	step of the cadence that is expected to be there
 * @good:	steps that were right in a row
 */
struct tone_watch {
	const struct tone *tone;
	int16_t window[TONE_WINDOW];
	size_t fill;
	size_t seen;
	unsigned int ms;
	unsigned int odd;
	unsigned int step;
	unsigned int good;
};

/* Amplitude of a sine of @dbm0 in 16-bit samples. */
uint16_t tone_peak(double dbm0);
/* The names that there are, NULL after the last. */
const char *tone_name(unsigned int i);
/* False when there is no such tone. */
bool tone_watch_init(struct tone_watch *watch, const char *name);
/* True when it has been recognised with the last of these samples. */
bool tone_watch_heard(struct tone_watch *watch, const int16_t *samples, size_t n);

#endif /* POTSIM_TONE_H */
