import { spawn } from 'node:child_process'
import { beforeAll, expect, test } from 'vitest'
import { isMigration } from '../../src/migration/migration.ts'
import { decode } from '../../src/parse/source.ts'
import { discover, projectIn } from '../../src/systems/discover.ts'
import { downInputsOf, inputsOf } from '../../src/systems/inputs.ts'
import { integrityOf } from '../../src/systems/integrity.ts'
import { mapTree } from '../../src/systems/reading/tree.ts'
import { loadOnDemand } from '../kit/on-demand.ts'
import { cli, project } from '../node/kit/program.ts'
import { contents, layouts } from './kit/hostile-files.ts'

// Files of strangers that keep an expression or a loop busy for minutes where its time grows with the square of a text. Each system
// reads such a text in each of its files, and the program ends in time.

/** Milliseconds: many times what a run takes on a busy machine, and a fraction of what it took where something was worse than linear. */
const patience = 60_000

/** Runs the built program, which must end by itself: the exit code, or null where it had to be killed. */
function run(cwd: string): Promise<number | null> {
  const child = spawn(process.execPath, [cli, '--format', 'json'], { cwd, stdio: 'ignore' })
  const watch = setTimeout(() => child.kill('SIGKILL'), patience)
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('close', code => {
      clearTimeout(watch)
      resolve(code)
    })
  })
}

test('12.5 KB of tabs in a refinery.toml', async () => {
  const files = { 'refinery.toml': `[[${'\t'.repeat(12_500)}x`, 'migrations/V1__a.sql': 'SELECT 1;\n' }
  expect(await run(project(files))).not.toBeNull()
}, 120_000)

/** What each system spent seconds or minutes on. */
const worst: readonly (readonly [layout: string, content: string, size: number])[] = [
  ['Django', 'empty lines', 400_000],
  ['Liquibase', 'empty lines', 400_000],
  ['node-pg-migrate', 'empty lines', 400_000],
  ['Rails', 'empty lines', 400_000],
  ['Ecto', 'empty lines', 400_000],
  ['Alembic', 'tabs', 400_000],
  ['Graphile Migrate', 'empty lines', 400_000],
  ['node-pg-migrate', 'lines of dashes', 400_000],
  ["Liquibase's SQL", 'change sets without an end', 400_000],
  ["a line of Sqitch's plan", 'a dotted word', 400_000],
]

test.each(worst)(
  '%s: %s',
  async (layout, content, size) => {
    const files = layouts[layout]?.(contents[content]?.(size) ?? '') ?? {}
    expect(await run(project(files))).not.toBeNull()
  },
  120_000,
)

beforeAll(loadOnDemand)

const options = { transaction: () => 'unknown' as const }

/** Everything that src/systems makes of a project: what it is, in which order, how it is cut, what is amiss. */
function read(files: Readonly<Record<string, string>>): void {
  const tree = mapTree(files)
  const { projects } = discover(tree, [''], options)
  for (const found of projects.length > 0 ? projects : [projectIn(tree, '', options)]) {
    for (const input of [...inputsOf(found, tree), ...downInputsOf(found, tree)]) {
      const content = typeof input.content === 'string' ? new TextEncoder().encode(input.content) : input.content
      const { text } = decode(input.path, content).source
      if (input.kind === 'sql') input.parts?.(text)
      if (isMigration(input)) input.remarks?.(text)
    }
    for (const { path, content, units } of found.migrations) units?.(decode(path, content).source.text)
    integrityOf(found, tree)
  }
}

/** Milliseconds of the processor, which a busy machine does not make more. */
function cost(files: Readonly<Record<string, string>>): number {
  const before = process.cpuUsage()
  read(files)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

/** Of two tries the better one, where the first took too long: it pays for what is compiled on the way. */
function better(files: Readonly<Record<string, string>>, most: number): number {
  const first = cost(files)
  return first <= most ? first : Math.min(first, cost(files))
}

/** Characters, and milliseconds that are several times what they take. What is worse than linear shows in a few, and is stopped there. */
const steps = [
  [1_500, 500],
  [10_000, 1_000],
  [80_000, 2_000],
] as const

test.each(Object.entries(layouts))('%s: no text takes longer than it is long', (_, layout) => {
  const slow = Object.entries(contents).flatMap(([name, content]) => {
    for (const [size, most] of steps) {
      const files = layout(content(size))
      const spent = better(files, most)
      if (spent > most) return [`${name}: ${Math.round(spent)} ms for ${size} characters`]
    }
    return []
  })
  expect(slow).toEqual([])
})
