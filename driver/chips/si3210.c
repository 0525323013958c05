// SPDX-License-Identifier: GPL-2.0-only
/*
 * si3210: the board around the chip, and the chip as a port.
 *
 * Nothing is touched unless a device-tree node or a board file names a chip,
 * and nothing is driven unless what answers is one.
 */
#include <linux/clk.h>
#include <linux/device.h>
#include <linux/gpio/consumer.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/pm.h>
#include <linux/property.h>
#include <linux/regulator/consumer.h>
#include <linux/spi/spi.h>

#include "si3210.h"
#include "si3210_wave.h"

#define SPI_MAX_HZ		16000000
#define SLOT_MAX		63	/* the start counts have ten bits */
#define POLL_DEFAULT_MS		5
#define POLL_MAX_MS		20
#define RING_MVRMS		65000
#define RING_LOAD_OHM		1560	/* five REN and the chip's own 160 */

static const struct pots_port_ops si3210_ops = {
	.set_feed = si3210_set_feed,
	.read_loop = si3210_read_loop,
	.ring_setup = si3210_ring_setup,
	.ring_burst = si3210_ring_burst,
	.speech = si3210_speech,
	.set_impedance = si3210_set_impedance,
	.chip_tone = si3210_chip_tone,
	.meter = si3210_meter,
	.lamp = si3210_lamp,
	.regs_show = si3210_regs_show,
};

/* ---------------------------------------------------------------- board --- */

static int read_dcdc_type(struct si3210 *chip)
{
	static const char * const types[] = { "bjt", "mosfet" };
	const char *property = "silabs,dcdc-type";
	struct device *dev = &chip->spi->dev;
	const char *type;
	int ret;

	chip->dcdc_mosfet = -1;
	if (device_property_read_string(dev, property, &type))
		return 0;
	ret = match_string(types, ARRAY_SIZE(types), type);
	if (ret < 0)
		return dev_err_probe(dev, -EINVAL, "%s: \"%s\"\n", property, type);
	chip->dcdc_mosfet = ret;
	return 0;
}

/* A board that cannot spend the power rings more quietly. */
static void read_ring_power(struct si3210 *chip)
{
	u32 milliwatt;

	chip->ring_mvrms = RING_MVRMS;
	if (device_property_read_u32(&chip->spi->dev, "silabs,ring-power-budget-milliwatt",
				     &milliwatt))
		return;
	milliwatt = min(milliwatt, 10000u);
	chip->ring_mvrms = min_t(u32, RING_MVRMS,
				 int_sqrt64((u64)milliwatt * 1000 * RING_LOAD_OHM));
}

static int read_properties(struct si3210 *chip)
{
	struct device *dev = &chip->spi->dev;
	u32 slot = 0, poll_ms = POLL_DEFAULT_MS;

	device_property_read_u32(dev, "pcm-slot", &slot);
	device_property_read_u32(dev, "silabs,poll-interval-ms", &poll_ms);
	device_property_read_string(dev, "label", &chip->label);
	if (slot > SLOT_MAX || !poll_ms || poll_ms > POLL_MAX_MS)
		return dev_err_probe(dev, -EINVAL, "slot %u or poll interval %u\n",
				     slot, poll_ms);
	chip->slot = slot;
	chip->poll_us = poll_ms * 1000;
	read_ring_power(chip);
	return read_dcdc_type(chip);
}

static int get_supplies(struct si3210 *chip)
{
	static const char * const names[SI3210_SUPPLIES] = { "vdd", "vdc" };
	struct device *dev = &chip->spi->dev;
	struct regulator *supply;
	unsigned int i;

	for (i = 0; i < SI3210_SUPPLIES; i++) {
		supply = devm_regulator_get_optional(dev, names[i]);
		if (PTR_ERR_OR_ZERO(supply) == -ENODEV)
			supply = NULL;
		if (IS_ERR(supply))
			return dev_err_probe(dev, PTR_ERR(supply), "%s supply\n", names[i]);
		chip->supply[i] = supply;
	}
	return 0;
}

static int get_resources(struct si3210 *chip)
{
	struct device *dev = &chip->spi->dev;
	int ret;

	ret = get_supplies(chip);
	if (ret)
		return ret;
	chip->pclk = devm_clk_get_optional(dev, "pclk");
	if (IS_ERR(chip->pclk))
		return dev_err_probe(dev, PTR_ERR(chip->pclk), "pclk\n");
	chip->reset = devm_gpiod_get_optional(dev, "reset", GPIOD_OUT_HIGH);
	if (IS_ERR(chip->reset))
		return dev_err_probe(dev, PTR_ERR(chip->reset), "reset line\n");
	return 0;
}

static void power_off(struct si3210 *chip)
{
	int i;

	if (chip->reset)
		gpiod_set_value_cansleep(chip->reset, 1);
	clk_disable_unprepare(chip->pclk);
	for (i = SI3210_SUPPLIES - 1; i >= 0; i--)
		if (chip->supply[i])
			regulator_disable(chip->supply[i]);
}

/* Supplies, then the clock: without it the chip does not run. */
static int power_on(struct si3210 *chip)
{
	int i, ret;

	for (i = 0; i < SI3210_SUPPLIES; i++) {
		ret = chip->supply[i] ? regulator_enable(chip->supply[i]) : 0;
		if (ret)
			goto err_supplies;
	}
	ret = clk_prepare_enable(chip->pclk);
	if (ret)
		goto err_supplies;
	return 0;

err_supplies:
	while (--i >= 0)
		if (chip->supply[i])
			regulator_disable(chip->supply[i]);
	return ret;
}

/* ----------------------------------------------------------------- chip --- */

static int start(struct si3210 *chip)
{
	int ret;

	ret = power_on(chip);
	if (ret)
		return ret;
	mutex_lock(&chip->line_lock);
	ret = si3210_bring_up(chip);
	if (!ret)
		ret = si3210_sound_locked(chip);
	WRITE_ONCE(chip->state, ret ? SI3210_DOWN : SI3210_UP);
	mutex_unlock(&chip->line_lock);
	if (ret)
		power_off(chip);
	return ret;
}

static void stop(struct si3210 *chip)
{
	mutex_lock(&chip->line_lock);
	WRITE_ONCE(chip->state, SI3210_DOWN);
	si3210_shut_down(chip);
	mutex_unlock(&chip->line_lock);
	power_off(chip);
}

static int setup_spi(struct spi_device *spi)
{
	spi->mode = (spi->mode & ~SPI_MODE_X_MASK) | SPI_MODE_3;
	spi->bits_per_word = 8;
	if (!spi->max_speed_hz || spi->max_speed_hz > SPI_MAX_HZ)
		spi->max_speed_hz = SPI_MAX_HZ;
	return spi_setup(spi);
}

static struct si3210 *alloc_chip(struct spi_device *spi)
{
	struct device *dev = &spi->dev;
	struct si3210 *chip = devm_kzalloc(dev, sizeof(*chip), GFP_KERNEL);

	if (!chip)
		return NULL;
	chip->batch = si3210_batch_alloc(dev);
	chip->watch = si3210_batch_alloc(dev);
	if (!chip->batch || !chip->watch)
		return NULL;
	chip->spi = spi;
	mutex_init(&chip->io_lock);
	mutex_init(&chip->line_lock);
	mutex_init(&chip->watch_lock);
	si3210_watch_init(chip);
	return chip;
}

static struct pots_port *alloc_port(struct si3210 *chip)
{
	const struct pots_port_desc desc = {
		.chip = "si3210",
		.label = chip->label,
		.can_reverse = true,
		.ring_min_mhz = SI3210_RING_MIN_MHZ,
		.ring_max_mhz = SI3210_RING_MAX_MHZ,
		.ring_dc_max_mv = SI3210_RING_DC_MAX_MV,
		.ring_mw = div_u64((u64)chip->ring_mvrms * chip->ring_mvrms,
				   RING_LOAD_OHM * 1000),
	};

	return pots_port_alloc(&chip->spi->dev, &si3210_ops, &desc, chip);
}

static int si3210_probe(struct spi_device *spi)
{
	struct si3210 *chip = alloc_chip(spi);
	int ret;

	if (!chip)
		return -ENOMEM;
	spi_set_drvdata(spi, chip);
	ret = setup_spi(spi);
	if (!ret)
		ret = read_properties(chip);
	if (!ret)
		ret = get_resources(chip);
	if (ret)
		return ret;

	chip->port = alloc_port(chip);
	if (IS_ERR(chip->port))
		return PTR_ERR(chip->port);
	ret = start(chip);
	if (ret)
		goto err_put;
	ret = si3210_watch_start(chip);
	if (ret)
		goto err_stop;
	ret = pots_port_register(chip->port);
	if (ret)
		goto err_watch;
	return 0;

err_watch:
	si3210_watch_stop(chip);
err_stop:
	stop(chip);
err_put:
	pots_port_put(chip->port);
	return ret;
}

static void si3210_remove(struct spi_device *spi)
{
	struct si3210 *chip = spi_get_drvdata(spi);

	pots_port_unregister(chip->port);
	si3210_watch_stop(chip);
	stop(chip);
	pots_port_put(chip->port);
}

/* A kernel that is started by this one finds the line without battery. */
static void si3210_shutdown(struct spi_device *spi)
{
	struct si3210 *chip = spi_get_drvdata(spi);

	si3210_watch_stop(chip);
	stop(chip);
}

static int si3210_suspend(struct device *dev)
{
	struct si3210 *chip = dev_get_drvdata(dev);

	si3210_watch_stop(chip);
	stop(chip);
	return 0;
}

static int si3210_resume(struct device *dev)
{
	struct si3210 *chip = dev_get_drvdata(dev);
	int ret;

	ret = start(chip);
	if (!ret)
		ret = si3210_watch_start(chip);
	pots_port_report_trouble(chip->port, ret ? POTS_TROUBLE_FAILED : POTS_TROUBLE_RESET,
				 ktime_get_ns());
	return ret;
}

static DEFINE_SIMPLE_DEV_PM_OPS(si3210_pm, si3210_suspend, si3210_resume);

static const struct of_device_id si3210_of_match[] = {
	{ .compatible = "pots,si3210" },
	{ .compatible = "silabs,si3210" },
	{ }
};
MODULE_DEVICE_TABLE(of, si3210_of_match);

/* Mainline's spidev claims "si3210" as well: a board file takes the first. */
static const struct spi_device_id si3210_ids[] = {
	{ "pots-si3210" },
	{ "si3210" },
	{ }
};
MODULE_DEVICE_TABLE(spi, si3210_ids);

static struct spi_driver si3210_driver = {
	.driver = {
		.name = "pots-si3210",
		.of_match_table = si3210_of_match,
		.pm = pm_sleep_ptr(&si3210_pm),
	},
	.id_table = si3210_ids,
	.probe = si3210_probe,
	.remove = si3210_remove,
	.shutdown = si3210_shutdown,
};
module_spi_driver(si3210_driver);

MODULE_AUTHOR("The pots authors");
MODULE_DESCRIPTION("Silicon Labs Si3210 FXS line interface");
MODULE_LICENSE("GPL");
