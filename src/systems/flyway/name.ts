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

const versionedKinds = { V: 'versioned', U: 'undo', B: 'baseline' } as const

/**
 * `ResourceNameParser` with the default prefixes (case matters), separator `__` and suffix `.sql` (case does not
 * matter). Null for a name that Flyway skips. Java and Kotlin classes are named in the same way.
 */
export function flywayName(file: string): FlywayName | null {
  const stem = file.replace(/\.(?:sql|java|kt)$/i, '')
  if (stem === file) return null
  const event = callbacks.filter(name => stem.startsWith(name)).sort((a, b) => b.length - a.length)[0]
  const prefix = event ?? /^[VRUB]/.exec(stem)?.[0]
  if (prefix === undefined) return null
  const name = stem.slice(prefix.length)
  const separator = name.indexOf('__')
  const [before, after] = separator < 0 ? [name, ''] : [name.slice(0, separator), name.slice(separator + 2)]
  const description = after.replaceAll('_', ' ')
  if (event !== undefined || prefix === 'R') {
    if (before !== '') return null
    return event === undefined
      ? { kind: 'repeatable', id: description, version: [], description }
      : { kind: 'callback', id: event, version: [], description }
  }
  const version = versionParts(before)
  if (version === null) return null
  const kind = versionedKinds[prefix === 'U' || prefix === 'B' ? prefix : 'V']
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
