/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * telephone_event: digits in RTP, RFC 4733, both ways. Pure: time is counted
 * in samples of the packets' clock.
 */
#ifndef POTS_AGENT_TELEPHONE_EVENT_H
#define POTS_AGENT_TELEPHONE_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TELEPHONE_EVENT_LEN	4	/* bytes of payload */
#define TELEPHONE_EVENT_DIGITS	16
#define TELEPHONE_EVENT_FLASH	16	/* goes as a digit does */
#define TELEPHONE_EVENT_QUEUE	32
#define TELEPHONE_EVENT_LOST_US	250000	/* without an update: the end got lost */

/**
 * struct telephone_event_sender - what goes out; all fields are private
 */
struct telephone_event_sender {
	struct {
		uint8_t digit;
		uint32_t samples;
	} queue[TELEPHONE_EVENT_QUEUE];
	unsigned int first, count;
	bool active;
	uint32_t timestamp;	/* of the present segment */
	uint32_t segment;	/* samples of the digit before this segment */
	uint32_t sent;		/* samples of the digit so far */
	unsigned int ends;	/* end packets that were sent */
	uint32_t pause;		/* samples until the next digit may begin */
};

/* False when the queue is full. */
bool telephone_event_queue(struct telephone_event_sender *sender, unsigned int digit,
			   uint32_t samples);

struct telephone_event_out {
	uint8_t payload[TELEPHONE_EVENT_LEN];
	uint32_t timestamp;
	bool marker;
};

/*
 * For the @samples at @now: true when an event packet goes out in place of
 * speech.
 */
bool telephone_event_next(struct telephone_event_sender *sender, uint32_t now,
			  uint32_t samples, struct telephone_event_out *out);

/**
 * struct telephone_event_receiver - what comes in; all fields are private
 */
struct telephone_event_receiver {
	bool active;
	bool seen_any;
	uint8_t digit;
	uint32_t timestamp;	/* of the newest event seen */
	uint32_t base;		/* samples of segments before */
	uint32_t samples;	/* of this segment so far */
	uint64_t heard_us;
};

/**
 * struct telephone_event_news - what a packet tells, in this order
 * @end:	the digit @ended, which was on, was @samples long
 * @begin:	@digit begins
 * @whole:	and is over, with this very packet; @whole_samples long
 */
struct telephone_event_news {
	bool end, begin, whole;
	uint8_t ended;
	uint8_t digit;
	uint32_t samples, whole_samples;
};

/* 0, or -EBADMSG. Events other than digits are no news. */
int telephone_event_put(struct telephone_event_receiver *receiver,
			const uint8_t *payload, size_t len, uint32_t timestamp,
			uint64_t now_us, struct telephone_event_news *news);

/* Ends an event whose end got lost. */
void telephone_event_timeout(struct telephone_event_receiver *receiver,
			     uint64_t now_us, struct telephone_event_news *news);

#endif /* POTS_AGENT_TELEPHONE_EVENT_H */
