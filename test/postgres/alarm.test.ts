import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { registry } from '../../src/index.ts'
import { alarms } from './kit/alarm.ts'
import type { OracleCase } from './kit/oracle.ts'

const { cases }: { cases: OracleCase[] } = JSON.parse(
  readFileSync(new URL('./cases/shared.json', import.meta.url), 'utf8'),
)

// `npm run alarms -- test/postgres/cases/*.json` counts over all cases.
test('exactly the shared cases that make writers wait for work have an error about locks', async () => {
  const all = (await Promise.all(cases.map(each => alarms(each, registry)))).flat()
  expect(all.filter(({ dangerous, errors }) => dangerous && errors.length === 0)).toEqual([])
  expect(all.filter(({ dangerous, errors }) => !dangerous && errors.length > 0)).toEqual([])
  expect(all.filter(({ dangerous }) => dangerous).length).toBeGreaterThan(30)
})
