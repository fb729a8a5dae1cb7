import { pluralized, singularized } from '../code/ruby/inflection.ts'

/** The forms that a name of the database has in code, by the conventions of languages. */
export interface Forms {
  /** As the database has it: `user_id`. */
  readonly exact: string
  /** All of them, the exact one first: `user_id`, `userId`, `UserId`, `UserID`, `userID`, `USER_ID`. */
  readonly all: readonly string[]
  /** Long enough and of more than one word, so that it hardly means anything else. */
  readonly isDistinctive: boolean
}

/** The words of a name: `user_id` and `userId` have two. */
export function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .split(/[^\p{L}\p{N}]+/u)
    .filter(word => word !== '')
    .map(word => word.toLowerCase())
}

/** `user`, `id` → `UserId`. */
function pascal(words: readonly string[]): string {
  return words.map(capital).join('')
}

/** `user`, `id` → `userId`. */
function camel(words: readonly string[]): string {
  return words.map((word, i) => (i === 0 ? word : capital(word))).join('')
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}

/** Words that Go writes in capitals: its style guide, "Initialisms". */
const initialisms: ReadonlySet<string> = new Set(
  'acl api ascii cpu css dns eof guid html http https id ip json ram rpc sla smtp sql ssh tcp tls ttl udp ui uid uuid uri url utf8 vm xml'.split(
    ' ',
  ),
)

/** The forms of a column, a type or a value. */
export function formsOf(name: string): Forms {
  const words = wordsOf(name)
  const inGo = words.map(word => (initialisms.has(word) ? word.toUpperCase() : capital(word)))
  const goPrivate = [words[0] ?? '', ...inGo.slice(1)].join('')
  const all = [name, words.join('_'), camel(words), pascal(words), inGo.join(''), goPrivate]
  if (words.length > 1) all.push(words.join('_').toUpperCase())
  return { exact: name, all: unique(all), isDistinctive: isDistinctive(words, name) }
}

function isDistinctive(words: readonly string[], name: string): boolean {
  return (words.length > 1 && name.length >= 8) || name.length >= 14
}

/** The names of a table in code. */
export interface TableForms extends Forms {
  /** Those that a class of the table has by convention: `OrderItem`, `OrderItems`. */
  readonly classes: readonly string[]
  /** Those that a variable with one row or all rows has: `order_item`, `orderItems`. */
  readonly variables: readonly string[]
}

export function tableForms(table: string): TableForms {
  const words = wordsOf(table)
  const last = words.at(-1) ?? ''
  const one = [...words.slice(0, -1), singularized(last)]
  const many = [...words.slice(0, -1), pluralized(singularized(last))]
  const classes = unique([pascal(one), pascal(words), pascal(many)])
  const variables = unique([one, words, many].flatMap(each => [each.join('_'), camel(each)]))
  return {
    exact: table,
    all: unique([table, ...classes, ...variables]),
    classes,
    variables,
    isDistinctive: isDistinctive(words, table),
  }
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)].filter(name => name !== '')
}

const word = /[\p{L}\p{N}_$]/u

/** True if the text at `at` is the whole word, and not a part of a longer one. */
export function isWholeWord(text: string, at: number, length: number): boolean {
  return !word.test(text.charAt(at - 1)) && !word.test(text.charAt(at + length))
}

/** Each place is looked at closely, and no file that a person writes has one word more often. */
const mostPlaces = 1000

/** The first places of a word in a text. */
export function* placesOf(text: string, name: string): Generator<number> {
  let found = 0
  for (let at = text.indexOf(name); at !== -1 && found < mostPlaces; at = text.indexOf(name, at + name.length)) {
    if (!isWholeWord(text, at, name.length)) continue
    found++
    yield at
  }
}

/** The word that ends at a place; undefined: there is none. */
export function wordBefore(text: string, end: number): string | undefined {
  let start = end
  while (start > 0 && end - start < 100 && word.test(text.charAt(start - 1))) start--
  return start < end ? text.slice(start, end) : undefined
}
