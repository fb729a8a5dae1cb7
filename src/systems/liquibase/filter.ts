/** Which change sets a run on PostgreSQL takes, in all formats of changelogs. */

/** `dbms="postgresql, h2"`, `dbms="!mysql"`, `all`, `none`: DatabaseList.definitionMatches. */
export function isForPostgres(dbms: string | null): boolean {
  if (dbms === null || dbms.trim() === '') return true
  const all = dbms
    .toLowerCase()
    .split(',')
    .map(each => each.trim())
  if (all.includes('all')) return true
  if (all.includes('none') || all.includes('!postgresql')) return false
  return all.includes('postgresql') || all.every(each => each.startsWith('!'))
}

/** The names of other databases, as people use them for contexts. */
const otherDatabases: ReadonlySet<string> = new Set(
  'mysql mariadb oracle mssql sqlserver h2 hsqldb derby sqlite db2 sybase firebird informix'.split(' '),
)

/**
 * A context that names only other databases, such as `mysql`: as people use them, runs on PostgreSQL leave its change sets out as they do
 * with `dbms`. A context is only a name, so it is not certain that none takes them. Returns the reason why they are not read; null:
 * they are.
 */
export function ofOthers(context: string): string | null {
  const said = context.trim().toLowerCase()
  const isForOthers = said !== '' && said.split(/,|\sor\s/).every(each => otherDatabases.has(each.trim()))
  return isForOthers ? `its context, ${said}, names only another database` : null
}
