import { expect, it, onTestFinished, vi } from 'vitest'
import type { Registry } from '../../src/lint/registry.ts'
import { tool } from '../../src/lint/tool.ts'
import { lintCommand } from '../../src/node/commands/lint.ts'
import { blockingIndex, project } from './kit/program.ts'

// A rule that is broken: none of ours is known to be, so this is the only way to see what becomes of the others.
vi.mock('../../src/node/registry.ts', async original => {
  const { registry } = await original<{ registry: Registry }>()
  const rules = registry.rules.map(rule => {
    if (rule.id !== 'drop-table') return rule
    const check = () => {
      throw new Error('it was not thought of')
    }
    return { ...rule, check }
  })
  return { registry: { ...registry, rules } }
})

it('a mistake of ours in one rule is told with rule, file, line, version and whom to tell; all else is reported (OF-26)', async () => {
  const cwd = project({ ...blockingIndex, 'migrations/003_drop.sql': '\nDROP TABLE orders;\n' })
  const before = process.cwd()
  process.chdir(cwd)
  onTestFinished(() => process.chdir(before))
  const printed = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const) {
    const spy = vi.spyOn(process[stream], 'write').mockImplementation(text => {
      printed[stream] += text
      return true
    })
    onTestFinished(() => spy.mockRestore())
  }
  const run = (debug: boolean) => lintCommand(['migrations'], { format: ['gcc'], errorOnUnmatchedPattern: true, debug })
  expect(await run(false)).toBe(2)
  expect(printed.stderr).toBe(
    `migrate-lint: internal error in drop-table on migrations/003_drop.sql:2: it was not thought of (version ${tool.version}; ` +
      `the rest was linted; please report this: ${tool.url}/issues)\n`,
  )
  expect(printed.stdout).toMatch(/^migrations\/002_index\.sql:1:1: error: .* \[blocking-index-build\]$/m)
  await run(true)
  expect(printed.stderr).toMatch(/\nError: it was not thought of\n +at /)
})
