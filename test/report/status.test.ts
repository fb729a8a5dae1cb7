import { expect, test } from 'vitest'
import type { ProjectStatus, Status } from '../../src/migration/status.ts'
import { statusJson, statusText } from '../../src/report/status.ts'
import { plain } from './kit/builder.ts'

const stops = { severity: 'error', what: 'Flyway refuses to migrate' } as const
const at = '2026-03-01 10:22:33.123+00'

const project: ProjectStatus = {
  system: 'Flyway',
  directory: 'sql',
  table: 'public.flyway_schema_history',
  sought: '',
  passedOver: [],
  comparedBy: 'the CRC-32 of its lines',
  applied: [
    { id: '1', path: 'sql/V1__a.sql', at, compared: true },
    { id: '2', path: 'sql/V2__b.sql', at, compared: true },
    { id: '3', path: 'sql/V3__c.sql', at: '2026-03-02 08:00:00', compared: false },
  ],
  edited: [
    {
      id: '1',
      path: 'sql/V1__a.sql',
      at,
      difference: 'comments',
      appliedText: { commit: '0123456789abcdef', date: '2026-02-28' },
      outcome: stops,
    },
    { id: '2', path: 'sql/V2__b.sql', at, difference: 'unknown', appliedText: null, outcome: stops },
  ],
  pending: [
    { id: '2.1', path: 'sql/V2.1__late.sql', late: stops, again: false },
    { id: 'v', path: 'sql/R__v.sql', late: null, again: true },
  ],
  missing: [{ id: 'V0__\u001b[31mgone.sql', at, outcome: stops }],
  failed: [
    { id: '4', path: null, at: null, detail: 'ERROR: x\nmore', outcome: { severity: 'error', what: 'It stops' } },
  ],
  notices: ['2 of them are not above the baseline.'],
}
const database = { name: 'shop', host: 'db.example', port: 5432, version: '17.2' }

test('text shows each state once, and its consequence', () => {
  expect(`\n${statusText({ database, projects: [project], unread: 0 }, plain)}`).toBe(`
Database shop on db.example:5432, PostgreSQL 17.2

sql/  (Flyway, public.flyway_schema_history)

  3 applied
    the last: sql/V3__c.sql, 2026-03-02 08:00
    2 of them compared by the CRC-32 of its lines

  2 edited since applied
    sql/V1__a.sql
      applied 2026-03-01 10:22; comments, white space or case differ from what
      was applied, that of commit 0123456789ab (2026-02-28)
    sql/V2__b.sql
      applied 2026-03-01 10:22; its text differs
      Flyway refuses to migrate.

  1 failed or half done
    4
      ERROR: x
      It stops.

  1 applied, but missing on disk
    V0__␛[31mgone.sql, 2026-03-01 10:22
      Flyway refuses to migrate.

  2 pending, in this order
    sql/V2.1__late.sql (out of order)
      Flyway refuses to migrate.
    sql/R__v.sql (again, because it changed)

  2 of them are not above the baseline.

3 applied, 2 edited, 2 pending (1 out of order), 1 missing, 1 failed
`)
})

test('many of a kind are counted', () => {
  const pending = Array.from({ length: 99 }, (_, i) => ({ id: `${i}`, path: `${i}.sql`, late: null, again: false }))
  const fresh = {
    ...project,
    table: null,
    sought: 'there is no table x',
    applied: [],
    edited: [],
    failed: [],
    missing: [],
    pending,
  }
  const text = statusText({ database: { ...database, host: null }, projects: [fresh], unread: 0 }, plain)
  expect(text).toMatch(/^Database shop, PostgreSQL 17\.2\n/)
  expect(text).toContain('  Nothing is applied here: there is no table x.\n')
  expect(text).toContain('    29.sql\n    … and 69 more\n')
  const { projects } = JSON.parse(
    statusJson({ database, projects: [fresh], unread: 0 } satisfies Status, plain),
  ) as Status
  expect(projects[0]?.pending.length).toBe(99)
})

test('unread tables are reported, and nothing about the rest', () => {
  const passedOver = Array.from({ length: 32 }, (_, i) => ({ table: `s${i}.t`, reason: 'is a \u001b view' }))
  const unknown = {
    ...project,
    table: null,
    applied: [],
    edited: [],
    pending: [],
    missing: [],
    failed: [],
    notices: [],
  }
  const text = statusText({ database, projects: [{ ...unknown, passedOver }, project], unread: 0 }, plain)
  expect(text).toContain('It is not known what is applied here.\n    s0.t is not read: it is a ␛ view.\n')
  expect(text).toContain('    … and 2 more\n')
  expect(text).not.toContain('Nothing is applied')
  expect(text).toMatch(/, 1 missing, 1 failed, 1 project not known\n$/)
  const json = statusJson({ database, projects: [{ ...unknown, passedOver }], unread: 0 }, plain)
  expect(JSON.parse(json).projects[0].passedOver[31]).toEqual({ table: 's31.t', reason: 'is a \u001b view' })
})

test('files that could not be read are counted before what is known', () => {
  const status = { database, projects: [project], unread: 2 }
  expect(statusText(status, plain)).toMatch(/\n2 files or folders could not be read, \d+ applied, [^\n]*\n$/)
  expect(JSON.parse(statusJson(status, plain)).summary.unread).toBe(2)
})
