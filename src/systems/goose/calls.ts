import { functionOf, host, textGiven } from '../../code/host.ts'
import type { ProgramReader } from '../../code/reader.ts'
import type { Run } from '../../code/run.ts'
import { textAt } from '../../code/text.ts'
import { type Call, type Host, known, list, nothing, unknown, type Value } from '../../code/value.ts'
import { message, messageInTransaction } from '../reading/execution.ts'
import { gooseAdvice } from './advice.ts'

/** A migration that `init` registers: goose, register.go. */
interface Registered {
  readonly up: Value | undefined
  readonly down: Value | undefined
  /** Its functions get a context before the transaction. */
  readonly hasContext: boolean
  /** It gets a transaction, or the database itself. */
  readonly inTransaction: boolean
}

/** Migrations in Go, registered by `AddMigration` and the like: what they send through `database/sql`. */
export function gooseCalls(): ProgramReader {
  const registered = new WeakMap<Run, Registered[]>()
  return {
    advice: gooseAdvice,
    modules: run => {
      const all: Registered[] = []
      registered.set(run, all)
      const goose = host('goose', Object.fromEntries(functions.map(each => [each.name, adds(each, all)])))
      return new Map([
        ['github.com/pressly/goose/v3', goose],
        ['github.com/pressly/goose', goose],
      ])
    },
    start: (_, run, direction) => {
      const all = registered.get(run) ?? []
      if (all.length === 0) return 'no call of `goose.AddMigration` was found in it'
      for (const { hasContext, inTransaction, ...functions } of all) {
        const work = functions[direction]
        if (!work || (work.kind === 'plain' && work.value === null)) continue
        const place: Call['at'] = 'at' in work ? work.at : [0, 0]
        const given = connection(run, inTransaction ? 'tx' : 'db', inTransaction)
        const args = hasContext ? [unknown('it is a context', place), given] : [given]
        run.inWay({ execution: inTransaction ? messageInTransaction : message }, () => {
          if (work.kind === 'callable') run.invoke(work, args, place)
          else run.unread(place, work.kind === 'unknown' ? work.why : 'it is not a function of this file')
        })
      }
      return null
    },
  }
}

interface Adding extends Pick<Registered, 'hasContext' | 'inTransaction'> {
  readonly name: string
  readonly isNamed: boolean
}

/** `AddMigration`, `AddNamedMigrationContext`, `AddMigrationNoTx` …: the eight of them. */
const functions: readonly Adding[] = [true, false].flatMap(isNamed =>
  [true, false].flatMap(inTransaction =>
    [true, false].map(hasContext => ({
      name: `Add${isNamed ? 'Named' : ''}Migration${inTransaction ? '' : 'NoTx'}${hasContext ? 'Context' : ''}`,
      isNamed,
      inTransaction,
      hasContext,
    })),
  ),
)

function adds({ name, isNamed, ...how }: Adding, all: Registered[]): Host {
  return functionOf(`goose.${name}`, ({ args, at }) => {
    const [up, down] = isNamed ? args.slice(1) : args
    all.push({ up, down, ...how })
    return nothing(at)
  })
}

/** The methods of `*sql.Tx` and `*sql.DB` that send a text. */
function connection(run: Run, name: string, isTransaction: boolean): Host {
  const sends = (method: string, index: number) =>
    functionOf(`${name}.${method}`, call => {
      run.send(textGiven(call, index), { at: call.at })
      return unknown("it is the database's answer", call.at)
    })
  const prepares = (method: string, index: number) =>
    functionOf(`${name}.${method}`, prepared => {
      const text = textGiven(prepared, index)
      const executes = functionOf('stmt.Exec', ({ at }) => {
        run.send(text, { at })
        return unknown("it is the database's answer", at)
      })
      const close = functionOf('stmt.Close', ({ at }) => nothing(at))
      const names = ['Exec', 'ExecContext', 'Query', 'QueryContext', 'QueryRow', 'QueryRowContext']
      const statement = host('a prepared statement', {
        ...Object.fromEntries(names.map(each => [each, executes])),
        Close: close,
      })
      return list([statement, known(null, prepared.at)], prepared.at)
    })
  const control = (method: string, sql: string) =>
    functionOf(`${name}.${method}`, ({ at }) => {
      // goose itself ends the transaction that it gives.
      if (!isTransaction) run.send(textAt(sql, at), { at })
      return nothing(at)
    })
  const begins = (method: string) =>
    functionOf(`${name}.${method}`, ({ at }) => {
      run.send(textAt('BEGIN', at), { at })
      const own = host('tx', {
        ...members,
        Commit: control('Commit', 'COMMIT'),
        // Programs call it after a failure or at the end, as in `defer tx.Rollback()`.
        Rollback: functionOf('tx.Rollback', call => nothing(call.at)),
      })
      return list([own, known(null, at)], at)
    })
  const members: Record<string, Value> = {
    ...Object.fromEntries(['Exec', 'Query', 'QueryRow'].map(each => [each, sends(each, 0)])),
    ...Object.fromEntries(['ExecContext', 'QueryContext', 'QueryRowContext'].map(each => [each, sends(each, 1)])),
    Prepare: prepares('Prepare', 0),
    PrepareContext: prepares('PrepareContext', 1),
  }
  if (isTransaction) return host(name, members)
  return host(name, { ...members, Begin: begins('Begin'), BeginTx: begins('BeginTx') })
}
