/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pots-sim: one line, where a chip model and a far end meet: an Si3210 and a
 * telephone, or what another kind of line has.
 *
 * This is all that a model knows of its surroundings, and all that a board
 * knows of a model. A line lives as long as its device, which open files of
 * the far end's node hold.
 *
 * One lock guards a line: the model, the far end, the faults. Time reaches
 * them by arguments: whoever enters takes the lock, brings the model up to the
 * present by pots_sim_line_run(), and then looks or changes.
 */
#ifndef _POTS_SIM_LINE_H
#define _POTS_SIM_LINE_H

#include <linux/atomic.h>
#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/hrtimer.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

#include "exchange.h"
#include "far.h"
#include "inject.h"
#include "phone.h"
#include "steps.h"
#include "wire.h"

struct pots_sim_board;
struct pots_sim_bus;
struct pots_sim_line;

#define POTS_SIM_SAMPLE_NS	125000
#define POTS_SIM_NEVER		U64_MAX
#define POTS_SIM_BLOCK		16	/* samples that a model handles at a time */

/**
 * struct pots_sim_counts - what a chip's user did wrong
 * @bad_writes:	writes to reserved registers
 * @bad_access:	indirect accesses begun while one was pending
 * @osc_conflicts: times that oscillator 2 ran together with ringing
 */
struct pots_sim_counts {
	u32 bad_writes;
	u32 bad_access;
	u32 osc_conflicts;
};

/**
 * struct pots_sim_model_ops - a chip, as its pins are seen from outside
 *
 * All but @alloc and @free are called with the line's lock held and times that
 * never run backward.
 */
struct pots_sim_model_ops {
	/** @alloc: A chip that has just got its supply, or NULL. */
	void *(*alloc)(struct pots_sim_line *line);
	/** @free: Takes NULL, too. */
	void (*free)(void *model);
	/** @cs: Chip select fell (@on) or rose. */
	void (*cs)(void *model, bool on);
	/** @byte: Eight clocks of SPI: takes SDI, returns SDO. */
	u8 (*byte)(void *model, u8 sdi, u64 now);
	/** @thru: What SDITHRU gives to the next chip of a chain while @sdi comes. */
	u8 (*thru)(void *model, u8 sdi);
	/** @run: Let everything happen that is due until @now. Returns as @next. */
	u64 (*run)(void *model, u64 now);
	/** @next: When something is due again, or POTS_SIM_NEVER. */
	u64 (*next)(void *model);
	/** @loop: Something of the far end's changed on the loop. */
	void (*loop)(void *model, u64 now);
	/** @clock: PCLK came or went. */
	void (*clock)(void *model, bool on, u64 now);
	/** @reset: The reset line was pulled low (@held) or let go. */
	void (*reset)(void *model, bool held, u64 now);
	/** @counts: Add what the chip's user did wrong. */
	void (*counts)(void *model, struct pots_sim_counts *counts);
};

/**
 * struct pots_sim_kind - a kind of line
 * @modalias:	of its chip, a name that only the driver here has
 * @chain:	of a daisy chain of them; si3210-chain is no driver's
 * @feeds:	the chip feeds the line
 * @model:	the chip
 * @far:	what is at the far end
 */
struct pots_sim_kind {
	const char *modalias;
	const char *chain;
	bool feeds;
	const struct pots_sim_model_ops *model;
	const struct pots_sim_far_ops *far;
};

extern const struct pots_sim_kind pots_sim_fxs;
extern const struct pots_sim_kind pots_sim_fxo;
extern const struct pots_sim_kind pots_sim_wired_fxs;
extern const struct pots_sim_kind pots_sim_wired_fxo;

/**
 * struct pots_sim_line - a chip, a wire and a far end
 * @dev:	the far end's node; its release frees the line
 * @cdev:	the far end's node
 * @board:	valid while @gone is false
 * @bus:	the board's PCM bus, valid as @board
 * @index:	from 0, over all of the board
 * @number:	from 1, over those of its kind
 * @kind:	what it is
 * @lock:	guards all below, and the model
 * @gone:	the board is no more
 * @ops:	of the model
 * @model:	the model
 * @inside:	the model runs: who is called by it must not call it
 * @touched:	the loop was changed meanwhile
 * @timer:	fires when the model's next event is due
 * @armed:	when that is
 * @irq:	INT# is low; read without the lock by the interrupt controller
 * @sounds:	the model has something for the PCM bus or for an ear
 * @mosfet:	the board's DC-DC converter has a MOSFET, else a BJT
 * @fault:	what is broken
 * @far:	the far end
 * @steps:	what the far end does
 * @phone:	the far end when it is a telephone
 * @exchange:	the far end when it is an exchange
 * @wire:	to another line, in place of a far end with a node; NULL without
 * @wait:	for samples, room, and changes of the far end's state
 */
struct pots_sim_line {
	struct device dev;
	struct cdev cdev;
	struct pots_sim_board *board;
	struct pots_sim_bus *bus;
	unsigned int index;
	unsigned int number;
	const struct pots_sim_kind *kind;

	spinlock_t lock; /* see above */
	bool gone;
	const struct pots_sim_model_ops *ops;
	void *model;
	bool inside;
	bool touched;
	struct hrtimer timer;
	u64 armed;
	atomic_t irq;
	bool sounds;
	bool mosfet;
	struct pots_sim_faults fault;
	struct pots_sim_far far;
	struct pots_sim_steps steps;
	union {
		struct pots_sim_phone_state phone;
		struct pots_sim_exchange_line exchange;
	};
	struct pots_sim_wire *wire;
	wait_queue_head_t wait;
};

/* line.c, for the board and the far end */
struct pots_sim_line *pots_sim_line_alloc(struct pots_sim_board *board,
					  const struct pots_sim_kind *kind,
					  unsigned int index, unsigned int number);
void pots_sim_line_retire(struct pots_sim_line *line);
void pots_sim_lines_wait(void);
void pots_sim_line_run(struct pots_sim_line *line, u64 now);
void pots_sim_line_cs(struct pots_sim_line *line, bool on, u64 now);
u8 pots_sim_line_byte(struct pots_sim_line *line, u8 sdi, u64 now);
unsigned int pots_sim_chain_length(const struct pots_sim_line *line);
void pots_sim_line_loop_changed(struct pots_sim_line *line, u64 now);
void pots_sim_line_clock(struct pots_sim_line *line, bool on);
void pots_sim_line_reset(struct pots_sim_line *line, bool held);

/* line.c, for the model */
void pots_sim_line_set_irq(struct pots_sim_line *line, bool low);

/**
 * struct pots_sim_feed - what a chip puts on TIP and RING
 * @line_mv:	DC voltage between them
 * @loop_ua:	DC current
 * @fed:	battery is on them
 * @reversed:	polarity
 */
struct pots_sim_feed {
	s32 line_mv;
	s32 loop_ua;
	bool fed;
	bool reversed;
};

/**
 * struct pots_sim_meter - a metering pulse, when it is over
 * @hz:		its frequency
 * @mv:		rms
 * @rise_us:	how long it took to swell
 */
struct pots_sim_meter {
	u32 hz;
	u32 mv;
	u32 rise_us;
};

/* line.c, phone.c: what a telephone learns from the wire */
void pots_sim_line_feed(struct pots_sim_line *line,
			const struct pots_sim_feed *feed, u64 now);
void pots_sim_line_ring(struct pots_sim_line *line, bool on, u64 now);
/* Whether the neon lamp glows from now on. */
bool pots_sim_lamp(struct pots_sim_state *out, s32 line_mv, u64 now);
/* A pulse begins (NULL) or is over. */
void pots_sim_line_meter(struct pots_sim_line *line, const struct pots_sim_meter *meter,
			 u64 now);
void pots_sim_line_ring_sample(struct pots_sim_line *line, s32 mv, u64 at);

/* far.c, for the model: what is said on the line, and what is heard there */
void pots_sim_line_mic(struct pots_sim_line *line, u64 sample, s16 *out,
		       unsigned int n);
void pots_sim_line_ear(struct pots_sim_line *line, u64 sample, const s16 *in,
		       unsigned int n);

/* Resistance of the loop in ohms when the hook switch conducts. */
static inline u32 pots_sim_line_ohm(const struct pots_sim_line *line)
{
	return line->phone.param.loop_ohm;
}

static inline bool pots_sim_line_closed(const struct pots_sim_line *line)
{
	return line->phone.closed;
}

/* Somebody writes down what is heard, or something is spoken. */
static inline bool pots_sim_line_has_sound(const struct pots_sim_line *line)
{
	return !list_empty(&line->far.ears) || line->far.speaking;
}

/* model_si3210.c */
extern const struct pots_sim_model_ops pots_sim_si3210_ops;

/* model_si3050.c */
extern const struct pots_sim_model_ops pots_sim_si3050_ops;

#endif /* _POTS_SIM_LINE_H */
