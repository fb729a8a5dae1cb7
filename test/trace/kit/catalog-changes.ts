import { catalogOf } from '../../../src/node/server/catalog.ts'
import type { Session } from '../../../src/node/server/session.ts'
import { changesBetween } from '../../../src/node/trace/changes.ts'

/** What is there before each change. */
export const before = `
  CREATE SCHEMA app;
  CREATE TYPE mood AS ENUM ('good', 'bad');
  CREATE DOMAIN positive AS int CHECK (VALUE > 0);
  CREATE TABLE t (id int PRIMARY KEY, a text DEFAULT 'x', b text NOT NULL, m mood, CONSTRAINT c CHECK (id > 0));
  CREATE TABLE child () INHERITS (t);
  CREATE TABLE parts (a int) PARTITION BY RANGE (a);
  CREATE TABLE part (a int);
  CREATE INDEX i ON t (a);
  CREATE SEQUENCE s;
  CREATE VIEW v AS SELECT id FROM t;
  CREATE MATERIALIZED VIEW mv AS SELECT id FROM t;
  CREATE FUNCTION f(x int) RETURNS int LANGUAGE sql AS 'SELECT x';
  CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
  CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION tf();
  CREATE POLICY p ON t USING (id > 0);
  CREATE PUBLICATION pub FOR TABLE t;
  COMMENT ON TABLE t IS 'old';
`

/** A change, and what takes it back. */
export const changes: readonly (readonly [change: string, back: string])[] = [
  ['CREATE SCHEMA more', 'DROP SCHEMA more'],
  ['CREATE TABLE more (a int)', 'DROP TABLE more'],
  ['CREATE UNLOGGED TABLE more (a int)', 'DROP TABLE more'],
  ['ALTER TABLE t RENAME TO u', 'ALTER TABLE u RENAME TO t'],
  ['ALTER TABLE t SET SCHEMA app', 'ALTER TABLE app.t SET SCHEMA public'],
  ['ALTER TABLE t SET (fillfactor = 50)', 'ALTER TABLE t RESET (fillfactor)'],
  ['ALTER TABLE part SET UNLOGGED', 'ALTER TABLE part SET LOGGED'],
  ['ALTER TABLE t ENABLE ROW LEVEL SECURITY', 'ALTER TABLE t DISABLE ROW LEVEL SECURITY'],
  ['ALTER TABLE t FORCE ROW LEVEL SECURITY', 'ALTER TABLE t NO FORCE ROW LEVEL SECURITY'],
  ['ALTER TABLE t REPLICA IDENTITY FULL', 'ALTER TABLE t REPLICA IDENTITY DEFAULT'],
  ['ALTER TABLE child NO INHERIT t', 'ALTER TABLE child INHERIT t'],
  ['ALTER TABLE parts ATTACH PARTITION part FOR VALUES FROM (1) TO (2)', 'ALTER TABLE parts DETACH PARTITION part'],
  ['ALTER TABLE t ADD COLUMN z int', 'ALTER TABLE t DROP COLUMN z'],
  ['ALTER TABLE t RENAME COLUMN b TO z', 'ALTER TABLE t RENAME COLUMN z TO b'],
  ['ALTER TABLE t ALTER b TYPE varchar(9)', 'ALTER TABLE t ALTER b TYPE text'],
  ['ALTER TABLE t ALTER b DROP NOT NULL', 'ALTER TABLE t ALTER b SET NOT NULL'],
  ['ALTER TABLE t ALTER a DROP DEFAULT', "ALTER TABLE t ALTER a SET DEFAULT 'x'"],
  ['ALTER TABLE t ALTER a SET STATISTICS 7', 'ALTER TABLE t ALTER a SET STATISTICS -1'],
  ['ALTER TABLE t ALTER a SET STORAGE EXTERNAL', 'ALTER TABLE t ALTER a SET STORAGE EXTENDED'],
  ['ALTER TABLE t ALTER a SET (n_distinct = 5)', 'ALTER TABLE t ALTER a RESET (n_distinct)'],
  ['ALTER TABLE t ALTER id ADD GENERATED ALWAYS AS IDENTITY', 'ALTER TABLE t ALTER id DROP IDENTITY'],
  ['ALTER TABLE t ADD CONSTRAINT z UNIQUE (b)', 'ALTER TABLE t DROP CONSTRAINT z'],
  ['ALTER TABLE t DROP CONSTRAINT c', 'ALTER TABLE t ADD CONSTRAINT c CHECK (id > 0)'],
  ['ALTER TABLE t RENAME CONSTRAINT c TO z', 'ALTER TABLE t RENAME CONSTRAINT z TO c'],
  ["ALTER TABLE t ADD CONSTRAINT z CHECK (b <> '') NOT VALID", 'ALTER TABLE t DROP CONSTRAINT z'],
  ['DROP INDEX i', 'CREATE INDEX i ON t (a)'],
  ['ALTER INDEX i RENAME TO z', 'ALTER INDEX z RENAME TO i'],
  ['ALTER INDEX i SET (fillfactor = 70)', 'ALTER INDEX i RESET (fillfactor)'],
  ['CREATE SEQUENCE z', 'DROP SEQUENCE z'],
  ['ALTER SEQUENCE s INCREMENT BY 5', 'ALTER SEQUENCE s INCREMENT BY 1'],
  ['ALTER SEQUENCE s CYCLE', 'ALTER SEQUENCE s NO CYCLE'],
  ['CREATE OR REPLACE VIEW v AS SELECT id FROM t WHERE id > 5', 'CREATE OR REPLACE VIEW v AS SELECT id FROM t'],
  ['ALTER VIEW v SET (security_barrier)', 'ALTER VIEW v RESET (security_barrier)'],
  ['DROP MATERIALIZED VIEW mv', 'CREATE MATERIALIZED VIEW mv AS SELECT id FROM t'],
  ['CREATE FUNCTION g() RETURNS int LANGUAGE sql AS $$SELECT 1$$', 'DROP FUNCTION g()'],
  [
    "CREATE OR REPLACE FUNCTION f(x int) RETURNS int LANGUAGE sql AS 'SELECT x + 1'",
    "CREATE OR REPLACE FUNCTION f(x int) RETURNS int LANGUAGE sql AS 'SELECT x'",
  ],
  ['ALTER FUNCTION f(int) IMMUTABLE', 'ALTER FUNCTION f(int) VOLATILE'],
  ['CREATE AGGREGATE agg (int) (sfunc = int4pl, stype = int)', 'DROP AGGREGATE agg (int)'],
  ["CREATE PROCEDURE pr() LANGUAGE sql AS 'SELECT 1'", 'DROP PROCEDURE pr()'],
  ['ALTER TABLE t DISABLE TRIGGER tr', 'ALTER TABLE t ENABLE TRIGGER tr'],
  ['DROP TRIGGER tr ON t', 'CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION tf()'],
  ['CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING', 'DROP RULE r ON t'],
  ['ALTER POLICY p ON t USING (id > 1)', 'ALTER POLICY p ON t USING (id > 0)'],
  ['CREATE POLICY z ON t FOR INSERT WITH CHECK (true)', 'DROP POLICY z ON t'],
  ["CREATE TYPE z AS ENUM ('a')", 'DROP TYPE z'],
  ["ALTER TYPE mood RENAME VALUE 'good' TO 'fine'", "ALTER TYPE mood RENAME VALUE 'fine' TO 'good'"],
  ['CREATE TYPE z AS (a int)', 'DROP TYPE z'],
  ['CREATE TYPE z AS RANGE (subtype = int)', 'DROP TYPE z'],
  ['ALTER DOMAIN positive SET NOT NULL', 'ALTER DOMAIN positive DROP NOT NULL'],
  ['ALTER DOMAIN positive SET DEFAULT 1', 'ALTER DOMAIN positive DROP DEFAULT'],
  ['ALTER DOMAIN positive ADD CONSTRAINT z CHECK (VALUE < 9)', 'ALTER DOMAIN positive DROP CONSTRAINT z'],
  ["COMMENT ON TABLE t IS 'new'", "COMMENT ON TABLE t IS 'old'"],
  ["COMMENT ON COLUMN t.a IS 'new'", 'COMMENT ON COLUMN t.a IS NULL'],
  ['GRANT INSERT (a) ON t TO PUBLIC', 'REVOKE INSERT (a) ON t FROM PUBLIC'],
  ['ALTER PUBLICATION pub ADD TABLE part', 'ALTER PUBLICATION pub DROP TABLE part'],
  ['CREATE STATISTICS z ON a, b FROM t', 'DROP STATISTICS z'],
  ['CREATE OPERATOR === (leftarg = int, rightarg = int, function = int4eq)', 'DROP OPERATOR === (int, int)'],
  ['CREATE CAST (mood AS int) WITH INOUT', 'DROP CAST (mood AS int)'],
  ["CREATE COLLATION z (provider = libc, locale = 'C')", 'DROP COLLATION z'],
  ['CREATE TEXT SEARCH CONFIGURATION z (COPY = simple)', 'DROP TEXT SEARCH CONFIGURATION z'],
  ['CREATE ROLE z', 'DROP ROLE z'],
  [
    'ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC',
    'ALTER DEFAULT PRIVILEGES REVOKE SELECT ON TABLES FROM PUBLIC',
  ],
  ['CREATE EXTENSION pg_trgm', 'DROP EXTENSION pg_trgm'],
]

/** The changes that are not seen, and those that are still seen after they were taken back, in a database in which `before` has run. */
export async function unseen(session: Session): Promise<string[]> {
  const wrong: string[] = []
  const first = await catalogOf(session)
  for (const [change, back] of changes) {
    await session.send(change)
    if (changesBetween(first, await catalogOf(session)).length === 0) wrong.push(`not seen: ${change}`)
    await session.send(back)
    const left = changesBetween(first, await catalogOf(session))
    if (left.length > 0) wrong.push(`still seen after ${back}: ${JSON.stringify(left)}`)
  }
  return wrong
}
