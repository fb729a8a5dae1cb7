import { lines, list, orders, type Shape } from './shape.ts'

/** Other objects, and lists of names. */
export const objectShapes: readonly Shape[] = [
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
]
