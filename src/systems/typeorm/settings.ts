import type { NamesSetting } from '../../code/names.ts'
import { setupsOf } from '../reading/setups.ts'
import type { Tree } from '../reading/tree.ts'

/** The settings of a data source that change the SQL of migrations. */
export interface Settings {
  /** How names that TypeORM makes up change. */
  readonly names?: NamesSetting
  /** The function that makes a UUID. */
  readonly uuid?: string
}

/** `namingStrategy` and `uuidExtension` of the data source, which may be in any program near the migrations. */
export function settingsOf(tree: Tree, directory: string): Settings {
  const setups = setupsOf(tree, directory, 'typeorm')
  const strategy = setups.find(({ settings }) => settings.all('namingStrategy').length > 0)
  const isPgcrypto = setups.some(({ settings }) => settings.says('pgcrypto', 'uuidExtension'))
  return {
    ...(strategy && { names: { why: `the naming strategy in ${strategy.path} may make other names` } }),
    ...(isPgcrypto && { uuid: 'gen_random_uuid()' }),
  }
}
