import { answer, functionOf, textGiven } from '../../code/host.ts'
import { madeWhenAsked } from '../../code/offered.ts'
import { plain, quoted, textAt } from '../../code/text.ts'
import { type Call, type Host, known, nothing, unknown, type Value } from '../../code/value.ts'
import { inTransaction } from '../reading/execution.ts'
import type { Session } from './given.ts'
import { table } from './given.ts'

/** `connection`, and `ActiveRecord::Base.connection`: the methods of Rails' adapter for PostgreSQL. */
export function connectionOf(session: Session): Host {
  const name = 'connection'
  const own = madeWhenAsked(members, session)
  const made: Host = {
    kind: 'host',
    name,
    get: member => {
      if (sending.has(member)) return functionOf(`${name}.${member}`, call => sent(session, call))
      const found = own.get(member)
      if (found) return found
      if (/^supports_\w+\?$/.test(member))
        return functionOf(member, ({ at }) =>
          supported.has(member) ? known(true, at) : unknown('it depends on the server', at),
        )
      return session.operations.has(member) ? functionOf(member, call => session.perform(member, call)) : undefined
    },
    // Calling it returns the same object.
    call: () => made,
  }
  return made
}

/** Features that all versions of PostgreSQL supported by Rails have. */
const supported = new Set(
  (
    'bulk_alter index_sort_order partial_index expression_index transaction_isolation foreign_keys check_constraints validate_constraints ' +
    'deferrable_constraints exclusion_constraints unique_constraints views materialized_views foreign_tables datetime_with_precision json comments ' +
    'savepoints extensions ddl_transactions advisory_locks explain insert_returning insert_on_conflict lazy_transactions'
  )
    .split(' ')
    .map(name => `supports_${name}?`),
)

/** Methods that send SQL and return the database's answer. */
const sending = new Set(
  (
    'exec_query exec_update exec_delete exec_insert insert update delete select_value select_values select_all select_rows select_one query ' +
    'query_value query_values exec_params exec async_exec raw_execute'
  ).split(' '),
)

function sent(session: Session, call: Call): Value {
  const sql = textGiven(call)
  session.catalog.mention(plain(sql))
  session.run.send(sql, { at: call.at })
  return answer(call.at)
}

const members: ReadonlyMap<string, (session: Session) => Value> = new Map(
  Object.entries<(session: Session) => Value>({
    adapter_name: () => functionOf('adapter_name', ({ at }) => textAt('PostgreSQL', at)),
    quote_table_name: () =>
      functionOf('quote_table_name', ({ args: [name], at }) =>
        name?.kind === 'text' ? table(name, at) : unknown('it is not a text', at),
      ),
    quote_column_name: () =>
      functionOf('quote_column_name', ({ args: [name], at }) =>
        name?.kind === 'text' ? quoted(name, '"') : unknown('it is not a text', at),
      ),
    quote: () =>
      functionOf('quote', ({ args: [value], at }) =>
        value?.kind === 'text' ? quoted(value, "'") : unknown('the database quotes it', at),
      ),
    quote_string: () =>
      functionOf('quote_string', ({ args: [value], at }) =>
        value?.kind === 'text' ? value : unknown('the database quotes it', at),
      ),
    quoted_true: () => functionOf('quoted_true', ({ at }) => textAt('TRUE', at)),
    quoted_false: () => functionOf('quoted_false', ({ at }) => textAt('FALSE', at)),
    transaction,
    schema_cache: () => functionOf('schema_cache', ({ at }) => unknown('it is what Rails knows of the schema', at)),
    clear_cache: () => functionOf('clear_cache', ({ at }) => nothing(at)),
    'clear_cache!': () => functionOf('clear_cache!', ({ at }) => nothing(at)),
    current_database: () => functionOf('current_database', answered),
    database_version: () => functionOf('database_version', answered),
    postgresql_version: () => functionOf('postgresql_version', answered),
    tables: () => functionOf('tables', answered),
    indexes: () => functionOf('indexes', answered),
    columns: () => functionOf('columns', answered),
    foreign_keys: () => functionOf('foreign_keys', answered),
    check_constraints: () => functionOf('check_constraints', answered),
    data_sources: () => functionOf('data_sources', answered),
    primary_key: () => functionOf('primary_key', answered),
  }),
)

function answered({ at }: Call): Value {
  return unknown('it asks the database', at)
}

/** A nested transaction joins the outer one. */
export function transaction(session: Session): Host {
  return functionOf('transaction', ({ block, at }) => {
    if (!block) return nothing(at)
    const work = () => session.run.invoke(block, [], at)
    return session.isOutside ? session.run.inWay({ execution: inTransaction, apart: true }, work) : work()
  })
}
