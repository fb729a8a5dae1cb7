import { describe, expect, it } from 'vitest'
import type { Backend } from '../../src/postgres/backend.ts'
import type { DomainType, EnumType, Table } from '../../src/postgres/catalog/catalog.ts'
import { blankTable } from '../../src/postgres/catalog/relation.ts'
import { baseType, isConstrainedDomain, resolveType, serialOf, typeOf, typeText } from '../../src/postgres/type/type.ts'
import { backend, expression, typeName } from './kit/model.ts'

function prepared(): Backend {
  const on = backend(18, { search_path: 'app, public' })
  on.createType<EnumType>({
    kind: 'enum',
    schema: 'app',
    name: 'status',
    labels: ['a'],
    createdInTransaction: null,
    added: new Map(),
  })
  const domain = (name: string, base: string, facts: Partial<DomainType> = {}) =>
    on.createType<DomainType>({
      kind: 'domain',
      schema: 'public',
      name,
      base: resolveType(on, typeName(base)),
      notNull: false,
      default: null,
      constraints: [],
      ...facts,
    })
  domain('plain', 'varchar(10)')
  domain('plain_again', 'plain')
  domain('filled', 'text', { notNull: true })
  domain('filled_again', 'filled')
  domain('checked', 'int', { constraints: [{ name: 'c', expression: expression('value > 0'), valid: false }] })
  on.create<Table>({ ...blankTable, kind: 'table', schema: 'public', name: 'people' })
  return on
}

const on = prepared()
const type = (sql: string) => resolveType(on, typeName(sql))

describe('resolveType', () => {
  it.each([
    ['int', 'pg_catalog', 'int4', null, false],
    ['bigint', 'pg_catalog', 'int8', null, false],
    ['varchar(10)', 'pg_catalog', 'varchar', [10], false],
    ['char', 'pg_catalog', 'bpchar', [1], false],
    ['"char"', 'pg_catalog', 'char', null, false],
    ['numeric(10,2)', 'pg_catalog', 'numeric', [10, 2], false],
    ['timestamp(3) with time zone', 'pg_catalog', 'timestamptz', [3], false],
    ['interval hour to second(3)', 'pg_catalog', 'interval', [0x1c00, 3], false],
    ['int[]', 'pg_catalog', 'int4', null, true],
    ['varchar(10)[3][3]', 'pg_catalog', 'varchar', [10], true],
    ['_int4', 'pg_catalog', 'int4', null, true],
    ['status', 'app', 'status', null, false],
    ['app.status[]', 'app', 'status', null, true],
    ['people', 'public', 'people', null, false],
    ['citext', null, 'citext', null, false],
    ['other.thing', 'other', 'thing', null, false],
    ['serial', 'pg_catalog', 'int4', null, false],
  ])('%s', (sql, schema, name, modifiers, array) => {
    expect(type(sql)).toEqual({ schema, name, modifiers, array })
  })

  it('keeps a modifier that is not a number as one that equals nothing', () => {
    expect(type('geometry(Point, 4326)').modifiers).toEqual([Number.NaN, 4326])
  })
})

describe('serialOf', () => {
  it.each([
    ['serial', 'integer'],
    ['bigserial', 'bigint'],
    ['serial2', 'smallint'],
    ['int', null],
    ['app.serial', null],
  ])('%s: %s', (sql, expected) => {
    expect(serialOf(typeName(sql))).toBe(expected)
  })
})

describe('typeText', () => {
  it.each([
    ['integer', 'integer'],
    ['int8', 'bigint'],
    ['character varying(10)', 'varchar(10)'],
    ['decimal(10, 2)', 'numeric(10,2)'],
    ['timestamp with time zone', 'timestamptz'],
    ['timestamp(3)', 'timestamp(3)'],
    ['double precision', 'double precision'],
    ['bool', 'boolean'],
    ['char(3)', 'char(3)'],
    ['"char"', '"char"'],
    ['bit varying(5)', 'varbit(5)'],
    ['interval', 'interval'],
    ['interval(3)', 'interval(3)'],
    ['interval day to hour', 'interval day to hour'],
    ['interval second(3)', 'interval second(3)'],
    ['text[]', 'text[]'],
    ['app.status', 'app.status'],
    ['plain', 'plain'],
    ['"MyType"', '"MyType"'],
    ['geometry(Point, 4326)', 'geometry(point,4326)'],
  ])('%s: %s', (sql, expected) => {
    expect(typeText(typeName(sql))).toBe(expected)
    if (!sql.startsWith('geometry')) expect(typeText(type(sql))).toBe(expected)
  })

  it('shows serial as it was written', () => {
    expect(typeText(typeName('bigserial'))).toBe('bigserial')
  })
})

describe('the base of a type', () => {
  it('is found through domains, with modifiers', () => {
    expect(baseType(on, type('plain_again'))).toEqual(type('varchar(10)'))
    expect(baseType(on, type('int'))).toEqual(type('int'))
    expect(baseType(on, type('plain[]'))).toEqual(type('plain[]'))
  })

  it.each([
    ['int', false],
    ['plain', false],
    ['plain_again', false],
    ['filled', true],
    ['filled_again', true],
    ['checked', true],
    ['checked[]', false],
    ['status', false],
    ['citext', false],
    ['mystery', 'unknown'],
  ])('%s is a constrained domain: %s', (sql, expected) => {
    expect(isConstrainedDomain(on, type(sql))).toBe(expected)
  })

  it('distinguishes own types, those of PostgreSQL and its extensions, and unknown ones', () => {
    expect(typeOf(on, type('status'))).toMatchObject({ kind: 'enum', schema: 'app' })
    expect(typeOf(on, type('people'))).toMatchObject({ kind: 'composite', name: 'people' })
    expect(typeOf(on, type('uuid'))).toBeNull()
    expect(typeOf(on, type('hstore'))).toBeNull()
    expect(typeOf(on, type('mystery'))).toBe('unknown')
  })
})
