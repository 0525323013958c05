// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads multi-frequency signals from what an exchange heard: a WAV file in, digits
 * out, by spandsp. Of R1 it calls KP * and ST #.
 *
 *	judge_mf r1|r2 FILE.wav
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <spandsp.h>

#include "wav.h"

#define SAMPLES_MAX	(20 * 8000)
#define DIGITS_MAX	64

static int16_t samples[SAMPLES_MAX];
static char digits[DIGITS_MAX + 1];

static void on_r2(void *user, int code, int level, int delay)
{
	size_t length = strlen(digits);

	(void)user;
	(void)level;
	(void)delay;
	if (code && length < DIGITS_MAX)
		digits[length] = (char)code;
}

int main(int argc, char **argv)
{
	int count = argc == 3 ? (int)wav_read(argv[2], samples, SAMPLES_MAX) : 0;

	if (argc == 3 && !strcmp(argv[1], "r1")) {
		bell_mf_rx_state_t *receiver = bell_mf_rx_init(NULL, NULL, NULL);

		bell_mf_rx(receiver, samples, count);
		bell_mf_rx_get(receiver, digits, DIGITS_MAX);
		bell_mf_rx_free(receiver);
	} else if (argc == 3 && !strcmp(argv[1], "r2")) {
		r2_mf_rx_state_t *receiver = r2_mf_rx_init(NULL, true, on_r2, NULL);

		r2_mf_rx(receiver, samples, count);
		r2_mf_rx_free(receiver);
	} else {
		fprintf(stderr, "usage: judge_mf r1|r2 FILE.wav\n");
		return 2;
	}
	puts(digits);
	return 0;
}
