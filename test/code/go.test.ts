import { expect, test } from 'vitest'
import { gooseCalls } from '../../src/systems/goose/calls.ts'
import { sent } from './kit/sent.ts'

async function up(body: string, before = '', add = 'AddMigrationContext'): Promise<Awaited<ReturnType<typeof sent>>> {
  const parameters = add.endsWith('Context') ? 'ctx context.Context, tx *sql.Tx' : 'tx *sql.Tx'
  const text = `package migrations

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"strings"

	"github.com/pressly/goose/v3"
)

${before}

func init() {
	goose.${add}(up, down)
}

func up(${parameters}) error {
${body}
	return nil
}

func down(${parameters}) error {
	return nil
}
`
  return sent(gooseCalls(), text, 'up', '1.go')
}

test.each<[string, string, string[]]>([
  [
    'an error that is looked at',
    '_, err := tx.ExecContext(ctx, "a")\nif err != nil {\n\treturn err\n}\ntx.ExecContext(ctx, `b\nc`)',
    ['a', 'b\nc'],
  ],
  [
    'an error in the condition',
    'if _, err := tx.ExecContext(ctx, "a"); err != nil {\n\treturn fmt.Errorf("no: %w", err)\n}',
    ['a'],
  ],
  [
    'a loop over a list',
    'for _, t := range []string{"a", "b"} {\n\ttx.ExecContext(ctx, fmt.Sprintf("DROP %s %d", t, 1))\n}',
    ['DROP a 1', 'DROP b 1'],
  ],
  ['a loop that counts', 'for i := 0; i < 2; i++ {\n\ttx.ExecContext(ctx, fmt.Sprint(i))\n}', ['0', '1']],
  ['a map', 'for k, v := range map[string]string{"a": "b"} {\n\ttx.ExecContext(ctx, k+v)\n}', ['ab']],
  ['sums and joins', 'x := "b"\ntx.ExecContext(ctx, "a"+x+strings.Join([]string{"c", "d"}, ","))', ['abc,d']],
  [
    'a switch',
    'x := 2\nswitch x {\ncase 1:\n\ttx.ExecContext(ctx, "a")\ncase 2, 3:\n\ttx.ExecContext(ctx, "b")\ndefault:\n\ttx.ExecContext(ctx, "c")\n}',
    ['b'],
  ],
  [
    'a prepared statement',
    'stmt, err := tx.PrepareContext(ctx, "a $1")\nif err != nil {\n\treturn err\n}\ndefer stmt.Close()\nstmt.ExecContext(ctx, 1)',
    ['a $1'],
  ],
  ['escapes', String.raw`tx.ExecContext(ctx, "\"a\" \x41\u0042\t")`, ['"a" AB\t']],
])('reads %s', async (_, body, sql) => {
  expect(await up(body)).toEqual({ sql, unread: [], doubts: [] })
})

test('reads functions and constants of the file', async () => {
  const before =
    'const q = "a"\n\nfunc helper(tx *sql.Tx, name string) error {\n\t_, err := tx.Exec(q + name)\n\treturn err\n}'
  expect(await up('if err := helper(tx, "b"); err != nil {\n\treturn err\n}', before, 'AddMigration')).toEqual({
    sql: ['ab'],
    unread: [],
    doubts: [],
  })
})

test('functions of other files that get the transaction are unread', async () => {
  const read = await up('models.Seed(ctx, tx)\ntx.ExecContext(ctx, "a")')
  expect(read.sql).toEqual(['a'])
  expect(read.unread).toHaveLength(1)
})

test('begins and commits transactions of its own', async () => {
  const read = await up(
    'own, err := tx.Begin()\nif err != nil {\n\treturn err\n}\ndefer own.Rollback()\nown.Exec("a")\nown.Commit()',
    '',
    'AddMigrationNoTxContext',
  )
  expect(read.sql).toEqual(['BEGIN', 'a', 'COMMIT'])
})

test('both branches of an unknown condition are read', async () => {
  const read = await up('if os.Getenv("X") != "" {\n\ttx.ExecContext(ctx, "a")\n}\ntx.ExecContext(ctx, "b")')
  expect(read.sql).toEqual(['a', 'b'])
  expect(read.doubts).toHaveLength(1)
})

test('says so if no migration is registered', async () => {
  await expect(sent(gooseCalls(), 'package x\n', 'up', '1.go')).rejects.toThrow('no call of `goose.AddMigration`')
})
