import { readFileSync } from 'node:fs'
import type { Constraint as ConstraintNode, CreateStmt, Node } from '@pgsql/types'
import { describe, expect, it } from 'vitest'
import type { Backend } from '../../src/postgres/backend.ts'
import type { Constraint, EnumType, Table } from '../../src/postgres/catalog/catalog.ts'
import type { Column } from '../../src/postgres/catalog/column.ts'
import type { PartitionBound } from '../../src/postgres/catalog/partitioning.ts'
import { blankTable } from '../../src/postgres/catalog/relation.ts'
import { columnsOf } from '../../src/postgres/expression/expression.ts'
import { excludesBound, impliesBound, provesNotNull, prunedPartitions } from '../../src/postgres/expression/proof.ts'
import { partitionBound, partitioning } from '../../src/postgres/statements/table/partition-bound.ts'
import { resolveType } from '../../src/postgres/type/type.ts'
import { supportedVersions } from '../../src/postgres/version.ts'
import { backend, expression, statement } from './kit/model.ts'
import type { Attachment } from './measure/partition-proofs-list.ts'

type Measured = Attachment & { readonly outcome: string | Record<string, string> }

const measured = JSON.parse(readFileSync(new URL('partition-proofs.json', import.meta.url), 'utf8')) as Measured[]

function prepared(version: number): Backend {
  const made = backend(version)
  made.createType<EnumType>({
    kind: 'enum',
    schema: 'public',
    name: 'mood',
    labels: ['sad', 'ok'],
    createdInTransaction: null,
    added: new Map(),
  })
  return made
}

function check(node: ConstraintNode, valid: boolean): Constraint[] {
  if (node.contype !== 'CONSTR_CHECK' || !node.raw_expr) return []
  const facts = { deferrable: false, initiallyDeferred: false, index: null, references: null, noInherit: false }
  const expression = node.raw_expr
  return [
    {
      name: 'c',
      kind: 'check',
      enforced: true,
      valid,
      expression,
      columns: columnsOf(expression),
      ...facts,
      inherited: false,
      createdIn: 0,
    },
  ]
}

/** Puts a table into the catalog: columns, NOT NULL and CHECK, which is all that proofs go by. */
function create(on: Backend, name: string, definition: string, facts: Partial<Table> = {}): Table {
  const invalid = /CHECK \([^,]*\) NOT VALID,? ?/.exec(definition)?.[0] ?? ''
  const { tableElts = [] } = statement(`CREATE TABLE t (${definition.replaceAll(' NOT VALID', '')})`).node as CreateStmt
  const columns = tableElts.flatMap((element): Column[] => {
    if (!('ColumnDef' in element) || !element.ColumnDef.typeName) return []
    const { colname = '', constraints = [], typeName } = element.ColumnDef
    const notNull = constraints.some(
      each => 'Constraint' in each && ['CONSTR_NOTNULL', 'CONSTR_PRIMARY'].includes(each.Constraint.contype ?? ''),
    )
    const type = resolveType(on, typeName)
    const rest = { collation: null, default: null, identity: null, generated: null, inherited: false, storage: null }
    return [{ name: colname, type, notNull, complete: true, createdIn: 0, ...rest }]
  })
  let first = invalid !== ''
  const constraints = tableElts.flatMap(element => {
    if (!('Constraint' in element)) return []
    const valid = !first
    first = false
    return check(element.Constraint, valid)
  })
  const shape = { ...blankTable, kind: 'table', schema: 'public', name, columns, constraints } as const
  return on.create<Table>({ ...shape, ...facts })
}

function boundOf(values: string): PartitionBound {
  const text = values === 'DEFAULT' ? values : `FOR VALUES ${values}`
  const node = statement(`CREATE TABLE c PARTITION OF p ${text}`).node as CreateStmt
  return partitionBound(node.partbound ?? {})
}

function partitioned(on: Backend, columns: string, by: string): Table {
  const { partspec } = statement(`CREATE TABLE t (${columns}) PARTITION BY ${by}`).node as CreateStmt
  return create(on, 'parent', columns, { kind: 'partitioned table', partitioning: partitioning(partspec ?? {}) })
}

function attach(on: Backend, parent: Table, name: string, columns: string, bound: PartitionBound): Table {
  const made = create(on, name, columns, { partitionOf: parent.oid, bound })
  const now = on.getTable(parent.oid)
  on.change<Table>(parent.oid, { children: [...(now?.children ?? []), made.oid] })
  return made
}

function isProven(version: number, { columns, by, bound, child, other, existing = [] }: Attachment): boolean {
  const on = prepared(version)
  const parent = partitioned(on, columns, by)
  for (const [i, each] of existing.entries()) attach(on, parent, `p${i}`, columns, boundOf(each))
  const now = () => on.getTable(parent.oid) as Table
  if (other === undefined) return impliesBound(on, create(on, 'child', child), now(), boundOf(bound))
  const rest = attach(on, parent, 'other', other ? `${columns}, ${other}` : columns, { kind: 'default' })
  return excludesBound(on, rest, now(), boundOf(bound))
}

describe.each(supportedVersions)('ATTACH PARTITION on PostgreSQL %i', version => {
  it(`reads what it read in ${measured.length} cases`, () => {
    const wrong = measured.flatMap(({ outcome, ...attachment }) => {
      const truth = typeof outcome === 'string' ? outcome : outcome[version]
      const said = isProven(version, attachment) ? 'proven' : 'read'
      return said === truth ? [] : [`${JSON.stringify(attachment)}: ${truth} in truth, ${said} in the model`]
    })
    expect(measured.length).toBeGreaterThan(150)
    expect(wrong).toEqual([])
  })
})

describe('impliesBound', () => {
  it('asks for the bounds of the partitions above as well', () => {
    const on = prepared(18)
    const parent = partitioned(on, 'a int, b int', 'RANGE (a)')
    const { partspec } = statement('CREATE TABLE t (a int, b int) PARTITION BY LIST (b)').node as CreateStmt
    const middle = attach(on, parent, 'middle', 'a int, b int', boundOf('FROM (10) TO (20)'))
    const between = on.change<Table>(middle.oid, {
      kind: 'partitioned table',
      partitioning: partitioning(partspec ?? {}),
    })
    const half = create(on, 'half', 'a int NOT NULL, b int NOT NULL, CHECK (b = 1)')
    const whole = create(on, 'whole', 'a int NOT NULL, b int NOT NULL, CHECK (b = 1), CHECK (a >= 10 AND a < 20)')
    expect(impliesBound(on, half, between, boundOf('IN (1)'))).toBe(false)
    expect(impliesBound(on, whole, between, boundOf('IN (1)'))).toBe(true)
  })
})

describe('provesNotNull', () => {
  const proof = (sql: string, facts: Partial<Constraint> = {}) => {
    const [constraint] = check({ contype: 'CONSTR_CHECK', raw_expr: expression(sql) as Node }, true)
    return provesNotNull(constraint ? [{ ...constraint, ...facts }] : [], 'a') !== null
  }

  it.each([
    ['a IS NOT NULL', true],
    ['t.a IS NOT NULL AND b > 0', true],
    ['NOT a IS NULL', true],
    ['a IS NOT NULL OR b > 0', false],
    ['a > 0', false],
    ['b IS NOT NULL', false],
    ['a IS NULL', false],
  ])('by CHECK (%s): %s', (sql, proven) => {
    expect(proof(sql)).toBe(proven)
  })

  it('goes by valid and enforced constraints only', () => {
    expect(proof('a IS NOT NULL', { valid: false })).toBe(false)
    expect(proof('a IS NOT NULL', { enforced: false })).toBe(false)
    expect(proof('true', { kind: 'not null', expression: null, columns: ['a'] })).toBe(true)
  })
})

describe('prunedPartitions', () => {
  const left = (columns: string, by: string, bounds: readonly string[], where: string | undefined): string[] => {
    const on = prepared(18)
    const parent = partitioned(on, columns, by)
    for (const bound of bounds) attach(on, parent, bound, columns, boundOf(bound))
    const now = on.getTable(parent.oid) as Table
    return prunedPartitions(on, now, where === undefined ? undefined : expression(where)).map(({ name }) => name)
  }
  const years = ["FROM ('2023-01-01') TO ('2024-01-01')", "FROM ('2024-01-01') TO ('2025-01-01')"]

  it.each([
    ["a = '2024-05-05'", [years[1]]],
    ["a >= '2024-01-01'", [years[1], 'DEFAULT']],
    ["a < '2024-01-01'", [years[0], 'DEFAULT']],
    ["a = '2024-05-05' OR a = '2023-05-05'", years],
    ["a BETWEEN '2023-02-01' AND '2023-03-01'", [years[0]]],
    ['a = now()', [...years, 'DEFAULT']],
    ['a IS NULL', ['DEFAULT']],
    ['b = 1', [...years, 'DEFAULT']],
    ["b = 1 AND a = '2023-05-05'", [years[0]]],
    ["a = '2030-01-01'", ['DEFAULT']],
    [undefined, [...years, 'DEFAULT']],
  ])('of a range: %s', (where, expected) => {
    expect(left('a date, b int', 'RANGE (a)', [...years, 'DEFAULT'], where)).toEqual(expected)
  })

  it.each([
    ["a = 'x'", ["IN ('x', 'y')"]],
    ["a IN ('x', 'z')", ["IN ('x', 'y')", "IN ('z', NULL)"]],
    ['a IS NULL', ["IN ('z', NULL)"]],
    ["a = 'w'", []],
  ])('of a list: %s', (where, expected) => {
    expect(left('a text', 'LIST (a)', ["IN ('x', 'y')", "IN ('z', NULL)"], where)).toEqual(expected)
  })

  it('never goes by a hash', () => {
    const bounds = ['WITH (MODULUS 2, REMAINDER 0)', 'WITH (MODULUS 2, REMAINDER 1)']
    expect(left('a int', 'HASH (a)', bounds, 'a = 1')).toEqual(bounds)
  })
})
