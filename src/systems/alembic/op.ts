import { reads } from '../../code/given/call.ts'
import { NotRead, told } from '../../code/given/not-read.ts'
import { isNull, listIn, placeOf, textIn } from '../../code/given/value.ts'
import { functionOf } from '../../code/host.ts'
import { madeWhenAsked } from '../../code/offered.ts'
import type { Text } from '../../code/text.ts'
import { type Call, type Host, nothing, type Value } from '../../code/value.ts'
import { boundContext } from './bind.ts'
import { executes } from './execute.ts'
import { givenIn } from './given.ts'
import { final, tableIn } from './name.ts'
import { type Context, type Operation, operations, tableFor } from './operations.ts'
import { contentsOf, createTable, creationsOf, tableHost, tableOptions } from './table-of.ts'
import { describes, thingIn } from './thing.ts'
import { insertOf, rowIn } from './write.ts'

/** `alembic.op`: alembic/operations/base.py. Calls of other members are reported as unread. */
export function op(context: Context): Host {
  const own = madeWhenAsked(members, context)
  const { run } = context
  return {
    kind: 'host',
    name: 'op',
    get: name => {
      const plugin = plugins.get(name)
      return plugin === undefined
        ? own.get(name)
        : functionOf(name, ({ at }) => run.notRead(at, `\`${name}\` is an operation of ${plugin}`))
    },
  }
}

/** Operations that other packages register: what they send is in objects of the application, or in the database. */
const plugins: ReadonlyMap<string, string> = new Map([
  ...['create', 'replace', 'revert', 'drop'].map((verb): [string, string] => [`${verb}_entity`, 'alembic_utils']),
  ['sync_enum_values', 'alembic_postgresql_enum'],
])

type Member = (context: Context) => Value

/** `op.f`: the name that it gets. */
function quotes(name: string): Host {
  return describes(name, ({ args: [value], at }) => final(textIn(value, at, 'the name')))
}

/** The SQL of an operation. `within`: the table of a batch, and its schema. */
function built(
  operation: Operation,
  call: Call,
  context: Context,
  within: { readonly table: Value; readonly schema: Value | undefined } | null,
): readonly Text[] {
  const { batch: names = [], options, takesRest, table = 'table_name', schema = 'schema' } = operation
  const more = within
    ? new Map([[table === '' ? 'table_name' : table, within.table] as const, [schema, within.schema] as const])
    : new Map()
  const given = givenIn(call, within ? names : operation.names, options, { more, ...(takesRest && { takesRest }) })
  return operation.build(given, tableFor(operation, given), context)
}

function created(call: Call, context: Context): Value {
  const { run, convention, types } = context
  const { at } = call
  const options = ['if_not_exists', 'schema', 'comment', 'prefixes', 'info', ...tableOptions]
  const given = givenIn(call, ['table_name'], options, { takesRest: true })
  const table = tableIn(given.get('table_name'), given.some('schema'), at)
  const contents = contentsOf(given.rest, at)
  const sent = createTable(given, table, contents, convention)
  for (const creation of creationsOf(contents.columns, types))
    told(run, at, () => run.send(creation.sql(call.nameAt), { at }))
  for (const sql of sent) run.send(sql, { at })
  const { columns } = contents
  return tableHost({
    kind: 'table',
    name: table,
    columns: columns.map(({ name }) => name),
    filled: columns.filter(({ hasDefault }) => hasDefault).map(({ name }) => name),
  })
}

function inserted(call: Call, { run }: Context): Value {
  const { at, nameAt } = call
  const given = givenIn(call, ['table', 'rows'], ['multiinsert'])
  const table = thingIn(given.get('table'), 'table')
  if (!table) throw new NotRead('the table is not known', placeOf(given.get('table'), at))
  const rows = listIn(given.get('rows'), at, 'the rows').map(row => insertOf(table, rowIn(row, at), nameAt))
  for (const row of rows) run.send(row, { at })
  return nothing(at)
}

/** `with op.batch_alter_table('t') as batch_op:` sends its operations at its end, and does not copy the table on PostgreSQL. */
function batch(call: Call, context: Context): Value {
  const { run } = context
  const options = [
    'recreate',
    'partial_reordering',
    'copy_from',
    'table_args',
    'table_kwargs',
    'reflect_args',
    'reflect_kwargs',
    'naming_convention',
  ]
  const given = givenIn(call, ['table_name', 'schema'], options)
  const recreate = given.some('recreate')
  if (recreate && !(recreate.kind === 'text' && recreate.pieces.map(({ text }) => text).join('') !== 'always'))
    throw new NotRead('the table may be copied', placeOf(recreate, call.at))
  const table = given.get('table_name')
  if (table === undefined || isNull(table)) throw new NotRead('the table is not known', call.at)
  const schema = given.some('schema')
  return {
    kind: 'host',
    name: 'op.batch_alter_table',
    within: body => {
      const before = run.conditions
      const waiting: { readonly sql: Text; readonly at: Call['at']; readonly isConditional: boolean }[] = []
      const members = new Map<string, Value>()
      for (const [name, operation] of operations)
        if (operation.batch)
          members.set(
            name,
            reads(run, `batch_op.${name}`, each => {
              for (const sql of built(operation, each, context, { table, schema }))
                waiting.push({ sql, at: each.at, isConditional: run.conditions > before })
              return nothing(each.at)
            }),
          )
      members.set('f', quotes('batch_op.f'))
      members.set('execute', executes(context, 'batch_op.execute', ['sqltext']))
      members.set(
        'get_bind',
        functionOf('batch_op.get_bind', () => boundContext(context).bind),
      )
      members.set(
        'get_context',
        functionOf('batch_op.get_context', () => boundContext(context).migration),
      )
      body({ kind: 'host', name: 'batch_op', get: name => members.get(name) })
      for (const { sql, at, isConditional } of waiting) {
        if (isConditional) run.perhaps(() => run.send(sql, { at }))
        else run.send(sql, { at })
      }
    },
  }
}

const members: ReadonlyMap<string, Member> = new Map<string, Member>([
  ...[...operations].map(([name, operation]): [string, Member] => [
    name,
    context =>
      reads(context.run, `op.${name}`, call => {
        for (const sql of built(operation, call, context, null)) context.run.send(sql, { at: call.at })
        return nothing(call.at)
      }),
  ]),
  ['create_table', context => reads(context.run, 'op.create_table', call => created(call, context))],
  ['bulk_insert', context => reads(context.run, 'op.bulk_insert', call => inserted(call, context))],
  ['execute', context => executes(context, 'op.execute', ['sqltext'])],
  ['f', () => quotes('op.f')],
  ['inline_literal', () => functionOf('op.inline_literal', ({ args: [value], at }) => value ?? nothing(at))],
  ['get_context', context => functionOf('op.get_context', () => boundContext(context).migration)],
  ['get_bind', context => functionOf('op.get_bind', () => boundContext(context).bind)],
  ['batch_alter_table', context => reads(context.run, 'op.batch_alter_table', call => batch(call, context))],
])
