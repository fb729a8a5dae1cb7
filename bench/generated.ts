import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** How many migrations a generated history has. One more is staged. */
export const count = 5000

/** A repository with 400 tables and 4,600 changes of them, and one more change that is staged. Returns its folder. */
export function generatedProject(name: (number: string) => string): string {
  const root = mkdtempSync(join(tmpdir(), 'migrate-lint-bench-'))
  const write = (path: string, content: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content)
  }
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: root })
  git('init', '--quiet', '--initial-branch=main')
  write('prisma/migrations/migration_lock.toml', 'provider = "postgresql"\n')
  if (name('').startsWith('migrations')) rmSync(join(root, 'prisma'), { recursive: true })
  for (let i = 0; i <= count; i++) {
    const table = `t${i % 400}`
    const sql =
      i < 400
        ? `CREATE TABLE ${table} (id bigint PRIMARY KEY, email text, at timestamptz DEFAULT now());\nCREATE INDEX ON ${table} (at);\n`
        : `SET lock_timeout = '2s';\nALTER TABLE ${table} ADD COLUMN c${i} text;\nCOMMENT ON COLUMN ${table}.c${i} IS '${i}';\n`
    if (i === count) {
      git('add', '--all')
      git('commit', '--quiet', '--message=history')
      git('switch', '--quiet', '--create=work')
    }
    write(name(String(20200101000000 + i)), sql)
  }
  git('add', '--all')
  return root
}
