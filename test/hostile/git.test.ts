import { appendFileSync, chmodSync, existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { checkout, hosted, pullRequest } from '../action/kit/checkouts.ts'
import { builtAction, runStep } from '../action/kit/workflow.ts'
import { commit, git, lastCommit, repository, temporary, write } from '../kit/git.ts'
import { migrateLint } from '../node/kit/program.ts'
import { embedded, evil, table } from './kit/embedded.ts'

// Programs are scripts of a POSIX shell here, and git on Windows starts them in other ways.
const onPosix = test.skipIf(process.platform === 'win32')

const secrets = {
  GITHUB_TOKEN: 'ghs_secret1',
  'INPUT_GITHUB-TOKEN': 'ghs_secret2',
  ACTIONS_RUNTIME_TOKEN: 'secret3',
  PGPASSWORD: 'secret4',
  AWS_SECRET_ACCESS_KEY: 'secret5',
  NPM_TOKEN: 'secret6',
}

/** Every command that asks git something, as a user would type it. */
const commands = [
  [],
  ['--changed'],
  ['--staged', '-f', 'sarif'],
  ['history'],
  ['history', '--audit'],
  ['--fix'],
  ['--diff'],
  ['--update-baseline', '--baseline', 'new.json'],
  ['trace'],
  ['locks'],
  ['status'],
  ['--no-error-on-unmatched-pattern', 'gone.sql'],
  ['init'],
]

/** A `git` that is found first, and says what it was started with before it obeys. */
function watchedGit(): { readonly PATH: string; readonly seen: () => string } {
  const folder = temporary()
  const log = join(folder, 'environment')
  const real = (process.env.PATH ?? '')
    .split(':')
    .map(each => join(each, 'git'))
    .find(existsSync)
  write(folder, { git: `#!/bin/sh\nenv >> '${log}'\nexec '${real}' "$@"\n` })
  chmodSync(join(folder, 'git'), 0o755)
  return { PATH: `${folder}:${process.env.PATH}`, seen: () => (existsSync(log) ? readFileSync(log, 'utf8') : '') }
}

describe('a folder that looks like a repository', () => {
  onPosix('does not count for any command, at the top and in it', { timeout: 600_000 }, async () => {
    const bad = evil()
    const root = repository({ 'db/migrations/1_orders.sql': table, ...embedded('db/migrations', bad) })
    const watched = watchedGit()
    const env = { ...secrets, PATH: watched.PATH }
    for (const args of commands) {
      for (const cwd of [root, join(root, 'db/migrations')]) await migrateLint(args, { cwd, env, stdin: '' })
      expect([args, bad.ran]).toEqual([args, ''])
    }
    expect(watched.seen()).toContain('GIT_TERMINAL_PROMPT=0')
    for (const secret of Object.values(secrets)) expect(watched.seen()).not.toContain(secret)
  })

  // With the usual name of such a thing, and around the migrations.
  for (const [folder, cwd] of Object.entries({ 'db/shop.git': 'db/shop.git', db: 'db/migrations' })) {
    onPosix(`does not count where the command line names it: ${folder}`, async () => {
      const bad = evil()
      const root = repository({ 'db/migrations/1_orders.sql': table, ...embedded(folder, bad) })
      for (const args of [[], ['--changed'], ['history']]) {
        await migrateLint([...args, folder], { cwd: root })
        await migrateLint(args, { cwd: join(root, cwd) })
      }
      expect(bad.ran).toBe('')
    })
  }

  onPosix('does not count where a configuration names it', async () => {
    const bad = evil()
    const config = { 'migrate-lint.config.json': '{ "paths": ["db/x"], "startAfter": "1_orders.sql" }\n' }
    const root = repository({ ...config, ...embedded('db/x', bad) })
    for (const args of [[], ['--changed'], ['history', '--audit']]) await migrateLint(args, { cwd: root })
    expect(bad.ran).toBe('')
  })

  onPosix('does not count where a file named .git leads to it, as an archive may have', async () => {
    const bad = evil()
    const root = repository({ 'db/migrations/1_orders.sql': table, ...embedded('db/hidden', bad) })
    for (const target of ['../hidden', join(root, 'db/hidden')]) {
      write(root, { 'db/migrations/.git': `gitdir: ${target}\n` })
      for (const args of [[], ['--changed'], ['history']]) {
        await migrateLint(args, { cwd: root })
        await migrateLint(args, { cwd: join(root, 'db/migrations') })
      }
    }
    expect(bad.ran).toBe('')
  })

  onPosix('does not count where the environment names the repository in a way that depends on the folder', async () => {
    const bad = evil()
    const root = repository({ ...embedded('db', bad), 'db/3.sql': 'SELECT 3;\n' })
    const ran = await migrateLint(['history', '--require-history', 'db', '--since', 'HEAD'], {
      cwd: root,
      env: { GIT_DIR: '.git', GIT_INDEX_FILE: '.git/index' },
    })
    expect([ran.code, ran.stderr]).toEqual([0, ''])
    expect(bad.ran).toBe('')
  })
})

builtAction()

describe('the Action', () => {
  const events = [
    { event: 'pull_request', options: { fork: true } },
    { event: 'pull_request_target', options: { fork: true } },
  ]
  const inputs: readonly Readonly<Record<string, string>>[] = [
    {},
    { paths: 'db/migrations' },
    { 'working-directory': 'db/migrations' },
  ]

  for (const { event, options } of events) {
    onPosix(`starts nothing that a pull request brings: ${event}`, { timeout: 600_000 }, async () => {
      const bad = evil()
      const made = hosted({ 'db/migrations/1_orders.sql': table }, embedded('db/migrations', bad))
      const watched = watchedGit()
      const conclusions: (string | undefined)[] = []
      for (const given of inputs) {
        // As a workflow should not do after pull_request_target, and many do: the pull request itself is checked out.
        const workspace = checkout(made, 'refs/pull/7/merge')
        const about = pullRequest(made, options)
        const env = { ...about.env, ...secrets, PATH: watched.PATH }
        const ended = await runStep({
          workspace,
          event,
          payload: about.payload,
          env,
          token: 'ghs_secret2',
          inputs: { ...given, comment: 'never' },
        })
        conclusions.push(ended.outputs.conclusion)
      }
      expect(bad.ran).toBe('')
      for (const conclusion of conclusions) expect(conclusion).toMatch(/^(pass|fail)$/)
      expect(watched.seen()).toContain('GIT_TERMINAL_PROMPT=0')
      for (const secret of Object.values(secrets)) expect(watched.seen()).not.toContain(secret)
    })
  }
})

describe("a repository's own configuration", () => {
  /** Each with what makes git look at it. The program is named `$evil`. */
  const settings: Readonly<
    Record<string, { readonly config: string; readonly files?: Readonly<Record<string, string>> }>
  > = {
    'core.fsmonitor': { config: '[core]\n\tfsmonitor = $evil\n' },
    'filter.<name>.clean': {
      config: '[filter "x.y"]\n\tclean = $evil\n\trequired = true\n',
      files: { '.gitattributes': '*.sql filter=x.y\n' },
    },
    'filter.<name>.process': {
      config: '[filter "x"]\n\tprocess = $evil\n',
      files: { '.gitattributes': '*.sql filter=x\n' },
    },
    'a filter in a file that is included': {
      config: '[include]\n\tpath = ../more\n',
      files: { '.gitattributes': '*.sql filter=x\n', more: '[filter "x"]\n\tclean = $evil\n' },
    },
    'a filter with an odd name': {
      config: '[filter "a=b"]\n\tclean = $evil\n',
      files: { '.gitattributes': '*.sql filter=a=b\n' },
    },
    'core.attributesFile and a filter': {
      config: '[core]\n\tattributesFile = $root/attributes\n[filter "x"]\n\tclean = $evil\n',
      files: { attributes: '*.sql filter=x\n' },
    },
    'log.showSignature and gpg.program': { config: '[log]\n\tshowSignature = true\n[gpg]\n\tprogram = $evil\n' },
  }

  for (const [name, { config, files = {} }] of Object.entries(settings)) {
    onPosix(`starts nothing: ${name}`, { timeout: 300_000 }, async () => {
      const bad = evil()
      const root = repository({ 'db/migrations/1_orders.sql': table, 'db/migrations/2_index.sql': 'SELECT 2;\n' })
      const fill = (text: string) => text.replaceAll('$evil', bad.program).replaceAll('$root', root)
      const filled = Object.entries(files).map(([path, text]) => [path, fill(text)])
      commit(root, { ...Object.fromEntries(filled), 'db/migrations/3_next.sql': 'SELECT 3;\n' })
      signed(root)
      appendFileSync(join(root, '.git/config'), fill(config))
      // Not staged, so that git has to compare.
      write(root, { 'db/migrations/2_index.sql': 'SELECT 3;\n' })
      for (const args of [[], ['--changed'], ['--staged'], ['history', '--audit']])
        await migrateLint(args, { cwd: root })
      expect(bad.ran).toBe('')
    })
  }

  /** On top of the branch, a commit that somebody may have signed. */
  function signed(root: string): void {
    const [headers = '', ...message] = git(root, 'cat-file', 'commit', 'HEAD').split('\n\n')
    const signature = 'gpgsig -----BEGIN PGP SIGNATURE-----\n \n iQ==\n -----END PGP SIGNATURE-----'
    const file = join(temporary(), 'commit')
    write(dirname(file), { commit: `${headers}\n${signature}\n\n${message.join('\n\n')}\n` })
    git(root, 'reset', '-q', '--soft', git(root, 'hash-object', '-t', 'commit', '-w', file))
  }

  /** What a shallow clone in continuous integration fetches by. */
  const servers: Readonly<Record<string, string>> = {
    'core.sshCommand': '[remote "origin"]\n\turl = ssh://nowhere.invalid/x\n[core]\n\tsshCommand = $evil\n',
    'an address that is a command': '[protocol "ext"]\n\tallow = always\n[remote "origin"]\n\turl = ext::$evil\n',
    'url.<base>.insteadOf': '[protocol]\n\tallow = always\n[url "ext::$evil "]\n\tinsteadOf = file://\n',
    'remote.<name>.uploadpack': '[remote "origin"]\n\tuploadpack = $evil\n',
    'remote.<name>.vcs': '[protocol]\n\tallow = always\n[remote "origin"]\n\tvcs = evil\n',
    'core.gitProxy': '[remote "origin"]\n\turl = git://nowhere.invalid/x\n[core]\n\tgitProxy = $evil\n',
    'core.hooksPath': '[core]\n\thooksPath = $hooks\n',
    'credential.helper': '[remote "origin"]\n\turl = $http\n[credential]\n\thelper = $evil\n',
    'core.askPass': '[remote "origin"]\n\turl = $http\n[core]\n\taskPass = $evil\n',
  }
  for (const [name, config] of Object.entries(servers)) {
    onPosix(`starts nothing to fetch with: ${name}`, async () => {
      const bad = evil()
      const origin = repository({ 'db/migrations/1_orders.sql': table })
      git(origin, 'switch', '-q', 'main')
      commit(origin, { 'db/migrations/2.sql': 'SELECT 2;\n' })
      git(origin, 'switch', '-q', 'work')
      commit(origin, { 'db/migrations/3.sql': 'SELECT 3;\n' })
      const root = join(temporary(), 'clone')
      git('/', 'clone', '-q', '--depth=1', '--branch=work', pathToFileURL(origin).href, root)
      const hooks = temporary()
      write(hooks, { 'reference-transaction': `#!/bin/sh\n'${bad.program}'\nexit 0\n` })
      chmodSync(join(hooks, 'reference-transaction'), 0o755)
      const http = await asksForPasswords()
      const fill = (text: string) =>
        text.replaceAll('$evil', bad.program).replaceAll('$hooks', hooks).replaceAll('$http', http)
      if (config.includes('url = ')) git(root, 'config', '--unset', 'remote.origin.url')
      appendFileSync(join(root, '.git/config'), fill(config))
      // A program that speaks for another system is looked for by its name.
      const bin = temporary()
      write(bin, { 'git-remote-evil': `#!/bin/sh\n'${bad.program}'\n` })
      chmodSync(join(bin, 'git-remote-evil'), 0o755)
      const env = { CI: 'true', GITHUB_BASE_REF: 'main', PATH: `${process.env.PATH}:${bin}` }
      await migrateLint([], { cwd: root, env })
      expect(bad.ran).toBe('')
    })
  }

  /** A server that wants to know who asks. */
  async function asksForPasswords(): Promise<string> {
    const server = createServer((_, response) =>
      response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end(),
    )
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => {
      server.closeAllConnections()
      server.close()
    })
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/shop.git`
  }

  onPosix('starts nothing to get what a clone without files lacks', async () => {
    const bad = evil()
    const origin = repository({ 'db/migrations/1_orders.sql': table })
    commit(origin, { 'db/migrations/1_orders.sql': 'SELECT 1;\n' })
    const root = join(temporary(), 'clone')
    git(origin, 'config', 'uploadpack.allowFilter', 'true')
    git('/', 'clone', '-q', '--filter=blob:none', '--branch=work', pathToFileURL(origin).href, root)
    appendFileSync(join(root, '.git/config'), `[remote "origin"]\n\tuploadpack = ${bad.program}\n`)
    const ran = await migrateLint(['history', '--since', 'HEAD~1', '--require-history'], { cwd: root })
    expect([bad.ran, ran.code]).toEqual(['', 2])
  })
})

describe('a history that the repository shows instead of its own', () => {
  const edited = { 'db/migrations/1_orders.sql': table.replace('email', 'phone') }
  const seen = async (root: string) => (await migrateLint(['--since', 'main', '-f', 'compact'], { cwd: root })).stdout

  test('is not used: refs/replace', async () => {
    const root = repository({ 'db/migrations/1_orders.sql': table })
    commit(root, edited)
    const head = lastCommit(root)
    git(root, 'replace', 'main', git(root, 'commit-tree', '-m', 'x', `${head}^{tree}`))
    expect(git(root, 'show', 'main:db/migrations/1_orders.sql')).toContain('phone')
    expect(await seen(root)).toContain('edited-migration')
  })

  test('is not used: grafts', async () => {
    const root = repository({ 'db/migrations/1_orders.sql': table })
    commit(root, edited)
    const head = lastCommit(root)
    commit(root, { 'a.txt': '' })
    git(root, 'branch', '-f', 'main', lastCommit(root))
    git(root, 'reset', '-q', '--hard', head)
    const began = git(root, 'rev-parse', 'HEAD~1')
    // As if the branch began with its own last commit, in which the file is edited already.
    const other = git(root, 'commit-tree', '-p', began, '-m', 'x', 'main^{tree}')
    git(root, 'branch', '-f', 'main', other)
    write(root, { '.git/info/grafts': `${other} ${head}\n` })
    expect(git(root, 'merge-base', 'main', 'HEAD')).toBe(head)
    expect(await seen(root)).toContain('edited-migration')
  })
})

describe('the user', () => {
  onPosix('has filters and programs of their own: those are started', async () => {
    const home = temporary()
    const ran = join(home, 'ran')
    write(home, { '.gitconfig': `[filter "mine"]\n\tclean = "touch '${ran}'; cat"\n` })
    const root = repository({ 'db/migrations/1_orders.sql': table, '.gitattributes': '*.sql filter=mine\n' })
    git(root, 'config', 'filter.mine.required', 'true')
    // Of the same size: otherwise git need not look into it.
    write(root, { 'db/migrations/1_orders.sql': table.replace('email', 'phone') })
    const env = { GIT_CONFIG_GLOBAL: join(home, '.gitconfig') }
    const changed = await migrateLint(['--changed', '-f', 'compact'], { cwd: root, env })
    expect(changed.stdout).toContain('edited-migration')
    expect(existsSync(ran)).toBe(true)
  })

  onPosix('is not given a program named git that lies in the work tree', async () => {
    const bad = evil()
    const root = repository({
      'db/migrations/1_orders.sql': table,
      'bin/git': `#!/bin/sh\n'${bad.program}'\n`,
      git: `#!/bin/sh\n'${bad.program}'\n`,
    })
    for (const path of ['bin/git', 'git']) chmodSync(join(root, path), 0o755)
    for (const first of [join(root, 'bin'), '.', '']) {
      const ran = await migrateLint(['--changed'], { cwd: root, env: { PATH: `${first}:${process.env.PATH}` } })
      expect(ran).toMatchObject({ code: 0, stderr: expect.not.stringContaining('git') })
    }
    expect(bad.ran).toBe('')
  })
})
