import { expect, test } from 'vitest'
import { lint, type Migration, steps } from '../../src/index.ts'
import { registryOf } from './kit/rules.ts'

const drop = 'DROP TABLE orders;'
const registry = registryOf('code-migration', 'drop-table', 'integrity-file-stale', 'not-a-migration')
const files: readonly Migration[] = [
  { path: '1.sql', content: 'CREATE TABLE orders (id bigint PRIMARY KEY);' },
  { kind: 'code', path: '2.ts', content: drop, opaque: 'it is written in TypeScript' },
  { kind: 'aside', path: '3.sql', content: drop, why: 'The journal does not list it.' },
  { kind: 'gone', path: '4.sql', content: drop },
  { kind: 'vouching', path: 'sums', content: drop, covers: ['1.sql'] },
]

test('SQL is read, code is reported as unread, and no other file is a migration or runs', async () => {
  const { findings, summary, timelines } = await lint({ migrations: files, registry })
  expect(summary).toMatchObject({ migrations: 2, statements: 1 })
  expect(timelines.map(({ path }) => path)).toEqual(['1.sql', '2.ts'])
  expect(findings.map(({ path, rule }) => `${path} ${rule}`)).toEqual(['2.ts code-migration', '3.sql not-a-migration'])
})

test('after code nothing is certain; other files say nothing about the database', async () => {
  const later: Migration = { path: '5.sql', content: 'SELECT 1;' }
  const uncertain = async (kind: Migration['kind']) =>
    (await steps({ migrations: [...files.filter(file => file.kind === kind), later] })).steps[0]?.before.uncertain?.why
  expect(await uncertain('code')).toBe('it is written in TypeScript')
  for (const kind of ['aside', 'gone', 'vouching'] as const) expect(await uncertain(kind)).toBeUndefined()
})

test('a file that vouches is reported on with what it vouches for', async () => {
  const at: readonly [number, number] = [0, 4]
  const wrong = {
    at,
    severity: 'error',
    does: 'Atlas refuses to run',
    what: '"1.sql" differs',
    help: '',
    about: [],
  } as const
  const migrations = files.map(file => (file.kind === 'vouching' ? { ...file, discrepancies: [wrong] } : file))
  const { findings } = await lint({ migrations, registry, report: path => path === '1.sql' })
  expect(findings.map(({ path, rule }) => `${path} ${rule}`)).toEqual(['sums integrity-file-stale'])
})
