// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * From keys of the config file to the kernel's settings.
 */
#include "port_settings.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <linux/pots.h>

_Static_assert(PORT_CADENCE_MAX == POTS_RING_PAIRS_MAX, "the kernel's pairs");

/* Each puts its value into @to and returns true, or returns false: unset. */
typedef bool put_fn(const struct port_settings *wanted, struct pots_settings *to);

static bool put_ms(unsigned int ms, __u16 *to)
{
	if (ms != PORT_UNSET)
		*to = (__u16)ms;
	return ms != PORT_UNSET;
}

static bool put_u32(unsigned int value, __u32 *to)
{
	if (value != PORT_UNSET)
		*to = value;
	return value != PORT_UNSET;
}

static bool put_gain(int cdb, __s16 *to)
{
	if (cdb != PORT_GAIN_UNSET)
		*to = (__s16)cdb;
	return cdb != PORT_GAIN_UNSET;
}

static bool put_seize(const struct port_settings *wanted, struct pots_settings *to)
{
	return put_ms(wanted->seize_ms, &to->seize_ms);
}

static bool put_release(const struct port_settings *wanted, struct pots_settings *to)
{
	return put_ms(wanted->release_ms, &to->release_ms);
}

static bool put_flash_min(const struct port_settings *wanted, struct pots_settings *to)
{
	return put_ms(wanted->flash_min_ms, &to->flash_min_ms);
}

static bool put_flash_max(const struct port_settings *wanted, struct pots_settings *to)
{
	return put_ms(wanted->flash_max_ms, &to->flash_max_ms);
}

static bool put_pulse(const struct port_settings *wanted, struct pots_settings *to)
{
	if (wanted->pulse == PORT_UNSET)
		return false;
	to->flags &= ~POTS_SETTING_F_PULSE;
	if (wanted->pulse)
		to->flags |= POTS_SETTING_F_PULSE;
	return true;
}

static bool put_break_min(const struct port_settings *wanted, struct pots_settings *to)
{
	return put_ms(wanted->pulse_break_min_ms, &to->pulse_break_min_ms);
}

static bool put_break_max(const struct port_settings *wanted, struct pots_settings *to)
{
	return put_ms(wanted->pulse_break_max_ms, &to->pulse_break_max_ms);
}

static bool put_make_min(const struct port_settings *wanted, struct pots_settings *to)
{
	return put_ms(wanted->pulse_make_min_ms, &to->pulse_make_min_ms);
}

static bool put_make_max(const struct port_settings *wanted, struct pots_settings *to)
{
	return put_ms(wanted->pulse_make_max_ms, &to->pulse_make_max_ms);
}

static bool put_open(const struct port_settings *wanted, struct pots_settings *to)
{
	return put_ms(wanted->open_ms, &to->open_ms);
}

static bool put_to_line(const struct port_settings *wanted, struct pots_settings *to)
{
	return put_gain(wanted->to_line_cdb, &to->to_line_cdb);
}

static bool put_from_line(const struct port_settings *wanted, struct pots_settings *to)
{
	return put_gain(wanted->from_line_cdb, &to->from_line_cdb);
}

static bool put_impedance(const struct port_settings *wanted, struct pots_settings *to)
{
	return put_u32(wanted->impedance, &to->impedance);
}

static bool put_ring_frequency(const struct port_settings *wanted, struct pots_settings *to)
{
	return put_u32(wanted->ring_mhz, &to->ring_mhz);
}

static bool put_cadence(const struct port_settings *wanted, struct pots_settings *to)
{
	const struct port_cadence *cadence = &wanted->cadence;

	if (!cadence->pairs)
		return false;
	to->ring_pairs = (__u16)cadence->pairs;
	memcpy(to->ring_on_ms, cadence->on_ms, sizeof(to->ring_on_ms));
	memcpy(to->ring_off_ms, cadence->off_ms, sizeof(to->ring_off_ms));
	return true;
}

/* By the names of their keys. */
static const struct setting {
	const char *key;
	put_fn *put;
} table[] = {
	{ "hook-seize",		put_seize },
	{ "hook-release",	put_release },
	{ "flash-min",		put_flash_min },
	{ "flash-max",		put_flash_max },
	{ "pulse-dialling",	put_pulse },
	{ "pulse-break-min",	put_break_min },
	{ "pulse-break-max",	put_break_max },
	{ "pulse-make-min",	put_make_min },
	{ "pulse-make-max",	put_make_max },
	{ "open-interval",	put_open },
	{ "gain-to-line",	put_to_line },
	{ "gain-from-line",	put_from_line },
	{ "impedance",		put_impedance },
	{ "ring-frequency",	put_ring_frequency },
	{ "ring-cadence",	put_cadence },
};

#define SETTINGS (sizeof(table) / sizeof(table[0]))

static void inherit_u32(unsigned int *wanted, unsigned int from)
{
	if (*wanted == PORT_UNSET)
		*wanted = from;
}

static void inherit_gain(int *wanted, int from)
{
	if (*wanted == PORT_GAIN_UNSET)
		*wanted = from;
}

void port_settings_inherit(struct port_settings *wanted, const struct port_settings *from)
{
	inherit_u32(&wanted->seize_ms, from->seize_ms);
	inherit_u32(&wanted->release_ms, from->release_ms);
	inherit_u32(&wanted->flash_min_ms, from->flash_min_ms);
	inherit_u32(&wanted->flash_max_ms, from->flash_max_ms);
	inherit_u32(&wanted->pulse, from->pulse);
	inherit_u32(&wanted->pulse_break_min_ms, from->pulse_break_min_ms);
	inherit_u32(&wanted->pulse_break_max_ms, from->pulse_break_max_ms);
	inherit_u32(&wanted->pulse_make_min_ms, from->pulse_make_min_ms);
	inherit_u32(&wanted->pulse_make_max_ms, from->pulse_make_max_ms);
	inherit_u32(&wanted->open_ms, from->open_ms);
	inherit_gain(&wanted->to_line_cdb, from->to_line_cdb);
	inherit_gain(&wanted->from_line_cdb, from->from_line_cdb);
	inherit_u32(&wanted->impedance, from->impedance);
	inherit_u32(&wanted->ring_mhz, from->ring_mhz);
	if (!wanted->cadence.pairs)
		wanted->cadence = from->cadence;
}

static void list(unsigned int which, char *text, size_t size)
{
	size_t len = 0;

	text[0] = 0;
	for (unsigned int i = 0; i < SETTINGS; i++) {
		if (which & (1u << i) && len < size)
			len += (size_t)snprintf(text + len, size - len, "%s%s",
						len ? ", " : "", table[i].key);
	}
}

/*
 * Limits depend on each other, so one that is refused now may be taken after
 * another one: round and round, until nothing moves any more.
 */
static int apply_each(const struct port_settings *wanted, unsigned int *left,
		      struct pots_settings *now, port_settings_fn *set, void *ctx)
{
	unsigned int before;
	int err = 0;

	do {
		before = *left;
		for (unsigned int i = 0; i < SETTINGS; i++) {
			struct pots_settings next = *now;
			int ret;

			if (!(*left & (1u << i)))
				continue;
			table[i].put(wanted, &next);
			ret = set(ctx, &next);
			if (ret == -ENODEV)
				return ret;
			if (ret) {
				err = ret;
				continue;
			}
			*now = next;
			*left &= ~(1u << i);
		}
	} while (*left && *left != before);
	return *left ? err : 0;
}

int port_settings_apply(const struct port_settings *wanted, struct pots_settings *now,
			port_settings_fn *set, void *ctx, char *refused, size_t size)
{
	struct pots_settings all = *now;
	unsigned int left = 0;
	int err;

	refused[0] = 0;
	for (unsigned int i = 0; i < SETTINGS; i++)
		left |= (unsigned int)table[i].put(wanted, &all) << i;
	if (!memcmp(&all, now, sizeof(all)))
		return 0;
	err = set(ctx, &all);
	if (!err) {
		*now = all;
		return 0;
	}
	if (err != -ENODEV)
		err = apply_each(wanted, &left, now, set, ctx);
	if (err)
		list(left, refused, size);
	return err;
}
