import { NotRead } from '../../code/given/not-read.ts'
import { listed, sqlAt } from '../../code/given/sql.ts'
import { quoted, type Text, textAt } from '../../code/text.ts'
import type { Call } from '../../code/value.ts'
import { append } from '../../parse/list.ts'
import type { Span } from '../../parse/span.ts'
import { type Annotations, wordOf } from './annotation.ts'
import { delimited, dotted } from './given.ts'
import type { Operation } from './operation.ts'

/** The SQL that `AlterDatabase` makes of its annotations: collations, enumerations, extensions (GenerateCollationStatements and the like). */
export function alterDatabase({ nameAt, at }: Call, { annotations, oldAnnotations }: Operation): Text[] {
  for (const each of [annotations, oldAnnotations])
    for (const name of each.keys())
      if (!/^Npgsql:(?:CollationDefinition:|Enum:|PostgresExtension:)|^(?:Relational|MySql|SqlServer):/.test(name))
        throw new NotRead(`the annotation \`${name}\` is not read yet`, at)
  const sql = sqlAt(nameAt)
  const [collations, oldCollations] = [annotations, oldAnnotations].map(each =>
    named(each, 'Npgsql:CollationDefinition:'),
  )
  const [enums, oldEnums] = [annotations, oldAnnotations].map(each => named(each, 'Npgsql:Enum:'))
  const sent: Text[] = []
  for (const [name, value] of collations ?? []) {
    if (oldCollations?.has(name)) continue
    append(sent, schemaFor(name, nameAt))
    sent.push(sql`CREATE COLLATION ${nameOf(name, nameAt)} (${collation(value, nameAt)})`)
  }
  for (const name of oldCollations?.keys() ?? [])
    if (!collations?.has(name)) sent.push(sql`DROP COLLATION ${nameOf(name, nameAt)}`)
  for (const [name, value] of enums ?? []) {
    if (oldEnums?.has(name)) continue
    const labels = value.split(',').map(each => quoted(textAt(each, nameAt), "'"))
    append(sent, schemaFor(name, nameAt))
    sent.push(sql`CREATE TYPE ${nameOf(name, nameAt)} AS ENUM (${listed(labels, nameAt)})`)
  }
  for (const name of oldEnums?.keys() ?? []) if (!enums?.has(name)) sent.push(sql`DROP TYPE ${nameOf(name, nameAt)}`)
  for (const [name, value] of enums ?? []) {
    const old = oldEnums?.get(name)?.split(',')
    if (old) append(sent, added(name, value.split(','), old, nameAt, at))
  }
  for (const [name, value] of named(annotations, 'Npgsql:PostgresExtension:')) {
    const [schema, own] = parts(name)
    const version = value.split(',')[2]?.trim() ?? ''
    const within = schema === '' ? '' : sql` SCHEMA ${delimited(textAt(schema, nameAt))}`
    const which = version === '' || version === "''" ? '' : sql` VERSION ${delimited(textAt(version, nameAt))}`
    append(sent, schemaFor(name, nameAt))
    sent.push(sql`CREATE EXTENSION IF NOT EXISTS ${delimited(textAt(own, nameAt))}${within}${which}`)
  }
  return sent
}

function named(annotations: Annotations, prefix: string): Map<string, string> {
  return new Map(
    [...annotations.keys()]
      .filter(key => key.startsWith(prefix))
      .map(key => [key.slice(prefix.length), wordOf(annotations, key) ?? '']),
  )
}

function parts(name: string): readonly [string, string] {
  const at = name.indexOf('.')
  return at < 0 ? ['', name] : [name.slice(0, at), name.slice(at + 1)]
}

function nameOf(name: string, at: Span): Text {
  const [schema, own] = parts(name)
  const text = delimited(textAt(own, at))
  return schema === '' ? text : dotted(delimited(textAt(schema, at)), text, at)
}

function schemaFor(name: string, at: Span): Text[] {
  const [schema] = parts(name)
  return schema === '' || schema === 'public' ? [] : [ensureSchema(textAt(schema, at), at)]
}

/** It checks whether the schema exists, so that users without the right to create schemas can run it. */
export function ensureSchema(name: Text, at: Span): Text {
  return sqlAt(at)`DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM pg_namespace WHERE nspname = ${quoted(name, "'")}) THEN
        CREATE SCHEMA ${delimited(name)};
    END IF;
END $EF$`
}

/** `lc_collate,lc_ctype,provider,deterministic` */
function collation(value: string, at: Span): Text {
  const [collate = '', ctype = collate, provider = '', deterministic = ''] = value.split(',')
  const sql = sqlAt(at)
  const options =
    collate === ctype
      ? [sql`LOCALE = ${quoted(textAt(collate, at), "'")}`]
      : [sql`LC_COLLATE = ${quoted(textAt(collate, at), "'")}`, sql`LC_CTYPE = ${quoted(textAt(ctype, at), "'")}`]
  if (provider !== '') options.push(sql`PROVIDER = ${provider}`)
  if (deterministic !== '') options.push(sql`DETERMINISTIC = ${deterministic}`)
  return listed(options, at)
}

/** New labels of an enumeration (GenerateEnumStatements). */
function added(name: string, labels: readonly string[], old: readonly string[], nameAt: Span, at: Span): Text[] {
  if (old.some(label => !labels.includes(label))) throw new NotRead('Npgsql refuses to remove a label', at)
  const sql = sqlAt(nameAt)
  const label = (text: string) => quoted(textAt(text, nameAt), "'")
  return labels.flatMap((each, i) => {
    if (old.includes(each)) return []
    const start = sql`ALTER TYPE ${nameOf(name, nameAt)} ADD VALUE ${label(each)}`
    if (i === labels.length - 1) return [start]
    if (i > 0) return [sql`${start} AFTER ${label(labels[i - 1] ?? '')}`]
    return old[0] === undefined ? [start] : [sql`${start} BEFORE ${label(old[0])}`]
  })
}
