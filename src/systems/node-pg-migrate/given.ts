import { NotRead } from '../../code/given/not-read.ts'
import { type Options, optionsOf } from '../../code/given/options.ts'
import { listed, type Sql, sqlAt } from '../../code/given/sql.ts'
import { type Argument, argumentsOf, isTrue, itemsOf, placeOf, written } from '../../code/given/value.ts'
import { changed, hole, joined, plain, quoted, replaced, type Text, textAt } from '../../code/text.ts'
import { type Call, entry, type Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'

/** The project's settings for names and types. */
export interface Settings {
  /** `--decamelize`: names in camel case are written with underscores. */
  readonly decamelize?: boolean
  /** Whether an earlier migration may have given this name to a type (`exports.shorthands`). */
  readonly isShorthand?: (type: string) => boolean
}

/** A call of `pgm`, and how its parts are written. The functions throw NotRead for unknown values. */
export interface Given {
  readonly at: Span
  readonly sql: Sql
  readonly settings: Settings
  /** The types that `exports.shorthands` of the migration names. */
  readonly shorthands: ReadonlyMap<string, Value>
  /** A name in quotes, with its schema if it has one (`literal`). */
  readonly name: (value: Argument) => Text
  /** The same without quotes (`schemalize`). */
  readonly bare: (value: Argument) => Text
  /** Names in quotes, with commas between them. */
  readonly names: (value: Argument) => Text
  readonly options: (value: Argument) => Options
  readonly text: (value: Argument) => Text
}

/** Makes the SQL of a call: one text, or several that the tool sends in order. */
export type Operation = (given: Given, ...args: Argument[]) => Text | readonly Text[]

export function built(
  operation: Operation,
  call: Call,
  settings: Settings,
  shorthands: Given['shorthands'],
): readonly Text[] {
  const { at, nameAt } = call
  const sql = sqlAt(nameAt)
  const name = (value: Argument) => nameOf(value, at, text => quotedAt(camel(text, settings), nameAt))
  const given: Given = {
    at,
    sql,
    settings,
    shorthands,
    name,
    bare: value => {
      const text = nameOf(value, at, part => camel(part, settings))
      return value?.kind !== 'record' && isExpression(plain(text)) ? sql`(${written(value, at)})` : text
    },
    names: value => listed(itemsOf(value, at).map(name), nameAt),
    options: value => optionsOf(value, at),
    text: value => textOf(value, at),
  }
  const [first, second, third, fourth, fifth] = argumentsOf(call)
  const made = operation(given, first, second, third, fourth, fifth)
  return 'kind' in made ? [made] : made
}

/** `PgLiteral`, which `pgm.func` makes: SQL that the tool writes as it is. */
export function literalOf(value: Argument): Value | undefined {
  const mark = entry(value, 'literal')
  return mark?.kind === 'plain' && mark.value === true ? entry(value, 'value') : undefined
}

/** A value where a text is expected: a `PgLiteral` is its own text. */
export function textOf(value: Argument, at: Span): Text {
  return written(literalOf(value) ?? value, at)
}

/** The text of a value that counts as true; otherwise null. */
export function textIf(value: Argument, at: Span): Text | null {
  return isTrue(value, at) ? textOf(value, at) : null
}

/** `createSchemalize` of src/utils/createSchemalize.ts. */
function nameOf(value: Argument, at: Span, transform: (text: Text) => Text): Text {
  const literal = literalOf(value)
  if (literal) return written(literal, at)
  if (value?.kind === 'record') {
    const [schema, name] = [entry(value, 'schema'), entry(value, 'name')]
    if (value.isOpen || !name) throw new NotRead('a part of its name is unknown', value.at)
    const text = transformed(name, at, transform)
    if (!isTrue(schema, at)) return text
    return joined([transformed(schema, at, transform), textAt('.', placeOf(schema, at)), text])
  }
  return transformed(value, at, transform)
}

function transformed(value: Argument, at: Span, transform: (text: Text) => Text): Text {
  if (value?.kind === 'unknown') return transform(hole(value.at, value.why, value.name))
  if (value?.kind === 'list') throw new NotRead('it is a list where a name is expected', value.at)
  return transform(written(value, at))
}

function quotedAt(text: Text, at: Span): Text {
  return text.pieces.length === 0 ? textAt('""', at) : quoted(text, '"')
}

/** `decamelize` of src/utils/decamelize.ts. */
function camel(text: Text, { decamelize }: Settings): Text {
  if (!decamelize) return text
  const underscored = (pattern: RegExp) => (from: Text) =>
    replaced(from, pattern, (_, found) => joined([found, textAt('_', placeOf(found, [0, 0]))]))
  const words = underscored(/[\p{Lowercase_Letter}\d](?=\p{Uppercase_Letter})/gu)(text)
  const abbreviations = underscored(/\p{Uppercase_Letter}(?=\p{Uppercase_Letter}\p{Lowercase_Letter})/gu)(words)
  return changed(abbreviations, all => all.toLowerCase())
}

/** `isExpression` of src/utils/createSchemalize.ts. */
function isExpression(text: string): boolean {
  return (
    /->|#>|@\?|@@|@>|<@|\?|#-|\|\||::/.test(text) ||
    /^[\w.]+\(/.test(text) ||
    /\s[+*/-]\s/.test(text) ||
    (/[=<>!]/.test(text) && /[a-zA-Z0-9]/.test(text))
  )
}
