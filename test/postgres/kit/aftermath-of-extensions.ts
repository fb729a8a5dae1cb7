import type { Aftermath } from './aftermath.ts'

/** Statements that find, or do not find, what an extension has brought. */
export const extensions: readonly Aftermath[] = [
  {
    about: 'an extension cannot go while its functions and operator classes are used',
    setup: `CREATE EXTENSION pg_trgm; CREATE EXTENSION btree_gin; CREATE TABLE t (a text, b int);
      CREATE INDEX other ON t (b int4_ops); CREATE VIEW v AS SELECT similarity(a, 'x') AS s FROM t;`,
    statements: [
      ['DROP EXTENSION pg_trgm', '2BP01'],
      ['DROP VIEW v', null],
      ['DROP EXTENSION pg_trgm', null],
      ['CREATE INDEX own ON t USING gin (b int4_ops)', null],
      ['DROP EXTENSION btree_gin', '2BP01'],
      ['DROP INDEX own', null],
      ['DROP EXTENSION btree_gin', null],
      ['DROP INDEX other', null],
    ],
  },
  {
    about: 'an extension cannot go while an index uses an operator class that is not its default',
    setup: `CREATE EXTENSION pg_trgm; CREATE EXTENSION intarray; CREATE TABLE t (a text, b int[]);
      CREATE INDEX arrays ON t USING gin (b);`,
    statements: [
      ['CREATE INDEX i ON t USING gin (a gin_trgm_ops)', null],
      ['DROP EXTENSION pg_trgm', '2BP01'],
      ['DROP INDEX i', null],
      ['CREATE INDEX i ON t USING gist (lower(a) gist_trgm_ops)', null],
      ['DROP EXTENSION pg_trgm', '2BP01'],
      ['DROP INDEX i', null],
      ['DROP EXTENSION pg_trgm', null],
      ['CREATE INDEX i ON t USING gin (b public.gin__int_ops)', null],
      ['DROP EXTENSION intarray', '2BP01'],
      ['DROP INDEX i', null],
      ['DROP EXTENSION intarray', null],
    ],
  },
  {
    about: 'an extension cannot go while an index of a column has its operator class without naming it',
    setup: `CREATE TYPE mood AS ENUM ('ok'); CREATE TABLE t (a int, b int4range, c mood, d text, e varchar(9));
      CREATE EXTENSION btree_gist; CREATE EXTENSION btree_gin; CREATE EXTENSION bloom;
      CREATE INDEX ranges ON t USING gist (b); CREATE INDEX plain ON t (a, d);
      CREATE INDEX words ON t USING gin (to_tsvector('simple', d));`,
    statements: [
      ['ALTER TABLE t ADD CONSTRAINT x EXCLUDE USING gist (a WITH =, b WITH &&)', null],
      ['DROP EXTENSION btree_gist', '2BP01'],
      ['ALTER TABLE t DROP CONSTRAINT x', null],
      ['CREATE INDEX i ON t USING gist (b, c)', null],
      ['DROP EXTENSION btree_gist', '2BP01'],
      ['DROP INDEX i', null],
      ['ALTER TABLE t ADD CONSTRAINT x EXCLUDE USING gist (a WITH =, b WITH &&)', null],
      ['DROP EXTENSION btree_gist CASCADE', null],
      ['ALTER TABLE t DROP CONSTRAINT x', '42704'],
      ['CREATE INDEX i ON t USING gin (e)', null],
      ['DROP EXTENSION btree_gin', '2BP01'],
      ['DROP INDEX i', null],
      ['CREATE INDEX i ON t USING gin (c)', null],
      ['DROP EXTENSION btree_gin', '2BP01'],
      ['DROP EXTENSION btree_gin CASCADE', null],
      ['DROP INDEX i', '42704'],
      ['DROP INDEX words', null],
      ['CREATE INDEX i ON t USING bloom (d)', null],
      ['DROP EXTENSION bloom', '2BP01'],
      ['DROP INDEX i', null],
      ['DROP EXTENSION bloom', null],
    ],
  },
  {
    about: 'an extension cannot go while an index of an expression has its operator class without naming it',
    setup: `CREATE EXTENSION btree_gin; CREATE EXTENSION btree_gist; CREATE TABLE t (a int, b jsonb, c bigint, d text, e varchar(9));
      CREATE INDEX words ON t USING gin (to_tsvector('simple', d)); CREATE INDEX own ON t ((a + 1)); CREATE INDEX keys ON t USING gin ((b -> 'x'));`,
    statements: [
      ['CREATE INDEX i ON t USING gin ((a + 1))', null],
      ['DROP EXTENSION btree_gin', '2BP01'],
      ['DROP INDEX i', null],
      ['CREATE INDEX i ON t USING gin (((a + c) % 2))', null],
      ['DROP EXTENSION btree_gin', '2BP01'],
      ['DROP INDEX i', null],
      ['CREATE INDEX i ON t USING gin ((lower(d)))', null],
      ['DROP EXTENSION btree_gin', '2BP01'],
      ['DROP INDEX i', null],
      ['CREATE INDEX i ON t USING gin ((d || e))', null],
      ['DROP EXTENSION btree_gin', '2BP01'],
      ['DROP INDEX i', null],
      ['CREATE INDEX i ON t USING gin ((coalesce(a, 1)))', null],
      ['DROP EXTENSION btree_gin', '2BP01'],
      ['DROP INDEX i', null],
      ['CREATE INDEX i ON t USING gin ((d::int))', null],
      ['DROP EXTENSION btree_gin', '2BP01'],
      ['DROP INDEX i', null],
      ['CREATE INDEX i ON t USING gin ((length(d)))', null],
      ['DROP EXTENSION btree_gin', '2BP01'],
      ['DROP INDEX i', null],
      ['DROP EXTENSION btree_gin', null],
      ['CREATE INDEX i ON t USING gist ((a - 1))', null],
      ['DROP EXTENSION btree_gist', '2BP01'],
      ['DROP INDEX i', null],
      ['ALTER TABLE t ADD CONSTRAINT x EXCLUDE USING gist ((a * 2) WITH =)', null],
      ['DROP EXTENSION btree_gist', '2BP01'],
      ['DROP EXTENSION btree_gist CASCADE', null],
      ['ALTER TABLE t DROP CONSTRAINT x', '42704'],
    ],
  },
  {
    about: 'an operator class of PostgreSQL is not that of an extension whose type has it, too',
    setup: 'CREATE EXTENSION lo; CREATE TABLE t (a oid, b lo); CREATE INDEX i ON t (a oid_ops);',
    statements: [
      ['DROP EXTENSION lo', '2BP01'],
      ['ALTER TABLE t DROP COLUMN b', null],
      ['DROP EXTENSION lo', null],
    ],
  },
  {
    about: 'a function of PostgreSQL is not that of an extension with the same name',
    setup: `CREATE EXTENSION pgcrypto; CREATE TABLE t (a uuid DEFAULT gen_random_uuid());
      CREATE TABLE u (a text DEFAULT gen_salt('bf'), b uuid DEFAULT gen_random_uuid());`,
    statements: [
      ['DROP EXTENSION pgcrypto', '2BP01'],
      ['ALTER TABLE u ALTER a DROP DEFAULT', null],
      ['DROP EXTENSION pgcrypto', null],
    ],
  },
]
