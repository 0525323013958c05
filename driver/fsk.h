/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fsk: octets as the two frequencies of a 1200 bit/s modem, Bell 202 or V.23.
 * Pure, as tone.h.
 */
#ifndef _POTS_FSK_H
#define _POTS_FSK_H

#include "pure.h"

/**
 * struct pots_fsk_frame - what is sent, in this order
 * @mark_hz:	frequency of a 1
 * @space_hz:	frequency of a 0
 * @level_cdb:	dBm0
 * @seizure_bits: 0 and 1 by turns, ending in 1
 * @mark_bits:	ones before the first octet
 * @stop_bits:	ones after each octet, which follow a 0 and eight bits, the
 *		least significant first
 * @tail_bits:	ones after all octets
 * @octets:	how many there are
 * @octet:	the octets; they must stay until the frame is sent
 */
struct pots_fsk_frame {
	u16 mark_hz;
	u16 space_hz;
	s16 level_cdb;
	u16 seizure_bits;
	u16 mark_bits;
	u16 stop_bits;
	u16 tail_bits;
	u16 octets;
	const u8 *octet;
};

/**
 * struct pots_fsk - a frame being sent; all fields are private
 */
struct pots_fsk {
	struct pots_fsk_frame frame;	/* counts down */
	u32 phase;
	u32 step[2];		/* of a third of a sample, for 0 and for 1 */
	s32 amplitude;
	u16 word;		/* the octet under way, with its stop bits */
	u8 word_bits;		/* left of it */
	u8 bit;			/* the present one */
	u8 thirds;		/* of a sample, left of the present bit */
	bool active;
};

/* Samples that a frame takes. */
u32 pots_fsk_samples(const struct pots_fsk_frame *frame);

void pots_fsk_start(struct pots_fsk *fsk, const struct pots_fsk_frame *frame);

/* Writes @count samples, silence after the end. */
void pots_fsk_render(struct pots_fsk *fsk, s16 *out, unsigned int count);

#endif /* _POTS_FSK_H */
