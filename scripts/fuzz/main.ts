// Tries inputs that nobody would write by hand on the whole library: npm run fuzz -- --seconds 60.
//
// The seed and the number alone determine an input, so that a failure can be repeated: --seed 7 --only 1234.
//
// For each input, it reads the configuration and lints the files (or reads the event, the rows or the baseline). Nothing may throw, there
// may be no internal error, all places must be inside of the text, fixes must apply, and the work must end in time. It tries every seventh
// input, and inputs whose findings have a shape that this thread has not seen before (rule, severity and so on, by the kind of input), a
// second time, after others and backwards: the outcome must be the same. It prints inputs with a new shape, and one in seventeen of the
// others, in all formats with changing styles and reads them again: JSON by its schema, XML by a parser, without control characters. With
// --thorough it tries all inputs twice and prints them, as it does with the input of --only.
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { grammarNames, grammarPath } from '../grammars.mjs'
import { readCorpus } from './corpus.ts'
import { shown } from './input.ts'
import { inputOf, kindNames } from './kinds.ts'
import { Results } from './results.ts'
import { shrunk } from './shrink.ts'
import { bundleWorker, Thread } from './thread.ts'

const { values } = parseArgs({
  options: {
    /** Seconds to run. The run ends at this or at `count`, whichever comes first. */
    seconds: { type: 'string' },
    count: { type: 'string' },
    seed: { type: 'string' },
    /** The number of the only input to try. */
    only: { type: 'string' },
    /** The number of the first input, to repeat a failure that only occurs after other inputs. */
    from: { type: 'string', default: '0' },
    /** Try every input twice and print it. */
    thorough: { type: 'boolean', default: false },
    /** Seconds between two outputs of the figures so far. */
    progress: { type: 'string' },
    /** Only inputs of this kind. */
    kind: { type: 'string' },
    threads: { type: 'string', default: String(availableParallelism()) },
    /** Milliseconds after which an input is slow; milliseconds of processor time after which it counts as never ending. */
    slow: { type: 'string', default: '1000' },
    patience: { type: 'string', default: '20000' },
    /** Milliseconds to spend on making each failure's input smaller. */
    shrink: { type: 'string', default: '20000' },
  },
})

/** Inputs that one thread tries forwards and backwards. */
const together = 64

const root = fileURLToPath(new URL('../../', import.meta.url))
const seed = values.seed === undefined ? Date.now() % 0x7fffffff : Number(values.seed)
const first = Number(values.only ?? values.from)
const count = values.only !== undefined ? 1 : Number(values.count ?? Number.POSITIVE_INFINITY)
const seconds = Number(values.seconds ?? (Number.isFinite(count) ? Number.POSITIVE_INFINITY : 20))
if (values.kind !== undefined && !kindNames.includes(values.kind)) {
  throw new Error(`There is no kind "${values.kind}". There are: ${kindNames.join(', ')}.`)
}

const corpus = readCorpus(root)
const path = await bundleWorker(root)
const epoch = Date.now()
const kind = values.kind === undefined ? {} : { kind: values.kind }
const thorough = values.thorough || values.only !== undefined
const grammars = Object.fromEntries(grammarNames.map(name => [name, grammarPath(name)]))
const setup = { root, corpus, grammars, seed, ...kind, thorough, slow: Number(values.slow), epoch }
const results = new Results()
let next = first

async function work(): Promise<void> {
  const thread = new Thread(path, setup, Number(values.patience), Number(values.threads))
  while (next < first + count && Date.now() - epoch < seconds * 1000) {
    let from = next
    const to = Math.min(from + together, first + count)
    next = to
    while (from < to) {
      const { done, stopped } = await thread.run({ from, to })
      if (done) results.add(done)
      if (!stopped) break
      const { number, failure } = stopped
      results.add({ tallies: {}, failed: [{ number, kind: kindOf(number), failure }], slow: [] })
      // The inputs before it were tried, but their outcome is lost, so they are tried again without it.
      if (number < from) break
      if (number > from) results.add((await thread.run({ from, to: number })).done)
      from = number + 1
    }
  }
  const { done, stopped } = await thread.run('the rest')
  results.add(done)
  if (stopped) results.add({ tallies: {}, failed: [{ ...stopped, kind: kindOf(stopped.number) }], slow: [] })
  thread.stop()
}

function kindOf(number: number): string {
  return number < 0 ? 'reading reports' : inputOf(seed, number, corpus, values.kind).kind
}

console.log(`Seed ${seed}.`)
const every = values.progress === undefined ? null : Number(values.progress) * 1000
const progress = every && setInterval(() => console.log(results.line((Date.now() - epoch) / 1000)), every)
await Promise.all(Array.from({ length: Number(values.threads) }, work))
if (progress) clearInterval(progress)
const took = (Date.now() - epoch) / 1000
console.log(results.table(took))

const small = new Thread(path, setup, Math.min(Number(values.patience), 5000), 1)
for (const { failure, number, times } of results.distinct()) {
  const input = number < 0 ? null : inputOf(seed, number, corpus, values.kind)
  const smallest = input && (await shrunk(input, number, failure.signature, small, Number(values.shrink)))
  const again = smallest ? `--only ${number}` : `--from ${number - (number % together)} --count ${together}`
  console.log(`\n${'-'.repeat(80)}\n${failure.property}: broken ${times} times\n${failure.message.slice(0, 1500)}`)
  console.log(
    `Again: npm run fuzz -- --seed ${seed} ${again}${values.kind === undefined ? '' : ` --kind '${values.kind}'`}`,
  )
  if (smallest) console.log(`The smallest input found:\n${shown(smallest)}`)
  else console.log(`It fails only after others. The input:\n${input ? shown(input).slice(0, 4000) : 'is not known'}`)
}
small.stop()
process.exitCode = results.distinct().length > 0 ? 1 : 0
