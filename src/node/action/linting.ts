import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { notLoaded } from '../../lint/plugin.ts'
import type { Report } from '../../lint/report.ts'
import type { Unread } from '../../lint/unread.ts'
import type { Alert } from '../../report/markdown.ts'
import { rangeOf } from '../../report/position.ts'
import { counted } from '../../report/words.ts'
import { lintRun, type Run } from '../commands/run.ts'
import { Bounds, OutsideError } from '../disk/bounds.ts'
import { Failure } from '../failure.ts'
import type { LintFlags } from '../flags.ts'
import type { Base, NoBase } from '../git/base.ts'
import { GitError } from '../git/error.ts'
import { Git } from '../git/git.ts'
import { Repository } from '../git/repository.ts'
import { noLongerRead, wouldBeRead } from '../history/no-longer-read.ts'
import { resolveConfig } from '../input/resolve-config.ts'
import { relabel } from '../output/relabel.ts'
import { registry } from '../registry.ts'
import { unreadTrouble } from '../unread.ts'
import { type AddedLines, addedSince } from './added-lines.ts'
import type { Api } from './api.ts'
import { type Checkout, type CheckoutOptions, checkoutOf, remedy } from './checkout.ts'
import { changedConfiguration, governing, theirOwn } from './configuration.ts'
import type { Event } from './event.ts'
import type { Inputs } from './inputs.ts'
import { type Left, leftUnread } from './left-unread.ts'

export interface Linted extends Pick<Run, 'input' | 'isStale'> {
  /** Its paths are those of the repository. Its notices are everything that people should know. */
  readonly report: Report
  readonly isAdded: AddedLines
  /**
   * Alerts that are shown above everything else: changes that affect the run itself. They are among the notices as
   * well.
   */
  readonly first: readonly Alert[]
  /** A sentence that says why the verdict does not cover everything; null: it does. */
  readonly lost: string | null
  /** True if notes are shown as well. */
  readonly notes: boolean
  /** True if the change alters the configuration or the baseline. */
  readonly configChanged: boolean
  /** What was linted and what it was compared with, for people who look for a mistake. */
  readonly compared: string
  /** The commit in which people can read the lines. */
  readonly commit: string | null
}

/**
 * Lints the change of an event, in the working directory. Throws a Failure if it cannot be determined what the event
 * changes, or if there is nothing to lint.
 */
export async function lintEvent(event: Event, inputs: Inputs, api: Api | null): Promise<Linted> {
  const env = { ...process.env, GITHUB_TOKEN: inputs['github-token'] }
  const runsCode = event.isTrusted || inputs['allow-code']
  const flags = { ...flagsOf(inputs), plugins: pluginsFor(event, inputs) }
  const found = open(process.cwd())
  const repository = 'why' in found ? null : found
  const checkout = async (options: Pick<CheckoutOptions, 'base' | 'baseRef'>): Promise<Checkout> =>
    'why' in found ? { commit: undefined, base: found } : await checkoutOf(event, found, api, { ...options, env })
  // The configuration must not decide which configuration counts.
  const usual = event.isTrusted ? null : await checkout({ base: undefined, baseRef: null })
  const { source, laterBaseline, owner } = usual ? governing(event, inputs, repository, usual) : theirOwn()
  const resolved = await resolveConfig(flags, process.cwd(), registry, { runsCode, source })
  const { baseRef } = resolved.config
  const isUsual = usual !== null && inputs.base === undefined && baseRef === null
  const now = isUsual ? usual : await checkout({ base: inputs.base, baseRef })
  const { commit, base } = now
  const { changed, notices } = selection(event, inputs, base)
  const label = inputs['allow-edit-label']
  // A stranger's files must not decide which tool runs them, either.
  const isLet = inputs['allow-head-config'] || inputs['allow-code']
  const settledBy = usual === null || isLet || 'why' in usual.base ? undefined : usual.base.commit
  const run = await lintRun(
    inputs.paths,
    { ...flags, changed },
    {
      commit,
      settledBy,
      base: 'why' in base ? undefined : base,
      env,
      runsCode,
      source,
      laterBaseline,
      ...(label !== undefined &&
        event.pullRequest?.labels.includes(label) && { allowance: `allowed by the label "${label}"` }),
    },
  )
  const { input, isStale } = run
  const linted = relabel(run.report, input.hosted)
  const altered =
    repository && event.pullRequest ? changedConfiguration(inputs, resolved, repository, usual ?? now) : []
  const isCompared = event.pullRequest !== null && !('why' in base)
  const { lost, otherwise } = isCompared ? await noLongerRead(input, base.commit) : { lost: [], otherwise: [] }
  const settled = settledBy === undefined ? null : await wouldBeRead(input, settledBy)
  const instead = [...(settled?.lost ?? []), ...(settled?.otherwise ?? [])].map(said => `${said} ${asBefore}`)
  const allowed = { tools: isLet, unread: inputs['allow-unread'] }
  const unread = usual === null ? null : await leftUnread(run, repository, event, usual, allowed)
  const unloaded = event.isTrusted ? [] : notLoaded(input.config, input.registry)
  const first = [
    ...ofConfiguration(altered, owner, event),
    ...[...lost, ...otherwise, ...instead].map(
      (message): Alert => ({ level: event.isTrusted ? 'notice' : 'warning', message }),
    ),
    ...(unread?.alerts ?? []),
    ...unloaded.map(withReason),
    ...(event.isTrusted ? [] : silenced(linted)),
  ]
  const all = [
    ...first.map(({ message }) => message),
    ...linted.notices.filter(line => !unloaded.includes(line)),
    ...run.notices,
    ...notices,
    ...nothing(run, base),
  ]
  const report = { ...withUnread(linted, unread), notices: [...new Set(all)] }
  return {
    report,
    input,
    isStale,
    first,
    lost:
      (!event.isTrusted && !inputs['allow-head-config'] && lost[0]) ||
      (unread?.trouble ?? unreadTrouble(linted, input.config, howToAllow)),
    configChanged: altered.length > 0,
    notes: inputs.notes || input.config.failOn === 'note',
    compared: `${commit ?? 'the work tree'} against ${'why' in base ? `nothing: ${base.why}` : `${base.name} (${base.commit})`}`,
    isAdded: repository === null || 'why' in base ? () => false : addedSince(repository, base.commit, commit),
    commit: event.pullRequest?.head ?? (repository === null ? null : (commit ?? repository.commit('HEAD'))),
  }
}

const howToAllow = 'If that is intended, set the input "allow-unread: true", or "unread": "allow" in the configuration.'

const asBefore =
  'A stranger may have done that, so it is read as before. The input "allow-head-config: true" lets the change decide.'

/** The report together with what the change adds; each fact that both contain appears once. */
function withUnread(report: Report, left: Left | null): Report {
  const key = ({ path, why }: Unread) => JSON.stringify([path, why])
  const known = new Set(report.unread.map(key))
  const closed = new Set(report.unread.flatMap(({ extent, path }) => (extent === 'place' ? path : [])))
  const more = (left?.unread ?? []).filter(each => !known.has(key(each)) && !closed.has(each.path))
  return { ...report, unread: [...report.unread, ...more] }
}

/**
 * Whether plugins are loaded. After an event that a stranger may have caused they never are, whatever else is allowed: the files in the
 * working directory may be the stranger's, and so may what was installed for them.
 */
function pluginsFor({ isTrusted }: Event, { plugins }: Inputs): boolean | undefined {
  return isTrusted ? plugins : false
}

function withReason(message: string): Alert {
  return { level: 'warning', message: `${message} A stranger may have made this change, and plugins are code.` }
}

/** The flags that the command line would have. Where there is no flag, the configuration decides. */
function flagsOf({
  config,
  'pg-version': pgVersion,
  'fail-on': failOn,
  'allow-unread': unread,
}: Inputs): Partial<LintFlags> {
  return {
    ...(config !== undefined && { config }),
    ...(pgVersion !== undefined && { pgVersion }),
    ...(failOn !== undefined && { failOn }),
    ...(unread && { unread: 'allow' }),
  }
}

/** The alerts about a change of the configuration. `owner`: whose configuration counts instead. */
function ofConfiguration(
  files: readonly string[],
  owner: string | null,
  { title, pullRequest, isTrusted }: Event,
): Alert[] {
  const who = pullRequest === null ? 'This change' : `${title[0]?.toUpperCase()}${title.slice(1)}`
  const what = `${who} changes the configuration: ${files.join(', ')}.`
  const allow = 'The input "allow-head-config: true" lets the change decide.'
  if (owner !== null && files.length > 0) {
    return [
      {
        level: 'warning',
        message: `${what} A stranger may have done that, so the configuration of ${owner} is used. ${allow}`,
      },
    ]
  }
  if (owner !== null && /^nobody/.test(owner)) {
    return [{ level: 'warning', message: `The configuration is that of ${owner}: only defaults are used. ${allow}` }]
  }
  return files.length === 0 ? [] : [{ level: isTrusted ? 'notice' : 'warning', message: what }]
}

/** Findings that a stranger's own comments remove from the report, which is reported openly. */
function silenced({ suppressed, sources }: Report): Alert[] {
  const own = suppressed.filter(({ inBaseline }) => !inBaseline)
  if (own.length === 0) return []
  const shown = own
    .slice(0, 5)
    .map(finding => `${finding.rule} in ${finding.path}:${rangeOf(sources, finding).start.line}`)
  const more = own.length > shown.length ? ` and ${own.length - shown.length} more` : ''
  const are = own.length === 1 ? 'finding is' : 'findings are'
  const message = `${own.length} ${are} silenced by comments in the files or by what is allowed: ${shown.join(', ')}${more}.`
  return [{ level: 'notice', message }]
}

/** Which migrations are reported on, and what people should know about that. */
function selection(
  { isChange, pullRequest, title }: Event,
  { 'changed-only': wanted, base: input }: Inputs,
  base: Base | NoBase,
): { readonly changed: boolean; readonly notices: readonly string[] } {
  if (wanted === 'false') return { changed: false, notices: [] }
  if (!('why' in base)) return { changed: wanted === 'true' || isChange || input !== undefined, notices: [] }
  // A new branch has no earlier state, so all of it is new. A pull request always has one.
  if (wanted === 'true' || pullRequest !== null || input !== undefined) {
    const checkout = base.kind === 'no-repository' ? 'Run actions/checkout before this step.' : remedy
    throw new Failure(`It cannot be determined what ${title} changes: ${base.why}. ${checkout}`)
  }
  return { changed: false, notices: [`All migrations were linted, because it is unknown what changed: ${base.why}.`] }
}

function nothing({ report, input }: Run, base: Base | NoBase): string[] {
  if (report.summary.migrations > 0 || report.findings.length > 0) return []
  const read = counted(input.projects.flatMap(({ migrations }) => migrations).length, 'migration')
  const since = 'why' in base ? '' : ` since ${base.name}`
  return [`Nothing was linted: no migration was added or changed${since} (${read} read).`]
}

/**
 * In a container, the workspace often belongs to another user. The workflow that this step belongs to has made it, so
 * it is trusted.
 */
function open(directory: string): Repository | NoBase {
  Git.trust(workspace())
  try {
    return Repository.at(directory)
  } catch (error) {
    if (!(error instanceof GitError)) throw error
    return { why: error.message, expected: false, kind: error.kind }
  }
}

/** Changes to the directory that the workflow names. Throws a Failure if it is not a directory. */
export function enter({ 'working-directory': directory }: Inputs): void {
  const path = resolve(workspace(), directory)
  if (leadsOut(path)) throw new Failure(`Input "working-directory": "${directory}" leads out of the workspace.`)
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory())
    throw new Failure(`Input "working-directory": there is no directory "${directory}".`)
  process.chdir(path)
}

/** True if a link of the repository leads the workflow's directory to somewhere else. */
function leadsOut(path: string): boolean {
  const bounds = new Bounds(workspace())
  bounds.admit(path)
  try {
    bounds.real(path)
    return false
  } catch (error) {
    return error instanceof OutsideError
  }
}

/** The absolute path of the folder in which the workflow has its files. */
export function workspace(): string {
  return resolve(process.env.GITHUB_WORKSPACE || '.')
}
