import type { Span } from '../parse/span.ts'
import { endingOf } from './code-file.ts'
import type { CodeText } from './code-text.ts'
import { placesOf, wordBefore } from './forms.ts'

/** SQL in code: whole files, and texts in quotes. Other statements are left out: a definition breaks with what it defines. */

const queries = /\b(?:select|insert|update|delete|merge|returning|from|join)\b/i
const definitions = /^\s*(?:create|alter|drop|comment|grant|revoke|truncate|do|copy|begin|set)\b/i

/** A query in a file. */
interface Query {
  readonly span: Span
  /** The names by which the query calls the table: itself, and its aliases. */
  readonly aliases: readonly string[]
  /** True if the query reads or writes no other relation. */
  readonly isOnly: boolean
}

/** The queries of a file that name a relation. */
export function queriesOn(file: CodeText, relation: string): Query[] {
  const isProse = !['sql', 'xml'].includes(endingOf(file.path))
  return spansOf(file).flatMap(span => {
    const text = file.code.slice(span[0], span[1])
    if (isProse && !isQuery(text)) return []
    if (text.length < relation.length + 10 || !text.includes(relation) || !queries.test(text)) return []
    if (definitions.test(text)) return []
    const aliases = aliasesIn(text, relation)
    if (aliases === null) return []
    return [{ span, aliases: aliases.own, isOnly: aliases.others === 0 }]
  })
}

/** Words that begin a query. */
const beginnings: ReadonlySet<string> = new Set(['select', 'insert', 'update', 'delete', 'merge', 'with', 'explain'])

/** The words of a query, in this order. */
const shapes: readonly (readonly RegExp[])[] = [
  [/\bSELECT\b/, /\bFROM\b/],
  [/\bINSERT\b/, /\bINTO\b/],
  [/\bUPDATE\b/, /\bSET\b/],
  [/\bDELETE\b/, /\bFROM\b/],
  [/\bMERGE\b/, /\bINTO\b/],
  [/\bFROM\b/, /\b(?:WHERE|JOIN|ORDER|GROUP|LIMIT)\b/],
  [/\bJOIN\b/, /\b(?:ON|USING)\b/],
]

/**
 * Whether a text in quotes is SQL or a part of it, and not a sentence such as "failed to update the order from the store": its words of
 * SQL are in capitals, or it begins with one.
 */
function isQuery(text: string): boolean {
  const first = /^["'`\s(]*(\w+)/.exec(text)?.[1] ?? ''
  const begins = first === first.toLowerCase() && beginnings.has(first)
  const words = begins ? text.toUpperCase() : text
  return shapes.some(parts => {
    let from = 0
    return parts.every(part => {
      const at = words.slice(from).search(part)
      from += at
      return at >= 0
    })
  })
}

function spansOf({ path, code, literals }: CodeText): Span[] {
  const ending = endingOf(path)
  if (ending === 'sql') return statements(code)
  if (ending === 'xml') return elements(code)
  return [...literals]
}

function statements(code: string): Span[] {
  const found: Span[] = []
  for (let start = 0; start < code.length; ) {
    const end = code.indexOf(';', start)
    found.push([start, end === -1 ? code.length : end])
    if (end === -1) break
    start = end + 1
  }
  return found
}

/** MyBatis keeps queries in elements, with other elements in them, but no further query. */
function elements(code: string): Span[] {
  const found: Span[] = []
  const begins = /<(select|insert|update|delete|sql)\b[^<>]*>/g
  for (let match = begins.exec(code); match; match = begins.exec(code)) {
    const start = begins.lastIndex
    const end = code.indexOf(`</${match[1]}>`, start)
    found.push([start, end === -1 ? code.length : end])
    if (end === -1) break
    begins.lastIndex = end
  }
  return found
}

const before = /\b(?:from|join|into|update|only|using|,)\s*(?:only\s+)?(?:["`[]?\w+["`\]]?\.)?["`[]?$/i

/** The names that a query gives to a relation, and how many other relations it names; null: it does not read or write it. */
function aliasesIn(text: string, relation: string): { readonly own: string[]; readonly others: number } | null {
  const own = new Set<string>()
  for (const at of placesOf(text, relation)) {
    if (!before.test(text.slice(Math.max(0, at - 60), at))) continue
    own.add(relation)
    const after = /^["`\]]?\s+(?:as\s+)?["`]?([a-z_]\w*)/i.exec(
      text.slice(at + relation.length, at + relation.length + 60),
    )
    if (after?.[1] && !keywords.has(after[1].toLowerCase())) own.add(after[1])
  }
  if (own.size === 0) return null
  const all = [...text.matchAll(/\b(?:from|join|into|update)\s+(?:only\s+)?((?:["`[]?\w+["`\]]?\.)?["`[]?\w+)/gi)]
  return {
    own: [...own],
    others: all.filter(([, name = '']) => name.slice(name.lastIndexOf('.') + 1).replace(/^["`[]/, '') !== relation)
      .length,
  }
}

const keywords: ReadonlySet<string> = new Set(
  'where set join left right inner outer full cross natural on using order group having limit offset returning values select as for union except intersect default from when tablesample window fetch and or'.split(
    ' ',
  ),
)

/** The places where a query on the table names a column of it. `isDistinctive`: a bare name among several relations is taken for it. */
export function columnInQuery(code: string, query: Query, column: string, isDistinctive: boolean): number[] {
  const [start, end] = query.span
  const text = code.slice(start, end)
  return [...placesOf(text, column)].flatMap(at => {
    const qualifier = qualifierBefore(text, at)
    if (qualifier !== undefined) return query.aliases.includes(qualifier) ? [start + at] : []
    // A parameter, or the name that a value gets.
    if (/[:@$%{]\s*\(?$|\bas\s+["`]?$/i.test(text.slice(Math.max(0, at - 12), at))) return []
    return query.isOnly || isDistinctive ? [start + at] : []
  })
}

/** The name before a column and a dot: `o` of `o.note` and of `"o"."note"`. */
export function qualifierBefore(text: string, at: number): string | undefined {
  let end = isQuote(text[at - 1]) ? at - 1 : at
  if (text[end - 1] !== '.') return undefined
  end -= isQuote(text[end - 2]) ? 2 : 1
  return wordBefore(text, end)
}

function isQuote(character: string | undefined): boolean {
  return character !== undefined && '"`[]'.includes(character)
}

/** What translates a key: keys look like names of columns. */
const translations =
  /(?:\b(?:t|tc|translate|translation|trans|formatMessage|__) ?\(|\bi18n\w{0,20} ?[:=(] ?\{?|[kK]ey ?[:=] ?\{?)\s?$/

/** `orders.note` in quotes, as query builders name columns. */
export function qualifiedPlaces({ code, literals }: CodeText, table: string, column: string): number[] {
  const name = `${table}.${column}`
  return literals.flatMap(([start, end]) => {
    const text = code.slice(start, end)
    if (!text.includes(name)) return []
    if (translations.test(code.slice(Math.max(0, start - 41), start - 1))) return []
    return [...placesOf(text, name)].flatMap(at => {
      // The schema may be before it, but no longer path.
      const isPath = /(?:\w\.\w+|[-/])\.?$|^\.$/.test(
        text
          .slice(0, at)
          .split(/[\s(,="]/)
          .pop() ?? '',
      )
      return isPath || /[.(=]/.test(text.charAt(at + name.length)) ? [] : [start + at]
    })
  })
}
