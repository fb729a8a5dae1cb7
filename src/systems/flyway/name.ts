/** A file's name as Flyway reads it. */
export interface FlywayName {
  readonly kind: 'versioned' | 'repeatable' | 'undo' | 'baseline' | 'callback'
  /** The version as Flyway shows it (`1.2`), the description of a repeatable migration, or the event of a callback. */
  readonly id: string
  /** The parts of the version, without zeros at the end; empty if there is no version. */
  readonly version: readonly bigint[]
  readonly description: string
}

/** Names of events (org.flywaydb.core.api.callback.Event), which are prefixes of callbacks. */
export const callbacks: readonly string[] = [
  ...['Clean', 'Migrate', 'Undo', 'Validate', 'Baseline', 'Repair', 'Info'].flatMap(verb => [
    `before${verb}`,
    `after${verb}`,
    `after${verb}Error`,
    `after${verb}OperationFinish`,
  ]),
  ...['Migrate', 'Undo'].flatMap(verb => [
    `beforeEach${verb}`,
    `afterEach${verb}`,
    `afterEach${verb}Error`,
    `beforeEach${verb}Statement`,
    `afterEach${verb}Statement`,
    `afterEach${verb}StatementError`,
  ]),
  'beforeRepeatables',
  'afterVersioned',
  'afterMigrateApplied',
  'createSchema',
  'beforeCreateSchema',
  'beforeConnect',
  'afterConnect',
]

/** The prefixes, the separator and the suffixes of names. */
export interface FlywayNaming {
  readonly versioned: string
  readonly repeatable: string
  readonly undo: string
  readonly baseline: string
  readonly separator: string
  /** Of files of SQL; those of programs are fixed. */
  readonly suffixes: readonly string[]
}

export const usualNaming: FlywayNaming = {
  versioned: 'V',
  repeatable: 'R',
  undo: 'U',
  baseline: 'B',
  separator: '__',
  suffixes: ['.sql'],
}

/**
 * `ResourceNameParser`: the case of prefixes matters, and that of the suffix does not. Null for a name that Flyway skips. Java and Kotlin
 * classes always have the usual names (`BaseJavaMigration`).
 */
export function flywayName(file: string, given: FlywayNaming = usualNaming): FlywayName | null {
  const isProgram = /\.(?:java|kt)$/i.test(file)
  const naming = isProgram ? usualNaming : given
  const suffix = isProgram
    ? file.slice(file.lastIndexOf('.'))
    : naming.suffixes.find(each => file.toLowerCase().endsWith(each.toLowerCase()))
  if (suffix === undefined) return null
  const stem = file.slice(0, file.length - suffix.length)
  const kinds = (['versioned', 'repeatable', 'undo', 'baseline'] as const).filter(each => stem.startsWith(naming[each]))
  const names = [...callbacks.filter(each => stem.startsWith(each)), ...kinds.map(each => naming[each])]
  // The longest prefix wins; among equal ones, the event of a callback.
  const [prefix] = names.sort((a, b) => b.length - a.length)
  if (prefix === undefined) return null
  const kind = callbacks.includes(prefix) ? 'callback' : (kinds.find(each => naming[each] === prefix) ?? 'versioned')
  const name = stem.slice(prefix.length)
  const separator = name.indexOf(naming.separator)
  const [before, after] =
    separator < 0 ? [name, ''] : [name.slice(0, separator), name.slice(separator + naming.separator.length)]
  const description = after.replaceAll('_', ' ')
  if (kind === 'callback' || kind === 'repeatable') {
    if (before !== '') return null
    const id = kind === 'callback' ? prefix : description
    return { kind, id, version: [], description }
  }
  const version = versionParts(before)
  if (version === null) return null
  return { kind, id: before.replaceAll('_', '.'), version, description }
}

/** `MigrationVersion`: `_` is `.`, each part is a number of any size, and zeros at the end do not count. */
export function versionParts(text: string): bigint[] | null {
  const parts = text.replaceAll('_', '.').split(/\.(?=\d)/)
  if (!parts.every(part => /^[0-9]+$/.test(part))) return null
  const numbers = parts.map(part => BigInt(part))
  while (numbers.length > 1 && numbers.at(-1) === 0n) numbers.pop()
  return numbers
}
