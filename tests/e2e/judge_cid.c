// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads caller ID from what a wire carried: a WAV file in, the message of one
 * standard out, by spandsp.
 *
 *	judge_cid class|clip|jclip|dtmf FILE.wav
 *
 * A line a parameter: its type in hexadecimal, and its text, of which \01 is what
 * cannot be printed. Digits are one line.
 */
#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <spandsp.h>

#include "../cid_ear.h"
#include "wav.h"

#define SAMPLES_MAX	(20 * 8000)

static const struct {
	const char *name;
	int standard;
	unsigned int head, tail;	/* octets around the parameters */
} standards[] = {
	{ "class", ADSI_STANDARD_CLASS, 2, 0 },
	{ "clip", ADSI_STANDARD_CLIP, 2, 0 },
	{ "jclip", ADSI_STANDARD_JCLIP, 7, 2 },
	{ "dtmf", ADSI_STANDARD_CLIP_DTMF, 0, 0 },
};

static int16_t samples[SAMPLES_MAX];

static void print_text(const uint8_t *octet, unsigned int length)
{
	for (; length; length--, octet++)
		printf(isprint(*octet) ? "%c" : "\\%02x", *octet);
	putchar('\n');
}

/* MDMF only: an SDMF message has no parameters. */
static void print_parameters(const struct cid_message *message, unsigned int at,
			     unsigned int end)
{
	while (at + 2 <= end) {
		unsigned int length = message->octet[at + 1];

		if (at + 2 + length > end)
			return;
		printf("%02x ", message->octet[at]);
		print_text(message->octet + at + 2, length);
		at += 2 + length;
	}
}

int main(int argc, char **argv)
{
	struct cid_message message;
	size_t i;

	for (i = 0; argc == 3 && i < sizeof(standards) / sizeof(standards[0]); i++) {
		if (strcmp(argv[1], standards[i].name))
			continue;
		cid_spandsp(standards[i].standard, samples,
			    wav_read(argv[2], samples, SAMPLES_MAX), &message);
		if (message.count != 1) {
			printf("%u messages\n", message.count);
			return 1;
		}
		if (standards[i].standard == ADSI_STANDARD_CLIP_DTMF)
			print_text(message.octet, message.length);
		else
			print_parameters(&message, standards[i].head,
					 message.length - standards[i].tail);
		return 0;
	}
	fprintf(stderr, "usage: judge_cid class|clip|jclip|dtmf FILE.wav\n");
	return 2;
}
