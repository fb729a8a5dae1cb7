import type { Remark } from '../../migration/remark.ts'
import { writtenIn } from '../../migration/written-in.ts'
import { headLine } from '../../parse/head-line.ts'
import { databaseOfUrl } from '../reading/database.ts'
import { allInOneTransaction, autocommit, inTransaction } from '../reading/execution.ts'
import { baseName, hasDirectory, join, parentOf, readMigrations, textOf, upwards } from '../reading/files.ts'
import { dependencyIn } from '../reading/manifest.ts'
import { onDemand } from '../reading/on-demand.ts'
import { refused } from '../reading/opt-out.ts'
import { properties } from '../reading/properties.ts'
import { readerToLoad } from '../reading/reader-to-load.ts'
import { filesBelow, type Tree } from '../reading/tree.ts'
import { compareParts, compareUnits, sharedVersions, thenByPath } from '../reading/version.ts'
import type { Aside, Detection, Late, System } from '../system.ts'
import { callbacks, type FlywayName, type FlywayNaming, flywayName, usualNaming } from './name.ts'
import { type FlywaySettings, flywaySettings } from './settings.ts'
import { mixesTransactions, nothing } from './transaction.ts'

const callsModule = onDemand(() => import('./calls.ts'))

/** https://github.com/flyway/flyway: `V1__users.sql`, `R__views.sql`, `U1__users.sql`, `B5__baseline.sql`. */
export const flyway: System = {
  id: 'flyway',
  title: 'Flyway',

  facts: {
    order: 'version, part by part as numbers; then repeatable migrations by description',
    down: 'U<version>__x.sql',
    transaction: 'one per file, statement by statement; none in a file with CREATE INDEX CONCURRENTLY and the like',
    optOut: 'x.sql.conf: executeInTransaction=false',
    history: { checksum: 'CRC-32 of the lines' },
    code: {
      files: '**/db/migration/**/*.java',
      read: 'Java: texts that `java.sql` sends from `migrate`, and `JdbcTemplate` of Spring; files of SQL that `Files` or the class path gives; `canExecuteInTransaction`; classes in `src/main/java` beside the SQL in `src/main/resources`',
      inPart: 'loops and conditions on answers of the database',
      unread: 'Kotlin; classes that the application passes as beans; repositories and code of the application',
    },
  },

  detect(tree, dir) {
    const settings = flywaySettings(tree, dir)
    if (settings) {
      const found = settings.locations.map(location => ({ ...location, path: join(dir, location.path) }))
      const isMigration = isMigrationOf(settings.naming)
      const [first] = found.filter(({ path }) => filesBelow(tree, path).some(isMigration))
      const dialect = foreign(settings.url)
      if (first && (settings.isOwn || settings.isNamed || !isOfBuild(settings.path)))
        return { directory: wholeOf(tree, first.path), sign: 'file', because: settings.path, ...dialect }
      if (settings.isOwn)
        return { directory: found[0]?.path ?? join(dir, 'sql'), sign: 'file', because: settings.path, ...dialect }
    }
    for (const manifest of ['pom.xml', 'build.gradle', 'build.gradle.kts'] as const) {
      const dependency = dependencyIn(tree, dir, manifest, 'flyway')
      const directory = join(dir, 'src/main/resources/db/migration')
      if (dependency && hasDirectory(tree, directory)) {
        return {
          directory: wholeOf(tree, directory),
          sign: 'dependency',
          because: `Flyway in ${dependency.path}`,
          ...foreign(settings?.url),
        }
      }
    }
    return byNames(tree, dir)
  },

  migrations(tree, dir) {
    const settings = settingsAbove(tree, dir)
    const { runs, undo, asides, code } = sorted(tree, dir, settings?.naming ?? usualNaming)
    const told: string[] = []
    const { migrations, notices } = readMigrations(tree, runs, ({ id, path, name }, _, text) => {
      const isCode = code.has(path)
      const override = properties(textOf(tree, `${path}.conf`) ?? '').get('executeintransaction')
      const found = isCode ? nothing : mixesTransactions(text)
      const whole = override === undefined ? settings?.executeInTransaction !== false : override === 'true'
      const mixes = found.mixed && override === undefined && whole && !settings?.mixed
      const detected = override === undefined && found.none
      const down = name.kind === 'versioned' ? undo.get(canonical(name)) : undefined
      return {
        id,
        execution:
          !whole || detected
            ? autocommit
            : { ...(settings?.group ? allInOneTransaction : inTransaction), beginsAgain: true },
        runner: {
          name: 'Flyway',
          outsideTransaction: () => outside(settings, isJava(path)),
          laterMigration: () =>
            settings?.group
              ? 'In a later migration that is deployed after this one, because flyway.group makes a run one transaction'
              : 'In a later migration',
        },
        ...(isCode ? writtenIn(isJava(path) ? 'Java' : 'Kotlin') : {}),
        ...(isJava(path) ? { reader } : {}),
        ...(down === undefined ? {} : { downPath: down }),
        ...(name.kind === 'repeatable' ? { repeatable: true } : {}),
        ...(settings?.outOfOrder ? { late: lateAllowed(settings) } : {}),
        remarks: decoded => (isCode ? [] : remarks(decoded, mixes, settings)),
      }
    })
    const versions = runs.filter(({ name }) => name.kind === 'versioned')
    for (const [id, paths] of sharedVersions(versions.map(({ name, path }) => ({ id: canonical(name), path })))) {
      told.push(`Flyway stops at version ${id}, which ${paths.join(' and ')} share.`)
    }
    return { migrations, asides, notices: [...notices, ...told, ...(settings?.notices ?? [])] }
  },
}

function lateAllowed({ path }: FlywaySettings): Late {
  return {
    does: 'runs',
    what: `Flyway runs it because outOfOrder is set in ${path}, so that databases differ in the order`,
  }
}

function isJava(path: string): boolean {
  return path.endsWith('.java')
}

/**
 * An index that is built CONCURRENTLY waits for every older transaction. One of them is that of Flyway's own lock on a
 * second connection, unless the session holds the lock.
 */
function outside(settings: FlywaySettings | null, isInJava: boolean): string {
  const conf = isInJava
    ? 'a method `canExecuteInTransaction()` that returns false'
    : '`executeInTransaction=false` in a file beside it that has its name and `.conf` at the end'
  return settings?.transactionalLock === false
    ? `In a migration of its own, with ${conf}`
    : `In a migration of its own, with ${conf}, and with \`flyway.postgresql.transactional.lock=false\` in the configuration, because otherwise it waits for Flyway's own lock`
}

function remarks(text: string, mixes: boolean, settings: FlywaySettings | null): Remark[] {
  if (mixes) {
    const why = 'it mixes statements that run in a transaction with statements that cannot'
    return [refused(text, why, 'Move the statements that cannot run in a transaction to a migration of their own.')]
  }
  if (settings?.transactionalLock === false) return []
  const setting = 'flyway.postgresql.transactional.lock=false'
  return [{ kind: 'own-lock', at: headLine(text), setting, certain: settings !== null }]
}

function foreign(url: string | undefined): { dialect?: string } {
  const database = databaseOfUrl(url ?? '')
  return database === undefined || database === 'postgresql' ? {} : { dialect: database }
}

function isMigrationOf(naming?: FlywayNaming): (path: string) => boolean {
  return path => {
    const kind = flywayName(baseName(path), naming)?.kind
    return kind === 'versioned' || kind === 'repeatable'
  }
}

const isMigration = isMigrationOf()

/** A build file may configure Flyway without saying where migrations are: then it is a dependency as others are. */
function isOfBuild(path: string): boolean {
  return /(?:^|\/)(?:pom\.xml|build\.gradle(?:\.kts)?)$/.test(path)
}

/** Only names: two underscores after a version are Flyway's. A folder called `migration` may contain subfolders with them. */
function byNames(tree: Tree, dir: string): Detection | null {
  const own = tree.list(dir).flatMap(({ name, kind }) => (kind === 'file' ? [join(dir, name)] : []))
  const files = own.length === 0 && /^migrations?$/i.test(baseName(dir)) ? filesBelow(tree, dir) : own
  const because = files.find(path => /^V[0-9][0-9._]*__/i.test(baseName(path)) && isMigration(path))
  if (because === undefined) return null
  return { directory: wholeOf(tree, dir), sign: 'names', because, ...foreign(settingsAbove(tree, dir)?.url) }
}

/** The settings of the nearest directory, upwards, that has some. */
function settingsAbove(tree: Tree, dir: string): FlywaySettings | null {
  for (const above of upwards(dir)) {
    const settings = flywaySettings(tree, above)
    if (settings) return settings
  }
  return null
}

interface File {
  readonly id: string
  readonly path: string
  readonly name: FlywayName
}

interface Sorted {
  readonly runs: readonly File[]
  /** Version → the file that reverts it. */
  readonly undo: ReadonlyMap<string, string>
  readonly asides: readonly Aside[]
  /** Paths of migrations in Java or Kotlin. */
  readonly code: ReadonlySet<string>
}

/**
 * The folder itself; of the sources of a program (`src/main`), the folders whose files are together one location of the class path:
 * that of its resources, and those of its classes.
 */
function foldersOf(tree: Tree, dir: string): string[] {
  if (!/(?:^|\/)src\/main$/.test(dir)) return [dir]
  const home = parentOf(parentOf(dir))
  const locations = flywaySettings(tree, home)?.locations ?? [{ path: `${resources}db/migration` }]
  return locations.flatMap(({ path }) =>
    path.startsWith(resources)
      ? ['resources', 'java', 'kotlin'].map(each => join(dir, `${each}/${path.slice(resources.length)}`))
      : [join(home, path)],
  )
}

const resources = 'src/main/resources/'

/** For a folder of which a part lies elsewhere in the same sources: the folder that has both. */
function wholeOf(tree: Tree, dir: string): string {
  const main = /^((?:.*\/)?src\/main)\/(?:resources|java|kotlin)\/./.exec(dir)?.[1]
  const folders = main === undefined ? [] : foldersOf(tree, main)
  const filled = folders.filter(folder => filesBelow(tree, folder).some(isMigration))
  return main !== undefined && filled.includes(dir) && filled.length > 1 ? main : dir
}

/** All files in the location and in the folders below it, except hidden ones. */
function sorted(tree: Tree, dir: string, naming: FlywayNaming): Sorted {
  const runs: File[] = []
  const undo = new Map<string, string>()
  const asides: Aside[] = []
  const code = new Set<string>()
  for (const path of foldersOf(tree, dir).flatMap(folder => filesBelow(tree, folder))) {
    const file = baseName(path)
    if (file.startsWith('.')) continue
    const isCode = /\.(java|kt)$/.test(file)
    const isSql = naming.suffixes.some(suffix => file.toLowerCase().endsWith(suffix.toLowerCase()))
    if (!isSql && !isCode) continue
    const name = flywayName(file, naming)
    if (name === null) {
      if (!isCode) asides.push({ path, kind: 'never-runs', why: never(file, naming) })
    } else if (name.kind === 'versioned' || name.kind === 'repeatable') {
      runs.push({ id: name.id, path, name })
      if (isCode) code.add(path)
    } else if (name.kind === 'undo') {
      undo.set(canonical(name), path)
      asides.push({ path, kind: 'undo', why: `it takes version ${name.id} back` })
    } else if (name.kind === 'baseline') {
      asides.push({ path, kind: 'baseline', why: `on an empty database it replaces all versions up to ${name.id}` })
    } else asides.push({ path, kind: 'callback', why: `Flyway runs it at ${name.id}` })
  }
  return { runs: runs.sort(compareResolved), undo, asides, code }
}

function never(file: string, naming: FlywayNaming): string {
  const { versioned, repeatable, separator, suffixes } = naming
  const near = callbacks.find(event => file.toLowerCase().startsWith(event.toLowerCase()))
  if (naming === usualNaming || JSON.stringify(naming) === JSON.stringify(usualNaming)) {
    if (/^[vrub][\d._]*__/.test(file))
      return 'Flyway skips it, because the first letter of the name must be in upper case'
    if (/^V[\d.]+_[^_]/.test(file)) return 'Flyway skips it, because two underscores must follow the version'
  }
  if (near) return `Flyway skips it, because a callback is named ${near}.sql or ${near}__<description>.sql`
  const end = suffixes[0] ?? '.sql'
  return `Flyway skips it, because its name is not like ${versioned}1${separator}description${end} or ${repeatable}${separator}description${end}`
}

/** The version by its value: 1.0 is 1. */
function canonical({ version }: FlywayName): string {
  return version.join('.')
}

/** `ResolvedMigrationComparator`: versions first, then descriptions. */
export const compareResolved = thenByPath<Pick<File, 'name' | 'path'>>(({ name: a }, { name: b }) => {
  if (a.kind === 'versioned' && b.kind === 'versioned') return compareParts(a.version, b.version)
  const rank = Number(a.kind !== 'versioned') - Number(b.kind !== 'versioned')
  return rank || compareUnits(a.description, b.description)
})

const reader = readerToLoad(callsModule, ({ flywayCalls }) => flywayCalls)
