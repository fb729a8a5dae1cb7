/**
 * libpg-query's own functions keep one instance for ever. An instance that was interrupted, because the stack or the
 * memory was used up or because somebody stopped it, is damaged: its stack pointer stays where it was, and after about
 * fifty such interruptions it no longer answers, or never ends. Here such an instance is thrown away.
 */
import type { ParserModule } from 'libpg-query/wasm/libpg-query.js'

/**
 * The parser's answer: its tree as JSON, or PostgreSQL's error message and the code point (from 0) that it points to.
 */
export type Answer = { readonly json: string } | { readonly message: string; readonly codePoint: number }

/** SQL, or a DO or CREATE FUNCTION statement whose PL/pgSQL body is parsed. */
export type Language = 'sql' | 'plpgsql'

/** The parser's instance is lost; `await loadParser()` makes a new one. Then the same text can be read again. */
export class ParserLost extends Error {
  override name = 'ParserLost'
}

let instance: ParserModule | null = null
let loading: Promise<void> | null = null
/** True while the parser works. If a time limit ends that, nobody resets it. */
let busy = false

/** Loads the parser, again when its instance was lost. `ask` is synchronous afterwards. */
export async function loadParser(): Promise<void> {
  if (busy) instance = null
  busy = false
  if (instance) return
  loading ??= create().then(module => {
    instance = module
  })
  try {
    await loading
  } finally {
    loading = null
  }
}

/** Explaining rules and the like needs no parser, so it is not loaded with the program. */
async function create(): Promise<ParserModule> {
  const { default: make } = await import('libpg-query/wasm/libpg-query.js')
  return make({ print: silent, printErr: silent })
}

/** The text that the instance would write to the console when it gives up. Its exception says the same. */
function silent(): void {}

/**
 * Asks the parser. Returns null when the text is too much for it: nested too deeply for its stack, or too large for its
 * memory. Throws ParserLost when there is no instance.
 */
export function ask(language: Language, text: string): Answer | null {
  if (busy) instance = null
  busy = false
  const module = instance
  if (!module) throw new ParserLost('The parser has to be loaded again.')
  busy = true
  try {
    const answer = language === 'sql' ? parseSql(module, text) : parsePlpgsql(module, text)
    if (answer === null) instance = null
    busy = false
    return answer
  } catch {
    busy = false
    instance = null
    return null
  }
}

/** PgQueryParseResult and PgQueryError of libpg_query's pg_query.h. */
const treeAt = 0
const errorAt = 8
const messageAt = 0
const cursorAt = 16

function parseSql(module: ParserModule, text: string): Answer | null {
  const sent = copied(module, text)
  const result = sent === 0 ? 0 : module._wasm_parse_query_raw(sent)
  if (result === 0) return null
  const error = module.getValue(result + errorAt, 'i32')
  const answer =
    error === 0
      ? { json: module.UTF8ToString(module.getValue(result + treeAt, 'i32')) }
      : failure(
          module.UTF8ToString(module.getValue(error + messageAt, 'i32')),
          module.getValue(error + cursorAt, 'i32'),
        )
  module._wasm_free_parse_result(result)
  module._free(sent)
  return answer
}

function parsePlpgsql(module: ParserModule, text: string): Answer | null {
  const sent = copied(module, text)
  const result = sent === 0 ? 0 : module._wasm_parse_plpgsql(sent)
  if (result === 0) return null
  const said = module.UTF8ToString(result)
  module._wasm_free_string(result)
  module._free(sent)
  // A tree is a JSON object; anything else is an error message.
  return said.startsWith('{') ? { json: said } : failure(said, 1)
}

/** PostgreSQL's own error, or null when the memory is used up, which is not the text's fault. */
function failure(message: string, cursor: number): Answer | null {
  return message === 'out of memory' ? null : { message, codePoint: Math.max(0, cursor - 1) }
}

function copied(module: ParserModule, text: string): number {
  const bytes = module.lengthBytesUTF8(text) + 1
  const pointer = module._malloc(bytes)
  if (pointer !== 0) module.stringToUTF8(text, pointer, bytes)
  return pointer
}
