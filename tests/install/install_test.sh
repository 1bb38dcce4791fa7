#!/bin/sh
# Installs a build into an empty prefix, then builds and runs the example program of the docs against
# it, as a user of the library would: install_test.sh CMAKE BUILD_DIR SOURCE_DIR WORK_DIR COMPILER [FLAGS]
set -eu
cmake=$1 build=$2 source_dir=$3 work=$4 compiler=$5 flags=${6:-}

rm -rf "$work"
mkdir -p "$work"
"$cmake" --install "$build" --prefix "$work/prefix" > "$work/install.log"
# The copy must not depend on the checkout: the example is built from a folder of its own.
cp -r "$source_dir/docs/examples/library" "$work/example"
"$cmake" -S "$work/example" -B "$work/example-build" -G Ninja -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_CXX_FLAGS="$flags" -DCMAKE_PREFIX_PATH="$work/prefix"
"$cmake" --build "$work/example-build"

if grep -q "$source_dir/framework" "$work/example-build/.ninja_deps"; then
    echo "the example includes headers of the checkout, not the installed ones"
    exit 1
fi
program=$(find "$work/example-build" -maxdepth 1 -type f -perm -u+x)
[ -n "$program" ] || { echo "the example builds no program"; exit 1; }
cd "$work"
"$program"
rm -rf "$work"
