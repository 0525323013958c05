// SPDX-License-Identifier: GPL-2.0-only
/*
 * Settings: what a country or an owner sets on a port, checked as a whole
 * before any of it takes effect.
 */
#include "pots_core.h"

#include <linux/string.h>

#define FLAGS_ALL	(POTS_SETTING_F_DTMF | POTS_SETTING_F_PULSE | \
			 POTS_SETTING_F_FLASH)

/* Wide enough for the dials and hooks of most countries. */
static const struct pots_settings defaults = {
	.flags = FLAGS_ALL,
	.impedance = POTS_IMPEDANCE_600,
	.seize_ms = 40,
	.release_ms = 700,
	.flash_min_ms = 85,
	.flash_max_ms = 600,
	.pulse_break_min_ms = 15,
	.pulse_break_max_ms = 80,
	.pulse_make_min_ms = 8,
	.pulse_make_max_ms = 200,
	.open_ms = 900,
	.ring_pairs = 1,
	.ring_on_ms = { 2000 },
	.ring_off_ms = { 4000 },
	.ring_mhz = 20000,
};

void pots_settings_default(struct pots_port *port)
{
	/* Facing an exchange there is no telephone to be set. */
	if (port->exchange)
		return;
	port->settings = defaults;
	if (port->desc.ring_max_mhz)
		port->settings.ring_mhz = clamp(defaults.ring_mhz,
						port->desc.ring_min_mhz,
						port->desc.ring_max_mhz);
}

int pots_settings_get(struct pots_port *port, void *arg)
{
	*(struct pots_settings *)arg = port->settings;
	return 0;
}

/* Limits that stand alone; limits of one by another are below. */
static const struct {
	size_t offset;
	u16 min;
	u16 max;
} limits[] = {
	{ offsetof(struct pots_settings, seize_ms), 1, 500 },
	{ offsetof(struct pots_settings, release_ms), 100, 3000 },
	{ offsetof(struct pots_settings, flash_min_ms), 1, 3000 },
	{ offsetof(struct pots_settings, flash_max_ms), 1, 3000 },
	{ offsetof(struct pots_settings, pulse_break_min_ms), 1, 500 },
	{ offsetof(struct pots_settings, pulse_break_max_ms), 1, 500 },
	{ offsetof(struct pots_settings, pulse_make_min_ms), 1, 500 },
	{ offsetof(struct pots_settings, pulse_make_max_ms), 1, 1000 },
	{ offsetof(struct pots_settings, open_ms), 0, 2000 },
};

static bool within_limits(const struct pots_settings *settings)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(limits); i++) {
		u16 value = *(const u16 *)((const char *)settings + limits[i].offset);

		if (value < limits[i].min || value > limits[i].max)
			return false;
	}
	return true;
}

static bool gain_ok(s16 gain_cdb)
{
	return gain_cdb >= POTS_GAIN_MIN_CDB && gain_cdb <= POTS_GAIN_MAX_CDB;
}

static bool windows_ok(const struct pots_settings *settings)
{
	bool both = settings->flags & POTS_SETTING_F_PULSE &&
		    settings->flags & POTS_SETTING_F_FLASH;

	return settings->flash_min_ms <= settings->flash_max_ms &&
	       settings->flash_max_ms < settings->release_ms &&
	       settings->pulse_break_min_ms <= settings->pulse_break_max_ms &&
	       settings->pulse_break_max_ms < settings->release_ms &&
	       settings->pulse_make_min_ms <= settings->pulse_make_max_ms &&
	       (!both || settings->pulse_break_max_ms < settings->flash_min_ms);
}

static int check_cadence(const struct pots_settings *settings)
{
	struct pots_cadence cadence = { .count = settings->ring_pairs };

	if (!settings->ring_pairs || settings->ring_pairs > POTS_RING_PAIRS_MAX)
		return -ERANGE;
	memcpy(cadence.on_ms, settings->ring_on_ms, sizeof(cadence.on_ms));
	memcpy(cadence.off_ms, settings->ring_off_ms, sizeof(cadence.off_ms));
	return pots_cadence_check(&cadence);
}

/* What is not for such a port is as reserved fields are. */
static int check_fxo(const struct pots_settings *settings)
{
	struct pots_settings rest = *settings;

	rest.flags &= ~POTS_SETTING_F_DTMF;
	rest.to_line_cdb = 0;
	rest.from_line_cdb = 0;
	return memchr_inv(&rest, 0, sizeof(rest)) ? -EINVAL : 0;
}

static int check_fxs(const struct pots_port *port, const struct pots_settings *settings)
{
	if (settings->flags & ~FLAGS_ALL ||
	    settings->impedance > POTS_IMPEDANCE_GLOBAL ||
	    memchr_inv(settings->reserved, 0, sizeof(settings->reserved)))
		return -EINVAL;
	if (!within_limits(settings) || !windows_ok(settings))
		return -ERANGE;
	if (port->desc.ring_max_mhz &&
	    (settings->ring_mhz < port->desc.ring_min_mhz ||
	     settings->ring_mhz > port->desc.ring_max_mhz))
		return -ERANGE;
	if (settings->impedance > POTS_IMPEDANCE_NZ2)
		return -EOPNOTSUPP;
	return check_cadence(settings);
}

static int check(const struct pots_port *port, const struct pots_settings *settings)
{
	int ret = port->exchange ? check_fxo(settings) : check_fxs(port, settings);

	if (ret)
		return ret;
	return gain_ok(settings->to_line_cdb) && gain_ok(settings->from_line_cdb) ?
	       0 : -ERANGE;
}

int pots_settings_set(struct pots_port *port, void *arg)
{
	const struct pots_settings *settings = arg;
	int ret;

	ret = check(port, settings);
	if (!ret && settings->impedance != port->settings.impedance)
		ret = pots_op_set_impedance(port, settings->impedance);
	if (ret)
		return ret;

	port->settings = *settings;
	spin_lock_bh(&port->audio_lock);
	port->to_line_cdb = settings->to_line_cdb;
	port->from_line_cdb = settings->from_line_cdb;
	spin_lock_irq(&port->lock);
	pots_loop_windows_locked(port);
	spin_unlock_irq(&port->lock);
	spin_unlock_bh(&port->audio_lock);

	pots_highway_review(port);
	return 0;
}

int pots_settings_restore(struct pots_port *port)
{
	if (!port->has_impedance)
		return 0;
	return pots_op_set_impedance(port, port->settings.impedance);
}
