/** Constructs that can be repeated without end: in a row, which is flat for people, or one in another. */

const times = (n: number, text: (i: number) => string, between = ''): string =>
  Array.from({ length: n }, (_, i) => text(i)).join(between)

/** Each is SQL that PostgreSQL parses, with something `n` times in it. */
export const chains: Readonly<Record<string, (n: number) => string>> = {
  'OR in a row': n => `SELECT 1 FROM t WHERE ${times(n, i => `x = ${i}`, ' OR ')}`,
  'AND in a row': n => `SELECT 1 FROM t WHERE ${times(n, i => `x > ${i}`, ' AND ')}`,
  'AND of a CHECK': n => `ALTER TABLE t ADD CHECK (${times(n, i => `x > ${i}`, ' AND ')})`,
  'branches of CASE': n => `UPDATE t SET x = CASE ${times(n, i => `WHEN x = ${i} THEN ${i}`, ' ')} END`,
  'one sum': n => `SELECT ${times(n, () => '1 + ')}x FROM t`,
  'concatenated strings': n => `SELECT ${times(n, () => "'a' || ")}'a'`,
  'a list of IN': n => `SELECT 1 FROM t WHERE x IN (${times(n + 1, String, ', ')})`,
  'rows of VALUES': n => `INSERT INTO t VALUES ${times(n + 1, i => `(${i})`, ', ')}`,
  'UNION ALL in a row': n => `INSERT INTO t SELECT 0 ${times(n, i => `UNION ALL SELECT ${i}`, ' ')}`,
  'INTERSECT in a row': n => `SELECT 1 ${times(n, () => 'INTERSECT SELECT 1', ' ')}`,
  'joins in a row': n => `SELECT 1 FROM t ${times(n, i => `JOIN t t${i} ON true`, ' ')}`,
  'casts in a row': n => `SELECT 1${times(n, () => '::int')}`,
  'subscripts in a row': n => `SELECT a${times(n, () => '[1]')} FROM t`,
  'columns of a view': n => `CREATE VIEW v AS SELECT ${times(n + 1, i => `1 AS c${i}`, ', ')}`,
  'a policy': n => `CREATE POLICY p ON t USING (${times(n + 1, i => `x = ${i}`, ' OR ')})`,
  'a default': n => `ALTER TABLE t ALTER x SET DEFAULT ${times(n, () => '1 + ')}1`,
  'bounds of a partition': n => `CREATE TABLE p PARTITION OF t FOR VALUES IN (${times(n + 1, String, ', ')})`,
  parentheses: n => `SELECT ${times(n, () => '(')}1${times(n, () => ')')}`,
  'NOT of NOT': n => `SELECT ${times(n, () => 'NOT ')}true`,
  COLLATE: n => `SELECT 'a'${times(n, () => ' COLLATE "C"')}`,
  'calls in calls': n => `SELECT ${times(n, () => 'abs(')}1${times(n, () => ')')}`,
  'CASE in CASE': n => `SELECT ${times(n, () => 'CASE WHEN true THEN ')}1${times(n, () => ' END')}`,
  'arrays in arrays': n => `SELECT ${times(n, () => 'ARRAY[')}1${times(n, () => ']')}`,
  'sub-selects in sub-selects': n => `SELECT ${times(n, () => '(SELECT ')}1${times(n, () => ')')}`,
  'FROM in FROM': n => `SELECT 1 FROM ${times(n, () => '(SELECT 1 FROM ')}t${times(n, () => ') t')}`,
  'UNION of UNION': n => `${times(n, () => 'SELECT 1 UNION ALL (')}SELECT 1${times(n, () => ')')}`,
  'AND in OR': n => `SELECT ${times(n, () => 'true AND (false OR (')}true${times(n, () => '))')}`,
}
