// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sets up the objects of the daemon and takes them down again.
 */
#include "agent.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control.h"
#include "kernel_nl.h"
#include "log.h"
#include "route.h"

/* A registrar that is slow to answer does not hold up the end for longer. */
#define LINGER_MS 2000

/* ------------------------------------------------------------ SIP events --- */

struct line *agent_find_number(struct agent *agent, const char *number)
{
	for (unsigned int i = 0; *number && i < agent->line_count; i++) {
		if (!strcmp(agent->lines[i].config->number, number))
			return &agent->lines[i];
	}
	return NULL;
}

static int on_incoming(void *ctx, struct sip_call *call, const struct sip_incoming *in)
{
	struct agent *agent = ctx;
	struct route route;
	int status = route_incoming(agent, call, in, &route);

	if (!status)
		return line_invite(route.line, call, in, &route);
	if (status == 404)
		log_info("call", "refused a call to a number that is not here");
	else
		log_warn("call", "%s: refused a call: %d", route.line->config->title, status);
	return status;
}

static void on_registration(void *ctx, struct sip_account *account, enum sip_reg_state state,
			    int status)
{
	(void)ctx;
	if (state == SIP_REG_OK)
		log_info("agent", "account %s is registered", sip_account_name(account));
	else if (state == SIP_REG_FAILED)
		log_warn("agent", "account %s could not register (%d)",
			 sip_account_name(account), status);
}

static void on_waiting(void *ctx, struct sip_account *account, const struct sip_waiting *waiting)
{
	struct agent *agent = ctx;
	const struct line *one = agent_find_number(agent, waiting->user);

	for (unsigned int i = 0; i < agent->line_count; i++) {
		struct line *line = &agent->lines[i];

		if (one ? line == one : line->account == account && !line->config->is_trunk)
			waiting_set(line, waiting->messages, waiting->count);
	}
}

static void on_address_changed(void *ctx, struct sip_account *account)
{
	struct agent *agent = ctx;

	for (unsigned int i = 0; i < agent->line_count; i++)
		line_moved(&agent->lines[i], account);
}

static const struct sip_events sip_events = {
	.incoming = on_incoming,
	.registration = on_registration,
	.waiting = on_waiting,
	.address_changed = on_address_changed,
};

/* --------------------------------------------------------------- accounts --- */

static int add_accounts(struct agent *agent)
{
	struct config *config = &agent->config;

	agent->accounts = calloc(config->account_count + 1, sizeof(*agent->accounts));
	if (!agent->accounts)
		return -ENOMEM;
	for (unsigned int i = 0; i < config->account_count; i++) {
		struct sip_account *account = sip_account_add(agent->sip,
							      &config->accounts[i].sip);

		if (!account) {
			log_error("agent", "account %s cannot be set up", config->accounts[i].name);
			return -EINVAL;
		}
		sip_account_set_user(account, &config->accounts[i]);
		agent->accounts[i] = account;
	}
	return 0;
}

/* One mechanism for all calls: a line calls another one through SIP too. */
static int add_self(struct agent *agent)
{
	const char *host = agent->config.sip.listen ? agent->config.sip.listen : "127.0.0.1";
	bool v6 = strchr(host, ':');
	char proxy[80];
	struct sip_account_config config = {
		.name = "self",
		.domain = "localhost",
		.user = "pots",
		.outbound_proxy = proxy,
		.basic = SIP_BASIC_NEVER,
	};

	snprintf(proxy, sizeof(proxy), v6 ? "[%s]:%u" : "%s:%u", host, agent->config.sip.port);
	agent->self = sip_account_add(agent->sip, &config);
	return agent->self ? 0 : -EINVAL;
}

static struct sip_account *find_account(struct agent *agent, const char *name)
{
	for (unsigned int i = 0; i < agent->config.account_count; i++) {
		if (!strcmp(agent->config.accounts[i].name, name))
			return agent->accounts[i];
	}
	return NULL;
}

/* ------------------------------------------------------------------ lines --- */

static int add_lines(struct agent *agent)
{
	unsigned int count = agent->config.line_count;

	agent->lines = calloc(count, sizeof(*agent->lines));
	if (!agent->lines)
		return -ENOMEM;
	for (unsigned int i = 0; i < count; i++) {
		const struct config_line *config = &agent->config.lines[i];
		int err = line_init(&agent->lines[i], agent, config,
				    find_account(agent, config->account));

		if (err)
			return err;
		agent->line_count++;
	}
	return 0;
}

/* ------------------------------------------------------------------ ports --- */

/* A port that goes is noticed at its own file. */
static void on_port(void *ctx, enum kernel_change change, const struct kernel_port *port)
{
	struct agent *agent = ctx;

	if (change != KERNEL_PORT_PRESENT && change != KERNEL_PORT_ADDED)
		return;
	for (unsigned int i = 0; i < agent->line_count; i++) {
		const struct line *line = &agent->lines[i];

		if (!strcmp(line->config->port, port->name) ||
		    !strcmp(line->config->port, port->label))
			port_attach(line->port, port->name);
	}
}

static void on_netlink(struct ev_loop *loop, ev_io *io, int revents)
{
	struct agent *agent = io->data;
	int err = kernel_nl_dispatch(agent->nl);

	(void)loop;
	(void)revents;
	if (err)
		log_warn("agent", "netlink: %s", strerror(-err));
}

/*
 * Notifications of ports are for those that are missing: the present ones wake
 * us with every call, and tell of their own end. A port that returned before
 * we listened again is found by a look around, once its predecessor is gone.
 */
#define LOOK_S 1.

void agent_port_changed(struct agent *agent)
{
	bool missing = false;
	int err;

	if (!agent->nl)
		return;
	for (unsigned int i = 0; i < agent->line_count; i++)
		missing = missing || !port_present(agent->lines[i].port);
	err = kernel_nl_listen(agent->nl, missing);
	if (err)
		log_warn("agent", "netlink: %s", strerror(-err));
	ev_timer_stop(agent->loop, &agent->look);
	if (!missing)
		return;
	ev_timer_set(&agent->look, LOOK_S, 0.);
	ev_timer_start(agent->loop, &agent->look);
}

static void on_look(struct ev_loop *loop, ev_timer *timer, int revents)
{
	struct agent *agent = timer->data;

	(void)loop;
	(void)revents;
	kernel_nl_dump(agent->nl, false);
}

/* Without it, ports are only known by their names, and at the start. */
static void watch_ports(struct agent *agent)
{
	int err = kernel_nl_new(&agent->nl, on_port, agent);

	if (err) {
		log_warn("agent", "netlink: %s", strerror(-err));
		return;
	}
	ev_init(&agent->look, on_look);
	agent->look.data = agent;
	ev_io_init(&agent->netlink, on_netlink, kernel_nl_fd(agent->nl), EV_READ);
	agent->netlink.data = agent;
	ev_io_start(agent->loop, &agent->netlink);
	kernel_nl_dump(agent->nl, false);
}

static void find_ports(struct agent *agent)
{
	watch_ports(agent);
	for (unsigned int i = 0; i < agent->line_count; i++) {
		const struct line *line = &agent->lines[i];

		if (!agent->nl)
			port_attach(line->port, line->config->port);
		if (!port_present(line->port))
			log_warn("agent", "%s waits for %s", line->config->title,
				 line->config->port);
	}
}

static void open_control(struct agent *agent)
{
	const char *path = agent->config.agent.control;
	int err = *path ? control_new(&agent->control, agent, path) : 0;

	if (err)
		log_warn("agent", "%s: %s; potsctl will not see calls", path, strerror(-err));
}

static bool is_quiet(const struct agent *agent)
{
	for (unsigned int i = 0; i < agent->line_count; i++) {
		if (line_is_active(&agent->lines[i]))
			return false;
	}
	return true;
}

static void before_sleep(struct ev_loop *loop, ev_prepare *prepare, int revents)
{
	struct agent *agent = prepare->data;

	(void)loop;
	(void)revents;
	if (agent->stop_when_quiet && is_quiet(agent))
		agent_stop(agent);
	log_flush();
}

/* The end of time, as far as the loop is concerned. */
#define NEVER_S 4102444800.

static void on_never(struct ev_loop *loop, ev_periodic *periodic, int revents)
{
	(void)loop;
	(void)periodic;
	(void)revents;
}

/*
 * libev wakes up once a minute to see whether somebody set the clock, unless it
 * has a timerfd to tell it. It makes one as soon as there is any periodic.
 */
static void sleep_well(struct agent *agent)
{
	ev_periodic_init(&agent->never, on_never, NEVER_S, 0., NULL);
	ev_periodic_start(agent->loop, &agent->never);
}

int agent_start(struct agent *agent)
{
	int err;

	sleep_well(agent);
	ev_prepare_init(&agent->before_sleep, before_sleep);
	ev_set_priority(&agent->before_sleep, EV_MINPRI);
	agent->before_sleep.data = agent;
	ev_prepare_start(agent->loop, &agent->before_sleep);
	log_defer();

	agent->media = media_new(agent->loop, &agent->config.media);
	if (!agent->media)
		return -ENOMEM;
	agent->sip = sip_new(agent->loop, &agent->config.sip, &sip_events, agent);
	if (!agent->sip)
		return -EADDRINUSE;
	err = add_accounts(agent);
	if (!err)
		err = add_self(agent);
	if (!err)
		err = add_lines(agent);
	if (err)
		return err;
	find_ports(agent);
	open_control(agent);
	return 0;
}

static void on_sip_done(void *ctx)
{
	struct agent *agent = ctx;

	agent->sip = NULL;
	agent->stopped(agent);
}

void agent_stop(struct agent *agent)
{
	struct sip *sip = agent->sip;

	agent->stop_when_quiet = false;
	for (unsigned int i = 0; i < agent->line_count; i++)
		line_free(&agent->lines[i]);
	agent->line_count = 0;
	ev_timer_stop(agent->loop, &agent->look);
	if (sip)
		sip_shutdown(sip, LINGER_MS, on_sip_done);
}

void agent_stop_when_quiet(struct agent *agent)
{
	agent->stop_when_quiet = true;
}

void agent_free(struct agent *agent)
{
	for (unsigned int i = 0; i < agent->line_count; i++)
		line_free(&agent->lines[i]);
	control_free(agent->control);
	ev_io_stop(agent->loop, &agent->netlink);
	ev_timer_stop(agent->loop, &agent->look);
	kernel_nl_free(agent->nl);
	free(agent->lines);
	free(agent->accounts);
	if (agent->sip)
		sip_free(agent->sip);
	if (agent->media)
		media_free(agent->media);
	config_free(&agent->config);
	ev_periodic_stop(agent->loop, &agent->never);
	ev_prepare_stop(agent->loop, &agent->before_sleep);
	log_flush();
}
