import { lookUp } from '../parse/look-up.ts'

/**
 * The commands with which tools print the SQL of migrations in code instead of running it, by the tool's name. Each is
 * taken from the tool's own help.
 */
const commands: Readonly<Record<string, string>> = {
  Alembic: 'alembic upgrade <before>:<migration> --sql',
  'db-migrate': 'db-migrate up --dry-run',
  Django: 'python manage.py sqlmigrate <app> <migration>',
  'EF Core': 'dotnet ef migrations script <before> <migration>',
  Laravel: 'php artisan migrate --pretend',
  Liquibase: 'liquibase update-sql',
  'node-pg-migrate': 'node-pg-migrate up --dry-run',
}

/** Tools that log the SQL while they run it. */
const logs: Readonly<Record<string, string>> = {
  Ecto: 'mix ecto.migrate --log-migrations-sql',
}

/** How to get the SQL of a migration that this tool has in code: sentences, with code in backquotes. */
export function howToPrintSql(tool: string): string {
  const command = lookUp(commands, tool)
  if (command !== undefined) return `Have ${tool} print its SQL and lint that: \`${command}\`.`
  const run = lookUp(logs, tool)
  const how = run === undefined ? '' : ` by \`${run}\` or`
  return `${tool} prints no SQL without running it: run it on an empty database, have the SQL logged${how} by \`log_statement = 'all'\`, and lint that.`
}
