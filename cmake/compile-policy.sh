#!/bin/sh
# Compiler launcher for one policy: compile-policy.sh AXIS NAME FUNCTION HEADER GENERATED COMPILER ARGS...
#
# Runs the compiler. When the policy does not compile, shows the errors, keeps them in
# GENERATED/policy_AXIS_NAME.errors, and compiles a stand-in that registers the policy as broken with
# its first errors, so that everything else still builds and runs. The dependency file then names
# what the policy itself includes: mending any of it compiles the policy again.
set -u
axis=$1 name=$2 function=$3 header=$4 generated=$5
shift 5

errors="$generated/policy_${axis}_${name}.errors"
stand_in="$generated/policy_${axis}_${name}.stand_in.cpp"

output=$("$@" 2>&1)
status=$?
if [ $status -eq 0 ]; then
    rm -f "$errors"
    [ -z "$output" ] || printf '%s\n' "$output" >&2
    exit 0
fi
# Stopped from outside, or out of memory or space: not the policy's fault.
case $output in
    *'signal terminated program'* | *'No space left on device'* | *'out of memory'*) status=129 ;;
esac
if [ $status -ge 128 ]; then
    printf '%s\n' "$output" >&2
    exit $status
fi
printf '%s\n' "$output" > "$errors"
printf '%s\n' "$output" >&2
printf 'policy left out: %s (axis %s) does not compile\n' "$header" "$axis" >&2

# From the first error on: that is where the cause is; the rest follows from it.
first=$(sed -n '/error/,$p' "$errors" | sed -e 's/)policy_errors"/) policy_errors"/g' -e 12q)
{
    echo '#include "framework/policy/registry.hpp"'
    echo 'namespace lsm::generated {'
    echo "void $function(Registry& registry);"
    echo "void $function(Registry& registry) {"
    printf '    registry.%s().add_broken("%s", "%s", R"policy_errors(%s)policy_errors");\n' \
        "$axis" "$name" "$header" "$first"
    echo '}'
    echo '}  // namespace lsm::generated'
} > "$stand_in"

# The same command once more, with the stand-in as its source and its own dependency file.
source_file='' depfile='' object=''
previous=''
for argument; do
    case $previous in
        -c) source_file=$argument ;;
        -MF) depfile=$argument ;;
        -o) object=$argument ;;
    esac
    previous=$argument
done
count=$#
while [ "$count" -gt 0 ]; do
    argument=$1
    shift
    case $argument in
        "$source_file") set -- "$@" "$stand_in" ;;
        "$depfile") set -- "$@" "$depfile.stand_in" ;;
        *) set -- "$@" "$argument" ;;
    esac
    count=$((count - 1))
done
"$@" || exit 1
rm -f "$depfile.stand_in"
[ -n "$depfile" ] || exit 0

# And as a preprocessor only, for what the policy includes. -MG lets a file that is not there pass.
count=$#
while [ "$count" -gt 0 ]; do
    argument=$1
    shift
    case $argument in
        "$stand_in") set -- "$@" "$source_file" ;;
        "$depfile.stand_in") set -- "$@" "$depfile" ;;
        -MD) set -- "$@" -M -MG ;;
        -c) ;;
        -o) ;;
        "$object") [ "$previous" = -MT ] && set -- "$@" "$object" ;;
        *) set -- "$@" "$argument" ;;
    esac
    previous=$argument
    count=$((count - 1))
done
if ! "$@" > /dev/null 2>&1 || [ ! -s "$depfile" ]; then
    # Not even the includes could be read. A file that never exists makes ninja try every time.
    printf '%s: %s %s\n' "$object" "$source_file" "$generated/try_again" > "$depfile"
fi
exit 0
