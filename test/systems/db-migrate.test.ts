import { describe, expect, test } from 'vitest'
import { dbMigrate } from '../../src/systems/db-migrate/db-migrate.ts'
import { mapTree } from '../../src/systems/reading/tree.ts'

const options = { transaction: () => 'unknown' as const }

const stub = (name: string) => `'use strict';
var fs = require('fs');
var path = require('path');

exports.up = function(db) {
  var filePath = path.join(__dirname, 'sqls', '${name}-up.sql');
  return new Promise(function(resolve, reject) {
    fs.readFile(filePath, {encoding: 'utf-8'}, function(err, data) {
      if (err) return reject(err);
      resolve(data);
    });
  }).then(function(data) { return db.runSql(data); });
};

exports.down = function(db) {
  var filePath = path.join(__dirname + '/sqls/${name}-down.sql');
  return readAndRun(db, filePath);
};
`

const files = {
  'migrations/20260102000000-orders.js': stub('20260102000000-orders'),
  'migrations/20260101000000-users.js': stub('20260101000000-users'),
  'migrations/20260103000000-code.js': 'exports.up = db => db.createTable("t", {})\nexports.down = null\n',
  'migrations/package.json': '{}',
  'migrations/sqls/20260101000000-users-up.sql': 'SELECT 1;',
  'migrations/sqls/20260101000000-users-down.sql': 'SELECT 1;',
  'migrations/sqls/20260102000000-orders-up.sql': 'SELECT 1;',
  'migrations/sqls/20260102000000-old-up.sql': 'SELECT 1;',
}

test('a stub stands for the files that it reads; code stays code', () => {
  const { migrations, asides } = dbMigrate.migrations(mapTree(files), 'migrations', options)
  expect(migrations.map(({ id, path, downPath, opaque }) => [id, path, downPath, opaque])).toEqual([
    [
      '/20260101000000-users',
      'migrations/sqls/20260101000000-users-up.sql',
      'migrations/sqls/20260101000000-users-down.sql',
      undefined,
    ],
    ['/20260102000000-orders', 'migrations/sqls/20260102000000-orders-up.sql', undefined, undefined],
    ['/20260103000000-code', 'migrations/20260103000000-code.js', undefined, 'it is written in JavaScript'],
  ])
  expect(migrations[0]?.execution).toEqual({ inTransaction: true, singleMessage: true, spansFiles: false })
  expect(asides).toEqual([
    { path: 'migrations/sqls/20260102000000-old-up.sql', kind: 'never-runs', why: 'no migration reads it' },
  ])
})

describe('is recognised by', () => {
  const found = { directory: 'migrations' }
  const database =
    '{ "defaultEnv": "dev", "dev": { "driver": "pg", "password": { "ENV": "PW" } }, "test": { "driver": "sqlite3" } }'

  test('database.json, which names the driver', () => {
    expect(dbMigrate.detect(mapTree({ ...files, 'database.json': database }), '')).toEqual({
      ...found,
      sign: 'file',
      because: 'database.json',
    })
    expect(dbMigrate.detect(mapTree({ ...files, 'database.json': database.replace('pg', 'mysql') }), '')).toMatchObject(
      {
        dialect: 'mysql',
      },
    )
    expect(dbMigrate.detect(mapTree({ 'database.json': database }), '')).toBeNull()
  })

  test('the dependency, or the names of its files', () => {
    const manifest = { 'package.json': '{ "devDependencies": { "db-migrate": "0.11" } }' }
    expect(dbMigrate.detect(mapTree({ ...files, ...manifest }), '')).toMatchObject({ ...found, sign: 'dependency' })
    expect(dbMigrate.detect(mapTree(files), 'migrations')).toMatchObject({ ...found, sign: 'names' })
    expect(
      dbMigrate.detect(mapTree({ ...files, 'database.json': '{ "dev": "mysql://u:p@h/d" }' }), 'migrations'),
    ).toMatchObject({
      dialect: 'mysql',
    })
    expect(dbMigrate.detect(mapTree(files), '')).toBeNull()
  })
})

test('a folder that a program names is found by its files and the package.json above', () => {
  const manifest = JSON.stringify({ dependencies: { 'db-migrate': '0.11.14', 'db-migrate-pg': '1.5.2' } })
  const code =
    "'use strict';\nexports.up = function (db, cb) { return db.createTable('strategies', { id: 'int' }, cb); };\n"
  const tree = mapTree({ 'package.json': manifest, 'src/migrations/20141020151056-initial-schema.js': code })
  expect(dbMigrate.detect(tree, 'src/migrations')).toEqual({
    directory: 'src/migrations',
    sign: 'dependency',
    because: 'db-migrate in package.json',
  })
  const other = mapTree({
    'package.json': manifest,
    'src/migrations/20141020151056-a.js': 'exports.up = q => q.addColumn()',
  })
  expect(dbMigrate.detect(other, 'src/migrations')).toBeNull()
})

test('a stub that also calls the driver is read together with its file', () => {
  const code = `${stub('20260101000000-users')}exports.more = db => db.dropTable('a')\n`
  const tree = mapTree({ ...files, 'migrations/20260101000000-users.js': code })
  expect(dbMigrate.migrations(tree, 'migrations', options).migrations.map(({ path }) => path)).toContain(
    'migrations/20260101000000-users.js',
  )
})
