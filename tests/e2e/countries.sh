# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Countries: a potsd of its own loads the plan into a port and goes; then every
# tone and digit of it is played, heard and judged, and the bell rings. POTS_FULL=1: all
# of them, to their ends, some 40 minutes of a processor, once: what they sound like
# does not depend on the kernel.

few_countries="gb de in"
whole_country=us
country_limit_ms=1400

country_config() {
	cat <<EOF
[agent]
country = $1
countries = $PWD/data/countries
control =
[sip]
port = 5090
[media]
port-min = 17000
port-max = 17100
[line 1]
port = c-1
number = 1
EOF
}

# The name of the port that the board's own name stands for.
country_port() {
	timeout 5 potsctl list | awk '$4 == "c-1" { print $1 }'
}

country_is_loaded() {
	grep -q 'is ours' "$out/country.log"
}

country_errors="wrong.conf:[0-9]*: column 12: a length of|the present configuration stays"

# load_country CODE [COMMAND...]: and what is done while potsd runs as $pid
load_country() {
	local pid status=0
	country_config "$1" >"$out/country.conf"
	shift
	potsd -c "$out/country.conf" 2>"$out/country.log" &
	pid=$!
	until_true 5 country_is_loaded && "${@:-true}" || status=1
	kill "$pid"
	wait "$pid"
	if [ "$status" != 0 ] || grep -vE "is ours|waits for|is gone|$country_errors" "$out/country.log"; then
		cat "$out/country.log"
		return 1
	fi
}

# hear_country CODE LIMIT-MS [FILE]
hear_country() {
	timeout 600 "$out/country" "$(country_port)" potsim-c-1 \
		"tests/unit/agent/${3:-tones-expected.txt}" "$1" "$2"
}

# country CODE LIMIT-MS, on a board of its own
country() {
	local status=0
	potsim board create c --fxs 1 && load_country "$1" && hear_country "$@" || status=1
	potsim board remove c
	return "$status"
}

# builtin LIMIT-MS: the plan of a port that nobody has configured
builtin() {
	local status=0
	potsim board create c --fxs 1 && hear_country builtin "$1" tones-builtin.txt || status=1
	potsim board remove c
	return "$status"
}

both_errors_are_told() {
	[ "$(grep -cE "$country_errors" "$out/country.log")" = 2 ]
}

# spoil FILE: it gets an error, and potsd is told to read it again
spoil() {
	sed -i 's,^busy = .*,busy = 425/x,' "$1" && kill -HUP "$pid" &&
		until_true 5 both_errors_are_told
}

# A wrong file is told with line and column, and the old plan stays.
country_wrong() {
	local file=$out/wrong.conf status=0
	cp data/countries/de.conf "$file"
	potsim board create c --fxs 1 && load_country "$file" spoil "$file" &&
		hear_country de 500 || status=1
	potsim board remove c
	return "$status"
}

countries_tests() {
	local code
	echo "country-wrong-file country_wrong"
	if [ -z "${POTS_FULL:-}" ] || [[ ${POTS_VM_KERNEL:-} == 6.12* ]]; then
		echo "country-builtin builtin $country_limit_ms"
		echo "country-$whole_country country $whole_country 0"
		for code in $few_countries; do
			echo "country-$code country $code $country_limit_ms"
		done
		return
	fi
	echo "country-builtin builtin 0"
	for code in data/countries/*.conf; do
		code=$(basename "$code" .conf)
		echo "country-$code country $code 0"
	done
}
