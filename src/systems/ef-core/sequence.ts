import { sqlAt } from '../../code/given/sql.ts'
import type { Text } from '../../code/text.ts'
import type { Call } from '../../code/value.ts'
import type { Given } from './given.ts'

/** What stands behind the name and the type of a sequence. */
export function sequence(own: Given, { nameAt }: Call): Text {
  const sql = sqlAt(nameAt)
  const part = (words: string, name: string) => {
    const value = own.text(name)
    return value ? sql` ${words} ${value}` : ''
  }
  const increment = own.text('incrementBy') ?? '1'
  return sql` INCREMENT BY ${increment}${part('MINVALUE', 'minValue')}${part('MAXVALUE', 'maxValue')}${own.is('cyclic') ? ' CYCLE' : ' NO CYCLE'}`
}

export const sequenceTypes: ReadonlyMap<string, string> = new Map([
  ['int', ' AS integer'],
  ['short', ' AS smallint'],
  ['byte', ' AS smallint'],
])
