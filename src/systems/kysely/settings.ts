import type { NamesSetting } from '../../code/names.ts'
import { snakeCase } from '../../code/spelling/snake-case.ts'
import { setupsOf } from '../reading/setups.ts'
import type { Tree } from '../reading/tree.ts'

/** How plugins of the project change names: `CamelCasePlugin`, in any program near the migrations. Undefined: there is no such plugin. */
export function namesSettingOf(tree: Tree, directory: string): NamesSetting | undefined {
  const found = setupsOf(tree, directory, 'kysely').find(({ text }) => /\bnew\s+CamelCasePlugin\b/.test(text))
  if (!found) return undefined
  const calls = [...found.text.matchAll(/\bnew\s+CamelCasePlugin\b\s*(\(\s*\))?/g)]
  // Several plugins may belong to several databases.
  return calls.length === 1 && calls[0]?.[1] !== undefined
    ? { changed: snakeCase }
    : { why: `\`CamelCasePlugin\` in ${found.path} changes names` }
}
