/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sandbox: what the daemon may still ask of the kernel once it runs. Who takes
 * it over by way of the network can start no program and no process.
 */
#ifndef POTS_AGENT_SANDBOX_H
#define POTS_AGENT_SANDBOX_H

/*
 * For all threads and for ever. 0, -EOPNOTSUPP (not on this architecture, or
 * the kernel has it not) or another negative errno: then there is none.
 */
int sandbox_enter(void);

#endif /* POTS_AGENT_SANDBOX_H */
