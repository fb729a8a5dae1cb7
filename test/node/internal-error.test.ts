import { expect, it, onTestFinished, vi } from 'vitest'
import type { Registry } from '../../src/lint/registry.ts'
import { tool } from '../../src/lint/tool.ts'
import { lintCommand } from '../../src/node/commands/lint.ts'
import { blockingIndex, project } from './kit/program.ts'

// A broken rule: none of ours is known to be, so this is the only way to test the effect on the others.
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

it('a bug in one rule is reported with rule, file, line, version and the address for reports; everything else is reported, too (OF-26)', async () => {
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
