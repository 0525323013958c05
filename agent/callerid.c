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
	MESSAGE_NTT,			/* parameters in a frame of seven-bit octets */
	MESSAGE_DTMF,			/* D or A, the number, C */
	MESSAGE_DTMF_A,
	MESSAGE_DTMF_DK,		/* A, the number, # */
};

/* What of struct pots_cid is the standard's: all of it before the cookie. */
struct way {
	uint32_t flags;
	uint16_t signal, count;
	int16_t level_cdb, alert_level_cdb;
	uint16_t bursts, before_alert_ms, alert_ms, before_data_ms, after_data_ms;
	uint16_t seizure_bits, mark_bits, stop_bits, tail_bits, on_ms, off_ms, ack_ms;
	uint16_t pulses, pulse_off_ms, hangup_ms;
};

#define SAME_PLACE(field) \
	_Static_assert(offsetof(struct way, field) == offsetof(struct pots_cid, field), #field)

SAME_PLACE(level_cdb);
SAME_PLACE(before_alert_ms);
SAME_PLACE(seizure_bits);
SAME_PLACE(ack_ms);
SAME_PLACE(hangup_ms);

#define FSK(modem, cdb) \
	.signal = (modem), .level_cdb = (cdb), .stop_bits = 1, .tail_bits = 4
#define BELLCORE	FSK(POTS_CID_BELL202, -1350), .seizure_bits = 300, .mark_bits = 180
#define V23		FSK(POTS_CID_V23, -1230)
#define ETSI		V23, .seizure_bits = 300, .mark_bits = 180
#define ALERT		.alert_ms = 100, .alert_level_cdb = -1380
#define PULSE(ms)	.flags = POTS_CID_F_RING_PULSE, .alert_ms = (ms)
#define DIGITS \
	.signal = POTS_CID_DTMF, .level_cdb = -880, .on_ms = 70, .off_ms = 70

/*
 * How each is sent. Times are the middle of what its standard allows, so that
 * neither a slow line nor a quick telephone is outside it. -14.5 dBV at 600 ohm
 * are -12.3 dBm, -16 dBV -13.8 dBm, -11 dBV -8.8 dBm.
 *
 * Of NTT's nobody has verified that the polarity is reversed first, the silence
 * before the data, and that a telephone may take seven seconds to hang up.
 */
static const struct standard {
	struct way way;
	uint8_t message;
} standards[CALLERID_COUNT] = {
	[CALLERID_BELLCORE] = {
		{ BELLCORE, .bursts = 1, .before_data_ms = 600, .after_data_ms = 300 },
		MESSAGE_MDMF,
	},
	[CALLERID_BELLCORE_SDMF] = {
		{ BELLCORE, .bursts = 1, .before_data_ms = 600, .after_data_ms = 300 },
		MESSAGE_SDMF,
	},
	[CALLERID_ETSI] = {
		{ ETSI, .bursts = 1, .before_data_ms = 700, .after_data_ms = 300 },
		MESSAGE_ETSI,
	},
	[CALLERID_ETSI_DT] = {
		{ ETSI, ALERT, .before_alert_ms = 150, .before_data_ms = 100,
		  .after_data_ms = 300 },
		MESSAGE_ETSI,
	},
	[CALLERID_ETSI_RP] = {
		{ ETSI, PULSE(250), .before_data_ms = 650, .after_data_ms = 300 },
		MESSAGE_ETSI,
	},
	[CALLERID_ETSI_LR] = {
		{ ETSI, ALERT, .flags = POTS_CID_F_REVERSE, .before_alert_ms = 250,
		  .before_data_ms = 100, .after_data_ms = 300 },
		MESSAGE_ETSI,
	},
	[CALLERID_BT] = {
		{ V23, ALERT, .flags = POTS_CID_F_REVERSE, .before_alert_ms = 250,
		  .before_data_ms = 100, .after_data_ms = 300, .seizure_bits = 200,
		  .mark_bits = 75 },
		MESSAGE_ETSI,
	},
	[CALLERID_UK_CABLE] = {
		{ V23, PULSE(300), .before_data_ms = 600, .after_data_ms = 300,
		  .seizure_bits = 200, .mark_bits = 100 },
		MESSAGE_MDMF,
	},
	[CALLERID_DTMF] = {
		{ DIGITS, .before_data_ms = 300, .after_data_ms = 350 },
		MESSAGE_DTMF,
	},
	[CALLERID_DTMF_A] = {
		{ DIGITS, .before_data_ms = 300, .after_data_ms = 350 },
		MESSAGE_DTMF_A,
	},
	[CALLERID_DTMF_LR] = {
		{ DIGITS, .flags = POTS_CID_F_REVERSE, .before_data_ms = 300,
		  .after_data_ms = 350 },
		MESSAGE_DTMF_A,
	},
	[CALLERID_DTMF_DK] = {
		{ DIGITS, .flags = POTS_CID_F_REVERSE, .before_data_ms = 400,
		  .after_data_ms = 350 },
		MESSAGE_DTMF_DK,
	},
	[CALLERID_DTMF_RING] = {
		{ DIGITS, .bursts = 1, .before_data_ms = 600, .after_data_ms = 350 },
		MESSAGE_DTMF,
	},
	[CALLERID_NTT] = {
		{ .flags = POTS_CID_F_REVERSE | POTS_CID_F_RING_PULSE, .signal = POTS_CID_V23,
		  .level_cdb = -1350, .before_alert_ms = 250, .alert_ms = 500, .pulses = 5,
		  .pulse_off_ms = 500, .before_data_ms = 500, .mark_bits = 75, .stop_bits = 4,
		  .tail_bits = 4, .hangup_ms = 7000 },
		MESSAGE_NTT,
	},
};

/*
 * NTT's frame. Nobody has verified that its length and its CRC count twice a DLE that
 * is doubled.
 */
#define NTT_HEADER	0x07
#define NTT_CALL	0x40
#define NTT_NOT_IN_CRC	2		/* DLE SOH */
#define CRC_POLYNOMIAL	0x8408		/* x^16 + x^12 + x^5 + 1, reflected */

/* Control characters around it. */
enum { SOH = 0x01, STX = 0x02, ETX = 0x03, DLE = 0x10 };

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
	static const struct digits {
		char first[2], last[2], unavailable[5], withheld[5];
	} ways[] = {
		{ "D", "C", "B00C", "B01C" },
		{ "A", "C", "B00C", "B01C" },
		{ "A", "#", "D3#", "D1#" },
	};
	const struct digits *way = &ways[message - MESSAGE_DTMF];

	if (!*shown->number) {
		put_digits(cid, shown->absent == 'P' ? way->withheld : way->unavailable);
		return;
	}
	put_digits(cid, way->first);
	put_digits(cid, shown->number);
	put_digits(cid, way->last);
}

/* A DLE among the data is doubled. */
static void put_stuffed(struct pots_cid *cid, const uint8_t *octets, size_t count)
{
	for (; count; count--, octets++) {
		put(cid, octets, 1);
		if (*octets == DLE)
			put(cid, octets, 1);
	}
}

/* The eighth bit makes the number of ones even, but in the CRC, which counts it. */
static void end_frame(struct pots_cid *cid)
{
	unsigned int crc = 0, i;

	for (i = 0; i < cid->count; i++) {
		cid->data[i] |= (uint8_t)(__builtin_parity(cid->data[i]) << 7);
		if (i < NTT_NOT_IN_CRC)
			continue;
		crc ^= cid->data[i];
		for (unsigned int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? CRC_POLYNOMIAL : 0);
	}
	cid->data[i++] = (uint8_t)crc;
	cid->data[i++] = (uint8_t)(crc >> 8);
	cid->count = (uint16_t)i;
}

static void write_ntt(struct pots_cid *cid, const struct shown *shown)
{
	static const uint8_t begin[] = { DLE, SOH, NTT_HEADER, DLE, STX };
	static const uint8_t end[] = { DLE, ETX };
	uint8_t count = (uint8_t)strlen(shown->number);
	uint8_t text[4 + NUMBER_MAX] = { NTT_CALL, 3, NUMBER_ABSENT, 1, (uint8_t)shown->absent };

	if (count) {
		text[1] = (uint8_t)(2 + count + (count == DLE));
		text[2] = NUMBER;
		text[3] = count;
		memcpy(text + 4, shown->number, count);
	}
	put(cid, begin, sizeof(begin));
	put_stuffed(cid, text, 4u + text[3]);
	put(cid, end, sizeof(end));
	end_frame(cid);
}

static void write_message(struct pots_cid *cid, const struct shown *shown, enum message message)
{
	if (message == MESSAGE_SDMF)
		write_sdmf(cid, shown);
	else if (message == MESSAGE_NTT)
		write_ntt(cid, shown);
	else if (message >= MESSAGE_DTMF)
		write_dtmf(cid, shown, message);
	else
		write_mdmf(cid, shown, message == MESSAGE_ETSI);
}

static void fill_way(const struct standard *standard, struct pots_cid *cid)
{
	memset(cid, 0, sizeof(*cid));
	memcpy(cid, &standard->way, sizeof(standard->way));
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

	if (way->message == MESSAGE_NONE || way->message >= MESSAGE_NTT)
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
