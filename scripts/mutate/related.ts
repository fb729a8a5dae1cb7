/** The test that compares the measured cases: each case is tried by itself before any test, so that only few flips need it. */
export const compared = 'test/postgres/cases.test.ts'

/** Tests that say what a part of the source does, the longest start of a path first. Those that need a server are left out. */
const tests: Readonly<Record<string, readonly string[]>> = {
  'src/postgres/': [
    'test/postgres/aftermath.test.ts',
    'test/postgres/alarm.test.ts',
    'test/postgres/drop.test.ts',
    'test/postgres/expression.test.ts',
    'test/postgres/keyed-list.test.ts',
    'test/postgres/maintenance.test.ts',
    'test/postgres/narrowing.test.ts',
    'test/postgres/object.test.ts',
    'test/postgres/proof.test.ts',
    'test/postgres/query.test.ts',
    'test/postgres/rename.test.ts',
    'test/postgres/syntax.test.ts',
    'test/postgres/type',
    'test/postgres/view.test.ts',
    'test/postgres/volatility.test.ts',
    'test/postgres/write',
    'test/rules/pages.test.ts',
    'test/lint/lint.test.ts',
    'test/lint/lock-timeline.test.ts',
    'test/lint/one-run.test.ts',
    'test/lint/transaction-rules.test.ts',
  ],
  'src/lint/': ['test/lint', 'test/rules/pages.test.ts', 'test/report'],
  'src/parse/': ['test/parse', 'test/lint', 'test/rules/pages.test.ts'],
  'src/report/': ['test/report'],
  'src/systems/': ['test/systems'],
}

/** The tests for a file, as filters of vitest. Throws for a file in none of these folders: all tests would run for minutes per flip. */
export function related(file: string): readonly string[] {
  const found = Object.entries(tests).find(([folder]) => file.startsWith(folder))?.[1]
  if (!found) throw new Error(`no tests are named for ${file} in scripts/mutate/related.ts`)
  return found
}
