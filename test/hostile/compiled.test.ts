import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { node } from '../action/kit/nodes.ts'
import { temporary } from '../node/kit/long-history.ts'
import { migrateLint, project } from '../node/kit/program.ts'

const build = /^[0-9a-f]{16}$/

interface Compiled {
  /** How many of the program's modules Node had compiled before. */
  readonly used: number
  /** True if Node looked for compiled code anywhere. */
  readonly asked: boolean
  readonly stdout: string
}

/** Lints with a Node that can keep compiled code, with the user's folder for cached files at `around`. */
async function lint(root: string, around: string, ...flags: string[]): Promise<Compiled> {
  const env = { XDG_CACHE_HOME: around, LOCALAPPDATA: around, NODE_DEBUG_NATIVE: 'COMPILE_CACHE' }
  const { stdout, stderr } = await migrateLint(['migrations', ...flags], { cwd: root, env, node: node(24) })
  // Node says on standard error what it does with compiled code.
  const about = stderr.split('\n').filter(line => line.includes('[compile cache]'))
  return {
    used: about.filter(line => / for ESM .* was accepted/.test(line)).length,
    asked: about.some(line => line.includes('reading cache')),
    stdout: stdout.replace(/, [\d.]+ m?s\)/, ')'),
  }
}

const simple = () => project({ 'migrations/1.sql': 'CREATE INDEX ON t (a);\n' })
const compiled = (around: string) => join(around, 'migrate-lint', 'compiled')

test('compiled code is kept for the user alone, and the second run uses it', async () => {
  const [root, around] = [simple(), temporary()]
  const first = await lint(root, around)
  expect(first).toMatchObject({ used: 0, asked: true })
  expect(first.stdout).toContain('blocking-index-build')
  const second = await lint(root, around)
  expect(second.used).toBeGreaterThan(5)
  expect(second.stdout).toBe(first.stdout)
  expect(readdirSync(compiled(around))).toEqual([expect.stringMatching(build)])
  if (process.platform !== 'win32') expect(statSync(compiled(around)).mode & 0o777).toBe(0o700)
})

test('only the last builds are kept', async () => {
  const [root, around] = [simple(), temporary()]
  for (const name of ['a', 'b', 'c', 'd']) mkdirSync(join(compiled(around), name), { recursive: true, mode: 0o700 })
  chmodSync(join(around, 'migrate-lint'), 0o700)
  await lint(root, around)
  const names = readdirSync(compiled(around))
  expect(names).toHaveLength(3)
  expect(names).toContainEqual(expect.stringMatching(build))
})

test('--no-cache keeps nothing, and uses nothing', async () => {
  const [root, around] = [simple(), temporary()]
  expect(await lint(root, around, '--no-cache')).toMatchObject({ used: 0, asked: false })
  expect(existsSync(join(around, 'migrate-lint'))).toBe(false)
})

// On Windows, the folder of a user is closed to others by its access list.
describe.skipIf(process.platform === 'win32')('what strangers can write does not run', () => {
  test.each([0o777, 0o770, 0o705])('a folder that others may use: %o', async mode => {
    const [root, around] = [simple(), temporary()]
    await lint(root, around)
    for (const folder of [join(around, 'migrate-lint'), compiled(around)]) {
      chmodSync(folder, mode)
      expect(await lint(root, around)).toMatchObject({ used: 0, asked: false })
      chmodSync(folder, 0o700)
    }
    const [name = ''] = readdirSync(compiled(around))
    chmodSync(join(compiled(around), name), mode)
    expect(await lint(root, around)).toMatchObject({ used: 0, asked: false })
  })

  test('a folder that is a link', async () => {
    const [root, around] = [simple(), temporary()]
    await lint(root, around)
    renameSync(compiled(around), join(around, 'other'))
    symlinkSync(join(around, 'other'), compiled(around))
    expect(await lint(root, around)).toMatchObject({ used: 0, asked: false })
  })

  test('a folder in the repository', async () => {
    const [root, around] = [simple(), temporary()]
    await lint(root, around)
    mkdirSync(join(root, '.cache'))
    renameSync(join(around, 'migrate-lint'), join(root, '.cache', 'migrate-lint'))
    expect(await lint(root, join(root, '.cache'))).toMatchObject({ used: 0, asked: false })
  })
})
