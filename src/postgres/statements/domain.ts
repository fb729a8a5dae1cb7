import type { AlterDomainStmt, Constraint as ConstraintNode, CreateDomainStmt, Node } from '@pgsql/types'
import { lookUp } from '../../parse/look-up.ts'
import type { Backend } from '../backend.ts'
import type { DomainType } from '../catalog/catalog.ts'
import { unknownType } from '../catalog/column.ts'
import { doubtOf } from '../catalog/doubt.ts'
import { displayName, type QualifiedName, qualifiedName } from '../catalog/name.ts'
import { columnsDeclared, tablesWithDomain } from '../object/type-use.ts'
import type { AlterDomain, DropDomainDefault } from '../operation.ts'
import { domainOf, resolveType } from '../type/type.ts'
import type { Handlers } from './handler.ts'
import { scan } from './rewrite.ts'
import { findNamedType } from './type-lookup.ts'
import { wholeStatement } from './whole-statement.ts'

/** CREATE and ALTER DOMAIN. Source: DefineDomain, AlterDomainAddConstraint… in typecmds.c. */
export const domainHandlers = {
  CreateDomainStmt: createDomain,
  AlterDomainStmt: alterDomain,
} satisfies Partial<Handlers>

type DomainConstraint = DomainType['constraints'][number]

function createDomain(backend: Backend, node: CreateDomainStmt): void {
  const { schema, name } = qualifiedName(node.domainname)
  const created = { schema: schema ?? backend.creationSchema, name }
  backend.operation({
    kind: 'create-domain',
    ...wholeStatement(backend),
    name: displayName(created),
    subject: null,
    replace: false,
    ifNotExists: false,
  })
  const constraints: DomainConstraint[] = []
  let notNull = false
  const base = node.typeName ? resolveType(backend, node.typeName) : unknownType
  // A domain over another one keeps a copy of its default.
  let value = domainOf(backend, base)?.default ?? null
  for (const item of node.constraints ?? []) {
    if (!('Constraint' in item)) continue
    const constraint = item.Constraint
    if (constraint.contype === 'CONSTR_NOTNULL') notNull = true
    else if (constraint.contype === 'CONSTR_DEFAULT') value = given(constraint.raw_expr)
    else if (constraint.contype === 'CONSTR_CHECK') constraints.push(checkOf(constraint, created.name, constraints))
  }
  backend.createType<DomainType>({ ...created, kind: 'domain', base, notNull, default: value, constraints })
}

/** Constraints without a name are named after the domain: `posint_check`, `posint_check1`. Source: ChooseConstraintName. */
function checkOf(node: ConstraintNode, domain: string, others: readonly DomainConstraint[]): DomainConstraint {
  const taken = (name: string) => others.some(other => other.name === name)
  let chosen = `${domain}_check`
  for (let i = 1; taken(chosen); i++) chosen = `${domain}_check${i}`
  return {
    name: node.conname || chosen,
    expression: node.raw_expr ?? null,
    valid: !node.skip_validation,
  }
}

const kinds: Readonly<Record<string, AlterDomain['kind']>> = {
  C: 'domain-add-constraint',
  V: 'domain-validate-constraint',
  X: 'domain-drop-constraint',
  O: 'domain-set-not-null',
}

function alterDomain(backend: Backend, node: AlterDomainStmt): void {
  const name = qualifiedName(node.typeName)
  const constraint = node.def && 'Constraint' in node.def ? node.def.Constraint : undefined
  const facts = {
    ...wholeStatement(backend),
    domain: displayName({ name: name.name, schema: name.schema ?? 'public' }),
    known: isKnown(backend, backend.lookupType(name)),
  }
  if (node.subtype === 'T' && given(node.def) === null) {
    backend.operation({ kind: 'domain-drop-default', ...facts, columns: columnsTaking(backend, name) })
  } else {
    const kind = lookUp(kinds, node.subtype ?? '') ?? 'domain-other'
    backend.operation({ kind, ...facts, notValid: constraint?.skip_validation ?? false })
  }
  const domain = findNamedType(backend, name)
  if (!domain) {
    checkUnknown(backend, node, name)
    return
  }
  if (domain.kind !== 'domain') backend.fail('42809', `${domain.name} is not a domain`)
  switch (node.subtype) {
    case 'T':
      backend.putType({ ...domain, default: given(node.def) })
      return
    case 'N':
      backend.putType({ ...domain, notNull: false })
      return
    case 'O':
      setNotNull(backend, domain)
      return
    case 'C':
      addConstraint(backend, domain, constraint ?? {})
      return
    case 'V':
      validate(backend, domain, node.name ?? '')
      return
    case 'X':
      dropConstraint(backend, domain, node)
      return
  }
}

/** The default that is stored. DEFAULT NULL is the same as no default. Source: DefineDomain, AlterDomainDefault. */
function given(value: Node | undefined): Node | null {
  return value && !('A_Const' in value && value.A_Const.isnull) ? value : null
}

/** Columns whose default is that of the domain: they are declared with it, and have none of their own. */
function columnsTaking(backend: Backend, name: QualifiedName): DropDomainDefault['columns'] {
  return columnsDeclared(backend, name).flatMap(({ table, column }) =>
    column.default === null && column.identity === null && column.generated === null
      ? [{ table: backend.subject(table), column: column.name }]
      : [],
  )
}

function setNotNull(backend: Backend, domain: DomainType): void {
  if (domain.notNull) return
  check(backend, domain, 'NOT NULL is checked')
  backend.putType({ ...domain, notNull: true })
}

function addConstraint(backend: Backend, domain: DomainType, node: ConstraintNode): void {
  if (node.contype === 'CONSTR_NOTNULL') {
    setNotNull(backend, domain)
    return
  }
  if (node.conname && domain.constraints.some(({ name }) => name === node.conname)) {
    backend.fail('42710', `constraint "${node.conname}" for domain "${domain.name}" already exists`)
  }
  const constraint = checkOf(node, domain.name, domain.constraints)
  if (constraint.valid) check(backend, domain, `"${constraint.name}" is checked`)
  backend.putType({ ...domain, constraints: [...domain.constraints, constraint] })
}

/** Constraints that are valid already are validated again. */
function validate(backend: Backend, domain: DomainType, name: string): void {
  requireConstraint(backend, domain, name)
  check(backend, domain, `"${name}" is validated`)
  const constraints = domain.constraints.map(each => (each.name === name ? { ...each, valid: true } : each))
  backend.putType({ ...domain, constraints })
}

function dropConstraint(backend: Backend, domain: DomainType, node: AlterDomainStmt): void {
  if (!node.missing_ok) requireConstraint(backend, domain, node.name ?? '')
  backend.putType({ ...domain, constraints: domain.constraints.filter(({ name }) => name !== node.name) })
}

function requireConstraint(backend: Backend, domain: DomainType, name: string): void {
  if (!domain.complete || domain.constraints.some(each => each.name === name)) return
  // Since 17 NOT NULL is a constraint with a name, which this model does not store.
  if (domain.notNull && backend.since(17)) return
  backend.fail('42704', `constraint "${name}" of domain "${domain.name}" does not exist`)
}

/** Every table that uses the domain is read while writers wait. */
function check(backend: Backend, domain: DomainType, what: string): void {
  for (const { table, column } of tablesWithDomain(backend, domain)) {
    const because = `${what} for column "${column.name}" of domain "${domain.name}"`
    backend.lock(table, 'ShareLock', because)
    scan(backend, table, because)
  }
}

const checked: ReadonlySet<string> = new Set(['C', 'V', 'O'])

/** A domain that no migration creates: tables with columns declared with its name are still read. */
function checkUnknown(backend: Backend, node: AlterDomainStmt, name: QualifiedName): void {
  const notValid = node.def && 'Constraint' in node.def && node.def.Constraint.skip_validation
  if (!checked.has(node.subtype ?? '') || notValid) return
  for (const { table, column } of columnsDeclared(backend, name)) {
    if (table.kind !== 'table' && table.kind !== 'materialized view') continue
    const because = `its column "${column.name}" is of domain "${name.name}"`
    backend.lock(table, 'ShareLock', because)
    scan(backend, table, because)
  }
}

/** Whether the migrations contain all columns of this type. */
function isKnown({ catalog }: Backend, found: ReturnType<Backend['lookupType']>): boolean {
  if (found === 'dropped') return true
  return found?.complete === true && doubtOf(catalog, found) === null
}
