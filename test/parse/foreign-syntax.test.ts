import { expect, test } from 'vitest'
import { foreignSyntax } from '../../src/parse/foreign-syntax.ts'
import { golangMigrate } from '../../src/systems/golang-migrate/golang-migrate.ts'
import { mapTree } from '../../src/systems/reading/tree.ts'

test.each([
  ['CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT);', 'sqlite'],
  ["CREATE TABLE a (t INTEGER DEFAULT (strftime ('%s', 'now')));", 'sqlite'],
  ['create table a (x int primary key) without rowid;', 'sqlite'],
  ['CREATE TABLE a (id bigint auto_increment) ENGINE=InnoDB;', 'mysql'],
  ['ALTER TABLE a ENGINE = InnoDB', 'mysql'],
  ['ALTER TABLE `a` ADD COLUMN x int;', 'mysql'],
  ['CREATE TABLE a (x UInt64) ENGINE = MergeTree ORDER BY x;', 'clickhouse'],
])('%s is for %s', (text, database) => {
  expect(foreignSyntax(text)).toBe(database)
})

test.each([
  '-- AUTO_INCREMENT is what MySQL says\nCREATE TABLE a (id bigint GENERATED ALWAYS AS IDENTITY);',
  "COMMENT ON TABLE a IS 'was ENGINE = InnoDB, AUTOINCREMENT';",
  'CREATE TABLE "auto_increment" (engine text, strftime text);',
  'CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1 -- auto_increment\n $$;',
  'SELECT * FROM a WHERE t < now() AT TIME ZONE $1 ORDER BY engine;',
  'ALTER TABLE a ADD COLUMN t timestamp WITHOUT TIME ZONE;',
])('%s is for none but PostgreSQL', text => {
  expect(foreignSyntax(text)).toBeUndefined()
})

test('a folder of such files is reported as one for that database', () => {
  const tree = mapTree({ 'm/1_a.up.sql': 'CREATE TABLE `a` (x int);' })
  expect(golangMigrate.detect(tree, 'm')).toEqual({
    directory: 'm',
    sign: 'names',
    because: 'm/1_a.up.sql',
    dialect: 'mysql',
  })
})

test('files whose names are for another database say nothing about the others', () => {
  const tree = mapTree({
    'm/1_a.mysql.up.sql': 'CREATE TABLE `a` (x int);',
    'm/1_a.postgres.up.sql': 'CREATE TABLE a (x int);',
  })
  expect(golangMigrate.detect(tree, 'm')).not.toHaveProperty('dialect')
})
