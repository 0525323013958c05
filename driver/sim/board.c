// SPDX-License-Identifier: GPL-2.0-only
/*
 * pots-sim: a board comes and goes.
 */
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/kernfs.h>
#include <linux/ktime.h>
#include <linux/slab.h>

#include "board.h"
#include "line.h"

#define NODE_WAIT_MS	5000
#define NODE_LOOK_MS	20

const struct pots_sim_config pots_sim_config_default = {
	.fxs = 1,
	.frames = 1,
	.spi_hz = 1000000,
	.highway = true,
	.irq = true,
	.pclk = true,
	.mosfet = true,
};

static int add_lines(struct pots_sim_board *board, const struct pots_sim_kind *wired,
		     const struct pots_sim_kind *kind, unsigned int count)
{
	unsigned int k;

	for (k = 1; k <= count; k++) {
		struct pots_sim_line *line;

		line = pots_sim_line_alloc(board, k <= board->config.wires ? wired : kind,
					   board->lines, k);
		if (!line)
			return -ENOMEM;
		board->line[board->lines++] = line;
	}
	return 0;
}

static int add_wires(struct pots_sim_board *board)
{
	unsigned int i;
	int err = 0;

	for (i = 0; !err && i < board->config.wires; i++)
		err = pots_sim_wire_add(board->line[i], board->line[board->config.fxs + i]);
	return err;
}

static int add_all_lines(struct pots_sim_board *board)
{
	int err;

	err = add_lines(board, &pots_sim_wired_fxs, &pots_sim_fxs, board->config.fxs);
	if (!err)
		err = add_lines(board, &pots_sim_wired_fxo, &pots_sim_fxo, board->config.fxo);
	return err ?: add_wires(board);
}

/* Open files may keep the lines; the board's clock must not find them then. */
static void drop_lines(struct pots_sim_board *board)
{
	unsigned int i;

	for (i = 0; i < board->lines; i++)
		pots_sim_line_retire(board->line[i]);
	hrtimer_cancel(&board->tick.timer);
	pots_sim_irq_del(board);
	if (board->lines == board->config.fxs + board->config.fxo)
		for (i = 0; i < board->config.wires; i++)
			pots_sim_wire_del(board->line[i], board->line[board->config.fxs + i]);
	for (i = 0; i < board->lines; i++)
		put_device(&board->line[i]->dev);
}

static void del_nodes(struct pots_sim_board *board, unsigned int lines)
{
	while (lines--)
		if (!board->line[lines]->wire)
			pots_sim_node_del(board->line[lines]);
}

static int add_nodes(struct pots_sim_board *board)
{
	unsigned int i;
	int err = 0;

	for (i = 0; i < board->lines; i++) {
		if (!board->line[i]->wire)
			err = pots_sim_node_add(board->line[i]);
		if (err) {
			del_nodes(board, i);
			return err;
		}
	}
	return 0;
}

/*
 * A kernel with DEBUG_KOBJECT_RELEASE forgets a node up to 4 s later. Until then its
 * name is taken, and who looks for a node that lies where this one did finds it.
 */
void pots_sim_node_wait(const struct software_node *node)
{
	unsigned int ms;

	for (ms = 0; software_node_fwnode(node) && ms < NODE_WAIT_MS; ms += NODE_LOOK_MS)
		msleep(NODE_LOOK_MS);
}

/*
 * The driver core links a device and its node, and holds the node for that. Without
 * memory for the link it does not, and lets go of it in the end all the same.
 */
void pots_sim_node_hold(struct device *dev, const struct software_node *node)
{
	struct kernfs_node *link = kernfs_find_and_get(dev->kobj.sd, "software_node");

	if (link)
		kernfs_put(link);
	else
		fwnode_handle_get(software_node_fwnode(node));
}

static void del_device(struct pots_sim_board *board)
{
	device_remove_software_node(&board->pdev->dev);
	platform_device_unregister(board->pdev);
	pots_sim_node_wait(&board->swnode);
}

static int add_device(struct pots_sim_board *board)
{
	struct platform_device_info info = {
		.name = "pots-sim",
		.id = PLATFORM_DEVID_AUTO,
	};
	int err;

	board->pdev = platform_device_register_full(&info);
	if (IS_ERR(board->pdev))
		return PTR_ERR(board->pdev);
	board->swnode.name = dev_name(&board->pdev->dev);
	board->prop[0] = PROPERTY_ENTRY_U32("pots,ring-power-milliwatt",
					    board->config.ring_all_mw);
	board->swnode.properties = board->prop;
	err = device_add_software_node(&board->pdev->dev, &board->swnode);
	if (err)
		del_device(board);
	else
		pots_sim_node_hold(&board->pdev->dev, &board->swnode);
	return err;
}

/* Everything that the chips need is there before the first of them. */
static int build(struct pots_sim_board *board)
{
	int err;

	err = add_all_lines(board);
	if (err)
		goto err_lines;
	err = pots_sim_highway_add(board);
	if (err)
		goto err_lines;
	err = pots_sim_irq_add(board);
	if (err)
		goto err_highway;
	err = pots_sim_spi_add(board);
	if (err)
		goto err_highway;
	err = pots_sim_pclk_add(board);
	if (err)
		goto err_spi;
	err = pots_sim_reset_add(board);
	if (err)
		goto err_pclk;
	err = add_nodes(board);
	if (err)
		goto err_reset;
	err = pots_sim_chips_add(board);
	if (err)
		goto err_chips;
	return 0;

err_chips:
	del_nodes(board, board->lines);
err_reset:
	pots_sim_spi_del(board);
	pots_sim_chips_forget(board);
	pots_sim_reset_del(board);
	pots_sim_pclk_del(board);
	goto err_highway;
err_pclk:
	pots_sim_pclk_del(board);
err_spi:
	pots_sim_spi_del(board);
err_highway:
	pots_sim_highway_del(board);
err_lines:
	drop_lines(board);
	return err;
}

struct pots_sim_board *pots_sim_board_create(const struct pots_sim_config *config)
{
	struct pots_sim_board *board;
	int err;

	if (!in_range(config->fxs + config->fxo, 1, POTS_SIM_LINES_MAX))
		return ERR_PTR(-ERANGE);
	if (config->wires > min(config->fxs, config->fxo) || (config->wires && config->chain))
		return ERR_PTR(-EINVAL);
	board = kzalloc(sizeof(*board), GFP_KERNEL);
	if (!board)
		return ERR_PTR(-ENOMEM);
	board->config = *config;
	pots_sim_tick_init(board);
	err = add_device(board);
	if (err)
		goto err_free;
	err = build(board);
	if (err)
		goto err_device;
	pots_sim_inject_add(board);
	return board;

err_device:
	del_device(board);
err_free:
	kfree(board);
	return ERR_PTR(err);
}

/* The chips go first, with their drivers; the clock may tick until the end. */
void pots_sim_board_destroy(struct pots_sim_board *board)
{
	pots_sim_inject_del(board);
	pots_sim_spi_del(board);
	pots_sim_chips_forget(board);
	pots_sim_reset_del(board);
	pots_sim_pclk_del(board);
	pots_sim_highway_del(board);
	del_nodes(board, board->lines);
	drop_lines(board);
	del_device(board);
	kfree(board);
}
