// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/potsN: the observer, and the table of commands for it and the claim.
 */
#include "pots_core.h"

#include <linux/build_bug.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

/* The layout is an ABI, the same for 32- and 64-bit userspace. */
static_assert(sizeof(struct pots_info) == 128);
static_assert(sizeof(struct pots_state) == 32);
static_assert(sizeof(struct pots_claim) == 16);
static_assert(sizeof(struct pots_event) == 32);
static_assert(sizeof(struct pots_tone_step) == 32);
static_assert(sizeof(struct pots_tone_program) == 16 + 64 * 32);
static_assert(sizeof(struct pots_set_tone) == 8 + 16 + 64 * 32);
static_assert(sizeof(struct pots_play) == 32);
static_assert(sizeof(struct pots_stop) == 8);
static_assert(sizeof(struct pots_ring) == 80);
static_assert(sizeof(struct pots_cid) == 312);
static_assert(sizeof(struct pots_ring_cid) == 80 + 312);
static_assert(sizeof(struct pots_meter) == 32);
static_assert(sizeof(struct pots_lamp) == 16);
static_assert(sizeof(struct pots_hangup) == 16);
static_assert(sizeof(struct pots_linefeed) == 8);
static_assert(sizeof(struct pots_settings) == 96);
static_assert(sizeof(struct pots_audio) == 32);
static_assert(sizeof(struct pots_queue) == 40);
static_assert(sizeof(struct pots_seize) == 16);
static_assert(sizeof(struct pots_flash) == 16);
static_assert(sizeof(struct pots_dial) == 120);
static_assert(sizeof(struct pots_exchange) == 80);
static_assert(sizeof(struct pots_caller_id) == 288);

/* Enough for every argument but a tone program and caller ID. */
#define ARG_ON_STACK	128

static int get_info(struct pots_port *port, void *arg)
{
	pots_port_info_fill(port, arg);
	return 0;
}

static int get_state(struct pots_port *port, void *arg)
{
	pots_port_state_fill(port, arg);
	return 0;
}

enum {
	ANY_FD		= BIT(0),	/* else the claim only */
	NO_CMD_LOCK	= BIT(1),	/* does not wait for the chip */
	FXS		= BIT(2),	/* only where a telephone is fed */
	FXO		= BIT(3),	/* only where an exchange is faced, run by that side */
};

static const struct pots_command {
	unsigned int cmd;
	unsigned int flags;
	int (*run)(struct pots_port *port, void *arg);
} commands[] = {
	{ POTS_GET_INFO, ANY_FD | NO_CMD_LOCK, get_info },
	{ POTS_GET_STATE, ANY_FD | NO_CMD_LOCK, get_state },
	{ POTS_FEED_WATCHDOG, NO_CMD_LOCK, pots_watchdog_feed },
	{ POTS_GET_QUEUE, NO_CMD_LOCK, pots_speech_queue },
	{ POTS_PLAY_TONE, 0, pots_tone_play },
	{ POTS_STOP_TONE, 0, pots_tone_stop_ioctl },
	{ POTS_SET_TONE, 0, pots_tone_set },
	{ POTS_RING, FXS, pots_ring_start },
	{ POTS_STOP_RING, FXS, pots_ring_stop },
	{ POTS_RING_CID, FXS, pots_ring_cid },
	{ POTS_SEND_CID, FXS, pots_announce_send },
	{ POTS_METER, FXS, pots_meter_start },
	{ POTS_STOP_METER, FXS, pots_meter_stop },
	{ POTS_SET_LAMP, FXS, pots_lamp_set },
	{ POTS_HANGUP, 0, pots_line_hangup },
	{ POTS_SET_LINEFEED, FXS, pots_line_linefeed },
	{ POTS_GET_SETTINGS, 0, pots_settings_get },
	{ POTS_SET_SETTINGS, 0, pots_settings_set },
	{ POTS_AUDIO_START, 0, pots_speech_start },
	{ POTS_AUDIO_STOP, 0, pots_speech_stop_ioctl },
	{ POTS_SEIZE, FXO },
	{ POTS_FLASH, FXO },
	{ POTS_DIAL, FXO },
	{ POTS_STOP_DIAL, FXO },
	{ POTS_GET_EXCHANGE, FXO },
	{ POTS_SET_EXCHANGE, FXO },
	{ POTS_READ_CID, FXO | NO_CMD_LOCK },
};

static const struct pots_command *find_command(unsigned int cmd)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(commands); i++)
		if (commands[i].cmd == cmd)
			return &commands[i];
	return NULL;
}

/* Known before the argument is looked at. */
static int is_other_type(const struct pots_port *port, const struct pots_command *command)
{
	return command->flags & (port->exchange ? FXS : FXO);
}

static int run_here(struct pots_port *port, const struct pots_command *command, void *arg)
{
	if (pots_port_gone(port))
		return -ENODEV;
	return command->run ? command->run(port, arg) :
			      port->exchange->command(port, command->cmd, arg);
}

static int run(struct pots_port *port, const struct pots_command *command, void *arg)
{
	int ret;

	if (is_other_type(port, command))
		return -EOPNOTSUPP;
	if (command->flags & NO_CMD_LOCK)
		return run_here(port, command, arg);

	mutex_lock(&port->cmd_lock);
	ret = run_here(port, command, arg);
	mutex_unlock(&port->cmd_lock);
	return ret;
}

int pots_command(struct pots_port *port, unsigned int cmd, void *arg)
{
	const struct pots_command *command = find_command(cmd);

	return command ? run(port, command, arg) : -ENOTTY;
}
EXPORT_SYMBOL_POTS_TEST(pots_command);

static int copy_in(unsigned int cmd, void *arg, void __user *uarg)
{
	if (!(_IOC_DIR(cmd) & _IOC_WRITE)) {
		memset(arg, 0, _IOC_SIZE(cmd));
		return 0;
	}
	if (copy_from_user(arg, uarg, _IOC_SIZE(cmd)))
		return -EFAULT;
	/* Nothing is begun whose result could not be told. */
	if (_IOC_DIR(cmd) & _IOC_READ && copy_to_user(uarg, arg, _IOC_SIZE(cmd)))
		return -EFAULT;
	return 0;
}

static long run_with_arg(struct pots_port *port, const struct pots_command *command,
			 void *arg, void __user *uarg)
{
	unsigned int cmd = command->cmd;
	int ret;

	ret = copy_in(cmd, arg, uarg) ?: run(port, command, arg);
	if (!ret && _IOC_DIR(cmd) & _IOC_READ &&
	    copy_to_user(uarg, arg, _IOC_SIZE(cmd)))
		ret = -EFAULT;
	return ret;
}

long pots_ioctl(struct pots_port *port, bool claim, unsigned int cmd,
		void __user *uarg)
{
	const struct pots_command *command = find_command(cmd);
	u64 stack[ARG_ON_STACK / sizeof(u64)];
	void *arg = stack;
	long ret;

	if (!command)
		return -ENOTTY;
	if (!claim && !(command->flags & ANY_FD))
		return -EPERM;
	if (pots_port_gone(port))
		return -ENODEV;
	if (is_other_type(port, command))
		return -EOPNOTSUPP;

	if (_IOC_SIZE(cmd) > sizeof(stack)) {
		arg = kmalloc(_IOC_SIZE(cmd), GFP_KERNEL);
		if (!arg)
			return -ENOMEM;
	}
	ret = run_with_arg(port, command, arg, uarg);
	if (arg != stack)
		kfree(arg);
	return ret;
}

static int pots_file_open(struct inode *inode, struct file *file)
{
	struct pots_port *port = container_of(inode->i_cdev, struct pots_port, cdev);
	struct pots_file *pf;
	int ret;

	if (pots_port_gone(port))
		return -ENODEV;
	pf = kzalloc(sizeof(*pf), GFP_KERNEL);
	if (!pf)
		return -ENOMEM;
	ret = pots_file_init(pf, port);
	if (ret) {
		kfree(pf);
		return ret;
	}
	pots_port_get(port);
	file->private_data = pf;
	return stream_open(inode, file);
}

static int pots_file_release(struct inode *inode, struct file *file)
{
	struct pots_file *pf = file->private_data;
	struct pots_port *port = pf->port;

	pots_file_exit(pf);
	kfree(pf);
	pots_port_put(port);
	return 0;
}

static ssize_t pots_file_read(struct file *file, char __user *buf, size_t len,
			      loff_t *pos)
{
	return pots_event_read(file->private_data, buf, len,
			       file->f_flags & O_NONBLOCK);
}

static __poll_t pots_file_poll(struct file *file, poll_table *wait)
{
	return pots_event_poll(file->private_data, file, wait);
}

static long pots_file_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct pots_file *pf = file->private_data;

	if (cmd == POTS_CLAIM)
		return pots_claim(pf, file->f_mode, (void __user *)arg);
	return pots_ioctl(pf->port, false, cmd, (void __user *)arg);
}

const struct file_operations pots_file_fops = {
	.owner = THIS_MODULE,
	.open = pots_file_open,
	.release = pots_file_release,
	.read = pots_file_read,
	.poll = pots_file_poll,
	.unlocked_ioctl = pots_file_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};
