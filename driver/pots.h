/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pots: what a chip driver and a PCM highway provider may know of the core.
 *
 * A chip driver allocates a port, fills in its private part, and registers it
 * as the last step of its probe. From then on the core calls the ops, one at a
 * time for each port, from process context; the driver reports what happens on
 * the line by pots_port_report_*(), from any context. A highway provider moves
 * speech between the wire and pots_port_frames(). Neither knows the other: the
 * firmware node property "pcm-highway" of the chip's device, or of the part of it
 * that is the port, names the provider's device, "pcm-slot" the time slot.
 */
#ifndef _POTS_H
#define _POTS_H

#include <linux/types.h>

struct device;
struct fwnode_handle;
struct pots_highway;
struct pots_port;

#define POTS_FRAME_LEN		8	/* samples in a frame of 1 ms */
#define POTS_FRAMES_MAX		20	/* frames in one pots_port_frames() */

enum pots_feed {		/* values of the UAPI's POTS_FEED_* */
	POTS_LINE_OPEN,
	POTS_LINE_FORWARD,
	POTS_LINE_REVERSE,
	POTS_LINE_OHT_FORWARD,
	POTS_LINE_OHT_REVERSE,
	POTS_LINE_RINGING,
};

enum pots_alarm {
	POTS_ALARM_RECOVERED,	/* the chip's driver brought the line back */
	POTS_ALARM_RAISED,	/* the chip took the line down */
	POTS_ALARM_GIVEN_UP,	/* the retry budget is used up: line stays open */
};

enum pots_chip_trouble {
	POTS_TROUBLE_RESET = 1,	/* registers were lost and set up again; the core
				 * shall bring feed, ringing and tone again
				 */
	POTS_TROUBLE_FAILED = 2,
};

/**
 * struct pots_ring_wave - the ringing signal, without its cadence
 * @freq_mhz:	millihertz, within the port's limits
 * @trapezoid:	trapezoid, else sine
 * @dc_mv:	DC beneath it, at most &pots_port_desc.ring_dc_max_mv
 */
struct pots_ring_wave {
	u32 freq_mhz;
	bool trapezoid;
	u32 dc_mv;
};

/**
 * struct pots_chip_tone - what a chip's oscillators shall play by themselves
 * @freq_mhz:	millihertz, 0 = unused
 * @level_cdb:	dBm0 of each, the core's gain included
 * @on_ms:	length of the burst, 0 = continuous
 * @off_ms:	pause, 0 = play the burst once (only with @on_ms)
 */
struct pots_chip_tone {
	u32 freq_mhz[2];
	s16 level_cdb[2];
	u32 on_ms;
	u32 off_ms;
};

/**
 * struct pots_daa - what a country wants of the side that faces an exchange
 * @impedance:		value of POTS_IMPEDANCE_*, in &pots_port_desc.impedances
 * @dc_mv:		tip to ring at 20 mA: 3100, 3200, 3350 or 3500
 * @loop_min_ua:	least loop current: 10000, 12000, 14000 or 16000
 * @current_limit:	limit the loop current to 60 mA (TBR 21)
 * @on_hook_us:		how long going on-hook takes: 500, 3000 or 26000
 * @ring_threshold_mv:	ringing begins at, rms: 15000, 21500 or 45000
 * @ringer_impedance:	synthesise that of a bell
 * @ring_min_mhz:	what is slower or
 * @ring_max_mhz:	faster than these is no ringing; millihertz
 * @billing:		look for billing tones
 */
struct pots_daa {
	u32 impedance;
	u32 dc_mv;
	u32 loop_min_ua;
	bool current_limit;
	u32 on_hook_us;
	u32 ring_threshold_mv;
	bool ringer_impedance;
	u32 ring_min_mhz;
	u32 ring_max_mhz;
	bool billing;
};

/**
 * struct pots_line_sense - what a chip measures of an exchange's line
 * @line_mv:	TIP against RING, signed; 0 = below what it can tell
 * @loop_ua:	loop current, 0 while on-hook
 */
struct pots_line_sense {
	s32 line_mv;
	u32 loop_ua;
};

/**
 * struct pots_port_ops - what the core asks of a chip driver
 *
 * Every op may sleep, is called with the port's command mutex held, never
 * after pots_port_unregister() has returned, and returns 0 or a negative
 * errno. -EIO: the chip did not answer or did not do it after the driver's
 * own retries. -ETIMEDOUT: it never became ready.
 *
 * "FXS", a port that feeds a telephone, and "FXO", one that faces an exchange, say
 * on which kind of port an op is called. The others are called on both.
 */
struct pots_port_ops {
	/**
	 * @set_feed: FXS. Set the linefeed and confirm it by read-back. Never called
	 * with POTS_LINE_RINGING. Edges of the loop that this causes may be
	 * reported: the core masks them. Required.
	 */
	int (*set_feed)(struct pots_port *port, enum pots_feed feed);

	/**
	 * @read_loop: FXS. 1 when the loop is closed as the chip sees it now, 0
	 * when it is open. Required.
	 */
	int (*read_loop)(struct pots_port *port);

	/**
	 * @ring_setup: FXS. Prepare the ringing signal and ring-trip detection. Not
	 * called during a burst. Required with &pots_port_desc.ring_max_mhz.
	 */
	int (*ring_setup)(struct pots_port *port, const struct pots_ring_wave *wave);

	/**
	 * @ring_burst: FXS. Begin (@on) or end a burst; between bursts the line is in
	 * on-hook transmission. When the chip has tripped by itself since, ending
	 * a burst must leave the line in active feed. Required with @ring_setup.
	 */
	int (*ring_burst)(struct pots_port *port, bool on);

	/**
	 * @set_hook: FXO. Go off-hook, or on-hook, confirmed by read-back. It is
	 * also each break and make of a dial pulse and of a flash: one write and
	 * its confirmation, no waiting for the line to settle. What the line
	 * does then may be reported: the core masks it. Required.
	 */
	int (*set_hook)(struct pots_port *port, bool off_hook);

	/**
	 * @sense: FXO. Measure the line now. Required.
	 */
	int (*sense)(struct pots_port *port, struct pots_line_sense *sense);

	/**
	 * @set_daa: FXO. Face the line so; called on-hook only. -EOPNOTSUPP, and
	 * nothing has changed, for what this line side cannot do. Required.
	 */
	int (*set_daa)(struct pots_port *port, const struct pots_daa *daa);

	/**
	 * @listen: FXO. Let the codec hear the line while on-hook (@on), for the
	 * caller's identity. Going off-hook ends it. Required with @speech.
	 */
	int (*listen)(struct pots_port *port, bool on);

	/**
	 * @speech: Connect (@on) or mute the chip's path to its slot of the
	 * highway, both directions. Required when the port is on a highway.
	 */
	int (*speech)(struct pots_port *port, bool on);

	/**
	 * @set_impedance: FXS. Terminate the line so; values of POTS_IMPEDANCE_*.
	 * Optional.
	 */
	int (*set_impedance)(struct pots_port *port, u32 impedance);

	/**
	 * @chip_tone: Play by the chip's oscillators, replacing what they play,
	 * or stop when @tone is NULL. -EOPNOTSUPP when they cannot do it.
	 * Optional.
	 */
	int (*chip_tone)(struct pots_port *port, const struct pots_chip_tone *tone);

	/**
	 * @meter: FXS. Send one pulse of @hz, 12000 or 16000, to a charge meter,
	 * and return when it has begun: the chip ends it after @on_ms, at most
	 * 5000, by itself. 0 ends it now. The feed is active and not changed
	 * meanwhile. Optional.
	 */
	int (*meter)(struct pots_port *port, u32 hz, u32 on_ms);

	/**
	 * @lamp: FXS. Raise the voltage of the idle feed to some 90 V, at which a neon
	 * lamp in the telephone glows, or take it back. The core takes it back before
	 * it calls any other op that drives the line. Optional.
	 */
	int (*lamp)(struct pots_port *port, bool on);

	/**
	 * @regs_show: Print the chip's registers for debugfs, "name: value" lines
	 * into @buf of @len bytes; returns the length. Optional.
	 */
	ssize_t (*regs_show)(struct pots_port *port, char *buf, size_t len);
};

/**
 * struct pots_port_desc - what a chip driver says of a port, copied by the core
 * @chip:		"si3210", at most 15 characters
 * @label:		the board's name for it, or NULL, at most 31 characters
 * @fwnode:		has "pcm-highway", "pcm-slot" and "pots,ring-source"; NULL = the
 *			device's node. Not used after pots_port_alloc().
 * @can_reverse:	FXS: polarity reversal works
 * @ring_min_mhz:	FXS: ringing frequencies that work, millihertz;
 * @ring_max_mhz:	0 = cannot ring
 * @ring_dc_max_mv:	FXS: most DC that a ringing signal may have beneath it, 0 = none
 * @ring_mw:		FXS: what a burst takes at most from the supply that the node's
 *			"pots,ring-source" names, 0 = it is not counted
 * @can_bill:		FXO: counts billing tones
 * @impedances:		FXO: bit n = it has the POTS_IMPEDANCE_* of value n
 */
struct pots_port_desc {
	const char *chip;
	const char *label;
	struct fwnode_handle *fwnode;
	bool can_reverse;
	u32 ring_min_mhz;
	u32 ring_max_mhz;
	u32 ring_dc_max_mv;
	u32 ring_mw;
	bool can_bill;
	u32 impedances;
};

struct pots_port *pots_port_alloc(struct device *parent,
				  const struct pots_port_ops *ops,
				  const struct pots_port_desc *desc,
				  void *chip);
/* The same for FXO, and as the reports for FXO below by pots-fxo.ko. */
struct pots_port *pots_fxo_alloc(struct device *parent,
				 const struct pots_port_ops *ops,
				 const struct pots_port_desc *desc,
				 void *chip);
void pots_port_put(struct pots_port *port);
int pots_port_register(struct pots_port *port);
void pots_port_unregister(struct pots_port *port);

void *pots_port_chip(const struct pots_port *port);
struct device *pots_port_dev(struct pots_port *port);

/*
 * Reports. Any context, hard interrupt included; @at_ns is CLOCK_MONOTONIC,
 * taken in the interrupt handler or at the poll that saw it.
 */
void pots_port_report_loop(struct pots_port *port, bool closed, u64 at_ns);
void pots_port_report_ring_trip(struct pots_port *port, u64 at_ns);
void pots_port_report_alarm(struct pots_port *port, enum pots_alarm alarm, u64 at_ns);
void pots_port_report_trouble(struct pots_port *port,
			      enum pots_chip_trouble trouble, u64 at_ns);

/*
 * FXO. A burst of ringing has begun or ended, and was found to be one by chip or
 * driver: a step of the direct voltage, a reversal or a lamp's pulse is none.
 * @freq_mhz 0 = not known.
 */
void pots_port_report_ring(struct pots_port *port, bool on, u32 freq_mhz, u64 at_ns);
/* FXO. A measurement, when it differs from the last or at each poll. */
void pots_port_report_sense(struct pots_port *port,
			    const struct pots_line_sense *sense, u64 at_ns);
/* FXO. A billing pulse has ended. */
void pots_port_report_billing(struct pots_port *port, u64 at_ns);

/* ---------------------------------------------------------- PCM highway --- */

/**
 * struct pots_highway_ops - what the core asks of a highway provider
 *
 * Both may sleep and are called under the core's highway mutex.
 */
struct pots_highway_ops {
	/**
	 * @start: Begin to call pots_port_frames() for @port on time slot @slot
	 * (in 16-bit slots after frame sync). The first started port starts the
	 * provider's clockwork.
	 */
	int (*start)(struct pots_highway *highway, struct pots_port *port,
		     unsigned int slot);

	/**
	 * @stop: No call of pots_port_frames() for @port runs or comes after this
	 * has returned. With the last port the clockwork stops: no tick, no
	 * wake-up.
	 */
	void (*stop)(struct pots_highway *highway, struct pots_port *port);
};

struct pots_highway *pots_highway_register(struct device *dev,
					   const struct pots_highway_ops *ops,
					   unsigned int depth_frames, void *priv);
void pots_highway_unregister(struct pots_highway *highway);
void *pots_highway_priv(const struct pots_highway *highway);

void pots_port_frames(struct pots_port *port, const s16 *from_line,
		      s16 *to_line, unsigned int frames);

#endif /* _POTS_H */
