import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { registry } from '../../src/index.ts'
import { parsePage } from '../../src/pages/page.ts'
import { type Language, languages } from '../../test/hostile/kit/programs.ts'
import { ofPrograms } from './generate/program.ts'

/** Valid texts, of which the inputs are made. */
export interface Corpus {
  /** Migrations: the examples of the rules' pages, and the SQL files of the fixtures. */
  readonly scripts: readonly string[]
  /** Single statements: those that are measured on PostgreSQL. */
  readonly statements: readonly string[]
  /** Whole projects, each as its tool lays it out. */
  readonly projects: readonly Project[]
  /** Migrations that are programs: of those projects, and those that real tools have run. */
  readonly programs: readonly { readonly path: string; readonly text: string }[]
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
  const written = readdirSync(join(root, 'fixtures/systems')).map(name => projectIn(root, name))
  const projects = [...written, ...languages.map(of => projectOf(of))]
  const sql = projects.flatMap(({ files }) => files.filter(([path]) => path.endsWith('.sql')))
  return {
    scripts: unique([...examples.flatMap(block => (block ? [block.sql] : [])), ...sql.map(([, content]) => content)]),
    statements: unique([...measured.map(each => each.sql), ...syntax.map(each => each.sql)]),
    projects,
    programs: [
      ...projects.flatMap(({ files }) => files.map(([path, text]) => ({ path, text }))),
      ...filesBelow(join(root, 'test/code/tools/recorded')).map(([path, text]) => ({ path, text })),
    ].filter(({ path, text }) => ofPrograms.test(path) && text.length < 20_000),
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
  return { name, files: filesBelow(join(root, 'fixtures/systems', name)) }
}

/** A project in a language, whose first migration sends SQL and calls an unknown function. */
function projectOf(of: Language): Project {
  const body = [
    of.set('a', of.list([of.text('x'), of.text('y')])),
    of.send(of.text('CREATE TABLE orders (id int)')),
    of.call('foreign', of.variable('a')),
    of.repeat(3, of.send(of.text('SELECT 1'))),
  ]
  return { name: of.name, files: Object.entries(of.project(body.join('\n'))) }
}

/** The files of a folder, without the expectations of tests. */
function filesBelow(folder: string): [path: string, content: string][] {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true })
  const paths = entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
  const relative = paths.map(path => path.slice(folder.length + 1).replaceAll('\\', '/')).sort()
  const files = relative.filter(path => path !== 'expected.json')
  return files.map(path => [path, readFileSync(join(folder, path), 'utf8')])
}

/** Only short files, because long ones only cost time. */
function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)].filter(text => typeof text === 'string' && text.length < 3000)
}
