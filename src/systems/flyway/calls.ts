import { answer, functionOf, host, sends, silent, textGiven } from '../../code/host.ts'
import type { ProgramReader } from '../../code/reader.ts'
import type { Run } from '../../code/run.ts'
import { plain, type Text } from '../../code/text.ts'
import { type Call, type Callable, entry, type Host, list, nothing, truth, type Value } from '../../code/value.ts'
import { autocommit } from '../reading/execution.ts'
import { flywayAdvice } from './advice.ts'
import { withParameters } from './parameters.ts'

/** Migrations in Java: classes with `migrate(Context)`, of org.flywaydb.core.api.migration.JavaMigration. */
export const flywayCalls: ProgramReader = {
  advice: flywayAdvice,
  modules: run =>
    new Map([
      ['org.springframework.jdbc.core.JdbcTemplate', template(run)],
      [
        'org.springframework.jdbc.datasource.SingleConnectionDataSource',
        functionOf('SingleConnectionDataSource', ({ args: [connection], at }) => connection ?? nothing(at)),
      ],
    ]),
  start: ({ classes, instance }, run, direction) => {
    if (direction === 'down') return 'Flyway does not revert migrations in Java'
    const found = classes.filter(each => each.entries.has('migrate') && isMigration(each))
    const [main] = found
    if (!main) return 'no class with a method `migrate` was found in it'
    const self = instance(main)
    const migrate = entry(self ?? undefined, 'migrate')
    if (!self || migrate?.kind !== 'callable') return 'no class with a method `migrate` was found in it'
    const asked = entry(self, 'canExecuteInTransaction')
    const inTransaction = asked?.kind === 'callable' ? truth(run.invoke(asked, [], asked.at, self)) : true
    if (inTransaction === null) run.doubt(main.at, 'whether it runs in a transaction is not known')
    const work = () => void run.invoke(migrate, [context(run)], migrate.at, self)
    if (inTransaction === false) run.inWay({ execution: autocommit }, work)
    else work()
    return null
  },
}

function isMigration({ bases, name }: Callable): boolean {
  return (bases ?? []).length > 0 || /^[VR]/.test(name)
}

/** org.flywaydb.core.api.migration.Context */
function context(run: Run): Host {
  const own = connection(run)
  return host('context', {
    getConnection: functionOf('context.getConnection', () => own),
    getConfiguration: functionOf('context.getConfiguration', ({ at }) => answer(at)),
  })
}

/** java.sql.Connection */
function connection(run: Run): Host {
  return host('the connection', {
    createStatement: functionOf('createStatement', () => statement(run)),
    prepareStatement: functionOf('prepareStatement', ({ args: [sql], at }) => prepared(run, sql, at)),
    prepareCall: functionOf('prepareCall', ({ args: [sql], at }) => prepared(run, sql, at)),
    getMetaData: functionOf('getMetaData', ({ at }) => answer(at)),
    close: silent('close'),
  })
}

/** java.sql.Statement */
function statement(run: Run): Host {
  const batch: { readonly sql: Text; readonly at: Call['at'] }[] = []
  const executing = ['execute', 'executeUpdate', 'executeLargeUpdate', 'executeQuery']
  return host('a statement', {
    ...Object.fromEntries(executing.map(name => [name, sends(run, `statement.${name}`)])),
    addBatch: functionOf('statement.addBatch', call => {
      const [sql] = call.args
      if (sql?.kind === 'text') batch.push({ sql, at: call.at })
      else run.unread(call.at, sql?.kind === 'unknown' ? sql.why : 'what it sends is not text')
      return nothing(call.at)
    }),
    executeBatch: functionOf('statement.executeBatch', call => {
      for (const { sql, at } of batch.splice(0)) run.send(sql, { at })
      return answer(call.at)
    }),
    ...Object.fromEntries(['close', 'setQueryTimeout', 'setFetchSize', 'setMaxRows'].map(name => [name, silent(name)])),
  })
}

/** java.sql.PreparedStatement: it sends its text each time it is executed. */
function prepared(run: Run, sql: Value | undefined, at: Call['at']): Value {
  if (sql?.kind !== 'text') return run.notRead(at, sql?.kind === 'unknown' ? sql.why : 'what it sends is not text')
  const made = withParameters(sql)
  const execute = (name: string) =>
    functionOf(`a prepared statement's ${name}`, call => {
      run.send(made, { at: call.at })
      return answer(call.at)
    })
  const executing = ['execute', 'executeUpdate', 'executeLargeUpdate', 'executeQuery', 'executeBatch']
  const members = new Map<string, Value>(executing.map(name => [name, execute(name)]))
  return {
    kind: 'host',
    name: 'a prepared statement',
    // `setString`, `addBatch`, `close` and similar methods send nothing.
    get: name =>
      members.get(name) ?? (/^(?:set\w+|addBatch|clear\w+|close|get\w+)$/.test(name) ? silent(name) : undefined),
  }
}

/** org.springframework.jdbc.core.JdbcTemplate, made of a data source of the context's connection. */
function template(run: Run): Host {
  return functionOf('JdbcTemplate', () => {
    const sending = [
      'execute',
      'update',
      'query',
      'queryForList',
      'queryForObject',
      'queryForMap',
      'queryForRowSet',
      'queryForStream',
    ]
    return host('a JdbcTemplate', {
      ...Object.fromEntries(
        sending.map(name => [
          name,
          functionOf(`JdbcTemplate.${name}`, call => {
            const sql = textGiven(call)
            // With one argument it makes a plain statement, in which `?` is an operator.
            run.send(call.args.length > 1 ? withParameters(sql) : sql, { at: call.at })
            return answer(call.at)
          }),
        ]),
      ),
      batchUpdate: functionOf('JdbcTemplate.batchUpdate', call => {
        const all = list(
          call.args.flatMap(arg => (arg.kind === 'list' ? arg.items : [arg])),
          call.at,
        )
        const [first, ...values] = call.args
        if (first?.kind === 'text' && values.length > 0 && values.every(({ kind }) => kind !== 'text')) {
          run.send(withParameters(first), { at: call.at })
          return answer(call.at)
        }
        for (const each of all.items) if (each.kind === 'text' && plain(each) !== '') run.send(each, { at: call.at })
        if (!all.items.every(({ kind }) => kind === 'text')) run.unread(call.at, 'some of what it sends is not text')
        return answer(call.at)
      }),
    })
  })
}
