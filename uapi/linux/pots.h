/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * pots: plain old telephone service. The contract of /dev/potsN.
 *
 * One character device is one two-wire telephone port. open() makes an
 * *observer*: it may ask what the port is, and read its events. POTS_CLAIM on
 * an observer that is open for writing returns a second file descriptor, the
 * *claim*, exclusive and close-on-exec. The ioctls of the claim command the
 * line, its read() and write() carry speech. Closing the claim, by whatever
 * way it comes, takes sound and ringing off and returns the line to rest, even
 * from within a loop-open interval. A port that faces an exchange (FXO) holds
 * its line only by its claim: rest is on-hook.
 *
 * Rules that hold for every ioctl here
 *
 *  - Structs have the same layout for 32- and 64-bit userspace. A reserved
 *    field is zero on input, or the call fails with EINVAL, and reads as zero.
 *  - An unknown flag or identifier is EINVAL. A known one that this chip or
 *    board cannot do is EOPNOTSUPP; pots_info.caps tells beforehand. A value
 *    outside the limits that pots_info gives is ERANGE.
 *  - An unknown command is ENOTTY. A claim command on an observer is EPERM, one
 *    of the other type of port EOPNOTSUPP: those that are for one type say so.
 *    A port that is claimed already is EBUSY. A port that is gone is ENODEV,
 *    for ever, and poll() reports EPOLLHUP and EPOLLERR. A chip that did not
 *    answer is EIO or ETIMEDOUT, and the command had no effect that a user
 *    must undo.
 *  - Times are CLOCK_MONOTONIC in ns, taken at the source of the event.
 *  - Levels are hundredths of a dB (cdb). dBm0 is relative to the digital
 *    milliwatt of ITU-T G.711: a full-scale 16-bit sine is +3.17 dBm0.
 */
#ifndef _UAPI_LINUX_POTS_H
#define _UAPI_LINUX_POTS_H

#include <linux/const.h>
#include <linux/ioctl.h>
#include <linux/types.h>

#define POTS_IOC_MAGIC		0xBC

/* One frame is 1 ms: 8 samples of 16-bit linear PCM, native byte order. */
#define POTS_FRAME_SAMPLES	8
#define POTS_RATE_HZ		8000

/* ------------------------------------------------------------- any fd --- */

#define POTS_PORT_TYPE_FXS	1	/* feeds a telephone */
#define POTS_PORT_TYPE_FXO	2	/* faces an exchange */

#define POTS_CAP_SPEECH		_BITUL(0)  /* a PCM highway is attached */
#define POTS_CAP_CHIP_TONE	_BITUL(1)  /* oscillators in the chip */
#define POTS_CAP_RING		_BITUL(2)  /* can ring a telephone */
#define POTS_CAP_REVERSE	_BITUL(3)  /* can reverse polarity */
#define POTS_CAP_OPEN		_BITUL(4)  /* can open the loop */
#define POTS_CAP_DTMF		_BITUL(5)  /* detects DTMF from the line */
#define POTS_CAP_CALLER_ID	_BITUL(6)  /* FXO: hears who calls */
#define POTS_CAP_PROGRESS	_BITUL(7)  /* FXO: knows the exchange's tones */
#define POTS_CAP_BILLING	_BITUL(8)  /* FXO: counts billing tones */
#define POTS_CAP_METER		_BITUL(9)  /* FXS: sends billing tones of 12 and 16 kHz */
#define POTS_CAP_LAMP		_BITUL(10) /* FXS: makes a telephone's neon lamp glow */

/**
 * struct pots_info - what a port is; does not change while it exists
 * @id:			N of /dev/potsN
 * @type:		POTS_PORT_TYPE_*
 * @caps:		POTS_CAP_*
 * @highway_depth:	frames between the core and the wire, 0 without speech
 * @tone_steps_max:	steps a tone program may have
 * @ring_pairs_max:	on/off pairs a ring cadence may have
 * @ring_min_mhz:	lowest ringing frequency, millihertz, 0 without ringing
 * @ring_max_mhz:	highest ringing frequency, millihertz
 * @tone_max_ms:	longest time that a tone may play
 * @ring_max_ms:	longest time that a telephone may ring
 * @ring_dc_max_mv:	most DC beneath the ringing voltage, 0 = none
 * @name:		"pots0", NUL-terminated
 * @chip:		"si3210", NUL-terminated
 * @label:		the board's own name for the port, may be empty
 * @reserved:		zero
 */
struct pots_info {
	__u32 id;
	__u32 type;
	__u32 caps;
	__u32 highway_depth;
	__u32 tone_steps_max;
	__u32 ring_pairs_max;
	__u32 ring_min_mhz;
	__u32 ring_max_mhz;
	__u32 tone_max_ms;
	__u32 ring_max_ms;
	char name[16];
	char chip[16];
	char label[32];
	__u32 ring_dc_max_mv;
	__u32 reserved[5];
};

#define POTS_STATE_OFF_HOOK	_BITUL(0)  /* settled, as classified; FXO: we hold the line */
#define POTS_STATE_PARKED	_BITUL(1)  /* off-hook, ignored until a real on-hook */
#define POTS_STATE_CLAIMED	_BITUL(2)
#define POTS_STATE_RINGING	_BITUL(3)  /* burst or pause; FXO: the exchange rings */
#define POTS_STATE_TONE		_BITUL(4)  /* a tone plays */
#define POTS_STATE_AUDIO	_BITUL(5)  /* speech is started */
#define POTS_STATE_HANGUP	_BITUL(6)  /* inside a loop-open interval */
#define POTS_STATE_ALARM	_BITUL(7)  /* the line is down by a power alarm */
#define POTS_STATE_NO_BATTERY	_BITUL(8)  /* FXO: the exchange does not feed the line */
#define POTS_STATE_IN_USE	_BITUL(9)  /* FXO: a parallel telephone is off-hook */
#define POTS_STATE_REVERSED	_BITUL(10) /* FXO: polarity, against what was seen first */
#define POTS_STATE_DIALLING	_BITUL(11) /* FXO: POTS_DIAL goes on */

#define POTS_FEED_OPEN		0	/* no current */
#define POTS_FEED_FORWARD	1	/* idle and talking, normal polarity */
#define POTS_FEED_REVERSE	2	/* the same, reversed */
#define POTS_FEED_OHT_FORWARD	3	/* on-hook transmission */
#define POTS_FEED_OHT_REVERSE	4
#define POTS_FEED_RINGING	5	/* reported only; POTS_RING sets it */

/**
 * struct pots_state - the present state of a port
 * @timestamp_ns:	when it was taken
 * @state:		POTS_STATE_*
 * @feed:		POTS_FEED_*, the last one confirmed by the chip; FXO: what
 *			the exchange does, open, forward or reverse
 * @tone_cookie:	of the tone that plays, 0 if none
 * @ring_cookie:	of the ringing, 0 if none
 * @reserved:		zero
 */
struct pots_state {
	__u64 timestamp_ns;
	__u32 state;
	__u32 feed;
	__u32 tone_cookie;
	__u32 ring_cookie;
	__u32 reserved[2];
};

/**
 * struct pots_claim - take a port
 * @fd:		out: the claim
 * @flags:	zero
 * @watchdog_ms: 0, or 100..60000: the line goes to rest when
 *		POTS_FEED_WATCHDOG was not called for so long; the claim stays
 * @reserved:	zero
 *
 * The watchdog runs only while the line has something to lose: a tone,
 * ringing, speech, or a handset that is off-hook and not parked. It begins
 * anew when the line leaves rest, so an idle owner need not wake up.
 */
struct pots_claim {
	__s32 fd;
	__u32 flags;
	__u32 watchdog_ms;
	__u32 reserved;
};

#define POTS_GET_INFO		_IOR(POTS_IOC_MAGIC, 0x00, struct pots_info)
#define POTS_GET_STATE		_IOR(POTS_IOC_MAGIC, 0x01, struct pots_state)
#define POTS_CLAIM		_IOWR(POTS_IOC_MAGIC, 0x02, struct pots_claim)

/* -------------------------------------------------------------- events --- */

#define POTS_EVENT_F_INITIAL	_BITUL(0)  /* state at open, not a change */
#define POTS_EVENT_F_DROPPED	_BITUL(1)  /* older records were lost before this */

/*
 * Events. "Private" ones go only to the observer through which the port was
 * claimed; the others go to every observer. A reader ignores types that it
 * does not know.
 */
#define POTS_EVENT_STATE	1  /* first record after open; value: POTS_STATE_* */
#define POTS_EVENT_OFF_HOOK	2  /* seized or answered; value: POTS_OFF_HOOK_* */
#define POTS_EVENT_ON_HOOK	3  /* on-hook for longer than the release window */
#define POTS_EVENT_FLASH	4  /* private; value: ms on-hook */
#define POTS_EVENT_PULSE_DIGIT	5  /* private; value: pulses counted, 1.. */
#define POTS_EVENT_DTMF_START	6  /* private; value: POTS_DIGIT_* */
#define POTS_EVENT_DTMF_END	7  /* private; value: POTS_DIGIT_*, extra: ms */
#define POTS_EVENT_HOOK_EDGE	8  /* private; value: 1 loop closed, 0 open */
#define POTS_EVENT_TONE_DONE	9  /* cookie; value: POTS_DONE_* */
#define POTS_EVENT_RING_DONE	10 /* cookie; value: POTS_DONE_* */
#define POTS_EVENT_HANGUP_DONE	11 /* the open interval is over, idle feed is back */
#define POTS_EVENT_PARKED	12 /* value: 1 parked, 0 a real on-hook ended it */
#define POTS_EVENT_ALARM	13 /* power alarm; value: 1 raised, 0 recovered, 2 given up */
#define POTS_EVENT_CHIP		14 /* value: POTS_CHIP_* */
#define POTS_EVENT_WATCHDOG	15 /* the claim was not fed: the line is at rest */
#define POTS_EVENT_CLAIMED	16 /* value: 1 claimed, 0 claim closed */
#define POTS_EVENT_CID_DONE	17 /* cookie; value: POTS_DONE_* */

/*
 * Of FXO ports. They are facts: that battery is gone, or that a busy tone is heard.
 * Which of them ends a call is for the owner to say. A RING_BURST that begins may
 * be known late, an event's time is when it was known. Its frequency may be known
 * at its end only, or not at all.
 */
#define POTS_EVENT_RING_BURST	18 /* value: 1 begun, 0 ended; extra: millihertz or 0 */
#define POTS_EVENT_RING_END	19 /* the caller gave up: no burst for ring_timeout_ms */
#define POTS_EVENT_BATTERY	20 /* value: 1 the line is fed, 0 it is not */
#define POTS_EVENT_POLARITY	21 /* value: 1 reversed, 0 as seen first */
#define POTS_EVENT_IN_USE	22 /* value: 1 a parallel telephone is off-hook, 0 on-hook */
#define POTS_EVENT_PROGRESS	23 /* private; value: POTS_TONE_*, extra: 1 begun, 0 over */
#define POTS_EVENT_CALLER_ID	24 /* private; value: octets or digits, extra: POTS_CID_* */
#define POTS_EVENT_DIAL_DONE	25 /* private; cookie; value: POTS_DONE_* */
#define POTS_EVENT_BILLING	26 /* value: pulses since the line was seized */

#define POTS_EVENT_METER_DONE	27 /* FXS: cookie; value: POTS_DONE_*, extra: pulses sent */

#define POTS_OFF_HOOK_SEIZED	0	/* lifted while silent */
#define POTS_OFF_HOOK_ANSWERED	1	/* lifted while ringing */

#define POTS_DONE_FINISHED	0	/* the program came to its end */
#define POTS_DONE_STOPPED	1	/* by command */
#define POTS_DONE_REPLACED	2	/* by a newer one */
#define POTS_DONE_TIMEOUT	3	/* its maximum time ran out */
#define POTS_DONE_HOOK		4	/* answered, put down, or released */
#define POTS_DONE_FAILED	5	/* the chip did not do it */

#define POTS_CHIP_RESET		1	/* the chip lost its state and was set up again */
#define POTS_CHIP_FAILED	2	/* it does not answer any more */

/**
 * struct pots_event - one record of an observer's read()
 * @timestamp_ns:	when it happened, at the source
 * @seqno:		of this open, counts every event, a gap shows a loss
 * @type:		POTS_EVENT_*
 * @flags:		POTS_EVENT_F_*
 * @value:		by type
 * @cookie:		of the tone or ringing that it concerns, or 0
 * @extra:		by type
 * @reserved:		zero
 */
struct pots_event {
	__u64 timestamp_ns;
	__u32 seqno;
	__u16 type;
	__u16 flags;
	__u32 value;
	__u32 cookie;
	__u32 extra;
	__u32 reserved;
};

/* -------------------------------------------------------------- tones --- */

#define POTS_TONE_STEPS_MAX	64
#define POTS_TONE_FREQS_MAX	4
#define POTS_TONE_FREQ_MAX_MHZ	4000000u	/* exclusive, millihertz */
#define POTS_TONE_LEVEL_MIN_CDB	(-7000)
#define POTS_TONE_LEVEL_MAX_CDB	317

#define POTS_STEP_F_AM		_BITUL(0) /* freq[1] modulates freq[0] */

/**
 * struct pots_tone_step - one step of a tone program
 * @freq_mhz:	millihertz, 0 = unused; all unused = silence
 * @level_cdb:	of each frequency, dBm0
 * @samples:	length in samples of 1/8000 s; 0 = for ever
 * @am_depth:	percent, 1..100 with POTS_STEP_F_AM, else 0
 * @flags:	POTS_STEP_F_*
 */
struct pots_tone_step {
	__u32 freq_mhz[POTS_TONE_FREQS_MAX];
	__s16 level_cdb[POTS_TONE_FREQS_MAX];
	__u32 samples;
	__u16 am_depth;
	__u16 flags;
};

/**
 * struct pots_tone_program - what a tone sounds like
 * @count:	steps in use, 1..POTS_TONE_STEPS_MAX
 * @loop_start:	where it goes on after the last step, < @count
 * @repeat:	times that the part from @loop_start is played, 0 = until stopped
 * @reserved:	zero
 * @step:	the steps; unused ones are zero
 *
 * A program whose every looped step is finite and whose @repeat is not 0 comes
 * to an end by itself. A step for ever must be the last one.
 */
struct pots_tone_program {
	__u32 count;
	__u32 loop_start;
	__u32 repeat;
	__u32 reserved;
	struct pots_tone_step step[POTS_TONE_STEPS_MAX];
};

/* Tones of a port's plan. Digits: POTS_TONE_DTMF + POTS_DIGIT_*. */
#define POTS_TONE_DIAL		1
#define POTS_TONE_STUTTER	2	/* message waiting, feature active */
#define POTS_TONE_RECALL	3
#define POTS_TONE_RINGBACK	4
#define POTS_TONE_BUSY		5
#define POTS_TONE_REORDER	6	/* congestion */
#define POTS_TONE_UNOBTAINABLE	7
#define POTS_TONE_CALL_WAITING	8
#define POTS_TONE_HOWLER	9	/* receiver off-hook */
#define POTS_TONE_SIT		10	/* special information, once */
#define POTS_TONE_CONFIRMATION	11
#define POTS_TONE_HOLD		12
#define POTS_TONE_WARNING	13
#define POTS_TONE_RINGBACK_SPECIAL 14	/* callee is busy and has call waiting */
#define POTS_TONE_CALL_WAITING_2 15	/* of callers with a ringing pattern of their own */
#define POTS_TONE_CALL_WAITING_3 16
#define POTS_TONE_CALL_WAITING_4 17
#define POTS_TONE_SIT_INTERCEPT	18	/* Bellcore's special information, once: */
#define POTS_TONE_SIT_VACANT	19	/* no such number, */
#define POTS_TONE_SIT_REORDER	20	/* equipment busy in this area, */
#define POTS_TONE_SIT_NO_CIRCUIT 21	/* all trunks busy */
#define POTS_TONE_DTMF		32
#define POTS_TONE_USER		48	/* 48..63: the owner's own */
#define POTS_TONE_COUNT		64

/* Digits, in the order of RFC 4733: 0-9, then * # A B C D. */
#define POTS_DIGIT_STAR		10
#define POTS_DIGIT_HASH		11
#define POTS_DIGIT_A		12
#define POTS_DIGIT_D		15
#define POTS_DIGIT_COUNT	16

/**
 * struct pots_set_tone - replace one tone of the port's plan
 * @tone:	POTS_TONE_*
 * @flags:	POTS_SET_TONE_F_*
 * @program:	ignored, and must be zero, with POTS_SET_TONE_F_DEFAULT
 *
 * The plan lasts as long as the port, not as long as the claim. A tone that
 * plays goes on as it was.
 */
#define POTS_SET_TONE_F_DEFAULT	_BITUL(0) /* the built-in one again */
struct pots_set_tone {
	__u32 tone;
	__u32 flags;
	struct pots_tone_program program;
};

#define POTS_PLAY_F_MIX		_BITUL(0) /* add to speech; else replace it */

/**
 * struct pots_play - play a tone of the plan
 * @tone:	POTS_TONE_*
 * @flags:	POTS_PLAY_F_*
 * @max_ms:	stop after so long; 0 = pots_info.tone_max_ms
 * @gain_cdb:	added to the program's levels, -4000..1000
 * @cookie:	out: names this playing, never 0
 * @reserved:	zero
 *
 * Atomic: what played before ends with POTS_DONE_REPLACED. The tone is heard
 * or the call fails: EOPNOTSUPP when there is no speech path and the chip's
 * oscillators cannot play it, ENOLINK when the handset is on-hook.
 */
struct pots_play {
	__u32 tone;
	__u32 flags;
	__u32 max_ms;
	__s32 gain_cdb;
	__u32 cookie;
	__u32 reserved[3];
};

/**
 * struct pots_stop - stop a tone, ringing or metering
 * @cookie:	stop this one only; 0 = whatever runs
 * @reserved:	zero
 *
 * Returns 0 also when it had ended already.
 */
struct pots_stop {
	__u32 cookie;
	__u32 reserved;
};

/* ------------------------------------------------------------ ringing --- */

#define POTS_RING_PAIRS_MAX	8

#define POTS_RING_F_TRAPEZOID	_BITUL(0) /* else sine */

/**
 * struct pots_ring - ring the telephone
 * @flags:	POTS_RING_F_*
 * @freq_mhz:	millihertz; 0 = the port's setting
 * @max_ms:	stop after so long; 0 = pots_info.ring_max_ms
 * @count:	on/off pairs in use; 0 = the port's setting
 * @loop_start:	pair at which it goes on after the last
 * @cookie:	out: names this ringing, never 0
 * @on_ms:	burst, 1..60000
 * @off_ms:	pause after it, 1..60000
 * @dc_mv:	DC beneath the ringing voltage, which gets as much less where the
 *		battery does not carry both; 0..pots_info.ring_dc_max_mv
 * @reserved:	zero
 *
 * EBUSY when the handset is off-hook. Lifting the handset ends it with
 * POTS_EVENT_OFF_HOOK (answered) and POTS_EVENT_RING_DONE.
 */
struct pots_ring {
	__u32 flags;
	__u32 freq_mhz;
	__u32 max_ms;
	__u32 count;
	__u32 loop_start;
	__u32 cookie;
	__u16 on_ms[POTS_RING_PAIRS_MAX];
	__u16 off_ms[POTS_RING_PAIRS_MAX];
	__u32 dc_mv;
	__u32 reserved[5];
};

/* ---------------------------------------------------------- caller ID --- */

#define POTS_CID_DATA_MAX	260
#define POTS_CID_BURSTS_MAX	8
#define POTS_CID_MAX_MS		10000	/* from its first to its last sample */

#define POTS_CID_BELL202	1	/* 1200 bit/s, 1 = 1200 Hz, 0 = 2200 Hz */
#define POTS_CID_V23		2	/* 1200 bit/s, 1 = 1300 Hz, 0 = 2100 Hz */
#define POTS_CID_DTMF		3

#define POTS_CID_F_REVERSE	_BITUL(0) /* the polarity is reversed first */
#define POTS_CID_F_RING_PULSE	_BITUL(1) /* the alert is a ringing pulse, else two tones */

/**
 * struct pots_cid - what a telephone is told by a message
 * @flags:		POTS_CID_F_*
 * @signal:		POTS_CID_BELL202, POTS_CID_V23 or POTS_CID_DTMF
 * @count:		octets or digits, 1..POTS_CID_DATA_MAX
 * @level_cdb:		of the data, -4000..0; of a digit's lower tone, whose
 *			upper one has 200 more
 * @alert_level_cdb:	of each of the alert's tones; zero without them
 * @bursts:		ringing bursts that come first, 0 = before ringing
 * @before_alert_ms:	silence before the alert, after the reversal
 * @alert_ms:		2130 and 2750 Hz, or the ringing pulse; 0 = no alert, 1000
 * @before_data_ms:	silence between the alert, or the burst, and the data
 * @after_data_ms:	silence after the data, before anything else happens
 * @seizure_bits:	FSK: 0 and 1 by turns, the last one 1; 0..1000
 * @mark_bits:		FSK: ones before the first octet, 0..1000
 * @stop_bits:		FSK: after each octet, 1..10
 * @tail_bits:		FSK: ones after the last octet, 0..1000
 * @on_ms:		DTMF: a digit, 20..1000
 * @off_ms:		DTMF: the pause between two, 20..1000
 * @ack_ms:		0, or in a call: the longest that the telephone may take
 *			to acknowledge the alert by a D of DTMF, 20..1000
 * @pulses:		0, or the telephone answers to receive the data: ringing
 *			pulses of @alert_ms, at most, 1..10
 * @pulse_off_ms:	with @pulses: the pause after each, 100..5000
 * @hangup_ms:		with @pulses: the longest that the telephone may take to
 *			hang up when it has the data, 100..10000
 * @cookie:		out: names this transmission, never 0
 * @reserved:		zero
 * @data:		FSK: octets as they go over the line, length and checksum
 *			included; DTMF: POTS_DIGIT_*; zero after @count
 *
 * With @bursts there is neither alert nor reversal: the bell has woken the
 * telephone up. Silences are 0..5000 ms. The line is in on-hook transmission;
 * a reversal lasts until the ringing, or without it the transmission, ends.
 * With @ack_ms the handset is off-hook (else ENOLINK), and the message is that
 * of a second call: speech is muted both ways from the beginning to the end. The
 * silence before the data begins when the D is recognised, some 40 ms after its
 * own beginning; without it nothing is sent (POTS_DONE_TIMEOUT). Digits are not
 * reported meanwhile. It takes an alert of two tones, and POTS_SEND_CID.
 *
 * With @pulses (Japan) it takes FSK, POTS_CID_F_RING_PULSE, and POTS_RING_CID. The
 * telephone goes off-hook by itself during the pulses, gets the data after
 * @before_data_ms, and goes on-hook again; then it rings. Nobody is told of its hook
 * meanwhile. Who has not hung up in time is a subscriber, and has answered. Without
 * an answer to the pulses it rings without the data (POTS_DONE_TIMEOUT), as it does
 * when the telephone hangs up within them (POTS_DONE_HOOK). When the ringing is
 * stopped before that, a telephone that is off-hook is parked.
 *
 * POTS_EVENT_CID_DONE tells the end. EOPNOTSUPP without POTS_CAP_SPEECH.
 */
struct pots_cid {
	__u32 flags;
	__u16 signal;
	__u16 count;
	__s16 level_cdb;
	__s16 alert_level_cdb;
	__u16 bursts;
	__u16 before_alert_ms;
	__u16 alert_ms;
	__u16 before_data_ms;
	__u16 after_data_ms;
	__u16 seizure_bits;
	__u16 mark_bits;
	__u16 stop_bits;
	__u16 tail_bits;
	__u16 on_ms;
	__u16 off_ms;
	__u16 ack_ms;
	__u16 pulses;
	__u16 pulse_off_ms;
	__u16 hangup_ms;
	__u16 reserved[3];
	__u32 cookie;
	__u8 data[POTS_CID_DATA_MAX];
};

/**
 * struct pots_ring_cid - ring the telephone and tell it who calls
 * @ring:	as for POTS_RING
 * @cid:	what it is told, before the first burst or after some
 *
 * The pause after the last of @cid.bursts is made longer when the
 * transmission needs it. Its failure, or a handset lifted during it, is none of
 * the ringing: the one goes on, the other is an answer.
 */
struct pots_ring_cid {
	struct pots_ring ring;
	struct pots_cid cid;
};

/* ------------------------------------------------------------ metering --- */

#define POTS_METER_12KHZ	1
#define POTS_METER_16KHZ	2
#define POTS_METER_REVERSAL	3	/* the polarity is turned and turned back */

#define POTS_METER_COUNT_MAX	1000

/**
 * struct pots_meter - send pulses to the subscriber's charge meter
 * @signal:	POTS_METER_*
 * @count:	pulses, 1..POTS_METER_COUNT_MAX
 * @on_ms:	length of a pulse, 20..5000
 * @off_ms:	pause between two, 20..60000
 * @cookie:	out: names these pulses, never 0
 * @reserved:	zero
 *
 * Returns when the first pulse has begun; POTS_EVENT_METER_DONE comes with the
 * end of the last, or POTS_DONE_HOOK when the handset is put down before. Speech
 * and tones go on. ENOLINK on-hook, EBUSY while pulses are being sent,
 * EOPNOTSUPP without POTS_CAP_METER, or POTS_CAP_REVERSE. A tone is as loud as
 * the chip can.
 */
struct pots_meter {
	__u32 signal;
	__u32 count;
	__u16 on_ms;
	__u16 off_ms;
	__u32 cookie;
	__u32 reserved[4];
};

/* ---------------------------------------------------------------- lamp --- */

/**
 * struct pots_lamp - let a telephone's neon lamp blink: messages wait
 * @on_ms:	pulse of some 90 V between the wires, 20..60000; 0 = no more
 * @off_ms:	pause between two, 20..60000; 0 with @on_ms
 * @reserved:	zero
 *
 * It blinks whenever the line rests: on-hook, fed, and nothing rings or is sent.
 * What ends the rest ends the pulse. It lasts until it is set anew or the claim is
 * closed; the watchdog does not mind it. EOPNOTSUPP without POTS_CAP_LAMP.
 */
struct pots_lamp {
	__u16 on_ms;
	__u16 off_ms;
	__u32 reserved[3];
};

/* --------------------------------------------------- line and settings --- */

#define POTS_HANGUP_F_OPEN_MS	_BITUL(0) /* use @open_ms, not the setting; FXS */

/**
 * struct pots_hangup - disconnect the subscriber
 * @flags:	POTS_HANGUP_F_*
 * @open_ms:	0..2000: length of the loop-open interval
 * @reserved:	zero
 *
 * Takes tones, speech and ringing off at once, opens the loop for the interval
 * and goes to idle feed; returns when the loop is open. A handset that is
 * still off-hook then is parked (POTS_EVENT_PARKED).
 *
 * FXO: releases the line. Tones, dialling and speech off at once, on-hook when it
 * returns; @flags and @open_ms are zero.
 */
struct pots_hangup {
	__u32 flags;
	__u32 open_ms;
	__u32 reserved[2];
};

/**
 * struct pots_linefeed - set the line's feed
 * @feed:	POTS_FEED_*, not POTS_FEED_RINGING
 * @reserved:	zero
 */
struct pots_linefeed {
	__u32 feed;
	__u32 reserved;
};

#define POTS_IMPEDANCE_600		0
#define POTS_IMPEDANCE_900		1
#define POTS_IMPEDANCE_600_2U16		2 /* 600 ohm + 2.16 uF */
#define POTS_IMPEDANCE_900_2U16		3 /* 900 ohm + 2.16 uF */
#define POTS_IMPEDANCE_CTR21		4 /* 270 ohm + (750 ohm || 150 nF) */
#define POTS_IMPEDANCE_AU_NZ		5 /* 220 ohm + (820 ohm || 120 nF) */
#define POTS_IMPEDANCE_SK_SI_ZA		6 /* 220 ohm + (820 ohm || 115 nF) */
#define POTS_IMPEDANCE_NZ2		7 /* 370 ohm + (620 ohm || 310 nF) */
/* on FXO ports only */
#define POTS_IMPEDANCE_CN		8 /* 200 ohm + (680 ohm || 100 nF) */
#define POTS_IMPEDANCE_GB		9 /* 320 ohm + (1050 ohm || 230 nF) */
#define POTS_IMPEDANCE_370_820_110N	10 /* 370 ohm + (820 ohm || 110 nF) */
#define POTS_IMPEDANCE_275_780_115N	11 /* 275 ohm + (780 ohm || 115 nF) */
#define POTS_IMPEDANCE_120_820_110N	12 /* 120 ohm + (820 ohm || 110 nF) */
#define POTS_IMPEDANCE_350_1000_210N	13 /* 350 ohm + (1000 ohm || 210 nF) */
#define POTS_IMPEDANCE_600_1U		14 /* 600 ohm + 1 uF */
#define POTS_IMPEDANCE_900_1U		15 /* 900 ohm + 1 uF */
#define POTS_IMPEDANCE_GLOBAL		16 /* a compromise for every country */

#define POTS_SETTING_F_DTMF	_BITUL(0) /* detect DTMF from the line */
#define POTS_SETTING_F_PULSE	_BITUL(1) /* decode pulse digits */
#define POTS_SETTING_F_FLASH	_BITUL(2) /* a break in the window is a flash */

/**
 * struct pots_settings - what a country or an owner sets on a port
 * @flags:		POTS_SETTING_F_*
 * @impedance:		POTS_IMPEDANCE_*
 * @seize_ms:		off-hook for so long is a seizure, 1..500
 * @release_ms:		on-hook for longer is a release, 100..3000
 * @flash_min_ms:	shortest hook flash
 * @flash_max_ms:	longest hook flash, < @release_ms
 * @pulse_break_min_ms:	shortest break of a dial pulse
 * @pulse_break_max_ms:	longest break of a dial pulse, < @flash_min_ms when
 *			both are detected
 * @pulse_make_min_ms:	shortest make between two pulses
 * @pulse_make_max_ms:	a longer make ends the digit
 * @open_ms:		loop-open interval of a hang-up, 0..2000
 * @ring_pairs:		on/off pairs of the default cadence, 1..
 * @ring_on_ms:		default cadence
 * @ring_off_ms:	default cadence
 * @ring_mhz:		default ringing frequency, millihertz
 * @to_line_cdb:	gain toward the telephone, of tones as of speech, -4000..1000
 * @from_line_cdb:	gain from the telephone, -4000..1000; digits are looked for
 *			in what it is before
 * @reserved:		zero
 *
 * A telephone's ears are safe from @to_line_cdb: the sum is clipped.
 *
 * FXO: @flags is POTS_SETTING_F_DTMF or zero, gains are as above and all else is
 * zero. What the line is like is said by POTS_SET_EXCHANGE. Digits are detected
 * while we hold the line.
 */
struct pots_settings {
	__u32 flags;
	__u32 impedance;
	__u16 seize_ms;
	__u16 release_ms;
	__u16 flash_min_ms;
	__u16 flash_max_ms;
	__u16 pulse_break_min_ms;
	__u16 pulse_break_max_ms;
	__u16 pulse_make_min_ms;
	__u16 pulse_make_max_ms;
	__u16 open_ms;
	__u16 ring_pairs;
	__u16 ring_on_ms[POTS_RING_PAIRS_MAX];
	__u16 ring_off_ms[POTS_RING_PAIRS_MAX];
	__u32 ring_mhz;
	__s16 to_line_cdb;
	__s16 from_line_cdb;
	__u32 reserved[7];
};

/* --------------------------------------------------- facing an exchange --- */

/* All of this is for FXO ports. */

#define POTS_SEIZE_F_FORCE	_BITUL(0) /* also when a parallel telephone is off-hook */

/**
 * struct pots_seize - go off-hook: answer, or ask for a dial tone
 * @flags:	POTS_SEIZE_F_*
 * @reserved:	zero
 *
 * ENOLINK when the exchange does not feed the line, EBUSY when a parallel
 * telephone uses it. Returns when the chip is off-hook; 0 also when it was. Ends
 * ringing without POTS_EVENT_RING_END; the line is released by POTS_HANGUP.
 */
struct pots_seize {
	__u32 flags;
	__u32 reserved[3];
};

/**
 * struct pots_flash - break the loop for a moment, as a register recall
 * @ms:		20..2000, 0 = the setting
 * @cookie:	out: names this flash, never 0
 * @reserved:	zero
 *
 * Returns when the loop is open; it is closed again when POTS_EVENT_DIAL_DONE
 * tells of it, and a flash counts as dialling until then. ENOLINK on-hook, EBUSY
 * while dialling.
 */
struct pots_flash {
	__u32 ms;
	__u32 cookie;
	__u32 reserved[2];
};

#define POTS_DIAL_MAX		64

#define POTS_DIAL_PAUSE		16	/* beside POTS_DIGIT_*: wait for @pause_ms */

#define POTS_DIAL_F_PULSE	_BITUL(0) /* by breaks of the loop, else by DTMF */
#define POTS_DIAL_F_WAIT_TONE	_BITUL(1) /* not before the dial tone is heard */
#define POTS_DIAL_F_BLIND	_BITUL(2) /* without it, go on after @wait_ms */
#define POTS_DIAL_F_MF_R1	_BITUL(3) /* by the tones of signalling system R1, */
#define POTS_DIAL_F_MF_R2	_BITUL(4) /* or of R2 (forward); else by DTMF */

/* Digits of R1 beyond 9; those of R2 are its signals 11 to 15. */
#define POTS_MF_ST3		10
#define POTS_MF_ST1		11
#define POTS_MF_KP		12	/* lasts half as long again as a digit */
#define POTS_MF_ST2		13
#define POTS_MF_ST		14
#define POTS_MF_COUNT		15

#define POTS_PULSE_MAP_N	0	/* n pulses, 0 is ten */
#define POTS_PULSE_MAP_10_N	1	/* 10 - n pulses, 0 is ten (New Zealand) */
#define POTS_PULSE_MAP_N_1	2	/* n + 1 pulses (Sweden) */

/**
 * struct pots_dial - send digits to the exchange
 * @flags:	POTS_DIAL_F_*
 * @count:	1..POTS_DIAL_MAX
 * @digit:	POTS_DIGIT_*, POTS_MF_* or POTS_DIAL_PAUSE; by pulses 0..9 only; zero
 *		after @count
 * @on_ms:	DTMF, MF: a digit, 40..1000
 * @off_ms:	DTMF, MF: the pause between two, 40..1000
 * @level_cdb:	DTMF, MF: dBm0 of the lower tone, -4000..0
 * @twist_cdb:	DTMF, MF: how much louder the upper one is, -600..600
 * @break_ms:	pulses: loop open, 10..200
 * @make_ms:	pulses: loop closed between two, 10..200
 * @interdigit_ms: pulses: loop closed between two digits, 100..2000
 * @pause_ms:	a POTS_DIAL_PAUSE, 0..10000
 * @wait_ms:	longest wait for the dial tone, 100..60000, or without
 *		POTS_DIAL_F_WAIT_TONE the silence before the first digit, 0..10000
 * @pulse_map:	POTS_PULSE_MAP_*, zero without POTS_DIAL_F_PULSE
 * @cookie:	out: names this dialling, never 0
 * @reserved:	zero
 *
 * What the way of dialling does not use is zero. Returns at once; the end is told
 * by POTS_EVENT_DIAL_DONE: POTS_DONE_FINISHED after the last pause, TIMEOUT
 * without a dial tone, HOOK when the line was released. A dialling that goes on
 * is POTS_DONE_REPLACED by a new one. Digits replace speech, and a tone of
 * POTS_PLAY_TONE, which is EBUSY meanwhile. ENOLINK on-hook; EOPNOTSUPP without
 * POTS_CAP_SPEECH by DTMF, or with POTS_DIAL_F_WAIT_TONE without
 * POTS_CAP_PROGRESS. The dial tone is the port's own POTS_TONE_DIAL. Levels are
 * what goes to the line: POTS_SET_SETTINGS does not change them.
 */
struct pots_dial {
	__u32 flags;
	__u32 count;
	__u8 digit[POTS_DIAL_MAX];
	__u16 on_ms;
	__u16 off_ms;
	__s16 level_cdb;
	__s16 twist_cdb;
	__u16 break_ms;
	__u16 make_ms;
	__u16 interdigit_ms;
	__u16 pause_ms;
	__u32 wait_ms;
	__u32 pulse_map;
	__u32 cookie;
	__u32 reserved[5];
};

#define POTS_EXCHANGE_F_CURRENT_LIMIT	_BITUL(0) /* 60 mA at most (TBR 21) */
#define POTS_EXCHANGE_F_RINGER		_BITUL(1) /* look like a bell to ringing */
#define POTS_EXCHANGE_F_BILLING		_BITUL(2) /* count billing tones */
#define POTS_EXCHANGE_F_CID_RING	_BITUL(3) /* listen after each burst */
#define POTS_EXCHANGE_F_CID_REVERSAL	_BITUL(4) /* listen after a reversal */
#define POTS_EXCHANGE_F_CID_ALWAYS	_BITUL(5) /* listen whenever on-hook */
#define POTS_EXCHANGE_F_CID_ANSWER	_BITUL(6) /* answer bursts of a second's period (Japan) */

/**
 * struct pots_exchange - what a country's exchange is like, and how it is heard
 * @flags:		POTS_EXCHANGE_F_*
 * @impedance:		POTS_IMPEDANCE_*
 * @loop_min_ua:	least loop current: 10000, 12000, 14000 or 16000
 * @on_hook_us:		how long going on-hook takes: 500, 3000 or 26000
 * @ring_threshold_mv:	least ringing, rms: 15000, 21500 or 45000
 * @ring_min_mhz:	slowest and
 * @ring_max_mhz:	fastest ringing, 10000..100000 millihertz
 * @cid_signal:		POTS_CID_*: how the caller's identity comes; 0 = not
 * @ring_timeout_ms:	without a burst for so long the caller gave up, 1000..60000
 * @battery_mv:		on-hook, a line below it is not fed, 1000..20000
 * @in_use_mv:		on-hook, a line below it has a telephone off-hook, 0..60000,
 *			0 = not looked for, or > @battery_mv; while we hold the line one
 *			is told by a quarter of the loop's current that is gone
 * @dc_mv:		tip to ring at 20 mA: 3100, 3200, 3350 or 3500
 * @battery_ms:		the line is or is not fed for so long before it is told,
 *			10..2000
 * @polarity_ms:	the same of its polarity, 10..2000
 * @flash_ms:		a register recall, 20..2000
 * @progress_periods:	periods of a cadence that must fit before it is told, 1..10
 * @reserved:		zero
 *
 * What the chip's line side does, from @impedance to @ring_max_mhz, @dc_mv and
 * the first three flags, changes on-hook only, else EBUSY.
 * POTS_EXCHANGE_F_CID_ALWAYS keeps the highway running while the line is at rest.
 * With POTS_EXCHANGE_F_CID_ANSWER, which takes FSK and no other way to listen, the
 * port goes off-hook by itself to be told who calls, and on-hook again: it is none of
 * the owner's business, whose line has been ringing all the time. The caller is told
 * of when the line may be answered.
 * Settings last as long as the port.
 */
struct pots_exchange {
	__u32 flags;
	__u32 impedance;
	__u32 loop_min_ua;
	__u32 on_hook_us;
	__u32 ring_threshold_mv;
	__u32 ring_min_mhz;
	__u32 ring_max_mhz;
	__u32 cid_signal;
	__u32 ring_timeout_ms;
	__u32 battery_mv;
	__u32 in_use_mv;
	__u16 dc_mv;
	__u16 battery_ms;
	__u16 polarity_ms;
	__u16 flash_ms;
	__u16 progress_periods;
	__u16 reserved16;
	__u32 reserved[6];
};

/**
 * struct pots_caller_id - who calls
 * @timestamp_ns:	when its last octet or digit was there
 * @signal:		POTS_CID_*
 * @count:		octets or digits, 1..POTS_CID_DATA_MAX
 * @flags:		zero
 * @reserved:		zero
 * @data:		FSK: the message's octets as they came, type and length
 *			first, checksum included and correct, but of Japan's, type
 *			40h, without its frame; DTMF: POTS_DIGIT_*; zero after @count
 *
 * The last one that was heard since ringing began, or in the 10 s before it;
 * ENODATA without one.
 */
struct pots_caller_id {
	__u64 timestamp_ns;
	__u32 signal;
	__u32 count;
	__u32 flags;
	__u32 reserved[2];
	__u8 data[POTS_CID_DATA_MAX];
};

/* ------------------------------------------------------------- speech --- */

#define POTS_AUDIO_QUEUE_MAX	400	/* frames each way */

/**
 * struct pots_audio - start speech between the line and the claim
 * @flags:		zero
 * @read_frames:	the claim is readable when so many frames wait, 1..100
 * @write_low_frames:	the claim is writable when no more than so many frames
 *			are queued toward the line, 0..100
 * @queue_frames:	frames that the queue toward the line holds,
 *			@write_low_frames + 1..POTS_AUDIO_QUEUE_MAX
 * @reserved:		zero
 *
 * read() and write() move whole frames of POTS_FRAME_SAMPLES __s16; a length
 * that is not a multiple is EINVAL. They never block longer than until one
 * frame can be moved, and not at all with O_NONBLOCK. When the queue toward
 * the line runs dry the line hears silence, and pots_stats.underruns counts.
 * When nobody reads, the oldest frames from the line are dropped and counted.
 */
struct pots_audio {
	__u32 flags;
	__u32 read_frames;
	__u32 write_low_frames;
	__u32 queue_frames;
	__u32 reserved[4];
};

/**
 * struct pots_queue - how full the claim's queues are
 * @to_line_frames:	frames queued toward the line
 * @from_line_frames:	frames that wait to be read
 * @frames_ns:		time of the last frame
 * @frames:		frames since POTS_AUDIO_START
 * @underruns:		frames of silence for want of speech
 * @overruns:		frames from the line that nobody read
 * @reserved:		zero
 */
struct pots_queue {
	__u32 to_line_frames;
	__u32 from_line_frames;
	__u64 frames_ns;
	__u64 frames;
	__u32 underruns;
	__u32 overruns;
	__u32 reserved[2];
};

/* ------------------------------------------------------- on the claim --- */

#define POTS_FEED_WATCHDOG	_IO(POTS_IOC_MAGIC, 0x10)
#define POTS_PLAY_TONE		_IOWR(POTS_IOC_MAGIC, 0x11, struct pots_play)
#define POTS_STOP_TONE		_IOW(POTS_IOC_MAGIC, 0x12, struct pots_stop)
#define POTS_SET_TONE		_IOW(POTS_IOC_MAGIC, 0x13, struct pots_set_tone)
#define POTS_RING		_IOWR(POTS_IOC_MAGIC, 0x14, struct pots_ring)
#define POTS_STOP_RING		_IOW(POTS_IOC_MAGIC, 0x15, struct pots_stop)
#define POTS_HANGUP		_IOW(POTS_IOC_MAGIC, 0x16, struct pots_hangup)
#define POTS_SET_LINEFEED	_IOW(POTS_IOC_MAGIC, 0x17, struct pots_linefeed)
#define POTS_GET_SETTINGS	_IOR(POTS_IOC_MAGIC, 0x18, struct pots_settings)
#define POTS_SET_SETTINGS	_IOW(POTS_IOC_MAGIC, 0x19, struct pots_settings)
#define POTS_AUDIO_START	_IOW(POTS_IOC_MAGIC, 0x1a, struct pots_audio)
#define POTS_AUDIO_STOP		_IO(POTS_IOC_MAGIC, 0x1b)
#define POTS_GET_QUEUE		_IOR(POTS_IOC_MAGIC, 0x1c, struct pots_queue)
#define POTS_RING_CID		_IOWR(POTS_IOC_MAGIC, 0x1d, struct pots_ring_cid)
#define POTS_SEND_CID		_IOWR(POTS_IOC_MAGIC, 0x1e, struct pots_cid)
#define POTS_METER		_IOWR(POTS_IOC_MAGIC, 0x1f, struct pots_meter)
#define POTS_SEIZE		_IOW(POTS_IOC_MAGIC, 0x20, struct pots_seize)
#define POTS_FLASH		_IOWR(POTS_IOC_MAGIC, 0x21, struct pots_flash)
#define POTS_DIAL		_IOWR(POTS_IOC_MAGIC, 0x22, struct pots_dial)
#define POTS_STOP_DIAL		_IOW(POTS_IOC_MAGIC, 0x23, struct pots_stop)
#define POTS_GET_EXCHANGE	_IOR(POTS_IOC_MAGIC, 0x24, struct pots_exchange)
#define POTS_SET_EXCHANGE	_IOW(POTS_IOC_MAGIC, 0x25, struct pots_exchange)
#define POTS_READ_CID		_IOR(POTS_IOC_MAGIC, 0x26, struct pots_caller_id)
#define POTS_STOP_METER		_IOW(POTS_IOC_MAGIC, 0x27, struct pots_stop)
#define POTS_SET_LAMP		_IOW(POTS_IOC_MAGIC, 0x28, struct pots_lamp)

#endif /* _UAPI_LINUX_POTS_H */
