/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * call_table: what the tables of call.c and trunk.c are made of. A cell is one
 * octet, the place of its action; 0 is an event that is not foreseen.
 */
#ifndef POTS_AGENT_CALL_TABLE_H
#define POTS_AGENT_CALL_TABLE_H

#include <stdint.h>

#include "call.h"

typedef enum call_state call_fn(const struct call *call, const struct call_in *in,
				struct call_out *out);

struct call_action {
	call_fn *fn;
	const char *name;
};

typedef uint8_t call_row[CALL_EVENT_COUNT];

struct call_table {
	const call_row *rows;
	const struct call_action *actions;
	/* What handlers may read back of this event. */
	void (*take_notes)(struct call *call, const struct call_in *in);
};

/* From a list X(handler) of a table: the places that DO() gives to its cells. */
#define CALL_ACTION_PLACE(fn)	DO_##fn,
#define CALL_ACTION(fn)		{ fn, #fn },
#define CALL_ACTIONS(LIST) \
	enum { DO_NOTHING_FORESEEN, LIST(CALL_ACTION_PLACE) }; \
	static const struct call_action actions[] = { { NULL, NULL }, LIST(CALL_ACTION) }
#define DO(fn) DO_##fn

/* Of the states from CALL_NO_LINE on. */
extern const struct call_table trunk_table;

static inline void emit(struct call_out *out, enum call_command command, unsigned int arg)
{
	if (out->count < CALL_OUT_MAX)
		out->command[out->count++] = (struct call_out_command){ command, arg };
}

/* The far end is told that the call is over. */
static inline void drop_far_end(struct call_out *out)
{
	emit(out, CMD_MEDIA_STOP, 0);
	emit(out, CMD_DROP, 0);
}

/* The far end has ended the call by itself. */
static inline void forget_far_end(struct call_out *out)
{
	emit(out, CMD_MEDIA_STOP, 0);
	emit(out, CMD_FORGET, 0);
}

/* Actions that both tables have. */
call_fn call_stay;		/* foreseen, and there is nothing to do */
call_fn call_renegotiated;
call_fn call_tell_address;
call_fn call_send_digit;
call_fn call_hear_digit;
call_fn call_digit_ends;

#endif /* POTS_AGENT_CALL_TABLE_H */
