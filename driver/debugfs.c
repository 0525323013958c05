// SPDX-License-Identifier: GPL-2.0-only
/*
 * debugfs: the chip's registers, for whoever debugs a board. Nothing depends on
 * it, and it writes nothing.
 */
#include "pots_core.h"

#include <linux/debugfs.h>
#include <linux/seq_file.h>
#include <linux/slab.h>

#define REGS_TEXT_MAX	(16 * 1024)

static struct dentry *root;

static int regs_show(struct seq_file *seq, void *unused)
{
	struct pots_port *port = seq->private;
	int len;
	char *text;

	text = kvmalloc(REGS_TEXT_MAX, GFP_KERNEL);
	if (!text)
		return -ENOMEM;

	mutex_lock(&port->cmd_lock);
	len = pots_op_regs_show(port, text, REGS_TEXT_MAX);
	mutex_unlock(&port->cmd_lock);
	if (len > 0)
		seq_write(seq, text, len);
	kvfree(text);
	return min(len, 0);
}
DEFINE_SHOW_ATTRIBUTE(regs);

void pots_debugfs_add(struct pots_port *port)
{
	port->debugfs = debugfs_create_dir(dev_name(&port->dev), root);
	debugfs_create_file("regs", 0400, port->debugfs, port, &regs_fops);
}

void pots_debugfs_remove(struct pots_port *port)
{
	debugfs_remove_recursive(port->debugfs);
}

void pots_debugfs_init(void)
{
	root = debugfs_create_dir("pots", NULL);
}

void pots_debugfs_exit(void)
{
	debugfs_remove_recursive(root);
}
