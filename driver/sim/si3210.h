/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pots-sim: the insides of the Si3210 model.
 *
 * The model is a register file and a handful of clockworks, each of which
 * knows when it next does something by itself: run() lets them in the order of
 * their times, with the sound in between. A clockwork at rest costs nothing.
 */
#ifndef _POTS_SIM_SI3210_H
#define _POTS_SIM_SI3210_H

#include <linux/bitfield.h>
#include <linux/types.h>

#include "../chips/si3210_regs.h"
#include "line.h"
#include "pcm.h"

#define SIM3210_MONITOR_NS	1250000	/* 800 Hz */
#define SIM3210_RING_NS		1000000	/* 1 kHz */
#define SIM3210_Q_COUNT		6
#define SIM3210_DTMF_BLOCK	120	/* samples of a decision */

/* What the calibration has to find out, different in each chip. */
struct sim3210_truth {
	u8 result[SI3210_CAL_DC_PEAK - SI3210_CAL_RING_GAIN + 1];
};

/**
 * struct sim3210_osc - a two-pole resonator as the chip has it
 * @x:		first state, with 12 bits of fraction
 * @y:		second state, its output
 * @on:		it runs
 * @ending:	it runs to its next zero crossing
 * @due:	when its timer runs out
 */
struct sim3210_osc {
	s32 x;
	s32 y;
	bool on;
	bool ending;
	u64 due;
};

/**
 * struct sim3210_dtmf - the DTMF decoder
 * @watched:	until when somebody may want to see its register
 * @count:	samples in @block
 * @last:	what the last block was
 * @told:	what two blocks in a row were
 * @block:	samples to decide on
 */
struct sim3210_dtmf {
	u64 watched;
	unsigned int count;
	u8 last;
	u8 told;
	s16 block[SIM3210_DTMF_BLOCK];
};

/**
 * struct sim3210_path - how sound goes through the chip, from its registers
 * @pcm:	what is on the bus
 * @straight:	unchanged but for the hybrid, as whole slots
 * @decoded:	the DTMF decoder listens
 * @echo:	what the hybrid returns
 */
struct sim3210_path {
	struct pots_sim_pcm pcm;
	bool straight;
	bool decoded;
	s32 echo;
};

/**
 * struct sim3210 - an Si3210
 * @line:	what is around it
 * @reg:	direct registers, as last written
 * @ind:	indirect registers
 * @now:	up to when everything has happened
 * @clocked:	PCLK is there
 * @stopped:	when it went
 * @held:	the reset line is low
 * @second:	the next byte of SPI is the second or later of an access
 * @skip:	bytes of another chip's access in daisy-chain mode
 * @selected:	the chip-select byte of daisy-chain mode named this chip
 * @command:	first byte of the access
 * @ida_written: IDA was written since the last IAA
 * @ind_write:	the pending indirect access writes
 * @ind_data:	what it writes
 * @ind_due:	when it is served
 * @lfs:	linefeed state, the real one
 * @monitor_due: next sample of the monitor ADC, NEVER when all is settled
 * @monitor_last: last sample
 * @loop_ua:	present magnitude of the loop current
 * @loop_lpf:	loop current behind its filter, uA with 12 bits of fraction
 * @ring_lpf:	the same in the ringing state
 * @debounce:	samples in which the raw decision differed
 * @lcr:	loop closed
 * @rtp:	ring trip
 * @q_lpf:	power behind its filter, uW with 12 bits of fraction
 * @vbat_mv:	magnitude of the battery voltage
 * @osc:	tone oscillators
 * @ring:	ringing oscillator
 * @ring_at:	its next sample
 * @ring_up:	the trapezoid rises
 * @ring_ticks: 125 us since its last turn
 * @ring_due:	when the ringing timer runs out
 * @ring_timed:	automatic ringing is on
 * @meter_due:	when the metering timer runs out
 * @meter_since: when the present pulse began
 * @metering:	it is on the line
 * @cal_due:	when the calibration ends
 * @dccal_due:	when the peak-current calibration ends
 * @dtmf:	the DTMF decoder
 * @sample:	next sample of sound
 * @same:	since @due and @path were worked out nothing but sound has happened
 * @due:	when something is due by itself
 * @path:	how sound goes through the chip
 * @truth:	see there
 * @bad_writes:	writes to reserved registers
 * @bad_access:	indirect accesses begun too early
 * @osc_conflicts: oscillator 2 beside ringing
 */
struct sim3210 {
	struct pots_sim_line *line;
	u8 reg[SI3210_REG_COUNT];
	u16 ind[SI3210_IND_COUNT];
	u64 now;
	bool clocked;
	u64 stopped;
	bool held;

	bool second;
	u8 skip;
	bool selected;
	u8 command;
	bool ida_written;
	bool ind_write;
	u16 ind_data;
	u64 ind_due;

	u8 lfs;
	u64 monitor_due;
	u64 monitor_last;
	u32 loop_ua;
	s64 loop_lpf;
	s64 ring_lpf;
	unsigned int debounce;
	bool lcr;
	bool rtp;
	s64 q_lpf[SIM3210_Q_COUNT];
	s32 vbat_mv;

	struct sim3210_osc osc[2];
	struct sim3210_osc ring;
	u64 ring_at;
	bool ring_up;
	u32 ring_ticks;
	u64 ring_due;
	bool ring_timed;

	u64 meter_due;
	u64 meter_since;
	bool metering;

	u64 cal_due;
	u64 dccal_due;
	struct sim3210_dtmf dtmf;
	u64 sample;
	bool same;
	u64 due;
	struct sim3210_path path;
	struct sim3210_truth truth;

	u32 bad_writes;
	u32 bad_access;
	u32 osc_conflicts;
};

static inline u16 sim3210_reg16(const struct sim3210 *chip, u8 lo)
{
	return chip->reg[lo] | chip->reg[lo + 1] << 8;
}

static inline bool sim3210_can_talk(const struct sim3210 *chip)
{
	return chip->lfs == SI3210_LF_FORWARD || chip->lfs == SI3210_LF_REVERSE ||
	       chip->lfs == SI3210_LF_OHT_FORWARD ||
	       chip->lfs == SI3210_LF_OHT_REVERSE;
}

/* Bits of status register SI3210_IRQ1 + @n: an event happened. */
void sim3210_event(struct sim3210 *chip, unsigned int n, u8 bits);
void sim3210_power_up(struct sim3210 *chip, u64 now);

/* si3210_access.c: registers as the bus sees them */
u8 sim3210_read(struct sim3210 *chip, u8 reg);
void sim3210_write(struct sim3210 *chip, u8 reg, u8 val);
void sim3210_indirect_served(struct sim3210 *chip);

/* si3210_feed.c: battery, linefeed, monitors, alarms */
void sim3210_feed_reset(struct sim3210 *chip);
void sim3210_set_linefeed(struct sim3210 *chip, u8 lfs);
void sim3210_feed_touched(struct sim3210 *chip);
void sim3210_monitor(struct sim3210 *chip, u64 at);
void sim3210_monitor_catch_up(struct sim3210 *chip, u64 now);
u8 sim3210_read_monitor(struct sim3210 *chip, u8 reg);
bool sim3210_is_powered(const struct sim3210 *chip);

/* si3210_ring.c: the ringing oscillator and its timers */
void sim3210_ring_start(struct sim3210 *chip, u64 now);
void sim3210_ring_stop(struct sim3210 *chip, u64 now);
s32 sim3210_ring_mv(struct sim3210 *chip, u64 at);
s32 sim3210_ring_dc_mv(const struct sim3210 *chip);
void sim3210_ring_timer(struct sim3210 *chip);
void sim3210_ring_timed(struct sim3210 *chip, bool on);

/* si3210_meter.c: the metering generator; the line may have changed */
void sim3210_meter_touched(struct sim3210 *chip);
void sim3210_meter_written(struct sim3210 *chip, u8 was);
void sim3210_meter_timer(struct sim3210 *chip);

/* si3210_tone.c: resonators and the two tone oscillators */
s32 sim3210_resonate(struct sim3210_osc *osc, s16 coefficient);
void sim3210_osc_load(struct sim3210_osc *osc, s16 x, s16 y);
void sim3210_osc_written(struct sim3210 *chip, unsigned int n, u8 was);
void sim3210_osc_timer(struct sim3210 *chip, unsigned int n);
s16 sim3210_osc_sample(struct sim3210 *chip, unsigned int n);

/* si3210_cal.c */
void sim3210_cal_start(struct sim3210 *chip);
void sim3210_cal_done(struct sim3210 *chip);
void sim3210_cal_disturbed(struct sim3210 *chip);
void sim3210_dccal_start(struct sim3210 *chip);
void sim3210_dccal_done(struct sim3210 *chip);
int sim3210_cal_error(const struct sim3210 *chip, u8 reg);

/* si3210_dtmf.c */
bool sim3210_dtmf_works(const struct sim3210 *chip);
void sim3210_dtmf_watched(struct sim3210 *chip);
void sim3210_dtmf_restart(struct sim3210 *chip);
void sim3210_dtmf_hear(struct sim3210 *chip, const s16 *sample, unsigned int n);
void sim3210_dtmf_quiet(struct sim3210 *chip, u64 n);

/* si3210_pcm.c: sound between line and bus */
bool sim3210_sounds(struct sim3210 *chip);
void sim3210_find_path(struct sim3210 *chip);
void sim3210_sound(struct sim3210 *chip, u64 until);

#endif /* _POTS_SIM_SI3210_H */
