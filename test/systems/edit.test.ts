import { expect, test } from 'vitest'
import {
  outcomeOfDeletion,
  outcomeOfDuplicate,
  outcomeOfEdit,
  outcomeOfLateness,
  outcomeOfSquash,
} from '../../src/systems/history/outcomes.ts'
import { systems } from '../../src/systems/index.ts'
import { plain } from '../../src/systems/plain/plain.ts'
import { changes } from './kit/changes.ts'

const table = 'CREATE TABLE t (a int);\n'

test.each([
  ['a constant', "SELECT 'a';", "SELECT 'b';", 'statements'],
  ['the blanks of a string', "SELECT 'a  b';", "SELECT 'a b';", 'statements'],
  ['the body of a function', 'DO $$ BEGIN NULL; END $$;', 'DO $$ BEGIN  NULL; END $$;', 'statements'],
  ['the case of a name in quotes', 'SELECT "a";', 'SELECT "A";', 'statements'],
  ['the case of keywords and names', 'SELECT A;', 'select a;', 'comments'],
  ['data of COPY', 'COPY t FROM stdin;\na b\n\\.\n', 'COPY t FROM stdin;\na  b\n\\.\n', 'statements'],
  ['a statement more', 'SELECT 1;', 'SELECT 1; SELECT 2;', 'statements'],
  ['a statement less', 'SELECT 1; SELECT 2;', 'SELECT 1;', 'statements'],
  ['bytes that are not text', 'SELECT 1;', 'SELECT 1; --\ufffd', 'comments'],
  ['what does not parse', 'SELEC 1;', 'SELEC 1 ;', 'comments'],
  ['a comment', '/* a */ SELECT 1;', '/* b */ SELECT 1;', 'comments'],
  ['an indentation', 'SELECT 1;', '  SELECT\n1;\n\n', 'comments'],
  ['line ends in a string', "SELECT 'a\nb';", "SELECT 'a\r\nb';", 'line-ends'],
])('%s', (_, before, after, edit) => {
  const severity = edit === 'statements' ? 'error' : 'warning'
  expect(changes('plain', { '1.sql': before }, { '1.sql': after })).toEqual([`1.sql edited ${edit} ${severity}`])
  expect(changes('plain', { '1.sql': before }, { '1.sql': before })).toEqual([])
})

test('a marker in a comment is more than a comment if it decides how the file runs', () => {
  const up = '-- +goose Up\nSELECT 1;\n-- +goose Down\nSELECT 2;\n'
  expect(changes('goose', { '1_a.sql': up }, { '1_a.sql': `-- +goose NO TRANSACTION\n${up}` })).toEqual([
    '1_a.sql edited statements error',
  ])
  expect(changes('goose', { '1_a.sql': up }, { '1_a.sql': `-- why\n${up}` })).toEqual([])
  expect(changes('goose', { '1_a.sql': up }, { '1_a.sql': up.replace('2', '3') })).toEqual(['1_a.sql edited down note'])
})

test('a down migration is reported, even in a separate file', () => {
  const files = { '1_a.up.sql': table, '1_a.down.sql': 'DROP TABLE t;\n' }
  expect(changes('golang-migrate', files, { ...files, '1_a.down.sql': 'SELECT 1;\n' })).toEqual([
    '1_a.up.sql edited down note',
  ])
})

test('files that are made to be edited may be edited', () => {
  const before = { 'V1__a.sql': table, 'R__v.sql': 'CREATE OR REPLACE VIEW v AS SELECT 1;\n', 'B1__b.sql': table }
  const after = { ...before, 'R__v.sql': 'CREATE OR REPLACE VIEW v AS SELECT 2;\n', 'B1__b.sql': 'SELECT 1;\n' }
  expect(changes('flyway', before, after)).toEqual([])
  expect(changes('flyway', before, { 'V1__a.sql': table, 'B1__b.sql': table })).toEqual([])
  // A file without a number, such as seeds, views and dumps, is not known to be applied.
  const unnumbered = { 'seed.sql': 'SELECT 1;\n', 'views/orders.sql': 'SELECT 1;\n' }
  expect(changes('plain', unnumbered, { 'seed.sql': 'SELECT 2;\n' })).toEqual([])
  expect(changes('plain', { '2024/a.sql': table }, { '2024/a.sql': '' })).toEqual([
    '2024/a.sql edited statements error',
  ])
})

test('a file of change sets may grow', () => {
  const set = (id: string, sql: string, attribute = '') => `--changeset ann:${id}${attribute}\n${sql}\n`
  const file = (...sets: string[]) => ({ '1.sql': `--liquibase formatted sql\n${sets.join('')}` })
  const before = file(set('1', 'SELECT 1;'), set('2', 'SELECT 2;', ' runOnChange:true'))
  expect(
    changes(
      'liquibase',
      before,
      file(set('1', '-- why\nSELECT 1;'), set('2', 'SELECT 3;', ' runOnChange:true'), set('3', 'SELECT 3;')),
    ),
  ).toEqual([])
  expect(changes('liquibase', before, file(set('1', 'SELECT 5;'), set('2', 'SELECT 2;', ' runOnChange:true')))).toEqual(
    ['1.sql edited statements error'],
  )
  expect(changes('liquibase', before, file(set('1', 'SELECT 1;')))).toEqual(['1.sql edited statements error'])
})

const stamped = (isStamped: boolean) => (isStamped ? { stamp: { when: 1, file: 'journal' } } : {})

test('the reaction of every system is known', () => {
  const unsaid = systems.filter(system => outcomeOfEdit(system, 'comments')?.severity === 'warning')
  expect(unsaid, 'say in src/systems/history/guard.ts what these do about an edit').toEqual([plain])
  for (const system of systems) {
    expect(outcomeOfEdit(system, 'statements')).toMatchObject({
      severity: 'error',
      what: expect.stringMatching(/^["\w].*[^.]$/),
    })
    for (const isStamped of [true, false])
      expect(outcomeOfLateness(system, stamped(isStamped))?.what ?? 'nothing').toMatch(/[^.]$/)
  }
})

test.each([
  ['sqlx', 'error', 'error'],
  ['prisma', 'error', undefined],
  ['flyway', 'error', undefined],
  ['drizzle', undefined, undefined],
  // Its hash is of the values in the JSON, without white space.
  ['prisma-8', undefined, undefined],
  ['plain', 'warning', 'warning'],
])('%s: a comment is an %s, line ends are %s', (id, comment, lineEnds) => {
  const system = systems.find(each => each.id === id) ?? plain
  expect(outcomeOfEdit(system, 'comments')?.severity).toBe(comment)
  expect(outcomeOfEdit(system, 'line-ends')?.severity).toBe(lineEnds)
})

// This was seen with Sqitch on PostgreSQL: the ID of a change depends on those before it in the plan.
test.each<[string, string, string, boolean?]>([
  ['sqitch', 'error', 'Cannot find change'],
  ['drizzle', 'error', 'skips it without a word', true],
  // For the folders of 1.0, see test/systems/drizzle.systems.test.ts.
  ['drizzle', 'note', 'runs it anyway'],
  ['refinery', 'error', 'unless its name begins with U'],
  ['dbmate', 'note', 'runs it anyway'],
])('%s: the finding about a late migration has the severity %s', (id, severity, what, isStamped = false) => {
  const system = systems.find(each => each.id === id) ?? plain
  expect(outcomeOfLateness(system, stamped(isStamped))).toMatchObject({ severity, what: expect.stringContaining(what) })
})

test("a tool's reaction is a sentence when a full stop follows, and begins with its name", () => {
  for (const system of systems) {
    for (const outcome of [outcomeOfDeletion(system), outcomeOfDuplicate(system), outcomeOfSquash(system)]) {
      expect(outcome.what).toMatch(/^["\w].*[^.]$/)
      expect(outcome.what).not.toMatch(/^the /)
    }
  }
})
