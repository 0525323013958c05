/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tests of chips share to look into one: its registers, and levels of
 * what is heard.
 */
#ifndef POTS_TESTS_CHIPS_SOUND_H
#define POTS_TESTS_CHIPS_SOUND_H

#include <math.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define RATE		8000
#define FULL_CDB	317
#define HEAR		1600	/* samples: any multiple of 5 Hz is whole periods */

/* A register of a port's chip by its name, or -1. */
static inline int port_reg(unsigned int port, const char *name)
{
	char path[64], text[64], found[32];
	unsigned int value;
	int result = -1;
	FILE *file;

	snprintf(path, sizeof(path), "/sys/kernel/debug/pots/pots%u/regs", port);
	file = fopen(path, "r");
	while (file && result < 0 && fgets(text, sizeof(text), file))
		if (sscanf(text, "%*s %31[^:]: %x", found, &value) == 2 &&
		    !strcmp(found, name))
			result = value;
	if (file)
		fclose(file);
	return result;
}

/* Level of one frequency, dBm0. */
static inline double level(const int16_t *samples, double hz)
{
	double re = 0, im = 0;
	int i;

	for (i = 0; i < HEAR; i++) {
		re += samples[i] * cos(2 * M_PI * hz * i / RATE);
		im += samples[i] * sin(2 * M_PI * hz * i / RATE);
	}
	return 20 * log10(hypot(re, im) * 2 / HEAR / 32767 + 1e-9) + FULL_CDB / 100.0;
}

static inline double mean(const int16_t *samples)
{
	double sum = 0;
	int i;

	for (i = 0; i < HEAR; i++)
		sum += samples[i];
	return sum / HEAR;
}

/* Reads @count samples, or what comes within a second. */
static inline bool take(int fd, int16_t *samples, int count)
{
	struct pollfd ready = { .fd = fd, .events = POLLIN };
	int have = 0;

	while (have < count && poll(&ready, 1, 1000) == 1) {
		ssize_t n = read(fd, samples + have, (count - have) * sizeof(*samples));

		if (n <= 0)
			break;
		have += n / sizeof(*samples);
	}
	return have == count;
}

static inline void sine(int16_t *samples, int count, double hz, double dbm0)
{
	double peak = 32767 * pow(10, (dbm0 - FULL_CDB / 100.0) / 20);
	int i;

	for (i = 0; i < count; i++)
		samples[i] = lround(peak * sin(2 * M_PI * hz * i / RATE));
}

#endif /* POTS_TESTS_CHIPS_SOUND_H */
