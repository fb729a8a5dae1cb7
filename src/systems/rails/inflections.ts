import type { Inflections } from '../../code/ruby/inflection.ts'

const line = /^(?:inflect|inflections?|i)\.(irregular|uncountable|acronym)([\s(].*)$/
const frame = /^(?:end|# .*|ActiveSupport::Inflector\.inflections(?:\(:en\))? do \|\w+\|)$/

/**
 * The plurals that `config/initializers/inflections.rb` defines. Null: a part of it is a pattern, or is not written plainly, so that the words
 * that it changes are not known.
 */
export function inflectionsIn(text: string): Inflections | null {
  const irregular: (readonly [string, string])[] = []
  const uncountable = new Set<string>()
  for (const each of text.split('\n')) {
    const code = each.trim()
    if (code === '' || code.startsWith('#') || frame.test(code)) continue
    const [, kind, rest = ''] = line.exec(code) ?? []
    const words = kind === undefined ? null : wordsOf(withoutParentheses(rest.trim()))
    if (!words) return null
    const [first, second] = words
    if (kind === 'uncountable') for (const word of words) uncountable.add(word.toLowerCase())
    else if (kind === 'irregular') {
      if (first === undefined || second === undefined || words.length > 2) return null
      // The last one counts.
      irregular.unshift([first.toLowerCase(), second.toLowerCase()])
    }
  }
  return { irregular, uncountable }
}

function withoutParentheses(text: string): string {
  return text.startsWith('(') && text.endsWith(')') ? text.slice(1, -1) : text
}

/** `'a', "b"`, `%w[a b]`; null: it is something else. */
function wordsOf(text: string): string[] | null {
  const [code = ''] = text.split(' #', 1)
  const said = code.trim()
  const listed = /^%w(?:\(([^()]*)\)?|\[([^[\]]*)\])$/.exec(said)
  if (listed) return (listed[1] ?? listed[2] ?? '').split(/\s+/).filter(each => each !== '')
  const parts = said.split(',').map(each => /^\[?\s*(["'])([\w -]+)\1\s*\]?$/.exec(each.trim())?.[2])
  return parts.every(each => each !== undefined) ? parts : null
}
