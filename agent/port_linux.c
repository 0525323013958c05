// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Ports on /dev/potsN: an observer for the events, and the claim for the
 * commands and the speech.
 */
#include "port.h"

#include <errno.h>
#include <ev.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/pots.h>

#include "country.h"
#include "dialplan.h"
#include "log.h"
#include "port_settings.h"

#define EVENTS_AT_ONCE	16
#define LAMP_ON_MS	300
#define LAMP_OFF_MS	700
#define PULSE_MS	100	/* what a pulse digit lasts when it is sent on */

/* A node appears some moments before its group is set. */
#define OPEN_RETRY_S	0.2
#define OPEN_TRIES	25

/*
 * A line that the chip's driver gave up on is fed again after this, then after
 * twice as long each time; from the start when it held for the longest of them.
 */
#define REVIVE_FIRST_S	15.
#define REVIVE_LAST_S	300.

struct port {
	struct ev_loop *loop;
	char name[16];
	const char *line;
	const struct port_settings *settings;	/* NULL = the kernel's */
	const struct country *country;		/* NULL = the kernel's */
	const struct port_trunk *trunk;		/* NULL = a telephone's port */
	unsigned int watchdog_ms;
	port_event_fn *event;
	void *user;
	int observer, claim;	/* -1 = none */
	unsigned int tries;
	bool off_hook;		/* as reported last */
	bool reversed;		/* as we set it */
	unsigned int ring_dc_max_mv;
	ev_io readable;
	ev_timer feed, retry;
	ev_timer revive;	/* while the line is given up */
	ev_tstamp revive_s;	/* the last delay, 0 = none yet */
	ev_tstamp revived_at;
};

static void report(struct port *port, enum port_event event, unsigned int value, unsigned int ms)
{
	port->event(port->user, event, value, ms);
}

static int command(struct port *port, unsigned long request, void *arg)
{
	if (port->claim < 0)
		return -ENODEV;
	return ioctl(port->claim, request, arg) ? -errno : 0;
}

/* How it is with the line to an exchange. */
static void report_line(struct port *port, unsigned int state)
{
	report(port, PORT_BATTERY, !(state & POTS_STATE_NO_BATTERY), 0);
	report(port, PORT_IN_USE, !!(state & POTS_STATE_IN_USE), 0);
	report(port, state & POTS_STATE_RINGING ? PORT_RING : PORT_RING_OVER, 0, 0);
	if (!(state & POTS_STATE_DIALLING))
		report(port, PORT_DIALLED, ECONNRESET, 0);
}

static void report_hook(struct port *port, unsigned int state)
{
	bool off_hook = state & POTS_STATE_OFF_HOOK;

	if (port->trunk)
		report_line(port, state);
	else if (off_hook && (state & POTS_STATE_PARKED))
		report(port, PORT_PARKED, 0, 0);
	else if (off_hook)
		report(port, PORT_OFF_HOOK, 0, 0);
	else if (port->off_hook)
		report(port, PORT_ON_HOOK, 0, 0);
	port->off_hook = off_hook;
}

static void report_ring_done(struct port *port, unsigned int reason)
{
	if (reason == POTS_DONE_TIMEOUT)
		report(port, PORT_RING_TIMEOUT, 0, 0);
	else if (reason == POTS_DONE_FAILED)
		report(port, PORT_RING_FAILED, 0, 0);
}

static void report_dialled(struct port *port, unsigned int reason)
{
	if (reason == POTS_DONE_FINISHED)
		report(port, PORT_DIALLED, 0, 0);
	else if (reason == POTS_DONE_TIMEOUT || reason == POTS_DONE_FAILED)
		report(port, PORT_DIALLED, reason == POTS_DONE_FAILED ? EIO : ETIMEDOUT, 0);
}

static void report_pulses(struct port *port, unsigned int pulses)
{
	if (!pulses || pulses > 10)
		return;
	report(port, PORT_DIGIT, pulses % 10, 0);
	report(port, PORT_DIGIT_END, pulses % 10, PULSE_MS);
}

/* ---------------------------------------------------------------- alarms --- */

static void revive_later(struct port *port)
{
	bool held = ev_now(port->loop) - port->revived_at > REVIVE_LAST_S;

	if (ev_is_active(&port->revive))
		return;
	if (!port->revive_s || held)
		port->revive_s = REVIVE_FIRST_S;
	else if (port->revive_s * 2 < REVIVE_LAST_S)
		port->revive_s *= 2;
	else
		port->revive_s = REVIVE_LAST_S;
	ev_timer_set(&port->revive, port->revive_s, 0.);
	ev_timer_start(port->loop, &port->revive);
}

/* A fault that stands raises the alarm again, and the line is given up again. */
static void on_revive(struct ev_loop *loop, ev_timer *timer, int revents)
{
	struct pots_linefeed forward = { .feed = POTS_FEED_FORWARD };
	struct port *port = timer->data;
	int err = command(port, POTS_SET_LINEFEED, &forward);

	(void)revents;
	port->revived_at = ev_now(loop);
	port->reversed = false;
	log_info("port", "%s: feeding the line again: %s", port->name,
		 err ? strerror(-err) : "done");
	if (err && err != -ENODEV)
		revive_later(port);
}

static void take_alarm(struct port *port, unsigned int value)
{
	log_warn("port", "%s: power alarm %s", port->name,
		 value == 1 ? "raised" : value ? "stands" : "is over");
	if (value == 2)
		revive_later(port);
	else if (!value)
		ev_timer_stop(port->loop, &port->revive);
}

/* --------------------------------------------------------------- events --- */

static void try_claim(struct port *port);

/* What only a line to an exchange tells; true: this was such an event. */
static bool take_line_event(struct port *port, const struct pots_event *event)
{
	switch (event->type) {
	case POTS_EVENT_OFF_HOOK:
	case POTS_EVENT_ON_HOOK:
		return true;		/* ours, and we know */
	case POTS_EVENT_RING_BURST:
		if (event->value)
			report(port, PORT_RING, 0, 0);
		return true;
	case POTS_EVENT_RING_END:
		report(port, PORT_RING_OVER, 0, 0);
		return true;
	case POTS_EVENT_CALLER_ID:
		report(port, PORT_CALLER_ID, 0, 0);
		return true;
	case POTS_EVENT_BATTERY:
		report(port, PORT_BATTERY, event->value, 0);
		return true;
	case POTS_EVENT_POLARITY:
		report(port, PORT_POLARITY, event->value, 0);
		return true;
	case POTS_EVENT_IN_USE:
		report(port, PORT_IN_USE, event->value, 0);
		return true;
	case POTS_EVENT_PROGRESS:
		report(port, PORT_HEARD, event->extra ? event->value : 0, 0);
		return true;
	case POTS_EVENT_DIAL_DONE:
		report_dialled(port, event->value);
		return true;
	case POTS_EVENT_ALARM:
		log_warn("port", "%s: overload %s", port->name, event->value ? "" : "is over");
		return true;
	default:
		return false;
	}
}

static void take_event(struct port *port, const struct pots_event *event)
{
	if (port->trunk && take_line_event(port, event))
		return;
	switch (event->type) {
	case POTS_EVENT_OFF_HOOK:
		port->off_hook = true;
		report(port, PORT_OFF_HOOK, event->value, 0);
		return;
	case POTS_EVENT_ON_HOOK:
		port->off_hook = false;
		report(port, PORT_ON_HOOK, 0, 0);
		return;
	case POTS_EVENT_PARKED:
		port->off_hook = event->value;
		report(port, event->value ? PORT_PARKED : PORT_ON_HOOK, 0, 0);
		return;
	case POTS_EVENT_FLASH:
		report(port, PORT_FLASH, 0, event->value);
		return;
	case POTS_EVENT_PULSE_DIGIT:
		report_pulses(port, event->value);
		return;
	case POTS_EVENT_DTMF_START:
		report(port, PORT_DIGIT, event->value % POTS_DIGIT_COUNT, 0);
		return;
	case POTS_EVENT_DTMF_END:
		report(port, PORT_DIGIT_END, event->value % POTS_DIGIT_COUNT, event->extra);
		return;
	case POTS_EVENT_RING_DONE:
		report_ring_done(port, event->value);
		return;
	case POTS_EVENT_CID_DONE:
		if (event->value == POTS_DONE_FAILED || event->value == POTS_DONE_TIMEOUT)
			log_warn("port", "%s: caller ID was not sent", port->name);
		return;
	case POTS_EVENT_TONE_DONE:
		if (event->value == POTS_DONE_FAILED)
			log_warn("port", "%s: the chip could not play a tone", port->name);
		return;
	case POTS_EVENT_HANGUP_DONE:
		report(port, PORT_HANGUP_DONE, 0, 0);
		return;
	case POTS_EVENT_WATCHDOG:
		log_warn("port", "%s: put to rest, nobody fed the watchdog", port->name);
		port->reversed = false;
		report(port, PORT_REST, 0, 0);
		return;
	case POTS_EVENT_ALARM:
		take_alarm(port, event->value);
		return;
	case POTS_EVENT_CHIP:
		log_warn("port", "%s: the chip %s", port->name,
			 event->value == POTS_CHIP_RESET ? "was set up again" : "does not answer");
		return;
	case POTS_EVENT_CLAIMED:
		if (!event->value && port->claim < 0)
			try_claim(port);
		return;
	default:
		return;
	}
}

/* Records were lost: what counts is how things are now. */
static void resynchronise(struct port *port)
{
	struct pots_state state = { 0 };

	log_warn("port", "%s: events were lost", port->name);
	if (!ioctl(port->observer, POTS_GET_STATE, &state))
		report_hook(port, state.state);
}

static void detach(struct port *port)
{
	bool was_claimed = port->claim >= 0;

	ev_io_stop(port->loop, &port->readable);
	ev_timer_stop(port->loop, &port->feed);
	ev_timer_stop(port->loop, &port->revive);
	port->revive_s = 0;
	if (port->claim >= 0)
		close(port->claim);
	if (port->observer >= 0)
		close(port->observer);
	port->claim = -1;
	port->observer = -1;
	port->off_hook = false;
	if (was_claimed) {
		log_info("port", "%s is gone", port->name);
		report(port, PORT_GONE, 0, 0);
	}
}

static void on_readable(struct ev_loop *loop, ev_io *io, int revents)
{
	struct pots_event events[EVENTS_AT_ONCE];
	struct port *port = io->data;
	ssize_t len = read(port->observer, events, sizeof(events));

	(void)loop;
	(void)revents;
	if (len < 0) {
		if (errno != EAGAIN && errno != EINTR)
			detach(port);
		return;
	}
	for (size_t i = 0; i < (size_t)len / sizeof(events[0]) && port->observer >= 0; i++) {
		if (events[i].flags & POTS_EVENT_F_DROPPED)
			resynchronise(port);
		take_event(port, &events[i]);
	}
}

/* ------------------------------------------------------ coming and going --- */

static void on_feed(struct ev_loop *loop, ev_timer *timer, int revents)
{
	struct port *port = timer->data;

	(void)loop;
	(void)revents;
	command(port, POTS_FEED_WATCHDOG, NULL);
}

static int set_settings(void *ctx, const void *settings)
{
	struct pots_settings copy = *(const struct pots_settings *)settings;

	return command(ctx, POTS_SET_SETTINGS, &copy);
}

static int set_exchange(void *ctx, const void *exchange)
{
	struct pots_exchange copy = *(const struct pots_exchange *)exchange;

	return command(ctx, POTS_SET_EXCHANGE, &copy);
}

/* A line works with the kernel's settings too, so a refusal is only told. */
static void log_refusal(const struct port *port, const char *refused, int err)
{
	if (err)
		log_warn("port", "%s: %s refuses %s: %s", port->line, port->name,
			 *refused ? refused : "its settings", strerror(-err));
}

static void apply_exchange(struct port *port)
{
	struct pots_exchange now = { 0 };
	struct port_trunk wanted;
	char refused[160] = "";
	int err;

	if (!port->trunk)
		return;
	wanted = *port->trunk;
	if (port->country)
		port_exchange_inherit(&wanted.exchange, &port->country->exchange);
	err = command(port, POTS_GET_EXCHANGE, &now);
	if (!err)
		err = port_exchange_apply(&wanted, &now, set_exchange, port, refused,
					  sizeof(refused));
	log_refusal(port, refused, err);
}

static void apply_settings(struct port *port)
{
	struct pots_settings now = { 0 };
	struct port_settings wanted;
	char refused[160] = "";
	int err;

	if (!port->settings)
		return;
	wanted = *port->settings;
	if (port->country && !port->trunk)
		port_settings_inherit(&wanted, &port->country->settings);
	err = command(port, POTS_GET_SETTINGS, &now);
	if (!err)
		err = port_settings_apply(&wanted, &now, set_settings, port, refused,
					  sizeof(refused));
	log_refusal(port, refused, err);
}

static bool has_default(unsigned int tone)
{
	return (tone >= POTS_TONE_DIAL && tone <= POTS_TONE_SIT_NO_CIRCUIT) ||
	       (tone >= POTS_TONE_DTMF && tone < POTS_TONE_DTMF + POTS_DIGIT_COUNT);
}

/* What the country does not say is the kernel's own, and not what was there before. */
static void apply_tones(struct port *port)
{
	unsigned int refused = 0;
	int err, why = 0;

	for (unsigned int tone = 0; port->country && tone < POTS_TONE_COUNT; tone++) {
		struct pots_set_tone set = { .tone = tone };

		if (country_tone(port->country, tone, &set.program)) {
			if (!has_default(tone))
				continue;
			set.flags = POTS_SET_TONE_F_DEFAULT;
		}
		err = command(port, POTS_SET_TONE, &set);
		if (err)
			why = err;
		refused += err != 0;
	}
	if (refused)
		log_warn("port", "%s: %s refuses %u tones of %s: %s", port->line, port->name,
			 refused, port->country->name, strerror(-why));
}

static void try_claim(struct port *port)
{
	struct pots_claim claim = { .watchdog_ms = port->watchdog_ms };
	struct pots_state state = { 0 };

	if (ioctl(port->observer, POTS_CLAIM, &claim)) {
		log_warn("port", "%s: cannot be claimed: %s", port->name, strerror(errno));
		return;
	}
	port->claim = claim.fd;
	port->reversed = false;
	log_info("port", "%s is ours", port->name);
	apply_settings(port);
	apply_exchange(port);
	apply_tones(port);
	report(port, PORT_BACK, 0, 0);
	if (ioctl(port->observer, POTS_GET_STATE, &state))
		return;
	report_hook(port, state.state);
	/* Given up before we came, or about to recover: then there is no harm. */
	if (!port->trunk && state.state & POTS_STATE_ALARM)
		revive_later(port);
}

static int open_node(struct port *port)
{
	unsigned int type = port->trunk ? POTS_PORT_TYPE_FXO : POTS_PORT_TYPE_FXS;
	struct pots_info info = { 0 };
	char path[32];
	int fd;

	snprintf(path, sizeof(path), "/dev/%s", port->name);
	fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (ioctl(fd, POTS_GET_INFO, &info) || info.type != type) {
		log_error("port", "%s: %s is not a port for %s", port->line, port->name,
			  port->trunk ? "an exchange" : "a telephone");
		close(fd);
		return -ENOTTY;
	}
	port->observer = fd;
	port->ring_dc_max_mv = info.ring_dc_max_mv;
	return 0;
}

static void try_open(struct port *port)
{
	int err = open_node(port);

	/* Whoever makes the node, or opens it to us, hears of the port when we do. */
	if ((err == -EACCES || err == -ENOENT) && port->tries++ < OPEN_TRIES) {
		ev_timer_set(&port->retry, OPEN_RETRY_S, 0.);
		ev_timer_start(port->loop, &port->retry);
		return;
	}
	if (err) {
		if (err != -ENOENT && err != -ENOTTY)
			log_error("port", "%s: %s", port->name, strerror(-err));
		return;
	}
	ev_io_set(&port->readable, port->observer, EV_READ);
	ev_io_start(port->loop, &port->readable);
	try_claim(port);
}

static void on_retry(struct ev_loop *loop, ev_timer *timer, int revents)
{
	(void)loop;
	(void)revents;
	try_open(timer->data);
}

void port_attach(struct port *port, const char *node)
{
	if (port->observer >= 0)
		return;
	snprintf(port->name, sizeof(port->name), "%s", node);
	ev_timer_stop(port->loop, &port->retry);
	port->tries = 0;
	try_open(port);
}

struct port *port_new(struct ev_loop *loop, unsigned int watchdog_ms, port_event_fn *event,
		      void *user)
{
	struct port *port = calloc(1, sizeof(*port));

	if (!port)
		return NULL;
	port->loop = loop;
	port->watchdog_ms = watchdog_ms;
	port->event = event;
	port->user = user;
	port->observer = -1;
	port->claim = -1;
	ev_io_init(&port->readable, on_readable, -1, EV_READ);
	ev_timer_init(&port->feed, on_feed, 0., watchdog_ms / 3000.);
	ev_timer_init(&port->retry, on_retry, 0., 0.);
	ev_timer_init(&port->revive, on_revive, 0., 0.);
	port->revive.data = port;
	port->readable.data = port;
	port->feed.data = port;
	port->retry.data = port;
	return port;
}

void port_free(struct port *port)
{
	if (!port)
		return;
	ev_timer_stop(port->loop, &port->retry);
	ev_timer_stop(port->loop, &port->feed);
	ev_timer_stop(port->loop, &port->revive);
	ev_io_stop(port->loop, &port->readable);
	if (port->claim >= 0)
		close(port->claim);
	if (port->observer >= 0)
		close(port->observer);
	free(port);
}

void port_configure(struct port *port, const char *line, const struct port_settings *settings,
		    const struct country *country, const struct port_trunk *trunk)
{
	port->line = line;
	port->settings = settings;
	port->country = country;
	port->trunk = trunk;
}

bool port_present(const struct port *port)
{
	return port->claim >= 0;
}

int port_claim_fd(const struct port *port)
{
	return port->claim;
}

/* ------------------------------------------------------------- commands --- */

int port_tone(struct port *port, unsigned int tone, int gain_cdb)
{
	struct pots_play play = { .tone = tone, .gain_cdb = gain_cdb };

	return command(port, POTS_PLAY_TONE, &play);
}

int port_tone_stop(struct port *port)
{
	struct pots_stop stop = { 0 };

	return command(port, POTS_STOP_TONE, &stop);
}

int port_ring(struct port *port, const struct port_cadence *cadence, unsigned int flags,
	      unsigned int dc_v, const struct pots_cid *cid)
{
	struct pots_ring_cid both = { .ring.flags = flags };
	int err = -EOPNOTSUPP;

	both.ring.dc_mv = 1000 * dc_v < port->ring_dc_max_mv ? 1000 * dc_v : port->ring_dc_max_mv;
	if (cadence) {
		both.ring.count = cadence->pairs;
		both.ring.loop_start = cadence->loop_start;
		memcpy(both.ring.on_ms, cadence->on_ms, sizeof(both.ring.on_ms));
		memcpy(both.ring.off_ms, cadence->off_ms, sizeof(both.ring.off_ms));
	}
	if (cid) {
		both.cid = *cid;
		err = command(port, POTS_RING_CID, &both);
	}
	/* A kernel or a board that cannot tell who calls can ring all the same. */
	if (err == -EOPNOTSUPP || err == -ENOTTY)
		err = command(port, POTS_RING, &both.ring);
	return err;
}

int port_ring_stop(struct port *port)
{
	struct pots_stop stop = { 0 };

	return command(port, POTS_STOP_RING, &stop);
}

int port_seize(struct port *port, bool urgent)
{
	struct pots_seize seize = { .flags = urgent ? POTS_SEIZE_F_FORCE : 0 };

	return command(port, POTS_SEIZE, &seize);
}

/* MF has no * and #; R1 puts a number between KP and ST. */
static bool put_digits(struct pots_dial *dial, const char *digits, bool framed)
{
	bool mf = dial->flags & (POTS_DIAL_F_MF_R1 | POTS_DIAL_F_MF_R2);

	if (framed)
		dial->digit[dial->count++] = POTS_MF_KP;
	for (; *digits; digits++) {
		int digit = dialplan_digit(*digits);

		if (mf && digit > 9)
			return false;
		dial->digit[dial->count++] = (__u8)digit;
	}
	if (framed)
		dial->digit[dial->count++] = POTS_MF_ST;
	return true;
}

int port_dial(struct port *port, const char *digits, bool first)
{
	struct pots_dial dial = { 0 };
	struct port_trunk how = *port->trunk;

	if (strlen(digits) > POTS_DIAL_MAX - 2)
		return -EMSGSIZE;
	if (port->country)
		port_exchange_inherit(&how.exchange, &port->country->exchange);
	port_exchange_dialling(&how, first, &dial);
	if (how.way == PORT_DTMF && port->country &&
	    port->country->dtmf_low_cdb != PORT_GAIN_UNSET) {
		dial.level_cdb = (__s16)port->country->dtmf_low_cdb;
		dial.twist_cdb = (__s16)(port->country->dtmf_high_cdb - dial.level_cdb);
	}
	if (!put_digits(&dial, digits, first && how.way == PORT_MF_R1))
		return -EINVAL;
	return command(port, POTS_DIAL, &dial);
}

int port_flash(struct port *port)
{
	struct pots_flash flash = { 0 };

	return command(port, POTS_FLASH, &flash);
}

int port_caller_id(struct port *port, struct pots_caller_id *caller)
{
	return command(port, POTS_READ_CID, caller);
}

bool port_can_call(const struct port *port)
{
	struct pots_state state = { 0 };

	return port->claim >= 0 && !ioctl(port->observer, POTS_GET_STATE, &state) &&
	       !(state.state & (POTS_STATE_NO_BATTERY | POTS_STATE_IN_USE | POTS_STATE_RINGING));
}

int port_send_cid(struct port *port, const struct pots_cid *cid)
{
	struct pots_cid copy = *cid;

	return command(port, POTS_SEND_CID, &copy);
}

int port_polarity(struct port *port, bool reverse)
{
	struct pots_linefeed feed = { .feed = reverse ? POTS_FEED_REVERSE : POTS_FEED_FORWARD };
	int err;

	if (reverse == port->reversed)
		return 0;
	err = command(port, POTS_SET_LINEFEED, &feed);
	if (!err)
		port->reversed = reverse;
	return err;
}

int port_lamp(struct port *port, bool on)
{
	struct pots_lamp lamp = {
		.on_ms = on ? LAMP_ON_MS : 0,
		.off_ms = on ? LAMP_OFF_MS : 0,
	};

	return command(port, POTS_SET_LAMP, &lamp);
}

int port_meter(struct port *port, unsigned int signal, unsigned int pulses, unsigned int ms)
{
	struct pots_meter meter = {
		.signal = POTS_METER_12KHZ + signal,
		.count = pulses < POTS_METER_COUNT_MAX ? pulses : POTS_METER_COUNT_MAX,
		.on_ms = (__u16)ms,
		.off_ms = (__u16)ms,
	};

	return command(port, POTS_METER, &meter);
}

int port_hangup(struct port *port, bool open)
{
	struct pots_hangup hangup = { .flags = open ? 0 : POTS_HANGUP_F_OPEN_MS };

	port->reversed = false;
	return command(port, POTS_HANGUP, &hangup);
}

int port_ask_hook(struct port *port)
{
	struct pots_state state = { 0 };

	if (port->observer < 0)
		return -ENODEV;
	if (ioctl(port->observer, POTS_GET_STATE, &state))
		return -errno;
	port->off_hook = state.state & POTS_STATE_OFF_HOOK;
	report(port, port->off_hook ? PORT_PARKED : PORT_ON_HOOK, 0, 0);
	return 0;
}

void port_set_active(struct port *port, bool active)
{
	if (active == (bool)ev_is_active(&port->feed))
		return;
	if (active && port->claim >= 0)
		ev_timer_again(port->loop, &port->feed);
	else
		ev_timer_stop(port->loop, &port->feed);
}
