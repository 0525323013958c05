// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How each standard is sent: every field within what the standard allows, and
 * the sound that the kernel makes of it understood by receivers that are not ours.
 */
#include "../../cid_ear.h"
#include "../driver/signal.h"
#include "../ktap.h"
#include "callerid.h"
#include "cid_sender.h"

#include <linux/pots.h>
#include <math.h>
#include <spandsp.h>

#define MS		8	/* samples */
#define LONGEST		(POTS_CID_MAX_MS * MS)
#define SILENT_SAMPLES	160	/* end a digit */
#define RAMP_SAMPLES	40
#define ROWS(table)	(sizeof(table) / sizeof((table)[0]))

static int16_t samples[LONGEST];

static const struct callerid_call plain = {
	.number = "6095551212", .name = "TEST NAME", .plus = "00",
	.month = 1, .day = 2, .hour = 3, .minute = 4,
};

/* ----------------------------------------------------------- the windows --- */

struct window {
	int min, max;		/* 0, 0 = there must be none */
};

/*
 * Levels in hundredths of dBm at 600 ohm, where 0 dBV are 2.2 dBm. Of EN 300 659-1
 * (data -14.5 +-2.5 dBV, alert -16 +-3.5 dBV), SIN 227 and its cable networks'
 * counterpart, GR-30 (-13.5 +-1 dBm), ES 201 235-2 (the lower tone -11 +2.5 -2 dBV, the
 * upper one, 2 dB above it, -9 +2 -2.5 dBV), and for Japan of receivers' data sheets.
 * Nobody has verified how long an exchange there waits before the data.
 */
#define REVERSE		POTS_CID_F_REVERSE
#define PULSE		POTS_CID_F_RING_PULSE
#define ETSI_LEVEL	{ -1480, -980 }
#define ETSI_ALERT	{ -1730, -1030 }
#define ETSI_BITS	.seizure = { 300, 300 }, .mark = { 155, 205 }, .stop = 1
#define ETSI		POTS_CID_V23, .level = ETSI_LEVEL, ETSI_BITS
#define BELLCORE \
	POTS_CID_BELL202, .bursts = 1, .level = { -1450, -1250 }, \
	.before_data = { 500, 1500 }, .after_data = { 200, 500 }, \
	.seizure = { 300, 300 }, .mark = { 150, 210 }, .stop = 1
#define DIGITS \
	POTS_CID_DTMF, .level = { -1080, -680 }, .on = { 65, 100 }, .off = { 65, 100 }, \
	.after_data = { 200, 500 }

static const struct way {
	int standard;
	unsigned int flags, signal, bursts, stop;
	struct window level, before_alert, alert, alert_level, before_data, after_data;
	struct window seizure, mark, on, off, pulses, pulse_off, hangup;
} ways[] = {
	{ CALLERID_BELLCORE, 0, BELLCORE },
	{ CALLERID_BELLCORE_SDMF, 0, BELLCORE },
	{ CALLERID_ETSI, 0, ETSI, .bursts = 1, .before_data = { 500, 1999 },
	  .after_data = { 200, 500 } },
	{ CALLERID_ETSI_DT, 0, ETSI, .before_alert = { 0, 500 }, .alert = { 90, 110 },
	  .alert_level = ETSI_ALERT, .before_data = { 45, 500 }, .after_data = { 200, 500 } },
	{ CALLERID_ETSI_RP, PULSE, ETSI, .alert = { 200, 300 }, .before_data = { 500, 800 },
	  .after_data = { 200, 500 } },
	{ CALLERID_ETSI_LR, REVERSE, ETSI, .before_alert = { 100, 500 }, .alert = { 90, 110 },
	  .alert_level = ETSI_ALERT, .before_data = { 45, 200 }, .after_data = { 200, 500 } },
	{ CALLERID_BT, REVERSE, POTS_CID_V23, .level = ETSI_LEVEL, .before_alert = { 100, 500 },
	  .alert = { 88, 110 }, .alert_level = ETSI_ALERT, .before_data = { 45, 200 },
	  .after_data = { 200, 500 }, .seizure = { 96, 315 }, .mark = { 55, 90 }, .stop = 1 },
	{ CALLERID_UK_CABLE, PULSE, POTS_CID_V23, .level = ETSI_LEVEL, .alert = { 200, 450 },
	  .before_data = { 500, 800 }, .after_data = { 200, 500 }, .seizure = { 96, 314 },
	  .mark = { 54, 314 }, .stop = 1 },
	{ CALLERID_DTMF, 0, DIGITS, .before_data = { 200, 500 } },
	{ CALLERID_DTMF_A, 0, DIGITS, .before_data = { 200, 500 } },
	{ CALLERID_DTMF_LR, REVERSE, DIGITS, .before_data = { 200, 500 } },
	{ CALLERID_DTMF_DK, REVERSE, DIGITS, .before_data = { 300, 500 } },
	{ CALLERID_DTMF_RING, 0, DIGITS, .bursts = 1, .before_data = { 500, 1500 } },
	{ CALLERID_NTT, REVERSE | PULSE, POTS_CID_V23, .level = { -1500, -1200 },
	  .before_alert = { 100, 500 }, .alert = { 500, 500 }, .pulses = { 1, 5 },
	  .pulse_off = { 500, 500 }, .before_data = { 100, 1000 }, .mark = { 72, 78 },
	  .stop = 4, .hangup = { 7000, 7000 } },
};

static struct pots_cid sent_by(int standard)
{
	struct pots_cid cid = { 0 };

	CHECK(callerid_fill(standard, &plain, &cid), "%d: nothing", standard);
	return cid;
}

#define CHECK_IN(field, window) \
	CHECK(cid.field >= way->window.min && cid.field <= way->window.max, \
	      "%d: %d is not in %d to %d", way->standard, cid.field, way->window.min, \
	      way->window.max)

static void check_way(const struct way *way)
{
	const struct pots_cid cid = sent_by(way->standard);
	const struct window tail = { 2, 10 };

	CHECK(cid.flags == way->flags, "%d: %u", way->standard, cid.flags);
	CHECK(cid.signal == way->signal, "%d: %u", way->standard, cid.signal);
	CHECK(cid.bursts == way->bursts, "%d: %u", way->standard, cid.bursts);
	CHECK(cid.stop_bits == way->stop, "%d: %u", way->standard, cid.stop_bits);
	CHECK(!cid.ack_ms, "%d: %u", way->standard, cid.ack_ms);
	CHECK_IN(level_cdb, level);
	CHECK_IN(before_alert_ms, before_alert);
	CHECK_IN(alert_ms, alert);
	CHECK_IN(alert_level_cdb, alert_level);
	CHECK_IN(before_data_ms, before_data);
	CHECK_IN(after_data_ms, after_data);
	CHECK_IN(seizure_bits, seizure);
	CHECK_IN(mark_bits, mark);
	CHECK_IN(on_ms, on);
	CHECK_IN(off_ms, off);
	CHECK_IN(pulses, pulses);
	CHECK_IN(pulse_off_ms, pulse_off);
	CHECK_IN(hangup_ms, hangup);
	if (way->stop)
		CHECK(cid.tail_bits >= tail.min && cid.tail_bits <= tail.max, "%d: %u",
		      way->standard, cid.tail_bits);
}

static void test_windows(void)
{
	CHECK(ROWS(ways) == CALLERID_COUNT - 1, "%zu standards", ROWS(ways));
	for (unsigned int i = 0; i < ROWS(ways); i++) {
		CHECK(ways[i].standard == (int)i + 1, "row %u", i);
		check_way(&ways[i]);
	}
}

/* --------------------------------------------------------- the receivers --- */

static size_t send_under(const struct pots_cid *cid, const struct cid_condition *condition)
{
	struct pots_cid here = *cid;
	size_t count;

	here.level_cdb = (int16_t)(here.level_cdb + condition->gain_cdb);
	if (here.alert_level_cdb)
		here.alert_level_cdb = (int16_t)(here.alert_level_cdb + condition->gain_cdb);
	count = cid_send(&here, samples, LONGEST);
	CHECK(count, "the kernel refuses it");
	if (condition->noise_db)
		add_band_noise(samples, count, cid->level_cdb / 100. + condition->noise_db);
	return count;
}

static int receiver_of(int standard)
{
	if (standard >= CALLERID_DTMF && standard <= CALLERID_DTMF_RING)
		return ADSI_STANDARD_CLIP_DTMF;
	if (standard == CALLERID_NTT)
		return ADSI_STANDARD_JCLIP;
	return standard <= CALLERID_BELLCORE_SDMF ? ADSI_STANDARD_CLASS : ADSI_STANDARD_CLIP;
}

/* What spandsp hands over: without checksums, seven bits where it is seven, letters. */
static struct cid_message message_of(const struct pots_cid *cid, int receiver)
{
	static const char order[] = "0123456789*#ABCD";
	struct cid_message message = { .count = 1, .length = cid->count };

	for (unsigned int i = 0; i < cid->count; i++)
		message.octet[i] = receiver == ADSI_STANDARD_CLIP_DTMF ? order[cid->data[i]] :
				   receiver == ADSI_STANDARD_JCLIP ? cid->data[i] & 0x7f :
				   cid->data[i];
	if (receiver != ADSI_STANDARD_CLIP_DTMF)
		message.length -= receiver == ADSI_STANDARD_JCLIP ? 2 : 1;
	return message;
}

static void check_told(int standard, const struct cid_condition *condition)
{
	const struct pots_cid cid = sent_by(standard);
	int receiver = receiver_of(standard);
	const struct cid_message want = message_of(&cid, receiver);
	struct cid_message heard;

	cid_spandsp(receiver, samples, send_under(&cid, condition), &heard);
	CHECK(heard.count == 1 && heard.length == want.length &&
	      !memcmp(heard.octet, want.octet, want.length), "%d, %s: %u messages, of %u octets",
	      standard, condition->name, heard.count, heard.length);
}

static void test_spandsp(void)
{
	for (int standard = CALLERID_OFF + 1; standard < CALLERID_COUNT; standard++) {
		for (unsigned int k = 0; k < CID_CONDITIONS; k++)
			check_told(standard, &cid_conditions[k]);
	}
}

static void check_bits(const struct way *way, const struct cid_condition *condition)
{
	const struct pots_cid cid = sent_by(way->standard);
	bool bell = receiver_of(way->standard) == ADSI_STANDARD_CLASS;
	size_t count = send_under(&cid, condition), from = cid.before_data_ms * MS;
	struct cid_fsk fsk;

	if (!(way->flags & PULSE))
		from += (cid.before_alert_ms + cid.alert_ms) * MS;
	count -= cid.after_data_ms * MS;
	CHECK(cid_fsk(samples + from, count - from, bell ? 1200 : 1300, bell ? 2200 : 2100, 0,
		      &fsk), "%d: nothing", way->standard);
	CHECK(fsk.octets == cid.count && !fsk.bad && !memcmp(fsk.octet, cid.data, cid.count),
	      "%d, %s: %u octets, %u bad", way->standard, condition->name, fsk.octets, fsk.bad);
	if (condition->noise_db)
		return;
	CHECK(fsk.seizure_bits > way->seizure.min - 0.2 &&
	      fsk.seizure_bits < way->seizure.max + 0.2, "%d: %f", way->standard,
	      fsk.seizure_bits);
	CHECK(fsk.mark_bits > way->mark.min - 0.2 && fsk.mark_bits < way->mark.max + 0.2,
	      "%d: %f", way->standard, fsk.mark_bits);
	CHECK(fabs(fsk.stop_bits[1] - way->stop) < 0.2, "%d: %f", way->standard,
	      fsk.stop_bits[1]);
}

/* Every bit of a frame, by a receiver that is not spandsp's. */
static void test_own_receiver(void)
{
	for (unsigned int i = 0; i < ROWS(ways); i++) {
		for (unsigned int k = 0; k < CID_CONDITIONS && ways[i].stop; k++)
			check_bits(&ways[i], &cid_conditions[k]);
	}
}

/* ------------------------------------------------------- what is measured --- */

static void check_sines(int standard, size_t from, size_t count, struct fit *fit, double low_dbm0,
			double high_dbm0)
{
	const double hz[] = { fit->hz[0], fit->hz[1] };

	fit->sines = 2;
	fit_sines(samples + from + RAMP_SAMPLES, count - 2 * RAMP_SAMPLES, fit);
	CHECK(fabs(fit->hz[0] - hz[0]) < 0.5 && fabs(fit->hz[1] - hz[1]) < 0.5,
	      "%d: %f and %f Hz", standard, fit->hz[0], fit->hz[1]);
	CHECK(fabs(fit->dbm0[0] - low_dbm0) < 0.3 && fabs(fit->dbm0[1] - high_dbm0) < 0.3,
	      "%d: %f and %f dBm0", standard, fit->dbm0[0], fit->dbm0[1]);
}

/* The two tones that wake a telephone up: where they are, and how loud. */
static void test_alerts(void)
{
	for (unsigned int i = 0; i < ROWS(ways); i++) {
		const struct pots_cid cid = sent_by(ways[i].standard);
		struct fit fit = { .hz = { 2130, 2750 } };
		double dbm0 = cid.alert_level_cdb / 100.;
		size_t count = cid_send(&cid, samples, LONGEST), start, end;

		if (!ways[i].alert_level.min)
			continue;
		start = cid_sound(samples, 0, count, 0);
		end = cid_silence(samples, start, count, MS * 20, 0);
		CHECK(start / MS >= (size_t)ways[i].before_alert.min &&
		      start / MS <= (size_t)ways[i].before_alert.max, "%d: at %zu ms",
		      ways[i].standard, start / MS);
		CHECK(end - start > (size_t)ways[i].alert.min * MS - MS &&
		      end - start < (size_t)ways[i].alert.max * MS + MS, "%d: %zu ms",
		      ways[i].standard, (end - start) / MS);
		check_sines(ways[i].standard, start, end - start, &fit, dbm0, dbm0);
	}
}

/* Returns where the digit that begins at @from has ended. */
static size_t check_digit(const struct way *way, unsigned int digit, size_t from, size_t count)
{
	static const double low[] = { 697, 770, 852, 941 }, high[] = { 1209, 1336, 1477, 1633 };
	static const char keys[] = "\1\2\3\14\4\5\6\15\7\10\11\16\12\0\13\17";
	const struct pots_cid cid = sent_by(way->standard);
	size_t end = cid_silence(samples, from, count, SILENT_SAMPLES, 0);
	size_t key = (size_t)((const char *)memchr(keys, (int)digit, 16) - keys);
	struct fit fit = { .hz = { low[key / 4], high[key % 4] } };

	CHECK(end - from > (size_t)way->on.min * MS - MS &&
	      end - from < (size_t)way->on.max * MS + MS, "%d: a digit of %zu ms",
	      way->standard, (end - from) / MS);
	check_sines(way->standard, from, end - from, &fit, cid.level_cdb / 100.,
		    cid.level_cdb / 100. + 2);
	return end;
}

static void test_digits(void)
{
	for (unsigned int i = CALLERID_DTMF - 1; i < CALLERID_DTMF_RING; i++) {
		const struct way *way = &ways[i];
		const struct pots_cid cid = sent_by(way->standard);
		size_t count = cid_send(&cid, samples, LONGEST), end = 0;

		for (unsigned int k = 0; k < cid.count; k++) {
			const struct window *silence = k ? &way->off : &way->before_data;
			size_t start = cid_sound(samples, end, count, 0);

			CHECK(start - end > (size_t)silence->min * MS - MS &&
			      start - end < (size_t)silence->max * MS + MS,
			      "%d: %zu ms before a digit", way->standard, (start - end) / MS);
			end = check_digit(way, cid.data[k], start, count);
		}
		CHECK(cid_sound(samples, end, count, 0) == count &&
		      count - end > (size_t)way->after_data.min * MS, "%d: %zu ms of rest",
		      way->standard, (count - end) / MS);
	}
}

KTAP_MAIN(TEST(test_windows), TEST(test_spandsp), TEST(test_own_receiver), TEST(test_alerts),
	  TEST(test_digits))
