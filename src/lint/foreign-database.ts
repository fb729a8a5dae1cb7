import { foreignSyntax } from '../parse/foreign-syntax.ts'
import { lookUp } from '../parse/look-up.ts'
import type { Script } from '../parse/script.ts'

const titles: Readonly<Record<string, string>> = {
  mysql: 'MySQL',
  sqlite: 'SQLite',
  clickhouse: 'ClickHouse',
  sqlserver: 'SQL Server',
}

/** The other database for which a file is written, with the spelling of its makers; null when nothing in the text shows it. */
export function foreignDatabase({ source }: Script): string | null {
  return lookUp(titles, foreignSyntax(source.text) ?? '') ?? null
}
