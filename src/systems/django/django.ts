import type { ProgramReader, ReaderToLoad } from '../../code/reader.ts'
import { blockAfter, type CodeFile, codeMigrations, dialectAmong, marked, nearest } from '../reading/code-migrations.ts'
import { autocommit, inTransaction } from '../reading/execution.ts'
import { baseName, hasFile, join, ofText, parentOf, textOf, upwards } from '../reading/files.ts'
import { severalHeads } from '../reading/heads.ts'
import { onDemand } from '../reading/on-demand.ts'
import { readerToLoad } from '../reading/reader-to-load.ts'
import { filesBelow, memoryOf, type Tree } from '../reading/tree.ts'
import { compareUnits } from '../reading/version.ts'
import type { Aside, System } from '../system.ts'
import type { Settings } from './settings.ts'
import { settingsFiles } from './settings-files.ts'

const settingsModule = onDemand(() => import('./settings.ts'))
const callsModule = onDemand(() => import('./calls.ts'))

/** Django: one graph of migrations over all apps of a project. */
export const django: System = {
  id: 'django',
  title: 'Django',

  facts: {
    order: 'dependencies',
    down: 'the operations, reversed',
    transaction: 'one per migration',
    optOut: 'atomic = False',
    history: { checksum: null },
    code: {
      files: '**/migrations/*.py',
      read: 'all operations of `django.db.migrations` and of `django.contrib.postgres`, from the state of the models across all apps, in Django 3.2 to 6.0; `RunSQL`; texts that `RunPython` passes to `schema_editor.execute` and cursors; fields of PostGIS and their indexes',
      inPart:
        'fields of other packages: the types of well-known ones, and of those that the project has itself; `SeparateDatabaseAndState`: what it does to the database, and the state that it declares',
      unread:
        '`RunPython` that uses models or code of the application, models of apps that are installed as packages, operations of a class of the project',
    },
  },

  detect(tree, dir) {
    const manage = join(dir, 'manage.py')
    if (hasFile(tree, manage)) {
      const folders = filesIn(tree, dir)
        .filter(path => statedIn(tree, path))
        .map(parentOf)
      const common = commonFolder(folders)
      return common === null ? null : { directory: common, sign: 'file', because: manage, ...dialect(tree, dir) }
    }
    const file = marked(tree, dir, MODULE, MIGRATION)
    return file === null
      ? null
      : { directory: dir, sign: 'marker', because: `migrations.Migration in ${file}`, ...dialect(tree, dir) }
  },

  migrations(tree, directory) {
    const { order, replaced } = planOf(tree, directory)
    const asides = replaced.map(
      ({ path, by }): Aside => ({ path, kind: 'never-runs', why: `${by} replaces it`, isReplaced: true }),
    )
    const settings = settingsModule()?.settingsOf(tree, directory)
    const assumed = order.length > 0 ? settingsModule()?.assumedVersion(tree, directory) : undefined
    const ids = order.map(({ id }) => id)
    const readers = settings && readersToLoad(ids, settings)
    const list = codeMigrations(
      tree,
      order,
      'Django',
      text => ({
        execution: /^[ \t]+atomic[ \t]*=[ \t]*False\b/m.test(text) ? autocommit : inTransaction,
        outside: 'In a migration of its own with `atomic = False`',
        // DatabaseSchemaEditor.sql_delete_table and sql_delete_column.
        remarks: () => [{ at: [0, 0], kind: 'always-cascade', calls: 'RemoveField and DeleteModel' }],
      }),
      readers,
    )
    const replacing = new Map(
      order.flatMap(({ id, replaces }) => (replaces.length > 0 ? [[id, replaces] as const] : [])),
    )
    const migrations = list.migrations.map(each => {
      const replaces = replacing.get(each.id)
      return replaces ? { ...each, replaces } : each
    })
    return { ...list, migrations, asides, notices: [...list.notices, ...(assumed ?? [])] }
  },

  // MigrationLoader.detect_conflicts: several leaf nodes of one app; `migrate` and `makemigrations` stop at them.
  integrity(tree, directory) {
    const { leaves } = planOf(tree, directory)
    return [...new Set(leaves.map(({ app }) => app))].flatMap(app =>
      severalHeads(
        leaves.flatMap(node => (node.app === app ? { name: node.id.slice(app.length + 1), path: node.path } : [])),
        {
          does: 'Django stops at `migrate` with "Conflicting migrations detected"',
          are: `leaf nodes of ${app}`,
          help: 'Join them by `python manage.py makemigrations --merge`, and commit what it writes. As long as nothing has run the newer one, its dependencies may name the other instead.',
        },
      ),
    )
  },
}

/** What one migration describes, those after it change: their readers share one project. */
function readersToLoad(ids: readonly string[], settings: Settings): (file: CodeFile) => ReaderToLoad {
  let all: ((id: string) => ProgramReader) | null = null
  return ({ id }) =>
    readerToLoad(callsModule, ({ djangoReaders }) => {
      all ??= djangoReaders(ids, settings)
      return all(id)
    })
}

function planOf(tree: Tree, directory: string): ReturnType<typeof plan> {
  const paths = filesIn(tree, directory).sort()
  const labelIn = memoryOf((app: string) => labelOf(tree, app))
  return plan(new Map(paths.flatMap(path => nodeOf(tree, path, labelIn))), userApp(tree, directory))
}

const MODULE = /^[^_~].*\.py$/
const MIGRATION = /^class Migration\(\s*(?:migrations\.)?Migration\s*\)/m

function isMigration(text: string): boolean {
  return MIGRATION.test(text)
}

/**
 * Modules of migrations: `<app>/migrations/0001_initial.py`. Packages that are installed in the tree do not belong to
 * the project.
 */
function filesIn(tree: Tree, dir: string): string[] {
  return filesBelow(tree, dir).filter(
    path =>
      /(^|\/)migrations\/[^/_~][^/]*\.py$/.test(path.includes('/') ? path : `migrations/${path}`) &&
      !/(^|\/)site-packages\//.test(path),
  )
}

interface Node extends Stated {
  /** `app.0001_initial` */
  readonly id: string
  readonly app: string
  readonly path: string
}

/** What a migration says about its place among the others. */
interface Stated {
  readonly dependencies: readonly string[]
  readonly runBefore: readonly string[]
  readonly replaces: readonly string[]
  readonly dependsOnUser: boolean
}

/** Ids of the migrations that a squashed one replaces. */
export function replacedBy(text: string): string[] {
  return keysIn(text, 'replaces')
}

function keysIn(text: string, name: keyof typeof LISTS): string[] {
  const list = listIn(text, name)
  return [...list.matchAll(/\(\s*["'](\w+)["']\s*,\s*["']([\w.]+)["']/g)].map(([, a, b]) => `${a}.${b}`)
}

const LISTS = {
  dependencies: /^[ \t]+dependencies[ \t]*(?::[^=\n\r\u2028\u2029]*)?=\s*\[/m,
  run_before: /^[ \t]+run_before[ \t]*(?::[^=\n\r\u2028\u2029]*)?=\s*\[/m,
  replaces: /^[ \t]+replaces[ \t]*(?::[^=\n\r\u2028\u2029]*)?=\s*\[/m,
}

function listIn(text: string, name: keyof typeof LISTS): string {
  return blockAfter(text, LISTS[name], ']')
}

function nodeOf(tree: Tree, path: string, labelIn: (app: string) => string): [string, Node][] {
  const stated = statedIn(tree, path)
  if (!stated) return []
  const app = labelIn(parentOf(parentOf(path)))
  const id = `${app}.${baseName(path).replace(/\.py$/, '')}`
  return [[id, { id, app, path, ...stated }]]
}

/** Null for a file that is not a migration. */
const statedIn = ofText((text): Stated | null => {
  if (!isMigration(text)) return null
  return {
    dependencies: keysIn(text, 'dependencies'),
    runBefore: keysIn(text, 'run_before'),
    replaces: replacedBy(text),
    dependsOnUser: /swappable_dependency\(\s*settings\.AUTH_USER_MODEL/.test(listIn(text, 'dependencies')),
  }
})

/** The label of an app: the one in apps.py, or the name of its package. */
function labelOf(tree: Tree, app: string): string {
  return /^[ \t]+label[ \t]*=[ \t]*["'](\w+)["']/m.exec(textOf(tree, join(app, 'apps.py')) ?? '')?.[1] ?? baseName(app)
}

/** The app of the user model, if the settings name another one than Django's own. */
function userApp(tree: Tree, directory: string): string | null {
  const [model] = settingsFiles(tree, directory).flatMap(file => file.texts('AUTH_USER_MODEL'))
  return model?.includes('.') ? (model.split('.')[0] ?? null) : null
}

/**
 * The plan for a new database (MigrationExecutor.migration_plan). For each app's last migrations, in their order, it
 * has first their dependencies and then themselves, and squashed migrations instead of those that they replace.
 */
function plan(
  nodes: ReadonlyMap<string, Node>,
  users: string | null,
): { order: Node[]; leaves: Node[]; replaced: { path: string; by: string }[] } {
  const replacing = new Map(
    [...nodes.values()].flatMap(({ id, replaces }) => replaces.map(each => [each, id] as const)),
  )
  const standing = (id: string): string => {
    const by = replacing.get(id)
    return by === undefined || !nodes.has(by) ? id : standing(by)
  }
  const active = [...nodes.values()].filter(({ id }) => standing(id) === id).sort((a, b) => compareUnits(a.id, b.id))
  const parents = new Map<string, Set<string>>(active.map(({ id }) => [id, new Set<string>()]))
  const first = (app: string) =>
    active.find(node => node.app === app && !node.dependencies.some(id => id.startsWith(`${app}.`)))?.id
  const add = (child: string, parent: string | undefined) => {
    if (parent !== undefined && parent !== child && nodes.has(parent)) parents.get(child)?.add(parent)
  }
  for (const node of nodes.values()) {
    const id = standing(node.id)
    for (const dependency of node.dependencies) {
      const [app = ''] = dependency.split('.', 1)
      add(id, dependency.endsWith('.__first__') ? first(app) : standing(dependency))
    }
    if (node.dependsOnUser && users !== null) add(id, first(users))
    for (const later of node.runBefore) add(standing(later), id)
  }
  const order = new Set<Node>()
  const appOf = (id: string) => nodes.get(id)?.app
  const followed = new Set(
    active.flatMap(({ id, app }) => [...(parents.get(id) ?? [])].filter(parent => appOf(parent) === app)),
  )
  const leaves = active.filter(({ id }) => !followed.has(id))
  for (const leaf of leaves) visit(leaf.id, nodes, parents, order)
  const replaced = [...nodes.values()].filter(({ id }) => standing(id) !== id)
  return {
    order: [...order],
    leaves,
    replaced: replaced.map(({ id, path }) => ({ path, by: nodes.get(standing(id))?.path ?? standing(id) })),
  }
}

/**
 * MigrationGraph.iterative_dfs: the last of several parents comes first, and a migration comes after everything that it
 * depends on.
 */
function visit(
  start: string,
  nodes: ReadonlyMap<string, Node>,
  parents: ReadonlyMap<string, ReadonlySet<string>>,
  order: Set<Node>,
): void {
  const stack: [id: string, done: boolean][] = [[start, false]]
  const entered = new Set<string>()
  for (let top = stack.pop(); top; top = stack.pop()) {
    const [id, done] = top
    const node = nodes.get(id)
    if (!node || order.has(node)) continue
    if (done) order.add(node)
    else if (!entered.has(id)) {
      entered.add(id)
      stack.push([id, true])
      for (const each of [...(parents.get(id) ?? [])].sort(compareUnits)) stack.push([each, false])
    }
  }
}

function commonFolder(folders: readonly string[]): string | null {
  const [first, ...others] = folders
  if (first === undefined) return null
  return upwards(first).find(dir => others.every(other => upwards(other).includes(dir))) ?? null
}

const ENGINE = /postgresql|postgis|psqlextra|mysql|sqlite3|oracle|mssql|cockroachdb/

/** ENGINE in the settings. SQLite next to a driver for PostgreSQL is for development. */
function dialect(tree: Tree, dir: string): { dialect?: string } {
  const needs = nearest(tree, dir, ['requirements.txt', 'pyproject.toml', 'Pipfile', 'setup.cfg'])?.text ?? ''
  if (/\bpsycopg/.test(needs)) return {}
  const said = settingsFiles(tree, dir).flatMap(file => file.texts('ENGINE'))
  const engines = said.flatMap(word => ENGINE.exec(word)?.[0] ?? [])
  return dialectAmong(engines.map(engine => (engine === 'psqlextra' ? 'postgresql' : engine)))
}
