import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'

/** Variables with which git reads no settings of this machine, and knows who commits. */
export const identity = {
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'A',
  GIT_AUTHOR_EMAIL: 'a@example.com',
  GIT_COMMITTER_NAME: 'A',
  GIT_COMMITTER_EMAIL: 'a@example.com',
}

// Tests may run in a hook, where git says which index is meant. The program that a test runs in this process starts git as well.
for (const name of Object.keys(process.env)) if (name.startsWith('GIT_')) delete process.env[name]
Object.assign(process.env, identity)

/** A folder that is removed after the test. */
export function temporary(): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'migrate-lint-git-')))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  return root
}

/** What git prints for these arguments in a folder. Throws if it fails. */
export function git(cwd: string, ...args: string[]): string {
  // Local transport for submodules and partial clones; and no second process after each commit, which looks for what to tidy.
  const config = ['-c', 'protocol.file.allow=always', '-c', 'core.autocrlf=false', '-c', 'maintenance.auto=false']
  return execFileSync('git', [...config, ...args], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim()
}

/** Files by path. */
export type Files = Readonly<Record<string, string | Uint8Array>>

export function write(root: string, files: Files): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content)
  }
}

/** Writes files, and commits all that is on disk. */
export function commit(root: string, files: Files = {}): void {
  write(root, files)
  git(root, 'add', '-A')
  git(root, 'commit', '-qm', 'x', '--allow-empty')
}

/** The id of the last commit. */
export function lastCommit(root: string): string {
  return git(root, 'rev-parse', 'HEAD')
}

/** A repository whose branch `main` has these files, with the branch `work` checked out. */
export function repository(files: Files, ...init: string[]): string {
  const root = temporary()
  git(root, 'init', '-q', '-b', 'main', '--template=', ...init)
  commit(root, files)
  git(root, 'switch', '-qc', 'work')
  return root
}
