#!/usr/bin/env bash
# What happens to policy headers that do not compile, step by step, in a small tree of its own:
# policy_build_test.sh CMAKE BUILD_DIR SOURCE_DIR WORK_DIR COMPILER
set -u
cmake=$1 build=$2 source_dir=$3 work=$4 compiler=$5
failures=0

fail() {
    echo "FAILED: $*"
    failures=$((failures + 1))
}
expect_text() {  # text file
    grep -qF -- "$1" "$2" || { fail "expected '$1' in $2:"; cat "$2"; }
}
expect_no_text() {
    ! grep -qF -- "$1" "$2" || { fail "did not expect '$1' in $2:"; cat "$2"; }
}

# policy FILE TYPE BITS: a bloom policy that compiles when BITS does.
policy() {
    mkdir -p "$(dirname "$1")"
    cat > "$1" << END
#pragma once
#include "framework/policy/bloom.hpp"
#include "framework/policy/options.hpp"
namespace lsm::bloom {
struct $2 {
    struct Options {
        static OptionTable<Options> table() { return {}; }
    };
    static constexpr std::string_view about = "a policy of this test";
    explicit $2(const Options&) {}
    double bits_per_key(const BloomQuestion&) const { return $3; }
};
}  // namespace lsm::bloom
END
}

configure() {
    "$cmake" -S "$work/tree" -B "$work/build" -G Ninja -DCMAKE_CXX_COMPILER="$compiler" \
        -Dlsmlab_DIR="$build" -DLSMLAB_SOURCE_DIR="$source_dir" "$@" > "$work/configure.log" 2>&1
}
build_and_list() {
    "$cmake" --build "$work/build" > "$work/build.log" 2>&1 || { fail "the build fails:"; cat "$work/build.log"; }
    "$work/build/list_policies" > "$work/list.txt" || fail "the program fails"
}

rm -rf "$work"
mkdir -p "$work"
cp -r "$source_dir/tests/policy_build/project" "$work/tree"
bloom="$work/tree/policies/bloom"
policy "$bloom/good.hpp" Good 1
policy "$bloom/two_words.hpp" TwoWords 2
policy "$bloom/wrong_type.hpp" SomethingElse 3
policy "$bloom/lacking.hpp" Lacking 3
sed -i 's/double bits_per_key/double bits/' "$bloom/lacking.hpp"
policy "$bloom/Bad-Name.hpp" BadName 4
policy "$bloom/unreadable.hpp" Unreadable 5
sed -i '1i #include "not/there.hpp"' "$bloom/unreadable.hpp"
policy "$bloom/by_helper.hpp" ByHelper 'helper()'
sed -i '1i #include "policies/bloom/helper.inc"' "$bloom/by_helper.hpp"
echo 'inline double helper() { return no_such_thing; }' > "$bloom/helper.inc"
policy "$work/outside/bloom/from_outside.hpp" FromOutside 6

echo "--- the good ones run, the others are listed with their errors"
configure -DLSMLAB_POLICIES_DIR="$work/outside" || { fail "cannot configure:"; cat "$work/configure.log"; }
build_and_list
expect_text 'works good policies/bloom/good.hpp' "$work/list.txt"
expect_text 'works two_words' "$work/list.txt"
expect_text "works from_outside $work/outside/bloom/from_outside.hpp" "$work/list.txt"
for name in wrong_type lacking Bad-Name unreadable by_helper; do
    expect_text "broken $name policies/bloom/$name.hpp" "$work/list.txt"
done
expect_text 'policies/bloom/wrong_type.hpp must define the type lsm::bloom::WrongType' "$work/list.txt"
expect_text 'policies/bloom/lacking.hpp lacks what a bloom policy needs' "$work/list.txt"
expect_text 'bits_per_key' <(grep 'required expression\|no member' "$work/build.log")
expect_text 'must be lower-case words' "$work/list.txt"
expect_text 'must be lower-case words' <(tr '\n' ' ' < "$work/configure.log" | tr -s ' ')
expect_text 'no_such_thing' "$work/list.txt"
expect_text 'no_such_thing' "$work/build.log"
expect_text 'policy left out: policies/bloom/by_helper.hpp' "$work/build.log"
expect_text 'not/there.hpp' "$work/list.txt"

echo "--- nothing changed, nothing compiled, but for a header that is not there yet"
build_and_list
expect_no_text 'by_helper' "$work/build.log"
expect_no_text 'policy_bloom_good' "$work/build.log"

echo "--- mending a file that a policy includes mends the policy"
echo 'inline double helper() { return 7; }' > "$bloom/helper.inc"
mkdir -p "$work/tree/not"
: > "$work/tree/not/there.hpp"
policy "$bloom/wrong_type.hpp" WrongType 3
build_and_list
for name in by_helper unreadable wrong_type; do expect_text "works $name" "$work/list.txt"; done
build_and_list
expect_text 'no work to do' "$work/build.log"

echo "--- breaking one again leaves it out again"
policy "$bloom/good.hpp" Good '"a text"'
build_and_list
expect_text 'broken good' "$work/list.txt"
expect_text 'works two_words' "$work/list.txt"

echo "--- a new header is found, a removed one is gone, without configuring by hand"
policy "$bloom/fresh.hpp" Fresh 8
rm "$bloom/good.hpp"
build_and_list
expect_text 'works fresh' "$work/list.txt"
expect_no_text 'good' "$work/list.txt"

echo "--- a name that is taken is refused"
policy "$work/outside/bloom/fresh.hpp" Fresh 9
configure && fail "a second policy with the same name was accepted"
expect_text 'a bloom policy named fresh already' <(tr '\n' ' ' < "$work/configure.log" | tr -s ' ')

((failures == 0)) || exit 1
rm -rf "$work"
