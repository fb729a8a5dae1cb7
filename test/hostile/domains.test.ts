import { expect, test } from 'vitest'
import { migrateLint, project } from '../node/kit/program.ts'

const chain = Array.from({ length: 6000 }, (_, i) => `CREATE DOMAIN d${i + 1} AS d${i};`).join('\n')

// Domains in a circle or in a long chain must not be an internal error, and the other files must be linted.
test.each([
  [
    'made of each other',
    'CREATE DOMAIN a AS b;\nCREATE DOMAIN b AS a;\nCREATE TABLE t (x a);\nALTER TABLE t ALTER x TYPE b;',
  ],
  [
    'made of each other, with a constraint that comes later',
    'CREATE DOMAIN a AS b;\nCREATE DOMAIN b AS a;\nALTER DOMAIN a ADD CHECK (VALUE > 1);\nALTER TABLE t ADD COLUMN x b NOT NULL;',
  ],
  [
    'in a long chain',
    `${chain}\nCREATE TABLE t (c d6000);\nALTER TABLE t ADD COLUMN e d6000 NOT NULL;\nALTER DOMAIN d1 ADD CHECK (VALUE > 1);`,
  ],
])('domains %s are not an internal error', { timeout: 120_000 }, async (_, sql) => {
  const cwd = project({ 'migrations/1.sql': `${sql}\nDROP TABLE gone;\n` })
  const { stdout, stderr, code } = await migrateLint(['--format', 'compact', 'migrations'], { cwd })
  expect(stderr).not.toContain('internal error')
  expect(stdout).toContain('drop-table')
  expect(code).toBe(1)
})
