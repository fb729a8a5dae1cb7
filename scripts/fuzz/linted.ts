import { type Config, lint, lintTree, mapTree, projectsOf, registry, steps } from '../../src/index.ts'
import { transactionModes } from '../../src/lint/config/transaction.ts'
import { fixedTexts } from '../../src/lint/fix.ts'
import type { MigrationFile } from '../../src/lint/history/history.ts'
import { judge } from '../../src/lint/lint.ts'
import { mergeReports } from '../../src/lint/merge.ts'
import type { Report } from '../../src/lint/report.ts'
import { type Project, projectIn } from '../../src/systems/discover.ts'
import { withChanges } from '../../src/systems/history/changed-inputs.ts'
import { changesSince } from '../../src/systems/history/changes.ts'
import { inputsOf } from '../../src/systems/inputs.ts'
import { withParsers } from '../../src/systems/reading/on-demand.ts'
import { baselined } from './baselined.ts'
import type { Files, Input } from './input.ts'
import { layered } from './layered.ts'
import { outsideOfFiles } from './positions.ts'
import { recorded } from './recorded.ts'
import { endlessSizes, served, sized } from './served.ts'
import type { Failure } from './try.ts'
import { understood } from './understood.ts'

/** The outcome of an input. */
export interface Linted {
  /** Null if the input is not about migrations. */
  readonly report: Report | null
  /** The migrations with their steps, if there are any, to print the locks of each statement. */
  readonly files: readonly MigrationFile[]
  /** Other results. */
  readonly told: unknown
}

/** Reads an input according to its kind. Adds mistakes to the failures. */
export async function linted(input: Input, config: Config, failures: Failure[]): Promise<Linted> {
  const { as, files, before } = input
  const about = (report: Report): Linted => ({ report, files: [], told: null })
  if (as === 'event') return { report: null, files: [], told: await understood(input, failures) }
  if (as === 'rows') return { report: null, files: [], told: await recorded(input, failures) }
  if (as === 'baseline') return about(await baselined(input, config, failures))
  if (before) return about(await changedSince(before, files, config))
  if (as === 'project') return about(await lintTree(mapTree(Object.fromEntries(files)), config))
  const migrations = [...files].map(([path, content]) => ({ path, content }))
  if (as === 'server') {
    const server = await served(input, failures)
    return about(await lint({ migrations: any, config: { ...config, server, pgVersion: server.versions.join() } }))
  }
  if (as === 'layers') {
    const made = await layered(input, failures)
    return typeof made === 'string'
      ? { report: null, files: [], told: made }
      : about(await lint({ migrations: any, config: made }))
  }
  if (as === 'sizes') {
    const report = await lint({ migrations, config: sized(config, input, failures) })
    failures.push(...endlessSizes(report))
    return about(report)
  }
  // Does what `lint` does, with checks between its two halves.
  const history = await steps({ migrations, config })
  failures.push(...outsideOfFiles(history.files))
  const report = judge(history, { registry, config })
  fixedTexts(report)
  return { report, files: history.files, told: null }
}

/** A migration with a finding, for what is not about migrations. */
const any = [{ path: '1.sql', content: 'CREATE INDEX i ON orders (a);\n' }]

/** Changes to applied migrations: compares an earlier and a present version of a project, as the command line compares two commits. */
async function changedSince(before: Files, now: Files, config: Config): Promise<Report> {
  const [past, tree] = [before, now].map(files => mapTree(Object.fromEntries(files))) as [Tree, Tree]
  const options = { ...config, transaction: transactionModes(config) }
  const judged = async (project: Project): Promise<Report> => {
    const base = projectIn(past, project.directory, options, project.system.id)
    const tip = new Set(base.migrations.map(({ path }) => path))
    const applied = { project: base, tree: past, name: 'main', joined: project.migrations, tip }
    const changes = await withParsers(() => changesSince({ project, tree }, applied, () => null))
    const migrations = withChanges(inputsOf(project, tree), changes)
    return lint({ migrations, config, registry, system: project.system.title })
  }
  const reports: Report[] = []
  for (const project of (await projectsOf(tree, options)).projects) reports.push(await judged(project))
  return mergeReports(reports)
}

type Tree = ReturnType<typeof mapTree>
