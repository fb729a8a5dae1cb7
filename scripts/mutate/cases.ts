/**
 * A child process that compares the measured cases with the model again and again, with different flips. It first reports which
 * flips take effect while the modules load, and which cases reach which flips.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { loadParser } from '../../src/parse/index.ts'
import { gapsOf, type OracleCase } from '../../test/postgres/kit/oracle.ts'
import { flip, reached } from './switch.ts'

export type Said =
  | { readonly kind: 'ready'; readonly loading: readonly number[] }
  /** Sent after every case, so that a case that does not end is noticed. */
  | { readonly kind: 'alive' }
  | { readonly kind: 'judged'; readonly noticed: boolean }

const loading = [...reached]
await loadParser()
const folder = new URL('../../test/postgres/cases/', import.meta.url)
const cases = readdirSync(folder)
  .filter(file => file.endsWith('.json'))
  .flatMap(file => (JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as { cases: OracleCase[] }).cases)
const before: { readonly gaps: string; readonly reached: ReadonlySet<number> }[] = []
for (const each of cases) {
  reached.clear()
  before.push({ gaps: gaps(each), reached: new Set(reached) })
  await say({ kind: 'alive' })
}
process.on('message', (number: number) => void judge(number))
await say({ kind: 'ready', loading })

async function judge(number: number): Promise<void> {
  flip(number)
  let noticed = false
  for (const [index, each] of cases.entries()) {
    if (noticed || !before[index]?.reached.has(number)) continue
    noticed = gaps(each) !== before[index].gaps
    await say({ kind: 'alive' })
  }
  flip(-1)
  await say({ kind: 'judged', noticed })
}

function gaps(each: OracleCase): string {
  try {
    return gapsOf([each]).join('\n')
  } catch (error) {
    return String(error)
  }
}

async function say(said: Said): Promise<void> {
  process.send?.(said)
  await setImmediate()
}
