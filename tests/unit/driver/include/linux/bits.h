/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel's own has, for headers of registers in userspace.
 */
#ifndef POTS_TESTS_LINUX_BITS_H
#define POTS_TESTS_LINUX_BITS_H

#define BIT(n)		(1u << (n))
#define GENMASK(h, l)	((~0u >> (31 - (h))) & (~0u << (l)))

#endif /* POTS_TESTS_LINUX_BITS_H */
