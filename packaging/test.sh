#!/usr/bin/env bash
# Uses ftlint as people get it: the wheel in a fresh virtual environment, the Python package, the pre-commit hook
# in a git repository, the action's scripts against a release served on this machine, the completions in a shell.
#
# Needs Python 3.10 or newer, git and curl, and what pip installs. Works in a scratch folder.
set -euo pipefail
project=$(cd "$(dirname "$0")/.." && pwd)
scratch=$(mktemp -d)
server=
trap '[[ -z $server ]] || kill "$server"; rm -rf "$scratch"' EXIT
say() { printf '\n== %s\n' "$*"; }
fail() { echo "FAILED: $*" >&2; exit 1; }

say "wheel"
python3 -m venv "$scratch/tools"
"$scratch/tools/bin/pip" install --quiet --disable-pip-version-check 'maturin>=1.9,<2' pre-commit mypy check-jsonschema
"$scratch/tools/bin/maturin" build --release --locked --quiet --manifest-path "$project/Cargo.toml" --out "$scratch/wheels"
ls -l "$scratch/wheels"

say "Python package in a fresh environment"
python3 -m venv "$scratch/fresh"
"$scratch/fresh/bin/pip" install --quiet --disable-pip-version-check --no-index --find-links "$scratch/wheels" ftlint
PATH=$scratch/fresh/bin:$PATH
cd "$scratch"
[[ $(command -v ftlint) == "$scratch/fresh/bin/ftlint" ]] || fail "pip did not put ftlint on the path"
ftlint --version
python "$project/python/tests/test_ftlint.py"
"$scratch/tools/bin/mypy" --strict --python-executable "$scratch/fresh/bin/python" \
  "$project/python/ftlint" "$project/python/tests/test_ftlint.py"

good() { for n in {1..60}; do printf '{"messages":[{"role":"user","content":"%s+1"},{"role":"assistant","content":"%s"}]}\n' "$n" $((n + 1)); done; }

say "pre-commit hook"
# The mirror as its repository would be, with the wheel instead of the index.
cp -r "$project/packaging/pre-commit" "$scratch/mirror"
export GIT_AUTHOR_NAME=test GIT_AUTHOR_EMAIL=test@localhost GIT_COMMITTER_NAME=test GIT_COMMITTER_EMAIL=test@localhost
git -C "$scratch/mirror" init --quiet
git -C "$scratch/mirror" add --all
git -C "$scratch/mirror" commit --quiet --message mirror
export PRE_COMMIT_HOME=$scratch/pre-commit PIP_FIND_LINKS=$scratch/wheels
mkdir "$scratch/repository"
cd "$scratch/repository"
git init --quiet
cat >.pre-commit-config.yaml <<CONFIG
repos:
  - repo: $scratch/mirror
    rev: $(git -C "$scratch/mirror" rev-parse HEAD)
    hooks:
      - id: ftlint
CONFIG
"$scratch/tools/bin/pre-commit" install >/dev/null
good >good.jsonl
good | sed '1s/"user"/"usr"/' >old.jsonl
git add .pre-commit-config.yaml good.jsonl
git commit --quiet --message "a good file" || fail "the hook refuses a good file"
git add old.jsonl
if git commit --quiet --message "a bad file" 2>"$scratch/hook"; then fail "the hook lets a bad file pass"; fi
grep -q 'FT104 unknown-role' "$scratch/hook" || fail "the hook does not say what is wrong"
git commit --quiet --no-verify --message "forced"
good | sed 's/+1/+ 1/' >good.jsonl
git add good.jsonl
git commit --quiet --message "changed" || fail "the hook lints files that did not change"
echo "good passes, bad fails, only changed files are linted"

say "action"
"$scratch/tools/bin/check-jsonschema" --builtin-schema vendor.github-actions "$project/action.yml"
"$scratch/tools/bin/check-jsonschema" --builtin-schema vendor.github-workflows "$project"/.github/workflows/*.yml
version=$(ftlint --version | cut -d' ' -f2)
release=$scratch/release/ftlint/ftlint/releases/download/v$version
mkdir -p "$release" "$scratch/runner" "$scratch/archive"
cp "$(command -v ftlint)" "$scratch/archive/ftlint"
archive=ftlint-$(uname -m)-unknown-linux-musl.tar.gz
tar -czf "$release/$archive" -C "$scratch/archive" .
(cd "$release" && sha256sum "$archive" >"$archive.sha256")
cd "$scratch/release"
python -c 'import http.server as h
s = h.ThreadingHTTPServer(("127.0.0.1", 0), h.SimpleHTTPRequestHandler)
print(s.server_port, flush=True)
s.serve_forever()' >"$scratch/port" 2>/dev/null &
server=$!
until [[ -s $scratch/port ]]; do sleep 0.1; done
run_install() {
  GITHUB_SERVER_URL=http://127.0.0.1:$(cat "$scratch/port") FTLINT_REPOSITORY=ftlint/ftlint FTLINT_VERSION=$1 \
    RUNNER_TEMP=$scratch/runner GITHUB_PATH=$scratch/github-path bash "$project/packaging/action/install.sh"
}
run_install "v$version"
installed=$(cat "$scratch/github-path")
[[ -x $installed/ftlint ]] || fail "the action does not put ftlint on the path"
if run_install main >"$scratch/refused"; then fail "the action takes a branch for a version"; fi
grep -q '^::error::' "$scratch/refused" || fail "the action does not say why"
echo tampered >>"$release/$archive"
if run_install "v$version" >/dev/null 2>&1; then fail "the action runs what its checksum refuses"; fi
cd "$scratch/repository"
# As in the bash 3.2 of macOS.
# shellcheck disable=SC2329 # by the script
shopt() { [[ $* != *globstar* ]] && builtin shopt "$@"; }
export -f shopt
# Exit code, files, arguments, SARIF report: the run must end so, and leave its annotations behind.
lints() {
  local code=0
  PATH=$installed:$PATH FTLINT_FILES=$2 FTLINT_ARGS=$3 FTLINT_SARIF=$4 bash "$project/packaging/action/lint.sh" \
    >"$scratch/annotations" 2>"$scratch/messages" || code=$?
  [[ $code -eq $1 ]] || fail "the action ends with $code on '$2' '$3' '$4'"
}
annotated() { # by one error like this, and no other
  [[ $(grep -c '^::error' "$scratch/annotations") -eq 1 ]] || fail "there is not one error: $(cat "$scratch/annotations")"
  grep -q "^::error$1" "$scratch/annotations" || fail "no annotation '$1': $(cat "$scratch/annotations")"
}
sarif=$scratch/report.sarif
lints 1 '*.jsonl' --no-tokens "$sarif"
annotated ' file=old.jsonl,line=1'
python -c 'import json, sys; assert json.load(open(sys.argv[1]))["runs"][0]["results"]' "$sarif"
lints 0 'g*.jsonl' '' ''
[[ ! -s $scratch/annotations ]] || fail "the action annotates a good file"
mkdir -p data/deep/er
cp old.jsonl data/deep/er
lints 1 $'good.jsonl\n  data/**/*.jsonl\n' '--no-tokens --target openai' ''
annotated ' file=data/deep/er/old.jsonl,line=1'
for report in '' "$sarif"; do
  lints 2 missing.jsonl '' "$report"
  annotated ' file=missing.jsonl,.*no such file'
  lints 2 'missing*.jsonl' '' "$report"
  annotated ' title=ftlint::.*missing\*\.jsonl: no file matches'
  lints 2 good.jsonl '--no-such-flag --no-100%' "$report"
  annotated ' title=ftlint::.*--no-such-flag'
  grep -q '%0A' "$scratch/annotations" || fail "an annotation has lines"
  lints 2 $' \n' '' "$report"
  annotated ' title=ftlint::no file was named'
done
for file in good.jsonl old.jsonl; do
  lints 2 "$file" '' "$scratch/none/report.sarif"
  grep -q '^::error title=ftlint::.*report.sarif' "$scratch/annotations" || fail "a report that cannot be written is not told"
done
unset -f shopt
echo "installs a checked release, annotates, ends as ftlint does"

say "completions"
ftlint completions bash >"$scratch/ftlint.bash"
offered=$(bash -c 'source "$1"; COMP_WORDS=(ftlint --out) COMP_CWORD=1; _ftlint ftlint --out ftlint; echo "${COMPREPLY[@]}"' - "$scratch/ftlint.bash")
[[ $offered == *--output-format* ]] || fail "bash completes --out to '$offered'"
echo "bash completes --out to $offered"
if command -v zsh >/dev/null; then ftlint completions zsh | zsh -n; fi
ftlint man | grep -q '^\.TH ftlint 1' || fail "the man page has no title"
