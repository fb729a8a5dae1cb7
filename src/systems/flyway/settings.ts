import { hasFile, join, textOf } from '../reading/files.ts'
import { properties } from '../reading/properties.ts'
import { type TomlValue, toml } from '../reading/toml.ts'
import type { Tree } from '../reading/tree.ts'
import { scalars, valueAt, yaml } from '../reading/yaml.ts'

/** The settings of Flyway in a configuration, with defaults filled in. */
export interface FlywaySettings {
  /** The file. */
  readonly path: string
  /** It is Flyway's own file, which has no other purpose. */
  readonly isOwn: boolean
  /** Folders, relative to that of the configuration. */
  readonly locations: readonly { readonly path: string }[]
  readonly executeInTransaction: boolean
  readonly mixed: boolean
  /** All pending migrations in one transaction. */
  readonly group: boolean
  readonly transactionalLock: boolean
  readonly url?: string
  /** Schema and name of the history table, if the settings name them. */
  readonly table?: string
  readonly schema?: string
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

/** The settings in this directory: Flyway's own file, or Spring Boot's. Null if there are none. */
export function flywaySettings(tree: Tree, dir: string): FlywaySettings | null {
  for (const { files, own, read, locations } of sources) {
    for (const file of files) {
      const path = join(dir, file)
      if (!hasFile(tree, path)) continue
      const values = read(textOf(tree, path) ?? '')
      if (!own && ![...values.keys()].some(key => key.startsWith('flyway.'))) continue
      const said = values.get('flyway.locations')?.split(',') ?? locations
      const url = values.get('flyway.url') ?? values.get('url')
      const table = values.get('flyway.table')
      const schema = values.get('flyway.defaultschema') ?? values.get('flyway.schemas')?.split(',')[0]?.trim()
      return {
        path,
        isOwn: own,
        locations: said.map(location => ({ path: folderOf(location.trim()) })),
        executeInTransaction: values.get('flyway.executeintransaction') !== 'false',
        group: values.get('flyway.group') === 'true',
        mixed: values.get('flyway.mixed') === 'true',
        transactionalLock: values.get('flyway.postgresql.transactional.lock') !== 'false',
        ...(url === undefined ? {} : { url }),
        ...(table === undefined ? {} : { table }),
        ...(schema === undefined ? {} : { schema }),
      }
    }
  }
  return null
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
