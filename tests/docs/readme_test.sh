#!/usr/bin/env bash
# The README against the program: the experiment printed there prints the table printed there, and every ./lab command in it is one.
#
#     readme_test.sh LSMLAB SOURCE_DIR WORK_DIR
set -u
lsmlab=$1 source=$2 work=$3
rm -rf "$work"
mkdir -p "$work"
cd "$work" || exit 1
export LSMLAB_ROOT=$source
failures=0

# block LANGUAGE-OR-EMPTY WORDS: the first fenced block of that language that has the words in it.
block() {
    awk -v fence='```'"$1" -v words="$2" '
        !inside && $0 == fence { inside = 1; text = ""; next }
        inside && $0 == "```" { inside = 0; if (index(text, words)) { printf "%s", text; exit } next }
        !inside && /^```/ { inside = 2; next }
        inside == 2 && $0 == "```" { inside = 0; next }
        inside == 1 { text = text $0 "\n" }' "$source/README.md"
}

block yaml "experiment: first" > first.yaml
block "" "write_amplification  space_amplification" > expected.txt
[[ -s first.yaml && -s expected.txt ]] || { echo "README.md has no first experiment with its table"; exit 1; }
"$lsmlab" run first.yaml --out "$work/results" > out.txt 2> progress.txt || { cat out.txt progress.txt; exit 1; }
while IFS= read -r line; do
    [[ -z $line ]] || grep -qxF -- "$line" out.txt || { echo "README.md says, the program does not: $line"; failures=1; }
done < expected.txt
((failures)) && { echo "the program prints:"; cat out.txt; }

check_all() {
    for file in "$@"; do "$lsmlab" check "$file" > check.txt 2>&1 || return 1; done
}

# Commands in shell blocks and in running text.
while IFS= read -r command; do
    read -r -a words <<< "${command#./lab }"
    case ${words[0]} in
        run) # Names with * and {} are the shell's to expand, as they are for a reader.
            files=("${words[1]}")
            [[ -f ${words[1]} ]] || eval "files=(\"\$source\"/${words[1]})"
            check_all "${files[@]}" ;;
        test) grep -q '^  *test' <("$source/lab" --help) ;;
        *) "$lsmlab" "${words[0]}" --help > check.txt 2>&1 ;;
    esac || { echo "README.md names a command that is none: $command"; failures=1; }
done < <(grep -oE '\./lab [a-z]+( [][a-zA-Z0-9/._*{},-]+\.yaml)?' "$source/README.md" | sort -u)

# The reference of the policies: what stands there is what the policies declare, and every header that git knows stands there.
"$lsmlab" policies --markdown > policies.md || failures=1
if diff <(cd "$source" && git ls-files policies/*/*.hpp 2> /dev/null | sort) \
    <(grep -o '^[^ ].*\. \[policies/[a-z_/]*\.hpp' "$source/docs/policies.md" | grep -o 'policies/.*' | sort) | grep '^[<>]'; then
    [[ -e $source/.git ]] && { echo "docs/policies.md does not list the same policies as git (< git, > the page)"; failures=1; }
fi
while IFS= read -r line; do
    grep -qxF -- "$line" policies.md || { echo "docs/policies.md says, the policies do not: $line"; failures=1; }
done < "$source/docs/policies.md"
((failures)) && echo "renew the page with: ./lab policies --markdown > docs/policies.md"

# Links in all documents.
while IFS=: read -r file link; do
    target=${link#*](}
    target=${target%)}
    target=${target%%#*}
    [[ -z $target || $target =~ ^https?: || $target =~ ^mailto: ]] && continue
    [[ -e $source/$(dirname "$file")/$target ]] || { echo "$file links to $target, which is not there"; failures=1; }
done < <(cd "$source" && find . -name '*.md' -not -path './build*' -not -path '*/vendor/*' -not -path './results/*' |
    xargs grep -oE '\]\([^) ]+\)' | sed 's,^\./,,')
exit $failures
