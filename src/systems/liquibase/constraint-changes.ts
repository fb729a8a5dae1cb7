import { NotRead } from '../../code/given/not-read.ts'
import { ofKind, type Text } from '../../code/text.ts'
import type { ConstraintKind } from '../../parse/constraint-kind.ts'
import { type Given, tableOf } from './given.ts'

export function addForeignKey(key: Given): Text[] {
  const { sql } = key
  const table = key.path('baseTableName', 'baseTableSchemaName', 'baseTableCatalogName')
  const target = key.path('referencedTableName', 'referencedTableSchemaName', 'referencedTableCatalogName')
  const [own, other] = [key.names(key.required('baseColumnNames')), key.names(key.required('referencedColumnNames'))]
  const name = key.name(key.required('constraintName'))
  const onUpdate = key.word('onUpdate')
  const onDelete = key.isTrue('deleteCascade') ? 'CASCADE' : key.word('onDelete')
  const deferrable = key.isTrue('deferrable') ? ' DEFERRABLE' : ''
  const deferred = key.isTrue('initiallyDeferred') ? ' INITIALLY DEFERRED' : ''
  const validates = key.word('validate')?.toLowerCase() !== 'false'
  key.passOver(['referencesUniqueColumn'])
  return [
    sql`ALTER TABLE ${table} ADD CONSTRAINT ${name} FOREIGN KEY (${own}) REFERENCES ${target} (${other})${onUpdate === null ? '' : ` ON UPDATE ${onUpdate}`}${
      onDelete === null ? '' : ` ON DELETE ${onDelete}`
    }${deferrable}${deferred}${validates ? '' : ' NOT VALID'}`,
  ]
}

export function addUnique(key: Given): Text[] {
  const { sql } = key
  const name = key.text('constraintName')
  const columns = key.names(key.required('columnNames'))
  const deferrable = key.isTrue('deferrable') ? ' DEFERRABLE' : ''
  const deferred = key.isTrue('initiallyDeferred') ? ' INITIALLY DEFERRED' : ''
  const space = key.word('tablespace')
  key.passOver(['clustered', 'validate', 'disabled'])
  return [
    sql`ALTER TABLE ${tableOf(key)} ADD ${name ? sql`CONSTRAINT ${key.name(name)} ` : ''}UNIQUE (${columns})${
      space === null ? '' : ` USING INDEX TABLESPACE ${space}`
    }${deferrable}${deferred}`,
  ]
}

export function addPrimaryKey(key: Given): Text[] {
  const { sql } = key
  const name = key.text('constraintName')
  const space = key.word('tablespace')
  key.passOver(['validate'])
  if (key.isTrue('clustered') || key.text('forIndexName'))
    throw new NotRead('it uses an existing index', key.part.nameAt)
  return [
    sql`ALTER TABLE ${tableOf(key)} ADD ${name ? sql`CONSTRAINT ${key.name(name)} ` : ''}PRIMARY KEY (${key.names(key.required('columnNames'))})${
      space === null ? '' : ` USING INDEX TABLESPACE ${space}`
    }`,
  ]
}

export function dropConstraint(change: Given, table: Text, kind: ConstraintKind, ...passed: readonly string[]): Text {
  change.passOver(passed)
  return ofKind(
    change.sql`ALTER TABLE ${table} DROP CONSTRAINT ${change.name(change.required('constraintName'))}`,
    kind,
  )
}

/** Without a name, Liquibase looks up the one in the database. */
export function dropPrimaryKey(change: Given): Text[] {
  change.passOver(['dropIndex'])
  if (!change.text('constraintName'))
    throw new NotRead('the database gives the name of the primary key', change.part.nameAt)
  return [dropConstraint(change, tableOf(change), 'primary key')]
}
