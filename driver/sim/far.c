// SPDX-License-Identifier: GPL-2.0-only
/*
 * pots-sim: what all far ends of a line do: send what is written to their node,
 * and write down what they hear for whoever reads it.
 *
 * Everything here is guarded by the line's lock.
 */
#include <linux/ktime.h>

#include "board.h"
#include "line.h"

#define EAR_WAKE		80	/* samples */

void pots_sim_far_changed(struct pots_sim_line *line)
{
	line->far.changes++;
	wake_up_interruptible(&line->wait);
}

/* ----------------------------------------------------------------- mouth --- */

/* Whether there is something to say decides whether the clock has to run. */
void pots_sim_far_speaking(struct pots_sim_line *line)
{
	bool speaking = line->far.ops->talks(line);

	if (speaking == line->far.speaking)
		return;
	line->far.speaking = speaking;
	if (line->gone)
		return;
	if (speaking)
		pots_sim_tick_get(line->board, ktime_get_ns());
	else
		pots_sim_tick_put(line->board);
}

/* What was written comes first; after it there is silence. */
void pots_sim_far_say(struct pots_sim_line *line, s16 *out, unsigned int n)
{
	struct pots_sim_far *far = &line->far;
	unsigned int said = kfifo_out(&far->mic, out, n);

	if (said < n)
		memset(out + said, 0, (n - said) * sizeof(*out));
	if (kfifo_len(&far->mic) < kfifo_size(&far->mic) / 4 && wq_has_sleeper(&line->wait))
		wake_up_interruptible(&line->wait);
}

void pots_sim_line_mic(struct pots_sim_line *line, u64 sample, s16 *out, unsigned int n)
{
	line->far.ops->mouth(line, sample, out, n);
	pots_sim_far_speaking(line);
}

/* ------------------------------------------------------------------ ears --- */

/* Tell where sound begins and where silence does. */
static void note_sample(struct pots_sim_line *line, u64 sample, s16 heard)
{
	struct pots_sim_far *far = &line->far;

	if (heard) {
		far->hush = 0;
		if (far->sound)
			return;
		far->sound = true;
		far->ops->sound(line, true, sample * POTS_SIM_SAMPLE_NS);
	} else if (far->sound && ++far->hush >= POTS_SIM_HUSH_SAMPLES) {
		far->sound = false;
		far->ops->sound(line, false, (sample + 1 - POTS_SIM_HUSH_SAMPLES) *
					     POTS_SIM_SAMPLE_NS);
	}
}

/* Sample by sample only where something begins or may end. */
static void note_sound(struct pots_sim_line *line, u64 sample, const s16 *heard,
		       unsigned int n)
{
	struct pots_sim_far *far = &line->far;
	unsigned int i, zeros = 0;

	while (zeros < n && !heard[n - 1 - zeros])
		zeros++;
	if (!far->sound) {
		if (zeros == n)
			return;
	} else if (far->hush + n < POTS_SIM_HUSH_SAMPLES) {
		far->hush = zeros == n ? far->hush + n : zeros;
		return;
	}
	for (i = 0; i < n; i++)
		note_sample(line, sample + i, heard[i]);
}

static void record(struct pots_sim_ear *ear, u64 sample, const s16 *in, unsigned int n)
{
	unsigned int i;

	if (!ear->samples)
		ear->first_ns = sample * POTS_SIM_SAMPLE_NS;
	ear->samples += n;
	for (i = kfifo_avail(&ear->fifo); i < n; i++) {
		kfifo_skip(&ear->fifo);
		ear->lost++;
	}
	kfifo_in(&ear->fifo, in, n);
}

/* @heard is the ear's, @in the line's. */
static void record_all(struct pots_sim_line *line, u64 sample, const s16 *heard,
		       const s16 *in, unsigned int n)
{
	struct pots_sim_ear *ear;
	bool wake = false;

	list_for_each_entry(ear, &line->far.ears, node) {
		record(ear, sample, ear->how == POTS_SIM_LISTEN_LINE ? in : heard, n);
		wake |= kfifo_len(&ear->fifo) >= EAR_WAKE;
	}
	if (wake)
		wake_up_interruptible(&line->wait);
}

/* @n is at most that of a model's block. */
void pots_sim_far_heard(struct pots_sim_line *line, u64 sample, const s16 *heard,
			const s16 *in, unsigned int n)
{
	note_sound(line, sample, heard, n);
	if (!list_empty(&line->far.ears))
		record_all(line, sample, heard, in, n);
}

void pots_sim_line_ear(struct pots_sim_line *line, u64 sample, const s16 *in,
		       unsigned int n)
{
	line->far.ops->hear(line, sample, in, n);
}

/* Begin anew, or end, to write down what is heard. */
void pots_sim_far_listen(struct pots_sim_line *line, struct pots_sim_ear *ear, u32 how)
{
	u64 now = ktime_get_ns();
	bool was = ear->how;

	lockdep_assert_held(&line->lock);
	pots_sim_line_run(line, now);
	ear->how = how;
	ear->samples = 0;
	ear->first_ns = 0;
	ear->lost = 0;
	kfifo_reset(&ear->fifo);
	if (how && !was) {
		list_add_tail(&ear->node, &line->far.ears);
		WRITE_ONCE(line->sounds, true);
		pots_sim_tick_get(line->board, now);
	} else if (!how && was) {
		list_del(&ear->node);
		pots_sim_tick_put(line->board);
	}
}

/* --------------------------------------------------------------- to life --- */

int pots_sim_far_init(struct pots_sim_line *line, const struct pots_sim_far_ops *ops)
{
	line->far.ops = ops;
	INIT_LIST_HEAD(&line->far.ears);
	pots_sim_steps_init(line);
	ops->init(line);
	return kfifo_alloc(&line->far.mic, ops->mic_samples, GFP_KERNEL);
}

void pots_sim_far_free(struct pots_sim_line *line)
{
	kfifo_free(&line->far.mic);
}
