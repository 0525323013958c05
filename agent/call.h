/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * call: what one subscriber, or a trunk (trunk.h), goes through, as a table of
 * state x event. A handler decides: it reads the call and the event, appends commands and names
 * the next state. It does nothing itself: no system call, no clock, no libosip2.
 * exec.c carries the commands out.
 */
#ifndef POTS_AGENT_CALL_H
#define POTS_AGENT_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "dialplan.h"
#include "treatment.h"
#include "trunk.h"

/* States are named by what the subscriber hears or does. */
#define CALL_STATES(X) \
	X(ABSENT,	"there is no port") \
	X(IDLE,		"nothing: the handset is down") \
	X(DIALTONE,	"dial tone") \
	X(DIALING,	"silence, between the digits of a number") \
	X(CALLING,	"silence, while the far end is sought") \
	X(RINGBACK,	"ringback tone") \
	X(EARLY,	"what the far end sends before it answers") \
	X(SPEECH,	"the far end") \
	X(HELD,		"music, hold tone or silence: the far end holds the call") \
	X(RINGING,	"the bell") \
	X(TREATMENT,	"busy, reorder or another tone of the treatment table") \
	X(CLEARING,	"an open loop: the call was disconnected") \
	X(SILENCE,	"silence, before the howler") \
	X(HOWLER,	"the howler: put the handset down") \
	X(LOCKOUT,	"nothing, until the handset goes down")

#define CALL_EVENTS(X) \
	X(OFFHOOK)	/* seized or answered */ \
	X(ONHOOK)	/* put down, parked or not */ \
	X(PARKED)	/* off-hook, and the kernel ignores it */ \
	X(FLASH) \
	X(DIGIT)	/* value: begins (DTMF), or was counted (pulses) */ \
	X(DIGIT_END)	/* value, ms: how long it was */ \
	X(TIMER)	/* the one timer: its meaning is the state */ \
	X(RING_FAILED)	/* status to refuse with */ \
	X(HANGUP_DONE)	/* the loop is closed again */ \
	X(REST)		/* the kernel put the line to rest by its watchdog */ \
	X(PORT_GONE) \
	X(PORT_BACK) \
	X(INVITE)	/* status: refuse with it, 0 = acceptable; ms: its Expires */ \
	X(PROGRESS)	/* status, media */ \
	X(ANSWERED)	/* media */ \
	X(FAILED)	/* status or cause */ \
	X(CONFIRMED)	/* media: the answer to our late offer */ \
	X(OFFER)	/* media, held, mute */ \
	X(REOFFERED)	/* media: our own new offer was answered */ \
	X(MOVED)	/* our address is another one */ \
	X(ENDED)	/* status */ \
	X(REMOTE_DIGIT)	/* value: RFC 4733 digit begins */ \
	X(REMOTE_DIGIT_END) \
	X(REMOTE_FLASH)	/* the far end's hook flash */

#define CALL_COMMANDS(X) \
	X(TONE)		/* arg: POTS_TONE_* */ \
	X(TONE_STOP) \
	X(RING) \
	X(RING_STOP) \
	X(HANGUP)	/* open the loop, then idle feed; a handset off-hook is parked */ \
	X(PARK)		/* the same with no open interval */ \
	X(TIMER)	/* arg: ms, 0 stops it */ \
	X(ASK_HOOK)	/* answer by ONHOOK or PARKED */ \
	X(INVITE)	/* arg: digits of the number */ \
	X(ALERT)	/* 180 */ \
	X(REJECT)	/* arg: status */ \
	X(ANSWER)	/* 200 with our description */ \
	X(ANSWER_OFFER)	/* arg: status */ \
	X(REOFFER)	/* our description, to the far end of a call */ \
	X(MEDIA)	/* start or change speech as agreed */ \
	X(MEDIA_STOP) \
	X(DROP)		/* CANCEL or BYE */ \
	X(FORGET)	/* the SIP side has ended the call itself */ \
	X(SEND_DIGIT)	/* the digit of the event, to the far end */ \
	X(SEND_FLASH)

#define CALL_NAME_STATE(name, how)	CALL_##name,
#define CALL_NAME_EVENT(name)		IN_##name,
#define CALL_NAME_COMMAND(name)		CMD_##name,

/* Those of trunks from CALL_NO_LINE on. */
enum call_state {
	CALL_STATES(CALL_NAME_STATE) TRUNK_STATES(CALL_NAME_STATE) CALL_STATE_COUNT
};

enum call_event {
	CALL_EVENTS(CALL_NAME_EVENT) TRUNK_EVENTS(CALL_NAME_EVENT) CALL_EVENT_COUNT
};

enum call_command {
	CALL_COMMANDS(CALL_NAME_COMMAND) TRUNK_COMMANDS(CALL_NAME_COMMAND) CALL_COMMAND_COUNT
};

/* What a description from the far end is worth. */
enum call_media {
	CALL_MEDIA_NONE,	/* there is none */
	CALL_MEDIA_OK,
	CALL_MEDIA_MISMATCH,	/* nothing in common */
};

/* The settings of a line; outlives its calls. */
struct call_profile {
	const struct dialplan *plan;
	const struct treatment_table *treatments;
	unsigned int first_digit_ms;	/* dial tone */
	unsigned int inter_digit_ms;	/* for more digits, or as T */
	unsigned int match_ms;		/* a complete number that could go on */
	unsigned int no_answer_ms;	/* how long it rings here */
	unsigned int tone_ms;		/* of a treatment */
	unsigned int silence_ms;	/* before the howler; 0 = none */
	unsigned int howler_ms;		/* 0 = none */
	unsigned int clear_ms;		/* at most so long until the loop is closed again */
	int expired_status;		/* to an INVITE whose Expires ran out: 408 or 487 */
	bool hold_tone;			/* while the far end holds and sends nothing */
	bool messages;			/* wait, and the dial tone tells it */

	/* of a trunk */
	bool is_trunk;
	bool preempts;			/* an emergency call ends another one to have it */
	bool answer_by_polarity;	/* the exchange says so; else it is assumed */
	unsigned int answer_ms;		/* so long after dialling; 0 = at once */
	unsigned int identify_ms;	/* wait for the caller's identity; 0 = not */
	unsigned int guard_ms;		/* open for so long before the next seizure, not 0 */
	unsigned int ends;		/* TRUNK_ENDS_* */
};

#define CALL_DIGITS_MAX 40

struct call {
	const struct call_profile *profile;
	enum call_state state;
	bool expires_first;		/* the INVITE's Expires is shorter than no_answer_ms */
	bool digit_is_speech;		/* the present digit began when the far end could hear it */
	unsigned int digit_count;
	char digits[CALL_DIGITS_MAX + 1];
	unsigned int unexpected;	/* events that the table does not foresee */

	/* of a trunk */
	unsigned int passed;		/* digits that went to the exchange one by one */
	bool reversed;			/* polarity turned within this call */
	bool dial_tone;			/* is heard */
	bool urgent;			/* the call that has it is an emergency's */
};

struct call_in {
	enum call_event event;
	unsigned int value;
	unsigned int ms;
	int status;
	enum treatment_cause cause;
	enum call_media media;
	bool held;			/* the far end does not listen */
	bool mute;			/* nor does it send */
	const char *number;		/* INVITE of a trunk, to be dialled, urgently with
					 * @value; NULL = the line is only seized
					 */
};

#define CALL_OUT_MAX 8

struct call_out {
	unsigned int count;
	struct call_out_command {
		enum call_command command;
		unsigned int arg;
	} command[CALL_OUT_MAX];
};

void call_init(struct call *call, const struct call_profile *profile);

/*
 * One event. Fills @out, moves to the next state and returns true; or returns
 * false for an event that the table does not foresee: nothing changes but its
 * count.
 */
bool call_step(struct call *call, const struct call_in *in, struct call_out *out);

const char *call_state_name(enum call_state state);
/* What the subscriber hears, or how it is with a trunk's line. */
const char *call_state_hears(enum call_state state);
const char *call_event_name(enum call_event event);
const char *call_command_name(enum call_command command);
/* The handler's name of a cell, NULL for an unforeseen event. */
const char *call_action_name(enum call_state state, enum call_event event);

/* Whether a trunk's call may be ended to make way for an emergency's: IN_PREEMPTED. */
bool call_yields(const struct call *call);

/* The table as a reST page. */
void call_dump_states(FILE *out);

#endif /* POTS_AGENT_CALL_H */
