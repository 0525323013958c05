// SPDX-License-Identifier: GPL-2.0-only
/*
 * si3050: the board around the chips, and each chip as a port.
 *
 * Behind a chip select is one chip, described by the device's own properties,
 * or a daisy chain, with a child node for each chip. A chip of a chain that does
 * not come up is left out.
 *
 * Nothing is touched unless a device-tree node or a board file names a chip,
 * and nothing is driven unless what answers is one.
 */
#include <linux/clk.h>
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/gpio/consumer.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/overflow.h>
#include <linux/pm.h>
#include <linux/property.h>
#include <linux/regulator/consumer.h>
#include <linux/slab.h>
#include <linux/spi/spi.h>
#include <linux/timekeeping.h>

#include "si3050.h"

#define SPI_MAX_HZ		16000000
#define SLOT_MAX		63	/* the start counts have ten bits */
#define POLL_DEFAULT_MS		16
#define POLL_MAX_MS		20
#define RESET_US		100

static const struct pots_port_ops si3050_ops = {
	.set_hook = si3050_set_hook,
	.sense = si3050_sense,
	.set_daa = si3050_set_daa,
	.listen = si3050_listen,
	.speech = si3050_speech,
	.regs_show = si3050_regs_show,
};

/* ---------------------------------------------------------------- board --- */

static int read_gain(struct si3050 *chip, const char *property, s32 *ddb)
{
	u32 value = 0;

	fwnode_property_read_u32(chip->node, property, &value);
	*ddb = (s32)value;
	if (*ddb >= SI3050_GAIN_MIN_DDB && *ddb <= SI3050_GAIN_MAX_DDB)
		return 0;
	return dev_err_probe(si3050_dev(chip), -EINVAL, "%s: %d\n", property, *ddb);
}

static int read_line_properties(struct si3050 *chip)
{
	u32 slot = 0;
	int ret;

	fwnode_property_read_string(chip->node, "label", &chip->label);
	fwnode_property_read_u32(chip->node, "pcm-slot", &slot);
	if (slot > SLOT_MAX)
		return dev_err_probe(si3050_dev(chip), -EINVAL, "slot %u\n", slot);
	chip->slot = slot;
	fwnode_property_read_u8_array(chip->node, "silabs,hybrid-coefficients",
				      chip->hybrid, SI3050_HYBRID_COUNT);
	ret = read_gain(chip, "silabs,tx-gain-decidb", &chip->tx_gain_ddb);
	return ret ? ret : read_gain(chip, "silabs,rx-gain-decidb", &chip->rx_gain_ddb);
}

/* The chips of a chain are its first ones, without a gap. */
static int read_chain(struct si3050_chain *chain)
{
	struct device *dev = &chain->spi->dev;
	struct fwnode_handle *node;
	struct si3050 *chip;
	u32 number;

	device_for_each_child_node(dev, node) {
		if (fwnode_property_read_u32(node, "reg", &number) ||
		    number >= chain->count || chain->chip[number].node) {
			fwnode_handle_put(node);
			return dev_err_probe(dev, -EINVAL, "chips of the chain\n");
		}
		chain->chip[number].node = fwnode_handle_get(node);
	}
	si3050_for_each(chip, chain)
		if (!chip->node)
			chip->node = fwnode_handle_get(dev_fwnode(dev));
	return 0;
}

static int read_detector(struct si3050_chain *chain)
{
	static const char *const names[] = {
		[SI3050_BY_CHIP] = "chip",
		[SI3050_FULL_WAVE] = "full-wave",
		[SI3050_HALF_WAVE] = "half-wave",
	};
	struct device *dev = &chain->spi->dev;
	const char *name;
	int ret;

	if (device_property_read_string(dev, "silabs,ring-detector", &name))
		return 0;
	ret = match_string(names, ARRAY_SIZE(names), name);
	if (ret < 0)
		return dev_err_probe(dev, -EINVAL, "ring detector %s\n", name);
	chain->detector = ret;
	return 0;
}

static int read_properties(struct si3050_chain *chain)
{
	struct device *dev = &chain->spi->dev;
	u32 poll_ms = POLL_DEFAULT_MS;
	struct si3050 *chip;
	int ret;

	device_property_read_u32(dev, "silabs,poll-interval-ms", &poll_ms);
	if (!poll_ms || poll_ms > POLL_MAX_MS)
		return dev_err_probe(dev, -EINVAL, "poll interval %u\n", poll_ms);
	chain->poll_ms = poll_ms;
	ret = read_detector(chain);
	if (ret)
		return ret;
	ret = read_chain(chain);
	si3050_for_each(chip, chain)
		if (!ret)
			ret = read_line_properties(chip);
	return ret;
}

static int get_resources(struct si3050_chain *chain)
{
	struct device *dev = &chain->spi->dev;

	chain->supply = devm_regulator_get_optional(dev, "vdd");
	if (PTR_ERR_OR_ZERO(chain->supply) == -ENODEV)
		chain->supply = NULL;
	if (IS_ERR(chain->supply))
		return dev_err_probe(dev, PTR_ERR(chain->supply), "vdd supply\n");
	chain->pclk = devm_clk_get_optional(dev, "pclk");
	if (IS_ERR(chain->pclk))
		return dev_err_probe(dev, PTR_ERR(chain->pclk), "pclk\n");
	chain->reset = devm_gpiod_get_optional(dev, "reset", GPIOD_OUT_HIGH);
	if (IS_ERR(chain->reset))
		return dev_err_probe(dev, PTR_ERR(chain->reset), "reset line\n");
	return 0;
}

/* In reset the line sides have no power: the lines are on-hook. */
static void power_off(struct si3050_chain *chain)
{
	if (chain->reset)
		gpiod_set_value_cansleep(chain->reset, 1);
	clk_disable_unprepare(chain->pclk);
	if (chain->supply)
		regulator_disable(chain->supply);
}

/* Supply, then the clock, which must run before the reset ends. */
static int power_on(struct si3050_chain *chain)
{
	int ret;

	ret = chain->supply ? regulator_enable(chain->supply) : 0;
	if (ret)
		return ret;
	ret = clk_prepare_enable(chain->pclk);
	if (ret) {
		if (chain->supply)
			regulator_disable(chain->supply);
		return ret;
	}
	if (chain->reset) {
		gpiod_set_value_cansleep(chain->reset, 1);
		usleep_range(RESET_US, 2 * RESET_US);
		gpiod_set_value_cansleep(chain->reset, 0);
	}
	usleep_range(SI3050_PLL_US, 2 * SI3050_PLL_US);
	return 0;
}

/* ---------------------------------------------------------------- chips --- */

/*
 * Brings up all of the chain, or all that was there before. They are down and
 * nobody watches them: nobody else accesses them.
 */
static void bring_up(struct si3050_chain *chain, bool before)
{
	struct si3050 *chip;

	si3050_for_each(chip, chain)
		chip->starting = !before || chip->port;
	si3050_bring_up(chain);
	si3050_for_each(chip, chain) {
		mutex_lock(&chip->line_lock);
		chip->state = chip->result ? SI3050_LOST : SI3050_UP;
		mutex_unlock(&chip->line_lock);
	}
}

static void stop(struct si3050_chain *chain)
{
	struct si3050 *chip;

	si3050_for_each(chip, chain) {
		mutex_lock(&chip->line_lock);
		if (chip->state != SI3050_DOWN)
			si3050_shut_down(chip);
		chip->state = SI3050_DOWN;
		mutex_unlock(&chip->line_lock);
	}
	power_off(chain);
}

/* 0 when at least one chip is up, else what went wrong with the first. */
static int start(struct si3050_chain *chain)
{
	struct si3050 *chip;
	int ret;

	ret = power_on(chain);
	if (ret)
		return ret;
	bring_up(chain, false);
	si3050_for_each(chip, chain)
		if (chip->state == SI3050_UP)
			return 0;
	power_off(chain);
	return chain->chip[0].result;
}

/* ---------------------------------------------------------------- ports --- */

static int alloc_port(struct si3050 *chip)
{
	const struct pots_port_desc desc = {
		.chip = "si3050",
		.label = chip->label,
		.fwnode = chip->node,
		.can_bill = true,
		.impedances = si3050_daa_impedances(chip->line_side),
	};
	struct pots_port *port = pots_fxo_alloc(si3050_dev(chip), &si3050_ops, &desc, chip);

	if (IS_ERR(port))
		return PTR_ERR(port);
	chip->port = port;
	return 0;
}

static int alloc_ports(struct si3050_chain *chain)
{
	struct si3050 *chip;
	int ret = 0;

	si3050_for_each(chip, chain) {
		if (chip->state != SI3050_UP)
			dev_err(si3050_dev(chip), "chip %u is left out: %d\n", chip->number,
				chip->result);
		else if (!ret)
			ret = alloc_port(chip);
	}
	return ret;
}

static void put_ports(struct si3050_chain *chain)
{
	struct si3050 *chip;

	si3050_for_each(chip, chain)
		if (chip->port)
			pots_port_put(chip->port);
}

static void unregister_ports(struct si3050_chain *chain)
{
	struct si3050 *chip;

	si3050_for_each(chip, chain) {
		if (chip->registered)
			pots_port_unregister(chip->port);
		chip->registered = false;
	}
}

static int register_ports(struct si3050_chain *chain)
{
	struct si3050 *chip;
	int ret;

	si3050_for_each(chip, chain) {
		if (!chip->port)
			continue;
		ret = pots_port_register(chip->port);
		if (ret) {
			unregister_ports(chain);
			return ret;
		}
		chip->registered = true;
	}
	return 0;
}

/* ---------------------------------------------------------------- device --- */

static int setup_spi(struct spi_device *spi)
{
	spi->mode = (spi->mode & ~SPI_MODE_X_MASK) | SPI_MODE_3;
	spi->bits_per_word = 8;
	if (!spi->max_speed_hz || spi->max_speed_hz > SPI_MAX_HZ)
		spi->max_speed_hz = SPI_MAX_HZ;
	return spi_setup(spi);
}

static void put_nodes(void *data)
{
	struct si3050_chain *chain = data;
	struct si3050 *chip;

	si3050_for_each(chip, chain)
		fwnode_handle_put(chip->node);
}

static struct si3050_chain *alloc_chain(struct spi_device *spi)
{
	unsigned int count = device_get_child_node_count(&spi->dev);
	struct si3050_chain *chain;
	struct si3050 *chip;

	count = clamp(count, 1u, SI3050_CHAIN_MAX + 0u);
	chain = devm_kzalloc(&spi->dev, struct_size(chain, chip, count), GFP_KERNEL);
	if (!chain)
		return NULL;
	chain->batch = si3050_batch_alloc(&spi->dev);
	if (!chain->batch)
		return NULL;
	chain->spi = spi;
	chain->count = count;
	mutex_init(&chain->io_lock);
	si3050_watch_init(chain);
	si3050_for_each(chip, chain) {
		chip->chain = chain;
		chip->number = chip - chain->chip;
		mutex_init(&chip->line_lock);
	}
	if (devm_add_action_or_reset(&spi->dev, put_nodes, chain))
		return NULL;
	return chain;
}

static int si3050_probe(struct spi_device *spi)
{
	struct si3050_chain *chain = alloc_chain(spi);
	int ret;

	if (!chain)
		return -ENOMEM;
	spi_set_drvdata(spi, chain);
	ret = setup_spi(spi);
	if (!ret)
		ret = read_properties(chain);
	if (!ret)
		ret = get_resources(chain);
	if (!ret)
		ret = start(chain);
	if (ret)
		return ret;

	ret = alloc_ports(chain);
	if (ret)
		goto err_put;
	ret = si3050_watch_start(chain);
	if (ret)
		goto err_put;
	ret = register_ports(chain);
	if (ret)
		goto err_watch;
	return 0;

err_watch:
	si3050_watch_stop(chain);
err_put:
	stop(chain);
	put_ports(chain);
	return ret;
}

static void si3050_remove(struct spi_device *spi)
{
	struct si3050_chain *chain = spi_get_drvdata(spi);

	unregister_ports(chain);
	si3050_watch_stop(chain);
	stop(chain);
	put_ports(chain);
}

/* A kernel that is started by this one finds the lines on-hook. */
static void si3050_shutdown(struct spi_device *spi)
{
	struct si3050_chain *chain = spi_get_drvdata(spi);

	si3050_watch_stop(chain);
	stop(chain);
}

/* Asleep the lines are on-hook, and ringing wakes nobody. */
static int si3050_suspend(struct device *dev)
{
	struct si3050_chain *chain = dev_get_drvdata(dev);

	si3050_watch_stop(chain);
	stop(chain);
	return 0;
}

static int si3050_resume(struct device *dev)
{
	struct si3050_chain *chain = dev_get_drvdata(dev);
	struct si3050 *chip;
	int ret;

	ret = power_on(chain);
	if (!ret) {
		bring_up(chain, true);
		ret = si3050_watch_start(chain);
	}
	si3050_for_each(chip, chain)
		if (chip->port)
			pots_port_report_trouble(chip->port,
						 ret || chip->state != SI3050_UP ?
						 POTS_TROUBLE_FAILED : POTS_TROUBLE_RESET,
						 ktime_get_ns());
	return ret;
}

static DEFINE_SIMPLE_DEV_PM_OPS(si3050_pm, si3050_suspend, si3050_resume);

static const struct of_device_id si3050_of_match[] = {
	{ .compatible = "pots,si3050" },
	{ .compatible = "silabs,si3050" },
	{ }
};
MODULE_DEVICE_TABLE(of, si3050_of_match);

/* As with the Si3210, others may claim the plain name. */
static const struct spi_device_id si3050_ids[] = {
	{ "pots-si3050" },
	{ "si3050" },
	{ }
};
MODULE_DEVICE_TABLE(spi, si3050_ids);

/* The links to the line sides take up to two seconds: side by side. */
static struct spi_driver si3050_driver = {
	.driver = {
		.name = "pots-si3050",
		.of_match_table = si3050_of_match,
		.pm = pm_sleep_ptr(&si3050_pm),
		.probe_type = PROBE_PREFER_ASYNCHRONOUS,
	},
	.id_table = si3050_ids,
	.probe = si3050_probe,
	.remove = si3050_remove,
	.shutdown = si3050_shutdown,
};
module_spi_driver(si3050_driver);

MODULE_AUTHOR("The pots authors");
MODULE_DESCRIPTION("Silicon Labs Si3050 with Si3018/Si3019: the line of an exchange");
MODULE_LICENSE("GPL");
