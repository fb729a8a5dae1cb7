import { fstatSync } from 'node:fs'
import { createTwoFilesPatch } from 'diff'
import { inert, visible } from '../../report/visible.ts'
import type { FixedFile } from './fix.ts'

/** A patch for `git apply` and `patch -p1`. `name`: the path of a file in the patch. */
export function unifiedDiff(files: readonly FixedFile[], name: (path: string) => string): string {
  return files.map(({ path, before, after }) => patch(name(path), textOf(before), textOf(after))).join('')
}

/** The reader of a patch: a person at a terminal, the log of a CI job, or a program or a file. */
export type Reader = 'terminal' | 'log' | 'program'

/**
 * Finds out who reads standard output. A program that a CI runner starts writes to its log, unless its output goes to a
 * file.
 */
export function readerOf({ isTTY, fd }: Pick<typeof process.stdout, 'isTTY' | 'fd'>, env: NodeJS.ProcessEnv): Reader {
  if (isTTY) return 'terminal'
  const hasLog = [env.CI, env.GITHUB_ACTIONS, env.TF_BUILD, env.TEAMCITY_VERSION].some(Boolean)
  return hasLog && !fstatSync(fd).isFile() ? 'log' : 'program'
}

/**
 * The patch as it may be printed for its reader. A program gets it unchanged. A terminal gets nothing that acts on it,
 * and a log gets nothing that it would take for a command. If that alters lines, the patch can no longer be applied.
 */
export function printable(patch: string, reader: Reader): { readonly text: string; readonly isAltered: boolean } {
  const shown = (line: string) =>
    reader === 'log'
      ? inert(line)
      : line
          .split('\t')
          .map(part => visible(part))
          .join('\t')
  const text = reader === 'program' ? patch : patch.split('\n').map(shown).join('\n')
  return { text, isAltered: text !== patch }
}

function patch(path: string, before: string, after: string): string {
  const [from, to] = [quoted(`a/${path}`), quoted(`b/${path}`)]
  const text = createTwoFilesPatch(from, to, before, after, undefined, undefined, { context: 3 })
  // Lines such as "Index" or "===" belong to other tools. With git's own line, names count from the root of the repository, wherever the
  // patch is applied (git, apply.c: is_toplevel_relative).
  return text.replace(/^(Index: .*\n)?=+\n/, () => `diff --git ${from} ${to}\n`)
}

/**
 * Quotes a name as git does if it would otherwise end the line or the name (git, quote.c): `"a/x\
 * y.sql"`.
 */
function quoted(name: string): string {
  if (!/[\p{Cc}"\\]/u.test(name)) return name
  const escaped = name.replace(/[\p{Cc}"\\]/gu, character => {
    if (character === '"' || character === '\\') return `\\${character}`
    const bytes = new TextEncoder().encode(character)
    return Array.from(bytes, byte => `\\${byte.toString(8).padStart(3, '0')}`).join('')
  })
  return `"${escaped}"`
}

/** The text with its byte order mark, which is part of the first line. */
function textOf(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
}
