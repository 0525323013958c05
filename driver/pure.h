/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pure: lets the files without side effects (tone, hook, dtmf, cadence) be
 * compiled in the kernel and, unchanged, in a userspace test or fuzzer.
 */
#ifndef _POTS_PURE_H
#define _POTS_PURE_H

#ifdef __KERNEL__
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include <linux/types.h>
#else
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int8_t s8;
typedef int16_t s16;
typedef int32_t s32;
typedef int64_t s64;

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define min(a, b)	((a) < (b) ? (a) : (b))
#define max(a, b)	((a) > (b) ? (a) : (b))
#define clamp(v, lo, hi) min(max(v, lo), hi)
#define div_u64(n, d)	((u64)(n) / (u32)(d))
#define div_s64(n, d)	((s64)(n) / (s32)(d))
#endif

#endif /* _POTS_PURE_H */
