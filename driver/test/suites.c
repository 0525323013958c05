// SPDX-License-Identifier: GPL-2.0-only
/* Every suite of the core, one module. */
#include "fixture.h"

#include <linux/module.h>

kunit_test_suites(&pots_claim_suite, &pots_event_suite, &pots_highway_suite,
		  &pots_line_suite, &pots_removal_suite, &pots_ring_suite,
		  &pots_settings_suite, &pots_speech_suite, &pots_tone_suite,
		  &pots_chip_tone_suite, &pots_exchange_suite, &pots_dial_suite,
		  &pots_listen_suite, &pots_exchange_removal_suite,
		  &pots_lamp_suite);

MODULE_AUTHOR("The pots authors");
MODULE_DESCRIPTION("Tests of the core of pots");
MODULE_LICENSE("GPL");
