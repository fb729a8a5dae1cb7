import { NotRead } from '../../code/given/not-read.ts'
import { sqlAt } from '../../code/given/sql.ts'
import { type Argument, placeOf, textIn } from '../../code/given/value.ts'
import { cut, plain, quoted, type Text, textAt, unknownIn } from '../../code/text.ts'
import type { Span } from '../../parse/span.ts'
import { md5, utf8 } from '../reading/hash.ts'

/** Names: IdentifierPreparer of sqlalchemy/sql/compiler.py, and RESERVED_WORDS of dialects/postgresql/base.py. */

const reserved = new Set(
  (
    'all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create current_catalog ' +
    'current_date current_role current_time current_timestamp current_user default deferrable desc distinct do else end except ' +
    'false fetch for foreign from grant group having in initially intersect into leading limit localtime localtimestamp new not ' +
    'null of off offset old on only or order placing primary references returning select session_user some symmetric table then ' +
    'to trailing true union unique user using variadic when where window with authorization between binary cross current_schema ' +
    'freeze full ilike inner is isnull join left like natural notnull outer over overlaps right similar verbose'
  ).split(' '),
)

/** `quote`: with quotes if the name needs them. */
export function named(name: Text): Text {
  const word = plain(name)
  if (unknownIn(name) === null && /^[a-z_][a-z0-9_$]*$/.test(word) && !reserved.has(word)) return name
  return quoted(name, '"')
}

export interface TableName {
  readonly schema: Text | null
  readonly name: Text
}

export function tableIn(name: Argument, schema: Argument, at: Span): TableName {
  return {
    schema: schema === undefined ? null : textIn(schema, at, 'the schema'),
    name: textIn(name, at, 'the name of the table'),
  }
}

/** `format_table`: with its schema. */
export function path({ schema, name }: TableName, at: Span): Text {
  return schema && plain(schema) !== '' ? sqlAt(at)`${dotted(schema, at)}.${named(name)}` : named(name)
}

/** `quote_dotted`: the parts of a schema's name, with quotes if they need them. */
function dotted(name: Text, at: Span): Text {
  const [first = name, ...others] = parts(name)
  return others.reduce((left, right) => sqlAt(at)`${left}.${named(right)}`, named(first))
}

/** The parts of a name with dots. */
export function parts(name: Text): Text[] {
  const whole = plain(name)
  if (unknownIn(name) !== null) return [name]
  const found: Text[] = []
  let start = 0
  for (const part of whole.split('.')) {
    found.push(cut(name, start, start + part.length))
    start += part.length + 1
  }
  return found
}

const finals = new WeakSet<Text>()

/** `op.f(…)`: a name that no naming convention changes. */
export function final(name: Text): Text {
  const own = { ...name }
  finals.add(own)
  return own
}

export function isFinal(name: Text): boolean {
  return finals.has(name)
}

/** The longest name that PostgreSQL's dialect accepts, in characters (`max_identifier_length`). */
const longest = 63

/** `_truncate_and_render_maxlen_name`: shortens names of a convention or of `op.f`, and refuses other names that are too long. */
export function constraintName(name: Text, at: Span): Text {
  const word = plain(name)
  if (unknownIn(name) !== null || [...word].length <= longest) return named(name)
  if (!isFinal(name))
    throw new NotRead(`SQLAlchemy refuses names of more than ${longest} characters`, placeOf(name, at))
  const hash = md5(utf8(word)).slice(-4)
  return named(textAt(`${[...word].slice(0, longest - 8).join('')}_${hash}`, placeOf(name, at)))
}
