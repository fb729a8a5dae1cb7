import type { SystemId } from '../../migration/system-id.ts'
import { alembic } from '../alembic/tracking.ts'
import { atlas } from '../atlas/tracking.ts'
import { django } from '../django/tracking.ts'
import { drizzle } from '../drizzle/tracking.ts'
import { flyway } from '../flyway/tracking.ts'
import { golangMigrate } from '../golang-migrate/tracking.ts'
import { goose } from '../goose/tracking.ts'
import { graphileMigrate } from '../graphile-migrate/tracking.ts'
import { hasura } from '../hasura/tracking.ts'
import { liquibase } from '../liquibase/tracking.ts'
import { postgresMigrations } from '../postgres-migrations/tracking.ts'
import { prisma } from '../prisma/tracking.ts'
import { prisma8 } from '../prisma-8/tracking.ts'
import { refinery } from '../refinery/tracking.ts'
import { sqitch } from '../sqitch/tracking.ts'
import { sqlx } from '../sqlx/tracking.ts'
import { supabase } from '../supabase/tracking.ts'
import type { Tracking } from '../tracking/tracking.ts'
import { tables } from './tables.ts'

/** By the id of the system: where it records applied migrations, the usual place first. It is not known what runs plain SQL. */
export const trackings: Readonly<Record<SystemId, readonly Tracking[]>> = {
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
  plain: [],
}
