// SPDX-License-Identifier: GPL-2.0-only
#include "digits.h"

#define SAMPLES_PER_MS	(POTS_RATE_HZ / 1000)
#define TENTH_DIGIT	10	/* of a dial: the zero */

#define FLAGS_WAY	(POTS_DIAL_F_PULSE | POTS_DIAL_F_MF_R1 | POTS_DIAL_F_MF_R2)
#define FLAGS_ALL	(FLAGS_WAY | POTS_DIAL_F_WAIT_TONE | POTS_DIAL_F_BLIND)

/* ------------------------------------------------------------- checking --- */

static bool is_pulse(const struct pots_dial *dial)
{
	return dial->flags & POTS_DIAL_F_PULSE;
}

static bool is_mf(const struct pots_dial *dial)
{
	return dial->flags & (POTS_DIAL_F_MF_R1 | POTS_DIAL_F_MF_R2);
}

static bool within(s32 value, s32 min, s32 max)
{
	return value >= min && value <= max;
}

static int check_digits(const struct pots_dial *dial)
{
	u32 i, last = is_pulse(dial) ? 9 : is_mf(dial) ? POTS_MF_ST : POTS_DIGIT_D;

	if (!dial->count || dial->count > POTS_DIAL_MAX)
		return -EINVAL;
	for (i = 0; i < dial->count; i++)
		if (dial->digit[i] > last && dial->digit[i] != POTS_DIAL_PAUSE)
			return -EINVAL;
	for (; i < POTS_DIAL_MAX; i++)
		if (dial->digit[i])
			return -EINVAL;
	return 0;
}

static int check_pulse(const struct pots_dial *dial)
{
	if (dial->on_ms || dial->off_ms || dial->level_cdb || dial->twist_cdb ||
	    dial->pulse_map > POTS_PULSE_MAP_N_1)
		return -EINVAL;
	if (!within(dial->break_ms, 10, 200) || !within(dial->make_ms, 10, 200) ||
	    !within(dial->interdigit_ms, 100, 2000))
		return -ERANGE;
	return 0;
}

static int check_tones(const struct pots_dial *dial)
{
	if (dial->break_ms || dial->make_ms || dial->interdigit_ms || dial->pulse_map)
		return -EINVAL;
	if (!within(dial->on_ms, 40, 1000) || !within(dial->off_ms, 40, 1000) ||
	    !within(dial->level_cdb, -4000, 0) || !within(dial->twist_cdb, -600, 600))
		return -ERANGE;
	return 0;
}

static int check_wait(const struct pots_dial *dial)
{
	if (!(dial->flags & POTS_DIAL_F_WAIT_TONE)) {
		if (dial->flags & POTS_DIAL_F_BLIND)
			return -EINVAL;
		return dial->wait_ms > 10000 ? -ERANGE : 0;
	}
	return dial->wait_ms < 100 || dial->wait_ms > 60000 ? -ERANGE : 0;
}

int pots_digits_check(const struct pots_dial *dial)
{
	u32 i, way = dial->flags & FLAGS_WAY;
	int ret;

	if (dial->flags & ~FLAGS_ALL || way & (way - 1))
		return -EINVAL;
	for (i = 0; i < ARRAY_SIZE(dial->reserved); i++)
		if (dial->reserved[i])
			return -EINVAL;
	ret = check_digits(dial);
	if (!ret)
		ret = is_pulse(dial) ? check_pulse(dial) : check_tones(dial);
	if (!ret)
		ret = check_wait(dial);
	if (ret)
		return ret;
	return dial->pause_ms > 10000 ? -ERANGE : 0;
}

/* --------------------------------------------------------------- pulses --- */

u32 pots_digit_pulses(u32 digit, u32 map)
{
	switch (map) {
	case POTS_PULSE_MAP_10_N:
		return TENTH_DIGIT - digit;
	case POTS_PULSE_MAP_N_1:
		return digit + 1;
	default:
		return digit ? digit : TENTH_DIGIT;
	}
}

/* --------------------------------------------------------- DTMF and MF --- */

static u32 sound_ms(const struct pots_dial *dial, u32 digit)
{
	bool longer = dial->flags & POTS_DIAL_F_MF_R1 && digit == POTS_MF_KP;

	return longer ? dial->on_ms * 3 / 2 : dial->on_ms;
}

static u32 length(const struct pots_dial *dial, u32 at)
{
	u32 digit = dial->digit[at];
	u32 ms = digit == POTS_DIAL_PAUSE ? dial->pause_ms :
					    sound_ms(dial, digit) + dial->off_ms;

	return ms * SAMPLES_PER_MS;
}

/* Two of six: 0 is the tenth, those beyond 9 have the sixth. Q.320, Q.441. */
static void mf(const struct pots_dial *dial, u32 digit, u32 *freq_mhz)
{
	static const u8 pairs[POTS_MF_COUNT] = {
		0x34, 0x01, 0x02, 0x12, 0x03, 0x13, 0x23, 0x04, 0x14, 0x24,
		0x05, 0x15, 0x25, 0x35, 0x45,
	};
	bool r1 = dial->flags & POTS_DIAL_F_MF_R1;
	u32 base_hz = r1 ? 700 : 1380, step_hz = r1 ? 200 : 120;

	freq_mhz[0] = (base_hz + (pairs[digit] >> 4) * step_hz) * 1000;
	freq_mhz[1] = (base_hz + (pairs[digit] & 0xf) * step_hz) * 1000;
}

u32 pots_digits_samples(const struct pots_dial *dial)
{
	u32 i, samples = 0;

	for (i = 0; i < dial->count; i++)
		samples += length(dial, i);
	return samples;
}

static void be_silent(struct pots_digits *digits, u32 ms)
{
	digits->sounds = false;
	digits->left = ms * SAMPLES_PER_MS;
}

/* DTMF's frequencies are those of the built-in digits, the levels are asked for. */
static void sound(struct pots_digits *digits, u32 digit)
{
	const struct pots_dial *dial = digits->dial;
	struct pots_tone_step *step = &digits->program.step;

	memset(&digits->program, 0, sizeof(digits->program));
	digits->program.count = 1;
	if (is_mf(dial))
		mf(dial, digit, step->freq_mhz);
	else
		memcpy(step->freq_mhz, pots_tone_builtin(POTS_TONE_DTMF + digit)->step[0].freq_mhz,
		       sizeof(step->freq_mhz));
	step->level_cdb[0] = dial->level_cdb;
	step->level_cdb[1] = min(dial->level_cdb + dial->twist_cdb, POTS_TONE_LEVEL_MAX_CDB);
	digits->sounds = true;
	digits->left = sound_ms(dial, digit) * SAMPLES_PER_MS;
	pots_tone_start(&digits->tone, (const void *)&digits->program, 0, digits->left);
}

/* Of no length at all is a pause of 0 ms. */
static void go_on(struct pots_digits *digits)
{
	const struct pots_dial *dial = digits->dial;

	if (digits->gap_due) {
		digits->gap_due = false;
		be_silent(digits, dial->off_ms);
	} else if (digits->next < dial->count) {
		u32 digit = dial->digit[digits->next++];

		if (digit == POTS_DIAL_PAUSE) {
			be_silent(digits, dial->pause_ms);
		} else {
			digits->gap_due = true;
			sound(digits, digit);
		}
	} else if (digits->extra) {
		digits->sounds = false;
		digits->left = digits->extra;
		digits->extra = 0;
	} else {
		digits->active = false;
	}
}

void pots_digits_start(struct pots_digits *digits, const struct pots_dial *dial,
		       u32 extra)
{
	memset(digits, 0, sizeof(*digits));
	digits->dial = dial;
	digits->extra = extra;
	digits->active = true;
}

bool pots_digits_render(struct pots_digits *digits, s16 *out, unsigned int count)
{
	while (count && digits->active) {
		u32 run = min_t(u32, count, digits->left);

		if (digits->sounds)
			pots_tone_render(&digits->tone, out, run, false);
		else
			memset(out, 0, run * sizeof(*out));
		digits->left -= run;
		out += run;
		count -= run;
		if (!digits->left)
			go_on(digits);
	}
	memset(out, 0, count * sizeof(*out));
	return digits->active;
}
