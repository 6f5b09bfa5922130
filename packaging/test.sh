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
run_lint() { PATH=$installed:$PATH FTLINT_FILES=$1 FTLINT_ARGS=$2 FTLINT_SARIF=$3 bash "$project/packaging/action/lint.sh"; }
run_lint '*.jsonl' '--no-tokens' "$scratch/report.sarif" >"$scratch/annotations" && fail "the action passes a bad file"
grep -q '^::error.*file=old.jsonl,line=1' "$scratch/annotations" || fail "there is no annotation at the line"
python -c 'import json, sys; assert json.load(open(sys.argv[1]))["runs"][0]["results"]' "$scratch/report.sarif"
run_lint 'g*.jsonl' '' '' || fail "the action refuses a good file"
echo "installs a checked release, annotates, fails on errors"

say "completions"
ftlint completions bash >"$scratch/ftlint.bash"
offered=$(bash -c 'source "$1"; COMP_WORDS=(ftlint --out) COMP_CWORD=1; _ftlint ftlint --out ftlint; echo "${COMPREPLY[@]}"' - "$scratch/ftlint.bash")
[[ $offered == *--output-format* ]] || fail "bash completes --out to '$offered'"
echo "bash completes --out to $offered"
if command -v zsh >/dev/null; then ftlint completions zsh | zsh -n; fi
ftlint man | grep -q '^\.TH ftlint 1' || fail "the man page has no title"
