// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A port: the very port_linux.c, with a kernel that only takes notes behind
 * open() and ioctl(). The observer's file is a socket that the test writes
 * events to; timers are run by hand.
 */
#include <errno.h>
#include <ev.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/pots.h>

#include "callerid.h"
#include "country.h"
#include "log.h"
#include "port.h"
#include "port_settings.h"
#include "kselftest_harness.h"

#define RING_DC_MAX_MV	30000

static struct {
	int events;			/* our end of the observer */
	__u32 state;
	struct pots_settings settings;
	unsigned int sets;		/* of the settings that were taken */
	unsigned int asked;		/* and all that were tried */
	struct pots_set_tone tone[POTS_TONE_COUNT];
	struct pots_ring ring;
	unsigned int tones;		/* that were set */
	int tone_error;
	unsigned int feeds;
	int feed_error;
	bool gone;
	__u32 type;
	struct pots_exchange exchange;
	unsigned int exchanges;		/* that were set */
	__u32 deaf;			/* a signal that it cannot hear */
	struct pots_dial dial;
	struct pots_seize seize;
	struct pots_hangup hangup;
	struct pots_lamp lamp;
} kernel;

static char told[256];			/* events */

static char logged[1024];
static ev_timer *armed;			/* the newest one-shot */
static ev_tstamp armed_s;

void log_write(enum log_level level, const char *area, const char *format, ...)
{
	size_t len = strlen(logged);
	va_list args;

	va_start(args, format);
	vsnprintf(logged + len, sizeof(logged) - len, format, args);
	va_end(args);
	strncat(logged, "\n", sizeof(logged) - strlen(logged) - 1);
}

int __wrap_open(const char *path, int flags, ...);
int __wrap_ioctl(int fd, unsigned long request, void *arg);
ssize_t __wrap_read(int fd, void *buffer, size_t size);
ssize_t __real_read(int fd, void *buffer, size_t size);
void __wrap_ev_timer_start(struct ev_loop *loop, ev_timer *timer);
void __real_ev_timer_start(struct ev_loop *loop, ev_timer *timer);

int __wrap_open(const char *path, int flags, ...)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, pair))
		return -1;
	kernel.events = pair[0];
	return pair[1];
}

ssize_t __wrap_read(int fd, void *buffer, size_t size)
{
	if (!kernel.gone)
		return __real_read(fd, buffer, size);
	errno = ENODEV;
	return -1;
}

/* The limits of the real one that the tests run into. */
static int set_settings(const struct pots_settings *settings)
{
	kernel.asked++;
	if (settings->flash_max_ms >= settings->release_ms || settings->to_line_cdb > 1000)
		return ERANGE;
	if (settings->impedance > POTS_IMPEDANCE_NZ2)
		return EINVAL;
	kernel.settings = *settings;
	kernel.sets++;
	return 0;
}

static int set_tone(const struct pots_set_tone *set)
{
	kernel.tone[set->tone] = *set;
	kernel.tones++;
	return kernel.tone_error;
}

static int set_exchange(const struct pots_exchange *exchange)
{
	if (kernel.deaf && exchange->cid_signal == kernel.deaf)
		return EOPNOTSUPP;
	if (exchange->ring_min_mhz > exchange->ring_max_mhz)
		return ERANGE;
	kernel.exchange = *exchange;
	kernel.exchanges++;
	return 0;
}

static int handle(unsigned long request, void *arg)
{
	switch (request) {
	case POTS_GET_INFO:
		((struct pots_info *)arg)->type = kernel.type;
		((struct pots_info *)arg)->ring_dc_max_mv = RING_DC_MAX_MV;
		return 0;
	case POTS_GET_EXCHANGE:
		*(struct pots_exchange *)arg = kernel.exchange;
		return 0;
	case POTS_SET_EXCHANGE:
		return set_exchange(arg);
	case POTS_DIAL:
		kernel.dial = *(struct pots_dial *)arg;
		return 0;
	case POTS_SEIZE:
		kernel.seize = *(struct pots_seize *)arg;
		return 0;
	case POTS_SET_LAMP:
		kernel.lamp = *(struct pots_lamp *)arg;
		return 0;
	case POTS_HANGUP:
		kernel.hangup = *(struct pots_hangup *)arg;
		return 0;
	case POTS_CLAIM:
		((struct pots_claim *)arg)->fd = socket(AF_UNIX, SOCK_DGRAM, 0);
		return 0;
	case POTS_GET_STATE:
		((struct pots_state *)arg)->state = kernel.state;
		return 0;
	case POTS_GET_SETTINGS:
		*(struct pots_settings *)arg = kernel.settings;
		return 0;
	case POTS_SET_SETTINGS:
		return set_settings(arg);
	case POTS_SET_TONE:
		return set_tone(arg);
	case POTS_RING:
		kernel.ring = *(struct pots_ring *)arg;
		return 0;
	case POTS_SET_LINEFEED:
		kernel.feeds += ((struct pots_linefeed *)arg)->feed == POTS_FEED_FORWARD;
		return kernel.feed_error;
	default:
		return ENOTTY;
	}
}

int __wrap_ioctl(int fd, unsigned long request, void *arg)
{
	errno = handle(request, arg);
	return errno ? -1 : 0;
}

void __wrap_ev_timer_start(struct ev_loop *loop, ev_timer *timer)
{
	armed = timer;
	armed_s = timer->at;
	__real_ev_timer_start(loop, timer);
}

FIXTURE(port) {
	struct ev_loop *loop;
	struct port *port;
	struct port_settings wanted;
};

static void on_event(void *user, enum port_event event, unsigned int value, unsigned int ms)
{
	size_t len = strlen(told);

	snprintf(told + len, sizeof(told) - len, "%u:%u ", event, value);
}

FIXTURE_SETUP(port)
{
	memset(&kernel, 0, sizeof(kernel));
	kernel.type = POTS_PORT_TYPE_FXS;
	kernel.settings = (struct pots_settings){
		.flags = POTS_SETTING_F_DTMF | POTS_SETTING_F_PULSE | POTS_SETTING_F_FLASH,
		.seize_ms = 40, .release_ms = 700, .flash_min_ms = 85, .flash_max_ms = 600,
		.open_ms = 900, .ring_pairs = 1, .ring_on_ms = { 2000 },
		.ring_off_ms = { 4000 }, .ring_mhz = 20000,
	};
	logged[0] = 0;
	armed = NULL;
	self->wanted = (struct port_settings){
		PORT_UNSET, PORT_UNSET, PORT_UNSET, PORT_UNSET, PORT_UNSET,
		PORT_UNSET, PORT_UNSET, PORT_UNSET, PORT_UNSET, PORT_UNSET,
		PORT_GAIN_UNSET, PORT_GAIN_UNSET, PORT_UNSET, PORT_UNSET, { 0 }, PORT_UNSET,
		{ { 0 } },
	};
	self->loop = ev_default_loop(0);
	self->port = port_new(self->loop, 5000, on_event, NULL);
	port_configure(self->port, "line kitchen", &self->wanted, NULL, NULL);
}

FIXTURE_TEARDOWN(port)
{
	port_free(self->port);
}

TEST_F(port, nothing_set_nothing_done)
{
	port_attach(self->port, "pots0");
	ASSERT_TRUE(port_present(self->port));
	EXPECT_EQ(0, kernel.asked);
	EXPECT_EQ(0, kernel.tones);
	EXPECT_STREQ("pots0 is ours\n", logged);
}

TEST_F(port, every_setting)
{
	self->wanted = (struct port_settings){ 30, 900, 100, 800, 0, 20, 70, 9, 210,
		0, -600, 150,
		POTS_IMPEDANCE_CTR21, 25000, { 2, 0, { 400, 401 }, { 200, 2000 } }, PORT_UNSET,
		{ { 0 } } };
	port_attach(self->port, "pots0");
	EXPECT_EQ(1, kernel.asked);
	EXPECT_EQ(30, kernel.settings.seize_ms);
	EXPECT_EQ(900, kernel.settings.release_ms);
	EXPECT_EQ(100, kernel.settings.flash_min_ms);
	EXPECT_EQ(800, kernel.settings.flash_max_ms);
	EXPECT_EQ(POTS_SETTING_F_DTMF | POTS_SETTING_F_FLASH, kernel.settings.flags);
	EXPECT_EQ(20, kernel.settings.pulse_break_min_ms);
	EXPECT_EQ(70, kernel.settings.pulse_break_max_ms);
	EXPECT_EQ(9, kernel.settings.pulse_make_min_ms);
	EXPECT_EQ(210, kernel.settings.pulse_make_max_ms);
	EXPECT_EQ(0, kernel.settings.open_ms);
	EXPECT_EQ(-600, kernel.settings.to_line_cdb);
	EXPECT_EQ(150, kernel.settings.from_line_cdb);
	EXPECT_EQ(POTS_IMPEDANCE_CTR21, kernel.settings.impedance);
	EXPECT_EQ(25000, kernel.settings.ring_mhz);
	EXPECT_EQ(2, kernel.settings.ring_pairs);
	EXPECT_EQ(401, kernel.settings.ring_on_ms[1]);
	EXPECT_EQ(200, kernel.settings.ring_off_ms[0]);
	EXPECT_STREQ("pots0 is ours\n", logged);
}

TEST_F(port, the_unset_stay)
{
	self->wanted.open_ms = 250;
	kernel.settings.to_line_cdb = -300;
	port_attach(self->port, "pots0");
	EXPECT_EQ(250, kernel.settings.open_ms);
	EXPECT_EQ(40, kernel.settings.seize_ms);
	EXPECT_EQ(-300, kernel.settings.to_line_cdb);
	EXPECT_EQ(1, kernel.settings.ring_pairs);
	EXPECT_EQ(20000, kernel.settings.ring_mhz);
}

/* A new device of that name starts with the kernel's values again. */
TEST_F(port, set_again_when_the_port_returns)
{
	self->wanted.open_ms = 250;
	port_attach(self->port, "pots0");
	kernel.gone = true;
	close(kernel.events);
	ev_run(self->loop, EVRUN_NOWAIT);
	ASSERT_FALSE(port_present(self->port));

	kernel.gone = false;
	kernel.settings.open_ms = 900;
	port_attach(self->port, "pots0");
	EXPECT_EQ(250, kernel.settings.open_ms);
	EXPECT_EQ(2, kernel.sets);
}

/* What is refused is named, the rest is taken, and the line is there. */
TEST_F(port, refused)
{
	self->wanted.flash_max_ms = 1000;
	self->wanted.to_line_cdb = 1001;
	self->wanted.open_ms = 300;
	port_attach(self->port, "pots0");
	EXPECT_TRUE(port_present(self->port));
	EXPECT_EQ(300, kernel.settings.open_ms);
	EXPECT_EQ(600, kernel.settings.flash_max_ms);
	EXPECT_EQ(0, kernel.settings.to_line_cdb);
	EXPECT_STREQ("pots0 is ours\nline kitchen: pots0 refuses flash-max, gain-to-line: "
		     "Numerical result out of range\n", logged);
}

/* The release window comes first, but can only shrink once flash-max has. */
TEST_F(port, limits_that_depend_on_each_other)
{
	kernel.settings.release_ms = 100;
	kernel.settings.flash_max_ms = 90;
	self->wanted.release_ms = 50;
	self->wanted.flash_max_ms = 40;
	self->wanted.impedance = 99;
	port_attach(self->port, "pots0");
	EXPECT_EQ(50, kernel.settings.release_ms);
	EXPECT_EQ(40, kernel.settings.flash_max_ms);
	EXPECT_STREQ("pots0 is ours\nline kitchen: pots0 refuses impedance: Invalid argument\n",
		     logged);
}

/* ---------------------------------------------------------- its country --- */

static char utopian[] = "350+440", utopian_busy[] = "425/500,0/500", utopia[] = "Utopia";

static struct country country_of(const struct port_settings *unset)
{
	struct country country = {
		.name = utopia,
		.settings = *unset,
		.level_cdb = -1300,
		.dtmf_low_cdb = PORT_GAIN_UNSET,
		.dtmf_high_cdb = PORT_GAIN_UNSET,
		.tones = { [POTS_TONE_DIAL] = utopian, [POTS_TONE_BUSY] = utopian_busy },
	};

	return country;
}

/* The line's own settings go before the country's. */
TEST_F(port, settings_of_the_country)
{
	struct country country = country_of(&self->wanted);

	country.settings.open_ms = 500;
	country.settings.flash_min_ms = 90;
	country.settings.cadence = (struct port_cadence){ 2, 1, { 500, 1000 }, { 500, 4000 } };
	country.settings.ring_mhz = 25000;
	country.settings.from_line_cdb = -450;
	self->wanted.open_ms = 250;
	port_configure(self->port, "line kitchen", &self->wanted, &country, NULL);
	port_attach(self->port, "pots0");
	EXPECT_EQ(1, kernel.sets);
	EXPECT_EQ(250, kernel.settings.open_ms);
	EXPECT_EQ(90, kernel.settings.flash_min_ms);
	EXPECT_EQ(1000, kernel.settings.ring_on_ms[0]);
	EXPECT_EQ(25000, kernel.settings.ring_mhz);
	EXPECT_EQ(-450, kernel.settings.from_line_cdb);
	EXPECT_EQ(700, kernel.settings.release_ms);
}

/* A tone that the country does not say must not be left of another country. */
TEST_F(port, rings_by_a_cadence)
{
	static const struct port_cadence cadence = { 2, 1, { 500, 1000 }, { 600, 4000 } };

	port_attach(self->port, "pots0");
	EXPECT_EQ(0, port_ring(self->port, NULL, 0, 0, NULL));
	EXPECT_EQ(0, kernel.ring.count + kernel.ring.flags + kernel.ring.dc_mv);
	EXPECT_EQ(0, port_ring(self->port, &cadence, POTS_RING_F_TRAPEZOID, 12, NULL));
	EXPECT_EQ(12000, kernel.ring.dc_mv);
	EXPECT_EQ(POTS_RING_F_TRAPEZOID, kernel.ring.flags);
	EXPECT_EQ(2, kernel.ring.count);
	EXPECT_EQ(1, kernel.ring.loop_start);
	EXPECT_EQ(1000, kernel.ring.on_ms[1]);
	EXPECT_EQ(600, kernel.ring.off_ms[0]);

	/* as much as it can, or none, rather than not at all */
	EXPECT_EQ(0, port_ring(self->port, NULL, 0, 60, NULL));
	EXPECT_EQ(RING_DC_MAX_MV, kernel.ring.dc_mv);
}

TEST_F(port, blinks)
{
	EXPECT_EQ(-ENODEV, port_lamp(self->port, true));
	port_attach(self->port, "pots0");
	EXPECT_EQ(0, port_lamp(self->port, true));
	EXPECT_EQ(300, kernel.lamp.on_ms);
	EXPECT_EQ(700, kernel.lamp.off_ms);
	EXPECT_EQ(0, port_lamp(self->port, false));
	EXPECT_EQ(0, kernel.lamp.on_ms + kernel.lamp.off_ms);
}

TEST_F(port, tones_of_the_country)
{
	struct country country = country_of(&self->wanted);
	const struct pots_tone_step *step = kernel.tone[POTS_TONE_DIAL].program.step;

	port_configure(self->port, "line kitchen", &self->wanted, &country, NULL);
	port_attach(self->port, "pots0");
	EXPECT_EQ(POTS_TONE_SIT_NO_CIRCUIT + POTS_DIGIT_COUNT, kernel.tones);
	EXPECT_EQ(350000, step->freq_mhz[0]);
	EXPECT_EQ(-1300, step->level_cdb[1]);
	EXPECT_EQ(2, kernel.tone[POTS_TONE_BUSY].program.count);
	EXPECT_EQ(POTS_SET_TONE_F_DEFAULT, kernel.tone[POTS_TONE_REORDER].flags);
	EXPECT_EQ(0, kernel.tone[POTS_TONE_REORDER].program.count);
	EXPECT_EQ(POTS_SET_TONE_F_DEFAULT, kernel.tone[POTS_TONE_DTMF + 5].flags);
	EXPECT_EQ(0, kernel.tone[POTS_TONE_USER].tone);
	EXPECT_STREQ("pots0 is ours\n", logged);
}

TEST_F(port, tones_refused)
{
	struct country country = country_of(&self->wanted);

	kernel.tone_error = EINVAL;
	port_configure(self->port, "line kitchen", &self->wanted, &country, NULL);
	port_attach(self->port, "pots0");
	EXPECT_TRUE(port_present(self->port));
	EXPECT_STREQ("pots0 is ours\nline kitchen: pots0 refuses 37 tones of Utopia: "
		     "Invalid argument\n", logged);
}

/* --------------------------------------------------- a line that is down --- */

static void alarm_event(FIXTURE_DATA(port) *self, unsigned int value)
{
	struct pots_event event = { .type = POTS_EVENT_ALARM, .value = value };

	send(kernel.events, &event, sizeof(event), 0);
	ev_run(self->loop, EVRUN_NOWAIT);
}

/* The time is up. */
static void expire(FIXTURE_DATA(port) *self)
{
	ev_timer *timer = armed;

	armed = NULL;
	ev_timer_stop(self->loop, timer);
	timer->cb(self->loop, timer, EV_TIMER);
}

TEST_F(port, given_up_line_is_fed_again)
{
	static const double delays_s[] = { 15, 30, 60, 120, 240, 300, 300 };

	port_attach(self->port, "pots0");
	alarm_event(self, 1);
	EXPECT_EQ(NULL, armed);
	for (size_t i = 0; i < sizeof(delays_s) / sizeof(delays_s[0]); i++) {
		alarm_event(self, 2);
		ASSERT_NE(NULL, armed);
		EXPECT_EQ(delays_s[i], armed_s);
		EXPECT_EQ(i, kernel.feeds);
		expire(self);
		EXPECT_EQ(i + 1, kernel.feeds);
		EXPECT_EQ(NULL, armed);
		/* The driver's own tries come before it gives up once more. */
		alarm_event(self, 1);
		alarm_event(self, 0);
		alarm_event(self, 1);
	}
}

TEST_F(port, feed_that_fails_is_tried_again)
{
	port_attach(self->port, "pots0");
	kernel.feed_error = EIO;
	alarm_event(self, 2);
	expire(self);
	EXPECT_EQ(30, armed_s);
	kernel.feed_error = 0;
	expire(self);
	EXPECT_EQ(2, kernel.feeds);
	EXPECT_EQ(NULL, armed);
}

TEST_F(port, recovered_line_is_left_alone)
{
	port_attach(self->port, "pots0");
	alarm_event(self, 2);
	ASSERT_NE(NULL, armed);
	alarm_event(self, 0);
	EXPECT_FALSE(ev_is_active(armed));
}

TEST_F(port, found_down_at_the_start)
{
	kernel.state = POTS_STATE_ALARM;
	port_attach(self->port, "pots0");
	ASSERT_NE(NULL, armed);
	EXPECT_EQ(15, armed_s);
}

TEST_F(port, gone_while_down)
{
	port_attach(self->port, "pots0");
	alarm_event(self, 2);
	kernel.gone = true;
	close(kernel.events);
	ev_run(self->loop, EVRUN_NOWAIT);
	EXPECT_FALSE(port_present(self->port));
	EXPECT_FALSE(ev_is_active(armed));
}

/* ---------------------------------------------------- facing an exchange --- */

FIXTURE(trunk) {
	struct ev_loop *loop;
	struct port *port;
	struct port_settings settings;
	struct port_trunk trunk;
	struct country country;
};

FIXTURE_SETUP(trunk)
{
	unsigned int *field = (unsigned int *)&self->trunk.exchange;

	memset(&kernel, 0, sizeof(kernel));
	kernel.type = POTS_PORT_TYPE_FXO;
	kernel.exchange.ring_min_mhz = 15000;
	kernel.exchange.ring_max_mhz = 68000;
	logged[0] = told[0] = 0;
	for (size_t i = 0; i < sizeof(struct port_exchange) / sizeof(*field); i++)
		field[i] = PORT_UNSET;
	self->settings = (struct port_settings){
		PORT_UNSET, PORT_UNSET, PORT_UNSET, PORT_UNSET, PORT_UNSET,
		PORT_UNSET, PORT_UNSET, PORT_UNSET, PORT_UNSET, PORT_UNSET,
		PORT_GAIN_UNSET, PORT_GAIN_UNSET, PORT_UNSET, PORT_UNSET, { 0 }, PORT_UNSET,
		{ { 0 } },
	};
	self->country = country_of(&self->settings);
	self->country.exchange = self->trunk.exchange;
	self->trunk.dial_tone_ms = 5000;
	self->loop = ev_default_loop(0);
	self->port = port_new(self->loop, 5000, on_event, NULL);
	port_configure(self->port, "trunk pstn", &self->settings, &self->country, &self->trunk);
}

FIXTURE_TEARDOWN(trunk)
{
	port_free(self->port);
}

TEST_F(trunk, telephones_are_refused)
{
	kernel.type = POTS_PORT_TYPE_FXS;
	port_attach(self->port, "pots0");
	EXPECT_FALSE(port_present(self->port));
	EXPECT_STREQ("trunk pstn: pots0 is not a port for an exchange\n", logged);
}

/* Nothing of a telephone's is asked of it. */
TEST_F(trunk, settings_of_exchanges)
{
	self->country.settings.open_ms = 500;
	self->country.exchange.dc_mv = 3200;
	self->country.exchange.current_limit = 1;
	self->country.exchange.ring_max_mhz = 60000;
	self->trunk.exchange.ring_max_mhz = 50000;
	self->trunk.exchange.polarity_ms = 100;
	self->trunk.caller_id = CALLERID_BT;
	kernel.exchange.flags = POTS_EXCHANGE_F_RINGER | POTS_EXCHANGE_F_CID_ALWAYS |
				POTS_EXCHANGE_F_CID_ANSWER;
	port_attach(self->port, "pots0");
	EXPECT_EQ(0, kernel.sets);
	EXPECT_EQ(3200, kernel.exchange.dc_mv);
	EXPECT_EQ(50000, kernel.exchange.ring_max_mhz);
	EXPECT_EQ(15000, kernel.exchange.ring_min_mhz);
	EXPECT_EQ(100, kernel.exchange.polarity_ms);
	EXPECT_EQ(POTS_CID_V23, kernel.exchange.cid_signal);
	EXPECT_EQ(POTS_EXCHANGE_F_RINGER | POTS_EXCHANGE_F_CURRENT_LIMIT |
		  POTS_EXCHANGE_F_CID_REVERSAL, kernel.exchange.flags);
	EXPECT_STREQ("pots0 is ours\n", logged);
}

TEST_F(trunk, refused)
{
	self->trunk.caller_id = CALLERID_BELLCORE;
	kernel.deaf = POTS_CID_BELL202;
	self->trunk.exchange.ring_min_mhz = 70000;
	self->trunk.exchange.dc_mv = 3350;
	port_attach(self->port, "pots0");
	EXPECT_EQ(3350, kernel.exchange.dc_mv);
	EXPECT_EQ(0, kernel.exchange.cid_signal);
	EXPECT_STREQ("pots0 is ours\ntrunk pstn: pots0 refuses ring-min, caller-id: "
		     "Numerical result out of range\n", logged);
}

TEST_F(trunk, commands)
{
	port_attach(self->port, "pots0");
	EXPECT_EQ(0, port_seize(self->port, false));
	EXPECT_EQ(0, kernel.seize.flags);
	EXPECT_EQ(0, port_seize(self->port, true));
	EXPECT_EQ(POTS_SEIZE_F_FORCE, kernel.seize.flags);
	kernel.hangup.flags = 9;
	EXPECT_EQ(0, port_hangup(self->port, true));
	EXPECT_EQ(0, kernel.hangup.flags + kernel.hangup.open_ms);

	EXPECT_EQ(0, port_dial(self->port, "19#", true));
	EXPECT_EQ(3, kernel.dial.count);
	EXPECT_EQ(0, memcmp("\x01\x09\x0b", kernel.dial.digit, 4));
	EXPECT_EQ(POTS_DIAL_F_WAIT_TONE, kernel.dial.flags);
	EXPECT_EQ(5000, kernel.dial.wait_ms);
	EXPECT_EQ(100, kernel.dial.on_ms);
	EXPECT_EQ(200, kernel.dial.twist_cdb);
	EXPECT_EQ(0, kernel.dial.break_ms);

	/* the country's levels */
	self->country.dtmf_low_cdb = -1100;
	self->country.dtmf_high_cdb = -900;
	EXPECT_EQ(0, port_dial(self->port, "1", true));
	EXPECT_EQ(-1100, kernel.dial.level_cdb);
	EXPECT_EQ(200, kernel.dial.twist_cdb);

	self->trunk.way = PORT_MF_R1;
	EXPECT_EQ(0, port_dial(self->port, "110", true));
	EXPECT_EQ(POTS_DIAL_F_MF_R1 | POTS_DIAL_F_WAIT_TONE, kernel.dial.flags);
	EXPECT_EQ(5, kernel.dial.count);
	EXPECT_EQ(0, memcmp("\x0c\x01\x01\x00\x0e", kernel.dial.digit, 6));
	EXPECT_EQ(-700, kernel.dial.level_cdb);
	EXPECT_EQ(0, kernel.dial.twist_cdb);
	EXPECT_EQ(-EINVAL, port_dial(self->port, "1#", true));
	self->trunk.way = PORT_MF_R2;
	EXPECT_EQ(0, port_dial(self->port, "11", true));
	EXPECT_EQ(POTS_DIAL_F_MF_R2 | POTS_DIAL_F_WAIT_TONE, kernel.dial.flags);
	EXPECT_EQ(2, kernel.dial.count);

	self->trunk.way = PORT_PULSE;
	self->trunk.blind = true;
	self->country.exchange.break_ms = 67;
	self->country.exchange.pulse_map = POTS_PULSE_MAP_10_N;
	self->trunk.exchange.pause_ms = 900;
	EXPECT_EQ(0, port_dial(self->port, "5", true));
	EXPECT_EQ(POTS_DIAL_F_PULSE | POTS_DIAL_F_WAIT_TONE | POTS_DIAL_F_BLIND,
		  kernel.dial.flags);
	EXPECT_EQ(67, kernel.dial.break_ms);
	EXPECT_EQ(40, kernel.dial.make_ms);
	EXPECT_EQ(900, kernel.dial.interdigit_ms);
	EXPECT_EQ(POTS_PULSE_MAP_10_N, kernel.dial.pulse_map);
	EXPECT_EQ(0, kernel.dial.on_ms);
	EXPECT_EQ(0, port_dial(self->port, "5", false));
	EXPECT_EQ(POTS_DIAL_F_PULSE, kernel.dial.flags);
	EXPECT_EQ(0, kernel.dial.wait_ms);
}

TEST_F(trunk, events)
{
	static const struct pots_event events[] = {
		{ .type = POTS_EVENT_RING_BURST, .value = 1, .extra = 25000 },
		{ .type = POTS_EVENT_RING_BURST, .value = 0 },
		{ .type = POTS_EVENT_CALLER_ID, .value = 20 },
		{ .type = POTS_EVENT_RING_END },
		{ .type = POTS_EVENT_OFF_HOOK },
		{ .type = POTS_EVENT_POLARITY, .value = 1 },
		{ .type = POTS_EVENT_PROGRESS, .value = POTS_TONE_BUSY, .extra = 1 },
		{ .type = POTS_EVENT_PROGRESS, .value = POTS_TONE_BUSY, .extra = 0 },
		{ .type = POTS_EVENT_DIAL_DONE, .value = POTS_DONE_FINISHED },
		{ .type = POTS_EVENT_DIAL_DONE, .value = POTS_DONE_HOOK },
		{ .type = POTS_EVENT_DIAL_DONE, .value = POTS_DONE_TIMEOUT },
		{ .type = POTS_EVENT_BATTERY, .value = 0 },
		{ .type = POTS_EVENT_IN_USE, .value = 1 },
		{ .type = POTS_EVENT_ON_HOOK },
	};
	char wanted[256];

	port_attach(self->port, "pots0");
	told[0] = 0;
	for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
		send(kernel.events, &events[i], sizeof(events[i]), 0);
		ev_run(self->loop, EVRUN_NOWAIT);
	}
	snprintf(wanted, sizeof(wanted), "%u:0 %u:0 %u:0 %u:1 %u:%u %u:0 %u:0 %u:%u %u:0 %u:1 ",
		 PORT_RING, PORT_CALLER_ID, PORT_RING_OVER, PORT_POLARITY, PORT_HEARD,
		 POTS_TONE_BUSY, PORT_HEARD, PORT_DIALLED, PORT_DIALLED, ETIMEDOUT, PORT_BATTERY, PORT_IN_USE);
	EXPECT_STREQ(wanted, told);
}

/* What it missed while events were lost, or before it came. */
TEST_F(trunk, events_were_lost)
{
	struct pots_event event = { .type = POTS_EVENT_BATTERY, .flags = POTS_EVENT_F_DROPPED };
	char wanted[256];

	kernel.state = POTS_STATE_RINGING;
	port_attach(self->port, "pots0");
	snprintf(wanted, sizeof(wanted), "%u:0 %u:1 %u:0 %u:0 %u:%u ", PORT_BACK, PORT_BATTERY,
		 PORT_IN_USE, PORT_RING, PORT_DIALLED, ECONNRESET);
	EXPECT_STREQ(wanted, told);
	told[0] = 0;
	kernel.state = POTS_STATE_NO_BATTERY | POTS_STATE_DIALLING;
	send(kernel.events, &event, sizeof(event), 0);
	ev_run(self->loop, EVRUN_NOWAIT);
	snprintf(wanted, sizeof(wanted), "%u:0 %u:0 %u:0 %u:0 ", PORT_BATTERY, PORT_IN_USE,
		 PORT_RING_OVER, PORT_BATTERY);
	EXPECT_STREQ(wanted, told);
	EXPECT_FALSE(port_can_call(self->port));
	kernel.state = 0;
	EXPECT_TRUE(port_can_call(self->port));
}

TEST_HARNESS_MAIN
