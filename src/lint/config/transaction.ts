import type { TransactionMode } from '../../migration/transaction-mode.ts'
import type { Config } from './config.ts'
import { matcher } from './glob.ts'

/** How plain SQL reaches the server, file by file. */
export function transactionModes(config: Config): (path: string) => TransactionMode {
  const overrides = config.overrides.map(override => ({ ...override, matches: matcher(override.files) }))
  return path =>
    overrides.findLast(o => o.transaction !== undefined && o.matches(path))?.transaction ?? config.transaction
}
