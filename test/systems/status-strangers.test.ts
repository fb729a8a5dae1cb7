import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { discover } from '../../src/systems/discover.ts'
import { systems } from '../../src/systems/index.ts'
import { statusOf, subjectOf } from '../../src/systems/status/status.ts'
import { trackings } from '../../src/systems/status/trackings.ts'
import { treeOf } from './kit/tracked.ts'

// A table with the right name and columns may still contain anything.

const odd = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '',
    '0',
    '-1',
    '1',
    '1.2.3',
    'true',
    't',
    '[',
    '[]',
    '[1]',
    '["x"]',
    '{',
    '{}',
    'null',
    '9'.repeat(400),
  ),
  fc.constantFrom(
    '__proto__',
    'constructor',
    'toString',
    '9:x',
    'h1:x',
    '\\x00',
    '2026-01-01 00:00:00',
    'V1__x.sql',
    'a/'.repeat(200),
  ),
  fc.constantFrom(
    '{"migrations":null}',
    '{"migrations":"x"}',
    '{"migrations":{"default":[1]}}',
    '{"migrations":{"default":{"1":true}}}',
  ),
  fc.json(),
)
const value = fc.option(odd)

const known = systems.filter(({ id }) => trackings[id].length > 0 && treeOf(id).list('').length > 0)

describe.each(known.map(({ id }) => id))('%s', id => {
  const tree = treeOf(id)
  const project = discover(tree, [''], { transaction: () => 'unknown' }).projects.find(({ system }) => system.id === id)

  test.each(trackings[id])('survives rows of any kind (table $table.name)', tracking => {
    if (!project) throw new Error('there is no project')
    const subject = subjectOf(project, tree)
    const columns = [...tracking.columns, ...(tracking.more ?? [])]
    const row = fc.array(value, { minLength: columns.length, maxLength: columns.length })
    fc.assert(
      fc.property(fc.array(row, { maxLength: 8 }), all => {
        const rows = all.map(values => Object.fromEntries(columns.map((column, i) => [column, values[i] ?? null])))
        const recorded = tracking.records(rows, subject)
        if (recorded === null) return
        const reading = { tracking, table: { schema: 's', name: 't' }, sought: '', recorded, passedOver: [] }
        const status = statusOf(subject, reading, { past: () => [], edit: () => null }, () => false)
        expect(status.applied.length + status.pending.length).toBeLessThanOrEqual(subject.items.length)
      }),
      { numRuns: 60 },
    )
  })
})
