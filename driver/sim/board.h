/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pots-sim: a board: an SPI bus with a chip on each chip select, a PCM bus,
 * clocks, interrupt lines, and a far end behind each chip.
 */
#ifndef _POTS_SIM_BOARD_H
#define _POTS_SIM_BOARD_H

#include <linux/hrtimer.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/platform_device.h>
#include <linux/property.h>
#include <linux/spi/spi.h>
#include <linux/spinlock.h>

#include "bus.h"
#include "line.h"

#define POTS_SIM_LINES_MAX	16	/* 16-bit slots of the PCM bus */
#define POTS_SIM_NAME_LEN	16
#define POTS_SIM_SOUND_MAX	160	/* samples: 20 frames of 1 ms */
#define POTS_SIM_CHIP_NODE	"potsim%d-%u"	/* software node: bus, chip select */

struct clk_lookup;
struct gpiod_lookup_table;
struct pots_highway;
struct pots_sim_irq;
struct pots_sim_pclk;
struct pots_sim_reset;
struct seq_file;

#define POTS_SIM_DETECTOR_MAX	2
#define POTS_SIM_GAIN_MAX	120

/**
 * struct pots_sim_config - what a board shall be
 * @name:	of the board
 * @fxs:	lines to telephones
 * @fxo:	lines to an exchange; together 1..POTS_SIM_LINES_MAX
 * @wires:	so many lines of either kind are wired to each other, 1 to 1 and so on
 * @frames:	ms of sound in one call of the core, 1..20
 * @spi_hz:	clock of the SPI bus
 * @highway:	the PCM bus is connected to the host
 * @irq:	the interrupt lines are connected, else the driver has to poll
 * @reset:	the reset lines are connected
 * @pclk:	PCLK is connected: no PCLK, no sign of life
 * @mosfet:	the DC-DC converter has a MOSFET, else a BJT
 * @chain:	the chips are a daisy chain on the first chip select
 * @ring_mw:	what its supply can give for ringing a line, 0: enough
 * @ring_all_mw: and for all of them together, 0: enough
 * @gain: of lines to an exchange, 0.1 dB: so much more goes to the line and less comes
 *	from it; their hybrids have the coefficients 1 to 8 then
 * @detector: who knows an exchange's ringing, 0: the chip, 1: the driver by both
 *		halves of it, POTS_SIM_DETECTOR_MAX: by one
 */
struct pots_sim_config {
	char name[POTS_SIM_NAME_LEN];
	unsigned int fxs;
	unsigned int fxo;
	unsigned int wires;
	unsigned int frames;
	unsigned int spi_hz;
	unsigned int ring_mw;
	unsigned int ring_all_mw;
	unsigned int detector;
	unsigned int gain;
	bool highway;
	bool irq;
	bool reset;
	bool pclk;
	bool mosfet;
	bool chain;
};

extern const struct pots_sim_config pots_sim_config_default;

/**
 * struct pots_sim_tick - the sound clock of a board
 * @timer:	every &pots_sim_config.frames ms, while somebody needs it
 * @lock:	guards the rest; taken inside a line's lock
 * @users:	ports on the highway, ears that listen, mouths that speak
 * @on:		the timer runs
 * @next_ns:	when it should fire next
 * @late_frames: ms that came after their first sample had been due
 * @count:	ticks
 * @spent_ns:	processor time of all of them
 * @core_ns:	of that, inside the core
 */
struct pots_sim_tick {
	struct hrtimer timer;
	spinlock_t lock; /* see above */
	unsigned int users;
	bool on;
	u64 next_ns;
	u32 late_frames;
	u64 count;
	u64 spent_ns;
	u64 core_ns;
};

/**
 * struct pots_sim_sound - what goes between the bus and the core in one tick
 * @from:	by slot, what the chip there sent
 * @to:		by slot, what it shall receive
 * @spare_from:	for what is not in one piece on the bus
 * @spare_to:	the same
 */
struct pots_sim_sound {
	const s16 *from[POTS_SIM_LINES_MAX];
	s16 *to[POTS_SIM_LINES_MAX];
	s16 spare_from[POTS_SIM_LINES_MAX][POTS_SIM_SOUND_MAX];
	s16 spare_to[POTS_SIM_LINES_MAX][POTS_SIM_SOUND_MAX];
};

/**
 * struct pots_sim_board - a board
 * @config:	what it is
 * @node:	in the list of boards
 * @pdev:	its device
 * @swnode:	names it, so that chips can refer to it
 * @prop:	its properties
 * @bus:	the PCM bus
 * @tick:	the sound clock
 * @highway:	where the core takes and brings sound, NULL without
 * @ports_lock:	guards @ports, held while the core is called
 * @ports:	by slot
 * @sound:	used by a tick, under @ports_lock
 * @spi:	the controller
 * @chip:	devices on it
 * @chip_node:	their properties
 * @irq:	the interrupt lines
 * @pclk:	the clock
 * @reset:	the reset lines
 * @line:	by chip select
 * @lines:	their number
 * @debugfs:	directory
 */
struct pots_sim_board {
	struct pots_sim_config config;
	struct list_head node;
	struct platform_device *pdev;
	struct software_node swnode;
	struct property_entry prop[2];
	struct pots_sim_bus bus;
	struct pots_sim_tick tick;
	struct pots_highway *highway;
	spinlock_t ports_lock; /* see above */
	struct pots_port *ports[POTS_SIM_LINES_MAX];
	struct pots_sim_sound sound;
	struct spi_controller *spi;
	struct spi_device *chip[POTS_SIM_LINES_MAX];
	struct pots_sim_chip_node *chip_node;
	struct pots_sim_irq *irq;
	struct pots_sim_pclk *pclk;
	struct pots_sim_reset *reset;
	struct pots_sim_line *line[POTS_SIM_LINES_MAX];
	unsigned int lines;
	struct dentry *debugfs;
};

/* board.c */
struct pots_sim_board *pots_sim_board_create(const struct pots_sim_config *config);
void pots_sim_board_destroy(struct pots_sim_board *board);
void pots_sim_node_hold(struct device *dev, const struct software_node *node);
void pots_sim_node_wait(const struct software_node *node);

/* spi.c */
int pots_sim_chips_add(struct pots_sim_board *board);
void pots_sim_chips_forget(struct pots_sim_board *board);
int pots_sim_spi_add(struct pots_sim_board *board);
void pots_sim_spi_del(struct pots_sim_board *board);

/* irq.c */
int pots_sim_irq_add(struct pots_sim_board *board);
void pots_sim_irq_del(struct pots_sim_board *board);
void pots_sim_irq_fell(struct pots_sim_board *board, unsigned int index);
int pots_sim_irq_number(struct pots_sim_board *board, unsigned int index);

/* pclk.c */
int pots_sim_pclk_add(struct pots_sim_board *board);
void pots_sim_pclk_del(struct pots_sim_board *board);

/* reset.c */
int pots_sim_reset_add(struct pots_sim_board *board);
void pots_sim_reset_del(struct pots_sim_board *board);

/* highway.c */
void pots_sim_tick_init(struct pots_sim_board *board);
void pots_sim_tick_get(struct pots_sim_board *board, u64 now);
void pots_sim_tick_put(struct pots_sim_board *board);
void pots_sim_tick_show(struct pots_sim_board *board, struct seq_file *s);
int pots_sim_highway_add(struct pots_sim_board *board);
void pots_sim_highway_del(struct pots_sim_board *board);

/* configfs.c */
#if IS_ENABLED(CONFIG_CONFIGFS_FS)
int pots_sim_configfs_init(void);
void pots_sim_configfs_exit(void);
#else
static inline int pots_sim_configfs_init(void)
{
	return 0;
}

static inline void pots_sim_configfs_exit(void)
{
}
#endif

#endif /* _POTS_SIM_BOARD_H */
