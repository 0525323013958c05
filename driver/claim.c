// SPDX-License-Identifier: GPL-2.0-only
/*
 * The claim: the one file descriptor that commands a line. However it is closed,
 * the line is at rest when that returns.
 */
#include "pots_core.h"

#include <linux/anon_inodes.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/uaccess.h>

#define WATCHDOG_MIN_MS		100
#define WATCHDOG_MAX_MS		60000

int pots_claim_take(struct pots_port *port, struct pots_file *pf, u32 watchdog_ms)
{
	int ret = -EBUSY;

	mutex_lock(&port->cmd_lock);
	if (pots_port_gone(port)) {
		ret = -ENODEV;
	} else if (!(port->state & POTS_STATE_CLAIMED)) {
		/* The last owner's watchdog is not this one's. */
		clear_bit(POTS_TODO_WATCHDOG, &port->todo);
		spin_lock_irq(&port->lock);
		port->owner = pf;
		port->watchdog_ms = watchdog_ms;
		pots_event_locked(port, ktime_get_ns(), POTS_EVENT_CLAIMED, 1);
		pots_port_set_state_locked(port, 0, POTS_STATE_CLAIMED);
		spin_unlock_irq(&port->lock);
		ret = 0;
	}
	mutex_unlock(&port->cmd_lock);
	return ret;
}
EXPORT_SYMBOL_POTS_TEST(pots_claim_take);

void pots_claim_give_back(struct pots_port *port)
{
	mutex_lock(&port->cmd_lock);
	spin_lock_irq(&port->lock);
	port->owner = NULL;
	port->watchdog_ms = 0;
	pots_port_set_state_locked(port, POTS_STATE_CLAIMED, 0);
	spin_unlock_irq(&port->lock);

	if (!pots_port_gone(port)) {
		pots_lamp_end(port);
		pots_line_rest(port);
	}

	spin_lock_irq(&port->lock);
	pots_event_locked(port, ktime_get_ns(), POTS_EVENT_CLAIMED, 0);
	spin_unlock_irq(&port->lock);
	mutex_unlock(&port->cmd_lock);
}
EXPORT_SYMBOL_POTS_TEST(pots_claim_give_back);

static int pots_claim_release(struct inode *inode, struct file *file)
{
	struct pots_port *port = file->private_data;

	pots_claim_give_back(port);
	pots_port_put(port);
	return 0;
}

static ssize_t pots_claim_read(struct file *file, char __user *buf, size_t len,
			       loff_t *pos)
{
	return pots_speech_read(file->private_data, buf, len,
				file->f_flags & O_NONBLOCK);
}

static ssize_t pots_claim_write(struct file *file, const char __user *buf,
				size_t len, loff_t *pos)
{
	return pots_speech_write(file->private_data, buf, len,
				 file->f_flags & O_NONBLOCK);
}

static __poll_t pots_claim_poll(struct file *file, poll_table *wait)
{
	return pots_speech_poll(file->private_data, file, wait);
}

static long pots_claim_fd_ioctl(struct file *file, unsigned int cmd,
				unsigned long arg)
{
	struct pots_port *port = file->private_data;

	if (cmd == POTS_CLAIM)
		return pots_port_gone(port) ? -ENODEV : -EBUSY;
	return pots_ioctl(port, true, cmd, (void __user *)arg);
}

static const struct file_operations pots_claim_fops = {
	.owner = THIS_MODULE,
	.release = pots_claim_release,
	.read = pots_claim_read,
	.write = pots_claim_write,
	.poll = pots_claim_poll,
	.unlocked_ioctl = pots_claim_fd_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};

static int check(const struct pots_claim *claim)
{
	if (claim->flags || claim->reserved)
		return -EINVAL;
	if (claim->watchdog_ms && (claim->watchdog_ms < WATCHDOG_MIN_MS ||
				   claim->watchdog_ms > WATCHDOG_MAX_MS))
		return -ERANGE;
	return 0;
}

/* The file takes over the claim and a reference to the port. */
static struct file *make_file(struct pots_port *port)
{
	struct file *file;

	file = anon_inode_getfile("[pots-claim]", &pots_claim_fops, port, O_RDWR);
	if (!IS_ERR(file)) {
		pots_port_get(port);
		stream_open(file_inode(file), file);
	}
	return file;
}

int pots_claim(struct pots_file *pf, fmode_t mode, void __user *uarg)
{
	struct pots_port *port = pf->port;
	struct pots_claim claim;
	struct file *file;
	int fd, ret;

	if (!(mode & FMODE_WRITE))
		return -EPERM;
	if (pots_port_gone(port))
		return -ENODEV;
	if (copy_from_user(&claim, uarg, sizeof(claim)))
		return -EFAULT;
	ret = check(&claim);
	if (ret)
		return ret;

	fd = get_unused_fd_flags(O_CLOEXEC);
	if (fd < 0)
		return fd;
	ret = pots_claim_take(port, pf, claim.watchdog_ms);
	if (ret)
		goto err_fd;
	file = make_file(port);
	if (IS_ERR(file)) {
		pots_claim_give_back(port);
		ret = PTR_ERR(file);
		goto err_fd;
	}

	claim.fd = fd;
	if (copy_to_user(uarg, &claim, sizeof(claim))) {
		fput(file);	/* gives back */
		ret = -EFAULT;
		goto err_fd;
	}
	fd_install(fd, file);
	return 0;

err_fd:
	put_unused_fd(fd);
	return ret;
}
