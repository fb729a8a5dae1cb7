import { NotRead } from '../../code/given/not-read.ts'
import { listed, sqlAt } from '../../code/given/sql.ts'
import { type Argument, isNull, listIn, placeOf, textIn } from '../../code/given/value.ts'
import { plain, type Text, textAt } from '../../code/text.ts'
import type { Call, Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'
import { type Convention, nameBy } from './convention.ts'
import { clauseIn } from './expression.ts'
import { type Given, givenIn, phraseIn, textsIn } from './given.ts'
import { constraintName, named, parts, path, type TableName } from './name.ts'
import { type Constraint, thingIn } from './thing.ts'

export const foreignOptions = [
  'name',
  'onupdate',
  'ondelete',
  'deferrable',
  'initially',
  'use_alter',
  'link_to_name',
  'match',
  'info',
  'comment',
  'postgresql_not_valid',
]

const common = ['name', 'deferrable', 'initially', 'info', 'comment']
const uniqueOptions = [...common, 'postgresql_include', 'postgresql_nulls_not_distinct']

/** `sa.PrimaryKeyConstraint` and similar classes: positional columns, and options. */
export function constraintOf(type: Constraint['type'], call: Call): Constraint {
  const { at, nameAt } = call
  switch (type) {
    case 'pk':
    case 'uq': {
      const own = type === 'pk' ? [...common, 'postgresql_include'] : uniqueOptions
      const given = givenIn(call, [], own, { takesRest: true })
      return keyed(
        type,
        given,
        given.rest.map(column => columnName(column, at)),
      )
    }
    case 'fk': {
      const given = givenIn(call, ['columns', 'refcolumns', ...foreignOptions.slice(0, 6)], foreignOptions)
      const columns = textsIn(given.get('columns'), at, 'the columns')
      const targets = textsIn(given.get('refcolumns'), at, 'the columns it refers to')
      return foreign(given, columns, targetOf(targets, columns, at))
    }
    case 'ck':
      return check(givenIn(call, ['sqltext', 'name', 'deferrable', 'initially'], [...common, 'postgresql_not_valid']))
    default:
      return exclusion(givenIn(call, [], [...common, 'using', 'where', 'ops'], { takesRest: true }), nameAt)
  }
}

function columnName(value: Value, at: Span): Text {
  const column = thingIn(value, 'column')
  return column ? column.name : textIn(value, at, 'the column')
}

/** A primary key, or a UNIQUE constraint. */
export function keyed(type: 'pk' | 'uq', given: Given, columns: readonly Text[]): Constraint {
  const { nameAt } = given
  const sql = sqlAt(nameAt)
  const include = given.some('postgresql_include')
  const distinct = given.some('postgresql_nulls_not_distinct')
  const words =
    type === 'pk'
      ? 'PRIMARY KEY '
      : `UNIQUE ${distinct === undefined ? '' : given.is('postgresql_nulls_not_distinct') ? 'NULLS NOT DISTINCT ' : 'NULLS DISTINCT '}`
  return {
    kind: 'constraint',
    type,
    at: nameAt,
    name: given.text('name', 'the name'),
    columns,
    body: sql`${words}(${columnList(columns, nameAt)})${include ? sql` INCLUDE (${columnList(textsIn(include, nameAt, 'the columns'), nameAt)})` : ''}${deferral(given)}`,
  }
}

function columnList(columns: readonly Text[], at: Span): Text {
  return listed(columns.map(named), at)
}

/** `define_constraint_deferrability`. */
function deferral(given: Given): Text {
  const { nameAt } = given
  const deferrable = given.some('deferrable')
  const initially = given.some('initially')
  const sql = sqlAt(nameAt)
  const words = deferrable === undefined ? '' : given.is('deferrable') ? ' DEFERRABLE' : ' NOT DEFERRABLE'
  return sql`${words}${initially ? sql` INITIALLY ${phraseIn(initially, nameAt, '`initially`')}` : ''}`
}

/** The target of a foreign key, from texts such as `schema.table.column`. */
export function targetOf(
  targets: readonly Text[],
  columns: readonly Text[],
  at: Span,
): { readonly table: TableName; readonly columns: readonly Text[] } {
  const all = targets.map((target, i) => {
    const words = parts(target)
    const column = words.length === 1 ? columns[i] : words.pop()
    const name = words.pop()
    if (!column || !name) throw new NotRead('the referenced columns are unknown', placeOf(target, at))
    const schema = words.reduce<Text | null>((left, right) => (left ? sqlAt(at)`${left}.${right}` : right), null)
    return { table: { schema, name }, column }
  })
  const [first] = all
  if (!first) throw new NotRead('the referenced columns are unknown', at)
  return { table: first.table, columns: all.map(({ column }) => column) }
}

export function foreign(
  given: Given,
  columns: readonly Text[],
  referred: { readonly table: TableName; readonly columns: readonly Text[] },
): Constraint {
  const { nameAt } = given
  const sql = sqlAt(nameAt)
  const action = (name: string, words: string) => {
    const value = given.some(name)
    return value ? sql` ${words} ${phraseIn(value, nameAt, `\`${name}\``)}` : ''
  }
  const notValid = given.is('postgresql_not_valid') ? ' NOT VALID' : ''
  return {
    kind: 'constraint',
    type: 'fk',
    at: nameAt,
    name: given.text('name', 'the name'),
    columns,
    referred,
    body: sql`FOREIGN KEY(${columnList(columns, nameAt)}) REFERENCES ${path(referred.table, nameAt)} (${columnList(referred.columns, nameAt)})${action('match', 'MATCH')}${action('ondelete', 'ON DELETE')}${action('onupdate', 'ON UPDATE')}${deferral(given)}${notValid}`,
    ...(given.is('use_alter') && { isLeftOut: true }),
  }
}

export function check(given: Given, what = 'sqltext'): Constraint {
  const { at, nameAt } = given
  const text = clauseIn(given.get(what), at, 'the condition').bare
  const end = given.is('postgresql_not_valid') ? ' NOT VALID' : ''
  return {
    kind: 'constraint',
    type: 'ck',
    at: nameAt,
    name: given.text('name', 'the name'),
    columns: [],
    body: sqlAt(nameAt)`CHECK (${text})${deferral(given)}${end}`,
  }
}

/** `ExcludeConstraint` of dialects/postgresql/ext.py: pairs of an expression and an operator. */
export function exclusion(given: Given, at: Span): Constraint {
  const sql = sqlAt(at)
  const ops = given.some('ops')
  if (ops && !(ops.kind === 'record' && ops.entries.size === 0))
    throw new NotRead('its option `ops` is not read', given.at)
  const elements = given.rest.map(pair => {
    const [what, operator] = listIn(pair, given.at, 'the excluded element')
    const clause = thingIn(what, 'clause')
    const expression = clause ? clause.bare : named(textIn(what, given.at, 'the excluded element'))
    return sql`${expression} WITH ${textIn(operator, given.at, 'the operator')}`
  })
  const using = given.some('using')
  const method = using ? phraseIn(using, at, '`using`') : textAt('gist', at)
  const where = given.some('where')
  return {
    kind: 'constraint',
    type: 'exclude',
    at,
    name: given.text('name', 'the name'),
    columns: [],
    body: sql`EXCLUDE USING ${textAt(plain(method).toLowerCase(), placeOf(method, at))} (${listed(elements, at)})${where ? sql` WHERE (${clauseIn(where, given.at, 'the condition').full})` : ''}${deferral(given)}`,
  }
}

/** A constraint as part of a table, with the name that it gets there. */
export function withName(constraint: Constraint, table: TableName, convention: Convention, at = constraint.at): Text {
  const { type, columns, referred, body } = constraint
  const name =
    type === 'exclude'
      ? constraint.name
      : nameBy(convention, type, constraint.name, { table, columns, ...(referred && { referred }) }, at)
  return name === null ? body : sqlAt(at)`CONSTRAINT ${constraintName(name, at)} ${body}`
}

/** A name that may be `None`. */
export function nameIn(value: Argument, at: Span): Text | null {
  return value === undefined || isNull(value) ? null : textIn(value, at, 'the name')
}
