import { lines, list, type Shape } from './shape.ts'

/** Statements that read and write rows. */
export const rowShapes: readonly Shape[] = [
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
    name: 'UPDATEs',
    most: 8_000,
    text: count => lines(count, i => `UPDATE orders SET c = ${i} WHERE id = ${i};`),
  },
  {
    name: 'calls of a function that calls the one before',
    most: 800,
    text: count =>
      `CREATE FUNCTION f0() RETURNS int LANGUAGE sql AS 'SELECT 0';\n${lines(count, i => `CREATE FUNCTION f${i + 1}() RETURNS int LANGUAGE sql AS 'SELECT f${i}()';\nSELECT f${i + 1}();`)}`,
  },
  {
    name: 'tables changed and filled in one transaction that then reads under another lock',
    most: 800,
    text: count =>
      `BEGIN;\n${lines(count, i => `ALTER TABLE t${i} ADD COLUMN c int;\nUPDATE t${i} SET c = 1;`)}\nALTER TABLE extra ADD COLUMN c int;\n${lines(count, () => 'SELECT count(*) FROM big;')}\nCOMMIT;`,
  },
  {
    name: 'foreign keys and UPDATEs in one transaction',
    most: 6_400,
    text: count =>
      `BEGIN;\n${lines(count, i => `ALTER TABLE t${i} ADD FOREIGN KEY (a) REFERENCES p${i} (id);\nUPDATE t${i} SET c = 1;`)}\nCOMMIT;`,
  },
  {
    name: 'UPDATEs and changes of the same tables in one transaction',
    most: 6_400,
    text: count =>
      `BEGIN;\n${lines(count, i => `UPDATE t${i} SET c = 1;\nALTER TABLE t${i} ADD COLUMN d int;`)}\nCOMMIT;`,
  },
  {
    name: 'locks that get stronger one by one',
    most: 6_400,
    text: count =>
      `BEGIN;\n${lines(count, i => `LOCK TABLE t${i} IN SHARE MODE;`)}\n${lines(count, i => `LOCK TABLE t${i};`)}\nCOMMIT;`,
  },
  {
    name: 'locks that savepoints give back',
    most: 3_200,
    text: count =>
      `BEGIN;\n${lines(count, i => `ALTER TABLE t${i} ADD COLUMN c int;\nSAVEPOINT s;\nALTER TABLE u${i} ADD COLUMN c int;\nROLLBACK TO SAVEPOINT s;`)}\nCOMMIT;`,
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
]
