import { readProgram } from '../../code/evaluator/program.ts'
import { ParserFailed, programOf } from '../../code/grammar.ts'
import { answerOf } from '../../code/host.ts'
import { php } from '../../code/php/language.ts'
import { Run } from '../../code/run.ts'
import { plain, textAt, unknownIn } from '../../code/text.ts'
import { known, list, record, type Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'

/**
 * Looks up settings of the files in the project's folder `config`, such as `permission.table_names.roles`; null: it is not there, or its value
 * depends on the environment. `textOf` gives the text of such a file. `step` is called for each step of reading it.
 */
export function settingsOf(
  textOf: (name: string) => string | null,
  step: () => void,
): (key: string, at: Span) => Value | null {
  const read = new Map<string, Value | null>()
  const ofFile = (file: string): Value | null => {
    const known = read.get(file)
    if (known !== undefined) return known
    const text = /^\w[\w-]*$/.test(file) ? textOf(file) : null
    const value = text === null ? null : returnedBy(text, step)
    read.set(file, value)
    return value
  }
  return (key, at) => settingIn(ofFile, key, at)
}

function settingIn(ofFile: (file: string) => Value | null, key: string, at: Span): Value | null {
  const [file = '', ...names] = key.split('.')
  let value = ofFile(file)
  for (const name of names) value = value?.kind === 'record' ? (value.entries.get(name) ?? null) : null
  return value && placedAt(value, at)
}

const fromEnvironment = new Map([['env', answerOf('env', 'it depends on the environment')]])

/** The value that a file of PHP returns; null: it is not known. */
function returnedBy(text: string, step: () => void): Value | null {
  try {
    const program = programOf('php', text, step)
    if (!program || program.broken.length > 0) return null
    let returned: Value | null = null
    const reader = {
      globals: () => fromEnvironment,
      start: (defined: { readonly returned: Value | null }) => {
        returned = defined.returned
        return null
      },
    }
    readProgram(php.syntaxOf(program, text), php, reader, new Run(step), 'up')
    return returned
  } catch (error) {
    if (error instanceof ParserFailed) return null
    throw error
  }
}

/** The deepest nesting of arrays in settings. */
const deepest = 8

/** The same value, as if it were written in another place; null: a part of it is not known. */
function placedAt(value: Value, at: Span, depth = 0): Value | null {
  if (depth > deepest) return null
  if (value.kind === 'plain') return known(value.value, at)
  if (value.kind === 'text') return unknownIn(value) === null ? textAt(plain(value), at) : null
  if (value.kind === 'list' && !value.isOpen) {
    const items = value.items.map(each => placedAt(each, at, depth + 1))
    return items.every(each => each !== null) ? list(items, at) : null
  }
  if (value.kind !== 'record' || value.isOpen) return null
  const entries: [string, Value][] = []
  for (const [name, each] of value.entries) {
    const placed = placedAt(each, at, depth + 1)
    // A part of it depends on the environment.
    if (placed === null) return null
    entries.push([name, placed])
  }
  return record(entries, at)
}
