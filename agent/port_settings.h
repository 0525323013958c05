/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * port_settings: what the config file wants of a port. What it leaves unset
 * stays as the kernel has it.
 */
#ifndef POTS_AGENT_PORT_SETTINGS_H
#define POTS_AGENT_PORT_SETTINGS_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PORT_UNSET	UINT_MAX
#define PORT_GAIN_UNSET	INT_MIN
#define PORT_CADENCE_MAX 8
#define RING_PATTERNS	8

struct port_cadence {
	unsigned int pairs;		/* 0 = unset */
	unsigned int loop_start;	/* pairs before it come only once */
	uint16_t on_ms[PORT_CADENCE_MAX], off_ms[PORT_CADENCE_MAX];
};

struct port_settings {
	unsigned int seize_ms, release_ms;
	unsigned int flash_min_ms, flash_max_ms;
	unsigned int pulse;		/* 0 or 1 */
	unsigned int pulse_break_min_ms, pulse_break_max_ms;
	unsigned int pulse_make_min_ms, pulse_make_max_ms;
	unsigned int open_ms;
	int to_line_cdb, from_line_cdb;
	unsigned int impedance;		/* POTS_IMPEDANCE_* */
	unsigned int ring_mhz;
	struct port_cadence cadence;
	unsigned int answer_reversal;	/* 0 or 1; ours alone, as what follows is */
	unsigned int meter, meter_ms;	/* signal, see metering.h, and length of a pulse */
	unsigned int howler_rise_db;
	unsigned int ring_shape;	/* POTS_RING_F_TRAPEZOID or 0 */
	unsigned int ring_dc_v;		/* beneath it */
	unsigned int first_digit_ms, tone_ms, silence_ms, howler_ms; /* see config_times */
	struct port_cadence pattern[RING_PATTERNS]; /* distinctive ringing, from 1 */
};

/* Of a port that faces an exchange: what the country says of its exchanges. */
struct port_exchange {
	unsigned int impedance;
	unsigned int dc_mv, loop_min_ua, on_hook_us;
	unsigned int current_limit, ringer, billing;	/* 0 or 1 */
	unsigned int ring_threshold_mv, ring_min_mhz, ring_max_mhz, ring_timeout_ms;
	unsigned int battery_ms, polarity_ms, flash_ms, in_use_mv, progress_periods;
	unsigned int break_ms, make_ms, pause_ms, pulse_map;	/* of pulses */
	unsigned int dtmf_on_ms, dtmf_off_ms;
};

enum port_way { PORT_DTMF, PORT_PULSE, PORT_MF_R1, PORT_MF_R2 };

/* ... and its owner. */
struct port_trunk {
	struct port_exchange exchange;
	unsigned int way;		/* enum port_way: how it dials */
	unsigned int dial_tone_ms;	/* wait for it, 0 = not */
	bool blind;			/* without it, dial all the same */
	unsigned int caller_id;		/* enum callerid_standard */
};

struct pots_dial;
struct pots_exchange;
struct pots_settings;

/* NULL, or which two lengths of an open loop the kernel would not take together. */
const char *port_settings_overlap(const struct port_settings *settings);

/* What @wanted leaves unset is taken from @from. */
void port_settings_inherit(struct port_settings *wanted, const struct port_settings *from);

/* Of the kernel's structs, the one that is applied. 0 or a negative errno. */
typedef int port_settings_fn(void *ctx, const void *settings);

/*
 * Changes @now to what is wanted, by @set: all in one, or if that is refused
 * each that can be had. The keys that cannot are listed in @refused. Returns
 * what the last one was refused with, or 0.
 */
int port_settings_apply(const struct port_settings *wanted, struct pots_settings *now,
			port_settings_fn *set, void *ctx, char *refused, size_t size);

/* The same for what faces an exchange. */
void port_exchange_inherit(struct port_exchange *wanted, const struct port_exchange *from);
int port_exchange_apply(const struct port_trunk *wanted, struct pots_exchange *now,
			port_settings_fn *set, void *ctx, char *refused, size_t size);

/* Everything but the digits; the dial tone comes before the @first of them. */
void port_exchange_dialling(const struct port_trunk *wanted, bool first, struct pots_dial *dial);

#endif /* POTS_AGENT_PORT_SETTINGS_H */
