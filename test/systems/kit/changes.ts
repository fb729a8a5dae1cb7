import type { Change } from '../../../src/migration/change.ts'
import { projectIn } from '../../../src/systems/discover.ts'
import { changesSince } from '../../../src/systems/history/changes.ts'
import { mapTree } from '../../../src/systems/reading/tree.ts'

type Files = Readonly<Record<string, string>>

/** `path kind edit severity` of the changes in a folder of migrations. */
export function changes(system: string, before: Files, after: Files, directory = ''): string[] {
  const [past, now] = [mapTree(before), mapTree(after)]
  const read = (tree: typeof now) => projectIn(tree, directory, { transaction: () => 'unknown' }, system)
  const [base, project] = [read(past), read(now)]
  const tip = new Set(base.migrations.map(({ path }) => path))
  const { present, gone } = changesSince(
    { project, tree: now },
    { project: base, tree: past, name: 'main', joined: project.migrations, tip },
    () => null,
  )
  const shown = (path: string, change: Change) =>
    [path, change.kind, 'edit' in change ? (change.edit ?? '') : '', change.outcome.severity].filter(Boolean).join(' ')
  return [
    ...[...present].flatMap(([path, all]) => all.map(change => shown(path, change))),
    ...gone.map(({ migration, change }) => shown(migration.path, change)),
  ]
}
