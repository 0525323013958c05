// SPDX-License-Identifier: GPL-2.0-or-later
#include "jitter.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define US_PER_SAMPLE	125
#define ERA_PACKETS	50

#define TARGET_US	3000	/* the smallest slack that is aimed at ... */
#define GROW_BELOW_US	1500	/* ... stretched below this ... */
#define SHRINK_ABOVE_US	2000	/* ... and shortened above the target by this */

#define PATIENCE	40	/* samples concealed at a time while waiting */
#define GIVE_UP		960	/* concealed in a row: the far end is silent */
#define JUMP		16000	/* a timestamp so far off is another timeline */
#define JUMP_PACKETS	1000	/* and so is a sequence number */

#define OVERLAP		40	/* samples of a stretch's cross-fade */
#define LAG_MIN		8
#define LAG_MAX		80
#define REST_PACKETS	4	/* between two changes of the length */

void jitter_restart(struct jitter *jitter)
{
	jitter->playing = false;
	jitter->held = 0;
	jitter->waited = 0;
	jitter->seen_any = false;
}

void jitter_init(struct jitter *jitter, unsigned int min_ms, unsigned int max_ms)
{
	unsigned int i;

	memset(jitter, 0, sizeof(*jitter));
	plc_init(&jitter->plc);
	jitter->target_us = TARGET_US + min_ms * 1000;
	jitter->max_us = max_ms * 1000;
	jitter->mean_slack_us = jitter->target_us;
	for (i = 0; i < JITTER_ERAS; i++)
		jitter->least_us[i] = INT_MAX;
}

/* ---------------------------------------------------------------- slack --- */

static void note_slack(struct jitter *jitter, int slack_us)
{
	if (slack_us < jitter->least_us[jitter->era])
		jitter->least_us[jitter->era] = slack_us;
	jitter->mean_slack_us += (slack_us - jitter->mean_slack_us) / 16;

	if (++jitter->era_packets < ERA_PACKETS)
		return;
	jitter->era_packets = 0;
	jitter->era = (jitter->era + 1) % JITTER_ERAS;
	jitter->least_us[jitter->era] = INT_MAX;
	if (jitter->eras_full < JITTER_ERAS)
		jitter->eras_full++;
}

/* The delay has changed, and with it what the slacks would have been. */
static void shift_slack(struct jitter *jitter, int by_us)
{
	unsigned int i;

	for (i = 0; i < JITTER_ERAS; i++)
		if (jitter->least_us[i] != INT_MAX)
			jitter->least_us[i] += by_us;
	jitter->mean_slack_us += by_us;
}

static int least_slack(const struct jitter *jitter, unsigned int eras)
{
	int least = INT_MAX;
	unsigned int i;

	for (i = 0; i < eras; i++) {
		int us = jitter->least_us[(jitter->era + JITTER_ERAS - i) % JITTER_ERAS];

		if (us < least)
			least = us;
	}
	return least;
}

/*
 * Samples to add (or, negative, to take away): quickly more when the last
 * second or two were tight, slowly less when all eight eras had room.
 */
static int wanted_change(const struct jitter *jitter)
{
	int recent = least_slack(jitter, 2);
	int all = least_slack(jitter, JITTER_ERAS);
	int low = jitter->target_us - TARGET_US + GROW_BELOW_US;

	if (recent < low)
		return (jitter->target_us - recent) / US_PER_SAMPLE;
	if (jitter->eras_full >= JITTER_ERAS && all != INT_MAX &&
	    all > jitter->target_us + SHRINK_ABOVE_US)
		return (jitter->target_us - all) / US_PER_SAMPLE;
	return 0;
}

/* ------------------------------------------------------------- stretching --- */

/* The lag at which the overlap resembles the beginning most. */
static unsigned int best_lag(const int16_t *x, unsigned int lag_max)
{
	unsigned int best = LAG_MIN, lag, i;
	long least = LONG_MAX;

	for (lag = LAG_MIN; lag <= lag_max; lag++) {
		long sum = 0;

		for (i = 0; i < OVERLAP; i += 2)
			sum += labs((long)x[i] - x[lag + i]);
		if (sum < least) {
			least = sum;
			best = lag;
		}
	}
	return best;
}

static int16_t fade(int from, int to, int at)
{
	return (from * (OVERLAP - at) + to * at) / OVERLAP;
}

static size_t shorten(int16_t *x, size_t count, unsigned int lag)
{
	unsigned int i;

	for (i = 0; i < OVERLAP; i++)
		x[i] = fade(x[i], x[lag + i], i + 1);
	memmove(x + OVERLAP, x + lag + OVERLAP, (count - lag - OVERLAP) * sizeof(*x));
	return count - lag;
}

static size_t lengthen(int16_t *x, size_t count, unsigned int lag)
{
	int16_t joint[OVERLAP];
	unsigned int i;

	for (i = 0; i < OVERLAP; i++)
		joint[i] = fade(x[lag + i], x[i], i + 1);
	memmove(x + lag + OVERLAP, x + OVERLAP, (count - OVERLAP) * sizeof(*x));
	memcpy(x + lag, joint, sizeof(joint));
	return count + lag;
}

static size_t change_length(struct jitter *jitter, int16_t *x, size_t count)
{
	int wanted = wanted_change(jitter);
	unsigned int most = abs(wanted), lag;

	if (jitter->since_change++ < REST_PACKETS || most < LAG_MIN ||
	    count < LAG_MAX + OVERLAP)
		return count;
	if (most > LAG_MAX)
		most = LAG_MAX;

	jitter->since_change = 0;
	lag = best_lag(x, most);
	if (wanted > 0) {
		jitter->stats.inserted += lag;
		shift_slack(jitter, lag * US_PER_SAMPLE);
		return lengthen(x, count, lag);
	}
	jitter->stats.removed += lag;
	shift_slack(jitter, -(int)lag * US_PER_SAMPLE);
	return shorten(x, count, lag);
}

/* ----------------------------------------------------------------- putting --- */

/* False for a packet that was here before. */
static bool is_new(struct jitter *jitter, uint16_t seq)
{
	int16_t step = seq - jitter->newest_seq;
	uint64_t bit;

	if (!jitter->seen_any || step > 0) {
		if (jitter->seen_any && step < JUMP_PACKETS)
			jitter->stats.lost += step - 1;
		jitter->seen = jitter->seen_any && step < 64 ? jitter->seen << step : 0;
		jitter->seen |= 1;
		jitter->newest_seq = seq;
		jitter->seen_any = true;
		return true;
	}
	if (step <= -64)
		return true;
	bit = 1ULL << -step;
	if (jitter->seen & bit)
		return false;
	jitter->seen |= bit;
	/* It was counted when it was overtaken. */
	if (jitter->stats.lost)
		jitter->stats.lost--;
	return true;
}

static void start(struct jitter *jitter, uint32_t timestamp, int ahead_us)
{
	int lead_us = jitter->mean_slack_us;

	if (lead_us < jitter->target_us)
		lead_us = jitter->target_us;
	if (lead_us > jitter->max_us)
		lead_us = jitter->max_us;
	lead_us -= ahead_us;

	jitter->playing = true;
	jitter->held = 0;
	jitter->waited = 0;
	jitter->next = timestamp;
	jitter->prefix = lead_us > 0 ? lead_us / US_PER_SAMPLE : 0;
}

static void store(struct jitter *jitter, const struct jitter_packet *packet)
{
	struct jitter_slot *slot;
	unsigned int at = jitter->held;

	if (jitter->held == JITTER_SLOTS)
		return;
	while (at && (int32_t)(jitter->slots[at - 1].timestamp - packet->timestamp) > 0)
		at--;
	memmove(&jitter->slots[at + 1], &jitter->slots[at],
		(jitter->held - at) * sizeof(*slot));
	slot = &jitter->slots[at];
	slot->timestamp = packet->timestamp;
	slot->seq = packet->seq;
	slot->codec = packet->codec;
	slot->len = packet->len;
	memcpy(slot->payload, packet->payload, packet->len);
	jitter->held++;
}

void jitter_put(struct jitter *jitter, const struct jitter_packet *packet,
		int ahead_us)
{
	int32_t distance = packet->timestamp - jitter->next;
	int slack_us;

	if (packet->len && jitter->playing && abs(distance) > JUMP)
		jitter_restart(jitter);
	if (!is_new(jitter, packet->seq)) {
		jitter->stats.duplicate++;
		return;
	}
	if (!packet->len || packet->len > JITTER_PAYLOAD_MAX)
		return;

	if (!jitter->playing) {
		start(jitter, packet->timestamp, ahead_us);
		store(jitter, packet);
		return;
	}

	slack_us = ahead_us + (distance - (int)jitter->waited) * US_PER_SAMPLE;
	note_slack(jitter, slack_us);
	if (slack_us < 0)
		jitter->stats.late++;
	if (distance + (int)packet->len > 0)
		store(jitter, packet);
}

/* ----------------------------------------------------------------- getting --- */

static size_t conceal(struct jitter *jitter, int16_t *out, size_t count)
{
	plc_conceal(&jitter->plc, out, count);
	jitter->stats.concealed += count;
	return count;
}

/* Takes the first packet, which is due, off and into @out. */
static size_t play(struct jitter *jitter, int16_t *out, int ahead_us)
{
	struct jitter_slot *slot = &jitter->slots[0];
	size_t skip = jitter->next - slot->timestamp, count = slot->len;
	int16_t joint;

	if (skip < count) {
		slot->codec->decode(out, slot->payload, count);
		jitter->next = slot->timestamp + count;
	}
	jitter->held--;
	memmove(slot, slot + 1, jitter->held * sizeof(*slot));
	if (skip >= count)
		return 0;

	if (jitter->waited) {
		/* It was late, and all that was concealed for it is delay now. */
		shift_slack(jitter, jitter->waited * US_PER_SAMPLE);
		jitter->waited = 0;
	}
	if (ahead_us > jitter->max_us) {
		/* Too much is queued: this one is left out, its joint smoothed. */
		jitter->stats.removed += count;
		shift_slack(jitter, -(int)count * US_PER_SAMPLE);
		plc_conceal(&jitter->plc, &joint, 1);
		return 0;
	}
	if (skip) {
		memmove(out, out + skip, (count - skip) * sizeof(*out));
		count -= skip;
	}
	count = change_length(jitter, out, count);
	plc_heard(&jitter->plc, out, count);
	return count;
}

/* Samples that lie between what was heard and the first packet here. */
static int32_t gap_before_first(struct jitter *jitter)
{
	int32_t gap = jitter->slots[0].timestamp - jitter->next;
	int32_t covered = jitter->waited;

	if (gap <= 0 || !covered)
		return gap;
	if (covered > gap)
		covered = gap;
	jitter->next += covered;
	jitter->waited -= covered;
	return gap - covered;
}

static size_t next_samples(struct jitter *jitter, int16_t *out, int ahead_us,
			   bool urgent)
{
	size_t count = 0;
	int32_t gap;

	if (jitter->prefix) {
		count = jitter->prefix < 160 ? jitter->prefix : 160;
		jitter->prefix -= count;
		memset(out, 0, count * sizeof(*out));
		return count;
	}

	while (jitter->held) {
		gap = gap_before_first(jitter);
		if (gap <= 0) {
			count = play(jitter, out, ahead_us);
			if (count)
				return count;
			continue;
		}
		if (!urgent)
			return 0;
		if (gap > 2 * PATIENCE)
			gap = 2 * PATIENCE;
		jitter->next += gap;
		return conceal(jitter, out, gap);
	}

	if (!urgent)
		return 0;
	if (jitter->waited >= GIVE_UP) {
		jitter_restart(jitter);
		return 0;
	}
	jitter->waited += PATIENCE;
	return conceal(jitter, out, PATIENCE);
}

size_t jitter_get(struct jitter *jitter, int16_t *out, int ahead_us, bool urgent)
{
	size_t count = jitter->rest_count, more;

	memcpy(out, jitter->rest, sizeof(jitter->rest));
	jitter->rest_count = 0;
	do {
		if (!jitter->playing)
			break;
		more = next_samples(jitter, out + count, ahead_us, urgent);
		count += more;
	} while (more && count < 8);

	jitter->rest_count = count % 8;
	count -= jitter->rest_count;
	memcpy(jitter->rest, out + count, jitter->rest_count * sizeof(*out));
	return count;
}
