import { createTwoFilesPatch } from 'diff'
import type { FixedFile } from './fix.ts'

/** A patch that `git apply` and `patch -p1` take. `name`: the path that the file has in it. */
export function unifiedDiff(files: readonly FixedFile[], name: (path: string) => string): string {
  return files.map(({ path, before, after }) => patch(name(path), textOf(before), textOf(after))).join('')
}

function patch(name: string, before: string, after: string): string {
  const text = createTwoFilesPatch(`a/${name}`, `b/${name}`, before, after, undefined, undefined, { context: 3 })
  // A line of its own that says "Index" or "===" belongs to other tools; that of git makes names count from the root of the
  // repository, wherever it is applied (git, apply.c: is_toplevel_relative).
  return text.replace(/^(Index: .*\n)?=+\n/, `diff --git a/${name} b/${name}\n`)
}

/** With its byte order mark, which is a part of the first line. */
function textOf(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
}
