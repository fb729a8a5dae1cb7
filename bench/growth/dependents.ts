import { lines, list, type Shape } from './shape.ts'

/** Tables of which each refers to the one before. */
const chain = (count: number) =>
  `CREATE TABLE t0 (id int PRIMARY KEY);\n${lines(count - 1, i => `CREATE TABLE t${i + 1} (id int PRIMARY KEY REFERENCES t${i});`)}`

/** Statements that reach many objects along what depends on what. */
export const dependentShapes: readonly Shape[] = [
  {
    name: 'DROP TABLEs in one transaction',
    most: 8_000,
    text: count => `BEGIN;\n${lines(count, i => `DROP TABLE t${i};`)}\nCOMMIT;`,
  },
  {
    name: 'a chain of foreign keys, truncated with CASCADE',
    most: 4_000,
    text: count => `${chain(count)}\nTRUNCATE t0 CASCADE;`,
  },
  {
    name: 'a chain of foreign keys, truncated with CASCADE from each of its tables',
    most: 400,
    text: count => `${chain(count)}\n${lines(count, i => `TRUNCATE t${i} CASCADE;`)}`,
  },
  {
    name: 'a chain of foreign keys, dropped with CASCADE',
    most: 4_000,
    text: count => `${chain(count)}\n${lines(count, i => `DROP TABLE t${i} CASCADE;`)}`,
  },
  {
    name: 'ALTER TABLEs of a table with as many partitions',
    most: 800,
    text: count =>
      `CREATE TABLE p (id int) PARTITION BY RANGE (id);\n${lines(count, i => `CREATE TABLE p${i} PARTITION OF p FOR VALUES FROM (${i}) TO (${i + 1});`)}\n${lines(count, i => `ALTER TABLE p ADD COLUMN c${i} text;`)}`,
  },
  {
    name: 'overloads of one function, each called',
    most: 1_600,
    text: count =>
      lines(
        count,
        i =>
          `CREATE TYPE e${i} AS ENUM ();\nCREATE FUNCTION f(x e${i}) RETURNS int LANGUAGE sql AS 'SELECT 1';\nSELECT f(NULL::e${i});`,
      ),
  },
  {
    name: 'calls of a function with as many overloads in one statement',
    most: 1_600,
    text: count =>
      `${lines(count, i => `CREATE TYPE e${i} AS ENUM ();\nCREATE FUNCTION f(x e${i}) RETURNS int LANGUAGE sql AS 'SELECT 1';`)}\nSELECT ${list(count, () => 'f(x)')} FROM orders;`,
  },
]
