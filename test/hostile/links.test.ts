import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkout, git, hosted, pullRequest, temporary } from '../action/kit/checkouts.ts'
import { GitHub, token } from '../action/kit/github.ts'
import { builtAction, type Ended, runStep } from '../action/kit/workflow.ts'
import { commit, lastCommit, repository, write } from '../kit/git.ts'
import { hostileRun, secret } from './kit/running.ts'

const table = { 'db/1.sql': 'CREATE TABLE orders (id bigint PRIMARY KEY);\n' }

/** A folder outside of every repository, with files whose text is the secret. */
function outside(): string {
  const root = temporary()
  for (const name of ['2.sql', 'more/2.sql', 'package.json', 'baseline.json', 'atlas.sum'])
    write(root, { [name]: `DROP TABLE ${secret};\n` })
  return root
}

/** What a stranger commits: path → where the link leads. */
type Links = (elsewhere: string) => Readonly<Record<string, string>>

const outward: Readonly<Record<string, Links>> = {
  'to the environment': () => ({ 'db/2.sql': '/proc/self/environ' }),
  'to a file': elsewhere => ({ 'db/2.sql': `${elsewhere}/2.sql` }),
  'to a file, from the root of the file system': elsewhere => ({
    'db/2.sql': `../../../../../../..${elsewhere}/2.sql`,
  }),
  'to a folder': elsewhere => ({ 'db/more': elsewhere }),
  'by a chain': elsewhere => ({ 'db/2.sql': '../b/c.sql', 'b/c.sql': '../c/d.sql', 'c/d.sql': `${elsewhere}/2.sql` }),
  'by its folder': elsewhere => ({ far: elsewhere, 'db/2.sql': '../far/2.sql' }),
  'by a folder behind a folder': elsewhere => ({ far: elsewhere, 'db/more': '../far/more' }),
  'to what git keeps': () => ({ 'db/2.sql': '../.git/config' }),
  'to what git keeps, by a folder': () => ({ 'db/more': '../.git' }),
}

function linked(links: Readonly<Record<string, string>>, files: Readonly<Record<string, string>> = table): string {
  const root = repository(files)
  git(root, 'config', 'http.extraheader', `AUTHORIZATION: basic ${secret}`)
  for (const [path, target] of Object.entries(links)) {
    mkdirSync(join(root, path, '..'), { recursive: true })
    symlinkSync(target, join(root, path))
  }
  return root
}

// Each folder was looked up by its whole path, some ten times, and so was each link: 800 folders took minutes.
test('folders are entered a hundred deep, and deeper ones are reported', async () => {
  const root = repository(table)
  const deep = (count: number) => `db/${'d/'.repeat(count)}`
  mkdirSync(join(root, deep(900)), { recursive: true })
  for (let i = 0; i < 900; i += 1) if (process.platform !== 'win32') symlinkSync('..', join(root, deep(i), 'up'))
  write(root, { [`${deep(60)}2.sql`]: 'DROP TABLE read;\n', [`${deep(200)}3.sql`]: 'DROP TABLE hidden;\n' })
  const { code, stdout, stderr } = await hostileRun(['db', '--format', 'json'], root)
  expect(code).toBe(2)
  expect(stdout).toContain('DROP TABLE read')
  expect(stdout).not.toContain('hidden')
  expect(stderr).toContain('could not be read: it is more than 100 folders deep')
})

// On Windows links need a right that users do not have.
test.skipIf(process.platform === 'win32')(
  'a node_modules that lies elsewhere is not looked at, and not told',
  async () => {
    const root = linked({ node_modules: outside(), 'db/node_modules': outside() })
    git(root, 'add', '-A')
    for (const args of [['.'], ['db']]) {
      const { code, stderr } = await hostileRun(args, root)
      expect([code, stderr.includes('could not be read')], args.join(' ')).toEqual([0, false])
    }
  },
)

// On Windows links need a right that users do not have.
describe.skipIf(process.platform === 'win32')('a link that leads out of the repository', () => {
  test.each(Object.entries(outward))('%s: is not read, and that is reported', async (_, links) => {
    const root = linked(links(outside()))
    for (const args of [
      ['db'],
      ['.'],
      ['db', '-f', 'json'],
      ['db', '-f', 'html'],
      ['locks', 'db'],
      ['history', 'db'],
    ]) {
      const { code, stdout, stderr } = await hostileRun(args, root)
      expect(stdout + stderr, args.join(' ')).not.toContain(secret)
      expect([code, stderr], args.join(' ')).toEqual([
        2,
        expect.stringMatching(/db\/(2\.sql|more) could not be read: /),
      ])
    }
  })

  test.each(Object.entries(outward))('%s: is not read out of the index, either', async (_, links) => {
    const root = linked(links(outside()))
    git(root, 'add', '-A')
    const { code, stdout, stderr } = await hostileRun(['db', '--staged'], root)
    expect(stdout + stderr).not.toContain(secret)
    expect([code, stderr]).toEqual([2, expect.stringMatching(/db\/(2\.sql|more) could not be read: /)])
  })

  test('is not read if a hook names it', async () => {
    const root = linked({ 'db/2.sql': `${outside()}/2.sql`, 'db/more': outside() })
    for (const args of [
      ['db/2.sql'],
      [join(root, 'db/2.sql')],
      ['db/more'],
      ['db/more/2.sql'],
      ['db/1.sql', 'db/2.sql'],
    ]) {
      const { code, stdout, stderr } = await hostileRun(args, root)
      expect(stdout + stderr, args.join(' ')).not.toContain(secret)
      expect(code, args.join(' ')).toBe(2)
    }
  })

  test('is not read as a configuration, a baseline, a manifest or what vouches for the migrations', async () => {
    const elsewhere = outside()
    const named = (config: object) => ({ ...table, 'migrate-lint.config.json': JSON.stringify(config) })
    const roots: Readonly<Record<string, string>> = {
      configuration: linked({ 'migrate-lint.config.json': `${elsewhere}/package.json` }),
      'configuration that is code': linked({ 'migrate-lint.config.mjs': `${elsewhere}/2.sql` }),
      baseline: linked({ 'base.json': `${elsewhere}/baseline.json` }, named({ baseline: 'base.json' })),
      'baseline elsewhere': linked({}, named({ baseline: `${elsewhere}/baseline.json` })),
      'baseline of git': linked({}, named({ baseline: '.git/config' })),
      paths: linked({}, named({ paths: [elsewhere] })),
      'paths to the system': linked({}, named({ paths: ['/proc/self/environ'] })),
      'paths by a link': linked({ far: elsewhere }, named({ paths: ['far'] })),
      manifest: linked({ 'package.json': `${elsewhere}/package.json` }),
      sums: linked({ 'db/atlas.sum': `${elsewhere}/atlas.sum` }),
    }
    for (const [what, root] of Object.entries(roots)) {
      const { code, stdout, stderr } = await hostileRun(what.startsWith('paths') ? [] : ['db'], root)
      expect(stdout + stderr, what).not.toContain(secret)
      expect([code, stderr], what).toEqual([2, expect.stringMatching(/read/)])
    }
  })

  test('is not followed by the name of the configuration on the command line', async () => {
    const root = linked({ 'given.json': `${outside()}/package.json`, 'base.json': `${outside()}/baseline.json` })
    for (const args of [
      ['db', '--config', 'given.json'],
      ['db', '--baseline', 'base.json'],
    ]) {
      const { code, stdout, stderr } = await hostileRun(args, root)
      expect(stdout + stderr).not.toContain(secret)
      expect([code, stderr]).toEqual([2, expect.stringContaining('it leads out of the repository')])
    }
  })

  test('is not read outside of every repository, either', async () => {
    const root = temporary()
    write(root, table)
    symlinkSync(`${outside()}/2.sql`, join(root, 'db/2.sql'))
    for (const [args, cwd] of [
      [['db'], root],
      [[join(root, 'db')], temporary()],
    ] as const) {
      const { code, stdout, stderr } = await hostileRun(args, cwd)
      expect(stdout + stderr).not.toContain(secret)
      expect([code, stderr]).toEqual([2, expect.stringMatching(/2\.sql could not be read: it leads out of the folder/)])
    }
  })
})

// On Windows links need a right that users do not have.
describe.skipIf(process.platform === 'win32')('a link in the repository', () => {
  const index = { ...table, 'real/2.sql': 'CREATE INDEX a ON orders (id);\n' }
  const found = async (args: readonly string[], root: string) => {
    const { code, stdout } = await hostileRun([...args, '-f', 'json', '--only', 'blocking-index-build'], root)
    const { findings } = JSON.parse(stdout) as { findings: { path: string }[] }
    return [code, findings.map(({ path }) => path)]
  }

  test('is followed, by a chain and over its own absolute name, too', async () => {
    const root = repository(index)
    symlinkSync('far.sql', join(root, 'db/2.sql'))
    symlinkSync(join(root, 'real/2.sql'), join(root, 'db/far.sql'))
    expect(await found(['db/2.sql'], root)).toEqual([1, ['db/2.sql']])
    expect(await found(['db'], root)).toEqual([1, ['db/2.sql']])
    git(root, 'add', '-A')
    expect(await found(['db', '--staged'], root)).toEqual([1, ['db/2.sql']])
  })

  test('to a folder: read once, by its own name if that is read as well; by the link if that is named', async () => {
    const root = repository(index)
    symlinkSync('../real', join(root, 'db/more'))
    symlinkSync('db', join(root, 'bazel-out'))
    expect(await found(['.'], root)).toEqual([1, ['real/2.sql']])
    expect(await found(['db'], root)).toEqual([1, ['db/more/2.sql']])
    expect(await found(['bazel-out'], root)).toEqual([1, ['bazel-out/more/2.sql']])
  })

  test('leads in circles: every command ends, and reads each file once', async () => {
    const root = repository({ 'm/a/1.sql': 'CREATE TABLE a (id int);\n', 'm/b/2.sql': 'CREATE TABLE b (id int);\n' })
    for (const [path, target] of Object.entries({ 'a/x': 'b', 'a/x2': 'b', 'b/y': 'a', 'b/y2': 'a' }))
      symlinkSync(`../${target}`, join(root, 'm', path))
    commit(root)
    write(root, { 'm/a/3.sql': 'CREATE TABLE c (id int);\n' })
    git(root, 'add', '-A')
    const commands = [
      ['m'],
      ['.'],
      ['m/a/x'],
      ['m/**/*.sql'],
      ['locks', 'm'],
      ['history', 'm'],
      ['m', '--staged'],
      ['m', '--changed', '--since', 'HEAD'],
      ['m', '--diff'],
      ['history', '--audit', 'm'],
    ]
    for (const args of commands) {
      const { code, stdout } = await hostileRun(args, root)
      expect(code, args.join(' ')).not.toBe(null)
      expect(stdout, args.join(' ')).not.toContain('already exists')
    }
    const { stdout } = await hostileRun(['m', '-f', 'json'], root)
    expect(JSON.parse(stdout).summary.migrations).toBe(3)
  })

  test('and a thousand others to folders of a thousand others', async () => {
    const root = temporary()
    git(root, 'init', '-q')
    for (let i = 0; i < 40; i++) {
      write(root, { [`m/d${i}/${i}.sql`]: `CREATE TABLE t${i} (id int);\n` })
      for (let j = 0; j < 40; j++) if (i !== j) symlinkSync(`../d${j}`, join(root, `m/d${i}/to${j}`))
    }
    for (const args of [
      ['m', '-f', 'json'],
      ['.', '-f', 'json'],
    ]) {
      const { stdout } = await hostileRun(args, root)
      expect(JSON.parse(stdout).summary.migrations).toBe(40)
    }
  })
})

// Pipes, devices and /proc are those of Linux.
describe.skipIf(process.platform !== 'linux')('something other than a file', () => {
  test('is never read, by a link or by its name: it would never end, or reveal data of the system', async () => {
    const root = repository(table)
    execFileSync('mkfifo', [join(root, 'db/pipe.sql')])
    execFileSync('mkfifo', [join(root, 'pipe')])
    // A link inside of the repository, so that only what it leads to keeps it from being read.
    symlinkSync('../pipe', join(root, 'db/linked.sql'))
    symlinkSync('pipe', join(root, 'lint.json'))
    const cases: [string[], RegExp][] = [
      [['db'], /db\/pipe\.sql could not be read: it is a pipe/],
      [['db/pipe.sql'], /db\/pipe\.sql could not be read: it is a pipe/],
      [['db'], /db\/linked\.sql could not be read: it is a pipe/],
      [['db/linked.sql'], /db\/linked\.sql could not be read: it is a pipe/],
      [['--config', 'lint.json'], /lint\.json: it is a pipe/],
      [['/dev/zero'], /\/dev\/zero could not be read: it is a device/],
      [['/proc/self/environ'], /\/proc\/self\/environ could not be read: /],
      [['--config', '/proc/self/environ'], /environ: it is not a file on a disk/],
      [['--config', '/dev/zero'], /zero: it is a device/],
    ]
    for (const [args, said] of cases) {
      const { code, stdout, stderr } = await hostileRun(args, root)
      expect(stdout + stderr, args.join(' ')).not.toContain(secret)
      expect([code, stderr], args.join(' ')).toEqual([2, expect.stringMatching(said)])
    }
  })

  test('is read if a person has opened it: standard input by its path', async () => {
    const root = repository(table)
    const script = `echo 'DROP TABLE orders;' | "$0" "$1" /dev/stdin; echo $?; "$0" "$1" <(echo 'DROP TABLE orders;'); echo $?`
    const { cli } = await import('../node/kit/program.ts')
    const output = execFileSync('bash', ['-c', `${script}; true`, process.execPath, cli], {
      cwd: root,
      encoding: 'utf8',
    })
    expect(output.match(/error {2}drop-table|^\d$/gm)).toEqual(['error  drop-table', '1', 'error  drop-table', '1'])
  })

  test('and a file that is larger than any migration is one line', async () => {
    const root = repository(table)
    writeFileSync(join(root, 'db/2.sql'), '')
    truncateSync(join(root, 'db/2.sql'), 5 * 1024 ** 3)
    const { code, stderr } = await hostileRun(['db'], root)
    expect([code, stderr]).toEqual([
      2,
      'migrate-lint: db/2.sql could not be read: it is larger than 64 MiB, the most that is read at once\n',
    ])
  })
})

// On Windows links need a right that users do not have.
describe.skipIf(process.platform === 'win32')('a pull request of a stranger', () => {
  builtAction()

  /** The pull request commits these links. */
  async function ended(links: Links, event: string, inputs: Readonly<Record<string, string>> = {}) {
    const made = hosted({ ...table }, { 'db/3.sql': 'SELECT 1;\n' })
    git(made.root, 'switch', '-q', 'work')
    for (const [path, target] of Object.entries(links(outside()))) {
      mkdirSync(join(made.root, path, '..'), { recursive: true })
      execFileSync('ln', ['-sfn', target, join(made.root, path)])
    }
    commit(made.root)
    const head = lastCommit(made.root)
    git(made.root, 'switch', '-q', '--detach', 'main')
    git(made.root, 'merge', '-q', '--no-ff', '--no-edit', 'work')
    const merge = git(made.root, 'rev-parse', 'HEAD')
    git(made.root, 'update-ref', 'refs/pull/7/merge', merge)
    git(made.root, 'update-ref', 'refs/pull/7/head', head)
    git(made.root, 'switch', '-q', 'main')
    const workspace = checkout(made, event === 'pull_request' ? 'refs/pull/7/merge' : 'refs/heads/main')
    git(workspace, 'config', 'http.extraheader', `AUTHORIZATION: basic ${secret}`)
    const github = await GitHub.start()
    const files = { 'report-file': 'out/report.html', 'sarif-file': 'out/report.sarif' }
    const given = { ...pullRequest({ ...made, head, merge }, { fork: true }), api: github.url, token }
    const env = { ...given.env, SOME_SECRET: secret }
    const all = { comment: 'always', review: 'true', paths: 'db', ...files, ...inputs }
    const step = await runStep({ workspace, event, ...given, env, inputs: all })
    const written = Object.values(files).map(name => {
      try {
        return readFileSync(join(workspace, name), 'utf8')
      } catch {
        return ''
      }
    })
    return { step, seen: JSON.stringify([step, written, github.calls]) }
  }

  const events = Object.entries(outward).flatMap(([what, links]) =>
    ['pull_request', 'pull_request_target'].map(event => [what, event, links] as const),
  )
  test.each(events)('with a link %s, %s: nothing of it is shown, and the step fails', async (_, event, links) => {
    const { step, seen } = await ended(links, event)
    expect(seen).not.toContain(secret)
    expect([step.outputs.conclusion, said(step)]).toEqual([
      'error',
      expect.stringMatching(/db\/(2\.sql|more) could not/),
    ])
  })

  test('whose working directory is a link', async () => {
    const { step, seen } = await ended(elsewhere => ({ app: elsewhere }), 'pull_request', {
      'working-directory': 'app',
    })
    expect(seen).not.toContain(secret)
    expect(said(step)).toContain('Input "working-directory": "app" leads out of the workspace.')
  })

  function said({ stdout }: Ended): string {
    return stdout
  }
})
