// SPDX-License-Identifier: GPL-2.0-only
/* A port's timers whose end is something to do with the chip. */
#include "pots_core.h"
#include "compat.h"

static enum hrtimer_restart over(struct hrtimer *hrtimer)
{
	struct pots_timer *timer = container_of(hrtimer, struct pots_timer, hrtimer);

	pots_port_todo(timer->port, timer->todo);
	return HRTIMER_NORESTART;
}

void pots_timer_init(struct pots_timer *timer, struct pots_port *port, enum pots_todo todo)
{
	timer->port = port;
	timer->todo = todo;
	hrtimer_setup(&timer->hrtimer, over, CLOCK_MONOTONIC, HRTIMER_MODE_ABS);
}
EXPORT_SYMBOL_GPL(pots_timer_init);
