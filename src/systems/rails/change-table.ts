import { NotRead, told } from '../../code/given/not-read.ts'
import { functionOf, host } from '../../code/host.ts'
import type { Text } from '../../code/text.ts'
import { type Host, nothing, type Value } from '../../code/value.ts'
import { changed, commandOf, without } from './command.ts'
import type { Given, Operation, Session } from './given.ts'
import { isSet, namesIn } from './given.ts'
import { columnMethods } from './type.ts'

/** Methods of the block of `change_table`, and the methods of a migration that they stand for: Table of abstract/schema_definitions.rb. */
const methods: Readonly<Record<string, string>> = {
  change: 'change_column',
  change_default: 'change_column_default',
  change_null: 'change_column_null',
  rename: 'rename_column',
  remove: 'remove_columns',
  timestamps: 'add_timestamps',
  remove_timestamps: 'remove_timestamps',
  index: 'add_index',
  remove_index: 'remove_index',
  rename_index: 'rename_index',
  foreign_key: 'add_foreign_key',
  remove_foreign_key: 'remove_foreign_key',
  check_constraint: 'add_check_constraint',
  remove_check_constraint: 'remove_check_constraint',
  unique_constraint: 'add_unique_constraint',
  remove_unique_constraint: 'remove_unique_constraint',
  exclusion_constraint: 'add_exclusion_constraint',
  remove_exclusion_constraint: 'remove_exclusion_constraint',
  validate_constraint: 'validate_constraint',
  validate_check_constraint: 'validate_check_constraint',
  column_exists: 'column_exists?',
  'column_exists?': 'column_exists?',
  'index_exists?': 'index_exists?',
  'foreign_key_exists?': 'foreign_key_exists?',
  'check_constraint_exists?': 'check_constraint_exists?',
}

/** The object that the block of `change_table` gets as `t`. */
function tableHost(session: Session, name: Text): Host {
  const members = new Map<string, Value>([['name', functionOf('t.name', () => name)]])
  for (const [own, operation] of Object.entries(methods))
    members.set(
      own,
      functionOf(`t.${own}`, call => session.perform(operation, { ...call, args: [name, ...call.args] })),
    )
  const each = (own: string, work: (name: Text, call: ReturnType<typeof commandOf>) => void) => {
    members.set(
      own,
      functionOf(`t.${own}`, call => {
        told(session.run, call.at, () => {
          const command = commandOf(own, { ...call, args: [name, ...call.args] })
          for (const value of command.args.slice(1))
            for (const each of namesIn(value, call.nameAt, 'the column')) work(each, command)
        })
        return nothing(call.at)
      }),
    )
  }
  for (const type of columnMethods)
    each(type, (column, command) =>
      addColumn(
        session,
        name,
        column,
        { kind: 'text', pieces: [{ text: type, at: command.nameAt, isVerbatim: false }] },
        command,
      ),
    )
  members.set(
    'column',
    functionOf('t.column', call => {
      told(session.run, call.at, () => {
        const command = commandOf('column', { ...call, args: [name, ...call.args] })
        const [, column, type] = command.args
        const [own] = namesIn(column, call.nameAt, 'the column')
        if (own && type) addColumn(session, name, own, type, command)
      })
      return nothing(call.at)
    }),
  )
  for (const [own, operation] of [
    ['references', 'add_reference'],
    ['belongs_to', 'add_reference'],
    ['remove_references', 'remove_reference'],
    ['remove_belongs_to', 'remove_reference'],
  ] as const)
    each(
      own,
      (reference, command) => void session.command(changed(command, { name: operation, args: [name, reference] })),
    )
  return host('t', Object.fromEntries(members))
}

/** The index of a column with `index:` follows the column. */
function addColumn(
  session: Session,
  name: Text,
  column: Text,
  type: Value,
  command: ReturnType<typeof commandOf>,
): void {
  const index = command.options.get('index')
  const options = without(command.options, ['index'])
  session.command(changed(command, { name: 'add_column', args: [name, column, type], options }))
  if (!index || !isSet(index, command.at)) return
  const own = index.kind === 'record' ? index.entries : new Map<string, Value>()
  session.command(changed(command, { name: 'add_index', args: [name, column], options: own }))
}

const change: Operation = (given: Given) => {
  const { session, command } = given
  const { block } = command
  const name = given.name(0, 'the table')
  if (!block) return undefined
  const work = () => void session.run.invoke(block, [tableHost(session, name)], command.at)
  // The calls of the block are taken back one by one. Rails 7.0 and later do that in one statement where the block is in bulk.
  if (!given.is('bulk')) work()
  else if (!session.isReverting) session.bulk(name, command, work)
  else if (session.settings.rails < 7) work()
  else throw new NotRead('how Rails takes `change_table` with `bulk` back is not read', given.at)
  return undefined
}

export const changes: Readonly<Record<string, Operation>> = { change_table: change }
