import { atlas } from './atlas.ts'
import { drizzle } from './drizzle.ts'
import { flyway } from './flyway.ts'
import { golangMigrate, goose, hasura } from './go.ts'
import { liquibase } from './liquibase.ts'
import { graphileMigrate, postgresMigrations } from './node.ts'
import { prisma, prisma8 } from './prisma.ts'
import { alembic, django } from './python.ts'
import { refinery, sqlx } from './rust.ts'
import { sqitch } from './sqitch.ts'
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
