import type { Inflections } from '../../code/ruby/inflection.ts'
import { type Settings, textsOf } from '../reading/program-settings.ts'

/**
 * The plurals that `config/initializers/inflections.rb` defines. Null: a part of it is a pattern, or is not written plainly, so that the words
 * that it changes are not known.
 */
export function inflectionsIn(settings: Settings | null): Inflections | null {
  const irregular: (readonly [string, string])[] = []
  const uncountable = new Set<string>()
  if (settings?.isUnread) return null
  for (const { name, args } of settings?.allCalls ?? []) {
    const words = args.flatMap(textsOf)
    const isPlain = args.every(arg => arg.kind === 'list' || arg.kind === 'known')
    if (name === 'inflections') continue
    if (!isPlain) return null
    if (name === 'uncountable') for (const word of words) uncountable.add(word.toLowerCase())
    else if (name === 'irregular') {
      const [first, second] = words
      if (first === undefined || second === undefined || words.length > 2) return null
      // The last one counts.
      irregular.unshift([first.toLowerCase(), second.toLowerCase()])
    } else if (name !== 'acronym') return null
  }
  return { irregular, uncountable }
}
