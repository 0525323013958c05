/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bench: the figures of pots, each measured at the ear or on the wire.
 *
 * Runs inside the virtual machine, in virtual time, where 8 ns are one
 * instruction. All times are CLOCK_MONOTONIC in ns.
 */
#ifndef POTS_BENCH_H
#define POTS_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <linux/pots.h>
#include <linux/pots_sim.h>

#define SERVER_PORT	5070
#define AGENT_PORT	5060
#define RUNS_MAX	100

__attribute__((noreturn, format(printf, 1, 2)))
void fail(const char *format, ...);
uint64_t now_ns(void);
void sleep_ms(unsigned int ms);

/* ------------------------------------------------------------ figures --- */

enum unit {
	UNIT_MS, UNIT_MS_A_SECOND, UNIT_MB, UNIT_KB, UNIT_SECONDS, UNIT_COUNT,
	UNIT_INSTRUCTIONS,
};

struct figure {
	const char *name;
	const char *what;
	enum unit unit;
	double limit;		/* what the project promises for the median */
	double worst_limit;	/* and for the worst, 0 = the same promise is not made */
	double value[RUNS_MAX];
	unsigned int count;
};

void figure_add(struct figure *figure, double value);
/* Figures that were taken elsewhere: lines "name value". */
void figures_read(struct figure *figures, size_t count, const char *path);
/* The table, and the JSON; returns how many promises are not kept. */
unsigned int figures_print(const struct figure *figures, size_t count,
			   const char *json_path);

/* -------------------------------------------------- phone.c: subscriber --- */

int phone_open(const char *path);
void phone_state(int fd, struct pots_sim_state *state);
void phone_steps(int fd, const struct pots_sim_step *step, unsigned int count);
void phone_hook(int fd, bool off_hook);
/* Dials by tones; returns when the last one has been sent. */
void phone_dial(int fd, const char *digits);
/* Waits for the first sample, or the open loop, after @since_ns; 0 = none came. */
uint64_t phone_sound_after(int fd, uint64_t since_ns, unsigned int timeout_ms);
uint64_t phone_open_after(int fd, uint64_t since_ns, unsigned int timeout_ms);
/* Mouth of @from to ear of @to: one click, ns; 0 = it did not arrive. */
uint64_t phone_click(int from, int to);

/* ------------------------------------------------------ server.c: wire --- */

struct server {
	int fd;
	uint64_t invite_ns;	/* arrival of the last INVITE */
	uint64_t answer_ns;	/* just before the final answer was sent */
	uint64_t ack_ns;
	uint64_t register_ns;
};

void server_open(struct server *server);
/* Waits for an INVITE and answers it: 100, and after @think_ms the final code. */
void server_refuse(struct server *server, int code, unsigned int think_ms);
void server_await_register(struct server *server);
/* Calls a number that does not exist; returns when the 404 was acknowledged. */
void server_call_nobody(struct server *server, unsigned int serial);
/* Drops what came and was not read yet, the un-REGISTER of the last agent say. */
void server_forget(struct server *server);

/* ------------------------------------------------------ agent.c: potsd --- */

pid_t agent_start(const char *program, const char *config, const char *preload);
void agent_stop(pid_t pid);
uint64_t agent_cpu_ns(pid_t pid);
uint64_t agent_wakeups(pid_t pid);
double agent_pss_mb(pid_t pid);

/* ----------------------------------------------------- kernel.c: costs --- */

struct board_cost {
	uint64_t ticks, core_ns, model_ns;
};

struct board_cost board_cost(const char *board);
void measure_lines(const char *board, unsigned int lines, double *core_ms,
		   unsigned int runs);
void measure_tick(const char *board, struct figure *figure, unsigned int runs);

/* -------------------------------------------------------- tap.c: events --- */

/*
 * What potsd was told by the kernel, as a preloaded read() saw it pass: the
 * event's own stamp is the tone's beginning, before anyone can know the digit.
 */
#define TAP_PATH	"/tmp/pots-bench-tap"
struct tap {
	volatile uint64_t digit_ns;	/* when it read the last POTS_EVENT_DTMF_START */
};

#endif /* POTS_BENCH_H */
