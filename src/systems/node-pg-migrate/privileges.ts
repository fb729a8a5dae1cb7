import { NotRead } from '../../code/given/not-read.ts'
import type { Options } from '../../code/given/options.ts'
import { listed } from '../../code/given/sql.ts'
import { type Argument, isTrue, itemsOf, written } from '../../code/given/value.ts'
import { plain, type Text } from '../../code/text.ts'
import type { Value } from '../../code/value.ts'
import { type Given, type Operation, textIf } from './given.ts'
import { escaped } from './values.ts'

/** `asRolesStr` of src/operations/grants/shared.ts: `PUBLIC` is a word, other roles are names. */
function roles(given: Given, value: Argument): Text {
  const all = itemsOf(value, given.at).map(role =>
    role.kind === 'text' && plain(role) === 'PUBLIC' ? role : given.name(role),
  )
  return listed(all, given.at)
}

function privileges(given: Given, options: Options): Text {
  const all = itemsOf(options.get('privileges'), given.at).map(each => written(each, given.at))
  return listed(all, given.at)
}

function onTables(given: Given, options: Options): Text {
  const schema = options.get('schema')
  return schema ? given.sql`ALL TABLES IN SCHEMA ${given.name(schema)}` : given.names(options.get('tables'))
}

function onSchemas(given: Given, options: Options): Text {
  return given.sql`SCHEMA ${given.names(options.get('schemas'))}`
}

function grantOn(target: (given: Given, options: Options) => Text): Operation {
  return (given, value) => {
    const options = given.options(value)
    const on = given.sql`GRANT ${privileges(given, options)} ON ${target(given, options)}`
    return given.sql`${on} TO ${roles(given, options.get('roles'))}${options.when('withGrantOption', ' WITH GRANT OPTION')};`
  }
}

function revokeOn(target: (given: Given, options: Options) => Text): Operation {
  return (given, value) => {
    const options = given.options(value)
    const option = options.when('onlyGrantOption', ' GRANT OPTION FOR')
    const on = given.sql`REVOKE${option} ${privileges(given, options)} ON ${target(given, options)}`
    return given.sql`${on} FROM ${roles(given, options.get('roles'))}${options.when('cascade', ' CASCADE')};`
  }
}

const words = [
  ['superuser', 'SUPERUSER'],
  ['createdb', 'CREATEDB'],
  ['createrole', 'CREATEROLE'],
  ['inherit', 'INHERIT'],
  ['login', 'LOGIN'],
  ['replication', 'REPLICATION'],
  ['bypassrls', 'BYPASSRLS'],
] as const

/** `formatRoleOptions` of src/operations/roles/shared.ts. For a new role it also writes the negated options. */
function roleOptions(given: Given, value: Argument, isNew: boolean): Text {
  const { sql, at } = given
  const options = given.options(value)
  const clauses: Text[] = []
  for (const [name, word] of words) {
    const own = options.get(name)
    if (own === undefined && (!isNew || name === 'bypassrls')) continue
    const isOff = isNew && name === 'inherit' ? own !== undefined && isSetFalse(own) : !isTrue(own, at)
    clauses.push(sql`${isOff ? 'NO' : ''}${word}`)
  }
  const limit = textIf(options.get('limit'), at)
  if (limit) clauses.push(sql`CONNECTION LIMIT ${limit}`)
  const password = options.get('password')
  if (password) {
    const encrypted = options.get('encrypted')
    const way = encrypted && isSetFalse(encrypted) ? 'UNENCRYPTED' : 'ENCRYPTED'
    clauses.push(sql`${way} PASSWORD ${escaped(given, password)}`)
  }
  const valid = options.get('valid')
  if (valid) clauses.push(sql`VALID UNTIL ${isTrue(valid, at) ? escaped(given, valid) : "'infinity'"}`)
  for (const [name, word] of [
    ['inRole', 'IN ROLE'],
    ['role', 'ROLE'],
    ['admin', 'ADMIN'],
  ] as const) {
    if (!options.is(name)) continue
    const names = itemsOf(options.get(name), at).map(each => written(each, at))
    clauses.push(sql`${word} ${listed(names, at)}`)
  }
  return listed(clauses, at, ' ')
}

function isSetFalse(value: Value): boolean {
  if (value.kind === 'unknown') throw new NotRead(value.why, value.at)
  return value.kind === 'plain' && value.value === false
}

/** `makeClauses` of src/operations/policies/shared.ts. */
function policyClauses(given: Given, options: Options, isNew: boolean): Text[] {
  const { sql, at } = given
  const role = options.get('role')
  const names = itemsOf(role, at).map(each => written(each, at))
  const to = names.length > 0 ? [sql`TO ${listed(names, at)}`] : isNew && !role ? [sql`TO PUBLIC`] : []
  const using = textIf(options.get('using'), at)
  const check = textIf(options.get('check'), at)
  return [...to, ...(using ? [sql`USING (${using})`] : []), ...(check ? [sql`WITH CHECK (${check})`] : [])]
}

/** src/operations/ of roles, grants and policies. */
export const rights: Readonly<Record<string, Operation>> = {
  createRole: (given, name, options) =>
    given.sql`CREATE ROLE ${given.name(name)} WITH ${roleOptions(given, options, true)};`,
  alterRole: (given, name, options) => {
    const changes = roleOptions(given, options, false)
    return changes.pieces.length > 0 ? given.sql`ALTER ROLE ${given.name(name)} WITH ${changes};` : changes
  },
  dropRole: (given, name, options) =>
    given.sql`DROP ROLE${given.options(options).when('ifExists', ' IF EXISTS')} ${given.name(name)};`,
  renameRole: (given, name, other) => given.sql`ALTER ROLE ${given.name(name)} RENAME TO ${given.name(other)};`,
  grantRoles: (given, from, to, options) => {
    const admin = given.options(options).when('withAdminOption', ' WITH ADMIN OPTION')
    return given.sql`GRANT ${given.names(from)} TO ${given.names(to)}${admin};`
  },
  revokeRoles: (given, own, from, value) => {
    const options = given.options(value)
    const admin = options.when('onlyAdminOption', ' ADMIN OPTION FOR')
    return given.sql`REVOKE${admin} ${given.names(own)} FROM ${given.names(from)}${options.when('cascade', ' CASCADE')};`
  },
  grantOnTables: grantOn(onTables),
  revokeOnTables: revokeOn(onTables),
  grantOnSchemas: grantOn(onSchemas),
  revokeOnSchemas: revokeOn(onSchemas),
  createPolicy: (given, table, name, value) => {
    const options = given.options(value)
    const command = options.get('command') ? written(options.get('command'), given.at) : 'ALL'
    const clauses = [given.sql`FOR ${command}`, ...policyClauses(given, options, true)]
    return given.sql`CREATE POLICY ${given.name(name)} ON ${given.name(table)} ${listed(clauses, given.at, ' ')};`
  },
  alterPolicy: (given, table, name, value) => {
    const clauses = policyClauses(given, given.options(value), false)
    if (clauses.length === 0) throw new NotRead('node-pg-migrate refuses a policy without options', given.at)
    return given.sql`ALTER POLICY ${given.name(name)} ON ${given.name(table)} ${listed(clauses, given.at, ' ')};`
  },
  dropPolicy: (given, table, name, value) => {
    const condition = given.options(value).when('ifExists', ' IF EXISTS')
    return given.sql`DROP POLICY${condition} ${given.name(name)} ON ${given.name(table)};`
  },
  renamePolicy: (given, table, name, other) =>
    given.sql`ALTER POLICY ${given.name(name)} ON ${given.name(table)} RENAME TO ${given.name(other)};`,
}
