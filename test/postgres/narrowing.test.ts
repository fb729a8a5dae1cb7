import { describe, expect, it } from 'vitest'
import { narrows } from '../../src/postgres/type/narrowing.ts'
import { resolveType } from '../../src/postgres/type/type.ts'
import { backend, typeName } from './kit/model.ts'

const on = backend()
const type = (sql: string) => resolveType(on, typeName(sql))

describe('narrows', () => {
  it.each([
    ['int', 'bigint', false],
    ['bigint', 'int', true],
    ['int', 'numeric', false],
    ['int', 'numeric(10,0)', false],
    ['int', 'numeric(10,2)', true],
    ['numeric', 'int', true],
    ['numeric(5,0)', 'int', false],
    ['numeric(10,2)', 'numeric(12,2)', false],
    ['numeric(10,2)', 'numeric(12,4)', false],
    ['numeric(10,2)', 'numeric(11,4)', true],
    ['numeric(12,2)', 'numeric(10,2)', true],
    ['numeric(12,4)', 'numeric(12,2)', true],
    ['numeric(10,2)', 'numeric', false],
    ['numeric', 'numeric(10,2)', true],
    ['int', 'real', true],
    ['smallint', 'real', false],
    ['int', 'double precision', false],
    ['bigint', 'double precision', true],
    ['real', 'double precision', false],
    ['double precision', 'real', true],
    ['varchar(10)', 'varchar(20)', false],
    ['varchar(20)', 'varchar(10)', true],
    ['varchar(20)', 'text', false],
    ['text', 'varchar(20)', true],
    ['text', 'varchar', false],
    ['char(5)', 'varchar(10)', false],
    ['int', 'text', false],
    ['int', 'varchar(11)', false],
    ['int', 'varchar(5)', true],
    ['uuid', 'text', false],
    ['uuid', 'varchar(36)', false],
    ['text', 'int', true],
    ['text', 'uuid', true],
    ['text', 'jsonb', true],
    ['json', 'jsonb', false],
    ['timestamptz', 'timestamp', false],
    ['timestamp', 'date', true],
    ['date', 'timestamptz', false],
    ['timestamp(6)', 'timestamp(3)', true],
    ['timestamp(3)', 'timestamp', false],
    ['interval', 'interval(3)', true],
    ['interval(3)', 'interval', false],
    ['cidr', 'inet', false],
    ['inet', 'cidr', true],
    ['varbit(3)', 'varbit(5)', false],
    ['varbit(5)', 'varbit(3)', true],
    ['varchar(10)[]', 'varchar(20)[]', false],
    ['varchar(20)[]', 'varchar(10)[]', true],
    ['int[]', 'bigint[]', false],
    ['bigint[]', 'int[]', true],
    ['mystery', 'mystery', false],
    ['mystery', 'text', 'unknown'],
    ['int', 'mystery', 'unknown'],
  ])('%s → %s: %s', (from, to, expected) => {
    expect(narrows(on, type(from), type(to))).toBe(expected)
  })
})
