import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { migrateLint } from './program.ts'

export const identity = {
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'A',
  GIT_AUTHOR_EMAIL: 'a@example.com',
  GIT_COMMITTER_NAME: 'A',
  GIT_COMMITTER_EMAIL: 'a@example.com',
}
const outside = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(GIT_|GITHUB_|CI)/.test(name)))

export function git(cwd: string, ...args: string[]): string {
  const env = { ...outside, ...identity }
  return execFileSync('git', args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim()
}

export function write(root: string, files: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content)
  }
}

export const applied = {
  'migrations/1.sql': 'CREATE TABLE orders (id bigint PRIMARY KEY, email text);\n',
  'migrations/2.sql': 'CREATE TABLE customers (id bigint PRIMARY KEY);\n',
}

/** A repository with two applied migrations, on a branch. */
export function repository(): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'migrate-lint-git-')))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  git(root, 'init', '-q', '-b', 'main')
  write(root, applied)
  git(root, 'add', '-A')
  git(root, 'commit', '-qm', 'x')
  git(root, 'switch', '-qc', 'work')
  return root
}

export async function found(cwd: string, args: readonly string[], env: Record<string, string> = {}, stdin?: string) {
  const input = stdin === undefined ? {} : { stdin }
  const ran = await migrateLint([...args, '-f', 'json'], { cwd, env: { ...identity, ...env }, ...input })
  const findings: { path: string; rule: string }[] = ran.stdout ? JSON.parse(ran.stdout).findings : []
  return { ...ran, findings: findings.map(({ path, rule }) => `${path} ${rule}`) }
}
