import { describe, expect, test } from 'vitest'
import { migrateLint, project } from '../node/kit/program.ts'

/** Lints with that budget for each file. */
async function linted(files: Readonly<Record<string, string>>, secondsPerFile: number) {
  const cwd = project({ ...files, 'migrate-lint.config.json': JSON.stringify({ secondsPerFile }) })
  const { code, stdout, stderr } = await migrateLint(['migrations', '--format', 'json'], { cwd })
  const { findings, summary } = JSON.parse(stdout) as {
    findings: { rule: string; path: string; severity: string; message: string }[]
    summary: { migrations: number }
  }
  return { code, stderr, findings, summary }
}

describe('a file that costs more than its budget is one finding, and the others are linted', () => {
  const others = {
    'migrations/1.sql': 'CREATE TABLE t (id int);\n',
    'migrations/3.sql': 'DROP TABLE t;\n',
  }

  test('150,000 statements', { timeout: 300_000 }, async () => {
    const sql = 'UPDATE t SET id = 1;\n'.repeat(150_000)
    const { code, stderr, findings, summary } = await linted({ ...others, 'migrations/2.sql': sql }, 0.1)
    const of = (path: string) => findings.filter(each => each.path === `migrations/${path}`)
    expect([stderr, code]).toEqual(['', 1])
    expect(of('2.sql').map(({ rule, severity }) => [rule, severity])).toEqual([['beyond-limits', 'error']])
    expect(of('2.sql')[0]?.message).toBe('This was not checked: checking it takes more than 0.1 seconds.')
    expect(of('3.sql').map(({ rule }) => rule)).toContain('drop-table')
    expect(summary.migrations).toBe(3)
  })

  test('ordinary files get all the time that they need', { timeout: 200_000 }, async () => {
    const { findings } = await linted({ ...others, 'migrations/2.sql': 'SELECT 1;\n'.repeat(2000) }, 10)
    expect(findings.filter(({ severity }) => severity !== 'note').map(({ rule }) => rule)).toEqual(['drop-table'])
  })
})
