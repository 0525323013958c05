// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel's receiver of caller ID on any samples: frames by the modem and
 * digits by the tone player, with what the input spoils in them, and samples of
 * the input's own. What it tells of is a message by its own length and checksum.
 *
 * An input is the signal, then steps: what, and how much of it.
 */
#include "cid_receive.h"
#include "fsk.h"
#include "input.h"
#include "tone.h"

#include <linux/pots.h>

/* For an input. A second of silence ends a message of digits. */
#define FSK_FRAMES_MAX		500
#define DTMF_FRAMES_MAX		1500

struct listener {
	struct pots_cid_receiver receiver;
	unsigned int frames, frames_max;
	u32 signal;
};

static void check_message(struct listener *listener)
{
	unsigned int count, i, sum = 0;
	const u8 *data = pots_cid_receive_data(&listener->receiver, &count);

	MUST(count && count <= POTS_CID_DATA_MAX);
	if (listener->signal == POTS_CID_DTMF) {
		for (i = 0; i < count; i++)
			MUST(data[i] < POTS_DIGIT_COUNT && data[i] != POTS_DIGIT_STAR);
		return;
	}
	MUST(count == data[1] + 3u);
	for (i = 0; i < count; i++)
		sum += data[i];
	MUST(!(sum & 0xff));
}

/* True while there is time left. */
static bool hear(struct listener *listener, const s16 *samples)
{
	if (listener->frames++ == listener->frames_max)
		return false;
	if (pots_cid_receive_run(&listener->receiver, samples, 1))
		check_message(listener);
	return true;
}

/* Octets of the input; with @right as a message, with length and checksum. */
static void hear_octets(struct listener *listener, struct input *input, uint8_t right)
{
	struct pots_fsk_frame frame = {
		.mark_hz = listener->signal == POTS_CID_V23 ? 1300 : 1200,
		.space_hz = listener->signal == POTS_CID_V23 ? 2100 : 2200,
		.level_cdb = (s16)(-take8(input) * 20), .mark_bits = take8(input),
		.stop_bits = (u16)(1 + right % 3), .octets = take8(input),
	};
	unsigned int sent, spoil = take8(input), i, sum = 0;
	s16 samples[POTS_FRAME_SAMPLES];
	struct pots_fsk fsk;
	u8 octets[256 + 3];

	take(input, octets + 2, frame.octets);
	octets[0] = take8(input);
	octets[1] = (u8)frame.octets;
	for (i = 0; i < frame.octets + 2u; i++)
		sum += octets[i];
	octets[frame.octets + 2] = (u8)-sum;
	frame.octet = right & 1 ? octets : octets + 2;
	frame.octets += right & 1 ? 3 : 0;
	sent = pots_fsk_samples(&frame) / POTS_FRAME_SAMPLES + 1;
	pots_fsk_start(&fsk, &frame);
	for (i = 0; i < sent; i++) {
		pots_fsk_render(&fsk, samples, POTS_FRAME_SAMPLES);
		if (spoil && i % 256 == spoil)
			samples[right & 7] = (s16)(samples[right & 7] ^ spoil << 8);
		if (!hear(listener, samples))
			return;
	}
}

static void hear_digit(struct listener *listener, uint8_t digit, uint8_t frames)
{
	struct pots_tone_player player;
	s16 samples[POTS_FRAME_SAMPLES];

	pots_tone_start(&player, pots_tone_builtin(POTS_TONE_DTMF + digit % POTS_DIGIT_COUNT),
			0, 0);
	while (frames--) {
		pots_tone_render(&player, samples, POTS_FRAME_SAMPLES, false);
		if (!hear(listener, samples))
			return;
	}
}

static void hear_samples(struct listener *listener, struct input *input, uint8_t frames)
{
	s16 samples[POTS_FRAME_SAMPLES];

	do
		take(input, samples, sizeof(samples));
	while (hear(listener, samples) && input->left && frames--);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const s16 silence[POTS_FRAME_SAMPLES];
	struct input input = { data, size };
	struct listener listener = { .signal = POTS_CID_BELL202 + take8(&input) % 3 };
	uint8_t what, frames;

	listener.frames_max = listener.signal == POTS_CID_DTMF ? DTMF_FRAMES_MAX :
								 FSK_FRAMES_MAX;
	pots_cid_receive_init(&listener.receiver, listener.signal);
	while (input.left && listener.frames < listener.frames_max) {
		what = take8(&input);
		switch (what & 3) {
		case 0:
			hear_octets(&listener, &input, what >> 2);
			break;
		case 1:
			hear_digit(&listener, what >> 2, take8(&input));
			break;
		case 2:
			hear_samples(&listener, &input, what >> 2);
			break;
		default:
			frames = take8(&input);
			while (frames-- && hear(&listener, silence))
				;
		}
	}
	return 0;
}
