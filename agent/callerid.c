// SPDX-License-Identifier: GPL-2.0-or-later
#include "callerid.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <linux/pots.h>

#define NUMBER_MAX	20
#define NAME_MAX_ETSI	50
#define NAME_MAX_US	15
#define DIGIT_D		(POTS_DIGIT_A + 3)

enum message {
	MESSAGE_NONE,
	MESSAGE_SDMF,
	MESSAGE_MDMF,
	MESSAGE_ETSI,			/* MDMF that says what type of call it is */
	MESSAGE_DTMF,			/* D or A, the number, C */
	MESSAGE_DTMF_A,
	MESSAGE_DTMF_DK,		/* A, the number, # */
};

/*
 * How each is sent. Times are the middle of what its standard allows, so that
 * neither a slow line nor a quick telephone is outside it. -14.5 dBV at 600 ohm
 * are -12.3 dBm, -16 dBV -13.8 dBm, -11 dBV -8.8 dBm.
 */
static const struct standard {
	uint8_t message, signal, flags, bursts;
	int16_t level_cdb;
	uint16_t before_alert_ms, alert_ms, before_data_ms, after_data_ms;
	uint16_t seizure_bits, mark_bits;
} standards[CALLERID_COUNT] = {
	[CALLERID_BELLCORE] = {
		.message = MESSAGE_MDMF, .signal = POTS_CID_BELL202, .level_cdb = -1350,
		.bursts = 1, .before_data_ms = 600, .after_data_ms = 300,
		.seizure_bits = 300, .mark_bits = 180,
	},
	[CALLERID_BELLCORE_SDMF] = {
		.message = MESSAGE_SDMF, .signal = POTS_CID_BELL202, .level_cdb = -1350,
		.bursts = 1, .before_data_ms = 600, .after_data_ms = 300,
		.seizure_bits = 300, .mark_bits = 180,
	},
	[CALLERID_ETSI] = {
		.message = MESSAGE_ETSI, .signal = POTS_CID_V23, .level_cdb = -1230,
		.bursts = 1, .before_data_ms = 700, .after_data_ms = 300,
		.seizure_bits = 300, .mark_bits = 180,
	},
	[CALLERID_ETSI_DT] = {
		.message = MESSAGE_ETSI, .signal = POTS_CID_V23, .level_cdb = -1230,
		.before_alert_ms = 150, .alert_ms = 100, .before_data_ms = 100,
		.after_data_ms = 300, .seizure_bits = 300, .mark_bits = 180,
	},
	[CALLERID_ETSI_RP] = {
		.message = MESSAGE_ETSI, .signal = POTS_CID_V23, .level_cdb = -1230,
		.flags = POTS_CID_F_RING_PULSE, .alert_ms = 250, .before_data_ms = 650,
		.after_data_ms = 300, .seizure_bits = 300, .mark_bits = 180,
	},
	[CALLERID_ETSI_LR] = {
		.message = MESSAGE_ETSI, .signal = POTS_CID_V23, .level_cdb = -1230,
		.flags = POTS_CID_F_REVERSE, .before_alert_ms = 250, .alert_ms = 100,
		.before_data_ms = 100, .after_data_ms = 300, .seizure_bits = 300,
		.mark_bits = 180,
	},
	[CALLERID_BT] = {
		.message = MESSAGE_ETSI, .signal = POTS_CID_V23, .level_cdb = -1230,
		.flags = POTS_CID_F_REVERSE, .before_alert_ms = 250, .alert_ms = 100,
		.before_data_ms = 100, .after_data_ms = 300, .seizure_bits = 200,
		.mark_bits = 75,
	},
	[CALLERID_UK_CABLE] = {
		.message = MESSAGE_MDMF, .signal = POTS_CID_V23, .level_cdb = -1230,
		.flags = POTS_CID_F_RING_PULSE, .alert_ms = 300, .before_data_ms = 600,
		.after_data_ms = 300, .seizure_bits = 200, .mark_bits = 100,
	},
	[CALLERID_DTMF] = {
		.message = MESSAGE_DTMF, .signal = POTS_CID_DTMF, .level_cdb = -880,
		.before_data_ms = 300, .after_data_ms = 350,
	},
	[CALLERID_DTMF_A] = {
		.message = MESSAGE_DTMF_A, .signal = POTS_CID_DTMF, .level_cdb = -880,
		.before_data_ms = 300, .after_data_ms = 350,
	},
	[CALLERID_DTMF_LR] = {
		.message = MESSAGE_DTMF_A, .signal = POTS_CID_DTMF, .level_cdb = -880,
		.flags = POTS_CID_F_REVERSE, .before_data_ms = 300, .after_data_ms = 350,
	},
	[CALLERID_DTMF_DK] = {
		.message = MESSAGE_DTMF_DK, .signal = POTS_CID_DTMF, .level_cdb = -880,
		.flags = POTS_CID_F_REVERSE, .before_data_ms = 400, .after_data_ms = 350,
	},
	[CALLERID_DTMF_RING] = {
		.message = MESSAGE_DTMF, .signal = POTS_CID_DTMF, .level_cdb = -880,
		.bursts = 1, .before_data_ms = 600, .after_data_ms = 350,
	},
};

#define ALERT_CDB	(-1380)
#define TAIL_BITS	4
#define DIGIT_MS	70

/* Types of messages and of their parameters. */
enum {
	SDMF_CALL = 0x04,
	SDMF_WAITING = 0x06,
	MDMF_CALL = 0x80,
	MDMF_WAITING = 0x82,
	TIME = 0x01,
	NUMBER = 0x02,
	NUMBER_ABSENT = 0x04,
	NAME = 0x07,
	NAME_ABSENT = 0x08,
	INDICATOR = 0x0b,
	CALL_TYPE = 0x11,
	MESSAGES = 0x13,
};

#define VOICE_CALL	0x01

/* ---------------------------------------------------------------- numbers --- */

bool callerid_number(const char *user, const char *plus, char *to, size_t size)
{
	size_t n = 0;

	*to = '\0';
	if (*user == '+') {
		n = strlen(plus);
		if (n >= size)
			return false;
		memcpy(to, plus, n);
		user++;
	}
	for (; *user; user++) {
		if (strchr("-. ()", *user))
			continue;
		if (!strchr("0123456789*#", *user) || n + 1 >= size) {
			*to = '\0';
			return false;
		}
		to[n++] = *user;
	}
	to[n] = '\0';
	return n;
}

/* What of a call may be shown; no number is "", as no name is. */
struct shown {
	char number[NUMBER_MAX + 1];
	char name[NAME_MAX_ETSI + 1];
	char time[9];			/* MMDDhhmm */
	char absent;			/* why there is no number */
};

static void fill_shown(const struct callerid_call *call, size_t name_max, struct shown *shown)
{
	memset(shown, 0, sizeof(*shown));
	snprintf(shown->time, sizeof(shown->time), "%02u%02u%02u%02u", call->month % 100,
		 call->day % 100, call->hour % 100, call->minute % 100);
	shown->absent = call->withheld ? 'P' : 'O';
	if (call->withheld)
		return;
	if (!callerid_number(call->number, call->plus, shown->number, sizeof(shown->number)) &&
	    !*call->name)
		callerid_name(call->number, shown->name, name_max + 1);
	else
		callerid_name(call->name, shown->name, name_max + 1);
}

/* --------------------------------------------------------------- messages --- */

static void put(struct pots_cid *cid, const void *octets, size_t count)
{
	memcpy(cid->data + cid->count, octets, count);
	cid->count += (uint16_t)count;
}

static void put_text(struct pots_cid *cid, const char *text)
{
	put(cid, text, strlen(text));
}

static void put_parameter(struct pots_cid *cid, uint8_t type, const char *text)
{
	const uint8_t head[] = { type, (uint8_t)strlen(text) };

	put(cid, head, sizeof(head));
	put_text(cid, text);
}

static void begin_message(struct pots_cid *cid, uint8_t type)
{
	cid->data[0] = type;
	cid->count = 2;
}

/* Its length, and what makes the sum of all octets zero. */
static void end_message(struct pots_cid *cid)
{
	uint8_t sum = 0;

	cid->data[1] = (uint8_t)(cid->count - 2);
	for (unsigned int i = 0; i < cid->count; i++)
		sum = (uint8_t)(sum + cid->data[i]);
	cid->data[cid->count++] = (uint8_t)-sum;
}

static void write_sdmf(struct pots_cid *cid, const struct shown *shown)
{
	const char absent[] = { shown->absent, '\0' };

	begin_message(cid, SDMF_CALL);
	put_text(cid, shown->time);
	put_text(cid, *shown->number ? shown->number : absent);
	end_message(cid);
}

/* A name that is merely unknown is not spoken of where there is a number. */
static void write_mdmf(struct pots_cid *cid, const struct shown *shown, bool typed)
{
	const char absent[] = { shown->absent, '\0' }, type[] = { VOICE_CALL, '\0' };

	begin_message(cid, MDMF_CALL);
	if (typed)
		put_parameter(cid, CALL_TYPE, type);
	put_parameter(cid, TIME, shown->time);
	if (*shown->number)
		put_parameter(cid, NUMBER, shown->number);
	else
		put_parameter(cid, NUMBER_ABSENT, absent);
	if (*shown->name)
		put_parameter(cid, NAME, shown->name);
	else if (!*shown->number)
		put_parameter(cid, NAME_ABSENT, absent);
	end_message(cid);
}

static void put_digits(struct pots_cid *cid, const char *digits)
{
	static const char order[] = "0123456789*#ABCD";

	for (; *digits; digits++)
		cid->data[cid->count++] = (uint8_t)(strchr(order, *digits) - order);
}

static void write_dtmf(struct pots_cid *cid, const struct shown *shown, enum message message)
{
	bool dk = message == MESSAGE_DTMF_DK, withheld = shown->absent == 'P';

	if (*shown->number) {
		put_digits(cid, message == MESSAGE_DTMF ? "D" : "A");
		put_digits(cid, shown->number);
		put_digits(cid, dk ? "#" : "C");
	} else if (dk) {
		put_digits(cid, withheld ? "D1#" : "D3#");
	} else {
		put_digits(cid, withheld ? "B01C" : "B00C");
	}
}

static void write_message(struct pots_cid *cid, const struct shown *shown, enum message message)
{
	switch (message) {
	case MESSAGE_NONE:
		return;
	case MESSAGE_SDMF:
		write_sdmf(cid, shown);
		return;
	case MESSAGE_MDMF:
		write_mdmf(cid, shown, false);
		return;
	case MESSAGE_ETSI:
		write_mdmf(cid, shown, true);
		return;
	case MESSAGE_DTMF:
	case MESSAGE_DTMF_A:
	case MESSAGE_DTMF_DK:
		write_dtmf(cid, shown, message);
		return;
	}
}

static void fill_way(const struct standard *standard, struct pots_cid *cid)
{
	bool dtmf = standard->signal == POTS_CID_DTMF;
	bool tones = standard->alert_ms && !(standard->flags & POTS_CID_F_RING_PULSE);

	*cid = (struct pots_cid){
		.flags = standard->flags,
		.signal = standard->signal,
		.level_cdb = standard->level_cdb,
		.alert_level_cdb = tones ? ALERT_CDB : 0,
		.bursts = standard->bursts,
		.before_alert_ms = standard->before_alert_ms,
		.alert_ms = standard->alert_ms,
		.before_data_ms = standard->before_data_ms,
		.after_data_ms = standard->after_data_ms,
		.seizure_bits = standard->seizure_bits,
		.mark_bits = standard->mark_bits,
		.stop_bits = !dtmf,
		.tail_bits = dtmf ? 0 : TAIL_BITS,
		.on_ms = dtmf ? DIGIT_MS : 0,
		.off_ms = dtmf ? DIGIT_MS : 0,
	};
}

bool callerid_fill(enum callerid_standard standard, const struct callerid_call *call,
		   struct pots_cid *cid)
{
	const struct standard *way = &standards[standard];
	struct shown shown;

	if (way->message == MESSAGE_NONE)
		return false;
	fill_shown(call, way->message == MESSAGE_MDMF ? NAME_MAX_US : NAME_MAX_ETSI, &shown);
	fill_way(way, cid);
	write_message(cid, &shown, way->message);
	return true;
}

static void put_octet(struct pots_cid *cid, uint8_t type, uint8_t value)
{
	const uint8_t parameter[] = { type, 1, value };

	put(cid, parameter, sizeof(parameter));
}

bool callerid_waiting(enum callerid_standard standard, bool messages, unsigned int count,
		      struct pots_cid *cid)
{
	const struct standard *way = &standards[standard];

	if (way->message == MESSAGE_NONE || way->signal == POTS_CID_DTMF)
		return false;
	/* What comes between two bursts has nothing else to wake the telephone. */
	fill_way(standard == CALLERID_ETSI ? &standards[CALLERID_ETSI_DT] : way, cid);
	cid->bursts = 0;
	if (way->message == MESSAGE_SDMF) {
		begin_message(cid, SDMF_WAITING);
		put_text(cid, messages ? "BBB" : "ooo");
	} else {
		begin_message(cid, MDMF_WAITING);
		put_octet(cid, INDICATOR, messages ? 0xff : 0);
	}
	if (way->message == MESSAGE_ETSI)
		put_octet(cid, MESSAGES, (uint8_t)(!messages ? 0 : !count ? 1 :
						   count > 255 ? 255 : count));
	end_message(cid);
	return true;
}
