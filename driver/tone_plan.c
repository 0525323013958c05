// SPDX-License-Identifier: GPL-2.0-only
/*
 * The built-in plan: North American precise tones, so that a line has tones
 * before anyone configured anything. Levels as at a local exchange.
 *
 * A program for userspace has room for 64 steps; here each has what it needs, as
 * those that were loaded have.
 */
#include "tone.h"

#define PROGRAM(steps) \
	struct { \
		u32 count, loop_start, repeat, reserved; \
		struct pots_tone_step step[steps]; \
	}

#define MS(ms)		((ms) * 8)
#define FOR_EVER	0

#define ONE(freq, level, length) \
	{ .freq_mhz = { freq }, .level_cdb = { level }, .samples = length }
#define TWO(freq_a, level_a, freq_b, level_b, length) \
	{ .freq_mhz = { freq_a, freq_b }, .level_cdb = { level_a, level_b }, \
	  .samples = length }
#define SILENCE(length)	{ .samples = length }

#define DIAL(length)	TWO(350000, -1300, 440000, -1300, length)
#define RINGBACK(length) TWO(440000, -1900, 480000, -1900, length)
#define BUSY(length)	TWO(480000, -2400, 620000, -2400, length)

/* Receiver off-hook: four sines of -9 dBm0 just cannot clip. */
#define HOWLER(length) \
	{ .freq_mhz = { 1400000, 2060000, 2450000, 2600000 }, \
	  .level_cdb = { -900, -900, -900, -900 }, .samples = length }

/* What it tells lies in the first two of its three tones. */
#define SIT(first, first_ms, second, second_ms) { \
	.count = 3, .repeat = 1, \
	.step = { \
		ONE(first, -1300, MS(first_ms)), \
		ONE(second, -1300, MS(second_ms)), \
		ONE(1776700, -1300, MS(380)), \
	}, \
}

#define WAITING(length)	ONE(440000, -1300, MS(length))

/* The column's frequency 2 dB above the row's. */
#define DTMF(row, column) { \
	.count = 1, .repeat = 1, \
	.step = { TWO((row) * 1000, -900, (column) * 1000, -700, MS(100)) }, \
}

static const struct plan {
	PROGRAM(1) dial;
	PROGRAM(21) stutter;
	PROGRAM(7) recall;
	PROGRAM(2) ringback;
	PROGRAM(2) busy;
	PROGRAM(2) reorder;
	PROGRAM(3) unobtainable;
	PROGRAM(2) call_waiting;
	PROGRAM(2) howler;
	PROGRAM(3) sit;
	PROGRAM(5) confirmation;
	PROGRAM(4) hold;
	PROGRAM(2) warning;
	PROGRAM(3) ringback_special;
	PROGRAM(4) call_waiting_2;
	PROGRAM(6) call_waiting_3;
	PROGRAM(6) call_waiting_4;
	PROGRAM(3) sit_intercept;
	PROGRAM(3) sit_reorder;
	PROGRAM(3) sit_no_circuit;
	PROGRAM(1) dtmf[POTS_DIGIT_COUNT];
} plan = {
	.dial = {
		.count = 1,
		.step = { DIAL(FOR_EVER) },
	},
	.stutter = {
		.count = 21, .loop_start = 20,
		.step = {
			DIAL(MS(100)), SILENCE(MS(100)),
			DIAL(MS(100)), SILENCE(MS(100)),
			DIAL(MS(100)), SILENCE(MS(100)),
			DIAL(MS(100)), SILENCE(MS(100)),
			DIAL(MS(100)), SILENCE(MS(100)),
			DIAL(MS(100)), SILENCE(MS(100)),
			DIAL(MS(100)), SILENCE(MS(100)),
			DIAL(MS(100)), SILENCE(MS(100)),
			DIAL(MS(100)), SILENCE(MS(100)),
			DIAL(MS(100)), SILENCE(MS(100)),
			DIAL(FOR_EVER),
		},
	},
	.recall = {
		.count = 7, .loop_start = 6,
		.step = {
			DIAL(MS(100)), SILENCE(MS(100)),
			DIAL(MS(100)), SILENCE(MS(100)),
			DIAL(MS(100)), SILENCE(MS(100)),
			DIAL(FOR_EVER),
		},
	},
	.ringback = {
		.count = 2,
		.step = { RINGBACK(MS(2000)), SILENCE(MS(4000)) },
	},
	.busy = {
		.count = 2,
		.step = { BUSY(MS(500)), SILENCE(MS(500)) },
	},
	.reorder = {
		.count = 2,
		.step = { BUSY(MS(250)), SILENCE(MS(250)) },
	},
	/* vacant code, without its announcement */
	.unobtainable = SIT(985200, 380, 1370600, 274),
	.call_waiting = {
		.count = 2,
		.step = { WAITING(300), SILENCE(MS(9700)) },
	},
	.call_waiting_2 = {
		.count = 4,
		.step = {
			WAITING(100), SILENCE(MS(100)),
			WAITING(100), SILENCE(MS(9700)),
		},
	},
	.call_waiting_3 = {
		.count = 6,
		.step = {
			WAITING(100), SILENCE(MS(100)),
			WAITING(100), SILENCE(MS(100)),
			WAITING(100), SILENCE(MS(9500)),
		},
	},
	.call_waiting_4 = {
		.count = 6,
		.step = {
			WAITING(100), SILENCE(MS(100)),
			WAITING(300), SILENCE(MS(100)),
			WAITING(100), SILENCE(MS(9300)),
		},
	},
	.howler = {
		.count = 2,
		.step = { HOWLER(MS(100)), SILENCE(MS(100)) },
	},
	/* reorder, distant */
	.sit = SIT(985200, 274, 1370600, 380),
	.sit_intercept = SIT(913800, 274, 1370600, 274),
	.sit_reorder = SIT(913800, 274, 1428500, 380),
	.sit_no_circuit = SIT(985200, 380, 1428500, 380),
	.confirmation = {
		.count = 5, .repeat = 1,
		.step = {
			DIAL(MS(100)), SILENCE(MS(100)),
			DIAL(MS(100)), SILENCE(MS(100)),
			DIAL(MS(100)),
		},
	},
	.hold = {
		.count = 4,
		.step = {
			ONE(600000, -1900, MS(100)), SILENCE(MS(100)),
			ONE(600000, -1900, MS(100)), SILENCE(MS(9500)),
		},
	},
	.warning = {
		.count = 2,
		.step = { ONE(1400000, -1300, MS(500)), SILENCE(MS(15000)) },
	},
	/* ringback, and a call-waiting burst at its end */
	.ringback_special = {
		.count = 3,
		.step = {
			RINGBACK(MS(1700)), WAITING(300),
			SILENCE(MS(4000)),
		},
	},
	.dtmf = {
		DTMF(941, 1336), DTMF(697, 1209), DTMF(697, 1336), DTMF(697, 1477),
		DTMF(770, 1209), DTMF(770, 1336), DTMF(770, 1477), DTMF(852, 1209),
		DTMF(852, 1336), DTMF(852, 1477), DTMF(941, 1209), DTMF(941, 1477),
		DTMF(697, 1633), DTMF(770, 1633), DTMF(852, 1633), DTMF(941, 1633),
	},
};

#define AT(member)	(offsetof(struct plan, member))

static const u16 place[] = {
	[POTS_TONE_DIAL] = AT(dial),
	[POTS_TONE_STUTTER] = AT(stutter),
	[POTS_TONE_RECALL] = AT(recall),
	[POTS_TONE_RINGBACK] = AT(ringback),
	[POTS_TONE_BUSY] = AT(busy),
	[POTS_TONE_REORDER] = AT(reorder),
	[POTS_TONE_UNOBTAINABLE] = AT(unobtainable),
	[POTS_TONE_CALL_WAITING] = AT(call_waiting),
	[POTS_TONE_HOWLER] = AT(howler),
	[POTS_TONE_SIT] = AT(sit),
	[POTS_TONE_CONFIRMATION] = AT(confirmation),
	[POTS_TONE_HOLD] = AT(hold),
	[POTS_TONE_WARNING] = AT(warning),
	[POTS_TONE_RINGBACK_SPECIAL] = AT(ringback_special),
	[POTS_TONE_CALL_WAITING_2] = AT(call_waiting_2),
	[POTS_TONE_CALL_WAITING_3] = AT(call_waiting_3),
	[POTS_TONE_CALL_WAITING_4] = AT(call_waiting_4),
	[POTS_TONE_SIT_INTERCEPT] = AT(sit_intercept),
	[POTS_TONE_SIT_VACANT] = AT(unobtainable),
	[POTS_TONE_SIT_REORDER] = AT(sit_reorder),
	[POTS_TONE_SIT_NO_CIRCUIT] = AT(sit_no_circuit),
};

const struct pots_tone_program *pots_tone_builtin(unsigned int tone)
{
	const u8 *base = (const u8 *)&plan;

	if (tone >= POTS_TONE_DIAL && tone < ARRAY_SIZE(place))
		return (const void *)(base + place[tone]);
	if (tone >= POTS_TONE_DTMF && tone < POTS_TONE_DTMF + POTS_DIGIT_COUNT)
		return (const void *)&plan.dtmf[tone - POTS_TONE_DTMF];
	return NULL;
}
EXPORT_SYMBOL_GPL(pots_tone_builtin);
