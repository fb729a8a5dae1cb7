import { hasFile, join, textOf } from '../reading/files.ts'
import { properties } from '../reading/properties.ts'
import { type TomlValue, toml } from '../reading/toml.ts'
import type { Tree } from '../reading/tree.ts'
import { scalars, valueAt, yaml } from '../reading/yaml.ts'
import type { Given } from './given.ts'
import { gradleSettings } from './gradle.ts'
import { mavenSettings } from './maven.ts'
import { type FlywayNaming, usualNaming } from './name.ts'

/** The settings of Flyway in a directory, with defaults filled in. */
export interface FlywaySettings {
  /** The file, or the first of them. */
  readonly path: string
  /** It is Flyway's own file, which has no other purpose. */
  readonly isOwn: boolean
  /** A setting names the locations. */
  readonly isNamed: boolean
  /** Folders, relative to that of the configuration. */
  readonly locations: readonly { readonly path: string }[]
  readonly executeInTransaction: boolean
  /** Also true if it may be: by another execution, another profile, or a value that is not plain. */
  readonly mixed: boolean
  /** All pending migrations in one transaction. */
  readonly group: boolean
  /** New migrations may come before applied ones. */
  readonly outOfOrder: boolean
  readonly transactionalLock: boolean
  readonly naming: FlywayNaming
  readonly url?: string
  /** Schema and name of the history table, if the settings name them. */
  readonly table?: string
  readonly schema?: string
  /** The settings that are not read: a sentence for each file. */
  readonly notices: readonly string[]
}

type Values = ReadonlyMap<string, string>

/** The files with settings, the names of the settings there, and where migrations are by default. */
const sources: readonly {
  files: readonly string[]
  own: boolean
  read: (text: string) => Values
  locations: string[]
}[] = [
  {
    files: ['flyway.toml', 'flyway.user.toml', 'conf/flyway.toml'],
    own: true,
    read: text => flat(toml(text)),
    locations: ['filesystem:sql'],
  },
  { files: ['flyway.conf', 'conf/flyway.conf'], own: true, read: properties, locations: ['filesystem:sql'] },
  {
    files: ['src/main/resources/application.properties'],
    own: false,
    read: text => spring(properties(text)),
    locations: ['classpath:db/migration'],
  },
  {
    files: ['src/main/resources/application.yml', 'src/main/resources/application.yaml'],
    own: false,
    read: text => spring(new Map(yaml(text).flatMap(document => (isProfile(document) ? [] : [...scalars(document)])))),
    locations: ['classpath:db/migration'],
  },
]

/** A file, and what it says; of several alternatives, the usual one first. */
interface Source {
  readonly path: string
  readonly isOwn: boolean
  readonly given: readonly Given[]
  readonly locations: readonly string[]
}

/** The settings in this directory: of the build, of Flyway's own file, or of Spring Boot. Null if there are none. */
export function flywaySettings(tree: Tree, dir: string): FlywaySettings | null {
  const own = fileWithSettings(tree, dir)
  const all = [...buildsOf(tree, dir), ...(own ? [own] : [])]
  const [first] = all
  if (!first) return null
  const alternatives = all.flatMap(({ given }) => given)
  /** The value of the first source that has one. */
  const value = (name: string) => {
    for (const { given } of all) {
      const found = given[0]?.values.get(`flyway.${name}`)
      if (found !== undefined) return found
    }
    return undefined
  }
  const isUnread = (name: string) => alternatives.some(({ unread }) => unread.includes(name))
  const said = alternatives.flatMap(({ values }) => values.get('flyway.locations')?.split(',') ?? [])
  const url = value('url') ?? own?.given[0]?.values.get('url')
  const table = value('table')
  const schema = value('defaultschema') ?? value('schemas')?.split(',')[0]?.trim()
  return {
    path: (own && said.length === 0 ? own : first).path,
    isOwn: all.some(each => each.isOwn),
    isNamed: said.length > 0,
    locations: [
      ...new Set([...said, ...(said.length > 0 && all.length === 1 ? [] : all.flatMap(each => each.locations))]),
    ].map(location => ({ path: folderOf(location.trim()) })),
    executeInTransaction: value('executeintransaction') !== 'false',
    group: value('group') === 'true',
    mixed: isUnread('mixed') || alternatives.some(({ values }) => values.get('flyway.mixed') === 'true'),
    outOfOrder: value('outoforder') === 'true',
    transactionalLock: value('postgresql.transactional.lock') !== 'false',
    naming: namingOf(value),
    ...(url === undefined ? {} : { url }),
    ...(table === undefined ? {} : { table }),
    ...(schema === undefined ? {} : { schema }),
    notices: all.flatMap(({ path, given }) => {
      const unread = [...new Set(given.flatMap(each => each.unread))].map(name => JSON.stringify(name))
      return unread.length === 0
        ? []
        : [
            unread.length === 1
              ? `Flyway's setting ${unread[0]} has no plain value in ${path}, so it was not read.`
              : `Flyway's settings ${unread.slice(0, -1).join(', ')} and ${unread.at(-1)} have no plain values in ${path}, so they were not read.`,
          ]
    }),
  }
}

/** The plugins of Maven and Gradle read Flyway's own files too, but what the build says counts more. */
function buildsOf(tree: Tree, dir: string): Source[] {
  const builds = [
    { path: join(dir, 'pom.xml'), given: mavenSettings(tree, dir) },
    ...['build.gradle', 'build.gradle.kts']
      .map(name => join(dir, name))
      .filter(path => hasFile(tree, path))
      .slice(0, 1)
      .map(path => ({ path, given: gradleSettings(tree, dir) })),
  ]
  return builds
    .filter(({ given }) => given.length > 0)
    .map(build => ({ ...build, isOwn: false, locations: ['filesystem:src/main/resources/db/migration'] }))
}

function fileWithSettings(tree: Tree, dir: string): Source | null {
  for (const { files, own, read, locations } of sources) {
    for (const file of files) {
      const path = join(dir, file)
      if (!hasFile(tree, path)) continue
      const values = read(textOf(tree, path) ?? '')
      if (!own && ![...values.keys()].some(key => key.startsWith('flyway.'))) continue
      return { path, isOwn: own, given: [{ values, unread: [] }], locations }
    }
  }
  return null
}

function namingOf(value: (name: string) => string | undefined): FlywayNaming {
  const suffixes = value('sqlmigrationsuffixes')
    ?.split(',')
    .map(each => each.trim())
    .filter(each => each !== '')
  return {
    versioned: value('sqlmigrationprefix') || usualNaming.versioned,
    repeatable: value('repeatablesqlmigrationprefix') || usualNaming.repeatable,
    undo: value('undosqlmigrationprefix') || usualNaming.undo,
    baseline: value('baselinemigrationprefix') || usualNaming.baseline,
    separator: value('sqlmigrationseparator') || usualNaming.separator,
    suffixes: suffixes?.length ? suffixes : usualNaming.suffixes,
  }
}

/** `filesystem:sql` → `sql`, `classpath:db/migration` → `src/main/resources/db/migration`; wildcards end the path. */
function folderOf(location: string): string {
  const scheme = ['filesystem', 'classpath'].find(each => location.startsWith(`${each}:`))
  const path = scheme === undefined ? location : location.slice(scheme.length + 1)
  const [plain = ''] = path.replace(/^\.\//, '').split(/[*?{]/, 1)
  return scheme === 'filesystem' ? plain : join('src/main/resources', plain)
}

/** `spring.flyway.postgresql.transactional-lock` → `flyway.postgresql.transactional.lock`; the URL is that of the data source. */
function spring(all: Values): Values {
  const values = new Map<string, string>()
  for (const [name, value] of all) {
    const key = name.toLowerCase()
    if (key === 'spring.datasource.url') values.set('url', value)
    const own = /^spring\.(flyway\..*)$/.exec(key)?.[1]
    if (own === undefined) continue
    values.set(
      own === 'flyway.postgresql.transactional-lock' ? 'flyway.postgresql.transactional.lock' : own.replaceAll('-', ''),
      value,
    )
  }
  return values
}

/** A document of a Spring YAML file that applies only to some profiles. */
function isProfile(document: unknown): boolean {
  const named = [
    valueAt(document, 'spring', 'config', 'activate'),
    valueAt(document, 'spring.config.activate.on-profile'),
  ]
  return named.some(each => each !== undefined) || typeof valueAt(document, 'spring', 'profiles') === 'string'
}

/** A flyway.toml as properties: `[flyway] locations = ["filesystem:sql"]`, `[environments.x] url = "…"`. */
function flat(values: ReadonlyMap<string, TomlValue> | null): Values {
  const found = new Map<string, string>()
  for (const [key, value] of values ?? []) {
    const text = typeof value === 'object' ? value.join(',') : String(value)
    if (/^environments\.[^.]+\.url$/.test(key) && !found.has('url')) found.set('url', text)
    else found.set(key.toLowerCase(), text)
  }
  return found
}
