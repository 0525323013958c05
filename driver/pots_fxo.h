/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pots-fxo: what the files of the exchange side know of a port, and of each other.
 * They are part of the core, under its locks (pots_core.h); pots.ko reaches them by
 * struct pots_exchange_ops, whose table in fxo.c says what each is for.
 */
#ifndef _POTS_FXO_H
#define _POTS_FXO_H

#include "cid_receive.h"
#include "digits.h"
#include "pots_core.h"
#include "progress.h"
#include "supervise.h"

/* How long the line may be disturbed when we went off- or on-hook. */
#define POTS_SETTLE_HOOK_MS	250

enum pots_dial_stage {
	POTS_DIAL_NOTHING,
	POTS_DIAL_WAIT,			/* for the dial tone, or just silence */
	POTS_DIAL_SOUND,
	POTS_DIAL_BREAK,		/* of a pulse */
	POTS_DIAL_MAKE,			/* between two pulses, two digits, or a pause */
	POTS_DIAL_FLASH,
};

struct pots_dialler {
	struct pots_dial dial;		/* cmd_lock; audio_lock while @player is active */
	struct pots_digits player;	/* audio_lock */
	enum pots_dial_stage stage;	/* cmd_lock, as the rest */
	u32 next;			/* digit that comes next */
	u32 pulses;			/* of the present digit, still to come */
	bool open;			/* the loop is open by a pulse or a flash */
	u64 due_ns;			/* of @timer: the stage's end */
	struct pots_timer timer;
	u32 cookie;			/* lock; of what is dialled */
};

struct pots_listener {
	struct pots_progress progress;	/* audio_lock, as the rest */
	struct pots_cid_receiver receiver;
	bool progressing;		/* off-hook: to the exchange's tones */
	bool receiving;			/* on-hook: to who calls */
	u32 heard;			/* the tone that is on, 0 = none */
	bool chip_listens;		/* cmd_lock */
	bool told;			/* lock: who calls this time */
	bool early;			/* lock: it was told before the ringing */
	struct pots_caller_id caller;	/* lock; count 0 = not told */
	struct pots_timer timer;	/* the wait after a reversal */
};

enum pots_receive_stage {
	POTS_RECEIVE_NOTHING,
	POTS_RECEIVE_MESSAGE,		/* we hold the line to be told who calls */
	POTS_RECEIVE_REST,		/* and have given it back */
};

struct pots_receiver {
	enum pots_receive_stage stage;	/* cmd_lock */
	struct pots_timer timer;	/* the stage's end */
	bool due;			/* lock: it is to be answered */
	bool asked;			/* lock: it was, in this ringing */
	u64 burst_ns;			/* lock: begin of the last burst */
};

/* port->fxo. */
struct pots_fxo {
	struct pots_port *port;
	struct pots_exchange exchange;	/* cmd_lock */
	struct pots_dialler dialler;
	struct pots_listener listener;
	struct pots_receiver receiver;
	struct pots_supervise supervise; /* lock */
	struct hrtimer timer;		/* end of one of its windows */
	u32 billed;			/* lock: pulses since the line was seized */
	bool release_due;		/* cmd_lock: the chip did not go on-hook */
};

/* ------------------------------- exchange.c, exchange_report.c, daa.c --- */

/* On-hook, and set up as by default: the first thing a port does. */
int pots_exchange_wake(struct pots_port *port);
int pots_exchange_seize(struct pots_port *port, void *arg);
int pots_exchange_hangup(struct pots_port *port, void *arg);
/* Tried again for as long as the chip does not go on-hook. */
void pots_exchange_rest(struct pots_port *port);
void pots_exchange_release_again(struct pots_port *port);
int pots_exchange_restore(struct pots_port *port);
/* By ourselves: what the line does from here on is not believed, see hook_locked. */
int pots_exchange_set_hook(struct pots_port *port, bool off_hook);
void pots_exchange_failed(struct pots_port *port);

void pots_exchange_report_init(struct pots_port *port);
/* Our own doing disturbs the line, as long as nobody says until when. */
void pots_exchange_hold_locked(struct pots_port *port);
/* We are off-hook, or on-hook, and what is measured counts when it has settled. */
void pots_exchange_hook_locked(struct pots_port *port, bool off_hook);
/* The same to be told who calls: it goes on ringing. */
void pots_exchange_receive_locked(struct pots_port *port, bool off_hook);
void pots_exchange_limits_locked(struct pots_port *port);
/* State, feed and timer by what is known. */
void pots_exchange_show_locked(struct pots_port *port);
void pots_exchange_measure(struct pots_port *port);

void pots_daa_default(struct pots_port *port);
int pots_daa_apply(struct pots_port *port);
void pots_daa_limits(const struct pots_port *port, struct pots_supervise_limits *limits);
int pots_daa_get_ioctl(struct pots_port *port, void *arg);
int pots_daa_set_ioctl(struct pots_port *port, void *arg);

/* ---------------------------------------------------------- listen.c --- */

void pots_listen_init(struct pots_port *port);
/* The exchange's settings, or one tone of the plan, are others. */
void pots_listen_settings(struct pots_port *port);
void pots_listen_tone(struct pots_port *port, u32 tone);
/* What is listened to, as it is now; then the chip, when the highway runs. */
void pots_listen_review(struct pots_port *port);
void pots_listen_chip(struct pots_port *port);
/* Off-hook, or reset: it does not listen any more. */
void pots_listen_chip_forgot(struct pots_port *port);
/* A call comes in, or is announced. */
void pots_listen_ring_locked(struct pots_port *port, u64 at_ns);
void pots_listen_reversal_locked(struct pots_port *port);
/* There is a caller to be told of. */
void pots_listen_tell_locked(struct pots_port *port);
int pots_listen_read(struct pots_port *port, void *arg);
bool pots_listen_heard_dial_tone(const struct pots_port *port);
/* For frames, under audio_lock. */
bool pots_listen_hears(const struct pots_port *port);
void pots_listen_run(struct pots_port *port, const s16 *from_line, unsigned int frames,
		     u64 now_ns);

/* --------------------------------------------------------- receive.c --- */

/* A burst begins. */
void pots_receive_burst_locked(struct pots_port *port, bool first, u64 at_ns);
void pots_receive_step(struct pots_port *port);
/* The line is somebody's, or lost; what was heard is told of. */
void pots_receive_end(struct pots_port *port);

/* Off-hook, but nobody else's. */
static inline bool pots_receiving(const struct pots_port *port)
{
	return READ_ONCE(port->fxo->receiver.stage) == POTS_RECEIVE_MESSAGE;
}

/* ------------------------------------------------------------ dial.c --- */

void pots_dial_init(struct pots_port *port);
int pots_dial_start(struct pots_port *port, void *arg);
int pots_dial_stop(struct pots_port *port, void *arg);
int pots_dial_flash(struct pots_port *port, void *arg);
void pots_dial_step(struct pots_port *port);
/* Does nothing when nothing is dialled; the loop may stay open. */
void pots_dial_end(struct pots_port *port, u32 reason);
/* The highway goes away. */
void pots_dial_lost(struct pots_port *port);
/* For frames, under audio_lock. */
bool pots_dial_sounds(struct pots_port *port);
void pots_dial_render(struct pots_port *port, s16 *to_line, unsigned int frames);

#endif /* _POTS_FXO_H */
