// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A second of work for test_cost to count: two tones, or digit detection on a
 * quiet line, in noise, or in noise while we send noise, in frames of 1 ms.
 */
#include "dtmf.h"
#include "tone.h"

#include <stdio.h>
#include <stdlib.h>

#define SECOND	8000

static s16 line[SECOND], sent[SECOND];

static void tones(bool mix)
{
	struct pots_tone_player player;
	unsigned int i;

	pots_tone_start(&player, pots_tone_builtin(POTS_TONE_DIAL), 0, 0);
	for (i = 0; i < SECOND; i += 8)
		pots_tone_render(&player, line + i, 8, mix);
}

static void digits(const s16 *reference)
{
	struct pots_dtmf_event events[POTS_DTMF_EVENTS_MAX];
	struct pots_dtmf dtmf;
	unsigned int i;

	pots_dtmf_init(&dtmf);
	for (i = 0; i < SECOND; i += 8)
		pots_dtmf_feed(&dtmf, line + i, reference ? reference + i : NULL, 8,
			       events);
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	unsigned int i;

	for (i = 0; i < SECOND && strcmp(what, "digits-quiet"); i++) {
		line[i] = rand() % 8000 - 4000;
		sent[i] = rand() % 8000 - 4000;
	}
	if (!strcmp(what, "tones"))
		tones(false);
	else if (!strcmp(what, "tones-mixed"))
		tones(true);
	else
		digits(strcmp(what, "digits-both") ? NULL : sent);
	return 0;
}
