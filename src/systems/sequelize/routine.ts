import { listed, sqlAt } from '../../code/given/sql.ts'
import { isTrue, listIn, optionsIn, recordIn, textIf, textIn } from '../../code/given/value.ts'
import { joined, type Text, textAt } from '../../code/text.ts'
import { type Call, entry, type Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'

/** Functions: `createFunction` and related functions of src/dialects/postgres/query-generator.js. */

export function createFunction({ args, at, nameAt }: Call): Text[] {
  const sql = sqlAt(nameAt)
  const [name, params, returns, language, body, ends, last] = args
  const options = optionsIn(last, at)
  const variables = entry(options, 'variables')
  const declared = variables ? listIn(variables, at, '`variables`').map(each => variable(each, at)) : []
  const after = ends?.kind === 'list' ? listIn(ends, at, 'the options').map(each => textIn(each, at, 'an option')) : []
  const create = textAt(isTrue(entry(options, 'force'), at) ? 'CREATE OR REPLACE FUNCTION' : 'CREATE FUNCTION', nameAt)
  const text = (value: Value | undefined, what: string) => textIn(value, at, what)
  const head = sql`${create} ${text(name, 'the name')}(${parameters(params, at, nameAt)}) RETURNS ${text(returns, 'the type')}`
  const code = sql` AS $func$ ${joined(declared, textAt(' ', nameAt))} BEGIN ${text(body, 'the body')} END; $func$`
  return [sql`${head}${code} language '${text(language, 'the language')}'${joined(after, textAt(' ', nameAt))};`]
}

function variable(value: Value, at: Span): Text {
  const own = recordIn(value, at, 'a variable')
  const [name, type] = ['name', 'type'].map(each => textIn(entry(own, each), at, `\`${each}\``))
  const start = textIf(entry(own, 'default'), at)
  const sql = sqlAt(own.at)
  const declared = joined([name ?? textAt('', at), type ?? textAt('', at)], textAt(' ', own.at))
  return start ? sql`DECLARE ${declared} := ${start};` : sql`DECLARE ${declared};`
}

function parameters(value: Value | undefined, at: Span, nameAt: Span): Text {
  const all = listIn(value, at, 'the parameters').map(each => {
    const own = recordIn(each, at, 'a parameter')
    const words = ['direction', 'name'].flatMap(name => textIf(entry(own, name), at) ?? [])
    return joined([...words, textIn(entry(own, 'type'), at, 'the type')], textAt(' ', own.at))
  })
  return listed(all, nameAt)
}

export function dropFunction({ args: [name, params], at, nameAt }: Call): Text[] {
  return [sqlAt(nameAt)`DROP FUNCTION ${textIn(name, at, 'the name')}(${parameters(params, at, nameAt)}) RESTRICT;`]
}

export function renameFunction({ args: [old, params, name], at, nameAt }: Call): Text[] {
  return [
    sqlAt(
      nameAt,
    )`ALTER FUNCTION ${textIn(old, at, 'the name')}(${parameters(params, at, nameAt)}) RENAME TO ${textIn(name, at, 'the name')};`,
  ]
}
