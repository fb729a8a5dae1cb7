import { foreignSyntax } from '../parse/foreign-syntax.ts'
import { lookUp } from '../parse/look-up.ts'
import type { Script } from '../parse/script.ts'

const titles: Readonly<Record<string, string>> = {
  mysql: 'MySQL',
  sqlite: 'SQLite',
  clickhouse: 'ClickHouse',
  sqlserver: 'SQL Server',
}

/** The other database for which a file is written, as its makers write its name; null when nothing in the text says so. */
export function foreignDatabase({ source }: Script): string | null {
  return lookUp(titles, foreignSyntax(source.text) ?? '') ?? null
}
