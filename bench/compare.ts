/**
 * Measures whole processes: npm run bench -- [--runs N] [folder …]. Each row is one workload, once for migrate-lint, for other linters, and
 * for the floor, which only parses the same files. A folder is a project, or has several, and is linted as a whole. The other linters get
 * the SQL files that migrate-lint finds; they look at each by itself. Prints the median of the runs and the most memory of any.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { projectsOf } from '../src/index.ts'
import { WorkingTree } from '../src/node/disk/working-tree.ts'
import { install } from '../test/kit/install.ts'
import { generatedProject } from './generated.ts'

const { values, positionals } = parseArgs({
  options: { runs: { type: 'string', default: '3' } },
  allowPositionals: true,
})
const runs = Number(values.runs)
const root = fileURLToPath(new URL('..', import.meta.url))
const results = mkdtempSync(join(tmpdir(), 'migrate-lint-bench-'))
const memoryFile = join(results, 'memory')
/** Makes a program in Node write its greatest memory, in KiB, when it ends. */
const recorder = `data:text/javascript,${encodeURIComponent(
  `import{writeFileSync as w}from'node:fs';process.on('exit',()=>w(${JSON.stringify(memoryFile)},String(process.resourceUsage().maxRSS)))`,
)}`

interface Workload {
  readonly title: string
  readonly directory: string
  readonly arguments: readonly string[]
  /** The SQL files that are reported on, and those that have to be read for that. */
  readonly reported: readonly string[]
  readonly read: readonly string[]
}

interface Program {
  readonly title: string
  readonly run: (workload: Workload) => { command: string; args: readonly string[]; input?: string }
}

install('../bench/rivals')
const rivals = join(root, 'bench/rivals/node_modules')
const squawk = join(rivals, `@squawk-cli/${process.platform}-${process.arch}/bin/squawk`)
const node = (script: string, args: readonly string[], input?: string) => ({
  command: process.execPath,
  args: ['--import', recorder, script, ...args],
  ...(input !== undefined && { input }),
})
const programs: readonly Program[] = [
  { title: 'migrate-lint', run: ({ arguments: args }) => node(join(root, 'dist/cli.js'), [...args, '-f', 'json']) },
  ...(existsSync(squawk)
    ? [{ title: 'squawk', run: ({ reported }: Workload) => ({ command: squawk, args: reported }) }]
    : []),
  {
    title: 'pgfence',
    run: ({ reported }) => node(join(rivals, '@flvmnt/pgfence/dist/index.js'), ['analyze', ...reported]),
  },
  { title: 'the floor', run: ({ read }) => node(join(root, 'bench/floor.mjs'), [], read.join('\n')) },
]

console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}, ${runs} runs of each`)
console.log(`${'workload'.padEnd(44)}${programs.map(({ title }) => title.padStart(20)).join('')}   × floor`)
const made: string[] = []
for (const workload of await workloads()) {
  const measured = programs.map(program => measure(program, workload))
  const [own, floor] = [measured[0], measured.at(-1)]
  const cells = measured.map(({ seconds, memory }) => `${seconds.toFixed(2)} s ${memory}`.padStart(20))
  const ratio = own && floor ? (own.seconds / floor.seconds).toFixed(1) : ''
  console.log(`${workload.title.padEnd(44)}${cells.join('')}${ratio.padStart(10)}`)
}
for (const folder of [...made, results]) rmSync(folder, { recursive: true })

async function workloads(): Promise<Workload[]> {
  const demo = join(root, 'fixtures/demo')
  const whole = await Promise.all([...positionals.map(each => resolve(each)), demo].map(wholeOf))
  const generated = generatedProject(number => `migrations/${number}_change.sql`)
  made.push(generated)
  const all = await wholeOf(generated)
  const last = all.reported.slice(-1)
  const alone = join(results, 'alone.sql')
  writeFileSync(alone, 'CREATE INDEX orders_email_idx ON orders (email);\n')
  return [
    ...whole,
    { ...all, title: '5,000 generated migrations' },
    { ...all, title: 'the same, one of them staged', arguments: ['--staged'], reported: last },
    { title: 'one file, cold', directory: results, arguments: [alone], reported: [alone], read: [alone] },
  ]
}

async function wholeOf(directory: string): Promise<Workload> {
  const { projects } = await projectsOf(new WorkingTree(directory), { transaction: () => 'unknown' })
  const files = projects.flatMap(({ migrations }) =>
    migrations.flatMap(({ path, opaque }) => (opaque === undefined ? [join(directory, path)] : [])),
  )
  const bytes = files.reduce((sum, path) => sum + readFileSync(path).length, 0)
  const size = `${files.length.toLocaleString('en')} files, ${(bytes / 1e6).toFixed(1)} MB`
  const title = `${directory.split('/').at(-1)} (${size})`
  return { title, directory, arguments: ['.'], reported: files, read: files }
}

/** The median of the seconds, and the most memory, in MB; empty where it is not known. */
function measure({ run }: Program, workload: Workload): { readonly seconds: number; readonly memory: string } {
  const { command, args, input } = run(workload)
  const times: number[] = []
  let memory = 0
  for (let i = 0; i < runs; i++) {
    rmSync(memoryFile, { force: true })
    const started = performance.now()
    const { error } = spawnSync(command, args, {
      cwd: workload.directory,
      maxBuffer: 2 ** 30,
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'ignore'],
      ...(input !== undefined && { input }),
    })
    if (error) throw error
    times.push((performance.now() - started) / 1000)
    if (existsSync(memoryFile)) memory = Math.max(memory, Number(readFileSync(memoryFile, 'utf8')))
  }
  const median = times.sort((a, b) => a - b)[Math.floor(runs / 2)] ?? 0
  return { seconds: median, memory: memory === 0 ? '' : `${Math.round((memory * 1024) / 1e6)} MB` }
}
