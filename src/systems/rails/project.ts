import { nearest } from '../reading/code-migrations.ts'
import { baseName, join, parentOf, textOf } from '../reading/files.ts'
import { settingsAt } from '../reading/program-settings.ts'
import { filesBelow, type Tree } from '../reading/tree.ts'
import type { Settings } from './given.ts'
import { inflectionsIn } from './inflections.ts'

/** The facts about a project that decide the SQL that Rails sends. */
export function settingsOf(tree: Tree, directory: string): Partial<Settings> {
  const lock = nearest(tree, directory, ['Gemfile.lock'])
  const version = versionIn(lock?.text ?? '')
  const root = lock ? parentOf(lock.path) : rootOf(tree, directory)
  return {
    ...(version !== undefined && { rails: Number(version) }),
    ...settingsIn(tree, root),
    safePg: safePgIn(lock?.text ?? ''),
    inflections: inflectionsIn(settingsAt(tree, join(root, 'config/initializers/inflections.rb'))),
    file: path => textOf(tree, join(root, path)),
  }
}

/** The version of Rails whose calls are read where no lock file names one. */
export const assumed = 8.1

/** Calls that different versions of Rails send differently, whatever version the class of a migration names. */
const byVersion = /\b(?:bulk: true|(?:add|remove)_timestamps|remove_columns|deferrable|add_enum_value)/

/** The notice that the version is assumed; none if the project names one, or if it makes no difference to these migrations. */
export function assumedVersion(tree: Tree, directory: string, paths: readonly string[]): string[] {
  const lock = nearest(tree, directory, ['Gemfile.lock'])?.text ?? ''
  if (versionIn(lock) !== undefined || !paths.some(path => byVersion.test(textOf(tree, path) ?? ''))) return []
  return [
    `The version of Rails is not known, so its migrations are read as Rails ${assumed} runs them. Commit Gemfile.lock, which names it.`,
  ]
}

function versionIn(lock: string): string | undefined {
  return /^ {4}(?:activerecord|rails) \((\d{1,3}\.\d{1,3})/m.exec(lock)?.[1]
}

/** Gems that change the SQL of migrations. */
export function gemsThatChange(tree: Tree, directory: string): string[] {
  const lock = nearest(tree, directory, ['Gemfile.lock'])?.text ?? ''
  return ['zero_downtime_migrations'].filter(gem => lock.includes(`\n    ${gem} (`))
}

/** The major version of safe-pg-migrations; null: the project does not have it. */
function safePgIn(lock: string): number | null {
  const found = /^ {4}safe-pg-migrations \((\d{1,3})\./m.exec(lock)?.[1]
  return found === undefined ? null : Number(found)
}

/** The folder that contains the application's `config`. */
function rootOf(tree: Tree, directory: string): string {
  const found = nearest(tree, directory, ['config/application.rb', 'Gemfile'])
  if (found === null) return directory
  const folder = parentOf(found.path)
  return baseName(found.path) === 'Gemfile' ? folder : parentOf(folder)
}

/** `PostgreSQLAdapter.datetime_type = :timestamptz`, and `primary_key_type: :uuid` of the generators. */
function settingsIn(tree: Tree, root: string): Partial<Settings> {
  const paths = filesBelow(tree, join(root, 'config')).filter(path => /\.rb$/.test(baseName(path)))
  const files = paths.slice(0, 100).flatMap(path => settingsAt(tree, path) ?? [])
  // The last one counts.
  const last = (name: string) => files.flatMap(file => file.texts(name)).at(-1)
  const [datetimeType, primaryKeyType] = [last('datetime_type'), last('primary_key_type')]
  const affixes = ['table_name_prefix', 'table_name_suffix'].flatMap(name => files.flatMap(file => file.values(name)))
  return {
    ...(datetimeType !== undefined && { datetimeType }),
    ...(primaryKeyType !== undefined && { primaryKeyType }),
    ...(affixes.some(value => value.kind !== 'known' || (value.value !== '' && value.value !== null)) && {
      hasAffix: true,
    }),
  }
}
