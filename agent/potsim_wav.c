// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * WAV files of 8 kHz, 16 bits, one channel.
 */
#include <errno.h>
#include <string.h>

#include "potsim_wav.h"

#define HEADER_LEN	44
#define FORMAT_LEN	16
#define RATE_HZ		8000

static const char not_ours[] = "not a WAV file of 8 kHz, 16 bits, mono "
			       "(sox FILE -r 8000 -b 16 -c 1 NEW.wav makes one)";

static uint32_t get_le(const uint8_t *p, unsigned int bytes)
{
	uint32_t value = 0;

	while (bytes--)
		value = value << 8 | p[bytes];
	return value;
}

static uint8_t *put_le(uint8_t *p, uint32_t value, unsigned int bytes)
{
	for (; bytes--; value >>= 8)
		*p++ = value;
	return p;
}

static int failed(struct wav *wav, const char *error)
{
	wav->error = error;
	if (wav->file)
		fclose(wav->file);
	wav->file = NULL;
	return -1;
}

static int format_is_ours(FILE *file)
{
	uint8_t format[FORMAT_LEN];

	return fread(format, sizeof(format), 1, file) == 1 &&
	       get_le(format, 2) == 1 && get_le(format + 2, 2) == 1 &&
	       get_le(format + 4, 4) == RATE_HZ && get_le(format + 14, 2) == 16;
}

/* Finds the samples, past whatever other chunks there are. */
static int find_samples(struct wav *wav)
{
	uint8_t chunk[8];
	int known = 0;

	while (fread(chunk, sizeof(chunk), 1, wav->file) == 1) {
		uint32_t len = get_le(chunk + 4, 4);

		if (!memcmp(chunk, "data", 4)) {
			wav->left = len / 2;
			return known ? 0 : -1;
		}
		if (!memcmp(chunk, "fmt ", 4)) {
			if (len < FORMAT_LEN || !format_is_ours(wav->file))
				return -1;
			known = 1;
			len -= FORMAT_LEN;
		}
		if (fseek(wav->file, len + (len & 1), SEEK_CUR))
			return -1;
	}
	return -1;
}

int wav_open(struct wav *wav, const char *path)
{
	uint8_t riff[12];

	*wav = (struct wav){ .file = fopen(path, "rbe") };
	if (!wav->file)
		return failed(wav, strerror(errno));
	if (fread(riff, sizeof(riff), 1, wav->file) != 1 || memcmp(riff, "RIFF", 4) ||
	    memcmp(riff + 8, "WAVE", 4) || find_samples(wav))
		return failed(wav, not_ours);
	return 0;
}

size_t wav_read(struct wav *wav, int16_t *samples, size_t n)
{
	size_t i;

	for (i = 0; i < n && wav->left; i++, wav->left--) {
		uint8_t bytes[2];

		if (fread(bytes, sizeof(bytes), 1, wav->file) != 1)
			break;
		samples[i] = (int16_t)get_le(bytes, 2);
	}
	return i;
}

static int write_header(struct wav *wav)
{
	uint8_t header[HEADER_LEN], *p = header;
	uint32_t bytes = wav->written * 2;

	memcpy(p, "RIFF", 4);
	p = put_le(p + 4, HEADER_LEN - 8 + bytes, 4);
	memcpy(p, "WAVEfmt ", 8);
	p = put_le(p + 8, FORMAT_LEN, 4);
	p = put_le(p, 1, 2);
	p = put_le(p, 1, 2);
	p = put_le(p, RATE_HZ, 4);
	p = put_le(p, RATE_HZ * 2, 4);
	p = put_le(p, 2, 2);
	p = put_le(p, 16, 2);
	memcpy(p, "data", 4);
	put_le(p + 4, bytes, 4);
	return fwrite(header, sizeof(header), 1, wav->file) == 1 ? 0 : -1;
}

int wav_create(struct wav *wav, const char *path)
{
	*wav = (struct wav){ .file = fopen(path, "wbe") };
	if (!wav->file || write_header(wav))
		return failed(wav, strerror(errno));
	return 0;
}

int wav_write(struct wav *wav, const int16_t *samples, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		uint8_t bytes[2];

		put_le(bytes, (uint16_t)samples[i], 2);
		if (fwrite(bytes, sizeof(bytes), 1, wav->file) != 1)
			return failed(wav, strerror(errno));
	}
	wav->written += n;
	return 0;
}

int wav_close(struct wav *wav)
{
	if (wav->written && (fseek(wav->file, 0, SEEK_SET) || write_header(wav)))
		return failed(wav, strerror(errno));
	if (fclose(wav->file)) {
		wav->file = NULL;
		return failed(wav, strerror(errno));
	}
	return 0;
}
