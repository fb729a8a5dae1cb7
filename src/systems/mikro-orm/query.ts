import { listed } from '../../code/given/sql.ts'
import { functionOf, host } from '../../code/host.ts'
import { jsonOf } from '../../code/json.ts'
import { hole, joined, plain, quoted, replaced, type Text, textAt, unknownIn } from '../../code/text.ts'
import type { Call, Host, Value } from '../../code/value.ts'

type Place = Call['at']

/** SQL that `raw` and `sql` of MikroORM made, with its values written into it. */
const fragments = new WeakMap<Value, Text>()

/** `raw` and `sql`: packages/core/src/utils/RawQueryFragment.ts. */
export const rawMakers: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['raw', functionOf('raw', call => fragment(queryGiven(call)))],
  [
    'sql',
    host(
      'sql',
      {
        ref: functionOf('sql.ref', ({ args, at }) =>
          fragment(
            formatted(
              textAt('??', at),
              [
                joined(
                  args.map(arg => textIn(arg, at)),
                  textAt('.', at),
                ),
              ],
              at,
            ),
          ),
        ),
        now: functionOf('sql.now', ({ args: [length], at }) =>
          fragment(textAt(length?.kind === 'plain' ? `current_timestamp(${length.value})` : 'current_timestamp', at)),
        ),
      },
      ({ template = [], args, at }) => fragment(formatted(joined(template, textAt('?', at)), args, at)),
    ),
  ],
  [
    'quote',
    functionOf('quote', ({ template = [], args, at }) =>
      fragment(formatted(joined(template, textAt('??', at)), args, at)),
    ),
  ],
])

function fragment(sql: Text): Host {
  const made = host('raw SQL', {})
  fragments.set(made, sql)
  return made
}

/** What a call that executes SQL sends: a text with values for its `?`, or what `raw` made. `prepareQuery` of packages/sql/src/AbstractSqlConnection.ts. */
export function queryGiven({ args: [query, values], argsAt, at }: Call): Text {
  const own = query && fragments.get(query)
  if (own) return own
  const place = argsAt[0] ?? at
  const sql = textIn(query, place)
  if (values === undefined || (values.kind === 'plain' && values.value === undefined)) return sql
  if (values.kind === 'list' && !values.isOpen) return formatted(sql, values.items, at)
  if (values.kind !== 'record' || values.isOpen)
    return hole(argsAt[1] ?? at, values.kind === 'unknown' ? values.why : 'its values are unknown')
  const named: Value[] = []
  const numbered = replaced(sql, /(?<!:):([$\w]+)(:(?!:))?/g, ([, name = '', isName], found) => {
    const value = values.entries.get(name)
    if (!value) return found
    named.push(value)
    return textAt(isName === undefined ? '?' : '??', place)
  })
  return formatted(numbered, named, at)
}

function textIn(value: Value | undefined, at: Place): Text {
  if (value?.kind === 'text') return value
  return hole(at, value?.kind === 'unknown' ? value.why : 'what is sent is not a text')
}

/** `formatQuery` of packages/core/src/platforms/Platform.ts. */
function formatted(sql: Text, values: readonly Value[], at: Place): Text {
  if (values.length === 0) return sql
  let next = 0
  return replaced(sql, /\\\?|\?\??/g, ([found]) => {
    if (found === '\\?') return textAt('?', at)
    const value = values[next++]
    return found === '??' ? nameOf(value, at) : literalOf(value, at)
  })
}

/** `quoteIdentifier`: the first dot parts a name. */
function nameOf(value: Value | undefined, at: Place): Text {
  if (value?.kind !== 'text' || unknownIn(value) !== null)
    return value ? (fragments.get(value) ?? textIn(value, at)) : hole(at, 'a value is missing')
  return textAt(`"${plain(value).replaceAll('"', '""').replace('.', '"."')}"`, at)
}

/** `quoteValue` and `escape`. */
function literalOf(value: Value | undefined, at: Place): Text {
  if (value === undefined) return textAt('undefined', at)
  const own = fragments.get(value)
  if (own) return own
  if (value.kind === 'plain') return textAt(String(value.value), at)
  if (value.kind === 'list' && !value.isOpen)
    return listed(
      value.items.map(item => literalOf(item, at)),
      at,
    )
  if (value.kind === 'record') {
    const json = jsonOf(value)
    return json === null ? hole(at, 'some of its entries are unknown') : stringOf(textAt(json, at), at)
  }
  return value.kind === 'text'
    ? stringOf(value, at)
    : hole(at, value.kind === 'unknown' ? value.why : 'its value is unknown')
}

function stringOf(text: Text, at: Place): Text {
  if (text.pieces.length === 0) return textAt("''", at)
  const string = quoted(text, "'")
  if (!plain(text).includes('\\')) return string
  return joined([textAt(' E', at), replaced(string, /\\/g, () => textAt('\\\\', at))])
}
