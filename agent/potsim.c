// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * potsim: plays telephone, and exchange, on a simulated board.
 *
 * Boards are made in configfs; what a subscriber or an exchange does and hears
 * goes through the node of that end of the line (linux/pots_sim.h). Exit status:
 * 0 done, 1 it did not happen in time, 2 wrong usage, 3 an error.
 */
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "potsim.h"
#include "potsim_tone.h"

static const char usage_text[] =
"usage: potsim board create NAME [--fxs N] [--fxo N] [--set KEY=VALUE]...\n"
"       potsim board remove NAME\n"
"       potsim board list [--json]\n"
"       potsim phone NAME/K VERB...\n"
"       potsim exchange NAME/K VERB...\n"
"\n"
"Plays telephone, and exchange, on a board that pots-sim.ko simulates. K counts\n"
"from 1, over the telephones or over the lines to an exchange.\n"
"\n"
"Telephone:\n"
"  offhook | onhook          lift the handset, put it down\n"
"  flash [MS]                hook flash (default 100 ms)\n"
"  dial DIGITS               0-9 * # A-D by DTMF; returns when they are dialled\n"
"    --pulse [--pps N]       0-9 by pulses, 10 a second, --make 40 percent\n"
"    --on MS --off MS        of a DTMF digit (default 80 80)\n"
"    --level DBM0            of the lower tone (default -8; the upper has 2 more)\n"
"  say FILE.wav              speak; returns when it is said\n"
"  hear FILE.wav --seconds S write down what the earpiece hears (--line: the wire)\n"
"  state [--json]            what the telephone sees and hears\n"
"  set KEY=VALUE...          ren_milli loop_ohm bounce_us impedance\n"
"  wait ringing|onring|silence|tone NAME [--timeout S]\n"
"                            until it rings, the burst ends, the ear hears\n"
"                            nothing for half a second, or this tone (default 10 s)\n"
"\n"
"Exchange:\n"
"  ring [--rings N]          until answered, or N periods of the cadence\n"
"    --cid NUMBER[,NAME]     sends who calls; P: private, O: out of area\n"
"    --as WAY                bellcore (default), etsi, etsi-dtas, etsi-rp, etsi-lr,\n"
"                            dtmf, dtmf-ring, ntt\n"
"  answer [--reversal]       ends tones: the called one has answered\n"
"  stop                      ends ringing, tones and whatever runs\n"
"  busy | reorder | ringback | dial-tone | tone TEXT\n"
"  disconnect [MS]           no feed for so long (default 600 ms)\n"
"  polarity                  the other one\n"
"  meter [--pulses N]        metering pulses, of 150 ms each second\n"
"  lamp [--pulses N]         pulses of 100 V for a neon lamp\n"
"  parallel on|off | battery on|off\n"
"  say FILE.wav | hear FILE.wav --seconds S | state [--json]\n"
"  set KEY=VALUE...          battery_mv feed_ohm parallel_ohm impedance ring_mhz ring_mv\n"
"                            ring_dc_mv dial_us break_us gap_us release_us quiet;\n"
"                            ring=ON/OFF[,ON/OFF]... in ms; dial-tone busy reorder\n"
"                            ringback=TEXT, as pots-tones(5) has it\n"
"  wait seized|released|answered|digits N|silence|tone NAME [--timeout S]\n"
"\n"
"Tones: ";

static const char usage_end[] =
"\nWAV files are 8 kHz, 16 bits, mono.\n"
"Exit status: 0 done, 1 it did not happen in time, 2 wrong usage, 3 an error.\n";

static void usage(FILE *to)
{
	const char *name;
	unsigned int i;

	fputs(usage_text, to);
	for (i = 0; (name = tone_name(i)); i++)
		fprintf(to, "%s%s", i ? ", " : "", name);
	fputs(usage_end, to);
}

void wrong(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("potsim: ", stderr);
	vfprintf(stderr, format, args);
	fputs(" (see potsim --help)\n", stderr);
	va_end(args);
	exit(EXIT_USAGE);
}

void fail(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("potsim: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	exit(EXIT_ERROR);
}

double number(const char *text, double min, double max, const char *what)
{
	char *end;
	double value = strtod(text, &end);

	if (end == text || *end || !(value >= min && value <= max))
		wrong("%s is %g to %g, not \"%s\"", what, min, max, text);
	return value;
}

/* ----------------------------------------------------------------- main --- */

enum {
	FXS = 256, FXO, SET, JSON, LINE, SECONDS, TIMEOUT, PULSE, PPS, MAKE, GAP, ON, OFF, LEVEL,
	CID, AS, RINGS, PULSES, REVERSAL,
};

static const struct option long_options[] = {
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ "fxs", required_argument, NULL, FXS },
	{ "fxo", required_argument, NULL, FXO },
	{ "set", required_argument, NULL, SET },
	{ "json", no_argument, NULL, JSON },
	{ "line", no_argument, NULL, LINE },
	{ "seconds", required_argument, NULL, SECONDS },
	{ "timeout", required_argument, NULL, TIMEOUT },
	{ "pulse", no_argument, NULL, PULSE },
	{ "pps", required_argument, NULL, PPS },
	{ "make", required_argument, NULL, MAKE },
	{ "gap", required_argument, NULL, GAP },
	{ "on", required_argument, NULL, ON },
	{ "off", required_argument, NULL, OFF },
	{ "level", required_argument, NULL, LEVEL },
	{ "cid", required_argument, NULL, CID },
	{ "as", required_argument, NULL, AS },
	{ "rings", required_argument, NULL, RINGS },
	{ "pulses", required_argument, NULL, PULSES },
	{ "reversal", no_argument, NULL, REVERSAL },
	{ NULL, 0, NULL, 0 },
};

static void take_exchange_option(int option, struct options *o)
{
	switch (option) {
	case CID:
		o->caller = optarg;
		break;
	case AS:
		o->way = optarg;
		break;
	case RINGS:
		o->rings = number(optarg, 1, 1000, "--rings");
		break;
	case PULSES:
		o->pulses = number(optarg, 1, 1000, "--pulses");
		break;
	case REVERSAL:
		o->reversal = true;
		break;
	default:
		wrong("unknown option");
	}
}

static void take_option(int option, struct options *o)
{
	switch (option) {
	case 'h':
		usage(stdout);
		exit(0);
	case 'V':
		puts("potsim " POTS_VERSION);
		exit(0);
	case FXS:
		o->fxs = number(optarg, 0, LINES_MAX, "--fxs");
		break;
	case FXO:
		o->fxo = number(optarg, 0, LINES_MAX, "--fxo");
		break;
	case SET:
		if (o->sets == 16)
			wrong("too many --set");
		o->set[o->sets++] = optarg;
		break;
	case JSON:
		o->json = true;
		break;
	case LINE:
		o->line = true;
		break;
	case SECONDS:
		o->seconds = number(optarg, 0.01, 86400, "--seconds");
		break;
	case TIMEOUT:
		o->timeout = number(optarg, 0, 86400, "--timeout");
		break;
	case PULSE:
		o->dialling.pulse = true;
		break;
	case PPS:
		o->dialling.pps = number(optarg, 1, 50, "--pps");
		break;
	case MAKE:
		o->dialling.make = number(optarg, 5, 95, "--make");
		break;
	case GAP:
		o->dialling.gap_ms = number(optarg, 1, 60000, "--gap");
		break;
	case ON:
		o->dialling.on_ms = number(optarg, 1, 60000, "--on");
		break;
	case OFF:
		o->dialling.off_ms = number(optarg, 1, 60000, "--off");
		break;
	case LEVEL:
		o->dialling.level = number(optarg, -80, 0, "--level");
		break;
	default:
		take_exchange_option(option, o);
	}
}

int main(int argc, char **argv)
{
	struct options o = {
		.fxs = 1,
		.timeout = 10,
		.way = "bellcore",
		.pulses = 1,
		.dialling = {
			.pps = 10, .make = 40, .gap_ms = 700,
			.on_ms = 80, .off_ms = 80, .level = -8,
		},
	};
	int option;

	while ((option = getopt_long(argc, argv, "h", long_options, NULL)) >= 0)
		take_option(option, &o);
	argc -= optind;
	argv += optind;
	if (argc && !strcmp(argv[0], "board"))
		return do_board(argc - 1, argv + 1, &o);
	if (argc && !strcmp(argv[0], "phone"))
		return do_phone(argc - 1, argv + 1, &o);
	if (argc && !strcmp(argv[0], "exchange"))
		return do_exchange(argc - 1, argv + 1, &o);
	usage(stderr);
	return EXIT_USAGE;
}
