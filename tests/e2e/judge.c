// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Judges what an ear heard: a WAV file in, one JSON object out.
 *
 *	judge FILE.wav [--from MS] [--to MS]
 *
 * "tone" is what spandsp's supervisory tone receiver recognised by frequencies
 * and cadence, "tones" all of it in order, "dtmf" what its DTMF receiver read.
 * "bursts" are the pieces of sound between silences: where they began and how
 * long they were, to the sample, and the sines in them by least squares.
 */
#include <endian.h>
#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <spandsp.h>

#include "fit.h"

#define RATE_HZ		8000
#define SAMPLES_A_MS	8
#define BURSTS_MAX	64
#define FITTED_MAX	1	/* bursts whose sines are looked for */
#define FIT_SAMPLES	1600
#define EDGE_SAMPLES	80	/* ramps, left out of the fit */
#define GAP_SAMPLES	40	/* so much silence ends a burst */
#define QUIET		2	/* of 32767: what counts as silence */
#define HEARD_MAX	16

struct sound {
	int16_t *pcm;
	size_t n;
};

struct burst {
	size_t start;
	size_t length;
};

struct element {
	int f1, f2, min_ms, max_ms;
};

/* The tones of the North American plan, as spandsp wants them described. */
static const struct supervisory {
	const char *name;
	int count;
	struct element element[3];
} supervisory[] = {
	{ "dial",	1, { { 350, 440, 1500, 0 } } },
	{ "stutter",	2, { { 350, 440, 70, 130 }, { 0, 0, 70, 130 } } },
	{ "ringback",	2, { { 440, 480, 1800, 2200 }, { 0, 0, 3600, 4400 } } },
	{ "busy",	2, { { 480, 620, 430, 570 }, { 0, 0, 430, 570 } } },
	{ "reorder",	2, { { 480, 620, 200, 300 }, { 0, 0, 200, 300 } } },
	{ "call-waiting", 2, { { 440, 0, 250, 350 }, { 0, 0, 250, 0 } } },
	{ "sit",	3, { { 985, 0, 240, 400 }, { 1371, 0, 240, 400 }, { 1777, 0, 240, 400 } } },
};

#define TONES	(sizeof(supervisory) / sizeof(supervisory[0]))

static struct {
	int tone[HEARD_MAX];
	int count;
} heard;

static uint32_t le32(const uint8_t *p)
{
	return p[0] | p[1] << 8 | p[2] << 16 | (uint32_t)p[3] << 24;
}

/* The `data` chunk of a file of 16-bit mono samples. */
static int read_wav(const char *path, struct sound *sound)
{
	uint8_t head[12], chunk[8];
	FILE *file = fopen(path, "rb");

	if (!file)
		return -errno;
	if (fread(head, 1, sizeof(head), file) != sizeof(head) || memcmp(head, "RIFF", 4))
		return -EINVAL;
	while (fread(chunk, 1, sizeof(chunk), file) == sizeof(chunk)) {
		uint32_t size = le32(chunk + 4);

		if (memcmp(chunk, "data", 4)) {
			fseek(file, size + (size & 1), SEEK_CUR);
			continue;
		}
		sound->pcm = malloc(size);
		sound->n = sound->pcm ? fread(sound->pcm, 2, size / 2, file) : 0;
		for (size_t i = 0; i < sound->n; i++)
			sound->pcm[i] = (int16_t)le16toh((uint16_t)sound->pcm[i]);
		fclose(file);
		return 0;
	}
	fclose(file);
	return -EINVAL;
}

static void cut(struct sound *sound, long from_ms, long to_ms)
{
	size_t from = from_ms * SAMPLES_A_MS, to = to_ms * SAMPLES_A_MS;

	if (to_ms >= 0 && to < sound->n)
		sound->n = to;
	if (from > sound->n)
		from = sound->n;
	memmove(sound->pcm, sound->pcm + from, (sound->n - from) * 2);
	sound->n -= from;
}

static size_t find_bursts(const struct sound *sound, struct burst *burst)
{
	size_t count = 0, last = 0, i;
	int inside = 0;

	for (i = 0; i < sound->n; i++) {
		if (abs(sound->pcm[i]) > QUIET) {
			if (!inside && count < BURSTS_MAX)
				burst[count++].start = i;
			inside = 1;
			last = i;
		} else if (inside && i - last >= GAP_SAMPLES) {
			burst[count - 1].length = last + 1 - burst[count - 1].start;
			inside = 0;
		}
	}
	if (inside && count)
		burst[count - 1].length = last + 1 - burst[count - 1].start;
	return count;
}

static void on_tone(void *user, int code, int level, int delay)
{
	(void)user;
	(void)level;
	(void)delay;
	if (code >= 0 && heard.count < HEARD_MAX &&
	    (!heard.count || heard.tone[heard.count - 1] != code))
		heard.tone[heard.count++] = code;
}

static void recognise(const struct sound *sound)
{
	super_tone_rx_descriptor_t *plan = super_tone_rx_make_descriptor(NULL);
	super_tone_rx_state_t *receiver;
	size_t i;
	int e;

	for (i = 0; i < TONES; i++) {
		int tone = super_tone_rx_add_tone(plan);

		for (e = 0; e < supervisory[i].count; e++) {
			const struct element *part = &supervisory[i].element[e];

			super_tone_rx_add_element(plan, tone, part->f1, part->f2,
						  part->min_ms, part->max_ms);
		}
	}
	receiver = super_tone_rx_init(NULL, plan, on_tone, NULL);
	for (i = 0; i < sound->n; i += 160)
		super_tone_rx(receiver, sound->pcm + i, sound->n - i < 160 ? sound->n - i : 160);
	super_tone_rx_free(receiver);
	super_tone_rx_free_descriptor(plan);
}

static void print_tones(void)
{
	int i;

	printf("\"tone\":\"%s\",\"tones\":[",
	       heard.count ? supervisory[heard.tone[heard.count - 1]].name : "none");
	for (i = 0; i < heard.count; i++)
		printf("%s\"%s\"", i ? "," : "", supervisory[heard.tone[i]].name);
	printf("],");
}

static void print_digits(const struct sound *sound)
{
	dtmf_rx_state_t *receiver = dtmf_rx_init(NULL, NULL, NULL);
	char digits[129];

	dtmf_rx(receiver, sound->pcm, sound->n);
	digits[dtmf_rx_get(receiver, digits, sizeof(digits) - 1)] = '\0';
	printf("\"dtmf\":\"%s\",", digits);
	dtmf_rx_free(receiver);
}

/* False when it is too short. */
static int print_sines(const struct sound *sound, const struct burst *burst)
{
	struct sine sines[FIT_SINES_MAX];
	size_t start = burst->start + EDGE_SAMPLES, n;
	double noise_db;
	int count, i;

	if (burst->length < 4 * EDGE_SAMPLES)
		return 0;
	n = burst->length - 2 * EDGE_SAMPLES;
	count = fit_sines(sound->pcm + start, n < FIT_SAMPLES ? n : FIT_SAMPLES, sines, &noise_db);
	printf(",\"noise_db\":%.1f,\"sines\":[", noise_db);
	for (i = 0; i < count; i++)
		printf("%s{\"hz\":%.2f,\"dbm0\":%.2f}", i ? "," : "", sines[i].hz, sines[i].dbm0);
	printf("]");
	return 1;
}

static void print_bursts(const struct sound *sound)
{
	struct burst burst[BURSTS_MAX];
	size_t count = find_bursts(sound, burst), end = 0, i;
	int fitted = 0;

	if (count)
		end = burst[count - 1].start + burst[count - 1].length;
	printf("\"samples\":%zu,\"silence_after_ms\":%.3f,\"bursts\":[", sound->n,
	       (sound->n - end) / (double)SAMPLES_A_MS);
	for (i = 0; i < count; i++) {
		printf("%s{\"start_ms\":%.3f,\"ms\":%.3f", i ? "," : "",
		       burst[i].start / (double)SAMPLES_A_MS,
		       burst[i].length / (double)SAMPLES_A_MS);
		if (fitted < FITTED_MAX)
			fitted += print_sines(sound, &burst[i]);
		printf("}");
	}
	printf("]");
}

int main(int argc, char **argv)
{
	struct sound sound = { 0 };
	long from_ms = 0, to_ms = -1;
	int i, err;

	for (i = 2; i + 1 < argc; i += 2) {
		if (!strcmp(argv[i], "--from"))
			from_ms = atol(argv[i + 1]);
		else if (!strcmp(argv[i], "--to"))
			to_ms = atol(argv[i + 1]);
	}
	if (argc < 2) {
		fprintf(stderr, "usage: judge FILE.wav [--from MS] [--to MS]\n");
		return 2;
	}
	err = read_wav(argv[1], &sound);
	if (err) {
		fprintf(stderr, "judge: %s: %s\n", argv[1], strerror(-err));
		return 3;
	}
	cut(&sound, from_ms, to_ms);
	recognise(&sound);
	printf("{");
	print_tones();
	print_digits(&sound);
	print_bursts(&sound);
	printf("}\n");
	return 0;
}
