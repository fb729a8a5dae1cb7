import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { registry } from '../../src/index.ts'
import { parsePage } from '../../test/rules/kit/page.ts'

/** Valid texts, of which the inputs are made. */
export interface Corpus {
  /** Migrations: the examples of the rules' pages, and the SQL files of the fixtures. */
  readonly scripts: readonly string[]
  /** Single statements: those that are measured on PostgreSQL. */
  readonly statements: readonly string[]
  /** Whole projects, each as its tool lays it out. */
  readonly projects: readonly Project[]
  /** The rows that real tools have recorded for those projects in a database, by the name of the project. */
  readonly recorded: ReadonlyMap<string, readonly RecordedRow[]>
}

/** A row of a tracking table. */
export type RecordedRow = Readonly<Record<string, string | null>>

export interface Project {
  readonly name: string
  readonly files: readonly (readonly [path: string, content: string])[]
}

/** Reads the corpus from the repository at `root`. */
export function readCorpus(root: string): Corpus {
  const read = (path: string) => readFileSync(join(root, path), 'utf8')
  const cases = readdirSync(join(root, 'test/postgres/cases')).filter(name => name.endsWith('.json'))
  const measured = cases.flatMap(name => (JSON.parse(read(`test/postgres/cases/${name}`)) as Measured).cases)
  const syntax = JSON.parse(read('test/postgres/syntax.json')) as { readonly sql: string }[]
  const pages = registry.rules.flatMap(({ id }) => parsePage(read(`rules/${id}.md`)).examples)
  const examples = pages.flatMap(({ setup, unseen, base, blocks }) => [setup, unseen, ...base, ...blocks])
  const projects = readdirSync(join(root, 'fixtures/systems')).map(name => projectIn(root, name))
  const sql = projects.flatMap(({ files }) => files.filter(([path]) => path.endsWith('.sql')))
  return {
    scripts: unique([...examples.flatMap(block => (block ? [block.sql] : [])), ...sql.map(([, content]) => content)]),
    statements: unique([...measured.map(each => each.sql), ...syntax.map(each => each.sql)]),
    projects,
    recorded: recordedRows(JSON.parse(read('test/systems/recorded.json')) as RecordedTables),
  }
}

type RecordedTables = Readonly<
  Record<string, { readonly columns: object; readonly rows: readonly (readonly (string | null)[])[] }>
>

function recordedRows(tables: RecordedTables): Corpus['recorded'] {
  const rowsOf = ({ columns, rows }: RecordedTables[string]) =>
    rows.map(row => Object.fromEntries(Object.keys(columns).map((column, i) => [column, row[i] ?? null])))
  return new Map(Object.entries(tables).map(([name, table]) => [name, rowsOf(table)]))
}

interface Measured {
  readonly cases: readonly { readonly sql: string }[]
}

function projectIn(root: string, name: string): Project {
  const folder = join(root, 'fixtures/systems', name)
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true })
  const paths = entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
  const relative = paths.map(path => path.slice(folder.length + 1).replaceAll('\\', '/')).sort()
  const files = relative.filter(path => path !== 'expected.json')
  return { name, files: files.map(path => [path, readFileSync(join(folder, path), 'utf8')] as const) }
}

/** Only short files, because long ones only cost time. */
function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)].filter(text => typeof text === 'string' && text.length < 3000)
}
