/** What `--help` of each command ends with: command lines that people can copy. */

export const lintExamples = `
Examples:
  migrate-lint                      find the project's migrations and lint them
  migrate-lint db/migrations        lint a folder
  migrate-lint db/0042_*.sql        report on these files; the others are read as well
  migrate-lint --pg-version 17 --preset strict
  migrate-lint --diff | git apply   apply safe fixes as a patch; --fix changes the files directly
  migrate-lint -f text -f sarif=report.sarif
  migrate-lint --stdin-filename db/0042_x.sql - < draft.sql
  migrate-lint rules drop-column    explain a rule

Exit codes:
  0  nothing at or above --fail-on (default: error)
  1  findings
  2  the tool could not do its work: wrong usage, configuration or files`

export const historyExamples = `
Examples:
  migrate-lint history                        what this branch changed in migrations of the main branch
  migrate-lint history --since v1.4           what has changed since the last release
  migrate-lint history --audit                every past change to existing migrations
  migrate-lint history --staged               in a pre-commit hook
  migrate-lint history --require-history      in CI: exit code 2 if there is nothing to compare with`

export const statusExamples = `
Examples:
  DATABASE_URL=postgres://app@db.example/shop migrate-lint status
  migrate-lint status --database-url 'postgres://app@db.example/shop?sslmode=verify-full' db/migrations
  migrate-lint status --tracking-table tools.flyway_history
  migrate-lint status --fail-on-pending -f json -o status.json

You can leave the password out of the address: PGPASSWORD and ~/.pgpass are read, and so are PGHOST, PGUSER, PGSSLMODE and similar variables.

Exit codes:
  0  all applied migrations match the files on disk; others may be pending
  1  an applied migration was edited, is missing or failed, or a new one is out of order, so that the tool stops or skips it
  2  the database or the files could not be read`

export const captureExamples = `
Examples:
  migrate-lint capture -- npx knex migrate:latest
  migrate-lint capture --last 1 -- bin/rails db:migrate
  migrate-lint capture --server -- ./gradlew flywayMigrate
  migrate-lint capture --save sent.json -- alembic upgrade head
  migrate-lint capture --database-url postgres://postgres@localhost/postgres -- goose up
  migrate-lint capture --check -- npx knex migrate:latest    fail where linting reads something else than what is sent

The command finds the database in DATABASE_URL, in the variables of libpq (PGHOST, PGPORT …) and in those of Spring, Flyway, Liquibase, Laravel,
goose and EF Core. It runs as it is, with all that it does; its output goes to standard error. If it fails, its exit code is passed on.`

export const traceExamples = `
Examples:
  migrate-lint trace                             the whole history, on PGlite (npm install --save-dev @electric-sql/pglite)
  migrate-lint trace db/0042_orders_email.sql    print this one; those before it run first
  migrate-lint trace --rows 100000 db/0042_*.sql    the same with rows in all tables, so that scans and rewrites take their time
  migrate-lint trace --down db/0042_*.sql        then take it back, and print what is left of it
  migrate-lint trace --server --check            on a PostgreSQL of this machine; fail where it differs from the prediction
  migrate-lint trace --database-url postgres://postgres@localhost/postgres -f json

The migrations run, with everything that is in them. PGlite keeps them in this process, without files and network; --server starts a server for
them, and they run as a role without rights to the machine; --database-url gives them a new database on that server.

Exit codes:
  0  all migrations apply
  1  a migration fails; with --down, it is not taken back completely; with --check, the server differs from the prediction
  2  there is no server, or the files could not be read; with --down, a migration could not be taken back or compared`

export const initExamples = `
The command asks no questions. Without --start-after-latest, the newest migration is only named in a comment.`

export const locksExamples = `
Examples:
  migrate-lint locks db/migrations/0042_orders_email.sql
  migrate-lint locks -f json db/migrations`
