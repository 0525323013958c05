// SPDX-License-Identifier: GPL-2.0-only
/*
 * The settings of a port that faces an exchange: checked as a whole before any of
 * it takes effect. What the chip's line side does is changed on-hook only.
 */
#include "pots_fxo.h"

#include <linux/string.h>

#define FLAGS_ALL	(POTS_EXCHANGE_F_CURRENT_LIMIT | POTS_EXCHANGE_F_RINGER | \
			 POTS_EXCHANGE_F_BILLING | POTS_EXCHANGE_F_CID_RING | \
			 POTS_EXCHANGE_F_CID_REVERSAL | POTS_EXCHANGE_F_CID_ALWAYS | \
			 POTS_EXCHANGE_F_CID_ANSWER)
#define FLAGS_LISTEN	(POTS_EXCHANGE_F_CID_RING | POTS_EXCHANGE_F_CID_REVERSAL | \
			 POTS_EXCHANGE_F_CID_ALWAYS)

static const struct pots_exchange defaults = {
	.flags = POTS_EXCHANGE_F_CID_RING,
	.impedance = POTS_IMPEDANCE_600,
	.loop_min_ua = 10000,
	.on_hook_us = 500,
	.ring_threshold_mv = 15000,
	.ring_min_mhz = 13000,
	.ring_max_mhz = 68000,
	.cid_signal = POTS_CID_BELL202,
	.ring_timeout_ms = 8000,
	.battery_mv = 3000,
	.in_use_mv = 20000,
	.dc_mv = 3100,
	.battery_ms = 64,
	.polarity_ms = 64,
	.flash_ms = 600,
	.progress_periods = 3,
};

void pots_daa_default(struct pots_port *port)
{
	port->fxo->exchange = defaults;
}

static void fill_daa(const struct pots_exchange *exchange, struct pots_daa *daa)
{
	*daa = (struct pots_daa) {
		.impedance = exchange->impedance,
		.dc_mv = exchange->dc_mv,
		.loop_min_ua = exchange->loop_min_ua,
		.current_limit = exchange->flags & POTS_EXCHANGE_F_CURRENT_LIMIT,
		.on_hook_us = exchange->on_hook_us,
		.ring_threshold_mv = exchange->ring_threshold_mv,
		.ringer_impedance = exchange->flags & POTS_EXCHANGE_F_RINGER,
		.ring_min_mhz = exchange->ring_min_mhz,
		.ring_max_mhz = exchange->ring_max_mhz,
		.billing = exchange->flags & POTS_EXCHANGE_F_BILLING,
	};
}

static int apply(struct pots_port *port, const struct pots_exchange *exchange)
{
	struct pots_daa daa;

	fill_daa(exchange, &daa);
	return pots_op_set_daa(port, &daa);
}

int pots_daa_apply(struct pots_port *port)
{
	return apply(port, &port->fxo->exchange);
}

void pots_daa_limits(const struct pots_port *port, struct pots_supervise_limits *limits)
{
	const struct pots_exchange *exchange = &port->fxo->exchange;

	*limits = (struct pots_supervise_limits) {
		.battery_mv = exchange->battery_mv,
		.battery_ms = exchange->battery_ms,
		.polarity_ms = exchange->polarity_ms,
		.in_use_mv = exchange->in_use_mv,
		.ring_timeout_ms = exchange->ring_timeout_ms,
	};
}

/* -------------------------------------------------------------- checking --- */

/* What stands alone between two limits. */
static const struct {
	size_t offset;
	size_t size;
	u32 min;
	u32 max;
} limits[] = {
#define LIMIT(field, min, max) { offsetof(struct pots_exchange, field), \
	sizeof_field(struct pots_exchange, field), min, max }
	LIMIT(ring_min_mhz, 10000, 100000),
	LIMIT(ring_max_mhz, 10000, 100000),
	LIMIT(ring_timeout_ms, 1000, 60000),
	LIMIT(battery_mv, 1000, 20000),
	LIMIT(in_use_mv, 0, 60000),
	LIMIT(battery_ms, 10, 2000),
	LIMIT(polarity_ms, 10, 2000),
	LIMIT(flash_ms, 20, 2000),
	LIMIT(progress_periods, 1, 10),
#undef LIMIT
};

/* What the parts for this purpose are made for. */
static const u32 dc_mv[] = { 3100, 3200, 3350, 3500 };
static const u32 loop_min_ua[] = { 10000, 12000, 14000, 16000 };
static const u32 on_hook_us[] = { 500, 3000, 26000 };
static const u32 ring_threshold_mv[] = { 15000, 21500, 45000 };

static bool is_one_of(u32 value, const u32 *values, size_t count)
{
	while (count--)
		if (value == values[count])
			return true;
	return false;
}

#define IS_ONE_OF(value, values) is_one_of(value, values, ARRAY_SIZE(values))

static bool within_limits(const struct pots_exchange *exchange)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(limits); i++) {
		const char *at = (const char *)exchange + limits[i].offset;
		u32 value = limits[i].size == sizeof(u16) ? *(const u16 *)at :
							    *(const u32 *)at;

		if (value < limits[i].min || value > limits[i].max)
			return false;
	}
	return exchange->ring_min_mhz <= exchange->ring_max_mhz &&
	       (!exchange->in_use_mv || exchange->in_use_mv > exchange->battery_mv);
}

/* Who answers to be told does not listen on-hook, nor to digits. */
static bool is_way_ok(const struct pots_exchange *exchange)
{
	return !(exchange->flags & POTS_EXCHANGE_F_CID_ANSWER) ||
	       (!(exchange->flags & FLAGS_LISTEN) && exchange->cid_signal &&
		exchange->cid_signal != POTS_CID_DTMF);
}

static int check(const struct pots_port *port, const struct pots_exchange *exchange)
{
	if (exchange->flags & ~FLAGS_ALL || exchange->reserved16 ||
	    memchr_inv(exchange->reserved, 0, sizeof(exchange->reserved)) ||
	    exchange->impedance > POTS_IMPEDANCE_GLOBAL ||
	    exchange->cid_signal > POTS_CID_DTMF || !is_way_ok(exchange))
		return -EINVAL;
	if (!within_limits(exchange) || !IS_ONE_OF(exchange->dc_mv, dc_mv) ||
	    !IS_ONE_OF(exchange->loop_min_ua, loop_min_ua) ||
	    !IS_ONE_OF(exchange->on_hook_us, on_hook_us) ||
	    !IS_ONE_OF(exchange->ring_threshold_mv, ring_threshold_mv))
		return -ERANGE;
	if (!(port->desc.impedances & BIT(exchange->impedance)) ||
	    (exchange->flags & POTS_EXCHANGE_F_BILLING && !port->desc.can_bill))
		return -EOPNOTSUPP;
	return 0;
}

/* ---------------------------------------------------------------- ioctls --- */

static bool is_same_daa(const struct pots_exchange *a, const struct pots_exchange *b)
{
	struct pots_daa x, y;

	/* Padding too: a needless write is all that it could cost. */
	memset(&x, 0, sizeof(x));
	memset(&y, 0, sizeof(y));
	fill_daa(a, &x);
	fill_daa(b, &y);
	return !memcmp(&x, &y, sizeof(x));
}

int pots_daa_get_ioctl(struct pots_port *port, void *arg)
{
	*(struct pots_exchange *)arg = port->fxo->exchange;
	return 0;
}

int pots_daa_set_ioctl(struct pots_port *port, void *arg)
{
	const struct pots_exchange *exchange = arg;
	int ret;

	ret = check(port, exchange);
	if (ret)
		return ret;
	if (!is_same_daa(exchange, &port->fxo->exchange)) {
		if (port->state & POTS_STATE_OFF_HOOK)
			return -EBUSY;
		ret = apply(port, exchange);
		if (ret)
			return ret;
	}

	port->fxo->exchange = *exchange;
	spin_lock_irq(&port->lock);
	pots_exchange_limits_locked(port);
	spin_unlock_irq(&port->lock);
	pots_listen_settings(port);
	pots_highway_review(port);
	return 0;
}
