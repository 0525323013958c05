// SPDX-License-Identifier: GPL-2.0-only
/*
 * pots-sim: the DTMF decoder of an Si3210.
 *
 * It decides every 15 ms, and believes what it found twice in a row. So a tone
 * of 45 ms is always seen, and of digits that come every 100 ms each may be read
 * for 85 ms, the data sheet's two figures: the next one takes its place, read or
 * not. A block of which a quarter is silent is none of a digit.
 *
 * Thresholds are the chip's indirect registers where their scale is known; the
 * least power and the share of all power are constants.
 *
 * The decoder costs time, so it works only while its interrupt is enabled, and
 * for a second after its register was read.
 */
#include <linux/math64.h>

#include "si3210.h"

#define FRACTION	14
#define ONE		0x07f0		/* in the thresholds */
#define NOTHING		0xff
#define LEAST		(404 * 404 / 2 * SIM3210_DTMF_BLOCK) /* -35 dBm0 */
#define WATCHED_NS	(1 * (u64)NSEC_PER_SEC)

/* Doubled cosines of the frequencies. */
static const s32 rows[] = { 27980, 26956, 25701, 24219 };
static const s32 cols[] = { 19073, 16325, 13085, 9315 };

/* What register 24 calls them: 0 is the tenth. */
static const u8 digits[] = {
	1,  2,  3,  13,
	4,  5,  6,  14,
	7,  8,  9,  15,
	11, 10, 12, 0,
};

/**
 * struct tone - the strongest of a group
 * @at:		which
 * @energy:	as it adds to the sum of the squares
 * @second:	of the second strongest
 * @harmonic:	of its second harmonic
 */
struct tone {
	unsigned int at;
	u64 energy;
	u64 second;
	u64 harmonic;
};

/* Goertzel's algorithm. */
static u64 energy_at(const s16 *sample, s32 coefficient)
{
	s64 s = 0, last = 0, before = 0;
	unsigned int i;

	for (i = 0; i < SIM3210_DTMF_BLOCK; i++) {
		s = sample[i] + (coefficient * last >> FRACTION) - before;
		before = last;
		last = s;
	}
	s = last * last + before * before - (coefficient * last >> FRACTION) * before;
	return div_u64(2 * max_t(s64, s, 0), SIM3210_DTMF_BLOCK);
}

static struct tone strongest(const s16 *sample, const s32 *group)
{
	struct tone tone = {};
	unsigned int i;
	s32 c;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		u64 energy = energy_at(sample, group[i]);

		if (energy > tone.energy) {
			tone.second = tone.energy;
			tone.energy = energy;
			tone.at = i;
		} else {
			tone.second = max(tone.second, energy);
		}
	}
	c = group[tone.at];
	tone.harmonic = energy_at(sample, (c * c >> FRACTION) - (2 << FRACTION));
	return tone;
}

static u64 sum_of_squares(const s16 *sample)
{
	u64 sum = 0;
	unsigned int i;

	for (i = 0; i < SIM3210_DTMF_BLOCK; i++)
		sum += sample[i] * sample[i];
	return sum;
}

/* @part of @whole is less than the register says. */
static bool is_less(const struct sim3210 *chip, u64 part, u64 whole, u8 ind)
{
	return part * ONE < whole * chip->ind[ind];
}

static bool is_digit(const struct sim3210 *chip, const struct tone *row,
		     const struct tone *col, u64 sum)
{
	return min(row->energy, col->energy) >= LEAST &&
	       (row->energy + col->energy) * 4 > sum * 3 &&
	       !is_less(chip, row->energy, col->energy, SI3210_IND_FWDTW) &&
	       !is_less(chip, col->energy, row->energy, SI3210_IND_REVTW) &&
	       is_less(chip, row->second, row->energy, SI3210_IND_ROWREL) &&
	       is_less(chip, col->second, col->energy, SI3210_IND_COLREL) &&
	       is_less(chip, row->harmonic, row->energy, SI3210_IND_ROW2H) &&
	       is_less(chip, col->harmonic, col->energy, SI3210_IND_COL2H);
}

static u8 find(const struct sim3210 *chip, const s16 *sample)
{
	struct tone row = strongest(sample, rows), col = strongest(sample, cols);

	return is_digit(chip, &row, &col, sum_of_squares(sample)) ?
	       digits[row.at * ARRAY_SIZE(cols) + col.at] : NOTHING;
}

static void decide(struct sim3210 *chip)
{
	struct sim3210_dtmf *dtmf = &chip->dtmf;
	u8 found = find(chip, dtmf->block);

	if (found == dtmf->last && found != dtmf->told) {
		dtmf->told = found;
		if (found == NOTHING) {
			chip->reg[SI3210_DTMF] &= ~SI3210_DTMF_VAL;
		} else {
			chip->reg[SI3210_DTMF] = SI3210_DTMF_VAL | found;
			sim3210_event(chip, 2, SI3210_IRQ3_DTMFP);
		}
	}
	dtmf->last = found;
}

/* What the chip's ADC gave. */
void sim3210_dtmf_hear(struct sim3210 *chip, const s16 *sample, unsigned int n)
{
	struct sim3210_dtmf *dtmf = &chip->dtmf;
	unsigned int i;

	for (i = 0; i < n; i++) {
		dtmf->block[dtmf->count++] = sample[i];
		if (dtmf->count < SIM3210_DTMF_BLOCK)
			continue;
		dtmf->count = 0;
		decide(chip);
	}
	/* Who listens no more may have an easier way for the sound. */
	if (!sim3210_dtmf_works(chip))
		chip->same = false;
}

/* The line was silent for so many samples, of which three blocks say all. */
void sim3210_dtmf_quiet(struct sim3210 *chip, u64 n)
{
	static const s16 silence[SIM3210_DTMF_BLOCK];
	unsigned int i;

	for (i = 0; i < 3; i++) {
		unsigned int part = min_t(u64, n, SIM3210_DTMF_BLOCK);

		sim3210_dtmf_hear(chip, silence, part);
		n -= part;
	}
}

void sim3210_dtmf_restart(struct sim3210 *chip)
{
	chip->dtmf.count = 0;
	chip->dtmf.last = NOTHING;
	chip->dtmf.told = NOTHING;
	chip->reg[SI3210_DTMF] &= ~SI3210_DTMF_VAL;
}

/* Somebody reads the register. */
void sim3210_dtmf_watched(struct sim3210 *chip)
{
	chip->dtmf.watched = chip->now + WATCHED_NS;
	chip->same = false;
}

bool sim3210_dtmf_works(const struct sim3210 *chip)
{
	return chip->reg[SI3210_IRQ3_EN] & SI3210_IRQ3_DTMFP ||
	       chip->now < chip->dtmf.watched;
}
