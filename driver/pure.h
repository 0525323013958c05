/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pure: lets the files without side effects (tone, hook, dtmf, cadence) be
 * compiled in the kernel and, unchanged, in a userspace test or fuzzer.
 */
#ifndef _POTS_PURE_H
#define _POTS_PURE_H

#ifdef __KERNEL__
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include <linux/types.h>
#else
#include <errno.h>
#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;
typedef __s8 s8;
typedef __s16 s16;
typedef __s32 s32;
typedef __s64 s64;

#define __cold		/* a matter of the kernel's size */
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define min(a, b) ({ \
	__typeof__(a) min_a = (a); \
	__typeof__(b) min_b = (b); \
	min_a < min_b ? min_a : min_b; \
})
#define max(a, b) ({ \
	__typeof__(a) max_a = (a); \
	__typeof__(b) max_b = (b); \
	max_a > max_b ? max_a : max_b; \
})
#define clamp(v, lo, hi) min(max(v, lo), hi)
#define min_t(type, a, b) min((type)(a), (type)(b))
#define max_t(type, a, b) max((type)(a), (type)(b))
#define clamp_t(type, v, lo, hi) clamp((type)(v), (type)(lo), (type)(hi))
#define div_u64(n, d)	((u64)(n) / (u32)(d))
#define div_s64(n, d)	((s64)(n) / (s32)(d))
#define EXPORT_SYMBOL_GPL(symbol) struct symbol	/* nothing, that ends with ; */
#endif

#endif /* _POTS_PURE_H */
