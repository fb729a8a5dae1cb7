import type { ReaderToLoad } from '../../code/reader.ts'
import { writtenIn } from '../../migration/written-in.ts'
import { databaseOfUrl } from '../reading/database.ts'
import { inTransaction } from '../reading/execution.ts'
import { hasFile, join, namesIn, parentOf, readMigrations, textOf, upwards } from '../reading/files.ts'
import { onDemand } from '../reading/on-demand.ts'
import { readerToLoad } from '../reading/reader-to-load.ts'
import { filesBelow, type Tree } from '../reading/tree.ts'
import { compareUnits } from '../reading/version.ts'
import type { Aside, Migration, System } from '../system.ts'
import { changelogProblem, filesOf, isFormatted, masterIn } from './changelog.ts'
import type { Changelog } from './given.ts'
import type { Included } from './included.ts'
import { setting, settingsFile } from './settings.ts'
import { changesets, downParts, leftOut, remarks, units, upParts } from './sql.ts'

const changelogsModule = onDemand(() => import('./changelogs.ts'))
const changesModule = onDemand(async () => ({ ...(await import('./document.ts')), ...(await import('./advice.ts')) }))

/** Liquibase: change sets in formatted SQL, in the order in which a changelog includes their files. */
export const liquibase: System = {
  id: 'liquibase',
  title: 'Liquibase',

  facts: {
    order: 'the master changelog; without one, path',
    down: '--rollback',
    transaction: 'one per change set, statement by statement',
    optOut: 'runInTransaction:false',
    history: { checksum: 'MD5 of the change set' },
    code: {
      files: '**/changelog/**/*.{xml,yaml,yml,json}',
      read: 'XML, YAML and JSON: changes of tables, columns, indexes, constraints, views, sequences and rows, `sql`, `sqlFile`, `modifySql`; `dbms`, properties, `runInTransaction`, `rollback`',
      inPart:
        'change sets that `preConditions`, contexts or labels may skip: they are read as statements that may not run; those whose context names only other databases, such as `mysql`, are not read, and each is counted; files that a class of the project chooses or orders (`filter`, `resourceComparator`)',
      unread: '`customChange`, `loadData`, `executeCommand` and other changes that are code or read files',
    },
  },

  detect(tree, dir) {
    const settings = join(dir, settingsFile)
    const named = setting(tree, dir, 'changelogfile') ?? setting(tree, dir, 'changelog-file')
    const file = named === undefined ? undefined : join(dir, named)
    if (file !== undefined && hasFile(tree, file)) {
      return { directory: parentOf(file), sign: 'file', because: settings, ...dialect(tree, dir) }
    }
    const master = masterIn(tree, dir)
    if (master !== null) return { directory: dir, sign: 'file', because: master, ...dialect(tree, dir) }
    const files = namesIn(tree, dir).filter(name => /\.sql$/i.test(name))
    const sql = files.slice(0, 20).find(name => isFormatted(textOf(tree, join(dir, name)) ?? ''))
    if (sql === undefined) return null
    return {
      directory: dir,
      sign: 'marker',
      because: `--liquibase formatted sql in ${join(dir, sql)}`,
      ...dialect(tree, dir),
    }
  },

  migrations(tree, directory) {
    const below = filesBelow(tree, directory).filter(path => /\.sql$/i.test(path))
    const formatted = below.filter(path => isFormatted(textOf(tree, path) ?? '')).sort(compareUnits)
    const missing: string[] = []
    const master = masterIn(tree, directory)
    const seen = new Map<string, Included>()
    const files = master === null ? formatted : filesOf(tree, master, missing, seen)
    const said = changelogsModule()?.saidBy(tree, directory, seen)
    const { migrations, notices } = readMigrations(
      tree,
      files.map(path => ({ path })),
      ({ path }, _, text) => ({
        id: path,
        execution: inTransaction,
        runner: runnerOf(path),
        ...(/\.sql$/i.test(path)
          ? isFormatted(text)
            ? {
                parts: (text: string) => upParts(text, seen.get(path)),
                leftOut: (text: string) => leftOut(text, seen.get(path)),
                downParts,
                remarks,
                units,
              }
            : {}
          : {
              ...notRead(path, text),
              ...(changelogProblem(path, text) === null && said && { reader: readerOf(path, said) }),
            }),
      }),
    )
    const included = new Set(files)
    const asides: Aside[] = formatted
      .filter(path => !included.has(path) && changesets(textOf(tree, path) ?? '').length > 0)
      .map(path => ({ path, kind: 'never-runs', why: `${master ?? 'no changelog'} does not include it` }))
    return { migrations, asides, notices: [...missing, ...notices] }
  },
}

/** Reads a changelog, and gives advice in its format. */
function readerOf(path: string, said: (changelog: string) => Changelog): ReaderToLoad {
  return readerToLoad(changesModule, ({ changesetsIn, liquibaseAdvice }) => {
    return { ...changesetsIn(said), advice: liquibaseAdvice(path) }
  })
}

/** The way to run a change set without a transaction depends on the format of the changelog. */
function runnerOf(path: string) {
  const [, end = 'sql'] = /\.(\w+)$/.exec(path.toLowerCase()) ?? []
  const said = outside.get(end) ?? '`runInTransaction: false`'
  return {
    name: 'Liquibase',
    outsideTransaction: () => `In a change set of its own, with ${said}`,
    laterMigration: () => 'In a later change set',
    ...(end === 'sql' && { keepsWhole: { also: whole } }),
  }
}

const whole =
  'Put `splitStatements:false` on its `--changeset` line too: without it, Liquibase cuts this statement at each semicolon in it.'

const outside: ReadonlyMap<string, string> = new Map([
  ['sql', '`runInTransaction:false` on its `--changeset` line'],
  ['xml', '`runInTransaction="false"`'],
  ['json', '`"runInTransaction": false`'],
])

/** Why it is not read: it is broken, or in a format for which there is no reader. */
function notRead(path: string, text: string): Pick<Migration, 'opaque' | 'language'> {
  const format = /\.xml$/i.test(path) ? 'XML' : /\.json$/i.test(path) ? 'JSON' : 'YAML'
  const problem = changelogProblem(path, text)
  return problem ? { opaque: `it is broken ${format}, line ${problem.line}: ${problem.what}` } : writtenIn(format)
}

/** By the JDBC URL of the nearest liquibase.properties. */
function dialect(tree: Tree, dir: string): { dialect?: string } {
  const home = upwards(dir).find(above => hasFile(tree, join(above, settingsFile)))
  const url = home === undefined ? '' : (setting(tree, home, 'url') ?? '')
  const offline = /^offline:(\w+)/.exec(url)?.[1]
  const database = databaseOfUrl(offline === undefined ? url : `${offline}:`)
  return database === undefined || database === 'postgresql' ? {} : { dialect: database }
}
