/**
 * Measures the cost of a commit in a project with a long history: npm run bench:staged. One migration of 5,000 is staged; all of them are
 * read to know the tables. Prints the fastest and the median of several runs, beside Node alone and the audit of applied migrations.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const runs = Number(process.argv[2] ?? 5)
const count = 5000
const cli = join(fileURLToPath(new URL('..', import.meta.url)), 'dist/cli.js')

const layouts: Readonly<Record<string, (number: string) => string>> = {
  'plain SQL': number => `migrations/${number}_change.sql`,
  Prisma: number => `prisma/migrations/${number}_change/migration.sql`,
}

report('node alone', times(process.cwd(), ['-e', '0']))
for (const [layout, name] of Object.entries(layouts)) {
  const root = project(name)
  report(`${layout}, --staged`, times(root, [cli, '--staged']))
  report(`${layout}, history --staged`, times(root, [cli, 'history', '--staged']))
  rmSync(root, { recursive: true })
}

/** A repository with 400 tables and 4,600 changes of them, and one more change that is staged. */
function project(name: (number: string) => string): string {
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

function times(cwd: string, args: readonly string[]): number[] {
  return Array.from({ length: runs }, () => {
    const started = performance.now()
    const { status, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8' })
    if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}: ${stderr}`)
    return performance.now() - started
  }).sort((a, b) => a - b)
}

function report(name: string, sorted: readonly number[]): void {
  const [fastest, median] = [sorted[0] ?? 0, sorted[Math.floor(sorted.length / 2)] ?? 0]
  console.log(
    `${name.padEnd(28)}fastest ${fastest.toFixed(0).padStart(5)} ms   median ${median.toFixed(0).padStart(5)} ms`,
  )
}
