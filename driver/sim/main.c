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
MODULE_PARM_DESC(fxs, "make a board \"sim\" with so many telephones, at most 16 (0)");

static unsigned int fxo;
module_param(fxo, uint, 0444);
MODULE_PARM_DESC(fxo, "make it with so many lines to an exchange, at most 16 in all (0)");

static unsigned int wires;
module_param(wires, uint, 0444);
MODULE_PARM_DESC(wires, "wire so many of the ones to as many of the others (0)");

static unsigned int frames = 1;
module_param(frames, uint, 0444);
MODULE_PARM_DESC(frames, "its ms of sound in one call of the core, 1..20 (1)");

static bool highway = true;
module_param(highway, bool, 0444);
MODULE_PARM_DESC(highway, "its PCM bus is connected (yes)");

static bool irq = true;
module_param(irq, bool, 0444);
MODULE_PARM_DESC(irq, "its interrupt lines are connected (yes)");

static bool reset;
module_param(reset, bool, 0444);
MODULE_PARM_DESC(reset, "its reset lines are connected (no)");

static bool mosfet = true;
module_param(mosfet, bool, 0444);
MODULE_PARM_DESC(mosfet, "its DC-DC converters have a MOSFET, else a BJT (yes)");

static bool chain;
module_param(chain, bool, 0444);
MODULE_PARM_DESC(chain, "its chips are a daisy chain on one chip select (no)");

static unsigned int ring_mw;
module_param(ring_mw, uint, 0444);
MODULE_PARM_DESC(ring_mw, "what its supply gives for ringing a line, mW (0: enough)");

static unsigned int ring_all_mw;
module_param(ring_all_mw, uint, 0444);
MODULE_PARM_DESC(ring_all_mw, "what its supply gives for ringing all lines, mW (0: enough)");

static unsigned int detector;
module_param(detector, uint, 0444);
MODULE_PARM_DESC(detector,
		 "who knows ringing: the chip, or the driver by 1: both halves, 2: one (0)");

static unsigned int gain;
module_param(gain, uint, 0444);
MODULE_PARM_DESC(gain, "0.1 dB more to an exchange's line and less from it (0)");

static int __init make_board(void)
{
	struct pots_sim_board *made;

	if (!fxs && !fxo)
		return 0;
	if (!frames || frames > 20 || detector > POTS_SIM_DETECTOR_MAX ||
	    gain > POTS_SIM_GAIN_MAX)
		return -EINVAL;
	param = pots_sim_config_default;
	strscpy(param.name, "sim", sizeof(param.name));
	param.fxs = fxs;
	param.fxo = fxo;
	param.wires = wires;
	param.frames = frames;
	param.highway = highway;
	param.irq = irq;
	param.reset = reset;
	param.mosfet = mosfet;
	param.chain = chain;
	param.ring_mw = ring_mw;
	param.ring_all_mw = ring_all_mw;
	param.detector = detector;
	param.gain = gain;
	made = pots_sim_board_create(&param);
	if (IS_ERR(made))
		return PTR_ERR(made);
	board = made;
	return 0;
}

static void drop_board(void)
{
	if (board)
		pots_sim_board_destroy(board);
	pots_sim_lines_wait();
}

static int __init pots_sim_init(void)
{
	int err;

	err = pots_sim_class_init();
	if (err)
		return err;
	pots_sim_inject_init();
	err = make_board();
	if (err)
		goto err_board;
	err = pots_sim_configfs_init();
	if (err)
		goto err_board;
	return 0;

err_board:
	drop_board();
	pots_sim_inject_exit();
	pots_sim_class_exit();
	return err;
}

static void __exit pots_sim_exit(void)
{
	pots_sim_configfs_exit();
	drop_board();
	pots_sim_inject_exit();
	pots_sim_class_exit();
}

module_init(pots_sim_init);
module_exit(pots_sim_exit);

/* Where nobody loads a driver by the chip's name; none is linked to. */
MODULE_SOFTDEP("pre: pots-si3210 pots-si3050");

MODULE_DESCRIPTION("Simulated telephone boards");
MODULE_AUTHOR("The pots authors");
MODULE_LICENSE("GPL");
