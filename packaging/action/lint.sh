#!/usr/bin/env bash
# Lints FTLINT_FILES with FTLINT_ARGS, both split at white space; ftlint itself expands patterns. The report becomes
# annotations; with FTLINT_SARIF it is written there as well. The exit code is that of ftlint, and if it could not
# run, an annotation tells why.
#
# For bash 3.2 too, which is what macOS has.
set -euo pipefail

if [[ -z ${FTLINT_FILES//[[:space:]]/} ]]; then
  echo "::error title=ftlint::no file was named: set 'files'"
  exit 2
fi
# Unquoted, to be split, but not expanded.
set -f
# shellcheck disable=SC2206
files=($FTLINT_FILES)
# shellcheck disable=SC2206
args=($FTLINT_ARGS)
set +f

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# Runs ftlint with the options that are given, keeps what it says, and returns its exit code.
run() {
  ftlint --no-progress "$@" ${args[@]+"${args[@]}"} -- "${files[@]}" >"$scratch/stdout" 2>"$scratch/stderr"
}
# Shows what was kept. Messages are an annotation as well if ftlint could not run and its report does not tell.
show() {
  cat "$scratch/stdout"
  cat "$scratch/stderr" >&2
  if [[ $1 -gt 1 ]] && ! grep -q '^::error .*title=failed::' "$scratch/stdout"; then
    local text
    text=$(cat "$scratch/stderr")
    text=${text:-ftlint ended with exit code $1}
    text=${text//\%/%25}
    text=${text//$'\r'/%0D}
    text=${text//$'\n'/%0A}
    echo "::error title=ftlint::$text"
  fi
}

if [[ -n $FTLINT_SARIF ]]; then
  sarif=0
  run --output-format sarif --output-file "$FTLINT_SARIF" || sarif=$?
  mv "$scratch/stderr" "$scratch/sarif"
fi
code=0
run --output-format github || code=$?
show "$code"
# What stops the first run stops the second as well, unless it is the SARIF report that cannot be written.
if [[ $code -le 1 && ${sarif:-0} -gt 1 ]]; then
  code=$sarif
  : >"$scratch/stdout"
  mv "$scratch/sarif" "$scratch/stderr"
  show "$code"
fi
exit "$code"
