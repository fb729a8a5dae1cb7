import { functionOf, host, silent, textGiven } from '../../code/host.ts'
import type { CodeReader } from '../../code/reader.ts'
import type { Run } from '../../code/run.ts'
import { hole, quoted, replaced, type Text, textAt } from '../../code/text.ts'
import { entry, type Host, nothing, type Value } from '../../code/value.ts'

/** What node-pg-migrate gives to `up` and `down`: src/migrationBuilder.ts. */
export const nodePgMigrateCalls: CodeReader = {
  entry: 'exports',
  args: run => [builder(run), silent('callback')],
}

function builder(run: Run): Host {
  return host('pgm', {
    sql: functionOf('pgm.sql', call => {
      const [, values] = call.args
      run.send(withValues(textGiven(call), values), { at: call.at })
      return nothing(call.at)
    }),
    // How the migration is run: the system reads it.
    noTransaction: silent('pgm.noTransaction'),
  })
}

/** `{name}` stands for a value: a text is a name in quotes there (`createTransformer` in src/utils). */
function withValues(sql: Text, values: Value | undefined): Text {
  if (values?.kind !== 'record') return sql
  return replaced(sql, /\{(\w+)\}/g, ([, name = ''], found) => {
    const value = entry(values, name)
    const at = found.pieces[0]?.at ?? [0, 0]
    if (value?.kind === 'text') return quoted(value, '"')
    if (value?.kind === 'plain') return textAt(String(value.value), at)
    return value === undefined ? found : hole(at, 'its value is not known', name)
  })
}
