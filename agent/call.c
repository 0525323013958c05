// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The table of a subscriber's states and the handlers in its cells.
 *
 * Commands are carried out in the order in which they are appended: what the
 * subscriber hears comes first, the network second.
 */
#include "call_table.h"

#include <stddef.h>

#include <linux/pots.h>

/* Foreseen, and there is nothing to do. */
enum call_state call_stay(const struct call *call, const struct call_in *in,
			  struct call_out *out)
{
	(void)in;
	(void)out;
	return call->state;
}

/* ------------------------------------------- failures and what follows --- */

static enum call_state howl(const struct call *call, struct call_out *out)
{
	if (call->profile->howler_ms) {
		emit(out, CMD_TONE, POTS_TONE_HOWLER);
		emit(out, CMD_TIMER, call->profile->howler_ms);
		return CALL_HOWLER;
	}
	emit(out, CMD_PARK, 0);
	emit(out, CMD_TIMER, 0);
	return CALL_LOCKOUT;
}

/* The permanent-signal sequence: silence, howler, lockout. */
static enum call_state begin_silence(const struct call *call, struct call_out *out)
{
	if (!call->profile->silence_ms)
		return howl(call, out);
	emit(out, CMD_TONE_STOP, 0);
	emit(out, CMD_TIMER, call->profile->silence_ms);
	return CALL_SILENCE;
}

static enum call_state treat(const struct call *call, struct call_out *out, int status,
			     enum treatment_cause cause)
{
	struct treatment treatment = treatment_find(call->profile->treatments, status, cause);

	switch ((enum treatment_action)treatment.action) {
	case TREATMENT_HANGUP:
		emit(out, CMD_HANGUP, 0);
		emit(out, CMD_TIMER, call->profile->clear_ms);
		return CALL_CLEARING;
	case TREATMENT_TONE:
		emit(out, CMD_TONE, treatment.tone);
		emit(out, CMD_TIMER, call->profile->tone_ms);
		return CALL_TREATMENT;
	case TREATMENT_UNSET:
	case TREATMENT_SILENCE:
		break;
	}
	return begin_silence(call, out);
}

static enum call_state end_tone(const struct call *call, const struct call_in *in,
				struct call_out *out)
{
	(void)in;
	return begin_silence(call, out);
}

static enum call_state begin_howler(const struct call *call, const struct call_in *in,
				    struct call_out *out)
{
	(void)in;
	return howl(call, out);
}

static enum call_state lock_out(const struct call *call, const struct call_in *in,
				struct call_out *out)
{
	(void)call;
	(void)in;
	emit(out, CMD_PARK, 0);
	emit(out, CMD_TIMER, 0);
	return CALL_LOCKOUT;
}

/* The loop is closed again, or should be: is the handset still off-hook? */
static enum call_state ask_hook(const struct call *call, const struct call_in *in,
				struct call_out *out)
{
	(void)in;
	emit(out, CMD_ASK_HOOK, 0);
	emit(out, CMD_TIMER, call->profile->clear_ms);
	return CALL_CLEARING;
}

static enum call_state still_off_hook(const struct call *call, const struct call_in *in,
				      struct call_out *out)
{
	(void)in;
	return begin_silence(call, out);
}

/* ------------------------------------------------------------ the hook --- */

static enum call_state begin_dialing(const struct call *call, const struct call_in *in,
				     struct call_out *out)
{
	(void)in;
	emit(out, CMD_TONE, call->profile->messages ? POTS_TONE_STUTTER : POTS_TONE_DIAL);
	emit(out, CMD_TIMER, call->profile->first_digit_ms);
	return CALL_DIALTONE;
}

/* Put down while only we were at it. */
static enum call_state put_down(const struct call *call, const struct call_in *in,
				struct call_out *out)
{
	(void)call;
	(void)in;
	emit(out, CMD_TONE_STOP, 0);
	emit(out, CMD_TIMER, 0);
	emit(out, CMD_MEDIA_STOP, 0);
	return CALL_IDLE;
}

/* Put down, and the far end must be told. */
static enum call_state release(const struct call *call, const struct call_in *in,
			       struct call_out *out)
{
	emit(out, CMD_DROP, 0);
	return put_down(call, in, out);
}

/*
 * Parked in the middle of something: the kernel put the line to rest, or we
 * started with the handset lying beside the telephone.
 */
static enum call_state parked(const struct call *call, const struct call_in *in,
			      struct call_out *out)
{
	(void)call;
	(void)in;
	emit(out, CMD_TIMER, 0);
	emit(out, CMD_DROP, 0);
	emit(out, CMD_MEDIA_STOP, 0);
	return CALL_LOCKOUT;
}

static enum call_state came_to_rest(const struct call *call, const struct call_in *in,
				    struct call_out *out)
{
	(void)in;
	emit(out, CMD_TIMER, call->profile->clear_ms);
	emit(out, CMD_DROP, 0);
	emit(out, CMD_MEDIA_STOP, 0);
	return CALL_CLEARING;
}

static enum call_state lose_port(const struct call *call, const struct call_in *in,
				 struct call_out *out)
{
	(void)call;
	(void)in;
	emit(out, CMD_TIMER, 0);
	drop_far_end(out);
	return CALL_ABSENT;
}

static enum call_state find_port(const struct call *call, const struct call_in *in,
				 struct call_out *out)
{
	(void)call;
	(void)in;
	(void)out;
	return CALL_IDLE;
}

/* ------------------------------------------------------------- dialling --- */

static enum call_state place_call(struct call_out *out, size_t digits)
{
	emit(out, CMD_INVITE, (unsigned int)digits);
	emit(out, CMD_TIMER, 0);
	return CALL_CALLING;
}

static enum call_state weigh_number(const struct call *call, struct call_out *out)
{
	size_t length;

	if (call->digit_count == CALL_DIGITS_MAX)
		return treat(call, out, 0, TREATMENT_CAUSE_NO_MATCH);
	switch (dialplan_match(call->profile->plan, call->digits, call->digit_count, &length)) {
	case DIALPLAN_COMPLETE:
		return place_call(out, length);
	case DIALPLAN_MATCH:
		emit(out, CMD_TIMER, call->profile->match_ms);
		return CALL_DIALING;
	case DIALPLAN_TIMED:
	case DIALPLAN_PARTIAL:
		emit(out, CMD_TIMER, call->profile->inter_digit_ms);
		return CALL_DIALING;
	case DIALPLAN_NONE:
		break;
	}
	return treat(call, out, 0, TREATMENT_CAUSE_NO_MATCH);
}

static enum call_state first_digit(const struct call *call, const struct call_in *in,
				   struct call_out *out)
{
	(void)in;
	emit(out, CMD_TONE_STOP, 0);
	return weigh_number(call, out);
}

static enum call_state next_digit(const struct call *call, const struct call_in *in,
				  struct call_out *out)
{
	(void)in;
	return weigh_number(call, out);
}

static enum call_state nobody_dials(const struct call *call, const struct call_in *in,
				    struct call_out *out)
{
	(void)in;
	return treat(call, out, 0, TREATMENT_CAUSE_NO_DIGITS);
}

static enum call_state dialing_pauses(const struct call *call, const struct call_in *in,
				      struct call_out *out)
{
	size_t length;

	(void)in;
	if (dialplan_match(call->profile->plan, call->digits, call->digit_count,
			   &length) >= DIALPLAN_TIMED)
		return place_call(out, length);
	return treat(call, out, 0, TREATMENT_CAUSE_NO_MATCH);
}

/* ----------------------------------------------------- an outgoing call --- */

static enum call_state hear_progress(const struct call *call, const struct call_in *in,
				     struct call_out *out)
{
	if (in->media == CALL_MEDIA_OK) {
		emit(out, CMD_TONE_STOP, 0);
		emit(out, CMD_MEDIA, 0);
		return CALL_EARLY;
	}
	if (in->status != 180 && in->status != 182)
		return call->state;
	emit(out, CMD_TONE, in->status == 182 ? POTS_TONE_RINGBACK_SPECIAL : POTS_TONE_RINGBACK);
	return CALL_RINGBACK;
}

/* A second 180 must not start the cadence anew. */
static enum call_state more_progress(const struct call *call, const struct call_in *in,
				     struct call_out *out)
{
	return in->media == CALL_MEDIA_OK ? hear_progress(call, in, out) : call->state;
}

static enum call_state begin_speech(const struct call *call, const struct call_in *in,
				    struct call_out *out)
{
	enum call_state next;

	if (in->media == CALL_MEDIA_OK) {
		emit(out, CMD_TONE_STOP, 0);
		emit(out, CMD_MEDIA, 0);
		return CALL_SPEECH;
	}
	next = treat(call, out, 0, TREATMENT_CAUSE_MISMATCH);
	drop_far_end(out);
	return next;
}

static enum call_state call_failed(const struct call *call, const struct call_in *in,
				   struct call_out *out)
{
	enum call_state next = treat(call, out, in->status, in->cause);

	forget_far_end(out);
	return next;
}

/* ----------------------------------------------------- an incoming call --- */

static enum call_state offer_call(const struct call *call, const struct call_in *in,
				  struct call_out *out)
{
	const struct call_profile *profile = call->profile;

	if (in->status) {
		emit(out, CMD_REJECT, (unsigned int)in->status);
		return CALL_IDLE;
	}
	emit(out, CMD_RING, 0);
	emit(out, CMD_ALERT, 0);
	emit(out, CMD_TIMER, call->expires_first ? in->ms : profile->no_answer_ms);
	return CALL_RINGING;
}

static enum call_state is_busy(const struct call *call, const struct call_in *in,
			       struct call_out *out)
{
	emit(out, CMD_REJECT, in->status ? (unsigned int)in->status : 486);
	return call->state;
}

static enum call_state is_absent(const struct call *call, const struct call_in *in,
				 struct call_out *out)
{
	emit(out, CMD_REJECT, in->status ? (unsigned int)in->status : 480);
	return call->state;
}

/* The kernel stopped the bell when the handset was lifted. */
static enum call_state answer(const struct call *call, const struct call_in *in,
			      struct call_out *out)
{
	(void)call;
	(void)in;
	emit(out, CMD_ANSWER, 0);
	emit(out, CMD_TIMER, 0);
	emit(out, CMD_MEDIA, 0);
	return CALL_SPEECH;
}

static enum call_state nobody_answers(const struct call *call, const struct call_in *in,
				      struct call_out *out)
{
	(void)in;
	emit(out, CMD_RING_STOP, 0);
	emit(out, CMD_REJECT, call->expires_first ? (unsigned int)call->profile->expired_status
						  : 408);
	emit(out, CMD_MEDIA_STOP, 0);
	return CALL_IDLE;
}

static enum call_state cannot_ring(const struct call *call, const struct call_in *in,
				   struct call_out *out)
{
	(void)call;
	emit(out, CMD_TIMER, 0);
	emit(out, CMD_REJECT, (unsigned int)in->status);
	emit(out, CMD_MEDIA_STOP, 0);
	return CALL_IDLE;
}

static enum call_state caller_gives_up(const struct call *call, const struct call_in *in,
				       struct call_out *out)
{
	(void)call;
	(void)in;
	emit(out, CMD_RING_STOP, 0);
	emit(out, CMD_TIMER, 0);
	emit(out, CMD_FORGET, 0);
	emit(out, CMD_MEDIA_STOP, 0);
	return CALL_IDLE;
}

static enum call_state stop_ringing(const struct call *call, const struct call_in *in,
				    struct call_out *out)
{
	(void)call;
	(void)in;
	emit(out, CMD_TIMER, 0);
	emit(out, CMD_DROP, 0);
	emit(out, CMD_MEDIA_STOP, 0);
	return CALL_IDLE;
}

/* --------------------------------------------------------------- speech --- */

static enum call_state late_answer(const struct call *call, const struct call_in *in,
				   struct call_out *out)
{
	enum call_state next;

	if (in->media == CALL_MEDIA_OK)
		emit(out, CMD_MEDIA, 0);
	if (in->media != CALL_MEDIA_MISMATCH)
		return call->state;
	next = treat(call, out, 0, TREATMENT_CAUSE_MISMATCH);
	drop_far_end(out);
	return next;
}

/* A description that we cannot follow leaves the session as it was (RFC 3261 14.2). */
static enum call_state new_offer(const struct call *call, const struct call_in *in,
				 struct call_out *out)
{
	if (in->media == CALL_MEDIA_MISMATCH) {
		emit(out, CMD_ANSWER_OFFER, 488);
		return call->state;
	}
	emit(out, CMD_ANSWER_OFFER, 200);
	if (in->media == CALL_MEDIA_NONE)
		return call->state;

	emit(out, CMD_MEDIA, 0);
	if (in->held && in->mute && call->profile->hold_tone)
		emit(out, CMD_TONE, POTS_TONE_HOLD);
	else if (call->state == CALL_HELD)
		emit(out, CMD_TONE_STOP, 0);
	return in->held ? CALL_HELD : CALL_SPEECH;
}

enum call_state call_renegotiated(const struct call *call, const struct call_in *in,
				  struct call_out *out)
{
	if (in->media == CALL_MEDIA_OK)
		emit(out, CMD_MEDIA, 0);
	return call->state;
}

enum call_state call_tell_address(const struct call *call, const struct call_in *in,
				  struct call_out *out)
{
	(void)in;
	emit(out, CMD_REOFFER, 0);
	return call->state;
}

static enum call_state far_end_hangs_up(const struct call *call, const struct call_in *in,
					struct call_out *out)
{
	enum call_state next = treat(call, out, 0, TREATMENT_CAUSE_DISCONNECT);

	(void)in;
	forget_far_end(out);
	return next;
}

/* The last digit of a number may still sound when a fast far end answers. */
enum call_state call_send_digit(const struct call *call, const struct call_in *in,
				struct call_out *out)
{
	if (call->digit_is_speech)
		emit(out, CMD_SEND_DIGIT, in->value);
	return call->state;
}

enum call_state call_hear_digit(const struct call *call, const struct call_in *in,
				struct call_out *out)
{
	emit(out, CMD_TONE, POTS_TONE_DTMF + in->value);
	return call->state;
}

enum call_state call_digit_ends(const struct call *call, const struct call_in *in,
				struct call_out *out)
{
	(void)in;
	emit(out, CMD_TONE_STOP, 0);
	return call->state;
}

static enum call_state send_flash(const struct call *call, const struct call_in *in,
				  struct call_out *out)
{
	(void)in;
	emit(out, CMD_SEND_FLASH, 0);
	return call->state;
}

/* ------------------------------------------------------------ the table --- */

#define ACTIONS(X) \
	X(lose_port) \
	X(call_stay) \
	X(is_busy) \
	X(put_down) \
	X(release) \
	X(parked) \
	X(came_to_rest) \
	X(call_send_digit) \
	X(call_hear_digit) \
	X(call_digit_ends) \
	X(find_port) \
	X(is_absent) \
	X(begin_dialing) \
	X(offer_call) \
	X(first_digit) \
	X(nobody_dials) \
	X(next_digit) \
	X(dialing_pauses) \
	X(hear_progress) \
	X(begin_speech) \
	X(call_failed) \
	X(far_end_hangs_up) \
	X(more_progress) \
	X(new_offer) \
	X(send_flash) \
	X(late_answer) \
	X(call_renegotiated) \
	X(call_tell_address) \
	X(answer) \
	X(stop_ringing) \
	X(nobody_answers) \
	X(cannot_ring) \
	X(caller_gives_up) \
	X(end_tone) \
	X(still_off_hook) \
	X(ask_hook) \
	X(begin_howler) \
	X(lock_out)

CALL_ACTIONS(ACTIONS);

/* Rows that every state with a port has in common. */
#define PORT_ROWS \
	[IN_PORT_GONE]		= DO(lose_port), \
	[IN_PORT_BACK]		= DO(call_stay), \
	[IN_HANGUP_DONE]	= DO(call_stay)

/* The handset is off-hook: nobody can ring. */
#define OFF_HOOK_ROWS \
	PORT_ROWS, \
	[IN_OFFHOOK]		= DO(call_stay), \
	[IN_INVITE]		= DO(is_busy), \
	[IN_RING_FAILED]	= DO(call_stay)

/* Off-hook with nobody at the other end. */
#define ALONE_ROWS \
	OFF_HOOK_ROWS, \
	[IN_FLASH]		= DO(call_stay), \
	[IN_ONHOOK]		= DO(put_down), \
	[IN_DIGIT_END]		= DO(call_stay), \
	[IN_REMOTE_DIGIT_END]	= DO(call_stay)

/* Off-hook, and there is a far end. */
#define FAR_END_ROWS \
	OFF_HOOK_ROWS, \
	[IN_ONHOOK]		= DO(release), \
	[IN_PARKED]		= DO(parked), \
	[IN_REST]		= DO(came_to_rest)

/* ... to which digits do not go yet. */
#define NO_DIGITS_ROWS \
	[IN_DIGIT]		= DO(call_stay), \
	[IN_DIGIT_END]		= DO(call_stay), \
	[IN_REMOTE_DIGIT]	= DO(call_stay), \
	[IN_REMOTE_DIGIT_END]	= DO(call_stay)

#define DIGITS_ROWS \
	[IN_DIGIT]		= DO(call_stay), \
	[IN_DIGIT_END]		= DO(call_send_digit), \
	[IN_REMOTE_DIGIT]	= DO(call_hear_digit), \
	[IN_REMOTE_DIGIT_END]	= DO(call_digit_ends)

static const call_row rows[] = {
	[CALL_ABSENT] = {
		[IN_PORT_BACK]		= DO(find_port),
		[IN_PORT_GONE]		= DO(call_stay),
		[IN_INVITE]		= DO(is_absent),
	},
	[CALL_IDLE] = {
		PORT_ROWS,
		[IN_OFFHOOK]		= DO(begin_dialing),
		[IN_ONHOOK]		= DO(call_stay),
		[IN_PARKED]		= DO(parked),
		[IN_REST]		= DO(call_stay),
		[IN_RING_FAILED]	= DO(call_stay),
		[IN_DIGIT_END]		= DO(call_stay),
		[IN_REMOTE_DIGIT_END]	= DO(call_stay),
		[IN_INVITE]		= DO(offer_call),
	},
	[CALL_DIALTONE] = {
		ALONE_ROWS,
		[IN_REST]		= DO(came_to_rest),
		[IN_PARKED]		= DO(parked),
		[IN_DIGIT]		= DO(first_digit),
		[IN_TIMER]		= DO(nobody_dials),
	},
	[CALL_DIALING] = {
		ALONE_ROWS,
		[IN_REST]		= DO(came_to_rest),
		[IN_PARKED]		= DO(parked),
		[IN_DIGIT]		= DO(next_digit),
		[IN_TIMER]		= DO(dialing_pauses),
	},
	[CALL_CALLING] = {
		FAR_END_ROWS,
		NO_DIGITS_ROWS,
		[IN_FLASH]		= DO(call_stay),
		[IN_PROGRESS]		= DO(hear_progress),
		[IN_ANSWERED]		= DO(begin_speech),
		[IN_FAILED]		= DO(call_failed),
		[IN_ENDED]		= DO(far_end_hangs_up),
	},
	[CALL_RINGBACK] = {
		FAR_END_ROWS,
		NO_DIGITS_ROWS,
		[IN_FLASH]		= DO(call_stay),
		[IN_PROGRESS]		= DO(more_progress),
		[IN_ANSWERED]		= DO(begin_speech),
		[IN_FAILED]		= DO(call_failed),
		[IN_ENDED]		= DO(far_end_hangs_up),
	},
	[CALL_EARLY] = {
		FAR_END_ROWS,
		DIGITS_ROWS,
		[IN_FLASH]		= DO(call_stay),
		[IN_PROGRESS]		= DO(more_progress),
		[IN_OFFER]		= DO(new_offer),
		[IN_ANSWERED]		= DO(begin_speech),
		[IN_FAILED]		= DO(call_failed),
		[IN_ENDED]		= DO(far_end_hangs_up),
	},
	[CALL_SPEECH] = {
		FAR_END_ROWS,
		DIGITS_ROWS,
		[IN_FLASH]		= DO(send_flash),
		[IN_CONFIRMED]		= DO(late_answer),
		[IN_OFFER]		= DO(new_offer),
		[IN_REOFFERED]		= DO(call_renegotiated),
		[IN_MOVED]		= DO(call_tell_address),
		[IN_ENDED]		= DO(far_end_hangs_up),
	},
	[CALL_HELD] = {
		FAR_END_ROWS,
		NO_DIGITS_ROWS,
		[IN_FLASH]		= DO(send_flash),
		[IN_CONFIRMED]		= DO(late_answer),
		[IN_OFFER]		= DO(new_offer),
		[IN_REOFFERED]		= DO(call_renegotiated),
		[IN_MOVED]		= DO(call_tell_address),
		[IN_ENDED]		= DO(far_end_hangs_up),
	},
	[CALL_RINGING] = {
		PORT_ROWS,
		[IN_OFFHOOK]		= DO(answer),
		[IN_ONHOOK]		= DO(call_stay),
		[IN_PARKED]		= DO(parked),
		[IN_REST]		= DO(stop_ringing),
		[IN_TIMER]		= DO(nobody_answers),
		[IN_RING_FAILED]	= DO(cannot_ring),
		[IN_INVITE]		= DO(is_busy),
		[IN_ENDED]		= DO(caller_gives_up),
	},
	[CALL_TREATMENT] = {
		ALONE_ROWS,
		[IN_REST]		= DO(came_to_rest),
		[IN_PARKED]		= DO(parked),
		[IN_DIGIT]		= DO(call_stay),
		[IN_TIMER]		= DO(end_tone),
	},
	[CALL_CLEARING] = {
		ALONE_ROWS,
		[IN_REST]		= DO(came_to_rest),
		[IN_PARKED]		= DO(still_off_hook),
		[IN_TIMER]		= DO(ask_hook),
		[IN_DIGIT]		= DO(call_stay),
	},
	[CALL_SILENCE] = {
		ALONE_ROWS,
		[IN_REST]		= DO(came_to_rest),
		[IN_PARKED]		= DO(call_stay),
		[IN_DIGIT]		= DO(call_stay),
		[IN_TIMER]		= DO(begin_howler),
	},
	[CALL_HOWLER] = {
		ALONE_ROWS,
		[IN_REST]		= DO(came_to_rest),
		[IN_PARKED]		= DO(call_stay),
		[IN_DIGIT]		= DO(call_stay),
		[IN_TIMER]		= DO(lock_out),
	},
	[CALL_LOCKOUT] = {
		ALONE_ROWS,
		[IN_PARKED]		= DO(call_stay),
		[IN_REST]		= DO(call_stay),
		[IN_DIGIT]		= DO(call_stay),
	},
};

/* The digits so far, and what limits the ringing. */
static void take_notes(struct call *call, const struct call_in *in)
{
	bool collects = call->state == CALL_DIALTONE || call->state == CALL_DIALING;

	if (in->event == IN_DIGIT)
		call->digit_is_speech = call->state == CALL_EARLY || call->state == CALL_SPEECH;
	if (in->event == IN_INVITE && call->state == CALL_IDLE)
		call->expires_first = in->ms && in->ms < call->profile->no_answer_ms;
	if (in->event == IN_OFFHOOK && call->state == CALL_IDLE) {
		call->digit_count = 0;
		call->digits[0] = 0;
	}
	if (in->event == IN_DIGIT && collects && call->digit_count < CALL_DIGITS_MAX) {
		call->digits[call->digit_count++] = dialplan_char(in->value);
		call->digits[call->digit_count] = 0;
	}
}

static const struct call_table line_table = { rows, actions, take_notes };

static const struct call_table *find_table(enum call_state state)
{
	return state < CALL_NO_LINE ? &line_table : &trunk_table;
}

static const struct call_action *find_action(enum call_state state, enum call_event event)
{
	const struct call_table *table = find_table(state);
	unsigned int row = state < CALL_NO_LINE ? state : state - CALL_NO_LINE;

	return &table->actions[table->rows[row][event]];
}

void call_init(struct call *call, const struct call_profile *profile)
{
	*call = (struct call){
		.profile = profile,
		.state = profile->is_trunk ? CALL_NO_LINE : CALL_ABSENT,
	};
}

bool call_yields(const struct call *call)
{
	return call->profile->preempts && !call->urgent &&
	       find_action(call->state, IN_PREEMPTED)->fn;
}

bool call_step(struct call *call, const struct call_in *in, struct call_out *out)
{
	const struct call_action *action = find_action(call->state, in->event);

	out->count = 0;
	if (!action->fn) {
		call->unexpected++;
		return false;
	}
	find_table(call->state)->take_notes(call, in);
	call->state = action->fn(call, in, out);
	return true;
}

const char *call_action_name(enum call_state state, enum call_event event)
{
	return find_action(state, event)->name;
}
