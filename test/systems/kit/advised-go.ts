import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type CodeTool, program } from './advised.ts'

/** Why goose is not run; null: it is. */
export const withoutGo: string | null =
  spawnSync('go', ['version'], { stdio: 'ignore' }).status === 0
    ? null
    : 'goose is not run: there is no go on this machine.'

const file = (name: string) => readFileSync(fileURLToPath(new URL(`../go/goose/${name}`, import.meta.url)), 'utf8')
const files = { 'go.mod': file('go.mod'), 'go.sum': file('go.sum'), 'main.go': file('main.go') }
const apply: CodeTool['apply'] = project => program('go', ['run', '.'], project)

export const goTools: Readonly<Record<string, CodeTool>> =
  withoutGo === null
    ? {
        'goose, in Go': {
          files,
          path: number => `migrations/0000${number}_a.go`,
          migration: (code, number, isOutside) => `package migrations

import (
	"context"
	"database/sql"

	"github.com/pressly/goose/v3"
)

func init() {
	goose.AddMigration${isOutside ? 'NoTx' : ''}Context(up${number}, nil)
}

func up${number}(ctx context.Context, ${isOutside ? 'db *sql.DB' : 'tx *sql.Tx'}) error {
${code}
	return nil
}
`,
          sql: sql => `if _, err := tx.ExecContext(ctx, \`${sql}\`); err != nil {\n\treturn err\n}`,
          apply,
        },
        'goose, in SQL': {
          isSql: true,
          files: { ...files, 'migrations/none.go': 'package migrations\n' },
          path: number => `migrations/0000${number}_a.sql`,
          migration: (code, _, isOutside) => `${isOutside ? '-- +goose NO TRANSACTION\n' : ''}-- +goose Up\n${code}\n`,
          sql: sql => `-- +goose StatementBegin\n${sql};\n-- +goose StatementEnd`,
          apply,
        },
      }
    : {}
