// SPDX-License-Identifier: GPL-2.0-only
/*
 * Speech: the queues between the claim's read() and write() and the highway.
 *
 * Whoever polls is woken when a threshold is crossed, a blocked read() or write()
 * when a frame can be moved; they wait apart, so a poller sleeps through the
 * frames between.
 */
#include "pots_core.h"

#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#define FRAME_BYTES	(POTS_FRAME_LEN * sizeof(s16))
#define CHUNK_FRAMES	20	/* moved to or from userspace at a time */

void pots_speech_init(struct pots_port *port)
{
	init_waitqueue_head(&port->speech.poll_wait);
	init_waitqueue_head(&port->speech.io_wait);
}

/* One frame after the other: mostly it is one, and a call of memcpy() costs more. */
void pots_fifo_pop(struct pots_fifo *fifo, s16 *samples, u32 frames)
{
	fifo->count -= frames;
	for (; frames; frames--, samples += POTS_FRAME_LEN) {
		memcpy(samples, fifo->samples + fifo->head * POTS_FRAME_LEN, FRAME_BYTES);
		if (++fifo->head == fifo->size)
			fifo->head = 0;
	}
}
EXPORT_SYMBOL_POTS_TEST(pots_fifo_pop);

void pots_fifo_drop(struct pots_fifo *fifo, u32 frames)
{
	fifo->count -= frames;
	fifo->head = (fifo->head + frames) % fifo->size;
}
EXPORT_SYMBOL_POTS_TEST(pots_fifo_drop);

void pots_fifo_push(struct pots_fifo *fifo, const s16 *samples, u32 frames)
{
	u32 at = fifo->head + fifo->count;

	fifo->count += frames;
	for (; frames; frames--, at++, samples += POTS_FRAME_LEN) {
		if (at >= fifo->size)
			at -= fifo->size;
		memcpy(fifo->samples + at * POTS_FRAME_LEN, samples, FRAME_BYTES);
	}
}
EXPORT_SYMBOL_POTS_TEST(pots_fifo_push);

static int check(const struct pots_audio *config)
{
	if (config->flags ||
	    memchr_inv(config->reserved, 0, sizeof(config->reserved)))
		return -EINVAL;
	if (config->read_frames < 1 || config->read_frames > 100 ||
	    config->write_low_frames > 100 ||
	    config->queue_frames <= config->write_low_frames ||
	    config->queue_frames > POTS_AUDIO_QUEUE_MAX)
		return -ERANGE;
	return 0;
}

/* Puts new queues in, or none, and takes the old ones out. */
static void exchange(struct pots_port *port, const struct pots_audio *config,
		     s16 *to_line, s16 *from_line, bool lost)
{
	struct pots_speech *speech = &port->speech;
	s16 *old_to, *old_from;

	spin_lock_bh(&port->audio_lock);
	old_to = speech->to_line.samples;
	old_from = speech->from_line.samples;
	speech->to_line = (struct pots_fifo){ .samples = to_line };
	speech->from_line = (struct pots_fifo){ .samples = from_line };
	if (config) {
		speech->config = *config;
		speech->to_line.size = config->queue_frames;
		speech->from_line.size = POTS_AUDIO_QUEUE_MAX;
		speech->frames = 0;
		speech->underruns = 0;
		speech->overruns = 0;
	}
	speech->started = config;
	speech->primed = false;
	speech->lost = lost;
	spin_unlock_bh(&port->audio_lock);

	kfree(old_to);
	kfree(old_from);
}

static void show_state(struct pots_port *port, bool started)
{
	spin_lock_irq(&port->lock);
	pots_port_set_state_locked(port, POTS_STATE_AUDIO,
				   started ? POTS_STATE_AUDIO : 0);
	spin_unlock_irq(&port->lock);
}

int pots_speech_start(struct pots_port *port, void *arg)
{
	const struct pots_audio *config = arg;
	s16 *to_line, *from_line;
	int ret;

	ret = check(config);
	if (ret)
		return ret;

	to_line = kmalloc_array(config->queue_frames, FRAME_BYTES, GFP_KERNEL);
	from_line = kmalloc_array(POTS_AUDIO_QUEUE_MAX, FRAME_BYTES, GFP_KERNEL);
	ret = to_line && from_line ? pots_highway_need(port) : -ENOMEM;
	if (ret) {
		kfree(to_line);
		kfree(from_line);
		return ret;
	}
	exchange(port, config, to_line, from_line, false);
	show_state(port, true);
	return 0;
}

void pots_speech_stop(struct pots_port *port, bool lost)
{
	if (!READ_ONCE(port->speech.started))
		return;
	exchange(port, NULL, NULL, NULL, lost);
	show_state(port, false);
	pots_speech_wake_all(port);
}
EXPORT_SYMBOL_GPL(pots_speech_stop);

int pots_speech_stop_ioctl(struct pots_port *port, void *arg)
{
	pots_speech_stop(port, false);
	return 0;
}

int pots_speech_queue(struct pots_port *port, void *arg)
{
	struct pots_speech *speech = &port->speech;
	struct pots_queue *queue = arg;

	memset(queue, 0, sizeof(*queue));
	spin_lock_bh(&port->audio_lock);
	queue->to_line_frames = speech->to_line.count;
	queue->from_line_frames = speech->from_line.count;
	queue->frames_ns = speech->frames_ns;
	queue->frames = speech->frames;
	queue->underruns = speech->underruns;
	queue->overruns = speech->overruns;
	spin_unlock_bh(&port->audio_lock);
	return 0;
}

/* Frames moved, 0 when it must wait, or -ENOLINK when no speech is started. */
static int take(struct pots_port *port, s16 *samples, u32 frames)
{
	struct pots_speech *speech = &port->speech;
	int moved = -ENOLINK;

	spin_lock_bh(&port->audio_lock);
	if (speech->started) {
		moved = min(frames, speech->from_line.count);
		pots_fifo_pop(&speech->from_line, samples, moved);
	}
	spin_unlock_bh(&port->audio_lock);
	return moved;
}

static int give(struct pots_port *port, const s16 *samples, u32 frames)
{
	struct pots_speech *speech = &port->speech;
	int moved = -ENOLINK;

	spin_lock_bh(&port->audio_lock);
	if (speech->started) {
		moved = min(frames, speech->to_line.size - speech->to_line.count);
		pots_fifo_push(&speech->to_line, samples, moved);
		speech->primed = true;
	}
	spin_unlock_bh(&port->audio_lock);
	return moved;
}

/* Conditions of waiting are looked at without the lock, and then again with it. */
static bool may_read(const struct pots_port *port)
{
	return READ_ONCE(port->speech.from_line.count) ||
	       !READ_ONCE(port->speech.started) || pots_port_gone(port);
}

static bool may_write(const struct pots_port *port)
{
	return READ_ONCE(port->speech.to_line.count) <
	       READ_ONCE(port->speech.to_line.size) ||
	       !READ_ONCE(port->speech.started) || pots_port_gone(port);
}

/* What a call returns that could not move a frame, or 0 to try again. */
static int wait_for(struct pots_port *port, bool nonblock,
		    bool (*may)(const struct pots_port *port))
{
	if (nonblock)
		return -EAGAIN;
	return wait_event_interruptible(port->speech.io_wait, may(port));
}

ssize_t pots_speech_read(struct pots_port *port, char __user *buf, size_t len,
			 bool nonblock)
{
	s16 samples[CHUNK_FRAMES * POTS_FRAME_LEN];
	size_t left = len;
	int moved, ret;

	if (!len || len % FRAME_BYTES)
		return -EINVAL;

	while (left) {
		if (pots_port_gone(port))
			return left < len ? len - left : -ENODEV;
		moved = take(port, samples, min_t(size_t, left / FRAME_BYTES, CHUNK_FRAMES));
		if (moved > 0) {
			if (copy_to_user(buf + (len - left), samples, moved * FRAME_BYTES))
				return -EFAULT;
			left -= moved * FRAME_BYTES;
			continue;
		}
		if (left < len)
			break;
		ret = moved ?: wait_for(port, nonblock, may_read);
		if (ret)
			return ret;
	}
	return len - left;
}

ssize_t pots_speech_write(struct pots_port *port, const char __user *buf,
			  size_t len, bool nonblock)
{
	s16 samples[CHUNK_FRAMES * POTS_FRAME_LEN];
	size_t left = len;
	int moved, ret;
	u32 frames;

	if (!len || len % FRAME_BYTES)
		return -EINVAL;

	while (left) {
		if (pots_port_gone(port))
			return left < len ? len - left : -ENODEV;
		frames = min_t(size_t, left / FRAME_BYTES, CHUNK_FRAMES);
		if (copy_from_user(samples, buf + (len - left), frames * FRAME_BYTES))
			return left < len ? len - left : -EFAULT;
		moved = give(port, samples, frames);
		if (moved > 0) {
			left -= moved * FRAME_BYTES;
			continue;
		}
		if (left < len)
			break;
		ret = moved ?: wait_for(port, nonblock, may_write);
		if (ret)
			return ret;
	}
	return len - left;
}

__poll_t pots_speech_poll(struct pots_port *port, struct file *file,
			  poll_table *wait)
{
	struct pots_speech *speech = &port->speech;
	__poll_t mask = 0;

	poll_wait(file, &speech->poll_wait, wait);

	spin_lock_bh(&port->audio_lock);
	if (speech->started) {
		if (speech->from_line.count >= speech->config.read_frames)
			mask |= EPOLLIN | EPOLLRDNORM;
		if (speech->to_line.count <= speech->config.write_low_frames)
			mask |= EPOLLOUT | EPOLLWRNORM;
	}
	if (speech->lost)
		mask |= EPOLLERR;
	spin_unlock_bh(&port->audio_lock);

	if (pots_port_gone(port))
		mask |= EPOLLHUP | EPOLLERR;
	return mask;
}

void pots_speech_wake_all(struct pots_port *port)
{
	wake_up_poll(&port->speech.poll_wait, EPOLLHUP | EPOLLERR);
	wake_up(&port->speech.io_wait);
}
