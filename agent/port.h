/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * port: one port, /dev/potsN, claimed: a telephone's, or one that faces an
 * exchange. The device may come and go; the object stays. The ioctls live behind
 * this header, in port_linux.c.
 *
 * Commands return 0 or a negative errno, -ENODEV while there is no device.
 */
#ifndef POTS_AGENT_PORT_H
#define POTS_AGENT_PORT_H

#include <stdbool.h>

struct ev_loop;
struct port;
struct pots_cid;
struct port_cadence;
struct pots_caller_id;
struct port_settings;
struct port_trunk;
struct country;

enum port_event {
	PORT_BACK,		/* claimed; the hook's state follows if it is off-hook */
	PORT_GONE,
	PORT_OFF_HOOK,
	PORT_ON_HOOK,
	PORT_PARKED,		/* off-hook, ignored until it goes on-hook */
	PORT_FLASH,		/* ms */
	PORT_DIGIT,		/* value: a DTMF digit begins, or pulses were counted */
	PORT_DIGIT_END,		/* value, ms */
	PORT_RING_TIMEOUT,	/* the kernel's longest ringing is over */
	PORT_RING_FAILED,
	PORT_HANGUP_DONE,
	PORT_REST,		/* the watchdog put the line to rest */

	/* facing an exchange; value: true or false, of those that begin and end */
	PORT_RING,		/* a burst begins */
	PORT_RING_OVER,		/* the caller gave up */
	PORT_CALLER_ID,		/* port_caller_id() can tell */
	PORT_BATTERY,		/* value: the line is fed */
	PORT_POLARITY,		/* value: reversed */
	PORT_IN_USE,		/* value: a parallel telephone is off-hook */
	PORT_HEARD,		/* value: POTS_TONE_* begins, 0: it is over */
	PORT_DIALLED,		/* value: 0, or a positive errno: not all was dialled */
};

typedef void port_event_fn(void *user, enum port_event event, unsigned int value,
			   unsigned int ms);

/* Calls @event only from the loop, or from port_attach(). */
struct port *port_new(struct ev_loop *loop, unsigned int watchdog_ms, port_event_fn *event,
		      void *user);
void port_free(struct port *port);

/*
 * What the port gets whenever it is claimed: @settings, for what they leave
 * unset those of @country, and its tones. Both stay with the caller; NULL = the
 * kernel's. @line is how log lines call it. It must face an exchange with @trunk,
 * and a telephone without.
 */
void port_configure(struct port *port, const char *line, const struct port_settings *settings,
		    const struct country *country, const struct port_trunk *trunk);

/* The device @node ("pots0") may be there: open and claim it, now or when it can be had. */
void port_attach(struct port *port, const char *node);
bool port_present(const struct port *port);
int port_claim_fd(const struct port *port);	/* -1 = none */

/* So much louder than it is written, -4000 to 1000. */
int port_tone(struct port *port, unsigned int tone, int gain_cdb);
int port_tone_stop(struct port *port);
/*
 * By @cadence, NULL = as the port is set, with the @flags POTS_RING_F_*, over
 * @dc_v volts, or as many as the port can have. Tells who
 * calls, unless @cid is NULL or the port has no way to do it.
 */
int port_ring(struct port *port, const struct port_cadence *cadence, unsigned int flags,
	      unsigned int dc_v, const struct pots_cid *cid);
int port_ring_stop(struct port *port);
/* Tells a telephone that is on-hook and silent. -EBUSY: not now. */
int port_send_cid(struct port *port, const struct pots_cid *cid);
/* Of the idle and the talking line; normal again after a hang-up. */
int port_polarity(struct port *port, bool reverse);
/* Its neon lamp blinks while nothing else goes on. */
int port_lamp(struct port *port, bool on);
/* @pulses of POTS_METER_12KHZ + @signal to a charge meter. -EBUSY: not now. */
int port_meter(struct port *port, unsigned int signal, unsigned int pulses, unsigned int ms);
/*
 * Open the loop for the port's own interval, or (@open false) just go to rest.
 * Facing an exchange it is opened for good: the line is given back.
 */
int port_hangup(struct port *port, bool open);

/* Close the loop toward an exchange, @urgent also from under a parallel telephone. */
int port_seize(struct port *port, bool urgent);
/* Digits 0-9 * # A-D; after the dial tone if they are the @first. Then PORT_DIALLED. */
int port_dial(struct port *port, const char *digits, bool first);
/* A hook flash of the country's length, then PORT_DIALLED. */
int port_flash(struct port *port);
/* The last caller who was told of, -ENODATA: nobody. */
int port_caller_id(struct port *port, struct pots_caller_id *caller);
/* Nobody rings, uses or fails to feed the line. */
bool port_can_call(const struct port *port);

/* Reports PORT_ON_HOOK or PORT_PARKED, as it is now. */
int port_ask_hook(struct port *port);

/* While it is active the watchdog is fed; while not, nobody wakes up. */
void port_set_active(struct port *port, bool active);

#endif /* POTS_AGENT_PORT_H */
