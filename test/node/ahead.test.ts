import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { beforeAll, expect, test } from 'vitest'
import type { Unparsed } from '../../src/code/ahead.ts'
import type { Packed } from '../../src/code/copy.ts'
import { loadGrammar, packedOf } from '../../src/code/grammar.ts'
import { thread } from '../../src/node/ahead/thread.ts'
import '../kit/grammars.ts'
import { cli } from './kit/program.ts'

beforeAll(async () => {
  await loadGrammar('python')
})

/** Half of these programs have errors, and all have characters of several bytes. */
const programs = Array.from({ length: 400 }, (_, i): Unparsed => {
  const field = `migrations.AddField("é", "b${i}", models.IntegerField(default=${i}))`
  return {
    grammar: 'python',
    text: `class Migration(migrations.Migration):\n    # ${i}\n    operations = [${field}${i % 2 ? ']' : ', ('}\n`,
  }
})

function parsedHere({ grammar, text }: Unparsed): Packed | null {
  return packedOf(grammar, text, () => {})
}

test('trees of the thread are those that would be parsed here', async () => {
  const ahead = thread(pathToFileURL(cli))
  ahead.begin(programs)
  let count = 0
  for (const program of programs) {
    const tree = ahead.take(program)
    if (tree) {
      count++
      expect(tree).toEqual(parsedHere(program))
    } else if (count === 0) await sleep(50)
  }
  expect(count).toBeGreaterThan(0)
  // Nothing is kept for a second time.
  expect(programs.map(program => ahead.take(program)).filter(Boolean)).toEqual([])
})

test('a thread that does not start takes nothing away', () => {
  const ahead = thread(pathToFileURL('/there/is/no/such/program.js'))
  ahead.begin(programs)
  expect(programs.map(program => ahead.take(program)).filter(Boolean)).toEqual([])
})

test('a program that takes long is left to the main thread, and so is one that nobody has announced', async () => {
  const ahead = thread(pathToFileURL(cli))
  const long: Unparsed = { grammar: 'python', text: `x = ${'[1, '.repeat(1_500_000)}` }
  ahead.begin([long, ...programs])
  expect(ahead.take({ grammar: 'python', text: 'y = 1' })).toBeNull()
  await sleep(1_500)
  expect(ahead.take(long)).toBeNull()
  // The thread goes on with the others.
  for (const program of programs.slice(0, 50)) {
    const tree = ahead.take(program)
    if (tree) expect(tree).toEqual(parsedHere(program))
  }
})
