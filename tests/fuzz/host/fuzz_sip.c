// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * SIP from the bytes of a message through transactions to calls, with a peer
 * that answers, refuses, repeats or lies, an owner who does as he likes, and
 * time that passes.
 *
 *   steps ─ sip_input() ── agent/sip_*.c ── sip_transport_send() ─ kept
 *
 * An input is steps: a line "@X…", then lines up to the next one.
 *
 *   @u, @s, @t	a message, from our server, from a stranger, over a stream
 *   @rNNN	the answer NNN to what we sent last, with these header lines
 *   @q		a request in the last dialog: its method, then header lines
 *   @i, @ia	we call what stands in the next line; anonymously
 *   @a @p @n @o @f @x @d	the owner answers, rings, answers an offer, offers,
 *		sends INFO, refuses, drops
 *   @mN	what the owner does when he is called; see enum mode
 *   @wN	N milliseconds pass
 *   @z		the owner drops, and after a while no call is left
 *
 * Tokens are not random here, so that an input can know them.
 */
#include <ev.h>

#include "fuzz_sip.h"
#include "input.h"
#include "sip_core.h"
#include "virtual_time.h"

#define WAIT_MAX_MS	70000
#define TURNS		16

enum mode {
	MODE_BUSY	= 1,	/* 486 to who calls */
	MODE_AT_ONCE	= 2,	/* answer before it returns */
	MODE_DROP	= 4,	/* drop when it is told anything of a call */
	MODE_UNSENT	= 8,	/* nothing can be sent */
	MODE_MUTE	= 16,	/* offers are not answered by themselves */
};

static const char sdp[] = "v=0\r\no=- 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\n"
			  "t=0 0\r\nm=audio 40000 RTP/AVP 8 0\r\n";

static struct {
	struct ev_loop *loop;
	struct sip *sip;
	struct sip_account *account;
	struct sip_call *call;		/* the last one that we have */
	unsigned int mode;
	unsigned int cseq;
} world;

/* ---- the owner ---- */

static void maybe_drop(void)
{
	struct sip_call *call = world.call;

	if (!(world.mode & MODE_DROP) || !call)
		return;
	world.call = NULL;
	sip_call_drop(call);
}

static void on_progress(void *user, int status, const char *text, size_t len)
{
	MUST(status > 100 && status < 200 && (text || !len));
	maybe_drop();
}

static void on_answered(void *user, const char *text, size_t len)
{
	MUST(text || !len);
	fuzz_sip_private = false;
	maybe_drop();
}

static void on_failed(void *user, int status, enum sip_cause cause, const char *reason)
{
	MUST((status >= 300 && status <= 699) || (!status && cause));
	world.call = NULL;
}

static void on_offer(void *user, const char *text, size_t len)
{
	MUST(world.call);
	if (!(world.mode & MODE_MUTE))
		sip_call_answer_offer(world.call, 200, sdp, strlen(sdp));
	maybe_drop();
}

static void on_reoffered(void *user, int status, const char *text, size_t len)
{
	maybe_drop();
}

static void on_ended(void *user, int status)
{
	world.call = NULL;
}

static void on_flash(void *user)
{
	maybe_drop();
}

static const struct sip_call_events call_events = {
	on_progress, on_answered, on_failed, on_answered, on_offer, on_reoffered, on_ended,
	on_flash,
};

static int on_incoming(void *ctx, struct sip_call *call, const struct sip_incoming *in)
{
	MUST(in->called_user && in->caller_user && in->caller_name);
	MUST(in->sdp || !in->sdp_len);
	if (world.call || (world.mode & MODE_BUSY))
		return 486;
	world.call = call;
	fuzz_sip_private = false;
	sip_call_set_user(call, &call_events, NULL);
	if (world.mode & MODE_AT_ONCE)
		sip_call_answer(call, sdp, strlen(sdp));
	maybe_drop();
	return 0;
}

static void on_registration(void *ctx, struct sip_account *account, enum sip_reg_state state,
			    int status)
{
}

static void on_address(void *ctx, struct sip_account *account)
{
}

static void on_waiting(void *ctx, struct sip_account *account, const struct sip_waiting *waiting)
{
}

static const struct sip_events events = {
	.incoming = on_incoming,
	.registration = on_registration,
	.waiting = on_waiting,
	.address_changed = on_address,
};

static void call_out(const char *target, bool anonymous)
{
	struct sip_invite_params params = {
		.target = target, .sdp = sdp, .sdp_len = strlen(sdp), .anonymous = anonymous,
	};

	if (world.call)
		return;
	fuzz_sip_private = anonymous;
	if (sip_invite(world.account, &params, &call_events, NULL, &world.call))
		world.call = NULL;
}

static void command(char what, const char *text)
{
	struct sip_call *call = world.call;

	if (!call)
		return;
	switch (what) {
	case 'a':
		sip_call_answer(call, sdp, strlen(sdp));
		break;
	case 'p':
		sip_call_ring(call, *text == '3' ? 183 : 180, *text == '3' ? sdp : NULL,
			      *text == '3' ? strlen(sdp) : 0);
		break;
	case 'n':
		sip_call_answer_offer(call, *text == '4' ? 488 : 200, sdp, strlen(sdp));
		break;
	case 'o':
		/* what is taken is kept until it is settled */
		if (!sip_call_reoffer(call, sdp, strlen(sdp)))
			MUST(call->re.sdp);
		break;
	case 'f':
		sip_call_info(call, "application/dtmf-relay", "Signal=1\r\n");
		break;
	case 'x':
		if (!sip_call_reject(call, 480, NULL, NULL))
			world.call = NULL;
		break;
	case 'd':
		world.call = NULL;
		sip_call_drop(call);
		break;
	}
}

/* ---- the peer ---- */

static void hear(const char *text, size_t len, char from)
{
	struct sip_flow flow = { .transport = from == 't' ? SIP_TCP : SIP_UDP };
	char *p = malloc(len + 1);

	sip_addr_parse(from == 's' ? "198.51.100.7" : FUZZ_SERVER, 5060, &flow.remote);
	sip_addr_parse("192.0.2.9", 5060, &flow.local);
	/* the transport's buffer ends in NUL behind the message */
	memcpy(p, text, len);
	p[len] = '\0';
	sip_input(world.sip, p, len, &flow);
	free(p);
}

static void answer(unsigned int status, const char *text, size_t len)
{
	static struct sip_text out;

	if (fuzz_sip_answer(&out, status, text, len))
		hear(out.p, out.len, 'u');
}

static void ask(const char *text, size_t len)
{
	static struct sip_text out;

	if (fuzz_sip_ask(&out, ++world.cseq, text, len))
		hear(out.p, out.len, 'u');
}

/* ---- steps ---- */

static void turn(void)
{
	ev_run(world.loop, EVRUN_NOWAIT);
	ev_run(world.loop, EVRUN_NOWAIT);
}

static void wait_ms(unsigned int ms)
{
	unsigned int i;

	ms = ms < WAIT_MAX_MS ? ms : WAIT_MAX_MS;
	for (i = 0; i < TURNS; i++) {
		virtual_time_pass(ms / TURNS + 1);
		turn();
	}
}

/* Whatever the peer did or did not say: the longest are timer H and then timer F. */
static void end_all(void)
{
	command('d', "");
	wait_ms(WAIT_MAX_MS);
	wait_ms(WAIT_MAX_MS);
	MUST(!world.sip->calls);
}

static unsigned int number(const char *text)
{
	unsigned int value = 0;

	while (*text >= '0' && *text <= '9' && value < 1000000)
		value = value * 10 + (unsigned int)(*text++ - '0');
	return value;
}

/* @head is the line behind the "@", @text the lines after it. */
static void step(const char *head, const char *text, size_t len)
{
	char target[64];

	switch (head[0]) {
	case 'u':
	case 's':
	case 't':
		hear(text, len, head[0]);
		break;
	case 'r':
		answer(number(head + 1), text, len);
		break;
	case 'q':
		ask(text, len);
		break;
	case 'i':
		snprintf(target, sizeof(target), "%.*s", (int)(len < 60 ? len : 60), text);
		target[strcspn(target, "\r\n")] = '\0';
		call_out(target, head[1] == 'a');
		break;
	case 'm':
		world.mode = number(head + 1);
		fuzz_sip_unsent = world.mode & MODE_UNSENT;
		break;
	case 'w':
		wait_ms(number(head + 1));
		break;
	case 'z':
		end_all();
		break;
	default:
		command(head[0], head + 1);
	}
	turn();
}

static void take_steps(const char *p, size_t size)
{
	const char *end = p + size, *line, *next;
	char head[16];

	while (p < end) {
		if (*p++ != '@')
			continue;
		line = memchr(p, '\n', (size_t)(end - p));
		line = line ? line : end;
		snprintf(head, sizeof(head), "%.*s", (int)(line - p), p);
		p = line < end ? line + 1 : end;
		/* from the head's own end: a step may have no lines */
		next = memmem(line, (size_t)(end - line), "\n@", 2);
		next = next ? next + 1 : end;
		step(head, p, (size_t)(next - p));
		p = next;
	}
}

/* ---- the world ---- */

/* False when there is no memory for it. */
static bool begin(const void *input, size_t size)
{
	struct sip_config config = { .listen = "192.0.2.9", .port = 5060, .source_rate = 20,
				     .user_agent = "fuzz" };
	struct sip_account_config account = {
		.name = "a", .registrar = FUZZ_SERVER, .domain = "example.net", .user = "101",
		.secret = "secret", .basic = SIP_BASIC_NEVER, .expires_s = 300,
		.keepalive_s = 30,
	};

	if (!world.loop)
		world.loop = ev_loop_new(EVBACKEND_POLL);
	ev_now_update(world.loop);
	world.call = NULL;
	world.mode = 0;
	world.cseq = 100;
	fuzz_sip_begin(input, size);
	world.sip = sip_new(world.loop, &config, &events, NULL);
	world.account = world.sip ? sip_account_add(world.sip, &account) : NULL;
	/* Else the first call of our server would be a stranger's. */
	if (world.account)
		sip_account_learn_servers(world.account);
	turn();
	return world.account;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	virtual_time(true);
	if (begin(data, size)) {
		take_steps((const char *)data, size);
		MUST(world.sip->tx_count <= world.sip->max_transactions + 64);
	}
	if (world.sip)
		sip_free(world.sip);
	/* nothing of it may be left on the loop */
	MUST(!ev_run(world.loop, EVRUN_NOWAIT));
	virtual_time(false);
	return 0;
}
