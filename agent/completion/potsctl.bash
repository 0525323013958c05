# SPDX-License-Identifier: GPL-2.0-or-later
# bash completion for potsctl(1), potsd(8) and potsim(1)

_potsctl() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	local subcommands="list show monitor calls accounts tones" ports
	local countries=/usr/share/pots/countries

	if [ "${COMP_WORDS[COMP_CWORD - 2]}" = tones ]; then
		case $prev in
		show)
			mapfile -t COMPREPLY < <(cd "$countries" 2>/dev/null &&
				compgen -G "$cur*.conf" | sed 's/\.conf$//')
			;;
		check) mapfile -t COMPREPLY < <(compgen -f -- "$cur") ;;
		esac
		return
	fi
	case $prev in
	tones)
		mapfile -t COMPREPLY < <(compgen -W "list show check" -- "$cur")
		return
		;;
	-c | --countries)
		mapfile -t COMPREPLY < <(compgen -d -- "$cur")
		return
		;;
	show)
		ports=$(compgen -G '/dev/pots[0-9]*')
		mapfile -t COMPREPLY < <(compgen -W "${ports//\/dev\//}" -- "$cur")
		return
		;;
	-s | --socket)
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return
		;;
	esac
	mapfile -t COMPREPLY < <(compgen -W "$subcommands --json --socket --countries --help --version" -- "$cur")
}

_potsd() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	local options="--config --debug --check-config --dump-config --help-config
		--dump-states --help --version"

	case $prev in
	-c | --config) mapfile -t COMPREPLY < <(compgen -f -- "$cur") ;;
	*) mapfile -t COMPREPLY < <(compgen -W "$options" -- "$cur") ;;
	esac
}

_potsim() {
	local cur=${COMP_WORDS[COMP_CWORD]} phones

	case $COMP_CWORD-${COMP_WORDS[1]} in
	1-*) mapfile -t COMPREPLY < <(compgen -W "board phone exchange" -- "$cur") ;;
	2-board) mapfile -t COMPREPLY < <(compgen -W "create remove list" -- "$cur") ;;
	2-phone)
		phones=$(compgen -G '/dev/potsim-*-[0-9]*' | sed 's,/dev/potsim-,,; s,-\([0-9]*\)$,/\1,')
		mapfile -t COMPREPLY < <(compgen -W "$phones" -- "$cur")
		;;
	2-exchange)
		phones=$(compgen -G '/dev/potsim-*-x*' | sed 's,/dev/potsim-,,; s,-x\([0-9]*\)$,/\1,')
		mapfile -t COMPREPLY < <(compgen -W "$phones" -- "$cur")
		;;
	3-exchange)
		mapfile -t COMPREPLY < <(compgen -W "ring answer stop busy reorder ringback
			dial-tone tone disconnect polarity meter lamp parallel battery say hear
			state set wait" -- "$cur")
		;;
	3-phone)
		mapfile -t COMPREPLY < <(compgen -W \
			"offhook onhook flash dial say hear state wait" -- "$cur")
		;;
	*) mapfile -t COMPREPLY < <(compgen -f -- "$cur") ;;
	esac
}

complete -F _potsctl potsctl
complete -F _potsd potsd
complete -F _potsim potsim
