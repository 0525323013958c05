// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The call table: transcripts from call.transcripts, one test each, and a walk
 * through every state and event that keeps its promises.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/pots.h>

#include "transcript.h"

/* ------------------------------------------------------------------ walk --- */

static bool has_far_end(enum call_state state)
{
	return state == CALL_CALLING || state == CALL_RINGBACK || state == CALL_EARLY ||
	       state == CALL_SPEECH || state == CALL_HELD || state == CALL_RINGING;
}

static bool hears_sound_of_ours(enum call_state state)
{
	return state == CALL_DIALTONE || state == CALL_RINGBACK || state == CALL_TREATMENT ||
	       state == CALL_HOWLER;
}

/* At rest, nobody wakes up; everywhere else where nobody else acts a timer runs. */
static bool needs_timer(enum call_state state)
{
	return state == CALL_DIALTONE || state == CALL_DIALING || state == CALL_RINGING ||
	       state == CALL_TREATMENT || state == CALL_CLEARING || state == CALL_SILENCE ||
	       state == CALL_HOWLER;
}

/* NULL, or the promise that was broken. */
static const char *check(enum call_state from, const struct call_in *in, enum call_state to,
			 const struct call_out *out)
{
	bool ends_call = transcript_count(out, CMD_DROP) || transcript_count(out, CMD_FORGET) ||
			 (transcript_count(out, CMD_REJECT) && in->event != IN_INVITE);
	bool set;
	unsigned int ms = transcript_timer(out, &set);

	if (out->count == CALL_OUT_MAX)
		return "no room for another command";
	if (has_far_end(from) && !has_far_end(to) && !ends_call)
		return "the far end is left without an end";
	if (has_far_end(from) && has_far_end(to) && ends_call)
		return "the far end is gone, and the state does not know";
	if (has_far_end(from) && !has_far_end(to) && !transcript_count(out, CMD_MEDIA_STOP))
		return "speech goes on without a far end";
	if (from != to && needs_timer(to) && !ms)
		return "nothing ends this state";
	if (from != to && !needs_timer(to) && needs_timer(from) && !(set && !ms) &&
	    in->event != IN_TIMER)
		return "a timer of another state is left running";
	if (from != to && hears_sound_of_ours(to) && !transcript_count(out, CMD_TONE))
		return "a tone state without a tone";
	if (from == CALL_RINGING && to == CALL_IDLE && !transcript_count(out, CMD_RING_STOP) &&
	    in->event != IN_RING_FAILED && in->event != IN_REST)
		return "the bell goes on";
	if (transcript_count(out, CMD_RING) && from != CALL_IDLE)
		return "a bell for a handset that is off-hook";
	if (transcript_count(out, CMD_TONE) + transcript_count(out, CMD_RING) && to == CALL_IDLE)
		return "sound for a handset that is down";
	if ((in->event == IN_ONHOOK && to != CALL_IDLE && from != CALL_ABSENT &&
	     from != CALL_RINGING))
		return "put down, and not idle";
	if (in->event == IN_PORT_GONE && to != CALL_ABSENT)
		return "no port, and not absent";
	return NULL;
}

static bool try_one(enum call_state from, const struct call_in *in, const char *digits)
{
	struct call call;
	struct call_out out;
	const char *broken;

	call_init(&call, &transcript_profile);
	call.state = from;
	strcpy(call.digits, digits);
	call.digit_count = strlen(digits);
	if (!call_step(&call, in, &out))
		return call.state == from && call.unexpected == 1 && !out.count;
	broken = check(from, in, call.state, &out);
	if (broken)
		printf("# %s + %s -> %s: %s\n", call_state_name(from),
		       call_event_name(in->event), call_state_name(call.state), broken);
	return !broken;
}

static bool walk_event(enum call_state state, enum call_event event)
{
	static const int status[] = { 0, 180, 183, 200, 401, 403, 404, 415, 480, 486, 487, 503,
				      603, 699 };
	static const char full[] = "0000000000000000000000000000000000000000";
	static const char *const digits[] = { "", "1", "10", "2", "25", "0", full };
	bool ok = true;

	_Static_assert(sizeof(full) == CALL_DIGITS_MAX + 1, "as many as there is room for");
	for (unsigned int i = 0; i < COUNT(status) * COUNT(digits) * 3 * 4 * 16; i++) {
		unsigned int n = i;
		struct call_in in = { .event = event, .cause = TREATMENT_CAUSE_LOCAL, .ms = 7 };
		const char *dialed;

		in.status = status[n % COUNT(status)];
		n /= COUNT(status);
		dialed = digits[n % COUNT(digits)];
		n /= COUNT(digits);
		in.media = n % 3;
		n /= 3;
		in.held = n & 1;
		in.mute = n & 2;
		in.value = n / 4;
		ok = try_one(state, &in, dialed) && ok;
		if (!ok)
			return false;
	}
	return ok;
}

static void walk(void)
{
	bool ok = true;

	transcript_reset(false);
	for (unsigned int state = 0; state < CALL_NO_LINE; state++) {
		for (unsigned int event = 0; event < CALL_EVENT_COUNT; event++)
			ok = walk_event(state, event) && ok;
	}
	transcript_result(ok, "every event in every state keeps the promises");

	transcript_profile.silence_ms = 0;
	transcript_profile.howler_ms = 0;
	transcript_profile.hold_tone = true;
	ok = true;
	for (unsigned int state = 0; state < CALL_NO_LINE; state++) {
		for (unsigned int event = 0; event < CALL_EVENT_COUNT; event++)
			ok = walk_event(state, event) && ok;
	}
	transcript_result(ok, "the same with no silence and no howler");
}

/* No way may lead into a corner: a handset put down is always idle in the end. */
static void long_walk(void)
{
	unsigned int seed = 1, corners = 0;
	struct call call;
	struct call_out out;

	transcript_reset(false);
	call_init(&call, &transcript_profile);
	for (int i = 0; i < 200000; i++) {
		struct call_in in = { 0 };

		seed = seed * 1103515245u + 12345u;
		in.event = (seed >> 16) % CALL_EVENT_COUNT;
		in.value = (seed >> 8) % 16;
		in.status = in.event == IN_INVITE ? 0 : 100 + (seed >> 4) % 600;
		in.media = (seed >> 20) % 3;
		call_step(&call, &in, &out);
		if (i % 100)
			continue;
		in = (struct call_in){ .event = IN_PORT_BACK };
		call_step(&call, &in, &out);
		in.event = IN_OFFHOOK;
		call_step(&call, &in, &out);
		in.event = IN_ONHOOK;
		call_step(&call, &in, &out);
		corners += call.state != CALL_IDLE;
	}
	transcript_result(!corners && call.digit_count <= CALL_DIGITS_MAX,
	       "whatever happened, a handset put down is idle");
}

static bool is_file(const char *text, const char *path)
{
	static char file[65536];
	FILE *in = fopen(path, "re");

	if (!in)
		return false;
	file[fread(file, 1, sizeof(file) - 1, in)] = 0;
	fclose(in);
	return !strcmp(file, text);
}

static void dump(void)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	bool ok = true;

	call_dump_states(out);
	fclose(out);
	for (unsigned int state = 0; state < CALL_STATE_COUNT; state++)
		ok = ok && strstr(text, call_state_name(state)) &&
		     strstr(text, call_state_hears(state));
	transcript_result(ok && strstr(text, "call_failed\n     - TREATMENT, CLEARING, SILENCE"),
	       "the page of states");
	transcript_result(is_file(text, TEST_DIR "/../../../Documentation/states.rst"),
	       "Documentation/states.rst is of this table (make -C agent states)");
	free(text);
}

int main(void)
{
	printf("TAP version 13\n");
	if (!transcript_play("call", false))
		return 1;
	walk();
	long_walk();
	dump();
	return transcript_end();
}
