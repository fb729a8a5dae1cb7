import { lint } from '../../../src/index.ts'
import type { PartialConfig } from '../../../src/lint/config/config-file.ts'
import type { ReportedFinding } from '../../../src/lint/report.ts'

/** The findings about the last of these migrations, in order of place. Files are applied in the given order. */
export async function told(sql: string | readonly string[], config: PartialConfig = {}): Promise<ReportedFinding[]> {
  const files = typeof sql === 'string' ? [sql] : sql
  const migrations = files.map((content, i) => ({ path: `m/${i + 1}.sql`, content }))
  const last = migrations.at(-1)?.path
  const { findings, internalErrors } = await lint({ migrations, config, report: path => path === last })
  if (internalErrors.length > 0) throw new Error(JSON.stringify(internalErrors))
  return [...findings]
}

/** `error drop-table`, for each finding. */
export async function said(sql: string | readonly string[], config: PartialConfig = {}): Promise<string[]> {
  return (await told(sql, config)).map(({ severity, rule }) => `${severity} ${rule}`)
}
