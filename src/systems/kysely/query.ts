import { listed, sqlAt } from '../../code/given/sql.ts'
import { functionOf, host } from '../../code/host.ts'
import { cut, hole, plain, type Text, trimmed } from '../../code/text.ts'
import type { Call, Host, Value } from '../../code/value.ts'
import type { Setting } from './builder.ts'
import { sqlOf } from './fragment.ts'
import { insertIntoCall } from './insert.ts'
import { identifier, nameGiven } from './name.ts'
import { selectCall, selectFromCall } from './select.ts'
import { deleteFromCall, updateTableCall } from './update.ts'

/** What `db` has for queries: src/query-creator.ts. `before`: WITH and what it has so far. */
export function queriesOf(setting: Setting, before: Text | null): Record<string, Value> {
  const made = (name: string, start: (call: Call, setting: Setting, before: Text | null) => Host) =>
    [name, functionOf(`db.${name}`, call => start(call, setting, before))] as const
  const withIt = (words: string) => (call: Call) => {
    const expression = commonTable(call, setting)
    const sql = sqlAt(call.nameAt)
    // All of them are in one list.
    const grown = before
      ? sql`${cut(before, 0, plain(before).length - 1)}, ${expression} `
      : sql`${words}${expression} `
    return host('db', queriesOf(setting, grown))
  }
  return Object.fromEntries([
    made('selectFrom', selectFromCall),
    made('selectNoFrom', selectCall),
    made('insertInto', insertIntoCall),
    made('updateTable', updateTableCall),
    made('deleteFrom', deleteFromCall),
    ['with', functionOf('db.with', withIt('with '))],
    ['withRecursive', functionOf('db.withRecursive', withIt('with recursive '))],
  ])
}

/** src/parser/with-parser.ts */
function commonTable(call: Call, setting: Setting): Text {
  const [name, work] = call.args
  const at = call.argsAt[0] ?? call.at
  if (name?.kind !== 'text' || !work) return hole(at, name?.kind === 'unknown' ? name.why : 'it is not a name')
  const given = setting.run.invoke(work, [host('db', queriesOf(setting, null))], call.at)
  const query =
    sqlOf(given) ?? hole(call.argsAt[1] ?? at, given.kind === 'unknown' ? given.why : 'its result is unknown')
  return sqlAt(call.nameAt)`${commonName(nameGiven(call), at)} as ${query}`
}

/** `recent(id, name)`: with names for its columns. */
function commonName(name: Text, at: Call['at']): Text {
  const all = plain(name)
  const open = all.indexOf('(')
  if (open < 0) return identifier(name)
  const close = all.slice(open + 1).search(/[()]/)
  const inside = cut(name, open + 1, close < 0 ? undefined : open + 1 + close)
  const columns: Text[] = []
  let start = 0
  for (const each of plain(inside).split(',')) {
    columns.push(identifier(trimmed(cut(inside, start, start + each.length))))
    start += each.length + 1
  }
  return sqlAt(at)`${identifier(cut(name, 0, open))}(${listed(columns, at)})`
}
