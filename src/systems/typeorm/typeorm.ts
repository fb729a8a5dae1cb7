import type { Remark } from '../../migration/remark.ts'
import { allOf, codeMigrations, dialectAmong, marked } from '../reading/code-migrations.ts'
import { codeOf } from '../reading/comment.ts'
import { allInOneTransaction, autocommit, inTransaction, perhapsInTransaction } from '../reading/execution.ts'
import { baseName, join, namesIn, upwards } from '../reading/files.ts'
import { dependencyAbove, json, record } from '../reading/manifest.ts'
import { onDemand } from '../reading/on-demand.ts'
import { refused } from '../reading/opt-out.ts'
import { type Settings, settingsAt } from '../reading/program-settings.ts'
import { readerToLoad } from '../reading/reader-to-load.ts'
import { filesBelow, type Tree } from '../reading/tree.ts'
import { compareVersions } from '../reading/version.ts'
import type { System } from '../system.ts'
import { settingsOf } from './settings.ts'

const callsModule = onDemand(() => import('./calls.ts'))

/** https://github.com/typeorm/typeorm: classes whose names end in the time of their creation, in milliseconds. */
export const typeorm: System = {
  id: 'typeorm',
  title: 'TypeORM',

  facts: {
    order: 'the number at the end of the class name',
    down: 'down in the class',
    transaction: 'one for all pending migrations; migrationsTransactionMode "each" or "none"',
    optOut: 'transaction = false in the class, with migrationsTransactionMode "each"',
    history: { checksum: null },
    code: {
      files: '**/migrations/*.{js,ts}',
      read: '`queryRunner.query`; tables, columns, indexes and constraints; `uuidExtension`',
      inPart:
        'indexes, constraints and enumerations of the database that `dropColumn`, `dropTable` and `changeColumn` drop; `renameColumn` and `renameTable`; names of a naming strategy',
      unread: '`manager` and repositories, generated columns, views',
    },
  },

  detect(tree, dir) {
    const file = marked(tree, dir, FILE, /\bMigrationInterface\b|\bawait\s+queryRunner\.query\(/)
    return file === null
      ? null
      : { directory: dir, sign: 'marker', because: `MigrationInterface in ${file}`, ...dialect(tree, dir) }
  },

  migrations(tree, directory) {
    const files = namesIn(tree, directory).flatMap(name => {
      const path = join(directory, name)
      const text = FILE.test(name) && !name.endsWith('.d.ts') ? (codeOf(tree, path) ?? '') : ''
      const id = nameOf(text)
      return id === null ? [] : [{ path, id, version: BigInt(id.slice(-13)) }]
    })
    // MigrationExecutor.getMigrations
    files.sort(compareVersions)
    const mode = modeOf(tree, directory)
    const settings = settingsOf(tree, directory)
    const reader = readerToLoad(callsModule, ({ typeormReader }) => typeormReader(settings))
    return codeMigrations(
      tree,
      files,
      'TypeORM',
      text => ({
        execution:
          mode === 'none' || (mode === 'each' && OPT_OUT.test(text))
            ? autocommit
            : mode === 'unknown'
              ? perhapsInTransaction
              : mode === 'each'
                ? inTransaction
                : allInOneTransaction,
        outside:
          'In a migration of its own with `transaction = false` in its class, and `migrationsTransactionMode: "each"`',
        ...(mode === 'all' && OPT_OUT.test(text) && { remarks: refusal }),
      }),
      reader,
    )
  },
}

const OPT_OUT = /\btransaction\s*(?::\s*boolean\s*)?=\s*false\b/

// ForbiddenTransactionModeOverrideError
function refusal(text: string): Remark[] {
  const why = 'its class has `transaction = false`, but all pending migrations must run in one transaction'
  return [refused(text, why, 'Set `migrationsTransactionMode: "each"` in the data source.')]
}

const FILE = /\.(ts|js|cts|cjs|mts|mjs)$/

/** The value of `name` in the class, or the name of the class; null if neither ends in 13 digits. */
function nameOf(text: string): string | null {
  const names = [...allOf(text, /\bname\s*(?::\s*string\s*)?=\s*["'`](\w+)["'`]/g), ...allOf(text, /\bclass\s+(\w+)/g)]
  return names.find(name => /\d{13}$/.test(name.slice(-13))) ?? null
}

/** The usual files of the DataSource: ormconfig, data-source.ts and the like, in the package of the migrations. */
function sources(tree: Tree, directory: string): Settings[] {
  const home = dependencyAbove(tree, directory, 'package.json', 'typeorm')?.directory ?? upwards(directory)[1] ?? ''
  const paths = filesBelow(tree, home).filter(path => isSource(baseName(path)) && !path.endsWith('.d.ts'))
  return paths.slice(0, 20).flatMap(path => settingsAt(tree, path) ?? [])
}

function isSource(name: string): boolean {
  const [end] = /\.(?:json|ya?ml|[cm]?[jt]s)$/i.exec(name) ?? []
  const stem = name.slice(0, -(end?.length ?? name.length))
  return /^ormconfig$/i.test(stem) || (/^[\w.-]+$/.test(stem) && /data-?source|typeorm|database/i.test(stem))
}

function modeOf(tree: Tree, directory: string): string {
  const manifest = dependencyAbove(tree, directory, 'package.json', 'typeorm')?.text ?? ''
  const scripts = Object.values(record(json(manifest).scripts) ?? {}).map(String)
  const flags = scripts.filter(script => script.includes('migration:run'))
  const flag = flags.map(script => /\s(?:-t|--transaction)[\s=]+(all|each|none)\b/.exec(script)?.[1]).find(Boolean)
  if (flag !== undefined) return flag
  const files = sources(tree, directory)
  const said = files.flatMap(file => file.texts('migrationsTransactionMode'))[0]
  return said ?? (files.some(file => file.isUnknown('migrationsTransactionMode')) ? 'unknown' : 'all')
}

function dialect(tree: Tree, directory: string): { dialect?: string } {
  const types = sources(tree, directory).flatMap(file => file.texts('type'))
  const said = types.map(type => type.replace(/^aurora-|^better-/, ''))
  const known = dialectAmong(said)
  if (known.dialect !== undefined || said.some(type => type === 'postgres')) return known
  const drivers = ['pg', 'mysql2', 'mysql', 'sqlite3', 'mssql'].filter(name =>
    dependencyAbove(tree, directory, 'package.json', name),
  )
  return dialectAmong(drivers)
}
