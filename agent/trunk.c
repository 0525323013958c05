// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The rows of a trunk's states and the handlers in their cells. The line comes
 * first in the order of commands, the network second, as for a telephone.
 */
#include <stddef.h>

#include <linux/pots.h>

#include "call_table.h"

/* Who calls is told this long before the first burst at most. */
#define BELL_MS 10000

/* A dial tone that lasts so long in a call is the end of it. */
#define DIAL_TONE_MS 5000

/* -------------------------------------------------------------- the end --- */

static enum call_state let_go(const struct call *call, struct call_out *out)
{
	emit(out, CMD_RELEASE, 0);
	emit(out, CMD_TIMER, call->profile->guard_ms);
	return CALL_GUARD;
}

static enum call_state hang_up(const struct call *call, const struct call_in *in,
			       struct call_out *out)
{
	(void)in;
	return let_go(call, out);
}

/* The exchange ended it, or the line cannot be had. */
static enum call_state disconnect(const struct call *call, struct call_out *out)
{
	enum call_state next = let_go(call, out);

	drop_far_end(out);
	return next;
}

static enum call_state give_line_back(const struct call *call, const struct call_in *in,
				      struct call_out *out)
{
	(void)in;
	return disconnect(call, out);
}

static enum call_state far_end_leaves(const struct call *call, const struct call_in *in,
				      struct call_out *out)
{
	enum call_state next = let_go(call, out);

	(void)in;
	forget_far_end(out);
	return next;
}

/* Toward a SIP caller who was not answered yet. */
static enum call_state refuse(const struct call *call, struct call_out *out, int status)
{
	enum call_state next = let_go(call, out);

	emit(out, CMD_REJECT, (unsigned int)status);
	emit(out, CMD_MEDIA_STOP, 0);
	return next;
}

/* The kernel opened the loop by its watchdog. */
static enum call_state was_released(const struct call *call, const struct call_in *in,
				    struct call_out *out)
{
	(void)in;
	emit(out, CMD_TIMER, call->profile->guard_ms);
	drop_far_end(out);
	return CALL_GUARD;
}

static enum call_state lose_line(const struct call *call, const struct call_in *in,
				 struct call_out *out)
{
	(void)call;
	(void)in;
	emit(out, CMD_TIMER, 0);
	drop_far_end(out);
	return CALL_NO_LINE;
}

static enum call_state come_to_rest(const struct call *call, const struct call_in *in,
				    struct call_out *out)
{
	(void)call;
	(void)in;
	emit(out, CMD_TIMER, 0);
	return CALL_FREE;
}

static enum call_state find_line(const struct call *call, const struct call_in *in,
				 struct call_out *out)
{
	(void)call;
	(void)in;
	(void)out;
	return CALL_FREE;
}

/* ---------------------------------------------------------- supervision --- */

/* What a tone says about a call: the status of its failure, 0 = nothing. */
static int tone_status(unsigned int tone)
{
	switch (tone) {
	case POTS_TONE_BUSY:
		return 486;
	case POTS_TONE_REORDER:
		return 503;
	case POTS_TONE_UNOBTAINABLE:
	case POTS_TONE_SIT:
		return 404;
	default:
		return 0;
	}
}

/* 0, or the status that the exchange's signal stands for: the call is over. */
static int ends(const struct call *call, const struct call_in *in)
{
	unsigned int by = call->profile->ends;

	switch (in->event) {
	case IN_BATTERY:
		return !in->value && by & TRUNK_ENDS_BATTERY ? 480 : 0;
	case IN_POLARITY:
		if (call->state == CALL_THROUGH && by & TRUNK_ENDS_REVERSAL)
			return 480;
		return !in->value && call->reversed && by & TRUNK_ENDS_POLARITY ? 480 : 0;
	case IN_HEARD:
		return by & TRUNK_ENDS_TONE ? tone_status(in->value) : 0;
	default:
		return 0;
	}
}

static enum call_state supervise(const struct call *call, const struct call_in *in,
				 struct call_out *out)
{
	return ends(call, in) ? disconnect(call, out) : call->state;
}

/* Music may hold a note that is a dial tone, but not for so long. */
static enum call_state supervise_through(const struct call *call, const struct call_in *in,
					 struct call_out *out)
{
	if (call->profile->ends & TRUNK_ENDS_TONE && !tone_status(in->value))
		emit(out, CMD_TIMER, call->dial_tone ? DIAL_TONE_MS : 0);
	return supervise(call, in, out);
}

/* Nobody has answered the SIP caller yet, so he can be told why. */
static enum call_state supervise_early(const struct call *call, const struct call_in *in,
				       struct call_out *out)
{
	int status = ends(call, in);

	return status ? refuse(call, out, status) : call->state;
}

/* ------------------------------------------------- from the exchange --- */

static enum call_state call_far_end(const struct call *call, const struct call_in *in,
				    struct call_out *out)
{
	(void)in;
	emit(out, CMD_INVITE, 0);
	emit(out, CMD_TIMER, call->profile->no_answer_ms);
	return CALL_OFFERED;
}

static enum call_state begin_call(const struct call *call, const struct call_in *in,
				  struct call_out *out)
{
	if (!call->profile->identify_ms)
		return call_far_end(call, in, out);
	emit(out, CMD_TIMER, call->profile->identify_ms);
	return CALL_ALERTED;
}

static enum call_state expect_bell(const struct call *call, const struct call_in *in,
				   struct call_out *out)
{
	(void)call;
	(void)in;
	emit(out, CMD_TIMER, BELL_MS);
	return CALL_KNOWN;
}

/* The far end's failure, in the way of the treatment table. */
static enum call_state treat(const struct call *call, struct call_out *out, int status,
			     enum treatment_cause cause)
{
	struct treatment treatment = treatment_find(call->profile->treatments, status, cause);

	switch ((enum treatment_action)treatment.action) {
	case TREATMENT_TONE:
		emit(out, CMD_SEIZE, 0);
		emit(out, CMD_TONE, treatment.tone);
		emit(out, CMD_TIMER, call->profile->tone_ms);
		return CALL_REFUSING;
	case TREATMENT_HANGUP:
		emit(out, CMD_SEIZE, 0);
		emit(out, CMD_TIMER, call->profile->clear_ms);
		return CALL_DROPPING;
	case TREATMENT_UNSET:
	case TREATMENT_SILENCE:
		break;
	}
	emit(out, CMD_TIMER, 0);
	return CALL_UNWANTED;
}

static enum call_state far_end_answers(const struct call *call, const struct call_in *in,
				       struct call_out *out)
{
	enum call_state next;

	if (in->media == CALL_MEDIA_OK) {
		emit(out, CMD_SEIZE, 0);
		emit(out, CMD_MEDIA, 0);
		emit(out, CMD_TIMER, 0);
		return CALL_THROUGH;
	}
	next = treat(call, out, 0, TREATMENT_CAUSE_MISMATCH);
	drop_far_end(out);
	return next;
}

static enum call_state far_end_fails(const struct call *call, const struct call_in *in,
				     struct call_out *out)
{
	enum call_state next = treat(call, out, in->status, in->cause);

	forget_far_end(out);
	return next;
}

static enum call_state far_end_is_silent(const struct call *call, const struct call_in *in,
					 struct call_out *out)
{
	enum call_state next = treat(call, out, 408, TREATMENT_CAUSE_NONE);

	(void)in;
	drop_far_end(out);
	return next;
}

static enum call_state caller_leaves(const struct call *call, const struct call_in *in,
				     struct call_out *out)
{
	if (in->event == IN_IN_USE && !in->value)
		return call->state;
	emit(out, CMD_TIMER, 0);
	drop_far_end(out);
	return CALL_FREE;
}

/* ------------------------------------------------------ to the exchange --- */

static enum call_state take_call(const struct call *call, const struct call_in *in,
				 struct call_out *out)
{
	if (in->status) {
		emit(out, CMD_REJECT, (unsigned int)in->status);
		return call->state;
	}
	emit(out, CMD_SEIZE, in->value);
	if (in->number) {
		emit(out, CMD_DIAL, 0);
		return CALL_SENDING;
	}
	emit(out, CMD_ANSWER, 0);
	emit(out, CMD_TIMER, call->profile->first_digit_ms);
	emit(out, CMD_MEDIA, 0);
	return CALL_SECOND;
}

/* An emergency call takes the line. The exchange must see that it was open. */
static enum call_state yield(const struct call *call, const struct call_in *in,
			     struct call_out *out)
{
	disconnect(call, out);
	(void)in;
	return CALL_CLEARED;
}

static enum call_state yield_open(const struct call *call, const struct call_in *in,
				  struct call_out *out)
{
	(void)in;
	emit(out, CMD_TIMER, call->profile->guard_ms);
	return CALL_CLEARED;
}

static enum call_state waits_no_more(const struct call *call, const struct call_in *in,
				     struct call_out *out)
{
	(void)in;
	emit(out, CMD_TIMER, call->profile->guard_ms);
	forget_far_end(out);
	return CALL_GUARD;
}

static enum call_state wait_for_line(const struct call *call, const struct call_in *in,
				     struct call_out *out)
{
	if (in->status) {
		emit(out, CMD_TIMER, call->profile->guard_ms);
		emit(out, CMD_REJECT, (unsigned int)in->status);
		return CALL_GUARD;
	}
	emit(out, CMD_TAKE, 0);
	return CALL_CLEARED;
}

/* Unless its INVITE could not be heard. */
static enum call_state seize_for_emergency(const struct call *call, const struct call_in *in,
					   struct call_out *out)
{
	if (!call->digit_count)
		return come_to_rest(call, in, out);
	emit(out, CMD_SEIZE, 1);
	emit(out, CMD_DIAL, 0);
	emit(out, CMD_TIMER, 0);
	return CALL_SENDING;
}

static enum call_state no_line(const struct call *call, const struct call_in *in,
			       struct call_out *out)
{
	emit(out, CMD_REJECT, in->status ? (unsigned int)in->status : 503);
	return call->state;
}

static enum call_state cannot_seize(const struct call *call, const struct call_in *in,
				    struct call_out *out)
{
	return refuse(call, out, in->status);
}

static enum call_state answer_caller(const struct call *call, const struct call_in *in,
				     struct call_out *out)
{
	(void)call;
	(void)in;
	emit(out, CMD_ANSWER, 0);
	emit(out, CMD_TIMER, 0);
	emit(out, CMD_MEDIA, 0);
	return CALL_THROUGH;
}

static enum call_state number_is_sent(const struct call *call, const struct call_in *in,
				      struct call_out *out)
{
	const struct call_profile *profile = call->profile;

	if (in->status)
		return refuse(call, out, in->status);
	/* Somebody was quicker than the last digit's end. */
	if (profile->answer_by_polarity ? call->reversed : !profile->answer_ms)
		return answer_caller(call, in, out);
	emit(out, CMD_EARLY, 0);
	emit(out, CMD_TIMER, profile->answer_by_polarity ? profile->no_answer_ms
							 : profile->answer_ms);
	return CALL_AWAITED;
}

static enum call_state waited_enough(const struct call *call, const struct call_in *in,
				     struct call_out *out)
{
	if (call->profile->answer_by_polarity)
		return refuse(call, out, 408);
	/* The exchange has taken the line back. */
	if (call->dial_tone && call->profile->ends & TRUNK_ENDS_TONE)
		return refuse(call, out, 480);
	return answer_caller(call, in, out);
}

static enum call_state polarity_turns(const struct call *call, const struct call_in *in,
				      struct call_out *out)
{
	if (in->value && call->profile->answer_by_polarity)
		return answer_caller(call, in, out);
	return supervise_early(call, in, out);
}

/* ----------------------------------------- the far end dials by itself --- */

static enum call_state pass_digit(const struct call *call, const struct call_in *in,
				  struct call_out *out)
{
	(void)in;
	if (call->passed == call->digit_count)
		return call->state;
	emit(out, CMD_DIAL, call->passed);
	emit(out, CMD_TIMER, 0);
	return CALL_PASSING;
}

/* One that cannot be sent, by pulses perhaps, is passed over. */
static enum call_state digit_is_passed(const struct call *call, const struct call_in *in,
				       struct call_out *out)
{
	if (call->passed < call->digit_count)
		return pass_digit(call, in, out);
	emit(out, CMD_TIMER, call->profile->inter_digit_ms);
	return CALL_SECOND;
}

static enum call_state far_end_pauses(const struct call *call, const struct call_in *in,
				      struct call_out *out)
{
	(void)in;
	if (!call->digit_count)
		return disconnect(call, out);
	emit(out, CMD_TIMER, 0);
	return CALL_THROUGH;
}

/* --------------------------------------------------------------- speech --- */

static enum call_state late_answer(const struct call *call, const struct call_in *in,
				   struct call_out *out)
{
	if (in->media == CALL_MEDIA_MISMATCH)
		return disconnect(call, out);
	return call_renegotiated(call, in, out);
}

static enum call_state recall(const struct call *call, const struct call_in *in,
			      struct call_out *out)
{
	(void)in;
	emit(out, CMD_FLASH, 0);
	return call->state;
}

static enum call_state new_offer(const struct call *call, const struct call_in *in,
				 struct call_out *out)
{
	emit(out, CMD_ANSWER_OFFER, in->media == CALL_MEDIA_MISMATCH ? 488 : 200);
	return call_renegotiated(call, in, out);
}

/* ------------------------------------------------------------- the rows --- */

#define ACTIONS(X) \
	X(call_stay) \
	X(call_renegotiated) \
	X(call_tell_address) \
	X(call_send_digit) \
	X(call_hear_digit) \
	X(call_digit_ends) \
	X(hang_up) \
	X(give_line_back) \
	X(far_end_leaves) \
	X(was_released) \
	X(lose_line) \
	X(come_to_rest) \
	X(find_line) \
	X(supervise) \
	X(supervise_early) \
	X(supervise_through) \
	X(call_far_end) \
	X(begin_call) \
	X(expect_bell) \
	X(far_end_answers) \
	X(far_end_fails) \
	X(far_end_is_silent) \
	X(caller_leaves) \
	X(take_call) \
	X(yield) \
	X(yield_open) \
	X(waits_no_more) \
	X(wait_for_line) \
	X(seize_for_emergency) \
	X(no_line) \
	X(cannot_seize) \
	X(answer_caller) \
	X(number_is_sent) \
	X(waited_enough) \
	X(polarity_turns) \
	X(pass_digit) \
	X(digit_is_passed) \
	X(far_end_pauses) \
	X(late_answer) \
	X(recall) \
	X(new_offer)

CALL_ACTIONS(ACTIONS);

#define PORT_ROWS \
	[IN_PORT_GONE]		= DO(lose_line), \
	[IN_PORT_BACK]		= DO(call_stay), \
	[IN_DIGIT]		= DO(call_stay)

/* The loop is open. */
#define OPEN_ROWS \
	PORT_ROWS, \
	[IN_BATTERY]		= DO(call_stay), \
	[IN_POLARITY]		= DO(call_stay), \
	[IN_HEARD]		= DO(call_stay), \
	[IN_REST]		= DO(call_stay), \
	[IN_DIALLED]		= DO(call_stay), \
	[IN_SEIZE_FAILED]	= DO(call_stay), \
	[IN_DIGIT_END]		= DO(call_stay), \
	[IN_REMOTE_DIGIT_END]	= DO(call_stay)

/* ... and a call comes in, or has just gone. */
#define BUSY_ROWS \
	OPEN_ROWS, \
	[IN_INVITE]		= DO(no_line)

/* The exchange rings. */
#define RINGING_ROWS \
	BUSY_ROWS, \
	[IN_RING]		= DO(call_stay), \
	[IN_IN_USE]		= DO(caller_leaves)

/* The loop is closed. */
#define SEIZED_ROWS \
	PORT_ROWS, \
	[IN_PREEMPTED]		= DO(yield), \
	[IN_RING]		= DO(call_stay), \
	[IN_RING_OVER]		= DO(call_stay), \
	[IN_CALLER_ID]		= DO(call_stay), \
	[IN_IN_USE]		= DO(call_stay), \
	[IN_REST]		= DO(was_released), \
	[IN_INVITE]		= DO(no_line)

/* ... to tell the caller that nobody is there. */
#define TREATED_ROWS \
	SEIZED_ROWS, \
	[IN_BATTERY]		= DO(supervise), \
	[IN_POLARITY]		= DO(call_stay), \
	[IN_HEARD]		= DO(call_stay), \
	[IN_SEIZE_FAILED]	= DO(hang_up), \
	[IN_DIALLED]		= DO(call_stay), \
	[IN_TIMER]		= DO(hang_up), \
	[IN_DIGIT_END]		= DO(call_stay), \
	[IN_REMOTE_DIGIT_END]	= DO(call_stay)

/* ... and there is a far end that was answered. */
#define ANSWERED_ROWS \
	SEIZED_ROWS, \
	[IN_BATTERY]		= DO(supervise), \
	[IN_POLARITY]		= DO(supervise), \
	[IN_SEIZE_FAILED]	= DO(give_line_back), \
	[IN_CONFIRMED]		= DO(late_answer), \
	[IN_OFFER]		= DO(new_offer), \
	[IN_REOFFERED]		= DO(call_renegotiated), \
	[IN_MOVED]		= DO(call_tell_address), \
	[IN_ENDED]		= DO(far_end_leaves), \
	[IN_REMOTE_FLASH]	= DO(recall)

#define ROW(state) (CALL_##state - CALL_NO_LINE)

static const call_row rows[] = {
	[ROW(NO_LINE)] = {
		[IN_PORT_BACK]		= DO(find_line),
		[IN_PORT_GONE]		= DO(call_stay),
		[IN_INVITE]		= DO(no_line),
	},
	[ROW(FREE)] = {
		OPEN_ROWS,
		[IN_RING]		= DO(begin_call),
		[IN_RING_OVER]		= DO(call_stay),
		[IN_CALLER_ID]		= DO(expect_bell),
		[IN_IN_USE]		= DO(call_stay),
		[IN_INVITE]		= DO(take_call),
	},
	[ROW(KNOWN)] = {
		BUSY_ROWS,
		[IN_RING]		= DO(call_far_end),
		[IN_RING_OVER]		= DO(come_to_rest),
		[IN_CALLER_ID]		= DO(call_stay),
		[IN_IN_USE]		= DO(call_stay),
		[IN_TIMER]		= DO(come_to_rest),
	},
	[ROW(ALERTED)] = {
		RINGING_ROWS,
		[IN_RING_OVER]		= DO(caller_leaves),
		[IN_CALLER_ID]		= DO(call_far_end),
		[IN_TIMER]		= DO(call_far_end),
	},
	[ROW(OFFERED)] = {
		RINGING_ROWS,
		[IN_RING_OVER]		= DO(caller_leaves),
		[IN_CALLER_ID]		= DO(call_stay),
		[IN_TIMER]		= DO(far_end_is_silent),
		[IN_PROGRESS]		= DO(call_stay),
		[IN_OFFER]		= DO(new_offer),
		[IN_ANSWERED]		= DO(far_end_answers),
		[IN_FAILED]		= DO(far_end_fails),
		[IN_ENDED]		= DO(far_end_fails),
	},
	[ROW(UNWANTED)] = {
		RINGING_ROWS,
		[IN_RING_OVER]		= DO(come_to_rest),
		[IN_CALLER_ID]		= DO(call_stay),
	},
	[ROW(SENDING)] = {
		SEIZED_ROWS,
		[IN_BATTERY]		= DO(supervise_early),
		[IN_POLARITY]		= DO(supervise_early),
		[IN_HEARD]		= DO(supervise_early),
		[IN_SEIZE_FAILED]	= DO(cannot_seize),
		[IN_DIALLED]		= DO(number_is_sent),
		[IN_DIGIT_END]		= DO(call_stay),
		[IN_ENDED]		= DO(far_end_leaves),
	},
	[ROW(AWAITED)] = {
		SEIZED_ROWS,
		[IN_BATTERY]		= DO(supervise_early),
		[IN_POLARITY]		= DO(polarity_turns),
		[IN_HEARD]		= DO(supervise_early),
		[IN_TIMER]		= DO(waited_enough),
		[IN_DIALLED]		= DO(call_stay),
		[IN_OFFER]		= DO(new_offer),
		[IN_DIGIT_END]		= DO(call_stay),
		[IN_REMOTE_DIGIT]	= DO(call_hear_digit),
		[IN_REMOTE_FLASH]	= DO(call_stay),
		[IN_REMOTE_DIGIT_END]	= DO(call_digit_ends),
		[IN_ENDED]		= DO(far_end_leaves),
	},
	[ROW(SECOND)] = {
		ANSWERED_ROWS,
		[IN_HEARD]		= DO(supervise),
		[IN_DIGIT_END]		= DO(call_stay),
		[IN_REMOTE_DIGIT]	= DO(pass_digit),
		[IN_REMOTE_DIGIT_END]	= DO(call_stay),
		[IN_TIMER]		= DO(far_end_pauses),
		[IN_DIALLED]		= DO(call_stay),
	},
	[ROW(PASSING)] = {
		ANSWERED_ROWS,
		[IN_HEARD]		= DO(supervise),
		[IN_DIGIT_END]		= DO(call_stay),
		[IN_REMOTE_DIGIT]	= DO(call_stay),
		[IN_REMOTE_DIGIT_END]	= DO(call_stay),
		[IN_DIALLED]		= DO(digit_is_passed),
	},
	[ROW(THROUGH)] = {
		ANSWERED_ROWS,
		[IN_HEARD]		= DO(supervise_through),
		[IN_TIMER]		= DO(give_line_back),
		[IN_DIALLED]		= DO(call_stay),
		[IN_DIGIT_END]		= DO(call_send_digit),
		[IN_REMOTE_DIGIT]	= DO(call_hear_digit),
		[IN_REMOTE_DIGIT_END]	= DO(call_digit_ends),
	},
	[ROW(REFUSING)] = {
		TREATED_ROWS,
	},
	[ROW(DROPPING)] = {
		TREATED_ROWS,
	},
	[ROW(GUARD)] = {
		BUSY_ROWS,
		[IN_RING]		= DO(begin_call),
		[IN_RING_OVER]		= DO(call_stay),
		[IN_CALLER_ID]		= DO(call_stay),
		[IN_IN_USE]		= DO(call_stay),
		[IN_TIMER]		= DO(come_to_rest),
		[IN_PREEMPTED]		= DO(yield_open),
	},
	[ROW(CLEARED)] = {
		OPEN_ROWS,
		[IN_RING]		= DO(call_stay),
		[IN_RING_OVER]		= DO(call_stay),
		[IN_CALLER_ID]		= DO(call_stay),
		[IN_IN_USE]		= DO(call_stay),
		[IN_INVITE]		= DO(wait_for_line),
		[IN_TIMER]		= DO(seize_for_emergency),
		[IN_ENDED]		= DO(waits_no_more),
	},
};

_Static_assert(sizeof(rows) / sizeof(rows[0]) == CALL_STATE_COUNT - CALL_NO_LINE,
	       "a row for every state");

static void add_digit(struct call *call, char digit)
{
	if (!digit || call->digit_count == CALL_DIGITS_MAX)
		return;
	call->digits[call->digit_count++] = digit;
	call->digits[call->digit_count] = 0;
}

static void begin_notes(struct call *call, const char *number)
{
	call->reversed = false;
	call->dial_tone = false;
	call->passed = 0;
	call->digit_count = 0;
	call->digits[0] = 0;
	for (; number && *number; number++)
		add_digit(call, *number);
}

static bool begins_call(const struct call *call, const struct call_in *in)
{
	switch (in->event) {
	case IN_INVITE:
		return call->state == CALL_FREE || call->state == CALL_CLEARED;
	case IN_RING:
		return call->state < CALL_SENDING || call->state == CALL_GUARD;
	case IN_PREEMPTED:
		return true;
	default:
		return false;
	}
}

static void take_notes(struct call *call, const struct call_in *in)
{
	bool dials = call->state == CALL_SECOND || call->state == CALL_PASSING;
	bool seized = call->state >= CALL_SENDING && call->state <= CALL_DROPPING;

	if (in->event == IN_DIGIT)
		call->digit_is_speech = call->state == CALL_THROUGH;
	if (begins_call(call, in)) {
		begin_notes(call, in->number);
		call->urgent = in->event == IN_INVITE && in->value;
	}
	if (in->event == IN_REMOTE_DIGIT && dials)
		add_digit(call, dialplan_char(in->value));
	if (in->event == IN_DIALLED && call->state == CALL_PASSING)
		call->passed++;
	if (in->event == IN_HEARD)
		call->dial_tone = in->value == POTS_TONE_DIAL;
	if (in->event == IN_POLARITY && in->value && seized)
		call->reversed = true;
}

const struct call_table trunk_table = { rows, actions, take_notes };
