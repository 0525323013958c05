// SPDX-License-Identifier: GPL-2.0-only
/*
 * pots-sim: sound between the line and the PCM bus of an Si3050, through
 * whatever its registers, the isolation link and the hook let through.
 */
#include <linux/math64.h>
#include <linux/string.h>

#include "bus.h"
#include "si3050.h"

#define UNITY		1024	/* of the gains */
#define BALANCED	257	/* -12 dB */
#define MISMATCHED	250	/* adds to it by its square */
#define NO_HYBRID	512	/* -6 dB */
/* Full scale of the chip, against +3.17 dBm0 on the line. */
#define SCALE_0DBM	711
#define SCALE_3DBM	UNITY
#define SCALE_6DBM	1418
#define LINE_FULL_MV	1600	/* a peak that fills the converter */

/* Steps of 1 dB and of 0.1 dB; amplification ends at 12 dB. */
static const u16 coarse_more[16] = {
	1024, 1149, 1289, 1446, 1623, 1821, 2043, 2292,
	2572, 2886, 3238, 3633, 4077, 4077, 4077, 4077,
};

static const u16 coarse_less[16] = {
	1024, 913, 813, 725, 646, 576, 513, 457,
	408, 363, 324, 289, 257, 229, 204, 182,
};

static const u16 fine_more[16] = {
	1024, 1036, 1048, 1060, 1072, 1085, 1097, 1110,
	1123, 1136, 1149, 1162, 1176, 1189, 1203, 1217,
};

static const u16 fine_less[16] = {
	1024, 1012, 1001, 989, 978, 967, 956, 945,
	934, 923, 913, 902, 892, 882, 872, 862,
};

static s32 gain(const struct sim3050 *chip, u8 coarse, u8 fine)
{
	u8 c = chip->reg[coarse], f = chip->reg[fine];
	u8 c_step = c & SI3050_GAIN_STEPS, f_step = f & SI3050_GAIN_STEPS;

	return (c & SI3050_GAIN_ATTENUATE ? coarse_less : coarse_more)[c_step] *
	       (f & SI3050_GAIN_ATTENUATE ? fine_less : fine_more)[f_step] / UNITY;
}

static s32 full_scale(const struct sim3050 *chip)
{
	if (chip->reg[SI3050_AC_TERM] & SI3050_AC_TERM_FULL2)
		return SCALE_6DBM;
	return chip->reg[SI3050_DAA5] & SI3050_DAA5_FULL ? SCALE_3DBM : SCALE_0DBM;
}

static void scale(s16 *s, unsigned int n, s32 by, s32 unity)
{
	unsigned int i;

	if (by == unity)
		return;
	for (i = 0; i < n; i++)
		s[i] = clamp_t(s64, div_s64((s64)s[i] * by, unity), -32768, 32767);
}

/* What the two wires return of what is sent to them. */
static s32 echo_gain(const struct sim3050 *chip)
{
	u8 ac = FIELD_GET(SI3050_AC_TERM_ACIM, chip->reg[SI3050_AC_TERM]);

	if (!(chip->reg[SI3050_CONTROL2] & SI3050_CONTROL2_HYBE))
		return NO_HYBRID;
	if (ac != chip->line->exchange.param.impedance)
		return int_sqrt(BALANCED * BALANCED + MISMATCHED * MISMATCHED);
	return BALANCED;
}

/* Off-hook, and the counter that began then is through. */
static bool is_through(const struct sim3050 *chip, u64 at)
{
	return chip->link && chip->closed && at * POTS_SIM_SAMPLE_NS >= chip->hear_from;
}

static bool is_monitoring(const struct sim3050 *chip)
{
	return chip->link && !chip->closed && chip->reg[SI3050_DAA1] & SI3050_DAA1_ONHM;
}

/* From the bus toward the line. */
static void from_bus(struct sim3050 *chip, s16 *line, unsigned int n)
{
	scale(line, n, gain(chip, SI3050_TX_GAIN, SI3050_TX_GAIN_FINE), UNITY);
	scale(line, n, full_scale(chip), UNITY);
	if (chip->reg[SI3050_MUTE] & SI3050_MUTE_TXM)
		memset(line, 0, n * sizeof(*line));
}

/* On-hook the converter has an offset, and ringing fills it. */
static void monitor(struct sim3050 *chip, s16 *in, u64 at, unsigned int n)
{
	bool rings = pots_sim_line_rings(chip->line);
	unsigned int i;

	for (i = 0; i < n; i++) {
		s64 sum = in[i] + chip->offset;

		if (rings)
			sum += (s64)pots_sim_line_ring_mv(chip->line,
							  (at + i) * POTS_SIM_SAMPLE_NS) *
			       32767 / LINE_FULL_MV;
		in[i] = clamp_t(s64, sum, -32768, 32767);
	}
}

/* What the exchange says, and what the hybrid lets through of what it hears. */
static void from_line(struct sim3050 *chip, const s16 *line, s16 *in, u64 at, unsigned int n)
{
	s32 echo = echo_gain(chip);
	unsigned int i;

	if (chip->line->far.speaking)
		pots_sim_line_mic(chip->line, at, in, n);
	else
		memset(in, 0, n * sizeof(*in));
	if (is_through(chip, at))
		for (i = 0; i < n; i++)
			in[i] = clamp(in[i] + line[i] * echo / UNITY, -32768, 32767);
	else if (is_monitoring(chip))
		monitor(chip, in, at, n);
	else
		memset(in, 0, n * sizeof(*in));
}

static void toward_bus(struct sim3050 *chip, s16 *in, unsigned int n)
{
	scale(in, n, UNITY, full_scale(chip));
	scale(in, n, gain(chip, SI3050_RX_GAIN, SI3050_RX_GAIN_FINE), UNITY);
	if (chip->reg[SI3050_MUTE] & SI3050_MUTE_RXM ||
	    !(chip->reg[SI3050_CONTROL2] & SI3050_CONTROL2_RXE))
		memset(in, 0, n * sizeof(*in));
}

/* In the chip, before the isolation link, and behind it. */
static bool loops_samples(const struct sim3050 *chip)
{
	return (chip->reg[SI3050_CONTROL1] & SI3050_CONTROL1_IDL) ||
	       (chip->link && chip->reg[SI3050_CONTROL2] & SI3050_CONTROL2_AL);
}

static bool loops_words(const struct sim3050 *chip)
{
	return chip->reg[SI3050_DAA3] & SI3050_DAA3_DDL ||
	       chip->reg[SI3050_PCM_MODE] & SI3050_PCM_MODE_PCML;
}

static void block(struct sim3050 *chip, const struct pots_sim_pcm *pcm, u64 at,
		  unsigned int n)
{
	struct pots_sim_bus *bus = chip->line->bus;
	s16 line[POTS_SIM_BLOCK] = {}, in[POTS_SIM_BLOCK];
	u16 word[POTS_SIM_BLOCK];
	unsigned int i;

	pots_sim_pcm_receive(bus, pcm, at, word, n);
	for (i = 0; i < n && pcm->on; i++)
		line[i] = pots_sim_pcm_decode(pcm, word[i]);
	from_bus(chip, line, n);
	from_line(chip, line, in, at, n);
	if (loops_samples(chip))
		memcpy(in, line, sizeof(in));
	if (loops_samples(chip) || !is_through(chip, at))
		memset(line, 0, sizeof(line));
	pots_sim_line_ear(chip->line, at, line, n);
	toward_bus(chip, in, n);
	for (i = 0; i < n && !loops_words(chip); i++)
		word[i] = pots_sim_pcm_encode(pcm, in[i]);
	pots_sim_pcm_transmit(bus, pcm, at, word, n);
}

/* Whether the board's clock has to care for this line. */
bool sim3050_sounds(struct sim3050 *chip)
{
	bool sounds = chip->reg[SI3050_PCM_MODE] & SI3050_PCM_MODE_PCME ||
		      pots_sim_line_has_sound(chip->line);

	WRITE_ONCE(chip->line->sounds, sounds);
	return sounds;
}

static void find_pcm(const struct sim3050 *chip, struct pots_sim_pcm *pcm)
{
	u8 mode = chip->reg[SI3050_PCM_MODE];

	pcm->on = mode & SI3050_PCM_MODE_PCME;
	pcm->code = FIELD_GET(SI3050_PCM_MODE_PCMF, mode);
	pcm->bits = pcm->code == SI3050_PCMF_LINEAR ? 16 : 8;
	pcm->clocks_per_bit = mode & SI3050_PCM_MODE_PHCF ? 2 : 1;
	pcm->tx_clock = chip->reg[SI3050_TXS_LO] | chip->reg[SI3050_TXS_HI] << 8;
	pcm->rx_clock = chip->reg[SI3050_RXS_LO] | chip->reg[SI3050_RXS_HI] << 8;
}

static void sound_until(struct sim3050 *chip, u64 end)
{
	struct pots_sim_pcm pcm;

	find_pcm(chip, &pcm);
	while (chip->sample < end) {
		unsigned int wrap = POTS_SIM_BUS_FRAMES - pots_sim_bus_at(chip->sample);
		unsigned int n = min_t(u64, end - chip->sample, POTS_SIM_BLOCK);

		n = min(n, wrap);
		block(chip, &pcm, chip->sample, n);
		chip->sample += n;
	}
}

/* All samples before @until, as the Si3210 does it. */
void sim3050_sound(struct sim3050 *chip, u64 until)
{
	u64 end = div_u64(until, POTS_SIM_SAMPLE_NS);
	struct pots_sim_window window;

	if (end <= chip->sample)
		return;
	window = pots_sim_bus_window(chip->line->bus);
	if (!window.running || !sim3050_sounds(chip)) {
		chip->sample = end;
		return;
	}
	chip->sample = max(chip->sample, window.first);
	sound_until(chip, min(end, window.horizon));
}
