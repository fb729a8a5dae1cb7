/**
 * The one place that calls tree-sitter, which loads when the first program is read: a project without programs does not pay for it.
 */
import type { Language, Parser } from 'web-tree-sitter'
import type { ParsedAhead, Unparsed } from './ahead.ts'
import { type Packed, packed, unpacked } from './copy.ts'
import type { Grammar } from './language.ts'
import type { Program } from './node.ts'
import type { Renewable } from './renewable.ts'

/** Gives the bytes of `tree-sitter.wasm` or of a grammar, such as `ruby.wasm`; null where there is none. */
export type GrammarFiles = (name: 'tree-sitter' | Grammar) => Promise<Uint8Array | null>

let files: GrammarFiles | null = null
let library: Promise<typeof import('web-tree-sitter') | null> | null = null
const languages = new Map<Grammar, Promise<Language | null>>()
const parsers = new Map<Grammar, Parser>()
/** The library keeps one module for ever, and this memory of it. */
let memory: Renewable | null = null

let ahead: ParsedAhead | null = null

/** Sets who parses programs ahead. Without this, each is parsed when it is read. */
export function useParsedAhead(by: ParsedAhead): void {
  ahead = by
}

/** Announces programs that `programOf` will be asked for. */
export function parseAhead(programs: readonly Unparsed[]): void {
  ahead?.begin(programs)
}

/** Sets where grammars come from. Without this, programs are not read. */
export function useGrammars(from: GrammarFiles): void {
  files = from
  library = null
  languages.clear()
  parsers.clear()
}

/** Where grammars come from now; null: nobody has set it. */
export function grammarsFrom(): GrammarFiles | null {
  return files
}

/** Loads a grammar for `programOf`. False: there is no such grammar. */
export async function loadGrammar(grammar: Grammar): Promise<boolean> {
  const loading = languages.get(grammar) ?? load(grammar)
  languages.set(grammar, loading)
  const language = await loading
  if (language === null) return false
  if (!parsers.has(grammar)) {
    const found = await library
    if (!found) return false
    parsers.set(grammar, new found.Parser().setLanguage(language))
    memory?.hasChanged()
  }
  return true
}

async function load(grammar: Grammar): Promise<Language | null> {
  if (files === null) return null
  library ??= start(files)
  const [found, bytes] = [await library, await files(grammar)]
  // The library takes anything but its own realm's bytes for an address, for instance those of the page around a frame.
  return found === null || bytes === null ? null : found.Language.load(new Uint8Array(bytes))
}

async function start(from: GrammarFiles): Promise<typeof import('web-tree-sitter') | null> {
  const wasmBinary = await from('tree-sitter')
  if (wasmBinary === null) return null
  const [found, { Renewable }] = await Promise.all([import('web-tree-sitter'), import('./renewable.ts')])
  memory ??= new Renewable()
  await found.Parser.init(await memory.options(wasmBinary))
  return found
}

/**
 * The tree of a program in a language whose grammar `loadGrammar` has loaded; null otherwise. Parsing calls `check` from time to time;
 * an exception of `check` ends the parsing and reaches the caller. Throws ParserFailed.
 */
export function programOf(grammar: Grammar, text: string, check: () => void): Program | null {
  const language = parsers.get(grammar)?.language
  if (!language) return null
  const tree = ahead?.take({ grammar, text }) ?? packedOf(grammar, text, check)
  return tree && unpacked(tree, language)
}

/** The same as numbers. */
export function packedOf(grammar: Grammar, text: string, check: () => void): Packed | null {
  const parser = parsers.get(grammar)
  if (!parser || !memory) return null
  memory.keep()
  try {
    return parsedBy(parser, memory, text, check)
  } catch (error) {
    if (error instanceof Ended) throw error.by
    memory.restore()
    throw new ParserFailed(error instanceof Error ? error.message : String(error))
  }
}

/** Thrown when a parser fails on a text, for instance at the end of its memory. Other texts are not affected. */
export class ParserFailed extends Error {
  override name = 'ParserFailed'
}

/** What a check threw. */
class Ended extends Error {
  readonly by: unknown
  constructor(by: unknown) {
    super()
    this.by = by
  }
}

/** Throws `Ended` with what the check throws, and whatever the parser throws. */
function parsedBy(parser: Parser, own: Renewable, text: string, check: () => void): Packed | null {
  let ended: { readonly by: unknown } | null = null
  const tree = parser.parse(text, null, {
    // An exception must not go through the WebAssembly.
    progressCallback: () => {
      try {
        check()
        return false
      } catch (error) {
        ended = { by: error }
        return true
      }
    },
  })
  if (tree === null) {
    parser.reset()
    if (ended !== null) throw new Ended((ended as { readonly by: unknown }).by)
    return null
  }
  try {
    return packed(tree, own.functions)
  } finally {
    tree.delete()
  }
}
