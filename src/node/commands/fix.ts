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

/** A fix may make room for the next one; that there is no end to it would be a mistake of ours. */
const passes = 10

/** A file that is fixed. */
export interface FixedFile {
  /** Path of the input's tree. */
  readonly path: string
  readonly before: Uint8Array
  readonly after: Uint8Array
  readonly fixes: number
}

export interface FixedRun {
  /** What is found when all is fixed. */
  readonly run: Run
  /** Nothing is written yet. */
  readonly files: readonly FixedFile[]
  /** What stays as it is, and why, a sentence each. */
  readonly left: readonly string[]
}

/**
 * Lints, fixes what can be fixed safely, and lints again until nothing is left to fix. Files stay as they are that are applied
 * already (the base has them), unless `fixApplied`; that are read-only; that are not UTF-8; and that would not be PostgreSQL any more.
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
      left.set(path, 'it would not be PostgreSQL any more')
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

/** Null where the bytes would change beyond what is fixed: the file is in another encoding. */
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

/** What replaces a file does not ask whether it may be written; whoever took that right away meant something by it. */
function isReadOnly(path: string): boolean {
  return ((statSync(path, { throwIfNoEntry: false })?.mode ?? 0o200) & 0o222) === 0
}

/** Why a file is left as it is, a clause; null: it may be mended. */
type Leaving = (path: string) => string | null

/**
 * A file is applied when the base has it; where there is none, when it is committed. Each is looked for where it really is: behind
 * links, in submodules.
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

const applied = 'it is applied already, and --fix-applied fixes it all the same'

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
    return () => `git does not say whether it is applied (${error.message}), and --fix-applied fixes it all the same`
  }
}

/** `Fixed 3 problems in 2 files.` */
export function fixedNotice(files: readonly FixedFile[]): string {
  const fixes = files.reduce((sum, file) => sum + file.fixes, 0)
  return `Fixed ${counted(fixes, 'problem')} in ${counted(files.length, 'file')}.`
}
