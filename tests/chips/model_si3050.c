// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The model of the Si3050 and the exchange behind it, without a driver: three
 * chips are a daisy chain, whose user is this program, through spidev. Times
 * hold in virtual time.
 *
 * usage: model_si3050 SPIDEV EXCHANGE
 */
#include <fcntl.h>
#include <linux/pots_sim.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "spi.h"

/* Registers, a copy of our own. */
#define CONTROL1	1
#define SR		0x80
#define CONTROL2	2
#define INTERRUPT	4
#define RDT_I		0x80
#define FDT_I		0x20
#define BTD_I		0x10
#define DOD_I		0x08
#define POL_I		0x01
#define DAA1		5
#define RDTN		0x40
#define RDTP		0x20
#define ONHM		0x08
#define RDT		0x04
#define OH		0x01
#define DAA2		6
#define ID		11
#define STATUS		12
#define LINE_REV	13
#define INTL1		16
#define OHS		0x40
#define INTL2		17
#define CALD		0x20
#define OPE		0x08
#define BTE		0x04
#define BTD		0x01
#define INTL3		18
#define RFWE		0x02
#define INTL4		19
#define RING1		22
#define RING2		23
#define RING3		24
#define RNGV		0x80
#define DC_TERM		26
#define LCS2		28
#define LVS		29
#define DAA5		31
#define OHS2		0x08
#define LVFD		0x01
#define TX_GAIN		38	/* what is written there has no consequence */

#define READ		0x60
#define WRITE		0x20

#define CHIPS		3

static const uint8_t channel[CHIPS] = { 0x0, 0x8, 0x4 };
static int spi, exchange;

static uint8_t get_of(unsigned int chip, uint8_t reg)
{
	return spi_access(spi, (const uint8_t []){ READ | channel[chip], reg, 0 }, 3);
}

static void set_of(unsigned int chip, uint8_t reg, uint8_t value)
{
	spi_access(spi, (const uint8_t []){ WRITE | channel[chip], reg, value }, 3);
}

static uint8_t get(uint8_t reg)
{
	return get_of(0, reg);
}

static void set(uint8_t reg, uint8_t value)
{
	set_of(0, reg, value);
}

static struct pots_sim_exchange_state state(void)
{
	struct pots_sim_exchange_state now = {};

	CHECK(!ioctl(exchange, POTS_SIM_GET_EXCHANGE_STATE, &now), "no exchange");
	return now;
}

static void step(struct pots_sim_step what)
{
	struct pots_sim_queue queue = {
		.count = 1,
		.flags = POTS_SIM_QUEUE_F_FLUSH,
		.step[0] = what,
	};

	CHECK(!ioctl(exchange, POTS_SIM_QUEUE, &queue), "step %u", what.kind);
}

static void do_step(unsigned int kind, unsigned int count)
{
	step((struct pots_sim_step){ .kind = kind, .count = count });
}

static void inject(const char *command)
{
	FILE *file = fopen("/sys/kernel/debug/pots-sim/sim/x1", "w");

	CHECK(file && fputs(command, file) >= 0 && !fclose(file), "%s", command);
}

/* Waits until a register's bits are so; the time since @begin, or 9999. */
static double wait_reg(uint8_t reg, uint8_t mask, uint8_t value, double begin)
{
	while ((get(reg) & mask) != value) {
		if (now_ms() - begin > 3000)
			return 9999;
		usleep(500);
	}
	return now_ms() - begin;
}

/* A chip as after reset, its link up and its sources cleared. */
static void prepare(void)
{
	static const struct pots_sim_exchange usual = {
		.battery_mv = 48000, .feed_ohm = 1000, .parallel_ohm = 300,
		.ring_mhz = 20000, .ring_mv = 75000, .ring_dc_mv = 48000,
		.ring_us = { 2000000, 4000000 }, .dial_us = 200000,
		.break_us = 120000, .gap_us = 250000, .release_us = 1000000,
	};

	inject("clear");
	step((struct pots_sim_step){ .kind = POTS_SIM_STEP_BATTERY, .count = 1 });
	do_step(POTS_SIM_STEP_POLARITY, 0);
	do_step(POTS_SIM_STEP_PARALLEL, 0);
	CHECK(!ioctl(exchange, POTS_SIM_SET_EXCHANGE, &usual), "set");
	set(CONTROL1, SR);
	sleep_ms(1200);
	set(DAA2, 0);
	CHECK(wait_reg(ID, 0xf0, 0x30, now_ms()) < 250, "no link");
	sleep_ms(100);
	set(INTERRUPT, 0);
}

/* ------------------------------------------------------------- accesses --- */

static void each_chip_has_its_channel(void)
{
	unsigned int i;

	for (i = 0; i < CHIPS; i++)
		set_of(i, TX_GAIN, 0x11 + i);
	for (i = 0; i < CHIPS; i++)
		CHECK(get_of(i, TX_GAIN) == 0x11 + i, "chip %u: %#x", i, get_of(i, TX_GAIN));
	CHECK(spi_access(spi, (const uint8_t []){ READ | 0xc, TX_GAIN, 0 }, 3) == 0xff, "a fourth chip");
	spi_access(spi, (const uint8_t []){ 0x80 | WRITE, TX_GAIN, 7 }, 3);
	for (i = 0; i < CHIPS; i++)
		CHECK(get_of(i, TX_GAIN) == 7, "not for chip %u", i);
}

/* Lost in an access: fill bytes, or chip selects without a byte. */
static void a_chip_finds_back(void)
{
	struct spi_ioc_transfer nothing = { .len = 0 };
	unsigned int lost;

	for (lost = 1; lost <= 2; lost++) {
		spi_access(spi, (const uint8_t []){ READ, 12 }, lost);
		spi_access(spi, (const uint8_t []){ 0, 0 }, 2);
		CHECK(get(CONTROL2) == 3, "%u bytes: %#x", lost, get(CONTROL2));
	}
	spi_access(spi, (const uint8_t []){ READ }, 1);
	CHECK(ioctl(spi, SPI_IOC_MESSAGE(1), &nothing) >= 0, "no empty transfer");
	CHECK(get(CONTROL2) == 3, "%#x", get(CONTROL2));
}

static void reset_values_are_there(void)
{
	static const uint8_t values[][2] = {
		{ CONTROL1, 0 }, { CONTROL2, 3 }, { 3, 0 }, { DAA1, 0 }, { DAA2, 0x10 },
		{ STATUS, 0 }, { LINE_REV, 0 }, { RING1, 0x96 }, { RING2, 0x2d },
		{ RING3, 0x19 }, { DAA5, 0x20 }, { LVS, 0 }, { 33, 0 },
	};
	unsigned int i;

	prepare();
	set(33, 0x38);
	set(CONTROL1, SR);
	CHECK(get(CONTROL1) == SR, "over at once");
	set(TX_GAIN, 5);
	sleep_ms(100);
	for (i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		CHECK(get(values[i][0]) == values[i][1], "register %u is %#x", values[i][0],
		      get(values[i][0]));
	CHECK(!get(TX_GAIN), "written while it reset itself");
	CHECK(!(get(ID) & 0xf0) && get(ID), "id %#x", get(ID));
}

static void reserved_writes_are_counted(void)
{
	static const uint8_t bad[] = { 0, 7, 27, 55, 60, 127, ID, LVS };
	unsigned int before = state().bad_writes, i;

	for (i = 0; i < sizeof(bad); i++)
		set(bad[i], 0);
	CHECK(state().bad_writes == before + sizeof(bad), "%u of %zu",
	      state().bad_writes - before, sizeof(bad));
}

/* ----------------------------------------------------------------- link --- */

static void the_link_takes_its_time(void)
{
	double took;

	prepare();
	set(DAA2, 0x10);
	CHECK(!(get(ID) & 0xf0) && !get(STATUS), "it stays");
	set(INTERRUPT, 0);
	set(DAA2, 0);
	took = wait_reg(STATUS, 0x40, 0x40, now_ms());
	CHECK(took >= 19 && took <= 202, "%.1f ms", took);
	CHECK((get(ID) & 0xf0) == 0x30 && get(LINE_REV), "id %#x", get(ID));
	CHECK(get(INTERRUPT) & RDT_I, "powered without a false ring");
}

static void a_lost_link_is_told(void)
{
	prepare();
	set(DAA1, OH);
	CHECK(state().state & POTS_SIM_X_CLOSED, "not off-hook");
	inject("once link-lost");
	CHECK(!(get(STATUS) & 0x40) && get(INTERRUPT) & FDT_I, "not lost");
	CHECK(!(state().state & POTS_SIM_X_CLOSED), "still off-hook");
	CHECK(wait_reg(STATUS, 0x40, 0x40, now_ms()) < 202, "not back");
	CHECK(state().state & POTS_SIM_X_CLOSED, "not off-hook again");
	inject("always link-lost");
	sleep_ms(500);
	CHECK(!(get(STATUS) & 0x40), "back");
	inject("clear");
	CHECK(wait_reg(STATUS, 0x40, 0x40, now_ms()) < 202, "not repaired");
}

/* ----------------------------------------------------------------- line --- */

static int volts(void)
{
	return (int8_t)get(LVS);
}

static void the_line_is_measured(void)
{
	int on_hook, off_hook;

	prepare();
	on_hook = volts();
	CHECK(abs(on_hook - 48) <= 4, "%d V on-hook", on_hook);
	CHECK(!get(LCS2), "current on-hook");
	set(DAA1, OH);
	off_hook = volts();
	/* (48 - 2.1) V over 1050 ohm; 43.7 mA by 50 ohm upon 2.1 V are 4.3 V */
	CHECK(off_hook == 4, "%d V off-hook", off_hook);
	CHECK(get(LCS2) == 39, "%u times 1.1 mA", get(LCS2));
	CHECK((get(STATUS) & 0x1f) == 13, "%u times 3.3 mA", get(STATUS) & 0x1f);
	set(DC_TERM, 0xc0);
	CHECK(get(LCS2) == 39, "%u times 1.1 mA with 3.5 V", get(LCS2));
	set(DAA1, 0);
}

static void the_polarity_is_told(void)
{
	prepare();
	set(INTL3, RFWE);
	do_step(POTS_SIM_STEP_POLARITY, 1);
	CHECK(volts() < -43, "%d V", volts());
	CHECK(get(INTERRUPT) == (POL_I | RDT_I), "%#x", get(INTERRUPT));
	set(INTERRUPT, (uint8_t)~POL_I);
	CHECK(get(INTERRUPT) == RDT_I, "0 does not clear, or 1 does: %#x", get(INTERRUPT));
	do_step(POTS_SIM_STEP_POLARITY, 2);
	CHECK(volts() > 43 && get(INTERRUPT) & POL_I, "%d V", volts());
}

/* Below 3 V the meter says 0, unless it is told to go on. */
static void a_dead_line_is_seen(void)
{
	struct pots_sim_exchange low;

	prepare();
	do_step(POTS_SIM_STEP_BATTERY, 0);
	CHECK(!volts(), "%d V", volts());
	do_step(POTS_SIM_STEP_BATTERY, 1);
	ioctl(exchange, POTS_SIM_GET_EXCHANGE, &low);
	low.battery_mv = 2600;
	CHECK(!ioctl(exchange, POTS_SIM_SET_EXCHANGE, &low), "set");
	CHECK(!volts(), "%d V", volts());
	set(DAA5, 0x20 | LVFD);
	CHECK(volts() == 2, "%d V with LVFD", volts());
}

static void a_parallel_telephone_is_seen(void)
{
	prepare();
	do_step(POTS_SIM_STEP_PARALLEL, 1);
	/* 300 of 1300 ohm of 48 V */
	CHECK(abs(volts() - 11) <= 1, "%d V", volts());
	CHECK(state().state & POTS_SIM_X_SEIZED, "the exchange does not see it");
	do_step(POTS_SIM_STEP_PARALLEL, 0);
}

static void a_drop_out_is_told(void)
{
	prepare();
	set(DAA1, OH);
	sleep_ms(100);
	CHECK(!(get(INTERRUPT) & DOD_I), "told before");
	step((struct pots_sim_step){ .kind = POTS_SIM_STEP_OPEN, .on_us = 200000 });
	CHECK(get(INTERRUPT) & DOD_I && get(INTL4) & 2, "not told");
	CHECK(!get(LCS2), "there is current");
	sleep_ms(250);
	CHECK(!(get(INTL4) & 2) && get(LCS2) > 30, "the feed is not back");
	CHECK(state().state & POTS_SIM_X_SEIZED && !state().flashes, "taken for the caller's");
	set(DAA1, 0);
}

static void overload_protection_wants_25_ms(void)
{
	prepare();
	set(DAA1, OH);
	set(INTL2, OPE);
	CHECK(get(INTL4) & 1 && !(state().state & POTS_SIM_X_CLOSED), "OPE came to nothing");
	set(INTL2, 0);
	set(DAA1, 0);
	sleep_ms(20);
	set(DAA1, OH);
	sleep_ms(26);
	set(INTL2, OPE);
	CHECK(!(get(INTL4) & 1) && state().state & POTS_SIM_X_CLOSED, "tripped");
	inject("once overload");
	CHECK(get(INTL4) & 1 && !(state().state & POTS_SIM_X_CLOSED), "not tripped");
	set(DAA1, 0);
}

static void metering_pulses_are_seen(void)
{
	unsigned int seen = 0, i, before;

	prepare();
	set(INTL2, BTE);
	set(DAA1, OH);
	before = state().meters;
	step((struct pots_sim_step){
		.kind = POTS_SIM_STEP_METER, .count = 3, .on_us = 120000,
		.off_us = 100000, .mv = 1500,
	});
	for (i = 0; i < 350; i++) {
		if (get(INTERRUPT) & BTD_I) {
			CHECK(get(INTL2) & BTD, "an interrupt without its bit");
			set(INTERRUPT, 0);
			seen++;
			sleep_ms(130);
			set(INTL2, BTE);
		}
		usleep(1000);
	}
	CHECK(seen == 3, "%u of 3", seen);
	CHECK(state().meters == before + 3, "%u sent", state().meters - before);
	set(DAA1, 0);
}

/* ----------------------------------------------------------------- ring --- */

static void ring(unsigned int on_ms, unsigned int off_ms)
{
	step((struct pots_sim_step){
		.kind = POTS_SIM_STEP_RING, .on_us = on_ms * 1000, .off_us = off_ms * 1000,
	});
}

static void ringing_goes_to_and_fro(void)
{
	unsigned int edges = 0, i;
	uint8_t was = 0;

	prepare();
	set(INTL3, RFWE);
	ring(1000, 0);
	for (i = 0; i < 2000 && state().state & POTS_SIM_X_RINGING; i++) {
		uint8_t now = get(DAA1) & (RDTP | RDTN);

		CHECK(now != (RDTP | RDTN), "above and below at once");
		edges += now & ~was & RDTP ? 1 : 0;
		was = now;
		usleep(400);
	}
	CHECK(edges >= 19 && edges <= 21, "%u periods of 20 Hz in 1 s", edges);
	CHECK(get(DAA1) & RDT && get(INTERRUPT) & RDT_I, "not told");
}

static void too_little_does_not_ring(void)
{
	struct pots_sim_exchange low;

	prepare();
	ioctl(exchange, POTS_SIM_GET_EXCHANGE, &low);
	low.ring_mv = 18000;
	CHECK(!ioctl(exchange, POTS_SIM_SET_EXCHANGE, &low), "set");
	set(INTL1, 1);
	ring(500, 0);
	sleep_ms(400);
	CHECK(!(get(DAA1) & RDT), "18 V ring at 21.5");
	sleep_ms(200);
	set(INTL1, 0);
	ring(500, 0);
	sleep_ms(400);
	CHECK(get(DAA1) & RDT, "18 V do not ring at 15");
}

static void rdt_stays_for_five_seconds(void)
{
	double end;

	prepare();
	ring(300, 0);
	sleep_ms(300);
	end = now_ms();
	CHECK(get(DAA1) & RDT, "does not ring");
	sleep_ms(4800);
	CHECK(get(DAA1) & RDT, "over after %.0f ms", now_ms() - end);
	sleep_ms(300);
	CHECK(!(get(DAA1) & RDT), "still rings");
	ring(300, 0);
	sleep_ms(100);
	CHECK(get(DAA1) & RDT, "does not ring again");
	set(DAA1, OH);
	CHECK(!(get(DAA1) & RDT), "rings off-hook");
	CHECK(state().state & POTS_SIM_X_ANSWERED && !(state().state & POTS_SIM_X_CALLING),
	      "not answered");
	set(DAA1, 0);
}

/* 15 to 68 Hz for 200 ms; over after 256 ms without. */
static void set_validation(void)
{
	set(RING1, 13);
	set(RING2, 2 << 3 | 2);
	set(RING3, RNGV | 17);
	set(CONTROL2, 0x07);
	sleep_ms(50);
	set(INTERRUPT, 0);
}

static bool rings_at(unsigned int hz)
{
	struct pots_sim_exchange how;
	bool rings;

	ioctl(exchange, POTS_SIM_GET_EXCHANGE, &how);
	how.ring_mhz = hz * 1000;
	CHECK(!ioctl(exchange, POTS_SIM_SET_EXCHANGE, &how), "set");
	ring(800, 0);
	sleep_ms(700);
	rings = get(DAA1) & RDT;
	sleep_ms(700);
	return rings;
}

static void ringing_is_validated(void)
{
	double begin, told, over;

	prepare();
	set_validation();
	begin = now_ms();
	ring(1000, 0);
	told = wait_reg(DAA1, RDT, RDT, begin);
	CHECK(told >= 200 && told <= 240, "after %.1f ms", told);
	over = wait_reg(DAA1, RDT, 0, begin);
	CHECK(over >= 1230 && over <= 1265, "over after %.1f ms", over);
	CHECK(get(INTERRUPT) & RDT_I, "the end is not told");
	CHECK(rings_at(16) && rings_at(25) && rings_at(50), "ringing is not valid");
	CHECK(!rings_at(10) && !rings_at(90), "this is valid");
}

/* A step gets through the capacitor, once; twice is what a pulse of a lamp does. */
static void a_step_is_no_ringing(void)
{
	prepare();
	set_validation();
	do_step(POTS_SIM_STEP_POLARITY, 2);
	CHECK(wait_reg(DAA1, RDTP | RDTN, 0, now_ms()) < 30, "it stays");
	step((struct pots_sim_step){
		.kind = POTS_SIM_STEP_NEON, .count = 4, .on_us = 150000, .off_us = 250000,
		.mv = 100000,
	});
	sleep_ms(1700);
	CHECK(!(get(INTERRUPT) & RDT_I), "a lamp rings");
	set(RING3, 0x19);
	do_step(POTS_SIM_STEP_POLARITY, 2);
	do_step(POTS_SIM_STEP_POLARITY, 2);
	sleep_ms(10);
	CHECK(get(INTERRUPT) & RDT_I, "unvalidated, a step is nothing");
}

static void the_cadence_repeats(void)
{
	unsigned int rings;

	prepare();
	rings = state().rings;
	do_step(POTS_SIM_STEP_RING, 0);
	sleep_ms(1000);
	CHECK(state().state & POTS_SIM_X_RINGING, "no ringing");
	sleep_ms(2000);
	CHECK(!(state().state & POTS_SIM_X_RINGING) && state().state & POTS_SIM_X_CALLING,
	      "no pause");
	sleep_ms(9500);
	CHECK(state().rings == rings + 3, "%u bursts in 12.5 s", state().rings - rings);
	step((struct pots_sim_step){ .kind = POTS_SIM_STEP_WAIT });
	CHECK(!(state().state & POTS_SIM_X_CALLING), "does not end");
}

/* ----------------------------------------------------------------- hook --- */

static void pulse(unsigned int count, unsigned int break_us, unsigned int make_us)
{
	while (count--) {
		set(DAA1, 0);
		usleep(break_us);
		set(DAA1, OH);
		usleep(make_us);
	}
}

static bool near(unsigned int us, unsigned int want, unsigned int off)
{
	return us + off >= want && us <= want + off;
}

/* Up to how long an access and the sleep before it take. */
static unsigned int span_us(void)
{
	return time_is_virtual() ? 400 : 5000;
}

static void pulses_are_measured(void)
{
	struct pots_sim_exchange_state now;

	prepare();
	set(DAA1, OH);
	sleep_ms(500);
	pulse(3, 60000, 40000);
	usleep(300000);
	pulse(10, 60000, 40000);
	usleep(300000);
	now = state();
	CHECK(now.digits == 2 && now.pulsed == 2, "%u digits", now.digits);
	CHECK(now.digit[0] == '3' && now.digit[1] == '0', "%.2s", now.digit);
	/* The current is half gone after 250 us. */
	CHECK(near(now.breaks.min_us, 60000, span_us()) && near(now.breaks.max_us, 60000, span_us()),
	      "breaks of %u to %u us", now.breaks.min_us, now.breaks.max_us);
	CHECK(near(now.makes.min_us, 40300, span_us()) && near(now.makes.max_us, 40300, span_us()),
	      "makes of %u to %u us", now.makes.min_us, now.makes.max_us);
	CHECK(near(now.gaps.last_us, 340300, span_us()), "a gap of %u us", now.gaps.last_us);
	set(DAA1, 0);
	usleep(300000);
	set(DAA1, OH);
	CHECK(state().flashes == 1 && near(state().flash.last_us, 300000, span_us()),
	      "%u flashes, %u us", state().flashes, state().flash.last_us);
	set(DAA1, 0);
}

static double opening_us(uint8_t intl1, uint8_t daa5)
{
	double begin;

	set(INTL1, intl1);
	set(DAA5, daa5);
	set(DAA1, OH);
	sleep_ms(100);
	set(DAA1, 0);
	begin = now_ms() * 1e3;
	sleep_ms(30);
	return state().open_ns / 1e3 - begin;
}

static void the_hook_opens_in_its_time(void)
{
	double late = time_is_virtual() ? 0 : 1000;
	double fast, etsi, australia;

	prepare();
	fast = opening_us(0, 0x20);
	etsi = opening_us(0, 0x20 | OHS2);
	australia = opening_us(OHS, 0x20);
	CHECK(fast > 50 - late && fast < 350 + late, "%.0f us", fast);
	CHECK(etsi > 1300 - late && etsi < 1600 + late, "%.0f us", etsi);
	CHECK(australia > 12800 - late && australia < 13100 + late, "%.0f us", australia);
}

static void the_end_is_certain_after_a_while(void)
{
	struct pots_sim_exchange_state now;

	prepare();
	set(DAA1, OH);
	sleep_ms(300);
	CHECK(state().state & POTS_SIM_X_TONE, "no dial tone");
	set(DAA1, 0);
	sleep_ms(900);
	CHECK(state().state & POTS_SIM_X_SEIZED, "released too early");
	sleep_ms(150);
	now = state();
	CHECK(!(now.state & (POTS_SIM_X_SEIZED | POTS_SIM_X_TONE)), "not released");
	CHECK(now.release_ns - now.open_ns >= 1000000000 &&
	      now.release_ns - now.open_ns < 1002000000, "after %llu ns",
	      (unsigned long long)(now.release_ns - now.open_ns));
}

static const struct ktap_test tests[] = {
	TEST(each_chip_has_its_channel),
	TEST(a_chip_finds_back),
	TEST(reset_values_are_there),
	TEST(reserved_writes_are_counted),
	TEST(the_link_takes_its_time),
	TEST(a_lost_link_is_told),
	TEST(the_line_is_measured),
	TEST(the_polarity_is_told),
	TEST(a_dead_line_is_seen),
	TEST(a_parallel_telephone_is_seen),
	TEST(a_drop_out_is_told),
	TEST(overload_protection_wants_25_ms),
	TEST(metering_pulses_are_seen),
	TEST(ringing_goes_to_and_fro),
	TEST(too_little_does_not_ring),
	TEST(rdt_stays_for_five_seconds),
	TEST(ringing_is_validated),
	TEST(a_step_is_no_ringing),
	TEST(the_cadence_repeats),
	TEST(pulses_are_measured),
	TEST(the_hook_opens_in_its_time),
	TEST(the_end_is_certain_after_a_while),
};

int main(int argc, char **argv)
{
	if (argc < 3)
		return 2;
	spi = open(argv[1], O_RDWR);
	exchange = open(argv[2], O_RDWR | O_NONBLOCK);
	if (spi < 0 || exchange < 0) {
		perror("model_si3050");
		return 1;
	}
	return ktap_run(tests, sizeof(tests) / sizeof(tests[0]), argc - 2, argv + 2);
}
