import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { railsCalls } from '../../../src/systems/rails/calls.ts'
import { sent } from '../kit/sent.ts'
import { oneSpace } from './kit/one-space.ts'

const recorded = (name: string) => readFileSync(new URL(`recorded/rails/${name}`, import.meta.url), 'utf8')

/** The migrations of rails.rb, one after another, and what the server logged for each of them. */
function migrations(version: string) {
  const logged = new Map<string, string[]>()
  let lines: string[] = []
  for (const line of recorded(`${version}.txt`).split('\n')) {
    if (line.startsWith('-- ')) {
      lines = []
      logged.set(line.slice(3), lines)
    } else if (line !== '') lines.push(line)
  }
  const [, ...chunks] = recorded('rails.rb').split(/^(?=mig\()/m)
  return chunks.map(chunk => {
    const [, label = ''] = /^mig\('([^']*)'/.exec(chunk) ?? []
    const start = chunk.indexOf('){') + 1
    const head = chunk.slice(0, start)
    const outside = head.includes('noddl') ? 'disable_ddl_transaction!\n' : ''
    const body = chunk.slice(start + 1, chunk.lastIndexOf('}'))
    const said = logged.get(label) ?? []
    return {
      code: `class A < ActiveRecord::Migration[${version}]\n${outside}def change\n${body}\nend\nend\n`,
      label,
      direction: head.includes(':down)') ? ('down' as const) : ('up' as const),
      sql: said.filter(line => !/^(?:ERROR|!!!)/.test(line)).map(oneSpace),
      // Rails stopped there: the database refused something, or Rails itself did.
      isStopped: said.some(line => line.startsWith('!!!')),
    }
  })
}

describe.each([
  ['7.2', 7.2],
  ['8.0', 8.2],
])('Migration[%s] on Rails %s', (version, rails) => {
  test('the statements that a server logged, one by one, through the whole history', async () => {
    const reader = railsCalls({ rails })
    let count = 0
    for (const { code, label, direction, sql, isStopped } of migrations(version)) {
      const read = await sent(reader, code, direction, '1.rb')
      const made = read.sql.map(oneSpace)
      expect({ label, sql: isStopped ? made.slice(0, sql.length) : made }).toEqual({ label, sql })
      count += sql.length
      if (!isStopped && direction === 'up') expect({ label, unread: read.unread }).toEqual({ label, unread: [] })
    }
    expect(count).toBeGreaterThan(150)
  })
})
