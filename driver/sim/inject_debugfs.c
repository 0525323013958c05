// SPDX-License-Identifier: GPL-2.0-only
/*
 * pots-sim: the text file for fault injection, one a line:
 * /sys/kernel/debug/pots-sim/BOARD/K. Reading it gives its grammar and what is
 * set, in a form that can be written back. Beside them, "cost": processor time.
 */
#include <linux/debugfs.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "board.h"
#include "line.h"

#define TEXT_MAX	4096
#define WORDS_MAX	5

static struct dentry *root;

static const char help[] =
"# Faults of a simulated line. Each line of text is a command:\n"
"#   clear                     no faults\n"
"#   MODE FAULT [VALUE]        MODE: once, always, off\n"
"#   override direct REG VAL   what is written to a register in place of the data\n"
"#   override indirect REG VAL the same\n"
"#   override KIND REG off\n"
"#   stuck REG MASK VAL        these bits of a direct register read so (MASK 0: off)\n"
"# FAULT:\n"
"#   irq-lost                  the interrupt line falls and nobody hears it\n"
"#   spi-fail [N]              an SPI message fails, every N-th (1)\n"
"#   no-battery                the converter's supply is missing\n"
"#   leak                      the battery drains in no time\n"
"#   dead                      the chip does not answer\n"
"#   power-alarm Q             transistor 1..6 overheats while the line is fed\n"
"#   chip-reset                the chip resets itself at the next access\n"
"#   ring-trip                 a sample of ringing looks like an answer\n"
"#   hook-bounce US            the hook switch bounces for so long\n"
"#   link-lost                 once: the isolation link; always: it never comes up\n"
"#   overload                  too much comes from the line\n"
"# The last two are for lines to an exchange; no-battery, leak, power-alarm,\n"
"# ring-trip, hook-bounce and indirect registers for those to a telephone.\n"
"# Now (the figure behind # says how often it has struck):\n";

static const struct {
	const char *name;
	u32 min;
	u32 max;
	u32 deflt;
} faults[POTS_SIM_FAULT_COUNT] = {
	[POTS_SIM_FAULT_IRQ_LOST] = { "irq-lost" },
	[POTS_SIM_FAULT_SPI] = { "spi-fail", 1, 1000000, 1 },
	[POTS_SIM_FAULT_NO_BATTERY] = { "no-battery" },
	[POTS_SIM_FAULT_LEAK] = { "leak" },
	[POTS_SIM_FAULT_DEAD] = { "dead" },
	[POTS_SIM_FAULT_ALARM] = { "power-alarm", 1, 6, 1 },
	[POTS_SIM_FAULT_RESET] = { "chip-reset" },
	[POTS_SIM_FAULT_RING_TRIP] = { "ring-trip" },
	[POTS_SIM_FAULT_BOUNCE] = { "hook-bounce", 1, 100000, 5000 },
	[POTS_SIM_FAULT_LINK] = { "link-lost" },
	[POTS_SIM_FAULT_OVERLOAD] = { "overload" },
};

static const char *const modes[] = { "off", "once", "always" };

/* ----------------------------------------------------------------- show --- */

static void show_overrides(struct seq_file *s, const struct pots_sim_faults *f)
{
	unsigned int i;

	for (i = 0; i < POTS_SIM_DIRECT_REGS; i++) {
		if (f->direct[i] >= 0)
			seq_printf(s, "override direct %u %#x\n", i, f->direct[i]);
		if (f->stuck_mask[i])
			seq_printf(s, "stuck %u %#x %#x\n", i, f->stuck_mask[i],
				   f->stuck_value[i]);
	}
	for (i = 0; i < POTS_SIM_INDIRECT_REGS; i++)
		if (f->indirect[i] >= 0)
			seq_printf(s, "override indirect %u %#x\n", i, f->indirect[i]);
}

static int inject_show(struct seq_file *s, void *unused)
{
	struct pots_sim_line *line = s->private;
	struct pots_sim_counts counts = {};
	struct pots_sim_faults *f;
	unsigned long flags;
	unsigned int i;

	f = kmalloc(sizeof(*f), GFP_KERNEL);
	if (!f)
		return -ENOMEM;
	spin_lock_irqsave(&line->lock, flags);
	*f = line->fault;
	line->ops->counts(line->model, &counts);
	spin_unlock_irqrestore(&line->lock, flags);

	seq_puts(s, help);
	for (i = 0; i < POTS_SIM_FAULT_COUNT; i++) {
		seq_printf(s, "%s %s", modes[f->fault[i].mode], faults[i].name);
		if (faults[i].max && f->fault[i].value)
			seq_printf(s, " %u", f->fault[i].value);
		seq_printf(s, " # %u\n", f->fault[i].hits);
	}
	show_overrides(s, f);
	seq_printf(s, "# writes to reserved registers: %u\n", counts.bad_writes);
	seq_printf(s, "# accesses out of order: %u\n", counts.bad_access);
	seq_printf(s, "# oscillator 2 beside ringing: %u\n", counts.osc_conflicts);
	kfree(f);
	return 0;
}

/* ---------------------------------------------------------------- parse --- */

static int parse_fault(struct pots_sim_faults *f, enum pots_sim_fault_mode mode,
		       char **word, unsigned int words)
{
	unsigned int i;
	u32 value;

	for (i = 0; i < POTS_SIM_FAULT_COUNT; i++)
		if (!strcmp(word[1], faults[i].name))
			break;
	if (i == POTS_SIM_FAULT_COUNT || words > 3)
		return -EINVAL;
	value = faults[i].deflt;
	if (words == 3 && kstrtou32(word[2], 0, &value))
		return -EINVAL;
	if (value < faults[i].min || value > faults[i].max)
		return -ERANGE;
	f->fault[i].mode = mode;
	f->fault[i].value = value;
	f->fault[i].count = 0;
	return 0;
}

static int parse_override(struct pots_sim_faults *f, char **word, unsigned int words)
{
	bool direct;
	s32 value = -1;
	u16 number;
	u8 reg;

	if (words != 4 || kstrtou8(word[2], 0, &reg))
		return -EINVAL;
	direct = !strcmp(word[1], "direct");
	if (!direct && strcmp(word[1], "indirect"))
		return -EINVAL;
	if (strcmp(word[3], "off")) {
		if (kstrtou16(word[3], 0, &number))
			return -EINVAL;
		value = number;
	}
	if (!direct) {
		f->indirect[reg] = value;
		return 0;
	}
	if (reg >= POTS_SIM_DIRECT_REGS || value > 0xff)
		return -ERANGE;
	f->direct[reg] = value;
	return 0;
}

static int parse_stuck(struct pots_sim_faults *f, char **word, unsigned int words)
{
	u8 reg, mask, value;

	if (words != 4 || kstrtou8(word[1], 0, &reg) || kstrtou8(word[2], 0, &mask) ||
	    kstrtou8(word[3], 0, &value))
		return -EINVAL;
	if (reg >= POTS_SIM_DIRECT_REGS)
		return -ERANGE;
	f->stuck_mask[reg] = mask;
	f->stuck_value[reg] = value & mask;
	return 0;
}

static unsigned int split(char *text, char **word)
{
	unsigned int n = 0;
	char *token;

	while ((token = strsep(&text, " \t")))
		if (*token && n < WORDS_MAX)
			word[n++] = token;
	return n;
}

static int parse_command(struct pots_sim_faults *f, char *text)
{
	char *word[WORDS_MAX];
	unsigned int words;
	int mode;

	text[strcspn(text, "#")] = 0;
	words = split(text, word);
	if (!words)
		return 0;
	if (words == 1 && !strcmp(word[0], "clear")) {
		pots_sim_faults_clear(f);
		return 0;
	}
	if (!strcmp(word[0], "override"))
		return parse_override(f, word, words);
	if (!strcmp(word[0], "stuck"))
		return parse_stuck(f, word, words);
	mode = match_string(modes, ARRAY_SIZE(modes), word[0]);
	return mode < 0 || words < 2 ? -EINVAL : parse_fault(f, mode, word, words);
}

/* All commands of a write, or none. */
static int parse(struct pots_sim_faults *f, char *text)
{
	char *command;
	int err = 0;

	while (!err && (command = strsep(&text, "\n")))
		err = parse_command(f, command);
	return err;
}

static void apply(struct pots_sim_line *line, const struct pots_sim_faults *f)
{
	unsigned long flags;
	u64 now;

	spin_lock_irqsave(&line->lock, flags);
	if (!line->gone) {
		now = ktime_get_ns();
		pots_sim_line_run(line, now);
		line->fault = *f;
		pots_sim_line_loop_changed(line, now);
	}
	spin_unlock_irqrestore(&line->lock, flags);
}

static ssize_t inject_write(struct file *file, const char __user *from, size_t len,
			    loff_t *pos)
{
	struct pots_sim_line *line = file_inode(file)->i_private;
	struct pots_sim_faults *f;
	unsigned long flags;
	char *text;
	int err;

	if (len > TEXT_MAX)
		return -E2BIG;
	text = memdup_user_nul(from, len);
	if (IS_ERR(text))
		return PTR_ERR(text);
	f = kmalloc(sizeof(*f), GFP_KERNEL);
	if (!f) {
		kfree(text);
		return -ENOMEM;
	}
	spin_lock_irqsave(&line->lock, flags);
	*f = line->fault;
	spin_unlock_irqrestore(&line->lock, flags);
	err = parse(f, text);
	if (!err)
		apply(line, f);
	kfree(f);
	kfree(text);
	return err ?: len;
}

static int inject_open(struct inode *inode, struct file *file)
{
	return single_open(file, inject_show, inode->i_private);
}

/* debugfs removes a file only when nobody is inside these. */
static const struct file_operations inject_fops = {
	.owner = THIS_MODULE,
	.open = inject_open,
	.read = seq_read,
	.write = inject_write,
	.llseek = seq_lseek,
	.release = single_release,
};

/* ---------------------------------------------------------------- files --- */

/* What a second of sound costs the model, and what the core. */
static int cost_show(struct seq_file *s, void *unused)
{
	pots_sim_tick_show(s->private, s);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(cost);

void pots_sim_inject_add(struct pots_sim_board *board)
{
	char name[8];
	unsigned int i;

	board->debugfs = debugfs_create_dir(board->config.name, root);
	debugfs_create_file("cost", 0400, board->debugfs, board, &cost_fops);
	for (i = 0; i < board->lines; i++) {
		snprintf(name, sizeof(name), "%s%u", board->line[i]->far.ops->prefix,
			 board->line[i]->number);
		debugfs_create_file(name, 0600, board->debugfs, board->line[i],
				    &inject_fops);
	}
}

void pots_sim_inject_del(struct pots_sim_board *board)
{
	debugfs_remove(board->debugfs);
}

void pots_sim_inject_init(void)
{
	root = debugfs_create_dir("pots-sim", NULL);
}

void pots_sim_inject_exit(void)
{
	debugfs_remove(root);
}
