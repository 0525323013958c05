// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the model of the Si3210 does and no driver here asks of it: the daisy
 * chain, the DTMF decoder, a battery that leaks. The board's three chips are a
 * chain; its user is this program, through spidev. Times hold in virtual time.
 *
 * usage: model SPIDEV TELEPHONE
 */
#include <fcntl.h>
#include <linux/pots_sim.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "spi.h"

/* Registers, a copy of our own. */
#define SPI_MODE	0
#define CHAINED		0x80
#define TXS		2	/* what is written there has no consequence */
#define POWER1		14
#define DCOF		0x10
#define STATUS3		20
#define ENABLE3		23
#define DTMFP		0x01
#define DTMF		24
#define VAL		0x10
#define IDA		28
#define IAA		30
#define LINEFEED	64
#define AUTO		67
#define VBATS1		82
#define READ		0x80

#define CHIPS		3
#define ALL		((1 << CHIPS) - 1)

static int spi, phone;

static uint8_t get(uint8_t select, uint8_t reg)
{
	return spi_access(spi, (const uint8_t []){ select, READ | reg, 0 }, 3);
}

static void set(uint8_t select, uint8_t reg, uint8_t value)
{
	spi_access(spi, (const uint8_t []){ select, reg, value }, 3);
}

static void set_in_two_bytes(uint8_t reg, uint8_t value)
{
	spi_access(spi, (const uint8_t []){ reg, value }, 2);
}

/* ---------------------------------------------------------------- chain --- */

static void each_chip_has_its_bit(void)
{
	unsigned int i;

	for (i = 0; i < CHIPS; i++)
		set(1 << i, TXS, 0x11 << i);
	for (i = 0; i < CHIPS; i++)
		CHECK(get(1 << i, TXS) == 0x11 << i, "chip %u: %#x", i, get(1 << i, TXS));
	set(0x06, TXS, 0x77);
	CHECK(get(0x01, TXS) == 0x11, "the first is not meant: %#x", get(0x01, TXS));
	CHECK(get(0x02, TXS) == 0x77 && get(0x04, TXS) == 0x77, "two at once");
}

static void nobody_answers_for_another(void)
{
	set(ALL, TXS, 0x5a);
	CHECK(get(0x08, TXS) == 0xff, "%#x", get(0x08, TXS));
	CHECK(get(0x00, TXS) == 0xff, "%#x", get(0x00, TXS));
	set(0x08, TXS, 0);
	CHECK(get(ALL, TXS) == 0x5a, "%#x", get(ALL, TXS));
}

static void data_pass_unchanged(void)
{
	static const uint8_t data[] = { 0x00, 0x01, 0x55, 0xaa, 0x80, 0xff };
	unsigned int i;

	for (i = 0; i < sizeof(data); i++) {
		set(0x04, TXS, data[i]);
		CHECK(get(0x04, TXS) == data[i], "%#x for %#x", get(0x04, TXS), data[i]);
	}
}

/* Chips that are no chain hear all, and answer all at once. */
static void a_chain_is_left_and_entered(void)
{
	uint8_t answer;

	set(0x01, TXS, 0x3f);
	set(0x02, TXS, 0xfc);
	set(0x04, TXS, 0xff);
	set(ALL, SPI_MODE, 0);
	answer = spi_access(spi, (const uint8_t []){ READ | TXS, 0 }, 2);
	CHECK(answer == 0x3c, "%#x", answer);
	set_in_two_bytes(TXS, 0x42);
	set_in_two_bytes(SPI_MODE, CHAINED);
	CHECK(get(0x01, TXS) == 0x42 && get(0x02, TXS) == 0x42 && get(0x04, TXS) == 0x42,
	      "not all heard it");
}

/* ----------------------------------------------------------------- DTMF --- */

static const uint32_t row_mhz[] = { 697000, 770000, 852000, 941000 };
static const uint32_t col_mhz[] = { 1209000, 1336000, 1477000, 1633000 };
static const uint8_t code[4][4] = {
	{ 1, 2, 3, 13 }, { 4, 5, 6, 14 }, { 7, 8, 9, 15 }, { 11, 10, 12, 0 },
};

/* The lower tone's peak, and the upper's. */
static const uint16_t even[] = { 5000, 5000 };

static struct pots_sim_step digit(unsigned int row, unsigned int col, unsigned int on_ms,
				  unsigned int off_ms, const uint16_t *peak)
{
	return (struct pots_sim_step) {
		.kind = POTS_SIM_STEP_TONES,
		.on_us = on_ms * 1000,
		.off_us = off_ms * 1000,
		.mhz = { row_mhz[row], col_mhz[col] },
		.peak = { peak[0], peak[1] },
	};
}

/* One or two digits, from now on. */
static void dial(struct pots_sim_step first, const struct pots_sim_step *second)
{
	struct pots_sim_queue queue = {
		.count = second ? 2 : 1,
		.flags = POTS_SIM_QUEUE_F_FLUSH,
		.step[0] = first,
	};

	if (second)
		queue.step[1] = *second;
	CHECK(!ioctl(phone, POTS_SIM_QUEUE, &queue), "dial");
}

/* Waits until a register's bits are so; the time since @begin, or 1000. */
static double wait_reg(uint8_t reg, uint8_t mask, uint8_t value, double begin)
{
	while ((get(1, reg) & mask) != value) {
		if (now_ms() - begin > 500)
			return 1000;
		usleep(500);
	}
	return now_ms() - begin;
}

static void set_indirect(uint8_t reg, uint16_t value)
{
	set(1, IDA, value & 0xff);
	set(1, IDA + 1, value >> 8);
	set(1, IAA, reg);
	usleep(100);
}

/* The line is fed, the decoder set up as the data sheet has it, nothing told. */
static void prepare(uint8_t enabled)
{
	static const uint16_t threshold[] = { 0x202, 0x202, 0x198, 0x198, 0x611, 0x202 };
	unsigned int i;

	sleep_ms(150);
	set(1, AUTO, 0);
	set(1, POWER1, 0);
	set(1, LINEFEED, 1);
	for (i = 0; i < sizeof(threshold) / sizeof(threshold[0]); i++)
		set_indirect(5 + i, threshold[i]);
	set(1, ENABLE3, enabled);
	sleep_ms(50);
	set(1, STATUS3, 0xff);
}

static void a_digit_is_told_after_two_blocks(void)
{
	unsigned int i;

	prepare(DTMFP);
	for (i = 0; i < 16; i++) {
		double begin = now_ms(), told, gone;
		uint8_t seen;

		dial(digit(i / 4, i % 4, 60, 60, even), NULL);
		told = wait_reg(STATUS3, DTMFP, DTMFP, begin);
		seen = get(1, DTMF);
		CHECK(told >= 26 && told <= 43.5, "digit %u after %.1f ms", i, told);
		CHECK(seen == (VAL | code[i / 4][i % 4]), "digit %u is %#x", i, seen);
		set(1, STATUS3, DTMFP);
		gone = wait_reg(DTMF, VAL, 0, begin) - 60;
		CHECK(gone >= 18.5 && gone <= 36, "digit %u for %.1f ms more", i, gone);
		CHECK(!(get(1, STATUS3) & DTMFP), "told again");
		sleep_ms(20);
	}
}

static void a_short_tone_is_no_digit(void)
{
	prepare(DTMFP);
	dial(digit(1, 1, 22, 60, even), NULL);
	sleep_ms(120);
	CHECK(!get(1, STATUS3), "22 ms are told");
	dial(digit(1, 1, 45, 60, even), NULL);
	sleep_ms(120);
	CHECK(get(1, STATUS3) == DTMFP, "45 ms are not");
}

/* Nothing is kept: who is late finds the last one, and no sign of the first. */
static void the_next_digit_takes_its_place(void)
{
	struct pots_sim_step second = digit(0, 1, 50, 50, even);
	double begin = now_ms(), first, next;

	prepare(DTMFP);
	dial(digit(0, 0, 50, 50, even), &second);
	sleep_ms(250);
	CHECK(get(1, STATUS3) == DTMFP, "not told");
	CHECK(get(1, DTMF) == 2, "%#x is not the last", get(1, DTMF));
	set(1, STATUS3, DTMFP);
	CHECK(!get(1, STATUS3), "the first was kept");

	prepare(DTMFP);
	begin = now_ms();
	dial(digit(0, 0, 50, 50, even), &second);
	first = wait_reg(DTMF, 0x0f, 1, begin);
	next = wait_reg(DTMF, 0x0f, 2, begin);
	CHECK(next - first >= 84 && next < 500, "there for %.1f ms", next - first);
}

static void what_is_not_enabled_is_not_told(void)
{
	prepare(0);
	get(1, DTMF);
	dial(digit(2, 2, 60, 60, even), NULL);
	CHECK(wait_reg(DTMF, 0xff, VAL | 9, now_ms()) < 100, "not decoded");
	CHECK(!get(1, STATUS3), "status %#x", get(1, STATUS3));
}

static bool is_told(const uint16_t *peak)
{
	bool told;

	set(1, STATUS3, 0xff);
	dial(digit(1, 2, 60, 60, peak), NULL);
	sleep_ms(150);
	told = get(1, STATUS3) & DTMFP;
	return told;
}

/* 3.5 dB of twist, either way, with room for 6 dB and for none. */
static void thresholds_are_the_registers(void)
{
	static const uint16_t forward[] = { 4000, 6000 }, reverse[] = { 6000, 4000 };

	prepare(DTMFP);
	CHECK(is_told(forward) && is_told(reverse), "not told");
	set_indirect(5, 0x7f0);
	CHECK(!is_told(forward) && is_told(reverse), "forward twist");
	set_indirect(5, 0x202);
	set_indirect(6, 0x7f0);
	CHECK(is_told(forward) && !is_told(reverse), "reverse twist");
	set_indirect(6, 0x202);
	set_indirect(7, 0);
	CHECK(!is_told(forward), "other rows");
	set_indirect(7, 0x198);
	set_indirect(10, 0);
	CHECK(!is_told(forward), "second harmonic");
}

/* -------------------------------------------------------------- battery --- */

static void inject(const char *command)
{
	FILE *file = fopen("/sys/kernel/debug/pots-sim/sim/1", "w");

	CHECK(file && fputs(command, file) >= 0 && !fclose(file), "%s", command);
}

/* Per cent of the battery that are left 200 ms after the converter stopped. */
static unsigned int left_percent(void)
{
	unsigned int full;

	set(1, LINEFEED, 0);
	set(1, POWER1, 0);
	sleep_ms(150);
	full = get(1, VBATS1);
	CHECK(full > 100, "no battery: %u", full);
	set(1, POWER1, DCOF);
	sleep_ms(200);
	return full ? get(1, VBATS1) * 100 / full : 0;
}

static void a_leak_drains_the_battery(void)
{
	unsigned int left = left_percent();

	CHECK(left >= 75 && left < 90, "%u %% without a leak", left);
	inject("always leak");
	left = left_percent();
	inject("clear");
	CHECK(left < 25, "%u %% with one", left);
}

static const struct ktap_test tests[] = {
	TEST(each_chip_has_its_bit),
	TEST(nobody_answers_for_another),
	TEST(data_pass_unchanged),
	TEST(a_chain_is_left_and_entered),
	TEST(a_digit_is_told_after_two_blocks),
	TEST(a_short_tone_is_no_digit),
	TEST(the_next_digit_takes_its_place),
	TEST(what_is_not_enabled_is_not_told),
	TEST(thresholds_are_the_registers),
	TEST(a_leak_drains_the_battery),
};

int main(int argc, char **argv)
{
	const struct pots_sim_step lift = { .kind = POTS_SIM_STEP_OFFHOOK };
	struct pots_sim_queue queue = { .count = 1, .step[0] = lift };

	if (argc < 3)
		return 2;
	spi = open(argv[1], O_RDWR);
	phone = open(argv[2], O_RDWR | O_NONBLOCK);
	if (spi < 0 || phone < 0 || ioctl(phone, POTS_SIM_QUEUE, &queue)) {
		perror("model");
		return 1;
	}
	set_in_two_bytes(SPI_MODE, CHAINED);
	return ktap_run(tests, sizeof(tests) / sizeof(tests[0]), argc - 2, argv + 2);
}
