// SPDX-License-Identifier: GPL-2.0-only
#include "si3050_ring.h"

#define NS_PER_MS	1000000ULL
#define MHZ_NS		1000000000000ULL	/* a period in ns, by its frequency in mHz */

static u64 ms(u32 n)
{
	return n * NS_PER_MS;
}

void si3050_ring_forget(struct si3050_ring *ring)
{
	ring->rings = false;
	ring->freq_mhz = 0;
	ring->edge_ns = 0;
}

static bool is_good(const struct si3050_ring *ring, u64 period_ns)
{
	return (ring->negative || !ring->both_halves) &&
	       period_ns + ms(SI3050_RING_LATE_MS) >= div_u64(MHZ_NS, ring->max_mhz) &&
	       period_ns <= div_u64(MHZ_NS, ring->min_mhz) + ms(SI3050_RING_LATE_MS);
}

/* The mean of all good periods: a single one is as wrong as the looks are late. */
static void measure(struct si3050_ring *ring, u64 at_ns)
{
	u32 mean_us = div_u64(at_ns - ring->began_ns, ring->periods * 1000);

	if (at_ns - ring->began_ns < ms(SI3050_RING_CONFIRM_MS))
		return;
	ring->freq_mhz = 1000000000 / mean_us;
	ring->rings = true;
}

static void begin_positive(struct si3050_ring *ring, u64 at_ns)
{
	if (is_good(ring, at_ns - ring->edge_ns)) {
		ring->periods++;
		measure(ring, at_ns);
	} else {
		ring->periods = 0;
		ring->began_ns = at_ns;
	}
	ring->edge_ns = at_ns - ring->looked_ns <= ms(SI3050_RING_LATE_MS) ? at_ns : 0;
	ring->negative = false;
}

void si3050_ring_look(struct si3050_ring *ring, bool positive, bool negative, u64 at_ns)
{
	if (positive && !ring->positive)
		begin_positive(ring, at_ns);
	ring->positive = positive;
	ring->negative |= negative;
	ring->looked_ns = at_ns;
	if (at_ns - ring->edge_ns >= ms(SI3050_RING_QUIET_MS))
		ring->rings = false;
}
