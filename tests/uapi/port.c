// SPDX-License-Identifier: GPL-2.0-or-later
#include "port.h"

#include <fcntl.h>
#include <glob.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define PROBE_MS	10000	/* a chip's driver calibrates within this time */

/*
 * All of the program and its libraries, before a test begins: to fetch a page
 * from the host in the midst of one takes time that is the test's.
 */
__attribute__((constructor)) static void fetch(void)
{
	mlockall(MCL_CURRENT);
}

unsigned int slack_ms(unsigned int tight)
{
	return time_is_virtual() ? tight : tight + 500;
}

unsigned int least_ms(unsigned int ms, unsigned int tight)
{
	return ms > slack_ms(tight) ? ms - slack_ms(tight) : 0;
}

/* --------------------------------------------------------------- ports --- */

static unsigned int add_port(unsigned int *ids, unsigned int count, const char *name)
{
	unsigned int at = count, id;

	if (count == PORTS_MAX || sscanf(name, "pots%u", &id) != 1)
		return count;
	for (; at && ids[at - 1] > id; at--)
		ids[at] = ids[at - 1];
	ids[at] = id;
	return count + 1;
}

static unsigned int list_named(unsigned int *ids, const char *names)
{
	char *copy = strdup(names), *rest = copy, *name;
	unsigned int count = 0;

	while ((name = strsep(&rest, " ,")))
		count = add_port(ids, count, name);
	free(copy);
	return count;
}

unsigned int port_list(unsigned int ids[PORTS_MAX])
{
	const char *named = getenv("POTS_PORTS");
	unsigned int count = 0;
	glob_t found;
	size_t i;

	if (named && *named)
		return list_named(ids, named);
	if (glob("/sys/class/pots/pots*", 0, NULL, &found))
		return 0;
	for (i = 0; i < found.gl_pathc; i++)
		count = add_port(ids, count, strrchr(found.gl_pathv[i], '/') + 1);
	globfree(&found);
	return count;
}

int port_nth(unsigned int nth)
{
	unsigned int ids[PORTS_MAX];

	return nth < port_list(ids) ? (int)ids[nth] : -1;
}

/* A program without a port to test is skipped as a whole. */
__attribute__((constructor)) static void need_port(void)
{
	if (port_nth(0) >= 0)
		return;
	puts("TAP version 13\n1..0 # SKIP no port: make a board, or set POTS_PORTS");
	exit(4);
}

int port_open(unsigned int id, int flags)
{
	char path[32];

	snprintf(path, sizeof(path), "/dev/pots%u", id);
	return open(path, flags | O_CLOEXEC);
}

int port_claim(int observer, unsigned int watchdog_ms)
{
	struct pots_claim claim = { .watchdog_ms = watchdog_ms };

	return ioctl(observer, POTS_CLAIM, &claim) ? -1 : claim.fd;
}

/* Where the last unplugged one was, for port_plug(). */
static char driver_path[PATH_MAX];
static char device_name[NAME_MAX];

static int write_name(const char *file)
{
	char path[PATH_MAX + 16];
	int fd, err = 0;

	snprintf(path, sizeof(path), "%s/%s", driver_path, file);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, device_name, strlen(device_name)) < 0)
		err = errno;
	if (fd >= 0)
		close(fd);
	return err;
}

int port_unplug(unsigned int id)
{
	char link[64], device[PATH_MAX];

	snprintf(link, sizeof(link), "/sys/class/pots/pots%u/device", id);
	if (!realpath(link, device))
		return errno;
	snprintf(device_name, sizeof(device_name), "%s", strrchr(device, '/') + 1);
	snprintf(link, sizeof(link), "/sys/class/pots/pots%u/device/driver", id);
	if (!realpath(link, driver_path))
		return errno;
	return write_name("unbind");
}

int port_plug(void)
{
	return device_name[0] ? write_name("bind") : ENODEV;
}

bool port_wait(unsigned int id, unsigned int timeout_ms)
{
	uint64_t end_ns = now_ns() + timeout_ms * NS_PER_MS;
	int fd;

	while ((fd = port_open(id, O_RDONLY)) < 0) {
		if (now_ns() > end_ns)
			return false;
		sleep_ms(10);
	}
	close(fd);
	return true;
}

uint32_t state_of(int fd)
{
	struct pots_state state = {};

	return ioctl(fd, POTS_GET_STATE, &state) ? UINT32_MAX : state.state;
}

bool state_wait(int fd, uint32_t mask, uint32_t value, unsigned int timeout_ms)
{
	uint64_t end_ns = now_ns() + timeout_ms * NS_PER_MS;

	while ((state_of(fd) & mask) != value) {
		if (now_ns() > end_ns)
			return false;
		sleep_ms(1);
	}
	return true;
}

/* -------------------------------------------------------------- events --- */

bool event_next(int observer, struct pots_event *event, unsigned int timeout_ms)
{
	struct pollfd fd = { .fd = observer, .events = POLLIN };

	return poll(&fd, 1, timeout_ms) == 1 && fd.revents & POLLIN &&
	       read(observer, event, sizeof(*event)) == sizeof(*event);
}

bool event_wait(int observer, unsigned int type, struct pots_event *event,
		unsigned int timeout_ms)
{
	uint64_t end_ns = now_ns() + timeout_ms * NS_PER_MS;
	struct pots_event unused;
	int64_t left_ns;

	if (!event)
		event = &unused;
	while ((left_ns = end_ns - now_ns()) >= 0) {
		if (!event_next(observer, event, left_ns / NS_PER_MS + 1))
			return false;
		if (event->type == type)
			return true;
	}
	return false;
}

bool event_wait_value(int observer, unsigned int type, unsigned int value,
		      unsigned int timeout_ms)
{
	uint64_t end_ns = now_ns() + timeout_ms * NS_PER_MS;
	struct pots_event event;

	while (now_ns() < end_ns && event_wait(observer, type, &event, timeout_ms))
		if (event.value == value)
			return true;
	return false;
}

bool event_absent(int observer, unsigned int type, unsigned int for_ms)
{
	return !event_wait(observer, type, NULL, for_ms);
}

void event_drain(int observer)
{
	struct pots_event event;

	while (event_next(observer, &event, 0))
		;
}

/* ---------------------------------------------------------------- line --- */

#define BUSY_STATES	(POTS_STATE_OFF_HOOK | POTS_STATE_PARKED | POTS_STATE_CLAIMED | \
			 POTS_STATE_RINGING | POTS_STATE_TONE | POTS_STATE_AUDIO | \
			 POTS_STATE_HANGUP | POTS_STATE_ALARM)

int line_open(struct line *line, unsigned int nth)
{
	int id = port_nth(nth);

	*line = (struct line){ .id = id, .observer = -1, .claim = -1, .phone = -1 };
	if (id < 0)
		return ENODEV;
	line->phone = phone_open(id);
	line->observer = port_open(id, O_RDWR);
	if (line->observer < 0 || ioctl(line->observer, POTS_GET_INFO, &line->info))
		return errno;
	if (line->phone >= 0 &&
	    (!phone_hang(line->phone) ||
	     !state_wait(line->observer, BUSY_STATES, 0, SETTLE_MS)))
		return ETIME;
	line->claim = port_claim(line->observer, 0);
	if (line->claim < 0)
		return errno;
	event_drain(line->observer);
	return 0;
}

void line_close(struct line *line)
{
	if (line->phone >= 0)
		phone_hang(line->phone);
	if (line->claim >= 0)
		close(line->claim);
	if (line->observer >= 0) {
		state_wait(line->observer, BUSY_STATES, 0, SETTLE_MS);
		close(line->observer);
	}
	if (line->phone >= 0)
		close(line->phone);
}

bool line_lift(struct line *line)
{
	return phone_lift(line->phone) &&
	       event_wait(line->observer, POTS_EVENT_OFF_HOOK, NULL, SETTLE_MS);
}

bool line_hang(struct line *line)
{
	return phone_hang(line->phone) &&
	       event_wait(line->observer, POTS_EVENT_ON_HOOK, NULL, SETTLE_MS);
}

/* -------------------------------------------------------- wrong fields --- */

static void put_field(void *field, size_t size, int64_t value)
{
	switch (size) {
	case 1:
		*(int8_t *)field = value;
		break;
	case 2:
		*(int16_t *)field = value;
		break;
	case 4:
		*(int32_t *)field = value;
		break;
	default:
		abort();	/* the interface has no other sizes */
	}
}

int wrong_try(int fd, unsigned long command, const void *valid,
	      const struct wrong *wrong)
{
	uint64_t argument[4096 / 8];

	memcpy(argument, valid, _IOC_SIZE(command));
	put_field((char *)argument + wrong->offset, wrong->size, wrong->value);
	return err_of(fd, command, argument);
}

void *bad_pointer(void)
{
	return mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

void *readonly_copy(const void *from, size_t size)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	memcpy(page, from, size);
	mprotect(page, 4096, PROT_READ);
	return page;
}
