// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fsk.c and callerid.c, judged by their samples: against the analogue modem
 * that they imitate, by spandsp for each standard that it knows, and by a
 * receiver of our own.
 */
#include "../../cid_ear.h"
#include "../../jclip.h"
#include "../ktap.h"
#include "callerid.h"
#include "signal.h"

#include <math.h>
#include <stdlib.h>
#include <spandsp.h>

#define MS		8	/* samples */
#define LONGEST		(11 * 8000)

static int16_t samples[LONGEST];

/* The messages of the fact sheets, checksums included. */
static const uint8_t sdmf[] =
	"\x04\x12" "09301224" "6095551212" "\x51";
static const uint8_t mdmf[] =
	"\x80\x21\x01\x08" "01020304" "\x02\x0a" "6095551212" "\x07\x09" "TEST NAME" "\x2b";
static const uint8_t etsi[] =
	"\x80\x19\x11\x01\x01\x01\x08" "01020304" "\x02\x0a" "0123456789" "\xa8";

static struct pots_cid bellcore(const uint8_t *octets, size_t count)
{
	struct pots_cid cid = {
		.signal = POTS_CID_BELL202, .count = count, .level_cdb = -1350,
		.bursts = 1, .before_data_ms = 550, .after_data_ms = 250,
		.seizure_bits = 300, .mark_bits = 180, .stop_bits = 1, .tail_bits = 4,
	};

	memcpy(cid.data, octets, count);
	return cid;
}

static struct pots_cid v23(const uint8_t *octets, size_t count)
{
	struct pots_cid cid = bellcore(octets, count);

	cid.signal = POTS_CID_V23;
	cid.level_cdb = -1230;
	return cid;
}

static const uint8_t jclip[] =
	"\x10\x01\x07\x10\x02\x40\x0c\x02\x0a" "0312345678" "\x10\x03";

/* Seven bits and even parity, four stop bits, no seizure; a CRC at the end. */
static struct pots_cid ntt(void)
{
	struct pots_cid cid = v23(jclip, sizeof(jclip) - 1);

	cid.seizure_bits = 0;
	cid.mark_bits = 75;
	cid.stop_bits = 4;
	jclip_finish(&cid);
	return cid;
}

static struct pots_cid dtmf(const char *digits)
{
	static const char order[] = "0123456789*#ABCD";
	struct pots_cid cid = {
		.signal = POTS_CID_DTMF, .level_cdb = -900, .before_data_ms = 200,
		.after_data_ms = 250, .on_ms = 70, .off_ms = 70,
	};

	for (; *digits; digits++)
		cid.data[cid.count++] = strchr(order, *digits) - order;
	return cid;
}

/* All of it in pieces of @piece; the number of samples that it says it takes. */
static size_t play_in(const struct pots_cid *cid, size_t piece)
{
	struct pots_callerid player;
	size_t made = 0;

	memset(samples, 0x55, sizeof(samples));
	pots_callerid_start(&player, cid, 0);
	while (made + piece <= LONGEST)
		made += pots_callerid_render(&player, samples + made, piece) ? piece : LONGEST;
	return pots_callerid_samples(cid);
}

static size_t play(const struct pots_cid *cid)
{
	CHECK(!pots_callerid_check(cid), "refused: %d", pots_callerid_check(cid));
	return play_in(cid, 8);
}

/* ------------------------------------------------------------ the modem --- */

/* The bits of a frame, as a telegraphist would write them down. */
static size_t write_bits(const struct pots_cid *cid, bool *bits)
{
	size_t n = 0, i, j;

	for (i = 0; i < cid->seizure_bits; i++)
		bits[n++] = (cid->seizure_bits - i) % 2;
	for (i = 0; i < cid->mark_bits; i++)
		bits[n++] = true;
	for (i = 0; i < cid->count; i++) {
		bits[n++] = false;
		for (j = 0; j < 8; j++)
			bits[n++] = cid->data[i] >> j & 1;
		for (j = 0; j < cid->stop_bits; j++)
			bits[n++] = true;
	}
	for (i = 0; i < cid->tail_bits; i++)
		bits[n++] = true;
	return n;
}

/* Turns of the ideal modem's phase until the time of @sample. */
static double turns(const bool *bits, size_t sample, const double hz[2])
{
	double bit = sample * 3 / 20., sum = 0;
	size_t i;

	for (i = 0; i + 1 <= bit; i++)
		sum += hz[bits[i]] / 1200;
	return sum + (bit - i) * hz[bits[i]] / 1200;
}

static void check_waveform(const struct pots_cid *cid, double mark_hz, double space_hz)
{
	const double hz[2] = { space_hz, mark_hz }, peak = peak_of(cid->level_cdb / 100.);
	static bool bits[4096];
	size_t count = write_bits(cid, bits), i, n = ceil(count * 20 / 3.);
	size_t from = cid->before_data_ms * MS;
	double worst = 0;

	play(cid);
	for (i = 0; i < n; i++) {
		double ideal = peak * sin(2 * M_PI * fmod(turns(bits, i, hz), 1));

		worst = fmax(worst, fabs(samples[from + i] - ideal));
	}
	/* half a step of rounding, and as much for the sine's table */
	CHECK(worst < 1, "a sample is off by %f of 32768", worst);
	CHECK(!samples[from - 1] && !samples[from + n], "sound outside the frame");
	CHECK(pots_callerid_samples(cid) ==
	      n + (cid->before_data_ms + cid->after_data_ms) * MS, "not %zu samples", n);
}

static void test_waveform(void)
{
	uint8_t any[POTS_CID_DATA_MAX];
	struct pots_cid cid;
	unsigned int i;

	for (i = 0; i < sizeof(any); i++)
		any[i] = i * 167 + 13;
	cid = bellcore(mdmf, sizeof(mdmf) - 1);
	check_waveform(&cid, 1200, 2200);
	cid = v23(etsi, sizeof(etsi) - 1);
	check_waveform(&cid, 1300, 2100);
	cid = v23(any, sizeof(any));
	cid.stop_bits = 10;
	cid.tail_bits = 0;
	cid.seizure_bits = 0;
	cid.mark_bits = 1;
	cid.bursts = 0;
	check_waveform(&cid, 1300, 2100);
	cid = ntt();
	check_waveform(&cid, 1300, 2100);
}

/* ------------------------------------------------------------ receivers --- */

static size_t play_under(const struct pots_cid *cid, const struct cid_condition *condition)
{
	struct pots_cid here = *cid;
	size_t length;

	here.level_cdb += condition->gain_cdb;
	length = play(&here);
	if (condition->noise_db)
		add_band_noise(samples, length, cid->level_cdb / 100. + condition->noise_db);
	return length;
}

struct heard_case {
	const char *name;
	int standard;
	struct pots_cid cid;
	const void *octets;
	size_t count;
};

/* What is heard of a string constant, its last @less octets left out. */
#define SAYS(text, less) text, sizeof(text) - 1 - (less)

static void check_heard(const struct heard_case *test, const struct cid_condition *condition)
{
	size_t length = play_under(&test->cid, condition);
	struct cid_message message;

	cid_spandsp(test->standard, samples, length, &message);
	CHECK(message.count == 1, "%s, %s: %u messages", test->name, condition->name,
	      message.count);
	CHECK(message.length == test->count &&
	      !memcmp(message.octet, test->octets, test->count),
	      "%s, %s: another message of %u", test->name, condition->name, message.length);
}

static void test_spandsp(void)
{
	const struct heard_case cases[] = {
		{ "SDMF", ADSI_STANDARD_CLASS, bellcore(SAYS(sdmf, 0)), SAYS(sdmf, 1) },
		{ "MDMF", ADSI_STANDARD_CLASS, bellcore(SAYS(mdmf, 0)), SAYS(mdmf, 1) },
		{ "ETSI", ADSI_STANDARD_CLIP, v23(SAYS(etsi, 0)), SAYS(etsi, 1) },
		{ "A-CLIP", ADSI_STANDARD_ACLIP, bellcore(SAYS(mdmf, 0)), SAYS(mdmf, 1) },
		{ "J-CLIP", ADSI_STANDARD_JCLIP, ntt(), SAYS(jclip, 0) },
		{ "DTMF A..C", ADSI_STANDARD_CLIP_DTMF, dtmf("A0123456789C"),
		  SAYS("A0123456789C", 0) },
		{ "DTMF D..C", ADSI_STANDARD_CLIP_DTMF, dtmf("D0123456789C"),
		  SAYS("D0123456789C", 0) },
		{ "DTMF A..#", ADSI_STANDARD_CLIP_DTMF, dtmf("A0123456789#"),
		  SAYS("A0123456789#", 0) },
	};
	size_t i, k;

	for (i = 0; i < ARRAY_SIZE(cases); i++)
		for (k = 0; k < CID_CONDITIONS; k++)
			check_heard(&cases[i], &cid_conditions[k]);
}

static void check_own(const struct pots_cid *cid, double mark_hz, double space_hz,
		      const struct cid_condition *condition)
{
	size_t length = play_under(cid, condition), from = cid->before_data_ms * MS;
	struct cid_fsk fsk;

	/* where the data are is known here; with noise there is no silence */
	length -= cid->after_data_ms * MS;
	CHECK(cid_fsk(samples + from, length - from, mark_hz, space_hz, 0, &fsk), "nothing");
	CHECK(fsk.octets == cid->count && !fsk.bad &&
	      !memcmp(fsk.octet, cid->data, cid->count), "%s: %u octets, %u bad",
	      condition->name, fsk.octets, fsk.bad);
	if (condition->noise_db)
		return;
	CHECK(fabs(fsk.seizure_bits - cid->seizure_bits) < 0.2, "seizure %f",
	      fsk.seizure_bits);
	CHECK(fabs(fsk.mark_bits - cid->mark_bits) < 0.2, "mark %f", fsk.mark_bits);
	CHECK(fabs(fsk.stop_bits[0] - cid->stop_bits) < 0.2 &&
	      fabs(fsk.stop_bits[1] - cid->stop_bits) < 0.2, "stop bits %f to %f",
	      fsk.stop_bits[0], fsk.stop_bits[1]);
}

static void test_own_receiver(void)
{
	const struct pots_cid one = bellcore(SAYS(mdmf, 0)), two = v23(SAYS(etsi, 0));
	const struct pots_cid three = ntt();
	size_t k;

	for (k = 0; k < CID_CONDITIONS; k++) {
		check_own(&one, 1200, 2200, &cid_conditions[k]);
		check_own(&two, 1300, 2100, &cid_conditions[k]);
		check_own(&three, 1300, 2100, &cid_conditions[k]);
	}
}

/* ------------------------------------------------------------ the parts --- */

static void test_alert(void)
{
	struct pots_cid cid = v23(SAYS(etsi, 0));
	struct fit fit = { .sines = 2, .hz = { 2130, 2750 } };
	size_t start, end;

	cid.bursts = 0;
	cid.flags = POTS_CID_F_REVERSE;
	cid.before_alert_ms = 250;
	cid.alert_ms = 100;
	cid.alert_level_cdb = -1380;
	cid.before_data_ms = 60;
	play(&cid);
	start = cid_sound(samples, 0, LONGEST, 0);
	end = cid_silence(samples, start, LONGEST, 100, 0);
	CHECK(start <= 250 * MS + 1 && start >= 250 * MS, "begins at %zu", start);
	CHECK(end <= 350 * MS && end >= 350 * MS - 3, "ends at %zu", end);
	/* its level and the ramps */
	fit_sines(samples + 250 * MS + 40, 100 * MS - 80, &fit);
	CHECK(fabs(fit.hz[0] - 2130) < 0.1 && fabs(fit.hz[1] - 2750) < 0.1, "%f and %f Hz",
	      fit.hz[0], fit.hz[1]);
	CHECK(fabs(fit.dbm0[0] + 13.8) < 0.05 && fabs(fit.dbm0[1] + 13.8) < 0.05,
	      "%f and %f dBm0", fit.dbm0[0], fit.dbm0[1]);
	/* the first sample of a sine is zero */
	start = cid_sound(samples, end, LONGEST, 0);
	CHECK(start == 410 * MS + 1, "data at %zu", start);

	/* a ringing pulse is not for the ear, nor what comes before it */
	cid.flags = POTS_CID_F_RING_PULSE;
	cid.alert_level_cdb = 0;
	play(&cid);
	start = cid_sound(samples, 0, LONGEST, 0);
	CHECK(start == 60 * MS + 1, "data at %zu", start);
}

static void test_digits(void)
{
	struct pots_cid cid = dtmf("A01");
	size_t at = 200 * MS, length = play(&cid), i;

	CHECK(length == (200 + 3 * 70 + 2 * 70 + 250) * MS, "%zu samples", length);
	for (i = 0; i < 3; i++, at += 140 * MS) {
		size_t start = cid_sound(samples, at - 10 * MS, LONGEST, 0);
		size_t end = cid_silence(samples, start, LONGEST, 100, 0);

		CHECK(start >= at && start <= at + 1, "digit %zu at %zu", i, start);
		CHECK(end >= at + 70 * MS - 3 && end <= at + 70 * MS, "ends at %zu", end);
	}
	CHECK(cid_sound(samples, at - 70 * MS, length, 0) == length, "sound after it");
}

static void test_extra_silence(void)
{
	struct pots_cid cid = dtmf("1");
	struct pots_callerid player;
	size_t made = 0;

	pots_callerid_start(&player, &cid, 32);
	while (made < LONGEST && pots_callerid_render(&player, samples + made, 1))
		made++;
	CHECK(made + 1 == pots_callerid_samples(&cid) + 32, "%zu samples", made + 1);
}

/* Of a second call: 100 ms of alert, 160 for the answer, 60 of silence. */
static struct pots_cid second_call(void)
{
	struct pots_cid cid = v23(SAYS(etsi, 0));

	cid.bursts = 0;
	cid.before_alert_ms = 50;
	cid.alert_ms = 100;
	cid.alert_level_cdb = -1380;
	cid.ack_ms = 160;
	cid.before_data_ms = 60;
	cid.after_data_ms = 50;
	cid.seizure_bits = 0;
	cid.mark_bits = 80;
	return cid;
}

static void test_acknowledged(void)
{
	const struct pots_cid cid = second_call();
	const size_t ack = (50 + 100 + 70) * MS;
	struct pots_callerid player;
	struct cid_message message;
	size_t length, start;

	CHECK(!pots_callerid_check(&cid), "refused");
	pots_callerid_start(&player, &cid, 0);
	/* too early: it is no answer to anything */
	pots_callerid_acknowledge(&player);
	pots_callerid_render(&player, samples, ack);
	pots_callerid_acknowledge(&player);
	length = ack;
	while (length < LONGEST && pots_callerid_render(&player, samples + length, 8)) {
		length += 8;
		/* nor is it one to the data */
		if (length == ack + 200 * MS)
			pots_callerid_acknowledge(&player);
	}
	start = cid_sound(samples, 0, length, 0);
	CHECK(start >= 50 * MS && start <= 50 * MS + 1, "alert at %zu", start);
	start = cid_sound(samples, 150 * MS, length, 0);
	CHECK(start == ack + 60 * MS + 1, "data at %zu", start);
	CHECK(!player.ignored, "ignored");
	cid_spandsp(ADSI_STANDARD_CLIP, samples + 150 * MS, length - 150 * MS, &message);
	CHECK(message.count == 1 && message.length == sizeof(etsi) - 2, "%u messages of %u",
	      message.count, message.length);
}

static void test_not_acknowledged(void)
{
	const struct pots_cid cid = second_call();
	struct pots_callerid player;
	size_t length = 0;

	pots_callerid_start(&player, &cid, 16);
	while (length < LONGEST && pots_callerid_render(&player, samples + length, 1))
		length++;
	CHECK(length + 1 == (50 + 100 + 160) * MS + 2 * 16, "gives up at %zu", length);
	CHECK(player.ignored, "not ignored");
	CHECK(cid_sound(samples, 150 * MS, length, 0) == length, "data all the same");
}

static void test_pieces(void)
{
	const struct pots_cid cids[] = {
		bellcore(SAYS(mdmf, 0)), dtmf("D0123456789C"), ntt(),
	};
	static const size_t pieces[] = { 1, 7, 160, LONGEST };
	static int16_t whole[LONGEST];
	size_t i, k;

	for (i = 0; i < ARRAY_SIZE(cids); i++) {
		size_t length = play(&cids[i]);

		memcpy(whole, samples, sizeof(whole));
		for (k = 0; k < ARRAY_SIZE(pieces); k++) {
			play_in(&cids[i], pieces[k]);
			CHECK(!memcmp(whole, samples, length * sizeof(*whole)),
			      "%zu differs in pieces of %zu", i, pieces[k]);
		}
	}
}

/* ------------------------------------------------------------- refusals --- */

struct wrong {
	const char *what;
	int error;
	size_t offset, size;
	int value;
};

#define WRONG(field, bad, errno_) { #field " = " #bad, -(errno_), \
	offsetof(struct pots_cid, field), sizeof(((struct pots_cid *)0)->field), bad }

static void check_refused(const struct pots_cid *valid, const struct wrong *wrong,
			  size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		struct pots_cid cid = *valid;

		memcpy((char *)&cid + wrong[i].offset, &wrong[i].value, wrong[i].size);
		CHECK(pots_callerid_check(&cid) == wrong[i].error, "%s: %d", wrong[i].what,
		      pots_callerid_check(&cid));
	}
}

static void test_refused_fsk(void)
{
	static const struct wrong wrong[] = {
		WRONG(flags, 4, EINVAL), WRONG(flags, 1, EINVAL), WRONG(flags, 2, EINVAL),
		WRONG(signal, 0, EINVAL), WRONG(signal, 4, EINVAL),
		WRONG(count, 0, EINVAL), WRONG(count, 35, EINVAL),
		WRONG(count, POTS_CID_DATA_MAX + 1, EINVAL),
		WRONG(level_cdb, 1, ERANGE), WRONG(level_cdb, -4001, ERANGE),
		WRONG(alert_level_cdb, -1, EINVAL), WRONG(bursts, 9, ERANGE),
		WRONG(before_alert_ms, 1, EINVAL), WRONG(alert_ms, 1, EINVAL),
		WRONG(before_data_ms, 5001, ERANGE), WRONG(after_data_ms, 5001, ERANGE),
		WRONG(seizure_bits, 1001, ERANGE), WRONG(mark_bits, 1001, ERANGE),
		WRONG(stop_bits, 0, ERANGE), WRONG(stop_bits, 11, ERANGE),
		WRONG(tail_bits, 1001, ERANGE), WRONG(on_ms, 70, EINVAL),
		WRONG(off_ms, 70, EINVAL), WRONG(reserved[0], 1, EINVAL),
		WRONG(reserved[2], 1, EINVAL), WRONG(ack_ms, 160, EINVAL),
		WRONG(pulses, 1, EINVAL), WRONG(pulse_off_ms, 500, EINVAL),
		WRONG(hangup_ms, 500, EINVAL), WRONG(data[POTS_CID_DATA_MAX - 1], 1, EINVAL),
	};
	struct pots_cid cid = bellcore(SAYS(mdmf, 0));

	check_refused(&cid, wrong, ARRAY_SIZE(wrong));
}

/* Pulses that the telephone answers. */
static void test_refused_pulses(void)
{
	static const struct wrong wrong[] = {
		WRONG(flags, 0, EINVAL), WRONG(flags, POTS_CID_F_REVERSE, EINVAL),
		WRONG(bursts, 1, EINVAL), WRONG(ack_ms, 160, EINVAL), WRONG(pulses, 0, EINVAL),
		WRONG(pulses, 11, ERANGE), WRONG(pulse_off_ms, 99, ERANGE),
		WRONG(pulse_off_ms, 5001, ERANGE), WRONG(hangup_ms, 99, ERANGE),
		WRONG(hangup_ms, 10001, ERANGE), WRONG(alert_ms, 0, EINVAL),
	};
	struct pots_cid cid = ntt(), digits = dtmf("D0123456789C");

	cid.bursts = 0;
	cid.flags = POTS_CID_F_RING_PULSE;
	cid.alert_ms = 500;
	cid.pulses = 10;
	cid.pulse_off_ms = 100;
	cid.hangup_ms = 10000;
	CHECK(!pots_callerid_check(&cid), "refused");
	/* neither they nor the pauses are sounds */
	CHECK(pots_callerid_samples(&cid) == play(&cid) &&
	      cid_sound(samples, 0, LONGEST, 0) == cid.before_data_ms * MS + 1, "sounds");
	check_refused(&cid, wrong, ARRAY_SIZE(wrong));

	digits.flags = POTS_CID_F_RING_PULSE;
	digits.alert_ms = 500;
	CHECK(!pots_callerid_check(&digits), "refused");
	digits.pulses = 5;
	digits.pulse_off_ms = 500;
	digits.hangup_ms = 1000;
	CHECK(pots_callerid_check(&digits) == -EINVAL, "by digits");
}

static void test_refused_dtmf(void)
{
	static const struct wrong wrong[] = {
		WRONG(seizure_bits, 1, EINVAL), WRONG(mark_bits, 1, EINVAL),
		WRONG(stop_bits, 1, EINVAL), WRONG(tail_bits, 1, EINVAL),
		WRONG(on_ms, 19, ERANGE), WRONG(on_ms, 1001, ERANGE),
		WRONG(off_ms, 19, ERANGE), WRONG(off_ms, 1001, ERANGE),
		WRONG(data[3], 16, EINVAL), WRONG(alert_ms, 1001, ERANGE),
		WRONG(before_alert_ms, 5001, ERANGE), WRONG(alert_level_cdb, 1, EINVAL),
		WRONG(flags, 2, EINVAL),
	};
	static const struct wrong wrong_ack[] = {
		WRONG(ack_ms, 19, ERANGE), WRONG(ack_ms, 1001, ERANGE),
		WRONG(alert_ms, 0, EINVAL), WRONG(bursts, 1, EINVAL),
		WRONG(flags, 1, EINVAL), WRONG(flags, 2, EINVAL),
	};
	const struct pots_cid second = second_call();
	struct pots_cid cid = dtmf("D0123456789C"), unasked = second;

	check_refused(&cid, wrong, ARRAY_SIZE(wrong));
	check_refused(&second, wrong_ack, ARRAY_SIZE(wrong_ack));
	unasked.alert_ms = 0;
	unasked.alert_level_cdb = 0;
	CHECK(pots_callerid_check(&unasked) == -EINVAL, "an answer to no alert");

	/* ten seconds are the most: 66 digits of 150 ms fit, 67 do not */
	cid.count = 66;
	cid.on_ms = 80;
	cid.before_data_ms = 0;
	cid.after_data_ms = 50;
	memset(cid.data, 1, 66);
	CHECK(!pots_callerid_check(&cid), "66 digits");
	cid.data[66] = 1;
	cid.count = 67;
	CHECK(pots_callerid_check(&cid) == -ERANGE, "67 digits");
}

KTAP_MAIN(TEST(test_waveform), TEST(test_spandsp), TEST(test_own_receiver),
	  TEST(test_alert), TEST(test_digits), TEST(test_extra_silence), TEST(test_pieces),
	  TEST(test_acknowledged), TEST(test_not_acknowledged),
	  TEST(test_refused_fsk), TEST(test_refused_pulses), TEST(test_refused_dtmf))
