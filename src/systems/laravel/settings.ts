import type { Given } from '../../code/settings/settings.ts'
import { lookUp } from '../../parse/look-up.ts'
import { nearest } from '../reading/code-migrations.ts'
import { hasFile, join, textOf, upwards } from '../reading/files.ts'
import { json, record } from '../reading/manifest.ts'
import { nearestSettings, type Settings as SettingsFile, textsOf } from '../reading/program-settings.ts'
import type { Tree } from '../reading/tree.ts'
import { type Model, modelsOf } from './model.ts'

/** What the SQL of Laravel's schema builder depends on besides the migration. */
export interface Settings {
  /** Major and minor version of illuminate/database. */
  readonly version: readonly [number, number]
  /** `change()` and `renameColumn()` compare with the table in the database, because the project has doctrine/dbal (up to Laravel 10). */
  readonly asksDoctrine: boolean
  readonly stringLength: number
  /** The type of keys of morphs: `int`, `uuid` or `ulid`. */
  readonly morphKey: string
  readonly prefix: string
  /** Names of the connection that migrations use if they name none. */
  readonly connections: ReadonlySet<string>
  /** The facts about a model of the application; null: unknown. */
  readonly model: (name: string) => Model | null
  /** The text of a file in the folder `config`, by its name; null: there is none. */
  readonly configText: (name: string) => string | null
}

/** The newest version whose source the readers follow, which is the default for projects that state no version. */
const newest = [13, 26] as const

/** The packages that have the schema builder. */
const packages = ['laravel/framework', 'illuminate/database']

/** The notice that the version is assumed; none if the project names one. */
export function assumedVersion(tree: Tree, dir: string): string[] {
  if (packageIn(tree, dir, packages) !== null) return []
  return [
    `The version of Laravel is not known, so its migrations are read as Laravel ${newest[0]} runs them. Name laravel/framework in composer.json or composer.lock.`,
  ]
}

export const settingsWithout: Settings = {
  version: newest,
  asksDoctrine: false,
  stringLength: 255,
  morphKey: 'int',
  prefix: '',
  connections: new Set(['pgsql']),
  model: () => null,
  configText: () => null,
}

export function since({ version: [major, minor] }: Settings, from: readonly [number, number]): boolean {
  return major > from[0] || (major === from[0] && minor >= from[1])
}

/** The settings in the files of a project. `dir` is the folder of its migrations. */
export function settingsIn(tree: Tree, dir: string): Settings {
  const version = packageIn(tree, dir, packages) ?? newest
  const provider = nearestSettings(tree, dir, ['app/Providers/AppServiceProvider.php'])
  const config = nearestSettings(tree, dir, databaseFile)
  const calls = (name: string) => provider?.calls(name) ?? []
  const [length] = calls('defaultStringLength').flatMap(({ args: [given] }) => numberIn(given) ?? [])
  const [morphKey] = [
    ...calls('defaultMorphKeyType').flatMap(({ args: [given] }) => textsOf(given)),
    ...(calls('morphUsingUuids').length > 0 ? ['uuid'] : []),
    ...(calls('morphUsingUlids').length > 0 ? ['ulid'] : []),
  ]
  const home = defaultOf(config)
  const isNative = calls('useNativeSchemaOperationsIfPossible').length > 0 && version[0] >= 10
  return {
    version,
    asksDoctrine: version[0] < 11 && !isNative && (version[0] < 10 || packageIn(tree, dir, ['doctrine/dbal']) !== null),
    stringLength: length ?? 255,
    morphKey: morphKey ?? 'int',
    prefix: config?.text('pgsql', 'prefix') ?? '',
    connections: new Set(['pgsql', ...(home === undefined ? [] : [home])]),
    model: modelsOf(tree, dir),
    configText: name => nearest(tree, dir, [`config/${name}.php`])?.text ?? null,
  }
}

export const databaseFile = ['config/database.php']

/** The name of the connection that counts where none is named. */
export function defaultOf(config: SettingsFile | null): string | undefined {
  return (config?.all('default') ?? []).flatMap(({ path, value }) => (path.length === 1 ? textsOf(value) : []))[0]
}

function numberIn(given: Given | undefined): number | undefined {
  return given?.kind === 'known' && typeof given.value === 'number' ? given.value : undefined
}

/** What could not be read of the project's settings: names of tables may have a prefix. */
export function unknownPrefix(tree: Tree, dir: string): string[] {
  const config = nearestSettings(tree, dir, databaseFile)
  if (!config?.isUnknown('pgsql', 'prefix')) return []
  return [`The prefix of tables in ${config.path} is not known, so tables are taken to have none.`]
}

/** Major and minor version of a package of Composer, from the lock file or from the requirement in composer.json; null: the project lacks it. */
function packageIn(tree: Tree, dir: string, names: readonly string[]): readonly [number, number] | null {
  for (const above of upwards(dir)) {
    const [lock, manifest] = ['composer.lock', 'composer.json'].map(name => {
      const path = join(above, name)
      return hasFile(tree, path) ? json(textOf(tree, path) ?? '') : {}
    })
    for (const list of ['packages', 'packages-dev']) {
      const packages = lookUp(lock ?? {}, list)
      for (const each of Array.isArray(packages) ? packages : []) {
        const entry = record(each)
        if (!names.some(name => entry?.name === name)) continue
        const found = /^v?(\d{1,3})\.(\d{1,5}|x)/.exec(String(entry?.version))
        if (found) return [Number(found[1]), found[2] === 'x' ? 999 : Number(found[2])]
      }
    }
    for (const list of ['require', 'require-dev'])
      for (const name of names) {
        const wanted = lookUp(record(lookUp(manifest ?? {}, list)) ?? {}, name)
        // The newest version of the highest of `^10.0|^11.0`.
        const majors = typeof wanted === 'string' ? [...wanted.matchAll(/(?:^|[^\d.])(\d{1,3})(?=\.|$|\s|\|)/g)] : []
        const highest = majors.reduce((most, [, major]) => Math.max(most, Number(major)), 0)
        if (highest > 0) return [highest, 999]
      }
  }
  return null
}
