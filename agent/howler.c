// SPDX-License-Identifier: GPL-2.0-or-later
#include "howler.h"

#include <linux/pots.h>

#include "agent.h"

#define STEP_DB	5

/* dB that are still missing when it begins. */
static unsigned int rise(const struct line *line)
{
	return line_setting(line, offsetof(struct port_settings, howler_rise_db), 0);
}

/* Steps of one length, the last of them as loud as the tone is written. */
static void wait(struct line *line)
{
	unsigned int steps = (rise(line) + STEP_DB - 1) / STEP_DB + 1;

	line->howler.repeat = line->howler_db ? line->profile.howler_ms / 1000. / steps : 0.;
	ev_timer_again(line->agent->loop, &line->howler);
}

static int play(struct line *line)
{
	wait(line);
	return port_tone(line->port, POTS_TONE_HOWLER, -100 * (int)line->howler_db);
}

int howler_begin(struct line *line)
{
	line->howler_db = rise(line);
	return play(line);
}

static void louder(struct ev_loop *loop, ev_timer *timer, int revents)
{
	struct line *line = timer->data;

	(void)loop;
	(void)revents;
	line->howler_db -= line->howler_db < STEP_DB ? line->howler_db : STEP_DB;
	play(line);
}

void howler_step(struct line *line)
{
	if (line->call.state != CALL_HOWLER)
		ev_timer_stop(line->agent->loop, &line->howler);
}

void howler_init(struct line *line)
{
	ev_init(&line->howler, louder);
	line->howler.data = line;
}

void howler_free(struct line *line)
{
	ev_timer_stop(line->agent->loop, &line->howler);
}
