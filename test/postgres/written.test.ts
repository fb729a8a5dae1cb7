import { beforeAll, expect, test } from 'vitest'
import { steps } from '../../src/index.ts'

// PostgreSQL's tree does not have the ends of expressions and constraints. They are found in the text.

const setup = 'CREATE SCHEMA app; CREATE TABLE app.p (id int PRIMARY KEY); CREATE TABLE t (id int, a int, b int);'
beforeAll(() => steps({ migrations: [] }))

async function operations(sql: string) {
  const migrations = [
    { path: '1.sql', content: setup },
    { path: '2.sql', content: sql },
  ]
  const { files } = await steps({ migrations })
  return files[1]?.steps.flatMap(step => step.operations) ?? []
}

test.each([
  ["DEFAULT 'x'", "'x'"],
  ["DEFAULT 'x' NOT NULL", "'x'"],
  ['DEFAULT \'x\' COLLATE "C" UNIQUE', "'x'"],
  ["DEFAULT (1 + 2) * 3 NULL CHECK (c <> '5')", '(1 + 2) * 3'],
  ["DEFAULT ((1 + 2)) CONSTRAINT c_check CHECK (c <> '5')", '1 + 2'],
  ['DEFAULT -1 REFERENCES app.p', '-1'],
  ["DEFAULT now() - interval '1 day', ADD COLUMN d int", "now() - interval '1 day'"],
  ["DEFAULT coalesce(current_user, 'x', NULL) -- why", "coalesce(current_user, 'x', NULL)"],
  ["DEFAULT ARRAY['a', 'b']::text[] PRIMARY KEY", "ARRAY['a', 'b']::text[]"],
  ['DEFAULT NULL', 'NULL'],
  ["DEFAULT '{}'::text /* , NOT NULL */ NOT NULL", "'{}'::text"],
  ['DEFAULT CASE WHEN 1 IS NOT NULL THEN 1 ELSE 2 END UNIQUE', 'CASE WHEN 1 IS NOT NULL THEN 1 ELSE 2 END'],
  ['NOT NULL DEFAULT CAST(1 AS int)', 'CAST(1 AS int)'],
])('the default of ADD COLUMN c text %s is %s', async (definition, expected) => {
  const added = (await operations(`ALTER TABLE t ADD COLUMN c text ${definition};`))[0]
  expect(added?.kind === 'add-column' && added.default?.text).toBe(expected)
})

test.each([
  ['ADD COLUMN c int CHECK (c > 0) NOT NULL', ['CHECK (c > 0)']],
  [
    'ADD COLUMN c int NOT NULL CONSTRAINT "c check" CHECK ((c > 0) AND c < 9) NO INHERIT DEFAULT 5',
    ['CONSTRAINT "c check" CHECK ((c > 0) AND c < 9) NO INHERIT'],
  ],
  [
    'ADD COLUMN c int UNIQUE NULLS NOT DISTINCT WITH (fillfactor = 70) CHECK (c IS NOT NULL)',
    ['UNIQUE NULLS NOT DISTINCT WITH (fillfactor = 70)', 'CHECK (c IS NOT NULL)'],
  ],
  [
    'ADD COLUMN c int REFERENCES app.p (id) ON DELETE SET DEFAULT ON UPDATE SET NULL NOT NULL',
    ['REFERENCES app.p (id) ON DELETE SET DEFAULT ON UPDATE SET NULL'],
  ],
  [
    'ADD COLUMN c int CONSTRAINT fk REFERENCES app.p DEFERRABLE INITIALLY DEFERRED, ADD COLUMN d int',
    ['CONSTRAINT fk REFERENCES app.p DEFERRABLE INITIALLY DEFERRED'],
  ],
])('the constraints of %s', async (definition, expected) => {
  const sql = `ALTER TABLE t ${definition};`
  const found = (await operations(sql)).filter(({ kind }) => kind === 'add-constraint')
  expect(found.map(({ span }) => sql.slice(...span))).toEqual(expected)
})
