#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# style.sh [CHECK...]: everything that is checked without running anything, or
# only the named checks. One line a check; ends with "N passed, N failed". What
# a failed check has to say follows its line; all of it is in build/style/*.log.

set -euo pipefail
cd "$(dirname "$0")/.."

out=build/style
mkdir -p "$out"
# One at a time: the logs and the builds have one place.
exec 9>"$out/lock"
flock 9
passed=0
failed=0
only=("$@")

wanted() {
	local name
	[ ${#only[@]} -gt 0 ] || return 0
	for name in "${only[@]}"; do
		[ "$name" != "$1" ] || return 0
	done
	return 1
}

verdict() {
	if [ "$1" = ok ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
	fi
	printf '  %-7s %s\n' "$1" "$2"
}

# check NAME COMMAND...: ok when the command succeeds. Inside of it "set -e" is
# off, as everywhere below an "if".
check() {
	local name=$1 log=$out/$1.log
	shift
	wanted "$name" || return 0
	if "$@" >"$log" 2>&1 </dev/null 9>&-; then
		verdict ok "$name"
	else
		verdict failed "$name"
		tail -n 60 "$log" | sed 's/^/    /'
	fi
}

sources() {
	if [ -e .git ]; then
		git ls-files -co --exclude-standard -- "$@" | sort -u | while read -r file; do
			[ ! -f "$file" ] || echo "$file"
		done
	else
		find . -name build -prune -o -type f -printf '%P\n' | sort |
			while read -r file; do
				for pattern in "$@"; do
					# shellcheck disable=SC2053 # a pattern
					[[ $file != $pattern ]] || echo "$file"
				done
			done
	fi
}

# What checkpatch is not asked, and why:
#   LONG_LINE_STRING  a sentence for the user stays in one piece, to be found
#   MACRO_ARG_UNUSED, MACRO_ARG_REUSE, MACRO_ARG_PRECEDENCE, COMPLEX_MACRO,
#   BRACKET_SPACE, TRAILING_SEMICOLON, LINE_CONTINUATIONS  X-macros: one list with
#   comments, many uses, each of a part of it; names of members as arguments
#   MACRO_WITH_FLOW_CONTROL  macros that define a function, in kmod/compat
#   CONSTANT_COMPARISON  BUILD_BUG_ON() compares constants
macros=LONG_LINE_STRING,MACRO_ARG_UNUSED,MACRO_ARG_REUSE,MACRO_ARG_PRECEDENCE,COMPLEX_MACRO
macros+=,BRACKET_SPACE,TRAILING_SEMICOLON,LINE_CONTINUATIONS,MACRO_WITH_FLOW_CONTROL,CONSTANT_COMPARISON
#   in TRACE_EVENT(), whose layout all of the kernel shares and checkpatch does not know
trace=$macros,PARENTHESIS_ALIGNMENT,OPEN_ENDED_LINE,SPACING
#   in userspace, where the kernel's types, macros and functions do not exist,
#   an errno is positive and a system call filter names architectures
userspace=$macros,PREFER_KERNEL_TYPES,NEW_TYPEDEFS,PREFER_FALLTHROUGH,PREFER_DEFINED_ATTRIBUTE_MACRO
userspace+=,CONSIDER_KSTRTO,SSCANF_TO_KSTRTO,NAKED_SSCANF,VOLATILE,ENOSYS,BIT_MACRO,ARRAY_SIZE
userspace+=,PREFER_ETHER_ADDR_COPY,PREFER_ETH_BROADCAST_ADDR,PREFER_PR_LEVEL,STRCPY,STRLCPY,STRNCPY
userspace+=,AVOID_EXTERNS,MULTIPLE_ASSIGNMENTS,USE_NEGATIVE_ERRNO,CAMELCASE,ARCH_DEFINES
#   and in words of a sentence, in sets of characters and in arguments of execve()
userspace+=,EMBEDDED_FUNCTION_NAME,QUOTED_WHITESPACE_BEFORE_NEWLINE,STATIC_CONST_CHAR_ARRAY

# The generator's own layout is not ours to change.
generated='_nl_gen\.[ch]$|^uapi/linux/vswitch\.h$'

# checkpatch IGNORE NOT PATTERN...: of the files, those that do not match NOT.
checkpatch() {
	local ignore=$1 not=$2 source
	shift 2
	source=$(scripts/kernel-source.sh scripts/checkpatch.pl scripts/spelling.txt \
		scripts/const_structs.checkpatch) || return 1
	mapfile -t list < <(sources "$@" | grep -vE "$not|$generated")
	[ ${#list[@]} -gt 0 ] || { echo "no files: $*"; return 1; }
	# It looks for headers and leaves a cache where it stands; it exits 1 when it
	# said something.
	mkdir -p "$out/checkpatch/include"
	(
		cd "$out/checkpatch" || exit 2
		perl "$source/scripts/checkpatch.pl" --no-tree --root=. --no-summary --terse --strict \
			--show-types --ignore "$ignore" -f "${list[@]/#/../../../}" 2>&1 || [ $? -eq 1 ]
	) | sed 's@^\(\.\./\)*@@' | true_alarms
}

# Of checkpatch's lines those that are right, and success when there is none. It
# does not know a declaration by its cleanup attribute, nor how to spell in Europe,
# and a table of cases with one short statement each reads better than three lines a
# case. The brace of a function that takes a function stands where all do. A row of
# a table that ends in a sentence keeps it in one piece. Comparisons that are compared
# need their parentheses.
true_alarms() {
	local line file number text status=0
	while IFS= read -r line; do
		IFS=: read -r file number _ <<<"$line"
		text=$(sed -n "${number}p" "$file" 2>/dev/null || true)
		case $line in
		*:LINE_SPACING:\ Missing*) [[ $text =~ ^[[:space:]]+cleanup_ ]] && continue ;;
		*:TRAILING_STATEMENTS:*) [[ $text =~ ^[[:space:]]+(case\ [^:]+|default):\ .*\;$ ]] && continue ;;
		*:UNNECESSARY_PARENTHESES:*) [[ $text =~ \)\ [!=]=\ \( ]] && continue ;;
		*:LONG_LINE:*) [[ $text =~ ^[[:space:]]+\{\ .*\"\ \},$ ]] && continue ;;
		*:OPEN_BRACE:*) [[ $text == *\(\** ]] && continue ;;
		*:TYPO_SPELLING:\ \'acknowledgement\'*) continue ;;
		esac
		echo "$line"
		status=1
	done
	return $status
}

# Warnings of the compiler or of sparse about our files; what the kernel's own
# headers provoke by themselves names no file of ours.
modules() {
	local series=$1 release log=$out/modules-$1.build
	release=$(scripts/kver.sh "$series") || return 1
	make modules KVER="$release" BUILD="$out" W=1 C=2 >"$log" 2>&1 || { cat "$log"; return 1; }
	! grep -E '(warning|error|note):' "$log"
}

compiler() {
	make tools BUILD="$out/$1" CC="$1"
}

shell() {
	mapfile -t list < <(sources '*.sh' '*.bash' .ci/run)
	shellcheck -x -P SCRIPTDIR "${list[@]}" || return 1
	# Sourced, so no first line names their shell.
	mapfile -t list < <(sources tools/completion/\*)
	shellcheck -s bash "${list[@]}"
}

# Titles, tables and references of reStructuredText.
documentation() {
	local file status=0
	mapfile -t list < <(sources 'Documentation/*.rst')
	for file in "${list[@]}"; do
		/usr/bin/python3 -m docutils --report=2 --exit-status=2 "$file" >/dev/null || status=1
	done
	return $status
}

rules() {
	local line
	wanted rules || return 0
	scripts/rules.sh >"$out/rules.log" || true
	while IFS= read -r line; do
		case $line in
		"ok "*) verdict ok "rule ${line#ok }" ;;
		"failed "*) verdict failed "rule ${line#failed }" ;;
		*) echo "$line" ;;
		esac
	done <"$out/rules.log"
	grep -q '^ok ' "$out/rules.log" || verdict failed rules
}

rules
check rules-can-fail scripts/style-selftest.sh
check generated scripts/gen.sh --check
check shellcheck shell
check documentation documentation
check checkpatch-kernel checkpatch "$macros" '/trace\.h$' 'kmod/*.[ch]' 'uapi/*.h'
check checkpatch-trace checkpatch "$trace" '^$' '*/trace.h'
check checkpatch-tools checkpatch "$userspace" '^$' 'tools/*.[ch]' 'selftests/*.[ch]'
check gcc compiler gcc
check clang compiler clang
check modules-6.1 modules 6.1
check modules-6.12 modules 6.12

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
