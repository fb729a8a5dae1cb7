import { lines, list, type Shape } from './shape.ts'

/** Transactions, locks, settings, comments, and texts that cannot be parsed. */
export const scriptShapes: readonly Shape[] = [
  {
    name: 'UPDATEs after an ALTER TABLE',
    most: 4_000,
    text: count =>
      `BEGIN;\nALTER TABLE orders ADD COLUMN c int;\n${lines(count, i => `UPDATE orders SET c = ${i} WHERE id = ${i};`)}\nCOMMIT;`,
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
    name: 'merge conflicts',
    most: 16_000,
    text: count => lines(count, i => `<<<<<<< HEAD\nSELECT ${i};\n=======\nSELECT 2;\n>>>>>>> x`),
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
