#!/usr/bin/env bash
# Looks at the page of `ftlint report` in a headless Chromium: both themes, wide and on a phone.
#
# Needs Chromium, Node with npm. Where Chromium is missing it is installed by apt, if that is there and allowed;
# where it cannot be, the test is skipped and says so.
set -euo pipefail
project=$(cd "$(dirname "$0")/.." && pwd)
skip() { echo "browser test skipped: $*"; exit 0; }
command -v npm >/dev/null || skip "there is no npm"
find_chromium() { command -v chromium || command -v chromium-browser || command -v google-chrome || true; }
browser=$(find_chromium)
if [[ -z $browser ]] && [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null; then
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium; } >/dev/null 2>&1 || true
  browser=$(find_chromium)
fi
[[ -n $browser ]] || skip "there is no Chromium, and it cannot be installed"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
npm install --silent --no-audit --no-fund --prefix "$scratch" playwright-core >/dev/null 2>&1 || skip "playwright-core cannot be installed"

for n in {1..200}; do
  printf '{"messages":[{"role":"user","content":"%s <script>alert(1)</script>"},{"role":"assistant","content":"%0*d"}]}\n' "$n" $((n * 9)) 1
done >good.jsonl
sed '1,30s/"assistant"/"asistant"/; 40s/}$//' good.jsonl >bad.jsonl
head -c 2000 /bin/sh >binary.jsonl
# FTLINT names a binary that is built already.
report() { if [[ -n ${FTLINT:-} ]]; then "$FTLINT" report "$@"; else build report "$@"; fi; }
build() { cargo run --quiet --locked --manifest-path "$project/Cargo.toml" -- "$@"; }
report good.jsonl --model gpt-4.1-mini -o good.html
report good.jsonl bad.jsonl binary.jsonl -o several.html
BROWSER=$browser node "$project/packaging/browser-test.js" "$scratch" good.html several.html
