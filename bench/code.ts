/**
 * How long reading migrations in code takes beside parsing them: `npm run bench:code -- [files] [project...]`. The migrations are those of
 * `fixtures/systems`, over and over, or those of the given folders. What is read may cost three times what parsing does: beyond that, the
 * program ends with 1. Counted is processor time, so that a busy machine gives nearly the same figures. It runs bundled, as the published
 * program does: `tsx` gives each function its name when the function is made, and readers make many.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { grammarPath } from '../scripts/grammars.mjs'
import { loadGrammar, programOf, useGrammars } from '../src/code/grammar.ts'
import { grammarOf } from '../src/code/language.ts'
import { readCode } from '../src/code/read.ts'
import type { MigrationReader } from '../src/code/reader.ts'
import type { CodeMigration, InputFile } from '../src/migration/migration.ts'
import { limitOptimiser } from '../src/node/optimiser.ts'
import { projectsOf } from '../src/systems/discover.ts'
import { inputsOf } from '../src/systems/inputs.ts'
import { withParsers } from '../src/systems/reading/on-demand.ts'
import { mapTree, remembering } from '../src/systems/reading/tree.ts'

limitOptimiser()
useGrammars(async name => new Uint8Array(await readFile(grammarPath(name))))
const most = 3
const wanted = Number(process.argv[2] ?? 1_400)
const home = new URL('../fixtures/systems', import.meta.url).pathname
const given = process.argv.slice(3)
const folders = given.length > 0 ? given : readdirSync(home).map(name => join(home, name))

function filesIn(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
  const paths = entries.map(({ parentPath, name }) => join(parentPath, name)).filter(path => !path.includes('/.git/'))
  return Object.fromEntries(paths.map(path => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]))
}

type Code = InputFile & CodeMigration & { readonly loaded: MigrationReader }

const found: Code[] = []
for (const folder of folders) {
  const tree = remembering(mapTree(filesIn(folder)))
  const { projects } = await withParsers(() => projectsOf(tree, { transaction: () => 'unknown' }))
  for (const project of projects)
    for (const input of inputsOf(project, tree))
      if (input.kind === 'code' && input.reader) {
        const loaded = await input.reader.load()
        if (!('read' in loaded)) found.push({ ...input, loaded })
      }
}
for (const grammar of new Set(found.flatMap(({ path }) => grammarOf(path) ?? []))) await loadGrammar(grammar)

const check = () => {}
const textOf = ({ content }: Code) => (typeof content === 'string' ? content : new TextDecoder().decode(content))

function parse(input: Code): void {
  const grammar = grammarOf(input.path)
  if (grammar) programOf(grammar, textOf(input), check)
}

/** As when migrations are linted: what readers remember is of one way through the history, and the way back is not read. */
function reading(): (input: Code) => void {
  const readers = new Map<MigrationReader, MigrationReader>()
  return input => {
    const { loaded: reader } = input
    const own = readers.get(reader) ?? ('ofHistory' in reader ? reader.ofHistory?.() : undefined) ?? reader
    readers.set(reader, own)
    readCode(input.path, textOf(input), own, check, input.beside, false)
  }
}

/** Milliseconds for as many files as are wanted. */
function measured(inputs: readonly Code[], start: () => (input: Code) => void): number {
  const before = process.cpuUsage()
  const rounds = Math.ceil(wanted / inputs.length)
  for (let round = 0; round < rounds; round++) {
    const work = start()
    for (const input of inputs) work(input)
  }
  const { user, system } = process.cpuUsage(before)
  return (((user + system) / 1000) * wanted) / (rounds * inputs.length)
}

function compare(name: string, inputs: readonly Code[]): number {
  const rounds = [0, 1, 2].map(() => [measured(inputs, () => parse), measured(inputs, reading)])
  const [parsing = 0, all = 0] = [0, 1].map(way => Math.min(...rounds.map(each => each[way] ?? 0)))
  const times = (all / parsing).toFixed(2)
  console.log(
    `${name}: ${wanted} files (${inputs.length} of them different): parsing ${parsing.toFixed(0)} ms, reading ${all.toFixed(0)} ms, ${times} times as much`,
  )
  return all / parsing
}

for (const grammar of new Set(found.map(({ path }) => grammarOf(path))))
  compare(
    grammar ?? '',
    found.filter(({ path }) => grammarOf(path) === grammar),
  )
const ratio = compare('all', found)
console.log(`At most ${most} times as much is wanted.`)
if (ratio > most) process.exitCode = 1
