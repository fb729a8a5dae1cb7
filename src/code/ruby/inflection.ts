/** Words as Active Support changes them: activesupport/lib/active_support/inflections.rb, the last rule first. */

/** Rules that a project has besides: they come before all others. */
export interface Inflections {
  /** A word and its plural. */
  readonly irregular: readonly (readonly [singular: string, plural: string])[]
  readonly uncountable: ReadonlySet<string>
  /** Parts of words that `inflect.plural` replaces where it is given a text, and by what; null: one of its rules is a pattern. */
  readonly plurals: Replacements | null
  readonly singulars: Replacements | null
}

export type Replacements = readonly (readonly [part: string, by: string])[]

export const none: Inflections = { irregular: [], uncountable: new Set(), plurals: [], singulars: [] }

const plurals: readonly (readonly [RegExp, string])[] = [
  [/(quiz)$/i, '$1zes'],
  [/^(oxen)$/i, '$1'],
  [/^(ox)$/i, '$1en'],
  [/^(m|l)ice$/i, '$1ice'],
  [/^(m|l)ouse$/i, '$1ice'],
  [/(matr|vert|ind)(?:ix|ex)$/i, '$1ices'],
  [/(x|ch|ss|sh)$/i, '$1es'],
  [/([^aeiouy]|qu)y$/i, '$1ies'],
  [/(hive)$/i, '$1s'],
  [/(?:([^f])fe|([lr])f)$/i, '$1$2ves'],
  [/sis$/i, 'ses'],
  [/([ti])a$/i, '$1a'],
  [/([ti])um$/i, '$1a'],
  [/(buffal|tomat)o$/i, '$1oes'],
  [/(bu)s$/i, '$1ses'],
  [/(alias|status)$/i, '$1es'],
  [/(octop|vir)i$/i, '$1i'],
  [/(octop|vir)us$/i, '$1i'],
  [/^(ax|test)is$/i, '$1es'],
  [/s$/i, 's'],
  [/$/, 's'],
]

const singulars: readonly (readonly [RegExp, string])[] = [
  [/(database)s$/i, '$1'],
  [/(quiz)zes$/i, '$1'],
  [/(matr)ices$/i, '$1ix'],
  [/(vert|ind)ices$/i, '$1ex'],
  [/^(ox)en/i, '$1'],
  [/(alias|status)(?:es)?$/i, '$1'],
  [/(octop|vir)(?:us|i)$/i, '$1us'],
  [/^(a)x[ie]s$/i, '$1xis'],
  [/(cris|test)(?:is|es)$/i, '$1is'],
  [/(shoe)s$/i, '$1'],
  [/(o)es$/i, '$1'],
  [/(bus)(?:es)?$/i, '$1'],
  [/^(m|l)ice$/i, '$1ouse'],
  [/(x|ch|ss|sh)es$/i, '$1'],
  [/(m)ovies$/i, '$1ovie'],
  [/(s)eries$/i, '$1eries'],
  [/([^aeiouy]|qu)ies$/i, '$1y'],
  [/([lr])ves$/i, '$1f'],
  [/(tive)s$/i, '$1'],
  [/(hive)s$/i, '$1'],
  [/([^f])ves$/i, '$1fe'],
  [/(^analy)(?:sis|ses)$/i, '$1sis'],
  [/(analy|ba|diagno|parenthe|progno|synop|the)(?:sis|ses)$/i, '$1sis'],
  [/([ti])a$/i, '$1um'],
  [/(n)ews$/i, '$1ews'],
  [/(ss)$/i, '$1'],
  [/s$/i, ''],
]

const irregulars: readonly (readonly [string, string])[] = [
  ['zombie', 'zombies'],
  ['move', 'moves'],
  ['sex', 'sexes'],
  ['child', 'children'],
  ['man', 'men'],
  ['person', 'people'],
]

const uncountable = new Set([
  'equipment',
  'information',
  'rice',
  'money',
  'species',
  'series',
  'fish',
  'sheep',
  'jeans',
  'police',
])

function inflected(word: string, own: Inflections, rules: readonly (readonly [RegExp, string])[], to: 0 | 1): string {
  const replaced = (to === 1 ? own.plurals : own.singulars)?.find(([part]) => word.includes(part))
  const lower = word.toLowerCase()
  const last = /(?:^|[_\W])([a-z]+)$/.exec(lower)?.[1] ?? lower
  if (word === '' || uncountable.has(last) || own.uncountable.has(last)) return word
  if (replaced) return word.replace(replaced[0], () => replaced[1])
  for (const pair of [...own.irregular, ...irregulars])
    for (const form of pair)
      if (lower.endsWith(form)) {
        const first = word.length - form.length
        return word.slice(0, first + 1) + pair[to].slice(1)
      }
  for (const [pattern, by] of rules) if (pattern.test(word)) return word.replace(pattern, by)
  return word
}

export function pluralized(word: string, own = none): string {
  return inflected(word, own, plurals, 1)
}

export function singularized(word: string, own = none): string {
  return inflected(word, own, singulars, 0)
}

/** `Admin::UserName` as `admin/user_name`. */
export function underscored(word: string): string {
  return word
    .replaceAll('::', '/')
    .replace(/([A-Z])(?=[A-Z][a-z])|([a-z\d])(?=[A-Z])/g, '$1$2_')
    .replaceAll('-', '_')
    .toLowerCase()
}

/** `admin/user_name` as `Admin::UserName`. */
export function camelized(word: string): string {
  return word
    .split('/')
    .map(part => part.replace(/(?:^|_)([a-z\d])/gi, (_, letter: string) => letter.toUpperCase()))
    .join('::')
}

export function humanized(word: string): string {
  const said = word.replace(/^_+/, '').replace(/_id$/, '').replaceAll('_', ' ').toLowerCase()
  return said.charAt(0).toUpperCase() + said.slice(1)
}
