import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

/** The built program. */
export const cli = fileURLToPath(new URL('../../../dist/cli.js', import.meta.url))

export interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Surroundings {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
  /** The Node that runs it; default: the one that runs the tests. */
  readonly node?: string
  /** What standard input gives; without it, standard input is an open pipe in which nothing ever arrives. */
  readonly stdin?: string | Uint8Array
}

/** The environment without anything that would colour or change the output. */
function plain(): NodeJS.ProcessEnv {
  const noisy = /^(NO_COLOR|FORCE_COLOR|TERM|CI|NODE_OPTIONS|VITEST.*|npm_.*)$/
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !noisy.test(name)))
}

/** A run is over before V8 has compiled the parser a second time for speed: without that, it costs a fifth less. */
const quick = '--liftoff-only'

/** Runs the program to its end. */
export function migrateLint(
  args: readonly string[],
  { cwd, env, stdin, node = process.execPath }: Surroundings,
): Promise<Ran> {
  const child = spawn(node, [quick, cli, ...args], { cwd, env: { ...plain(), ...env }, stdio: 'pipe' })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', text => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', text => {
    stderr += text
  })
  // A program that stops early closes its end of the pipe.
  child.stdin.on('error', () => {})
  if (stdin !== undefined) child.stdin.end(stdin)
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('close', code => {
      child.stdin.destroy()
      resolve({ code, stdout, stderr })
    })
  })
}

/** A folder of its own, outside any repository, with these files in it; gone after the test. */
export function project(files: Readonly<Record<string, string | Uint8Array>>): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'migrate-lint-')))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  mkdirSync(join(root, '.git'))
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content)
  }
  return root
}

/** A project with one table, and one migration that builds an index on it the blocking way. */
export const blockingIndex = {
  'migrations/001_orders.sql': 'CREATE TABLE orders (id bigint PRIMARY KEY, email text);\n',
  'migrations/002_index.sql': 'CREATE INDEX orders_email_idx ON orders (email);\n',
}

/** The same project with the index built concurrently. */
export const safeIndex = {
  ...blockingIndex,
  'migrations/002_index.sql': 'CREATE INDEX CONCURRENTLY orders_email_idx ON orders (email);\n',
  'migrate-lint.config.json': '{ "transaction": "none" }\n',
}
