import { expect, test } from 'vitest'
import { lint } from '../../src/index.ts'

const lines = (count: number, each: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => each(i)).join('\n')
const severalTables = async (sql: string) => {
  const { findings } = await lint({ migrations: [{ path: '1.sql', content: `BEGIN;\n${sql}\nCOMMIT;` }] })
  return findings.flatMap(({ rule, message }) => (rule === 'locks-on-several-tables' ? [message] : []))
}

test('locks that were given back are reported before that, and those that are held later by the last statement', async () => {
  const messages = await severalTables(
    ['LOCK TABLE a;', 'SAVEPOINT s;', 'LOCK TABLE b;', 'LOCK TABLE c;', 'ROLLBACK TO s;', 'LOCK TABLE d;'].join('\n'),
  )
  expect(messages.map(text => text.replace(/^While this waits for /, ''))).toEqual([
    '"c", reads and writes of "b" wait with it.',
    '"d", reads and writes of "a" wait with it.',
  ])
})

test('each of thousands of locks is reported once', async () => {
  const messages = await severalTables(lines(3000, i => `LOCK TABLE t${i}${i % 2 === 0 ? ' IN SHARE MODE' : ''};`))
  expect(messages).toHaveLength(1)
  expect(messages[0]).toContain('and 1492 more and writes to')
})

test('who has accepted that hundreds of tables wait has not accepted that another does', async () => {
  const keyOf = async (count: number, seventh = 't7') => {
    const sql = `BEGIN;\n${lines(count, i => `LOCK TABLE ${i === 7 ? seventh : `t${i}`};`)}\nCOMMIT;`
    const { findings } = await lint({ migrations: [{ path: '1.sql', content: sql }] })
    return findings.findLast(({ rule }) => rule === 'locks-on-several-tables')?.statement
  }
  expect(await keyOf(300)).toBe(await keyOf(300))
  expect(await keyOf(300)).not.toBe(await keyOf(300, 'another'))
})
