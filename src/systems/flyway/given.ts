/** Flyway's settings as one place gives them. */
export interface Given {
  /** Values by names in lower case, as a flyway.conf has them: `flyway.mixed`. Lists have commas. */
  readonly values: ReadonlyMap<string, string>
  /** Names, without `flyway.`, of settings that the place gives by something other than a plain value. */
  readonly unread: readonly string[]
}

/** The settings of a build file that decide how migrations are read. The others are not needed. */
const meant: readonly string[] = [
  'url',
  'locations',
  'mixed',
  'group',
  'outOfOrder',
  'executeInTransaction',
  'table',
  'defaultSchema',
  'schemas',
  'sqlMigrationPrefix',
  'repeatableSqlMigrationPrefix',
  'undoSqlMigrationPrefix',
  'baselineMigrationPrefix',
  'sqlMigrationSeparator',
  'sqlMigrationSuffixes',
]

const byLowerCase = new Map(meant.map(name => [name.toLowerCase(), name]))

/** Secrets and environments decide these in every project, so no notice says that they were not read. */
const oftenUnread: ReadonlySet<string> = new Set(['url', 'table', 'defaultSchema', 'schemas'])

/** True for the name of a setting that is read, `mixed`; false for `version`, which build files call `flyway.version`. */
export function isSetting(name: string): boolean {
  return byLowerCase.has(name.toLowerCase())
}

/** Collects settings by their names in a build file, with null for a value that is not plain. A later one of a name counts. */
export function given(settings: Iterable<readonly [name: string, value: string | null]>): Given {
  const values = new Map<string, string>()
  const unread = new Set<string>()
  for (const [written, value] of settings) {
    const name = byLowerCase.get(written.toLowerCase()) ?? written
    const key = special.get(name) ?? name.toLowerCase()
    if (value !== null) {
      values.set(`flyway.${key}`, value)
      unread.delete(name)
    } else if (byLowerCase.has(key)) {
      values.delete(`flyway.${key}`)
      if (!oftenUnread.has(name)) unread.add(name)
    }
  }
  return { values, unread: [...unread] }
}

/** Settings of a part of Flyway have other names in build files (`pluginConfiguration`). */
const special: ReadonlyMap<string, string> = new Map([['postgresqlTransactionalLock', 'postgresql.transactional.lock']])
