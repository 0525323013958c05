// SPDX-License-Identifier: GPL-2.0-or-later
/* How often each command was tried, and how often it was let do something. */
#include "fuzz.h"

#include <stdio.h>

#define NAMES_MAX	64

static struct entry {
	const char *name;
	unsigned long tried, done;
} entries[NAMES_MAX];

/* Any thread may be the first to find a place free. */
static struct entry *entry_of(const char *name)
{
	for (struct entry *entry = entries; entry < entries + NAMES_MAX; entry++) {
		const char *there = NULL;

		if (__atomic_compare_exchange_n(&entry->name, &there, name, false,
						__ATOMIC_RELAXED, __ATOMIC_RELAXED) ||
		    there == name)
			return entry;
	}
	return NULL;
}

void tally(const char *name, bool success)
{
	struct entry *entry = entry_of(name);

	__atomic_add_fetch(&entry->tried, 1, __ATOMIC_RELAXED);
	__atomic_add_fetch(&entry->done, success, __ATOMIC_RELAXED);
}

bool tally_tell(void)
{
	bool all = true;

	for (const struct entry *entry = entries; entry->name; entry++) {
		printf("# %-20s %7lu of %7lu\n", entry->name, entry->done, entry->tried);
		all = all && entry->done;
	}
	return all;
}
