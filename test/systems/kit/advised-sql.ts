import type { CodeTool } from './advised.ts'
import { missing, run, tools } from './tools.ts'

const dbmate = tools.find(({ system }) => system === 'dbmate')
if (!dbmate) throw new Error('dbmate is not among the tools')
const why = missing(dbmate)

/** Why dbmate is not run; null: it is. */
export const withoutDbmate = why && `dbmate is not run: ${why}.`

/** Tools of migrations in SQL alone. */
export const sqlTools: Readonly<Record<string, CodeTool>> =
  why === null
    ? {
        dbmate: {
          files: {},
          isSql: true,
          path: number => `db/migrations/2024010100000${number}_a.sql`,
          migration: (code, _, isOutside) =>
            `-- migrate:up${isOutside ? ' transaction:false' : ''}\n${code}\n\n-- migrate:down\n`,
          sql: sql => `${sql};`,
          apply: async ({ folder, url }) => {
            const { code, output } = await run(dbmate, folder, url)
            if (code !== 0) throw new Error(output)
          },
        },
      }
    : {}
