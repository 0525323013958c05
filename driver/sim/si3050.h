/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pots-sim: the insides of the model of an Si3050 with a line side Si3019.
 *
 * As with the Si3210: a register file and a handful of clockworks, each of which
 * knows when it next does something by itself. What data sheets do not say for
 * certain is marked "not verified" where it is done.
 */
#ifndef _POTS_SIM_SI3050_H
#define _POTS_SIM_SI3050_H

#include <linux/bitfield.h>
#include <linux/types.h>

#include "../chips/si3050_regs.h"
#include "line.h"
#include "pcm.h"

/**
 * struct sim3050_ring - the ring detector
 * @at:		its next sample
 * @due:	when it looks again by itself
 * @dc_mv:	DC on the line, on-hook
 * @step_mv:	what a step of it has left behind the detector's capacitor
 * @positive:	above the threshold now
 * @negative:	below the other one
 * @seen:	there was an event, and which was the last:
 * @sign:	positive
 * @event:	when it was
 * @valid_from:	since when the events come as they should, 0 = they do not
 * @valid:	the last of them
 * @until:	when what was not validated ends
 * @rings:	RDT
 */
struct sim3050_ring {
	u64 at;
	u64 due;
	s32 dc_mv;
	s32 step_mv;
	bool positive;
	bool negative;
	bool seen;
	bool sign;
	u64 event;
	u64 valid_from;
	u64 valid;
	u64 until;
	bool rings;
};

/**
 * struct sim3050 - an Si3050 and its line side
 * @line:	what is around it
 * @reg:	registers, as last written; the sticky bits of sources
 * @now:	up to when everything has happened
 * @clocked:	PCLK is there
 * @ready:	when the PLL has locked
 * @held:	the reset line is low
 * @taken:	bytes of the present access that have been taken
 * @full:	this chip select has had its byte
 * @meant:	the access is for this chip
 * @read:	it reads
 * @addr:	the register
 * @reset_due:	when a software reset ends
 * @link:	the isolation link is in lock
 * @link_due:	when it will be
 * @link_ns:	how long that takes, different in each chip
 * @closed:	the line side draws current
 * @hook_due:	when it does no more, after OH was cleared
 * @hear_from:	when sound comes through after OH was set
 * @seized_at:	when OH was set
 * @tripped:	overload protection has opened the loop
 * @overload:	too much comes from the line
 * @dropped:	off-hook without current
 * @negative:	bit 7 of LVS
 * @metered:	a metering pulse is on the line
 * @ring:	the ring detector
 * @sample:	next sample of sound
 * @offset:	DC of the converter on-hook, different in each chip
 * @volt_gain:	of the voltmeter, thousandths, different in each chip
 * @bad_writes:	writes to registers that must not be written
 * @bad_access:	bytes that were no part of an access
 */
struct sim3050 {
	struct pots_sim_line *line;
	u8 reg[SI3050_REG_COUNT];
	u64 now;
	bool clocked;
	u64 ready;
	bool held;

	unsigned int taken;
	bool full;
	bool meant;
	bool read;
	u8 addr;

	u64 reset_due;
	bool link;
	u64 link_due;
	u64 link_ns;
	bool closed;
	u64 hook_due;
	u64 hear_from;
	u64 seized_at;
	bool tripped;
	bool overload;
	bool dropped;
	bool negative;
	bool metered;
	struct sim3050_ring ring;

	u64 sample;
	s16 offset;
	u32 volt_gain;

	u32 bad_writes;
	u32 bad_access;
};

/* Bits of SI3050_IRQ: an event happened. */
void sim3050_event(struct sim3050 *chip, u8 bits);

/* si3050_access.c: registers as the bus sees them */
void sim3050_registers_reset(struct sim3050 *chip);
u8 sim3050_read(struct sim3050 *chip, u8 reg);
void sim3050_write(struct sim3050 *chip, u8 reg, u8 val);

/* si3050_line.c: the isolation link, the hook, the line's direct current */
void sim3050_line_reset(struct sim3050 *chip);
void sim3050_link_lost(struct sim3050 *chip);
void sim3050_link_start(struct sim3050 *chip, u64 at);
void sim3050_link_locked(struct sim3050 *chip);
void sim3050_link_written(struct sim3050 *chip);
void sim3050_hook_written(struct sim3050 *chip, u8 was);
void sim3050_hook_opens(struct sim3050 *chip);
void sim3050_protection_written(struct sim3050 *chip, u8 was);
void sim3050_look(struct sim3050 *chip);
void sim3050_overloaded(struct sim3050 *chip);
u8 sim3050_read_line(struct sim3050 *chip, u8 reg);

/* si3050_ring.c: the ring detector */
void sim3050_ring_reset(struct sim3050 *chip);
void sim3050_ring_stepped(struct sim3050 *chip, s32 dc_mv);
void sim3050_ring_until(struct sim3050 *chip, u64 until);
u8 sim3050_read_ring(const struct sim3050 *chip);

/* si3050_pcm.c: sound between line and bus */
bool sim3050_sounds(struct sim3050 *chip);
void sim3050_sound(struct sim3050 *chip, u64 until);

#endif /* _POTS_SIM_SI3050_H */
