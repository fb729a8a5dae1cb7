import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporary } from '../action/kit/checkouts.ts'
import { repository, write } from '../kit/git.ts'
import { hostileRun, secret } from './kit/running.ts'

const index = { 'db/1.sql': 'CREATE INDEX i ON orders (a);\n' }
const file = (relations: readonly object[], more: object = {}) =>
  JSON.stringify({
    schemaVersion: 1,
    takenAt: new Date().toISOString(),
    server: '16',
    names: 'plain',
    relations,
    ...more,
  })
const args = ['db', '--only', 'blocking-index-build', '--notes']

describe('a file with the sizes of tables', () => {
  test.skipIf(process.platform === 'win32')('is not read behind a link that leads out', async () => {
    const elsewhere = temporary()
    write(elsewhere, { 'stats.json': `${secret}` })
    for (const config of [{}, { 'migrate-lint.config.json': '{ "stats": "migrate-lint-stats.json" }' }]) {
      const root = repository({ ...index, ...config })
      symlinkSync(join(elsewhere, 'stats.json'), join(root, 'migrate-lint-stats.json'))
      const { code, stdout, stderr } = await hostileRun(args, root)
      expect(code).toBe(2)
      expect(stderr).toContain('it leads out of the repository')
      expect(stdout + stderr).not.toContain(secret)
    }
    const outside = repository({ ...index, 'migrate-lint.config.json': `{ "stats": "${elsewhere}/stats.json" }` })
    const { code, stdout, stderr } = await hostileRun(args, outside)
    expect(code).toBe(2)
    expect(stdout + stderr).not.toContain(secret)
  })

  test('of any shape gives one line, or is a file like any other', async () => {
    const kind = 'table'
    const texts = [
      `{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`,
      file([{ name: 'public.orders', kind, rows: 1e308, bytes: 1e308, indexBytes: 1e308, writesPerSecond: 1e308 }]),
      file([
        { name: '__proto__', kind, bytes: 1 },
        { name: 'public.constructor', kind: 'toString', bytes: 1 },
      ]),
      file([{ name: 'public.orders', kind, rows: -1, bytes: 0 }]),
      file([{ name: 'public.orders', kind, bytes: 5, partitionOf: 'public.orders' }]),
      file(
        Array.from({ length: 30_000 }, (_, i) => ({
          name: `public.t${i}`,
          kind,
          bytes: 1,
          partitionOf: `public.t${(i + 1) % 30_000}`,
        })),
      ),
      file([
        ...Array<object>(40_000).fill({ name: 'public.c', kind, bytes: 1, partitionOf: 'public.p' }),
        ...Array<object>(40_000).fill({ name: 'public.x', kind, bytes: 1, partitionOf: 'public.c' }),
      ]),
      file([], { takenAt: '\u{1b}[2J2026-01-01' }),
      file([], { takenAt: '2020-01-01T00:00:00Z', server: '16\u{1b}[2J' }),
    ]
    for (const text of texts) {
      const root = repository({ ...index, 'migrate-lint-stats.json': text })
      const { code, stdout, stderr } = await hostileRun(args, root)
      expect([1, 2], stderr).toContain(code)
      expect(stdout + stderr).not.toContain('\u{1b}')
      expect(stderr.split('\n').length).toBeLessThan(4)
      expect(stderr).not.toContain('internal error')
    }
  })
})
