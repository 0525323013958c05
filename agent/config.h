/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * config: one INI file. Every key is one row of a table in config_keys.c, with
 * its parser, range, default and help; an unknown section or key, or a value
 * out of range, is an error with file and line.
 */
#ifndef POTS_AGENT_CONFIG_H
#define POTS_AGENT_CONFIG_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "dialplan.h"
#include "log.h"
#include "media.h"
#include "port_settings.h"
#include "sdp.h"
#include "sip.h"
#include "treatment.h"

struct country;

struct config_agent {
	char *user;			/* "" = stay who we are */
	char *control;			/* socket, "" = none */
	char *country;			/* of lines that name none, "" = the kernel's */
	char *countries;		/* directory of their files */
	unsigned int log_level;		/* enum log_level */
	unsigned int log_syslog;
	unsigned int watchdog_ms;
	bool sandbox;
};

struct config_times {
	unsigned int first_digit_ms, inter_digit_ms, match_ms;
	unsigned int tone_ms, silence_ms, howler_ms;
};

struct config_responses {
	unsigned int expired, mismatch;	/* SIP status */
};

struct config_account {
	char *name;
	int line;			/* of the file, where it begins */
	uint64_t seen;			/* keys that were set: bit = place in the section */
	struct sip_account_config sip;
	char *secret_file;
};

/* What a hook flash in a call becomes. */
enum config_flash { CONFIG_FLASH_IGNORE, CONFIG_FLASH_INFO, CONFIG_FLASH_EVENT };

struct config_codecs {
	unsigned int count;
	enum sdp_codec codec[SDP_CODEC_COUNT];
};

/* What only a trunk has. */
struct config_trunk {
	char *route;			/* whom its callers reach, "" = the account's user */
	char *prefix;			/* of lines' numbers that go this way, "" = none */
	char *emergency;		/* numbers that do always, with blanks between */
	bool preempts;			/* and end another call for it */
	bool life_line;			/* so do all when the account cannot be reached */
	unsigned int answer;		/* enum config_answer */
	unsigned int answer_ms;		/* 0 = as soon as it is dialled */
	unsigned int identify_ms;	/* wait for the caller's identity */
	unsigned int guard_ms;
	unsigned int ends;		/* TRUNK_ENDS_* */
	struct port_trunk port;
};

enum config_answer { CONFIG_ANSWER_ASSUMED, CONFIG_ANSWER_POLARITY };

/* [line NAME], or [trunk NAME]: a line toward an exchange */
struct config_line {
	char *name;			/* "1" of [line 1] */
	char *title;			/* "line 1" */
	bool is_trunk;
	int line;
	uint64_t seen;
	char *port;			/* "pots0" */
	char *account;			/* "" = none */
	char *number;			/* a trunk's may be "" */
	char *display_name;
	char *country;			/* "" = as in [agent] */
	struct country *national;	/* and what its file says, NULL = none */
	struct dialplan plan;
	struct config_codecs codecs;
	unsigned int ptime_ms;
	unsigned int event_pt;		/* offered for RFC 4733, 0 = none */
	unsigned int no_answer_ms;
	unsigned int flash;		/* enum config_flash */
	unsigned int caller_id;		/* enum callerid_standard */
	char *international_prefix;	/* what a "+" is shown as */
	char *ring_names;		/* see ring_pattern() */
	unsigned int message_waiting;	/* WAITING_*, see waiting.h */
	bool hold_tone;
	unsigned int meter_first;	/* pulses when a call is answered */
	unsigned int meter_interval_ms;	/* and one each; 0 = none */
	struct port_settings settings;
	struct config_trunk trunk;
};

struct config {
	struct config_agent agent;
	struct sip_config sip;
	struct media_config media;
	struct config_times times;
	struct config_responses responses;
	struct treatment_table treatments;
	unsigned int account_count, line_count;
	struct config_account *accounts;
	struct config_line *lines;	/* trunks among them */
	uint64_t seen[16];		/* of the sections that exist once */
};

/* Called for every error; @line is 0 when it has none. */
typedef void config_report_fn(void *ctx, const char *file, int line, const char *text);

/* 0, or a negative errno after at least one report. Free @config either way. */
int config_load(struct config *config, const char *path, config_report_fn *report, void *ctx);
void config_free(struct config *config);

/* The keys, their defaults and help; and how a loaded file was understood. */
void config_help(FILE *out);
void config_dump(const struct config *config, FILE *out);

#endif /* POTS_AGENT_CONFIG_H */
