import { NotRead } from '../../code/given/not-read.ts'
import { isNone, isNull, isTrue, listIn, placeOf, textIn } from '../../code/given/value.ts'
import { plain, quoted, type Text, textAt, unknownIn } from '../../code/text.ts'
import type { Call, Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'
import { reservedWords } from './reserved.ts'

/** The arguments of calls of MigrationBuilder. The functions throw NotRead where an argument is unknown. */

export interface Given {
  /** An argument; undefined where there is none, or it is null. */
  readonly get: (name: string) => Value | undefined
  readonly is: (name: string) => boolean
  /** A name, with quotes if it needs them. */
  readonly name: (name: string) => Text
  readonly text: (name: string) => Text | null
  /** The table, in its schema. */
  readonly table: (name?: string, schema?: string) => Text
  readonly at: Span
}

/** Arguments by place or by name. */
export function given({ args, named, at }: Call, parameters: readonly string[]): Given {
  for (const name of named?.keys() ?? [])
    if (!parameters.includes(name)) throw new NotRead(`\`${name}\` is not read yet`, at)
  if (args.length > parameters.length) throw new NotRead('it gets too many arguments', at)
  const get = (name: string) => {
    const value = args[parameters.indexOf(name)] ?? named?.get(name)
    return isNone(value) || isNull(value) ? undefined : value
  }
  const name = (each: string) => delimited(textIn(get(each), at, `\`${each}\``))
  return {
    get,
    is: each => isTrue(get(each), at),
    name,
    text: each => {
      const value = get(each)
      return value === undefined ? null : textIn(value, placeOf(value, at), `\`${each}\``)
    },
    table: (each = 'table', schema = 'schema') => {
      const own = name(each)
      return get(schema) === undefined ? own : dotted(name(schema), own, at)
    },
    at,
  }
}

export function dotted(schema: Text, name: Text, at: Span): Text {
  return { kind: 'text', pieces: [...schema.pieces, ...textAt('.', at).pieces, ...name.pieces] }
}

/** NpgsqlSqlGenerationHelper.DelimitIdentifier: adds quotes if the name needs them. */
export function delimited(name: Text): Text {
  const said = plain(name)
  if (unknownIn(name) === null && /^[a-z_][a-z0-9_$]*$/.test(said) && !reservedWords.has(said)) return name
  return quoted(name, '"')
}

/** One name, or a list of them: `column` or `columns`. */
export function namesOf(value: Value | undefined, at: Span): Text[] {
  if (value === undefined) throw new NotRead('no column is named', at)
  const all = value.kind === 'list' ? listIn(value, at, 'the columns') : [value]
  return all.map(each => delimited(textIn(each, placeOf(each, at), 'the column')))
}
