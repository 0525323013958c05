// SPDX-License-Identifier: GPL-2.0-only
/*
 * pots-sim: the chips of a board as devices on its SPI bus, and what firmware
 * would say of each.
 */
#include <linux/slab.h>

#include "board.h"
#include "line.h"

#define CHIP_MAX_HZ	16000000

/**
 * struct pots_sim_chip_node - what firmware would say of a chip
 * @name:	of the node, POTS_SIM_CHIP_NODE, or of a chip in a chain
 * @label:	of the line
 * @board:	the board's device
 * @prop:	properties
 * @swnode:	the node
 */
struct pots_sim_chip_node {
	char name[32];
	char label[32];
	struct software_node_ref_args board;
	struct property_entry prop[10];
	struct software_node swnode;
};

static struct property_entry *describe_feed(const struct pots_sim_board *board,
					    struct pots_sim_chip_node *node,
					    struct property_entry *prop)
{
	*prop++ = PROPERTY_ENTRY_STRING("silabs,dcdc-type",
					board->config.mosfet ? "mosfet" : "bjt");
	if (board->config.ring_mw)
		*prop++ = PROPERTY_ENTRY_U32("silabs,ring-power-budget-milliwatt",
					     board->config.ring_mw);
	if (board->config.ring_all_mw)
		*prop++ = PROPERTY_ENTRY_REF_ARRAY_LEN("pots,ring-source", &node->board, 1);
	return prop;
}

static struct property_entry *describe_daa(const struct pots_sim_board *board,
					   struct property_entry *prop)
{
	static const char *const names[] = { "chip", "full-wave", "half-wave" };
	static const u8 hybrid[] = { 1, 2, 3, 4, 5, 6, 7, 8 };

	if (board->config.detector)
		*prop++ = PROPERTY_ENTRY_STRING("silabs,ring-detector",
						names[board->config.detector]);
	if (!board->config.gain)
		return prop;
	*prop++ = PROPERTY_ENTRY_U32("silabs,tx-gain-decidb", board->config.gain);
	*prop++ = PROPERTY_ENTRY_U32("silabs,rx-gain-decidb", -board->config.gain);
	*prop++ = PROPERTY_ENTRY_U8_ARRAY("silabs,hybrid-coefficients", hybrid);
	return prop;
}

static void describe_line(struct pots_sim_board *board, unsigned int i,
			  struct property_entry *prop)
{
	struct pots_sim_chip_node *node = &board->chip_node[i];
	const struct pots_sim_line *line = board->line[i];

	snprintf(node->label, sizeof(node->label), "%s-%s%u", board->config.name,
		 line->far.ops->prefix, line->number);
	*prop++ = PROPERTY_ENTRY_STRING("label", node->label);
	node->board = SOFTWARE_NODE_REFERENCE(&board->swnode);
	if (line->kind->feeds)
		prop = describe_feed(board, node, prop);
	else
		prop = describe_daa(board, prop);
	if (board->config.highway) {
		*prop++ = PROPERTY_ENTRY_REF_ARRAY_LEN("pcm-highway", &node->board, 1);
		*prop++ = PROPERTY_ENTRY_U32("pcm-slot", i);
	}
	node->swnode.properties = node->prop;
}

static void name_chip(struct pots_sim_board *board, struct pots_sim_chip_node *node,
		      unsigned int select)
{
	snprintf(node->name, sizeof(node->name), POTS_SIM_CHIP_NODE, board->spi->bus_num,
		 select);
	node->swnode.name = node->name;
}

/* ---------------------------------------------------------------- chain --- */

/* The node of a chain with one below it for each chip; the last is the chain's. */
static struct pots_sim_chip_node *chain_node(struct pots_sim_board *board)
{
	return &board->chip_node[board->lines];
}

static int describe_chain(struct pots_sim_board *board, unsigned int first)
{
	unsigned int i, n = pots_sim_chain_length(board->line[first]);
	struct pots_sim_chip_node *chain = chain_node(board);
	int err;

	name_chip(board, chain, first);
	err = software_node_register(&chain->swnode);
	for (i = 0; !err && i < n; i++) {
		struct pots_sim_chip_node *node = &board->chip_node[first + i];

		snprintf(node->name, sizeof(node->name), "line@%x", i);
		node->swnode.name = node->name;
		node->swnode.parent = &chain->swnode;
		node->prop[0] = PROPERTY_ENTRY_U32("reg", i);
		describe_line(board, first + i, &node->prop[1]);
		err = software_node_register(&node->swnode);
	}
	return err;
}

static void forget_node(const struct software_node *node)
{
	if (software_node_fwnode(node))
		software_node_unregister(node);
}

/* After the devices, which have taken the other nodes with them. */
static void forget_chain(struct pots_sim_board *board)
{
	unsigned int i;

	for (i = 0; i < board->lines; i++)
		if (board->chip_node[i].swnode.parent)
			forget_node(&board->chip_node[i].swnode);
	if (chain_node(board)->swnode.name)
		forget_node(&chain_node(board)->swnode);
	for (i = 0; i <= board->lines; i++)
		pots_sim_node_wait(&board->chip_node[i].swnode);
}

/* ---------------------------------------------------------------- chips --- */

static const struct software_node *describe(struct pots_sim_board *board, unsigned int i)
{
	struct pots_sim_chip_node *node = &board->chip_node[i];

	if (board->config.chain && board->line[i]->kind == &pots_sim_fxo)
		return describe_chain(board, i) ? NULL : &chain_node(board)->swnode;
	name_chip(board, node, i);
	describe_line(board, i, node->prop);
	return &node->swnode;
}

static int add_chip(struct pots_sim_board *board, unsigned int i)
{
	const struct pots_sim_kind *kind = board->line[i]->kind;
	struct spi_board_info info = {
		.chip_select = i,
		.max_speed_hz = min_t(u32, board->config.spi_hz, CHIP_MAX_HZ),
		.mode = SPI_MODE_3,
		.irq = pots_sim_irq_number(board, i),
		.controller_data = board->line[i],
		.swnode = describe(board, i),
	};

	if (!info.swnode)
		return -ENODEV;
	strscpy(info.modalias, board->config.chain ? kind->chain : kind->modalias,
		sizeof(info.modalias));
	board->chip[i] = spi_new_device(board->spi, &info);
	if (!board->chip[i])
		return -ENODEV;
	pots_sim_node_hold(&board->chip[i]->dev, info.swnode);
	return 0;
}

int pots_sim_chips_add(struct pots_sim_board *board)
{
	unsigned int i;
	int err = 0;

	board->chip_node = kcalloc(board->lines + 1, sizeof(*board->chip_node), GFP_KERNEL);
	if (!board->chip_node)
		return -ENOMEM;
	for (i = 0; !err && i < board->lines; i++)
		if (!board->config.chain || board->line[i]->number == 1)
			err = add_chip(board, i);
	return err;
}

/* After the controller, which takes the devices with it. */
void pots_sim_chips_forget(struct pots_sim_board *board)
{
	if (board->chip_node)
		forget_chain(board);
	kfree(board->chip_node);
	board->chip_node = NULL;
}
