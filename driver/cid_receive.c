// SPDX-License-Identifier: GPL-2.0-only
/*
 * A message of FSK is its type, its length, so many octets, and what makes the
 * sum of all a multiple of 256. Since one in 256 heaps of garbage has that too,
 * the type must be a known one, and what is inside must be right: characters in
 * SDMF, parameters that fill the length in MDMF.
 *
 * Japan has a frame around type, length and parameters: DLE SOH, a header, DLE STX
 * before, DLE ETX and a CRC after them. Octets have seven bits and even parity, a DLE
 * within is doubled, and the CRC is that of all behind DLE SOH as they came.
 */
#include "cid_receive.h"

#define HEAD		2	/* type and length */
#define LENGTH_MIN	3
#define MDMF		0x80	/* and above */
#define DIGITS_MIN	2
#define QUIET_FRAMES	1000	/* that end a message of digits */
#define SOH		0x01
#define STX		0x02
#define ETX		0x03
#define DLE		0x10
#define PARITY		0x80
#define CRC_OCTETS	2
#define NOT_IN_CRC	2	/* DLE SOH */
#define CRC_POLYNOMIAL	0x8408	/* x^16 + x^12 + x^5 + 1, reflected */

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

static bool is_odd(u8 octet)
{
	octet ^= octet >> 4;
	octet ^= octet >> 2;
	octet ^= octet >> 1;
	return octet & 1;
}

static u16 add_to_crc(u16 crc, u8 octet)
{
	unsigned int i;

	crc ^= octet;
	for (i = 0; i < 8; i++)
		crc = crc >> 1 ^ (crc & 1 ? CRC_POLYNOMIAL : 0);
	return crc;
}

/* The length may count what is doubled twice: it is known from the frame. */
static bool end_text(struct pots_cid_receiver *r)
{
	if (r->crc || r->count < HEAD + LENGTH_MIN)
		return false;
	r->data[1] = r->count - HEAD;
	return is_parameters(r->data + HEAD, r->count - HEAD);
}

/* What a character behind a DLE means; false: it is one of the text. */
static bool is_control(struct pots_cid_receiver *r, u8 character)
{
	switch (character) {
	case DLE:
		return false;
	case STX:
		r->text = true;
		r->count = 0;
		return true;
	case ETX:
		r->crc_left = CRC_OCTETS;
		return true;
	default:
		r->deaf = character != SOH || r->framed > NOT_IN_CRC;
		return true;
	}
}

/* The same of a frame of Japan. */
static bool take_framed(struct pots_cid_receiver *r, u8 octet)
{
	u8 character = octet & ~PARITY;
	bool behind_dle = r->dle;

	if (r->framed++ >= NOT_IN_CRC)
		r->crc = add_to_crc(r->crc, octet);
	if (r->crc_left) {
		r->deaf = !--r->crc_left;
		return r->deaf && end_text(r);
	}
	if (is_odd(octet)) {
		r->deaf = true;
		return false;
	}
	r->dle = character == DLE && !behind_dle;
	if (r->dle || (behind_dle && is_control(r, character)) || !r->text)
		return false;
	if (r->count == POTS_CID_DATA_MAX)
		r->deaf = true;
	else
		r->data[r->count++] = character;
	return false;
}

/* True when a message is complete. */
static bool take_octet(struct pots_cid_receiver *r, u8 octet)
{
	if (r->deaf)
		return false;
	if (r->framed || (!r->count && octet == (DLE | PARITY)))
		return take_framed(r, octet);
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

static void begin_frame(struct pots_cid_receiver *r)
{
	r->count = 0;
	r->deaf = false;
	r->framed = 0;
	r->crc = 0;
	r->crc_left = 0;
	r->dle = false;
	r->text = false;
}

static bool hear_fsk(struct pots_cid_receiver *r, const s16 *samples)
{
	unsigned int i;

	for (i = 0; i < POTS_FRAME_SAMPLES; i++) {
		int octet = pots_fsk_receive(&r->fsk, samples[i]);

		if (octet >= 0 && take_octet(r, octet))
			return true;
		if (octet == POTS_FSK_END)
			begin_frame(r);
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
