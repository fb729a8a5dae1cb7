import type { ReaderToLoad } from '../../code/reader.ts'
import { dialectAmong, marked, nearest, versionedMigrations } from '../reading/code-migrations.ts'
import { databaseOfUrl } from '../reading/database.ts'
import { autocommit, inTransaction } from '../reading/execution.ts'
import { join, parentOf } from '../reading/files.ts'
import { onDemand } from '../reading/on-demand.ts'
import { readerToLoad } from '../reading/reader-to-load.ts'
import type { Tree } from '../reading/tree.ts'
import { scalars, yaml } from '../reading/yaml.ts'
import type { Schema, System } from '../system.ts'
import { assumedVersion, gemsThatChange, settingsOf } from './project.ts'
import { schemaBeside } from './schema-file.ts'

const callsModule = onDemand(() => import('./calls.ts'))

/** Active Record of Ruby on Rails. */
export const rails: System = {
  id: 'rails',
  title: 'Rails',

  facts: {
    order: 'version number',
    down: 'change or down in the class',
    transaction: 'one per migration',
    optOut: 'disable_ddl_transaction!',
    history: { checksum: null },
    code: {
      files: '**/db/*migrate/*.rb',
      read: 'all methods that change the schema, and blocks of tables, as `ActiveRecord::Migration[4.2]` to `[8.2]` send them; `bulk: true`, `reversible`, `up_only`, `revert`, and the reversal of `change`; `execute`; names, types and defaults that Rails makes; views of Scenic; helpers of GitLab for indexes, keys and checks; what safe-pg-migrations sends instead',
      inPart:
        '`table_exists?`, `column_exists?` and the like, names of indexes and keys that Rails looks up: by what earlier migrations made; `db/schema.rb` and `db/structure.sql`, for tables older than the migrations; plurals where `inflections.rb` has patterns of its own',
      unread:
        'models, helpers of other files and gems, `raw_connection`; all where there is a `table_name_prefix` or `table_name_suffix`',
    },
  },

  detect(tree, dir) {
    const file = marked(tree, dir, NAME, /\b(?:ActiveRecord|Gitlab::Database)::Migration\b/)
    return file === null
      ? null
      : { directory: dir, sign: 'marker', because: `ActiveRecord::Migration in ${file}`, ...dialect(tree, dir) }
  },

  migrations(tree, directory) {
    const settings = settingsOf(tree, directory)
    const reader = readerToLoad(callsModule, ({ railsCalls }) => railsCalls(settings))
    // safe-pg-migrations runs none of them in a transaction.
    const isOutside = (settings.safePg ?? null) !== null
    const { migrations, notices } = versionedMigrations(
      tree,
      directory,
      NAME,
      'Rails',
      text => ({
        execution: isOutside || /^[ \t]*disable_ddl_transaction!/m.test(text) ? autocommit : inTransaction,
        outside: 'In a migration of its own with `disable_ddl_transaction!` in its class',
      }),
      reader,
    )
    const changing = gemsThatChange(tree, directory).map(
      gem =>
        `The gem ${gem} changes the SQL of Rails: the migrations of ${directory} are linted with the SQL that Rails sends without it.`,
    )
    const schema = schemaBeside(tree, directory, migrations, ofSchema(settings))
    const version = assumedVersion(
      tree,
      directory,
      migrations.map(({ path }) => path),
    )
    const told = [...notices, ...version, ...changing, ...noticeOn(schema)]
    return { migrations, ...(schema && { schema }), notices: told }
  },
}

/** It makes no difference to the schema what safe-pg-migrations does. */
function ofSchema(settings: ReturnType<typeof settingsOf>): ReaderToLoad {
  return readerToLoad(callsModule, ({ railsCalls }) => railsCalls({ ...settings, safePg: null }))
}

function noticeOn(schema: Schema | undefined): string[] {
  if (!schema) return []
  return [
    `${schema.file.path} has tables that no migration creates: what it shows of them is taken as the state before the first migration.`,
  ]
}

/** ActiveRecord::Migration::MigrationFilenameRegexp */
const NAME = /^([0-9]+)_[_a-z0-9]*(?:\.[_a-z0-9]*)?\.rb$/

function dialect(tree: Tree, dir: string): { dialect?: string } {
  const names = [
    'config/database.yml',
    'config/database.yml.example',
    'config/database.example.yml',
    'config/database.yml.sample',
  ]
  const config = nearest(tree, dir, names)
  if (config === null) return {}
  const root = parentOf(parentOf(config.path))
  return dialectAmong(databasesIn(config.text, path => join(root, path) === dir))
}

/**
 * The adapters of a database.yml, and the databases of its URLs, for a folder of migrations: those of the databases whose
 * `migrations_paths` have it, or else of those without `migrations_paths`. Rails runs ERB before it reads YAML: the values that ERB inserts
 * are unknown, and its lines without `=` insert nothing.
 */
function databasesIn(text: string, isFolder: (path: string) => boolean): string[] {
  return yaml(withoutErb(text)).flatMap(document => {
    const values = [...scalars(document)]
    const elsewhere = values.flatMap(([name, value]) =>
      name.endsWith('.migrations_paths')
        ? [{ of: name.slice(0, -'migrations_paths'.length), isOwn: value.split(',').some(isFolder) }]
        : [],
    )
    const own = elsewhere.filter(({ isOwn }) => isOwn)
    const counts = (name: string) =>
      own.length > 0 ? own.some(({ of }) => name.startsWith(of)) : !elsewhere.some(({ of }) => name.startsWith(of))
    return values.flatMap(([name, value]) => {
      if (!counts(name)) return []
      if (name.endsWith('.adapter')) return value
      return name.endsWith('.url') ? (databaseOfUrl(value) ?? []) : []
    })
  })
}

function withoutErb(text: string): string {
  const [first = '', ...rest] = text.split('<%')
  const settled = rest.map(part => {
    const end = part.indexOf('%>')
    return `${part.startsWith('=') ? 'erb' : ''}${end < 0 ? '' : part.slice(end + '%>'.length)}`
  })
  return [first, ...settled].join('')
}
