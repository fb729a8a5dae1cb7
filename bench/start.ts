/**
 * Measures the cost of starting: npm run bench:start. Commit hooks run the program on every commit, so a run over one file must stay well
 * below 500 ms. Prints the fastest and the median of several runs, beside the floor: Node alone, and Node with the parser loaded.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const runs = Number(process.argv[2] ?? 15)
const root = fileURLToPath(new URL('..', import.meta.url))
const cli = join(root, 'dist/cli.js')
const folder = mkdtempSync(join(tmpdir(), 'migrate-lint-bench-'))
mkdirSync(join(folder, 'migrations'))
writeFileSync(join(folder, 'migrations/1.sql'), 'CREATE TABLE orders (id bigint PRIMARY KEY, email text);\n')
writeFileSync(join(folder, 'migrations/2.sql'), 'CREATE INDEX CONCURRENTLY orders_email_idx ON orders (email);\n')

const parser = `import(${JSON.stringify(import.meta.resolve('libpg-query'))}).then(async ({ default: pg }) => {
  await pg.loadModule()
  pg.parseSync('SELECT 1')
})`

const commands: Readonly<Record<string, readonly string[]>> = {
  'node alone': ['-e', '0'],
  'node and the parser': ['-e', parser],
  '--version': [cli, '--version'],
  'rules drop-column': [cli, 'rules', 'drop-column'],
  'one file': [cli, 'migrations/2.sql'],
}

for (const [name, args] of Object.entries(commands)) {
  const times = Array.from({ length: runs }, () => measure(args)).sort((a, b) => a - b)
  const [fastest, median] = [times[0] ?? 0, times[Math.floor(runs / 2)] ?? 0]
  console.log(
    `${name.padEnd(22)}fastest ${fastest.toFixed(0).padStart(5)} ms   median ${median.toFixed(0).padStart(5)} ms`,
  )
}
rmSync(folder, { recursive: true })

function measure(args: readonly string[]): number {
  const started = performance.now()
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' })
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}: ${stderr}`)
  return performance.now() - started
}
