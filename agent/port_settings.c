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

#include "callerid.h"

_Static_assert(PORT_CADENCE_MAX == POTS_RING_PAIRS_MAX, "the kernel's pairs");
_Static_assert(POTS_RING_F_TRAPEZOID == 1, "the second word of ring-shape");

/*
 * What a field may be: how to tell that it is set, and what to do with it then.
 * @to is where a setting's @kernel says, of flags the bit is at the beginning.
 */
struct setting;
struct kind {
	size_t size;
	bool (*is_set)(const void *field);
	void (*put)(const struct setting *setting, const void *field, void *to);
};

/* By the names of their keys. */
struct setting {
	const char *key;
	const struct kind *kind;
	size_t field;
	size_t kernel;			/* of flags: the bit */
};

static bool number_is_set(const void *field)
{
	return *(const unsigned int *)field != PORT_UNSET;
}

static void put_u16(const struct setting *setting, const void *field, void *to)
{
	*(__u16 *)((char *)to + setting->kernel) = (__u16)*(const unsigned int *)field;
}

static void put_u32(const struct setting *setting, const void *field, void *to)
{
	*(__u32 *)((char *)to + setting->kernel) = *(const unsigned int *)field;
}

static void put_flag(const struct setting *setting, const void *field, void *to)
{
	__u32 *flags = to;

	*flags &= ~(__u32)setting->kernel;
	if (*(const unsigned int *)field)
		*flags |= (__u32)setting->kernel;
}

static bool gain_is_set(const void *field)
{
	return *(const int *)field != PORT_GAIN_UNSET;
}

static void put_gain(const struct setting *setting, const void *field, void *to)
{
	*(__s16 *)((char *)to + setting->kernel) = (__s16)*(const int *)field;
}

static bool cadence_is_set(const void *field)
{
	return ((const struct port_cadence *)field)->pairs;
}

/* Several fields of the kernel's. */
static void put_cadence(const struct setting *setting, const void *field, void *settings)
{
	const struct port_cadence *cadence = field;
	struct pots_settings *to = settings;

	(void)setting;
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
	flag	= { sizeof(unsigned int), number_is_set, put_flag },
	gain	= { sizeof(int), gain_is_set, put_gain },
	cadence	= { sizeof(struct port_cadence), cadence_is_set, put_cadence };

#define FIELD(name)	offsetof(struct port_settings, name)
#define KERNEL(name)	offsetof(struct pots_settings, name)

static const struct setting line_settings[] = {
	{ "hook-seize", &ms, FIELD(seize_ms), KERNEL(seize_ms) },
	{ "hook-release", &ms, FIELD(release_ms), KERNEL(release_ms) },
	{ "flash-min", &ms, FIELD(flash_min_ms), KERNEL(flash_min_ms) },
	{ "flash-max", &ms, FIELD(flash_max_ms), KERNEL(flash_max_ms) },
	{ "pulse-dialling", &flag, FIELD(pulse), POTS_SETTING_F_PULSE },
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

#undef FIELD
#undef KERNEL
#define FIELD(name)	offsetof(struct port_exchange, name)
#define KERNEL(name)	offsetof(struct pots_exchange, name)

static const struct setting exchange_settings[] = {
	{ "impedance", &number, FIELD(impedance), KERNEL(impedance) },
	{ "dc-voltage", &ms, FIELD(dc_mv), KERNEL(dc_mv) },
	{ "loop-current-min", &number, FIELD(loop_min_ua), KERNEL(loop_min_ua) },
	{ "on-hook-speed", &number, FIELD(on_hook_us), KERNEL(on_hook_us) },
	{ "current-limit", &flag, FIELD(current_limit), POTS_EXCHANGE_F_CURRENT_LIMIT },
	{ "ringer-impedance", &flag, FIELD(ringer), POTS_EXCHANGE_F_RINGER },
	{ "billing-tone", &flag, FIELD(billing), POTS_EXCHANGE_F_BILLING },
	{ "ring-threshold", &number, FIELD(ring_threshold_mv), KERNEL(ring_threshold_mv) },
	{ "ring-min", &number, FIELD(ring_min_mhz), KERNEL(ring_min_mhz) },
	{ "ring-max", &number, FIELD(ring_max_mhz), KERNEL(ring_max_mhz) },
	{ "ring-timeout", &number, FIELD(ring_timeout_ms), KERNEL(ring_timeout_ms) },
	{ "battery-time", &ms, FIELD(battery_ms), KERNEL(battery_ms) },
	{ "polarity-time", &ms, FIELD(polarity_ms), KERNEL(polarity_ms) },
	{ "flash-time", &ms, FIELD(flash_ms), KERNEL(flash_ms) },
	{ "in-use-voltage", &number, FIELD(in_use_mv), KERNEL(in_use_mv) },
	{ "progress-periods", &ms, FIELD(progress_periods), KERNEL(progress_periods) },
};

#undef KERNEL
#define KERNEL(name)	offsetof(struct pots_dial, name)

static const struct setting pulse_settings[] = {
	{ "pulse-break", &ms, FIELD(break_ms), KERNEL(break_ms) },
	{ "pulse-make", &ms, FIELD(make_ms), KERNEL(make_ms) },
	{ "pulse-pause", &ms, FIELD(pause_ms), KERNEL(interdigit_ms) },
	{ "pulse-map", &number, FIELD(pulse_map), KERNEL(pulse_map) },
};

static const struct setting dtmf_settings[] = {
	{ "dtmf-on", &ms, FIELD(dtmf_on_ms), KERNEL(on_ms) },
	{ "dtmf-off", &ms, FIELD(dtmf_off_ms), KERNEL(off_ms) },
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A set of them, and how large the kernel's is. */
struct settings {
	const struct setting *table;
	unsigned int count;
	size_t size;
};

static const struct settings
	of_line		= { line_settings, COUNT(line_settings), sizeof(struct pots_settings) },
	of_exchange	= { exchange_settings, COUNT(exchange_settings),
			    sizeof(struct pots_exchange) },
	of_pulses	= { pulse_settings, COUNT(pulse_settings), sizeof(struct pots_dial) },
	of_dtmf		= { dtmf_settings, COUNT(dtmf_settings), sizeof(struct pots_dial) };

union kernel {
	struct pots_settings settings;
	struct pots_exchange exchange;
};

static bool is_set(const struct setting *setting, const void *from)
{
	return setting->kind->is_set((const char *)from + setting->field);
}

static void put(const struct setting *setting, const void *wanted, void *to)
{
	if (is_set(setting, wanted))
		setting->kind->put(setting, (const char *)wanted + setting->field, to);
}

static void inherit(const struct settings *set, void *wanted, const void *from)
{
	for (unsigned int i = 0; i < set->count; i++) {
		const struct setting *setting = &set->table[i];

		if (!is_set(setting, wanted))
			memcpy((char *)wanted + setting->field, (const char *)from + setting->field,
			       setting->kind->size);
	}
}

#define WINDOW(name)	offsetof(struct port_settings, name)

/* As the kernel has it, of what an open loop may mean by its length. */
static const struct {
	size_t below, above;
	unsigned int apart;
	bool pulses;			/* only where somebody may dial by them */
	const char *why;
} windows[] = {
	{ WINDOW(flash_min_ms), WINDOW(flash_max_ms), 0, false,
	  "flash-min is above flash-max" },
	{ WINDOW(flash_max_ms), WINDOW(release_ms), 1, false,
	  "flash-max is not below hook-release" },
	{ WINDOW(pulse_break_min_ms), WINDOW(pulse_break_max_ms), 0, false,
	  "pulse-break-min is above pulse-break-max" },
	{ WINDOW(pulse_break_max_ms), WINDOW(release_ms), 1, false,
	  "pulse-break-max is not below hook-release" },
	{ WINDOW(pulse_make_min_ms), WINDOW(pulse_make_max_ms), 0, false,
	  "pulse-make-min is above pulse-make-max" },
	{ WINDOW(pulse_break_max_ms), WINDOW(flash_min_ms), 1, true,
	  "pulse-break-max is not below flash-min" },
};

const char *port_settings_overlap(const struct port_settings *settings)
{
	for (size_t i = 0; i < sizeof(windows) / sizeof(windows[0]); i++) {
		const void *below = (const char *)settings + windows[i].below;
		const void *above = (const char *)settings + windows[i].above;

		if ((settings->pulse || !windows[i].pulses) &&
		    number_is_set(below) && number_is_set(above) &&
		    *(const unsigned int *)below + windows[i].apart > *(const unsigned int *)above)
			return windows[i].why;
	}
	return NULL;
}

void port_settings_inherit(struct port_settings *wanted, const struct port_settings *from)
{
	inherit(&of_line, wanted, from);
}

static void list(const struct settings *set, unsigned int which, char *text, size_t size)
{
	size_t len = 0;

	text[0] = 0;
	for (unsigned int i = 0; i < set->count; i++) {
		if (which & (1u << i) && len < size)
			len += (size_t)snprintf(text + len, size - len, "%s%s",
						len ? ", " : "", set->table[i].key);
	}
}

/*
 * Limits depend on each other, so one that is refused now may be taken after
 * another one: round and round, until nothing moves any more.
 */
static int apply_each(const struct settings *of, const void *wanted, unsigned int *left,
		      void *now, port_settings_fn *set, void *ctx)
{
	unsigned int before;
	int err = 0;

	do {
		before = *left;
		for (unsigned int i = 0; i < of->count; i++) {
			union kernel next;
			int ret;

			if (!(*left & (1u << i)))
				continue;
			memcpy(&next, now, of->size);
			put(&of->table[i], wanted, &next);
			ret = set(ctx, &next);
			if (ret == -ENODEV)
				return ret;
			if (ret) {
				err = ret;
				continue;
			}
			memcpy(now, &next, of->size);
			*left &= ~(1u << i);
		}
	} while (*left && *left != before);
	return *left ? err : 0;
}

static int apply(const struct settings *of, const void *wanted, void *now, port_settings_fn *set,
		 void *ctx, char *refused, size_t size)
{
	unsigned int left = 0;
	union kernel all;
	int err;

	refused[0] = 0;
	memcpy(&all, now, of->size);
	for (unsigned int i = 0; i < of->count; i++) {
		left |= (unsigned int)is_set(&of->table[i], wanted) << i;
		put(&of->table[i], wanted, &all);
	}
	if (!memcmp(&all, now, of->size))
		return 0;
	err = set(ctx, &all);
	if (!err) {
		memcpy(now, &all, of->size);
		return 0;
	}
	if (err != -ENODEV)
		err = apply_each(of, wanted, &left, now, set, ctx);
	if (err)
		list(of, left, refused, size);
	return err;
}

int port_settings_apply(const struct port_settings *wanted, struct pots_settings *now,
			port_settings_fn *set, void *ctx, char *refused, size_t size)
{
	return apply(&of_line, wanted, now, set, ctx, refused, size);
}

/* ------------------------------------------------- facing an exchange --- */

/* How the caller's identity comes: by which signal, and when to listen. */
static void put_caller_id(unsigned int standard, struct pots_exchange *to)
{
	static const struct {
		unsigned char signal, when;
	} ways[CALLERID_COUNT] = {
		[CALLERID_BELLCORE]	= { POTS_CID_BELL202, POTS_EXCHANGE_F_CID_RING },
		[CALLERID_BELLCORE_SDMF] = { POTS_CID_BELL202, POTS_EXCHANGE_F_CID_RING },
		[CALLERID_ETSI]		= { POTS_CID_V23, POTS_EXCHANGE_F_CID_RING },
		[CALLERID_ETSI_DT]	= { POTS_CID_V23, POTS_EXCHANGE_F_CID_ALWAYS },
		[CALLERID_ETSI_RP]	= { POTS_CID_V23, POTS_EXCHANGE_F_CID_RING },
		[CALLERID_ETSI_LR]	= { POTS_CID_V23, POTS_EXCHANGE_F_CID_REVERSAL },
		[CALLERID_BT]		= { POTS_CID_V23, POTS_EXCHANGE_F_CID_REVERSAL },
		[CALLERID_UK_CABLE]	= { POTS_CID_V23, POTS_EXCHANGE_F_CID_RING },
		[CALLERID_DTMF]		= { POTS_CID_DTMF, POTS_EXCHANGE_F_CID_ALWAYS },
		[CALLERID_DTMF_A]	= { POTS_CID_DTMF, POTS_EXCHANGE_F_CID_ALWAYS },
		[CALLERID_DTMF_LR]	= { POTS_CID_DTMF, POTS_EXCHANGE_F_CID_REVERSAL },
		[CALLERID_DTMF_DK]	= { POTS_CID_DTMF, POTS_EXCHANGE_F_CID_REVERSAL },
		[CALLERID_DTMF_RING]	= { POTS_CID_DTMF, POTS_EXCHANGE_F_CID_RING },
		[CALLERID_NTT]		= { POTS_CID_V23, POTS_EXCHANGE_F_CID_ANSWER },
	};

	to->cid_signal = ways[standard].signal;
	to->flags &= ~(POTS_EXCHANGE_F_CID_RING | POTS_EXCHANGE_F_CID_REVERSAL |
		       POTS_EXCHANGE_F_CID_ALWAYS | POTS_EXCHANGE_F_CID_ANSWER);
	to->flags |= ways[standard].when;
}

void port_exchange_inherit(struct port_exchange *wanted, const struct port_exchange *from)
{
	inherit(&of_exchange, wanted, from);
	inherit(&of_pulses, wanted, from);
	inherit(&of_dtmf, wanted, from);
}

int port_exchange_apply(const struct port_trunk *wanted, struct pots_exchange *now,
			port_settings_fn *set, void *ctx, char *refused, size_t size)
{
	static const char key[] = "caller-id";
	struct pots_exchange listens = *now;
	int deaf = 0, err;

	put_caller_id(wanted->caller_id, &listens);
	if (memcmp(&listens, now, sizeof(listens)))
		deaf = set(ctx, &listens);
	if (!deaf)
		*now = listens;
	err = apply(&of_exchange, &wanted->exchange, now, set, ctx, refused, size);
	if (deaf && strlen(refused) + sizeof(key) + 2 < size)
		sprintf(refused + strlen(refused), "%s%s", *refused ? ", " : "", key);
	return err ? err : deaf;
}

void port_exchange_dialling(const struct port_trunk *wanted, bool first, struct pots_dial *dial)
{
	static const struct pots_dial ways[] = {
		[PORT_DTMF] = {
			.on_ms = 100, .off_ms = 100, .level_cdb = -1000, .twist_cdb = 200,
		},
		[PORT_PULSE] = {
			.flags = POTS_DIAL_F_PULSE, .break_ms = 60, .make_ms = 40,
			.interdigit_ms = 800,
		},
		[PORT_MF_R1] = {
			.flags = POTS_DIAL_F_MF_R1, .on_ms = 68, .off_ms = 68, .level_cdb = -700,
		},
		[PORT_MF_R2] = {
			.flags = POTS_DIAL_F_MF_R2, .on_ms = 100, .off_ms = 100,
			.level_cdb = -1150,
		},
	};
	const struct settings *set = wanted->way == PORT_PULSE ? &of_pulses : &of_dtmf;

	*dial = ways[wanted->way];
	for (unsigned int i = 0; i < set->count; i++)
		put(&set->table[i], &wanted->exchange, dial);
	if (!first || !wanted->dial_tone_ms)
		return;
	dial->flags |= POTS_DIAL_F_WAIT_TONE | (wanted->blind ? POTS_DIAL_F_BLIND : 0);
	dial->wait_ms = wanted->dial_tone_ms < 100 ? 100 : wanted->dial_tone_ms;
}
