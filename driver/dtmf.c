// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two looks. The first is cheap and always on: the eight frequencies by
 * Goertzel's algorithm at 4 kHz over blocks of 12 ms, which are skipped while
 * the line is quiet. When two blocks in a row look like the same digit, the
 * second look decides, once, on the samples of both: under a Hann window, at
 * 8 kHz, it measures both frequencies by the turn of their phases, level,
 * twist, steadiness, and how much of all energy they are. Of two blocks in a
 * row one is even: an odd one is looked at only beside an even one that looked
 * like a digit.
 *
 * Two whole blocks fit into every tone of 40 ms wherever it begins, and the
 * second look wants the first and the last 3 ms of them filled, which a tone
 * of 20 ms cannot do. A tone that is on is followed by half blocks; five of
 * them without it are its end: gaps of 20 ms are bridged, of 40 ms are not.
 *
 * What we send comes back over the hybrid. Energy below 560 Hz (every
 * country's dial tone) is not counted against a digit as far as we are sending
 * so much ourselves, and two frequencies that we send ourselves are no digit.
 */
#include "dtmf.h"

#define FRAME		POTS_DTMF_FRAME
#define BLOCK		(POTS_DTMF_BLOCK_FRAMES * FRAME)
#define HALF		(BLOCK / 2)
#define WINDOW		(2 * BLOCK)
#define SEGMENT		128	/* of the second look, at 0 and at STRIDE */
#define STRIDE		64
#define EDGE		24
#define BANDS		8
#define MISSES_MAX	5

/* Peak of a sine of -38.5 dBm0: half way from "accept" to "reject". */
#define LEVEL_MIN	270

/*
 * A Hann segment of samples, 16 times enlarged, makes of a sine with peak A a
 * power of (A * 512)^2 in its band, 128 / 3 times the energy that it has in
 * the segment.
 */
#define POWER_MIN	((u64)LEVEL_MIN * 512 * LEVEL_MIN * 512)

struct band {
	s16 coarse;		/* 2 cos(w) at 4 kHz, Q13 */
	s16 coefficient;	/* 2 cos(w) at 8 kHz, Q14; cos(w), Q15 */
	s16 sine;		/* sin(w), Q15 */
	s16 turn_re, turn_im;	/* exp(jw * STRIDE), Q15 */
	s16 limit;		/* cos of what 2.5 % change that by, Q15 */
	u16 level;		/* correction of the power at 4 kHz, Q12 */
	u16 notched_level;	/* the same behind the notch */
};

static const struct band bands[BANDS] = {
	{   7507,  27980, 17055, -29102, -15059,  20982,  4419,  8975 },	/* 697 */
	{   5791,  26956, 18630,  17557,  27666,  18588,  4495,  5415 },	/* 770 */
	{   3775,  25701, 20326,  13202, -29990,  15713,  4591,  3428 },	/* 852 */
	{   1516,  24219, 22072, -32261,  -5735,  12406,  4710,  2294 },	/* 941 */
	{  -5283,  19073, 26645, -15424, -28910,   1687,  5178,  1011 },	/* 1209 */
	{  -8251,  16325, 28411, -12444, -30312,  -3534,  5468,   793 },	/* 1336 */
	{ -11159,  13085, 30041,  13202, -29990,  -9221,  5854,   659 },	/* 1477 */
	{ -13736,   9315, 31415,  30153,  12824, -15169,  6379,   588 },	/* 1633 */
};

/* 2 cos(w) in Q14 of the segment's own frequencies, 62.5 Hz apart */
static const u16 low_coefficient[] = {
	32768, 32729, 32610, 32413, 32138, 31786, 31357, 30853, 30274, 29622,
};

#define LOW_FROM	3	/* 188 Hz */

/* Half a Hann window, Q15 */
static const u16 hann[SEGMENT / 2] = {
	5, 44, 123, 241, 398, 593, 827, 1098,
	1406, 1749, 2128, 2542, 2989, 3468, 3978, 4518,
	5087, 5682, 6304, 6950, 7619, 8308, 9018, 9745,
	10487, 11245, 12014, 12794, 13583, 14378, 15179, 15982,
	16786, 17589, 18390, 19185, 19974, 20754, 21523, 22281,
	23023, 23750, 24460, 25149, 25818, 26464, 27086, 27681,
	28250, 28790, 29300, 29779, 30226, 30640, 31019, 31362,
	31670, 31941, 32175, 32370, 32527, 32645, 32724, 32763,
};

/* By row and column. */
static const u8 digits[4][4] = {
	{ 1, 2, 3, 12 }, { 4, 5, 6, 13 }, { 7, 8, 9, 14 }, { 10, 0, 11, 15 },
};

static const u8 row_of[] = { 3, 0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 0, 1, 2, 3 };
static const u8 column_of[] = { 1, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 2, 3, 3, 3, 3 };

/* The block that ended now, or one that ended @ago blocks before it. */
static const s16 *line_block(const struct pots_dtmf *dtmf, unsigned int ago)
{
	return dtmf->line[(dtmf->block + POTS_DTMF_BLOCKS - ago) % POTS_DTMF_BLOCKS_KEPT];
}

/* What we sent, and what of it may be heard in that block. */
static const s16 *sent_block(const struct pots_dtmf *dtmf, unsigned int ago)
{
	return dtmf->sent[(dtmf->block + POTS_DTMF_BLOCKS - ago) % POTS_DTMF_BLOCKS];
}

/* ----------------------------------------------------------- first look --- */

/* Samples at 4 kHz, scaled so that the filters cannot overflow 32 bits. */
struct coarse {
	s32 sample[HALF];
	unsigned int count;
	unsigned int shift;	/* what the scaling took, in bits */
	bool notched;
	u32 energy;
};

/*
 * Takes dial tone away, 20 dB against 697 Hz: a pair of zeros at 400 Hz, whose
 * gain elsewhere is up to 3.3.
 */
static void notch(struct coarse *coarse)
{
	s32 last = 0, before = 0;
	unsigned int i;

	coarse->energy = 0;
	for (i = 0; i < coarse->count; i++) {
		s32 sample = coarse->sample[i];
		s32 value = i < 2 ? 0 :
			(sample - ((last * 26510) >> 14) + before) >> 2;

		before = last;
		last = sample;
		coarse->sample[i] = value;
		coarse->energy += value * value;
	}
	coarse->shift += 2;
	coarse->notched = true;
}

/* Sums of two samples. The bits of the largest one, or some more. */
static u32 halve(s32 *out, const s16 *samples, unsigned int count)
{
	const s16 *end = samples + count;
	u32 bits = 0;

	for (; samples < end; samples += 2) {
		s32 value = samples[0] + samples[1];

		*out++ = value;
		bits |= value ^ (value >> 31);
	}
	return bits;
}

/* False when the line is too quiet for a digit. */
static bool coarsen(struct coarse *coarse, const s16 *samples,
		    unsigned int count, bool notched)
{
	u32 bits = halve(coarse->sample, samples, count);
	s32 *sample = coarse->sample, *end = sample + count / 2;
	unsigned int shift = 0;
	u32 energy = 0;

	if (bits < 2 * LEVEL_MIN)
		return false;

	/* 12 bits with the sign */
	while (bits >> (11 + shift))
		shift++;
	for (; sample < end; sample++) {
		s32 value = *sample >> shift;

		*sample = value;
		energy += value * value;
	}
	coarse->count = count / 2;
	coarse->shift = shift;
	coarse->energy = energy;
	coarse->notched = false;
	if (notched)
		notch(coarse);
	return true;
}

/* One of Goertzel's filters: its last two outputs, and what they come to. */
struct filter {
	s32 a, b;
};

static u32 level_correction(const struct coarse *coarse, const struct band *band)
{
	return coarse->notched ? band->notched_level : band->level;
}

static u64 filter_power(struct filter filter, const struct coarse *coarse,
			const struct band *band)
{
	s64 a = filter.a, b = filter.b;
	s64 power = a * a + b * b - ((band->coarse * a) >> 13) * b;

	if (power < 0)
		return 0;
	return ((u64)power * level_correction(coarse, band)) >> 12;
}

/* Two bands at a time: that many filters stay in the registers. */
static void coarse_powers(const struct coarse *coarse, const struct band *band,
			  const struct band *other, u64 *power, u64 *other_power)
{
	const s32 c = band->coarse, d = other->coarse;
	const s32 *sample = coarse->sample;
	const s32 *end = sample + coarse->count;
	struct filter x = {}, y = {};

	for (; sample < end; sample += 2) {
		x.b = sample[0] + ((c * x.a) >> 13) - x.b;
		y.b = sample[0] + ((d * y.a) >> 13) - y.b;
		x.a = sample[1] + ((c * x.b) >> 13) - x.a;
		y.a = sample[1] + ((d * y.b) >> 13) - y.a;
	}
	*power = filter_power(x, coarse, band);
	*other_power = filter_power(y, coarse, other);
}

static u64 coarse_pair(const struct coarse *coarse, u8 digit)
{
	u64 row, column;

	coarse_powers(coarse, &bands[row_of[digit]], &bands[4 + column_of[digit]],
		      &row, &column);
	return row + column;
}

/*
 * The strongest of four bands, or -1 when another one comes within 4 dB of it.
 * The notch's slope makes that too strict for a digit 1.5 % off.
 */
static int strongest(const struct coarse *coarse, const struct band *band,
		     u64 *power_of_it)
{
	unsigned int best = 0, rival = coarse->notched ? 4 : 2, i;
	u64 power[4];

	coarse_powers(coarse, band, band + 1, power, power + 1);
	coarse_powers(coarse, band + 2, band + 3, power + 2, power + 3);
	for (i = 1; i < 4; i++)
		if (power[i] > power[best])
			best = i;
	for (i = 0; i < 4; i++)
		if (i != best && power[i] * 5 > power[best] * rival)
			return -1;
	*power_of_it = power[best];
	return best;
}

/* Did we send so much that its echo could hide a digit? A third tells. */
static bool sends(const struct pots_dtmf *dtmf, unsigned int ago)
{
	const s16 *sample = sent_block(dtmf, ago);
	const s16 *end = sample + BLOCK;
	u32 bits = 0;

	for (; sample < end; sample += 3)
		bits |= *sample ^ (*sample >> 15);
	return bits >= LEVEL_MIN / 2;
}

/* Without the correction, to be compared with the energy. */
static u64 plain_power(u64 power, const struct coarse *coarse, const struct band *band)
{
	return div_u64(power << 12, level_correction(coarse, band));
}

/* What a block looks like: a digit, or -1. */
static int look(const struct pots_dtmf *dtmf, unsigned int ago)
{
	struct coarse coarse;
	u64 row_power, column_power, pair;
	int row, column;

	if (!coarsen(&coarse, line_block(dtmf, ago), BLOCK, sends(dtmf, ago)))
		return -1;

	row = strongest(&coarse, bands, &row_power);
	if (row < 0)
		return -1;
	column = strongest(&coarse, bands + 4, &column_power);
	if (column < 0)
		return -1;

	/* A sine of energy E has a power of E * 24; half of all is asked for. */
	pair = plain_power(row_power, &coarse, &bands[row]) +
	       plain_power(column_power, &coarse, &bands[4 + column]);
	if (pair < 12 * (u64)coarse.energy)
		return -1;

	return digits[row][column];
}

/* The power of a digit in a part of a block, in the samples' own scale. */
static u64 power_of(const struct pots_dtmf *dtmf, unsigned int ago,
		    unsigned int from, u8 digit)
{
	const s16 *block = line_block(dtmf, ago);
	struct coarse coarse;

	if (!coarsen(&coarse, block + from, BLOCK - from, sends(dtmf, ago)))
		return 0;
	return coarse_pair(&coarse, digit) << (2 * coarse.shift);
}

/* ---------------------------------------------------------- second look --- */

struct phasor {
	s64 re, im;
};

struct segment {
	s32 sample[SEGMENT];
	u64 energy;
};

/* Of two blocks in a row, from a place in the first one on. */
static void take_segment(struct segment *segment, const s16 *first,
			 const s16 *second, unsigned int from)
{
	unsigned int i;

	segment->energy = 0;
	for (i = 0; i < SEGMENT; i++, from++) {
		u32 weight = hann[i < SEGMENT / 2 ? i : SEGMENT - 1 - i];
		s32 sample = from < BLOCK ? first[from] : second[from - BLOCK];
		s32 value = (sample * (s32)weight) >> 11;

		segment->sample[i] = value;
		segment->energy += (s64)value * value;
	}
}

static void resonate(const struct segment *segment, s32 coefficient, s64 *a, s64 *b)
{
	s32 last = 0, before = 0;
	unsigned int i;

	for (i = 0; i < SEGMENT; i++) {
		s32 next = segment->sample[i] +
			(s32)(((s64)coefficient * last) >> 14) - before;

		before = last;
		last = next;
	}
	*a = last;
	*b = before;
}

static u64 bin_power(const struct segment *segment, s32 coefficient)
{
	s64 a, b, power;

	resonate(segment, coefficient, &a, &b);
	power = a * a + b * b - ((coefficient * a) >> 14) * b;
	return max_t(s64, power, 0);
}

static struct phasor band_phasor(const struct segment *segment,
				 const struct band *band)
{
	struct phasor phasor;
	s64 a, b;

	resonate(segment, band->coefficient, &a, &b);
	phasor.re = a - ((b * band->coefficient) >> 15);
	phasor.im = (b * band->sine) >> 15;
	return phasor;
}

static u64 phasor_power(struct phasor phasor)
{
	return phasor.re * phasor.re + phasor.im * phasor.im;
}

/* Is the phase's turn from @a to @b that of the band's frequency, or nearly? */
static bool turns_rightly(struct phasor a, struct phasor b, const struct band *band)
{
	/* 20 bits are plenty for an angle, and leave room for the squares */
	s64 re = (b.re * a.re + b.im * a.im) >> 20;
	s64 im = (b.im * a.re - b.re * a.im) >> 20;
	s64 along = (re * band->turn_re + im * band->turn_im) >> 15;
	s64 across = (im * band->turn_re - re * band->turn_im) >> 15;
	s64 length_2, limit_2;

	while (along > 0x7fffff || along < -0x7fffff ||
	       across > 0x7fffff || across < -0x7fffff) {
		along >>= 1;
		across >>= 1;
	}
	length_2 = along * along + across * across;
	limit_2 = (length_2 >> 15) * ((band->limit * band->limit) >> 15);

	if (band->limit >= 0)
		return along > 0 && along * along >= limit_2;
	return along >= 0 || along * along <= limit_2;
}

/* What does not count as noise: dial tone as far as we send it, and hum. */
static u64 forgiven(const struct segment *segment, u64 reference_energy)
{
	u64 low = 0, hum;
	unsigned int i;

	hum = bin_power(segment, low_coefficient[0]) / 128 +
	      bin_power(segment, low_coefficient[1]) / 64;
	if (reference_energy)
		for (i = LOW_FROM; i < ARRAY_SIZE(low_coefficient); i++)
			low += bin_power(segment, low_coefficient[i]) / 64;
	return min(hum + min(low, reference_energy / 2), segment->energy);
}

/* High against low group: -10 ... +7 dB */
static bool twist_is_right(u64 row, u64 column)
{
	return column * 10 >= row && column <= row * 5;
}

static bool is_steady(u64 first, u64 second)
{
	return first <= second * 2 && second <= first * 2;
}

static u64 plain_energy(const s16 *samples, unsigned int count)
{
	u64 energy = 0;

	for (; count; count--, samples++)
		energy += *samples * *samples;
	return energy;
}

/* Both ends of the window hold what its middle holds. */
static bool fills_window(const struct pots_dtmf *dtmf)
{
	const s16 *first = line_block(dtmf, 1), *second = line_block(dtmf, 0);
	u64 all = plain_energy(first, BLOCK) + plain_energy(second, BLOCK);
	u64 least = div_u64(all * 9 * EDGE, 16 * WINDOW);

	return plain_energy(first, EDGE) >= least &&
	       plain_energy(second + BLOCK - EDGE, EDGE) >= least;
}

struct findings {
	struct phasor row, column;
	u64 row_power, column_power;
	bool echo_in_it;
};

/* Judges one segment by itself. */
static __cold bool judge(const struct pots_dtmf *dtmf, unsigned int from, u8 digit,
			 struct findings *findings)
{
	const struct band *row = &bands[row_of[digit]];
	const struct band *column = &bands[4 + column_of[digit]];
	struct segment segment;
	u64 sent_row = 0, sent_column = 0, sent = 0, noise;

	if (sends(dtmf, 0)) {
		take_segment(&segment, sent_block(dtmf, 1), sent_block(dtmf, 0), from);
		sent = segment.energy;
		sent_row = bin_power(&segment, row->coefficient);
		sent_column = bin_power(&segment, column->coefficient);
	}

	take_segment(&segment, line_block(dtmf, 1), line_block(dtmf, 0), from);
	findings->row = band_phasor(&segment, row);
	findings->column = band_phasor(&segment, column);
	findings->row_power = phasor_power(findings->row);
	findings->column_power = phasor_power(findings->column);
	findings->echo_in_it = sent > segment.energy;

	if (min(findings->row_power, findings->column_power) < POWER_MIN ||
	    !twist_is_right(findings->row_power, findings->column_power))
		return false;

	/* Our own digit, back over a hybrid with at least 6 dB of loss. */
	if (sent_row / 4 >= findings->row_power &&
	    sent_column / 4 >= findings->column_power)
		return false;

	noise = segment.energy - forgiven(&segment, sent);
	return findings->row_power + findings->column_power >= 34 * noise;
}

static __cold bool is_digit(const struct pots_dtmf *dtmf, u8 digit)
{
	struct findings first, second;

	return judge(dtmf, 0, digit, &first) &&
	       judge(dtmf, STRIDE, digit, &second) &&
	       is_steady(first.row_power, second.row_power) &&
	       is_steady(first.column_power, second.column_power) &&
	       turns_rightly(first.row, second.row, &bands[row_of[digit]]) &&
	       turns_rightly(first.column, second.column,
			     &bands[4 + column_of[digit]]) &&
	       (first.echo_in_it || fills_window(dtmf));
}

/* -------------------------------------------------------------- in time --- */

/*
 * How much of @length a tone filled, by the power that it had there and has
 * when it is full: power goes with the square of the time.
 */
static u32 filled(u64 power, u64 full, u32 length)
{
	u32 part = 0, bit;

	for (bit = 64; bit; bit >>= 1)
		if (part + bit <= length &&
		    (full >> 8) * (part + bit) * (part + bit) <=
		    (power >> 8) * length * length)
			part += bit;
	return part;
}

static u32 beginning(const struct pots_dtmf *dtmf, u8 digit)
{
	u64 power = power_of(dtmf, 1, 0, digit);
	u32 first = dtmf->clock - BLOCK;
	u32 part = filled(power, power_of(dtmf, 0, 0, digit), BLOCK);

	if (part < BLOCK * 3 / 4)
		return first + BLOCK - part;
	return first - filled(power_of(dtmf, 2, 0, digit), power, BLOCK);
}

static void begin(struct pots_dtmf *dtmf, u8 digit)
{
	dtmf->tone = digit;
	dtmf->misses = 0;
	dtmf->began = beginning(dtmf, digit);
	dtmf->ended = dtmf->clock + BLOCK;
	dtmf->power = power_of(dtmf, 0, HALF, digit);
}

/* True when a digit has begun. */
static bool search(struct pots_dtmf *dtmf)
{
	bool odd = dtmf->block % 2, found;
	int digit;

	if (odd && dtmf->candidate < 0)
		return false;

	digit = look(dtmf, 0);
	found = digit >= 0 && digit == (odd ? dtmf->candidate : look(dtmf, 1)) &&
		is_digit(dtmf, digit);
	if (found)
		begin(dtmf, digit);
	dtmf->candidate = odd || found ? -1 : digit;
	return found;
}

static bool goes_on(const struct pots_dtmf *dtmf, const s16 *half, u64 *power)
{
	struct coarse coarse;
	u64 pair;

	*power = 0;
	if (!coarsen(&coarse, half, HALF, sends(dtmf, 0)))
		return false;

	pair = coarse_pair(&coarse, dtmf->tone);
	*power = pair << (2 * coarse.shift);
	if (*power < dtmf->power / 8)
		return false;
	/* a quarter of all energy, or it is speech that follows the digit */
	return pair >= 3 * (u64)coarse.energy;
}

/* True when the digit has ended. */
static bool follow(struct pots_dtmf *dtmf)
{
	u32 at = dtmf->clock;
	unsigned int i;
	u64 power;

	for (i = 0; i < 2; i++, at += HALF) {
		bool on = goes_on(dtmf, line_block(dtmf, 0) + i * HALF, &power);
		u32 part = filled(min(power, dtmf->power), dtmf->power, HALF);

		/* The last half block with the tone in it, or the first without. */
		if (on)
			dtmf->ended = at + (part < HALF * 7 / 8 ? part : HALF);
		else if (dtmf->ended == at)
			dtmf->ended = at + part;

		dtmf->misses = on ? 0 : dtmf->misses + 1;
		if (dtmf->misses == MISSES_MAX)
			return true;
	}
	return false;
}

void pots_dtmf_init(struct pots_dtmf *dtmf, unsigned int echo_frames)
{
	memset(dtmf, 0, sizeof(*dtmf));
	dtmf->sent_at = min_t(unsigned int, echo_frames, POTS_DTMF_ECHO_MAX);
	dtmf->tone = -1;
	dtmf->candidate = -1;
}
EXPORT_SYMBOL_GPL(pots_dtmf_init);

static void next_block(struct pots_dtmf *dtmf)
{
	if (++dtmf->block == POTS_DTMF_BLOCKS)
		dtmf->block = 0;
	dtmf->fill = 0;
	dtmf->clock += BLOCK;
}

bool pots_dtmf_judge(struct pots_dtmf *dtmf, struct pots_dtmf_event *event)
{
	bool searching = dtmf->tone < 0;
	bool changed = searching ? search(dtmf) : follow(dtmf);

	if (changed) {
		event->start = searching;
		event->digit = dtmf->tone;
		event->ago = dtmf->clock + BLOCK - (searching ? dtmf->began : dtmf->ended);
		event->samples = searching ? 0 : dtmf->ended - dtmf->began;
		if (!searching)
			dtmf->tone = -1;
	}
	next_block(dtmf);
	return changed;
}
EXPORT_SYMBOL_GPL(pots_dtmf_judge);
