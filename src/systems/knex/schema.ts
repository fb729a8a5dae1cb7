import { NotRead, told } from '../../code/given/not-read.ts'
import { sqlAt } from '../../code/given/sql.ts'
import { isNone, isTrue } from '../../code/given/value.ts'
import { answer, functionOf, textGiven } from '../../code/host.ts'
import type { Run } from '../../code/run.ts'
import type { Text } from '../../code/text.ts'
import { type Call, type Host, nothing, unknown, type Value } from '../../code/value.ts'
import type { TypeContext } from './column-type.ts'
import { verbatim } from './given.ts'
import { inSchema, nameOf, wrapped } from './name.ts'
import { withBindings } from './raw.ts'
import { describedTable, type TableMethod } from './table.ts'
import { sendTable } from './table-sql.ts'
import { sendAlteredView, sendView } from './view.ts'

/** One step of a schema builder, which runs when the program waits for it. */
type Step = (run: Run, call: Call, schema: Text | null, precision: TypeContext['dateTimePrecision']) => void

/** `knex.schema`, which is a new builder each time: lib/schema/builder.js. */
export function schemaBuilder(run: Run, precision: TypeContext['dateTimePrecision']): Host {
  const steps: { readonly step: Step; readonly call: Call }[] = []
  let schema: Text | null = null
  const own: Host = {
    kind: 'host',
    name: 'knex.schema',
    get: member => memberOf(member),
    settle: at => {
      for (const { step, call } of steps) told(run, call.at, () => step(run, call, schema, precision))
      return answer(at)
    },
  }

  function memberOf(member: string): Value | undefined {
    const step = stepOf.get(member)
    if (step)
      return functionOf(`knex.schema.${member}`, call => {
        steps.push({ step, call })
        return own
      })
    switch (member) {
      case 'withSchema':
        return functionOf('knex.schema.withSchema', ({ args: [value], at }) => {
          if (value?.kind === 'unknown') schema = textGiven({ args: [value], argsAt: [at], at, nameAt: at })
          else schema = isNone(value) ? null : (told(run, at, () => verbatim(value, at)) ?? null)
          return own
        })
      case 'transacting':
      case 'queryContext':
      case 'timeout':
        return functionOf(`knex.schema.${member}`, () => own)
      case 'hasTable':
      case 'hasColumn':
        return functionOf(`knex.schema.${member}`, ({ at }) => unknown('it depends on the content of the database', at))
    }
    return undefined
  }
  return own
}

const stepOf: ReadonlyMap<string, Step> = new Map<string, Step>([
  ['createTable', table('create')],
  ['createTableIfNotExists', table('createIfNot')],
  ['createTableLike', table('createLike')],
  ['alterTable', table('alter')],
  ['table', table('alter')],
  ['dropTable', named('drop table', true)],
  ['dropTableIfExists', named('drop table if exists', true)],
  ['renameTable', renameTable],
  ['createView', view('create view')],
  ['createViewOrReplace', view('create or replace view')],
  ['createMaterializedView', view('create materialized view')],
  ['alterView', (run, call, schema) => sendAlteredView(run, call, schema, nameGiven(call))],
  ['view', (run, call, schema) => sendAlteredView(run, call, schema, nameGiven(call))],
  ['dropView', named('drop view', true)],
  ['dropViewIfExists', named('drop view if exists', true)],
  ['dropMaterializedView', named('drop materialized view', true)],
  ['dropMaterializedViewIfExists', named('drop materialized view if exists', true)],
  ['refreshMaterializedView', refresh],
  ['renameView', renameView],
  ['createSchema', named('create schema', false)],
  ['createSchemaIfNotExists', named('create schema if not exists', false)],
  ['dropSchema', named('drop schema', false, 'cascade')],
  ['dropSchemaIfExists', named('drop schema if exists', false, 'cascade')],
  ['createExtension', named('create extension', false)],
  ['createExtensionIfNotExists', named('create extension if not exists', false)],
  ['dropExtension', named('drop extension', false)],
  ['dropExtensionIfExists', named('drop extension if exists', false)],
  ['raw', (run, call) => run.send(withBindings(textGiven(call), call.args[1]), { at: call.at })],
])

/** A name before Knex wraps it. */
function nameGiven({ args, argsAt, nameAt }: Call, i = 0): Text {
  const value = args[i]
  const at = argsAt[i] ?? nameAt
  if (value?.kind === 'unknown') return textGiven({ args: [value], argsAt: [at], at, nameAt })
  if (value?.kind === 'text') return value
  throw new NotRead('its name is not read')
}

/** `verb "name"`, with the schema of the builder or without; with a word at its end if the second argument is true. */
function named(verb: string, isInSchema: boolean, end?: string): Step {
  return (run, call, schema) => {
    const { args, argsAt, at, nameAt } = call
    const words = sqlAt(nameAt)
    const name =
      isInSchema && schema !== null ? wrapped(inSchema(schema, nameGiven(call))) : nameOf(args[0], argsAt[0] ?? nameAt)
    const last = end !== undefined && isTrue(args[1]) ? ` ${end}` : ''
    run.send(words`${verb} ${name}${last}`, { at })
  }
}

function renameTable(run: Run, call: Call, schema: Text | null): void {
  const from = wrapped(inSchema(schema, nameGiven(call)))
  const to = nameOf(call.args[1], call.argsAt[1] ?? call.nameAt)
  run.send(sqlAt(call.nameAt)`alter table ${from} rename to ${to}`, { at: call.at })
}

function renameView(run: Run, call: Call): void {
  const from = nameOf(call.args[0], call.argsAt[0] ?? call.nameAt)
  const to = nameOf(call.args[1], call.argsAt[1] ?? call.nameAt)
  run.send(sqlAt(call.nameAt)`alter view ${from} rename to ${to}`, { at: call.at })
}

function refresh(run: Run, call: Call): void {
  const name = nameOf(call.args[0], call.argsAt[0] ?? call.nameAt)
  const how = isTrue(call.args[1]) ? ' concurrently' : ''
  run.send(sqlAt(call.nameAt)`refresh materialized view${how} ${name}`, { at: call.at })
}

function view(create: string): Step {
  return (run, call, schema) => sendView(run, create, call, schema, nameGiven(call))
}

function table(method: TableMethod): Step {
  return (run, call, schema, dateTimePrecision) => {
    const isLike = method === 'createLike'
    const describe = call.args[isLike ? 2 : 1] ?? nothing(call.at)
    const name = nameGiven(call)
    const like = isLike ? nameGiven(call, 1) : null
    const hasNone = isLike && isNone(describe)
    if (!hasNone && describe.kind !== 'callable' && describe.kind !== 'host')
      throw new NotRead(describe.kind === 'unknown' ? describe.why : 'no function describes the table')
    const described = describedTable(run, method, hasNone ? emptyDescription : describe, call.at)
    sendTable(run, described, { call, schema, name, like, dateTimePrecision })
  }
}

const emptyDescription: Host = functionOf('nothing', ({ at }) => nothing(at))
