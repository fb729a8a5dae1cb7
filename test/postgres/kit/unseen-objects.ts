/** The database that no migration makes, with some rows. */
export const unseen = `
CREATE TABLE acct (id bigint PRIMARY KEY, email text UNIQUE, state text DEFAULT 'a', n int, d date, j jsonb, owner_id bigint);
CREATE TABLE evt (id bigint, at timestamptz NOT NULL, v int, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE evt_1 PARTITION OF evt FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE TYPE mood AS ENUM ('sad','ok');
CREATE DOMAIN zip AS text;
CREATE TABLE addr (id int PRIMARY KEY, z zip, m mood DEFAULT 'ok', g int GENERATED ALWAYS AS (id * 2) STORED);
CREATE FUNCTION trg() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE SEQUENCE sq;
CREATE VIEW av AS SELECT id, email FROM acct;
INSERT INTO acct (id, email, n) SELECT g, 'e'||g, g FROM generate_series(1,10) g;
INSERT INTO addr (id, z) VALUES (1,'x');`

/** Statements on these objects, one script after another. Each begins with the same database, and PostgreSQL refuses many of them. */
export const scripts: Readonly<Record<string, readonly (readonly string[])[]>> = {
  // Columns, constraints, indexes and views of a table.
  tables: [
    [
      'ALTER TABLE acct ADD COLUMN b int',
      'CREATE INDEX ON acct (b)',
      'ALTER TABLE acct DROP COLUMN b',
      'CREATE INDEX ON acct (b)',
    ],
    [
      'ALTER TABLE acct ADD COLUMN IF NOT EXISTS n int',
      'ALTER TABLE acct ALTER COLUMN n SET NOT NULL',
      'CREATE UNIQUE INDEX ON acct (n)',
    ],
    ['CREATE TABLE IF NOT EXISTS acct (id int)', 'ALTER TABLE acct ADD COLUMN email text'],
    [
      'CREATE TABLE IF NOT EXISTS acct (id int)',
      'ALTER TABLE acct ALTER COLUMN email SET NOT NULL',
      'CREATE INDEX ON acct (owner_id)',
    ],
    ['ALTER TABLE acct RENAME COLUMN n TO m', 'ALTER TABLE acct RENAME COLUMN n TO o'],
    ['ALTER TABLE acct RENAME TO acct2', 'ALTER TABLE acct ADD COLUMN q int'],
    [
      'ALTER TABLE acct RENAME TO acct2',
      'CREATE TABLE acct (id int)',
      'ALTER TABLE acct ADD COLUMN email text',
      'ALTER TABLE acct2 ADD COLUMN email text',
    ],
    ['DROP TABLE acct CASCADE', 'CREATE TABLE acct (id int)', 'INSERT INTO acct (email) VALUES (1)'],
    ['ALTER TABLE acct DROP CONSTRAINT acct_email_key', 'ALTER TABLE acct DROP CONSTRAINT acct_email_key'],
    [
      'ALTER TABLE acct DROP CONSTRAINT acct_pkey',
      'ALTER TABLE acct ADD PRIMARY KEY (id)',
      'ALTER TABLE acct ADD PRIMARY KEY (id)',
    ],
    [
      'ALTER TABLE acct ADD CONSTRAINT c CHECK (n > 0) NOT VALID',
      'ALTER TABLE acct VALIDATE CONSTRAINT c',
      'ALTER TABLE acct ADD CONSTRAINT c CHECK (n > 1)',
    ],
    [
      'ALTER TABLE acct ADD FOREIGN KEY (owner_id) REFERENCES acct',
      'ALTER TABLE acct ADD FOREIGN KEY (owner_id) REFERENCES acct (state)',
    ],
    ['CREATE INDEX i1 ON acct (n)', 'CREATE INDEX i1 ON acct (d)', 'CREATE INDEX IF NOT EXISTS i1 ON acct (d)'],
    ['DROP INDEX IF EXISTS i9', 'CREATE INDEX i9 ON acct (n)', 'DROP INDEX i9', 'DROP INDEX i9'],
    ['CREATE VIEW av2 AS SELECT * FROM av', 'CREATE OR REPLACE VIEW av2 AS SELECT id FROM av'],
    ['CREATE OR REPLACE VIEW av AS SELECT id, email, n FROM acct', 'CREATE OR REPLACE VIEW av AS SELECT id FROM acct'],
    ['DROP VIEW av', 'CREATE VIEW av AS SELECT id FROM acct', 'ALTER TABLE acct DROP COLUMN email'],
    ['ALTER TABLE acct DROP COLUMN email'],
    ['ALTER TABLE acct DROP COLUMN email CASCADE', 'SELECT * FROM av'],
    ['CREATE VIEW w AS SELECT n FROM acct', 'ALTER TABLE acct ALTER COLUMN n TYPE bigint'],
    [
      'ALTER TABLE acct ALTER COLUMN n TYPE bigint',
      'CREATE VIEW w AS SELECT n FROM acct',
      'ALTER TABLE acct ALTER COLUMN n TYPE text',
    ],
    ['ALTER TABLE acct ALTER COLUMN n TYPE text', 'ALTER TABLE acct ALTER COLUMN n TYPE int'],
    ['ALTER TABLE acct ALTER COLUMN n TYPE text', 'ALTER TABLE acct ALTER COLUMN n TYPE int USING n::int'],
    [
      'ALTER TABLE acct ADD COLUMN u uuid',
      'ALTER TABLE acct ALTER COLUMN u TYPE int USING 1',
      'ALTER TABLE acct ALTER COLUMN u TYPE uuid',
    ],
  ],
  // Transactions and savepoints.
  transactions: [
    [
      'BEGIN',
      'SAVEPOINT a',
      'CREATE TABLE s1 (id int)',
      'ROLLBACK TO a',
      'CREATE TABLE s1 (id int)',
      'COMMIT',
      'CREATE TABLE s1 (id int)',
    ],
    ['BEGIN', 'CREATE TABLE s2 (id int)', 'ROLLBACK', 'CREATE INDEX ON s2 (id)'],
    ['BEGIN', 'CREATE INDEX CONCURRENTLY ON acct (n)'],
    ['BEGIN', 'COMMIT', 'CREATE INDEX CONCURRENTLY ON acct (n)'],
    ['BEGIN', "ALTER TYPE mood ADD VALUE 'x'", "UPDATE addr SET m = 'x'"],
    ['BEGIN', "ALTER TYPE mood ADD VALUE 'x'", 'COMMIT', "UPDATE addr SET m = 'x'"],
    ['BEGIN', 'SAVEPOINT a', "ALTER TYPE mood ADD VALUE 'x'", 'RELEASE a', "UPDATE addr SET m = 'x'"],
    ['BEGIN', "CREATE TYPE k AS ENUM ('a')", "ALTER TYPE k ADD VALUE 'b'", "CREATE TABLE kk (k k DEFAULT 'b')"],
    ['BEGIN', 'VACUUM acct'],
    [
      'BEGIN',
      "SET LOCAL lock_timeout = '1s'",
      'COMMIT AND CHAIN',
      'CREATE TABLE ch (id int)',
      'COMMIT',
      'COMMIT AND CHAIN',
    ],
    ['BEGIN', 'BEGIN', 'COMMIT', 'ROLLBACK'],
    ['BEGIN', "PREPARE TRANSACTION 'x'"],
    ['BEGIN', 'REINDEX TABLE CONCURRENTLY acct'],
    ['BEGIN', 'CREATE DATABASE zz'],
    ['BEGIN', 'LOCK TABLE acct', 'COMMIT', 'LOCK TABLE acct'],
    [
      'BEGIN',
      'ALTER TABLE acct ADD CONSTRAINT fk FOREIGN KEY (owner_id) REFERENCES acct DEFERRABLE INITIALLY DEFERRED',
      'UPDATE acct SET owner_id = 1',
      'ALTER TABLE acct ADD COLUMN zz int',
    ],
    ['BEGIN', 'DECLARE c CURSOR FOR SELECT * FROM acct', 'ALTER TABLE acct ADD COLUMN zz int'],
  ],
  // DO blocks.
  blocks: [
    ['DO $$ BEGIN CREATE TABLE d1 (id int); END $$', 'CREATE TABLE d1 (id int)'],
    [
      "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_class WHERE relname='d2') THEN CREATE TABLE d2 (id int); END IF; END $$",
      'CREATE INDEX ON d2 (id)',
      'CREATE INDEX ON d2 (zz)',
    ],
    [
      "DO $$ BEGIN CREATE TYPE mood AS ENUM ('a'); EXCEPTION WHEN duplicate_object THEN NULL; END $$",
      "CREATE TABLE d3 (m mood DEFAULT 'sad')",
    ],
    ['DO $$ BEGIN COMMIT; END $$', 'BEGIN', 'DO $$ BEGIN COMMIT; END $$'],
    [
      "DO $$ DECLARE r record; BEGIN FOR r IN SELECT 1 LOOP EXECUTE 'CREATE TABLE d4 (id int)'; END LOOP; END $$",
      'CREATE TABLE d4 (id int)',
    ],
    ["DO $$ BEGIN EXECUTE 'CREATE TABLE d5 (id int)'; END $$", 'ALTER TABLE d5 ADD COLUMN x int'],
    ["DO $$ BEGIN PERFORM nope(); EXCEPTION WHEN others THEN RAISE NOTICE 'x'; END $$", 'CREATE TABLE d6 (id int)'],
    ['DO $$ BEGIN ALTER TABLE acct DROP COLUMN IF EXISTS email CASCADE; END $$', 'CREATE INDEX ON acct (email)'],
    ["DO $$ BEGIN RAISE EXCEPTION 'x'; END $$"],
    ['DO $$ BEGIN RETURN; CREATE TABLE d7 (id int); END $$', 'CREATE TABLE d7 (id int)'],
    ['DO $$ BEGIN WHILE false LOOP DROP TABLE acct; END LOOP; END $$', 'ALTER TABLE acct ADD COLUMN y int'],
    [
      'DO $$ BEGIN CASE WHEN true THEN CREATE TABLE d8 (id int); ELSE NULL; END CASE; END $$',
      'CREATE TABLE d8 (id int)',
    ],
    ["DO LANGUAGE plpgsql 'BEGIN CREATE TABLE d9 (id int); END'", 'CREATE TABLE d9 (id int)'],
  ],
  // IF NOT EXISTS and IF EXISTS.
  optional: [
    ['CREATE SCHEMA IF NOT EXISTS public', 'CREATE SCHEMA public'],
    ['CREATE SEQUENCE IF NOT EXISTS sq', 'ALTER SEQUENCE sq AS int', 'CREATE SEQUENCE sq'],
    ['ALTER TABLE IF EXISTS nope ADD COLUMN x int', 'ALTER TABLE nope ADD COLUMN x int'],
    ['DROP TABLE IF EXISTS nope', 'CREATE INDEX ON nope (id)'],
    ['DROP TYPE IF EXISTS nope', 'CREATE TABLE t1 (x nope)'],
    [
      'CREATE TABLE IF NOT EXISTS t2 (id int)',
      'CREATE TABLE IF NOT EXISTS t2 (id int, b int)',
      'CREATE INDEX ON t2 (b)',
    ],
    ['CREATE TABLE t3 (id int)', 'CREATE TABLE IF NOT EXISTS t3 (id int, b int)', 'CREATE INDEX ON t3 (b)'],
    [
      'CREATE MATERIALIZED VIEW IF NOT EXISTS mv AS SELECT 1 AS a',
      'CREATE UNIQUE INDEX ON mv (a)',
      'REFRESH MATERIALIZED VIEW CONCURRENTLY mv',
    ],
    ['ALTER TABLE acct DROP CONSTRAINT IF EXISTS zz', 'ALTER TABLE acct DROP CONSTRAINT zz'],
  ],
  // Partitions and children.
  partitions: [
    [
      "CREATE TABLE evt_2 PARTITION OF evt FOR VALUES FROM ('2021-01-01') TO ('2022-01-01')",
      'CREATE INDEX ON evt_2 (v)',
      'ALTER TABLE evt_2 ADD COLUMN q int',
    ],
    ["CREATE TABLE evt_2 PARTITION OF evt FOR VALUES FROM ('2020-06-01') TO ('2022-01-01')"],
    [
      'CREATE TABLE e3 (LIKE evt)',
      "ALTER TABLE evt ATTACH PARTITION e3 FOR VALUES FROM ('2023-01-01') TO ('2024-01-01')",
      'ALTER TABLE evt DETACH PARTITION e3',
      'ALTER TABLE e3 ADD COLUMN z int',
    ],
    ['CREATE INDEX CONCURRENTLY ON evt (v)'],
    ['CREATE INDEX ix ON ONLY evt (v)', 'CREATE INDEX ix1 ON evt_1 (v)', 'ALTER INDEX ix ATTACH PARTITION ix1'],
    [
      'CREATE TABLE p (id int, k text) PARTITION BY LIST (k)',
      "CREATE TABLE p1 PARTITION OF p FOR VALUES IN ('a')",
      "CREATE TABLE p2 PARTITION OF p FOR VALUES IN ('a')",
    ],
    ['CREATE TABLE p (id int, k text) PARTITION BY LIST (k)', 'ALTER TABLE p ADD PRIMARY KEY (id)'],
    [
      'CREATE TABLE p (id int, k text) PARTITION BY LIST (k)',
      'CREATE TABLE pd PARTITION OF p DEFAULT',
      'CREATE TABLE pd2 PARTITION OF p DEFAULT',
    ],
    [
      'CREATE TABLE p (id int) PARTITION BY HASH (id)',
      'CREATE TABLE h0 PARTITION OF p FOR VALUES WITH (MODULUS 2, REMAINDER 0)',
      'CREATE TABLE h2 PARTITION OF p FOR VALUES WITH (MODULUS 2, REMAINDER 2)',
    ],
    ['ALTER TABLE evt_1 ADD COLUMN own int'],
    ['ALTER TABLE evt_1 DROP COLUMN v'],
    ['CREATE UNIQUE INDEX ON evt (id)'],
    ['ALTER TABLE evt ADD CONSTRAINT e CHECK (v > 0) NO INHERIT'],
    ['CREATE TABLE ch () INHERITS (acct)', 'ALTER TABLE ch DROP COLUMN email', 'ALTER TABLE ch ADD COLUMN email text'],
    ['CREATE TABLE ch (email int) INHERITS (acct)'],
    ['CREATE TABLE ch (zz int) INHERITS (acct)', 'ALTER TABLE acct ADD COLUMN zz int', 'ALTER TABLE ch DROP COLUMN zz'],
  ],
  // Enums, domains, generated columns and identities.
  types: [
    ["ALTER TYPE mood RENAME VALUE 'sad' TO 'ok'"],
    ["ALTER TYPE mood RENAME VALUE 'sad' TO 'bad'", "ALTER TYPE mood RENAME VALUE 'sad' TO 'worse'"],
    ["ALTER TYPE mood ADD VALUE 'z' BEFORE 'nope'"],
    ["CREATE TABLE m1 (m mood DEFAULT 'nope')"],
    [
      'ALTER DOMAIN zip ADD CONSTRAINT c CHECK (length(VALUE) > 0)',
      'ALTER DOMAIN zip ADD CONSTRAINT c CHECK (length(VALUE) > 0)',
    ],
    ['ALTER DOMAIN zip SET NOT NULL', 'ALTER DOMAIN zip DROP CONSTRAINT nope'],
    ['DROP DOMAIN zip', 'CREATE DOMAIN zip AS int'],
    ['DROP DOMAIN zip CASCADE', 'CREATE TABLE zz (z zip)'],
    ['ALTER TABLE addr ALTER COLUMN g DROP EXPRESSION', 'ALTER TABLE addr ALTER COLUMN g SET DEFAULT 1'],
    ['ALTER TABLE addr ALTER COLUMN g SET DEFAULT 1'],
    ['ALTER TABLE addr ADD COLUMN h int GENERATED ALWAYS AS (g + 1) STORED'],
    [
      'ALTER TABLE addr ADD COLUMN h int GENERATED ALWAYS AS (id + 1) STORED',
      'ALTER TABLE addr DROP COLUMN id',
      'UPDATE addr SET h = 1',
    ],
    ['ALTER TABLE acct ADD COLUMN h text GENERATED ALWAYS AS (now()::text) STORED'],
    ['ALTER TABLE acct ADD COLUMN s serial', 'ALTER TABLE acct ALTER COLUMN s ADD GENERATED ALWAYS AS IDENTITY'],
    [
      'ALTER TABLE acct ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY',
      'ALTER TABLE acct ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY',
    ],
    ['ALTER TABLE acct ALTER COLUMN n ADD GENERATED ALWAYS AS IDENTITY'],
  ],
  // Policies, triggers, rules, functions, rows and the rest.
  others: [
    [
      'ALTER TABLE acct ENABLE ROW LEVEL SECURITY',
      'CREATE POLICY p ON acct USING (true)',
      'CREATE POLICY p ON acct USING (n > 0)',
    ],
    ['CREATE POLICY p ON acct USING (nope > 0)'],
    ['CREATE POLICY p ON acct FOR INSERT USING (true)'],
    ['CREATE POLICY p ON acct USING (n > 0)', 'ALTER TABLE acct DROP COLUMN n'],
    [
      'CREATE TRIGGER t BEFORE INSERT ON acct FOR EACH ROW EXECUTE FUNCTION trg()',
      'CREATE TRIGGER t BEFORE INSERT ON acct FOR EACH ROW EXECUTE FUNCTION trg()',
      'CREATE OR REPLACE TRIGGER t AFTER INSERT ON acct FOR EACH ROW EXECUTE FUNCTION trg()',
    ],
    ['CREATE TRIGGER t INSTEAD OF INSERT ON acct FOR EACH ROW EXECUTE FUNCTION trg()'],
    ['CREATE TRIGGER t BEFORE UPDATE OF nope ON acct FOR EACH ROW EXECUTE FUNCTION trg()'],
    ['ALTER TABLE acct DISABLE TRIGGER nope'],
    ['CREATE TRIGGER t BEFORE INSERT ON av FOR EACH ROW EXECUTE FUNCTION trg()'],
    [
      'CREATE RULE r AS ON INSERT TO acct DO INSTEAD NOTHING',
      'INSERT INTO acct (id) VALUES (99)',
      'DROP RULE r ON acct',
      'DROP RULE r ON acct',
    ],
    ['DROP FUNCTION trg()', 'CREATE TRIGGER t BEFORE INSERT ON acct FOR EACH ROW EXECUTE FUNCTION trg()'],
    [
      'CREATE FUNCTION f1(a int) RETURNS int LANGUAGE sql RETURN a',
      'CREATE OR REPLACE FUNCTION f1(b int) RETURNS int LANGUAGE sql RETURN b',
    ],
    [
      'CREATE FUNCTION f1(a int) RETURNS int LANGUAGE sql RETURN a',
      'CREATE OR REPLACE FUNCTION f1(a int) RETURNS text LANGUAGE sql RETURN a::text',
    ],
    [
      'CREATE FUNCTION f2() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT n FROM acct; END',
      'ALTER TABLE acct DROP COLUMN n',
    ],
    [
      'CREATE FUNCTION f3() RETURNS int IMMUTABLE LANGUAGE sql RETURN 1',
      'CREATE INDEX ON acct ((f3()))',
      'DROP FUNCTION f3()',
    ],
    ['CREATE INDEX ON acct ((now()))'],
    ['CREATE INDEX ON acct (lower(email)) WHERE d > now()'],
    ['CREATE STATISTICS st ON n, d FROM acct', 'CREATE STATISTICS st ON n, d FROM acct'],
    ['COMMENT ON COLUMN acct.nope IS $$x$$'],
    ['GRANT SELECT ON nope TO public'],
    ['ALTER TABLE acct SET (fillfactor = 50)', 'ALTER TABLE acct SET (nope = 1)'],
    ['CLUSTER acct USING acct_pkey', 'CLUSTER acct USING nope'],
    ['ALTER TABLE acct REPLICA IDENTITY USING INDEX acct_email_key'],
    ['CREATE EXTENSION nope'],
    [
      'MERGE INTO acct a USING addr b ON a.id = b.id WHEN MATCHED THEN UPDATE SET n = 1',
      'MERGE INTO acct a USING addr b ON a.id = b.id WHEN MATCHED THEN UPDATE SET n = 1, n = 2',
    ],
    ['INSERT INTO acct (id, id) VALUES (1, 2)'],
    ['UPDATE acct SET nope = 1'],
    ['INSERT INTO acct (id) VALUES (50) ON CONFLICT (n) DO NOTHING'],
    [
      'ALTER TABLE acct DROP CONSTRAINT acct_email_key',
      "INSERT INTO acct (id, email) VALUES (51, 'x') ON CONFLICT (email) DO NOTHING",
    ],
    ['WITH x AS (SELECT 1) SELECT * FROM y'],
    ['TRUNCATE acct', 'TRUNCATE nope'],
    ['CREATE TABLE fk1 (a bigint REFERENCES acct)', 'TRUNCATE acct'],
    ['CREATE TABLE fk1 (a bigint REFERENCES acct (n))'],
    ['CREATE TABLE fk1 (a uuid REFERENCES acct)'],
    ['CREATE UNLOGGED TABLE ul (id int PRIMARY KEY)', 'CREATE TABLE lg (a int REFERENCES ul)'],
    ['CREATE TEMP TABLE tt (id int PRIMARY KEY)', 'CREATE TABLE lg (a int REFERENCES tt)'],
    [
      "DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_class WHERE relname = 'acct') THEN RETURN; END IF; CREATE TABLE e1 (id int); END $$",
      'CREATE TABLE e1 (id int)',
    ],
  ],
}
