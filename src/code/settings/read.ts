import { elixir } from '../elixir/language.ts'
import { programOf } from '../grammar.ts'
import type { Grammar } from '../language.ts'
import { php } from '../php/language.ts'
import { isIndentedTooOften } from '../python/indent.ts'
import { python } from '../python/language.ts'
import { ruby } from '../ruby/language.ts'
import type { Expression } from '../syntax.ts'
import * as javascript from './javascript.ts'
import { type Settings, settingsIn } from './settings.ts'

/** Languages in which tools are set up, other than JavaScript and TypeScript. */
const languages = new Map([
  ['php', php],
  ['python', python],
  ['ruby', ruby],
  ['elixir', elixir],
] as const)

/** The largest program that is read, in UTF-16 units. */
const largest = 1_000_000
/** Milliseconds after which a program counts as one that cannot be read. */
const longest = 2_000

/** The settings of a program, whose grammar must be loaded; null: it cannot be read. */
export function readSettings(grammar: Grammar, text: string): Settings | null {
  if (text.length > largest) return null
  const end = Date.now() + longest
  const check = () => {
    if (Date.now() > end) throw new Error('It takes too long.')
  }
  try {
    const root = syntaxOf(grammar, text, check)
    return root && settingsIn(root)
  } catch {
    return null
  }
}

function syntaxOf(grammar: Grammar, text: string, check: () => void): Expression | null {
  if (grammar === 'python' && isIndentedTooOften(text)) return null
  const source = grammar === 'typescript' ? javascript.readable(text) : text
  const program = programOf(grammar, source, check)
  if (!program) return null
  if (grammar === 'typescript') return javascript.syntaxOf(program, source)
  return languages.get(grammar as 'php')?.syntaxOf(program, source) ?? null
}
