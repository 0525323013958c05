// SPDX-License-Identifier: GPL-2.0-only
/*
 * pots-sim: simulated telephone boards.
 *
 * The module makes one board by its parameters, for kernels without configfs,
 * or any number of them through configfs.
 */
#include <linux/module.h>

#include "board.h"

static struct pots_sim_config param;
static struct pots_sim_board *board;

static unsigned int fxs;
module_param(fxs, uint, 0444);
MODULE_PARM_DESC(fxs, "make a board \"sim\" with so many telephones, 1..16 (0: none)");

static unsigned int frames = 1;
module_param(frames, uint, 0444);
MODULE_PARM_DESC(frames, "its ms of sound in one call of the core, 1..20 (1)");

static bool highway = true;
module_param(highway, bool, 0444);
MODULE_PARM_DESC(highway, "its PCM bus is connected (yes)");

static bool irq = true;
module_param(irq, bool, 0444);
MODULE_PARM_DESC(irq, "its interrupt lines are connected (yes)");

static int __init make_board(void)
{
	if (!fxs)
		return 0;
	if (fxs > POTS_SIM_LINES_MAX || !frames || frames > 20)
		return -EINVAL;
	param = pots_sim_config_default;
	strscpy(param.name, "sim", sizeof(param.name));
	param.fxs = fxs;
	param.frames = frames;
	param.highway = highway;
	param.irq = irq;
	board = pots_sim_board_create(&param);
	return PTR_ERR_OR_ZERO(board);
}

static int __init pots_sim_init(void)
{
	int err;

	err = pots_sim_class_init();
	if (err)
		return err;
	err = make_board();
	if (err)
		pots_sim_class_exit();
	return err;
}

static void __exit pots_sim_exit(void)
{
	if (board)
		pots_sim_board_destroy(board);
	pots_sim_class_exit();
}

module_init(pots_sim_init);
module_exit(pots_sim_exit);

MODULE_DESCRIPTION("Simulated telephone boards");
MODULE_AUTHOR("The pots authors");
MODULE_LICENSE("GPL");
