import type { Severity } from '../../migration/severity.ts'

export type RuleSetting = Severity | 'off' | readonly [Severity | 'off', Readonly<Record<string, unknown>>]

/** The configuration as the engine uses it: everything filled in, paths resolved by whoever read the file. */
export interface Config {
  /** Files, directories or globs to lint when the command line names none. */
  readonly paths: readonly string[]
  /** Globs of files to leave alone. */
  readonly ignore: readonly string[]
  /** `15`, or with a minor version `14.2`. */
  readonly pgVersion: string
  readonly system: string
  /** Folders of migrations whose system is not to be guessed: path → system. */
  readonly systems: Readonly<Record<string, string>>
  /** How plain SQL reaches the server. */
  readonly transaction: 'wrapped' | 'none' | 'unknown'
  readonly preset: 'recommended' | 'strict' | 'all'
  readonly rules: Readonly<Record<string, RuleSetting>>
  readonly overrides: readonly {
    readonly files: readonly string[]
    readonly rules?: Readonly<Record<string, RuleSetting>>
    readonly transaction?: 'wrapped' | 'none' | 'unknown'
  }[]
  /** Migrations up to and including this one build the catalog and are not reported. In several projects, one for each. */
  readonly startAfter: string | readonly string[] | null
  /** The file of findings that are accepted. */
  readonly baseline: string | null
  /** The branch, tag or commit that has what is applied; null: the usual ones. */
  readonly baseRef: string | null
  /** Globs of applied migrations that may be edited, renamed and deleted. */
  readonly allowEdit: readonly string[]
  /** What this tag or commit does not have is not deployed, and may be edited. */
  readonly editsAllowedUntil: string | null
  readonly tables: Readonly<Record<string, { readonly size: 'small' | 'large' }>>
  readonly timeouts: { readonly setBy: 'file' | 'role' | 'runner' }
  readonly requireReason: boolean
  /** Honour the suppression comments of other tools. */
  readonly compat: boolean
  readonly failOn: Severity | 'never'
  readonly maxWarnings: number | null
  /** Seconds of processor time that one file may take; null: any. */
  readonly secondsPerFile: number | null
}

export const defaultConfig: Config = {
  paths: [],
  ignore: [],
  // The oldest major version that the PostgreSQL project still supports: what is safe there is safe on newer ones.
  pgVersion: '15',
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
  tables: {},
  timeouts: { setBy: 'file' },
  requireReason: false,
  compat: false,
  failOn: 'error',
  maxWarnings: null,
  secondsPerFile: 10,
}
