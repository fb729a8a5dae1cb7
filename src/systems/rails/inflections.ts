import type { Inflections } from '../../code/ruby/inflection.ts'
import { type Settings, textsOf } from '../reading/program-settings.ts'

/**
 * The plurals that `config/initializers/inflections.rb` defines. Null: a part of it is not written plainly, so that the words that it changes are
 * not known. A pattern makes only the plurals, or only the singulars, unknown.
 */
export function inflectionsIn(settings: Settings | null): Inflections | null {
  const irregular: (readonly [string, string])[] = []
  const uncountable = new Set<string>()
  const replaced: Record<'plural' | 'singular', (readonly [string, string])[] | null> = { plural: [], singular: [] }
  if (settings?.isUnread) return null
  for (const { name, args } of settings?.allCalls ?? []) {
    const words = args.flatMap(textsOf)
    const isPlain = args.every(arg => arg.kind === 'list' || arg.kind === 'known')
    const [first, second] = words
    // They change how words are written for people, and nothing in SQL.
    if (name === 'inflections' || name === 'human' || name === 'acronym') continue
    if (name === 'plural' || name === 'singular') {
      const isText = isPlain && first !== undefined && second !== undefined && words.length === 2
      // The last one counts.
      if (isText) replaced[name]?.unshift([first, second])
      else replaced[name] = null
    } else if (!isPlain) return null
    else if (name === 'uncountable') for (const word of words) uncountable.add(word.toLowerCase())
    else if (name === 'irregular') {
      if (first === undefined || second === undefined || words.length > 2) return null
      irregular.unshift([first.toLowerCase(), second.toLowerCase()])
    } else return null
  }
  return { irregular, uncountable, plurals: replaced.plural, singulars: replaced.singular }
}
