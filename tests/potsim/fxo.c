// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fxo: the box's side of a line to an exchange, told what to do by its standard
 * input, a command a line. What the port tells goes to the standard output:
 *
 *	EVENT VALUE EXTRA MS		MS since it began
 *	caller OCTETS			who calls: printable ones as they are, others as '.'
 *	sound HZ DBM0			of what was heard
 *	wrong COMMAND: ERROR
 *
 * Commands: seize, release, dial DIGITS, pulse DIGITS, beep (1000 Hz, -10 dBm0),
 * hear (half a second), cid bell202|v23|dtmf ring|always, billing.
 */
#include <ctype.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../uapi/port.h"

#define BEEP_MHZ	1000000
#define BEEP_CDB	-1000
#define HEARD		(POTS_RATE_HZ / 2)
#define FULL_DBM0	3.17	/* a sine of full scale */

static int observer, claim;
static uint64_t began_ns;

/* ---------------------------------------------------------------- events --- */

static const char *const names[] = {
	[POTS_EVENT_OFF_HOOK] = "off-hook", [POTS_EVENT_ON_HOOK] = "on-hook",
	[POTS_EVENT_RING_BURST] = "burst", [POTS_EVENT_RING_END] = "ring-end",
	[POTS_EVENT_BATTERY] = "battery", [POTS_EVENT_POLARITY] = "polarity",
	[POTS_EVENT_IN_USE] = "in-use", [POTS_EVENT_PROGRESS] = "tone",
	[POTS_EVENT_CALLER_ID] = "caller-id", [POTS_EVENT_DIAL_DONE] = "dialled",
	[POTS_EVENT_BILLING] = "billing",
};

static void tell_caller(void)
{
	struct pots_caller_id caller;

	if (err_of(claim, POTS_READ_CID, &caller))
		return;
	printf("caller ");
	for (unsigned int i = 0; i < caller.count; i++) {
		int c = caller.signal == POTS_CID_DTMF ? "0123456789*#ABCD"[caller.data[i] & 15] :
							 caller.data[i];

		putchar(isprint(c) ? c : '.');
	}
	putchar('\n');
}

static void tell(const struct pots_event *event)
{
	if (event->type >= sizeof(names) / sizeof(names[0]) || !names[event->type])
		return;
	printf("%s %u %u %.1f\n", names[event->type], event->value, event->extra,
	       (double)(event->timestamp_ns - began_ns) / NS_PER_MS);
	if (event->type == POTS_EVENT_CALLER_ID)
		tell_caller();
}

/* -------------------------------------------------------------- commands --- */

static int dial(const char *digits, bool pulse)
{
	struct pots_dial dial = { .count = strlen(digits) };

	for (unsigned int i = 0; i < dial.count && i < POTS_DIAL_MAX; i++)
		dial.digit[i] = strchr("0123456789*#ABCD", digits[i]) - "0123456789*#ABCD";
	if (pulse) {
		dial.flags = POTS_DIAL_F_PULSE;
		dial.break_ms = 60;
		dial.make_ms = 40;
		dial.interdigit_ms = 700;
	} else {
		dial.on_ms = 80;
		dial.off_ms = 80;
		dial.level_cdb = -1000;
	}
	return err_of(claim, POTS_DIAL, &dial);
}

static int beep(void)
{
	struct pots_set_tone set = {
		.tone = POTS_TONE_CONFIRMATION,
		.program = {
			.count = 1,
			.step = { { .freq_mhz = { BEEP_MHZ }, .level_cdb = { BEEP_CDB },
				    .samples = 2 * POTS_RATE_HZ } },
			.repeat = 1,
		},
	};
	struct pots_play play = { .tone = set.tone };

	return err_of(claim, POTS_SET_TONE, &set) ?: err_of(claim, POTS_PLAY_TONE, &play);
}

static void tell_sound(const int16_t *samples, unsigned int count)
{
	unsigned int turns = 0, first = 0, last = 0;
	double power = 0;

	for (unsigned int i = 0; i < count; i++)
		power += (double)samples[i] * samples[i] / count;
	for (unsigned int i = 1; i < count; i++)
		if (samples[i - 1] < 0 && samples[i] >= 0) {
			first = turns++ ? first : i;
			last = i;
		}
	printf("sound %.0f %.1f\n",
	       turns > 1 ? (double)(turns - 1) * POTS_RATE_HZ / (last - first) : 0,
	       10 * log10(2 * power / 32767 / 32767 + 1e-12) + FULL_DBM0);
}

static int hear(void)
{
	struct pots_audio audio = { .read_frames = 10, .queue_frames = 10 };
	static int16_t samples[HEARD];
	size_t done = 0;
	int err = err_of(claim, POTS_AUDIO_START, &audio);

	while (!err && done < sizeof(samples)) {
		ssize_t got = read(claim, (char *)samples + done, sizeof(samples) - done);

		if (got <= 0)
			return errno;
		done += got;
	}
	if (err)
		return err;
	tell_sound(samples, HEARD);
	return err_of(claim, POTS_AUDIO_STOP, NULL);
}

static int change(void (*how)(struct pots_exchange *exchange, const char *word), const char *word)
{
	struct pots_exchange exchange;
	int err = err_of(claim, POTS_GET_EXCHANGE, &exchange);

	how(&exchange, word);
	return err ?: err_of(claim, POTS_SET_EXCHANGE, &exchange);
}

static void listen_for(struct pots_exchange *exchange, const char *word)
{
	exchange->cid_signal = !strncmp(word, "bell202", 7) ? POTS_CID_BELL202 :
			       !strncmp(word, "v23", 3) ? POTS_CID_V23 : POTS_CID_DTMF;
	exchange->flags = strstr(word, "always") ? POTS_EXCHANGE_F_CID_ALWAYS :
						   POTS_EXCHANGE_F_CID_RING;
}

static void count_billing(struct pots_exchange *exchange, const char *word)
{
	(void)word;
	exchange->flags |= POTS_EXCHANGE_F_BILLING;
}

static int obey(const char *command, const char *word)
{
	if (!strcmp(command, "seize"))
		return err_of(claim, POTS_SEIZE, &(struct pots_seize){ 0 });
	if (!strcmp(command, "release"))
		return err_of(claim, POTS_HANGUP, &(struct pots_hangup){ 0 });
	if (!strcmp(command, "dial"))
		return dial(word, false);
	if (!strcmp(command, "pulse"))
		return dial(word, true);
	if (!strcmp(command, "beep"))
		return beep();
	if (!strcmp(command, "hear"))
		return hear();
	if (!strcmp(command, "cid"))
		return change(listen_for, word);
	if (!strcmp(command, "billing"))
		return change(count_billing, word);
	return ENOSYS;
}

static void take_command(char *line)
{
	char *command = strtok(line, " \n"), *word = strtok(NULL, "\n");
	int err;

	if (!command)
		return;
	err = obey(command, word ? word : "");
	if (err)
		printf("wrong %s: %s\n", command, strerror(err));
	else
		printf("did %s\n", command);
}

int main(int argc, char **argv)
{
	struct pollfd fds[] = { { .fd = 0, .events = POLLIN }, { .events = POLLIN } };
	struct pots_event event;
	char line[128];

	setvbuf(stdout, NULL, _IOLBF, 0);
	observer = argc == 2 ? open(argv[1], O_RDWR | O_CLOEXEC) : -1;
	claim = observer < 0 ? -1 : port_claim(observer, 0);
	if (claim < 0) {
		perror(argc == 2 ? argv[1] : "fxo NODE");
		return EXIT_FAILURE;
	}
	fds[1].fd = observer;
	began_ns = now_ns();
	setvbuf(stdin, NULL, _IONBF, 0);
	while (poll(fds, 2, -1) > 0) {
		if (fds[1].revents & ~POLLIN)
			return EXIT_FAILURE;
		if (fds[1].revents && event_next(observer, &event, 0))
			tell(&event);
		if (fds[0].revents && !fgets(line, sizeof(line), stdin))
			return EXIT_SUCCESS;
		if (fds[0].revents)
			take_command(line);
	}
	return EXIT_FAILURE;
}
