import { plain } from './plain.ts'
import type { System } from './system.ts'
import type { Tree } from './tree.ts'

/** All systems, those that are easiest to tell by their files first; any SQL can be plain. */
export const systems: readonly System[] = [plain]

/** Values of `system` in the configuration. */
export const systemIds: readonly string[] = ['auto', ...systems.map(system => system.id)]

/** The system of that id, or for `auto` the first that recognises the directory. Undefined when none does. */
export function systemOf(id: string, tree: Tree, dir: string): System | undefined {
  return id === 'auto'
    ? systems.find(system => system.detect(tree, dir) !== null)
    : systems.find(system => system.id === id)
}
