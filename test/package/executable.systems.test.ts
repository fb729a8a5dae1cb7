import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { write } from '../kit/git.ts'
import { cli } from '../node/kit/program.ts'

// One file that runs alone, in an empty folder, and does what the built program does.

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'migrate-lint-alone-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const executable = join(folder, 'migrate-lint')
const platform = `${process.platform}-${process.arch}`
const archive = join(folder, `migrate-lint-${platform}.tar.gz`)
let said = ''

beforeAll(() => {
  said = execFileSync('bash', [join(root, 'scripts/pack-executable.sh'), folder], { encoding: 'utf8' })
  execFileSync('tar', ['-xzf', archive, '-C', folder])
}, 300_000)

function run(program: string, args: readonly string[], cwd: string) {
  const { status, stdout } = spawnSync(program, args, { cwd, encoding: 'utf8', env: { PATH: '/usr/bin:/bin' } })
  return { status, stdout }
}

/** The executable, which must say the same as the built program. */
function both(args: readonly string[], cwd: string) {
  const alone = run(executable, args, cwd)
  expect(alone).toEqual(run(process.execPath, [cli, ...args], cwd))
  return alone
}

test('a release gets it in an archive, with the licences of what is in it, and with the sum that publishing compares', () => {
  const sum = createHash('sha256').update(readFileSync(archive)).digest('hex')
  expect(said.trim().split('\n').at(-1)).toBe(`${platform} ${sum}`)
  expect(readdirSync(folder)).toEqual(expect.arrayContaining(['LICENSE', 'licenses.txt', 'migrate-lint']))
  expect(readFileSync(join(folder, 'licenses.txt'), 'utf8')).toContain('libpg-query')
})

test('it knows its version', () => {
  expect(run(executable, ['--version'], folder)).toEqual({ status: 0, stdout: `${manifest.version}\n` })
})

test('it finds in the demo what the program finds', () => {
  const { status, stdout } = both(['-f', 'jsonl'], join(root, 'fixtures/demo'))
  expect(status).toBe(1)
  expect(stdout.split('\n').length).toBeGreaterThan(12)
})

test('it reads programs, deeply nested SQL and a configuration that is code', () => {
  const cwd = mkdtempSync(join(folder, 'project-'))
  write(cwd, {
    'migrate-lint.config.mjs': 'export default { preset: "all" }\n',
    'db/migrate/20260101000000_add_note.rb':
      'class AddNote < ActiveRecord::Migration[8.0]\n  def change\n    add_index :orders, :note\n  end\nend\n',
    'sql/1.sql': `SELECT ${'('.repeat(9000)}1${')'.repeat(9000)};\nDROP TABLE x;\n`,
  })
  expect(both(['db/migrate', '-f', 'gcc'], cwd).stdout).toContain('.rb:3:5: error: ')
  const { stdout } = both(['sql', '-f', 'gcc'], cwd)
  expect(stdout).toContain('sql/1.sql:2:1: error: ')
  expect(stdout).not.toContain('beyond-limits')
})
