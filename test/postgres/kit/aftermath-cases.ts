import type { Aftermath } from './aftermath.ts'
import { extensions } from './aftermath-of-extensions.ts'
import { inheritance } from './aftermath-of-inheritance.ts'

const view = 'CREATE TABLE t (a int); CREATE VIEW v AS SELECT count(*) AS n FROM t; CREATE VIEW w AS SELECT n FROM v;'
export const cases: readonly Aftermath[] = [
  {
    about: 'a view may take another type than that of one side for the merged column of a join',
    setup:
      'CREATE TABLE l (a int); CREATE TABLE r (a bigint); CREATE VIEW v AS SELECT a FROM l JOIN r USING (a); CREATE VIEW w AS SELECT * FROM l LEFT JOIN r USING (a); CREATE VIEW x AS SELECT * FROM r NATURAL RIGHT JOIN l; CREATE VIEW y AS SELECT l.a FROM l JOIN r USING (a);',
    statements: [
      ['CREATE OR REPLACE VIEW v AS SELECT a FROM r', null],
      ['CREATE OR REPLACE VIEW w AS SELECT a FROM r', null],
      ['CREATE OR REPLACE VIEW x AS SELECT a FROM r', null],
      ['CREATE OR REPLACE VIEW y AS SELECT a FROM r', '42P16'],
    ],
  },
  {
    about: 'a default is cast from the type that it has by itself to the new type of its column',
    setup: `CREATE TABLE t (a text DEFAULT now(), b text DEFAULT now(), c text DEFAULT (random() * 5)::int, d text DEFAULT 5, e text DEFAULT '5', f text DEFAULT gen_random_uuid(), g text DEFAULT lower('A'), h text DEFAULT 1.5, i text DEFAULT NULL, j int DEFAULT 5, k text DEFAULT true);`,
    statements: [
      ['ALTER TABLE t ALTER COLUMN a TYPE timestamptz USING NULL::timestamptz', null],
      ['ALTER TABLE t ALTER COLUMN b TYPE uuid USING NULL::uuid', '42804'],
      ['ALTER TABLE t ALTER COLUMN c TYPE int USING NULL::int', null],
      ['ALTER TABLE t ALTER COLUMN d TYPE int USING NULL::int', null],
      ['ALTER TABLE t ALTER COLUMN e TYPE int USING NULL::int', '42804'],
      ['ALTER TABLE t ALTER COLUMN f TYPE uuid USING NULL::uuid', null],
      ['ALTER TABLE t ALTER COLUMN g TYPE uuid USING NULL::uuid', '42804'],
      ['ALTER TABLE t ALTER COLUMN h TYPE int USING NULL::int', null],
      ['ALTER TABLE t ALTER COLUMN i TYPE uuid USING NULL::uuid', null],
      ['ALTER TABLE t ALTER COLUMN j TYPE uuid USING NULL::uuid', '42804'],
      ['ALTER TABLE t ALTER COLUMN k TYPE boolean USING NULL::boolean', null],
    ],
  },
  {
    about: 'DROP CONSTRAINT of a NOT NULL constraint takes that one along, and no other',
    setup: 'CREATE TABLE t (a int NOT NULL CHECK (a > 0), b int NOT NULL);',
    statements: [
      ['ALTER TABLE t DROP CONSTRAINT t_a_not_null', null],
      ['ALTER TABLE t DROP CONSTRAINT t_a_not_null', '42704'],
      ['ALTER TABLE t DROP CONSTRAINT t_a_check', null],
      ['ALTER TABLE t DROP CONSTRAINT t_b_not_null', null],
    ],
  },
  {
    about: 'a view that cannot be written through fails, with what is made of it',
    setup: view,
    statements: [
      ['INSERT INTO v VALUES (1)', '55000'],
      ['INSERT INTO w VALUES (1)', '55000'],
      ['CREATE VIEW u AS SELECT a FROM t', null],
      ['INSERT INTO u VALUES (1)', null],
    ],
  },
  {
    about: 'an INSTEAD OF trigger makes a view writable, and what is made of it',
    setup: `${view}
      CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
      CREATE TRIGGER g INSTEAD OF INSERT ON v FOR EACH ROW EXECUTE FUNCTION f();`,
    statements: [
      ['INSERT INTO v VALUES (1)', null],
      ['INSERT INTO w VALUES (1)', null],
      ['DROP TRIGGER g ON v', null],
      ['INSERT INTO v VALUES (1)', '55000'],
    ],
  },
  {
    about: 'a rule makes a view writable',
    setup: `${view} CREATE RULE r AS ON INSERT TO v DO INSTEAD NOTHING;`,
    statements: [['INSERT INTO v VALUES (1)', null]],
  },
  {
    about: 'an INSERT that may find no row does not fill the table',
    setup: 'CREATE TABLE t (a int); INSERT INTO t SELECT 1 WHERE false;',
    statements: [
      ['ALTER TABLE t ADD COLUMN b int NOT NULL', null],
      ['DO $$ BEGIN IF false THEN INSERT INTO t VALUES (1, 1); END IF; END $$', null],
      ['ALTER TABLE t ADD COLUMN c int NOT NULL', null],
      ['INSERT INTO t VALUES (1, 1, 1)', null],
      ['ALTER TABLE t ADD COLUMN d int NOT NULL', '23502'],
    ],
  },
  {
    about: 'a savepoint needs a transaction block',
    setup: '',
    statements: [
      ['SAVEPOINT s', '25P01'],
      ['RELEASE s', '25P01'],
      ['ROLLBACK TO s', '25P01'],
      ['BEGIN', null],
      ['SAVEPOINT s', null],
      ['RELEASE s', null],
      ['COMMIT', null],
    ],
  },
  {
    about: 'an index on a value that has no name is called after the type that it is cast to',
    setup: 'CREATE TABLE t (a int);',
    statements: [
      ['CREATE INDEX ON t (((a + 1)::bigint))', null],
      ['CREATE INDEX t_int8_idx ON t (a)', '42P07'],
      ['CREATE INDEX ON t ((a))', null],
      ['CREATE INDEX t_a_idx ON t (a)', '42P07'],
    ],
  },
  {
    about: 'a hash partition overlaps one with the same remainder',
    setup: 'CREATE TABLE h (a int) PARTITION BY HASH (a);',
    statements: [
      ['CREATE TABLE h0 PARTITION OF h FOR VALUES WITH (MODULUS 4, REMAINDER 0)', null],
      ['CREATE TABLE h1 PARTITION OF h FOR VALUES WITH (MODULUS 4, REMAINDER 1)', null],
      ['CREATE TABLE h2 PARTITION OF h FOR VALUES WITH (MODULUS 4, REMAINDER 2)', null],
      ['CREATE TABLE h3 PARTITION OF h FOR VALUES WITH (MODULUS 4, REMAINDER 0)', '42P17'],
      ['CREATE TABLE h4 PARTITION OF h FOR VALUES WITH (MODULUS 4, REMAINDER 1)', '42P17'],
      ['CREATE TABLE h5 PARTITION OF h FOR VALUES WITH (MODULUS 8, REMAINDER 5)', '42P17'],
      ['CREATE TABLE h6 PARTITION OF h FOR VALUES WITH (MODULUS 8, REMAINDER 7)', null],
    ],
  },
  {
    about: 'a list partition overlaps one that shares a value',
    setup: 'CREATE TABLE l (a int) PARTITION BY LIST (a);',
    statements: [
      ['CREATE TABLE l1 PARTITION OF l FOR VALUES IN (1, 2)', null],
      ['CREATE TABLE l2 PARTITION OF l FOR VALUES IN (3)', null],
      ['CREATE TABLE l3 PARTITION OF l FOR VALUES IN (2, 4)', '42P17'],
    ],
  },
  {
    about: 'a list partition of an expression does not overlap one of another value',
    setup: 'CREATE TABLE l (a text) PARTITION BY LIST (lower(a));',
    statements: [
      ["CREATE TABLE l1 PARTITION OF l FOR VALUES IN ('x')", null],
      ["CREATE TABLE l2 PARTITION OF l FOR VALUES IN ('y')", null],
    ],
  },
  {
    about: 'a table has several rules, one of a name',
    setup: 'CREATE TABLE t (a int);',
    statements: [
      ['CREATE RULE r AS ON INSERT TO t DO INSTEAD NOTHING', null],
      ['CREATE RULE s AS ON UPDATE TO t DO INSTEAD NOTHING', null],
      ['CREATE RULE r AS ON INSERT TO t DO INSTEAD NOTHING', '42710'],
      ['CREATE OR REPLACE RULE r AS ON INSERT TO t DO INSTEAD NOTHING', null],
      ['DROP RULE r ON t', null],
      ['DROP RULE r ON t', '42704'],
      ['DROP RULE s ON t', null],
    ],
  },
  {
    about: '"$user" is not a place for a table without a schema of that name',
    setup: '',
    statements: [
      ['SET search_path = "$user", public', null],
      ['CREATE TABLE t (a int)', null],
      ['CREATE TABLE public.t (a int)', '42P07'],
      ['RESET search_path', null],
    ],
  },
  {
    about: 'a schema without a name has that of its owner',
    setup: 'CREATE ROLE somebody;',
    statements: [
      ['CREATE SCHEMA AUTHORIZATION somebody', null],
      ['CREATE SCHEMA somebody', '42P06'],
      ['CREATE TABLE somebody.t (a int)', null],
    ],
  },
  {
    about: 'a table that was dropped is not renamed, and one that is there is, also with IF EXISTS',
    setup: 'CREATE TABLE gone (a int); CREATE TABLE t (a int); DROP TABLE gone; CREATE SCHEMA s;',
    statements: [
      ['ALTER TABLE gone RENAME TO u', '42P01'],
      ['ALTER TABLE gone SET SCHEMA s', '42P01'],
      ['ALTER TABLE IF EXISTS gone RENAME TO u', null],
      ['ALTER TABLE IF EXISTS gone SET SCHEMA s', null],
      ['ALTER TABLE IF EXISTS t RENAME TO u', null],
      ['ALTER TABLE t RENAME TO u', '42P01'],
      ['ALTER TABLE IF EXISTS u SET SCHEMA s', null],
      ['ALTER TABLE u SET SCHEMA s', '42P01'],
    ],
  },
  {
    about: 'a constraint follows when its index is renamed, and no other one does',
    setup: 'CREATE TABLE t (a int PRIMARY KEY, b int UNIQUE, c int CHECK (c > 0));',
    statements: [
      ['ALTER INDEX t_pkey RENAME TO pk', null],
      ['ALTER TABLE t DROP CONSTRAINT t_pkey', '42704'],
      ['ALTER TABLE t DROP CONSTRAINT t_b_key', null],
      ['ALTER TABLE t DROP CONSTRAINT t_c_check', null],
      ['ALTER TABLE t DROP CONSTRAINT pk', null],
    ],
  },
  {
    about: 'SET NOT NULL validates the constraint that a primary key needs',
    setup: 'CREATE TABLE t (a int); ALTER TABLE t ADD CONSTRAINT n NOT NULL a NOT VALID;',
    statements: [
      ['ALTER TABLE t ADD PRIMARY KEY (a)', '55000'],
      ['ALTER TABLE t ALTER a SET NOT NULL', null],
      ['ALTER TABLE t ADD PRIMARY KEY (a)', null],
    ],
  },
  {
    about: 'a schema that was dropped cannot be reindexed',
    setup: 'CREATE SCHEMA gone;',
    statements: [
      ['REINDEX SCHEMA gone', null],
      ['DROP SCHEMA gone', null],
      ['REINDEX SCHEMA gone', '3F000'],
    ],
  },
  {
    about: 'a list that must not repeat a name',
    setup: 'CREATE TABLE t (a int, b int); CREATE TABLE u (a int);',
    statements: [
      ['ALTER TABLE t ADD UNIQUE (a, a)', '42701'],
      ['ALTER TABLE t ADD PRIMARY KEY (a, b, a)', '42701'],
      ['CREATE TABLE k (a int, UNIQUE (a, a))', '42701'],
      ['CREATE TABLE k (a int, PRIMARY KEY (a, a))', '42701'],
      ['ALTER TABLE t ADD UNIQUE (a) INCLUDE (b, b)', null],
      ['CREATE INDEX ON t (a, a) INCLUDE (a)', null],
      ['CREATE STATISTICS s ON a, a FROM t', '42701'],
      ['CREATE STATISTICS s ON a, b FROM t', null],
      [
        'CREATE TRIGGER g BEFORE UPDATE OF a, a ON t FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()',
        '42701',
      ],
      ['CREATE TYPE pair AS (a int, a int)', '42701'],
      ["CREATE TYPE e AS ENUM ('a', 'a')", '23505'],
      ['CREATE PUBLICATION p FOR TABLE t (a, a)', '42710'],
      ['ANALYZE t (a, a)', '42701'],
      ['ANALYZE t (nope)', '42703'],
      ['ANALYZE t (a)', null],
      ['ALTER TABLE t SET (fillfactor = 10, fillfactor = 20)', '22023'],
      ['ALTER TABLE t SET (fillfactor = 10, toast.autovacuum_enabled = true, autovacuum_enabled = true)', null],
      ['CREATE TABLE k (a int) WITH (fillfactor = 10, fillfactor = 20)', '22023'],
    ],
  },
  {
    about: 'sub-commands of ALTER TABLE see the column that another one adds only if they run after it',
    setup: 'CREATE TABLE t (a int);',
    statements: [
      ['ALTER TABLE t ADD COLUMN b int DEFAULT 1, ALTER COLUMN b DROP DEFAULT', '42703'],
      ['ALTER TABLE t ADD COLUMN b int NOT NULL, ALTER COLUMN b DROP NOT NULL', '42703'],
      ['ALTER TABLE t ADD COLUMN b int, ALTER COLUMN b TYPE bigint', '42703'],
      [
        'ALTER TABLE t ADD COLUMN b int, ALTER COLUMN b SET DEFAULT 1, ALTER COLUMN b SET NOT NULL, ALTER COLUMN b SET STATISTICS 5',
        null,
      ],
      ['ALTER TABLE t ADD COLUMN c int GENERATED ALWAYS AS (1) STORED, ALTER COLUMN c SET EXPRESSION AS (2)', null],
    ],
  },
  {
    about: 'the definition of a function is checked by itself',
    setup: '',
    statements: [
      ["CREATE FUNCTION f(a int, a int) RETURNS int LANGUAGE sql AS 'SELECT 1'", '42P13'],
      ["CREATE FUNCTION f(a int, INOUT a int) LANGUAGE sql AS 'SELECT 1'", '42P13'],
      ["CREATE FUNCTION f() RETURNS TABLE (a int, a int) LANGUAGE sql AS 'SELECT 1'", '42P13'],
      ["CREATE FUNCTION f(a int, OUT a int) LANGUAGE sql AS 'SELECT 1'", null],
      ["CREATE FUNCTION f(VARIADIC a int[], b int) RETURNS int LANGUAGE sql AS 'SELECT 1'", '42P13'],
      ["CREATE FUNCTION f(a int DEFAULT 1, b int) RETURNS int LANGUAGE sql AS 'SELECT 1'", '42P13'],
      ["CREATE FUNCTION f(a text DEFAULT 1, OUT b int) LANGUAGE sql AS 'SELECT 1'", null],
      ["CREATE FUNCTION f(a int) LANGUAGE sql AS 'SELECT 1'", '42P13'],
      ["CREATE FUNCTION f(OUT a int) RETURNS text LANGUAGE sql AS 'SELECT 1'", '42P13'],
      ["CREATE FUNCTION f(OUT a int, OUT b int) RETURNS int LANGUAGE sql AS 'SELECT 1'", '42P13'],
      ["CREATE FUNCTION f() RETURNS int AS 'SELECT 1'", '42P13'],
      ['CREATE FUNCTION f() RETURNS int LANGUAGE sql', '42P13'],
      ["CREATE FUNCTION f() RETURNS int IMMUTABLE VOLATILE LANGUAGE sql AS 'SELECT 1'", '42601'],
      [
        "CREATE FUNCTION f() RETURNS int SET work_mem = '1MB' SET search_path = 'public' LANGUAGE sql AS 'SELECT 1'",
        null,
      ],
      ["CREATE PROCEDURE p() STRICT LANGUAGE sql AS 'SELECT 1'", '42P13'],
      ["CREATE PROCEDURE p(a int, a int) LANGUAGE sql AS 'SELECT 1'", '42P13'],
      ["CREATE PROCEDURE p() SECURITY DEFINER LANGUAGE sql AS 'SELECT 1'", null],
      ['CREATE AGGREGATE g(a int, a int) (sfunc = int4pl, stype = int)', '42P13'],
    ],
  },
  ...extensions,
  ...inheritance,
]
