# The test verb of ./lab, sourced by it. A stage is a function that returns its status and adds to
# `passed` and `failed`; stages share builds: warnings as errors with GCC is the build that the tests
# run from, with Clang the one that the sanitized tests run from.

passed=0
failed=0
built=yes
stage_times=()

# run_stage NAME FUNCTION [ARGUMENT...]: runs it, keeps its time, never stops the others.
run_stage() {
    local name=$1 started=$SECONDS verdict=ok
    shift
    say "stage: $name"
    "$@" || verdict=FAILED
    end_progress
    stage_times+=("$(printf '%-44s %4d s  %s' "$name" $((SECONDS - started)) $verdict)")
    [[ $verdict = ok ]]
}

# A check that is no ctest test counts as one.
count_check() {
    if (($1 == 0)); then ((passed += 1)); else ((failed += 1)); fi
    return "$1"
}

filter_tests() {
    local line total='' done=0
    while IFS= read -r line; do
        printf '%s\n' "$line" >> "$log"
        if [[ $line =~ ^\ *([0-9]+)/([0-9]+)\ Test.*\ Passed\  ]]; then
            show_progress "tests: ${BASH_REMATCH[1]} of ${BASH_REMATCH[2]}"
        elif [[ $verbose = yes || ! $line =~ ^(\ *Start\ +[0-9]+:|Internal\ ctest|Test\ project|Label\ Time|.*sec\*proc|$) ]]; then
            end_progress
            printf '%s\n' "$line"
        fi
        if [[ $line =~ ([0-9]+)\ tests\ failed\ out\ of\ ([0-9]+) ]]; then
            done=${BASH_REMATCH[1]} total=${BASH_REMATCH[2]}
        fi
    done
    printf '%s %s\n' "$done" "${total:-0}" > "$root/build/.counts"
}

# run_ctest FOLDER [CTEST ARGUMENT...]
run_ctest() {
    local folder=$1 status failures=0 total=0
    shift
    ctest --test-dir "$folder" -j "$(nproc)" --output-on-failure --no-tests=error "$@" \
        2>&1 < /dev/null 9>&- | filter_tests
    status=${PIPESTATUS[0]}
    read -r failures total < "$root/build/.counts"
    rm -f "$root/build/.counts"
    ((passed += total - failures, failed += failures))
    ((status != 0 && failures == 0)) && ((failed += 1))
    return "$status"
}

# build_or_count FOLDER TARGET...: a build that fails counts as a failure.
build_or_count() {
    build "$@" && return
    ((failed += 1))
    built=no
    : > "$root/build/.build-failed"
    say "could not build in $1; log: $log"
    return 1
}

gcc_tests() {
    # The build with Clang does without joining, so that every file is also seen alone.
    local -a settings=(-DLSMLAB_TESTS=ON -DLSMLAB_JOIN_TEST_FILES=ON)
    [[ $all = yes ]] && settings+=(-DLSMLAB_WARNINGS_AS_ERRORS=ON -DCMAKE_CXX_COMPILER=g++)
    configure "$root/build/test" "$build_type" "${settings[@]}" || { ((failed += 1)); built=no; return 1; }
    build_or_count "$root/build/test" || return 1
    run_stage "tests" run_ctest "$root/build/test" "$@"
}

clang_tests() {
    local folder="$root/build/clang-asan"
    configure "$folder" Debug -DLSMLAB_TESTS=ON -DLSMLAB_WARNINGS_AS_ERRORS=ON \
        -DCMAKE_CXX_COMPILER=clang++-19 -DLSMLAB_SANITIZE=address,undefined -DLSMLAB_FUZZ=ON ||
        { ((failed += 1)); built=no; return 1; }
    build_or_count "$folder" || return 1
    run_stage "tests under ASan and UBSan" run_ctest "$folder" "$@"
}

fuzz_target_names() { sed -n 's/.*{"\([a-z]*\)", [a-z]*_target}.*/\1/p' "$root/tests/fuzz/targets.hpp"; }

# run_fuzzer FOLDER NAME SECONDS: begins with the seeds and all that was found, keeps what leads further
# in build/fuzz/NAME, and a finding in tests/fuzz/found/NAME. What a target may take of memory is what
# the README of tests/fuzz says.
run_fuzzer() {
    local program="$1/tests/fuzz/fuzz_$2" kept="$root/build/fuzz/$2" found="$root/tests/fuzz/found/$2"
    mkdir -p "$kept" "$found"
    "$program" -max_total_time="$3" -max_len=4096 -timeout=20 -rss_limit_mb=1024 -malloc_limit_mb=256 \
        -print_final_stats=1 -artifact_prefix="$found/" "$kept" "$root/tests/fuzz/seeds/$2" "$found" \
        >> "$root/build/fuzz/$2.log" 2>&1 9>&-
    local status=$?
    rmdir "$found" 2> /dev/null
    sed -n 's/^stat::number_of_executed_units: */    inputs: /p; s/^stat::peak_rss_mb: */    peak memory in MiB: /p' \
        "$root/build/fuzz/$2.log" | tail -2
    ((status == 0)) && return
    tail -n 40 "$root/build/fuzz/$2.log"
    say "$2: a finding; the input is in tests/fuzz/found/$2, the log in build/fuzz/$2.log"
    return 1
}

# A short run of each target; the seeds and findings alone are tests as well.
fuzz_tests() {
    local name status=0
    for name in $(fuzz_target_names); do
        printf 'fuzzing %s\n' "$name"
        run_fuzzer "$root/build/clang-asan" "$name" 15
        count_check $? || status=1
    done
    return $status
}

# lab_fuzz [TARGET [SECONDS]]
lab_fuzz() {
    local target=${1:-} seconds=${2:-60} folder="$root/build/clang-asan" names
    names=$(fuzz_target_names | tr '\n' ' ')
    if [[ -z $target || " $names" != *" $target "* ]]; then
        [[ $target = --help || $target = -h ]] || say "${target:+there is no fuzz target $target; }targets are ${names% }"
        printf 'usage: ./lab fuzz TARGET [SECONDS]\n\ntargets: %s\n' "${names% }"
        [[ $target = --help || $target = -h ]] && return 0
        return 2
    fi
    [[ $seconds =~ ^[1-9][0-9]*$ ]] || { say "SECONDS must be a whole number above 0, not $seconds"; return 2; }
    ensure_packages all
    configure "$folder" Debug -DLSMLAB_TESTS=ON -DLSMLAB_WARNINGS_AS_ERRORS=ON -DCMAKE_CXX_COMPILER=clang++-19 \
        -DLSMLAB_SANITIZE=address,undefined -DLSMLAB_FUZZ=ON && build "$folder" "fuzz_$target" ||
        cannot "could not build fuzz_$target; log: $log"
    printf 'fuzzing %s for %s s\n' "$target" "$seconds"
    run_fuzzer "$folder" "$target" "$seconds"
}

# Only what has concurrent tests is built for ThreadSanitizer.
thread_tests() {
    local folder="$root/build/tsan" file
    local -a targets=()
    for file in $(cd "$root/tests" && grep -l Concurrent ./*/*_test.cpp 2> /dev/null); do
        file=${file#./}
        [[ " ${targets[*]} " == *" test_${file%%/*} "* ]] || targets+=("test_${file%%/*}")
    done
    ((${#targets[@]})) || { say "no test has Concurrent in its name"; count_check 1; return; }
    configure "$folder" Debug -DLSMLAB_TESTS=ON -DCMAKE_CXX_COMPILER=clang++-19 \
        -DLSMLAB_SANITIZE=thread || { ((failed += 1)); built=no; return 1; }
    build_or_count "$folder" "${targets[@]}" || return 1
    run_stage "concurrent tests under TSan" run_ctest "$folder" -R Concurrent
}

# Everything of ours, whether committed yet or not.
own_sources() {
    local folder
    for folder in framework policies workloads tests docs bench; do
        [[ -d $root/$folder ]] && find "$root/$folder" -name vendor -prune -o \
            \( -name '*.hpp' -o -name '*.cpp' \) -print
    done
}

check_format() {
    local status
    own_sources | xargs clang-format-19 --dry-run -Werror > "$root/build/format.txt" 2>&1
    status=$?
    if ((status != 0)); then
        grep -o '^[^ ]*: error' "$root/build/format.txt" | cut -d: -f1 | sort | uniq -c |
            sed "s,$root/,," | while read -r places file; do
                printf 'not formatted in %s places: %s\n' "$places" "$file"
            done
        say "./lab format formats them"
    fi
    count_check "$status"
}

lab_format() {
    ensure_packages all
    own_sources | xargs clang-format-19 -i
}

lab_test() {
    local argument status=0 line started=$SECONDS
    local -a ctest_arguments=()
    all=no
    for argument; do
        case $argument in
            --all) all=yes ;;
            *) ctest_arguments+=("$argument") ;;
        esac
    done
    if [[ $all = no ]]; then
        ensure_packages test
        gcc_tests "${ctest_arguments[@]}" || status=1
    else
        run_stage "packages" ensure_packages all
        run_stage "formatting" check_format || status=1
        run_stage "warnings as errors with GCC, and tests" gcc_tests "${ctest_arguments[@]}" || status=1
        run_stage "the same with Clang 19, sanitized" clang_tests "${ctest_arguments[@]}" || status=1
        [[ $built = yes ]] && { run_stage "fuzz targets, 15 s each" fuzz_tests || status=1; }
        run_stage "thread sanitizer" thread_tests || status=1
    fi
    echo
    for line in "${stage_times[@]}"; do printf '%s\n' "$line"; done
    printf '%-44s %4d s\n\n' "all" $((SECONDS - started))
    printf '%d passed, %d failed\n' "$passed" "$failed"
    [[ $built = yes ]] || return $status_cannot_build
    ((status == 0 && failed == 0)) || return 1
}
