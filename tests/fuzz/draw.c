// SPDX-License-Identifier: GPL-2.0-or-later
/* Arguments of ioctls, drawn: near what is valid, and from there astray. */
#include "fuzz.h"

#include <linux/pots.h>
#include <string.h>

void draw_seed(struct draw *draw, uint64_t seed)
{
	draw->state = seed;
}

/* splitmix64 */
uint64_t draw_bits(struct draw *draw)
{
	uint64_t z = draw->state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

uint32_t draw_below(struct draw *draw, uint32_t limit)
{
	return limit ? (draw_bits(draw) >> 32) * limit >> 32 : 0;
}

bool draw_chance(struct draw *draw, uint32_t of, uint32_t outof)
{
	return draw_below(draw, outof) < of;
}

static uint32_t between(struct draw *draw, uint32_t low, uint32_t high)
{
	return low + draw_below(draw, high - low + 1);
}

#define KIND(command, weight)	{ command, #command, weight }

const struct fuzz_kind fuzz_kinds[] = {
	KIND(POTS_GET_INFO, 1), KIND(POTS_GET_STATE, 1), KIND(POTS_FEED_WATCHDOG, 1),
	KIND(POTS_PLAY_TONE, 3), KIND(POTS_STOP_TONE, 1), KIND(POTS_SET_TONE, 1),
	KIND(POTS_RING, 2), KIND(POTS_STOP_RING, 1), KIND(POTS_HANGUP, 1),
	KIND(POTS_SET_LINEFEED, 1), KIND(POTS_GET_SETTINGS, 1), KIND(POTS_SET_SETTINGS, 1),
	KIND(POTS_AUDIO_START, 2), KIND(POTS_AUDIO_STOP, 1), KIND(POTS_GET_QUEUE, 1),
	KIND(POTS_RING_CID, 2), KIND(POTS_SEND_CID, 1), KIND(POTS_METER, 1),
	KIND(POTS_STOP_METER, 1), KIND(POTS_SET_LAMP, 2), KIND(POTS_SEIZE, 3),
	KIND(POTS_FLASH, 1), KIND(POTS_DIAL, 2), KIND(POTS_STOP_DIAL, 1),
	KIND(POTS_GET_EXCHANGE, 1), KIND(POTS_SET_EXCHANGE, 1), KIND(POTS_READ_CID, 1),
	{ 0 },
};

const struct fuzz_kind *fuzz_kind(struct draw *draw)
{
	const struct fuzz_kind *kind;
	uint32_t weights = 0, at;

	for (kind = fuzz_kinds; kind->name; kind++)
		weights += kind->weight;
	at = draw_below(draw, weights);
	for (kind = fuzz_kinds; at >= kind->weight; kind++)
		at -= kind->weight;
	return kind;
}

static uint32_t draw_tone(struct draw *draw)
{
	return draw_chance(draw, 1, 2) ? between(draw, 1, 14) : between(draw, 32, 63);
}

static void fill_step(struct draw *draw, struct pots_tone_step *step)
{
	uint32_t tones = draw_below(draw, POTS_TONE_FREQS_MAX + 1);

	for (uint32_t i = 0; i < tones; i++) {
		step->freq_mhz[i] = between(draw, 1, POTS_TONE_FREQ_MAX_MHZ - 1);
		step->level_cdb[i] = (int)between(draw, 0, 7317) - 7000;
	}
	step->samples = between(draw, 1, 4000);
	if (tones == 2 && draw_chance(draw, 1, 2)) {
		step->flags = POTS_STEP_F_AM;
		step->am_depth = between(draw, 1, 100);
	}
}

static void fill_set_tone(struct draw *draw, struct pots_set_tone *set)
{
	struct pots_tone_program *program = &set->program;

	set->tone = draw_tone(draw);
	if (draw_chance(draw, 1, 3)) {
		set->flags = POTS_SET_TONE_F_DEFAULT;
		return;
	}
	program->count = between(draw, 1, POTS_TONE_STEPS_MAX);
	program->loop_start = draw_below(draw, program->count);
	program->repeat = draw_below(draw, 3);
	for (uint32_t i = 0; i < program->count; i++)
		fill_step(draw, &program->step[i]);
	if (draw_chance(draw, 1, 3))
		program->step[program->count - 1].samples = 0;
}

static void fill_play(struct draw *draw, struct pots_play *play)
{
	play->tone = draw_tone(draw);
	play->flags = draw_below(draw, 2);
	play->max_ms = draw_below(draw, 300);
	play->gain_cdb = (int)draw_below(draw, 5001) - 4000;
}

static void fill_ring(struct draw *draw, struct pots_ring *ring)
{
	ring->flags = draw_below(draw, 2);
	ring->max_ms = draw_below(draw, 1000);
	ring->count = draw_below(draw, POTS_RING_PAIRS_MAX + 1);
	if (ring->count)
		ring->loop_start = draw_below(draw, ring->count);
	for (uint32_t i = 0; i < ring->count; i++) {
		ring->on_ms[i] = between(draw, 1, 200);
		ring->off_ms[i] = between(draw, 1, 200);
	}
	if (draw_chance(draw, 1, 2))
		ring->freq_mhz = between(draw, 10000, 70000);
}

static void fill_settings(struct draw *draw, struct pots_settings *settings)
{
	*settings = (struct pots_settings){
		.flags = draw_below(draw, 8),
		.impedance = draw_below(draw, POTS_IMPEDANCE_NZ2 + 1),
		.seize_ms = between(draw, 1, 100),
		.release_ms = between(draw, 600, 800),
		.flash_min_ms = between(draw, 100, 200),
		.flash_max_ms = between(draw, 300, 599),
		.pulse_break_min_ms = between(draw, 5, 20),
		.pulse_break_max_ms = between(draw, 60, 99),
		.pulse_make_min_ms = between(draw, 5, 20),
		.pulse_make_max_ms = between(draw, 60, 300),
		.open_ms = draw_below(draw, 100),
		.ring_pairs = 1,
		.ring_on_ms = { between(draw, 1, 200) },
		.ring_off_ms = { between(draw, 1, 200) },
		.ring_mhz = between(draw, 16000, 60000),
		.to_line_cdb = (int)draw_below(draw, 5001) - 4000,
		.from_line_cdb = (int)draw_below(draw, 5001) - 4000,
	};
}

static void fill_audio(struct draw *draw, struct pots_audio *audio)
{
	audio->read_frames = between(draw, 1, 100);
	audio->write_low_frames = draw_below(draw, 101);
	audio->queue_frames = between(draw, audio->write_low_frames + 1,
				      POTS_AUDIO_QUEUE_MAX);
}

/* After that many bursts of ringing; 0: by an alert of its own. */
static void fill_cid(struct draw *draw, struct pots_cid *cid, uint32_t bursts)
{
	bool fsk = draw_chance(draw, 2, 3);

	*cid = (struct pots_cid){
		.signal = fsk ? between(draw, POTS_CID_BELL202, POTS_CID_V23) : POTS_CID_DTMF,
		.count = between(draw, 1, 20),
		.level_cdb = -1000,
		.bursts = bursts,
		.before_data_ms = draw_below(draw, 100),
		.after_data_ms = draw_below(draw, 100),
		.mark_bits = fsk ? draw_below(draw, 80) : 0,
		.stop_bits = fsk,
		.on_ms = fsk ? 0 : 40,
		.off_ms = fsk ? 0 : 40,
	};
	for (uint32_t i = 0; i < cid->count; i++)
		cid->data[i] = draw_below(draw, POTS_DIGIT_COUNT);
	if (cid->bursts)
		return;
	cid->flags = draw_below(draw, 4);
	cid->alert_ms = between(draw, 1, 200);
	cid->before_alert_ms = draw_below(draw, 100);
}

static void fill_dial(struct draw *draw, struct pots_dial *dial)
{
	bool pulse = draw_chance(draw, 1, 2);

	*dial = (struct pots_dial){
		.flags = pulse ? POTS_DIAL_F_PULSE : 0,
		.count = between(draw, 1, 5),
		.pause_ms = draw_below(draw, 100),
		.wait_ms = draw_below(draw, 100),
	};
	for (uint32_t i = 0; i < dial->count; i++)
		dial->digit[i] = draw_chance(draw, 1, 8) ? POTS_DIAL_PAUSE :
				 draw_below(draw, pulse ? 10 : POTS_DIGIT_COUNT);
	if (draw_chance(draw, 1, 4)) {
		dial->flags |= POTS_DIAL_F_WAIT_TONE |
			       (draw_chance(draw, 1, 2) ? POTS_DIAL_F_BLIND : 0);
		dial->wait_ms = between(draw, 100, 400);
	}
	if (pulse) {
		dial->break_ms = between(draw, 10, 70);
		dial->make_ms = between(draw, 10, 50);
		dial->interdigit_ms = between(draw, 100, 200);
		dial->pulse_map = draw_below(draw, 3);
	} else {
		dial->on_ms = between(draw, 40, 70);
		dial->off_ms = between(draw, 40, 70);
		dial->level_cdb = (int)draw_below(draw, 4001) - 4000;
		dial->twist_cdb = (int)draw_below(draw, 1201) - 600;
	}
}

static void fill_exchange(struct draw *draw, struct pots_exchange *exchange)
{
	static const uint32_t loops[] = { 10000, 12000, 14000, 16000 };
	static const uint32_t speeds[] = { 500, 3000, 26000 };
	static const uint32_t thresholds[] = { 15000, 21500, 45000 };
	static const uint16_t voltages[] = { 3100, 3200, 3350, 3500 };

	*exchange = (struct pots_exchange){
		.flags = draw_below(draw, 64),
		.impedance = draw_below(draw, POTS_IMPEDANCE_GLOBAL + 1),
		.loop_min_ua = loops[draw_below(draw, 4)],
		.on_hook_us = speeds[draw_below(draw, 3)],
		.ring_threshold_mv = thresholds[draw_below(draw, 3)],
		.ring_min_mhz = between(draw, 10000, 20000),
		.ring_max_mhz = between(draw, 20000, 100000),
		.cid_signal = draw_below(draw, POTS_CID_DTMF + 1),
		.ring_timeout_ms = between(draw, 1000, 3000),
		.battery_mv = between(draw, 1000, 10000),
		.in_use_mv = draw_chance(draw, 1, 3) ? 0 : between(draw, 10001, 30000),
		.dc_mv = voltages[draw_below(draw, 4)],
		.battery_ms = between(draw, 10, 200),
		.polarity_ms = between(draw, 10, 200),
		.flash_ms = between(draw, 20, 200),
		.progress_periods = between(draw, 1, 10),
	};
}

/* Those of a port that faces an exchange. */
static void fill_facing(struct draw *draw, unsigned long command, void *argument)
{
	switch (command) {
	case POTS_SEIZE:
		((struct pots_seize *)argument)->flags = draw_below(draw, 2);
		break;
	case POTS_FLASH:
		((struct pots_flash *)argument)->ms = draw_chance(draw, 1, 3) ? 0 :
						      between(draw, 20, 200);
		break;
	case POTS_DIAL:
		fill_dial(draw, argument);
		break;
	case POTS_SET_EXCHANGE:
		fill_exchange(draw, argument);
		break;
	}
}

void fuzz_fill(struct draw *draw, unsigned long command, void *argument)
{
	fill_facing(draw, command, argument);
	switch (command) {
	case POTS_CLAIM:
		if (draw_chance(draw, 1, 2))
			((struct pots_claim *)argument)->watchdog_ms =
				between(draw, 100, 400);
		break;
	case POTS_SET_TONE:
		fill_set_tone(draw, argument);
		break;
	case POTS_PLAY_TONE:
		fill_play(draw, argument);
		break;
	case POTS_STOP_TONE:
	case POTS_STOP_RING:
	case POTS_STOP_DIAL:
	case POTS_STOP_METER:
		if (draw_chance(draw, 1, 2))
			((struct pots_stop *)argument)->cookie = draw_below(draw, 1000);
		break;
	case POTS_RING:
		fill_ring(draw, argument);
		break;
	case POTS_RING_CID:
		fill_ring(draw, &((struct pots_ring_cid *)argument)->ring);
		fill_cid(draw, &((struct pots_ring_cid *)argument)->cid, draw_below(draw, 3));
		break;
	case POTS_SEND_CID:
		fill_cid(draw, argument, draw_chance(draw, 1, 8));
		break;
	case POTS_METER:
		*(struct pots_meter *)argument = (struct pots_meter){
			.signal = between(draw, POTS_METER_12KHZ, POTS_METER_REVERSAL),
			.count = between(draw, 1, 5),
			.on_ms = between(draw, 20, 60),
			.off_ms = between(draw, 20, 60),
		};
		break;
	case POTS_SET_LAMP:
		*(struct pots_lamp *)argument = (struct pots_lamp){
			.on_ms = between(draw, 20, 60),
			.off_ms = between(draw, 20, 60),
		};
		break;
	case POTS_HANGUP:
		*(struct pots_hangup *)argument = (struct pots_hangup){
			.flags = POTS_HANGUP_F_OPEN_MS,
			.open_ms = draw_below(draw, 60),
		};
		break;
	case POTS_SET_LINEFEED:
		((struct pots_linefeed *)argument)->feed = draw_below(draw, 5);
		break;
	case POTS_SET_SETTINGS:
		fill_settings(draw, argument);
		break;
	case POTS_AUDIO_START:
		fill_audio(draw, argument);
		break;
	}
}

void fuzz_spoil(struct draw *draw, void *argument, size_t size)
{
	static const uint32_t values[] = {
		0, 1, 2, 3, 7, 64, 65, 0x7fff, 0x8000, 0xffff, 0x7fffffff,
		0x80000000, 0xfffffffe, 0xffffffff,
	};
	uint32_t fields = between(draw, 1, 3);

	if (size < sizeof(uint32_t))
		return;
	while (fields--) {
		uint32_t value = draw_chance(draw, 1, 2) ? draw_bits(draw) :
			values[draw_below(draw, sizeof(values) / sizeof(values[0]))];
		size_t width = draw_chance(draw, 1, 2) ? sizeof(uint32_t) : sizeof(uint16_t);
		size_t at = draw_below(draw, size / width) * width;

		memcpy((char *)argument + at, &value, width);
	}
}
