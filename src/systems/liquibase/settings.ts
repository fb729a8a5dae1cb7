import { hasFile, join, textOf } from '../reading/files.ts'
import { properties } from '../reading/properties.ts'
import type { Tree } from '../reading/tree.ts'

export const settingsFile = 'liquibase.properties'

/** The settings of a directory, if there are any; a name may follow the command that it is for. */
export function setting(tree: Tree, dir: string, name: string): string | undefined {
  const path = join(dir, settingsFile)
  const values = properties((hasFile(tree, path) ? textOf(tree, path) : null) ?? '')
  return values.get(name) ?? values.get(`liquibase.command.${name}`)
}
