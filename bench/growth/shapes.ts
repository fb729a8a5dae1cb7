/** A kind of migration whose cost must grow no faster than its text. */
export interface Shape {
  readonly name: string
  /** The larger size measured; the smaller is a quarter of it. Chosen so that the text stays below some 500 KB. */
  readonly most: number
  /** The text of one file with `count` of the things in its name. */
  readonly text: (count: number) => string
}

const list = (count: number, each: (i: number) => string, separator = ', ') =>
  Array.from({ length: count }, (_, i) => each(i)).join(separator)
const lines = (count: number, each: (i: number) => string) => list(count, each, '\n')

const orders = 'CREATE TABLE orders (id bigint PRIMARY KEY, note text);\n'

/** One file with one or many statements, as a stranger may submit it. */
export const shapes: readonly Shape[] = [
  {
    name: 'ADD COLUMNs in one ALTER TABLE',
    most: 16_000,
    text: count => `ALTER TABLE orders ${list(count, i => `ADD COLUMN c${i} text`)};`,
  },
  {
    name: 'FROM a JOIN b, c JOIN d, …',
    most: 8_000,
    text: count => `SELECT 1 FROM ${list(count, i => `a${i} JOIN b${i} ON true`)};`,
  },
  {
    name: 'JOINs in one FROM',
    most: 2_000,
    text: count => `SELECT 1 FROM t ${list(count, i => `JOIN t${i} ON t${i}.id = t.id`, ' ')};`,
  },
  {
    name: 'names in one DROP TABLE',
    most: 16_000,
    text: count => `DROP TABLE ${list(count, i => `t${i}`)};`,
  },
  {
    name: 'names in one DROP TABLE, created before',
    most: 4_000,
    text: count => `${lines(count, i => `CREATE TABLE t${i} (id int);`)}\nDROP TABLE ${list(count, i => `t${i}`)};`,
  },
  {
    name: 'ADD COLUMNs in one ALTER TABLE of a known table',
    most: 16_000,
    text: count => `${orders}ALTER TABLE orders ${list(count, i => `ADD COLUMN c${i} text`)};`,
  },
  {
    name: 'ADD COLUMN … NOT NULL DEFAULTs in one ALTER TABLE',
    most: 8_000,
    text: count => `${orders}ALTER TABLE orders ${list(count, i => `ADD COLUMN c${i} int NOT NULL DEFAULT ${i}`)};`,
  },
  {
    name: 'DROP COLUMNs in one ALTER TABLE',
    most: 16_000,
    text: count => `ALTER TABLE orders ${list(count, i => `DROP COLUMN c${i}`)};`,
  },
  {
    name: 'DROP COLUMNs in one ALTER TABLE, created before',
    most: 8_000,
    text: count =>
      `CREATE TABLE orders (${list(count, i => `c${i} text`)});\nALTER TABLE orders ${list(count, i => `DROP COLUMN c${i}`)};`,
  },
  {
    name: 'ALTER COLUMN … TYPEs in one ALTER TABLE',
    most: 8_000,
    text: count => `ALTER TABLE orders ${list(count, i => `ALTER COLUMN c${i} TYPE text`)};`,
  },
  {
    name: 'SET NOT NULLs in one ALTER TABLE',
    most: 8_000,
    text: count => `ALTER TABLE orders ${list(count, i => `ALTER COLUMN c${i} SET NOT NULL`)};`,
  },
  {
    name: 'ADD CONSTRAINT … CHECKs in one ALTER TABLE',
    most: 8_000,
    text: count => `ALTER TABLE orders ${list(count, i => `ADD CONSTRAINT k${i} CHECK (note <> 'x')`)};`,
  },
  {
    name: 'ADD CHECKs without a name in one ALTER TABLE',
    most: 8_000,
    text: count => `ALTER TABLE orders ${list(count, () => `ADD CHECK (note <> 'x')`)};`,
  },
  {
    name: 'ADD FOREIGN KEYs in one ALTER TABLE',
    most: 4_000,
    text: count => `ALTER TABLE orders ${list(count, i => `ADD FOREIGN KEY (a${i}) REFERENCES b${i} (id)`)};`,
  },
  {
    name: 'columns of one CREATE TABLE',
    most: 16_000,
    text: count => `CREATE TABLE orders (${list(count, i => `c${i} text NOT NULL`)});`,
  },
  {
    name: 'CHECKs of one CREATE TABLE',
    most: 8_000,
    text: count => `CREATE TABLE orders (note text, ${list(count, () => `CHECK (note <> 'x')`)});`,
  },
  {
    name: 'UNIQUEs of one CREATE TABLE',
    most: 8_000,
    text: count => `CREATE TABLE orders (${list(count, i => `c${i} text UNIQUE`)});`,
  },
  {
    name: 'foreign keys of one CREATE TABLE',
    most: 4_000,
    text: count => `CREATE TABLE orders (${list(count, i => `c${i} int REFERENCES t${i}`)});`,
  },
  {
    name: 'UPDATEs after an ALTER TABLE',
    most: 4_000,
    text: count =>
      `BEGIN;\nALTER TABLE orders ADD COLUMN c int;\n${lines(count, i => `UPDATE orders SET c = ${i} WHERE id = ${i};`)}\nCOMMIT;`,
  },
  {
    name: 'UPDATEs',
    most: 8_000,
    text: count => lines(count, i => `UPDATE orders SET c = ${i} WHERE id = ${i};`),
  },
  {
    name: 'ALTER TABLE … ADD COLUMNs of one table',
    most: 8_000,
    text: count => lines(count, i => `ALTER TABLE orders ADD COLUMN c${i} text;`),
  },
  {
    name: 'ALTER TABLEs of many tables in one transaction',
    most: 4_000,
    text: count => `BEGIN;\n${lines(count, i => `ALTER TABLE t${i} ADD COLUMN c text;`)}\nCOMMIT;`,
  },
  {
    name: 'foreign keys and UPDATEs in pairs in one transaction',
    most: 800,
    text: count =>
      `BEGIN;\n${lines(count, i => `ALTER TABLE a${i} ADD FOREIGN KEY (x) REFERENCES b${i} (id);\nUPDATE a${i} SET x = 1;`)}\nCOMMIT;`,
  },
  {
    name: 'LOCK TABLEs in pairs in one transaction',
    most: 6_400,
    text: count => `BEGIN;\n${lines(count / 2, i => `LOCK TABLE a${i} IN SHARE MODE;\nLOCK TABLE b${i};`)}\nCOMMIT;`,
  },
  {
    name: 'calls of a function that calls the one before',
    most: 800,
    text: count =>
      `CREATE FUNCTION f0() RETURNS int LANGUAGE sql AS 'SELECT 0';\n${lines(count, i => `CREATE FUNCTION f${i + 1}() RETURNS int LANGUAGE sql AS 'SELECT f${i}()';\nSELECT f${i + 1}();`)}`,
  },
  {
    name: 'partitions that are attached',
    most: 4_000,
    text: count =>
      `CREATE TABLE p (id int) PARTITION BY RANGE (id);\n${lines(count, i => `CREATE TABLE p${i} (id int);\nALTER TABLE p ATTACH PARTITION p${i} FOR VALUES FROM (${i}) TO (${i + 1});`)}`,
  },
  {
    name: 'values of two partitions',
    most: 32_000,
    text: count =>
      `CREATE TABLE p (id int) PARTITION BY LIST (id);\n${lines(2, part => `CREATE TABLE p${part} PARTITION OF p FOR VALUES IN (${list(count / 2, i => `${2 * i + part}`)});`)}`,
  },
  {
    name: 'merge conflicts',
    most: 16_000,
    text: count => lines(count, i => `<<<<<<< HEAD\nSELECT ${i};\n=======\nSELECT 2;\n>>>>>>> x`),
  },
  {
    name: 'names in one GRANT',
    most: 16_000,
    text: count => `GRANT SELECT ON ${list(count, i => `t${i}`)} TO reader;`,
  },
  {
    name: 'GRANTs',
    most: 8_000,
    text: count => lines(count, i => `GRANT SELECT ON t${i} TO reader;`),
  },
  {
    name: 'values in one IN',
    most: 32_000,
    text: count => `DELETE FROM orders WHERE id IN (${list(count, i => `${i}`)});`,
  },
  {
    name: 'common table expressions in one WITH',
    most: 4_000,
    text: count => `WITH ${list(count, i => `w${i} AS (SELECT 1 AS x)`)} SELECT 1 FROM w0;`,
  },
  {
    name: 'common table expressions, each reading the one before',
    most: 4_000,
    text: count =>
      `WITH w0 AS (SELECT 1 AS x), ${list(count, i => `w${i + 1} AS (SELECT x FROM w${i})`)} SELECT 1 FROM w${count};`,
  },
  {
    name: 'rows in one VALUES',
    most: 16_000,
    text: count => `INSERT INTO orders (id, note) VALUES ${list(count, i => `(${i}, 'some text')`)};`,
  },
  {
    name: 'INSERTs',
    most: 8_000,
    text: count => lines(count, i => `INSERT INTO orders (id) VALUES (${i});`),
  },
  {
    name: 'triggers on one table',
    most: 4_000,
    text: count => lines(count, i => `CREATE TRIGGER g${i} AFTER INSERT ON orders EXECUTE FUNCTION f();`),
  },
  {
    name: 'policies on one table',
    most: 4_000,
    text: count => lines(count, i => `CREATE POLICY p${i} ON orders USING (id > 0);`),
  },
  {
    name: 'names in one TRUNCATE',
    most: 16_000,
    text: count => `TRUNCATE ${list(count, i => `t${i}`)};`,
  },
  {
    name: 'names in one LOCK TABLE',
    most: 16_000,
    text: count => `BEGIN;\nLOCK TABLE ${list(count, i => `t${i}`)};\nCOMMIT;`,
  },
  {
    name: 'LOCK TABLEs',
    most: 4_000,
    text: count => `BEGIN;\n${lines(count, i => `LOCK TABLE t${i};`)}\nCOMMIT;`,
  },
  {
    name: 'names in one DROP VIEW',
    most: 16_000,
    text: count => `DROP VIEW ${list(count, i => `t${i}`)};`,
  },
  {
    name: 'names in one DROP INDEX',
    most: 16_000,
    text: count => `DROP INDEX ${list(count, i => `t${i}`)};`,
  },
  {
    name: 'DROP TABLEs',
    most: 8_000,
    text: count => lines(count, i => `DROP TABLE t${i};`),
  },
  {
    name: 'COMMENTs on columns of one table',
    most: 8_000,
    text: count => lines(count, i => `COMMENT ON COLUMN orders.c${i} IS 'x';`),
  },
  {
    name: 'COMMENTs on tables',
    most: 8_000,
    text: count => lines(count, i => `COMMENT ON TABLE t${i} IS 'x';`),
  },
  {
    name: 'suppressed statements',
    most: 4_000,
    text: count => lines(count, i => `-- migrate-lint-disable-next-statement drop-table\nDROP TABLE t${i};`),
  },
  {
    name: 'suppression pairs',
    most: 4_000,
    text: count =>
      lines(count, i => `-- migrate-lint-disable drop-table\nDROP TABLE t${i};\n-- migrate-lint-enable drop-table`),
  },
  {
    name: 'CREATE TABLEs',
    most: 4_000,
    text: count => lines(count, i => `CREATE TABLE t${i} (id bigint PRIMARY KEY, note text NOT NULL);`),
  },
  {
    name: 'CREATE INDEXes of one table',
    most: 4_000,
    text: count => lines(count, i => `CREATE INDEX i${i} ON orders (note);`),
  },
  {
    name: 'CREATE VIEWs on one table',
    most: 4_000,
    text: count => `${orders}${lines(count, i => `CREATE VIEW v${i} AS SELECT id FROM orders;`)}`,
  },
  {
    name: 'enum values',
    most: 4_000,
    text: count => `CREATE TYPE e AS ENUM ('a');\n${lines(count, i => `ALTER TYPE e ADD VALUE 'v${i}';`)}`,
  },
  {
    name: 'labels of one CREATE TYPE',
    most: 16_000,
    text: count => `CREATE TYPE e AS ENUM (${list(count, i => `'v${i}'`)});`,
  },
  {
    name: 'partitions of one table',
    most: 4_000,
    text: count =>
      `CREATE TABLE p (id int) PARTITION BY RANGE (id);\n${lines(count, i => `CREATE TABLE p${i} PARTITION OF p FOR VALUES FROM (${i}) TO (${i + 1});`)}`,
  },
  {
    name: 'rules on one table',
    most: 4_000,
    text: count => `${orders}${lines(count, i => `CREATE RULE r${i} AS ON INSERT TO orders DO ALSO NOTIFY x;`)}`,
  },
  {
    name: 'schemas',
    most: 4_000,
    text: count => lines(count, i => `CREATE SCHEMA s${i};`),
  },
  {
    name: 'domains',
    most: 4_000,
    text: count => lines(count, i => `CREATE DOMAIN d${i} AS text CHECK (VALUE <> '');`),
  },
  {
    name: 'foreign keys from one table',
    most: 4_000,
    text: count => lines(count, i => `ALTER TABLE orders ADD FOREIGN KEY (a${i}) REFERENCES b${i} (id);`),
  },
  {
    name: 'foreign keys to one table',
    most: 4_000,
    text: count => `${orders}${lines(count, i => `ALTER TABLE t${i} ADD FOREIGN KEY (a) REFERENCES orders (id);`)}`,
  },
  {
    name: 'tables that inherit from one table',
    most: 4_000,
    text: count => `${orders}${lines(count, i => `CREATE TABLE t${i} () INHERITS (orders);`)}`,
  },
  {
    name: 'CHECKs of one table',
    most: 4_000,
    text: count => lines(count, i => `ALTER TABLE orders ADD CONSTRAINT k${i} CHECK (note <> 'x') NOT VALID;`),
  },
  {
    name: 'SET statements',
    most: 16_000,
    text: count => lines(count, i => `SET lock_timeout = '${i}ms';`),
  },
  {
    name: 'dollar-quoted strings',
    most: 8_000,
    text: count => lines(count, i => `SELECT $t${i}$ some text $t${i}$;`),
  },
  {
    name: 'statements in one DO block',
    most: 4_000,
    text: count => `DO $$ BEGIN\n${lines(count, i => `ALTER TABLE t${i} ADD COLUMN c text;`)}\nEND $$;`,
  },
  {
    name: 'columns of one SELECT of one table',
    most: 8_000,
    text: count =>
      `CREATE TABLE orders (${list(count, i => `c${i} text`)});\nCREATE VIEW v AS SELECT ${list(count, i => `c${i}`)} FROM orders;`,
  },
  {
    name: 'columns of one UPDATE',
    most: 8_000,
    text: count =>
      `CREATE TABLE orders (${list(count, i => `c${i} text`)});\nUPDATE orders SET ${list(count, i => `c${i} = 'x'`)};`,
  },
  {
    name: 'syntax errors',
    most: 8_000,
    text: count => lines(count, i => `ALTER TABEL t${i};`),
  },
  {
    name: 'savepoints',
    most: 8_000,
    text: count => `BEGIN;\n${lines(count, i => `SAVEPOINT s${i};`)}\nCOMMIT;`,
  },
  {
    name: 'transactions',
    most: 4_000,
    text: count => lines(count, i => `BEGIN;\nALTER TABLE t${i} ADD COLUMN c text;\nCOMMIT;`),
  },
]
