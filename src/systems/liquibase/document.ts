import { NotRead, told } from '../../code/given/not-read.ts'
import { boundedItems } from '../../code/limit.ts'
import type { Direction, DocumentReader } from '../../code/reader.ts'
import type { Run } from '../../code/run.ts'
import { cut, joined, lengthOf, plain, substituted, type Text, textAt, unknownIn } from '../../code/text.ts'
import type { Execution } from '../../migration/execution.ts'
import { next } from '../../parse/lexer.ts'
import type { Span } from '../../parse/span.ts'
import { autocommit, inTransaction } from '../reading/execution.ts'
import { lines } from '../reading/lines.ts'
import { changelogOf, type Part } from './change.ts'
import { changes } from './changes.ts'
import { isForPostgres, ofOthers } from './filter.ts'
import { type Changelog, Given } from './given.ts'

/** Change sets in XML, YAML and JSON, and the SQL that Liquibase sends for each. `changelog` gives the facts about the changelog at a path. */
export function changesetsIn(changelog: (path: string) => Changelog): DocumentReader {
  return {
    read: (path, source, run, direction) => {
      const root = changelogOf(path, source)
      if (!root) return 'it could not be read'
      const own = changelog(path)
      const all = changeSetsOf(root)
      const quotesAll = isAll(root)
      for (const each of direction === 'up' ? all : [...all].reverse())
        told(run, each.nameAt, () => changeset(new Given(each, own, quotesAll || isAll(each)), run, direction))
      return null
    },
    comments: (path, source) => (/\.xml$/i.test(path) ? commentsOfXml(source) : commentsOfYaml(source)),
  }
}

function changeSetsOf(root: Part): Part[] {
  const all = root.parts.flatMap(each => (each.name === 'modifyChangeSets' ? each.parts : [each]))
  return all.filter(({ name }) => name === 'changeSet')
}

function commentsOfXml(source: string): Span[] {
  const found: Span[] = []
  for (let start = source.indexOf('<!--'); start >= 0; ) {
    const end = source.indexOf('-->', start)
    if (end < 0) break
    found.push([start + 4, end])
    start = source.indexOf('<!--', end)
  }
  return found
}

/** The comments of YAML that have a line of their own. */
function commentsOfYaml(source: string): Span[] {
  return lines(source).flatMap(({ text, start }): Span[] => {
    const indent = text.length - text.trimStart().length
    return text.startsWith('#', indent) ? [[start + indent, start + text.length]] : []
  })
}

function isAll({ values }: Part): boolean {
  const strategy = values.get('objectQuotingStrategy')
  return strategy !== undefined && plain(strategy).toUpperCase() === 'QUOTE_ALL_OBJECTS'
}

/** This many characters of SQL are as much work as a step. */
const charactersOfStep = 100

/** Parts of a change set that are not changes. */
const others = new Set(['validCheckSum', 'comment', 'preConditions', 'rollback', 'modifySql', 'tagDatabase'])

function changeset(set: Given, run: Run, direction: Direction): void {
  if (!isRunOnPostgres(set)) return
  const why = ofOthers(contextOf(set)) ?? ofOthers(set.changelog.included.context)
  if (why !== null) return run.doubt(set.part.nameAt, why)
  const isInTransaction = set.word('runInTransaction')?.toLowerCase() !== 'false'
  const execution: Execution = isInTransaction ? { ...inTransaction, beginsAgain: true } : autocommit
  const parts = direction === 'up' ? set.part.parts.filter(({ name }) => !others.has(name)) : rollbackOf(set)
  const sender = new Sender(run, set)
  const work = () => {
    for (const part of parts) sender.change(set.of(part))
  }
  run.inWay({ execution }, () => (isConditional(set) ? run.perhaps(work) : work()))
}

/** Whether Liquibase may skip the change set: the run says which contexts and labels it takes, and by default a false precondition stops everything. */
function isConditional(set: Given): boolean {
  if (set.changelog.included.isConditional) return true
  if (['context', 'contextFilter', 'labels'].some(name => set.text(name) !== null)) return true
  const [conditions] = set.part.parts.filter(({ name }) => name === 'preConditions')
  const onFail = conditions?.values.get('onFail')
  return onFail !== undefined && /^(?:MARK_RAN|CONTINUE)$/i.test(plain(onFail))
}

/** Changes in `<rollback>`, or its text as SQL. */
function rollbackOf(set: Given): Part[] {
  return set.part.parts
    .filter(({ name }) => name === 'rollback')
    .flatMap(rollback =>
      plain(rollback.text).trim() === '' ? rollback.parts : [{ ...rollback, name: 'sql', parts: [] }],
    )
}

function contextOf(set: Given): string {
  return set.word('contextFilter') ?? set.word('context') ?? ''
}

/** What Liquibase itself says about it, whatever contexts a run takes. */
function isRunOnPostgres(set: Given): boolean {
  return isForPostgres(set.word('dbms')) && !set.isTrue('ignore')
}

/** Sends the statements of one change set, the first of which begins its transaction. */
class Sender {
  readonly #run: Run
  readonly #set: Given
  #isFirst = true

  constructor(run: Run, set: Given) {
    this.#run = run
    this.#set = set
  }

  change(change: Given): void {
    const run = this.#run
    run.step()
    try {
      if (!isForPostgres(change.word('dbms'))) return
      if (change.part.name === 'sql' || change.part.name === 'sqlFile') return this.#sql(change)
      const make = changes.get(change.part.name)
      if (!make) return this.#unread(change, `\`${change.part.name}\` is not read yet`)
      const made = make(change)
      change.finish()
      for (const text of made) this.#send(text, change)
    } catch (error) {
      if (!(error instanceof NotRead)) throw error
      run.unread(error.at ?? change.part.nameAt, error.why)
    }
  }

  #unread(change: Given, why: string): void {
    this.#run.unread(change.part.nameAt, why)
  }

  #sql(change: Given): void {
    const isFile = change.part.name === 'sqlFile'
    const file = isFile ? fileOf(change) : null
    const own = file ? file.text : isFile ? null : change.content('sql')
    // It may be the same large file each time, in which nothing is sent.
    if (own) this.#run.step(1 + Math.ceil(lengthOf(own) / charactersOfStep))
    if (file && file.problem !== null) this.#unread(change, file.problem)
    if (!own) return this.#unread(change, isFile ? 'the file that it names was not found' : 'there is no SQL in it')
    const delimiter = change.word('endDelimiter') ?? ';'
    const isSplit = change.word('splitStatements')?.toLowerCase() !== 'false'
    change.passOver(['stripComments', 'encoding', 'path', 'relativeToChangelogFile', 'comment', 'dbms'])
    change.finish()
    if (delimiter !== ';') return this.#unread(change, 'its statements do not end with semicolons')
    for (const text of isSplit ? statementsIn(own) : [own]) this.#send(text, change)
  }

  #send(text: Text, change: Given): void {
    const modified = this.#modified(text, change)
    if (!modified) return
    this.#run.send(modified, { at: change.part.at, ...(this.#isFirst && { apart: true }) })
    this.#isFirst = false
  }

  /** How `<modifySql>` of the change set changes its SQL; null: unknown, which is reported. */
  #modified(text: Text, change: Given): Text | null {
    let said = text
    for (const modify of this.#set.part.parts
      .filter(({ name }) => name === 'modifySql')
      .map(part => this.#set.of(part))) {
      if (!isForPostgres(modify.word('dbms'))) continue
      for (const part of modify.part.parts) {
        this.#run.step()
        const given = modify.of(part)
        const [from, to, value] = [given.text('replace'), given.text('with'), given.text('value')]
        if (part.name === 'append' && value) said = joined([said, value])
        else if (part.name === 'prepend' && value) said = joined([value, said])
        else if (part.name === 'replace' && from && to && unknownIn(from) === null)
          said = substituted(said, plain(from), to)
        else {
          this.#unread(change, 'its SQL is changed in a way that is not read')
          return null
        }
      }
    }
    return said
  }
}

/** The text of a file points to the place that names the file. */
function fileOf(change: Given): { readonly text: Text; readonly problem: string | null } | null {
  const path = change.word('path')
  const isRelative = change.isTrue('relativeToChangelogFile')
  const found = path === null ? null : change.changelog.file(path, isRelative, change.word('encoding'))
  return found && { ...found, text: textAt(found.text, change.part.nameAt) }
}

/** Splits SQL at its semicolons. */
function statementsIn(sql: Text): Text[] {
  const text = plain(sql)
  const found: Text[] = []
  let start = 0
  for (let lexeme = next(text, 0, text.length); lexeme; lexeme = next(text, lexeme.end, text.length)) {
    if (text.slice(lexeme.start, lexeme.end) !== ';') continue
    boundedItems(found).push(cut(sql, start, lexeme.start))
    start = lexeme.end
  }
  return [...found, cut(sql, start)].filter(each => plain(each).trim() !== '')
}
