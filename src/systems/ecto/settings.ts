import type { Given } from '../../code/settings/settings.ts'
import { type Text, textAt } from '../../code/text.ts'
import { known, type Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'
import { hasFile, join, namesIn, upwards } from '../reading/files.ts'
import { type Settings as SettingsFile, settingsAt } from '../reading/program-settings.ts'
import type { Tree } from '../reading/tree.ts'
import type { Options } from './described.ts'
import { type Schemas, schemasOf } from './schema.ts'

/** Settings of a repo that matter to its migrations: `migration_primary_key` and the like. */
export interface Settings {
  /** Null: tables get no primary key by default. */
  readonly primaryKey: Options | null
  readonly foreignKey: Options
  readonly timestamps: Options
  /** The column that references refer to, if it is not `id`. */
  readonly column: (at: Span) => Text | null
  /** The migrator keeps a transaction open on another connection, in which it has locked its table; null: no setting says so. */
  readonly locksInTransaction: boolean | null
  /** Schemas of the project. */
  readonly schemas: Schemas
}

const nowhere: Span = [0, 0]

/** The settings in these files of configuration; the first file with a setting counts. */
export function settingsIn(files: readonly SettingsFile[], schemas: Schemas = () => null): Settings {
  const values = (name: string) => files.flatMap(file => file.values(name))
  const options = (name: string) => values(name).find(value => value.kind === 'record' || value.kind === 'list')
  const isNone = values('migration_primary_key').some(value => value.kind === 'known' && value.value === false)
  const foreign = optionsOf(options('migration_foreign_key'))
  const column = foreign.get('column')
  const lock = values('migration_lock')
  const isAdvisory = (value: Given) =>
    value.kind === 'known' && (value.value === false || value.value === null || value.value === 'pg_advisory_lock')
  return {
    primaryKey: isNone ? null : optionsOf(options('migration_primary_key')),
    foreignKey: foreign,
    schemas,
    timestamps: optionsOf(options('migration_timestamps')),
    locksInTransaction:
      files.length === 0 || lock.some(({ kind }) => kind === 'unknown') ? null : !lock.some(isAdvisory),
    column: at => (column?.kind === 'text' ? textAt(column.pieces.map(({ text }) => text).join(''), at) : null),
  }
}

/** Atoms and truth values by their names. */
function optionsOf(given: Given | undefined): Map<string, Value> {
  const found = new Map<string, Value>()
  for (const [name, value] of given?.kind === 'record' ? given.entries : []) {
    if (value.kind !== 'known') continue
    if (typeof value.value === 'string') found.set(name, textAt(value.value, nowhere))
    else if (typeof value.value === 'boolean') found.set(name, known(value.value, nowhere))
  }
  return found
}

/** The files of the nearest folder `config`. */
export function settingsOf(tree: Tree, directory: string): Settings {
  const schemas = schemasOf(tree, directory)
  for (const dir of upwards(directory)) {
    const config = join(dir, 'config')
    if (!hasFile(tree, join(config, 'config.exs'))) continue
    const others = namesIn(tree, config).filter(name => name.endsWith('.exs') && name !== 'config.exs')
    return settingsIn(
      ['config.exs', ...others].flatMap(name => settingsAt(tree, join(config, name)) ?? []),
      schemas,
    )
  }
  return settingsIn([], schemas)
}
