/**
 * Measures the cost of a commit in a project with a long history: npm run bench:staged. One migration of 5,000 is staged; all of them are
 * read to know the tables. Prints the fastest and the median of several runs, beside Node alone and the audit of applied migrations.
 */
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { generatedProject } from './generated.ts'

const runs = Number(process.argv[2] ?? 5)
const cli = join(fileURLToPath(new URL('..', import.meta.url)), 'dist/cli.js')

const layouts: Readonly<Record<string, (number: string) => string>> = {
  'plain SQL': number => `migrations/${number}_change.sql`,
  Prisma: number => `prisma/migrations/${number}_change/migration.sql`,
}

report('node alone', times(process.cwd(), ['-e', '0']))
for (const [layout, name] of Object.entries(layouts)) {
  const root = generatedProject(name)
  report(`${layout}, --staged`, times(root, [cli, '--staged']))
  report(`${layout}, history --staged`, times(root, [cli, 'history', '--staged']))
  rmSync(root, { recursive: true })
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
