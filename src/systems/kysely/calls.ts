import { answer, functionOf, host, textGiven } from '../../code/host.ts'
import type { NamesSetting } from '../../code/names.ts'
import type { CodeReader } from '../../code/reader.ts'
import type { Run } from '../../code/run.ts'
import { type Call, type Host, unknown, type Value } from '../../code/value.ts'
import { kyselyAdvice } from './advice.ts'
import { compiled, type Setting } from './builder.ts'
import { expressionsOf } from './expression.ts'
import { sendNumbered, sqlOf, standsFor } from './fragment.ts'
import { functionsOf } from './function.ts'
import { nameGiven, reference } from './name.ts'
import { queriesOf } from './query.ts'
import { schemaOf } from './schema.ts'
import { sqlTag } from './sql.ts'

/** What Kysely gives to `up` and `down`, and its template tag `sql`. */
export function kyselyReader(names?: NamesSetting): CodeReader {
  return {
    advice: kyselyAdvice,
    ...(names && { names }),
    entry: 'exports',
    args: run => [databaseOf(settingOf(run))],
    modules: run => {
      const members = new Map<string, Value>([
        ['sql', sqlTag(run)],
        ['expressionBuilder', functionOf('expressionBuilder', () => expressionsOf(settingOf(run)))],
        [
          'CompiledQuery',
          host('CompiledQuery', { raw: functionOf('CompiledQuery.raw', call => compiled(() => textGiven(call))) }),
        ],
      ])
      const kysely: Host = {
        kind: 'host',
        name: 'kysely',
        get: (name, at) => members.get(name) ?? unknown('it comes from kysely', at),
      }
      return new Map([['kysely', kysely]])
    },
  }
}

/** The settings of a project without a plugin that changes names. */
export const kyselyCalls = kyselyReader()

function settingOf(run: Run): Setting {
  return { run, schema: null, expressions: expressionsOf }
}

/** `db.dynamic`: src/dynamic/dynamic.ts. */
const dynamic = host('db.dynamic', {
  ref: functionOf('db.dynamic.ref', call =>
    standsFor(host('a reference', {}), () => reference(nameGiven(call), call.argsAt[0] ?? call.at)),
  ),
})

/** `Kysely`: src/kysely.ts. */
function databaseOf(setting: Setting): Host {
  return host('db', {
    schema: schemaOf(setting),
    withSchema: functionOf('db.withSchema', call => databaseOf({ ...setting, schema: nameGiven(call) })),
    ...queriesOf(setting, null),
    fn: functionsOf(setting),
    dynamic,
    executeQuery: functionOf('db.executeQuery', call => sends(call.args[0], setting.run, call.at)),
  })
}

function sends(query: Value | undefined, run: Run, at: Call['at']): Value {
  const sql = sqlOf(query)
  if (!sql) return run.notRead(at, 'the statement that it executes is not read')
  sendNumbered(run, sql, at)
  return answer(at)
}
