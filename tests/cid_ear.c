// SPDX-License-Identifier: GPL-2.0-or-later
#include "cid_ear.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define SPANDSP_EXPOSE_INTERNAL_STRUCTURES
#include <spandsp.h>
#include <spandsp/expose.h>

#define RATE_HZ		8000
#define BIT		(20 / 3.)	/* samples */
#define BLOCK		160
#define GAP		80		/* silent samples that end a burst */
#define CUTOFF_DBM0	(-43)		/* V.23's carrier detector */

const struct cid_condition cid_conditions[CID_CONDITIONS] = {
	{ "nominal", 0, 0 },
	{ "20 dB weaker", -2000, 0 },
	{ "20 dB above the noise", 0, -20 },
};

/* -------------------------------------------------------------- spandsp --- */

static void put_message(void *user, const uint8_t *octet, int length)
{
	struct cid_message *message = user;

	if (length < 0 || length > CID_OCTETS_MAX)
		return;
	message->count++;
	message->length = length;
	memcpy(message->octet, octet, length);
}

void cid_spandsp(int standard, const int16_t *samples, size_t count,
		 struct cid_message *message)
{
	static const int16_t silence[BLOCK];
	adsi_rx_state_t *receiver;
	int i;

	memset(message, 0, sizeof(*message));
	receiver = adsi_rx_init(NULL, standard, put_message, message);
	fsk_rx_signal_cutoff(&receiver->fskrx, CUTOFF_DBM0);
	for (; count; samples += BLOCK, count -= count < BLOCK ? count : BLOCK)
		adsi_rx(receiver, samples, count < BLOCK ? count : BLOCK);
	for (i = 0; i < RATE_HZ / BLOCK; i++)
		adsi_rx(receiver, silence, BLOCK);
	adsi_rx_free(receiver);
}

/* ------------------------------------------------------------------ own --- */

size_t cid_sound(const int16_t *samples, size_t from, size_t count, int floor)
{
	while (from < count && abs(samples[from]) <= floor)
		from++;
	return from;
}

size_t cid_silence(const int16_t *samples, size_t from, size_t count, size_t quiet,
		   int floor)
{
	size_t run = 0;

	for (; from < count && run < quiet; from++)
		run = abs(samples[from]) <= floor ? run + 1 : 0;
	return run == quiet ? from - quiet : count;
}

double cid_level(const int16_t *samples, size_t count, double hz)
{
	double re = 0, im = 0;
	size_t i;

	for (i = 0; i < count; i++) {
		re += samples[i] * cos(2 * M_PI * hz * i / RATE_HZ);
		im += samples[i] * sin(2 * M_PI * hz * i / RATE_HZ);
	}
	return 20 * log10(2 * hypot(re, im) / count / 32768 + 1e-9) + 3.17;
}

/* Energy at @hz of a bit's length around sample @at. */
static double energy(const int16_t *samples, size_t count, double at, double hz)
{
	double re = 0, im = 0;
	int i;

	for (i = ceil(at - BIT / 2); i <= at + BIT / 2; i++) {
		double window = cos(M_PI * (i - at) / (BIT + 1));

		if (i < 0 || (size_t)i >= count)
			continue;
		re += window * samples[i] * cos(2 * M_PI * hz * i / RATE_HZ);
		im += window * samples[i] * sin(2 * M_PI * hz * i / RATE_HZ);
	}
	return re * re + im * im;
}

struct receiver {
	const int16_t *samples;
	size_t count;
	double mark_hz, space_hz, end;
};

static bool is_mark(const struct receiver *r, double at)
{
	return energy(r->samples, r->count, at, r->mark_hz) >
	       energy(r->samples, r->count, at, r->space_hz);
}

/* The next change from @bit, to a twentieth of a bit; the end, if there is none. */
static double next_edge(const struct receiver *r, double from, bool bit)
{
	while (from < r->end && is_mark(r, from) == bit)
		from += BIT / 20;
	return from < r->end ? from : r->end;
}

/* The alternations: each run is about a bit long. Returns where the mark begins. */
static double pass_seizure(const struct receiver *r, double from, struct cid_fsk *fsk)
{
	bool bit = is_mark(r, from + BIT / 2);
	double edge = from;

	for (;;) {
		double next = next_edge(r, edge + BIT / 4, bit);

		/* the last 1 of the seizure runs into the mark */
		if (next - edge > 2 * BIT || next >= r->end)
			break;
		edge = next;
		bit = !bit;
	}
	fsk->seizure_bits = edge > from ? (edge - from) / BIT + 1 : 0;
	return fsk->seizure_bits ? edge + BIT : edge;
}

/* Where the octet that begins at @start ends its first stop bit. */
static double read_octet(const struct receiver *r, double start, struct cid_fsk *fsk)
{
	uint8_t octet = 0;
	int bit;

	for (bit = 0; bit < 8; bit++)
		octet |= is_mark(r, start + (bit + 1.5) * BIT) << bit;
	if (!is_mark(r, start + 9.5 * BIT))
		fsk->bad++;
	else if (fsk->octets < CID_OCTETS_MAX)
		fsk->octet[fsk->octets++] = octet;
	return start + 10 * BIT;
}

int cid_fsk(const int16_t *samples, size_t count, double mark_hz, double space_hz,
	    int floor, struct cid_fsk *fsk)
{
	struct receiver r = { samples, count, mark_hz, space_hz, 0 };
	double at, edge;

	memset(fsk, 0, sizeof(*fsk));
	fsk->start = cid_sound(samples, 0, count, floor);
	if (fsk->start >= count)
		return 0;
	fsk->end = cid_silence(samples, fsk->start, count, GAP, floor);
	r.end = fsk->end;
	fsk->stop_bits[0] = 1e9;

	at = pass_seizure(&r, fsk->start, fsk);
	edge = next_edge(&r, at + BIT / 4, true);
	fsk->mark_bits = (edge - at) / BIT;
	while (edge < r.end - 9 * BIT) {
		at = read_octet(&r, edge, fsk);
		edge = next_edge(&r, at - BIT / 2, true);
		/* where the carrier goes it looks like anything */
		if (edge > r.end - BIT)
			break;
		fsk->stop_bits[0] = fmin(fsk->stop_bits[0], (edge - at) / BIT + 1);
		fsk->stop_bits[1] = fmax(fsk->stop_bits[1], (edge - at) / BIT + 1);
	}
	fsk->tail_bits = (r.end - at) / BIT;
	return 1;
}
