// SPDX-License-Identifier: GPL-2.0-only
/*
 * pots-sim: boards through configfs, in gpio-sim's manner: mkdir describes a
 * board, its attributes say what it shall be, and 1 written to "live" makes it,
 * with an error code when that fails. While it lives, only "live" may be
 * written; rmdir takes a board that lives with it.
 */
#include <linux/configfs.h>
#include <linux/ctype.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "board.h"

/**
 * struct sim_item - a board's directory
 * @item:	the directory
 * @lock:	guards the rest
 * @config:	what the board shall be
 * @board:	the board, NULL while not live
 */
struct sim_item {
	struct config_item item;
	struct mutex lock; /* see above */
	struct pots_sim_config config;
	struct pots_sim_board *board;
};

static struct sim_item *to_sim_item(struct config_item *item)
{
	return container_of(item, struct sim_item, item);
}

/* Attributes by table: all are numbers with a range in struct pots_sim_config. */
struct number_attribute {
	struct configfs_attribute attr;
	size_t at;
	bool is_bool;
	unsigned int min;
	unsigned int max;
};

static unsigned int get_number(const struct sim_item *si, const struct number_attribute *na)
{
	const void *p = (const char *)&si->config + na->at;

	return na->is_bool ? *(const bool *)p : *(const unsigned int *)p;
}

static ssize_t number_show(struct sim_item *si, const struct number_attribute *na,
			   char *page)
{
	unsigned int value;

	mutex_lock(&si->lock);
	value = get_number(si, na);
	mutex_unlock(&si->lock);
	return sprintf(page, "%u\n", value);
}

static ssize_t number_store(struct sim_item *si, const struct number_attribute *na,
			    const char *page, size_t count)
{
	void *p = (char *)&si->config + na->at;
	unsigned int value;
	int err;

	err = kstrtouint(page, 0, &value);
	if (err)
		return err;
	if (value < na->min || value > na->max)
		return -ERANGE;
	mutex_lock(&si->lock);
	if (si->board)
		err = -EBUSY;
	else if (na->is_bool)
		*(bool *)p = value;
	else
		*(unsigned int *)p = value;
	mutex_unlock(&si->lock);
	return err ?: count;
}

/* NUMBER(name, least, greatest) */
#define NUMBER(name, low, high)							\
static const struct number_attribute name##_number;				\
static ssize_t sim_##name##_show(struct config_item *item, char *page)		\
{										\
	return number_show(to_sim_item(item), &name##_number, page);		\
}										\
static ssize_t sim_##name##_store(struct config_item *item, const char *page,	\
				  size_t count)					\
{										\
	return number_store(to_sim_item(item), &name##_number, page, count);	\
}										\
CONFIGFS_ATTR(sim_, name);							\
static const struct number_attribute name##_number = {				\
	.at = offsetof(struct pots_sim_config, name),				\
	.is_bool = sizeof(((struct pots_sim_config *)0)->name) == 1,		\
	.min = low,								\
	.max = high,								\
}

NUMBER(fxs, 0, POTS_SIM_LINES_MAX);
NUMBER(fxo, 0, POTS_SIM_LINES_MAX);
NUMBER(wires, 0, POTS_SIM_LINES_MAX / 2);
NUMBER(frames, 1, 20);
NUMBER(spi_hz, 10000, 16000000);
NUMBER(ring_mw, 0, 10000);
NUMBER(ring_all_mw, 0, 100000);
NUMBER(detector, 0, POTS_SIM_DETECTOR_MAX);
NUMBER(gain, 0, POTS_SIM_GAIN_MAX);
NUMBER(highway, 0, 1);
NUMBER(irq, 0, 1);
NUMBER(reset, 0, 1);
NUMBER(pclk, 0, 1);
NUMBER(mosfet, 0, 1);
NUMBER(chain, 0, 1);

static ssize_t sim_live_show(struct config_item *item, char *page)
{
	struct sim_item *si = to_sim_item(item);
	bool live;

	mutex_lock(&si->lock);
	live = si->board;
	mutex_unlock(&si->lock);
	return sprintf(page, "%d\n", live);
}

/* With the lock held. */
static int go_live(struct sim_item *si)
{
	struct pots_sim_board *board = pots_sim_board_create(&si->config);

	if (IS_ERR(board))
		return PTR_ERR(board);
	si->board = board;
	return 0;
}

static ssize_t sim_live_store(struct config_item *item, const char *page, size_t count)
{
	struct sim_item *si = to_sim_item(item);
	bool live;
	int err;

	err = kstrtobool(page, &live);
	if (err)
		return err;
	mutex_lock(&si->lock);
	if (live == !!si->board) {
		err = live ? -EBUSY : 0;
	} else if (live) {
		err = go_live(si);
	} else {
		pots_sim_board_destroy(si->board);
		si->board = NULL;
	}
	mutex_unlock(&si->lock);
	return err ?: count;
}
CONFIGFS_ATTR(sim_, live);

static struct configfs_attribute *sim_attrs[] = {
	&sim_attr_fxs,
	&sim_attr_fxo,
	&sim_attr_wires,
	&sim_attr_frames,
	&sim_attr_spi_hz,
	&sim_attr_ring_mw,
	&sim_attr_ring_all_mw,
	&sim_attr_detector,
	&sim_attr_gain,
	&sim_attr_highway,
	&sim_attr_irq,
	&sim_attr_reset,
	&sim_attr_pclk,
	&sim_attr_mosfet,
	&sim_attr_chain,
	&sim_attr_live,
	NULL
};

static void sim_release(struct config_item *item)
{
	struct sim_item *si = to_sim_item(item);

	if (si->board)
		pots_sim_board_destroy(si->board);
	mutex_destroy(&si->lock);
	kfree(si);
}

static struct configfs_item_operations sim_item_ops = {
	.release = sim_release,
};

static const struct config_item_type sim_item_type = {
	.ct_owner = THIS_MODULE,
	.ct_item_ops = &sim_item_ops,
	.ct_attrs = sim_attrs,
};

/* The name becomes part of those of nodes, which '-' ends. */
static bool is_good_name(const char *name)
{
	if (strlen(name) >= POTS_SIM_NAME_LEN)
		return false;
	for (; *name; name++)
		if (!islower(*name) && !isdigit(*name) && *name != '_')
			return false;
	return true;
}

static struct config_item *sim_make_item(struct config_group *group, const char *name)
{
	struct sim_item *si;

	if (!is_good_name(name))
		return ERR_PTR(-EINVAL);
	si = kzalloc(sizeof(*si), GFP_KERNEL);
	if (!si)
		return ERR_PTR(-ENOMEM);
	mutex_init(&si->lock);
	si->config = pots_sim_config_default;
	strscpy(si->config.name, name, sizeof(si->config.name));
	config_item_init_type_name(&si->item, name, &sim_item_type);
	return &si->item;
}

static struct configfs_group_operations sim_group_ops = {
	.make_item = sim_make_item,
};

static const struct config_item_type sim_root_type = {
	.ct_owner = THIS_MODULE,
	.ct_group_ops = &sim_group_ops,
};

static struct configfs_subsystem sim_subsystem = {
	.su_group = {
		.cg_item = {
			.ci_namebuf = "pots-sim",
			.ci_type = &sim_root_type,
		},
	},
};

int pots_sim_configfs_init(void)
{
	config_group_init(&sim_subsystem.su_group);
	mutex_init(&sim_subsystem.su_mutex);
	return configfs_register_subsystem(&sim_subsystem);
}

void pots_sim_configfs_exit(void)
{
	configfs_unregister_subsystem(&sim_subsystem);
	mutex_destroy(&sim_subsystem.su_mutex);
}
