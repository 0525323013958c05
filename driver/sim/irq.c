// SPDX-License-Identifier: GPL-2.0-only
/*
 * pots-sim: interrupt lines of a board: level-triggered, active low.
 *
 * Kernels of distributions come without IRQ_SIM, which moreover knows edges
 * only. An interrupt is raised from irq_work, so it comes in hard interrupt
 * context as it should; a line that is still low when it is unmasked is raised
 * again.
 */
#include <linux/irq.h>
#include <linux/irq_work.h>
#include <linux/slab.h>

#include "board.h"

/**
 * struct sim_irq_line - one interrupt line
 * @work:	raises it
 * @masked:	by the interrupt core
 * @line:	whose INT# it is
 * @irq:	its number
 */
struct sim_irq_line {
	struct irq_work work;
	bool masked;
	struct pots_sim_line *line;
	unsigned int irq;
};

/**
 * struct pots_sim_irq - all of a board
 * @first:	number of the first
 * @count:	how many
 * @line:	the lines
 */
struct pots_sim_irq {
	int first;
	unsigned int count;
	struct sim_irq_line line[];
};

/* The chips of a chain pull the line of the first. */
static bool is_low(const struct sim_irq_line *il)
{
	struct pots_sim_line **line = &il->line->board->line[il->line->index];
	unsigned int i;

	for (i = 0; i < pots_sim_chain_length(il->line); i++)
		if (atomic_read(&line[i]->irq))
			return true;
	return false;
}

static void raise_irq(struct irq_work *work)
{
	struct sim_irq_line *il = container_of(work, struct sim_irq_line, work);

	if (is_low(il) && !READ_ONCE(il->masked))
		generic_handle_irq(il->irq);
}

static void sim_irq_mask(struct irq_data *data)
{
	struct sim_irq_line *il = irq_data_get_irq_chip_data(data);

	WRITE_ONCE(il->masked, true);
}

static void sim_irq_unmask(struct irq_data *data)
{
	struct sim_irq_line *il = irq_data_get_irq_chip_data(data);

	WRITE_ONCE(il->masked, false);
	if (is_low(il))
		irq_work_queue(&il->work);
}

/* The chips pull the line low and hold it there: nothing else is true. */
static int sim_irq_set_type(struct irq_data *data, unsigned int type)
{
	return type == IRQ_TYPE_LEVEL_LOW ? 0 : -EINVAL;
}

static struct irq_chip sim_irq_chip = {
	.name = "pots-sim",
	.irq_mask = sim_irq_mask,
	.irq_unmask = sim_irq_unmask,
	.irq_set_type = sim_irq_set_type,
};

void pots_sim_irq_fell(struct pots_sim_board *board, unsigned int index)
{
	if (board->irq)
		irq_work_queue(&board->irq->line[index].work);
}

int pots_sim_irq_number(struct pots_sim_board *board, unsigned int index)
{
	return board->irq ? board->irq->first + index : 0;
}

/*
 * Linux 6.1 says that it has made a descriptor for whose place in its tree there
 * was no memory, and stumbles over it when it is freed.
 */
static bool is_there(unsigned int irq)
{
	return irq_get_irq_data(irq);
}

/* True when all are there; otherwise none is afterwards. */
static bool are_there(unsigned int first, unsigned int n)
{
	unsigned int i, there = 0;

	for (i = 0; i < n; i++)
		there += is_there(first + i);
	if (there == n)
		return true;
	for (i = 0; i < n; i++)
		if (is_there(first + i))
			irq_free_desc(first + i);
	return false;
}

int pots_sim_irq_add(struct pots_sim_board *board)
{
	unsigned int i, n = board->lines;
	struct pots_sim_irq *irq;

	if (!board->config.irq)
		return 0;
	irq = kzalloc(struct_size(irq, line, n), GFP_KERNEL);
	if (!irq)
		return -ENOMEM;
	irq->count = n;
	/* Without an owner: who unloads us takes the chips first, and their handlers. */
	irq->first = __irq_alloc_descs(-1, 0, n, NUMA_NO_NODE, NULL, NULL);
	if (irq->first < 0 || !are_there(irq->first, n)) {
		int err = irq->first < 0 ? irq->first : -ENOMEM;

		kfree(irq);
		return err;
	}

	for (i = 0; i < n; i++) {
		struct sim_irq_line *il = &irq->line[i];

		il->irq = irq->first + i;
		il->line = board->line[i];
		il->work = IRQ_WORK_INIT_HARD(raise_irq);
		il->masked = true;
		irq_set_chip_and_handler(il->irq, &sim_irq_chip, handle_level_irq);
		irq_set_chip_data(il->irq, il);
		irq_set_status_flags(il->irq, IRQ_NOAUTOEN);
		irq_clear_status_flags(il->irq, IRQ_NOREQUEST | IRQ_NOAUTOEN);
	}
	board->irq = irq;
	return 0;
}

/* After the chips are gone, and the lines are retired. */
void pots_sim_irq_del(struct pots_sim_board *board)
{
	struct pots_sim_irq *irq = board->irq;
	unsigned int i;

	if (!irq)
		return;
	board->irq = NULL;
	for (i = 0; i < irq->count; i++)
		irq_work_sync(&irq->line[i].work);
	irq_free_descs(irq->first, irq->count);
	kfree(irq);
}
