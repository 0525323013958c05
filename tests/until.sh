# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Waiting for something to come true; sourced by the suites' shell parts.

# until_true SECONDS COMMAND...: true as soon as it is
until_true() {
	local tries=$(($1 * 20))
	shift
	while ! "$@"; do
		((tries-- > 0)) || return 1
		sleep 0.05
	done
}
