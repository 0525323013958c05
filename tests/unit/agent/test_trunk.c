// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The rows of a trunk: transcripts from trunk.transcripts, one test each, and a
 * walk through every state and event that keeps its promises.
 */
#include <stdio.h>
#include <string.h>

#include <linux/pots.h>

#include "transcript.h"

static bool has_far_end(enum call_state state)
{
	return state >= CALL_OFFERED && state <= CALL_THROUGH && state != CALL_UNWANTED;
}

static bool is_seized(enum call_state state)
{
	return state >= CALL_SENDING && state <= CALL_DROPPING;
}

/* Here the exchange, the kernel or the far end act next, or nobody need. */
static bool needs_timer(enum call_state state)
{
	return state != CALL_NO_LINE && state != CALL_FREE && state != CALL_UNWANTED &&
	       state != CALL_SENDING && state != CALL_PASSING && state != CALL_THROUGH;
}

/* Of the far end. */
static const char *check_far_end(enum call_state from, const struct call_in *in,
				 enum call_state to, const struct call_out *out)
{
	bool ended = transcript_count(out, CMD_DROP) || transcript_count(out, CMD_FORGET) ||
		     (transcript_count(out, CMD_REJECT) && in->event != IN_INVITE);

	if (has_far_end(from) && !has_far_end(to) && !ended)
		return "the far end is left without an end";
	if (has_far_end(from) && has_far_end(to) && ended)
		return "the far end is gone, and the state does not know";
	if (has_far_end(from) && !has_far_end(to) && !transcript_count(out, CMD_MEDIA_STOP))
		return "speech goes on without a far end";
	if (transcript_count(out, CMD_INVITE) != (to == CALL_OFFERED && from != to))
		return "a far end that nobody called, or one called in vain";
	if (transcript_count(out, CMD_ANSWER) && (from == to || !has_far_end(to) || from == CALL_OFFERED))
		return "an answer to nobody";
	if (transcript_count(out, CMD_REJECT) && in->event != IN_INVITE && from != CALL_SENDING &&
	    from != CALL_AWAITED)
		return "a refusal after the answer";
	return NULL;
}

/* Of the line. */
static const char *check_line(enum call_state from, const struct call_in *in,
			      enum call_state to, const struct call_out *out)
{
	bool gone = in->event == IN_PORT_GONE || in->event == IN_REST;

	if (is_seized(from) && !is_seized(to) && !transcript_count(out, CMD_RELEASE) && !gone)
		return "the line is not given back";
	if (is_seized(from) && is_seized(to) && transcript_count(out, CMD_RELEASE))
		return "given back, and the state does not know";
	if (!is_seized(from) && transcript_count(out, CMD_SEIZE) != is_seized(to))
		return "seized for nothing, or not seized";
	if (!is_seized(from) && transcript_count(out, CMD_RELEASE))
		return "given back, and it was not seized";
	if (transcript_count(out, CMD_DIAL) && to != CALL_SENDING && to != CALL_PASSING)
		return "digits are sent, and nobody waits for their end";
	if (transcript_count(out, CMD_TONE) + transcript_count(out, CMD_DIAL) && !is_seized(to))
		return "sound for nobody";
	if (in->event == IN_PORT_GONE && to != CALL_NO_LINE)
		return "there is no line, and the state does not know";
	return NULL;
}

/* One that expires goes on to run. */
static const char *check_timer(enum call_state from, enum call_state to,
			       const struct call_out *out)
{
	bool set;
	unsigned int ms = transcript_timer(out, &set);

	if (from != to && needs_timer(to) && !ms)
		return "nothing ends this state";
	if (from != to && !needs_timer(to) && needs_timer(from) && !(set && !ms))
		return "a timer of another state is left running";
	return NULL;
}

static bool try_one(enum call_state from, const struct call_in *in, const char *digits,
		    unsigned int passed)
{
	const char *broken;
	struct call call;
	struct call_out out;

	call_init(&call, &transcript_profile);
	call.state = from;
	call.reversed = passed;
	strcpy(call.digits, digits);
	call.digit_count = strlen(digits);
	call.passed = passed < call.digit_count ? passed : call.digit_count;
	if (!call_step(&call, in, &out))
		return call.state == from && call.unexpected == 1 && !out.count;
	broken = out.count == CALL_OUT_MAX ? "no room for another command" :
					     check_far_end(from, in, call.state, &out);
	if (!broken)
		broken = check_line(from, in, call.state, &out);
	if (!broken)
		broken = check_timer(from, call.state, &out);
	if (broken)
		printf("# %s + %s -> %s: %s\n", call_state_name(from),
		       call_event_name(in->event), call_state_name(call.state), broken);
	return !broken;
}

static bool walk_event(enum call_state state, enum call_event event)
{
	static const int status[] = { 0, 180, 200, 401, 403, 404, 415, 480, 486, 487, 503, 699 };
	static const char full[] = "0000000000000000000000000000000000000000";
	static const char *const digits[] = { "", "1", "12", full };

	_Static_assert(sizeof(full) == CALL_DIGITS_MAX + 1, "as many as there is room for");
	for (unsigned int i = 0; i < COUNT(status) * COUNT(digits) * 3 * 3 * 2 * 17; i++) {
		struct call_in in = { .event = event, .cause = TREATMENT_CAUSE_LOCAL };
		const char *dialled;
		unsigned int n = i, passed;

		in.status = status[n % COUNT(status)];
		n /= COUNT(status);
		dialled = digits[n % COUNT(digits)];
		n /= COUNT(digits);
		in.media = n % 3;
		n /= 3;
		passed = n % 3;
		n /= 3;
		in.number = n % 2 ? "123" : NULL;
		in.value = n / 2;
		if (!try_one(state, &in, dialled, passed))
			return false;
	}
	return true;
}

static void walk(const char *what)
{
	bool ok = true;

	for (unsigned int state = CALL_NO_LINE; state < CALL_STATE_COUNT; state++) {
		for (unsigned int event = 0; event < CALL_EVENT_COUNT; event++)
			ok = walk_event(state, event) && ok;
	}
	transcript_result(ok, what);
}

static void walks(void)
{
	transcript_reset(true);
	walk("every event in every state keeps the promises");
	transcript_profile.answer_ms = 0;
	transcript_profile.identify_ms = 0;
	walk("the same with nothing waited for");
	transcript_profile.answer_by_polarity = true;
	transcript_profile.ends = TRUNK_ENDS_REVERSAL;
	walk("the same with polarity only");
	treatment_set((struct treatment_table *)transcript_profile.treatments, "4xx", "silence");
	walk("the same with callers who are left alone");
}

/* What the exchange does when it has had enough. */
static void leave(struct call *call)
{
	static const enum call_event events[] = {
		IN_BATTERY, IN_RING_OVER, IN_DIALLED, IN_TIMER, IN_DIALLED, IN_TIMER, IN_TIMER,
		IN_TIMER,
	};
	struct call_out out;

	for (size_t i = 0; i < COUNT(events); i++)
		call_step(call, &(struct call_in){ .event = events[i], .status = 503 }, &out);
}

/* No way may lead into a corner: once the exchange leaves, the line is free. */
static void long_walk(void)
{
	unsigned int seed = 1, corners = 0, seen = 0;
	struct call call;
	struct call_out out;

	transcript_reset(true);
	call_init(&call, &transcript_profile);
	for (int i = 0; i < 400000; i++) {
		struct call_in in = { 0 };

		seed = seed * 1103515245u + 12345u;
		in.event = (seed >> 16) % CALL_EVENT_COUNT;
		in.value = (seed >> 8) % 16;
		in.number = seed & 0x4000 ? "12" : NULL;
		in.status = in.event == IN_INVITE || in.event == IN_DIALLED ? 0 : 300 + (seed >> 4) % 300;
		in.media = (seed >> 20) % 3;
		if (in.event != IN_PORT_GONE || !(seed & 0x7000000))
			call_step(&call, &in, &out);
		seen |= 1u << (call.state - CALL_NO_LINE);
		if (i % 100)
			continue;
		leave(&call);
		corners += call.state != CALL_FREE && call.state != CALL_NO_LINE;
		call_step(&call, &(struct call_in){ .event = IN_PORT_BACK }, &out);
	}
	transcript_result(!corners && call.digit_count <= CALL_DIGITS_MAX,
			  "whatever happened, once the exchange leaves the line is free");
	transcript_result(seen == (1u << (CALL_STATE_COUNT - CALL_NO_LINE)) - 1,
			  "the walk came to every state");
}

int main(void)
{
	printf("TAP version 13\n");
	if (!transcript_play("trunk", true))
		return 1;
	walks();
	long_walk();
	return transcript_end();
}
