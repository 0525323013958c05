/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * digits: what is dialled, as DTMF or MF by the sample or as counts of pulses. Pure, as
 * tone.h.
 */
#ifndef _POTS_DIGITS_H
#define _POTS_DIGITS_H

#include "pure.h"
#include "tone.h"
#include <linux/pots.h>

/* A struct pots_tone_program of one step. */
struct pots_digit_program {
	u32 count, loop_start, repeat, reserved;
	struct pots_tone_step step;
};

/**
 * struct pots_digits - digits being sent by DTMF; all fields are private
 */
struct pots_digits {
	const struct pots_dial *dial;
	struct pots_tone_player tone;
	struct pots_digit_program program;
	u32 next;		/* digit that comes next */
	u32 left;		/* samples of the present sound or silence */
	u32 extra;		/* samples of silence after all */
	bool sounds;		/* else silent */
	bool gap_due;		/* a digit was, its pause comes */
	bool active;
};

/* 0, -EINVAL, or -ERANGE. */
int pots_digits_check(const struct pots_dial *dial);

/* How many pulses a digit has in this map. */
u32 pots_digit_pulses(u32 digit, u32 map);

/* How long it sounds by DTMF, its pauses included. */
u32 pots_digits_samples(const struct pots_dial *dial);

/*
 * Begins. @dial must have passed the check and stay until the end. @extra samples
 * of silence are added after all, for what a highway still holds.
 */
void pots_digits_start(struct pots_digits *digits, const struct pots_dial *dial,
		       u32 extra);

/* Writes @count samples, silence after the end; false when it is over. */
bool pots_digits_render(struct pots_digits *digits, s16 *out, unsigned int count);

#endif /* _POTS_DIGITS_H */
