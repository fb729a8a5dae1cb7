/**
 * Flips operators of the source, one at a time, and checks whether a test notices:
 *
 *     npm run mutate -- --count 20 [--seed 1] [--files 'src/postgres/**'] [--at src/postgres/type/type.ts:57[:9]]…
 *
 * The same seed chooses the same flips of the same source; `--at` tries all flips of the named lines (or of one column). Everything happens
 * in a copy of the project in a temporary folder, whose source has all chosen flips, each behind a switch. A first run without a flip
 * records which measured cases and which test files reach which flip. Then it tries each flip on these cases, in a process that goes on
 * to the next flip, and tries a flip that no case notices on the test files. Exit code 1 if a flip survived.
 *
 * We do not use Stryker, because it needs TypeScript's compiler as a library, which TypeScript 7 is not.
 */
import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import picomatch from 'picomatch'
import { type Flip, flipsOf, switchable } from './mutate/flips.ts'
import { Judge } from './mutate/judge.ts'
import { compared, related } from './mutate/related.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    files: { type: 'string', default: 'src/postgres/**' },
    at: { type: 'string', multiple: true, default: [] },
  },
})

const matches = picomatch(values.files)
const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .map(file => `src/${file.replaceAll('\\', '/')}`)
  .filter(file => file.endsWith('.ts') && !file.endsWith('.d.ts') && !file.endsWith('.generated.ts'))
  .sort()
const wanted = values.at.map(place => place.split(':'))
const chosen =
  wanted.length > 0
    ? wanted.flatMap(([file = '', line, column]) =>
        flips(file).filter(flip => flip.line === Number(line) && [undefined, String(flip.column)].includes(column)),
      )
    : sample(sources.filter(file => matches(file)).flatMap(flips), Number(values.count), Number(values.seed))
console.log(`${chosen.length} flips, ${wanted.length > 0 ? 'all of the lines named' : `seed ${values.seed}`}`)

const copy = mkdtempSync(join(tmpdir(), 'migrate-lint-mutate-'))
const judge = new Judge(copy)
const survivors: Flip[] = []
try {
  copyProject()
  const all = [...new Set(chosen.flatMap(({ file }) => related(file)))]
  const record = join(copy, 'reached.txt')
  const [failed] = await Promise.all([fails(all, { REACHED: record }), judge.start()])
  if (failed) throw new Error('the tests fail before anything is flipped')
  const { loading } = judge
  const reached = readFileSync(record, 'utf8')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as [file: string, numbers: number[]])
  for (const [number, flip] of chosen.entries()) {
    const files = loading.has(number)
      ? // Values that are made while the modules load cannot be switched afterwards.
        [...related(flip.file), compared]
      : reached.filter(([, numbers]) => numbers.includes(number)).map(([file]) => file)
    const noticedBy =
      !loading.has(number) && (await judge.notices(number))
        ? 'a measured case'
        : files.length > 0 && (await fails(files, { FLIP: String(number) }))
          ? 'a test'
          : null
    if (noticedBy === null) survivors.push(flip)
    console.log(
      `${noticedBy === null ? 'SURVIVED' : 'noticed '}  ${described(flip)}${noticedBy ? `  (${noticedBy})` : ''}`,
    )
  }
} finally {
  judge.stop()
  rmSync(copy, { recursive: true, force: true })
}
console.log(`${chosen.length - survivors.length} of ${chosen.length} flips were noticed`)
for (const survivor of survivors) console.log(`survived: ${described(survivor)}`)
process.exitCode = survivors.length > 0 ? 1 : 0

function flips(file: string): Flip[] {
  return flipsOf(file, readFileSync(join(root, file), 'utf8'))
}

function copyProject(): void {
  for (const part of [
    'src',
    'rules',
    'test',
    'fixtures',
    'schema',
    'docs',
    'scripts/mutate',
    'README.md',
    'action.yml',
  ])
    cpSync(join(root, part), join(copy, part), { recursive: true })
  for (const part of ['package.json', 'tsconfig.json']) cpSync(join(root, part), join(copy, part))
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  const test = {
    isolate: false,
    maxWorkers: '100%',
    testTimeout: 120_000,
    hookTimeout: 120_000,
    setupFiles: ['scripts/mutate/record.ts'],
  }
  writeFileSync(join(copy, 'vitest.config.ts'), `export default ${JSON.stringify({ test })}\n`)
  for (const file of new Set(chosen.map(each => each.file))) {
    const own = [...chosen.entries()].flatMap(([number, flip]) => (flip.file === file ? [{ number, flip }] : []))
    const path = join(copy, file)
    const switches = relative(dirname(path), join(copy, 'scripts/mutate/switch.ts')).replaceAll('\\', '/')
    const text = switchable(readFileSync(path, 'utf8'), own)
    writeFileSync(path, `import { isFlipped } from '${switches}'\n${text}`)
  }
}

/** Whether one of the tests fails. A run that does not end is stopped and counts as failed. */
function fails(tests: readonly string[], variables: NodeJS.ProcessEnv): Promise<boolean> {
  const args = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--bail', '1', '--reporter', 'dot', ...tests]
  return new Promise(resolve => {
    // Vitest rewrites a snapshot that does not agree unless this is CI.
    const env = { ...process.env, CI: 'true', ...variables }
    const child = spawn(process.execPath, args, { cwd: copy, env, stdio: 'ignore', timeout: 15 * 60_000 })
    child.on('exit', status => resolve(status !== 0))
  })
}

function described({ file, line, column, from, to }: Flip): string {
  return `${file}:${line}:${column}  ${from} → ${to === '' ? 'nothing' : to}`
}

function sample<T>(all: readonly T[], count: number, seed: number): T[] {
  const random = generator(seed)
  const left = [...all]
  const taken: T[] = []
  while (taken.length < count && left.length > 0) taken.push(...left.splice(Math.floor(random() * left.length), 1))
  return taken
}

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
