import { severities } from '../../migration/severity.ts'
import type { SystemChoice, SystemId } from '../../migration/system-id.ts'
import type { TransactionMode } from '../../migration/transaction-mode.ts'
import { assumedVersion, type Server } from '../server.ts'
import type { Statistics } from '../sizes/statistics.ts'

// Each list of words that the configuration takes is here once. The types, the flags, the inputs of the GitHub Action,
// the JSON schema and the documentation are derived from it.

/** The sets of rules to start from; each contains the rules of those before it. */
export const presets = ['recommended', 'strict', 'all'] as const
export type Preset = (typeof presets)[number]

/** The levels a rule can be set to, the most severe first. */
export const levels = [...severities, 'off'] as const
export type Level = (typeof levels)[number]

/** The lowest severity that makes a run fail. */
export const failOnValues = [...severities, 'never'] as const
export type FailOn = (typeof failOnValues)[number]

/** What happens when migrations were not read. */
export const unreadValues = ['allow', 'report', 'fail'] as const
export type UnreadValue = (typeof unreadValues)[number]

/** The sizes that a table can be declared to have. */
export const tableSizes = ['small', 'large'] as const
export type TableSize = (typeof tableSizes)[number]

/** Who sets lock_timeout. */
export const timeoutSetters = ['file', 'role', 'runner'] as const
export type TimeoutSetter = (typeof timeoutSetters)[number]

export type RuleSetting = Level | readonly [Level, Readonly<Record<string, unknown>>]

/** The configuration as the engine uses it: defaults filled in, and paths resolved by the reader of the file. */
export interface Config {
  /** Configurations that this one builds on: presets, files and packages. The reader of the file has merged them into this one. */
  readonly extends: string | readonly string[]
  /** Code with further rules, a file or a package: prefix of the rules → where it is. */
  readonly plugins: Readonly<Record<string, string>>
  /** Files, directories or globs to lint if the command line does not name any. */
  readonly paths: readonly string[]
  /** Globs of files to ignore. */
  readonly ignore: readonly string[]
  /** `15`, or with a minor version `14.2`: the version that is judged now. */
  readonly pgVersion: string
  /** All versions that are judged, and who named them; without it, the version is assumed. */
  readonly server?: Server
  readonly system: SystemChoice
  /** Folders of migrations whose system is given and not detected: path → system. */
  readonly systems: Readonly<Record<string, SystemId>>
  /** How plain SQL reaches the server. */
  readonly transaction: TransactionMode
  readonly preset: Preset
  readonly rules: Readonly<Record<string, RuleSetting>>
  readonly overrides: readonly {
    readonly files: readonly string[]
    readonly rules?: Readonly<Record<string, RuleSetting>>
    readonly transaction?: TransactionMode
  }[]
  /**
   * Migrations up to and including this one build the catalog and are not reported on. Several projects have one each.
   */
  readonly startAfter: string | readonly string[] | null
  /** The file with accepted findings. */
  readonly baseline: string | null
  /** The branch, tag or commit whose migrations are applied; null: the one that CI names, or the main branch. */
  readonly baseRef: string | null
  /** Globs of applied migrations that may be edited, renamed and deleted. */
  readonly allowEdit: readonly string[]
  /** Migrations that this tag or commit does not contain are not deployed and may be edited. */
  readonly editsAllowedUntil: string | null
  /** The file with the sizes of tables; true: the usual one, if it is there; false: none. */
  readonly stats: string | boolean
  /** Its content. */
  readonly statistics?: Statistics
  /** Tables that have fewer rows and bytes by the statistics are small. */
  readonly smallTables: { readonly rows?: number; readonly bytes?: number }
  readonly tables: Readonly<Record<string, { readonly size: TableSize }>>
  /** The files of code that are searched for names that migrations take away: all that git tracks; false: none. */
  readonly code: boolean | { readonly paths?: readonly string[]; readonly ignore?: readonly string[] }
  readonly timeouts: { readonly setBy: TimeoutSetter }
  readonly requireReason: boolean
  /** Obey the suppression comments of other tools. */
  readonly compat: boolean
  readonly failOn: FailOn
  readonly maxWarnings: number | null
  /** What happens when migrations were not read: `report` fails if none could be read, `fail` if any was not. All are counted. */
  readonly unread: UnreadValue
  /** Seconds of processor time that one file may take; null: there is no limit. */
  readonly secondsPerFile: number | null
  /** The program on the command line keeps what the beginning of a long history leaves, and uses it in later runs. */
  readonly cache: boolean
}

export const defaultConfig: Config = {
  extends: [],
  plugins: {},
  paths: [],
  ignore: [],
  pgVersion: assumedVersion,
  system: 'auto',
  systems: {},
  transaction: 'unknown',
  preset: 'recommended',
  rules: {},
  overrides: [],
  startAfter: null,
  baseline: null,
  baseRef: null,
  allowEdit: [],
  editsAllowedUntil: null,
  stats: true,
  smallTables: { rows: 10_000, bytes: 10_000_000 },
  tables: {},
  code: true,
  timeouts: { setBy: 'file' },
  requireReason: false,
  compat: false,
  failOn: 'error',
  maxWarnings: null,
  unread: 'report',
  secondsPerFile: 10,
  cache: true,
}
