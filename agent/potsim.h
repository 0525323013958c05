/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * potsim: what its parts share.
 */
#ifndef POTSIM_H
#define POTSIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/pots_sim.h>

#define EXIT_LATE	1
#define EXIT_USAGE	2
#define EXIT_ERROR	3

#define LINES_MAX	16
#define SAMPLES_HZ	8000

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

/**
 * struct options - everything that may be said with --
 * @fxs:	telephones of a new board
 * @fxo:	lines to an exchange of a new board
 * @set:	KEY=VALUE of a new board, NULL-terminated
 * @sets:	how many
 * @json:	for programs
 * @line:	listen to the wire
 * @seconds:	to listen
 * @timeout:	to wait
 * @dialling:	see there
 * @caller:	NUMBER[,NAME] of who calls, NULL = it is not sent
 * @way:	how that is sent
 * @rings:	periods of ringing, 0 = until it is answered
 * @pulses:	of metering, or of a lamp
 * @reversal:	an answer reverses the polarity
 */
struct options {
	unsigned int fxs;
	unsigned int fxo;
	char *set[17];
	unsigned int sets;
	bool json;
	bool line;
	double seconds;
	double timeout;
	struct dialling dialling;
	const char *caller;
	const char *way;
	unsigned int rings;
	unsigned int pulses;
	bool reversal;
};

__attribute__((noreturn, format(printf, 1, 2)))
void wrong(const char *format, ...);
__attribute__((noreturn, format(printf, 1, 2)))
void fail(const char *format, ...);
double number(const char *text, double min, double max, const char *what);

/* potsim_board.c */
int do_board(int argc, char **argv, struct options *o);

/* potsim_phone.c */
int do_phone(int argc, char **argv, struct options *o);

/* potsim_exchange.c */
int do_exchange(int argc, char **argv, struct options *o);

/* ------------------------------------- potsim_far.c: what both far ends do --- */

/**
 * struct far_state - what is the same in the states of both
 * @steps:	that wait or run
 * @mic_waiting: samples that are not spoken yet
 * @ear_lost:	samples that nobody read in time
 */
struct far_state {
	uint32_t steps;
	uint32_t mic_waiting;
	uint32_t ear_lost;
};

/**
 * struct far - the far end that was named
 * @path:	its node
 * @get:	its state, what is the same
 */
struct far {
	char path[128];
	void (*get)(int fd, struct far_state *state);
};

extern struct far far;

/* @name: NAME/K; @prefix: of K in the node; @what it is, for people. */
int far_open(const char *name, const char *prefix, const char *what);
void far_ioctl(int fd, unsigned long command, void *argument);
void far_queue(int fd, const struct pots_sim_queue *q);
void far_wait_until_idle(int fd);
int far_say(int fd, const char *path);
int far_hear(int fd, const char *path, double seconds, bool line);

/* Until the state's bits of @mask are those of @value, for @timeout seconds. */
int far_wait_state(int fd, uint32_t mask, uint32_t value, uint32_t (*bits)(int fd),
		   double timeout);
/* Half a second of silence, or the tone named, in what is heard from now on. */
int far_wait_sound(int fd, const char *name, double timeout);
/* A KEY=VALUE of which @names has the key: which; else it is an error. */
size_t far_key(const char *word, const char *const *names, const char *what);

struct far_bit {
	unsigned int bit;
	const char *name;
};

enum far_kind { FAR_UNSIGNED, FAR_SIGNED, FAR_TEXT };

struct far_field {
	const char *name;
	size_t at;
	size_t size;
	enum far_kind kind;
};

/* All of a state, whose @bits have names up to NULL, and whose fields have. */
void far_print(const void *state, unsigned int bits, const struct far_bit *bit,
	       const struct far_field *field, bool json);

#endif /* POTSIM_H */
