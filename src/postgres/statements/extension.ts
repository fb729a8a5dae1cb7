import type { AlterExtensionContentsStmt, AlterExtensionStmt, CreateExtensionStmt, Node } from '@pgsql/types'
import type { Backend } from '../backend.ts'
import { qualifiedName } from '../catalog/name.ts'
import type { Handlers } from './handler.ts'
import { otherOperation, wholeStatement } from './whole-statement.ts'

/** Extensions. Source: extension.c. */
export const extensionHandlers = {
  CreateExtensionStmt: createExtension,
  AlterExtensionStmt: updateExtension,
  AlterExtensionContentsStmt: changeContents,
} satisfies Partial<Handlers>

function createExtension(backend: Backend, node: CreateExtensionStmt): void {
  const name = node.extname ?? ''
  const ifNotExists = node.if_not_exists ?? false
  backend.operation({
    kind: 'create-extension',
    ...wholeStatement(backend),
    name,
    subject: null,
    replace: false,
    ifNotExists,
  })
  const { extensions } = backend.catalog
  if (extensions.has(name)) {
    if (!ifNotExists) backend.fail('42710', `extension "${name}" already exists`)
    return
  }
  const schema = textOption(node.options, 'schema') ?? backend.creationSchema
  backend.catalog = { ...backend.catalog, extensions: extensions.set(name, { schema }) }
}

function textOption(nodes: readonly Node[] | undefined, name: string): string | null {
  for (const node of nodes ?? []) {
    if (!('DefElem' in node) || node.DefElem.defname !== name) continue
    const { arg } = node.DefElem
    if (arg && 'String' in arg) return arg.String.sval ?? ''
  }
  return null
}

function updateExtension(backend: Backend, node: AlterExtensionStmt): void {
  otherOperation(backend, 'alter-other')
  backend.opaque = `runs the update script of extension "${node.extname}"`
}

const relations: ReadonlySet<string> = new Set([
  'OBJECT_TABLE',
  'OBJECT_VIEW',
  'OBJECT_MATVIEW',
  'OBJECT_SEQUENCE',
  'OBJECT_FOREIGN_TABLE',
  'OBJECT_INDEX',
])

function changeContents(backend: Backend, node: AlterExtensionContentsStmt): void {
  otherOperation(backend, 'alter-other')
  if (!relations.has(node.objtype ?? '') || !node.object || !('List' in node.object)) return
  const relation = backend.relation(qualifiedName(node.object.List.items))
  backend.lock(relation, 'ShareUpdateExclusiveLock', 'it becomes part of an extension, or no longer is')
}
