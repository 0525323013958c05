// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sip_probe: the SIP side of potsd without telephones, to be put in front of
 * SIPp, baresip or Kamailio. It does what its options say and writes one line
 * an event to standard output.
 */
#include <errno.h>
#include <ev.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "sip.h"

static const char sdp[] =
	"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
	"m=audio 40000 RTP/AVP 8 0 101\r\na=rtpmap:101 telephone-event/8000\r\n";

static const char hold[] =
	"v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
	"m=audio 40000 RTP/AVP 8 0 101\r\na=sendonly\r\n";

static struct {
	const char *call, *caller;
	double answer_s, bye_s, cancel_s, reoffer_s, run_s;
	int reject, ring, offer_status;
	unsigned int calls;
	bool anonymous, wait_registered;
} opt = { .answer_s = 0.05, .bye_s = -1, .cancel_s = -1, .reoffer_s = -1, .run_s = 10,
	  .ring = 180, .offer_status = 200, .calls = 1 };

static struct ev_loop *loop;
static struct sip *sip;
static struct sip_account *account;
static struct sip_call *call;
static ev_timer answer_timer, bye_timer, cancel_timer, reoffer_timer, run_timer;
static unsigned int calls_done;
static bool finished;

static void done(void *ctx)
{
	(void)ctx;
	finished = true;
	ev_break(loop, EVBREAK_ALL);
}

static void quit(void)
{
	sip_shutdown(sip, 2000, done);
}

static void start(ev_timer *timer, double seconds)
{
	if (seconds < 0)
		return;
	ev_timer_stop(loop, timer);
	ev_timer_set(timer, seconds, 0.);
	ev_timer_start(loop, timer);
}

static void place_call(void);

static void call_over(void)
{
	call = NULL;
	ev_timer_stop(loop, &answer_timer);
	ev_timer_stop(loop, &bye_timer);
	ev_timer_stop(loop, &cancel_timer);
	ev_timer_stop(loop, &reoffer_timer);
	if (++calls_done >= opt.calls)
		quit();
	else if (opt.call)
		place_call();
}

static void on_progress(void *user, int status, const char *text, size_t len)
{
	(void)user;
	(void)text;
	printf("progress %d sdp %zu\n", status, len);
}

static void in_call(void)
{
	start(&bye_timer, opt.bye_s);
	start(&reoffer_timer, opt.reoffer_s);
}

static void on_answered(void *user, const char *text, size_t len)
{
	(void)user;
	(void)text;
	ev_timer_stop(loop, &cancel_timer);
	printf("answered sdp %zu\n", len);
	in_call();
}

static void on_failed(void *user, int status, enum sip_cause cause, const char *reason)
{
	(void)user;
	printf("failed %d cause %d %s\n", status, cause, reason);
	call_over();
}

static void on_confirmed(void *user, const char *text, size_t len)
{
	(void)user;
	(void)text;
	printf("confirmed sdp %zu\n", len);
	in_call();
}

static void on_offer(void *user, const char *text, size_t len)
{
	(void)user;
	printf("offer sdp %zu %s\n", len,
	       text && memmem(text, len, "sendonly", 8) ? "sendonly" : "sendrecv");
	sip_call_answer_offer(call, opt.offer_status, sdp, sizeof(sdp) - 1);
}

static void on_reoffered(void *user, int status, const char *text, size_t len)
{
	(void)user;
	(void)text;
	printf("reoffered %d sdp %zu\n", status, len);
}

static void on_ended(void *user, int status)
{
	(void)user;
	printf("ended %d\n", status);
	call_over();
}

static void on_flash(void *user)
{
	(void)user;
	printf("flash\n");
}

static const struct sip_call_events call_events = {
	on_progress, on_answered, on_failed, on_confirmed, on_offer, on_reoffered, on_ended,
	on_flash,
};

static int on_incoming(void *ctx, struct sip_call *c, const struct sip_incoming *in)
{
	(void)ctx;
	printf("incoming %s from %s \"%s\"%s sdp %zu expires %u\n", in->called_user,
	       in->caller_user, in->caller_name, in->caller_private ? " private" : "",
	       in->sdp_len, in->expires_s);
	if (opt.reject)
		return opt.reject;
	if (call)
		return 486;
	call = c;
	sip_call_set_user(c, &call_events, NULL);
	if (opt.ring)
		sip_call_ring(c, opt.ring, NULL, 0);
	start(&answer_timer, opt.answer_s);
	return 0;
}

static void on_registration(void *ctx, struct sip_account *a, enum sip_reg_state state,
			    int status)
{
	static const char *const names[] = { "none", "trying", "ok", "failed" };

	(void)ctx;
	(void)a;
	printf("registration %s %d\n", names[state], status);
	if (opt.wait_registered && state == SIP_REG_OK) {
		opt.wait_registered = false;
		place_call();
	}
}

static void on_address(void *ctx, struct sip_account *a)
{
	(void)ctx;
	printf("address of %s changed\n", sip_account_name(a));
}

static const struct sip_events events = {
	.incoming = on_incoming,
	.registration = on_registration,
	.address_changed = on_address,
};

static void place_call(void)
{
	struct sip_invite_params params = {
		.target = opt.call, .caller_user = opt.caller, .anonymous = opt.anonymous,
		.sdp = sdp, .sdp_len = sizeof(sdp) - 1,
	};
	int err = sip_invite(account, &params, &call_events, NULL, &call);

	if (err)
		printf("invite: %s\n", strerror(-err));
	else
		start(&cancel_timer, opt.cancel_s);
}

static void timer_due(struct ev_loop *l, ev_timer *timer, int revents)
{
	(void)l;
	(void)revents;
	if (timer == &run_timer) {
		quit();
		return;
	}
	if (!call)
		return;
	if (timer == &answer_timer) {
		sip_call_answer(call, sdp, sizeof(sdp) - 1);
	} else if (timer == &reoffer_timer) {
		sip_call_reoffer(call, hold, sizeof(hold) - 1);
	} else {
		printf("dropped\n");
		sip_call_drop(call);
		call_over();
	}
}

enum { O_PORT = 1000, O_LISTEN, O_SERVER, O_PROXY, O_REGISTER, O_USER, O_SECRET, O_TCP,
       O_BASIC, O_CALL, O_ANSWER, O_BYE, O_CANCEL, O_REOFFER, O_RUN, O_REJECT, O_RING,
       O_OFFER, O_CALLS, O_ANON, O_CALLER, O_ANY, O_EXPIRES, O_T1, O_DEBUG, O_DOMAIN,
       O_AUTH, O_KEEP };

static const struct option options[] = {
	{ "port", 1, NULL, O_PORT }, { "listen", 1, NULL, O_LISTEN },
	{ "server", 1, NULL, O_SERVER }, { "proxy", 1, NULL, O_PROXY },
	{ "register", 0, NULL, O_REGISTER }, { "user", 1, NULL, O_USER },
	{ "secret", 1, NULL, O_SECRET }, { "tcp", 0, NULL, O_TCP },
	{ "basic", 1, NULL, O_BASIC }, { "call", 1, NULL, O_CALL },
	{ "answer", 1, NULL, O_ANSWER }, { "bye", 1, NULL, O_BYE },
	{ "cancel", 1, NULL, O_CANCEL }, { "reoffer", 1, NULL, O_REOFFER },
	{ "run", 1, NULL, O_RUN }, { "reject", 1, NULL, O_REJECT },
	{ "ring", 1, NULL, O_RING }, { "offer-status", 1, NULL, O_OFFER },
	{ "calls", 1, NULL, O_CALLS }, { "anonymous", 0, NULL, O_ANON },
	{ "caller", 1, NULL, O_CALLER }, { "any", 0, NULL, O_ANY },
	{ "expires", 1, NULL, O_EXPIRES }, { "t1", 1, NULL, O_T1 },
	{ "debug", 0, NULL, O_DEBUG }, { "domain", 1, NULL, O_DOMAIN },
	{ "auth-user", 1, NULL, O_AUTH }, { "keepalive", 1, NULL, O_KEEP },
	{ NULL, 0, NULL, 0 }
};

static enum sip_basic basic_of(const char *s)
{
	return !strcmp(s, "always") ? SIP_BASIC_ALWAYS :
	       !strcmp(s, "never") ? SIP_BASIC_NEVER : SIP_BASIC_TLS;
}

static void parse(int argc, char **argv, struct sip_config *config,
		  struct sip_account_config *ac, const char **server, bool *reg)
{
	int o;

	while ((o = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (o) {
		case O_PORT: config->port = (uint16_t)atoi(optarg); break;
		case O_LISTEN: config->listen = optarg; break;
		case O_SERVER: *server = optarg; break;
		case O_PROXY: ac->outbound_proxy = optarg; break;
		case O_REGISTER: *reg = true; break;
		case O_USER: ac->user = optarg; break;
		case O_SECRET: ac->secret = optarg; break;
		case O_TCP: ac->transport = SIP_TCP; break;
		case O_BASIC: ac->basic = basic_of(optarg); break;
		case O_CALL: opt.call = optarg; break;
		case O_ANSWER: opt.answer_s = atof(optarg); break;
		case O_BYE: opt.bye_s = atof(optarg); break;
		case O_CANCEL: opt.cancel_s = atof(optarg); break;
		case O_REOFFER: opt.reoffer_s = atof(optarg); break;
		case O_RUN: opt.run_s = atof(optarg); break;
		case O_REJECT: opt.reject = atoi(optarg); break;
		case O_RING: opt.ring = atoi(optarg); break;
		case O_OFFER: opt.offer_status = atoi(optarg); break;
		case O_CALLS: opt.calls = (unsigned int)atoi(optarg); break;
		case O_ANON: opt.anonymous = true; break;
		case O_CALLER: opt.caller = optarg; break;
		case O_ANY: ac->accept_any_source = true; break;
		case O_EXPIRES: ac->expires_s = (unsigned int)atoi(optarg); break;
		case O_T1: config->t1_ms = (unsigned int)atoi(optarg); break;
		case O_DEBUG: log_set_level(LOG_LEVEL_DEBUG); break;
		case O_DOMAIN: ac->domain = optarg; break;
		case O_AUTH: ac->auth_user = optarg; break;
		case O_KEEP: ac->keepalive_s = (unsigned int)atoi(optarg); break;
		default: exit(2);
		}
	}
}

static void init_timers(void)
{
	ev_timer *timers[] = { &answer_timer, &bye_timer, &cancel_timer, &reoffer_timer,
			       &run_timer };
	size_t i;

	for (i = 0; i < sizeof(timers) / sizeof(timers[0]); i++)
		ev_timer_init(timers[i], timer_due, 0., 0.);
}

int main(int argc, char **argv)
{
	struct sip_config config = { .port = 5070, .dscp = 24, .source_rate = 20 };
	struct sip_account_config ac = { .name = "probe", .user = "101", .expires_s = 300 };
	const char *server = "127.0.0.1:5080";
	bool reg = false;

	setvbuf(stdout, NULL, _IOLBF, 0);
	log_set_level(LOG_LEVEL_INFO);
	parse(argc, argv, &config, &ac, &server, &reg);
	if (reg)
		ac.registrar = server;
	else if (!ac.outbound_proxy)
		ac.outbound_proxy = server;
	loop = ev_default_loop(0);
	init_timers();
	sip = sip_new(loop, &config, &events, NULL);
	account = sip ? sip_account_add(sip, &ac) : NULL;
	if (!account)
		return 1;
	opt.wait_registered = reg && opt.call;
	if (opt.call && !reg)
		place_call();
	start(&run_timer, opt.run_s);
	while (!finished)
		ev_run(loop, 0);
	return 0;
}
