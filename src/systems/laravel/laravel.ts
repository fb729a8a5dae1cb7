import { codeMigrations, dialectAmong, marked, nearest } from '../reading/code-migrations.ts'
import { environment } from '../reading/database.ts'
import { autocommit, inTransaction } from '../reading/execution.ts'
import { join, namesIn, textOf } from '../reading/files.ts'
import { record } from '../reading/manifest.ts'
import { onDemand } from '../reading/on-demand.ts'
import { nearestSettings } from '../reading/program-settings.ts'
import { readerToLoad } from '../reading/reader-to-load.ts'
import type { Tree } from '../reading/tree.ts'
import { compareBytes } from '../reading/version.ts'
import { valueAt, yaml } from '../reading/yaml.ts'
import type { System } from '../system.ts'
import { noticeOn, schemaDump } from './schema-dump.ts'
import { assumedVersion, databaseFile, defaultOf, settingsIn, unknownPrefix } from './settings.ts'

const callsModule = onDemand(() => import('./calls.ts'))

/** Migrations of Laravel (illuminate/database). */
export const laravel: System = {
  id: 'laravel',
  title: 'Laravel',

  facts: {
    order: 'file name',
    down: 'down in the class',
    transaction: 'one per migration',
    optOut: 'public $withinTransaction = false;',
    history: { checksum: null },
    code: {
      files: '**/migrations/*.php',
      read: 'all of `Schema` and `Blueprint`, from Laravel 8 to 13, with modifiers, `change()`, names, and the prefix of tables; `DB::statement`, `unprepared` and similar calls; `DB::table` with plain conditions; transactions; the dump of `schema:dump`',
      inPart:
        '`Schema::hasTable` and `hasColumn`: by what earlier migrations made, otherwise both branches are read; settings of `config/*.php` that do not depend on the environment; `change()` up to Laravel 10, which compares with the database',
      unread: 'models and seeders, macros, code of the application and of packages',
    },
  },

  detect(tree, dir) {
    const file = marked(
      tree,
      dir,
      /^\d{4}_\d{2}_\d{2}_\d{6}_.+\.php$/,
      /\bIlluminate\\Database\\Migrations\\Migration\b/,
    )
    return file === null
      ? null
      : {
          directory: dir,
          sign: 'marker',
          because: `Illuminate\\Database\\Migrations in ${file}`,
          ...dialect(tree, dir),
        }
  },

  migrations(tree, directory) {
    const names = namesIn(tree, directory).filter(
      name => name.endsWith('.php') && name.slice(0, -'.php'.length).includes('_'),
    )
    const files = names
      .sort(compareBytes)
      .map(name => ({ path: join(directory, name), id: name.replace(/\.php$/, '') }))
    const settings = settingsIn(tree, directory)
    const reader = readerToLoad(callsModule, ({ laravelCalls }) => laravelCalls(settings))
    const list = codeMigrations(
      tree,
      files,
      'Laravel',
      text => ({
        execution: /\$withinTransaction\s*=\s*false\b/.test(text) ? autocommit : inTransaction,
        outside: 'In a migration of its own with `public $withinTransaction = false;` in its class',
      }),
      reader,
    )
    if (files.length === 0) return list
    const dump = schemaDump(tree, directory, settings, list.migrations)
    return {
      ...list,
      ...(dump && 'shows' in dump && { schema: dump }),
      notices: [
        ...list.notices,
        ...assumedVersion(tree, directory),
        ...unknownPrefix(tree, directory),
        ...noticeOn(dump),
      ],
    }
  },
}

/**
 * DB_CONNECTION of the environment, or the default in config/database.php. New projects have SQLite there, which a
 * project that is composed with PostgreSQL does not use.
 */
function dialect(tree: Tree, dir: string): { dialect?: string } {
  const services = nearest(tree, dir, ['docker-compose.yml', 'docker-compose.yaml', 'compose.yml', 'compose.yaml'])
  if (yaml(services?.text ?? '').some(isForPostgres)) return {}
  // A migration that checks for PostgreSQL is made for it, whatever database it checks for first.
  const names = namesIn(tree, dir).filter(name => name.endsWith('.php'))
  if (names.some(name => /['"]pgsql['"]/.test(textOf(tree, join(dir, name)) ?? ''))) return {}
  const connection = environment(tree, dir, 'DB_CONNECTION')
  const said = connection ?? defaultOf(nearestSettings(tree, dir, databaseFile))
  return dialectAmong(said === undefined ? [] : [said])
}

/** True for a compose file with an image of PostgreSQL among its services. */
function isForPostgres(document: unknown): boolean {
  const services = Object.values(record(valueAt(document, 'services')) ?? {})
  return services.some(service => /^[\w./-]*(?:postgres|postgis)/.test(String(valueAt(service, 'image') ?? '')))
}
