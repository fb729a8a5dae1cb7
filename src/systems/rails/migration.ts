import { NotRead, told } from '../../code/given/not-read.ts'
import { functionOf, host, silent } from '../../code/host.ts'
import { type Call, type Host, known, nothing, unknown, type Value } from '../../code/value.ts'
import { connectionOf, transaction } from './connection.ts'
import type { Session } from './given.ts'

/** The methods of a migration other than those that change the schema, for instances and for the class itself. */
export function migrationMethods(session: Session): ReadonlyMap<string, Value> {
  const { run } = session
  const runs = (name: string, args: readonly Value[] = []): Host =>
    functionOf(name, ({ block, at }) => (block ? run.invoke(block, args, at) : nothing(at)))
  const methods = new Map<string, Value>(
    Object.entries({
      // These calls decide how the migration runs, which the system reads. Its own transactions depend on it, too.
      'disable_ddl_transaction!': functionOf('disable_ddl_transaction!', ({ at }) => {
        session.isOutside = true
        return nothing(at)
      }),
      reversible: functionOf('reversible', ({ block, at }) => {
        const isReverting = session.isReverting
        if (block) session.inOrder(() => void run.invoke(block, [directions(session, isReverting)], at))
        return nothing(at)
      }),
      up_only: functionOf('up_only', ({ block, at }) => {
        if (block && !session.isReverting) session.inOrder(() => void run.invoke(block, [], at))
        return nothing(at)
      }),
      revert: functionOf('revert', call => reverted(session, call)),
      run: functionOf('run', ({ at }) => run.notRead(at, 'it runs another migration')),
      'reverting?': functionOf('reverting?', ({ at }) => known(session.isReverting, at)),
      transaction: transaction(session),
      connection: connectionOf(session),
      quote: functionOf('quote', ({ at }) => unknown('the database quotes it', at)),
      proper_table_name: functionOf('proper_table_name', ({ args: [name], at }) => name ?? nothing(at)),
    }),
  )
  for (const name of transparent) methods.set(name, runs(name))
  for (const name of quiet) methods.set(name, silent(name))
  return methods
}

/** Methods of Rails and of gems that just run their block. */
const transparent = [
  ...['say_with_time', 'suppress_messages'],
  // strong_migrations, online_migrations and safe-pg-migrations say whether a call is safe, which this program decides itself.
  ...[
    'safety_assured',
    'with_lock_retries',
    'disable_statement_timeout',
    'without_statement_timeout',
    'without_timeout',
  ],
]

const quiet = [
  'say',
  'write',
  'announce',
  'disable_statement_timeout!',
  'disable_lock_timeout!',
  'enable_lock_retries!',
  'skip_disable_statement_timeout',
]

/** The object that the block of `reversible` gets. */
function directions(session: Session, isReverting: boolean): Host {
  const when = (name: string, is: boolean) =>
    functionOf(name, ({ block, at }) => (block && is ? session.run.invoke(block, [], at) : nothing(at)))
  return host('dir', { up: when('up', !isReverting), down: when('down', isReverting) })
}

function reverted(session: Session, { args, block, at }: Call): Value {
  told(session.run, at, () => {
    if (args.length > 0) throw new NotRead('it reverts another migration', at)
    if (block) session.revert(() => void session.run.invoke(block, [], at))
  })
  return nothing(at)
}
