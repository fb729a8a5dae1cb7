import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { loadParser } from '../../src/parse/index.ts'
import { gapsOf, type OracleCase } from './kit/oracle.ts'

await loadParser()

const folder = new URL('./cases/', import.meta.url)
const read = (file: string): { cases: OracleCase[] } => JSON.parse(readFileSync(new URL(file, folder), 'utf8'))

// gaps.txt lists the known differences between the model and the servers: those that depend on rows or on objects that no migration
// mentions, and sampled ones. A closed gap must be removed from it, so that it stays closed:
// `npx vitest run test/postgres/cases -u` writes the file again. Read the difference.
describe('the model predicts the behaviour of real servers', () => {
  test('in every shared case, on all versions', () => {
    expect(gapsOf(read('shared.json').cases)).toEqual([])
  }, 600_000)

  test('in the other cases, except for the known gaps', async () => {
    const files = readdirSync(folder).filter(file => file.endsWith('.json') && file !== 'shared.json')
    const gaps = files.sort().map(file => [`# ${file}`, ...gapsOf(read(file).cases)].join('\n'))
    await expect(`${gaps.join('\n\n')}\n`).toMatchFileSnapshot('./cases/gaps.txt')
  }, 600_000)
})
