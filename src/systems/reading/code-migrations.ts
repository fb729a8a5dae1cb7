import type { ReaderToLoad } from '../../code/reader.ts'
import type { Execution } from '../../migration/execution.ts'
import type { Notice } from '../../migration/notice.ts'
import type { Remark } from '../../migration/remark.ts'
import { writtenIn } from '../../migration/written-in.ts'
import { databaseNamed } from '../../parse/database-name.ts'
import { lookUp } from '../../parse/look-up.ts'
import type { Migration } from '../system.ts'
import { codeOf, withoutComments } from './comment.ts'
import { baseName, hasFile, join, namesIn, readMigrations, textOf, upwards } from './files.ts'
import { sqlFilesOf } from './sql-file.ts'
import { filesBelow, type Tree } from './tree.ts'
import { compareVersions, sharedVersions } from './version.ts'

/** The common parts of systems whose migrations are programs: their order is known, but not what they do. */

/** Languages of programs and data by file extension. */
const languages: Readonly<Record<string, string>> = {
  js: 'JavaScript',
  cjs: 'JavaScript',
  mjs: 'JavaScript',
  jsx: 'JavaScript',
  rb: 'Ruby',
  py: 'Python',
  php: 'PHP',
  cs: 'C#',
  ex: 'Elixir',
  exs: 'Elixir',
  ts: 'TypeScript',
  mts: 'TypeScript',
  cts: 'TypeScript',
  tsx: 'TypeScript',
  coffee: 'CoffeeScript',
  go: 'Go',
  java: 'Java',
  kt: 'Kotlin',
  rs: 'Rust',
  xml: 'XML',
  yaml: 'YAML',
  yml: 'YAML',
  json: 'JSON',
  toml: 'TOML',
  md: 'Markdown',
}

/** The language of a file by its extension; undefined for SQL and for what has another extension or none. */
export function languageOf(name: string): string | undefined {
  return lookUp(languages, name.slice(name.lastIndexOf('.') + 1).toLowerCase())
}

/**
 * The path of the first file in a directory whose name and text match, or null. Only folders with a name for migrations
 * or with numbered files are searched, and at most five texts are read.
 */
export function marked(
  tree: Tree,
  dir: string,
  name: RegExp,
  text: { readonly test: (text: string) => boolean },
): string | null {
  const names = namesIn(tree, dir).filter(each => name.test(each))
  if (
    !dir
      .split('/')
      .slice(-2)
      .some(folder => /migrat/i.test(folder)) &&
    !names.some(each => /\d{4}/.test(each))
  )
    return null
  const paths = names.slice(0, 5).map(each => join(dir, each))
  return paths.find(path => text.test(codeOf(tree, path) ?? '')) ?? null
}

export interface CodeFile {
  readonly path: string
  /** The system's record of a migration. */
  readonly id: string
}

type Facts = (
  text: string,
  path: string,
) => {
  readonly execution: Execution
  readonly outside: string
  readonly later?: string
  /** Facts about the text that is the migration: the code, or the file of SQL that it sends. */
  readonly remarks?: (text: string) => readonly Remark[]
}

/**
 * The migrations of these files, in their order. The tool's reader, if there is one, reads code; if the effect of a file depends on others,
 * each file has its own reader. Code in JavaScript or TypeScript that only sends files of SQL stands for those files.
 */
export function codeMigrations(
  tree: Tree,
  files: readonly CodeFile[],
  name: string,
  facts: Facts,
  reader?: ReaderToLoad | ((file: CodeFile) => ReaderToLoad),
): { migrations: Migration[]; notices: Notice[] } {
  const all = files.flatMap(file => {
    const code = textOf(tree, file.path) ?? ''
    const { up, down } = /\.[cm]?[jt]s$/.test(file.path) ? sqlFilesOf(tree, file.path, code) : nothing
    const own = up.length === 0 || /\.sql$/.test(file.path) || reader !== undefined || builds(code)
    const [back] = up.length === 1 && down.length === 1 ? down : []
    // Where the code does more than that, its reader loads the files itself, in their order.
    const apart = own && reader !== undefined ? [] : up
    return [
      ...apart.map(path => ({ id: file.id, path, stub: file.path, back })),
      ...(own ? [{ id: file.id, path: file.path, stub: file.path, back: undefined }] : []),
    ]
  })
  const { migrations, notices } = readMigrations(tree, all, ({ id, path, stub, back }, _, text) => {
    const { execution, outside, later = 'In a later migration', remarks } = facts(codeOf(tree, stub) ?? '', stub)
    const runner = { name, outsideTransaction: () => outside, laterMigration: () => later }
    const sql = /\.sql$/i.test(path)
    const bare = codeOf(tree, path) ?? ''
    const own = typeof reader === 'function' ? reader({ id, path }) : reader
    return {
      id,
      execution: sql && path !== stub ? { ...execution, singleMessage: true } : execution,
      runner,
      ...(sql ? {} : { ...writtenIn(languageOf(path) ?? 'JavaScript'), ...(own && { reader: own }) }),
      ...(back === undefined ? {} : { downPath: back }),
      ...(remarks && { remarks: (given: string) => remarks(given === text ? bare : withoutComments(given, path)) }),
    }
  })
  return { migrations: [...migrations], notices }
}

const nothing = { up: [], down: [] }

/**
 * The migrations of all folders below, sorted by the number with which their name starts (the pattern's first group). A
 * number that two of them share stops the system before it runs anything.
 */
export function versionedMigrations(
  tree: Tree,
  directory: string,
  pattern: RegExp,
  name: string,
  facts: Facts,
  reader?: ReaderToLoad,
): { migrations: Migration[]; notices: Notice[] } {
  const files = filesBelow(tree, directory)
    .sort()
    .flatMap(path => {
      const version = pattern.exec(baseName(path))?.[1]
      return version === undefined ? [] : [{ path, version: BigInt(version), id: String(BigInt(version)) }]
    })
  files.sort(compareVersions)
  const { migrations, notices } = codeMigrations(tree, files, name, facts, reader)
  const shared = sharedVersions(files).map(
    ([id, paths]) => `${name} refuses ${paths.join(' and ')}: both have the version ${id}.`,
  )
  return { migrations, notices: [...notices, ...shared] }
}

/** Calls with which the common libraries change a schema themselves. */
const CALLS: ReadonlySet<string> = new Set([
  ...[
    'createTable',
    'alterTable',
    'dropTable',
    'renameTable',
    'addColumn',
    'changeColumn',
    'removeColumn',
    'dropColumn',
  ],
  ...['addIndex', 'createIndex', 'addConstraint', 'createForeignKey'],
])

/** Where `up` and `down` begin. */
const half = /\b(up|down)\b\s*(?:=|\(|:)/g

/** A call that sends SQL which stands in the code. */
const literal = /\b(?:sql|query|raw|runSql|addSql|execute)\s*(?:<[^<>()]*>)?\(\s*[`'"]|\bsql`/g

function builds(code: string): boolean {
  const halves = [...code.matchAll(half)]
  const isUp = (index: number) => halves.findLast(each => each.index < index)?.[1] !== 'down'
  if ([...code.matchAll(literal)].some(({ index }) => isUp(index))) return true
  return [...code.matchAll(/(\w+)\s*(\.)?/g)].some(
    ([, word = '', dot]) => CALLS.has(word) || (word === 'schema' && dot !== undefined),
  )
}

/**
 * The path of the nearest file with one of these names, in this directory or above it, and its text without comments; null if no such
 * file exists.
 */
export function nearest(tree: Tree, dir: string, names: readonly string[]): { path: string; text: string } | null {
  for (const above of upwards(dir)) {
    const path = names.map(name => join(above, name)).find(each => hasFile(tree, each))
    const text = path === undefined ? null : codeOf(tree, path)
    if (path !== undefined && text !== null) return { path, text }
  }
  return null
}

/**
 * A project may name several databases (for instance for tests): one that is PostgreSQL is enough; otherwise the first
 * known one.
 */
export function dialectAmong(words: readonly string[]): { dialect?: string } {
  const databases = words.flatMap(word => databaseNamed(word) ?? [])
  const [first] = databases
  return first === undefined || databases.includes('postgresql') ? {} : { dialect: first }
}

/** All matches of a pattern's first group. */
export function allOf(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].flatMap(([, word]) => word ?? [])
}

/** The text between the first match and `end`; of a bracket, the one that closes the one before it. */
export function blockAfter(text: string, start: RegExp, end = '}'): string {
  const found = start.exec(text)
  if (found === null) return ''
  const from = found.index + found[0].length
  const open = lookUp(brackets, end)
  let depth = 0
  for (let at = from; at < text.length; at++) {
    if (text[at] === open) depth++
    else if (text[at] === end && depth-- === 0) return text.slice(from, at)
  }
  return ''
}

/** Opening brackets, by the closing ones. */
const brackets: Readonly<Record<string, string>> = { '}': '{', ']': '[' }
