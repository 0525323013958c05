/* SPDX-License-Identifier: GPL-2.0-or-later */
/* virtual_time: a clock that the target turns. */
#ifndef POTS_FUZZ_VIRTUAL_TIME_H
#define POTS_FUZZ_VIRTUAL_TIME_H

#include <stdbool.h>
#include <stdint.h>

/* While @on, clock_gettime() tells our time. */
void virtual_time(bool on);
void virtual_time_pass(unsigned int ms);

#endif /* POTS_FUZZ_VIRTUAL_TIME_H */
