/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Kinds of values, for the table of keys. */
#ifndef POTS_AGENT_CONFIG_VALUES_H
#define POTS_AGENT_CONFIG_VALUES_H

#include "config_keys.h"

extern const struct config_parser
	config_value_text, config_value_optional, config_value_secret, config_value_address,
	config_value_host, config_value_servers, config_value_number, config_value_number16,
	config_value_seconds, config_value_msecs, config_value_choice, config_value_boolean,
	config_value_status, config_value_plan, config_value_some_plan, config_value_numbers,
	config_value_set, config_value_codecs, config_value_port_ms, config_value_port_number,
	config_value_port_choice, config_value_gain, config_value_hertz, config_value_volts,
	config_value_cadence, config_value_ring_names;

#endif /* POTS_AGENT_CONFIG_VALUES_H */
