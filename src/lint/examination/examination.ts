import type { Written } from '../../code/written.ts'
import type { TrackingTable } from '../../migration/tracking-table.ts'
import type { Config } from '../config/config.ts'
import type { Setting } from '../config/severity.ts'
import type { History } from '../history/history.ts'
import type { InternalError } from '../report.ts'
import type { CodeInFolder, Rule } from '../rule.ts'
import type { Watch } from '../watch.ts'

/** A rule that is on for a file, with how it is set there. */
export interface ActiveRule {
  readonly rule: Rule
  readonly setting: Setting
}

/** The facts that rules get about a run, whatever the file. */
export interface Examination {
  readonly history: History
  readonly config: Config
  /** See `FileContext`. */
  readonly version: number
  readonly since: (version: number) => boolean
  readonly trackingTables: readonly TrackingTable[]
  /** Rules that threw are recorded here: such a rule loses its findings about one step, the others go on. */
  readonly internalErrors: InternalError[]
  /** The migrations in code among those reported on that were not read, per folder, by the path of the folder's first one. */
  readonly codeInFolder: ReadonlyMap<string, CodeInFolder>
  /** Migrations in code that were read, by path. */
  readonly written: ReadonlyMap<string, Written>
  /** Called before a rule looks at a step. If it throws, the examination ends. */
  readonly check: () => void
  /** Called with the id of a rule before it is asked, and with null afterwards. */
  readonly asked: NonNullable<Watch['rule']>
}
