import type { Execution } from '../../../src/migration/execution.ts'
import { parse } from '../../../src/parse/index.ts'
import type { Script } from '../../../src/parse/script.ts'
import { emptyCatalog, type Relation } from '../../../src/postgres/catalog/catalog.ts'
import { displayName } from '../../../src/postgres/catalog/name.ts'
import { isIndex } from '../../../src/postgres/catalog/relation.ts'
import { type LockMode, strongest } from '../../../src/postgres/lock.ts'
import type { Step } from '../../../src/postgres/step.ts'
import { Run, type Standing } from '../../../src/postgres/timeline.ts'
import { supportedVersions } from '../../../src/postgres/version.ts'

/** One measured statement. cases/README.md explains each field and how it was measured. */
export interface OracleCase {
  readonly id: string
  readonly group: string
  readonly setup: string
  readonly session?: string
  readonly sql: string
  readonly results: readonly { readonly versions: readonly number[]; readonly result: OracleResult }[]
}

export interface OracleResult {
  readonly setupError?: string
  /** `ok` or `error:SQLSTATE`. */
  readonly inTransaction?: string
  readonly method?: string
  readonly autocommitError?: string
  readonly locks?: readonly { readonly relation: string; readonly kind: string; readonly lock: LockMode }[]
  readonly rewrites?: readonly string[]
  readonly indexRebuilds?: readonly string[]
  readonly scans?: readonly string[]
}

export const dimensions = ['error', 'locks', 'index locks', 'rewrites', 'index rebuilds', 'scans'] as const
export type Dimension = (typeof dimensions)[number]

export interface Miss {
  readonly dimension: Dimension
  readonly expected: string
  readonly predicted: string
}

/** The measured databases hold all objects in `app`, first on the search path. */
const prelude = 'SET search_path = app, public;\n'
const alone: Execution = { inTransaction: false, singleMessage: false, spansFiles: false }
const wrapped: Execution = { inTransaction: true, singleMessage: false, spansFiles: false }

/** Compares the model's prediction for a case with the behaviour of each server version. */
export function compare(
  each: OracleCase,
  versions: readonly number[] = supportedVersions,
): { version: number; misses: Miss[] }[] {
  return each.results.flatMap(({ versions: measured, result }) =>
    measured
      .filter(version => versions.includes(version) && !result.setupError)
      .map(version => ({ version, misses: misses(each, result, version) })),
  )
}

/** The mistakes of the model, one line per case and kind: `id: locks (12 13 18)`. */
export function gapsOf(cases: readonly OracleCase[]): string[] {
  return cases.flatMap(each => {
    const versions = new Map<string, number[]>()
    for (const { version, misses } of compare(each)) {
      for (const { dimension } of misses) versions.set(dimension, [...(versions.get(dimension) ?? []), version])
    }
    return [...versions].map(([dimension, at]) => `${each.id}: ${dimension} (${at.join(' ')})`)
  })
}

interface Prediction {
  readonly error: string | null
  readonly relations: ReadonlyMap<string, { readonly isIndex: boolean; lock: LockMode | null; works: Set<string> }>
}

/** A case is compared once or twice per version, always with the same text. */
const parsedBefore = new WeakMap<OracleCase, Script>()

function parsed(each: OracleCase): Script {
  const before = parsedBefore.get(each)
  if (before) return before
  const script = parse({ path: 'case.sql', text: `${prelude}${each.session ? `${each.session};\n` : ''}${each.sql}` })
  parsedBefore.set(each, script)
  return script
}

/** Most cases share their setup with others: what it leaves, by version. */
const leftBy = new Map<string, Map<number, Standing | null>>()

function afterSetup({ setup }: OracleCase, version: number): Run {
  const known = leftBy.get(setup) ?? new Map<number, Standing | null>()
  leftBy.set(setup, known)
  const start = known.get(version)
  if (start) return new Run({ version, start })
  const { statements } = parse({ path: 'setup.sql', text: `CREATE SCHEMA app;\n${prelude}${setup}` })
  const run = new Run({ version })
  run.migration(0, [{ statements, execution: alone }], null)
  known.set(version, run.standing)
  return run
}

/** The model's prediction for a case: its setup is committed, and its statements run in one transaction or each on its own. */
export function predict(each: OracleCase, version: number, execution: Execution): Prediction {
  const script = parsed(each)
  const own = script.statements
  // Text that PostgreSQL's own parser refuses: nearly always a syntax error.
  const broken = script.problems.find(problem => problem.kind === 'syntax-error')
  if (broken) return { error: /cannot be marked/.test(broken.message) ? '0A000' : '42601', relations: new Map() }
  const steps = afterSetup(each, version).migration(1, [{ statements: own, execution }], null)
  const start = steps[0]?.before ?? emptyCatalog
  const relations = new Map<string, { isIndex: boolean; lock: LockMode | null; works: Set<string> }>()
  for (const effect of steps.flatMap((step: Step) => step.effects)) {
    const relation: Relation | undefined = start.relations.get(effect.oid)
    if (!relation) continue
    const name = displayName(relation).replace(/^app\./, '')
    const entry = relations.get(name) ?? { isIndex: isIndex(relation), lock: null, works: new Set() }
    entry.lock = strongest(entry.lock, effect.lock)
    if (effect.work !== 'none') entry.works.add(effect.work)
    relations.set(name, entry)
  }
  // A server has only the objects that the set-up created.
  const failed = steps.find(step => step.error ?? step.unless)
  return { error: (failed?.error ?? failed?.unless)?.sqlstate ?? null, relations }
}

function misses(each: OracleCase, result: OracleResult, version: number): Miss[] {
  const found: Miss[] = []
  const miss = (dimension: Dimension, expected: string, predicted: string): void => {
    if (expected !== predicted) found.push({ dimension, expected, predicted })
  }
  const inTransaction = predict(each, version, wrapped)
  const failure = result.inTransaction?.startsWith('error:') ? result.inTransaction.slice('error:'.length) : ''
  miss('error', failure, inTransaction.error ?? '')
  const autocommit = result.method === 'autocommit'
  const prediction = autocommit ? predict(each, version, alone) : inTransaction
  if (autocommit) miss('error', `autocommit ${result.autocommitError ?? ''}`, `autocommit ${prediction.error ?? ''}`)
  // A failing statement does not hold locks for long.
  if (autocommit ? result.autocommitError : failure) return found
  if (found.length > 0) return found
  const locks = result.locks ?? []
  const isIndexKind = (kind: string) => kind.endsWith('index')
  // The strength of a weak lock on an index depends on the query plan.
  const light: readonly LockMode[] = ['AccessShareLock', 'RowShareLock', 'RowExclusiveLock']
  const expectedLocks = (index: boolean) =>
    list(
      locks
        .filter(lock => isIndexKind(lock.kind) === index && !(index && light.includes(lock.lock)))
        .map(lock => `${lock.relation} ${lock.lock}`),
    )
  const predictedLocks = (index: boolean) =>
    list(
      [...prediction.relations].flatMap(([name, entry]) =>
        entry.isIndex === index && entry.lock !== null && !(index && light.includes(entry.lock))
          ? [`${name} ${entry.lock}`]
          : [],
      ),
    )
  miss('locks', expectedLocks(false), predictedLocks(false))
  miss('index locks', expectedLocks(true), predictedLocks(true))
  const doing = (...works: string[]) =>
    [...prediction.relations].flatMap(([name, entry]) => (works.some(work => entry.works.has(work)) ? [name] : []))
  const rewrites = result.rewrites ?? []
  miss('rewrites', list(rewrites), list(doing('rewrite')))
  miss('index rebuilds', list(result.indexRebuilds ?? []), list(doing('rebuild')))
  // A rewrite includes reading: it does not matter whether rows or whole blocks were read for it.
  const scanned = (names: readonly string[]) => list(names.filter(name => !rewrites.includes(name)))
  miss('scans', scanned(result.scans ?? []), scanned(doing('scan', 'build', 'rewrite')))
  return found
}

function list(names: readonly string[]): string {
  return [...new Set(names)].sort().join(', ')
}
