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

/* What a field may be: how to tell that it is set, and what to do with it then. */
struct kind {
	size_t size;
	bool (*is_set)(const void *field);
	void (*put)(const void *field, void *to);
};

static bool number_is_set(const void *field)
{
	return *(const unsigned int *)field != PORT_UNSET;
}

static void put_u16(const void *field, void *to)
{
	*(__u16 *)to = (__u16)*(const unsigned int *)field;
}

static void put_u32(const void *field, void *to)
{
	*(__u32 *)to = *(const unsigned int *)field;
}

static void put_pulse(const void *field, void *to)
{
	__u32 *flags = to;

	*flags &= ~POTS_SETTING_F_PULSE;
	if (*(const unsigned int *)field)
		*flags |= POTS_SETTING_F_PULSE;
}

static bool gain_is_set(const void *field)
{
	return *(const int *)field != PORT_GAIN_UNSET;
}

static void put_gain(const void *field, void *to)
{
	*(__s16 *)to = (__s16)*(const int *)field;
}

static bool cadence_is_set(const void *field)
{
	return ((const struct port_cadence *)field)->pairs;
}

static void put_cadence(const void *field, void *settings)
{
	const struct port_cadence *cadence = field;
	struct pots_settings *to = settings;

	/* The kernel's own cadence begins with what is repeated. */
	to->ring_pairs = (__u16)(cadence->pairs - cadence->loop_start);
	memset(to->ring_on_ms, 0, sizeof(to->ring_on_ms));
	memset(to->ring_off_ms, 0, sizeof(to->ring_off_ms));
	memcpy(to->ring_on_ms, cadence->on_ms + cadence->loop_start,
	       to->ring_pairs * sizeof(to->ring_on_ms[0]));
	memcpy(to->ring_off_ms, cadence->off_ms + cadence->loop_start,
	       to->ring_pairs * sizeof(to->ring_off_ms[0]));
}

static const struct kind
	ms	= { sizeof(unsigned int), number_is_set, put_u16 },
	number	= { sizeof(unsigned int), number_is_set, put_u32 },
	pulse	= { sizeof(unsigned int), number_is_set, put_pulse },
	gain	= { sizeof(int), gain_is_set, put_gain },
	cadence	= { sizeof(struct port_cadence), cadence_is_set, put_cadence };

#define FIELD(name)	offsetof(struct port_settings, name)
#define KERNEL(name)	offsetof(struct pots_settings, name)

/* By the names of their keys; cadences are several fields of the kernel's. */
static const struct setting {
	const char *key;
	const struct kind *kind;
	size_t field, kernel;
} table[] = {
	{ "hook-seize", &ms, FIELD(seize_ms), KERNEL(seize_ms) },
	{ "hook-release", &ms, FIELD(release_ms), KERNEL(release_ms) },
	{ "flash-min", &ms, FIELD(flash_min_ms), KERNEL(flash_min_ms) },
	{ "flash-max", &ms, FIELD(flash_max_ms), KERNEL(flash_max_ms) },
	{ "pulse-dialling", &pulse, FIELD(pulse), KERNEL(flags) },
	{ "pulse-break-min", &ms, FIELD(pulse_break_min_ms), KERNEL(pulse_break_min_ms) },
	{ "pulse-break-max", &ms, FIELD(pulse_break_max_ms), KERNEL(pulse_break_max_ms) },
	{ "pulse-make-min", &ms, FIELD(pulse_make_min_ms), KERNEL(pulse_make_min_ms) },
	{ "pulse-make-max", &ms, FIELD(pulse_make_max_ms), KERNEL(pulse_make_max_ms) },
	{ "open-interval", &ms, FIELD(open_ms), KERNEL(open_ms) },
	{ "gain-to-line", &gain, FIELD(to_line_cdb), KERNEL(to_line_cdb) },
	{ "gain-from-line", &gain, FIELD(from_line_cdb), KERNEL(from_line_cdb) },
	{ "impedance", &number, FIELD(impedance), KERNEL(impedance) },
	{ "ring-frequency", &number, FIELD(ring_mhz), KERNEL(ring_mhz) },
	{ "ring-cadence", &cadence, FIELD(cadence), 0 },
};

#define SETTINGS (sizeof(table) / sizeof(table[0]))

static const void *field_of(const struct setting *setting, const struct port_settings *from)
{
	return (const char *)from + setting->field;
}

/* Puts it into @to and returns true, or returns false: unset. */
static bool put(const struct setting *setting, const struct port_settings *wanted,
		struct pots_settings *to)
{
	const void *field = field_of(setting, wanted);

	if (!setting->kind->is_set(field))
		return false;
	setting->kind->put(field, (char *)to + setting->kernel);
	return true;
}

void port_settings_inherit(struct port_settings *wanted, const struct port_settings *from)
{
	for (unsigned int i = 0; i < SETTINGS; i++) {
		const struct setting *setting = &table[i];

		if (!setting->kind->is_set(field_of(setting, wanted)))
			memcpy((char *)wanted + setting->field, field_of(setting, from),
			       setting->kind->size);
	}
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
			put(&table[i], wanted, &next);
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
		left |= (unsigned int)put(&table[i], wanted, &all) << i;
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
