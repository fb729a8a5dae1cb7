import type { Value } from '../../code/value.ts'
import { type Column, isSet } from './attribute.ts'
import type { Blueprint } from './blueprint.ts'
import { type Catalog, nameIn } from './catalog.ts'
import type { Command } from './command.ts'

/** Notes what a description did to its table. What happens under an unknown condition makes it unknown. */
export function record({ name, run, isCreating, isTemporary, columns, commands }: Blueprint, catalog: Catalog): void {
  const table = nameIn(name)
  if (table === null) return catalog.doubt()
  const isOpen = ({ conditions }: Column | Command) => conditions > 0
  if (isTemporary || run.conditions > 0 || columns.some(isOpen) || commands.some(isOpen)) {
    catalog.forget(table)
    for (const command of commands) if ('index' in command) catalog.forget(nameIn(command.attributes.get('to')) ?? '')
    return
  }
  if (isCreating) catalog.create(table)
  for (const column of columns) if (!isSet(column, 'change')) added(catalog, table, nameIn(column.name))
  for (const command of commands) if ('index' in command) done(catalog, table, command)
}

function added(catalog: Catalog, table: string, column: string | null): void {
  if (column === null) catalog.forget(table)
  else catalog.add(table, column)
}

function done(catalog: Catalog, table: string, { name, columns, attributes }: Command): void {
  const said = (value: Value | undefined) => nameIn(value)
  if (name === 'drop' || name === 'dropIfExists') return catalog.drop(table)
  if (name === 'dropColumn') {
    const names = columns.map(said)
    if (names.includes(null)) return catalog.forget(table)
    for (const each of names) if (each !== null) catalog.remove(table, each)
  } else if (name === 'rename' || name === 'renameColumn') {
    const [from, to] = [said(attributes.get('from')), said(attributes.get('to'))]
    if (to === null || (name === 'renameColumn' && from === null)) return catalog.forget(table)
    if (name === 'rename') return catalog.rename(table, to)
    catalog.remove(table, from ?? '')
    catalog.add(table, to)
  }
}
