import { expect, test } from 'vitest'
import { told } from './kit/said.ts'

// Run on PostgreSQL 18 with prepared transactions: each of these warns "there is no transaction in progress" (25P01).
const nothing = 'This does nothing: there is no transaction in progress. What came before it'

test.each([
  ['BEGIN; CREATE TABLE x (id int); COMMIT; COMMIT;', `${nothing} has been committed.`],
  ['BEGIN; CREATE TABLE x (id int); ROLLBACK; COMMIT;', `${nothing} has been undone.`],
  [
    "BEGIN; CREATE TABLE x (id int); PREPARE TRANSACTION 'x'; COMMIT;",
    `${nothing} is prepared, and keeps its locks until COMMIT PREPARED.`,
  ],
  [
    "PREPARE TRANSACTION 'x';",
    'This PREPARE TRANSACTION has no BEGIN: it does nothing, or ends the transaction of the tool that runs the migration.',
  ],
  [
    'BEGIN; CREATE TABLE x (id int); COMMIT; CREATE TABLE y (id int); COMMIT;',
    'This COMMIT has no BEGIN: it does nothing, or ends the transaction of the tool that runs the migration.',
  ],
])('M12: %s', async (sql, message) => {
  const found = (await told(sql)).filter(({ rule }) => rule === 'commit-without-begin')
  expect(found.map(each => each.message)).toEqual([message])
})
