import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { blockingIndex } from '../node/kit/program.ts'

// The package as a registry would hand it out, installed from a file by each package manager, as README says.

const root = fileURLToPath(new URL('../..', import.meta.url))
const managers = fileURLToPath(new URL('managers/node_modules', import.meta.url))
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'migrate-lint-package-')))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let tarball = ''
beforeAll(() => {
  run(root, process.execPath, ['scripts/build.mjs'])
  const [{ filename }] = JSON.parse(
    run(root, 'npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder]),
  )
  tarball = join(folder, filename)
})

/** Standard output. Fails with everything that the program said if its exit code is another. */
function run(cwd: string, program: string, args: readonly string[], code = 0, env: NodeJS.ProcessEnv = {}): string {
  const ended = spawnSync(program, args, { cwd, encoding: 'utf8', env: { ...process.env, ...env } })
  expect(ended.status, `${program} ${args.join(' ')}\n${ended.stdout}${ended.stderr}`).toBe(code)
  return ended.stdout
}

/** A project with the packed package in it, in a folder that is there until all tests are done. */
function project(files: Readonly<Record<string, string>>): string {
  const cwd = mkdtempSync(join(folder, 'project-'))
  const own = { 'package.json': '{ "name": "shop", "private": true, "type": "module" }\n', ...files }
  for (const [path, content] of Object.entries(own)) {
    mkdirSync(dirname(join(cwd, path)), { recursive: true })
    writeFileSync(join(cwd, path), content)
  }
  copyFileSync(tarball, join(cwd, 'migrate-lint.tgz'))
  return cwd
}

/** How a manager installs a file, and how it starts the program of a package. Each of them runs in a folder of its own. */
interface Manager {
  readonly name: string
  readonly program: readonly string[]
  readonly add: readonly string[]
  readonly start: readonly string[]
  readonly node: readonly string[]
  readonly env?: NodeJS.ProcessEnv
}

const yarn = join(managers, '@yarnpkg/cli-dist/bin/yarn.js')
const berry = { program: [process.execPath, yarn], add: ['add', '-D'], start: ['run'], node: ['node'] }
const quiet = { YARN_ENABLE_TELEMETRY: '0', YARN_ENABLE_IMMUTABLE_INSTALLS: 'false' }

const all: readonly Manager[] = [
  {
    name: 'npm',
    program: ['npm'],
    add: ['install', '--save-dev', '--no-audit', '--no-fund'],
    start: ['exec', '--no', '--'],
    node: ['exec', '--no', '--', 'node'],
  },
  {
    name: 'pnpm',
    program: [process.execPath, join(managers, 'pnpm/bin/pnpm.cjs')],
    add: ['add', '-D'],
    start: ['exec'],
    node: ['exec', 'node'],
  },
  {
    name: 'Yarn 1',
    program: [process.execPath, join(managers, 'yarn/bin/yarn.js')],
    add: ['add', '-D'],
    start: ['run', '-s'],
    node: ['-s', 'node'],
  },
  { name: 'Yarn 4', ...berry, env: { ...quiet, YARN_NODE_LINKER: 'node-modules' } },
  { name: "Yarn 4 with Plug'n'Play", ...berry, env: { ...quiet, YARN_NODE_LINKER: 'pnp' } },
]

describe.each(all)('installed with $name', ({ program: [program = '', ...first], add, start, node, env = {} }) => {
  let cwd = ''
  const manager = (args: readonly string[], code = 0) => run(cwd, program, [...first, ...args], code, env)

  beforeAll(() => {
    cwd = project({
      ...blockingIndex,
      'yarn.lock': '',
      'db/migrate/20260101000000_add_note.rb':
        'class AddNote < ActiveRecord::Migration[8.0]\n  def change\n    add_index :orders, :note\n  end\nend\n',
      'library.js': `
        import { lint } from 'migrate-lint'
        const { findings } = await lint({ migrations: [{ path: '1.sql', content: 'DROP TABLE orders;' }] })
        console.log(findings.map(({ rule }) => rule).join())
      `,
    })
    manager([...add, start.includes('run') ? 'migrate-lint@file:./migrate-lint.tgz' : './migrate-lint.tgz'])
  })

  test('the program runs', () => {
    const said = manager([...start, 'migrate-lint', 'migrations', 'db/migrate', '-f', 'gcc'], 1)
    expect(said).toContain('migrations/002_index.sql:1:1: error: ')
    expect(said).toContain('db/migrate/20260101000000_add_note.rb:3:5: error: ')
  })

  test('the library runs', () => {
    expect(manager([...node, 'library.js']).trim()).toBe('drop-table,missing-lock-timeout')
  })
})

test('the registry would take it, and shows where it comes from', () => {
  // npm 11 puts the package under its name, earlier versions do not.
  const said = JSON.parse(run(root, 'npm', ['publish', '--dry-run', '--ignore-scripts', '--json', tarball]))
  expect(said['migrate-lint'] ?? said).toMatchObject({ name: 'migrate-lint', version: manifest.version })
  const { homepage, repository, bugs, publishConfig } = manifest
  expect([homepage, repository.url, bugs].filter(address => !address.includes('github.com/migrate-lint/'))).toEqual([])
  expect(publishConfig).toEqual({ access: 'public', provenance: true })
})

describe('the types', () => {
  const program = `
    import { lint, type Report } from 'migrate-lint'
    const report: Report = await lint({ migrations: [{ path: '1.sql', content: '' }], config: { pgVersion: '16' } })
    export const places: [string, number][] = report.findings.map(({ path, at }) => [path, at[0]])
    // @ts-expect-error: it is a list
    export const none: string = report.findings
  `
  test.each(['NodeNext', 'Bundler'])('are complete for a program with the module resolution %s', resolution => {
    const module = resolution === 'Bundler' ? 'ESNext' : resolution
    const cwd = project({
      'program.ts': program,
      'tsconfig.json': JSON.stringify({
        compilerOptions: {
          strict: true,
          noEmit: true,
          target: 'ES2023',
          module,
          moduleResolution: resolution,
          types: [],
        },
        files: ['program.ts'],
      }),
    })
    run(cwd, 'npm', ['install', '--no-audit', '--no-fund', './migrate-lint.tgz'])
    run(cwd, process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', cwd])
  })
})
