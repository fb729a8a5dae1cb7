import { expect, test } from 'vitest'
import { parse } from '../../src/parse/parse.ts'
import { loadParser } from '../../src/parse/parser.ts'
import { prisma8 } from '../../src/systems/prisma-8/prisma-8.ts'
import { mapTree } from '../../src/systems/reading/tree.ts'

const options = { transaction: () => 'unknown' as const }

function ops(...sql: string[]): string {
  return JSON.stringify(
    [
      {
        id: 'x',
        target: { id: 'postgres' },
        precheck: [{ sql: 'SELECT 0' }],
        execute: sql.map(each => ({ sql: each })),
      },
    ],
    null,
    2,
  )
}

function project(edges: Readonly<Record<string, readonly [from: string | null, to: string]>>) {
  const files = Object.entries(edges).flatMap(([id, [from, to]]) => [
    [`m/${id}/migration.json`, JSON.stringify({ from, to })],
    [`m/${id}/ops.json`, ops('SELECT 1')],
  ])
  return prisma8.migrations(mapTree(Object.fromEntries(files)), 'm', options)
}

test('the order is the shortest path through the contracts, whatever the names are', () => {
  const { migrations, asides } = project({
    c: [null, '1'],
    a: ['1', '2'],
    d: ['1', '3'],
    b: ['2', '4'],
    e: ['4', '5'],
    f: ['3', '5'],
  })
  expect(migrations.map(({ id }) => id)).toEqual(['c', 'd', 'f'])
  expect(asides?.map(({ path }) => path)).toEqual(['m/a/ops.json', 'm/b/ops.json', 'm/e/ops.json'])
})

test('a circle and a missing beginning do no harm', () => {
  const circle = project({ a: [null, '1'], b: ['1', '2'], c: ['2', '1'] })
  expect(circle.migrations.map(({ id }) => id)).toEqual(['a', 'b', 'c'])
  expect(project({ a: ['0', '1'], b: ['1', '2'] }).migrations.map(({ id }) => id)).toEqual(['a', 'b'])
})

test('SQL is found in its JSON strings, and every statement has its place', async () => {
  await loadParser()
  const sql = ['CREATE TABLE "t" (\n  "a" text DEFAULT \'é\\u\'\n)', 'DROP TABLE "t"; DROP TABLE x']
  const text = ops(...sql)
  const tree = mapTree({ 'm/a/migration.json': '{"from":null,"to":"1"}', 'm/a/ops.json': text })
  const parts = prisma8.migrations(tree, 'm', options).migrations[0]?.parts?.(text) ?? []
  const { statements, problems } = parse({ path: 'ops.json', text }, parts)
  expect(problems).toEqual([])
  expect(statements.map(statement => statement.text)).toEqual([sql[0], 'DROP TABLE "t"', 'DROP TABLE x'])
  expect(statements.map(({ keyword }) => text.slice(...keyword))).toEqual(['CREATE TABLE', 'DROP TABLE', 'DROP TABLE'])
  expect(statements.map(({ span }) => text.slice(...span))).toEqual([
    JSON.stringify(sql[0]).slice(1, -1),
    'DROP TABLE \\"t\\"',
    'DROP TABLE x',
  ])
  const broken = ops('SELECT 1', 'SELEC "a"')
  const [, second] =
    prisma8
      .migrations(mapTree({ 'm/a/migration.json': '{"from":null,"to":"1"}', 'm/a/ops.json': broken }), 'm', options)
      .migrations[0]?.parts?.(broken) ?? []
  const [problem] = parse({ path: 'ops.json', text: broken }, second ? [second] : []).problems
  expect(broken.slice(...(problem?.span ?? [0, 0]))).toBe('SELEC')
})
