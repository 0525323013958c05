# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-or-later
# /etc/config/pots as potsd.conf. A section `config TYPE NAME` becomes
# [TYPE NAME], or [TYPE] where there is one only; `option some_key value`
# becomes `some-key = value`. So a key that potsd learns needs nothing here,
# unless it is a switch or a list.

POTS_SWITCHES=" accept_any_source answer_reversal billing_tone current_limit dial_blindly emergency_preempts hold_tone life_line pulse_dialling ringer_impedance sandbox subscribe_mailbox "

# What stands between the items of a list.
pots_separator() {
	case $1 in
	codecs | disconnect | emergency) echo ' ' ;;
	dial_plan) echo '|' ;;
	dns_servers | ring_cadence) echo ',' ;;
	*) return 1 ;;
	esac
}

pots_complain() {
	echo "pots.$pots_name${2:+.$2}: $1" >&2
	pots_bad=1
}

# option_name -> key-name, in $pots_key
pots_key_of() {
	pots_key=$1
	while :; do
		case $pots_key in
		*_*) pots_key=${pots_key%%_*}-${pots_key#*_} ;;
		*) return ;;
		esac
	done
}

# A line must not carry what the reader takes for a comment or another line.
pots_put() {
	case $2 in
	*"
"*) pots_complain "a value is one line" "$1" ;;
	\;* | *[[:space:]]\;*) pots_complain "a semicolon after a blank begins a comment" "$1" ;;
	[[:space:]]* | *[[:space:]]) pots_complain "a blank at an end would be lost" "$1" ;;
	*)
		pots_key_of "$1"
		pots_body="$pots_body$pots_key = $2
"
		;;
	esac
}

pots_end_list() {
	[ -z "$pots_list" ] || pots_put "$pots_list" "$pots_items"
	pots_list='' pots_items=''
}

pots_end_section() {
	[ -n "$pots_head" ] || return 0
	pots_end_list
	[ "$pots_skip" = 1 ] || printf '[%s]\n%s\n' "$pots_head" "$pots_body"
	pots_head=''
}

pots_begin_section() {
	pots_end_section
	pots_name=$2 pots_body='' pots_skip=0
	case $1 in
	'') return 0 ;;
	agent | media | responses | sip | times | treatment) pots_head=$1 ;;
	account | line | trunk) pots_head="$1 $2" ;;
	*) pots_complain "there is no kind of section named $1" ;;
	esac
}

pots_take_option() {
	[ -n "$pots_head" ] && [ -n "$2" ] || return 0
	pots_end_list
	case $pots_head:$1 in
	agent:enabled | agent:firewall_zone) return 0 ;;
	'account '*:disabled | 'line '*:disabled | 'trunk '*:disabled)
		pots_skip=$(get_bool "$2" 0)
		return 0
		;;
	esac
	case $POTS_SWITCHES in
	*" $1 "*) pots_put "$1" "$(get_bool "$2" "$2" | sed 's/^1$/yes/; s/^0$/no/')" ;;
	*) pots_put "$1" "$2" ;;
	esac
}

pots_take_item() {
	local separator
	[ -n "$pots_head" ] && [ -n "$2" ] || return 0
	separator=$(pots_separator "$1") || {
		pots_complain "is not a list" "$1"
		return 0
	}
	[ "$pots_list" = "$1" ] || pots_end_list
	pots_items=${pots_list:+$pots_items$separator}$2
	pots_list=$1
}

# Prints potsd.conf. Mistakes go to stderr, as pots.SECTION.OPTION: TEXT.
pots_render() {
	pots_head='' pots_list='' pots_bad=0
	config_cb() { pots_begin_section "$1" "$2"; }
	option_cb() { pots_take_option "$1" "$2"; }
	list_cb() { pots_take_item "$1" "$2"; }
	config_load pots
	pots_begin_section
	reset_cb
	return "$pots_bad"
}

# pots_explain FILE: potsd's FILE:LINE: TEXT on stdin becomes that of UCI.
pots_explain() {
	awk -v file="$1" '
		BEGIN {
			while ((getline line < file) > 0) {
				n++
				if (line ~ /^\[/) {
					count = split(substr(line, 2, length(line) - 2), word, " ")
					section = "pots." word[count]
					at[n] = section
				} else if (line ~ / = /) {
					key = substr(line, 1, index(line, " = ") - 1)
					gsub(/-/, "_", key)
					at[n] = section "." key
				}
			}
		}
		index($0, file ":") == 1 {
			rest = substr($0, length(file) + 2)
			n = rest + 0
			sub(/^[0-9]*:? */, "", rest)
			print (n in at ? at[n] : "pots") ": " rest
			next
		}
		{ print }'
}

# pots_configure FILE: renders to FILE, if potsd takes it; says why not, if not.
pots_configure() {
	local file=$1 said=$1.said status=0
	mkdir -p "${file%/*}"
	(umask 077 && pots_render >"$file.new") 2>"$said" &&
		potsd --check-config -c "$file.new" 2>"$said" || status=1
	if [ "$status" = 0 ]; then
		chown root:pots "$file.new"
		chmod 0640 "$file.new"
		mv "$file.new" "$file"
	else
		pots_explain "$file.new" <"$said" >&2
	fi
	rm -f "$said" "$file.new"
	return "$status"
}
