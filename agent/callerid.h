/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * callerid: who calls, as a telephone is told: the octets of a message, and how
 * the kernel shall send it; and back, as an exchange tells it. A standard is a
 * row of a table. Pure: no clock, no system call.
 */
#ifndef POTS_AGENT_CALLERID_H
#define POTS_AGENT_CALLERID_H

#include <stdbool.h>
#include <stddef.h>

struct pots_caller_id;
struct pots_cid;

/* As they are named in the config; the order is that of the table. */
#define CALLERID_NAMES \
	"off bellcore bellcore-sdmf etsi etsi-dt etsi-rp etsi-lr bt uk-cable " \
	"dtmf dtmf-a dtmf-lr dtmf-dk dtmf-ring ntt"

enum callerid_standard {
	CALLERID_OFF,
	CALLERID_BELLCORE,
	CALLERID_BELLCORE_SDMF,
	CALLERID_ETSI,
	CALLERID_ETSI_DT,
	CALLERID_ETSI_RP,
	CALLERID_ETSI_LR,
	CALLERID_BT,
	CALLERID_UK_CABLE,
	CALLERID_DTMF,
	CALLERID_DTMF_A,
	CALLERID_DTMF_LR,
	CALLERID_DTMF_DK,
	CALLERID_DTMF_RING,
	CALLERID_NTT,
	CALLERID_COUNT,
};

/**
 * struct callerid_call - what is known of a call
 * @number:	as SIP has it, may be "" or no number at all
 * @name:	UTF-8, may be ""
 * @plus:	what a leading "+" becomes: the international prefix
 * @withheld:	the caller wishes to be unknown
 * @month:	1..12, as @day, @hour and @minute local time
 */
struct callerid_call {
	const char *number;
	const char *name;
	const char *plus;
	bool withheld;
	unsigned int month, day, hour, minute;
};

/* False when there is nothing to send: the standard is off. */
bool callerid_fill(enum callerid_standard standard, const struct callerid_call *call,
		   struct pots_cid *cid);

/* What an exchange told of a caller: digits, and a name in UTF-8; "" = nothing. */
struct callerid_heard {
	char number[32];
	char name[128];
	bool withheld;
};

/* False: the message is none of a call. */
bool callerid_read(const struct pots_caller_id *message, struct callerid_heard *heard);

/*
 * That messages wait, @count of them (0 = nobody knows), or none any more: for a
 * telephone that does not ring. False when the standard has no such message.
 */
bool callerid_waiting(enum callerid_standard standard, bool messages, unsigned int count,
		      struct pots_cid *cid);

/*
 * The part of a SIP user that is a number, without what only eyes need: digits,
 * * and #. False, and "", when it is none.
 */
bool callerid_number(const char *user, const char *plus, char *to, size_t size);

/* Printable ASCII for UTF-8: letters without their marks, three alphabets. */
void callerid_name(const char *utf8, char *to, size_t size);

#endif /* POTS_AGENT_CALLERID_H */
