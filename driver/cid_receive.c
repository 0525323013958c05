// SPDX-License-Identifier: GPL-2.0-only
/*
 * A message of FSK is its type, its length, so many octets, and what makes the
 * sum of all a multiple of 256. Since one in 256 heaps of garbage has that too,
 * the type must be a known one, and what is inside must be right: characters in
 * SDMF, parameters that fill the length in MDMF.
 */
#include "cid_receive.h"

#define HEAD		2	/* type and length */
#define LENGTH_MIN	3
#define MDMF		0x80	/* and above */
#define DIGITS_MIN	2
#define QUIET_FRAMES	1000	/* that end a message of digits */

void pots_cid_receive_init(struct pots_cid_receiver *r, u32 signal)
{
	memset(r, 0, sizeof(*r));
	r->signal = signal;
	if (signal == POTS_CID_DTMF)
		pots_dtmf_init(&r->dtmf, 0);
	else
		pots_fsk_receiver_init(&r->fsk, signal == POTS_CID_BELL202);
}

/* ------------------------------------------------------------------ FSK --- */

/* Call, waiting message, test; with parameters also charge and short message. */
static bool is_type(u8 type)
{
	return type == 0x04 || type == 0x06 || type == 0x0b ||
	       (type >= MDMF && type <= 0x8f) || type >= 0xf1;
}

static bool is_text(const u8 *data, unsigned int count)
{
	for (; count; count--, data++)
		if (*data < ' ' || *data > '~')
			return false;
	return true;
}

static bool is_parameters(const u8 *data, unsigned int count)
{
	unsigned int at = 0;

	while (at + HEAD <= count)
		at += HEAD + data[at + 1];
	return at == count;
}

/* All octets are there. */
static bool is_message(const u8 *data, unsigned int length)
{
	u8 sum = 0;
	unsigned int i;

	for (i = 0; i < HEAD + length + 1; i++)
		sum += data[i];
	if (sum)
		return false;
	return data[0] < MDMF ? is_text(data + HEAD, length) :
				is_parameters(data + HEAD, length);
}

/* True when a message is complete. */
static bool take_octet(struct pots_cid_receiver *r, u8 octet)
{
	if (r->deaf)
		return false;
	r->data[r->count++] = octet;
	if ((r->count == 1 && !is_type(octet)) || (r->count == HEAD && octet < LENGTH_MIN)) {
		r->deaf = true;
		return false;
	}
	if (r->count < HEAD || r->count < HEAD + r->data[1] + 1)
		return false;
	r->deaf = true;
	return is_message(r->data, r->data[1]);
}

static bool hear_fsk(struct pots_cid_receiver *r, const s16 *samples)
{
	unsigned int i;

	for (i = 0; i < POTS_FRAME_SAMPLES; i++) {
		int octet = pots_fsk_receive(&r->fsk, samples[i]);

		if (octet >= 0 && take_octet(r, octet))
			return true;
		if (octet == POTS_FSK_END) {
			r->count = 0;
			r->deaf = false;
		}
	}
	return false;
}

/* ----------------------------------------------------------------- DTMF --- */

/* Nor can a C be the first digit, by what take_digit() does. */
static bool is_start(u8 digit)
{
	return digit > POTS_DIGIT_HASH;
}

/* C ends what A, B or D began; # also ends digits without a beginning. */
static bool take_digit(struct pots_cid_receiver *r, u8 digit)
{
	bool begun = r->count && is_start(r->data[0]);
	bool last = digit == POTS_DIGIT_HASH || digit == POTS_DIGIT_A + 2;

	if (r->count == POTS_CID_DATA_MAX || digit == POTS_DIGIT_STAR ||
	    (last && r->count < DIGITS_MIN) || (digit == POTS_DIGIT_A + 2 && !begun)) {
		r->count = 0;
		return false;
	}
	r->data[r->count++] = digit;
	return last;
}

static bool hear_digits(struct pots_cid_receiver *r, const s16 *samples)
{
	static const s16 silence[POTS_FRAME_SAMPLES];
	struct pots_dtmf_event event;

	if (r->count && ++r->quiet > QUIET_FRAMES)
		r->count = 0;
	if (!pots_dtmf_take(&r->dtmf, samples, silence) ||
	    !pots_dtmf_judge(&r->dtmf, &event))
		return false;
	r->quiet = 0;
	return event.start && take_digit(r, event.digit);
}

bool pots_cid_receive_run(struct pots_cid_receiver *r, const s16 *samples,
			  unsigned int frames)
{
	if (r->done && r->signal == POTS_CID_DTMF)
		r->count = 0;
	r->done = false;
	for (; frames && !r->done; frames--, samples += POTS_FRAME_SAMPLES)
		r->done = r->signal == POTS_CID_DTMF ? hear_digits(r, samples) :
						       hear_fsk(r, samples);
	return r->done;
}

const u8 *pots_cid_receive_data(const struct pots_cid_receiver *r, unsigned int *count)
{
	*count = r->done ? r->count : 0;
	return r->data;
}
