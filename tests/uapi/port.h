/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tests of the port's interface share: ports, events, telephones.
 *
 * Ports are those of POTS_PORTS ("pots0 pots1"), or all that are there. A port
 * of a simulated board has a telephone, whose hook the tests move; on real
 * ports the tests that need one are skipped.
 */
#ifndef POTS_TEST_PORT_H
#define POTS_TEST_PORT_H

#include <errno.h>
#include <linux/pots.h>
#include <linux/pots_sim.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>

#include "clock.h"

#define SETTLE_MS	6000	/* any line comes to rest within this time */
#define PORTS_MAX	64

/* Milliseconds that a time may be too long: @tight in virtual time. */
unsigned int slack_ms(unsigned int tight);

/* The least that a time of @ms may be; two late stamps may be any time apart. */
unsigned int least_ms(unsigned int ms, unsigned int tight);

/* --------------------------------------------------------------- ports --- */

/* How many ports there are, and their ids, ascending. */
unsigned int port_list(unsigned int ids[PORTS_MAX]);

/* The id of a port: number @nth of the list, or -1. */
int port_nth(unsigned int nth);

/* A new observer, or -1 with errno. */
int port_open(unsigned int id, int flags);

/* A new claim, or -1 with errno. */
int port_claim(int observer, unsigned int watchdog_ms);

/* Unbinds the chip's driver, or binds it again; 0 or an errno. */
int port_unplug(unsigned int id);
int port_plug(void);

/* Waits until it can be opened; false: too late. */
bool port_wait(unsigned int id, unsigned int timeout_ms);

/* The errno of an ioctl, 0 when it succeeds. */
static inline int err_of(int fd, unsigned long command, void *argument)
{
	return ioctl(fd, command, argument) < 0 ? errno : 0;
}

uint32_t state_of(int fd);

/* Waits until the bits of @mask in the state are @value; false: too late. */
bool state_wait(int fd, uint32_t mask, uint32_t value, unsigned int timeout_ms);

/* -------------------------------------------------------------- events --- */

/* Reads one event; false when none comes in time. */
bool event_next(int observer, struct pots_event *event, unsigned int timeout_ms);

/* Reads up to and with the next event of a type; false when none comes in time. */
bool event_wait(int observer, unsigned int type, struct pots_event *event,
		unsigned int timeout_ms);

/* The same for the next of a type that has this value. */
bool event_wait_value(int observer, unsigned int type, unsigned int value,
		      unsigned int timeout_ms);

/* True when no event of this type comes for so long. */
bool event_absent(int observer, unsigned int type, unsigned int for_ms);

/* Forgets what is queued. */
void event_drain(int observer);

/* ---------------------------------------------------------------- line --- */

/* A port to work with: its observer, the claim made through it, a telephone. */
struct line {
	unsigned int id;
	int observer;
	int claim;
	int phone;		/* -1: it has none that we may move */
	struct pots_info info;
};

/* Opens and claims port number @nth, at rest; 0 or an errno. */
int line_open(struct line *line, unsigned int nth);

/* Puts the handset down, closes all, and waits for rest. */
void line_close(struct line *line);

/* Lifts the handset and waits for the event; false: too late. */
bool line_lift(struct line *line);
bool line_hang(struct line *line);

/* ----------------------------------------------------------- telephone --- */

/* The far end of a port on a simulated board, or -1. */
int phone_open(unsigned int id);

/* These begin at once and go on in the kernel; false with errno on failure. */
bool phone_lift(int phone);
bool phone_hang(int phone);
bool phone_flash(int phone, unsigned int open_us);
bool phone_dial(int phone, unsigned int pulses, unsigned int break_us,
		unsigned int make_us);

bool phone_state(int phone, struct pots_sim_state *state);

/* Waits until the bits of @mask in the telephone's state are @value. */
bool phone_wait(int phone, uint32_t mask, uint32_t value, unsigned int timeout_ms);

/* Reads so many samples from the ear that listens; false: too late. */
bool phone_hear(int phone, int16_t *samples, unsigned int count);

/* Takes what the ear that listens hears for so long, @max samples at most; how many. */
size_t phone_record(int phone, int16_t *samples, size_t max, unsigned int ms);

/* -------------------------------------------------------- wrong fields --- */

/* One field of a valid argument made wrong, and the errno that it earns. */
struct wrong {
	const char *what;
	size_t offset;
	size_t size;
	int64_t value;
	int error;
};

#define WRONG(type, field, bad, errno_)					\
	{ #field " = " #bad, offsetof(type, field),			\
	  sizeof(((type *)0)->field), (bad), (errno_) }

/* The errno that the argument earns with this field wrong. */
int wrong_try(int fd, unsigned long command, const void *valid,
	      const struct wrong *wrong);

#define EXPECT_REFUSED(fd, command, valid, table) do {			\
	for (size_t i_ = 0; i_ < sizeof(table) / sizeof((table)[0]); i_++) { \
		EXPECT_EQ((table)[i_].error,				\
			  wrong_try(fd, command, valid, &(table)[i_]))	\
			TH_LOG("%s", (table)[i_].what);			\
	}								\
} while (0)

/* An address that faults, and a page that may be read but not written. */
void *bad_pointer(void);
void *readonly_copy(const void *from, size_t size);

#endif /* POTS_TEST_PORT_H */
