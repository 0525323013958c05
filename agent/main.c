// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * potsd: options, the loop, and the way out.
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent.h"
#include "log.h"
#include "priv.h"
#include "sandbox.h"

#define DEFAULT_CONFIG "/etc/pots/potsd.conf"

enum { OPT_CHECK = 256, OPT_DUMP_CONFIG, OPT_HELP_CONFIG, OPT_DUMP_STATES, OPT_VERSION };

static const struct option options[] = {
	{ "config", required_argument, NULL, 'c' },
	{ "debug", no_argument, NULL, 'd' },
	{ "check-config", no_argument, NULL, OPT_CHECK },
	{ "dump-config", no_argument, NULL, OPT_DUMP_CONFIG },
	{ "help-config", no_argument, NULL, OPT_HELP_CONFIG },
	{ "dump-states", no_argument, NULL, OPT_DUMP_STATES },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, OPT_VERSION },
	{ NULL, 0, NULL, 0 }
};

static const char usage[] =
	"potsd: plain telephones on a SIP network\n"
	"usage: potsd [-c FILE] [-d] [--check-config | --dump-config]\n"
	"       potsd --help-config | --dump-states | --help | --version\n"
	"  -c, --config FILE  read FILE instead of " DEFAULT_CONFIG "\n"
	"  -d, --debug        log everything, dialled digits included\n"
	"  --check-config     read the configuration, report errors, end\n"
	"  --dump-config      the same, and print how it was understood\n"
	"  --help-config      print every key, its default and meaning\n"
	"  --dump-states      print the call table as a page of documentation\n";

static void print_error(void *ctx, const char *file, int line, const char *text)
{
	(void)ctx;
	if (line)
		fprintf(stderr, "%s:%d: %s\n", file, line, text);
	else
		fprintf(stderr, "%s: %s\n", file, text);
}

struct daemon {
	struct agent agent;
	const char *path;
	bool debug;
	struct config next;	/* what SIGHUP found, while @reload */
	bool reload;
	ev_signal term, interrupt, hangup;
};

static void log_mistake(void *ctx, const char *file, int line, const char *text)
{
	(void)ctx;
	if (line)
		log_error("config", "%s:%d: %s", file, line, text);
	else
		log_error("config", "%s: %s", file, text);
}

static void on_term(struct ev_loop *loop, ev_signal *signal, int revents)
{
	struct daemon *daemon = signal->data;

	(void)revents;
	ev_signal_stop(loop, signal);	/* a second one ends us at once */
	if (daemon->reload)
		config_free(&daemon->next);
	daemon->reload = false;
	agent_stop(&daemon->agent);
}

/* Nobody's call is cut off for a new configuration, and a wrong one changes nothing. */
static void on_hangup(struct ev_loop *loop, ev_signal *signal, int revents)
{
	struct daemon *daemon = signal->data;
	struct config config;

	(void)loop;
	(void)revents;
	if (config_load(&config, daemon->path, log_mistake, NULL)) {
		config_free(&config);
		log_error("config", "%s is not taken, the present configuration stays",
			  daemon->path);
		return;
	}
	if (daemon->reload)
		config_free(&daemon->next);
	daemon->next = config;
	daemon->reload = true;
	log_info("config", "%s is taken as soon as no line is in use", daemon->path);
	agent_stop_when_quiet(&daemon->agent);
}

static void on_stopped(struct agent *agent)
{
	ev_break(agent->loop, EVBREAK_ALL);
}

static void use_next(struct daemon *daemon)
{
	struct ev_loop *loop = daemon->agent.loop;

	agent_free(&daemon->agent);
	daemon->agent = (struct agent){
		.loop = loop,
		.config = daemon->next,
		.stopped = on_stopped,
	};
	if (!daemon->debug)
		log_set_level((enum log_level)daemon->agent.config.agent.log_level);
}

static void watch_signal(struct daemon *daemon, ev_signal *watcher, int number,
			 void (*act)(struct ev_loop *loop, ev_signal *signal, int revents))
{
	ev_signal_init(watcher, act, number);
	watcher->data = daemon;
	ev_signal_start(daemon->agent.loop, watcher);
}

static void enter_sandbox(void)
{
	int err = sandbox_enter();

	if (err == -EOPNOTSUPP)
		log_info("agent", "no sandbox on this system");
	else if (err)
		log_warn("agent", "no sandbox: %s", strerror(-err));
}

static int run(struct daemon *daemon)
{
	struct agent *agent = &daemon->agent;
	int err;

	signal(SIGPIPE, SIG_IGN);
	agent->loop = ev_default_loop(EVFLAG_AUTO);
	agent->stopped = on_stopped;
	watch_signal(daemon, &daemon->term, SIGTERM, on_term);
	watch_signal(daemon, &daemon->interrupt, SIGINT, on_term);
	watch_signal(daemon, &daemon->hangup, SIGHUP, on_hangup);
	for (;;) {
		err = agent_start(agent);
		if (err)
			break;
		if (daemon->reload)
			log_info("config", "%s is in use", daemon->path);
		else if (agent->config.agent.sandbox)
			enter_sandbox();
		daemon->reload = false;
		ev_run(agent->loop, 0);
		if (!daemon->reload)
			return EXIT_SUCCESS;
		use_next(daemon);
	}
	log_error("agent", "cannot start: %s", strerror(-err));
	return EXIT_FAILURE;
}

static int run_daemon(struct daemon *daemon)
{
	const struct config_agent *config = &daemon->agent.config.agent;

	log_set_level(daemon->debug ? LOG_LEVEL_DEBUG : (enum log_level)config->log_level);
	if (config->log_syslog)
		log_use_syslog("potsd");
	if (priv_drop(&daemon->agent.config))
		return EXIT_FAILURE;
	return run(daemon);
}

/* What needs no configuration. Returns whether it was one of these. */
static bool print_something(int opt)
{
	switch (opt) {
	case OPT_HELP_CONFIG:
		config_help(stdout);
		return true;
	case OPT_DUMP_STATES:
		call_dump_states(stdout);
		return true;
	case OPT_VERSION:
		puts("potsd " POTS_VERSION);
		return true;
	case 'h':
		fputs(usage, stdout);
		return true;
	default:
		return false;
	}
}

int main(int argc, char **argv)
{
	struct daemon daemon = { .path = DEFAULT_CONFIG };
	int action = 0, opt, status = EXIT_SUCCESS;

	while ((opt = getopt_long(argc, argv, "c:dh", options, NULL)) != -1) {
		if (print_something(opt))
			return EXIT_SUCCESS;
		if (opt == '?')
			break;
		if (opt == 'c')
			daemon.path = optarg;
		else if (opt == 'd')
			daemon.debug = true;
		else
			action = opt;
	}
	if (opt != -1 || optind < argc) {
		fputs(usage, stderr);
		return 2;
	}
	if (config_load(&daemon.agent.config, daemon.path, print_error, NULL))
		status = EXIT_FAILURE;
	else if (action == OPT_DUMP_CONFIG)
		config_dump(&daemon.agent.config, stdout);
	else if (!action)
		status = run_daemon(&daemon);
	agent_free(&daemon.agent);
	return status;
}
