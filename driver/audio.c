// SPDX-License-Identifier: GPL-2.0-only
/*
 * Frames: what goes to the line and what comes from it, a few milliseconds at a
 * time, whenever the highway calls. This is the path that runs a thousand times a
 * second: no allocation, one lock, nothing done that nobody asked for. Buffers are
 * in the port, because kernels that clear the stack would clear them every time.
 */
#include "pots_core.h"

#include <linux/export.h>
#include <linux/ktime.h>
#include <linux/string.h>

#define NS_PER_SAMPLE	(NSEC_PER_SEC / POTS_RATE_HZ)
#define FRAME_BYTES	(POTS_FRAME_LEN * sizeof(s16))

static_assert(POTS_DTMF_FRAME == POTS_FRAME_LEN);
static_assert(POTS_DTMF_ECHO_MAX >= POTS_DEPTH_MAX);

/*
 * A provider's period is not told, it is the fewest frames that it ever brings;
 * what comes beyond that came late.
 */
static void count_frames(struct pots_port *port, unsigned int frames)
{
	port->stats.frames += frames;
	if (frames < port->period || !port->period)
		port->period = frames;
	port->stats.late_frames += frames - port->period;
}

static void speech_to_line(struct pots_port *port, s16 *to_line,
			   unsigned int frames)
{
	struct pots_speech *speech = &port->speech;
	unsigned int ready = 0;

	if (speech->started) {
		ready = min(frames, speech->to_line.count);
		pots_fifo_pop(&speech->to_line, to_line, ready);
		if (ready < frames && speech->primed) {
			speech->underruns += frames - ready;
			port->stats.underruns += frames - ready;
		}
	}
	if (ready < frames)
		memset(to_line + ready * POTS_FRAME_LEN, 0,
		       (frames - ready) * FRAME_BYTES);
}

static void make_room(struct pots_port *port, unsigned int frames)
{
	struct pots_speech *speech = &port->speech;
	struct pots_fifo *fifo = &speech->from_line;
	u32 room = fifo->size - fifo->count;

	if (room >= frames)
		return;
	pots_fifo_drop(fifo, frames - room);
	speech->overruns += frames - room;
	port->stats.overruns += frames - room;
}

static void speech_from_line(struct pots_port *port, const s16 *from_line,
			     unsigned int frames)
{
	make_room(port, frames);
	if (port->from_line_cdb) {
		memcpy(port->scaled, from_line, frames * FRAME_BYTES);
		pots_gain(port->scaled, frames * POTS_FRAME_LEN, port->from_line_cdb);
		from_line = port->scaled;
	}
	pots_fifo_push(&port->speech.from_line, from_line, frames);
}

/* Never written, and not const: zeros take no room in a router's flash then. */
static s16 silence[POTS_FRAMES_MAX * POTS_FRAME_LEN];

static void post_dtmf(struct pots_port *port, const struct pots_dtmf_event *event,
		      u64 now_ns)
{
	u64 at_ns = now_ns - event->ago * NS_PER_SAMPLE;
	unsigned long flags;

	spin_lock_irqsave(&port->lock, flags);
	if (event->start) {
		port->stats.dtmf_digits++;
		pots_event_locked(port, at_ns, POTS_EVENT_DTMF_START, event->digit);
	} else {
		pots_event_post_locked(port, at_ns, POTS_EVENT_DTMF_END, event->digit, 0,
				       event->samples / (POTS_RATE_HZ / 1000));
	}
	spin_unlock_irqrestore(&port->lock, flags);
}

static void detect(struct pots_port *port, const s16 *from_line,
		   const s16 *to_line, unsigned int frames, u64 now_ns)
{
	struct pots_dtmf_event event;

	while (frames--) {
		if (pots_dtmf_take(&port->dtmf, from_line, to_line) &&
		    pots_dtmf_judge(&port->dtmf, &event) &&
		    !pots_announce_takes(port, event.digit))
			post_dtmf(port, &event, now_ns - frames * NSEC_PER_MSEC);
		from_line += POTS_FRAME_LEN;
		to_line += POTS_FRAME_LEN;
	}
}

/* Of the two queues, before and after: whose threshold was crossed. */
static void wake(struct pots_port *port, u32 waiting, u32 queued)
{
	struct pots_speech *speech = &port->speech;
	__poll_t mask = 0;

	if (waiting < speech->config.read_frames &&
	    speech->from_line.count >= speech->config.read_frames)
		mask |= EPOLLIN | EPOLLRDNORM;
	if (queued > speech->config.write_low_frames &&
	    speech->to_line.count <= speech->config.write_low_frames)
		mask |= EPOLLOUT | EPOLLWRNORM;
	if (mask)
		wake_up_poll(&speech->poll_wait, mask);
	if (wq_has_sleeper(&speech->io_wait))
		wake_up(&speech->io_wait);
}

/**
 * pots_port_frames - exchange frames between the core and the line
 * @port:	the port
 * @from_line:	@frames frames that came from the line
 * @to_line:	room for @frames frames to be sent next
 * @frames:	1..POTS_FRAMES_MAX
 *
 * Context: softirq or thread, between the highway's start and stop of this port.
 */
void pots_port_frames(struct pots_port *port, const s16 *from_line,
		      s16 *to_line, unsigned int frames)
{
	struct pots_speech *speech = &port->speech;
	u32 waiting, queued;
	bool muted;
	u64 now_ns;

	if (WARN_ON_ONCE(!frames || frames > POTS_FRAMES_MAX))
		return;

	spin_lock_bh(&port->audio_lock);
	now_ns = ktime_get_ns();
	count_frames(port, frames);
	waiting = speech->from_line.count;
	queued = speech->to_line.count;

	speech_to_line(port, to_line, frames);
	if (pots_tone_sounds(port))
		pots_tone_mix(port, to_line, frames * POTS_FRAME_LEN);
	if (port->to_line_cdb)
		pots_gain(to_line, frames * POTS_FRAME_LEN, port->to_line_cdb);
	if (port->exchange)
		port->exchange->render(port, to_line, frames);
	muted = pots_announce_sounds(port);
	if (muted)
		pots_announce_render(port, to_line, frames * POTS_FRAME_LEN);
	if (port->exchange)
		port->exchange->hear(port, from_line, frames, now_ns);
	if (port->detecting)
		detect(port, from_line, to_line, frames, now_ns);
	if (speech->started) {
		speech_from_line(port, muted ? silence : from_line, frames);
		speech->frames += frames;
		speech->frames_ns = now_ns;
		wake(port, waiting, queued);
	}
	spin_unlock_bh(&port->audio_lock);
}
EXPORT_SYMBOL_GPL(pots_port_frames);
