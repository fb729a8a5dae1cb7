import type { NamesSetting } from '../../code/names.ts'
import { snakeCase } from '../../code/spelling/snake-case.ts'
import { setupsOf } from '../reading/setups.ts'
import type { Tree } from '../reading/tree.ts'

/** How plugins of the project change names: `CamelCasePlugin`, in any program near the migrations. Undefined: there is no such plugin. */
export function namesSettingOf(tree: Tree, directory: string): NamesSetting | undefined {
  const found = setupsOf(tree, directory, 'kysely').find(({ settings }) => settings.uses('CamelCasePlugin'))
  const calls = found?.settings.calls('CamelCasePlugin') ?? []
  if (!found || calls.length === 0) return undefined
  // Several plugins may belong to several databases.
  return calls.length === 1 && calls[0]?.args.length === 0
    ? { changed: snakeCase }
    : { why: `\`CamelCasePlugin\` in ${found.path} changes names` }
}
