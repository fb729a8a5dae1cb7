import { alembic } from './alembic.ts'
import { atlas } from './atlas.ts'
import { dbMigrate } from './db-migrate.ts'
import { dbmate } from './dbmate.ts'
import { diesel } from './diesel.ts'
import { django } from './django.ts'
import { drizzle } from './drizzle.ts'
import { ecto } from './ecto.ts'
import { efCore } from './ef-core.ts'
import { flyway } from './flyway.ts'
import { golangMigrate } from './golang-migrate.ts'
import { goose } from './goose.ts'
import { graphileMigrate } from './graphile-migrate.ts'
import { hasura } from './hasura.ts'
import { knex } from './knex.ts'
import { kysely } from './kysely.ts'
import { laravel } from './laravel.ts'
import { liquibase } from './liquibase.ts'
import { mikroOrm } from './mikro-orm.ts'
import { nodePgMigrate } from './node-pg-migrate.ts'
import { plain } from './plain.ts'
import { postgresMigrations } from './postgres-migrations.ts'
import { prisma } from './prisma.ts'
import { prisma8 } from './prisma-8.ts'
import { rails } from './rails.ts'
import { refinery } from './refinery.ts'
import { sequelize } from './sequelize.ts'
import { sqitch } from './sqitch.ts'
import { sqlx } from './sqlx.ts'
import { supabase } from './supabase.ts'
import type { System } from './system.ts'
import { typeorm } from './typeorm.ts'

/** All systems, those that are easiest to tell by their files first; any SQL can be plain. */
export const systems: readonly System[] = [
  prisma,
  prisma8,
  drizzle,
  supabase,
  sqitch,
  nodePgMigrate,
  flyway,
  golangMigrate,
  dbmate,
  goose,
  sqlx,
  diesel,
  refinery,
  atlas,
  hasura,
  graphileMigrate,
  postgresMigrations,
  dbMigrate,
  liquibase,
  rails,
  django,
  alembic,
  laravel,
  efCore,
  knex,
  typeorm,
  sequelize,
  mikroOrm,
  kysely,
  ecto,
  plain,
]

/** Values of `system` in the configuration. */
export const systemIds: readonly string[] = ['auto', ...systems.map(system => system.id)]
