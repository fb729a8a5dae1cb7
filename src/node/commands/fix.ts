import { statSync } from 'node:fs'
import { dirname, relative } from 'node:path'
import { type FixedText, fixedTexts } from '../../lint/fix.ts'
import type { Report } from '../../lint/report.ts'
import { byteOrderMark, startsWithMark } from '../../parse/source.ts'
import { counted } from '../../report/words.ts'
import { realPath, slashes } from '../disk/path.ts'
import { foldersInRepository } from '../disk/repository-root.ts'
import type { LintFlags } from '../flags.ts'
import { type BaseOptions, findBase } from '../git/base.ts'
import { GitError } from '../git/error.ts'
import { Repository } from '../git/repository.ts'
import { lintRun, type Run } from './run.ts'

/** One fix can enable another. More passes than this would be a bug. */
const passes = 10

/** A file that was fixed. */
export interface FixedFile {
  /** A path in the input's tree. */
  readonly path: string
  readonly before: Uint8Array
  readonly after: Uint8Array
  readonly fixes: number
}

export interface FixedRun {
  /** The findings that are left when everything is fixed. */
  readonly run: Run
  /** The files are not written yet. */
  readonly files: readonly FixedFile[]
  /** The files that were not fixed, with the reason, one sentence each. */
  readonly left: readonly string[]
}

/**
 * Lints, applies the safe fixes, and lints again until nothing is left to fix. Leaves these files unchanged: applied
 * ones (those that the base has, unless `fixApplied`), read-only ones, non-UTF-8 ones, and any that would no longer
 * parse.
 */
export async function fixedRun(paths: readonly string[], flags: LintFlags): Promise<FixedRun> {
  let run = await lintRun(paths, flags)
  const first = run
  const { tree } = run.input
  const leave = flags.fixApplied ? () => null : leaving(first, flags)
  const files = new Map<string, FixedFile>()
  const left = new Map<string, string>()
  for (let pass = 0; pass < passes; pass++) {
    const wanted = fixedTexts(run.report).filter(({ path }) => !left.has(path))
    for (const fixed of wanted) {
      const why = leave(fixed.path) ?? (isReadOnly(tree.disk.absolute(fixed.path)) ? 'it is read-only' : null)
      const file = why === null ? bytesOf(fixed, tree.read(fixed.path), files.get(fixed.path)) : null
      if (file) files.set(fixed.path, file)
      else left.set(fixed.path, why ?? 'it is not UTF-8')
    }
    if (!wanted.some(({ path }) => !left.has(path))) break
    run = await lintRun(paths, flags, { overlay: contents(files) })
    const broken = [...files.keys()].filter(path => syntaxErrors(run.report, path) > syntaxErrors(first.report, path))
    if (broken.length === 0) continue
    for (const path of broken) {
      files.delete(path)
      left.set(path, 'it would no longer be valid PostgreSQL')
    }
    run = await lintRun(paths, flags, { overlay: contents(files) })
  }
  const told = [...left].map(([path, why]) => `${first.input.display(path)} was not fixed: ${why}.`)
  return { run, files: [...files.values()], left: told }
}

function contents(files: ReadonlyMap<string, FixedFile>): Map<string, Uint8Array> {
  return new Map([...files].map(([path, { after }]) => [path, after]))
}

function syntaxErrors({ findings, suppressed }: Report, path: string): number {
  return [...findings, ...suppressed].filter(each => each.rule === 'syntax-error' && each.path === path).length
}

/** Null if more bytes would change than the fix changes: the file is in another encoding. */
function bytesOf({ path, text, fixes }: FixedText, now: Uint8Array, known: FixedFile | undefined): FixedFile | null {
  const before = known?.before ?? now
  const mark = startsWithMark(before) ? byteOrderMark : []
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(before)
  } catch {
    return null
  }
  const after = new Uint8Array([...mark, ...new TextEncoder().encode(text)])
  return { path, before, after, fixes: fixes + (known?.fixes ?? 0) }
}

/** rename() ignores the target's permissions, so read-only files are checked for here. */
function isReadOnly(path: string): boolean {
  return ((statSync(path, { throwIfNoEntry: false })?.mode ?? 0o200) & 0o222) === 0
}

/** The reason why a file is left unchanged, as a clause; null: it may be fixed. */
type Leaving = (path: string) => string | null

/**
 * A file is applied if the base has it or, without a base, if it is committed. Each file is looked up where it really
 * is: behind links and in submodules.
 */
function leaving({ input }: Run, { since }: LintFlags): Leaving {
  const known = new Map<string, Leaving>()
  return path => {
    const file = realPath(input.tree.disk.absolute(path))
    const [root = ''] = foldersInRepository(dirname(file)).slice(-1)
    const why = known.get(root) ?? leavingIn(root, { since, baseRef: input.config.baseRef })
    known.set(root, why)
    return why(file)
  }
}

const applied = 'it is applied already; --fix-applied would fix it'

function leavingIn(directory: string, options: Pick<BaseOptions, 'since' | 'baseRef'>): Leaving {
  try {
    const repository = Repository.at(directory)
    const base = findBase(repository, { ...options, orHead: true, env: process.env })
    const commit = 'why' in base ? repository.commit('HEAD') : base.commit
    const files = commit === null ? new Map() : repository.files(commit)
    return file => (files.has(slashes(relative(repository.root, file))) ? applied : null)
  } catch (error) {
    if (!(error instanceof GitError)) throw error
    if (error.kind === 'no-repository') return () => null
    return () => `git cannot show whether it is applied (${error.message}); --fix-applied would fix it`
  }
}

/** `Fixed 3 problems in 2 files.` */
export function fixedNotice(files: readonly FixedFile[]): string {
  const fixes = files.reduce((sum, file) => sum + file.fixes, 0)
  return `Fixed ${counted(fixes, 'problem')} in ${counted(files.length, 'file')}.`
}
