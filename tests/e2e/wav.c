// SPDX-License-Identifier: GPL-2.0-or-later
#include "wav.h"

#include <stdio.h>

#define HEADER	44	/* as potsim writes it */

size_t wav_read(const char *path, int16_t *samples, size_t max)
{
	FILE *file = fopen(path, "rb");
	size_t count = 0;

	if (!file)
		return 0;
	if (!fseek(file, HEADER, SEEK_SET))
		count = fread(samples, sizeof(*samples), max, file);
	fclose(file);
	return count;
}
