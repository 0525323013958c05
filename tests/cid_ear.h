/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cid_ear: two who read caller ID from samples and share nothing with what made
 * it: spandsp's receiver, and one of our own for what spandsp does not tell
 * (times, bits, and standards that it does not know).
 */
#ifndef POTS_TESTS_CID_EAR_H
#define POTS_TESTS_CID_EAR_H

#include <stddef.h>
#include <stdint.h>

#define CID_OCTETS_MAX	320
#define CID_CONDITIONS	3

/* A message is sent as it is, 20 dB weaker, and with noise 20 dB below it. */
struct cid_condition {
	const char *name;
	int gain_cdb;
	double noise_db;		/* 0 = none */
};

extern const struct cid_condition cid_conditions[CID_CONDITIONS];

/* Octets from the message's type to its last datum, and whether its check was right. */
struct cid_message {
	unsigned int count;		/* messages that were heard whole */
	unsigned int length;		/* of the last one */
	uint8_t octet[CID_OCTETS_MAX];
};

/* By spandsp; @standard is an ADSI_STANDARD_*. DTMF: characters. */
void cid_spandsp(int standard, const int16_t *samples, size_t count,
		 struct cid_message *message);

/**
 * struct cid_fsk - a burst of 1200 bit/s, as our own receiver finds it
 * @start:	sample at which there is carrier
 * @end:	sample after which there is none
 * @seizure_bits: alternations before the mark, as bits
 * @mark_bits:	from there to the first start bit
 * @tail_bits:	after the last octet's first stop bit
 * @stop_bits:	between two octets, the least and the most
 * @octets:	how many came, with the right start and stop bits
 * @bad:	octets without a stop bit
 * @octet:	the octets
 */
struct cid_fsk {
	double start, end;
	double seizure_bits, mark_bits, tail_bits;
	double stop_bits[2];
	unsigned int octets, bad;
	uint8_t octet[CID_OCTETS_MAX];
};

/*
 * The first burst that ends at least 10 ms before it is looked at again; 0 when
 * there is none. @floor is what counts as silence, a peak of 32767.
 */
int cid_fsk(const int16_t *samples, size_t count, double mark_hz, double space_hz,
	    int floor, struct cid_fsk *fsk);

/* The level in dBm0 of one frequency among samples. */
double cid_level(const int16_t *samples, size_t count, double hz);

/* The first sample from @from on above @floor, or @count. */
size_t cid_sound(const int16_t *samples, size_t from, size_t count, int floor);
/* The first of @quiet samples that are not, or @count. */
size_t cid_silence(const int16_t *samples, size_t from, size_t count, size_t quiet,
		   int floor);

#endif /* POTS_TESTS_CID_EAR_H */
