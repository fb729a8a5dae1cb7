import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { alembicCalls } from '../../../src/systems/alembic/calls.ts'
import { usual } from '../../../src/systems/alembic/convention.ts'
import { sent } from '../kit/sent.ts'

const recorded = (name: string) => readFileSync(new URL(`recorded/${name}`, import.meta.url), 'utf8')
const oneSpace = (sql: string) => sql.replace(/\s+/g, ' ').replaceAll('( ', '(').replaceAll(' )', ')').trim()
const newest = alembicCalls({ convention: usual, storesComputed: false })

test('the statements that Alembic writes for recorded operations, one by one', async () => {
  const read = await sent(newest, recorded('alembic.py'), 'up', '1.py')
  // The blocks of autocommit end and begin a transaction, which is said of each statement in them.
  const lines = recorded('alembic.sql')
    .split('\n')
    .filter(line => !/^(?:|COMMIT|BEGIN)$/.test(line))
  expect(read.unread).toEqual([])
  expect(read.sql.map(oneSpace)).toEqual(lines.map(oneSpace))
})
