import { blocksReads, blocksWrites } from '../../../src/postgres/lock.ts'
import type { Seen, SeenRelation, Trace, TracedStatement } from '../../../src/report/trace/trace.ts'
import { finding } from './builder.ts'

export function seenRelation(part: Partial<SeenRelation> & { relation: string }): SeenRelation {
  const { lock = 'AccessExclusiveLock' } = part
  const waits = { reads: blocksReads(lock), writes: blocksWrites(lock) }
  return {
    oid: part.relation,
    kind: 'table',
    lock,
    isTaken: true,
    isOwn: false,
    work: 'none',
    read: 0,
    waiting: waits,
    meant: waits,
    ...part,
  }
}

export function seen(relations: readonly SeenRelation[], part: Partial<Seen> = {}): Seen {
  return { milliseconds: 1, refused: null, relations, locksSeen: 'all', waits: 'derived', ...part }
}

export function traced(part: Partial<TracedStatement> & { text: string }): TracedStatement {
  return {
    span: [0, part.text.length],
    kind: 'AlterTableStmt',
    transaction: null,
    givesBack: false,
    notSent: null,
    seen: seen([]),
    differences: [],
    ...part,
  }
}

/** A trace of these files; each statement is one line of its file. */
export function traceOf(files: Readonly<Record<string, readonly TracedStatement[]>>, part: Partial<Trace> = {}): Trace {
  return {
    server: 'PGlite, PostgreSQL 18.0',
    earlierNotRun: 0,
    failures: [],
    notTakenBack: [],
    files: Object.entries(files).map(([path, statements]) => {
      let text = ''
      const placed = statements.map(each => {
        const start = text.length
        text += `${each.text};\n`
        return { ...each, span: [start, start + each.text.length] as const }
      })
      return { path, statements: placed, unread: 0, source: { path, text }, findings: [] }
    }),
    ...part,
  }
}

/** Every text of a trace that can come from a stranger, as this one, in a file of each of these names. */
export function hostileTrace(paths: readonly string[], text: string): Trace {
  const change = { what: text, before: text, after: null }
  const statement = (i: number) =>
    traced({
      text: `ALTER TABLE "${text}" DROP COLUMN x${i}`,
      transaction: i % 2,
      notSent: i % 5 === 4 ? text : null,
      seen: seen(
        [seenRelation({ relation: `r${text}` }), seenRelation({ relation: `s${i}${text}`, lock: 'ShareLock' })],
        {
          refused: i % 5 === 3 ? { sqlstate: text, message: text, detail: text } : null,
        },
      ),
      differences: [
        { kind: 'lock', relation: text, predicted: null, seen: 'ShareLock' },
        { kind: 'refused', sqlstate: text },
        {
          kind: 'waiting',
          relation: text,
          predicted: { reads: true, writes: true },
          seen: { reads: false, writes: true },
        },
      ],
      changes: [change, { ...change, before: null, after: text }, { ...change, after: `${text}2` }],
    })
  const trace = traceOf(Object.fromEntries(paths.map(path => [path, [0, 1, 2, 3, 4].map(statement)])), {
    server: text,
    failures: paths.map(path => ({ path, isDown: false })),
    notTakenBack: paths.map(path => ({ path, count: 2, why: text })),
  })
  const files = trace.files.map(file => ({
    ...file,
    takenBack: { migration: file.path, notCompared: null, leaves: [change, { ...change, after: `${text}2` }] },
    findings: [0, 1e6].map(at =>
      finding({ path: file.path, at: [at, at + 1], message: text, rule: `x/${text}`, url: text }),
    ),
  }))
  return { ...trace, files }
}
