// SPDX-License-Identifier: GPL-2.0-only
/*
 * pots-sim: the node of a far end, /dev/potsim-BOARD-K of a telephone,
 * /dev/potsim-BOARD-xK of an exchange: what is heard and said, and where the
 * commands of the kind go.
 */
#include <linux/fs.h>
#include <linux/idr.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "../compat.h"
#include "board.h"
#include "line.h"

#define NODES_MAX		256
#define READ_MIN_BYTES		160	/* 10 ms */
#define STEP_US_MAX		60000000

static dev_t first_devt;
static DEFINE_IDA(minors);

/* Not part of this module: its last reference may outlive us. */
static struct class *pots_sim_class;

static int pots_sim_open(struct inode *inode, struct file *file)
{
	struct pots_sim_line *line = container_of(inode->i_cdev, struct pots_sim_line,
						  cdev);
	struct pots_sim_far_file *ff = kzalloc(sizeof(*ff), GFP_KERNEL);

	if (!ff)
		return -ENOMEM;
	if (kfifo_alloc(&ff->ear.fifo, POTS_SIM_EAR_SAMPLES, GFP_KERNEL)) {
		kfree(ff);
		return -ENOMEM;
	}
	get_device(&line->dev);
	ff->line = line;
	file->private_data = ff;
	return stream_open(inode, file);
}

static int pots_sim_release(struct inode *inode, struct file *file)
{
	struct pots_sim_far_file *ff = file->private_data;
	struct pots_sim_line *line = ff->line;
	unsigned long flags;

	spin_lock_irqsave(&line->lock, flags);
	if (!line->gone)
		pots_sim_far_listen(line, &ff->ear, POTS_SIM_LISTEN_OFF);
	spin_unlock_irqrestore(&line->lock, flags);
	kfifo_free(&ff->ear.fifo);
	put_device(&line->dev);
	kfree(ff);
	return 0;
}

static unsigned int ear_bytes(struct pots_sim_far_file *ff)
{
	return kfifo_len(&ff->ear.fifo) * sizeof(s16);
}

/* Take samples out under the lock, by way of a small buffer. */
static ssize_t hear(struct pots_sim_far_file *ff, char __user *to, size_t len)
{
	size_t done = 0;
	s16 buf[128];

	while (done < len) {
		unsigned int n = min_t(size_t, ARRAY_SIZE(buf), (len - done) / sizeof(s16));
		unsigned long flags;

		spin_lock_irqsave(&ff->line->lock, flags);
		n = kfifo_out(&ff->ear.fifo, buf, n);
		spin_unlock_irqrestore(&ff->line->lock, flags);
		if (!n)
			break;
		if (copy_to_user(to + done, buf, n * sizeof(s16)))
			return done ?: -EFAULT;
		done += n * sizeof(s16);
	}
	return done;
}

static ssize_t pots_sim_read(struct file *file, char __user *to, size_t len, loff_t *pos)
{
	struct pots_sim_far_file *ff = file->private_data;
	struct pots_sim_line *line = ff->line;
	size_t want = min_t(size_t, len, READ_MIN_BYTES);
	int err;

	if (!len || len % sizeof(s16))
		return -EINVAL;
	if (file->f_flags & O_NONBLOCK) {
		want = sizeof(s16);
		if (ear_bytes(ff) < want)
			return READ_ONCE(line->gone) ? -ENODEV : -EAGAIN;
	}
	err = wait_event_interruptible(line->wait,
				       ear_bytes(ff) >= want || READ_ONCE(line->gone));
	if (err)
		return err;
	if (!ear_bytes(ff))
		return -ENODEV;
	return hear(ff, to, len);
}

static unsigned int mic_room(struct pots_sim_line *line)
{
	return kfifo_avail(&line->far.mic);
}

/* Returns bytes taken. */
static ssize_t say(struct pots_sim_line *line, const char __user *from, size_t len)
{
	unsigned int n;
	unsigned long flags;
	s16 buf[128];

	n = min(len, sizeof(buf)) / sizeof(s16);
	if (copy_from_user(buf, from, n * sizeof(s16)))
		return -EFAULT;
	spin_lock_irqsave(&line->lock, flags);
	n = kfifo_in(&line->far.mic, buf, n);
	pots_sim_far_speaking(line);
	spin_unlock_irqrestore(&line->lock, flags);
	return n * sizeof(s16);
}

static ssize_t pots_sim_write(struct file *file, const char __user *from, size_t len,
			      loff_t *pos)
{
	struct pots_sim_far_file *ff = file->private_data;
	struct pots_sim_line *line = ff->line;
	size_t done = 0;
	ssize_t n;
	int err;

	if (!len || len % sizeof(s16))
		return -EINVAL;
	while (done < len) {
		if (READ_ONCE(line->gone))
			return done ?: -ENODEV;
		n = say(line, from + done, len - done);
		if (n < 0)
			return done ?: n;
		done += n;
		if (n)
			continue;
		if (file->f_flags & O_NONBLOCK)
			return done ?: -EAGAIN;
		err = wait_event_interruptible(line->wait,
					       mic_room(line) || READ_ONCE(line->gone));
		if (err)
			return done ?: err;
	}
	return done;
}

static __poll_t pots_sim_poll(struct file *file, poll_table *table)
{
	struct pots_sim_far_file *ff = file->private_data;
	struct pots_sim_line *line = ff->line;
	__poll_t mask = 0;

	poll_wait(file, &line->wait, table);
	if (ear_bytes(ff) >= READ_MIN_BYTES)
		mask |= EPOLLIN | EPOLLRDNORM;
	if (READ_ONCE(line->gone))
		return mask | EPOLLHUP | EPOLLERR;
	if (mic_room(line))
		mask |= EPOLLOUT | EPOLLWRNORM;
	if (READ_ONCE(line->far.changes) != ff->seen)
		mask |= EPOLLPRI;
	return mask;
}

/* --------------------------------------------------------------- ioctls --- */

static long listen(struct pots_sim_far_file *ff, void __user *arg)
{
	struct pots_sim_line *line = ff->line;
	unsigned long flags;
	long err = 0;
	u32 how;

	if (copy_from_user(&how, arg, sizeof(how)))
		return -EFAULT;
	if (how > POTS_SIM_LISTEN_LINE)
		return -EINVAL;
	spin_lock_irqsave(&line->lock, flags);
	if (line->gone)
		err = -ENODEV;
	else
		pots_sim_far_listen(line, &ff->ear, how);
	spin_unlock_irqrestore(&line->lock, flags);
	return err;
}

static bool is_sane_step(const struct pots_sim_line *line, const struct pots_sim_step *step)
{
	if (step->on_us > STEP_US_MAX || step->off_us > STEP_US_MAX ||
	    step->gap_us > STEP_US_MAX)
		return false;
	if (step->mhz[0] > 4000000 || step->mhz[1] > 4000000)
		return false;
	return line->far.ops->sane(step);
}

static long queue_steps(struct pots_sim_line *line, void __user *arg)
{
	struct pots_sim_queue *q = memdup_user(arg, sizeof(*q));
	unsigned long flags;
	unsigned int i;
	long err = 0;

	if (IS_ERR(q))
		return PTR_ERR(q);
	if (q->count > POTS_SIM_STEPS_MAX || q->flags & ~POTS_SIM_QUEUE_F_FLUSH)
		err = -EINVAL;
	for (i = 0; !err && i < q->count; i++)
		if (!is_sane_step(line, &q->step[i]))
			err = -EINVAL;
	if (!err) {
		spin_lock_irqsave(&line->lock, flags);
		err = line->gone ? -ENODEV : pots_sim_steps_queue(line, q);
		spin_unlock_irqrestore(&line->lock, flags);
	}
	kfree(q);
	return err;
}

static long pots_sim_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct pots_sim_far_file *ff = file->private_data;
	void __user *user = (void __user *)arg;

	switch (cmd) {
	case POTS_SIM_QUEUE:
		return queue_steps(ff->line, user);
	case POTS_SIM_LISTEN:
		return listen(ff, user);
	default:
		return ff->line->far.ops->ioctl(ff, cmd, user);
	}
}

static const struct file_operations pots_sim_fops = {
	.owner = THIS_MODULE,
	.open = pots_sim_open,
	.release = pots_sim_release,
	.read = pots_sim_read,
	.write = pots_sim_write,
	.poll = pots_sim_poll,
	.unlocked_ioctl = pots_sim_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};

/* --------------------------------------------------------------- device --- */

int pots_sim_node_add(struct pots_sim_line *line)
{
	int minor = ida_alloc_max(&minors, NODES_MAX - 1, GFP_KERNEL);
	int err;

	if (minor < 0)
		return minor;
	line->dev.class = pots_sim_class;
	line->dev.parent = &line->board->pdev->dev;
	line->dev.devt = first_devt + minor;
	cdev_init(&line->cdev, &pots_sim_fops);
	line->cdev.owner = THIS_MODULE;
	err = dev_set_name(&line->dev, "potsim-%s-%s%u", line->board->config.name,
			   line->far.ops->prefix, line->number);
	if (!err)
		err = cdev_device_add(&line->cdev, &line->dev);
	if (err)
		ida_free(&minors, minor);
	return err;
}

void pots_sim_node_del(struct pots_sim_line *line)
{
	cdev_device_del(&line->cdev, &line->dev);
	ida_free(&minors, line->dev.devt - first_devt);
}

int pots_sim_class_init(void)
{
	int err;

	pots_sim_class = class_create("pots_sim");
	if (IS_ERR(pots_sim_class))
		return PTR_ERR(pots_sim_class);
	err = alloc_chrdev_region(&first_devt, 0, NODES_MAX, "pots_sim");
	if (err)
		class_destroy(pots_sim_class);
	return err;
}

void pots_sim_class_exit(void)
{
	unregister_chrdev_region(first_devt, NODES_MAX);
	class_destroy(pots_sim_class);
	ida_destroy(&minors);
}
