#!/usr/bin/env bash
# Runs an experiment and holds the four files of its results against the committed ones, to the byte.
#
#     reference_test.sh LSMLAB SOURCE_DIR WORK_DIR EXPERIMENT SCALE     compares
#     reference_test.sh LSMLAB SOURCE_DIR WORK_DIR EXPERIMENT SCALE renew   writes the reference anew
#
# results/reference/EXPERIMENT/ has trials.csv and SHA256SUMS of the whole run; scale-SCALE/ the same of a scaled one, whose claims
# are not judged. Compressed sizes are those of the library versions named in SHA256SUMS; with others the test is
# skipped (77).
set -u
lsmlab=$1 source=$2 work=$3 experiment=$4 scale=$5 mode=${6:-compare}

reference=$source/results/reference/$experiment
[[ $scale = 1 ]] || reference=$reference/scale-$scale
rm -rf "$work"
mkdir -p "$work"
export LSMLAB_ROOT=$source

"$lsmlab" run "$source/experiments/$experiment.yaml" --scale "$scale" --out "$work" --quiet --no-cache > "$work/out.txt" 2>&1
status=$?
if ((status != 0)) && ! [[ $scale != 1 && $status = 1 ]]; then
    echo "the run of $experiment ended with status $status:"
    cat "$work/out.txt"
    exit 1
fi

run=$work/$experiment/latest
libraries=$(grep -E '"(lz4|zstd)":' "$run/manifest.json" | tr -d ' ",' | paste -sd ' ')
sums=$(echo "# $libraries" && cd "$run" && sha256sum trials.csv series.csv levels.csv events.jsonl)
if [[ $mode = renew ]]; then
    mkdir -p "$reference"
    echo "$sums" > "$reference/SHA256SUMS"
    cp "$run/trials.csv" "$reference/"
    echo "renewed $reference"
    exit 0
fi

if [[ $(head -1 "$reference/SHA256SUMS") != "# $libraries" ]] && grep -q codec "$source/experiments/$experiment.yaml"; then
    echo "not compared: the reference was made with $(head -1 "$reference/SHA256SUMS"), here is $libraries"
    exit 77
fi
if diff <(tail -n +2 "$reference/SHA256SUMS") <(tail -n +2 <<< "$sums"); then
    rm -rf "$work"
    exit 0
fi
echo "the results of $experiment are not those of $reference (< there, > here); trials that differ:"
diff "$reference/trials.csv" "$run/trials.csv" | head -20
echo "the run is in $run; tests/reference/renew.sh writes the references anew when the change is meant"
exit 1
