/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pots-sim: the far end of a line, as the line and its node see it: a mouth
 * whose words wait to be sent, ears that write down what comes, and somebody who
 * does things. What kind of thing that is, a telephone or an exchange, says
 * struct pots_sim_far_ops.
 */
#ifndef _POTS_SIM_FAR_H
#define _POTS_SIM_FAR_H

#include <linux/kfifo.h>
#include <linux/list.h>
#include <linux/pots_sim.h>
#include <linux/types.h>

struct pots_sim_line;

#define POTS_SIM_EAR_SAMPLES	32768	/* four seconds, a power of two */
#define POTS_SIM_HUSH_SAMPLES	160	/* 20 ms of zeros are silence */

/**
 * struct pots_sim_ear - somebody who writes down what is heard
 * @node:	in the far end's list, while @how is not OFF
 * @how:	POTS_SIM_LISTEN_*
 * @fifo:	samples to be read
 * @first_ns:	stamp of the first sample
 * @samples:	since then
 * @lost:	of them, not read in time
 */
struct pots_sim_ear {
	struct list_head node;
	u32 how;
	DECLARE_KFIFO_PTR(fifo, s16);
	u64 first_ns;
	u64 samples;
	u32 lost;
};

/**
 * struct pots_sim_far_file - one open of a far end's node
 * @line:	whose far end it is, referenced
 * @ear:	what this file hears, guarded by the line's lock
 * @seen:	changes of the state that this file has seen
 */
struct pots_sim_far_file {
	struct pots_sim_line *line;
	struct pots_sim_ear ear;
	unsigned int seen;
};

/**
 * struct pots_sim_far_ops - a kind of far end
 *
 * All but @init, @stop, @sane and @ioctl are called with the line's lock held.
 */
struct pots_sim_far_ops {
	/** @prefix: Of K in the node's name. */
	const char *prefix;
	/** @mic_samples: What may wait to be said, a power of two. */
	unsigned int mic_samples;
	/** @init: What is zero is made so that it works. */
	void (*init)(struct pots_sim_line *line);
	/** @stop: Nothing moves any more; called without the lock. */
	void (*stop)(struct pots_sim_line *line);
	/** @sane: Is it a step that this kind can do? Lengths have been looked at. */
	bool (*sane)(const struct pots_sim_step *step);
	/**
	 * @begin: The step of struct pots_sim_steps begins. Returns true when it
	 * takes time, and has added that to what was due.
	 */
	bool (*begin)(struct pots_sim_line *line, u64 now);
	/**
	 * @at_once: A step that waits for no other one is done. False when it is to
	 * wait; NULL when all do.
	 */
	bool (*at_once)(struct pots_sim_line *line, const struct pots_sim_step *step,
			u64 now);
	/** @next: A part of it is over. Returns true when another comes, as @begin. */
	bool (*next)(struct pots_sim_line *line, u64 now);
	/** @flushed: The steps are to be forgotten, of which one was @running. */
	void (*flushed)(struct pots_sim_line *line, bool running, u64 now);
	/** @busy: Steps run, or do no more. */
	void (*busy)(struct pots_sim_line *line, bool busy);
	/** @talks: Has it something to send: what is written, or by itself? */
	bool (*talks)(struct pots_sim_line *line);
	/** @mouth: What it sends from @sample on. */
	void (*mouth)(struct pots_sim_line *line, u64 sample, s16 *out, unsigned int n);
	/** @hear: What comes from the line; passed on to pots_sim_far_heard(). */
	void (*hear)(struct pots_sim_line *line, u64 sample, const s16 *in,
		     unsigned int n);
	/** @sound: Sound begins, or did end, at @at. */
	void (*sound)(struct pots_sim_line *line, bool on, u64 at);
	/** @ioctl: Of its node, those that are not all far ends'. */
	long (*ioctl)(struct pots_sim_far_file *ff, unsigned int cmd, void __user *arg);
};

/**
 * struct pots_sim_far - what all far ends have, guarded by the line's lock
 * @ops:	the kind
 * @mic:	what is said
 * @ears:	who listens
 * @speaking:	something is there to be sent
 * @sound:	something is heard
 * @hush:	zeros heard in a row
 * @changes:	counts what its state went through
 */
struct pots_sim_far {
	const struct pots_sim_far_ops *ops;
	DECLARE_KFIFO_PTR(mic, s16);
	struct list_head ears;
	bool speaking;
	bool sound;
	u32 hush;
	unsigned int changes;
};

/* far.c, for the line */
int pots_sim_far_init(struct pots_sim_line *line, const struct pots_sim_far_ops *ops);
void pots_sim_far_free(struct pots_sim_line *line);

/* far.c, for the far ends */
void pots_sim_far_changed(struct pots_sim_line *line);
void pots_sim_far_speaking(struct pots_sim_line *line);
void pots_sim_far_say(struct pots_sim_line *line, s16 *out, unsigned int n);
void pots_sim_far_heard(struct pots_sim_line *line, u64 sample, const s16 *heard,
			const s16 *in, unsigned int n);
void pots_sim_far_listen(struct pots_sim_line *line, struct pots_sim_ear *ear, u32 how);

/* far_dev.c */
int pots_sim_class_init(void);
void pots_sim_class_exit(void);
int pots_sim_node_add(struct pots_sim_line *line);
void pots_sim_node_del(struct pots_sim_line *line);

#endif /* _POTS_SIM_FAR_H */
