import {
  completeConfig,
  lint,
  lintTree,
  mapTree,
  type PartialConfig,
  projectsOf,
  registry,
  steps,
} from '../../src/index.ts'
import { transactionOf } from '../../src/lint/config/severity.ts'
import { fixedTexts } from '../../src/lint/fix.ts'
import { judge } from '../../src/lint/lint.ts'
import { mergeReports } from '../../src/lint/merge.ts'
import type { Report } from '../../src/lint/report.ts'
import { locksReporters } from '../../src/report/index.ts'
import { type Project, projectIn } from '../../src/systems/discover.ts'
import { withChanges } from '../../src/systems/history/changed-inputs.ts'
import { changesSince } from '../../src/systems/history/changes.ts'
import { inputsOf } from '../../src/systems/inputs.ts'
import type { Files, Input } from './input.ts'
import { outsideOfFiles } from './positions.ts'
import type { Failure } from './try.ts'

/** The report about an input, by the way in which it is read. What is wrong on that way is put among the failures. */
export async function linted(input: Input, config: PartialConfig, failures: Failure[]): Promise<Report> {
  const { as, files, before } = input
  if (before) return changedSince(before, files, config)
  if (as === 'project') return lintTree(mapTree(Object.fromEntries(files)), config)
  const migrations = [...files].map(([path, content]) => ({ path, content }))
  // What `lint` does, with a look at what is between its halves.
  const history = await steps({ migrations, config })
  failures.push(...outsideOfFiles(history.files))
  const report = judge(history, { registry, config: completeConfig(config) })
  const locked = history.files.map(({ script, steps: own }) => ({ source: script.source, steps: own }))
  const style = { color: false, links: false, ascii: false, notes: true, width: 80 }
  locksReporters.text(locked, style)
  JSON.parse(locksReporters.json(locked, style))
  fixedTexts(report)
  return report
}

/** What has become of applied migrations: the same project, before and now, as the command line compares two commits. */
async function changedSince(before: Files, now: Files, partial: PartialConfig): Promise<Report> {
  const [past, tree] = [before, now].map(files => mapTree(Object.fromEntries(files))) as [Tree, Tree]
  const config = completeConfig(partial)
  const options = { ...config, transaction: transactionOf(config) }
  const judged = async (project: Project): Promise<Report> => {
    const base = projectIn(past, project.directory, options, project.system.id)
    const tip = new Set(base.migrations.map(({ path }) => path))
    const applied = { project: base, tree: past, name: 'main', joined: project.migrations, tip }
    const changes = changesSince({ project, tree }, applied, () => null)
    const migrations = withChanges(inputsOf(project, tree), changes)
    return lint({ migrations, config, registry, system: project.system.title })
  }
  const reports: Report[] = []
  for (const project of projectsOf(tree, options).projects) reports.push(await judged(project))
  return mergeReports(reports)
}

type Tree = ReturnType<typeof mapTree>
