import type { AlterPublicationStmt, CreatePublicationStmt, Node, PublicationTable } from '@pgsql/types'
import type { Backend } from '../backend.ts'
import type { ColumnUse, Oid, OtherObject, Relation, Table } from '../catalog/catalog.ts'
import { repeated, strings } from '../catalog/name.ts'
import { isTable } from '../catalog/relation.ts'
import { columnsOf } from '../expression/expression.ts'
import type { Handlers } from './handler.ts'
import { otherOperation, wholeStatement } from './whole-statement.ts'

/** Publications. Source: publicationcmds.c. */
export const publicationHandlers = {
  CreatePublicationStmt: createPublication,
  AlterPublicationStmt: alterPublication,
} satisfies Partial<Handlers>

function createPublication(backend: Backend, node: CreatePublicationStmt): void {
  const name = node.pubname ?? ''
  backend.operation({
    kind: 'create-publication',
    ...wholeStatement(backend),
    name,
    subject: null,
    replace: false,
    ifNotExists: false,
  })
  if (find(backend, name)) backend.fail('42710', `publication "${name}" already exists`)
  const listed = lockTables(backend, node.pubobjects)
  const uses = columnsListed(backend, node.pubobjects)
  put(backend, { kind: 'publication', name, relations: listed, uses, slot: false })
}

function alterPublication(backend: Backend, node: AlterPublicationStmt): void {
  otherOperation(backend, 'alter-other')
  const known = find(backend, node.pubname ?? '')
  if (node.options) return
  const listed = lockTables(backend, node.pubobjects)
  if (!known) return
  const before = known.relations
  switch (node.action) {
    case 'AP_AddObjects': {
      const twice = listed.find(oid => before.includes(oid))
      if (twice !== undefined) {
        const member = `relation "${backend.get(twice)?.name}" is already member of publication "${known.name}"`
        backend.fail('42710', member)
      }
      put(backend, {
        ...known,
        relations: [...before, ...listed],
        uses: [...known.uses, ...columnsListed(backend, node.pubobjects)],
      })
      return
    }
    case 'AP_DropObjects':
      put(backend, {
        ...known,
        relations: before.filter(oid => !listed.includes(oid)),
        uses: known.uses.filter(use => !listed.includes(use.relation)),
      })
      return
    default:
      for (const oid of before) {
        const relation = backend.get(oid)
        if (relation) backend.lock(relation, 'ShareUpdateExclusiveLock', `it leaves publication "${known.name}"`)
      }
      put(backend, { ...known, relations: listed, uses: columnsListed(backend, node.pubobjects) })
  }
}

function find(backend: Backend, name: string): OtherObject | undefined {
  return backend.catalog.others.get(`publication:${name}`)
}

export function put(backend: Backend, object: OtherObject): void {
  const others = backend.catalog.others.set(`${object.kind}:${object.name}`, object)
  backend.catalog = { ...backend.catalog, others }
}

/** Locks the tables that a publication names, with the inheritance children of each. Source: OpenTableList. */
function lockTables(backend: Backend, objects: readonly Node[] | undefined): Oid[] {
  const oids: Oid[] = []
  for (const object of objects ?? []) {
    const table = 'PublicationObjSpec' in object ? object.PublicationObjSpec.pubtable : undefined
    if (!table?.relation) continue
    for (const relation of named(backend, table)) {
      backend.lock(relation, 'ShareUpdateExclusiveLock', 'a publication lists it')
      oids.push(relation.oid)
    }
  }
  return oids
}

/** Columns of the column lists and row filters. */
function columnsListed(backend: Backend, objects: readonly Node[] | undefined): ColumnUse[] {
  return (objects ?? []).flatMap(object => {
    const table = 'PublicationObjSpec' in object ? object.PublicationObjSpec.pubtable : undefined
    if (!table?.relation) return []
    const { oid } = backend.relation(table.relation)
    const twice = repeated(strings(table.columns))
    if (twice !== undefined) backend.fail('42710', `duplicate column "${twice}" in publication column list`)
    const columns = [...strings(table.columns), ...(table.whereClause ? columnsOf(table.whereClause) : [])]
    return columns.map(column => ({ relation: oid, column }))
  })
}

function named(backend: Backend, { relation: name }: PublicationTable): (Relation | Table)[] {
  const relation = backend.relation(name ?? {})
  if (!isTable(relation)) return [relation]
  if (relation.kind === 'partitioned table') {
    if (!backend.since(13)) backend.fail('0A000', `"${relation.name}" is a partitioned table`)
    return [relation]
  }
  return name?.inh ? backend.withDescendants(relation) : [relation]
}
