import { NotRead } from '../../code/given/not-read.ts'
import { listed, sqlAt } from '../../code/given/sql.ts'
import { plain, type Text, textAt, unknownIn } from '../../code/text.ts'
import type { Call, Value } from '../../code/value.ts'
import { type Annotations, refuseOthers } from './annotation.ts'
import { type Given, namesOf } from './given.ts'

/** Constraints, as written in `CREATE TABLE` and after `ADD`. */

export function primaryKey(
  own: Given,
  columns: Value | undefined,
  annotations: Annotations,
  { nameAt, at }: Call,
): Text {
  refuseOthers(annotations, [], at)
  return sqlAt(nameAt)`CONSTRAINT ${own.name('name')} PRIMARY KEY (${listed(namesOf(columns, at), nameAt)})`
}

export function unique(own: Given, columns: Value | undefined, annotations: Annotations, { nameAt, at }: Call): Text {
  refuseOthers(annotations, [], at)
  return sqlAt(nameAt)`CONSTRAINT ${own.name('name')} UNIQUE (${listed(namesOf(columns, at), nameAt)})`
}

export function check(own: Given, { nameAt }: Call): Text {
  const sql = own.text('sql')
  if (!sql) throw new NotRead('the condition is not known', own.at)
  return sqlAt(nameAt)`CONSTRAINT ${own.name('name')} CHECK (${sql})`
}

const actions: ReadonlyMap<string, string> = new Map([
  ['Restrict', 'RESTRICT'],
  ['Cascade', 'CASCADE'],
  ['SetNull', 'SET NULL'],
  ['SetDefault', 'SET DEFAULT'],
])

export function foreignKey(
  own: Given,
  columns: Value | undefined,
  annotations: Annotations,
  { nameAt, at }: Call,
): Text {
  refuseOthers(annotations, [], at)
  const sql = sqlAt(nameAt)
  const principal = own.get('principalColumn') ?? own.get('principalColumns')
  const target = own.table('principalTable', 'principalSchema')
  const referred = principal ? sql` (${listed(namesOf(principal, at), nameAt)})` : ''
  const action = (name: string, words: string): Text => {
    const value = own.get(name)
    if (value === undefined) return textAt('', nameAt)
    if (value.kind !== 'text' || unknownIn(value) !== null) throw new NotRead('the action is not known', at)
    if (plain(value) === 'NoAction') return textAt('', nameAt)
    const said = actions.get(plain(value))
    if (said === undefined) throw new NotRead('the action is not known', at)
    return sql` ${words} ${said}`
  }
  return sql`CONSTRAINT ${own.name('name')} FOREIGN KEY (${listed(namesOf(columns, at), nameAt)}) REFERENCES ${target}${referred}${action('onUpdate', 'ON UPDATE')}${action('onDelete', 'ON DELETE')}`
}
