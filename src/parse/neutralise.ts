/**
 * Text that is not SQL yet (psql variables, template placeholders) is replaced by text of the same length that the
 * grammar accepts in its place, so that no offset moves. The right text is found by trying: the parser stops at the
 * first token it cannot use, which shows the placeholder to change.
 */
import { type Placeholder, placeholders } from './placeholder.ts'

/** Tries are bounded so that a statement made of placeholders stays cheap. */
const MOST_TRIES = 48

/** The parser's verdict on a text: the offset of the first error, or infinity when it parses. */
type Verdict = (text: string) => number

/**
 * `text` with its placeholders replaced so that it parses, or gets as far as it can; null when it has none. Tried only on
 * text that does not parse as it is.
 */
export function neutralise(text: string, verdict: Verdict): string | null {
  const found = placeholders(text)
  if (found.length === 0) return null
  const choice = found.map(() => 0)
  let best = render(text, found, choice)
  let reached = verdict(best)
  for (let tries = 0; reached < Number.POSITIVE_INFINITY && tries < MOST_TRIES; ) {
    const error = reached
    const culprit = found.findLastIndex(({ span, choices }) => span[0] <= error && choices.length > 1)
    let better = -1
    for (let i = 0; i < (found[culprit]?.choices.length ?? 0) && reached < Number.POSITIVE_INFINITY; i++) {
      const candidate = render(text, found, choice.with(culprit, i))
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
  return best
}

/**
 * `text` with every template placeholder outside quotes as a name of the same length: for PL/pgSQL, where an error has no
 * place that would tell more.
 */
export function namesForTemplates(text: string): string {
  const found = placeholders(text).filter(({ span }) => text[span[0]] !== ':')
  return render(
    text,
    found,
    found.map(() => 0),
  )
}

function render(text: string, found: readonly Placeholder[], choice: readonly number[]): string {
  let rendered = ''
  let from = 0
  for (const [i, { span, choices }] of found.entries()) {
    rendered += text.slice(from, span[0]) + choices[choice[i] ?? 0]
    from = span[1]
  }
  return rendered + text.slice(from)
}
