/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cid_receive: who calls, from the samples of a line that is on-hook. Pure, as
 * tone.h.
 *
 * FSK: SDMF and MDMF messages with the right checksum, behind at least 16 ones,
 * with or without a channel seizure before them, or what Japan has in their place.
 * DTMF: digits that end with C or
 * #, or that begin with A, B or D and end so.
 */
#ifndef _POTS_CID_RECEIVE_H
#define _POTS_CID_RECEIVE_H

#include "dtmf.h"
#include "fsk_receive.h"
#include "pure.h"
#include <linux/pots.h>

/**
 * struct pots_cid_receiver - one line's receiver; all fields are private
 * @signal:	POTS_CID_*
 * @count:	octets or digits of @data that are there
 * @done:	they are a message
 * @deaf:	to the rest of a frame that is none
 * @framed:	Japan: octets of the frame so far
 * @crc:	the same: of those behind its begin
 * @crc_left:	the same: octets of it to come
 * @dle:	the same: a control character comes next
 * @text:	the same: the message has begun
 * @quiet:	frames since the last digit
 * @data:	the message
 */
struct pots_cid_receiver {
	u32 signal;
	u16 count;
	bool done;
	bool deaf;
	bool dle;
	bool text;
	u8 crc_left;
	u16 framed;
	u16 crc;
	u32 quiet;
	u8 data[POTS_CID_DATA_MAX];
	union {
		struct pots_fsk_receiver fsk;
		struct pots_dtmf dtmf;
	};
};

/* @signal: POTS_CID_BELL202, POTS_CID_V23, POTS_CID_DTMF. */
void pots_cid_receive_init(struct pots_cid_receiver *r, u32 signal);

/*
 * Takes frames of POTS_FRAME_SAMPLES. True when a message is complete; what
 * comes behind it in the same call is not heard.
 */
bool pots_cid_receive_run(struct pots_cid_receiver *r, const s16 *samples,
			  unsigned int frames);

/*
 * The message that pots_cid_receive_run() has just told of, as struct pots_cid
 * has it: octets with length and checksum, Japan's without, or POTS_DIGIT_*. Until the next run.
 */
const u8 *pots_cid_receive_data(const struct pots_cid_receiver *r, unsigned int *count);

#endif /* _POTS_CID_RECEIVE_H */
