# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later

# The mirror that this machine's Debian comes from.
mirror() {
	sed -nE 's,^(URIs: *|deb +)(https?://[^ ]*/debian/?)( .*|$),\2,p' \
		/etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null | head -n 1
}
