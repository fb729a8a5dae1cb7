import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { supportedVersions } from '../../../src/postgres/version.ts'
import type { CaseFile, MeasuredCase, Result } from './case.ts'
import { measureCases } from './run.ts'

const { cases }: CaseFile = JSON.parse(readFileSync(new URL('../cases/shared.json', import.meta.url), 'utf8'))

// Results that may differ from run to run: AccessShare locks of indexes depend on the plan; the accesses that an autocommit
// statement blocks were sampled; an INSERT was not tried everywhere.
function comparable(result: Result | undefined) {
  const { locks = [], blocks = {}, ...rest } = result ?? {}
  const firm = locks.filter(({ kind, lock }) => !(kind.endsWith('index') && lock === 'AccessShareLock'))
  const waits = Object.entries(blocks).map(([relation, { select, write = false }]) => ({ relation, select, write }))
  const blocking = rest.method ? [] : waits.filter(({ select, write }) => select || write)
  return { ...rest, locks: firm, blocks: blocking }
}

const resultOf = (one: MeasuredCase | undefined, major: number) =>
  one?.results.find(({ versions }) => versions.some(version => version === major))?.result

describe('the shared cases, measured again', () => {
  let again: MeasuredCase[]
  beforeAll(async () => {
    again = await measureCases(cases, supportedVersions)
  })

  it.each(supportedVersions)('do the same on PostgreSQL %i', major => {
    for (const one of cases) {
      const now = again.find(({ id }) => id === one.id)
      expect(comparable(resultOf(now, major)), one.id).toEqual(comparable(resultOf(one, major)))
    }
  })
})
