// SPDX-License-Identifier: GPL-2.0-only
/*
 * The chip and the highway of the tests, and the short words in which the tests
 * are written.
 */
#include "fixture.h"

#include <linux/delay.h>
#include <linux/ktime.h>
#include <linux/property.h>
#include <linux/slab.h>
#include <linux/string.h>

#define SLOT		3
#define POLL_MS		2

/* ------------------------------------------------------------- chip --- */

static void note(struct fixture *f, enum fixture_op op, u32 arg)
{
	if (f->logged == OPS_LOGGED)
		return;
	f->log[f->logged].op = op;
	f->log[f->logged].arg = arg;
	f->log[f->logged].at_ns = ktime_get_ns();
	f->logged++;
}

static int called(struct fixture *f, enum fixture_op op, u32 arg)
{
	KUNIT_EXPECT_TRUE(f->test, f->port && !pots_port_gone(f->port));
	note(f, op, arg);
	return f->fail[op];
}

/* Every change of the feed or of ringing shakes the loop, as on a real line. */
static void shake(struct fixture *f, bool fed)
{
	pots_port_report_loop(f->port, !f->closed, ktime_get_ns());
	pots_port_report_loop(f->port, f->closed && fed, ktime_get_ns());
}

static int set_feed(struct pots_port *port, enum pots_feed feed)
{
	struct fixture *f = pots_port_chip(port);
	int ret = called(f, OP_FEED, feed);

	if (!ret)
		shake(f, feed != POTS_LINE_OPEN);
	return ret;
}

static int read_loop(struct pots_port *port)
{
	struct fixture *f = pots_port_chip(port);

	return f->closed;
}

static int ring_setup(struct pots_port *port, const struct pots_ring_wave *wave)
{
	return called(pots_port_chip(port), OP_RING_SETUP, wave->freq_mhz);
}

static int ring_burst(struct pots_port *port, bool on)
{
	struct fixture *f = pots_port_chip(port);
	int ret = called(f, OP_BURST, on);

	if (!ret) {
		f->bursts = on;
		shake(f, true);
	}
	return ret;
}

static int speech(struct pots_port *port, bool on)
{
	return called(pots_port_chip(port), OP_SPEECH, on);
}

static int set_impedance(struct pots_port *port, u32 impedance)
{
	return called(pots_port_chip(port), OP_IMPEDANCE, impedance);
}

static int chip_tone(struct pots_port *port, const struct pots_chip_tone *tone)
{
	return called(pots_port_chip(port), OP_TONE, tone ? tone->freq_mhz[0] : 0);
}

/* Every change shakes the line, and then it is what the exchange makes of it. */
static int set_hook(struct pots_port *port, bool off_hook)
{
	static const struct pots_line_sense nothing;
	struct fixture *f = pots_port_chip(port);
	int ret;

	pots_port_report_sense(port, &nothing, ktime_get_ns());
	msleep(f->late_ms);
	f->late_ms = 0;
	ret = called(f, OP_HOOK, off_hook);
	if (ret)
		return ret;
	f->closed = off_hook;
	pots_port_report_sense(port, &nothing, ktime_get_ns());
	return 0;
}

static int sense(struct pots_port *port, struct pots_line_sense *sense)
{
	struct fixture *f = pots_port_chip(port);

	*sense = f->line;
	if (!f->closed)
		sense->loop_ua = 0;
	else
		sense->line_mv /= 8;
	return called(f, OP_SENSE, 0);
}

static int set_daa(struct pots_port *port, const struct pots_daa *daa)
{
	struct fixture *f = pots_port_chip(port);

	KUNIT_EXPECT_FALSE(f->test, f->closed);
	return called(f, OP_DAA, daa->impedance);
}

static int listen(struct pots_port *port, bool on)
{
	return called(pots_port_chip(port), OP_LISTEN, on);
}

static int lamp(struct pots_port *port, bool on)
{
	return called(pots_port_chip(port), OP_LAMP, on);
}

static const struct pots_port_ops daa_ops = {
	.set_hook = set_hook,
	.sense = sense,
	.set_daa = set_daa,
	.listen = listen,
	.speech = speech,
};

static const struct pots_port_desc daa_desc = {
	.chip = "test", .label = "line",
	.impedances = BIT(POTS_IMPEDANCE_600) | BIT(POTS_IMPEDANCE_CTR21),
};

static const struct pots_port_ops chip_ops = {
	.set_feed = set_feed,
	.read_loop = read_loop,
	.ring_setup = ring_setup,
	.ring_burst = ring_burst,
	.speech = speech,
	.set_impedance = set_impedance,
	.chip_tone = chip_tone,
};

static const struct pots_port_desc chip_desc = {
	.chip = "test", .label = "left", .can_reverse = true,
	.ring_min_mhz = 15000, .ring_max_mhz = 68000,
};

/* ---------------------------------------------------------- highway --- */

static int start(struct pots_highway *highway, struct pots_port *port,
		 unsigned int slot)
{
	return called(pots_highway_priv(highway), OP_START, slot);
}

static void stop(struct pots_highway *highway, struct pots_port *port)
{
	note(pots_highway_priv(highway), OP_STOP, 0);
}

static const struct pots_highway_ops highway_ops = { .start = start, .stop = stop };

void fixture_attach(struct fixture *f)
{
	f->highway = pots_highway_register(f->provider, &highway_ops, 1, f);
	KUNIT_ASSERT_FALSE(f->test, IS_ERR_OR_NULL(f->highway));
}

void fixture_detach(struct fixture *f)
{
	pots_highway_unregister(f->highway);
	f->highway = NULL;
}

void fixture_frames(struct fixture *f, unsigned int n, s16 *to_line)
{
	s16 in[POTS_FRAMES_MAX * POTS_FRAME_LEN] = {};
	s16 out[POTS_FRAMES_MAX * POTS_FRAME_LEN];

	pots_port_frames(f->port, in, out, n);
	if (to_line)
		memcpy(to_line, out, n * POTS_FRAME_LEN * sizeof(*out));
}

void fixture_mirror(struct fixture *f, unsigned int ms)
{
	s16 from_line[POTS_FRAME_LEN], to_line[POTS_FRAME_LEN] = {};

	while (ms--) {
		memcpy(from_line, to_line, sizeof(from_line));
		pots_port_frames(f->port, from_line, to_line, 1);
		if (!(ms % 16))
			cond_resched();
	}
}

/* --------------------------------------------------- coming, going --- */

void fixture_plug(struct fixture *f)
{
	f->port = f->exchange ? pots_fxo_alloc(f->chip, &daa_ops, &daa_desc, f) :
				pots_port_alloc(f->chip, &f->ops, &chip_desc, f);
	KUNIT_ASSERT_FALSE(f->test, IS_ERR_OR_NULL(f->port));
	KUNIT_ASSERT_EQ(f->test, 0, pots_port_register(f->port));
	KUNIT_ASSERT_EQ(f->test, 0, pots_file_init(&f->file, f->port));
	KUNIT_ASSERT_EQ(f->test, 0, pots_claim_take(f->port, &f->file, 0));
	f->claimed = true;
}

void fixture_unplug(struct fixture *f)
{
	if (f->port && !pots_port_gone(f->port))
		pots_port_unregister(f->port);
}

static struct device *make_device(struct kunit *test, const char *name,
				  const struct property_entry *properties)
{
	struct fwnode_handle *node = fwnode_create_software_node(properties, NULL);
	struct device *dev;

	KUNIT_ASSERT_FALSE(test, IS_ERR(node));
	/* Without an owner: suites run before their module is in sysfs. */
	dev = __root_device_register(name, NULL);
	KUNIT_ASSERT_FALSE(test, IS_ERR(dev));
	device_set_node(dev, node);
	return dev;
}

static void remove_device(struct device *dev)
{
	struct fwnode_handle *node;

	if (!dev)
		return;
	node = dev_fwnode(dev);
	device_set_node(dev, NULL);
	root_device_unregister(dev);
	fwnode_remove_software_node(node);
}

/* The provider's node is made anew for every test, so the reference is as well. */
static struct device *make_chip(struct kunit *test, struct device *provider)
{
	const struct software_node_ref_args ref[] = {
		{ .node = to_software_node(dev_fwnode(provider)) },
	};
	const struct property_entry properties[] = {
		PROPERTY_ENTRY_REF_ARRAY("pcm-highway", ref),
		PROPERTY_ENTRY_U32("pcm-slot", SLOT),
		{ }
	};

	return make_device(test, "pots-test-chip", properties);
}

static struct fixture *make(struct kunit *test)
{
	struct fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, f);
	test->priv = f;
	f->test = test;
	f->ops = chip_ops;
	f->provider = make_device(test, "pots-test-highway", NULL);
	f->chip = make_chip(test, f->provider);
	return f;
}

/* Past the time for which a port that comes masks its loop. */
static void come_to_rest(struct fixture *f)
{
	msleep(POTS_SETTLE_OPEN_MS + 10);
	fixture_forget(f);
}

int fixture_init(struct kunit *test)
{
	struct fixture *f = make(test);

	fixture_attach(f);
	fixture_plug(f);
	come_to_rest(f);
	return 0;
}

int fixture_init_lamp(struct kunit *test)
{
	struct fixture *f = make(test);

	f->ops.lamp = lamp;
	fixture_plug(f);
	come_to_rest(f);
	return 0;
}

int fixture_init_exchange(struct kunit *test)
{
	struct fixture *f = make(test);

	f->exchange = true;
	f->line = (struct pots_line_sense) { .line_mv = -48000, .loop_ua = 25000 };
	fixture_attach(f);
	fixture_plug(f);
	come_to_rest(f);
	return 0;
}

int fixture_init_silent(struct kunit *test)
{
	struct fixture *f = make(test);

	fixture_plug(f);
	come_to_rest(f);
	return 0;
}

void fixture_exit(struct kunit *test)
{
	struct fixture *f = test->priv;

	if (!f)
		return;
	if (f->port) {
		if (f->claimed)
			pots_claim_give_back(f->port);
		fixture_unplug(f);
		pots_file_exit(&f->file);
		pots_port_put(f->port);
	}
	if (f->highway)
		fixture_detach(f);
	remove_device(f->chip);
	remove_device(f->provider);
}

/* -------------------------------------------------------- telephone --- */

void fixture_loop(struct fixture *f, bool closed)
{
	f->closed = closed;
	pots_port_report_loop(f->port, closed, ktime_get_ns());
}

void fixture_trip(struct fixture *f)
{
	f->closed = true;
	pots_port_report_ring_trip(f->port, ktime_get_ns());
}

void fixture_lift(struct fixture *f)
{
	fixture_loop(f, true);
	EXPECT_EVENT(f, POTS_EVENT_OFF_HOOK, POTS_OFF_HOOK_SEIZED, 500);
	msleep(20);	/* detection has been started meanwhile */
}

/* --------------------------------------------------------- exchange --- */

void fixture_line(struct fixture *f, s32 line_mv, u32 loop_ua)
{
	struct pots_line_sense now;

	f->line.line_mv = line_mv;
	f->line.loop_ua = loop_ua;
	now = f->line;
	if (!f->closed)
		now.loop_ua = 0;
	pots_port_report_sense(f->port, &now, ktime_get_ns());
}

void fixture_burst(struct fixture *f, bool on)
{
	pots_port_report_ring(f->port, on, 25000, ktime_get_ns());
}

/* ------------------------------------------------------------ owner --- */

int fixture_seize(struct fixture *f, u32 flags)
{
	struct pots_seize seize = { .flags = flags };

	return pots_command(f->port, POTS_SEIZE, &seize);
}

int fixture_release(struct fixture *f)
{
	struct pots_hangup hangup = {};

	return pots_command(f->port, POTS_HANGUP, &hangup);
}

int fixture_play(struct fixture *f, u32 tone, u32 flags, u32 max_ms, u32 *cookie)
{
	struct pots_play play = { .tone = tone, .flags = flags, .max_ms = max_ms };
	int ret = pots_command(f->port, POTS_PLAY_TONE, &play);

	if (cookie)
		*cookie = play.cookie;
	return ret;
}

int fixture_stop_tone(struct fixture *f, u32 cookie)
{
	struct pots_stop stop = { .cookie = cookie };

	return pots_command(f->port, POTS_STOP_TONE, &stop);
}

int fixture_ring(struct fixture *f, u16 on_ms, u16 off_ms, u32 max_ms, u32 *cookie)
{
	struct pots_ring ring = {
		.max_ms = max_ms, .count = 1, .on_ms = { on_ms }, .off_ms = { off_ms },
	};
	int ret = pots_command(f->port, POTS_RING, &ring);

	if (cookie)
		*cookie = ring.cookie;
	return ret;
}

int fixture_stop_ring(struct fixture *f, u32 cookie)
{
	struct pots_stop stop = { .cookie = cookie };

	return pots_command(f->port, POTS_STOP_RING, &stop);
}

int fixture_hangup(struct fixture *f, u32 open_ms)
{
	struct pots_hangup hangup = {
		.flags = POTS_HANGUP_F_OPEN_MS, .open_ms = open_ms,
	};

	return pots_command(f->port, POTS_HANGUP, &hangup);
}

int fixture_feed(struct fixture *f, u32 feed)
{
	struct pots_linefeed linefeed = { .feed = feed };

	return pots_command(f->port, POTS_SET_LINEFEED, &linefeed);
}

int fixture_audio(struct fixture *f, u32 read, u32 write_low, u32 queue)
{
	struct pots_audio audio = {
		.read_frames = read, .write_low_frames = write_low, .queue_frames = queue,
	};

	return pots_command(f->port, POTS_AUDIO_START, &audio);
}

int fixture_exchange(struct fixture *f, void (*change)(struct pots_exchange *exchange))
{
	struct pots_exchange exchange;

	KUNIT_ASSERT_EQ(f->test, 0, pots_command(f->port, POTS_GET_EXCHANGE, &exchange));
	change(&exchange);
	return pots_command(f->port, POTS_SET_EXCHANGE, &exchange);
}

u32 fixture_state(struct fixture *f)
{
	struct pots_state state;

	pots_port_state_fill(f->port, &state);
	return state.state;
}

u32 fixture_feed_now(struct fixture *f)
{
	struct pots_state state;

	pots_port_state_fill(f->port, &state);
	return state.feed;
}

u32 fixture_next(struct fixture *f, unsigned int ms)
{
	u64 end_ns = ktime_get_ns() + (u64)ms * NSEC_PER_MSEC;

	for (;;) {
		while (pots_event_take(&f->file, &f->last))
			if (f->last.type != POTS_EVENT_HOOK_EDGE)
				return f->last.type;
		if (ktime_get_ns() >= end_ns)
			break;
		msleep(POLL_MS);
	}
	f->last.value = 0;
	return NO_EVENT;
}

void fixture_forget(struct fixture *f)
{
	while (pots_event_take(&f->file, &f->last))
		;
	f->logged = 0;
}

unsigned int fixture_calls(struct fixture *f, enum fixture_op op, u32 arg)
{
	unsigned int i, count = 0;

	for (i = 0; i < f->logged; i++)
		count += f->log[i].op == op && f->log[i].arg == arg;
	return count;
}
