import type { Aftermath } from './aftermath.ts'

/** Statements that find what parents gave their children, or took from them. */
export const inheritance: readonly Aftermath[] = [
  {
    about: 'a child keeps a column that it declares itself',
    setup:
      'CREATE TABLE a (n int, m int); CREATE TABLE kid (n int) INHERITS (a); CREATE TABLE grandkid () INHERITS (kid);',
    statements: [
      ['ALTER TABLE kid DROP COLUMN n', '42P16'],
      ['ALTER TABLE a DROP COLUMN n', null],
      ['ALTER TABLE grandkid DROP COLUMN n', '42P16'],
      ['ALTER TABLE kid DROP COLUMN n', null],
      ['ALTER TABLE grandkid DROP COLUMN n', '42703'],
      ['ALTER TABLE a DROP COLUMN m', null],
      ['ALTER TABLE kid DROP COLUMN m', '42703'],
    ],
  },
  {
    about: 'a table that becomes a child keeps its own columns',
    setup: 'CREATE TABLE a (n int); CREATE TABLE kid (LIKE a); ALTER TABLE kid INHERIT a;',
    statements: [
      ['ALTER TABLE kid DROP COLUMN n', '42P16'],
      ['ALTER TABLE kid RENAME COLUMN n TO m', '42P16'],
      ['ALTER TABLE a DROP COLUMN n', null],
      ['CREATE INDEX i ON kid (n)', null],
      ['ALTER TABLE kid DROP COLUMN n', null],
    ],
  },
  {
    about: 'a column that two parents give stays until both have lost it',
    setup:
      'CREATE TABLE a (n int); CREATE TABLE b (n int); CREATE TABLE kid () INHERITS (a, b); CREATE TABLE grandkid () INHERITS (kid);',
    statements: [
      ['ALTER TABLE a DROP COLUMN n', null],
      ['CREATE INDEX i ON kid (n)', null],
      ['ALTER TABLE kid DROP COLUMN n', '42P16'],
      ['ALTER TABLE b DROP COLUMN n', null],
      ['CREATE INDEX j ON kid (n)', '42703'],
      ['CREATE INDEX j ON grandkid (n)', '42703'],
    ],
  },
  {
    about: 'with ONLY, the column and the constraint belong to the children from now on',
    setup: 'CREATE TABLE a (n int, CONSTRAINT p CHECK (n > 0)); CREATE TABLE kid () INHERITS (a);',
    statements: [
      ['ALTER TABLE kid DROP CONSTRAINT p', '42P16'],
      ['ALTER TABLE ONLY a DROP CONSTRAINT p', null],
      ['ALTER TABLE kid DROP CONSTRAINT p', null],
      ['ALTER TABLE ONLY a DROP COLUMN n', null],
      ['ALTER TABLE kid DROP COLUMN n', null],
    ],
  },
]
