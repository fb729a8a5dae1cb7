#!/usr/bin/env bash
# Packs the executable for the platform that this runs on, with the licences of what is in it, into a folder: migrate-lint-linux-x64.tar.gz and the like.
# Prints, and gives to the workflow, the name of the platform with the sum of the archive.
set -euo pipefail
cd "$(dirname "$0")/.."
folder="$1"
platform="$(node -p 'process.platform + "-" + process.arch')"
archive="migrate-lint-$platform.tar.gz"
content="$(mktemp -d)"
trap 'rm -rf "$content"' EXIT
program=migrate-lint
if [ "${platform%%-*}" = win32 ]; then program=migrate-lint.exe; fi

node scripts/executable.mjs "$content/$program"
cp LICENSE "$content/LICENSE"
cp dist/licenses.txt "$content/licenses.txt"
# Archives of Node.js have its licence beside the program on Windows, and one folder above elsewhere. Packages of a distribution may lack it.
for licence in "$(dirname "$(node -p process.execPath)")"/{,../,../share/doc/nodejs/}LICENSE; do
  if [ -f "$licence" ] && [ ! -f "$content/licenses-of-node.txt" ]; then cp "$licence" "$content/licenses-of-node.txt"; fi
done
if [ "${CI:-}" = true ]; then test -f "$content/licenses-of-node.txt"; fi

mkdir -p "$folder"
(cd "$content" && tar -czf - -- *) > "$folder/$archive"
sum="$(node -p 'crypto.createHash("sha256").update(fs.readFileSync(process.argv[1])).digest("hex")' "$folder/$archive")"
echo "$platform $sum"
echo "$platform=$sum" >> "${GITHUB_OUTPUT:-/dev/null}"
