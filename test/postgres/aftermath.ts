/** What a statement leaves behind, as the statements after it find it. */
export interface Aftermath {
  readonly about: string
  readonly setup: string
  /** The statements, each with the SQLSTATE that it fails with, or null. */
  readonly statements: readonly (readonly [sql: string, sqlstate: string | null])[]
}

const view = 'CREATE TABLE t (a int); CREATE VIEW v AS SELECT count(*) AS n FROM t; CREATE VIEW w AS SELECT n FROM v;'
export const cases: readonly Aftermath[] = [
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
]
