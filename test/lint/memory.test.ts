import fc from 'fast-check'
import { expect, test } from 'vitest'
import { completeConfig, type Migration, registry } from '../../src/index.ts'
import type { Config } from '../../src/lint/config/config.ts'
import { transactionModes } from '../../src/lint/config/transaction.ts'
import type { Memory } from '../../src/lint/history/memory.ts'
import { type LintInput, lint } from '../../src/lint/lint.ts'
import type { MigrationInput } from '../../src/migration/migration.ts'
import { plainRun } from '../../src/systems/plain/plain.ts'
import { configOf, migrationsOf, pages } from '../rules/kit/examples.ts'
import { WholeMemory } from './kit/memory.ts'

interface Case {
  readonly migrations: readonly MigrationInput[]
  readonly config: Config
  /** The paths that are reported on. */
  readonly asked: ReadonlySet<string>
}

const examples = pages.flatMap(({ rule, page }) =>
  page.examples.map(example => {
    const config = configOf(rule, example)
    return { migrations: completed(migrationsOf(example), config), config }
  }),
)

/** Files that are the same from one run to the next, without time limits. */
const pool = examples.flatMap(({ migrations }) => migrations)

function completed(migrations: readonly Migration[], config: Config): MigrationInput[] {
  const modes = transactionModes(config)
  return migrations.map((migration): MigrationInput => {
    const { kind = 'sql' } = migration
    return kind === 'sql' || kind === 'code'
      ? ({ ...plainRun(modes(migration.path)), ...migration, kind } as MigrationInput)
      : (migration as MigrationInput)
  })
}

/** The whole report as text, and the files that were read for it. */
async function told({ migrations, config, asked }: Case, memory?: Memory) {
  const read = new Set<string>()
  const input: LintInput = {
    migrations,
    config: { ...config, secondsPerFile: null },
    registry,
    report: path => asked.has(path),
    watch: { file: (phase, path) => void (phase === 'read' && read.add(path)) },
    memory,
  }
  const report = await lint(input)
  const { sources, ...rest } = report
  return { text: JSON.stringify([rest, [...sources]]), read }
}

/** The report must be the same without a memory, with an empty one, and with one that knows the beginning. */
async function expectSame(each: Case, memory = new WholeMemory()) {
  const { text } = await told(each)
  const first = await told(each, memory)
  expect(first.text).toBe(text)
  const second = await told(each, memory)
  expect(second.text).toBe(text)
  return { memory, second }
}

test('examples of all rules have the same report with a memory of what comes before them', {
  timeout: 600_000,
}, async () => {
  let [remembered, whole] = [0, 0]
  for (const { migrations, config } of examples) {
    for (let from = 1; from < migrations.length; from++) {
      const asked = new Set(migrations.slice(from).map(({ path }) => path))
      const { second, memory } = await expectSame({ migrations, config, asked })
      if (memory.size === 0) continue
      remembered++
      if (second.read.has(migrations[0]?.path ?? '')) whole++
    }
  }
  expect(remembered).toBeGreaterThan(500)
  expect(whole).toBeLessThan(remembered / 5)
})

/** How a migration may reach the server. */
const executions = [
  { inTransaction: 'unknown', singleMessage: false, spansFiles: false },
  { inTransaction: true, singleMessage: false, spansFiles: false },
  { inTransaction: true, singleMessage: true, spansFiles: true },
  { inTransaction: false, singleMessage: true, spansFiles: false },
] as const

const file = fc.record({ from: fc.nat(pool.length - 1), execution: fc.nat(executions.length - 1) })
type File = { readonly from: number; readonly execution: number }

const change = fc.record({
  what: fc.constantFrom('replace' as const, 'insert' as const, 'remove' as const, 'append' as const),
  at: fc.nat(),
  file,
  asked: fc.array(fc.nat(), { minLength: 1, maxLength: 2 }),
})

function changed(files: readonly File[], { what, at, file: own }: { what: string; at: number; file: File }): File[] {
  const place = at % (files.length + 1)
  if (what === 'append') return [...files, own]
  if (what === 'insert') return files.toSpliced(place, 0, own)
  return what === 'remove' ? files.toSpliced(place, 1) : files.toSpliced(place, 1, own)
}

function migrationsFrom(files: readonly File[]): MigrationInput[] {
  return files.flatMap(({ from, execution }, i): MigrationInput[] => {
    const known = pool[from]
    const path = `${i + 10}_${known?.path.replace(/.*\//, '')}`
    if (!known) return []
    return known.kind === 'sql' || known.kind === 'code'
      ? [{ ...known, path, execution: { ...known.execution, ...executions[execution] } } as MigrationInput]
      : [{ ...known, path }]
  })
}

test('so have histories that grow and are edited while one memory stays', { timeout: 600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(file, { minLength: 2, maxLength: 10 }),
      fc.array(change, { minLength: 1, maxLength: 5 }),
      async (start, changes) => {
        const memory = new WholeMemory()
        let files: readonly File[] = start
        for (const each of changes) {
          files = changed(files, each)
          const migrations = migrationsFrom(files)
          const asked = new Set(each.asked.map(place => migrations[place % Math.max(1, migrations.length)]?.path ?? ''))
          const now = { migrations, config: completeConfig({ preset: 'all' }), asked }
          expect((await told(now, memory)).text).toBe((await told(now)).text)
        }
      },
    ),
    { numRuns: Number(process.env.RUNS ?? 100) },
  )
})
