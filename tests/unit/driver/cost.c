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

static __attribute__((noinline)) void digits(struct pots_dtmf *dtmf)
{
	struct pots_dtmf_event event;
	unsigned int i;

	for (i = 0; i < SECOND; i += 8)
		if (pots_dtmf_take(dtmf, line + i, sent + i))
			pots_dtmf_judge(dtmf, &event);
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	struct pots_dtmf dtmf;
	unsigned int i;

	pots_dtmf_init(&dtmf, 0);

	for (i = 0; i < SECOND; i++) {
		if (strcmp(what, "digits-quiet"))
			line[i] = rand() % 8000 - 4000;
		if (!strcmp(what, "digits-both"))
			sent[i] = rand() % 8000 - 4000;
	}
	if (!strcmp(what, "tones"))
		tones(false);
	else if (!strcmp(what, "tones-mixed"))
		tones(true);
	else
		digits(&dtmf);
	return 0;
}
