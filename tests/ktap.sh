# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Counts test results, of all suites of a run, in one file; and what a test
# script needs to print KTAP.

count_begin() {
	counts=$1
	: >"$counts"
}

# count_one pass|fail|skip NAME [SAID]: one write, as suites run side by side
count_one() {
	printf '%s%-7s %s\n' "${3:-}" "$1" "$2"
	echo "$1 $2" >>"$counts"
}

# Reads KTAP, counts its innermost results, shows what the tests said before a
# failure. A line that sums up subtests counts only when it failed and none of
# them did: the program died.
count_ktap() {
	local suite=$1 line depth last=0 below_failed='' said=()
	local result='^( *)(not ok|ok) [0-9]+ ?-? ?(.*)$'
	while IFS= read -r line; do
		if [[ ! $line =~ $result ]]; then
			said+=("$line")
			((${#said[@]} <= 40)) || said=("${said[@]:1}")
			continue
		fi
		depth=${#BASH_REMATCH[1]}
		if ((depth >= last)) || [[ ${BASH_REMATCH[2]}$below_failed == 'not ok' ]]; then
			count_result "$suite" "${BASH_REMATCH[2]}" "${BASH_REMATCH[3]}"
		fi
		((depth > 0)) && [ "${BASH_REMATCH[2]}" = 'not ok' ] && below_failed=yes
		((depth > 0)) || below_failed=
		last=$depth said=()
	done
}

count_result() {
	local suite=$1 verdict=$2 name=$3 before=
	case $verdict:$name in
	*'# SKIP'*) count_one skip "$suite: $name" ;;
	'not ok:'*'# XFAIL'*) count_one pass "$suite: $name" ;;
	'not ok:'*)
		((${#said[@]} == 0)) || printf -v before '        %s\n' "${said[@]}"
		count_one fail "$suite: $name" "$before"
		;;
	*) count_one pass "$suite: $name" ;;
	esac
}

# A suite fails as a whole when it reported no failure but ended badly, said
# nothing at all, or printed fewer results than it had planned.
judge_suite() {
	local suite=$1 status=$2 ktap=$3 planned printed
	planned=$(sed -nE 's/^1\.\.([0-9]+).*/\1/p' "$ktap" | awk '{ n += $1 } END { print n }')
	printed=$(grep -cE '^(not )?ok [0-9]+' "$ktap")
	if [ "$printed" = 0 ]; then
		count_one fail "$suite: printed no result (status $status)"
		return 1
	fi
	if [ -n "$planned" ] && [ "$printed" != "$planned" ]; then
		count_one fail "$suite: planned $planned, printed $printed"
		return 1
	fi
	if [ "$status" != 0 ] && ! grep -qE '^ *not ok' "$ktap"; then
		count_one fail "$suite: ended with status $status"
		return 1
	fi
	[ "$status" = 0 ]
}

count_end() {
	local passed failed skipped
	passed=$(grep -c ^pass "$counts")
	failed=$(grep -c ^fail "$counts")
	skipped=$(grep -c ^skip "$counts")
	if [ "$failed" != 0 ]; then
		echo "failed:"
		sed -n 's/^fail /  /p' "$counts"
	fi
	echo "$passed passed, $failed failed$([ "$skipped" = 0 ] || echo ", $skipped skipped")"
	[ "$failed" = 0 ] && [ "$passed" != 0 ]
}

# ktap_begin COUNT, then ktap_test NAME COMMAND... each, then ktap_end
ktap_begin() {
	echo "KTAP version 1"
	echo "1..$1"
	ktap_number=0 ktap_failed=0
}

ktap_report() {
	ktap_number=$((ktap_number + 1))
	case $1 in
	0) echo "ok $ktap_number $2" ;;
	4) echo "ok $ktap_number $2 # SKIP" ;;
	*)
		ktap_failed=1
		echo "not ok $ktap_number $2"
		;;
	esac
}

ktap_test() {
	local name=$1 output status=0
	shift
	output=$("$@" 2>&1) || status=$?
	[ -z "$output" ] || printf '%s\n' "$output" | sed 's/^/# /'
	ktap_report "$status" "$name"
}

ktap_end() {
	exit "$ktap_failed"
}
