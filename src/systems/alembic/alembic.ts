import { shellWord } from '../../code/spelling/shell.ts'
import { allOf, codeMigrations, nearest } from '../reading/code-migrations.ts'
import { codeOf } from '../reading/comment.ts'
import { databaseOfUrl, dialectFromEnvironment } from '../reading/database.ts'
import { allInOneTransaction, inTransaction, perhapsInTransaction } from '../reading/execution.ts'
import { baseName, hasDirectory, hasFile, join, namesIn, upwards } from '../reading/files.ts'
import { missingParent, severalHeads, shown } from '../reading/heads.ts'
import { onDemand } from '../reading/on-demand.ts'
import { settingsAt } from '../reading/program-settings.ts'
import { readerToLoad } from '../reading/reader-to-load.ts'
import { filesBelow, type Tree } from '../reading/tree.ts'
import type { System } from '../system.ts'
import { around, type Config, configOf } from './config.ts'
import { type Revision, sharedHeads, topologicalOrder, withoutParents } from './order.ts'

const callsModule = onDemand(() => import('./calls.ts'))

const environmentModule = onDemand(() => import('./environment.ts'))

/** Alembic, migrations of SQLAlchemy. */
export const alembic: System = {
  id: 'alembic',
  title: 'Alembic',

  facts: {
    order: 'down_revision',
    down: 'downgrade',
    transaction: 'one for all pending migrations; one per migration with transaction_per_migration=True',
    optOut: 'with op.get_context().autocommit_block():',
    history: { checksum: null },
    code: {
      files: '**/versions/*.py',
      read: 'all operations of `op` and `batch_alter_table`; types of SQLAlchemy, sqlalchemy_utils and pgvector, constraints, indexes, naming conventions; `op.execute` and the connection with texts and plain statements',
      inPart:
        'conditions on the content of the database; columns whose type comes from another file; types that are created only if they are missing',
      unread:
        'functions of other files, sessions and models, `sa.select`, operations of plugins (`create_entity`, `sync_enum_values`)',
    },
  },

  detect(tree, dir) {
    const config = configOf(tree, dir)
    const own = hasFile(tree, join(dir, 'env.py')) && hasFile(tree, join(dir, 'script.py.mako'))
    const home = config?.location ?? (own ? dir : null)
    if (home === null) return null
    const directory = config?.several ? around(config.versions) : (config?.versions[0] ?? join(home, 'versions'))
    if (!hasDirectory(tree, directory)) return null
    const database = databaseOfUrl(config?.url ?? '')
    const dialect =
      database === undefined
        ? dialectFromEnvironment(tree, dir)
        : database === 'postgresql'
          ? {}
          : { dialect: database }
    return { directory, sign: 'file', because: config?.path ?? join(dir, 'env.py'), ...dialect }
  },

  migrations(tree, directory) {
    const environment = environmentFor(tree, directory)
    const single = environment ? transactionsIn(tree, environment.path) : false
    const order = topologicalOrder(revisionsIn(tree, directory))
    const said = environmentModule()?.environmentOf(tree, environment?.path ?? join(directory, 'env.py'))
    const reader = said && readerToLoad(callsModule, ({ alembicCalls }) => alembicCalls(said))
    const list = codeMigrations(
      tree,
      order,
      'Alembic',
      () => ({
        execution: single === 'unknown' ? perhapsInTransaction : single ? inTransaction : allInOneTransaction,
        outside: 'In a migration of its own, inside `with op.get_context().autocommit_block()`',
      }),
      reader,
    )
    const isOpen = said?.isAssumed && order.some(({ path }) => /\bComputed\(/.test(codeOf(tree, path) ?? ''))
    return isOpen ? { ...list, notices: [...list.notices, assumedVersion] } : list
  },

  integrity(tree, directory) {
    const revisions = revisionsIn(tree, directory)
    const lost = withoutParents(revisions)
    // Of several folders, the missing one may be in another.
    if (lost.length > 0)
      return hasOtherFolders(tree, directory)
        ? []
        : lost.map(({ revision, parent }) =>
            missingParent(
              { path: revision.path, name: revision.id },
              {
                does: `Alembic stops with "KeyError"`,
                are: `${JSON.stringify(revision.id)} follows ${JSON.stringify(parent)}, which no file has`,
                help: 'Bring the missing file back, or let its down_revision name a revision that is there.',
              },
            ),
          )
    return sharedHeads(revisions).flatMap(({ label, heads, isMeant }) => {
      const merge = `alembic merge ${label === '' ? 'heads' : named(heads)}`
      const target = label === '' ? 'head' : `${label}@head`
      return severalHeads(
        heads.map(({ id, path }) => ({ name: id, path })),
        {
          does: `Alembic stops at \`upgrade ${target}\` with "Multiple head revisions are present"`,
          are: 'heads',
          ...(isMeant
            ? {
                severity: 'warning',
                help: `Deploy with \`alembic upgrade heads\`, which runs both, or join them by \`${merge}\`.`,
              }
            : {
                help: `Join them by \`${merge}\`, and commit what it writes. As long as nothing has run the newer one, its down_revision may name the other instead.`,
              }),
        },
      )
    })
  },
}

const assumedVersion =
  'The version of SQLAlchemy is not known, so computed columns are read as SQLAlchemy 2.0 sends them, which stores them by default. Name it in requirements.txt or a lock file.'

/** True if a setting names further folders that are not here, or cannot be found. */
function hasOtherFolders(tree: Tree, directory: string): boolean {
  const config = severalFor(tree, directory) ?? upwards(directory).flatMap(dir => configOf(tree, dir) ?? [])[0]
  return config?.isWhole === false || (config?.several === true && around(config.versions) !== directory)
}

/** The configuration by which this folder is the one around several `version_locations`; null: it is a single folder. */
function severalFor(tree: Tree, directory: string): Config | null {
  for (const dir of new Set([directory, ...upwards(directory), ...foldersIn(tree, directory)])) {
    const config = configOf(tree, dir)
    if (config?.several && around(config.versions) === directory) return config
  }
  return null
}

/** A configuration that lies beside the folders is one level below what is around them and it. */
function foldersIn(tree: Tree, directory: string): string[] {
  return namesIn(tree, directory, 'directory').map(name => join(directory, name))
}

/** `transaction_per_migration` of env.py. */
function transactionsIn(tree: Tree, path: string): boolean | 'unknown' {
  const settings = settingsAt(tree, path)
  if (settings?.says(true, 'transaction_per_migration')) return true
  return settings?.isUnknown('transaction_per_migration') ? 'unknown' : false
}

function environmentFor(tree: Tree, directory: string): ReturnType<typeof nearest> {
  const location = severalFor(tree, directory)?.location ?? null
  const path = location === null ? null : join(location, 'env.py')
  const text = path === null ? null : codeOf(tree, path)
  return path !== null && text !== null ? { path, text } : nearest(tree, directory, ['env.py'])
}

function named(heads: readonly Revision[]): string {
  const ids = heads.slice(0, shown).map(({ id }) => shellWord(id))
  return [...ids, ...(heads.length > shown ? ['…'] : [])].join(' ')
}

function revisionsIn(tree: Tree, directory: string): Revision[] {
  const folders = severalFor(tree, directory)?.versions ?? [directory]
  return [...new Set(folders.flatMap(folder => filesBelow(tree, folder)))]
    .filter(path => path.endsWith('.py') && !/^(?:\.#|__init__)/.test(baseName(path)))
    .sort()
    .flatMap(path => revisionOf(path, codeOf(tree, path) ?? ''))
}

const ASSIGNED = {
  revision: /^revision[ \t]*(?::[^=\n\r\u2028\u2029]*)?=[ \t]*/m,
  down_revision: /^down_revision[ \t]*(?::[^=\n\r\u2028\u2029]*)?=[ \t]*/m,
  depends_on: /^depends_on[ \t]*(?::[^=\n\r\u2028\u2029]*)?=[ \t]*/m,
  branch_labels: /^branch_labels[ \t]*(?::[^=\n\r\u2028\u2029]*)?=[ \t]*/m,
}

/** The assigned value: a tuple, a list, or the rest of the line. */
function assignedIn(text: string, start: RegExp): string {
  const found = start.exec(text)
  if (found === null) return ''
  const rest = text.slice(found.index + found[0].length)
  const end = rest.startsWith('(') ? rest.indexOf(')') : rest.startsWith('[') ? rest.indexOf(']') : -1
  return end < 0 ? (rest.split('\n', 1)[0] ?? '') : rest.slice(0, end)
}

/** A script's revision; null or empty if it is not a migration. */
export function revisionOf(path: string, text: string): Revision[] {
  const words = (name: keyof typeof ASSIGNED) => allOf(assignedIn(text, ASSIGNED[name]), /["']([^"']+)["']/g)
  const [id] = words('revision')
  if (id === undefined) return []
  return [{ id, path, down: words('down_revision'), dependsOn: words('depends_on'), labels: words('branch_labels') }]
}
