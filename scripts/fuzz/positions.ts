import type { MigrationFile } from '../../src/lint/history/history.ts'
import type { Report } from '../../src/lint/report.ts'
import type { Body, Statement } from '../../src/parse/script.ts'
import type { Span } from '../../src/parse/span.ts'
import { type Failure, failure } from './try.ts'

const property = 'places are inside of the text, and end where they begin or later'

/** Places outside of the text to which they belong. */
export function outsideOfReport(report: Report): Failure[] {
  const check = checker(path => report.sources.get(path)?.text.length ?? -1)
  for (const { at, path, rule, related = [], fix } of [...report.findings, ...report.suppressed]) {
    check(path, at, rule)
    for (const label of related) check(label.path, label.at, `${rule}, a label`)
    for (const edit of fix?.edits ?? []) check(path, edit.at, `${rule}, its fix`)
  }
  for (const { path, statements, locks } of report.timelines) {
    for (const { at } of statements) check(path, at, 'a statement of the lock timeline')
    for (const { from, to } of locks) {
      check(path, [0, 0], 'a lock timeline')
      if (from > to || from < 0 || to >= statements.length) check.wrong(path, [from, to], 'a lock of the lock timeline')
    }
  }
  return check.failures
}

export function outsideOfFiles(files: readonly MigrationFile[]): Failure[] {
  const length = new Map(files.map(({ path, script }) => [path, script.source.text.length]))
  const check = checker(path => length.get(path) ?? -1)
  for (const { path, script, directives } of files) {
    statements(script.statements, (at, what) => check(path, at, what))
    for (const { span } of script.comments) check(path, span, 'a comment')
    for (const { span, kind, statement } of script.problems) {
      check(path, span, kind)
      if (statement) check(path, statement, `${kind}, its statement`)
    }
    for (const { span, kind } of script.clientCommands) check(path, span, kind)
    for (const { span, ruleSpans } of directives)
      for (const each of [span, ...ruleSpans]) check(path, each, 'a directive')
  }
  return check.failures
}

function statements(all: readonly Statement[], check: (at: Span, what: string) => void): void {
  for (const { span, keyword, kind, body } of all) {
    check(span, kind)
    check(keyword, `${kind}, its keyword`)
    if (body) bodies(body, check)
  }
}

function bodies({ statements: inner, opaque, problems }: Body, check: (at: Span, what: string) => void): void {
  statements(inner, check)
  for (const { span } of opaque) check(span, 'an unread part')
  for (const { span, kind } of problems) check(span, `${kind} in a body`)
}

interface Checker {
  (path: string, at: Span, what: string): void
  readonly wrong: (path: string, at: readonly [number, number], what: string) => void
  readonly failures: Failure[]
}

function checker(lengthOf: (path: string) => number): Checker {
  const failures: Failure[] = []
  const wrong: Checker['wrong'] = (path, at, what) => {
    failures.push(failure(property, `${what}: ${at.join('–')} of ${lengthOf(path)}`, what))
  }
  const check = (path: string, at: Span, what: string) => {
    const [start, end] = at
    if (!(Number.isInteger(start) && Number.isInteger(end) && 0 <= start && start <= end && end <= lengthOf(path))) {
      wrong(path, at, what)
    }
  }
  return Object.assign(check, { wrong, failures })
}
