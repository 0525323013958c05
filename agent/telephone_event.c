// SPDX-License-Identifier: GPL-2.0-or-later
#include "telephone_event.h"

#include <errno.h>
#include <string.h>

#include "rtp.h"

#define END_BIT		0x80
#define VOLUME		10	/* -10 dBm0 */
#define SEGMENT_MAX	0xffff	/* the duration field is full: a new segment */
#define END_PACKETS	3
#define PAUSE_SAMPLES	400	/* 50 ms between digits */

bool telephone_event_queue(struct telephone_event_sender *sender, unsigned int digit,
			   uint32_t samples)
{
	unsigned int at = (sender->first + sender->count) % TELEPHONE_EVENT_QUEUE;

	if (sender->count == TELEPHONE_EVENT_QUEUE || digit > TELEPHONE_EVENT_FLASH)
		return false;
	sender->queue[at].digit = digit;
	sender->queue[at].samples = samples ? samples : 1;
	sender->count++;
	return true;
}

static void begin(struct telephone_event_sender *sender, uint32_t now)
{
	sender->active = true;
	sender->timestamp = now;
	sender->segment = 0;
	sender->sent = 0;
	sender->ends = 0;
}

static void finish(struct telephone_event_sender *sender)
{
	sender->active = false;
	sender->pause = PAUSE_SAMPLES;
	sender->first = (sender->first + 1) % TELEPHONE_EVENT_QUEUE;
	sender->count--;
}

static void fill(struct telephone_event_out *out,
		 const struct telephone_event_sender *sender, uint32_t duration, bool end)
{
	out->payload[0] = sender->queue[sender->first].digit;
	out->payload[1] = VOLUME | (end ? END_BIT : 0);
	rtp_put16(out->payload + 2, duration);
	out->timestamp = sender->timestamp;
	out->marker = false;
}

bool telephone_event_next(struct telephone_event_sender *sender, uint32_t now,
			  uint32_t samples, struct telephone_event_out *out)
{
	uint32_t length;
	bool first = !sender->active;

	if (sender->pause) {
		sender->pause -= samples < sender->pause ? samples : sender->pause;
		return false;
	}
	if (!sender->count)
		return false;
	if (first)
		begin(sender, now);

	length = sender->queue[sender->first].samples;
	if (!sender->ends) {
		sender->sent += samples;
		if (sender->sent - sender->segment > SEGMENT_MAX) {
			/* One last full one, then on from there (RFC 4733 2.5.1.3). */
			fill(out, sender, SEGMENT_MAX, false);
			sender->segment += SEGMENT_MAX;
			sender->timestamp += SEGMENT_MAX;
			return true;
		}
	}
	if (sender->sent >= length)
		sender->ends++;
	fill(out, sender, sender->sent - sender->segment, sender->ends);
	out->marker = first;
	if (sender->ends == END_PACKETS)
		finish(sender);
	return true;
}

static void end_event(struct telephone_event_receiver *receiver,
		      struct telephone_event_news *news)
{
	if (!receiver->active)
		return;
	receiver->active = false;
	news->end = true;
	news->ended = receiver->digit;
	news->samples = receiver->base + receiver->samples;
}

/* Another packet of the event that is on. */
static bool continues(struct telephone_event_receiver *receiver, uint8_t digit,
		      uint32_t timestamp)
{
	if (!receiver->active || receiver->digit != digit)
		return false;
	if (timestamp == receiver->timestamp)
		return true;
	/* The next segment of a long one begins where the last was full. */
	if (timestamp - receiver->timestamp != SEGMENT_MAX)
		return false;
	receiver->base += SEGMENT_MAX;
	receiver->samples = 0;
	receiver->timestamp = timestamp;
	return true;
}

int telephone_event_put(struct telephone_event_receiver *receiver,
			const uint8_t *payload, size_t len, uint32_t timestamp,
			uint64_t now_us, struct telephone_event_news *news)
{
	uint32_t duration;

	memset(news, 0, sizeof(*news));
	if (len < TELEPHONE_EVENT_LEN)
		return -EBADMSG;
	if (payload[0] > TELEPHONE_EVENT_FLASH)
		return 0;

	if (!continues(receiver, payload[0], timestamp)) {
		/* A repeated end, or one that was overtaken. */
		if (receiver->seen_any && (int32_t)(timestamp - receiver->timestamp) <= 0)
			return 0;
		end_event(receiver, news);
		receiver->active = true;
		receiver->seen_any = true;
		receiver->digit = payload[0];
		receiver->timestamp = timestamp;
		receiver->base = 0;
		receiver->samples = 0;
		news->begin = true;
		news->digit = payload[0];
	}
	receiver->heard_us = now_us;
	duration = rtp_get16(payload + 2);
	if (duration > receiver->samples)
		receiver->samples = duration;
	if (!(payload[1] & END_BIT))
		return 0;
	if (news->begin) {
		receiver->active = false;
		news->whole = true;
		news->whole_samples = receiver->samples;
	} else {
		end_event(receiver, news);
	}
	return 0;
}

void telephone_event_timeout(struct telephone_event_receiver *receiver,
			     uint64_t now_us, struct telephone_event_news *news)
{
	memset(news, 0, sizeof(*news));
	if (receiver->active && now_us - receiver->heard_us >= TELEPHONE_EVENT_LOST_US)
		end_event(receiver, news);
}
