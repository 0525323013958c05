// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What comes from a line, and what a user asks for, may be anything: the receivers
 * are fed with it, under the sanitizers, and keep their promises.
 */
#include "../ktap.h"
#include "callerid.h"
#include "cid_receive.h"
#include "progress.h"
#include "tone.h"

#include <stdlib.h>

#define ROUNDS		300
#define FRAMES		4000

static unsigned int seed = 1;

static unsigned int any(unsigned int below)
{
	return ((unsigned int)rand_r(&seed) >> 4) % below;
}

/* A frame of one of several kinds of sound, for some time the same one. */
static void any_frame(s16 *frame)
{
	static unsigned int kind, left, phase, step, level;
	unsigned int i;

	if (!left) {
		left = any(600) + 1;
		kind = any(6);
		step = any(1u << 27) * 16u;
		level = any(32768);
	}
	left--;
	for (i = 0; i < POTS_FRAME_SAMPLES; i++, phase += step)
		switch (kind) {
		case 0:
			frame[i] = 0;
			break;
		case 1:
			frame[i] = any(65536) - 32768;
			break;
		case 2:
			frame[i] = phase >> 31 ? -32768 : 32767;
			break;
		case 3:
			frame[i] = -32768;
			break;
		case 4:
			frame[i] = any(2 * level + 1) - level;
			break;
		default:
			frame[i] = pots_sine_sample(phase, level << 13);
		}
}

static void any_program(struct pots_tone_program *program)
{
	static const u32 freqs[] = { 425000, 440000, 350000, 480000, 620000, 950000, 200000,
				     1900000, 3999999, 1 };
	u32 i, k;

	memset(program, 0, sizeof(*program));
	program->count = any(any(4) ? 3 : POTS_TONE_STEPS_MAX) + 1;
	program->loop_start = any(program->count);
	program->repeat = any(3);
	for (i = 0; i < program->count; i++) {
		struct pots_tone_step *step = &program->step[i];

		for (k = 0; k < any(5); k++)
			step->freq_mhz[k] = any(4) ? freqs[any(6)] : freqs[any(10)];
		if (step->freq_mhz[0] && step->freq_mhz[1] && !step->freq_mhz[2] && !any(4)) {
			step->flags = POTS_STEP_F_AM;
			step->am_depth = 90;
		}
		step->samples = any(8) ? 800 * any(6) + any(100) + 1 : any(0x7fffffff) * 2u + 1;
	}
	program->step[program->count - 1].samples *= !!any(4);
}

static void test_progress(void)
{
	unsigned int round, i, taken = 0, events = 0;
	static struct pots_tone_program program;
	struct pots_progress_event event;
	s16 frame[POTS_FRAME_SAMPLES];
	struct pots_tone_player player;
	struct pots_progress p;

	for (round = 0; round < ROUNDS; round++) {
		u32 on = 0;

		if (round % 10 == 0)
			pots_progress_init(&p, any(14));
		pots_progress_reset(&p);
		for (i = 0; i < 4; i++) {
			int ret;

			any_program(&program);
			CHECK(!pots_tone_check(&program), "no program");
			ret = pots_progress_set(&p, any(12), any(20) ? &program : NULL);
			CHECK(!ret || ret == -EINVAL, "%d", ret);
			taken += !ret;
		}
		pots_tone_start(&player, &program, 0, 0);
		for (i = 0; i < FRAMES; i++) {
			if (round % 2 && i % 3000)
				pots_tone_render(&player, frame, POTS_FRAME_SAMPLES, false);
			else
				any_frame(frame);
			if (!pots_progress_run(&p, frame, &event))
				continue;
			events++;
			CHECK(event.on == !on && (event.on || event.tone == on), "%u of %u on %u",
			      event.on, event.tone, on);
			on = event.on ? event.tone : 0;
		}
	}
	NOTE("%u programs taken, %u events", taken, events);
	CHECK(taken > ROUNDS / 2 && events > 5, "%u, %u", taken, events);
}

/* What a receiver says it has got is a message by itself. */
static void check_message(u32 signal, const u8 *data, unsigned int count)
{
	unsigned int i;
	u8 sum = 0;

	CHECK(count >= 3 && count <= POTS_CID_DATA_MAX, "%u", count);
	for (i = 0; i < count; i++)
		sum += data[i];
	if (signal == POTS_CID_DTMF)
		CHECK(data[count - 1] == POTS_DIGIT_HASH || data[count - 1] == 14, "%u",
		      data[count - 1]);
	else
		CHECK(!sum && data[1] + 3u == count, "%u of %u octets", data[1], count);
}

/* Frames of a message at random, right or not, and bits of noise in it. */
static void any_cid(struct pots_cid *cid)
{
	u8 sum = 0;
	u32 i;

	memset(cid, 0, sizeof(*cid));
	cid->signal = any(3) + 1;
	cid->count = any(100) + 3;
	cid->level_cdb = -(int)any(4000);
	if (cid->signal == POTS_CID_DTMF) {
		cid->on_ms = 40 + any(30);
		cid->off_ms = 40 + any(30);
		cid->count = any(20) + 3;
		for (i = 0; i < cid->count; i++)
			cid->data[i] = any(10);
		cid->data[0] = 12;
		cid->data[cid->count - 1] = 14;
		return;
	}
	cid->seizure_bits = any(100);
	cid->mark_bits = 10 + any(30);
	cid->stop_bits = 1 + any(3);
	for (i = 0; i < cid->count; i++) {
		cid->data[i] = ' ' + any(90);
		sum += cid->data[i];
	}
	sum -= cid->data[0] + cid->data[1] + cid->data[cid->count - 1];
	cid->data[0] = 4;
	cid->data[1] = cid->count - 3;
	cid->data[cid->count - 1] = -(sum + 4 + cid->count - 3);
	if (!any(3))
		cid->data[any(cid->count)] ^= 1 << any(8);
}

static void test_caller_id(void)
{
	unsigned int round, i, k, count, messages = 0;
	struct pots_cid_receiver r;
	struct pots_callerid player;
	s16 frames[20 * POTS_FRAME_SAMPLES];
	struct pots_cid cid;
	const u8 *data;

	for (round = 0; round < ROUNDS; round++) {
		any_cid(&cid);
		if (round % 7 == 0)
			pots_cid_receive_init(&r, any(3) + 1);
		else if (any(4))
			pots_cid_receive_init(&r, cid.signal);
		pots_callerid_start(&player, &cid, 800);
		for (i = 0; i < FRAMES / 20 || player.active; i++) {
			unsigned int n = any(20) + 1;

			pots_callerid_render(&player, frames, n * POTS_FRAME_SAMPLES);
			for (k = 0; k < n && (!player.active || !any(2000)); k++)
				any_frame(frames + k * POTS_FRAME_SAMPLES);
			if (!pots_cid_receive_run(&r, frames, n))
				continue;
			messages++;
			data = pots_cid_receive_data(&r, &count);
			check_message(r.signal, data, count);
		}
	}
	NOTE("%u messages", messages);
	CHECK(messages > ROUNDS / 4, "%u", messages);
}

KTAP_MAIN(TEST(test_progress), TEST(test_caller_id))
