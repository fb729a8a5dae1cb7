import { systems } from '../../src/systems/index.ts'
import { withParsers } from '../../src/systems/reading/on-demand.ts'
import { settingsAt } from '../../src/systems/reading/program-settings.ts'
import { mapTree } from '../../src/systems/reading/tree.ts'
import { xml } from '../../src/systems/reading/xml.ts'
import { yaml } from '../../src/systems/reading/yaml.ts'

/** Loads what reads XML, YAML and settings, for tests that ask a system directly. */
export async function loadOnDemand(): Promise<void> {
  await withParsers(() => {
    xml('<a/>')
    yaml('a')
    for (const name of ['a.ts', 'a.php', 'a.py', 'a.rb', 'a.exs']) settingsAt(mapTree({ [name]: 'a' }), name)?.uses('a')
    for (const system of systems) system.migrations(mapTree({}), '', { transaction: () => 'unknown' })
  })
}
