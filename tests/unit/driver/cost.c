// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A second of work for test_cost to count, in frames of 1 ms: two tones; digit
 * detection on a quiet line, in noise, or in noise while we send noise; the
 * built-in plan's tones looked for on a quiet line, or in noise;
 * caller ID by FSK in noise.
 */
#include "cid_receive.h"
#include "dtmf.h"
#include "progress.h"
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

static __attribute__((noinline)) void progress(struct pots_progress *p)
{
	struct pots_progress_event event;
	unsigned int i;

	for (i = 0; i < SECOND; i += 8)
		pots_progress_run(p, line + i, &event);
}

static void whole_plan(void)
{
	static const u32 tones[] = {
		POTS_TONE_DIAL, POTS_TONE_RINGBACK, POTS_TONE_BUSY, POTS_TONE_REORDER,
		POTS_TONE_UNOBTAINABLE, POTS_TONE_SIT,
	};
	struct pots_progress p;
	unsigned int i;

	pots_progress_init(&p, 3);
	for (i = 0; i < ARRAY_SIZE(tones); i++)
		pots_progress_set(&p, tones[i], pots_tone_builtin(tones[i]));
	progress(&p);
}

static __attribute__((noinline)) void caller_id(void)
{
	struct pots_cid_receiver r;

	pots_cid_receive_init(&r, POTS_CID_BELL202);
	pots_cid_receive_run(&r, line, SECOND / 8);
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	struct pots_dtmf dtmf;
	unsigned int i;

	pots_dtmf_init(&dtmf, 0);

	for (i = 0; i < SECOND; i++) {
		if (!strstr(what, "-quiet"))
			line[i] = rand() % 8000 - 4000;
		if (!strcmp(what, "digits-both"))
			sent[i] = rand() % 8000 - 4000;
	}
	if (!strcmp(what, "tones"))
		tones(false);
	else if (!strcmp(what, "tones-mixed"))
		tones(true);
	else if (!strcmp(what, "caller-id"))
		caller_id();
	else if (!strncmp(what, "progress", 8))
		whole_plan();
	else
		digits(&dtmf);
	return 0;
}
