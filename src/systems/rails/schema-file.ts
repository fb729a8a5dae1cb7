import type { ReaderToLoad } from '../../code/reader.ts'
import { writtenIn } from '../../migration/written-in.ts'
import { allOf } from '../reading/code-migrations.ts'
import { autocommit } from '../reading/execution.ts'
import { baseName, hasFile, join, parentOf, textOf } from '../reading/files.ts'
import type { Tree } from '../reading/tree.ts'
import type { Migration, Schema } from '../system.ts'

/**
 * The file in which Rails keeps the schema after all migrations, if it has tables that none of these migrations seems to create: the oldest
 * ones were removed, and Rails makes new databases from this file (`db:schema:load`).
 */
export function schemaBeside(
  tree: Tree,
  directory: string,
  migrations: readonly Migration[],
  reader: ReaderToLoad,
): Schema | undefined {
  const path = pathIn(tree, directory)
  const text = path === undefined ? null : textOf(tree, path)
  if (path === undefined || text === null || migrations.length === 0) return undefined
  const created = new Set([...migrations].flatMap(each => createdIn(textOf(tree, each.path) ?? '')))
  const isSql = path.endsWith('.sql')
  const tables = allOf(text, isSql ? sqlTable : /^ *create_table "([^"\n]+)"/gm).map(bare)
  if (tables.every(table => created.has(table) || ofRails.has(table))) return undefined
  const runner = {
    name: 'Rails',
    outsideTransaction: () => 'In a migration',
    laterMigration: () => 'In a later migration',
  }
  const file = { id: path, path, content: tree.read(path), execution: autocommit, runner }
  return { shows: 'after', file: isSql ? file : { ...file, ...writtenIn('Ruby'), reader } }
}

/** `db/migrate` has `db/schema.rb` or `db/structure.sql`, and `db/cache_migrate` has `db/cache_schema.rb`. */
function pathIn(tree: Tree, directory: string): string | undefined {
  const of = /^(\w+_)migrate$/.exec(baseName(directory))?.[1] ?? ''
  const own = of === 'post_' ? '' : of
  const paths = ['structure.sql', 'schema.rb'].map(name => join(parentOf(directory), `${own}${name}`))
  return paths.find(path => hasFile(tree, path))
}

const sqlTable = /\bcreate\s+table\s+(?:if\s+not\s+exists\s+)?([\w."]+)/gi

const ofRails: ReadonlySet<string> = new Set(['schema_migrations', 'ar_internal_metadata'])

/** Tables that a migration creates, as far as their names stand right beside the words for that. */
function createdIn(text: string): string[] {
  return [
    ...allOf(text, /\bcreate_table\w*[ (]+[:"']+([\w.]+)/g),
    ...allOf(text, /\brename_table[ (]+[:"']+[\w.]+["']?, *[:"']+([\w.]+)/g),
    ...allOf(text, sqlTable),
  ].map(bare)
}

/** The name without quotes and without its schema. */
function bare(name: string): string {
  const plain = name.replaceAll('"', '')
  return plain.slice(plain.lastIndexOf('.') + 1)
}
