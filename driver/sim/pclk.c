// SPDX-License-Identifier: GPL-2.0-only
/*
 * pots-sim: PCLK of a board, 2.048 MHz, as a clock that the chips' driver gets
 * by the name "pclk". While nobody has it enabled, the chips' time stands still.
 */
#include <linux/clk-provider.h>
#include <linux/clkdev.h>
#include <linux/slab.h>

#include "board.h"

static void clock_lines(struct pots_sim_board *board, bool on)
{
	unsigned int i;

	for (i = 0; i < board->lines; i++)
		pots_sim_line_clock(board->line[i], on);
}

#if IS_ENABLED(CONFIG_COMMON_CLK)

/**
 * struct pots_sim_pclk - the clock and the names under which it is found
 * @hw:		the clock
 * @board:	whose it is
 * @lookup:	for each chip, by each name that it may have
 */
struct pots_sim_pclk {
	struct clk_hw hw;
	struct pots_sim_board *board;
	struct clk_lookup *lookup[POTS_SIM_LINES_MAX][2];
};

/* By bus and chip select, or, on newer kernels, by its software node. */
static const char *const chip_name[] = { "spi%d.%u", "spi-" POTS_SIM_CHIP_NODE };

static struct pots_sim_board *board_of(struct clk_hw *hw)
{
	return container_of(hw, struct pots_sim_pclk, hw)->board;
}

static int pclk_enable(struct clk_hw *hw)
{
	clock_lines(board_of(hw), true);
	return 0;
}

static void pclk_disable(struct clk_hw *hw)
{
	clock_lines(board_of(hw), false);
}

static unsigned long pclk_rate(struct clk_hw *hw, unsigned long parent)
{
	return POTS_SIM_PCLK_HZ;
}

static const struct clk_ops pclk_ops = {
	.enable = pclk_enable,
	.disable = pclk_disable,
	.recalc_rate = pclk_rate,
};

static int add_lookups(struct pots_sim_board *board, struct pots_sim_pclk *pclk)
{
	unsigned int i, name;

	for (i = 0; i < board->lines; i++) {
		for (name = 0; name < ARRAY_SIZE(chip_name); name++) {
			pclk->lookup[i][name] =
				clkdev_hw_create(&pclk->hw, "pclk", chip_name[name],
						 board->spi->bus_num, i);
			if (!pclk->lookup[i][name])
				return -ENOMEM;
		}
	}
	return 0;
}

int pots_sim_pclk_add(struct pots_sim_board *board)
{
	struct clk_init_data init = { .ops = &pclk_ops };
	struct pots_sim_pclk *pclk;
	int err;

	if (!board->config.pclk)
		return 0;
	if (board->config.chain) {	/* whoever drives it knows of no clock */
		clock_lines(board, true);
		return 0;
	}
	pclk = kzalloc(sizeof(*pclk), GFP_KERNEL);
	init.name = kasprintf(GFP_KERNEL, "pots-sim-%s-pclk", board->config.name);
	if (!pclk || !init.name) {
		kfree(init.name);
		kfree(pclk);
		return -ENOMEM;
	}
	pclk->board = board;
	pclk->hw.init = &init;
	err = clk_hw_register(&board->pdev->dev, &pclk->hw);
	kfree(init.name);
	if (err) {
		kfree(pclk);
		return err;
	}
	board->pclk = pclk;
	err = add_lookups(board, pclk);
	if (err)
		pots_sim_pclk_del(board);
	return err;
}

void pots_sim_pclk_del(struct pots_sim_board *board)
{
	struct pots_sim_pclk *pclk = board->pclk;
	struct clk_lookup **lookup;

	if (!pclk)
		return;
	lookup = &pclk->lookup[0][0];
	for (; lookup < &pclk->lookup[POTS_SIM_LINES_MAX][0]; lookup++)
		if (*lookup)
			clkdev_drop(*lookup);
	clk_hw_unregister(&pclk->hw);
	kfree(pclk);
	board->pclk = NULL;
}

#else /* a kernel whose clocks are its platform's: PCLK always runs */

int pots_sim_pclk_add(struct pots_sim_board *board)
{
	if (board->config.pclk)
		clock_lines(board, true);
	return 0;
}

void pots_sim_pclk_del(struct pots_sim_board *board)
{
}

#endif
