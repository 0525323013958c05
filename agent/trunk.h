/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trunk: what a line to an exchange goes through. Its states follow those of
 * a telephone's line in the same table; events and commands are shared, a
 * caller who comes from the exchange is put through to the far end and the far
 * end's caller to the exchange.
 */
#ifndef POTS_AGENT_TRUNK_H
#define POTS_AGENT_TRUNK_H

/* States are named by what the line is to us, X(name, how it is with the line). */
#define TRUNK_STATES(X) \
	X(NO_LINE,	"there is no port") \
	X(FREE,		"open, and at rest") \
	X(KNOWN,	"open; who calls is known already, the bell will follow") \
	X(ALERTED,	"the exchange rings; who calls is not known yet") \
	X(OFFERED,	"the exchange rings, and so may the far end") \
	X(UNWANTED,	"the exchange rings until it ceases: nobody answers") \
	X(SENDING,	"seized, and the number is dialled") \
	X(AWAITED,	"seized; the exchange is heard, and has not answered yet") \
	X(SECOND,	"seized; the far end hears the dial tone and may dial") \
	X(PASSING,	"the same, and one of its digits is dialled") \
	X(THROUGH,	"seized; both sides hear each other") \
	X(REFUSING,	"seized; the caller hears a tone of the treatment table") \
	X(DROPPING,	"seized for a moment: the caller is disconnected") \
	X(GUARD,	"open, and not to be seized again yet") \
	X(CLEARED,	"the same, taken from a call by an emergency call, which waits")

/* Facts about the exchange, told by the port. */
#define TRUNK_EVENTS(X) \
	X(RING)		/* a burst begins */ \
	X(RING_OVER)	/* the caller gave up */ \
	X(CALLER_ID)	/* it can be read */ \
	X(BATTERY)	/* value: the line is fed */ \
	X(POLARITY)	/* value: it is reversed */ \
	X(IN_USE)	/* value: a parallel telephone is off-hook */ \
	X(HEARD)	/* value: POTS_TONE_* begins, 0 = what was heard is over */ \
	X(DIALLED)	/* status: 0, or refuse with it: the digits were not sent */ \
	X(SEIZE_FAILED)	/* status to refuse with */ \
	X(PREEMPTED)	/* an emergency call wants the line, its INVITE follows */

#define TRUNK_COMMANDS(X) \
	X(SEIZE)	/* arg: 1 also from under a parallel telephone */ \
	X(RELEASE)	/* the loop is open when this was done */ \
	X(DIAL)		/* arg: the first of the digits to be sent */ \
	X(TAKE)		/* the call that is offered is the line's, before it is seized */ \
	X(FLASH)	/* hook flash to the exchange */ \
	X(EARLY)	/* 183 with our description, and what is on the line is heard */

/* What ends a call, beside the far end and the exchange's silence. */
#define TRUNK_ENDS_BATTERY	1	/* the feed goes */
#define TRUNK_ENDS_POLARITY	2	/* a reversal within the call is taken back */
#define TRUNK_ENDS_REVERSAL	4	/* any reversal of a call that is through */
#define TRUNK_ENDS_TONE		8	/* busy, reorder, unobtainable, dial tone */

#endif /* POTS_AGENT_TRUNK_H */
