import { NotRead } from '../../code/given/not-read.ts'
import type { Options } from '../../code/given/options.ts'
import { listed } from '../../code/given/sql.ts'
import { type Argument, entriesOf, isNull, isTrue, placeOf, written } from '../../code/given/value.ts'
import { type Text, textAt } from '../../code/text.ts'
import type { Value } from '../../code/value.ts'
import { deferrable, references } from './constraints.ts'
import { type Given, literalOf, textIf, textOf } from './given.ts'
import { adapted, appliedType, sequenceClauses } from './types.ts'
import { commentOn, escaped, lines } from './values.ts'

/** Columns, as written in `CREATE TABLE` and after `ADD`. */
export interface Columns {
  readonly lines: readonly Text[]
  /** The columns of a primary key with more than one column. */
  readonly primaryKey: readonly Text[] | null
  readonly comments: readonly Text[]
}

/** `parseColumns` of src/operations/tables/shared.ts. Throws NotRead. */
export function columnsOf(given: Given, table: Argument, columns: Argument): Columns {
  const { at, sql } = given
  const all = [...entriesOf(columns, at)].map(([word, value]) => ({
    name: textAt(word, placeOf(value, at)),
    options: appliedType(given, value),
  }))
  const keys = all.filter(({ options }) => options.is('primaryKey')).map(({ name }) => name)
  const comments = all.flatMap(({ name, options }) => {
    const comment = options.get('comment')
    return comment ? [commentOn(given, sql`COLUMN ${given.name(table)}.${given.name(name)}`, comment)] : []
  })
  const made = all.map(({ name, options }) => {
    const clauses = clausesOf(given, table, name, options, keys.length === 1, comments)
    return sql`${given.name(name)} ${typeText(given, options)}${clauses.length > 0 ? ' ' : ''}${listed(clauses, at, ' ')}`
  })
  return { lines: made, primaryKey: keys.length > 1 ? keys : null, comments }
}

function clausesOf(
  given: Given,
  table: Argument,
  name: Text,
  options: Options,
  mayBeKey: boolean,
  comments: Text[],
): Text[] {
  const { sql, at } = given
  const clauses: Text[] = []
  const collation = textIf(options.get('collation'), at)
  if (collation) clauses.push(sql`COLLATE ${collation}`)
  const byDefault = options.get('default')
  if (byDefault) clauses.push(sql`DEFAULT ${escaped(given, byDefault)}`)
  if (options.is('unique')) clauses.push(sql`UNIQUE`)
  if (mayBeKey && options.is('primaryKey')) clauses.push(sql`PRIMARY KEY`)
  if (options.is('notNull')) clauses.push(sql`NOT NULL`)
  const check = textIf(options.get('check'), at)
  if (check) clauses.push(sql`CHECK (${check})`)
  if (options.is('references')) {
    const comment = options.is('referencesConstraintComment') ? options.get('referencesConstraintComment') : undefined
    const named = options.is('referencesConstraintName') ? options.get('referencesConstraintName') : undefined
    // The tool writes a name with a schema like any object of JavaScript: [object Object].
    const tableText = table?.kind === 'record' && !literalOf(table) ? '[object Object]' : textOf(table, at)
    const own = named ?? (comment ? sql`${tableText}_fk_${name}` : undefined)
    const constraint = own ? sql`CONSTRAINT ${given.name(own)} ` : sql``
    clauses.push(sql`${constraint}${references(given, options)}`)
    if (comment && own) {
      comments.push(commentOn(given, sql`CONSTRAINT ${given.name(own)} ON ${given.name(table)}`, comment))
    }
  }
  if (options.is('deferrable')) clauses.push(deferrable(given, options))
  const sequence = options.get('sequenceGenerated')
  if (isTrue(sequence, at)) clauses.push(identity(given, sequence, 'GENERATED'))
  const expression = textIf(options.get('expressionGenerated'), at)
  if (expression) clauses.push(sql`GENERATED ALWAYS AS (${expression}) STORED`)
  return clauses
}

function identity(given: Given, value: Argument, words: string): Text {
  const { sql, at } = given
  const options = given.options(value)
  const clauses = sequenceClauses(given, options)
  const own = clauses.length > 0 ? sql` (${listed(clauses, at, ' ')})` : sql``
  return sql`${words} ${written(options.get('precedence'), at)} AS IDENTITY${own}`
}

function typeText(given: Given, options: Options): Text {
  const { sql, at } = given
  const type = options.get('type')
  if (!type) throw new NotRead('it has no type', at)
  const base = type.kind === 'record' ? given.name(type) : written(type, at)
  const array = options.get('array')
  if (array === undefined) return base
  if (array.kind === 'unknown') throw new NotRead(array.why, array.at)
  if (array.kind === 'plain' && array.value === true) return sql`${base} ARRAY`
  return array.kind === 'plain' && typeof array.value === 'number' ? sql`${base} ARRAY[${String(array.value)}]` : base
}

/** src/operations/tables/alterColumn.ts. */
export function alteredColumn(given: Given, table: Argument, column: Argument, value: Argument): Text {
  const { at, sql } = given
  const options = given.options(value)
  const actions: Text[] = []
  const byDefault = options.get('default')
  if (isNull(byDefault)) actions.push(sql`DROP DEFAULT`)
  else if (byDefault) actions.push(sql`SET DEFAULT ${escaped(given, byDefault)}`)
  const type = options.get('type')
  if (type && isTrue(type, at)) {
    const collation = textIf(options.get('collation'), at)
    const using = textIf(options.get('using'), at)
    const words = [collation && sql` COLLATE ${collation}`, using && sql` USING ${using}`].filter(each => each !== null)
    actions.push(sql`SET DATA TYPE ${textOf(adapted(type, given), at)}${listed(words, at, '')}`)
  }
  if (options.is('notNull')) actions.push(sql`SET NOT NULL`)
  else if (isFalse(options.get('notNull')) || options.is('allowNull')) actions.push(sql`DROP NOT NULL`)
  const sequence = options.get('sequenceGenerated')
  if (sequence) actions.push(isTrue(sequence, at) ? identity(given, sequence, 'ADD GENERATED') : sql`DROP IDENTITY`)
  const expression = options.get('expressionGenerated')
  if (expression?.kind === 'unknown') throw new NotRead(expression.why, expression.at)
  if (expression?.kind === 'text') actions.push(sql`SET EXPRESSION AS (${expression})`)
  if (isNull(expression)) actions.push(sql`DROP EXPRESSION`)
  const [tableName, name, comment] = [given.name(table), given.name(column), options.get('comment')]
  const altered =
    actions.length > 0 ? [sql`ALTER TABLE ${tableName}\n${lines(given, actions, sql`  ALTER ${name} `)};`] : []
  const commented = comment ? [commentOn(given, sql`COLUMN ${tableName}.${name}`, comment)] : []
  return listed([...altered, ...commented], at, '\n')
}

export function isFalse(value: Value | undefined): boolean {
  return value?.kind === 'plain' && value.value === false
}
