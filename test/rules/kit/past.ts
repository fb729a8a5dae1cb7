import type { MigrationInput } from '../../../src/migration/migration.ts'
import type { Block } from '../../../src/pages/page.ts'
import { projectIn } from '../../../src/systems/discover.ts'
import { withChanges } from '../../../src/systems/history/changed-inputs.ts'
import { changesSince } from '../../../src/systems/history/changes.ts'
import { inputsOf } from '../../../src/systems/inputs.ts'
import { mapTree } from '../../../src/systems/reading/tree.ts'

/** Blocks with names: those of kind `base` are applied, and still exist unless another block has their name or they are marked as gone. */
export function inputsSince(blocks: readonly Block[]): MigrationInput[] {
  const id = blocks.find(({ info }) => info.system !== undefined)?.info.system ?? 'plain'
  const before: Record<string, string> = {}
  const after: Record<string, string> = {}
  for (const { kind, info, sql } of blocks) {
    if (info.name === undefined) throw new Error('beside a block "base" every block needs a name')
    if (kind === 'base' || info.gone) before[info.name] = sql
    if (info.gone) delete after[info.name]
    else after[info.name] = sql
  }
  const [past, now] = [mapTree(before), mapTree(after)]
  const options = { transaction: () => 'unknown' as const }
  const [base, project] = [projectIn(past, '', options, id), projectIn(now, '', options, id)]
  const changes = changesSince(
    { project, tree: now },
    {
      project: base,
      tree: past,
      name: 'main',
      joined: project.migrations,
      tip: new Set(base.migrations.map(({ path }) => path)),
    },
    () => null,
  )
  return withChanges(inputsOf(project, now), changes)
}
