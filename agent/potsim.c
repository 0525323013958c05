// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * potsim: plays telephone on a simulated board.
 *
 * Boards are made in configfs; what a subscriber does and hears goes through
 * the telephone's node (linux/pots_sim.h). Exit status: 0 done, 1 it did not
 * happen in time, 2 wrong usage, 3 an error.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <linux/pots_sim.h>

#include "potsim_tone.h"
#include "potsim_wav.h"

#define EXIT_LATE	1
#define EXIT_USAGE	2
#define EXIT_ERROR	3

#define CONFIGFS	"/sys/kernel/config/pots-sim"
#define LINES_MAX	16

static const char usage_text[] =
"usage: potsim board create NAME [--fxs N] [--set KEY=VALUE]...\n"
"       potsim board remove NAME\n"
"       potsim board list [--json]\n"
"       potsim phone NAME/K VERB...\n"
"\n"
"Plays telephone on a board that pots-sim.ko simulates. K counts from 1.\n"
"\n"
"  offhook | onhook          lift the handset, put it down\n"
"  flash [MS]                hook flash (default 100 ms)\n"
"  dial DIGITS               0-9 * # A-D by DTMF; returns when they are dialled\n"
"    --pulse [--pps N]       0-9 by pulses, 10 a second, --make 40 percent\n"
"    --on MS --off MS        of a DTMF digit (default 80 80)\n"
"    --level DBM0            of the lower tone (default -8; the upper has 2 more)\n"
"  say FILE.wav              speak; returns when it is said\n"
"  hear FILE.wav --seconds S write down what the earpiece hears (--line: the wire)\n"
"  state [--json]            what the telephone sees and hears\n"
"  set KEY=VALUE...          ren_milli loop_ohm bounce_us impedance\n"
"  wait ringing|onring|silence|tone NAME [--timeout S]\n"
"                            until it rings, the burst ends, the ear hears\n"
"                            nothing for half a second, or this tone (default 10 s)\n"
"\n"
"Tones: ";

static const char usage_end[] =
"\nWAV files are 8 kHz, 16 bits, mono.\n"
"Exit status: 0 done, 1 it did not happen in time, 2 wrong usage, 3 an error.\n";

static void usage(FILE *to)
{
	const char *name;
	unsigned int i;

	fputs(usage_text, to);
	for (i = 0; (name = tone_name(i)); i++)
		fprintf(to, "%s%s", i ? ", " : "", name);
	fputs(usage_end, to);
}

__attribute__((noreturn, format(printf, 1, 2)))
static void wrong(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("potsim: ", stderr);
	vfprintf(stderr, format, args);
	fputs(" (see potsim --help)\n", stderr);
	va_end(args);
	exit(EXIT_USAGE);
}

__attribute__((noreturn, format(printf, 1, 2)))
static void fail(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("potsim: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	exit(EXIT_ERROR);
}

static double number(const char *text, double min, double max, const char *what)
{
	char *end;
	double value = strtod(text, &end);

	if (end == text || *end || !(value >= min && value <= max))
		wrong("%s is %g to %g, not \"%s\"", what, min, max, text);
	return value;
}

/* --------------------------------------------------------------- boards --- */

static void check_name(const char *name)
{
	size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_");

	if (!len || name[len] || len > 15)
		wrong("a board's name is 1 to 15 of a-z 0-9 _, not \"%s\"", name);
}

static void check_configfs(void)
{
	if (!access(CONFIGFS, F_OK))
		return;
	if (access("/sys/kernel/config", F_OK))
		fail("no configfs: modprobe configfs; mount -t configfs none /sys/kernel/config");
	fail("%s is not there: modprobe pots-sim; and is configfs mounted?", CONFIGFS);
}

static int write_attribute(const char *board, const char *key, const char *value)
{
	char path[PATH_MAX];
	int fd, ret = 0;

	snprintf(path, sizeof(path), CONFIGFS "/%s/%s", board, key);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, value, strlen(value)) < 0) {
		ret = errno;
		fprintf(stderr, "potsim: writing %s to %s: %s\n", value, path,
			strerror(ret));
	}
	if (fd >= 0)
		close(fd);
	return ret;
}

static bool read_attribute(const char *board, const char *key, char *value, size_t size)
{
	char path[PATH_MAX];
	FILE *file;

	snprintf(path, sizeof(path), CONFIGFS "/%s/%s", board, key);
	file = fopen(path, "re");
	if (!file)
		return false;
	if (!fgets(value, size, file))
		*value = 0;
	value[strcspn(value, "\n")] = 0;
	fclose(file);
	return true;
}

static int board_create(const char *name, unsigned int fxs, char *const *set)
{
	char path[PATH_MAX], text[16];
	int err = 0;

	check_name(name);
	check_configfs();
	snprintf(path, sizeof(path), CONFIGFS "/%s", name);
	if (mkdir(path, 0755))
		fail("%s: %s", path, errno == EEXIST ? "there is such a board already" :
						       strerror(errno));
	snprintf(text, sizeof(text), "%u", fxs);
	err = write_attribute(name, "fxs", text);
	for (; !err && *set; set++) {
		char *value = strchr(*set, '=');

		if (!value)
			wrong("--set takes KEY=VALUE, not \"%s\"", *set);
		*value++ = 0;
		err = write_attribute(name, *set, value);
	}
	if (!err)
		err = write_attribute(name, "live", "1");
	if (err)
		rmdir(path);
	return err ? EXIT_ERROR : 0;
}

static int board_remove(const char *name)
{
	char path[PATH_MAX];

	check_name(name);
	check_configfs();
	snprintf(path, sizeof(path), CONFIGFS "/%s", name);
	if (access(path, F_OK))
		fail("there is no board \"%s\" (%s)", name, path);
	if (write_attribute(name, "live", "0"))
		return EXIT_ERROR;
	if (rmdir(path))
		fail("%s: %s", path, strerror(errno));
	return 0;
}

static void print_board(const char *name, const char *fxs, bool live, bool json)
{
	static const char *comma = "";

	if (json)
		printf("%s{\"name\":\"%s\",\"fxs\":%s,\"live\":%s}", comma, name, fxs,
		       live ? "true" : "false");
	else
		printf("%s: %s telephones%s\n", name, fxs, live ? "" : ", not live");
	comma = ",";
}

/* The board that the module made by itself has no directory. */
static void list_own(bool json)
{
	FILE *file = fopen("/sys/module/pots_sim/parameters/fxs", "re");
	char fxs[16];

	if (!file)
		return;
	if (fscanf(file, "%15[0-9]", fxs) == 1 && atoi(fxs))
		print_board("sim", fxs, true, json);
	fclose(file);
}

static void list_made(bool json)
{
	DIR *dir = opendir(CONFIGFS);
	char fxs[16], live[16];
	struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		if (entry->d_name[0] != '.' &&
		    read_attribute(entry->d_name, "fxs", fxs, sizeof(fxs)) &&
		    read_attribute(entry->d_name, "live", live, sizeof(live)))
			print_board(entry->d_name, fxs, *live == '1', json);
	if (dir)
		closedir(dir);
}

static int board_list(bool json)
{
	if (access("/sys/module/pots_sim", F_OK))
		fail("the module is not there: modprobe pots-sim");
	if (json)
		putchar('[');
	list_own(json);
	list_made(json);
	if (json)
		puts("]");
	return 0;
}

/* --------------------------------------------------------------- phones --- */

static char phone_path[128];

static int phone_open(const char *name)
{
	const char *slash = strchr(name, '/');
	int fd;

	if (!slash || slash == name)
		wrong("a telephone is NAME/K, not \"%s\"", name);
	number(slash + 1, 1, LINES_MAX, "K of NAME/K");
	snprintf(phone_path, sizeof(phone_path), "/dev/potsim-%.*s-%s",
		 (int)(slash - name), name, slash + 1);
	fd = open(phone_path, O_RDWR | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		fail("%s is not there: potsim board create %.*s --fxs %s, "
		     "or modprobe pots-sim fxs=%s", phone_path,
		     (int)(slash - name), name, slash + 1, slash + 1);
	if (fd < 0)
		fail("%s: %s", phone_path, strerror(errno));
	return fd;
}

static void get_state(int fd, struct pots_sim_state *state)
{
	if (ioctl(fd, POTS_SIM_GET_STATE, state))
		fail("%s: %s", phone_path, strerror(errno));
}

static void queue(int fd, const struct pots_sim_queue *q)
{
	struct pollfd pfd = { .fd = fd, .events = POLLPRI };
	struct pots_sim_state state;

	while (ioctl(fd, POTS_SIM_QUEUE, q)) {
		if (errno != EBUSY)
			fail("%s: %s", phone_path, strerror(errno));
		get_state(fd, &state);
		poll(&pfd, 1, 100);
	}
}

static void wait_until_idle(int fd)
{
	struct pollfd pfd = { .fd = fd, .events = POLLPRI };
	struct pots_sim_state state;

	for (;;) {
		get_state(fd, &state);
		if (!state.steps && !state.mic_waiting)
			return;
		poll(&pfd, 1, state.steps ? 1000 : 20);
	}
}

static int hook(int fd, unsigned int kind)
{
	const struct pots_sim_queue q = { .count = 1, .step = { { .kind = kind } } };

	queue(fd, &q);
	wait_until_idle(fd);
	return 0;
}

static int flash(int fd, unsigned int ms)
{
	const struct pots_sim_queue q = {
		.count = 3,
		.step = {
			{ .kind = POTS_SIM_STEP_ONHOOK },
			{ .kind = POTS_SIM_STEP_WAIT, .on_us = ms * 1000 },
			{ .kind = POTS_SIM_STEP_OFFHOOK },
		},
	};

	queue(fd, &q);
	wait_until_idle(fd);
	return 0;
}

/**
 * struct dialling - how digits are dialled
 * @pulse:	by pulses
 * @pps:	pulses a second
 * @make:	percent of a pulse
 * @gap_ms:	after a digit's last pulse
 * @on_ms:	of DTMF
 * @off_ms:	of DTMF
 * @level:	of the lower tone, dBm0
 */
struct dialling {
	bool pulse;
	double pps;
	double make;
	double gap_ms;
	double on_ms;
	double off_ms;
	double level;
};

static struct pots_sim_step dtmf_step(char digit, const struct dialling *how)
{
	static const char keys[] = "123A456B789C*0#D";
	static const unsigned int row[] = { 697, 770, 852, 941 };
	static const unsigned int column[] = { 1209, 1336, 1477, 1633 };
	const char *key = strchr(keys, digit);
	struct pots_sim_step step = {
		.kind = POTS_SIM_STEP_TONES,
		.on_us = lround(how->on_ms * 1000),
		.off_us = lround(how->off_ms * 1000),
	};

	if (!digit || !key)
		wrong("\"%c\" is no key of a telephone", digit);
	step.mhz[0] = row[(key - keys) / 4] * 1000;
	step.mhz[1] = column[(key - keys) % 4] * 1000;
	step.peak[0] = tone_peak(how->level);
	step.peak[1] = tone_peak(how->level + 2);
	return step;
}

static struct pots_sim_step pulse_step(char digit, const struct dialling *how)
{
	double period_us = 1e6 / how->pps;
	struct pots_sim_step step = {
		.kind = POTS_SIM_STEP_PULSES,
		.on_us = lround(period_us * (100 - how->make) / 100),
		.off_us = lround(period_us * how->make / 100),
		.gap_us = lround(how->gap_ms * 1000),
	};

	if (digit < '0' || digit > '9')
		wrong("\"%c\" cannot be dialled by pulses", digit);
	step.count = digit == '0' ? 10 : digit - '0';
	return step;
}

static int dial(int fd, const char *digits, const struct dialling *how)
{
	struct pots_sim_queue q = {};
	size_t i;

	if (!*digits)
		wrong("no digits to dial");
	for (i = 0; digits[i]; i++)
		how->pulse ? pulse_step(digits[i], how) : dtmf_step(digits[i], how);
	for (; *digits; digits++) {
		q.step[q.count++] = how->pulse ? pulse_step(*digits, how) :
						 dtmf_step(*digits, how);
		if (q.count < POTS_SIM_STEPS_MAX && digits[1])
			continue;
		queue(fd, &q);
		q.count = 0;
	}
	wait_until_idle(fd);
	return 0;
}

static int say(int fd, const char *path)
{
	int16_t samples[800];
	struct wav wav;
	size_t n;

	if (wav_open(&wav, path))
		fail("%s: %s", path, wav.error);
	while ((n = wav_read(&wav, samples, 800)))
		if (write(fd, samples, n * sizeof(*samples)) < 0)
			fail("%s: %s", phone_path, strerror(errno));
	wav_close(&wav);
	wait_until_idle(fd);
	return 0;
}

static void listen_to(int fd, __u32 how)
{
	if (ioctl(fd, POTS_SIM_LISTEN, &how))
		fail("%s: %s", phone_path, strerror(errno));
}

static size_t listen_some(int fd, int16_t *samples, size_t n)
{
	ssize_t got = read(fd, samples, n * sizeof(*samples));

	if (got < 0)
		fail("%s: %s", phone_path, strerror(errno));
	return got / sizeof(*samples);
}

static int hear(int fd, const char *path, double seconds, bool line)
{
	size_t left = lround(seconds * 8000), n;
	struct pots_sim_state state;
	int16_t samples[800];
	struct wav wav;

	if (wav_create(&wav, path))
		fail("%s: %s", path, wav.error);
	listen_to(fd, line ? POTS_SIM_LISTEN_LINE : POTS_SIM_LISTEN_EAR);
	for (; left; left -= n) {
		n = listen_some(fd, samples, left < 800 ? left : 800);
		if (wav_write(&wav, samples, n))
			fail("%s: %s", path, wav.error);
	}
	get_state(fd, &state);
	if (wav_close(&wav))
		fail("%s: %s", path, wav.error);
	if (state.ear_lost)
		fail("%s: %u samples were lost: this program was too slow", path,
		     state.ear_lost);
	return 0;
}

/* ---------------------------------------------------------------- state --- */

static const struct {
	unsigned int bit;
	const char *name;
} state_bits[] = {
	{ POTS_SIM_STATE_OFF_HOOK, "off_hook" },
	{ POTS_SIM_STATE_CLOSED, "closed" },
	{ POTS_SIM_STATE_FED, "fed" },
	{ POTS_SIM_STATE_REVERSED, "reversed" },
	{ POTS_SIM_STATE_RINGING, "ringing" },
	{ POTS_SIM_STATE_SOUND, "sound" },
	{ POTS_SIM_STATE_BUSY, "busy" },
	{ POTS_SIM_STATE_TICKING, "ticking" },
};

#define FIELD(name, signed_value) \
	{ #name, offsetof(struct pots_sim_state, name), \
	  sizeof(((struct pots_sim_state *)0)->name), signed_value }

static const struct {
	const char *name;
	size_t at;
	size_t size;
	bool is_signed;
} state_fields[] = {
	FIELD(now_ns, false), FIELD(steps, false), FIELD(line_mv, true),
	FIELD(loop_ua, true), FIELD(ring_mhz, false), FIELD(ring_mv, false),
	FIELD(rings, false), FIELD(ears, false), FIELD(hook_ns, false),
	FIELD(ring_start_ns, false), FIELD(ring_end_ns, false), FIELD(fed_ns, false),
	FIELD(open_ns, false), FIELD(polarity_ns, false),
	FIELD(sound_start_ns, false), FIELD(sound_end_ns, false),
	FIELD(mic_waiting, false), FIELD(late_frames, false),
	FIELD(bad_writes, false), FIELD(bad_access, false),
	FIELD(osc_conflicts, false),
};

static void print_field(const struct pots_sim_state *state, size_t i)
{
	const char *at = (const char *)state + state_fields[i].at;

	if (state_fields[i].size == 8)
		printf("%" PRIu64, (uint64_t)*(const __u64 *)at);
	else if (state_fields[i].is_signed)
		printf("%" PRId32, *(const __s32 *)at);
	else
		printf("%" PRIu32, *(const __u32 *)at);
}

static int print_state(int fd, bool json)
{
	struct pots_sim_state state;
	size_t i;

	get_state(fd, &state);
	if (json)
		putchar('{');
	for (i = 0; i < sizeof(state_bits) / sizeof(state_bits[0]); i++) {
		bool on = state.state & state_bits[i].bit;

		if (json)
			printf("%s\"%s\":%s", i ? "," : "", state_bits[i].name,
			       on ? "true" : "false");
		else if (on)
			printf("%s ", state_bits[i].name);
	}
	if (!json)
		putchar('\n');
	for (i = 0; i < sizeof(state_fields) / sizeof(state_fields[0]); i++) {
		printf(json ? ",\"%s\":" : "%s: ", state_fields[i].name);
		print_field(&state, i);
		if (!json)
			putchar('\n');
	}
	if (json)
		puts("}");
	return 0;
}

static int set_phone(int fd, char *const *words)
{
	struct pots_sim_phone phone;
	const struct {
		const char *name;
		__u32 *value;
	} keys[] = {
		{ "ren_milli", &phone.ren_milli },
		{ "loop_ohm", &phone.loop_ohm },
		{ "bounce_us", &phone.bounce_us },
		{ "impedance", &phone.impedance },
	};

	if (ioctl(fd, POTS_SIM_GET_PHONE, &phone))
		fail("%s: %s", phone_path, strerror(errno));
	for (; *words; words++) {
		size_t i, len = strcspn(*words, "=");

		for (i = 0; i < 4; i++)
			if (strlen(keys[i].name) == len && !strncmp(*words, keys[i].name, len))
				break;
		if (i == 4 || !(*words)[len])
			wrong("\"%s\" is no setting of a telephone", *words);
		*keys[i].value = number(*words + len + 1, 0, 1e6, keys[i].name);
	}
	if (ioctl(fd, POTS_SIM_SET_PHONE, &phone))
		fail("%s: %s", phone_path, strerror(errno));
	return 0;
}

/* ----------------------------------------------------------------- wait --- */

static double now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

static int wait_ring(int fd, bool ringing, double timeout)
{
	struct pollfd pfd = { .fd = fd, .events = POLLPRI };
	double end = now_s() + timeout, left;
	struct pots_sim_state state;

	for (;;) {
		get_state(fd, &state);
		if (!(state.state & POTS_SIM_STATE_RINGING) != ringing)
			return 0;
		left = end - now_s();
		if (left <= 0)
			return EXIT_LATE;
		poll(&pfd, 1, left * 1000 + 1);
	}
}

/* Half a second of silence, or the tone named, in what is heard from now on. */
static int wait_sound(int fd, const char *name, double timeout)
{
	struct tone_watch watch;
	size_t left = lround(timeout * 8000), n;
	int16_t samples[80];

	if (!tone_watch_init(&watch, name))
		wrong("there is no tone \"%s\"", name);
	listen_to(fd, POTS_SIM_LISTEN_EAR);
	for (; left; left -= n) {
		n = listen_some(fd, samples, left < 80 ? left : 80);
		if (tone_watch_heard(&watch, samples, n))
			return 0;
	}
	return EXIT_LATE;
}

static int wait_for(int fd, int argc, char **argv, double timeout)
{
	const char *what = argc > 0 ? argv[0] : "";
	int status;

	if (!strcmp(what, "tone") && argc == 2)
		status = wait_sound(fd, argv[1], timeout);
	else if (!strcmp(what, "silence") && argc == 1)
		status = wait_sound(fd, "silence", timeout);
	else if (!strcmp(what, "ringing") && argc == 1)
		status = wait_ring(fd, true, timeout);
	else if (!strcmp(what, "onring") && argc == 1)
		status = wait_ring(fd, false, timeout);
	else
		wrong("wait ringing|onring|silence|tone NAME");
	if (status)
		fprintf(stderr, "potsim: %s: no %s in %g s\n", phone_path,
			argv[argc - 1], timeout);
	return status;
}

/* ----------------------------------------------------------------- main --- */

/**
 * struct options - everything that may be said with --
 * @fxs:	telephones of a new board
 * @set:	KEY=VALUE of a new board, NULL-terminated
 * @sets:	how many
 * @json:	for programs
 * @line:	listen to the wire
 * @seconds:	to listen
 * @timeout:	to wait
 * @dialling:	see there
 */
struct options {
	unsigned int fxs;
	char *set[17];
	unsigned int sets;
	bool json;
	bool line;
	double seconds;
	double timeout;
	struct dialling dialling;
};

enum { FXS = 256, SET, JSON, LINE, SECONDS, TIMEOUT, PULSE, PPS, MAKE, GAP, ON, OFF, LEVEL };

static const struct option long_options[] = {
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ "fxs", required_argument, NULL, FXS },
	{ "set", required_argument, NULL, SET },
	{ "json", no_argument, NULL, JSON },
	{ "line", no_argument, NULL, LINE },
	{ "seconds", required_argument, NULL, SECONDS },
	{ "timeout", required_argument, NULL, TIMEOUT },
	{ "pulse", no_argument, NULL, PULSE },
	{ "pps", required_argument, NULL, PPS },
	{ "make", required_argument, NULL, MAKE },
	{ "gap", required_argument, NULL, GAP },
	{ "on", required_argument, NULL, ON },
	{ "off", required_argument, NULL, OFF },
	{ "level", required_argument, NULL, LEVEL },
	{ NULL, 0, NULL, 0 },
};

static void take_option(int option, struct options *o)
{
	switch (option) {
	case 'h':
		usage(stdout);
		exit(0);
	case 'V':
		puts("potsim " POTS_VERSION);
		exit(0);
	case FXS:
		o->fxs = number(optarg, 1, LINES_MAX, "--fxs");
		break;
	case SET:
		if (o->sets == 16)
			wrong("too many --set");
		o->set[o->sets++] = optarg;
		break;
	case JSON:
		o->json = true;
		break;
	case LINE:
		o->line = true;
		break;
	case SECONDS:
		o->seconds = number(optarg, 0.01, 86400, "--seconds");
		break;
	case TIMEOUT:
		o->timeout = number(optarg, 0, 86400, "--timeout");
		break;
	case PULSE:
		o->dialling.pulse = true;
		break;
	case PPS:
		o->dialling.pps = number(optarg, 1, 50, "--pps");
		break;
	case MAKE:
		o->dialling.make = number(optarg, 5, 95, "--make");
		break;
	case GAP:
		o->dialling.gap_ms = number(optarg, 1, 60000, "--gap");
		break;
	case ON:
		o->dialling.on_ms = number(optarg, 1, 60000, "--on");
		break;
	case OFF:
		o->dialling.off_ms = number(optarg, 1, 60000, "--off");
		break;
	case LEVEL:
		o->dialling.level = number(optarg, -80, 0, "--level");
		break;
	default:
		wrong("unknown option");
	}
}

static int do_board(int argc, char **argv, struct options *o)
{
	const char *verb = argc ? argv[0] : "";

	if (!strcmp(verb, "create") && argc == 2)
		return board_create(argv[1], o->fxs, o->set);
	if (!strcmp(verb, "remove") && argc == 2)
		return board_remove(argv[1]);
	if (!strcmp(verb, "list") && argc == 1)
		return board_list(o->json);
	wrong("board create NAME | remove NAME | list");
}

static int do_phone(int argc, char **argv, struct options *o)
{
	const char *verb = argc > 1 ? argv[1] : "";
	int fd;

	if (argc < 2)
		wrong("phone NAME/K VERB");
	fd = phone_open(argv[0]);
	argc -= 2;
	argv += 2;
	if (!strcmp(verb, "offhook") && !argc)
		return hook(fd, POTS_SIM_STEP_OFFHOOK);
	if (!strcmp(verb, "onhook") && !argc)
		return hook(fd, POTS_SIM_STEP_ONHOOK);
	if (!strcmp(verb, "flash") && argc <= 1)
		return flash(fd, argc ? number(argv[0], 1, 60000, "MS") : 100);
	if (!strcmp(verb, "dial") && argc == 1)
		return dial(fd, argv[0], &o->dialling);
	if (!strcmp(verb, "say") && argc == 1)
		return say(fd, argv[0]);
	if (!strcmp(verb, "hear") && argc == 1 && o->seconds > 0)
		return hear(fd, argv[0], o->seconds, o->line);
	if (!strcmp(verb, "state") && !argc)
		return print_state(fd, o->json);
	if (!strcmp(verb, "set") && argc)
		return set_phone(fd, argv);
	if (!strcmp(verb, "wait"))
		return wait_for(fd, argc, argv, o->timeout);
	wrong("\"%s\" so is nothing that a telephone does", verb);
}

int main(int argc, char **argv)
{
	struct options o = {
		.fxs = 1,
		.timeout = 10,
		.dialling = {
			.pps = 10, .make = 40, .gap_ms = 700,
			.on_ms = 80, .off_ms = 80, .level = -8,
		},
	};
	int option;

	while ((option = getopt_long(argc, argv, "h", long_options, NULL)) >= 0)
		take_option(option, &o);
	argc -= optind;
	argv += optind;
	if (argc && !strcmp(argv[0], "board"))
		return do_board(argc - 1, argv + 1, &o);
	if (argc && !strcmp(argv[0], "phone"))
		return do_phone(argc - 1, argv + 1, &o);
	usage(stderr);
	return EXIT_USAGE;
}
