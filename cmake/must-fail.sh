#!/bin/sh
# must-fail.sh SOURCE COMPILER ARGS...: passes when SOURCE does not compile and the compiler says what
# the first line of SOURCE asks for: "// expect: <text>".
set -u
source_file=$1
shift
expected=$(sed -n '1s,^// expect: ,,p' "$source_file")
if [ -z "$expected" ]; then
    echo "$source_file: the first line must be // expect: <text>"
    exit 1
fi
if output=$("$@" -fsyntax-only "$source_file" 2>&1); then
    echo "$source_file: compiles, but must not (expected: $expected)"
    exit 1
fi
case $output in
    *"$expected"*) exit 0 ;;
esac
printf '%s: fails without saying: %s\nThe compiler said:\n%s\n' "$source_file" "$expected" "$output"
exit 1
