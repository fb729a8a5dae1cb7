import { autocommit } from '../reading/execution.ts'
import { hasFile, join, parentOf, textOf } from '../reading/files.ts'
import type { Tree } from '../reading/tree.ts'
import type { Migration, Schema } from '../system.ts'
import type { Settings } from './settings.ts'

/**
 * The file of `php artisan schema:dump`, which Laravel loads into an empty database before it runs migrations (`MigrateCommand::loadSchemaState`,
 * `schemaPath`). It records the migrations that it stands for, and Laravel does not run these. If all of them are still there, they say more than the dump.
 * `unread`: it is in the format of pg_restore.
 */
export function schemaDump(
  tree: Tree,
  directory: string,
  { connections }: Settings,
  migrations: readonly Pick<Migration, 'id'>[],
): Schema | { readonly unread: string } | null {
  const folder = join(parentOf(directory), 'schema')
  const names = [...connections].flatMap(name => ['dump', 'sql'].map(ending => `${name}-schema.${ending}`))
  const path = names.map(name => join(folder, name)).find(each => hasFile(tree, each))
  if (path === undefined) return null
  if (path.endsWith('.dump')) return { unread: path }
  const text = textOf(tree, path)
  if (text === null) return { unread: path }
  const recorded = [...text.matchAll(/\b\d{4}_\d{2}_\d{2}_\d{6}_\w+/g)].map(([name]) => name)
  const own = new Set(migrations.map(({ id }) => id))
  if (recorded.length > 0 && recorded.every(name => own.has(name))) return null
  return {
    shows: recorded.some(name => own.has(name)) ? 'after' : 'before',
    file: {
      id: path,
      path,
      content: tree.read(path),
      execution: autocommit,
      runner: {
        name: 'Laravel',
        outsideTransaction: () => 'In a migration',
        laterMigration: () => 'In a later migration',
      },
    },
  }
}

/** The notice about it. */
export function noticeOn(dump: ReturnType<typeof schemaDump>): string[] {
  if (dump === null) return []
  if ('unread' in dump)
    return [`Laravel loads ${dump.unread} before the migrations. It cannot be read, so what is in it is not known.`]
  const { shows, file } = dump
  return shows === 'before'
    ? [`Laravel loads ${file.path} before the migrations, and so it is read before them.`]
    : [
        `${file.path} shows what some of the migrations made: only what it shows of other tables is taken as the state before the first migration.`,
      ]
}
