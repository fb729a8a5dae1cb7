import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { lint } from '../../src/index.ts'
import { migrateLint, project } from '../node/kit/program.ts'

const formats = [
  ...['text', 'compact', 'json', 'jsonl', 'sarif', 'github', 'gitlab'],
  ...['junit', 'checkstyle', 'rdjson', 'gcc', 'markdown', 'html'],
]

const many = 'x;\n'.repeat(130_000)

// It promises to throw on no input.
test('the library reports 130,000 findings in one file', { timeout: 400_000 }, async () => {
  const report = await lint({ migrations: [{ path: '1.sql', content: many }] })
  expect(report.findings.filter(({ rule }) => rule === 'syntax-error')).toHaveLength(130_000)
})

// The arguments of a call are on the stack: `push(...findings)` ended the run at about 120,000 of them.
test('130,000 findings in one file are reported, in every format', { timeout: 400_000 }, async () => {
  const cwd = project({
    'migrate-lint.config.json': '{ "secondsPerFile": null }',
    'migrations/1.sql': many,
    'migrations/2.sql': 'CREATE TABLE t (id int); DROP TABLE t;',
  })
  const args = formats.flatMap(format => ['--format', `${format}=reports/${format}`])
  const { code, stdout, stderr } = await migrateLint(['migrations', ...args], { cwd })
  expect([stderr, stdout, code]).toEqual(['', '', 1])
  expect(readdirSync(join(cwd, 'reports')).sort()).toEqual([...formats].sort())
  // No format leaves most of them out.
  for (const format of formats) expect(statSync(join(cwd, 'reports', format)).size).toBeGreaterThan(10_000_000)
})
