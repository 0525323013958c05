// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * potsd: options, the loop, and the way out.
 */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent.h"
#include "log.h"
#include "priv.h"

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

static void on_signal(struct ev_loop *loop, ev_signal *signal, int revents)
{
	(void)revents;
	ev_signal_stop(loop, signal);	/* a second one ends us at once */
	agent_stop(signal->data);
}

static void on_stopped(struct agent *agent)
{
	ev_break(agent->loop, EVBREAK_ALL);
}

static int run(struct agent *agent)
{
	ev_signal on_term, on_int;
	int err;

	signal(SIGPIPE, SIG_IGN);
	agent->stopped = on_stopped;
	err = agent_start(agent);
	if (!err) {
		ev_signal_init(&on_term, on_signal, SIGTERM);
		ev_signal_init(&on_int, on_signal, SIGINT);
		on_term.data = agent;
		on_int.data = agent;
		ev_signal_start(agent->loop, &on_term);
		ev_signal_start(agent->loop, &on_int);
		ev_run(agent->loop, 0);
	} else {
		log_error("agent", "cannot start: %s", strerror(-err));
	}
	return err ? EXIT_FAILURE : EXIT_SUCCESS;
}

static int run_daemon(struct agent *agent, bool debug)
{
	const struct config_agent *config = &agent->config.agent;

	log_set_level(debug ? LOG_LEVEL_DEBUG : (enum log_level)config->log_level);
	if (config->log_syslog)
		log_use_syslog("potsd");
	if (priv_drop(&agent->config))
		return EXIT_FAILURE;
	agent->loop = ev_default_loop(EVFLAG_AUTO);
	return run(agent);
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
	struct agent agent = { 0 };
	const char *path = DEFAULT_CONFIG;
	bool debug = false;
	int action = 0, opt, status = EXIT_SUCCESS;

	while ((opt = getopt_long(argc, argv, "c:dh", options, NULL)) != -1) {
		if (print_something(opt))
			return EXIT_SUCCESS;
		if (opt == '?')
			break;
		if (opt == 'c')
			path = optarg;
		else if (opt == 'd')
			debug = true;
		else
			action = opt;
	}
	if (opt != -1 || optind < argc) {
		fputs(usage, stderr);
		return 2;
	}
	if (config_load(&agent.config, path, print_error, NULL))
		status = EXIT_FAILURE;
	else if (action == OPT_DUMP_CONFIG)
		config_dump(&agent.config, stdout);
	else if (!action)
		status = run_daemon(&agent, debug);
	agent_free(&agent);
	return status;
}
