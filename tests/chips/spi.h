/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The chips of a chain as spidev gives them, without a driver of ours. */
#ifndef POTS_TESTS_CHIPS_SPI_H
#define POTS_TESTS_CHIPS_SPI_H

#include <linux/spi/spidev.h>
#include <stdint.h>
#include <sys/ioctl.h>

#include "../uapi/clock.h"
#include "../unit/ktap.h"

#define SPI_BYTES_MAX	4

static inline double now_ms(void)
{
	return now_ns() / 1e6;
}

/* Chip select rises after each byte. Returns what came with the last. */
static inline uint8_t spi_access(int spi, const uint8_t *byte, unsigned int count)
{
	struct spi_ioc_transfer transfer[SPI_BYTES_MAX] = {};
	uint8_t answer[SPI_BYTES_MAX];
	unsigned int i;

	for (i = 0; i < count; i++) {
		transfer[i].tx_buf = (uintptr_t)&byte[i];
		transfer[i].rx_buf = (uintptr_t)&answer[i];
		transfer[i].len = 1;
		transfer[i].cs_change = i + 1 < count;
	}
	CHECK(ioctl(spi, SPI_IOC_MESSAGE(count), transfer) == (int)count, "no transfer");
	return answer[count - 1];
}

#endif /* POTS_TESTS_CHIPS_SPI_H */
