import { help, raw, say } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'Migration that writes to the table of applied migrations',
  why: 'The tool reads this table to know what is applied, and writes to it while the migration runs. What is changed behind its back it may skip, or run a second time.',
  severity: 'warning',
  category: 'migration file',
  on: ['insert', 'update', 'delete', 'merge', 'copy-from', 'truncate'],

  check({ operation }) {
    const { table, keyword } = operation
    const owner = owners.get(table.name.split('.').at(-1) ?? '')
    if (owner === undefined) return
    return {
      at: keyword,
      message: say`This changes ${table.name}, in which ${raw(owner)} what is applied.`,
      help: help(
        "Use the tool's own command for it, outside the migrations, such as flyway repair, prisma migrate resolve or goose fix.",
      ),
    }
  },
})

const records = (tool: string) => `${tool} records`

/** Tables of these names are nobody else's. */
const owners = new Map([
  ['_prisma_migrations', records('Prisma')],
  ['__drizzle_migrations', records('Drizzle')],
  ['flyway_schema_history', records('Flyway')],
  ['databasechangelog', records('Liquibase')],
  ['_sqlx_migrations', records('sqlx')],
  ['refinery_schema_history', records('refinery')],
  ['atlas_schema_revisions', records('Atlas')],
  ['pgmigrations', records('node-pg-migrate')],
  ['knex_migrations', records('Knex')],
  ['goose_db_version', records('goose')],
  ['gorp_migrations', records('sql-migrate')],
  ['__diesel_schema_migrations', records('Diesel')],
  ['alembic_version', records('Alembic')],
  ['django_migrations', records('Django')],
  ['__EFMigrationsHistory', records('EF Core')],
  ['SequelizeMeta', records('Sequelize')],
  ['mikro_orm_migrations', records('MikroORM')],
  ['kysely_migration', records('Kysely')],
  // golang-migrate, dbmate, Rails, Ecto, the Supabase CLI
  ['schema_migrations', 'the migration tool records'],
])
