import { NotRead } from '../../code/given/not-read.ts'
import { sqlAt } from '../../code/given/sql.ts'
import { placeOf, textIn } from '../../code/given/value.ts'
import { answerOf, functionOf, host } from '../../code/host.ts'
import { madeWhenAsked, type Offered, together } from '../../code/offered.ts'
import { plain, type Text, textAt } from '../../code/text.ts'
import { type Call, type Host, known, nothing, unknown, type Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'
import { boundContext, dialect, ofTheDatabase } from './bind.ts'
import { columnOf, computedOf, foreignKeyOf, identityOf } from './column.ts'
import { constraintOf } from './constraint.ts'
import { ddl, schemaDdl, sequence, sequenceDdl } from './ddl.ts'
import {
  clauseOf,
  columnClause,
  functions,
  together as joinedBy,
  literal,
  plainClause,
  textHost,
} from './expression.ts'
import { givenIn } from './given.ts'
import { indexOf } from './index-of-table.ts'
import { final } from './name.ts'
import { op } from './op.ts'
import type { Context } from './operations.ts'
import { session } from './session.ts'
import { fullTable, lightTable } from './table-of.ts'
import { describes, made, thingIn } from './thing.ts'
import { typeClasses, typeIn } from './type.ts'
import { typesOfOthers } from './types-of-others.ts'
import { deletes, inserts, updates } from './write.ts'

const nowhere: Span = [0, 0]

/** The values of which the packages consist. Each package is made when a migration imports it. */
interface Library {
  readonly context: Context
  /** Classes of types. */
  readonly types: Offered
  /** Members that describe tables and statements. */
  readonly schema: Offered
  /** Another package. */
  readonly get: (name: string) => Value
}

type Package = (own: Library) => Value

/** Packages that migrations import, by name. Their other members only describe things that are not read. */
export function modules(context: Context): Offered {
  const own: Library = {
    context,
    types: typeClasses(context.run),
    schema: madeWhenAsked(schema, context),
    get: name => all.get(name) ?? nothing(nowhere),
  }
  const all = madeWhenAsked(packages, own)
  return all
}

const inspect = functionOf('inspect', () => ofTheDatabase('the inspector'))

/** `sqlalchemy` has these besides types and what describes tables. */
const ofSqlAlchemy: ReadonlyMap<string, Package> = new Map<string, Package>([
  ...['types', 'schema', 'sql', 'dialects', 'orm', 'engine'].map((name): [string, Package] => [
    name,
    own => own.get(`sqlalchemy.${name}`),
  ]),
  ['inspect', () => inspect],
  [
    'create_engine',
    () => ({ ...unknown('it opens another connection', nowhere, true, 'create_engine'), mayReach: true }),
  ],
])

const ofPostgresql: ReadonlyMap<string, Package> = new Map<string, Package>([
  ['Enum', ({ types }) => types.get('ENUM') ?? nothing(nowhere)],
  [
    'ExcludeConstraint',
    () => describes('ExcludeConstraint', call => made('a constraint', constraintOf('exclude', call))),
  ],
  ['insert', () => ofTable(inserts)],
  ['dialect', () => functionOf('dialect', () => dialect)],
  ['array', () => describes('array', ({ args: [items], at }) => arrayOf(items, at))],
])

const ofOrm: ReadonlyMap<string, Package> = new Map<string, Package>([
  ['Session', ({ context }) => sessionClass(session(context))],
  ...['sessionmaker', 'scoped_session'].map((name): [string, Package] => [
    name,
    ({ context }) => {
      const sessions = session(context)
      return functionOf(name, () => sessionClass(sessions))
    },
  ]),
])

function sessionClass(made: Host): Host {
  return functionOf('Session', () => made)
}

const ofSqlModel: ReadonlyMap<string, Package> = new Map<string, Package>([
  ['sql', own => host('sqlmodel.sql', { sqltypes: own.get('sqlmodel.sql.sqltypes') })],
  [
    'AutoString',
    own => {
      const types = own.get('sqlmodel.sql.sqltypes')
      return types.kind === 'host' ? (types.get?.('AutoString', nowhere) ?? types) : types
    },
  ],
])

const packages: ReadonlyMap<string, Package> = new Map<string, Package>([
  ...[...typesOfOthers].map(([name, members]): [string, Package] => [
    name,
    own => lookedInto(name, together(madeWhenAsked(members, own.context.run), modulesIn(name, own))),
  ]),
  ['alembic', own => host('alembic', { op: own.get('alembic.op'), context: own.get('alembic.context') })],
  ['alembic.op', ({ context }) => op(context)],
  ['alembic.context', ({ context }) => environment(boundContext(context).migration)],
  ['sqlalchemy', own => lookedInto('sqlalchemy', together(madeWhenAsked(ofSqlAlchemy, own), own.schema, own.types))],
  ...['sqlalchemy.types', 'sqlalchemy.sql.sqltypes'].map((name): [string, Package] => [
    name,
    ({ types }) => lookedInto('sqlalchemy.types', types),
  ]),
  ...['sqlalchemy.sql', 'sqlalchemy.sql.expression'].map((name): [string, Package] => [
    name,
    own => lookedInto('sqlalchemy.sql', own.schema),
  ]),
  ...['sqlalchemy.schema', 'sqlalchemy.sql.schema'].map((name): [string, Package] => [
    name,
    own => lookedInto('sqlalchemy.schema', own.schema),
  ]),
  ...['sqlalchemy.sql.functions', 'sqlalchemy.sql.func'].map((name): [string, Package] => [name, () => functions()]),
  [
    'sqlalchemy.dialects',
    own => lookedInto('sqlalchemy.dialects', new Map([['postgresql', own.get('sqlalchemy.dialects.postgresql')]])),
  ],
  ...['', '.base', '.json'].map((part): [string, Package] => [
    `sqlalchemy.dialects.postgresql${part}`,
    own => lookedInto('sqlalchemy.dialects.postgresql', together(madeWhenAsked(ofPostgresql, own), own.types)),
  ]),
  ...['sqlalchemy.orm', 'sqlalchemy.orm.session'].map((name): [string, Package] => [
    name,
    own => lookedInto('sqlalchemy.orm', madeWhenAsked(ofOrm, own)),
  ]),
  [
    'sqlalchemy.engine',
    own => lookedInto('sqlalchemy.engine', new Map([['reflection', own.get('sqlalchemy.engine.reflection')]])),
  ],
  [
    'sqlalchemy.engine.reflection',
    () =>
      lookedInto(
        'sqlalchemy.engine.reflection',
        new Map([['Inspector', host('Inspector', { from_engine: inspect }, () => ofTheDatabase('the inspector'))]]),
      ),
  ],
  ...['sqlalchemy.exc', 'sqlalchemy.ext.declarative'].map((name): [string, Package] => [
    name,
    () => lookedInto(name, new Map()),
  ]),
  ['sqlmodel', own => lookedInto('sqlmodel', together(madeWhenAsked(ofSqlModel, own), own.types))],
  [
    'fastapi_users_db_sqlalchemy',
    own =>
      lookedInto(
        'fastapi_users_db_sqlalchemy',
        new Map([['generics', own.get('fastapi_users_db_sqlalchemy.generics')]]),
      ),
  ],
  ['pgvector', own => lookedInto('pgvector', new Map([['sqlalchemy', own.get('pgvector.sqlalchemy')]]))],
])

/** The modules in a package. */
function modulesIn(name: string, own: Library): Offered {
  const pathOf = (member: string) => `${name}.${member}`
  return { get: member => (packages.has(pathOf(member)) ? own.get(pathOf(member)) : undefined) }
}

/** A package with these known members. Its other members are unknown, but reach no database by themselves. */
function lookedInto(name: string, members: Offered): Host {
  return {
    kind: 'host',
    name,
    isInert: true,
    get: (member, at) => members.get(member) ?? unknown(`\`${member}\` of ${name} is not evaluated`, at, false, member),
  }
}

/** `from alembic import context`. */
function environment(migration: Host): Host {
  return {
    kind: 'host',
    name: 'context',
    get: name => {
      if (name === 'is_offline_mode') return functionOf(name, ({ at }) => known(false, at))
      if (name === 'get_context') return functionOf(name, () => migration)
      if (name === 'get_bind') return functionOf(name, ({ at }) => migration.get?.('bind', at) ?? nothing(at))
      if (name === 'config') return ofTheDatabase('config')
      if (name === 'get_x_argument') return answerOf(name, 'it depends on the call of Alembic')
      return undefined
    },
  }
}

function ofTable(make: typeof inserts): Host {
  return describes('a statement', ({ args: [table], at }) => {
    const own = thingIn(table, 'table')
    if (!own) throw new NotRead(table?.kind === 'unknown' ? table.why : 'the table is not known', placeOf(table, at))
    return make(own).call?.({ args: [], argsAt: [], at, nameAt: at }) ?? nothing(at)
  })
}

function arrayOf(items: Value | undefined, at: Span): Host {
  if (items?.kind !== 'list' || items.isOpen) throw new NotRead('the array is not known', placeOf(items, at))
  const parts = items.items.map(item => literal(item, at))
  const sql = sqlAt(at)
  return plainClause(
    sql`ARRAY[${parts.reduce<Text>((left, right) => (left.pieces.length === 0 ? right : sql`${left}, ${right}`), sql``)}]`,
  )
}

/** Calls by which it creates or drops something itself are reported as unread. */
const metadata: Host = {
  kind: 'host',
  name: 'the metadata',
  isInert: true,
  get: name => (name === 'reflect' ? ofTheDatabase('the metadata').get?.(name, nowhere) : undefined),
}

type Member = (context: Context) => Value

const constraint = (name: string, type: Parameters<typeof constraintOf>[0]): [string, Member] => [
  name,
  () => describes(name, call => made('a constraint', constraintOf(type, call))),
]

const word = (name: string, sql: string): [string, Member] => [
  name,
  () => describes(name, ({ at }) => plainClause(textAt(sql, at))),
]

const direction = (name: string, method: string): [string, Member] => [
  name,
  () =>
    describes(name, call => {
      const own = call.args[0]
      const clause = own?.kind === 'text' ? columnClause(own) : own
      const made = clause?.kind === 'host' ? clause.get?.(method, call.at) : undefined
      if (made?.kind !== 'host' || !made.call) throw new NotRead('its arguments are unknown', call.at)
      return made.call({ ...call, args: [], argsAt: [] })
    }),
]

/** Members that describe tables and statements. */
const schema: ReadonlyMap<string, Member> = new Map<string, Member>([
  ['Column', ({ run }) => describes('Column', call => made('a column', columnOf(call, run)))],
  ['ForeignKey', () => describes('ForeignKey', call => made('a foreign key', foreignKeyOf(call)))],
  ['Identity', () => describes('Identity', call => made('an identity', identityOf(call)))],
  [
    'Computed',
    ({ storesComputed }) => describes('Computed', call => made('a computed column', computedOf(call, storesComputed))),
  ],
  ['Sequence', () => describes('Sequence', sequence)],
  ['Index', () => describes('Index', call => made('an index', indexOf(call)))],
  constraint('PrimaryKeyConstraint', 'pk'),
  constraint('UniqueConstraint', 'uq'),
  constraint('ForeignKeyConstraint', 'fk'),
  constraint('CheckConstraint', 'ck'),
  constraint('ExcludeConstraint', 'exclude'),
  ['Table', () => describes('Table', fullTable)],
  ['table', () => describes('table', lightTable)],
  ['column', () => describes('column', ({ args: [name], at }) => columnClause(textIn(name, at, 'the name')))],
  ['MetaData', () => describes('MetaData', () => metadata)],
  ['text', () => describes('text', ({ args: [text], at }) => textHost(textIn(text, at, 'the text')))],
  [
    'literal_column',
    () => describes('literal_column', ({ args: [text], at }) => plainClause(textIn(text, at, 'the text'))),
  ],
  ['literal', () => describes('literal', ({ args: [value], at }) => plainClause(literal(value, at)))],
  ['bindparam', () => describes('bindparam', bindparam)],
  ['func', () => functions()],
  word('true', 'true'),
  word('false', 'false'),
  word('null', 'NULL'),
  ['cast', context => describes('cast', call => cast(call, context))],
  ['and_', () => joinedBy('AND')],
  ['or_', () => joinedBy('OR')],
  direction('desc', 'desc'),
  direction('asc', 'asc'),
  ['insert', () => ofTable(inserts)],
  ['update', () => ofTable(updates)],
  ['delete', () => ofTable(deletes)],
  ['select', () => describes('select', ({ at }) => unknown('the selected columns are not read', at))],
  ['quoted_name', () => describes('quoted_name', ({ at }) => unknown('how it is quoted is not read', at))],
  ['conv', () => describes('conv', ({ args: [name], at }) => final(textIn(name, at, 'the name')))],
  ['DDL', () => describes('DDL', ddl)],
  ['CreateSchema', () => describes('CreateSchema', call => schemaDdl('CREATE', call))],
  ['DropSchema', () => describes('DropSchema', call => schemaDdl('DROP', call))],
  ['CreateSequence', () => describes('CreateSequence', call => sequenceDdl('CREATE', call))],
  ['DropSequence', () => describes('DropSequence', call => sequenceDdl('DROP', call))],
])

function bindparam(call: Call): Host {
  const given = givenIn(
    call,
    ['key', 'value', 'type_'],
    ['expanding', 'unique', 'required', 'literal_execute', 'callable_'],
  )
  const key = textIn(given.get('key'), call.at, 'the name')
  const value = given.get('value') ?? unknown('its value is given later', call.at)
  const text = literal(value, call.at)
  return clauseOf({ bare: text, full: text, key: plain(key) })
}

function cast({ args: [value, type], at, nameAt }: Call, { run }: Context): Host {
  const inner = thingIn(value, 'clause') ?? { bare: literal(value, at), full: literal(value, at) }
  const sql = sqlAt(nameAt)
  const { sql: written } = typeIn(type, at, run)
  return clauseOf({ bare: sql`CAST(${inner.bare} AS ${written})`, full: sql`CAST(${inner.full} AS ${written})` })
}
