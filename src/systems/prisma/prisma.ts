import type { Discrepancy } from '../../migration/discrepancy.ts'
import { databaseNamed } from '../../parse/database-name.ts'
import type { Span } from '../../parse/span.ts'
import { withoutTrailing } from '../../parse/trailing.ts'
import { blockAfter } from '../reading/code-migrations.ts'
import { codeOf, stringsIn } from '../reading/comment.ts'
import { cutBodies } from '../reading/cut-bodies.ts'
import { autocommit, message } from '../reading/execution.ts'
import {
  baseName,
  hasDirectory,
  hasFile,
  isProgram,
  join,
  namesIn,
  parentOf,
  readMigrations,
  textOf,
  upwards,
} from '../reading/files.ts'
import { lines } from '../reading/lines.ts'
import { json, record } from '../reading/manifest.ts'
import { onlyNamed } from '../reading/named-path.ts'
import { isAtLeast, packageVersion } from '../reading/package-version.ts'
import { settingsAt, textsOf } from '../reading/program-settings.ts'
import { filesBelow, type Tree } from '../reading/tree.ts'
import { compareEnglish } from '../reading/version.ts'
import type { Aside, IntegrityFile, Migration, System } from '../system.ts'
import { readingOf } from './splitter.ts'

const lockFile = 'migration_lock.toml'
const script = 'migration.sql'

/** Prisma Migrate up to version 7: folders that hold a migration.sql. Prisma 8 has a format of its own. */
export const prisma: System = {
  id: 'prisma',
  title: 'Prisma',

  facts: {
    order: 'folder name (localeCompare)',
    down: 'none (a down.sql is for people: Prisma never reads it)',
    transaction:
      'none: from 7.4 on statement by statement where its splitter can read the file; otherwise each file is one message',
    optOut: null,
    history: { checksum: 'SHA-256 of the file' },
  },

  detect(tree, dir) {
    const lock = join(dir, lockFile)
    if (hasFile(tree, lock)) return { directory: dir, sign: 'file', because: lock, ...dialectOf(tree, dir, null) }
    const config = namesIn(tree, dir).find(name => CONFIG.test(name))
    const schema = schemaIn(tree, dir, config)
    const because = config === undefined ? schema : join(dir, config)
    if (because === null) return null
    const directory = migrationsOf(tree, dir, config, schema)
    if (!folders(tree, directory).some(folder => hasFile(tree, join(folder, script)))) return null
    return { directory, sign: 'file', because, ...dialectOf(tree, directory, schema) }
  },

  migrations(tree, directory) {
    const all = folders(tree, directory).map(folder => ({ folder, path: join(folder, script) }))
    const found = all.filter(({ path }) => hasFile(tree, path))
    const notices = withoutScript(all.filter(({ path }) => !hasFile(tree, path)).map(({ folder }) => folder))
    const how = isCut(tree, directory) ? () => cut : sentBy(newEngine(tree, directory))
    const read = readMigrations(tree, found, ({ folder }, _, text) => ({
      id: baseName(folder),
      ...how(text),
      ...(hasFile(tree, join(folder, 'down.sql')) ? { downPath: join(folder, 'down.sql') } : {}),
    }))
    return {
      ...read,
      asides: asides(tree, directory, new Set(found.map(({ path }) => path))),
      notices: [...notices, ...read.notices],
    }
  },

  integrity: lockOf,
}

/** One sentence for all of them: projects that run code beside their migrations have dozens. */
function withoutScript([first, ...others]: readonly string[]): string[] {
  if (first === undefined) return []
  if (others.length > 0)
    return [`Prisma stops at ${others.length + 1} folders that have no ${script}: ${first}/, …, ${others.at(-1)}/.`]
  return [`Prisma stops at ${first}/, which has no ${script}.`]
}

/**
 * The lock file as Prisma reads it (read_provider_from_lock_file in
 * schema-engine/connectors/schema-connector/src/migrations_directory.rs): the first line that begins with `provider`
 * must contain exactly the datasource's own name of the database. If it names another database, the folder is not for
 * PostgreSQL. Without a lock file nothing is compared.
 */
function lockOf(tree: Tree, directory: string): IntegrityFile[] {
  const path = join(directory, lockFile)
  const text = hasFile(tree, path) ? textOf(tree, path) : null
  if (text === null) return []
  const all = lines(text)
  const line = all.find(each => each.text.startsWith('provider'))
  const provider =
    line === undefined
      ? '<PROVIDER NOT FOUND>'
      : withoutTrailing(line.text.replace(/^(?:provider = )+/, '').replace(/^"+/, ''), '"')
  const { start, end } = line ?? all[0] ?? { start: 0, end: 0 }
  const covers = folders(tree, directory).map(folder => join(folder, script))
  const discrepancy: Discrepancy = {
    at: [start, end],
    severity: 'error',
    does: 'Prisma stops with P3019',
    what: `it reads ${JSON.stringify(provider)} as the provider in ${lockFile}, which is not that of the schema`,
    help: 'Write exactly this line: `provider = "postgresql"`.',
    about: [],
  }
  return [{ path, covers, discrepancies: provider === 'postgresql' ? [] : [discrepancy] }]
}

const whole = {
  execution: message,
  runner: {
    name: 'Prisma',
    // Prisma has no marker for it, but a message with a single statement is not a transaction, which helps.
    outsideTransaction: () => 'In a migration of its own, with no other statement in its migration.sql',
    laterMigration: () => 'In a later migration',
  },
}

/** Whether Prisma is of version 7.4 or newer; null when nothing shows it. The client has the version of the command line. */
function newEngine(tree: Tree, directory: string): boolean | null {
  const found = packageVersion(tree, directory, 'prisma') ?? packageVersion(tree, directory, '@prisma/client')
  return isAtLeast(found, [7, 4, 0])
}

/** How a file is sent, according to its version. */
function sentBy(isNew: boolean | null): (text: string) => Pick<Migration, 'execution' | 'runner'> {
  return text => {
    if (isNew === false) return whole
    const { count, reading } = readingOf(text)
    // No version cuts text that the splitter cannot read.
    if (count < 2 || reading === 'some') return whole
    const where =
      isNew === null
        ? 'where Prisma is older than 7.4, which sends the file as one message'
        : 'where Prisma cannot read all of the file, which it then sends as one message'
    if (isNew && reading === 'all') return apart
    return { ...whole, execution: { inTransaction: 'unknown', singleMessage: false, spansFiles: false, where } }
  }
}

/** From 7.4 on. */
const apart = { ...whole, execution: autocommit }

/** With `engine: 'js'` (6.16 to 6.19) the adapter cuts the file at every `;` and sends each piece by itself. */
const cut = {
  execution: autocommit,
  runner: { ...whole.runner, outsideTransaction: () => 'In a migration of its own' },
  parts: (text: string) => pieces(text).map(span => ({ span })),
  remarks: (text: string) =>
    cutBodies(text, pieces(text), 'Use the other engine for this migration: the JavaScript one cuts at every `;`.'),
}

function isCut(tree: Tree, directory: string): boolean {
  const config = upwards(directory).flatMap(dir => {
    const name = namesIn(tree, dir).find(each => CONFIG.test(each))
    return name === undefined ? [] : [join(dir, name)]
  })[0]
  // Every project has such a file, and hardly any this engine.
  if (config === undefined || !stringsIn(textOf(tree, config) ?? '', config).includes('js')) return false
  return settingsAt(tree, config)?.says('js', 'engine') ?? false
}

function pieces(text: string): Span[] {
  const found: Span[] = []
  for (let start = 0; start < text.length; ) {
    const stop = text.indexOf(';', start)
    const end = stop < 0 ? text.length : stop + 1
    found.push([start, end])
    start = end
  }
  return found
}

// prisma/prisma, packages/config/src/loadConfigFromFile.ts
const CONFIG = /^prisma7?\.config\.(js|ts|mjs|cjs|mts|cts)$/

/** In the order in which Prisma applies them. */
function folders(tree: Tree, directory: string): string[] {
  return [...namesIn(tree, directory, 'directory')].sort(compareEnglish).map(name => join(directory, name))
}

/** The file or folder of the schema: named in the configuration or package.json, or at its usual places. */
function schemaIn(tree: Tree, dir: string, config: string | undefined): string | null {
  const told = config === undefined ? undefined : schemaNamed(tree, join(dir, config))
  const manifest = record(json(textOf(tree, join(dir, 'package.json')) ?? '').prisma)?.schema
  if (told !== undefined) return told
  const named = typeof manifest === 'string' ? manifest : undefined
  if (named !== undefined) return join(dir, named)
  const usual = ['schema.prisma', 'prisma/schema.prisma'].map(path => join(dir, path)).find(path => hasFile(tree, path))
  return usual ?? (hasDirectory(tree, join(dir, 'prisma/schema')) ? join(dir, 'prisma/schema') : null)
}

/** `migrations.path`, or the folder `migrations` beside the schema. */
function migrationsOf(tree: Tree, dir: string, config: string | undefined, schema: string | null): string {
  const told = config === undefined ? null : migrationsNamed(tree, join(dir, config))
  if (told !== null) return told
  const beside = schema === null ? join(dir, 'prisma') : parentOf(schema)
  // A schema of several files is a folder. Its migrations are beside it, or inside it if it is the schema's own folder.
  const within = schema === null || hasFile(tree, schema) ? [] : [join(schema, 'migrations')]
  const places = [join(beside, 'migrations'), ...within, join(dir, 'prisma/migrations')]
  return places.find(place => hasDirectory(tree, place)) ?? join(beside, 'migrations')
}

/** `migrations.path` of the configuration; null: it has none. */
function migrationsNamed(tree: Tree, config: string): string | null {
  const only = onlyNamed(tree, config, path => hasFile(tree, join(path, lockFile)))
  const said = only === null ? settingsAt(tree, config)?.text('migrations', 'path') : undefined
  return said === undefined ? only : join(parentOf(config), said)
}

/** `schema` of the configuration; undefined: it has none. */
function schemaNamed(tree: Tree, config: string): string | undefined {
  const isThere = (path: string) =>
    isSchema(path) ? hasFile(tree, path) : path !== '' && namesIn(tree, path).some(isSchema)
  const only = onlyNamed(tree, config, isThere)
  if (only !== null) return only
  // `schema: 'db/schema.prisma'`, and not a `schema` inside of something else.
  const said = settingsAt(tree, config)?.all('schema') ?? []
  const [path] = said.flatMap(({ path: names, value }) => (names.length <= 2 ? textsOf(value) : []))
  return path === undefined ? undefined : join(parentOf(config), path)
}

/** The database according to the lock file and the schema; Prisma relies on the lock file. */
function dialectOf(tree: Tree, directory: string, known: string | null): { dialect?: string } {
  // `provider` is read as Prisma reads it: the first line that begins so (schema-engine, migration_lock).
  const lock = /^provider\s*=\s*"?([\w-]+)/m.exec(textOf(tree, join(directory, lockFile)) ?? '')?.[1]
  const schema =
    known ??
    upwards(directory)
      .map(dir => schemaIn(tree, dir, undefined))
      .find(path => path !== null) ??
    ''
  const text =
    schema === ''
      ? ''
      : hasFile(tree, schema)
        ? codeOf(tree, schema)
        : filesBelow(tree, schema)
            .filter(isSchema)
            .map(path => codeOf(tree, path))
            .join('\n')
  const source = blockAfter(text ?? '', /\bdatasource\s+\w+\s*\{/)
  const provider = /^[ \t]*provider[ \t]*=[ \t]*"([\w-]+)"/m.exec(source)?.[1]
  const said = [lock, provider].filter(word => word !== undefined).map(word => databaseNamed(word) ?? word)
  const other = said.find(database => database !== 'postgresql')
  return other === undefined ? {} : { dialect: other }
}

function isSchema(path: string): boolean {
  return path.endsWith('.prisma')
}

function asides(tree: Tree, directory: string, run: ReadonlySet<string>): Aside[] {
  const others = filesBelow(tree, directory).filter(path => !run.has(path))
  return others.flatMap((path): Aside | [] => {
    // `data-migration.ts` of Prisma's guide to expand and contract.
    if (isProgram(path))
      return { path, kind: 'by-hand', why: 'it is code beside a migration, which Prisma does not run' }
    if (!/\.sql$/i.test(path)) return []
    if (baseName(path) === 'down.sql') return { path, kind: 'undo', why: 'Prisma never reads it' }
    return { path, kind: 'never-runs', why: `Prisma runs only files called ${script}, each in a folder of its own` }
  })
}
