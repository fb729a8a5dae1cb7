import { describe, expect, test } from 'vitest'
import type { Removed } from '../../src/lint/code-use/removed.ts'
import { answersOf } from '../../src/usage/answers.ts'
import { column, listed, relation, said } from './kit/said.ts'

describe('tables, views and types', () => {
  const prisma = 'model Order {\n  id Int @id\n  @@map("orders")\n}\nenum order_status {\n  open\n}\n'

  test('a table is used where a model or a query names it', () => {
    expect(said(relation('orders'), { 'schema.prisma': prisma, 'a.ts': 'q(`SELECT 1 FROM orders`)' })).toBe(
      'used a.ts:1 schema.prisma:1',
    )
  })

  test('a table that no code names is not found where code names another one', () => {
    expect(said(relation('order_archive'), { 'a.ts': 'q(`SELECT 1 FROM users`)' })).toBe('not found in 1')
  })

  test('nothing is known where code names no table at all', () => {
    expect(said(relation('order_archive'), { 'a.ts': 'const a = 1' })).toBe('unknown')
  })

  test('a word that may be the table leaves it unknown', () => {
    expect(said(relation('orders'), { 'a.ts': "q(`SELECT 1 FROM users`)\nconst a = 'orders'" })).toBe('unknown')
  })

  test('a type is used where code declares it or casts to it', () => {
    expect(said(relation('order_status', 'type'), { 'schema.prisma': prisma })).toBe('used schema.prisma:5')
    expect(said(relation('order_status', 'type'), { 'a.ts': "q(`SELECT 'a'::order_status`)" })).toBe('used a.ts:1')
    expect(said(relation('order_status', 'type'), { 'a.ts': "pgEnum('order_status', ['a'])" })).toBe('used a.ts:1')
  })
})

test('an incomplete search never says that nothing was found', () => {
  const removed = column('orders', 'shipping_region')
  const files = listed({ 'a.ts': 'q(`SELECT id FROM orders`)' })
  const read = { files, others: [], searched: 1, deployed: null }
  expect(answersOf([removed], { ...read, isComplete: true }).of(removed)?.kind).toBe('not found')
  expect(answersOf([removed], { ...read, isComplete: false }).of(removed)).toBeNull()
})

test('a column that only changes is used or nothing', () => {
  const removed: Removed = { ...column('orders', 'shipping_region'), stays: true }
  expect(said(removed, { 'a.ts': 'q(`SELECT id FROM orders`)' })).toBe('unknown')
  expect(said(removed, { 'a.ts': 'q(`SELECT shipping_region FROM orders`)' })).toBe('used a.ts:1')
})
