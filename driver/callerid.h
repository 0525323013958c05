/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * callerid: the sound of a caller's identity: an alerting signal, and the data
 * by FSK or DTMF, with the silences that belong to them. Pure, as tone.h.
 *
 * What only the line's feed can do (reversal, ringing pulse, the ringing
 * itself) is announce.c's.
 */
#ifndef _POTS_CALLERID_H
#define _POTS_CALLERID_H

#include "fsk.h"
#include "pure.h"
#include "tone.h"
#include <linux/pots.h>

/**
 * struct pots_callerid - a transmission under way; all fields are private
 */
struct pots_callerid {
	const struct pots_cid *cid;
	struct pots_tone_player tone;
	struct pots_fsk fsk;
	u32 part;		/* enum part */
	u32 digit;		/* DTMF: the next one */
	u32 left;		/* samples of the present sound */
	u32 extra;		/* samples of silence after all */
	u8 source;		/* enum source */
	bool pause;		/* DTMF: a digit was, a pause is due */
	bool ignored;		/* the alert was not acknowledged */
	bool active;
};

/* 0, -EINVAL, or -ERANGE. */
int pots_callerid_check(const struct pots_cid *cid);

/* How long it sounds, its silences included. */
u32 pots_callerid_samples(const struct pots_cid *cid);

/*
 * Begins. @cid must have passed the check and stay until the end. @extra samples
 * of silence are added after all, for what a highway still holds.
 */
void pots_callerid_start(struct pots_callerid *player, const struct pots_cid *cid,
			 u32 extra);

/* Writes @count samples, silence after the end; false when it is over. */
bool pots_callerid_render(struct pots_callerid *player, s16 *out, unsigned int count);

/* The telephone has acknowledged; nothing when that is not waited for. */
void pots_callerid_acknowledge(struct pots_callerid *player);

#endif /* _POTS_CALLERID_H */
