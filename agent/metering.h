/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * metering: a call that costs money makes the subscriber's charge meter count, by
 * pulses on the line. What a call costs is the config's: so many pulses when it is
 * answered, and one each interval.
 */
#ifndef POTS_AGENT_METERING_H
#define POTS_AGENT_METERING_H

#include <ev.h>
#include <stdbool.h>

struct line;

/* Signals, their values those of POTS_METER_* less one. */
#define METERING_NAMES	"12khz 16khz reversal"

struct metering {
	bool on;		/* the call costs */
	unsigned int pulses;	/* of this call, those owed among them */
	unsigned int owed;	/* and not sent yet */
	ev_timer timer;		/* the next one */
};

void metering_init(struct line *line);
void metering_free(struct line *line);
/* The line has entered another state. */
void metering_step(struct line *line);

#endif /* POTS_AGENT_METERING_H */
