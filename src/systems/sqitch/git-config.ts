/**
 * The values of a file in the syntax of git's configuration, which Sqitch uses (Config::GitLike; git-config(1),
 * "Syntax"): `[core]` and `engine = pg` give `core.engine`, `[engine "pg"]` and `top_dir = x` give `engine.pg.top_dir`.
 * Names of sections and values are in lower case, names in quotes are kept. A name without a value is `true`.
 */
export function gitConfig(text: string): ReadonlyMap<string, string> {
  return read(text).values
}

/** The first line, from 1, that does not fit the syntax; null if all lines do. */
export function gitConfigProblem(text: string): { readonly line: number; readonly what: string } | null {
  return read(text).problem
}

function read(text: string) {
  const values = new Map<string, string>()
  let section = ''
  let problem: { line: number; what: string } | null = null
  const lines = text.split(/\r?\n/)
  for (let i = 0; i < lines.length; i++) {
    const number = i + 1
    let rest = (lines[i] ?? '').trim()
    if (rest.startsWith('[')) {
      const header = HEADER.exec(rest)
      if (!header) {
        problem ??= { line: number, what: 'a section without its end' }
        continue
      }
      const [whole, name = '', quoted] = header
      section = `${name.toLowerCase()}.${quoted === undefined ? '' : `${unescaped(quoted)}.`}`
      rest = rest.slice(whole.length).trim()
    }
    if (rest === '' || rest.startsWith('#') || rest.startsWith(';')) continue
    const name = NAME.exec(rest)?.[0]
    const after = rest.slice(name?.length ?? 0).trimStart()
    if (name === undefined || (after !== '' && !/^[=#;]/.test(after))) {
      problem ??= { line: number, what: 'neither a section nor a value' }
      continue
    }
    let value: Value = { text: '', isOpen: false, goesOn: false }
    if (after.startsWith('=')) {
      value = valueIn(after.slice(1).trimStart())
      const pieces = [value.text]
      while (value.goesOn && i + 1 < lines.length) {
        value = valueIn(lines[++i] ?? '', value.isOpen)
        pieces.push(value.text)
      }
      if (value.isOpen) problem ??= { line: number, what: 'a quote without its end' }
      value = { ...value, text: pieces.join('') }
    } else value = { ...value, text: 'true' }
    values.set(section + name.toLowerCase(), value.text)
  }
  return { values, problem }
}

const HEADER = /^\[[ \t]*([^\]" \t]+)[ \t]*(?:"((?:[^"\\]|\\.)*)"[ \t]*)?\]/
const NAME = /^[A-Za-z][\w.-]*/

interface Value {
  readonly text: string
  /** True if the line ends inside quotes. */
  readonly isOpen: boolean
  /** True if the line ends with a backslash. */
  readonly goesOn: boolean
}

const escapes: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['b', '\b'],
])

/** A value up to the end of its line or to a comment, without quotes and without white space at the end that is not quoted. */
function valueIn(line: string, isQuoted = false): Value {
  let isOpen = isQuoted
  let text = ''
  /** Up to here, white space at the end belongs to the value. */
  let kept = 0
  for (let i = 0; i < line.length; i++) {
    const character = line[i] ?? ''
    if (character === '\\') {
      const next = line[++i]
      if (next === undefined) return { text, isOpen, goesOn: true }
      text += escapes.get(next) ?? next
      kept = text.length
    } else if (character === '"') {
      isOpen = !isOpen
      kept = text.length
    } else if (!isOpen && (character === '#' || character === ';')) break
    else text += character
    if (isOpen) kept = text.length
  }
  return { text: text.slice(0, kept) + text.slice(kept).trimEnd(), isOpen, goesOn: false }
}

function unescaped(name: string): string {
  return name.replace(/\\(.)/g, '$1')
}
