import { type Text, textAt } from '../../code/text.ts'
import { known, type Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'
import { hasFile, join, namesIn, textOf, upwards } from '../reading/files.ts'
import type { Tree } from '../reading/tree.ts'
import type { Options } from './described.ts'

/** Settings of a repo that matter to its migrations: `migration_primary_key` and the like. */
export interface Settings {
  /** Null: tables get no primary key by default. */
  readonly primaryKey: Options | null
  readonly foreignKey: Options
  readonly timestamps: Options
  /** The column that references refer to, if it is not `id`. */
  readonly column: (at: Span) => Text | null
  /** The migrator keeps a transaction open on another connection, in which it has locked its table; null: nothing is said. */
  readonly locksInTransaction: boolean | null
}

const nowhere: Span = [0, 0]

/** The settings in these texts of configuration; the first text with a setting counts. */
export function settingsIn(texts: readonly string[]): Settings {
  const whole = texts.join('\n')
  const primary = keywords(whole, 'migration_primary_key')
  const foreign = keywords(whole, 'migration_foreign_key') ?? new Map<string, Value>()
  const column = foreign.get('column')
  return {
    primaryKey: /\bmigration_primary_key:\s*false\b/.test(whole) ? null : (primary ?? new Map<string, Value>()),
    foreignKey: foreign,
    timestamps: keywords(whole, 'migration_timestamps') ?? new Map<string, Value>(),
    locksInTransaction: whole === '' ? null : !/\bmigration_lock:\s*(?:false|nil|:pg_advisory_lock)\b/.test(whole),
    column: at => (column?.kind === 'text' ? textAt(column.pieces.map(({ text }) => text).join(''), at) : null),
  }
}

/** The keywords in brackets after a name: atoms and truth values. */
function keywords(text: string, name: string): Map<string, Value> | null {
  const start = text.indexOf(`${name}: [`)
  if (start < 0) return null
  const inside = text.slice(start + name.length + 3).split(']', 1)[0] ?? ''
  const found = new Map<string, Value>()
  for (const pair of inside.split(',')) {
    const [key = '', value = ''] = pair.split(': ').map(each => each.trim())
    if (!/^\w+$/.test(key)) continue
    if (/^:\w+$/.test(value)) found.set(key, textAt(value.slice(1), nowhere))
    else if (value === 'true' || value === 'false') found.set(key, known(value === 'true', nowhere))
  }
  return found
}

/** The files of the nearest folder `config`. */
export function settingsOf(tree: Tree, directory: string): Settings {
  for (const dir of upwards(directory)) {
    const config = join(dir, 'config')
    if (!hasFile(tree, join(config, 'config.exs'))) continue
    const others = namesIn(tree, config).filter(name => name.endsWith('.exs') && name !== 'config.exs')
    const texts = ['config.exs', ...others].map(name => textOf(tree, join(config, name)) ?? '')
    return settingsIn(texts)
  }
  return settingsIn([])
}
