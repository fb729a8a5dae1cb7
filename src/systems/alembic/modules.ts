import { NotRead } from '../../code/given/not-read.ts'
import { sqlAt } from '../../code/given/sql.ts'
import { placeOf, textIn } from '../../code/given/value.ts'
import { answerOf, functionOf, host } from '../../code/host.ts'
import { plain, type Text, textAt } from '../../code/text.ts'
import { type Call, type Host, known, nothing, unknown, type Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'
import { boundContext, dialect, ofTheDatabase } from './bind.ts'
import { columnOf, computedOf, foreignKeyOf, identityOf, sequenceOptions, sequenceSql } from './column.ts'
import { constraintOf } from './constraint.ts'
import { clauseOf, columnClause, functions, literal, plainClause, string, textHost, together } from './expression.ts'
import { givenIn } from './given.ts'
import { indexOf } from './index-of-table.ts'
import { final, named, path, tableIn } from './name.ts'
import { op } from './op.ts'
import type { Context } from './operations.ts'
import { session } from './session.ts'
import { fullTable, lightTable } from './table-of.ts'
import { describes, made, thingIn } from './thing.ts'
import { typeClasses, typeIn, typesOfOthers } from './type.ts'
import { deletes, inserts, updates } from './write.ts'

const nowhere: Span = [0, 0]

/** Packages that migrations import, by name. Their other members only describe things that are not read. */
export function modules(context: Context): Record<string, Value> {
  const { run } = context
  const types = typeClasses(run)
  const schema = schemaOf(context)
  const { migration } = boundContext(context)
  const alembic = host('alembic', { op: op(context), context: environment(migration) })
  const postgresql = lookedInto('sqlalchemy.dialects.postgresql', [
    ...types,
    ['Enum', types.get('ENUM') ?? nothing(nowhere)],
    ['ExcludeConstraint', describes('ExcludeConstraint', call => made('a constraint', constraintOf('exclude', call)))],
    ['insert', ofTable(inserts)],
    ['dialect', functionOf('dialect', () => dialect)],
    ['array', describes('array', ({ args: [items], at }) => arrayOf(items, at))],
  ])
  const dialects = lookedInto('sqlalchemy.dialects', [['postgresql', postgresql]])
  const sessions = session(context)
  const orm = lookedInto('sqlalchemy.orm', [
    ['Session', functionOf('Session', () => sessions)],
    ['sessionmaker', functionOf('sessionmaker', () => functionOf('Session', () => sessions))],
    ['scoped_session', functionOf('scoped_session', () => functionOf('Session', () => sessions))],
  ])
  const inspector = ofTheDatabase('the inspector')
  const inspect = functionOf('inspect', () => inspector)
  const reflection = lookedInto('sqlalchemy.engine.reflection', [
    ['Inspector', host('Inspector', { from_engine: inspect }, () => inspector)],
  ])
  const typesModule = lookedInto('sqlalchemy.types', types)
  const engine = lookedInto('sqlalchemy.engine', [['reflection', reflection]])
  const sql = lookedInto('sqlalchemy.sql', [...schema])
  const root: [string, Value][] = [
    ...types,
    ...schema,
    ['types', typesModule],
    ['schema', lookedInto('sqlalchemy.schema', schema)],
    ['sql', sql],
    ['dialects', dialects],
    ['orm', orm],
    ['engine', engine],
    ['inspect', inspect],
    ['create_engine', { ...unknown('it opens another connection', nowhere, true, 'create_engine'), mayReach: true }],
  ]
  const sqlalchemy = lookedInto('sqlalchemy', root)
  const others = [...typesOfOthers(run)].map(([name, members]) => [name, lookedInto(name, members)] as const)
  const utils = others.find(([name]) => name === 'sqlalchemy_utils')?.[1]
  const autoString = others.find(([name]) => name === 'sqlmodel.sql.sqltypes')?.[1] ?? nothing(nowhere)
  const users = others.find(([name]) => name === 'fastapi_users_db_sqlalchemy.generics')?.[1] ?? nothing(nowhere)
  const pgvector = others.find(([name]) => name === 'pgvector.sqlalchemy')?.[1] ?? nothing(nowhere)
  return {
    ...Object.fromEntries(others),
    ...(utils && { sqlalchemy_utils: utils }),
    alembic,
    'alembic.op': op(context),
    'alembic.context': environment(migration),
    sqlalchemy,
    'sqlalchemy.types': typesModule,
    'sqlalchemy.sql': sql,
    'sqlalchemy.sql.expression': sql,
    'sqlalchemy.sql.schema': lookedInto('sqlalchemy.schema', schema),
    'sqlalchemy.sql.sqltypes': typesModule,
    'sqlalchemy.sql.functions': functions(),
    'sqlalchemy.sql.func': functions(),
    'sqlalchemy.schema': lookedInto('sqlalchemy.schema', schema),
    'sqlalchemy.dialects': dialects,
    'sqlalchemy.dialects.postgresql': postgresql,
    'sqlalchemy.dialects.postgresql.base': postgresql,
    'sqlalchemy.dialects.postgresql.json': postgresql,
    'sqlalchemy.orm': orm,
    'sqlalchemy.orm.session': orm,
    'sqlalchemy.engine': engine,
    'sqlalchemy.engine.reflection': reflection,
    'sqlalchemy.exc': lookedInto('sqlalchemy.exc', []),
    'sqlalchemy.ext.declarative': lookedInto('sqlalchemy.ext.declarative', []),
    sqlmodel: lookedInto('sqlmodel', [
      ...types,
      ['sql', host('sqlmodel.sql', { sqltypes: autoString })],
      ['AutoString', autoString.kind === 'host' ? (autoString.get?.('AutoString', nowhere) ?? autoString) : autoString],
    ]),
    fastapi_users_db_sqlalchemy: lookedInto('fastapi_users_db_sqlalchemy', [['generics', users]]),
    pgvector: lookedInto('pgvector', [['sqlalchemy', pgvector]]),
  }
}

/** A package with these known members. Its other members are unknown, but reach no database by themselves. */
function lookedInto(name: string, members: Iterable<readonly [string, Value]>): Host {
  const all = new Map(members)
  return {
    kind: 'host',
    name,
    isInert: true,
    get: (member, at) => all.get(member) ?? unknown(`\`${member}\` of ${name} is not evaluated`, at, false, member),
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

/** Members that describe tables and statements. */
function schemaOf(context: Context): [string, Value][] {
  const { run, storesComputed } = context
  const constraint = (name: string, type: Parameters<typeof constraintOf>[0]): [string, Value] => [
    name,
    describes(name, call => made('a constraint', constraintOf(type, call))),
  ]
  const word = (name: string, sql: string): [string, Value] => [
    name,
    describes(name, ({ at }) => plainClause(textAt(sql, at))),
  ]
  const direction = (name: string, method: string): [string, Value] => [
    name,
    describes(name, call => {
      const own = call.args[0]
      const clause = own?.kind === 'text' ? columnClause(own) : own
      const made = clause?.kind === 'host' ? clause.get?.(method, call.at) : undefined
      if (made?.kind !== 'host' || !made.call) throw new NotRead('its arguments are unknown', call.at)
      return made.call({ ...call, args: [], argsAt: [] })
    }),
  ]
  return [
    ['Column', describes('Column', call => made('a column', columnOf(call, run)))],
    ['ForeignKey', describes('ForeignKey', call => made('a foreign key', foreignKeyOf(call)))],
    ['Identity', describes('Identity', call => made('an identity', identityOf(call)))],
    ['Computed', describes('Computed', call => made('a computed column', computedOf(call, storesComputed)))],
    ['Sequence', describes('Sequence', sequence)],
    ['Index', describes('Index', call => made('an index', indexOf(call)))],
    constraint('PrimaryKeyConstraint', 'pk'),
    constraint('UniqueConstraint', 'uq'),
    constraint('ForeignKeyConstraint', 'fk'),
    constraint('CheckConstraint', 'ck'),
    constraint('ExcludeConstraint', 'exclude'),
    ['Table', describes('Table', fullTable)],
    ['table', describes('table', lightTable)],
    ['column', describes('column', ({ args: [name], at }) => columnClause(textIn(name, at, 'the name')))],
    ['MetaData', describes('MetaData', () => metadata)],
    ['text', describes('text', ({ args: [text], at }) => textHost(textIn(text, at, 'the text')))],
    [
      'literal_column',
      describes('literal_column', ({ args: [text], at }) => plainClause(textIn(text, at, 'the text'))),
    ],
    ['literal', describes('literal', ({ args: [value], at }) => plainClause(literal(value, at)))],
    ['bindparam', describes('bindparam', bindparam)],
    ['func', functions()],
    word('true', 'true'),
    word('false', 'false'),
    word('null', 'NULL'),
    ['cast', describes('cast', call => cast(call, context))],
    ['and_', together('AND')],
    ['or_', together('OR')],
    direction('desc', 'desc'),
    direction('asc', 'asc'),
    ['insert', ofTable(inserts)],
    ['update', ofTable(updates)],
    ['delete', ofTable(deletes)],
    ['select', describes('select', ({ at }) => unknown('the selected columns are not read', at))],
    ['quoted_name', describes('quoted_name', ({ at }) => unknown('how it is quoted is not read', at))],
    ['conv', describes('conv', ({ args: [name], at }) => final(textIn(name, at, 'the name')))],
    ['DDL', describes('DDL', ddl)],
    ['CreateSchema', describes('CreateSchema', call => schemaDdl('CREATE', call))],
    ['DropSchema', describes('DropSchema', call => schemaDdl('DROP', call))],
    ['CreateSequence', describes('CreateSequence', call => sequenceDdl('CREATE', call))],
    ['DropSequence', describes('DropSequence', call => sequenceDdl('DROP', call))],
  ]
}

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

/** `sa.DDL`: the text is a template of Python. */
function ddl({ args, at }: Call): Host {
  const text = textIn(args[0], at, 'the text')
  if (args.length > 1 || /%[^%]/.test(plain(text).replaceAll('%%', '')))
    throw new NotRead('the values that are put into it are not read', at)
  return made('DDL', { kind: 'ddl', sql: text })
}

function schemaDdl(word: 'CREATE' | 'DROP', call: Call): Host {
  const given = givenIn(
    call,
    ['element'],
    word === 'CREATE' ? ['if_not_exists', 'quote'] : ['if_exists', 'cascade', 'quote'],
  )
  const { at, nameAt } = call
  const name = named(textIn(given.get('element'), at, 'the schema'))
  const exists = given.is('if_not_exists') ? 'IF NOT EXISTS ' : given.is('if_exists') ? 'IF EXISTS ' : ''
  const sql = sqlAt(nameAt)`${word} SCHEMA ${exists}${name}${given.is('cascade') ? ' CASCADE' : ''}`
  return made('DDL', { kind: 'ddl', sql })
}

function sequence(call: Call): Host {
  const given = givenIn(
    call,
    ['name', ...sequenceOptions.slice(0, 2)],
    [...sequenceOptions.slice(2), 'schema', 'metadata', 'optional', 'data_type'],
  )
  if (given.some('data_type') !== undefined) throw new NotRead('its option `data_type` is not read', call.at)
  const name = tableIn(given.get('name'), given.some('schema'), call.at)
  const sql = sequenceSql(given, call.nameAt) ?? textAt('', call.nameAt)
  const next = describes('next_value', ({ at }) => plainClause(sqlAt(at)`nextval(${string(path(name, at), at)})`))
  return made(
    'a sequence',
    { kind: 'sequence', sql, name },
    { get: member => (member === 'next_value' ? next : undefined) },
  )
}

function sequenceDdl(word: 'CREATE' | 'DROP', call: Call): Host {
  const { at, nameAt } = call
  const given = givenIn(call, ['element'], ['if_not_exists', 'if_exists'])
  const own = thingIn(given.get('element'), 'sequence')
  if (!own?.name) throw new NotRead('the sequence is not known', at)
  const exists = given.is('if_not_exists') ? 'IF NOT EXISTS ' : given.is('if_exists') ? 'IF EXISTS ' : ''
  const options = word === 'CREATE' && own.sql.pieces.length > 0 ? sqlAt(nameAt)` ${own.sql}` : ''
  return made('DDL', { kind: 'ddl', sql: sqlAt(nameAt)`${word} SEQUENCE ${exists}${path(own.name, nameAt)}${options}` })
}
