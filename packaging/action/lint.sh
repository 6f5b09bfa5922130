#!/usr/bin/env bash
# Lints FTLINT_FILES with FTLINT_ARGS, both split at white space and with globs expanded. The report becomes
# annotations; with FTLINT_SARIF it is written there as well. The exit code is that of ftlint.
set -euo pipefail
shopt -s nullglob globstar

# Unquoted, to be split and expanded.
# shellcheck disable=SC2206
files=($FTLINT_FILES)
set -f
# shellcheck disable=SC2206
args=($FTLINT_ARGS)
set +f
if [[ ${#files[@]} -eq 0 ]]; then
  echo "::error::no file matches '$FTLINT_FILES'"
  exit 2
fi

if [[ -n $FTLINT_SARIF ]]; then
  # Its exit code is that of the second run, whose annotations tell why.
  ftlint --no-progress --output-format sarif --output-file "$FTLINT_SARIF" "${args[@]+"${args[@]}"}" -- "${files[@]}" || [[ $? -eq 1 ]]
fi
exec ftlint --no-progress --output-format github "${args[@]+"${args[@]}"}" -- "${files[@]}"
