import { NotRead } from '../../code/given/not-read.ts'
import { listIn, placeOf } from '../../code/given/value.ts'
import { joined, plain, type Text } from '../../code/text.ts'
import { literal } from './default.ts'
import type { Operation } from './given.ts'
import { column, commas, nameIn, partsOf, table } from './given.ts'

/** Enums, extensions and schemas: postgresql_adapter.rb and postgresql/schema_statements.rb. */

const createEnum: Operation = given => {
  const { sql, at } = given
  const name = given.name(0, 'the enum')
  const values = listIn(given.arg(1), at, 'the values').map(each => literal(nameIn(each, at, 'a value'), at))
  const { schema, own } = partsOf(name)
  const scope = schema ? literal(schema, at) : sql`ANY (current_schemas(false))`
  given.send(sql`DO $$
    BEGIN
        IF NOT EXISTS (
          SELECT 1
          FROM pg_type t
          JOIN pg_namespace n ON t.typnamespace = n.oid
          WHERE t.typname = ${literal(own, at)}
            AND n.nspname = ${scope}
        ) THEN
            CREATE TYPE ${table(name, at)} AS ENUM (${commas(values, at)});
        END IF;
    END
    $$;`)
  return undefined
}

const dropEnum: Operation = given => {
  const exists = given.is('if_exists') ? ' IF EXISTS' : ''
  given.send(given.sql`DROP TYPE${exists} ${table(given.name(0, 'the enum'), given.at)};`)
  return undefined
}

const renameEnum: Operation = given => {
  const to = given.arg(1) ?? given.option('to')
  const name = given.name(0, 'the enum')
  given.send(given.sql`ALTER TYPE ${table(name, given.at)} RENAME TO ${column(nameIn(to, given.at, 'the new name'))}`)
  return undefined
}

const addValue: Operation = given => {
  const { sql, at } = given
  const [before, after] = [given.text('before'), given.text('after')]
  if (before && after) throw new NotRead('Rails refuses both `before` and `after`', at)
  // Rails 7.2 ignores it.
  const exists = given.is('if_not_exists') && given.session.settings.rails >= 8 ? ' IF NOT EXISTS' : ''
  const value = literal(given.name(1, 'the value'), at)
  const place = before ? sql` BEFORE ${literal(before, at)}` : after ? sql` AFTER ${literal(after, at)}` : ''
  given.send(sql`ALTER TYPE ${table(given.name(0, 'the enum'), at)} ADD VALUE${exists} ${value}${place}`)
  return undefined
}

const renameValue: Operation = given => {
  const { sql, at } = given
  const value = (name: string): Text => literal(nameIn(given.option(name), at, 'the value'), at)
  given.send(sql`ALTER TYPE ${table(given.name(0, 'the enum'), at)} RENAME VALUE ${value('from')} TO ${value('to')}`)
  return undefined
}

const enableExtension: Operation = given => {
  const { schema, own } = partsOf(given.name(0, 'the extension'))
  const inSchema = schema ? given.sql` SCHEMA ${column(schema)}` : ''
  given.send(given.sql`CREATE EXTENSION IF NOT EXISTS ${column(own)}${inSchema}`)
  return undefined
}

/** Until Migration[7.0] it drops dependent objects, too. */
const disableExtension: Operation = given => {
  const force = given.text('force')
  const isCascade = given.version < 7.1 || (force !== undefined && plain(force) === 'cascade')
  given.send(
    given.sql`DROP EXTENSION IF EXISTS ${column(given.name(0, 'the extension'))}${isCascade ? ' CASCADE' : ''}`,
  )
  return undefined
}

const createSchema: Operation = given => {
  const exists = given.is('if_not_exists') ? ' IF NOT EXISTS' : ''
  const force = given.is('force')
  const name = column(given.name(0, 'the schema'))
  if (force) given.send(given.sql`DROP SCHEMA IF EXISTS ${name} CASCADE`)
  given.send(given.sql`CREATE SCHEMA${exists} ${name}`)
  return undefined
}

const dropSchema: Operation = given => {
  const has = given.has('if_exists')
  const exists = has && given.is('if_exists') ? ' IF EXISTS' : ''
  given.send(given.sql`DROP SCHEMA${exists} ${column(given.name(0, 'the schema'))} CASCADE`)
  return undefined
}

const renameSchema: Operation = given => {
  given.send(
    given.sql`ALTER SCHEMA ${column(given.name(0, 'the schema'))} RENAME TO ${column(given.name(1, 'the new name'))}`,
  )
  return undefined
}

/** `execute`: as it is written, in one message. */
const execute: Operation = given => {
  const value = given.command.args[0]
  if (value?.kind !== 'text')
    throw new NotRead(
      value?.kind === 'unknown' ? value.why : 'what it sends is not text',
      placeOf(value, given.command.at),
    )
  given.session.catalog.mention(plain(value))
  given.send(joined([value]))
  return undefined
}

export const others: Readonly<Record<string, Operation>> = {
  create_enum: createEnum,
  drop_enum: dropEnum,
  rename_enum: renameEnum,
  add_enum_value: addValue,
  rename_enum_value: renameValue,
  enable_extension: enableExtension,
  disable_extension: disableExtension,
  create_schema: createSchema,
  drop_schema: dropSchema,
  rename_schema: renameSchema,
  execute,
}
