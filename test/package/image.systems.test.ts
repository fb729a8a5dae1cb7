import { spawnSync } from 'node:child_process'
import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { matcher } from '../../src/lint/config/glob.ts'
import { git, write } from '../kit/git.ts'
import { applied } from '../node/kit/applied.ts'
import { blockingIndex } from '../node/kit/program.ts'

// The steps of the Dockerfile, carried out in a folder instead of an image: that needs no Docker, and shows all but what Alpine is.

const root = fileURLToPath(new URL('../..', import.meta.url))
/** Stands for `/` of the final image. */
const image = mkdtempSync(join(tmpdir(), 'migrate-lint-image-'))
afterAll(() => rmSync(image, { recursive: true, force: true }))

interface Instruction {
  readonly name: string
  readonly rest: string
}

const stages: Instruction[][] = []
for (const line of readFileSync(join(root, 'Dockerfile'), 'utf8').replace(/\\\n/g, ' ').split('\n')) {
  const [, name, rest = ''] = /^([A-Z]+) (.*)$/.exec(line) ?? []
  if (name === 'FROM') stages.push([])
  if (name !== undefined) stages.at(-1)?.push({ name, rest })
}

/** The files that a build can copy: those that .dockerignore lets through. */
const sent = readFileSync(join(root, '.dockerignore'), 'utf8')
  .split('\n')
  .filter(line => line.startsWith('!'))

const settings = join(image, 'etc/gitconfig')
const env = { ...process.env, GIT_CONFIG_SYSTEM: settings, NODE_ENV: undefined }

function sh(command: string, cwd: string): void {
  const inside = command
    .replace(/(?<=\s)\/(?=opt\/|usr\/)/g, `${image}/`)
    .replace(/^apk add --no-cache git$/, 'git --version')
  const { status, stdout, stderr } = spawnSync('sh', ['-ec', inside], { cwd, encoding: 'utf8', env })
  expect(status, `${command}\n${stdout}${stderr}`).toBe(0)
}

beforeAll(() => {
  sh(`${join(root, 'scripts/pack.sh')} ${join(image, 'context/release')}`, root)
  cpSync(join(root, 'package-lock.json'), join(image, 'context/package-lock.json'))
  for (const folder of ['etc', 'opt', 'usr/local/bin', 'work']) mkdirSync(join(image, folder), { recursive: true })
  const [first = [], last = []] = stages
  const work = join(image, 'work')
  for (const { name, rest } of first) {
    if (name === 'COPY') {
      for (const pattern of rest.split(' ').slice(0, -1)) {
        expect(sent, 'what .dockerignore lets through').toContain(`!${pattern}`)
        const folder = dirname(pattern)
        const names = readdirSync(join(image, 'context', folder)).filter(matcher([basename(pattern)]))
        expect(names, pattern).toHaveLength(1)
        for (const each of names) cpSync(join(image, 'context', folder, each), join(work, each))
      }
    } else if (name === 'RUN') sh(rest, work)
    else expect(['FROM', 'WORKDIR']).toContain(name)
  }
  for (const { name, rest } of last) {
    if (name === 'COPY') cpSync(work, join(image, rest.split(' ').at(-1) ?? ''), { recursive: true })
    else if (name === 'RUN') sh(rest, image)
    else expect(['FROM', 'USER', 'WORKDIR', 'ENTRYPOINT']).toContain(name)
  }
  chmodSync(image, 0o755)
}, 600_000)

/** The last value of an instruction of the final image. */
const value = (name: string) => stages.at(-1)?.findLast(each => each.name === name)?.rest

const me = process.getuid?.() ?? 0

/** Runs the program of the image as another user, on a repository that belongs to somebody else. */
function migrateLint(args: readonly string[], cwd: string, given: NodeJS.ProcessEnv = {}) {
  const [program = ''] = JSON.parse(value('ENTRYPOINT') ?? '[]') as string[]
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    // Only root can become somebody else; for others, git has a variable to say so.
    ...(me === 0 && { uid: 65534, gid: 65534 }),
    env: {
      PATH: [join(image, 'usr/local/bin'), process.env.PATH].join(delimiter),
      HOME: '/nonexistent',
      GIT_CONFIG_SYSTEM: settings,
      ...(me !== 0 && { GIT_TEST_ASSUME_DIFFERENT_OWNER: '1' }),
      ...given,
    },
  })
  return { code: status, stdout, stderr }
}

function repository(): string {
  const cwd = mkdtempSync(join(image, 'repo-'))
  git(cwd, 'init', '-q', '-b', 'main')
  write(cwd, applied)
  git(cwd, 'add', '-A')
  git(cwd, 'commit', '-qm', 'first')
  git(cwd, 'checkout', '-qb', 'topic')
  write(cwd, blockingIndex)
  git(cwd, 'add', '-A')
  git(cwd, 'commit', '-qm', 'second')
  chmodSync(cwd, 0o755)
  if (me === 0)
    for (const name of ['', ...readdirSync(cwd, { recursive: true, encoding: 'utf8' })])
      chownSync(join(cwd, name), 12345, 12345)
  return cwd
}

test('the image runs as a user without rights, and starts the program', () => {
  expect(value('USER')).toBe('node')
  expect(value('ENTRYPOINT')).toBe('["migrate-lint"]')
  const { code, stdout, stderr } = migrateLint(['--version'], image)
  expect([code, stdout.trim(), stderr]).toEqual([0, manifest.version, ''])
})

test('only what runs is in it: no tool of the build, nothing that a package starts when it is installed', () => {
  const installed = readdirSync(join(image, 'opt/migrate-lint/node_modules'))
  expect(installed).toEqual(
    expect.arrayContaining(Object.keys(manifest.dependencies).filter(name => !name.startsWith('@'))),
  )
  expect(installed.filter(name => Object.hasOwn(manifest.devDependencies, name))).toEqual([])
  const known = ['LICENSE', 'README.md', 'dist', 'node_modules', 'package.json', 'rules', 'schema']
  expect(readdirSync(join(image, 'opt/migrate-lint')).filter(name => !known.includes(name))).toEqual([])
})

test('a mounted repository of somebody else is linted, and its history is compared', () => {
  const cwd = repository()
  const { code, stdout, stderr } = migrateLint(['--changed', '--since', 'main', '--require-history', '-f', 'gcc'], cwd)
  expect(stderr).not.toContain('does not trust')
  expect(stdout).toContain('migrations/002_index.sql:1:1: error: ')
  expect(code).toBe(1)
})

test('that is so because of the settings of the image', () => {
  const { code, stderr } = migrateLint(['--changed', '--require-history'], repository(), {
    GIT_CONFIG_SYSTEM: '/dev/null',
  })
  expect(stderr).toContain('git does not trust')
  expect(code).toBe(2)
})
