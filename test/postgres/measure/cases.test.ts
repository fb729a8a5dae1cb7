import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { supportedVersions } from '../../../src/postgres/version.ts'
import type { CaseFile, MeasuredCase } from './case.ts'
import { caseFileText } from './run.ts'

const folder = new URL('../cases/', import.meta.url)
const files = readdirSync(folder).filter(name => name.endsWith('.json'))
const read = (name: string): CaseFile => JSON.parse(readFileSync(new URL(name, folder), 'utf8'))
const all: MeasuredCase[] = files.flatMap(name => [...read(name).cases])

describe('measured cases', () => {
  it('have ids of their own', () => {
    const ids = all.map(one => one.id)
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([])
  })

  it('have the behaviour of every major version', () => {
    const incomplete = all.filter(one => {
      const versions = one.results.flatMap(({ versions }) => versions).sort((a, b) => a - b)
      return versions.join() !== supportedVersions.join()
    })
    expect(incomplete.map(one => one.id)).toEqual([])
  })

  it('have a result or a setup error, and locks only of statements that ran', () => {
    for (const { id, results } of all) {
      for (const { result } of results) {
        expect(result.inTransaction ?? result.setupError, id).toMatch(/^(ok|error:[0-9A-Z]{5}|[0-9A-Z]{5})$/)
        if (result.autocommitError) continue
        if (result.inTransaction !== 'ok' && !result.method) expect(result.locks, id).toBeUndefined()
      }
    }
  })

  it('are written one per line', () => {
    const [one] = read('shared.json').cases
    if (!one) throw new Error('shared.json is empty')
    const text = caseFileText({ about: 'x', cases: [one, one] })
    expect(text.split('\n')).toHaveLength(8)
    expect(JSON.parse(text)).toEqual({ about: 'x', cases: [one, one] })
  })
})
