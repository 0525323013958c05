/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * pots-sim: the far end of a simulated line. Testing only, NOT STABLE: this
 * interface changes without notice, and only the project's own tools use it.
 *
 * /dev/potsim-BOARD-K is the telephone on line K (from 1) of a simulated
 * board, /dev/potsim-BOARD-xK the exchange on its K-th line toward one. read()
 * gives what its earpiece hears since POTS_SIM_LISTEN, to each open file for
 * itself; write() is what is spoken into its microphone: 16-bit linear samples,
 * native byte order, 8 kHz, where a full-scale sine is +3.17 dBm0. write()
 * blocks while half a second of speech is waiting, four at an exchange. poll():
 * IN = samples to hear, OUT = room to speak, PRI = something of the state
 * changed since this file's last POTS_SIM_GET_STATE or
 * POTS_SIM_GET_EXCHANGE_STATE.
 *
 * Times are CLOCK_MONOTONIC in ns. Where the sound of a board runs late (see
 * late_frames), the stamps of samples are those that they should have had.
 */
#ifndef _UAPI_LINUX_POTS_SIM_H
#define _UAPI_LINUX_POTS_SIM_H

#include <linux/const.h>
#include <linux/ioctl.h>
#include <linux/types.h>

#define POTS_SIM_IOC_MAGIC	0xBD
#define POTS_SIM_STEPS_MAX	32	/* in one POTS_SIM_QUEUE */
#define POTS_SIM_QUEUE_MAX	128	/* steps that may wait */

#define POTS_SIM_STEP_ONHOOK	1	/* put the handset down */
#define POTS_SIM_STEP_OFFHOOK	2	/* lift it */
#define POTS_SIM_STEP_WAIT	3	/* do nothing for on_us */
#define POTS_SIM_STEP_TONES	4	/* two tones for on_us, silence for off_us */
#define POTS_SIM_STEP_PULSES	5	/* count breaks of on_us, makes of off_us */

/* An exchange knows POTS_SIM_STEP_WAIT, and: */
#define POTS_SIM_STEP_RING	16	/* one burst of on_us, a pause of off_us; on_us 0: */
					/* count periods of the cadence, 0 = until answered */
#define POTS_SIM_STEP_SPEAK	17	/* count samples, 0 = all, of what is written, */
					/* which waits until then, or is forgotten */
#define POTS_SIM_STEP_TONE	18	/* tone number count, POTS_SIM_TONE_* */
#define POTS_SIM_STEP_POLARITY	19	/* count: 0 normal, 1 reversed, 2 the other */
#define POTS_SIM_STEP_BATTERY	20	/* count: 0 off, 1 on */
#define POTS_SIM_STEP_OPEN	21	/* no feed for on_us: clear-forward */
#define POTS_SIM_STEP_METER	22	/* count pulses of on_us, pauses of off_us, mv */
#define POTS_SIM_STEP_NEON	23	/* the same of mv DC: a lamp for waiting messages */
#define POTS_SIM_STEP_PARALLEL	24	/* at once; count: a telephone in parallel is 1 off-hook */

/**
 * struct pots_sim_step - one thing that the far end does
 * @kind:	POTS_SIM_STEP_*
 * @count:	pulses, 1..40
 * @on_us:	see above, at most 60000000
 * @off_us:	see above, at most 60000000
 * @gap_us:	pause after the last pulse, in place of the last make
 * @mhz:	frequency of each tone, millihertz
 * @peak:	amplitude of each tone, of 32767
 * @mv:		see above, mV, rms where it alternates
 *
 * A hook flash is ONHOOK, WAIT, OFFHOOK.
 */
struct pots_sim_step {
	__u32 kind;
	__u32 count;
	__u32 on_us;
	__u32 off_us;
	__u32 gap_us;
	__u32 mhz[2];
	__u16 peak[2];
	__u32 mv;
};

#define POTS_SIM_QUEUE_F_FLUSH	_BITUL(0) /* forget what waits and what runs first */

/**
 * struct pots_sim_queue - steps to do, one after the other, timed in the kernel
 * @count:	steps in use
 * @flags:	POTS_SIM_QUEUE_F_*
 * @step:	the steps
 *
 * EBUSY when they do not fit; none is queued then.
 */
struct pots_sim_queue {
	__u32 count;
	__u32 flags;
	struct pots_sim_step step[POTS_SIM_STEPS_MAX];
};

/**
 * struct pots_sim_phone - what kind of telephone it is, and its wire
 * @ren_milli:	ringer equivalence, thousandths; 1000 = 7 kohm
 * @loop_ohm:	the wire and the telephone off-hook
 * @bounce_us:	the hook switch bounces for so long, 0 = it does not
 * @impedance:	register value of the impedance that the telephone has, 0 = 600 ohm
 * @reserved:	zero
 */
struct pots_sim_phone {
	__u32 ren_milli;
	__u32 loop_ohm;
	__u32 bounce_us;
	__u32 impedance;
	__u32 reserved[4];
};

#define POTS_SIM_LISTEN_OFF	0
#define POTS_SIM_LISTEN_EAR	1	/* the earpiece: silent while on-hook */
#define POTS_SIM_LISTEN_LINE	2	/* a tap on the wire, on-hook too */

#define POTS_SIM_STATE_OFF_HOOK	 _BITUL(0) /* the handset is lifted */
#define POTS_SIM_STATE_CLOSED	 _BITUL(1) /* the hook switch conducts now */
#define POTS_SIM_STATE_FED	 _BITUL(2) /* the line has battery */
#define POTS_SIM_STATE_REVERSED	 _BITUL(3) /* TIP is more negative than RING */
#define POTS_SIM_STATE_RINGING	 _BITUL(4) /* the bell rings now */
#define POTS_SIM_STATE_SOUND	 _BITUL(5) /* the ear hears something now */
#define POTS_SIM_STATE_BUSY	 _BITUL(6) /* steps wait or run */
#define POTS_SIM_STATE_TICKING	 _BITUL(7) /* the board's sound clock runs */
#define POTS_SIM_STATE_METERING	 _BITUL(8) /* a metering pulse is on the line now */
#define POTS_SIM_STATE_LAMP	 _BITUL(9) /* the neon lamp glows now */

/**
 * struct pots_sim_state - what the telephone sees, hears and does
 * @now_ns:		when this was taken
 * @state:		POTS_SIM_STATE_*
 * @steps:		steps that wait or run
 * @line_mv:		DC between TIP and RING
 * @loop_ua:		DC in the loop
 * @ring_mhz:		measured frequency of the last or present burst
 * @ring_mv:		its rms voltage, without what DC is beneath it
 * @rings:		bursts since the board was made
 * @ears:		sounds that began since then
 * @hook_ns:		last time the handset was lifted or put down
 * @ring_start_ns:	begin of the last burst
 * @ring_end_ns:	its end; less than the begin while it lasts
 * @fed_ns:		last time the battery came
 * @open_ns:		last time the battery went
 * @polarity_ns:	last reversal
 * @meter_start_ns:	begin of the last metering pulse
 * @meter_end_ns:	its end; less than the begin while it lasts
 * @sound_start_ns:	first sample that was not 0 after 20 ms that were
 * @sound_end_ns:	first of those 20 ms
 * @ear_first_ns:	stamp of the first sample since this file's POTS_SIM_LISTEN
 * @ear_samples:	samples since then, the lost ones among them
 * @ear_lost:		samples that nobody read in time
 * @mic_waiting:	samples written and not spoken yet
 * @late_frames:	ms of sound that the board's clock delivered too late
 * @bad_writes:		writes to the chip's reserved registers
 * @bad_access:		indirect accesses begun while one was pending
 * @osc_conflicts:	times that oscillator 2 ran together with ringing
 * @meters:		metering pulses that a charge meter counts
 * @meter_hz:		frequency of the last one, counted or not
 * @meter_mv:		its rms voltage
 * @meter_rise_us:	how long it took to swell
 * @reversals:		of a line that stayed fed, since the board was made
 * @turned_us:		from the last but one to the last
 * @lamp_start_ns:	begin of the neon lamp's last pulse
 * @lamp_end_ns:	its end; less than the begin while it lasts
 * @lamps:		its pulses since the board was made
 * @ring_dc_mv:		the DC beneath the last or present burst, over whole periods
 * @reserved:		zero
 */
struct pots_sim_state {
	__u64 now_ns;
	__u32 state;
	__u32 steps;
	__s32 line_mv;
	__s32 loop_ua;
	__u32 ring_mhz;
	__u32 ring_mv;
	__u32 rings;
	__u32 ears;
	__u64 hook_ns;
	__u64 ring_start_ns;
	__u64 ring_end_ns;
	__u64 fed_ns;
	__u64 open_ns;
	__u64 polarity_ns;
	__u64 meter_start_ns;
	__u64 meter_end_ns;
	__u64 sound_start_ns;
	__u64 sound_end_ns;
	__u64 ear_first_ns;
	__u64 ear_samples;
	__u32 ear_lost;
	__u32 mic_waiting;
	__u32 late_frames;
	__u32 bad_writes;
	__u32 bad_access;
	__u32 osc_conflicts;
	__u32 meters;
	__u32 meter_hz;
	__u32 meter_mv;
	__u32 meter_rise_us;
	__u32 reversals;
	__u32 turned_us;
	__u64 lamp_start_ns;
	__u64 lamp_end_ns;
	__u32 lamps;
	__s32 ring_dc_mv;
	__u32 reserved[2];
};

#define POTS_SIM_BURSTS_MAX	3	/* of a period of ringing */

#define POTS_SIM_EXCHANGE_F_QUIET _BITUL(0) /* who seizes the line hears no dial tone */

/**
 * struct pots_sim_exchange - what kind of exchange it is, and its wire
 * @flags:	POTS_SIM_EXCHANGE_F_*
 * @battery_mv:	with nobody on the line
 * @feed_ohm:	feeding bridge and wire
 * @parallel_ohm: the telephone in parallel, off-hook
 * @impedance:	of the line as the register of the chip names it
 * @ring_mhz:	frequency of ringing
 * @ring_mv:	its rms voltage
 * @ring_dc_mv:	beneath it
 * @ring_us:	bursts and pauses by turns; the first burst of 0 ends them
 * @dial_us:	from seizure to dial tone
 * @break_us:	a longer break is no pulse
 * @gap_us:	a longer make ends a digit
 * @release_us:	a longer break is the end; one between is a flash
 * @reserved:	zero
 */
struct pots_sim_exchange {
	__u32 flags;
	__u32 battery_mv;
	__u32 feed_ohm;
	__u32 parallel_ohm;
	__u32 impedance;
	__u32 ring_mhz;
	__u32 ring_mv;
	__u32 ring_dc_mv;
	__u32 ring_us[2 * POTS_SIM_BURSTS_MAX];
	__u32 dial_us;
	__u32 break_us;
	__u32 gap_us;
	__u32 release_us;
	__u32 reserved[4];
};

#define POTS_SIM_TONE_NONE	0
#define POTS_SIM_TONE_DIAL	1	/* what a seizure gets */
#define POTS_SIM_TONE_BUSY	2
#define POTS_SIM_TONE_REORDER	3
#define POTS_SIM_TONE_RINGBACK	4
#define POTS_SIM_TONE_OTHER	5	/* none, until it is set */
#define POTS_SIM_TONES		6
#define POTS_SIM_TONE_PARTS	8

/**
 * struct pots_sim_tone_part - a part of a tone
 * @us:		how long, 0 = for ever
 * @mhz:	frequencies, 0 = unused
 * @peak:	their amplitudes, of 32767
 */
struct pots_sim_tone_part {
	__u32 us;
	__u32 mhz[4];
	__u16 peak[4];
};

/**
 * struct pots_sim_tone - a tone of an exchange
 * @tone:	which, from POTS_SIM_TONE_DIAL on
 * @count:	parts in use
 * @loop:	the part with which it goes on after the last; count = none
 * @reserved:	zero
 * @part:	the parts
 */
struct pots_sim_tone {
	__u32 tone;
	__u32 count;
	__u32 loop;
	__u32 reserved;
	struct pots_sim_tone_part part[POTS_SIM_TONE_PARTS];
};

#define POTS_SIM_X_BATTERY	_BITUL(0) /* there is feed on the line */
#define POTS_SIM_X_REVERSED	_BITUL(1) /* TIP is more negative than RING */
#define POTS_SIM_X_CLOSED	_BITUL(2) /* the loop is closed now, fed or not */
#define POTS_SIM_X_SEIZED	_BITUL(3) /* the same without pulses and flashes */
#define POTS_SIM_X_RINGING	_BITUL(4) /* ringing voltage is on the line now */
#define POTS_SIM_X_CALLING	_BITUL(5) /* it rings, be it in a pause */
#define POTS_SIM_X_ANSWERED	_BITUL(6) /* the line was seized while it rang */
#define POTS_SIM_X_TONE		_BITUL(7) /* a tone is sent */
#define POTS_SIM_X_METERING	_BITUL(8) /* a metering pulse is sent now */
#define POTS_SIM_X_PARALLEL	_BITUL(9) /* the telephone in parallel is off-hook */
#define POTS_SIM_X_SOUND	_BITUL(10) /* something is heard now */
#define POTS_SIM_X_BUSY		_BITUL(11) /* steps wait or run */
#define POTS_SIM_X_TICKING	_BITUL(12) /* the board's sound clock runs */

/**
 * struct pots_sim_span - lengths that were measured since the line was seized
 * @last_us:	the last, 0 = none
 * @min_us:	the shortest
 * @max_us:	the longest
 */
struct pots_sim_span {
	__u32 last_us;
	__u32 min_us;
	__u32 max_us;
};

#define POTS_SIM_DIGITS_MAX	64

/**
 * struct pots_sim_exchange_state - what the exchange sees, hears and does
 * @now_ns:		when this was taken
 * @state:		POTS_SIM_X_*
 * @steps:		steps that wait or run
 * @line_mv:		DC between TIP and RING
 * @loop_ua:		DC in the loop
 * @seizures:		since the board was made
 * @answers:		of them, of a line that rang
 * @flashes:		since the line was seized
 * @pulsed:		digits by pulses since then
 * @digits:		all digits since then
 * @digit:		the first of them, in ASCII
 * @breaks:		within digits by pulses
 * @makes:		between their pulses
 * @gaps:		from the last break of a digit to the first of the next
 * @flash:		breaks that were too long for a pulse and no end
 * @tones:		digits by DTMF, in steps of 1 ms
 * @pauses:		between them
 * @tone_peak:		of the last of them, lower and upper frequency
 * @rings:		bursts since the board was made
 * @meters:		metering pulses since then
 * @seize_ns:		when the line was seized
 * @open_ns:		last time the current ended
 * @closed_ns:		last time it began
 * @release_ns:		when the end was certain
 * @digit_ns:		when the last digit was complete
 * @ring_start_ns:	begin of the last burst
 * @ring_end_ns:	its end; less than the begin while it lasts
 * @polarity_ns:	last reversal
 * @sound_start_ns:	first sample that was not 0 after 20 ms that were
 * @sound_end_ns:	first of those 20 ms
 * @ear_first_ns:	stamp of the first sample since this file's POTS_SIM_LISTEN
 * @ear_samples:	samples since then, the lost ones among them
 * @ear_lost:		samples that nobody read in time
 * @mic_waiting:	samples written and not spoken yet
 * @late_frames:	ms of sound that the board's clock delivered too late
 * @bad_writes:		writes to the chip's reserved registers
 * @bad_access:		bytes of SPI that were no part of an access
 * @reserved:		zero
 */
struct pots_sim_exchange_state {
	__u64 now_ns;
	__u32 state;
	__u32 steps;
	__s32 line_mv;
	__s32 loop_ua;
	__u32 seizures;
	__u32 answers;
	__u32 flashes;
	__u32 pulsed;
	__u32 digits;
	__u8 digit[POTS_SIM_DIGITS_MAX];
	struct pots_sim_span breaks;
	struct pots_sim_span makes;
	struct pots_sim_span gaps;
	struct pots_sim_span flash;
	struct pots_sim_span tones;
	struct pots_sim_span pauses;
	__u16 tone_peak[2];
	__u32 rings;
	__u32 meters;
	__u64 seize_ns;
	__u64 open_ns;
	__u64 closed_ns;
	__u64 release_ns;
	__u64 digit_ns;
	__u64 ring_start_ns;
	__u64 ring_end_ns;
	__u64 polarity_ns;
	__u64 sound_start_ns;
	__u64 sound_end_ns;
	__u64 ear_first_ns;
	__u64 ear_samples;
	__u32 ear_lost;
	__u32 mic_waiting;
	__u32 late_frames;
	__u32 bad_writes;
	__u32 bad_access;
	__u32 reserved[7];
};

#define POTS_SIM_GET_STATE	_IOR(POTS_SIM_IOC_MAGIC, 0x00, struct pots_sim_state)
#define POTS_SIM_QUEUE		_IOW(POTS_SIM_IOC_MAGIC, 0x01, struct pots_sim_queue)
#define POTS_SIM_LISTEN		_IOW(POTS_SIM_IOC_MAGIC, 0x02, __u32)
#define POTS_SIM_GET_PHONE	_IOR(POTS_SIM_IOC_MAGIC, 0x03, struct pots_sim_phone)
#define POTS_SIM_SET_PHONE	_IOW(POTS_SIM_IOC_MAGIC, 0x04, struct pots_sim_phone)
#define POTS_SIM_GET_EXCHANGE_STATE \
	_IOR(POTS_SIM_IOC_MAGIC, 0x05, struct pots_sim_exchange_state)
#define POTS_SIM_GET_EXCHANGE	_IOR(POTS_SIM_IOC_MAGIC, 0x06, struct pots_sim_exchange)
#define POTS_SIM_SET_EXCHANGE	_IOW(POTS_SIM_IOC_MAGIC, 0x07, struct pots_sim_exchange)
#define POTS_SIM_SET_TONE	_IOW(POTS_SIM_IOC_MAGIC, 0x08, struct pots_sim_tone)

#endif /* _UAPI_LINUX_POTS_SIM_H */
