// SPDX-License-Identifier: GPL-2.0-only
/*
 * pots-sim: sound between the line and the PCM bus of an Si3210, sample by
 * sample, through whatever its registers let through.
 */
#include <linux/string.h>

#include "pcm.h"
#include "si3210.h"

#define UNITY		1024	/* of the gains */
#define GAIN_M3_5DB	684
#define GAIN_P3_5DB	1532
#define BALANCED	257	/* -12 dB */
#define GAIN_BENDS	(SI3210_AUDIO_GAIN_TXM | SI3210_AUDIO_GAIN_RXM | \
			 SI3210_AUDIO_GAIN_ATX | SI3210_AUDIO_GAIN_ARX)
#define OFFSET_LSB	24	/* of a step of the offset registers */

static void scale(s16 *s, unsigned int n, s32 gain)
{
	unsigned int i;

	if (gain == UNITY)
		return;
	for (i = 0; i < n; i++)
		s[i] = clamp(s[i] * gain / UNITY, -32768, 32767);
}

static s32 digital_gain(const struct sim3210 *chip, unsigned int ind)
{
	return FIELD_GET(SI3210_DIGITAL_GAIN_MASK, chip->ind[ind]);
}

static s32 analog_gain(u8 code)
{
	static const u16 gain[] = { UNITY, GAIN_M3_5DB, GAIN_P3_5DB, 0 };

	return gain[code];
}

/* Add the oscillators: those routed to the line, those routed to the bus. */
static void add_tones(struct sim3210 *chip, s16 *line, s16 *bus, unsigned int n)
{
	unsigned int i, k;

	for (k = 0; k < 2; k++) {
		u8 route = FIELD_GET(SI3210_OSC_OSO, chip->reg[SI3210_OSC1 + k]);

		for (i = 0; i < n && chip->osc[k].on; i++) {
			s16 tone = sim3210_osc_sample(chip, k);

			if (route & SI3210_OSO_RECEIVE)
				line[i] = clamp(line[i] + tone, -32768, 32767);
			if (route & SI3210_OSO_TRANSMIT)
				bus[i] = clamp(bus[i] + tone, -32768, 32767);
		}
	}
}

/*
 * The hybrid returns 12 dB less than it gets when the balance is nominal and
 * the impedance is the telephone's; what is wrong adds by its square. An open
 * line returns half.
 */
static s32 echo_gain(const struct sim3210 *chip)
{
	/* HYBA: half of |10^(dB / 20) - 1|, of 1024 */
	static const u16 unbalanced[] = { 307, 171, 73, 0, 57, 102, 140, 512 };
	u8 impedance = chip->reg[SI3210_IMPEDANCE];
	u32 off = unbalanced[FIELD_GET(SI3210_HYBRID_HYBA, chip->reg[SI3210_HYBRID])];
	u32 square = off * off;

	if (!pots_sim_line_closed(chip->line))
		return UNITY / 2;
	if (FIELD_GET(SI3210_IMPEDANCE_TISS, impedance) != chip->line->phone.param.impedance)
		square += 250 * 250;
	if (!(impedance & SI3210_IMPEDANCE_TISE))
		square += 400 * 400;
	return square ? int_sqrt(BALANCED * BALANCED + square) : BALANCED;
}

static void shift_by(s16 *s, unsigned int n, int offset)
{
	unsigned int i;

	for (i = 0; i < n && offset; i++)
		s[i] = clamp(s[i] + offset, -32768, 32767);
}

/* From the bus to the line: gain, mute, tones, analog gain. */
static void toward_line(struct sim3210 *chip, s16 *line, s16 *tone_bus, unsigned int n)
{
	u8 gain = chip->reg[SI3210_AUDIO_GAIN];

	if (gain & SI3210_AUDIO_GAIN_RXM)
		memset(line, 0, n * sizeof(*line));
	scale(line, n, digital_gain(chip, SI3210_IND_DACG));
	if (chip->osc[0].on || chip->osc[1].on)
		add_tones(chip, line, tone_bus, n);
	scale(line, n, analog_gain(FIELD_GET(SI3210_AUDIO_GAIN_ARX, gain)));
	shift_by(line, n, sim3210_cal_error(chip, SI3210_CAL_DAC_OFFSET) * OFFSET_LSB);
	if (chip->reg[SI3210_LOOPBACK] || !sim3210_can_talk(chip) ||
	    !sim3210_is_powered(chip))
		memset(line, 0, n * sizeof(*line));
}

/* What is spoken, and what the hybrid lets through of what is heard. */
static void hybrid(struct sim3210 *chip, const s16 *line, s16 *mic, u64 at, unsigned int n)
{
	s32 echo = chip->path.echo;
	unsigned int i;

	if (chip->line->far.speaking)
		pots_sim_line_mic(chip->line, at, mic, n);
	else
		memset(mic, 0, n * sizeof(*mic));
	if (!sim3210_can_talk(chip) || !sim3210_is_powered(chip)) {
		memset(mic, 0, n * sizeof(*mic));
		return;
	}
	for (i = 0; i < n; i++)
		mic[i] = clamp(mic[i] + line[i] * echo / UNITY, -32768, 32767);
}

/* From the line to the bus: hybrid, analog gain, gain, mute. */
static void from_line(struct sim3210 *chip, const s16 *line, s16 *bus, u64 at,
		      unsigned int n)
{
	u8 gain = chip->reg[SI3210_AUDIO_GAIN];
	s16 mic[POTS_SIM_BLOCK];
	unsigned int i;

	hybrid(chip, line, mic, at, n);
	scale(mic, n, analog_gain(FIELD_GET(SI3210_AUDIO_GAIN_ATX, gain)));
	shift_by(mic, n, sim3210_cal_error(chip, SI3210_CAL_OFFSET_SIGN) * OFFSET_LSB);
	if (chip->path.decoded)
		sim3210_dtmf_hear(chip, mic, n);
	for (i = 0; i < n; i++)
		bus[i] = clamp(bus[i] + mic[i], -32768, 32767);
	scale(bus, n, digital_gain(chip, SI3210_IND_ADCG));
	if (gain & SI3210_AUDIO_GAIN_TXM)
		memset(bus, 0, n * sizeof(*bus));
}

/*
 * Whether sound goes through the chip unchanged but for the hybrid, as whole
 * slots: so it is in a call, with a driver that knows what it wants.
 */
static bool is_straight(const struct sim3210 *chip, const struct sim3210_path *f)
{
	return f->pcm.on && !f->decoded && f->pcm.code == POTS_SIM_PCM_LINEAR &&
	       f->pcm.bits == 16 && f->pcm.clocks_per_bit == 1 &&
	       !((f->pcm.rx_clock | f->pcm.tx_clock) % POTS_SIM_SLOT_BITS) &&
	       max(f->pcm.rx_clock, f->pcm.tx_clock) < POTS_SIM_FRAME_BITS &&
	       !(chip->reg[SI3210_AUDIO_GAIN] & GAIN_BENDS) &&
	       !chip->reg[SI3210_LOOPBACK] && !chip->osc[0].on && !chip->osc[1].on &&
	       digital_gain(chip, SI3210_IND_DACG) == UNITY &&
	       digital_gain(chip, SI3210_IND_ADCG) == UNITY &&
	       !sim3210_cal_error(chip, SI3210_CAL_DAC_OFFSET) &&
	       !sim3210_cal_error(chip, SI3210_CAL_OFFSET_SIGN) &&
	       sim3210_can_talk(chip) && sim3210_is_powered(chip);
}

void sim3210_find_path(struct sim3210 *chip)
{
	struct sim3210_path *f = &chip->path;
	u8 mode = chip->reg[SI3210_PCM_MODE];
	bool decoded = sim3210_dtmf_works(chip);

	if (decoded && !f->decoded)
		sim3210_dtmf_restart(chip);
	f->decoded = decoded;
	f->pcm.on = mode & SI3210_PCM_MODE_PCME;
	f->pcm.tx_clock = sim3210_reg16(chip, SI3210_TXS_LO);
	f->pcm.rx_clock = sim3210_reg16(chip, SI3210_RXS_LO);
	f->pcm.bits = mode & SI3210_PCM_MODE_PCMT ? 16 : 8;
	f->pcm.clocks_per_bit = mode & SI3210_PCM_MODE_GCI ? 2 : 1;
	f->pcm.code = FIELD_GET(SI3210_PCM_MODE_PCMF, mode);
	f->echo = echo_gain(chip);
	f->straight = is_straight(chip, f);
}

static void straight_block(struct sim3210 *chip, const struct sim3210_path *f, u64 at,
			   unsigned int n)
{
	unsigned int slot = f->pcm.tx_clock / POTS_SIM_SLOT_BITS, i = pots_sim_bus_at(at);
	struct pots_sim_bus *bus = chip->line->bus;
	const s16 *line = (const s16 *)bus->rx[f->pcm.rx_clock / POTS_SIM_SLOT_BITS].word + i;
	u16 *tx = bus->tx[slot].word + i;
	s32 echo = f->echo;
	s16 mic[POTS_SIM_BLOCK];

	pots_sim_line_ear(chip->line, at, line, n);
	pots_sim_bus_use(&bus->tx_used, slot);
	if (!chip->line->far.speaking) {
		for (i = 0; i < n; i++)
			tx[i] |= line[i] * echo / UNITY;
		return;
	}
	pots_sim_line_mic(chip->line, at, mic, n);
	for (i = 0; i < n; i++)
		tx[i] |= clamp(mic[i] + line[i] * echo / UNITY, -32768, 32767);
}

/* The same with all that registers may do to it. */
static void bent_block(struct sim3210 *chip, const struct sim3210_path *f, u64 at,
		       unsigned int n)
{
	s16 line[POTS_SIM_BLOCK] = {}, bus[POTS_SIM_BLOCK] = {};
	u16 word[POTS_SIM_BLOCK];
	unsigned int i;

	pots_sim_pcm_receive(chip->line->bus, &f->pcm, at, word, n);
	for (i = 0; i < n && f->pcm.on; i++)
		line[i] = pots_sim_pcm_decode(&f->pcm, word[i]);
	toward_line(chip, line, bus, n);
	pots_sim_line_ear(chip->line, at, line, n);
	from_line(chip, line, bus, at, n);

	if (chip->reg[SI3210_LOOPBACK] & SI3210_LOOPBACK_DLM) {
		pots_sim_pcm_transmit(chip->line->bus, &f->pcm, at, word, n);
		return;
	}
	for (i = 0; i < n; i++)
		word[i] = pots_sim_pcm_encode(&f->pcm, bus[i]);
	pots_sim_pcm_transmit(chip->line->bus, &f->pcm, at, word, n);
}

/* Whether the board's clock has to care for this line. */
bool sim3210_sounds(struct sim3210 *chip)
{
	bool sounds = chip->reg[SI3210_PCM_MODE] & SI3210_PCM_MODE_PCME ||
		      chip->osc[0].on || chip->osc[1].on ||
		      pots_sim_line_has_sound(chip->line);

	WRITE_ONCE(chip->line->sounds, sounds);
	return sounds;
}

static void sound_until(struct sim3210 *chip, u64 end)
{
	while (chip->sample < end) {
		unsigned int wrap = POTS_SIM_BUS_FRAMES - pots_sim_bus_at(chip->sample);
		unsigned int n = min_t(u64, end - chip->sample, POTS_SIM_BLOCK);

		n = min(n, wrap);
		if (chip->path.straight)
			straight_block(chip, &chip->path, chip->sample, n);
		else
			bent_block(chip, &chip->path, chip->sample, n);
		chip->sample += n;
	}
}

/*
 * All samples before @until, as far as the host has brought what the bus
 * carries. While no frames are exchanged nobody hears anything: then the time
 * just passes.
 */
void sim3210_sound(struct sim3210 *chip, u64 until)
{
	u64 end = div_u64(until, POTS_SIM_SAMPLE_NS);
	struct pots_sim_window window;

	if (end <= chip->sample)
		return;
	window = pots_sim_bus_window(chip->line->bus);
	if (!window.running || !sim3210_sounds(chip)) {
		if (chip->path.decoded)
			sim3210_dtmf_quiet(chip, end - chip->sample);
		chip->sample = end;
		return;
	}
	chip->sample = max(chip->sample, window.first);
	sound_until(chip, min(end, window.horizon));
}
