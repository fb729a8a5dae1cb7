import { alembic } from './alembic.ts'
import { atlas } from './atlas.ts'
import { django } from './django.ts'
import { drizzle } from './drizzle.ts'
import { flyway } from './flyway.ts'
import { golangMigrate } from './golang-migrate.ts'
import { goose } from './goose.ts'
import { graphileMigrate } from './graphile-migrate.ts'
import { hasura } from './hasura.ts'
import { liquibase } from './liquibase.ts'
import { postgresMigrations } from './postgres-migrations.ts'
import { prisma } from './prisma.ts'
import { prisma8 } from './prisma-8.ts'
import { refinery } from './refinery.ts'
import { sqitch } from './sqitch.ts'
import { sqlx } from './sqlx.ts'
import { supabase } from './supabase.ts'
import { tables } from './tables.ts'
import type { Tracking } from './tracking.ts'

/** By the id of the system: where it records what is applied, the usual place first. */
export const trackings: Readonly<Record<string, readonly Tracking[]>> = {
  ...tables,
  prisma: [prisma],
  'prisma-8': [prisma8],
  drizzle: [drizzle],
  supabase: [supabase],
  sqitch: [sqitch],
  flyway: [flyway],
  'golang-migrate': [golangMigrate],
  goose: [goose],
  sqlx: [sqlx],
  refinery: [refinery],
  atlas: [atlas],
  hasura,
  'graphile-migrate': [graphileMigrate],
  'postgres-migrations': [postgresMigrations],
  liquibase: [liquibase],
  django: [django],
  alembic: [alembic],
}
