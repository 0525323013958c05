// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The DTMF detector on any samples: digits by the built-in generator with what
 * the input spoils in them, or noise of the input's own. Digits begin and end by
 * turns, and not in the future.
 *
 * An input is steps of four bytes: what, length in frames, gain, and a sample.
 */
#include "dtmf.h"
#include "input.h"
#include "tone.h"

#include <linux/pots.h>

#define FRAMES_MAX	500	/* 0.5 s for an input, and its end */

struct detector {
	struct pots_dtmf dtmf;
	bool on;
	u8 digit;
	u32 now;
};

static void judge(struct detector *detector)
{
	struct pots_dtmf_event event;

	if (!pots_dtmf_judge(&detector->dtmf, &event))
		return;
	MUST(event.digit < POTS_DIGIT_COUNT && event.ago <= detector->now);
	MUST(event.start != detector->on);
	if (!event.start)
		MUST(event.digit == detector->digit && event.samples <= detector->now);
	detector->on = event.start;
	detector->digit = event.digit;
}

static void hear(struct detector *detector, const s16 *frame, const s16 *sent)
{
	detector->now += POTS_DTMF_FRAME;
	if (pots_dtmf_take(&detector->dtmf, frame, sent))
		judge(detector);
}

static void step(struct detector *detector, struct input *input)
{
	static const s16 silence[POTS_DTMF_FRAME];
	struct pots_tone_player player;
	uint8_t what = take8(input), frames = take8(input);
	s8 gain = (s8)take8(input), wave = (s8)take8(input);
	s16 frame[POTS_DTMF_FRAME];
	unsigned int i;

	pots_tone_start(&player, pots_tone_builtin(POTS_TONE_DTMF + (what & 15)),
			gain * 20, 0);
	while (frames-- && detector->now < FRAMES_MAX * POTS_DTMF_FRAME) {
		if (what & 0x80)
			for (i = 0; i < POTS_DTMF_FRAME; i++)
				frame[i] = (s16)((s8)take8(input) * 256);
		else if (what & 0x40)
			memcpy(frame, silence, sizeof(frame));
		else
			pots_tone_render(&player, frame, POTS_DTMF_FRAME, false);
		frame[what & 7] = (s16)(frame[what & 7] / 2 + wave * 128);
		hear(detector, frame, what & 0x20 ? frame : silence);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = { data, size };
	struct detector detector = { .on = false };
	s16 silence[POTS_DTMF_FRAME] = { 0 };
	unsigned int i;

	pots_dtmf_init(&detector.dtmf, take8(&input) % (POTS_DTMF_ECHO_MAX + 1));
	while (input.left)
		step(&detector, &input);
	for (i = 0; i < 20 * POTS_DTMF_BLOCK_FRAMES; i++)
		hear(&detector, silence, silence);
	MUST(!detector.on);
	return 0;
}
