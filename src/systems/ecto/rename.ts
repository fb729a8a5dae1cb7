import { NotRead } from '../../code/given/not-read.ts'
import { placeOf, textIn } from '../../code/given/value.ts'
import { type Text, textAt } from '../../code/text.ts'
import type { Call } from '../../code/value.ts'
import { nameOf } from './alter.ts'
import { inQuotes, path } from './column.ts'
import { described, describedAs } from './described.ts'
import { optionsIn, textOf } from './given.ts'
import { renameIndex } from './index-of-table.ts'
import { textsOf, type Ways } from './ways.ts'

/** `rename` of a table, a column or an index. */
export function renaming(call: Call): Ways {
  const { args, nameAt, at } = call
  const [value, second, third] = args
  const own = describedAs(value)
  const options = optionsIn(third ?? second, ['to'], at)
  const to = options.get('to')
  const sql = (table: Text, words: Text) => [textsOf([table, words])]
  if (own?.kind === 'index') {
    const name = textIn(to, at, 'the name')
    return { forward: () => renameIndex(own, name, nameAt), backward: null }
  }
  if (own?.kind !== 'table')
    throw new NotRead(
      value?.kind === 'unknown' ? value.why : 'the object that it renames is not read',
      placeOf(value, at),
    )
  const table = path(nameOf(own, at), nameAt)
  const start = (name: Text) => textsOf([textAt('ALTER TABLE ', nameAt), name])
  if (third === undefined) {
    const other = described(to, 'table')
    if (!other) throw new NotRead('the name is not known', placeOf(to, at))
    const words = (name: Text) => textsOf([textAt(' RENAME TO ', nameAt), inQuotes(name)])
    const back = path({ prefix: textOf(own.options, 'prefix', at), name: other.name }, nameAt)
    return {
      forward: () => sql(start(table), words(other.name)),
      backward: () => sql(start(back), words(own.name)),
    }
  }
  const [from, name] = [textIn(second, at, 'the column'), textIn(to, at, 'the name')]
  const words = (a: Text, b: Text) =>
    textsOf([textAt(' RENAME ', nameAt), inQuotes(a), textAt(' TO ', nameAt), inQuotes(b)])
  return {
    forward: () => sql(start(table), words(from, name)),
    backward: () => sql(start(table), words(name, from)),
  }
}
