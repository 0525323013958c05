// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is measured, and the promise for each (median; worst).
 *
 *	bench POTSD CONFIG REGISTERING-CONFIG TAP MEASURED JSON
 *
 * Two telephones /dev/potsim-b-1 and -2 are lines 101 and 102 of potsd; the
 * server on port 5070 refuses 9CODE with CODE. The board "k" has eight lines.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"

#define RUNS		20
#define CHIP_DEBOUNCE_MS 5.0	/* LCDI, as pots-si3210 sets it */
#define CALL_SECONDS	2
#define IDLE_MS		30000
#define LINES		8

enum {
	F_404_TONE, F_486_TONE, F_404_ACK, F_403_OPEN, F_DIAL_TONE, F_IOCTL,
	F_DIGIT_INVITE, F_MOUTH_EAR, F_CALL_CPU, F_LINE_CPU, F_TICK_CPU, F_IDLE_WAKEUPS,
	F_IDLE_TICKS, F_UAS_CPU, F_PSS, F_REGISTER, F_KO_TEXT, F_FXO_TEXT, F_POTSD_SIZE,
	F_TONE_COST, F_COUNT,
};

static struct figure figures[F_COUNT] = {
	[F_404_TONE] = { "404_to_tone", "404 received -> reorder at the ear", UNIT_MS, 2.5, 4 },
	[F_486_TONE] = { "486_to_tone", "486 received -> busy tone at the ear", UNIT_MS, 2.5, 4 },
	[F_404_ACK] = { "404_to_ack", "404 received -> ACK on the wire", UNIT_MS, 1.0, 0 },
	[F_403_OPEN] = { "403_to_open", "403 received -> loop open", UNIT_MS, 3, 5 },
	[F_DIAL_TONE] = { "offhook_to_dial_tone",
			  "off-hook -> dial tone, beyond the debounce", UNIT_MS, 2.5, 4 },
	[F_IOCTL] = { "ioctl_to_tone", "tone ioctl -> first sample", UNIT_MS, 1.1, 0 },
	[F_DIGIT_INVITE] = { "digit_to_invite",
			     "last digit read by the agent -> INVITE on the wire", UNIT_MS,
			     2, 0 },
	[F_MOUTH_EAR] = { "mouth_to_ear", "mouth to ear, 20 ms packets", UNIT_MS, 28, 0 },
	[F_CALL_CPU] = { "agent_call_cpu", "agent, processor time of a call's line",
			 UNIT_MS_A_SECOND, 12, 0 },
	[F_LINE_CPU] = { "kernel_line_cpu", "kernel, processor time of a call's line, (8 - 1)/7",
			 UNIT_MS_A_SECOND, 7, 0 },
	[F_TICK_CPU] = { "kernel_tick_cpu", "kernel, processor time of the tick all lines share",
			 UNIT_MS_A_SECOND, 15, 0 },
	[F_IDLE_WAKEUPS] = { "idle_wakeups", "registered agent, idle: wake-ups in 30 s",
			     UNIT_COUNT, 0, 0 },
	[F_IDLE_TICKS] = { "idle_ticks", "no line active: ticks of the highway in 30 s",
			   UNIT_COUNT, 0, 0 },
	[F_UAS_CPU] = { "uas_404_cpu", "INVITE -> 404 -> ACK, processor time", UNIT_MS, 1.8, 0 },
	[F_PSS] = { "pss", "agent, resident memory (PSS), call between two lines", UNIT_MB,
		    2.5, 0 },
	[F_REGISTER] = { "start_to_register", "start -> first REGISTER sent", UNIT_SECONDS,
			 0.15, 0 },
	[F_KO_TEXT] = { "pots_ko_text", "pots.ko, text", UNIT_KB, 60, 0 },
	[F_FXO_TEXT] = { "fxo_ko_text", "pots-fxo.ko, text", UNIT_KB, 20, 0 },
	[F_POTSD_SIZE] = { "potsd_stripped", "potsd, stripped", UNIT_KB, 200, 0 },
	[F_TONE_COST] = { "tone_cost", "two tones, instructions a sample", UNIT_INSTRUCTIONS,
			  45, 0 },
};

void fail(const char *format, ...)
{
	va_list args;

	fprintf(stderr, "bench: ");
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}

uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ULL + now.tv_nsec;
}

void sleep_ms(unsigned int ms)
{
	struct timespec time = { ms / 1000, ms % 1000 * 1000000L };

	nanosleep(&time, NULL);
}

static double ms_between(uint64_t from_ns, uint64_t to_ns)
{
	return ((int64_t)(to_ns - from_ns)) / 1e6;
}

/* Another phase of the 1 ms tick in each run. */
static void dephase(unsigned int run)
{
	struct timespec time = { 0, run * 137000L };

	nanosleep(&time, NULL);
}

static int open_port(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		fail("%s: %s", path, strerror(errno));
	return fd;
}

static int take_claim(int port)
{
	struct pots_claim claim = { 0 };

	if (ioctl(port, POTS_CLAIM, &claim))
		fail("POTS_CLAIM: %s", strerror(errno));
	return claim.fd;
}

static void wait_claimed(int port)
{
	struct pots_state state;
	int tries = 500;

	do {
		if (!tries--)
			fail("potsd did not claim its ports within 5 s");
		sleep_ms(10);
		if (ioctl(port, POTS_GET_STATE, &state))
			fail("POTS_GET_STATE");
	} while (!(state.state & POTS_STATE_CLAIMED));
}

static double debounce_ms(int port)
{
	struct pots_settings settings;
	int claim = take_claim(port);

	if (ioctl(claim, POTS_GET_SETTINGS, &settings))
		fail("POTS_GET_SETTINGS");
	close(claim);
	printf("debounce: chip %.1f ms, seize window %u ms\n", CHIP_DEBOUNCE_MS,
	       settings.seize_ms);
	return CHIP_DEBOUNCE_MS + settings.seize_ms;
}

/* For longer than a hang-up's open interval, its mask and the release window. */
static void put_down(int phone)
{
	phone_hook(phone, false);
	sleep_ms(2500);
}

/* No agent: what the kernel alone takes from the command to the ear. */
static void measure_ioctl(int port, int phone)
{
	struct pots_play play;
	struct pots_stop stop;
	uint64_t begin_ns, sound_ns;
	int claim = take_claim(port);

	phone_hook(phone, true);
	sleep_ms(500);
	for (unsigned int run = 0; run < RUNS; run++) {
		dephase(run);
		play = (struct pots_play) { .tone = POTS_TONE_REORDER };
		begin_ns = now_ns();
		if (ioctl(claim, POTS_PLAY_TONE, &play))
			fail("POTS_PLAY_TONE: %s", strerror(errno));
		sound_ns = phone_sound_after(phone, begin_ns, 100);
		if (!sound_ns)
			fail("the tone was not heard");
		figure_add(&figures[F_IOCTL], ms_between(begin_ns, sound_ns));
		stop = (struct pots_stop) { .cookie = play.cookie };
		ioctl(claim, POTS_STOP_TONE, &stop);
		sleep_ms(100);
	}
	close(claim);
	put_down(phone);
}

static void lift(int phone, double debounce, struct figure *figure)
{
	struct pots_sim_state state;
	uint64_t since_ns = now_ns(), sound_ns;

	phone_hook(phone, true);
	sound_ns = phone_sound_after(phone, since_ns, 1000);
	if (!sound_ns)
		fail("no dial tone");
	phone_state(phone, &state);
	if (figure)
		figure_add(figure, ms_between(state.hook_ns, sound_ns) - debounce);
}

static void measure_refusal(struct server *server, const struct tap *tap, int phone,
			    unsigned int run, int code, double debounce)
{
	char number[8];
	uint64_t heard_ns;

	lift(phone, debounce, &figures[F_DIAL_TONE]);
	snprintf(number, sizeof(number), "9%d", code);
	phone_dial(phone, number);
	dephase(run);
	server_refuse(server, code, 200);
	figure_add(&figures[F_DIGIT_INVITE], ms_between(tap->digit_ns, server->invite_ns));
	if (code == 403)
		heard_ns = phone_open_after(phone, server->answer_ns, 1000);
	else
		heard_ns = phone_sound_after(phone, server->answer_ns, 1000);
	if (!heard_ns)
		fail("%d: the subscriber was told nothing", code);
	figure_add(&figures[code == 403 ? F_403_OPEN : code == 404 ? F_404_TONE : F_486_TONE],
		   ms_between(server->answer_ns, heard_ns));
	if (code == 404)
		figure_add(&figures[F_404_ACK],
			   ms_between(server->answer_ns, server->ack_ns));
	put_down(phone);
}

static void measure_call(pid_t agent, int caller, int callee)
{
	uint64_t cpu_ns, click_ns;

	lift(caller, 0, NULL);
	phone_dial(caller, "102");
	sleep_ms(1000);
	phone_hook(callee, true);
	sleep_ms(2000);
	for (unsigned int run = 0; run < RUNS; run++) {
		dephase(run * 7);
		click_ns = phone_click(run % 2 ? callee : caller, run % 2 ? caller : callee);
		if (!click_ns)
			fail("what was said did not arrive");
		figure_add(&figures[F_MOUTH_EAR], click_ns / 1e6);
		sleep_ms(300);
	}
	for (unsigned int run = 0; run < RUNS; run++) {
		cpu_ns = agent_cpu_ns(agent);
		sleep_ms(CALL_SECONDS * 1000);
		/* One agent, two lines. */
		figure_add(&figures[F_CALL_CPU],
			   (agent_cpu_ns(agent) - cpu_ns) / 1e6 / CALL_SECONDS / 2);
	}
	figure_add(&figures[F_PSS], agent_pss_mb(agent));
	put_down(caller);
	put_down(callee);
}

/* A whole transaction, its end included, some time after the last. */
static void measure_uas(struct server *server, pid_t agent)
{
	for (unsigned int run = 0; run < RUNS; run++) {
		uint64_t cpu_ns = agent_cpu_ns(agent);

		server_call_nobody(server, run);
		sleep_ms(6000);
		figure_add(&figures[F_UAS_CPU], (agent_cpu_ns(agent) - cpu_ns) / 1e6);
	}
}

static void measure_registered(struct server *server, const char *potsd,
			       const char *config, int port)
{
	for (unsigned int run = 0; run < RUNS; run++) {
		uint64_t begin_ns = now_ns(), wakeups, ticks;
		pid_t agent = agent_start(potsd, config, NULL);

		server_await_register(server);
		figure_add(&figures[F_REGISTER], ms_between(begin_ns, server->register_ns) / 1e3);
		wait_claimed(port);
		sleep_ms(40000);	/* the transaction's last timer, T_k */
		wakeups = agent_wakeups(agent);
		ticks = board_cost("b").ticks;
		sleep_ms(IDLE_MS);
		figure_add(&figures[F_IDLE_WAKEUPS], agent_wakeups(agent) - wakeups);
		figure_add(&figures[F_IDLE_TICKS], board_cost("b").ticks - ticks);
		agent_stop(agent);
		server_forget(server);
	}
}

static void measure_kernel(void)
{
	double one[RUNS], all[RUNS];

	measure_tick("k", &figures[F_TICK_CPU], RUNS);
	measure_lines("k", 1, one, RUNS);
	measure_lines("k", LINES, all, RUNS);
	for (unsigned int run = 0; run < RUNS; run++)
		figure_add(&figures[F_LINE_CPU], (all[run] - one[run]) / (LINES - 1));
}

static void progress(const char *what)
{
	printf("bench: %s\n", what);
}

static struct tap *make_tap(void)
{
	int fd = open(TAP_PATH, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	void *map;

	if (fd < 0 || ftruncate(fd, sizeof(struct tap)))
		fail("%s: %s", TAP_PATH, strerror(errno));
	map = mmap(NULL, sizeof(struct tap), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	if (map == MAP_FAILED)
		fail("mmap: %s", strerror(errno));
	return map;
}

int main(int argc, char **argv)
{
	static const int codes[] = { 404, 486, 403 };
	struct server server;
	struct tap *tap;
	int caller, callee, port;
	double debounce;
	pid_t agent;

	if (argc != 7)
		fail("usage: bench POTSD CONFIG REGISTERING-CONFIG TAP MEASURED JSON");
	setvbuf(stdout, NULL, _IOLBF, 0);
	caller = phone_open("/dev/potsim-b-1");
	callee = phone_open("/dev/potsim-b-2");
	port = open_port("/dev/pots0");
	tap = make_tap();
	server_open(&server);

	figures_read(figures, F_COUNT, argv[5]);

	progress("the kernel alone");
	debounce = debounce_ms(port);
	measure_ioctl(port, caller);
	measure_kernel();
	progress("sixty refused calls");
	agent = agent_start(argv[1], argv[2], argv[4]);
	wait_claimed(port);
	sleep_ms(500);
	for (unsigned int run = 0; run < RUNS * 3; run++)
		measure_refusal(&server, tap, caller, run, codes[run % 3], debounce);
	progress("a call");
	measure_call(agent, caller, callee);
	progress("calls to nobody");
	measure_uas(&server, agent);
	agent_stop(agent);
	progress("twenty starts, each with half a minute of nothing");
	measure_registered(&server, argv[1], argv[3], port);

	return figures_print(figures, F_COUNT, argv[6]) ? 1 : 0;
}
