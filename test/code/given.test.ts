import { describe, expect, test } from 'vitest'
import { builds, reads } from '../../src/code/given/call.ts'
import { NotRead } from '../../src/code/given/not-read.ts'
import { optionsOf } from '../../src/code/given/options.ts'
import { listed, sqlAt } from '../../src/code/given/sql.ts'
import { isTrue, itemsOf, textIn, written } from '../../src/code/given/value.ts'
import { host } from '../../src/code/host.ts'
import { nothing } from '../../src/code/value.ts'
import '../kit/grammars.ts'
import { sent } from './kit/sent.ts'

/** A tool with two calls: `tool.drop(names, { cascade })` and `tool.ask(name)`. */
const reader: Parameters<typeof sent>[0] = {
  entry: 'exports',
  args: run => [
    host('tool', {
      drop: builds(run, 'tool.drop', ({ args: [names, options], at, nameAt }) => {
        const sql = sqlAt(nameAt)
        const all = itemsOf(names, at).map(name => sql`"${textIn(name, at, 'the name')}"`)
        return [sql`DROP TABLE ${listed(all, nameAt)}${optionsOf(options, at).when('cascade', ' CASCADE')}`]
      }),
      ask: reads(run, 'tool.ask', ({ args: [name], at }) => {
        if (!isTrue(name, at)) throw new NotRead('it has no name')
        run.send(sqlAt(at)`SELECT ${written(name, at)}`, { at })
        return nothing(at)
      }),
    }),
  ],
}
const up = (body: string, before = '') => sent(reader, `${before}export const up = tool => { ${body} }`)

describe('what a call is given', () => {
  test('lists, or a single value instead, and options', async () => {
    const { sql } = await up(`tool.drop(['a', 'b'], { cascade: true }); tool.drop('c', { cascade: 0 }); tool.drop('d')`)
    expect(sql).toEqual(['DROP TABLE "a", "b" CASCADE', 'DROP TABLE "c"', 'DROP TABLE "d"'])
  })

  test('an unknown value is reported at its place, and nothing is sent', async () => {
    const { sql, unread } = await up(`tool.drop(['a'], { cascade: process.env.X }); tool.drop(['a', ...other()])`)
    expect(sql).toEqual([])
    expect(unread.map(each => each.split(':')[0])).toEqual(['process.env.X', "['a', ...other()]"])
  })

  test('at the call, if it is written elsewhere', async () => {
    const { unread } = await up('tool.drop("a", options)', "import { options } from './other'; ")
    expect(unread).toEqual(['tool.drop("a", options): it comes from another file'])
  })

  test('an unknown name is quoted, and the rest is read', async () => {
    const { sql, unread } = await up('tool.drop([process.env.X])')
    expect(sql).toEqual([expect.stringMatching(/^DROP TABLE "\$\{.*\}"$/)])
    expect(unread).toHaveLength(1)
  })

  test('the tool refuses a call', async () => {
    const { sql, unread } = await up(`tool.ask(''); tool.ask('a')`)
    expect(sql).toEqual(['SELECT a'])
    expect(unread).toEqual(["tool.ask(''): it has no name"])
  })
})
