/**
 * Flips operators of the source, one at a time, and sees whether a test notices:
 *
 *     npm run mutate -- --count 20 [--seed 1] [--files 'src/postgres/**'] [--at src/postgres/type.ts:57]…
 *
 * The same seed chooses the same flips of the same source; `--at` names lines, and all flips of these are tried. Only the tests in
 * `related` run, on a copy of the project in a temporary folder, so that the working tree is never touched. Exit code 1
 * when a flip survived. Our own, because Stryker asks for TypeScript's compiler as a library, which TypeScript 7 is not.
 */
import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import picomatch from 'picomatch'
import { applied, type Flip, flipsOf } from './mutate/flips.ts'
import { related } from './mutate/related.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    files: { type: 'string', default: 'src/postgres/**' },
    at: { type: 'string', multiple: true, default: [] },
    jobs: { type: 'string', default: String(Math.max(1, availableParallelism() - 1)) },
  },
})

const matches = picomatch(values.files)
const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .map(file => `src/${file.replaceAll('\\', '/')}`)
  .filter(file => file.endsWith('.ts') && !file.endsWith('.generated.ts'))
  .sort()
const wanted = values.at.map(place => place.split(':'))
const chosen =
  wanted.length > 0
    ? wanted.flatMap(([file = '', line]) => flips(file).filter(flip => flip.line === Number(line)))
    : sample(sources.filter(file => matches(file)).flatMap(flips), Number(values.count), Number(values.seed))

console.log(`${chosen.length} flips, ${wanted.length > 0 ? 'all of the lines named' : `seed ${values.seed}`}`)
const survivors: Flip[] = []
const queue = [...chosen]
await Promise.all(Array.from({ length: Math.min(Number(values.jobs), chosen.length) }, work))
console.log(`${chosen.length - survivors.length} of ${chosen.length} flips were noticed by a test`)
for (const survivor of survivors) console.log(`survived: ${described(survivor)}`)
process.exitCode = survivors.length > 0 ? 1 : 0

function flips(file: string): Flip[] {
  return flipsOf(file, readFileSync(join(root, file), 'utf8'))
}

/** Takes flips from the queue until it is empty, in a copy of the project. */
async function work(): Promise<void> {
  const copy = mkdtempSync(join(tmpdir(), 'migrate-lint-mutate-'))
  try {
    for (const part of ['src', 'rules', 'test', 'fixtures', 'schema', 'docs', 'README.md', 'action.yml'])
      cpSync(join(root, part), join(copy, part), { recursive: true })
    for (const part of ['package.json', 'tsconfig.json', 'vitest.config.ts']) cpSync(join(root, part), join(copy, part))
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
    if (await fails(copy, [...new Set(chosen.flatMap(({ file }) => related(file)))]))
      throw new Error('the tests fail before anything is flipped')
    for (let flip = queue.shift(); flip; flip = queue.shift()) {
      const path = join(copy, flip.file)
      const text = readFileSync(path, 'utf8')
      writeFileSync(path, applied(text, flip))
      const isNoticed = await fails(copy, related(flip.file))
      writeFileSync(path, text)
      if (!isNoticed) survivors.push(flip)
      console.log(`${isNoticed ? 'noticed ' : 'SURVIVED'}  ${described(flip)}`)
    }
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}

/** Whether one of the tests fails. One that runs for ever is stopped, and has failed. */
function fails(folder: string, tests: readonly string[]): Promise<boolean> {
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const args = [
    vitest,
    'run',
    '--project',
    'source',
    '--bail',
    '1',
    '--testTimeout',
    '600000',
    '--reporter',
    'dot',
    ...tests,
  ]
  return new Promise(resolve => {
    // A snapshot that does not agree is written anew unless this is CI.
    const env = { ...process.env, CI: 'true' }
    const child = spawn(process.execPath, args, { cwd: folder, env, stdio: 'ignore', timeout: 20 * 60_000 })
    child.on('exit', status => resolve(status !== 0))
  })
}

function described({ file, line, from, to }: Flip): string {
  return `${file}:${line}  ${from} → ${to === '' ? 'nothing' : to}`
}

function sample<T>(all: readonly T[], count: number, seed: number): T[] {
  const random = generator(seed)
  const left = [...all]
  const taken: T[] = []
  while (taken.length < count && left.length > 0) taken.push(...left.splice(Math.floor(random() * left.length), 1))
  return taken
}

/** Numbers from 0 up to 1, the same for the same seed: mulberry32. */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
