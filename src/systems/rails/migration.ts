import { NotRead, told } from '../../code/given/not-read.ts'
import { functionOf, host, silent } from '../../code/host.ts'
import { madeWhenAsked, type Offered } from '../../code/offered.ts'
import type { Run } from '../../code/run.ts'
import { type Call, type Host, known, nothing, unknown, type Value } from '../../code/value.ts'
import { connectionOf, transaction } from './connection.ts'
import type { Session } from './given.ts'

/** The methods of a migration other than those that change the schema, for instances and for the class itself. */
export function migrationMethods(session: Session): Offered {
  return madeWhenAsked(methods, session)
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

type Method = (session: Session) => Value

const methods: ReadonlyMap<string, Method> = new Map<string, Method>([
  // These calls decide how the migration runs, which the system reads. Its own transactions depend on it, too.
  [
    'disable_ddl_transaction!',
    session =>
      functionOf('disable_ddl_transaction!', ({ at }) => {
        session.isOutside = true
        return nothing(at)
      }),
  ],
  [
    'reversible',
    session =>
      functionOf('reversible', ({ block, at }) => {
        const isReverting = session.isReverting
        if (block) session.inOrder(() => void session.run.invoke(block, [directions(session, isReverting)], at))
        return nothing(at)
      }),
  ],
  [
    'up_only',
    session =>
      functionOf('up_only', ({ block, at }) => {
        if (block && !session.isReverting) session.inOrder(() => void session.run.invoke(block, [], at))
        return nothing(at)
      }),
  ],
  ['revert', session => functionOf('revert', call => reverted(session, call))],
  ['run', ({ run }) => functionOf('run', ({ at }) => run.notRead(at, 'it runs another migration'))],
  ['reverting?', session => functionOf('reverting?', ({ at }) => known(session.isReverting, at))],
  ['transaction', transaction],
  ['connection', connectionOf],
  ['quote', () => functionOf('quote', ({ at }) => unknown('the database quotes it', at))],
  ['proper_table_name', () => functionOf('proper_table_name', ({ args: [name], at }) => name ?? nothing(at))],
  ...transparent.map((name): [string, Method] => [name, ({ run }) => runsBlock(name, run)]),
  ...quiet.map((name): [string, Method] => [name, () => silent(name)]),
])

function runsBlock(name: string, run: Run): Host {
  return functionOf(name, ({ block, at }) => (block ? run.invoke(block, [], at) : nothing(at)))
}
