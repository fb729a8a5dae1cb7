import { answerOf, functionOf, host, sends } from '../../code/host.ts'
import type { CodeReader } from '../../code/reader.ts'
import type { Run } from '../../code/run.ts'
import { textAt } from '../../code/text.ts'
import { type Host, nothing } from '../../code/value.ts'

/** What TypeORM gives to `up` and `down`: src/query-runner/QueryRunner.ts. */
export const typeormCalls: CodeReader = {
  entry: 'class',
  args: run => [queryRunner(run)],
}

function queryRunner(run: Run): Host {
  const control = (name: string, sql: string) =>
    functionOf(`queryRunner.${name}`, ({ at }) => {
      run.send(textAt(sql, at), { at })
      return nothing(at)
    })
  const exists = 'it depends on what the database has'
  const query = sends(run, 'queryRunner.query')
  const options = host('the options of the data source', { type: textAt('postgres', [0, 0]) })
  return host('queryRunner', {
    query,
    manager: host('queryRunner.manager', { query }),
    connection: host('the data source', { query, options }),
    startTransaction: control('startTransaction', 'START TRANSACTION'),
    commitTransaction: control('commitTransaction', 'COMMIT'),
    rollbackTransaction: control('rollbackTransaction', 'ROLLBACK'),
    hasTable: answerOf('queryRunner.hasTable', exists),
    hasColumn: answerOf('queryRunner.hasColumn', exists),
    getTable: answerOf('queryRunner.getTable', exists),
  })
}
