import { NotRead } from '../../code/given/not-read.ts'
import { listed, sqlAt } from '../../code/given/sql.ts'
import { isTrue, listIn, optionsIn, placeOf, recordIn, textIf, textIn } from '../../code/given/value.ts'
import { joined, plain, replaced, type Text, textAt } from '../../code/text.ts'
import { type Call, entry, type Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'
import { deferrable } from './deferrable.ts'
import { identifier, identifiers, quotedTable, tableIn, tableWithDot, underscored, withoutQuotes } from './name.ts'
import { upper, wordOf } from './type.ts'
import { expressionIn, given } from './value.ts'
import { afterWord, conditions } from './where.ts'

/** Indexes and constraints: `addIndexQuery`, `addConstraintQuery` and related functions of the query generators. */

/** `addIndex(table, fields, options)`, and `addIndex(table, { fields, … })`. */
export function addIndex({ args: [named, second, third], at, nameAt }: Call): Text[] {
  const options = second?.kind === 'list' ? optionsIn(third, at) : recordIn(second, at, 'the index')
  const fields = listIn(second?.kind === 'list' ? second : entry(options, 'fields'), at, '`fields`')
  const table = tableIn(named, at)
  const sql = sqlAt(nameAt)
  const kind = wordOf(options, 'type', at)
  const words = [
    isTrue(entry(options, 'unique'), at) || kind === 'UNIQUE' ? 'UNIQUE' : '',
    kind === 'UNIQUE' ? '' : plain(textIf(entry(options, 'type'), at) ?? textAt('', at)),
    'INDEX',
    isTrue(entry(options, 'concurrently'), at) ? 'CONCURRENTLY' : '',
  ].filter(word => word !== '')
  const method = textIf(entry(options, 'using'), at)
  const name = indexName(fields, options, prefixOf(named, options, at), at)
  const using = method ? sql` USING ${method}` : textAt('', nameAt)
  const columns = listed(
    fields.map(field => indexField(field, options, at)),
    nameAt,
  )
  const where = afterWord('WHERE', conditions(given(options, 'where'), at), nameAt)
  return [
    sql`CREATE ${textAt(words.join(' '), nameAt)} ${identifiers(name, nameAt)} ON ${tableWithDot(table, nameAt)}${using} (${columns})${where}`,
  ]
}

function prefixOf(table: Value | undefined, options: Value | undefined, at: Span): Text {
  const prefix = textIf(entry(options, 'prefix'), at) ?? tableIn(table, at).name
  return table?.kind === 'record'
    ? prefix
    : replaced(prefix, /[."']/g, ([found]) => textAt(found === '.' ? '_' : '', at))
}

/** `nameIndex`. */
function indexName(fields: readonly Value[], options: Value | undefined, prefix: Text, at: Span): Text {
  const name = textIf(entry(options, 'name'), at)
  if (name) return name
  const names = fields.map(field => {
    if (field.kind === 'record') return fieldName(field, at)
    // An expression has no name, so Sequelize cannot make a name for the index.
    if (expressionIn(field)) throw new NotRead('the name of the index is not known', placeOf(field, at))
    return textIn(field, at, 'a column of the index')
  })
  return underscored(joined([prefix, ...names], textAt('_', at)), at)
}

function fieldName(field: Value, at: Span): Text {
  const name = given(field, 'attribute') ?? given(field, 'name')
  return textIn(name, placeOf(field, at), 'a column of the index')
}

function indexField(field: Value, options: Value | undefined, at: Span): Text {
  const made = expressionIn(field)
  if (made) return made
  const own = field.kind === 'record' ? recordIn(field, at, 'a column of the index') : undefined
  const name = own ? fieldName(own, at) : textIn(field, at, 'a column of the index')
  const collation = textIf(entry(own, 'collate'), at)
  const operator = textIf(entry(own, 'operator'), at) ?? textIf(entry(options, 'operator'), at)
  const order = textIf(entry(own, 'order'), at)
  const sql = sqlAt(placeOf(field, at))
  const parts = [identifier(name, at)]
  if (collation) parts.push(sql`COLLATE ${identifier(collation, at)}`)
  if (operator) parts.push(operator)
  if (order) parts.push(order)
  return joined(parts, textAt(' ', placeOf(field, at)))
}

export function removeIndex({ args: [named, which, third], at, nameAt }: Call): Text[] {
  const options = optionsIn(third, at)
  const name =
    which?.kind === 'list' ? removedName(named, listIn(which, at, 'the columns'), at) : textIn(which, at, 'the index')
  const concurrently = textAt(isTrue(entry(options, 'concurrently'), at) ? ' CONCURRENTLY' : '', nameAt)
  return [sqlAt(nameAt)`DROP INDEX${concurrently} IF EXISTS ${identifiers(name, nameAt)}`]
}

function removedName(table: Value | undefined, fields: readonly Value[], at: Span): Text {
  if (table?.kind === 'record') throw new NotRead('the name of the index is not known', table.at)
  const names = [table, ...fields].map(each => textIn(each, at, 'the index'))
  return underscored(joined(names, textAt('_', at)), at)
}

export function addConstraint({ args: [named, second], at, nameAt }: Call): Text[] {
  const options = recordIn(second, at, 'the constraint')
  const table = tableWithDot(tableIn(named, at), nameAt)
  const fields = listIn(entry(options, 'fields'), at, '`fields`').map(field => {
    if (field.kind === 'record') return identifier(fieldName(field, at), at)
    return expressionIn(field) ?? identifier(textIn(field, at, 'a column of the constraint'), at)
  })
  const sql = sqlAt(nameAt)
  const kind = wordOf(options, 'type', at)
  const own = textIf(entry(options, 'name'), at)
  const name = (end: string, other: readonly Text[] = []) => {
    const made = joined(
      [table, joined(fields, textAt('_', nameAt)), ...other, textAt(end, nameAt)],
      textAt('_', nameAt),
    )
    return identifier(own ?? withoutQuotes(made), nameAt)
  }
  const columns = listed(fields, nameAt)
  const end = constraint()
  const when = kind === 'CHECK' ? null : deferrable(options, at)
  return [sql`ALTER TABLE ${table} ADD CONSTRAINT ${end}${when ? sql` ${when}` : textAt('', nameAt)};`]

  function constraint(): Text {
    switch (kind) {
      case 'UNIQUE':
        return sql`${name('uk')} UNIQUE (${columns})`
      case 'PRIMARY KEY':
        return sql`${name('pk')} PRIMARY KEY (${columns})`
      case 'CHECK': {
        const where = conditions(given(options, 'where'), at)
        return sql`${name('ck')} CHECK (${where ?? textAt('', nameAt)})`
      }
      case 'FOREIGN KEY': {
        const references = recordIn(given(options, 'references'), at, '`references`')
        const target = tableIn(given(references, 'table'), at)
        const field = given(references, 'field')
        const keys = (field ? [field] : listIn(entry(references, 'fields'), at, '`fields`')).map(each =>
          identifier(textIn(each, at, 'a column'), at),
        )
        if (target.schema && !own) throw new NotRead('the name of the constraint is not known', references.at)
        const onUpdate = textIf(entry(options, 'onUpdate'), at)
        const onDelete = textIf(entry(options, 'onDelete'), at)
        const acts = joined([
          onUpdate ? sql` ON UPDATE ${upper(onUpdate)}` : textAt('', nameAt),
          onDelete ? sql` ON DELETE ${upper(onDelete)}` : textAt('', nameAt),
        ])
        return sql`${name('fk', [target.name])} FOREIGN KEY (${columns}) REFERENCES ${quotedTable(target, at)} (${listed(keys, nameAt)})${acts}`
      }
    }
    throw new NotRead('its kind is not known', placeOf(entry(options, 'type'), at))
  }
}

export function removeConstraint({ args: [named, name], at, nameAt }: Call): Text[] {
  const table = tableWithDot(tableIn(named, at), nameAt)
  return [
    sqlAt(nameAt)`ALTER TABLE ${table} DROP CONSTRAINT ${identifiers(textIn(name, at, 'the constraint'), nameAt)}`,
  ]
}
