import { readdirSync } from 'node:fs'

/** The test that compares the measured cases. Each case is tried by itself before any test, so only few flips need this test. */
export const compared = 'test/postgres/cases.test.ts'

/** The tests for each part of the source, the longest start of a path first. Tests that need a server are left out. */
const tests: Readonly<Record<string, readonly string[]>> = {
  'src/postgres/': [
    ...readdirSync(new URL('../../test/postgres/', import.meta.url))
      .filter(file => file.endsWith('.test.ts') && !file.endsWith('.pglite.test.ts'))
      .map(file => `test/postgres/${file}`)
      .filter(file => file !== compared),
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
