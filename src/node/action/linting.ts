import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Report } from '../../lint/report.ts'
import { counted } from '../../report/words.ts'
import type { Base, NoBase } from '../base.ts'
import { Bounds, OutsideError } from '../bounds.ts'
import { Failure } from '../failure.ts'
import type { LintFlags } from '../flags.ts'
import { Git } from '../git.ts'
import { GitError } from '../git-error.ts'
import { lintRun, type Run } from '../lint-run.ts'
import { registry } from '../registry.ts'
import { relabel } from '../relabel.ts'
import { Repository } from '../repository.ts'
import { resolveConfig } from '../resolve-config.ts'
import { type AddedLines, addedSince } from './added-lines.ts'
import type { Api } from './api.ts'
import { type Checkout, checkoutOf, remedy } from './checkout.ts'
import type { Event } from './event.ts'
import type { Inputs } from './inputs.ts'

export interface Linted extends Pick<Run, 'input' | 'isStale'> {
  /** Its paths are those of the repository; its notices are all that people should know. */
  readonly report: Report
  readonly isAdded: AddedLines
  /** Notes are shown, too. */
  readonly notes: boolean
  /** What was linted against what, for those who look for a mistake. */
  readonly compared: string
  /** The commit in which the lines can be read. */
  readonly commit: string | null
}

/**
 * Lints what an event is about, in the working directory. Throws a Failure where it cannot be told what the event changes, or
 * there is nothing to lint.
 */
export async function lintEvent(event: Event, inputs: Inputs, api: Api | null): Promise<Linted> {
  const env = { ...process.env, GITHUB_TOKEN: inputs['github-token'] }
  const runsCode = event.isTrusted || inputs['allow-code']
  const flags = flagsOf(inputs)
  const repository = open(process.cwd())
  const { config } = await resolveConfig(flags, process.cwd(), registry, runsCode)
  const options = { base: inputs.base, baseRef: config.baseRef, env }
  const { commit, base }: Checkout =
    'why' in repository ? { commit: undefined, base: repository } : await checkoutOf(event, repository, api, options)
  const { changed, notices } = selection(event, inputs, base)
  const label = inputs['allow-edit-label']
  const run = await lintRun(
    inputs.paths,
    { ...flags, changed },
    {
      commit,
      base: 'why' in base ? undefined : base,
      env,
      runsCode,
      ...(label !== undefined &&
        event.pullRequest?.labels.includes(label) && { allowance: `allowed by the label "${label}"` }),
    },
  )
  const { input, isStale } = run
  const report = relabel(run.report, input.hosted)
  const all = [...report.notices, ...run.notices, ...notices, ...nothing(run, base)]
  return {
    report: { ...report, notices: [...new Set(all)] },
    input,
    isStale,
    notes: inputs.notes || input.config.failOn === 'note',
    compared: `${commit ?? 'the work tree'} against ${'why' in base ? `nothing: ${base.why}` : `${base.name} (${base.commit})`}`,
    isAdded: 'why' in repository || 'why' in base ? () => false : addedSince(repository, base.commit, commit),
    commit: event.pullRequest?.head ?? ('why' in repository ? null : (commit ?? repository.commit('HEAD'))),
  }
}

/** The flags that the command line would have; without one, the configuration decides. */
function flagsOf({ config, 'pg-version': pgVersion, 'fail-on': failOn }: Inputs): Partial<LintFlags> {
  return {
    ...(config !== undefined && { config }),
    ...(pgVersion !== undefined && { pgVersion }),
    ...(failOn !== undefined && { failOn }),
  }
}

/** Which migrations are reported on, and what people should know of that. */
function selection(
  { isChange, pullRequest, title }: Event,
  { 'changed-only': wanted, base: input }: Inputs,
  base: Base | NoBase,
): { readonly changed: boolean; readonly notices: readonly string[] } {
  if (wanted === 'false') return { changed: false, notices: [] }
  if (!('why' in base)) return { changed: wanted === 'true' || isChange || input !== undefined, notices: [] }
  // A branch that is new has nothing before it, and then all of it is new. A pull request has.
  if (wanted === 'true' || pullRequest !== null || input !== undefined) {
    const checkout = /not a git repository/.test(base.why) ? 'Run actions/checkout before this step.' : remedy
    throw new Failure(`What ${title} changes cannot be told: ${base.why}. ${checkout}`)
  }
  return { changed: false, notices: [`All migrations were linted, as it is not known what changed: ${base.why}.`] }
}

function nothing({ report, input }: Run, base: Base | NoBase): string[] {
  if (report.summary.migrations > 0 || report.findings.length > 0) return []
  const read = counted(input.projects.flatMap(({ migrations }) => migrations).length, 'migration')
  const since = 'why' in base ? '' : ` since ${base.name}`
  return [`Nothing was linted: no migration was added or changed${since} (${read} read).`]
}

/** In a container the workspace often belongs to somebody else. It was made by the workflow that this step is of, so it is trusted. */
function open(directory: string): Repository | NoBase {
  Git.trust(workspace())
  try {
    return Repository.at(directory)
  } catch (error) {
    if (!(error instanceof GitError)) throw error
    return { why: error.message, expected: false }
  }
}

/** Goes where the workflow says. Throws a Failure when that is no directory. */
export function enter({ 'working-directory': directory }: Inputs): void {
  const path = resolve(workspace(), directory)
  if (leadsOut(path)) throw new Failure(`Input "working-directory": "${directory}" leads out of the workspace.`)
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory())
    throw new Failure(`Input "working-directory": there is no directory "${directory}".`)
  process.chdir(path)
}

/** True where a link of the repository leads the way that the workflow says to somewhere else. */
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

/** Where the workflow has its files, absolute. */
export function workspace(): string {
  return resolve(process.env.GITHUB_WORKSPACE || '.')
}
