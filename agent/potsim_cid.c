// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How an exchange tells who calls, as sound: continuous-phase FSK of 1200 bit/s,
 * or DTMF.
 */
#include <ctype.h>
#include <math.h>
#include <string.h>
#include <time.h>

#include "potsim.h"
#include "potsim_cid.h"
#include "potsim_tone.h"

#define BIT_RATE	1200
#define SEIZURE_BITS	300
#define MARK_BITS	180
#define LAST_BITS	10
#define FSK_DBM0	-13.5
#define ALERT_DBM0	-14
#define ALERT_MS	100
#define ALERT_GAP_MS	60
#define DIGIT_DBM0	-11	/* the lower tone; the upper has 2 more */
#define DIGIT_MS	70
#define NUMBER_MAX	20
#define NAME_MAX	15
#define MESSAGE_MAX	64

#define SETUP		0x80	/* types of messages and parameters */
#define DATE		0x01
#define NUMBER		0x02
#define NO_NUMBER	0x04
#define NAME		0x07

#define NTT_SETUP	0x40
#define NTT_MARK_BITS	75
#define NTT_CRC		0x1021		/* the highest power first, as bits are not sent */
#define SOH		0x01		/* control characters of its frame */
#define STX		0x02
#define ETX		0x03
#define DLE		0x10

static const struct cid_way ways[] = {
	{ "bellcore", 1200, 2200, SETUP, 0, true, false, false, false, false },
	{ "etsi", 1300, 2100, SETUP, 0, true, false, false, false, false },
	{ "etsi-dtas", 1300, 2100, SETUP, 0, false, false, false, true, false },
	{ "etsi-rp", 1300, 2100, SETUP, 0, false, false, true, false, false },
	{ "etsi-lr", 1300, 2100, SETUP, 0, false, true, false, true, false },
	{ "dtmf", 0, 0, 'A', 'C', false, true, false, false, false },
	{ "dtmf-ring", 0, 0, 'D', 'C', true, false, false, false, false },
	{ "ntt", 1300, 2100, NTT_SETUP, 0, false, true, false, false, true },
};

const struct cid_way *cid_way(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		if (!strcmp(ways[i].name, name))
			return &ways[i];
	return NULL;
}

/**
 * struct pen - where samples are written
 * @out:	the first
 * @count:	so many
 * @phase:	of FSK
 * @due:	when the bit under way ends, in samples
 */
struct pen {
	int16_t *out;
	size_t count;
	double phase;
	double due;
};

static void put(struct pen *pen, double value)
{
	if (pen->count < CID_SAMPLES_MAX)
		pen->out[pen->count++] = lround(value);
}

static void silence(struct pen *pen, unsigned int ms)
{
	size_t n = ms * SAMPLES_HZ / 1000;

	while (n--)
		put(pen, 0);
}

static void pair(struct pen *pen, double low_hz, double high_hz, double low_dbm0,
		 double high_dbm0, unsigned int ms)
{
	double low = tone_peak(low_dbm0), high = tone_peak(high_dbm0);
	size_t i, n = ms * SAMPLES_HZ / 1000;

	for (i = 0; i < n; i++)
		put(pen, low * sin(2 * M_PI * low_hz * i / SAMPLES_HZ) +
			 high * sin(2 * M_PI * high_hz * i / SAMPLES_HZ));
}

/* ------------------------------------------------------------------ FSK --- */

static void bit(struct pen *pen, const struct cid_way *way, bool one)
{
	double hz = one ? way->mark_hz : way->space_hz;

	pen->due += (double)SAMPLES_HZ / BIT_RATE;
	for (; pen->due >= 1; pen->due--) {
		put(pen, tone_peak(FSK_DBM0) * sin(pen->phase));
		pen->phase = fmod(pen->phase + 2 * M_PI * hz / SAMPLES_HZ, 2 * M_PI);
	}
}

static void octet(struct pen *pen, const struct cid_way *way, uint8_t value)
{
	unsigned int i;

	bit(pen, way, false);
	for (i = 0; i < 8; i++)
		bit(pen, way, value >> i & 1);
	bit(pen, way, true);
}

static void send(struct pen *pen, const struct cid_way *way, const uint8_t *message,
		 size_t length)
{
	uint8_t sum = 0;
	size_t i;

	for (i = 0; i < SEIZURE_BITS; i++)
		bit(pen, way, i % 2);
	for (i = 0; i < MARK_BITS; i++)
		bit(pen, way, true);
	for (i = 0; i < length; i++) {
		octet(pen, way, message[i]);
		sum += message[i];
	}
	octet(pen, way, -sum);
	for (i = 0; i < LAST_BITS; i++)
		bit(pen, way, true);
}

/* ------------------------------------------------------- Japan's frame --- */

/**
 * struct frame - what is sent of it
 * @out:	octets with their parity
 * @count:	so many
 */
struct frame {
	uint8_t out[2 * MESSAGE_MAX];
	size_t count;
};

static void put_seven(struct frame *frame, uint8_t value)
{
	unsigned int i, ones = 0;

	for (i = 0; i < 7; i++)
		ones += value >> i & 1;
	frame->out[frame->count++] = value | (ones % 2) << 7;
}

/* Of bits in the order in which they are sent, the first is the highest. */
static uint16_t crc_of(const uint8_t *octets, size_t count)
{
	unsigned int crc = 0, i;

	for (; count; count--, octets++)
		for (i = 0; i < 8; i++) {
			unsigned int top = (crc >> 15 & 1) ^ (*octets >> i & 1);

			crc = (crc << 1 & 0xffff) ^ (top ? NTT_CRC : 0);
		}
	return crc;
}

static void frame_message(struct frame *frame, const uint8_t *message, size_t length)
{
	static const uint8_t begin[] = { DLE, SOH, 7, DLE, STX };
	size_t i;
	uint16_t crc;

	for (i = 0; i < sizeof(begin); i++)
		put_seven(frame, begin[i]);
	for (i = 0; i < length; i++) {
		put_seven(frame, message[i]);
		if (message[i] == DLE)
			put_seven(frame, DLE);
	}
	put_seven(frame, DLE);
	put_seven(frame, ETX);
	crc = crc_of(frame->out + 2, frame->count - 2);
	for (i = 0; i < 16; i++)
		frame->out[frame->count + i / 8] |= (crc >> (15 - i) & 1) << i % 8;
	frame->count += 2;
}

static void send_framed(struct pen *pen, const struct cid_way *way, const uint8_t *message,
			size_t length)
{
	struct frame frame = { .count = 0 };
	size_t i;

	frame_message(&frame, message, length);
	for (i = 0; i < NTT_MARK_BITS; i++)
		bit(pen, way, true);
	for (i = 0; i < frame.count; i++)
		octet(pen, way, frame.out[i]);
	for (i = 0; i < LAST_BITS; i++)
		bit(pen, way, true);
}

static size_t add(uint8_t *message, size_t at, uint8_t type, const char *text, size_t length)
{
	message[at] = type;
	message[at + 1] = length;
	memcpy(message + at + 2, text, length);
	return at + 2 + length;
}

/* Date, number or why there is none, and the name if there is one; Japan: the number. */
static size_t compose(uint8_t *message, uint8_t type, const char *caller, size_t digits)
{
	const char *name = caller[digits] ? caller + digits + 1 : "";
	bool absent = digits == 1 && strchr("PO", *caller);
	time_t now = time(NULL);
	struct tm local;
	char date[16];
	size_t at = 2;

	localtime_r(&now, &local);
	strftime(date, sizeof(date), "%m%d%H%M", &local);
	if (type == SETUP)
		at = add(message, at, DATE, date, 8);
	at = add(message, at, absent ? NO_NUMBER : NUMBER, caller, digits);
	if (*name)
		at = add(message, at, NAME, name, strlen(name));
	message[0] = type;
	message[1] = at - 2;
	return at;
}

/* ----------------------------------------------------------------- DTMF --- */

static void digit(struct pen *pen, char key)
{
	static const char keys[] = "123A456B789C*0#D";
	static const unsigned int row[] = { 697, 770, 852, 941 };
	static const unsigned int column[] = { 1209, 1336, 1477, 1633 };
	size_t at = strchr(keys, key) - keys;

	pair(pen, row[at / 4], column[at % 4], DIGIT_DBM0, DIGIT_DBM0 + 2, DIGIT_MS);
	silence(pen, DIGIT_MS);
}

static const char *check(const struct cid_way *way, const char *caller, size_t digits)
{
	bool absent = digits == 1 && strchr("PO", *caller);
	size_t i;

	if (!digits || digits > NUMBER_MAX)
		return "a number has 1 to 20 digits";
	for (i = 0; i < digits && !absent; i++)
		if (!isdigit((unsigned char)caller[i]))
			return "a number has digits, or is P or O";
	if (absent && !way->mark_hz)
		return "DTMF has numbers only";
	if (caller[digits] && !way->mark_hz)
		return "DTMF has no names";
	if (caller[digits] && way->answered)
		return "NTT has no names";
	if (caller[digits] && strlen(caller + digits + 1) > NAME_MAX)
		return "a name has at most 15 characters";
	return NULL;
}

size_t cid_render(const struct cid_way *way, const char *caller, int16_t *samples,
		  const char **why)
{
	size_t digits = strcspn(caller, ","), i;
	struct pen pen = { .out = samples };
	uint8_t message[MESSAGE_MAX];

	*why = check(way, caller, digits);
	if (*why)
		return 0;
	if (way->alert) {
		pair(&pen, 2130, 2750, ALERT_DBM0, ALERT_DBM0, ALERT_MS);
		silence(&pen, ALERT_GAP_MS);
	}
	if (way->mark_hz) {
		(way->answered ? send_framed : send)
			(&pen, way, message, compose(message, way->first, caller, digits));
		return pen.count;
	}
	digit(&pen, way->first);
	for (i = 0; i < digits; i++)
		digit(&pen, caller[i]);
	digit(&pen, way->last);
	return pen.count;
}
