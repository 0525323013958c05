/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fsk_receive: octets from the two frequencies of a 1200 bit/s modem, Bell 202
 * or V.23. Pure, as tone.h.
 *
 * An octet is a 0, eight bits, the least significant first, and ones. The first
 * of a frame is looked for behind 16 ones; what comes before them, alternating
 * or not, does not matter. A frame ends with 24 ones, a missing stop bit, or the
 * carrier. The carrier is there from -43 dBm0 on.
 */
#ifndef _POTS_FSK_RECEIVE_H
#define _POTS_FSK_RECEIVE_H

#include "pure.h"

#define POTS_FSK_TAPS	7	/* samples, a bit and a little */

/* What pots_fsk_receive() returns beside octets. */
#define POTS_FSK_NONE	(-1)	/* nothing yet */
#define POTS_FSK_END	(-2)	/* the frame has ended */

/**
 * struct pots_fsk_receiver - one line's receiver; all fields are private
 * @modem:	the filters
 * @last:	the two samples before
 * @line:	what is in the filters, twice in a row
 * @at:		the newest of it
 * @balance:	how much more of a 1 than of a 0 there was before
 * @carrier:	mean power of both
 * @thirds:	of a sample, to the middle of the next bit
 * @ones:	samples of 1 in a row
 * @octet:	what is there of an octet, above the bits to come
 * @bits:	of it to come, the 0 and a 1 among them; 0 = between octets
 * @in_frame:	it has begun
 */
struct pots_fsk_receiver {
	const struct pots_fsk_modem *modem;
	s32 last[2];
	s32 line[2 * POTS_FSK_TAPS];
	u32 at;
	s32 balance;
	u32 carrier;
	s32 thirds;
	u32 ones;
	u16 octet;
	u8 bits;
	bool in_frame;
};

/* Bell 202, else V.23. */
void pots_fsk_receiver_init(struct pots_fsk_receiver *r, bool bell);

/* Takes a sample. An octet, POTS_FSK_NONE or POTS_FSK_END. */
int pots_fsk_receive(struct pots_fsk_receiver *r, s16 sample);

#endif /* _POTS_FSK_RECEIVE_H */
