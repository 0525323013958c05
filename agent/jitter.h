/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * jitter: the buffer between packets that come when they like and a line that
 * wants a sample every 125 us. Pure: the caller says how much sound is queued
 * at the line, and writes there what it gets.
 *
 * The queue at the line is the buffer: a packet that comes in order goes there
 * at once. What is kept here are packets that came before their forerunners.
 * A packet's *slack* is how long before its first sample was due it came. The
 * smallest slack of the last seconds steers the delay: it is kept a little
 * above zero by stretching or shortening speech, a few milliseconds at a time.
 * So the delay is what the network's jitter needs, and clocks that differ are
 * followed.
 */
#ifndef POTS_AGENT_JITTER_H
#define POTS_AGENT_JITTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "g711.h"
#include "plc.h"

#define JITTER_SLOTS		32
#define JITTER_PAYLOAD_MAX	480	/* 60 ms */
#define JITTER_OUT_MAX		640	/* samples of one jitter_get() */
#define JITTER_ERAS		8	/* windows of 50 packets */

struct jitter_slot {
	uint32_t timestamp;
	uint16_t seq;
	uint16_t len;
	const struct g711 *codec;
	uint8_t payload[JITTER_PAYLOAD_MAX];
};

struct jitter_stats {
	uint64_t lost, late, duplicate;		/* packets */
	uint64_t concealed, inserted, removed;	/* samples */
};

/**
 * struct jitter - one direction's buffer; all fields but @stats are private
 */
struct jitter {
	struct jitter_slot slots[JITTER_SLOTS];
	unsigned int held;		/* slots in use, by timestamp */
	struct plc plc;
	struct jitter_stats stats;
	bool playing;
	bool seen_any;
	uint32_t next;			/* timestamp that the line hears next */
	uint16_t newest_seq;
	uint64_t seen;			/* of the 64 packets up to newest_seq */
	unsigned int waited;		/* samples concealed while nothing was there */
	unsigned int prefix;		/* samples of silence before the first */
	int target_us, max_us;
	int mean_slack_us;
	int least_us[JITTER_ERAS];	/* smallest slack of each window */
	unsigned int era, era_packets, eras_full;
	unsigned int since_change;	/* packets since speech was stretched */
	int16_t rest[8];		/* what did not fill a frame */
	unsigned int rest_count;
};

/* @min_ms: delay that is kept at least; @max_ms: more is cut away. */
void jitter_init(struct jitter *jitter, unsigned int min_ms, unsigned int max_ms);

/* The next packet begins a new timeline: another source, or a long pause. */
void jitter_restart(struct jitter *jitter);

struct jitter_packet {
	uint16_t seq;
	uint32_t timestamp;
	const struct g711 *codec;
	const uint8_t *payload;
	size_t len;
};

/*
 * A packet came while @ahead_us of sound were queued at the line. One without
 * payload only counts as received.
 */
void jitter_put(struct jitter *jitter, const struct jitter_packet *packet,
		int ahead_us);

/*
 * Samples for the line, a whole number of frames of 8, or 0: nothing yet.
 * To be called until it is 0 after every jitter_put(), and with @urgent when
 * the line's queue is nearly dry; then it is 0 only when nothing plays.
 */
size_t jitter_get(struct jitter *jitter, int16_t *out, int ahead_us, bool urgent);

static inline bool jitter_is_playing(const struct jitter *jitter)
{
	return jitter->playing;
}

#endif /* POTS_AGENT_JITTER_H */
