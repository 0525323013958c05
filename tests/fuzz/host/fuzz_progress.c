// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What an exchange's tones are made into, and what is recognised by it: plans of
 * any tones that the kernel takes, then any of them, changed plans and samples of
 * the input's own. A tone begins and ends by turns.
 *
 * An input is the periods, then steps.
 */
#include "input.h"
#include "progress.h"
#include "tone.h"

#include <linux/pots.h>

#define FRAMES_MAX	2500	/* 2.5 s for an input */

static const u32 tones[] = {
	POTS_TONE_DIAL, POTS_TONE_RINGBACK, POTS_TONE_BUSY, POTS_TONE_REORDER,
	POTS_TONE_UNOBTAINABLE, POTS_TONE_SIT,
};

struct detector {
	struct pots_progress progress;
	u32 active;
	unsigned int frames;
};

static bool hear(struct detector *detector, const s16 *samples)
{
	struct pots_progress_event event;

	if (detector->frames++ == FRAMES_MAX)
		return false;
	if (!pots_progress_run(&detector->progress, samples, &event))
		return true;
	MUST(event.on ? !detector->active && event.tone : event.tone == detector->active);
	detector->active = event.on ? event.tone : 0;
	return true;
}

/* Near what countries have: a sine or two, in steps of 50 ms. */
static void draw_program(struct input *input, struct pots_tone_program *program)
{
	memset(program, 0, sizeof(*program));
	program->count = 1 + take8(input) % 8;
	program->loop_start = take8(input) % program->count;
	program->repeat = take8(input) % 4;
	for (u32 i = 0; i < program->count; i++) {
		struct pots_tone_step *step = &program->step[i];
		uint8_t what = take8(input);

		for (int k = 0; k < (what & 3); k++) {
			step->freq_mhz[k] = 150000 + take8(input) * 8000u;
			step->level_cdb[k] = -take8(input) * 20;
		}
		step->samples = (what >> 2) * 400u;
		if (what == 0xff) {
			step->flags = POTS_STEP_F_AM;
			step->am_depth = 50;
		}
	}
}

static void set(struct detector *detector, uint8_t which, const struct pots_tone_program *program)
{
	u32 tone = tones[which % (sizeof(tones) / sizeof(tones[0]))];

	pots_progress_set(&detector->progress, tone, program);
	detector->active = 0;
}

static void play(struct detector *detector, const struct pots_tone_program *program,
		 unsigned int frames)
{
	struct pots_tone_player player;
	s16 samples[POTS_FRAME_SAMPLES];

	pots_tone_start(&player, program, 0, 0);
	do
		pots_tone_render(&player, samples, POTS_FRAME_SAMPLES, false);
	while (frames-- && hear(detector, samples));
}

static void hear_samples(struct detector *detector, struct input *input)
{
	s16 samples[POTS_FRAME_SAMPLES];

	do
		take(input, samples, sizeof(samples));
	while (hear(detector, samples) && input->left);
}

static void step(struct detector *detector, struct input *input)
{
	struct pots_tone_program program;
	uint8_t what = take8(input);

	switch (what & 7) {
	case 0:
		set(detector, what >> 3, NULL);
		break;
	case 1:
		pots_progress_reset(&detector->progress);
		detector->active = 0;
		break;
	case 2:
		hear_samples(detector, input);
		break;
	case 3:
		set(detector, what >> 3, pots_tone_builtin(tones[(what >> 3) % 6]));
		break;
	case 4:
		play(detector, pots_tone_builtin(tones[(what >> 3) % 6]), take8(input) * 20u);
		break;
	default:
		draw_program(input, &program);
		if (pots_tone_check(&program))
			return;
		set(detector, what >> 3, &program);
		play(detector, &program, take8(input) * 20u);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = { data, size };
	struct detector detector = { .active = 0 };

	pots_progress_init(&detector.progress, take8(&input));
	while (input.left && detector.frames < FRAMES_MAX)
		step(&detector, &input);
	return 0;
}
