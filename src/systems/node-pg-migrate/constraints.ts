import { NotRead } from '../../code/given/not-read.ts'
import type { Options } from '../../code/given/options.ts'
import { listed } from '../../code/given/sql.ts'
import { type Argument, isTrue, itemsOf, written } from '../../code/given/value.ts'
import { plain, type Text } from '../../code/text.ts'
import { entry, type Value } from '../../code/value.ts'
import { type Given, textIf, textOf } from './given.ts'
import { commentOn } from './values.ts'

/** `parseReferences` of src/operations/tables/shared.ts. */
export function references(given: Given, options: Options): Text {
  const { sql, at } = given
  const to = options.get('references')
  const word = to?.kind === 'text' ? plain(to) : ''
  const isSql = word.startsWith('"') || word.endsWith(')')
  const clauses = [sql`REFERENCES ${isSql ? written(to, at) : given.name(to)}`]
  for (const [name, words] of [
    ['match', 'MATCH'],
    ['onDelete', 'ON DELETE'],
    ['onUpdate', 'ON UPDATE'],
  ] as const) {
    const text = textIf(options.get(name), at)
    if (text) clauses.push(sql`${words} ${text}`)
  }
  return listed(clauses, at, ' ')
}

/** `parseDeferrable` of the same file. */
export function deferrable({ sql }: Given, options: Options): Text {
  return sql`DEFERRABLE INITIALLY ${options.is('deferred') ? 'DEFERRED' : 'IMMEDIATE'}`
}

export interface Constraints {
  readonly constraints: readonly Text[]
  readonly comments: readonly Text[]
}

/** `parseConstraints` of the same file. `named`: the name of all of them; undefined: the tool names them. */
export function constraintsOf(given: Given, table: Argument, options: Options, named: Argument): Constraints {
  const { sql, at } = given
  const own = isTrue(named, at) ? named : undefined
  const tableName = table?.kind === 'record' && entry(table, 'name') ? entry(table, 'name') : table
  const name = (made: () => Text) => given.name(own ?? made())
  const prefix = () => textOf(tableName, at)
  const comments: Text[] = []
  let constraints: Text[] = []
  if (options.is('check')) {
    const check = options.get('check')
    const isMany = check?.kind === 'list'
    for (const [i, each] of itemsOf(check, at).entries())
      constraints.push(
        sql`CONSTRAINT ${name(() => sql`${prefix()}_chck${isMany ? `_${i + 1}` : ''}`)} CHECK (${textOf(each, at)})`,
      )
  }
  if (options.is('unique')) {
    const sets = itemsOf(options.get('unique'), at)
    const groups = sets.some(({ kind }) => kind === 'list') ? sets.map(set => itemsOf(set, at)) : [sets]
    for (const columns of groups)
      constraints.push(
        sql`CONSTRAINT ${name(() => sql`${prefix()}_uniq_${underscored(given, columns)}`)} UNIQUE (${quotedNames(given, columns)})`,
      )
  }
  if (options.is('primaryKey')) {
    const key = itemsOf(options.get('primaryKey'), at)
    constraints.push(sql`CONSTRAINT ${name(() => sql`${prefix()}_pkey`)} PRIMARY KEY (${quotedNames(given, key)})`)
  }
  if (options.is('foreignKeys'))
    for (const each of itemsOf(options.get('foreignKeys'), at)) {
      const key = given.options(each)
      const columns = itemsOf(key.get('columns'), at)
      const ownName = key.is('referencesConstraintName') ? key.get('referencesConstraintName') : undefined
      const keyName = ownName ? given.name(ownName) : name(() => sql`${prefix()}_fk_${underscored(given, columns)}`)
      constraints.push(
        sql`CONSTRAINT ${keyName} FOREIGN KEY (${quotedNames(given, columns)}) ${references(given, key)}`,
      )
      if (key.is('referencesConstraintComment')) {
        const on = sql`CONSTRAINT ${keyName} ON ${given.name(table)}`
        comments.push(commentOn(given, on, key.get('referencesConstraintComment')))
      }
    }
  const exclude = textIf(options.get('exclude'), at)
  if (exclude) constraints.push(sql`CONSTRAINT ${name(() => sql`${prefix()}_excl`)} EXCLUDE ${exclude}`)
  if (options.is('deferrable')) constraints = constraints.map(each => sql`${each} ${deferrable(given, options)}`)
  if (options.is('comment')) {
    if (!own) throw new NotRead('node-pg-migrate refuses a comment on a constraint without a name', at)
    comments.push(commentOn(given, sql`CONSTRAINT ${given.name(own)} ON ${given.name(table)}`, options.get('comment')))
  }
  return { constraints, comments }
}

function underscored({ at }: Given, columns: readonly Value[]): Text {
  return listed(
    columns.map(column => textOf(column, at)),
    at,
    '_',
  )
}

function quotedNames(given: Given, columns: readonly Value[]): Text {
  return listed(columns.map(given.name), given.at)
}
