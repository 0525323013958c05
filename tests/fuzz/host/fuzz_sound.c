// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What userspace may ask a port to make: tone programs, caller ID, cadences of
 * ringing. Whatever the checks let through is played to its end, or for a while.
 */
#include "cadence.h"
#include "../../../driver/callerid.h"
#include "input.h"
#include "tone.h"

#include <linux/pots.h>

#define CHUNK		80
#define CHUNKS_MAX	100
#define MS		1000000ULL

static void play_tone(struct input *input)
{
	struct pots_tone_player player;
	struct pots_tone_program program;
	unsigned int chunks, count;
	uint16_t bits = take16(input);
	s16 samples[CHUNK], levels[2];
	u32 mhz[2], on_ms, off_ms;
	s32 gain = take16(input) % 5001 - 4000;	/* as struct pots_play may have it */

	memset(&program, 0, sizeof(program));
	take(input, &program, sizeof(program));
	if (pots_tone_check(&program))
		return;
	pots_tone_fits_chip(&program, mhz, levels, &on_ms, &off_ms);
	pots_tone_start(&player, &program, gain, bits & 1 ? bits : 0);
	for (chunks = 0; chunks < CHUNKS_MAX; chunks++) {
		count = 1 + (bits * chunks) % CHUNK;
		if (pots_tone_render(&player, samples, count, bits & 2) != POTS_TONE_PLAYS)
			break;
		if (chunks == bits >> 8)
			pots_tone_stop(&player);
	}
	pots_gain(samples, CHUNK / 2, gain);
}

static void tell_caller(struct input *input)
{
	struct pots_callerid player;
	s16 samples[CHUNK];
	struct pots_cid cid;
	u32 made = 0, all;

	take(input, &cid, sizeof(cid));
	if (pots_callerid_check(&cid))
		return;
	all = pots_callerid_samples(&cid);
	MUST(all <= POTS_CID_MAX_MS * 8);
	pots_callerid_start(&player, &cid, 0);
	while (pots_callerid_render(&player, samples, CHUNK)) {
		made += CHUNK;
		if (cid.ack_ms && made > all / 2)
			pots_callerid_acknowledge(&player);
		MUST(made <= all + CHUNK);
	}
}

static void ring(struct input *input)
{
	struct pots_cadence_run run;
	struct pots_cadence cadence;
	unsigned int steps;
	u64 now = MS, before;

	take(input, &cadence, sizeof(cadence));
	if (pots_cadence_check(&cadence))
		return;
	pots_cadence_start(&run, &cadence, now, take32(input));
	for (steps = 0; steps < 200; steps++) {
		before = run.next_ns;
		now = before + take16(input) * MS;
		if (!pots_cadence_step(&run, now))
			break;
		MUST(run.pair < cadence.count && run.next_ns > now);
		if (take8(input) & 1)
			pots_cadence_hold(&run, now + take16(input) * MS);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = { data, size };

	switch (take8(&input) % 3) {
	case 0:
		play_tone(&input);
		break;
	case 1:
		tell_caller(&input);
		break;
	case 2:
		ring(&input);
		break;
	}
	return 0;
}
