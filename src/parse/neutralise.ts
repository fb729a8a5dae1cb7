/**
 * Text that is not SQL yet (psql variables, placeholders of templates) is replaced by text of the same length that the
 * grammar accepts in its place, so that no offset moves. The right text is found by trying: the parser stops at the
 * first token that it cannot use, which shows which placeholder to change.
 */
import { mark, type Placeholder, placeholders, type Spelling } from './placeholder.ts'

/** The number of tries is limited so that a statement made of placeholders stays cheap. */
const MOST_TRIES = 48

/** The parser's verdict on a text: the offset of the first error, or infinity when it parses. */
type Verdict = (text: string) => number

/** A text with stand-ins for its placeholders. */
interface Neutral {
  readonly text: string
  /** Puts the placeholders back into the strings of a tree that was made of the text. */
  readonly restore: (tree: object) => void
}

/**
 * `text` with its placeholders replaced so that it parses, or parses as far as possible; null when it has none. This is
 * tried only if the text does not parse unchanged.
 */
export function neutralise(text: string, verdict: Verdict, spelling: Spelling): Neutral | null {
  const found = placeholders(text, spelling)
  if (found.length === 0) return null
  const marks = marksFor(text, found)
  const choice = found.map(() => 0)
  let best = render(text, found, choice, marks)
  let reached = verdict(best)
  for (let tries = 0; reached < Number.POSITIVE_INFINITY && tries < MOST_TRIES; ) {
    const error = reached
    const culprit = found.findLastIndex(({ span, choices }) => span[0] <= error && choices.length > 1)
    let better = -1
    for (let i = 0; i < (found[culprit]?.choices.length ?? 0) && reached < Number.POSITIVE_INFINITY; i++) {
      const candidate = render(text, found, choice.with(culprit, i), marks)
      const further = verdict(candidate)
      tries++
      if (further <= reached) continue
      better = i
      best = candidate
      reached = further
    }
    if (better < 0) break
    choice[culprit] = better
  }
  const written = new Map([...marks].map(([spelled, sign]) => [sign, spelled]))
  return { text: best, restore: tree => restore(tree, written) }
}

/**
 * `text` with a name of the same length for every placeholder of a template outside quotes. It serves to read the structure of PL/pgSQL,
 * whose errors have no place that would show which placeholder to change.
 */
export function namesForTemplates(text: string): string {
  let named = ''
  let from = 0
  for (const { span } of placeholders(text, written => written)) {
    const [start, end] = span
    if (text[start] === ':') continue
    named += text.slice(from, start) + nameFor(text.slice(start, end))
    from = end
  }
  return named + text.slice(from)
}

/** `${schema}` → `__schema_`; quoted placeholders stay quoted. */
function nameFor(raw: string): string {
  if (raw.startsWith('"')) return `"${raw.slice(1, -1).replace(/\W/g, '_')}"`
  return raw.replace(/\W/g, '_').replace(/^\d/, '_')
}

// The private use area of Unicode: letters for PostgreSQL's scanner, which leaves their case alone.
const FIRST_MARK = 0xe000
const LAST_MARK = 0xf8ff

/** A character that the text does not contain for each placeholder. If there are thousands, the last ones share one. */
function marksFor(text: string, found: readonly Placeholder[]): Map<string, string> {
  const taken = new Set(text.match(/[\ue000-\uf8ff]/g))
  const marks = new Map<string, string>()
  let code = FIRST_MARK
  for (const { written } of found) {
    if (marks.has(written)) continue
    while (code < LAST_MARK && taken.has(String.fromCharCode(code))) code++
    marks.set(written, String.fromCharCode(code))
    if (code < LAST_MARK) code++
  }
  return marks
}

/** The rest of a name. Text that has become too long is cut after it, where there are spaces. */
const NAME = /[\w$\u0080-\uffff]*/y

function render(
  text: string,
  found: readonly Placeholder[],
  choice: readonly number[],
  marks: ReadonlyMap<string, string>,
): string {
  let rendered = ''
  let from = 0
  let spare = 0
  const copy = (end: number) => {
    NAME.lastIndex = from
    const name = NAME.exec(text)?.[0].slice(0, end - from) ?? ''
    rendered += name
    from += name.length
    if (from === end && end < text.length) return
    rendered += ' '.repeat(spare) + text.slice(from, end)
    spare = 0
  }
  for (const [i, { span, choices, written }] of found.entries()) {
    copy(span[0])
    const chosen = (choices[choice[i] ?? 0] ?? '').replace(mark, marks.get(written) ?? '')
    rendered += chosen
    spare += span[1] - span[0] - chosen.length
    from = span[1]
  }
  copy(text.length)
  return rendered
}

/** Without recursion: trees can be deeper than the stack. */
function restore(tree: object, written: ReadonlyMap<string, string>): void {
  const waiting: object[] = [tree]
  for (let current = waiting.pop(); current; current = waiting.pop()) {
    const fields = current as Record<string, unknown>
    for (const key in fields) {
      const value = fields[key]
      if (typeof value === 'object' && value !== null) waiting.push(value)
      else if (typeof value === 'string' && /[\ue000-\uf8ff]/.test(value)) {
        fields[key] = value.replace(/[\ue000-\uf8ff]/g, sign => written.get(sign) ?? sign)
      }
    }
  }
}
