import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { checkout, git, hosted, pullRequest, temporary } from '../action/kit/checkouts.ts'
import { builtAction, runStep } from '../action/kit/workflow.ts'
import { commit, lastCommit, repository, write } from '../kit/git.ts'
import { cli } from '../node/kit/program.ts'
import { hostileRun } from './kit/running.ts'

const bad = {
  'db/1.sql': 'CREATE TABLE orders (id bigint PRIMARY KEY, email text);\n',
  'db/2.sql': 'CREATE INDEX a ON orders (email);\n',
}
const untouched = 'Nobody may write here.\n'

/** A file of somebody else. */
function mine(): string {
  const root = temporary()
  write(root, { 'file.txt': untouched })
  return root
}

function link(root: string, path: string, target: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  symlinkSync(target, join(root, path))
}

/** Where a link stands in the way: path → target, below a folder of somebody else. */
const ways: Readonly<Record<string, readonly [path: string, target: string]>> = {
  'a link': ['out/report.html', 'file.txt'],
  'a link to what is not there yet': ['out/report.html', 'new.txt'],
  'a folder that is a link': ['out', '.'],
  'a folder that is a link, below it a new one': ['out', 'new'],
}

function expectUntouched(other: string): void {
  expect(readdirSync(other)).toEqual(['file.txt'])
  expect(readFileSync(join(other, 'file.txt'), 'utf8')).toBe(untouched)
}

// On Windows links need a right that users do not have.
describe.skipIf(process.platform === 'win32')('a link that leads out of the repository is not written through', () => {
  test.each(Object.entries(ways))('by a report: %s', async (_, [path, target]) => {
    const other = mine()
    const root = repository(bad)
    link(root, path, join(other, target))
    const named = [
      ['html=out/report.html'],
      ['html', '-o', 'out/report.html'],
      ['html', '-o', join(root, 'out/report.html')],
    ]
    for (const words of named) {
      const { code, stderr } = await hostileRun(['db', '-f', ...words], root)
      expectUntouched(other)
      expect([code, stderr]).toEqual([2, expect.stringMatching(/Cannot write .*out\/report\.html: /)])
    }
    await hostileRun(['locks', 'db', '-f', 'json', '-o', 'out/report.html'], root)
    expectUntouched(other)
  })

  test('by a baseline', async () => {
    const config = { 'migrate-lint.config.json': '{ "baseline": "base.json" }' }
    for (const target of ['file.txt', 'new.txt']) {
      const other = mine()
      const root = repository({ ...bad, ...config })
      link(root, 'base.json', join(other, target))
      for (const flags of [
        ['--update-baseline'],
        ['--prune-baseline'],
        ['--update-baseline', '--baseline', 'base.json'],
      ]) {
        const { code } = await hostileRun(['db', ...flags], root)
        expectUntouched(other)
        expect(code).toBe(2)
      }
    }
    const other = mine()
    const elsewhere = { 'migrate-lint.config.json': JSON.stringify({ baseline: join(other, 'new.json') }) }
    expect((await hostileRun(['db', '--update-baseline'], repository({ ...bad, ...elsewhere }))).code).toBe(2)
    expectUntouched(other)
  })

  test('by a fix', async () => {
    const other = mine()
    write(other, { 'file.txt': bad['db/2.sql'] })
    const root = repository({ 'db/1.sql': bad['db/1.sql'], 'migrate-lint.config.json': '{ "transaction": "none" }' })
    link(root, 'db/2.sql', join(other, 'file.txt'))
    link(root, 'db/more', other)
    const { code } = await hostileRun(['db', '--fix', '--fix-applied'], root)
    expect(code).toBe(2)
    expect(readFileSync(join(other, 'file.txt'), 'utf8')).toBe(bad['db/2.sql'])
  })

  test('by init', async () => {
    const other = mine()
    const root = repository(bad)
    link(root, 'migrate-lint.config.jsonc', join(other, 'new.txt'))
    expect((await hostileRun(['init'], root)).code).toBe(2)
    expectUntouched(other)
  })
})

describe('what is written', () => {
  test('is written as a whole, with the permissions of the old file, and leaves no other file', async () => {
    const root = repository({ ...bad, 'report.json': untouched, 'base.json': '[]\n' })
    for (const name of ['report.json', 'base.json']) chmodSync(join(root, name), 0o640)
    const before = openSync(join(root, 'report.json'), 'r')
    await hostileRun(['db', '-f', 'json', '-o', 'report.json'], root)
    await hostileRun(['db', '--update-baseline', '--baseline', 'base.json'], root)
    // A program that had opened the old file still reads all of it.
    expect(readFileSync(before, 'utf8')).toBe(untouched)
    closeSync(before)
    expect(JSON.parse(readFileSync(join(root, 'report.json'), 'utf8')).findings).not.toEqual([])
    if (process.platform !== 'win32')
      for (const name of ['report.json', 'base.json']) expect(statSync(join(root, name)).mode & 0o777).toBe(0o640)
    expect(readdirSync(root).sort()).toEqual(['.git', 'base.json', 'db', 'report.json'])
  })

  test.skipIf(process.platform === 'win32')('goes through links within the repository', async () => {
    const root = repository({ ...bad, 'real/report.json': untouched })
    link(root, 'report.json', 'real/report.json')
    link(root, 'folder', 'real')
    await hostileRun(['db', '-f', 'json=report.json', '-f', 'gcc=folder/new/report.txt'], root)
    expect(lstatSync(join(root, 'report.json')).isSymbolicLink()).toBe(true)
    expect(readFileSync(join(root, 'real/report.json'), 'utf8')).toContain('blocking-index-build')
    expect(readFileSync(join(root, 'real/new/report.txt'), 'utf8')).toContain('blocking-index-build')
  })

  test.skipIf(process.platform !== 'linux')('goes where a person says, elsewhere and to devices, too', async () => {
    const [root, other] = [repository(bad), temporary()]
    await hostileRun(['db', '-f', 'json', '-o', join(other, 'deep/report.json')], root)
    expect(existsSync(join(other, 'deep/report.json'))).toBe(true)
    expect((await hostileRun(['db', '-f', 'json', '-o', '/dev/null'], root)).code).toBe(1)
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true)
    const script =
      '"$0" "$1" db -f gcc -o /dev/stdout | cat; "$0" "$1" db -f gcc -o /dev/stdout > "$2"; "$0" "$1" db -f gcc -o >(cat >&2)'
    const words = ['-c', `${script} 2>&1; sleep 0.2; true`, process.execPath, cli, join(other, 'redirected')]
    const output = execFileSync('bash', words, { cwd: root, encoding: 'utf8' })
    expect(output).toContain('blocking-index-build')
    expect(readFileSync(join(other, 'redirected'), 'utf8')).toContain('blocking-index-build')
  })
})

describe.skipIf(process.platform === 'win32')('a pull request of a stranger', () => {
  builtAction()

  test.each(Object.entries(ways))('has %s where the workflow wants its reports', async (_, [path, target]) => {
    const other = mine()
    const made = hosted({ 'db/1.sql': bad['db/1.sql'] }, { 'db/2.sql': bad['db/2.sql'] })
    git(made.root, 'switch', '-q', 'work')
    for (const name of path === 'out' ? ['out'] : ['out/report.html', 'out/report.sarif'])
      link(made.root, name, join(other, target))
    commit(made.root)
    const head = lastCommit(made.root)
    git(made.root, 'update-ref', 'refs/pull/7/head', head)
    git(made.root, 'update-ref', 'refs/pull/7/merge', head)
    const workspace = checkout(made, 'refs/pull/7/merge', null)
    const inputs = { 'report-file': 'out/report.html', 'sarif-file': 'out/report.sarif', comment: 'never', paths: 'db' }
    const given = pullRequest({ ...made, head, merge: head }, { fork: true })
    const ended = await runStep({ workspace, event: 'pull_request', ...given, inputs })
    expectUntouched(other)
    expect(ended.outputs.conclusion).toBe('error')
    expect(ended.stdout).toMatch(/Cannot write .*out\/report\.html: /)
  })
})

describe('the source', () => {
  const root = fileURLToPath(new URL('../../src', import.meta.url))
  const sources = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ts'))

  test('writes to disk in one place, and reads in one', () => {
    const looking = [
      'accessSync',
      'constants',
      'existsSync',
      'lstatSync',
      'readdirSync',
      'realpathSync',
      'statSync',
      'type BigIntStats',
      'type Dirent',
      'type Stats',
    ]
    const allowed: Readonly<Record<string, readonly string[]>> = {
      'node/disk/reading.ts': ['closeSync', 'fstatSync', 'openSync', 'readSync'],
      // A new folder of its own, for a server of PostgreSQL.
      'node/disk/temporary-folder.ts': [
        'chownSync',
        'mkdirSync',
        'mkdtempSync',
        'realpathSync',
        'rmSync',
        'writeFileSync',
      ],
      // Whether standard output is a file.
      'node/commands/unified-diff.ts': ['fstatSync'],
      // Whether standard input is a pipe or a file.
      'node/disk/stdin.ts': ['fstatSync'],
      // What .git is, and its index: no file of the work tree, and nothing of either is shown.
      'node/git/staged-index.ts': ['readFileSync'],
      'node/git/place.ts': ['readFileSync'],
      // The parent of a process of our own server, in /proc: the path has nothing but its number.
      'node/server/halting.ts': ['readFileSync'],
      // A line of the plugin that it writes, which only Node runs.
      'node/commands/new-rule.ts': ['readFileSync'],
      // The event, at a path that only the runner chooses.
      'node/git/base.ts': ['readFileSync'],
      'node/action/given-event.ts': ['readFileSync'],
    }
    const others = sources.flatMap(file => {
      const name = file.replaceAll('\\', '/')
      if (name === 'node/disk/writing.ts') return []
      const text = readFileSync(join(root, file), 'utf8')
      const imports = [...text.matchAll(/import\s+([^;'"]*?)\s+from\s+['"](?:node:)?fs(?:\/promises)?['"]/g)]
      const words = imports.flatMap(([, what = '']) => what.replace(/[{}]/g, '').split(','))
      const names = words.map(word => word.trim()).filter(word => word !== '')
      const dynamic = /(?:import|require)\(\s*['"](?:node:)?fs/.test(text) ? ['import()'] : []
      return [...names, ...dynamic]
        .filter(each => !looking.includes(each) && !allowed[name]?.includes(each))
        .map(each => `${name}: ${each}`)
    })
    expect(others).toEqual([])
  })
})
