import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporary } from '../action/kit/checkouts.ts'
import { commit, git, repository, write } from '../kit/git.ts'
import { hostileRun, secret } from './kit/running.ts'

// What a stranger puts in place of a file from which a migration takes a constant.

const base = {
  'package.json': '{"dependencies":{"knex":"3","pg":"8"}}',
  'knexfile.js': "module.exports = { client: 'pg' }\n",
  'migrations/1_a.js': "exports.up = knex => knex.schema.createTable('orders', t => { t.increments() })\n",
  'migrations/2_b.js':
    "const { name } = require('../lib/names')\nexports.up = async knex => {\n  await knex.schema.dropTable(name)\n  await knex.schema.dropTable('orders')\n}\n",
}

const at = (root: string, path: string) => {
  mkdirSync(join(root, path, '..'), { recursive: true })
  return join(root, path)
}

const attacks: Readonly<Record<string, (root: string) => void>> = {
  'a link that leads out': root => {
    const elsewhere = temporary()
    write(elsewhere, { 'names.js': `exports.name = '${secret}'\n` })
    symlinkSync(join(elsewhere, 'names.js'), at(root, 'lib/names.js'))
  },
  'a folder that leads out': root => {
    const elsewhere = temporary()
    write(elsewhere, { 'names.js': `exports.name = '${secret}'\n` })
    symlinkSync(elsewhere, join(root, 'lib'))
  },
  'the environment': root => symlinkSync('/proc/self/environ', at(root, 'lib/names.js')),
  'a pipe': root => execFileSync('mkfifo', [at(root, 'lib/names.js')]),
  'an endless device': root => symlinkSync('/dev/zero', at(root, 'lib/names.js')),
  'a folder of that name': root => mkdirSync(at(root, 'lib/names.js'), { recursive: true }),
  'files that import each other': root =>
    write(root, {
      'lib/names.js': "const { other } = require('./other')\nexports.name = other\n",
      'lib/other.js': "const { name } = require('./names')\nexports.other = name\n",
    }),
  'files that each import all others': root => {
    const names = Array.from({ length: 200 }, (_, i) => `f${i}`)
    const all = names.map(name => `require('./${name}')`).join('\n')
    write(root, Object.fromEntries([...names, 'names'].map(name => [`lib/${name}.js`, `${all}\nexports.name = 'a'\n`])))
  },
  '40 MB': root => writeFileSync(at(root, 'lib/names.js'), `exports.name = '${'a'.repeat(40_000_000)}'\n`),
  'deep nesting': root =>
    write(root, { 'lib/names.js': `exports.name = ${'['.repeat(50_000)}${']'.repeat(50_000)}\n` }),
  'an endless loop': root =>
    write(root, { 'lib/names.js': "let a = 'a'\nwhile (true) { a = a + a }\nexports.name = a\n" }),
  'names of prototypes': root =>
    write(root, {
      'lib/names.js':
        "exports.__proto__ = { name: 'a' }\nexports.constructor = 'b'\nexports.name = exports.constructor\n",
    }),
  'code that acts': root =>
    write(root, {
      'lib/names.js': `require('fs').writeFileSync('${join(root, 'ran')}', 'x')\nprocess.exit(3)\nexports.name = 'a'\n`,
    }),
  'characters for a terminal': root => write(root, { 'lib/names.js': "exports.name = 'a\\u001b]0;owned\\u0007'\n" }),
}

test.each(Object.entries(attacks))('imported: %s', async (_, attack) => {
  const root = repository({ ...base, 'lib.txt': '' })
  git(root, 'switch', '-q', 'main')
  attack(root)
  const { code, stdout, stderr } = await hostileRun(['migrations', '--format', 'json'], root)
  // The rest of the migration is read, and the text in place of the import is in no report.
  const { findings } = JSON.parse(stdout) as { findings: { rule: string; message: string }[] }
  expect(findings.filter(({ rule }) => rule === 'drop-table').some(({ message }) => message.includes('orders'))).toBe(
    true,
  )
  expect(code).toBe(1)
  expect(`${stdout}${stderr}`).not.toContain(secret)
  expect(stderr).not.toContain('\u001b')
  const text = await hostileRun(['migrations'], root)
  expect(text.stdout).not.toContain('\u001b')
  // The past of the file is read in the same way.
  const past = await hostileRun(['history', '--audit', '--format', 'json'], root)
  expect(`${past.stdout}${past.stderr}`).not.toContain(secret)
  expect(past.code).not.toBe(null)
  expect(execFileSync('ls', [root]).toString()).not.toContain('ran')
})

test('a link of the past that leads out is not followed, and the past is listed', async () => {
  const root = repository({ ...base, 'lib/names.js': "exports.name = 'customers'\n" })
  git(root, 'switch', '-q', 'main')
  const elsewhere = temporary()
  write(elsewhere, { 'names.js': `exports.name = '${secret}'\n` })
  git(root, 'rm', '-q', 'lib/names.js')
  symlinkSync(join(elsewhere, 'names.js'), at(root, 'lib/names.js'))
  git(root, 'add', 'lib/names.js')
  commit(root, { 'note.txt': '1' })
  git(root, 'rm', '-q', 'lib/names.js')
  commit(root, { 'lib/names.js': "exports.name = 'users'\n" })
  const { stdout, stderr } = await hostileRun(['history', '--audit', '--format', 'json'], root)
  expect(`${stdout}${stderr}`).not.toContain(secret)
  expect(Array.isArray(JSON.parse(stdout))).toBe(true)
})
