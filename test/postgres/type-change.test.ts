import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Backend } from '../../src/postgres/backend.ts'
import type { DomainType, EnumType, Index, IndexKey, OtherType, Table } from '../../src/postgres/catalog/catalog.ts'
import type { ColumnType } from '../../src/postgres/catalog/column.ts'
import { blankIndex, blankTable } from '../../src/postgres/catalog/relation.ts'
import { resolveType } from '../../src/postgres/type/type.ts'
import { canCast, indexSurvives, typeChange } from '../../src/postgres/type/type-change.ts'
import { supportedVersions } from '../../src/postgres/version.ts'
import { backend, expression, typeName } from './kit/model.ts'
import { types } from './measure/type-changes-list.ts'

interface Measured {
  readonly from: string
  readonly to: string
  readonly using?: string
  readonly timezone?: string
  readonly index?: string
  readonly outcome: string
}

const file = JSON.parse(readFileSync(new URL('type-changes.json', import.meta.url), 'utf8')) as {
  matrix: Record<string, Record<string, string[]>>
  changes: Measured[]
}
const matrix = Object.entries(file.matrix).flatMap(([from, row]) =>
  Object.entries(row).flatMap(([outcome, targets]) => targets.map((to): Measured => ({ from, to, outcome }))),
)

/** The catalog of the measurements (measure/type-changes-list.ts). */
function prepared(version: number, timezone = 'UTC'): Backend {
  const made = backend(version, { timezone })
  const type = (sql: string): ColumnType => resolveType(made, typeName(sql))
  for (const name of ['mood', 'temper']) {
    made.createType<EnumType>({
      kind: 'enum',
      schema: 'public',
      name,
      labels: ['sad', 'ok'],
      createdInTransaction: null,
      added: new Map(),
    })
  }
  made.createType<OtherType>({ kind: 'composite', schema: 'public', name: 'pair', relation: null })
  made.createType<OtherType>({ kind: 'range', schema: 'public', name: 'floatrange', relation: null })
  const check = [{ name: 'c', expression: expression('value > 0'), valid: true }]
  const domain = (name: string, base: string, facts: Partial<DomainType> = {}) =>
    made.createType<DomainType>({
      kind: 'domain',
      schema: 'public',
      name,
      base: type(base),
      notNull: false,
      default: null,
      constraints: [],
      ...facts,
    })
  domain('plaintext', 'text')
  domain('plainint', 'int')
  domain('positive', 'int', { constraints: check })
  domain('filled', 'text', { notNull: true })
  domain('short', 'varchar(10)')
  domain('long', 'varchar(20)')
  domain('short_of_short', 'short')
  domain('positive_again', 'positive')
  domain('moods', 'mood')
  domain('ints', 'int[]')
  return made
}

const backends = new Map<number, Backend>(supportedVersions.map(version => [version, prepared(version)]))

/** The model's prediction, in the words of the measurement; null: there was no measurement, because no index could be created. */
function predicted(version: number, change: Measured): string {
  const on = change.timezone ? prepared(version, change.timezone) : (backends.get(version) as Backend)
  const [fromType = '', fromCollation = null] = change.from.split(' COLLATE ')
  const [toType = '', toCollation = null] = change.to.split(' COLLATE ')
  const from = resolveType(on, typeName(fromType))
  const to = resolveType(on, typeName(toType))
  const using = change.using === undefined ? null : expression(change.using)
  const { rewrite, castable } = typeChange(on, { from, to, column: 'c', using })
  if (using === null) expect(canCast(on, from, to)).toBe(castable)
  if (castable === false) return '42804'
  if (rewrite !== false) return rewrite ? 'rewrite' : 'unknown'
  const index = indexOf(on, change.index ?? 'CREATE INDEX i ON t (c)', fromCollation)
  const survives = indexSurvives(on, index, 'c', from, to, fromCollation !== toCollation)
  return survives ? 'keep, index kept' : 'keep, index rebuilt'
}

function indexOf(on: Backend, sql: string, collation: string | null): Index {
  const column = {
    name: 'c',
    type: resolveType(on, typeName('text')),
    collation,
    notNull: false,
    default: null,
    identity: null,
    generated: null,
    complete: true,
    createdIn: null,
    inherited: false,
    storage: null,
  }
  const table: Table = {
    ...blankTable,
    kind: 'table',
    oid: 9000,
    schema: 'public',
    name: 't',
    complete: true,
    createdIn: null,
    columns: [column],
  }
  on.put(table)
  const [, method = 'btree', key = '', where] = /(?:USING (\w+) )?\((.*?)\)(?: WHERE (.*))?$/.exec(sql) ?? []
  const [, keyCollation = null] = /COLLATE (\S+)/.exec(key) ?? []
  const [, operatorClass = null] = /(\w+_ops)/.exec(key) ?? []
  const isExpression = key.includes('(')
  const indexKey: IndexKey = {
    column: isExpression ? null : 'c',
    expression: isExpression ? expression(key) : null,
    collation: keyCollation,
    operatorClass,
    defaultOrder: true,
  }
  return {
    ...blankIndex,
    kind: 'index',
    oid: 9001,
    schema: 'public',
    name: 'i',
    complete: true,
    createdIn: null,
    table: 9000,
    method,
    keys: [indexKey],
    predicate: where ? expression(where) : null,
  }
}

function outcomeIn(version: number, outcome: string): string {
  for (const part of outcome.split('; ')) {
    const [, first, last, what] = /^(\d+)-(\d+): (.*)$/.exec(part) ?? []
    if (what === undefined) return outcome
    if (Number(first) <= version && version <= Number(last)) return what
  }
  throw new Error(`no outcome for ${version} in ${outcome}`)
}

describe.each(supportedVersions)('ALTER COLUMN … TYPE on PostgreSQL %i', version => {
  const wrong = (measured: readonly Measured[]): string[] =>
    measured.flatMap(change => {
      const truth = outcomeIn(version, change.outcome)
      const said = predicted(version, change)
      // `keep` alone: no index could be created on the old type. 42704: none can be created on the new one, which this test does not check.
      const agrees = truth === 'keep' ? said.startsWith('keep') : said === truth || truth === '42704'
      const { from, to, outcome: _, ...rest } = change
      return agrees ? [] : [`${from} → ${to} ${JSON.stringify(rest)}: ${truth} in truth, ${said} in the model`]
    })

  it(`does as measured for ${matrix.length} pairs of types`, () => {
    expect(matrix).toHaveLength(types.length ** 2)
    expect(wrong(matrix)).toEqual([])
  })

  it('does as measured with USING, time zones and special indexes', () => {
    const exists = (change: Measured) => outcomeIn(version, change.outcome) !== '42704'
    expect(file.changes.length).toBeGreaterThan(100)
    expect(wrong(file.changes.filter(exists))).toEqual([])
  })
})
