# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-or-later
# What pots.sh and pots.init use of OpenWrt's /lib/functions.sh, for a machine
# that has none. uci_load is the test's.

reset_cb() {
	config_cb() { return 0; }
	option_cb() { return 0; }
	list_cb() { return 0; }
}
reset_cb

config() {
	sections=$((${sections:-0} + 1))
	section=${2:-cfg$sections}
	config_cb "$1" "$section"
}

option() {
	eval "CONFIG_${section}_$1=\$2"
	option_cb "$1" "$2"
}

list() {
	list_cb "$1" "$2"
}

config_load() {
	sections=0
	uci_load "$1"
}

config_get() {
	eval "$1=\${CONFIG_${2}_$3:-\$4}"
}

get_bool() {
	case $1 in
	1 | on | true | yes | enabled) echo 1 ;;
	0 | off | false | no | disabled) echo 0 ;;
	*) echo "$2" ;;
	esac
}

config_get_bool() {
	config_get "$1" "$2" "$3" "$4"
	eval "$1=\$(get_bool \"\$$1\" \"\$4\")"
}
