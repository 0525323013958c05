// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The layout as a 32-bit program sees it: compiled with -m32 and never linked,
 * so it fails by not compiling.
 */
#include "layout.h"

#define SIZE(name, bytes) \
	_Static_assert(sizeof(struct name) == (bytes), #name);
#define AT(name, field, offset) \
	_Static_assert(offsetof(struct name, field) == (offset), #name "." #field);
POTS_LAYOUT(SIZE, AT)

#define COMMAND(name, direction, number, bytes)				\
	_Static_assert(_IOC_DIR(name) == (direction) &&			\
		       _IOC_TYPE(name) == POTS_IOC_MAGIC &&		\
		       _IOC_NR(name) == (number) &&			\
		       _IOC_SIZE(name) == (bytes), #name);
POTS_COMMANDS(COMMAND)
