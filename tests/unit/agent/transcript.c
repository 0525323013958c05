// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Plays transcripts against a call table: "> event < commands", "= STATE".
 */
#include "transcript.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/pots.h>

static struct treatment_table treatments;
static struct dialplan plan;
struct call_profile transcript_profile;

static int tests_run, tests_failed;

void transcript_reset(bool trunk)
{
	treatment_init(&treatments);
	if (dialplan_parse(&plan, "1xx|2x|2xx|0x.T", NULL, NULL))
		abort();
	transcript_profile = (struct call_profile){
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
		.is_trunk = trunk,
		.answer_ms = 10000,
		.identify_ms = 5000,
		.guard_ms = 1000,
		.ends = TRUNK_ENDS_BATTERY | TRUNK_ENDS_POLARITY | TRUNK_ENDS_TONE,
	};
	if (trunk)
		transcript_profile.clear_ms = 500;
}

void transcript_result(bool ok, const char *name)
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
	case IN_BATTERY:
	case IN_POLARITY:
	case IN_IN_USE:
		in->value = atoi(word);
		return;
	case IN_HEARD:
		in->value = strcmp(word, "nothing") ? treatment_tone(word) : 0;
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
		else if (!strcmp(word, "urgent"))
			in->value = 1;
		else if (!strcmp(word, "for"))
			in->number = strtok_r(NULL, " \t", &save);
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
		snprintf(text, size, "%s%s%.*s", name, arg ? " " : "", arg, call->digits);
		return;
	case CMD_DIAL:
		snprintf(text, size, "%s %s", name, call->digits + arg);
		return;
	case CMD_SEIZE:
		snprintf(text, size, "%s%s", name, arg ? " urgent" : "");
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

/* "key number", or "treat KEY VALUE" */
static void set_profile(char *text)
{
	struct {
		const char *key;
		unsigned int *value;
	} numbers[] = {
		{ "silence", &transcript_profile.silence_ms },
		{ "howler", &transcript_profile.howler_ms },
		{ "answer", &transcript_profile.answer_ms },
		{ "identify", &transcript_profile.identify_ms },
		{ "ends", &transcript_profile.ends },
	};
	unsigned int value = 0;
	char key[32] = "";
	char row[8];
	int at = 0;

	sscanf(text, " %31s %n%u", key, &at, &value);
	for (size_t i = 0; i < COUNT(numbers); i++) {
		if (!strcmp(key, numbers[i].key)) {
			*numbers[i].value = value;
			return;
		}
	}
	if (!strcmp(key, "expired"))
		transcript_profile.expired_status = value;
	else if (!strcmp(key, "hold-tone"))
		transcript_profile.hold_tone = true;
	else if (!strcmp(key, "answer-by-polarity"))
		transcript_profile.answer_by_polarity = true;
	else if (strcmp(key, "treat") || sscanf(text + at, "%7s %n", row, &at) != 1 ||
		 treatment_set(&treatments, row, strstr(text, row) + strlen(row) + 1))
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

static void play_all(FILE *file, bool trunk)
{
	char text[256], name[sizeof(text)] = "";
	struct call call;
	bool ok = true;

	for (int line = 1; fgets(text, sizeof(text), file); line++) {
		trim(text);
		switch (text[0]) {
		case ':':
			if (name[0])
				transcript_result(ok, name);
			snprintf(name, sizeof(name), "%s", text + 2);
			ok = true;
			transcript_reset(trunk);
			call_init(&call, &transcript_profile);
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
	transcript_result(ok, name);
}

bool transcript_play(const char *name, bool trunk)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), TEST_DIR "/%s.transcripts", name);
	file = fopen(path, "re");
	if (!file) {
		printf("Bail out! no %s\n", path);
		return false;
	}
	play_all(file, trunk);
	fclose(file);
	return true;
}

int transcript_end(void)
{
	printf("1..%d\n", tests_run);
	return tests_failed != 0;
}

unsigned int transcript_count(const struct call_out *out, enum call_command command)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < out->count; i++)
		n += out->command[i].command == command;
	return n;
}

unsigned int transcript_timer(const struct call_out *out, bool *set)
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
