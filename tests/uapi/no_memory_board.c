// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Each allocation of a chip driver's probe fails once, and each of a simulated
 * board on its way to life. Afterwards both can be had; the kernel's own checks
 * see what is left behind.
 */
#include "nth.h"
#include "port.h"
#include "simboard.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#define BOARD	"nomem"

/* ----------------------------------------------------------------- probe --- */

static struct pots_info before;

/* The first of its type, when there is none with that label. */
static int find(unsigned int type, const char *label, struct pots_info *info)
{
	unsigned int ids[PORTS_MAX], count = port_list(ids);

	for (unsigned int i = 0; i < count; i++) {
		int fd = port_open(ids[i], O_RDONLY);
		int err = fd < 0 ? errno : err_of(fd, POTS_GET_INFO, info);

		close(fd);
		if (!err && info->type == type && (!*label || !strcmp(info->label, label)))
			return ids[i];
	}
	return -1;
}

static bool unplugged(const struct nth_case *nth)
{
	unsigned int type = *(const unsigned int *)nth->data;
	const char *label = before.type == type ? before.label : "";
	struct pots_info info;
	int id = find(type, label, &info);

	if (id < 0)
		return *label;	/* the last attempt has left none */
	before = info;
	return !port_unplug(id);
}

static int plug(const struct nth_case *nth)
{
	return port_plug();
}

/* A port that is there can do what it could. */
static bool is_whole(const struct nth_case *nth, int err)
{
	struct pots_info info;
	int id = find(before.type, before.label, &info);

	if (err || id < 0)
		return err && id < 0;
	if (info.caps == before.caps)
		return true;
	printf("# caps %#x, not %#x\n", info.caps, before.caps);
	return false;
}

static const unsigned int telephone = POTS_PORT_TYPE_FXS, exchange = POTS_PORT_TYPE_FXO;

/* ----------------------------------------------------------------- board --- */

static int make_directory(const struct nth_case *nth)
{
	return simboard_describe(BOARD, "");
}

static bool remove_directory(const struct nth_case *nth, int err)
{
	return !simboard_remove(BOARD) == !err;
}

static bool describe(const struct nth_case *nth)
{
	return !simboard_describe(BOARD, nth->data);
}

static int come_alive(const struct nth_case *nth)
{
	return simboard_live(BOARD, true);
}

static bool take_away(const struct nth_case *nth, int err)
{
	bool right = simboard_is_live(BOARD) == !err;

	return !simboard_remove(BOARD) && right;
}

/*
 * A chip's device that did not come to be: the SPI core has no reasons. A device
 * that did not get its name: EINVAL by the driver core.
 */
static const int no_device[] = { ENODEV, EINVAL, 0 };

#define LIVE(name_, what) {							\
	.name = (name_), .prepare = describe, .attempt = come_alive,		\
	.undo = take_away, .also = no_device, .data = (what) }

static const struct nth_case cases[] = {
	{ "probe-telephone", unplugged, plug, is_whole, .data = &telephone },
	{ "probe-exchange", unplugged, plug, is_whole, .data = &exchange },
	{ "board-directory", NULL, make_directory, remove_directory },
	/*
	 * Without reset lines: registering a GPIO chip whose device finds no memory,
	 * Linux 6.1 frees the character device in it before its last user is gone.
	 */
	LIVE("board-telephone", "fxs 1 pclk 1"),
	LIVE("board-exchange", "fxs 0 fxo 1"),
	LIVE("board-wired", "fxs 1 fxo 1 wires 1"),
	LIVE("board-chain", "fxs 0 fxo 2 chain 1"),
};

int main(void)
{
	return !nth_run(cases, sizeof(cases) / sizeof(cases[0]));
}
