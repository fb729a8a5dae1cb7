import type { NamesSetting } from '../../code/names.ts'
import { setupsOf } from '../reading/setups.ts'
import type { Tree } from '../reading/tree.ts'

/** What a data source says that changes the SQL of migrations. */
export interface Settings {
  /** What becomes of the names that TypeORM makes up. */
  readonly names?: NamesSetting
  /** What makes a uuid. */
  readonly uuid?: string
}

/** `namingStrategy` and `uuidExtension` of the data source, which may stand in any program near the migrations. */
export function settingsOf(tree: Tree, directory: string): Settings {
  const setups = setupsOf(tree, directory, 'typeorm')
  const strategy = setups.find(({ text }) => /\bnamingStrategy\b/.test(text))
  const isPgcrypto = setups.some(({ text }) => /\buuidExtension\s*:\s*['"`]pgcrypto['"`]/.test(text))
  return {
    ...(strategy && { names: { why: `the naming strategy in ${strategy.path} may make other names` } }),
    ...(isPgcrypto && { uuid: 'gen_random_uuid()' }),
  }
}
