# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-or-later
# Says what an init script would have procd do. $PROCD_RUNS is whether the
# service ran before.

tell() {
	local call=$1 word
	shift
	printf '%s' "$call"
	for word; do
		printf ' %s' "${word:-\"\"}"
	done
	echo
}

for call in procd_open_instance procd_close_instance procd_set_param procd_add_jail \
	procd_add_jail_mount procd_add_jail_mount_rw procd_open_data procd_close_data \
	procd_send_signal procd_add_reload_trigger procd_set_config_changed \
	json_add_array json_close_array json_add_object json_close_object json_add_string \
	chown stop; do
	eval "$call() { tell $call \"\$@\"; }"
done

procd_running() {
	[ "$PROCD_RUNS" = 1 ]
}

rc_procd() {
	"$@"
}

logger() {
	sed 's/^/log: /'
}
