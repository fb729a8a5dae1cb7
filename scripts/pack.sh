#!/usr/bin/env bash
# Packs what a release hands out into a folder: the package, and the bills of materials of it and of the action. Prints, and gives to
# the workflow, one sum of all of it: the same commit gives the same, on any machine.
set -euo pipefail
cd "$(dirname "$0")/.."
folder="$1"
rm -rf "$folder"
mkdir -p "$folder"
npm pack --silent --pack-destination "$folder"
cp dist/sbom.cdx.json "$folder/migrate-lint.cdx.json"
cp dist/action/sbom.cdx.json "$folder/migrate-lint-action.cdx.json"
sums="$(cd "$folder" && sha256sum -- * | sha256sum)"
echo "$sums"
echo "sums=$sums" >> "${GITHUB_OUTPUT:-/dev/null}"
