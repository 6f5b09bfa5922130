#!/usr/bin/env bash
# Downloads a released ftlint for this machine, holds it against its checksum and puts it on the path of the
# job's later steps.
#
# Needs FTLINT_REPOSITORY (owner/name), FTLINT_VERSION (0.1.0 or v0.1.0), GITHUB_SERVER_URL, RUNNER_TEMP,
# GITHUB_PATH.
set -euo pipefail

version=${FTLINT_VERSION#v}
if ! [[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+ ]]; then
  echo "::error::ftlint has no release '$FTLINT_VERSION': use the action at a version tag (ftlint@v0.1.0), or set 'version'"
  exit 2
fi

case "$(uname -s)-$(uname -m)" in
  Linux-x86_64) target=x86_64-unknown-linux-musl ;;
  Linux-aarch64 | Linux-arm64) target=aarch64-unknown-linux-musl ;;
  Darwin-x86_64) target=x86_64-apple-darwin ;;
  Darwin-arm64) target=aarch64-apple-darwin ;;
  MINGW*-x86_64 | MSYS*-x86_64) target=x86_64-pc-windows-msvc ;;
  *)
    echo "::error::there is no released ftlint for $(uname -s) on $(uname -m)"
    exit 2
    ;;
esac

folder=$RUNNER_TEMP/ftlint-$version
mkdir -p "$folder"
cd "$folder"
archive=ftlint-$target.tar.gz
url=$GITHUB_SERVER_URL/$FTLINT_REPOSITORY/releases/download/v$version
for file in "$archive" "$archive.sha256"; do
  curl --fail --silent --show-error --location --retry 3 --output "$file" "$url/$file"
done
if command -v sha256sum >/dev/null; then
  sha256sum --check --quiet "$archive.sha256"
else
  shasum --algorithm 256 --check "$archive.sha256"
fi
tar -xzf "$archive"
./ftlint --version
echo "$folder" >>"$GITHUB_PATH"
