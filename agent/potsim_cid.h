/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How an exchange tells who calls, as sound. It shares no code and no table with
 * the driver.
 */
#ifndef POTSIM_CID_H
#define POTSIM_CID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CID_SAMPLES_MAX	32768	/* what may wait at an exchange */

/**
 * struct cid_way - a way to send it
 * @name:	of the way
 * @mark_hz:	of FSK, 0 = DTMF
 * @space_hz:	the same
 * @first:	type of the message, or first digit of DTMF
 * @last:	last digit of DTMF
 * @after:	the first ringing, else before any
 * @reversal:	the polarity is reversed before
 * @pulse:	a pulse of ringing is before
 * @alert:	a dual tone is before
 * @answered:	short rings are, of which one must be
 */
struct cid_way {
	const char *name;
	unsigned int mark_hz;
	unsigned int space_hz;
	uint8_t first;
	uint8_t last;
	bool after;
	bool reversal;
	bool pulse;
	bool alert;
	bool answered;
};

/* NULL: there is no such way. */
const struct cid_way *cid_way(const char *name);

/*
 * Renders NUMBER[,NAME]; the number may be P (private) or O (out of area).
 * Returns how many samples, at most CID_SAMPLES_MAX; 0 with *@why.
 */
size_t cid_render(const struct cid_way *way, const char *caller, int16_t *samples,
		  const char **why);

#endif /* POTSIM_CID_H */
