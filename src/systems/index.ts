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
