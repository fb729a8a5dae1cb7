import { lines, list, orders, type Shape } from './shape.ts'

/** Tables with their columns, constraints and partitions. */
export const tableShapes: readonly Shape[] = [
  {
    name: 'ADD COLUMNs in one ALTER TABLE',
    most: 16_000,
    text: count => `ALTER TABLE orders ${list(count, i => `ADD COLUMN c${i} text`)};`,
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
    name: 'ALTER TABLE … ADD COLUMNs of one table',
    most: 8_000,
    text: count => lines(count, i => `ALTER TABLE orders ADD COLUMN c${i} text;`),
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
    name: 'CREATE TABLEs',
    most: 4_000,
    text: count => lines(count, i => `CREATE TABLE t${i} (id bigint PRIMARY KEY, note text NOT NULL);`),
  },
  {
    name: 'partitions of one table',
    most: 4_000,
    text: count =>
      `CREATE TABLE p (id int) PARTITION BY RANGE (id);\n${lines(count, i => `CREATE TABLE p${i} PARTITION OF p FOR VALUES FROM (${i}) TO (${i + 1});`)}`,
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
]
