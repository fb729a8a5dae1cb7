/**
 * Lines of a plan, read as App::Sqitch::Plan reads them (_parse, name_regex, and Plan::Depend::parse). Its expressions
 * take a time that grows with the square of a line's length; here each part is searched once. Blanks are Perl's
 * [[:blank:]].
 */

/** A change or a tag. */
export interface PlanLine {
  readonly name: string
  readonly needs: readonly string[] | null
  /** It has the time of planning. */
  readonly isPlanned: boolean
  /** Name and email of the person who planned it. */
  readonly planner: string | null
}

const BLANKS = /[\p{Zs}\t]+/u
/** `_` is the only punctuation with which a name may begin or end. */
const PUNCTUATION = /[-!"#$%&'()*+,./:;<=>?@[\\\]^`{|}~]/
const WORD = /[\p{L}\p{M}\p{N}\p{Pc}]/u
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z/

/** The line without the note at its end and the blanks before it. */
export function withoutNote(line: string): string {
  const note = line.indexOf('#')
  return trimmed(note < 0 ? line : line.slice(0, note), 'end')
}

/** A change or tag; null for anything else. `words` contains no note. */
export function lineOf(words: string): PlanLine | null {
  const line = trimmed(words)
  const body = /^[@+-]/.test(line) ? trimmed(line.slice(1)) : line
  const [word = ''] = body.split(BLANKS, 1)
  const bracket = word.indexOf('[')
  const name = [word, word.slice(0, Math.max(bracket, 0))].find(isName)
  if (name === undefined) return null
  let rest = trimmed(body.slice(name.length))
  let needs: readonly string[] | null = null
  const close = rest.indexOf(']')
  if (rest.startsWith('[') && close > 1) {
    needs = rest.slice(1, close).split(BLANKS)
    rest = trimmed(rest.slice(close + 1))
  }
  const isPlanned = TIME.test(rest)
  if (isPlanned) rest = trimmed(rest.replace(TIME, ''))
  if (rest === '') return { name, needs, isPlanned, planner: null }
  const email = rest.indexOf('<')
  const planner = trimmed(rest.slice(0, Math.max(email, 0)), 'end')
  const isWhole =
    planner !== '' && planner.length < email && rest.indexOf('>') === rest.length - 1 && email < rest.length - 2
  return isWhole ? { name, needs, isPlanned, planner } : null
}

/** `%name=value`; null if it is not a pragma. `words` contains no note. */
export function pragmaOf(words: string): { readonly name: string; readonly value: string | null } | null {
  const line = trimmed(words)
  if (!line.startsWith('%')) return null
  const body = trimmed(line.slice(1))
  const name = /^[^\p{Zs}\t=]+/u.exec(body)?.[0] ?? ''
  const rest = trimmed(body.slice(name.length))
  const value = trimmed(rest.slice(1))
  const isRight = name !== '' && !PUNCTUATION.test(name[0] ?? '') && !PUNCTUATION.test(name.at(-1) ?? '')
  if (!isRight || (rest !== '' && (!rest.startsWith('=') || value === ''))) return null
  return { name, value: rest === '' ? null : value }
}

export interface Dependency {
  /** `!`: it must not exist. */
  readonly isConflict?: boolean
  readonly project?: string
  /** It names a change by its ID. */
  readonly isId?: boolean
  readonly change?: string
  readonly tag?: string
}

/** `!project:change@tag`; nothing if it is not one. */
export function dependencyOf(need: string): Dependency {
  const isConflict = need.startsWith('!')
  const whole = isConflict ? need.slice(1) : need
  const colon = whole.indexOf(':')
  const own = whole.slice(colon + 1)
  const [change = '', tag, ...more] = own.split('@')
  const names = [
    ...(colon < 0 ? [] : [whole.slice(0, colon)]),
    ...(change === '' ? [] : [change]),
    ...((tag ?? change === '') ? [tag ?? ''] : []),
  ]
  const project = colon < 0 ? {} : { project: whole.slice(0, colon) }
  if (more.length > 0 || !names.every(isName)) return {}
  if (/^[0-9a-f]{40}$/.test(own)) return { isConflict, ...project, isId: true }
  return { isConflict, ...project, ...(change === '' ? {} : { change }), ...(tag === undefined ? {} : { tag }) }
}

function isName(text: string): boolean {
  const [first = ''] = text
  const last = [...text.slice(-2)].at(-1) ?? ''
  if (first === '' || /[\p{Zs}\t:@#\\]/u.test(text) || PUNCTUATION.test(first) || !WORD.test(last)) return false
  // `~1` and the like at the end would be read as a relative of a change.
  let digits = text.length
  while (/\p{Nd}/u.test(text[digits - 1] ?? '')) digits--
  return digits === text.length || !/[~/=%^[\]]/.test(text[digits - 1] ?? '')
}

function trimmed(text: string, side: 'start' | 'end' = 'start'): string {
  if (side === 'start') return text.replace(/^[\p{Zs}\t]+/u, '')
  let end = text.length
  while (end > 0 && /[\p{Zs}\t]/u.test(text[end - 1] ?? '')) end--
  return text.slice(0, end)
}
