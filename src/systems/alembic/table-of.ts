import { NotRead } from '../../code/given/not-read.ts'
import { listed, sqlAt } from '../../code/given/sql.ts'
import { isNull, placeOf, textIn } from '../../code/given/value.ts'
import { plain, quoted, type Text, textAt } from '../../code/text.ts'
import { type Call, type Host, known, type Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'
import { specification } from './column.ts'
import { foreign, keyed, targetOf, withName } from './constraint.ts'
import type { Convention } from './convention.ts'
import { columnClause } from './expression.ts'
import { type Given, givenBy, givenIn } from './given.ts'
import { createIndex, storageOf } from './index-of-table.ts'
import { named, path, type TableName, tableIn } from './name.ts'
import { type Column, type Constraint, type Creation, type Index, made, type TableOf, thingOf } from './thing.ts'
import { deletes, inserts, updates } from './write.ts'

export function tableHost(table: TableOf): Host {
  const columns: Host = {
    kind: 'host',
    name: 'the columns of a table',
    isInert: true,
    get: name => columnIn(table, name),
  }
  return made('a table', table, {
    get: name => {
      switch (name) {
        case 'c':
        case 'columns':
          return columns
        case 'name':
          return table.name.name
        case 'insert':
          return inserts(table)
        case 'update':
          return updates(table)
        case 'delete':
          return deletes(table)
        default:
          return undefined
      }
    },
  })
}

function columnIn({ name, columns }: TableOf, wanted: string): Value | undefined {
  const place = placeOf(name.name, [0, 0] as const)
  const found = columns?.find(column => plain(column) === wanted)
  if (columns && !found) return undefined
  return columnClause(found ?? textAt(wanted, place), path(name, place))
}

/** `sa.table('t', sa.column('a'))`. */
export function lightTable(call: Call): Host {
  const given = givenIn(call, ['name'], ['schema'], { takesRest: true })
  const columns = given.rest.map(value => {
    const thing = thingOf(value)
    if (thing?.kind === 'clause' && thing.key !== undefined) return textAt(thing.key, placeOf(value, call.at))
    if (thing?.kind === 'column') return thing.name
    throw new NotRead('a column of the table is not known', placeOf(value, call.at))
  })
  const name = tableIn(given.get('name'), given.some('schema'), call.at)
  return tableHost({ kind: 'table', name, columns, filled: [] })
}

/** `sa.Table('t', metadata, …)`; with `autoload_with` its columns are those of the database. */
export function fullTable(call: Call): Host {
  const options = [
    'schema',
    'autoload_with',
    'autoload',
    'extend_existing',
    'keep_existing',
    'comment',
    'prefixes',
    'info',
  ]
  const given = givenIn(call, ['name', 'metadata'], [...options, ...tableOptions], { takesRest: true })
  const isLoaded = given.some('autoload_with') !== undefined || given.some('autoload') !== undefined
  const columns = given.rest.flatMap(value => {
    const thing = thingOf(value)
    return thing?.kind === 'column' ? [thing] : []
  })
  return tableHost({
    kind: 'table',
    name: tableIn(given.get('name'), given.some('schema'), call.at),
    columns: isLoaded ? null : columns.map(({ name }) => name),
    filled: columns.filter(({ hasDefault }) => hasDefault).map(({ name }) => name),
  })
}

export const tableOptions = [
  'postgresql_inherits',
  'postgresql_partition_by',
  'postgresql_using',
  'postgresql_with',
  'postgresql_with_oids',
  'postgresql_on_commit',
  'postgresql_tablespace',
  'postgresql_ignore_search_path',
]

/** The parts of a table. */
export interface Contents {
  readonly columns: readonly Column[]
  readonly constraints: readonly Constraint[]
  readonly indexes: readonly Index[]
}

/** Throws NotRead where one of them is unknown. */
export function contentsOf(values: readonly Value[], at: Span): Contents {
  const [columns, constraints, indexes]: [Column[], Constraint[], Index[]] = [[], [], []]
  for (const value of values) {
    const thing = thingOf(value)
    if (thing?.kind === 'column') columns.push(thing)
    else if (thing?.kind === 'constraint') constraints.push(thing)
    else if (thing?.kind === 'index') indexes.push(thing)
    else if (!isNull(value))
      throw new NotRead(value.kind === 'unknown' ? value.why : 'a part of the table is not read', placeOf(value, at))
  }
  return { columns, constraints, indexes }
}

/** What a column adds to its table: a UNIQUE constraint, and foreign keys. */
export function derived(column: Column): Constraint[] {
  const { at, name, isUnique, hasIndex, foreignKeys } = column
  const plainly = givenBy(() => undefined, { at, nameAt: at })
  const unique = isUnique && !hasIndex ? [keyed('uq', plainly, [name])] : []
  const keys = foreignKeys.map(({ target, given }) => foreign(given, [name], targetOf([target], [name], at)))
  return [...unique, ...keys]
}

/** The index that a column asks for. */
export function indexFor({ at, name, isUnique }: Column): Index {
  const given = givenBy(option => (option === 'unique' ? known(isUnique, at) : undefined), { at, nameAt: at })
  return {
    kind: 'index',
    name: null,
    elements: [{ kind: 'clause', bare: named(name), full: named(name), key: plain(name) }],
    given,
  }
}

/** The statements that create a table, in order. `creations`: those that create the types of its columns. */
export function createTable(given: Given, table: TableName, contents: Contents, convention: Convention): Text[] {
  const { at, nameAt } = given
  const sql = sqlAt(nameAt)
  const { columns, constraints } = contents
  const explicit = constraints.find(({ type, columns: own }) => type === 'pk' && own.length > 0)
  const flagged = columns.filter(({ isPrimary }) => isPrimary).map(({ name }) => name)
  const primary = explicit?.columns ?? flagged
  const key =
    explicit ??
    (flagged.length > 0
      ? keyed(
          'pk',
          givenBy(() => undefined, given),
          flagged,
        )
      : null)
  const refers = (column: Column) =>
    constraints.some(({ type, columns: own }) => type === 'fk' && own.some(name => plain(name) === plain(column.name)))
  const parts = columns.map(column => {
    const checks = column.checks.map(check => sql` ${withName(check, table, convention)}`)
    return checks.reduce((left, right) => sql`${left}${right}`, specification(column, primary, refers(column)))
  })
  const others = [...constraints.filter(each => each.type !== 'pk'), ...columns.flatMap(derived)]
  for (const each of [...(key ? [key] : []), ...others])
    if (!each.isLeftOut) parts.push(withName(each, table, convention))
  const prefixes = given.some('prefixes')
  const before = prefixes?.kind === 'list' ? prefixes.items.map(item => sql`${textIn(item, at, 'a prefix')} `) : []
  if (prefixes && prefixes.kind !== 'list') throw new NotRead('its option `prefixes` is not read', at)
  const start = before.reduce((left, right) => sql`${left}${right}`, sql`CREATE `)
  const exists = given.is('if_not_exists') ? 'IF NOT EXISTS ' : ''
  const sent = [sql`${start}TABLE ${exists}${path(table, nameAt)} (${listed(parts, nameAt)})${optionsOf(given)}`]
  for (const index of [...contents.indexes, ...columns.filter(({ hasIndex }) => hasIndex).map(indexFor)])
    sent.push(createIndex(index, table, convention))
  const comment = given.text('comment', 'the comment')
  if (comment) sent.push(tableComment(table, comment, nameAt))
  for (const column of columns) if (column.comment) sent.push(columnComment(table, column.name, column.comment, nameAt))
  return sent
}

/** `post_create_table`. */
function optionsOf(given: Given): Text {
  const { at, nameAt } = given
  const sql = sqlAt(nameAt)
  const text = (option: string, words: string) => {
    const value = given.text(option, `\`${option}\``)
    return value ? sql` ${words} ${value}` : sql``
  }
  const inherits = given.some('postgresql_inherits')
  const parents = inherits ? (inherits.kind === 'list' ? inherits.items : [inherits]) : []
  const oids = given.some('postgresql_with_oids')
  const commit = given.text('postgresql_on_commit', '`postgresql_on_commit`')
  const tablespace = given.text('postgresql_tablespace', 'the tablespace')
  return sql`${
    parents.length > 0
      ? sql` INHERITS (${listed(
          parents.map(parent => named(textIn(parent, at, 'the table'))),
          nameAt,
        )})`
      : ''
  }${text('postgresql_partition_by', 'PARTITION BY')}${text('postgresql_using', 'USING')}${
    given.some('postgresql_with') ? storageOf(given, 'postgresql_with') : ''
  }${oids === undefined ? '' : given.is('postgresql_with_oids') ? ' WITH OIDS' : ' WITHOUT OIDS'}${
    commit ? sql` ON COMMIT ${textAt(plain(commit).replaceAll('_', ' ').toUpperCase(), placeOf(commit, nameAt))}` : ''
  }${tablespace ? sql` TABLESPACE ${named(tablespace)}` : ''}`
}

export function tableComment(table: TableName, comment: Text | null, at: Span): Text {
  return sqlAt(at)`COMMENT ON TABLE ${path(table, at)} IS ${comment ? stringOf(comment, at) : 'NULL'}`
}

export function columnComment(table: TableName, column: Text, comment: Text | null, at: Span): Text {
  return sqlAt(at)`COMMENT ON COLUMN ${path(table, at)}.${named(column)} IS ${comment ? stringOf(comment, at) : 'NULL'}`
}

function stringOf(text: Text, at: Span): Text {
  return plain(text) === '' ? textAt("''", at) : quoted(text, "'")
}

/** Types of columns: each is created once, with the first table that uses it. */
export function creationsOf(columns: readonly Column[], known: Set<string>): Creation[] {
  return columns.flatMap(({ type: { creation } }) => {
    if (!creation?.isAutomatic) return []
    const key = `${creation.name.schema ? plain(creation.name.schema) : ''}.${plain(creation.name.name)}`
    if (known.has(key)) return []
    known.add(key)
    return [creation]
  })
}
