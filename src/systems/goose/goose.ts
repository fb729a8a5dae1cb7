import type { Part } from '../../migration/migration.ts'
import type { Remark } from '../../migration/remark.ts'
import { writtenIn } from '../../migration/written-in.ts'
import { cutBodies } from '../reading/cut-bodies.ts'
import { dialectFromEnvironment } from '../reading/database.ts'
import { message, messageInTransaction } from '../reading/execution.ts'
import { baseName, join, namesIn, readMigrations, textOf } from '../reading/files.ts'
import { onDemand } from '../reading/on-demand.ts'
import { ignoredOptOuts, refused } from '../reading/opt-out.ts'
import { readerToLoad } from '../reading/reader-to-load.ts'
import type { Tree } from '../reading/tree.ts'
import { compareVersions, parseInt64, sharedVersions } from '../reading/version.ts'
import { orSyntax } from '../reading/written-dialect.ts'
import type { Aside, System } from '../system.ts'
import { type GooseFile, readGoose } from './annotations.ts'

const callsModule = onDemand(() => import('./calls.ts'))

/** https://github.com/pressly/goose: `00001_users.sql` with `-- +goose Up` and `-- +goose Down`, and Go migrations. */
export const goose: System = {
  id: 'goose',
  title: 'goose',

  facts: {
    order: 'number before the first _ (int64, above 0)',
    down: '-- +goose Down',
    transaction: 'one per file, statement by statement',
    optOut: '-- +goose NO TRANSACTION',
    history: { checksum: null },
    code: {
      files: '**/migrations/*.go',
      read: 'Go: texts that the functions given to `goose.AddMigration` and similar functions send by `*sql.Tx` and `*sql.DB`; files of `//go:embed` and `os.ReadFile`',
      inPart: 'loops and conditions on answers of the database; functions of other packages that get the transaction',
      unread: 'migrations that are passed to a `Provider` as values, `pgx` and object mappers',
    },
  },

  detect(tree, dir) {
    for (const name of namesIn(tree, dir)) {
      const path = join(dir, name)
      const marker = markerIn(tree, path)
      if (marker === null) continue
      const said = dialectFromEnvironment(tree, dir, 'GOOSE_DRIVER', 'GOOSE_DBSTRING')
      // Quotes of Go look like those of MySQL.
      const dialect = name.endsWith('.sql') ? orSyntax(said, tree, [path]) : said
      return { directory: dir, sign: 'marker', because: `${marker} in ${path}`, ...dialect }
    }
    return null
  },

  migrations(tree, dir) {
    const { files, asides } = filesOf(tree, dir)
    const refusals: string[] = []
    const reader = readerToLoad(callsModule, ({ gooseCalls }) => gooseCalls())
    const { migrations, notices } = readMigrations(tree, files, ({ id, path }, _, text) => {
      const isCode = path.endsWith('.go')
      const file = readGoose(isCode ? '' : text)
      const isNoTx = /\bgoose\.Add(?:Named)?MigrationNoTx/.test(text)
      return {
        id,
        execution: (isCode ? isNoTx : file.noTransaction) ? message : messageInTransaction,
        runner: {
          name: 'goose',
          outsideTransaction: () =>
            isCode
              ? 'In a migration of its own, which `goose.AddMigrationNoTxContext` adds'
              : file.noTransaction
                ? 'In this migration, which runs without a transaction, as a statement of its own outside of any StatementBegin block'
                : 'In a migration of its own whose first line is `-- +goose NO TRANSACTION`',
          laterMigration: () => 'In a later migration',
          ...(isCode ? {} : { keepsWhole: { written: inBlock } }),
        },
        ...(isCode ? { ...writtenIn('Go'), reader } : {}),
        parts: decoded => messages(readGoose(decoded), 'up', decoded),
        downParts: decoded => messages(readGoose(decoded), 'down', decoded),
        ...(isCode ? {} : { remarks }),
      }
    })
    for (const [id, paths] of sharedVersions(files)) {
      refusals.push(`goose stops at version ${id}, which ${paths.join(' and ')} share.`)
    }
    return { migrations, asides, notices: [...notices, ...refusals] }
  },
}

function inBlock(sql: string): string {
  return `-- +goose StatementBegin\n${sql};\n-- +goose StatementEnd`
}

/** What shows that a file is a migration of goose; null: nothing. */
function markerIn(tree: Tree, path: string): string | null {
  if (path.endsWith('.sql')) return /^--.*\+goose/m.test(textOf(tree, path) ?? '') ? '-- +goose' : null
  if (!/^\d+_/.test(baseName(path)) || !path.endsWith('.go') || path.endsWith('_test.go')) return null
  return textOf(tree, path)?.includes('goose.AddMigration') ? 'goose.AddMigration' : null
}

/** The messages that goose sends: each of its statements is one. A file that it refuses is read as far as the markers allow. */
function messages(file: GooseFile, direction: 'up' | 'down', text: string): Part[] {
  if (file.error === null) return file[direction].map(span => ({ span }))
  const [up, down] = [file.upStart ?? 0, file.downStart ?? text.length]
  if (direction === 'up') return [{ span: [Math.min(up, down), down] }]
  return down < text.length ? [{ span: [down, text.length] }] : []
}

function remarks(text: string): Remark[] {
  const file = readGoose(text)
  const cut = cutBodies(
    text,
    file.up,
    'Put the line `-- +goose StatementBegin` before this statement and `-- +goose StatementEnd` after it.',
  )
  if (cut.length > 0) return cut
  if (file.error !== null) {
    return [
      refused(
        text,
        file.error,
        'Annotations stand on lines of their own, not indented: `-- +goose Up`, `-- +goose Down`.',
      ),
    ]
  }
  if (file.noTransaction) return []
  const meant = /^--\s*(?:\+\s*)?goose:?\s*no[\s_-]?transaction/i
  return ignoredOptOuts(text, meant, 'as `-- +goose NO TRANSACTION`, on a line of its own')
}

interface File {
  readonly id: string
  readonly version: bigint
  readonly path: string
}

/** `collectMigrationsFS` and `NumericComponent`, migrate.go: `.sql` and `.go` files of the directory itself, without tests. */
function filesOf(tree: Tree, dir: string): { files: File[]; asides: Aside[] } {
  const files: File[] = []
  const asides: Aside[] = []
  for (const name of namesIn(tree, dir)) {
    if (!/\.(sql|go)$/.test(name) || name.endsWith('_test.go')) continue
    const version = name.includes('_') ? parseInt64(name.slice(0, name.indexOf('_'))) : null
    const path = join(dir, name)
    if (version !== null && version > 0n) files.push({ id: String(version), version, path })
    else if (name.endsWith('.sql')) {
      asides.push({
        path,
        kind: 'never-runs',
        why: 'goose stops at a .sql file whose name has no number above 0 before a _',
      })
    }
  }
  return { files: files.sort(compareVersions), asides }
}
