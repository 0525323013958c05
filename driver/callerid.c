// SPDX-License-Identifier: GPL-2.0-only
#include "callerid.h"

#define SAMPLES_PER_MS	(POTS_RATE_HZ / 1000)
#define SILENCE_MAX_MS	5000
#define ALERT_MAX_MS	1000
#define BITS_MAX	1000
#define STOP_BITS_MAX	10
#define DIGIT_MIN_MS	20
#define DIGIT_MAX_MS	1000
#define ACK_MIN_MS	20
#define ACK_MAX_MS	1000
#define PULSES_MAX	10
#define PULSE_OFF_MIN_MS 100
#define HANGUP_MIN_MS	100
#define HANGUP_MAX_MS	10000
#define LEVEL_MIN_CDB	(-4000)
#define LEVEL_MAX_CDB	0
#define DTMF_LOW_CDB	(-900)	/* of the built-in digits' lower frequency */

/* What it is made of, in this order. */
enum part {
	PART_BEFORE_ALERT,
	PART_ALERT,
	PART_ACKNOWLEDGE,
	PART_BEFORE_DATA,
	PART_DATA,
	PART_AFTER_DATA,
	PART_COUNT,
};

enum source {
	SOURCE_SILENCE,
	SOURCE_TONE,
	SOURCE_FSK,
};

/*
 * DT-AS, CAS, tone alert: every standard has the same one. Shorter than a
 * program for userspace, as those of tone_plan.c.
 */
static const struct {
	u32 count, loop_start, repeat, reserved;
	struct pots_tone_step step[1];
} alert = {
	.count = 1,
	.step = { { .freq_mhz = { 2130000, 2750000 } } },
};

static const struct {
	u16 mark_hz, space_hz;
} modem[] = {
	[POTS_CID_BELL202] = { 1200, 2200 },
	[POTS_CID_V23] = { 1300, 2100 },
};

/* ------------------------------------------------------------- checking --- */

static bool is_fsk(const struct pots_cid *cid)
{
	return cid->signal == POTS_CID_BELL202 || cid->signal == POTS_CID_V23;
}

static bool level_ok(s16 level_cdb)
{
	return level_cdb >= LEVEL_MIN_CDB && level_cdb <= LEVEL_MAX_CDB;
}

static int check_fsk(const struct pots_cid *cid)
{
	if (cid->on_ms || cid->off_ms)
		return -EINVAL;
	if (cid->seizure_bits > BITS_MAX || cid->mark_bits > BITS_MAX ||
	    cid->stop_bits < 1 || cid->stop_bits > STOP_BITS_MAX ||
	    cid->tail_bits > BITS_MAX)
		return -ERANGE;
	return 0;
}

static int check_dtmf(const struct pots_cid *cid)
{
	u32 i;

	if (cid->seizure_bits || cid->mark_bits || cid->stop_bits || cid->tail_bits)
		return -EINVAL;
	for (i = 0; i < cid->count; i++)
		if (cid->data[i] >= POTS_DIGIT_COUNT)
			return -EINVAL;
	if (cid->on_ms < DIGIT_MIN_MS || cid->on_ms > DIGIT_MAX_MS ||
	    cid->off_ms < DIGIT_MIN_MS || cid->off_ms > DIGIT_MAX_MS)
		return -ERANGE;
	return 0;
}

static int check_data(const struct pots_cid *cid)
{
	u32 i;

	if (cid->count < 1 || cid->count > POTS_CID_DATA_MAX)
		return -EINVAL;
	for (i = cid->count; i < POTS_CID_DATA_MAX; i++)
		if (cid->data[i])
			return -EINVAL;
	if (is_fsk(cid))
		return check_fsk(cid);
	return cid->signal == POTS_CID_DTMF ? check_dtmf(cid) : -EINVAL;
}

/* After a ring nothing is needed to wake the telephone up. */
static bool alert_ok(const struct pots_cid *cid)
{
	bool pulse = cid->flags & POTS_CID_F_RING_PULSE;

	if (!cid->alert_ms && (pulse || cid->alert_level_cdb))
		return false;
	if (pulse && cid->alert_level_cdb)
		return false;
	return !cid->bursts || !(cid->flags || cid->alert_ms || cid->before_alert_ms);
}

static int check_ack(const struct pots_cid *cid)
{
	if (!cid->ack_ms)
		return 0;
	if (cid->flags || cid->bursts || !cid->alert_ms)
		return -EINVAL;
	return cid->ack_ms < ACK_MIN_MS || cid->ack_ms > ACK_MAX_MS ? -ERANGE : 0;
}

/* A telephone that answers to receive the data, or what only that needs. */
static int check_pulses(const struct pots_cid *cid)
{
	if (!cid->pulses)
		return cid->pulse_off_ms || cid->hangup_ms ? -EINVAL : 0;
	if (!(cid->flags & POTS_CID_F_RING_PULSE) || !is_fsk(cid))
		return -EINVAL;
	return cid->pulses > PULSES_MAX || cid->pulse_off_ms < PULSE_OFF_MIN_MS ||
	       cid->pulse_off_ms > SILENCE_MAX_MS || cid->hangup_ms < HANGUP_MIN_MS ||
	       cid->hangup_ms > HANGUP_MAX_MS ? -ERANGE : 0;
}

int pots_callerid_check(const struct pots_cid *cid)
{
	u32 i;
	int ret;

	if (cid->flags & ~(POTS_CID_F_REVERSE | POTS_CID_F_RING_PULSE) || !alert_ok(cid))
		return -EINVAL;
	for (i = 0; i < ARRAY_SIZE(cid->reserved); i++)
		if (cid->reserved[i])
			return -EINVAL;
	if (cid->before_alert_ms > SILENCE_MAX_MS || cid->alert_ms > ALERT_MAX_MS ||
	    cid->before_data_ms > SILENCE_MAX_MS || cid->after_data_ms > SILENCE_MAX_MS ||
	    cid->bursts > POTS_CID_BURSTS_MAX || !level_ok(cid->level_cdb) ||
	    !level_ok(cid->alert_level_cdb))
		return -ERANGE;
	ret = check_ack(cid) ?: check_pulses(cid) ?: check_data(cid);
	if (ret)
		return ret;
	return pots_callerid_samples(cid) > POTS_CID_MAX_MS * SAMPLES_PER_MS ? -ERANGE : 0;
}

/* ------------------------------------------------------------ the parts --- */

static void fill_frame(const struct pots_cid *cid, struct pots_fsk_frame *frame)
{
	frame->mark_hz = modem[cid->signal].mark_hz;
	frame->space_hz = modem[cid->signal].space_hz;
	frame->level_cdb = cid->level_cdb;
	frame->seizure_bits = cid->seizure_bits;
	frame->mark_bits = cid->mark_bits;
	frame->stop_bits = cid->stop_bits;
	frame->tail_bits = cid->tail_bits;
	frame->octets = cid->count;
	frame->octet = cid->data;
}

static u32 data_samples(const struct pots_cid *cid)
{
	struct pots_fsk_frame frame;

	if (!is_fsk(cid))
		return (cid->count * (cid->on_ms + cid->off_ms) - cid->off_ms) *
		       SAMPLES_PER_MS;
	fill_frame(cid, &frame);
	return pots_fsk_samples(&frame);
}

/* A ringing pulse and what is before it are no sounds. */
static u32 alert_ms(const struct pots_cid *cid)
{
	return cid->flags & POTS_CID_F_RING_PULSE ? 0 :
	       cid->before_alert_ms + cid->alert_ms;
}

u32 pots_callerid_samples(const struct pots_cid *cid)
{
	return (alert_ms(cid) + cid->ack_ms + cid->before_data_ms + cid->after_data_ms) *
	       SAMPLES_PER_MS + data_samples(cid);
}

static void be_silent(struct pots_callerid *player, u32 samples)
{
	player->source = SOURCE_SILENCE;
	player->left = samples;
}

static void sound(struct pots_callerid *player, const void *program, s32 gain_cdb,
		  u32 ms)
{
	player->source = SOURCE_TONE;
	player->left = ms * SAMPLES_PER_MS;
	pots_tone_start(&player->tone, program, gain_cdb, player->left);
}

/* Digits and pauses take turns; there is none after the last digit. */
static bool next_digit(struct pots_callerid *player)
{
	const struct pots_cid *cid = player->cid;

	if (player->digit == cid->count)
		return false;
	player->pause = !player->pause && player->digit;
	if (player->pause)
		be_silent(player, cid->off_ms * SAMPLES_PER_MS);
	else
		sound(player, pots_tone_builtin(POTS_TONE_DTMF + cid->data[player->digit++]),
		      cid->level_cdb - DTMF_LOW_CDB, cid->on_ms);
	return true;
}

static void begin_fsk(struct pots_callerid *player)
{
	struct pots_fsk_frame frame;

	fill_frame(player->cid, &frame);
	player->source = SOURCE_FSK;
	player->left = pots_fsk_samples(&frame);
	pots_fsk_start(&player->fsk, &frame);
}

static void begin_part(struct pots_callerid *player)
{
	const struct pots_cid *cid = player->cid;

	switch (player->part) {
	case PART_BEFORE_ALERT:
		be_silent(player, cid->before_alert_ms * SAMPLES_PER_MS);
		return;
	case PART_ALERT:
		sound(player, &alert, cid->alert_level_cdb, cid->alert_ms);
		return;
	case PART_ACKNOWLEDGE:
		/* the alert is as late at the telephone as its answer is here */
		be_silent(player, cid->ack_ms ? cid->ack_ms * SAMPLES_PER_MS +
						2 * player->extra : 0);
		return;
	case PART_BEFORE_DATA:
		be_silent(player, cid->before_data_ms * SAMPLES_PER_MS);
		return;
	case PART_DATA:
		if (is_fsk(cid))
			begin_fsk(player);
		else
			next_digit(player);
		return;
	case PART_AFTER_DATA:
		be_silent(player, cid->after_data_ms * SAMPLES_PER_MS + player->extra);
		return;
	}
}

/* What comes next; parts of no length are passed over. */
static void go_on(struct pots_callerid *player)
{
	if (player->ignored) {
		player->active = false;
		return;
	}
	if (player->part == PART_DATA && !is_fsk(player->cid) && next_digit(player))
		return;
	do {
		if (++player->part == PART_COUNT) {
			player->active = false;
			return;
		}
		begin_part(player);
	} while (!player->left);
}

void pots_callerid_start(struct pots_callerid *player, const struct pots_cid *cid,
			 u32 extra)
{
	memset(player, 0, sizeof(*player));
	player->cid = cid;
	player->extra = extra;
	player->active = true;
	player->part = alert_ms(cid) ? PART_BEFORE_ALERT : PART_BEFORE_DATA;
	begin_part(player);
	if (!player->left)
		go_on(player);
}

static void make(struct pots_callerid *player, s16 *out, u32 count)
{
	switch (player->source) {
	case SOURCE_SILENCE:
		memset(out, 0, count * sizeof(*out));
		return;
	case SOURCE_TONE:
		pots_tone_render(&player->tone, out, count, false);
		return;
	case SOURCE_FSK:
		pots_fsk_render(&player->fsk, out, count);
		return;
	}
}

bool pots_callerid_render(struct pots_callerid *player, s16 *out, unsigned int count)
{
	while (count && player->active) {
		u32 run = min_t(u32, count, player->left);

		make(player, out, run);
		player->left -= run;
		if (!player->left) {
			player->ignored = player->part == PART_ACKNOWLEDGE;
			go_on(player);
		}
		out += run;
		count -= run;
	}
	memset(out, 0, count * sizeof(*out));
	return player->active;
}

void pots_callerid_acknowledge(struct pots_callerid *player)
{
	if (player->active && player->part == PART_ACKNOWLEDGE)
		go_on(player);
}
