/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * pots-sim: the far end of a simulated line. Testing only, NOT STABLE: this
 * interface changes without notice, and only the project's own tools use it.
 *
 * /dev/potsim-BOARD-K is the telephone on line K (from 1) of a simulated
 * board. read() gives what its earpiece hears since POTS_SIM_LISTEN, to each
 * open file for itself; write() is what is spoken into its microphone: 16-bit
 * linear samples, native byte order, 8 kHz, where a full-scale sine is +3.17
 * dBm0. write() blocks while half a second of speech is waiting. poll(): IN =
 * samples to hear, OUT = room to speak, PRI = something of the state changed
 * since this file's last POTS_SIM_GET_STATE.
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

/**
 * struct pots_sim_step - one thing that the subscriber does
 * @kind:	POTS_SIM_STEP_*
 * @count:	pulses, 1..40
 * @on_us:	see above, at most 60000000
 * @off_us:	see above, at most 60000000
 * @gap_us:	pause after the last pulse, in place of the last make
 * @mhz:	frequency of each tone, millihertz
 * @peak:	amplitude of each tone, of 32767
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

/**
 * struct pots_sim_state - what the telephone sees, hears and does
 * @now_ns:		when this was taken
 * @state:		POTS_SIM_STATE_*
 * @steps:		steps that wait or run
 * @line_mv:		DC between TIP and RING
 * @loop_ua:		DC in the loop
 * @ring_mhz:		measured frequency of the last or present burst
 * @ring_mv:		its rms voltage
 * @rings:		bursts since the board was made
 * @ears:		sounds that began since then
 * @hook_ns:		last time the handset was lifted or put down
 * @ring_start_ns:	begin of the last burst
 * @ring_end_ns:	its end; less than the begin while it lasts
 * @fed_ns:		last time the battery came
 * @open_ns:		last time the battery went
 * @polarity_ns:	last reversal
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
	__u32 reserved[6];
};

#define POTS_SIM_GET_STATE	_IOR(POTS_SIM_IOC_MAGIC, 0x00, struct pots_sim_state)
#define POTS_SIM_QUEUE		_IOW(POTS_SIM_IOC_MAGIC, 0x01, struct pots_sim_queue)
#define POTS_SIM_LISTEN		_IOW(POTS_SIM_IOC_MAGIC, 0x02, __u32)
#define POTS_SIM_GET_PHONE	_IOR(POTS_SIM_IOC_MAGIC, 0x03, struct pots_sim_phone)
#define POTS_SIM_SET_PHONE	_IOW(POTS_SIM_IOC_MAGIC, 0x04, struct pots_sim_phone)

#endif /* _UAPI_LINUX_POTS_SIM_H */
