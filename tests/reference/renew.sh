#!/usr/bin/env bash
# Writes all references anew, after a change that is meant to change results: renew.sh [LSMLAB]. Say in the commit why.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
source=$(cd "$here/../.." && pwd)
lsmlab=${1:-$source/build/release/lsmlab}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
while read -r experiment scale; do
    "$here/reference_test.sh" "$lsmlab" "$source" "$work/run" "$experiment" "$scale" renew
done < "$here/references.txt"
