import { told } from '../../code/given/not-read.ts'
import { isTrue, optionsIn } from '../../code/given/value.ts'
import { functionOf } from '../../code/host.ts'
import type { Run } from '../../code/run.ts'
import type { Text } from '../../code/text.ts'
import { textAt } from '../../code/text.ts'
import { type Call, entry, type Host, known, list, nothing, type Value } from '../../code/value.ts'
import { type Column, type Command, columnHost, type Foreign, foreignHost } from './column.ts'
import { columnMethods } from './column-type.ts'
import { rawOf } from './raw.ts'

export type TableMethod = 'create' | 'createIfNot' | 'createLike' | 'alter'

/** The description of a table by a function: lib/schema/tablebuilder.js. */
export interface Table {
  readonly method: TableMethod
  readonly columns: Column[]
  readonly commands: Command[]
  readonly checks: Command[]
  comment: Pick<Call, 'args' | 'argsAt' | 'at' | 'nameAt'> | null
  inherits: Pick<Call, 'args' | 'argsAt' | 'nameAt'> | null
}

/** Commands of all tables, and those of altered tables. */
const ofAll = new Set([
  ...['index', 'primary', 'unique', 'dropPrimary', 'dropPrimaryIfExists', 'dropUnique', 'dropUniqueIfExists'],
  ...['dropIndex', 'dropForeign', 'dropForeignIfExists'],
])
const ofAltered = new Set(['renameColumn', 'setNullable', 'dropNullable', 'dropChecks', 'dropColumn', 'dropColumns'])
/** Commands for MySQL, which Knex refuses elsewhere. */
const ofOthers = new Set(['engine', 'charset', 'collate'])

/** Reads the description of a table: calls the function with the object that it gets from Knex. */
export function describedTable(run: Run, method: TableMethod, describe: Value, at: Call['at']): Table {
  const table: Table = { method, columns: [], commands: [], checks: [], comment: null, inherits: null }
  const own = tableHost(run, table)
  run.invoke(describe, [own], at, own)
  return table
}

function tableHost(run: Run, table: Table): Host {
  const before = run.conditions
  const isAlter = table.method === 'alter'
  const own: Host = { kind: 'host', name: 'the table', get: memberOf }
  const isConditional = () => run.conditions > before
  const add = (method: string, call: Command['call'], foreign?: Foreign) => {
    table.commands.push({ method, call, isConditional: isConditional(), ...(foreign && { foreign }) })
  }

  function column(type: string, call: Call): Column {
    const made: Column = {
      type,
      call,
      modifiers: new Map(),
      method: 'add',
      alterNullable: true,
      alterType: true,
      isConditional: isConditional(),
    }
    table.columns.push(made)
    return made
  }

  function memberOf(member: string): Value | undefined {
    const type = columnMethods.get(member)
    if (type !== undefined)
      return functionOf(`table.${member}`, call => columnHost(run, column(type, call), { isAlter, add }))
    if (ofAll.has(member) || (isAlter && ofAltered.has(member)))
      return functionOf(`table.${member}`, call => {
        add(member, call)
        return own
      })
    switch (member) {
      case 'foreign':
        return functionOf('table.foreign', call => {
          const foreign: Foreign = { column: call.args[0], columnAt: call.argsAt[0] ?? call.at, keyName: call.args[1] }
          add('foreign', call, foreign)
          return foreignHost(foreign)
        })
      case 'check':
        return functionOf('table.check', call => {
          if (isAlter) add('check', call)
          else table.checks.push({ method: 'check', call, isConditional: isConditional() })
          return own
        })
      case 'comment':
        return functionOf('table.comment', call => sure(call, () => (table.comment = call)))
      case 'inherits':
        return isAlter ? undefined : functionOf('table.inherits', call => sure(call, () => (table.inherits = call)))
      case 'timestamps':
        return functionOf('table.timestamps', call => {
          timestamps(call)
          return nothing(call.at)
        })
      case 'dropTimestamps':
        return isAlter ? functionOf('table.dropTimestamps', dropTimestamps) : undefined
      case 'queryContext':
        return functionOf('table.queryContext', () => own)
    }
    if (!ofOthers.has(member)) return undefined
    // Both branches of a condition are read here, and this call belongs to the branch for MySQL.
    return functionOf(`table.${member}`, ({ at }) =>
      isConditional() ? nothing(at) : run.notRead(at, 'Knex refuses it on PostgreSQL'),
    )
  }

  function sure(call: Call, work: () => void): Value {
    if (isConditional()) return run.notRead(call.at, 'it depends on an unknown value')
    work()
    return nothing(call.at)
  }

  /** `(useTimestamps, defaultToNow, useCamelCase)`, or an object with these. */
  function timestamps(call: Call): void {
    const { args, at, nameAt } = call
    told(run, at, () => {
      const options = optionsIn(args[0])
      const [toNow, isCamel] = options
        ? [entry(options, 'defaultToNow'), entry(options, 'useCamelCase')]
        : [args[1], args[2]]
      const isNow = isTrue(toNow)
      for (const name of names(isTrue(isCamel), call)) {
        const made = column('datetime', { args: [name], argsAt: [nameAt], at, nameAt })
        if (!isNow) continue
        const now = rawOf(run, 'knex.raw', { at }, textAt('CURRENT_TIMESTAMP', nameAt))
        made.modifiers.set('nullable', { args: [known(false, at)], argsAt: [nameAt], nameAt })
        made.modifiers.set('defaultTo', { args: [now], argsAt: [nameAt], nameAt })
      }
    })
  }

  function dropTimestamps(call: Call): Value {
    const [isCamel] = call.args
    if (isCamel?.kind === 'unknown') return run.notRead(call.at, isCamel.why)
    const both = names(isCamel?.kind === 'plain' && isCamel.value === true, call)
    add('dropColumns', { ...call, args: [list(both, call.at)], argsAt: [call.nameAt] })
    return own
  }
  return own
}

function names(isCamel: boolean, { nameAt }: Call): Text[] {
  return (isCamel ? ['createdAt', 'updatedAt'] : ['created_at', 'updated_at']).map(name => textAt(name, nameAt))
}
