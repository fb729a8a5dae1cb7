import { dirname, relative, resolve } from 'node:path'
import {
  type Accepted,
  acceptedCount,
  applyBaseline,
  type BaselineScope,
  prunedBaseline,
  sharedBaseline,
  updatedBaseline,
} from '../../lint/baseline/baseline.ts'
import { parseBaseline, printBaseline, type ReadBaseline } from '../../lint/baseline/baseline-file.ts'
import { isOfUnloaded } from '../../lint/plugin.ts'
import { findRule } from '../../lint/registry.ts'
import type { Report } from '../../lint/report.ts'
import { type Severity, severities } from '../../migration/severity.ts'
import { visible } from '../../report/visible.ts'
import { counted } from '../../report/words.ts'
import type { Bounds } from '../disk/bounds.ts'
import { slashes } from '../disk/path.ts'
import { writeWithin } from '../disk/writing.ts'
import { Failure, reason } from '../failure.ts'
import type { LintFlags } from '../flags.ts'
import type { FileSource } from '../input/file-source.ts'
import type { Input } from '../input/input.ts'

export interface Accepting {
  readonly report: Report
  /** True if the baseline has findings that no longer occur, and the flags do not allow that. */
  readonly isStale: boolean
  /** What was done to the baseline, for people. */
  readonly notices: readonly string[]
}

type BaselineFlags = Pick<LintFlags, 'baseline' | 'updateBaseline' | 'pruneBaseline' | 'passOnUnpruned' | 'down'>

/**
 * Removes the findings from the report that the configured baseline accepts, and writes the baseline if the flags say
 * so. The report's paths are those of the input's tree. Throws a Failure if the baseline is missing or cannot be read.
 */
export function acceptBaseline(
  report: Report,
  input: Input,
  flags: BaselineFlags,
  /** Findings that this one has removed from the baseline are no longer accepted. */
  later: FileSource | null = null,
): Accepting {
  const { config, root, omitted, source, tree } = input
  if (config.baseline === null) {
    const flag = flags.updateBaseline ? '--update-baseline' : flags.pruneBaseline ? '--prune-baseline' : null
    if (flag === null) return { report, isStale: false, notices: [] }
    throw new Failure(`${flag} needs to know the file: --baseline <file>, or "baseline" in the configuration.`)
  }
  const path = resolve(root, config.baseline)
  const name = slashes(relative(process.cwd(), path))
  if (typeof flags.baseline === 'string') for (const each of [source, later, tree.disk.bounds]) each?.admit(path)
  const scope = scopeOf(report, input, path, flags)
  const written = read(path, name, source, (flags.updateBaseline ?? false) || later !== null)
  const inBoth = later === null ? null : read(path, name, later, true)
  const before =
    later === null ? written?.baseline : sharedBaseline(written?.baseline ?? [], inBoth?.baseline ?? [], scope)
  const isOlder = written?.isOlder || inBoth?.isOlder
  const writes = flags.updateBaseline || flags.pruneBaseline
  const isWhole = omitted.length === 0 && report.internalErrors.length === 0
  if (writes && !isWhole) {
    throw new Failure(`${name} was not changed, because not everything could be read and checked.`)
  }
  if (flags.updateBaseline) {
    const counting: readonly Severity[] = config.failOn === 'note' ? severities : ['error', 'warning']
    const after = updatedBaseline(report, before ?? [], scope, new Set(counting))
    write(path, name, tree.disk.bounds, printBaseline(after))
    const files = new Set(after.map(entry => entry.path)).size
    const notice = `Wrote ${name}: ${counted(acceptedCount(after), 'finding')} in ${counted(files, 'file')}.`
    return { report: applyBaseline(report, after, scope).report, isStale: false, notices: [notice] }
  }
  const { report: rest, stale } = applyBaseline(report, before ?? [], scope)
  // Findings in files that could not be read may still occur.
  if (stale.length === 0 || !isWhole) return { report: rest, isStale: false, notices: [] }
  if (!flags.pruneBaseline) {
    const notices = [staleNotice(name, stale), ...(isOlder ? [olderNotice(name)] : [])]
    return { report: rest, isStale: !flags.passOnUnpruned, notices }
  }
  write(path, name, tree.disk.bounds, printBaseline(prunedBaseline(before ?? [], stale, scope)))
  const notice = `Removed ${counted(acceptedCount(stale), 'finding')} from ${name}.`
  return { report: rest, isStale: false, notices: [notice] }
}

function scopeOf(
  report: Report,
  { tree, isAsked, registry, config }: Input,
  path: string,
  { down }: BaselineFlags,
): BaselineScope {
  const folder = dirname(path)
  const ran = new Set(report.rules.map(({ id }) => id))
  const ruleOf = (id: string) => findRule(registry, id)?.id ?? id
  return {
    pathOf: finding => slashes(relative(folder, tree.disk.absolute(finding.path))),
    ruleOf,
    covers: ({ path, rule, statement }) =>
      isAsked(tree.disk.name(resolve(folder, path))) &&
      (ran.has(ruleOf(rule)) || !(findRule(registry, rule) || isOfUnloaded(rule, config, registry.rules))) &&
      (down === true || !statement.startsWith('down:')),
  }
}

/** Null if there is no baseline yet and it may be missing. */
function read(path: string, name: string, source: FileSource, mayBeMissing: boolean): ReadBaseline | null {
  let text: string | null
  try {
    text = source.read(path)
  } catch (error) {
    throw new Failure(`Cannot read the baseline ${name}: ${reason(error)}.`)
  }
  if (text === null && mayBeMissing) return null
  if (text === null) {
    const remedy = '"migrate-lint --update-baseline" writes it.'
    throw new Failure(`Cannot read the baseline ${name}: no such file or directory. ${remedy}`)
  }
  const parsed = parseBaseline(text)
  if ('baseline' in parsed) return parsed
  throw new Failure(
    `${name} is not a valid baseline. ${parsed.problem} To recreate it, delete it and run "migrate-lint --update-baseline".`,
  )
}

function write(path: string, name: string, bounds: Bounds, text: string): void {
  try {
    writeWithin(bounds, path, text)
  } catch (error) {
    throw new Failure(`Cannot write the baseline ${name}: ${reason(error)}.`)
  }
}

function olderNotice(name: string): string {
  return `${name} was written by an earlier version, which used other hashes for some statements. Run --update-baseline to write it again.`
}

function staleNotice(name: string, stale: readonly Accepted[]): string {
  const shown = stale.slice(0, 10).map(({ path, rule, count }) => `${visible(path)}: ${visible(rule)} (${count})`)
  const more = stale.length > shown.length ? [`and ${stale.length - shown.length} more`] : []
  const found = `${counted(acceptedCount(stale), 'finding')} recorded in ${name} no longer ${acceptedCount(stale) === 1 ? 'occurs' : 'occur'}`
  return [`${found}: run --prune-baseline.`, ...shown, ...more].join('\n')
}
