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

#include "call.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct treatment_table treatments;
static struct dialplan plan;
static struct call_profile profile;

static int tests_run, tests_failed;

static void reset_profile(void)
{
	treatment_init(&treatments);
	if (dialplan_parse(&plan, "1xx|2x|2xx|0x.T", NULL, NULL))
		abort();
	profile = (struct call_profile){
		.plan = &plan,
		.treatments = &treatments,
		.first_digit_ms = 16000,
		.inter_digit_ms = 4000,
		.match_ms = 3000,
		.no_answer_ms = 180000,
		.tone_ms = 20000,
		.silence_ms = 5000,
		.howler_ms = 60000,
		.clear_ms = 3000,
		.expired_status = 408,
	};
}

static void result(bool ok, const char *name)
{
	tests_run++;
	tests_failed += !ok;
	printf("%sok %d %s\n", ok ? "" : "not ", tests_run, name);
}

/* "RING_STOP" -> "ring-stop" */
static void spell(char *text, size_t size, const char *name)
{
	size_t i;

	for (i = 0; name[i] && i < size - 1; i++) {
		char c = name[i];

		text[i] = c == '_' ? '-' : c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
	}
	text[i] = 0;
}

static bool is_spelt(const char *word, const char *name)
{
	char text[32];

	spell(text, sizeof(text), name);
	return !strcmp(text, word);
}

/* ----------------------------------------------------------- transcripts --- */

static bool parse_event(const char *word, struct call_in *in)
{
	for (unsigned int event = 0; event < CALL_EVENT_COUNT; event++) {
		if (is_spelt(word, call_event_name(event))) {
			in->event = event;
			return true;
		}
	}
	return false;
}

static bool parse_cause(const char *word, struct call_in *in)
{
	for (unsigned int cause = 0; word && cause < TREATMENT_CAUSE_COUNT; cause++) {
		if (!strcmp(word, treatment_cause_name(cause))) {
			in->cause = cause;
			return true;
		}
	}
	return false;
}

static void parse_value(const char *word, struct call_in *in)
{
	switch (in->event) {
	case IN_DIGIT:
	case IN_DIGIT_END:
	case IN_REMOTE_DIGIT:
	case IN_REMOTE_DIGIT_END:
		in->value = dialplan_digit(*word);
		return;
	case IN_INVITE:
		in->ms = atoi(word);
		return;
	default:
		in->status = atoi(word);
	}
}

static bool parse_in(char *text, struct call_in *in)
{
	char *save, *word = strtok_r(text, " \t", &save);

	*in = (struct call_in){ 0 };
	if (!word || !parse_event(word, in))
		return false;
	while ((word = strtok_r(NULL, " \t", &save))) {
		if (!strcmp(word, "ok"))
			in->media = CALL_MEDIA_OK;
		else if (!strcmp(word, "mismatch"))
			in->media = CALL_MEDIA_MISMATCH;
		else if (!strcmp(word, "held"))
			in->held = true;
		else if (!strcmp(word, "mute"))
			in->mute = true;
		else if (!strcmp(word, "refuse"))
			in->status = atoi(strtok_r(NULL, " \t", &save));
		else if (strcmp(word, "cause"))
			parse_value(word, in);
		else if (!parse_cause(strtok_r(NULL, " \t", &save), in))
			return false;
	}
	return true;
}

static void print_command(char *text, size_t size, const struct call *call,
			  const struct call_out_command *command)
{
	unsigned int arg = command->arg;
	char name[32];

	spell(name, sizeof(name), call_command_name(command->command));
	switch (command->command) {
	case CMD_TONE:
		if (arg >= POTS_TONE_DTMF && arg < POTS_TONE_DTMF + 16)
			snprintf(text, size, "%s dtmf-%c", name,
				 dialplan_char(arg - POTS_TONE_DTMF));
		else
			snprintf(text, size, "%s %s", name, treatment_tone_name(arg));
		return;
	case CMD_INVITE:
		snprintf(text, size, "%s %.*s", name, arg, call->digits);
		return;
	case CMD_SEND_DIGIT:
		snprintf(text, size, "%s %c", name, dialplan_char(arg));
		return;
	case CMD_TIMER:
	case CMD_REJECT:
	case CMD_ANSWER_OFFER:
		snprintf(text, size, "%s %u", name, arg);
		return;
	default:
		snprintf(text, size, "%s", name);
	}
}

static void print_out(char *text, size_t size, const struct call *call,
		      const struct call_out *out)
{
	size_t len = 0;

	text[0] = 0;
	for (unsigned int i = 0; i < out->count; i++) {
		char command[64];

		print_command(command, sizeof(command), call, &out->command[i]);
		len += snprintf(text + len, size - len, "%s%s", i ? ", " : "", command);
	}
}

static void trim(char *text)
{
	size_t len = strlen(text);

	while (len && strchr(" \t\n", text[len - 1]))
		text[--len] = 0;
}

static void set_profile(const char *text)
{
	unsigned int value = 0;
	char key[32] = "";

	sscanf(text, " %31s %u", key, &value);
	if (!strcmp(key, "expired"))
		profile.expired_status = value;
	else if (!strcmp(key, "hold-tone"))
		profile.hold_tone = true;
	else if (!strcmp(key, "silence"))
		profile.silence_ms = value;
	else if (!strcmp(key, "howler"))
		profile.howler_ms = value;
	else
		abort();
}

/* One "> event < commands" line. */
static bool play(struct call *call, char *text, int line)
{
	char *wanted = strpbrk(text, "<?"), done[256] = "";
	bool unforeseen = wanted && *wanted == '?';
	struct call_out out = { 0 };
	struct call_in in;

	if (wanted)
		*wanted++ = 0;
	if (!parse_in(text, &in)) {
		printf("# line %d: no such event\n", line);
		return false;
	}
	if (call_step(call, &in, &out) == unforeseen) {
		printf("# line %d: %sforeseen in %s\n", line, unforeseen ? "" : "not ",
		       call_state_name(call->state));
		return false;
	}
	print_out(done, sizeof(done), call, &out);
	wanted = wanted && !unforeseen ? wanted + strspn(wanted, " ") : "";
	if (!strcmp(done, wanted))
		return true;
	printf("# line %d: wanted: %s\n# line %d: done:   %s\n", line, wanted, line, done);
	return false;
}

static void play_transcripts(FILE *file)
{
	char text[256], name[sizeof(text)] = "";
	struct call call;
	bool ok = true;

	for (int line = 1; fgets(text, sizeof(text), file); line++) {
		trim(text);
		switch (text[0]) {
		case ':':
			if (name[0])
				result(ok, name);
			snprintf(name, sizeof(name), "%s", text + 2);
			ok = true;
			reset_profile();
			call_init(&call, &profile);
			break;
		case '!':
			set_profile(text + 1);
			break;
		case '>':
			ok = play(&call, text + 2, line) && ok;
			break;
		case '=':
			if (!strcmp(text + 2, call_state_name(call.state)))
				break;
			printf("# line %d: in %s\n", line, call_state_name(call.state));
			ok = false;
			break;
		}
	}
	result(ok, name);
}

/* ------------------------------------------------------------------ walk --- */

static unsigned int count(const struct call_out *out, enum call_command command)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < out->count; i++)
		n += out->command[i].command == command;
	return n;
}

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

static unsigned int last_timer(const struct call_out *out, bool *set)
{
	unsigned int ms = 0;

	*set = false;
	for (unsigned int i = 0; i < out->count; i++) {
		if (out->command[i].command == CMD_TIMER) {
			ms = out->command[i].arg;
			*set = true;
		}
	}
	return ms;
}

/* NULL, or the promise that was broken. */
static const char *check(enum call_state from, const struct call_in *in, enum call_state to,
			 const struct call_out *out)
{
	bool ends_call = count(out, CMD_DROP) || count(out, CMD_FORGET) ||
			 (count(out, CMD_REJECT) && in->event != IN_INVITE);
	bool set;
	unsigned int ms = last_timer(out, &set);

	if (out->count == CALL_OUT_MAX)
		return "no room for another command";
	if (has_far_end(from) && !has_far_end(to) && !ends_call)
		return "the far end is left without an end";
	if (has_far_end(from) && has_far_end(to) && ends_call)
		return "the far end is gone, and the state does not know";
	if (has_far_end(from) && !has_far_end(to) && !count(out, CMD_MEDIA_STOP))
		return "speech goes on without a far end";
	if (from != to && needs_timer(to) && !ms)
		return "nothing ends this state";
	if (from != to && !needs_timer(to) && needs_timer(from) && !(set && !ms) &&
	    in->event != IN_TIMER)
		return "a timer of another state is left running";
	if (from != to && hears_sound_of_ours(to) && !count(out, CMD_TONE))
		return "a tone state without a tone";
	if (from == CALL_RINGING && to == CALL_IDLE && !count(out, CMD_RING_STOP) &&
	    in->event != IN_RING_FAILED && in->event != IN_REST)
		return "the bell goes on";
	if (count(out, CMD_RING) && from != CALL_IDLE)
		return "a bell for a handset that is off-hook";
	if (count(out, CMD_TONE) + count(out, CMD_RING) && to == CALL_IDLE)
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

	call_init(&call, &profile);
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

	reset_profile();
	for (unsigned int state = 0; state < CALL_STATE_COUNT; state++) {
		for (unsigned int event = 0; event < CALL_EVENT_COUNT; event++)
			ok = walk_event(state, event) && ok;
	}
	result(ok, "every event in every state keeps the promises");

	profile.silence_ms = 0;
	profile.howler_ms = 0;
	profile.hold_tone = true;
	ok = true;
	for (unsigned int state = 0; state < CALL_STATE_COUNT; state++) {
		for (unsigned int event = 0; event < CALL_EVENT_COUNT; event++)
			ok = walk_event(state, event) && ok;
	}
	result(ok, "the same with no silence and no howler");
}

/* No way may lead into a corner: a handset put down is always idle in the end. */
static void long_walk(void)
{
	unsigned int seed = 1, corners = 0;
	struct call call;
	struct call_out out;

	reset_profile();
	call_init(&call, &profile);
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
	result(!corners && call.digit_count <= CALL_DIGITS_MAX,
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
	result(ok && strstr(text, "call_failed\n     - TREATMENT, CLEARING, SILENCE"),
	       "the page of states");
	result(is_file(text, TEST_DIR "/../../../Documentation/states.rst"),
	       "Documentation/states.rst is of this table (make -C agent states)");
	free(text);
}

int main(void)
{
	FILE *file = fopen(TEST_DIR "/call.transcripts", "re");

	printf("TAP version 13\n");
	if (!file) {
		printf("Bail out! no " TEST_DIR "/call.transcripts\n");
		return 1;
	}
	play_transcripts(file);
	fclose(file);
	walk();
	long_walk();
	dump();
	printf("1..%d\n", tests_run);
	return tests_failed != 0;
}
