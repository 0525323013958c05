// SPDX-License-Identifier: GPL-2.0-only
/*
 * pots-sim: reset lines of a board: a GPIO chip with one output a line, which
 * the chips' driver finds as "reset", active low.
 */
#include <linux/bitmap.h>
#include <linux/gpio/driver.h>
#include <linux/gpio/machine.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "board.h"

#if IS_ENABLED(CONFIG_GPIOLIB)

/**
 * struct pots_sim_reset - the reset lines
 * @gc:		the GPIO chip
 * @board:	whose it is
 * @label:	by which the tables find it
 * @dev_id:	names of the chips
 * @table:	one for each chip
 * @high:	level of each line
 */
struct pots_sim_reset {
	struct gpio_chip gc;
	struct pots_sim_board *board;
	char label[32];
	char dev_id[POTS_SIM_LINES_MAX][32];
	struct gpiod_lookup_table *table[POTS_SIM_LINES_MAX];
	DECLARE_BITMAP(high, POTS_SIM_LINES_MAX);
};

static int reset_get(struct gpio_chip *gc, unsigned int offset)
{
	struct pots_sim_reset *reset = gpiochip_get_data(gc);

	return test_bit(offset, reset->high);
}

static void drive(struct pots_sim_reset *reset, unsigned int offset, bool high)
{
	assign_bit(offset, reset->high, high);
	pots_sim_line_reset(reset->board->line[offset], !high);
}

static int reset_output(struct gpio_chip *gc, unsigned int offset, int value)
{
	drive(gpiochip_get_data(gc), offset, value);
	return 0;
}

static int reset_direction(struct gpio_chip *gc, unsigned int offset)
{
	return GPIO_LINE_DIRECTION_OUT;
}

static void reset_set(struct gpio_chip *gc, unsigned int offset, int value)
{
	drive(gpiochip_get_data(gc), offset, value);
}

/* Kernels since 6.17 want to hear whether setting worked. */
#define RESET_SET								\
	__builtin_choose_expr(__same_type(((struct gpio_chip *)NULL)->set,	\
					  &reset_output),			\
			      reset_output, reset_set)

static int add_table(struct pots_sim_reset *reset, unsigned int i)
{
	struct gpiod_lookup_table *table = kzalloc(struct_size(table, table, 2), GFP_KERNEL);

	if (!table)
		return -ENOMEM;
	snprintf(reset->dev_id[i], sizeof(reset->dev_id[i]), "spi%d.%u",
		 reset->board->spi->bus_num, i);
	table->dev_id = reset->dev_id[i];
	table->table[0] = GPIO_LOOKUP(reset->label, i, "reset", GPIO_ACTIVE_LOW);
	gpiod_add_lookup_table(table);
	reset->table[i] = table;
	return 0;
}

int pots_sim_reset_add(struct pots_sim_board *board)
{
	struct pots_sim_reset *reset;
	unsigned int i;
	int err;

	if (!board->config.reset)
		return 0;
	reset = kzalloc(sizeof(*reset), GFP_KERNEL);
	if (!reset)
		return -ENOMEM;
	reset->board = board;
	bitmap_fill(reset->high, POTS_SIM_LINES_MAX);
	snprintf(reset->label, sizeof(reset->label), "pots-sim-%s", board->config.name);
	reset->gc.label = reset->label;
	reset->gc.parent = &board->pdev->dev;
	reset->gc.owner = THIS_MODULE;
	reset->gc.base = -1;
	reset->gc.ngpio = board->lines;
	reset->gc.get = reset_get;
	reset->gc.set = RESET_SET;
	reset->gc.get_direction = reset_direction;
	reset->gc.direction_output = reset_output;
	err = gpiochip_add_data(&reset->gc, reset);
	if (err) {
		kfree(reset);
		return err;
	}
	board->reset = reset;
	for (i = 0; !err && i < board->lines; i++)
		err = add_table(reset, i);
	if (err)
		pots_sim_reset_del(board);
	return err;
}

void pots_sim_reset_del(struct pots_sim_board *board)
{
	struct pots_sim_reset *reset = board->reset;
	unsigned int i;

	if (!reset)
		return;
	for (i = 0; i < POTS_SIM_LINES_MAX; i++) {
		if (!reset->table[i])
			continue;
		gpiod_remove_lookup_table(reset->table[i]);
		kfree(reset->table[i]);
	}
	gpiochip_remove(&reset->gc);
	kfree(reset);
	board->reset = NULL;
}

#else /* a kernel without GPIOs has boards without reset lines */

int pots_sim_reset_add(struct pots_sim_board *board)
{
	return board->config.reset ? -EOPNOTSUPP : 0;
}

void pots_sim_reset_del(struct pots_sim_board *board)
{
}

#endif
