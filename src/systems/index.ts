import { type SystemId, systemIds } from '../migration/system-id.ts'
import { lookUp } from '../parse/look-up.ts'
import { alembic } from './alembic/alembic.ts'
import { atlas } from './atlas/atlas.ts'
import { dbMigrate } from './db-migrate/db-migrate.ts'
import { dbmate } from './dbmate/dbmate.ts'
import { diesel } from './diesel/diesel.ts'
import { django } from './django/django.ts'
import { drizzle } from './drizzle/drizzle.ts'
import { ecto } from './ecto/ecto.ts'
import { efCore } from './ef-core/ef-core.ts'
import { flyway } from './flyway/flyway.ts'
import { golangMigrate } from './golang-migrate/golang-migrate.ts'
import { goose } from './goose/goose.ts'
import { graphileMigrate } from './graphile-migrate/graphile-migrate.ts'
import { hasura } from './hasura/hasura.ts'
import { knex } from './knex/knex.ts'
import { kysely } from './kysely/kysely.ts'
import { laravel } from './laravel/laravel.ts'
import { liquibase } from './liquibase/liquibase.ts'
import { mikroOrm } from './mikro-orm/mikro-orm.ts'
import { nodePgMigrate } from './node-pg-migrate/node-pg-migrate.ts'
import { plain } from './plain/plain.ts'
import { postgresMigrations } from './postgres-migrations/postgres-migrations.ts'
import { prisma } from './prisma/prisma.ts'
import { prisma8 } from './prisma-8/prisma-8.ts'
import { rails } from './rails/rails.ts'
import { refinery } from './refinery/refinery.ts'
import { sequelize } from './sequelize/sequelize.ts'
import { sqitch } from './sqitch/sqitch.ts'
import { sqlx } from './sqlx/sqlx.ts'
import { supabase } from './supabase/supabase.ts'
import type { System } from './system.ts'
import { typeorm } from './typeorm/typeorm.ts'

/** Each system by its id. */
const byId: Readonly<Record<SystemId, System>> = {
  prisma,
  'prisma-8': prisma8,
  drizzle,
  supabase,
  sqitch,
  'node-pg-migrate': nodePgMigrate,
  flyway,
  'golang-migrate': golangMigrate,
  dbmate,
  goose,
  sqlx,
  diesel,
  refinery,
  atlas,
  hasura,
  'graphile-migrate': graphileMigrate,
  'postgres-migrations': postgresMigrations,
  'db-migrate': dbMigrate,
  liquibase,
  rails,
  django,
  alembic,
  laravel,
  'ef-core': efCore,
  knex,
  typeorm,
  sequelize,
  'mikro-orm': mikroOrm,
  kysely,
  ecto,
  plain,
}

/** All systems, in the order of detection. */
export const systems: readonly System[] = systemIds.map(id => byId[id])

/** The system with an id that somebody wrote; undefined if there is none. */
export function systemOf(id: string): System | undefined {
  return lookUp(byId, id)
}
