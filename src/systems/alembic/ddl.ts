import { NotRead } from '../../code/given/not-read.ts'
import { sqlAt } from '../../code/given/sql.ts'
import { textIn } from '../../code/given/value.ts'
import { plain, textAt } from '../../code/text.ts'
import type { Call, Host } from '../../code/value.ts'
import { sequenceOptions, sequenceSql } from './column.ts'
import { plainClause, string } from './expression.ts'
import { givenIn } from './given.ts'
import { named, path, tableIn } from './name.ts'
import { describes, made, thingIn } from './thing.ts'

/** The elements of SQLAlchemy that `op.execute` runs, for schemas and sequences. */

/** `sa.DDL`: the text is a template of Python. */
export function ddl({ args, at }: Call): Host {
  const text = textIn(args[0], at, 'the text')
  if (args.length > 1 || /%[^%]/.test(plain(text).replaceAll('%%', '')))
    throw new NotRead('the values that are put into it are not read', at)
  return made('DDL', { kind: 'ddl', sql: text })
}

export function schemaDdl(word: 'CREATE' | 'DROP', call: Call): Host {
  const given = givenIn(
    call,
    ['element'],
    word === 'CREATE' ? ['if_not_exists', 'quote'] : ['if_exists', 'cascade', 'quote'],
  )
  const { at, nameAt } = call
  const name = named(textIn(given.get('element'), at, 'the schema'))
  const exists = given.is('if_not_exists') ? 'IF NOT EXISTS ' : given.is('if_exists') ? 'IF EXISTS ' : ''
  const sql = sqlAt(nameAt)`${word} SCHEMA ${exists}${name}${given.is('cascade') ? ' CASCADE' : ''}`
  return made('DDL', { kind: 'ddl', sql })
}

export function sequence(call: Call): Host {
  const given = givenIn(
    call,
    ['name', ...sequenceOptions.slice(0, 2)],
    [...sequenceOptions.slice(2), 'schema', 'metadata', 'optional', 'data_type'],
  )
  if (given.some('data_type') !== undefined) throw new NotRead('its option `data_type` is not read', call.at)
  const name = tableIn(given.get('name'), given.some('schema'), call.at)
  const sql = sequenceSql(given, call.nameAt) ?? textAt('', call.nameAt)
  const next = describes('next_value', ({ at }) => plainClause(sqlAt(at)`nextval(${string(path(name, at), at)})`))
  return made(
    'a sequence',
    { kind: 'sequence', sql, name },
    { get: member => (member === 'next_value' ? next : undefined) },
  )
}

export function sequenceDdl(word: 'CREATE' | 'DROP', call: Call): Host {
  const { at, nameAt } = call
  const given = givenIn(call, ['element'], ['if_not_exists', 'if_exists'])
  const own = thingIn(given.get('element'), 'sequence')
  if (!own?.name) throw new NotRead('the sequence is not known', at)
  const exists = given.is('if_not_exists') ? 'IF NOT EXISTS ' : given.is('if_exists') ? 'IF EXISTS ' : ''
  const options = word === 'CREATE' && own.sql.pieces.length > 0 ? sqlAt(nameAt)` ${own.sql}` : ''
  return made('DDL', { kind: 'ddl', sql: sqlAt(nameAt)`${word} SEQUENCE ${exists}${path(own.name, nameAt)}${options}` })
}
