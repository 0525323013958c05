// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sip_srv: the order in which RFC 2782 wants servers to be tried.
 */
#include "sip_srv.h"

static void swap(struct sip_srv *a, struct sip_srv *b)
{
	struct sip_srv t = *a;

	*a = *b;
	*b = t;
}

/* Those of weight 0 go first, so that they have a small chance too. */
static int before(const struct sip_srv *a, const struct sip_srv *b)
{
	if (a->priority != b->priority)
		return a->priority < b->priority;
	return !a->weight && b->weight;
}

/* Picks one of @n of the same priority and puts it in front. */
static void pick(struct sip_srv *srv, unsigned int n, unsigned int (*below)(unsigned int))
{
	unsigned int sum = 0, chosen, i;

	for (i = 0; i < n; i++)
		sum += srv[i].weight;
	chosen = below(sum + 1);
	for (sum = 0, i = 0; i < n; i++) {
		sum += srv[i].weight;
		if (sum >= chosen)
			break;
	}
	for (; i > 0; i--)	/* the others keep their order */
		swap(&srv[i], &srv[i - 1]);
}

void sip_srv_order(struct sip_srv *srv, unsigned int count,
		   unsigned int (*below)(unsigned int))
{
	unsigned int i, j, n;

	for (i = 1; i < count; i++)
		for (j = i; j > 0 && before(&srv[j], &srv[j - 1]); j--)
			swap(&srv[j], &srv[j - 1]);
	for (i = 0; i < count; i++) {
		for (n = 1; i + n < count && srv[i + n].priority == srv[i].priority; n++)
			;
		pick(&srv[i], n, below);
	}
}
