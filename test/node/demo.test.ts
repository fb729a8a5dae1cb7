import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { migrateLint } from './kit/program.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const demo = `${root}fixtures/demo`

interface Reported {
  readonly path: string
  readonly severity: string
  readonly rule: string
  readonly start: { readonly line: number }
}

/** Errors and warnings as `file:line severity rule`. */
async function found(): Promise<string[]> {
  const { stdout } = await migrateLint(['-f', 'json'], { cwd: demo })
  const findings: Reported[] = JSON.parse(stdout).findings
  return findings
    .filter(({ severity }) => severity !== 'note')
    .map(({ path, severity, rule, start }) => `${path.replace('migrations/', '')}:${start.line} ${severity} ${rule}`)
}

describe('the sample project', () => {
  // A new rule may find more: npx vitest run test/node/demo -u, and read what has changed.
  it('has the expected findings', async () => {
    await expect(`${(await found()).join('\n')}\n`).toMatchFileSnapshot(`${demo}/expected.txt`)
  })

  it('has safe migrations, and they stay silent', async () => {
    const safe = /_(create_(users|products|orders|payments)|payments_by_order|small_changes)\.sql:/
    expect((await found()).filter(line => safe.test(line))).toEqual([])
  })

  it('is linted by npm run demo, for which findings are not an error', () => {
    const { status, stdout } = spawnSync(process.execPath, [`${root}scripts/demo.mjs`], { encoding: 'utf8' })
    expect(stdout).toContain('20250203140000_orders_by_user.sql')
    expect(stdout).toMatch(/errors? .*in \d+ of 19 migrations/)
    expect(status).toBe(0)
  })

  it('fails npm run demo when the tool itself fails', () => {
    const { status } = spawnSync(process.execPath, [`${root}scripts/demo.mjs`, '--no-such-flag'], { encoding: 'utf8' })
    expect(status).toBe(2)
  })
})

describe('the example in the README', () => {
  it('is what the program prints', async () => {
    const readme = readFileSync(`${root}README.md`, 'utf8')
    const example = /<!-- example:start -->\n+```console\n([\s\S]*?)```\n+<!-- example:end -->/.exec(readme)?.[1] ?? ''
    const [command = '', ...output] = example.split('\n')
    const { stdout } = await migrateLint(command.replace('$ npx migrate-lint ', '').split(' '), { cwd: demo })
    const timeless = (text: string) => text.replace(/\d+ ms|\d+\.\d s/, 'n ms')
    expect(timeless(output.join('\n'))).toBe(timeless(stdout))
  })
})
