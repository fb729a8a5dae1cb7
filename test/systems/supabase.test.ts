import { describe, expect, test } from 'vitest'
import { mapTree } from '../../src/systems/reading/tree.ts'
import { supabase } from '../../src/systems/supabase/supabase.ts'

const options = { transaction: () => 'unknown' as const }

function read(version: string | null, files: Readonly<Record<string, string>>) {
  const manifest =
    version === null ? {} : { 'package.json': JSON.stringify({ devDependencies: { supabase: version } }) }
  const paths = Object.entries(files).map(([name, text]) => [`supabase/migrations/${name}`, text])
  return supabase.migrations(mapTree({ ...manifest, ...Object.fromEntries(paths) }), 'supabase/migrations', options)
}

/** How the pieces of a file reach the server: `tx` in a transaction, `msg` as one message, `auto` each on its own. */
function pieces(version: string | null, text: string): string[] {
  const [migration] = read(version, { '1_a.sql': text }).migrations
  return (migration?.parts?.(text) ?? []).map(({ span, execution }) => {
    const { inTransaction, singleMessage } = execution ?? migration?.execution ?? {}
    return `${inTransaction ? 'tx' : singleMessage ? 'msg' : 'auto'}: ${text.slice(...span).trim()}`
  })
}

const concurrently = 'create index concurrently i on t (a);'

describe('a version before 2.109 sends a file as one pipeline', () => {
  test.each([
    ['select 1; select 2;', ['tx: select 1; select 2;']],
    [concurrently, [`auto: ${concurrently}`]],
    [`-- first\n${concurrently}\nselect 1;`, [`auto: -- first\n${concurrently}`, 'tx: select 1;']],
    [`select 1; ${concurrently}`, [`tx: select 1; ${concurrently}`]],
    [`${concurrently} ${concurrently}`, [`auto: ${concurrently}`, `tx: ${concurrently}`]],
  ])('%j', (text, expected) => {
    expect(pieces('~2.40.0', text)).toEqual(expected)
  })
})

describe('version 3 cuts it', () => {
  test.each([
    ['select 1; select 2;', ['msg: select 1; select 2;']],
    [`select 1; ${concurrently} select 2;`, ['msg: select 1;', `auto: ${concurrently}`, 'msg: select 2;']],
    [
      `${concurrently} vacuum t; REINDEX TABLE CONCURRENTLY t;`,
      [`auto: ${concurrently}`, 'auto: vacuum t;', 'auto: REINDEX TABLE CONCURRENTLY t;'],
    ],
    ['begin; select 1; commit;', ['auto: begin; select 1; commit;']],
    [
      '-- pg-delta: transaction=false\nselect 1; select 2;',
      ['auto: -- pg-delta: transaction=false\nselect 1; select 2;'],
    ],
    [' -- pg-delta: transaction=false\nselect 1;', ['msg: -- pg-delta: transaction=false\nselect 1;']],
    ['', ['msg: ']],
  ])('%j', (text, expected) => {
    expect(pieces('3.1.0', text)).toEqual(expected)
  })
})

describe('from 2.109 to 2.114 it opens its own transactions around the pieces', () => {
  test.each([
    [`select 1; ${concurrently} select 2;`, ['tx: select 1;', `auto: ${concurrently}`, 'tx: select 2;']],
    [`begin; select 1; commit; ${concurrently}`, ['tx: begin; select 1; commit;', `auto: ${concurrently}`]],
    ['select 1; drop index concurrently i;', ['tx: select 1; drop index concurrently i;']],
  ])('%j', (text, expected) => {
    expect(pieces('2.114.0', text)).toEqual(expected)
  })
})

test('of an unknown version, only the common behaviour is certain', () => {
  const text = `select 1; ${concurrently}`
  const marker = { '1_a.sql': '-- pg-delta: transaction=false\nselect 1;', '2_b.sql': text }
  expect(read(null, marker).migrations[1]?.parts?.(text)).toHaveLength(2)
  const wayOf = (version: string | null, sql: string) => read(version, { '1_a.sql': sql }).migrations[0]?.parts?.(sql)
  expect(wayOf(null, concurrently)?.[0]?.execution?.inTransaction).toBe(false)
  expect(wayOf(null, text)?.[0]?.execution).toMatchObject({
    inTransaction: 'unknown',
    where: 'where the Supabase CLI is older than 2.109',
  })
  expect(wayOf('^2.110.0', 'select 1; drop index concurrently i;')?.[0]?.execution?.where).toContain('2.116')
})

test('names', () => {
  const names = ['20200101000000_init.sql', '9_b.sql', '10_a.sql', 'x.sql', '3-a.sql', '4_.sql']
  const { migrations, asides } = read('2', Object.fromEntries(names.map(name => [name, ''])))
  expect(migrations.map(({ id }) => id)).toEqual(['10', '20200101000000', '4', '9'])
  expect(asides?.map(({ path }) => path)).toEqual(['supabase/migrations/3-a.sql', 'supabase/migrations/x.sql'])
  const first = read('2', { '20200101000000_init.sql': '', '30_a.sql': '' })
  expect(first.migrations.map(({ id }) => id)).toEqual(['30'])
  expect(first.asides?.[0]?.why).toContain('skips a first file')
})

test('detection', () => {
  const toml = { 'supabase/config.toml': 'project_id = "x"\n', 'config.toml': 'title = "a site"\n' }
  expect(supabase.detect(mapTree(toml), '')).toMatchObject({ directory: 'supabase/migrations', sign: 'file' })
  expect(supabase.detect(mapTree(toml), 'supabase')?.directory).toBe('supabase/migrations')
  expect(supabase.detect(mapTree({ 'config.toml': 'title = "a site"\n' }), '')).toBe(null)
})
