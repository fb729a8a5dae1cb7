import { nearest } from '../reading/code-migrations.ts'
import { baseName, join, parentOf, textOf } from '../reading/files.ts'
import { filesBelow, type Tree } from '../reading/tree.ts'
import type { Settings } from './given.ts'
import { inflectionsIn } from './inflections.ts'

/** The facts about a project that decide the SQL that Rails sends. */
export function settingsOf(tree: Tree, directory: string): Partial<Settings> {
  const lock = nearest(tree, directory, ['Gemfile.lock'])
  const [, version] = /^ {4}(?:activerecord|rails) \((\d{1,3}\.\d{1,3})/m.exec(lock?.text ?? '') ?? []
  const root = lock ? parentOf(lock.path) : rootOf(tree, directory)
  return {
    ...(version !== undefined && { rails: Number(version) }),
    ...settingsIn(tree, root),
    safePg: safePgIn(lock?.text ?? ''),
    inflections: inflectionsIn(textOf(tree, join(root, 'config/initializers/inflections.rb')) ?? ''),
    file: path => textOf(tree, join(root, path)),
  }
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
  const files = filesBelow(tree, join(root, 'config')).filter(path => /\.rb$/.test(baseName(path)))
  let found: Partial<Settings> = {}
  for (const path of files.slice(0, 100))
    for (const line of (textOf(tree, path) ?? '').split('\n')) {
      const [code = ''] = line.split('#')
      const [, type] = /\bdatetime_type = :(\w+)/.exec(code) ?? []
      if (type !== undefined) found = { ...found, datetimeType: type }
      const [, key] = /\bprimary_key_type: :(\w+)/.exec(code) ?? []
      if (key !== undefined) found = { ...found, primaryKeyType: key }
      if (/\btable_name_(?:prefix|suffix) = (?!["']{2}\s*$)/.test(code)) found = { ...found, hasAffix: true }
    }
  return found
}
