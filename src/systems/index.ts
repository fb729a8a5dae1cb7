import { atlas } from './atlas.ts'
import { dbMigrate } from './db-migrate.ts'
import { dbmate } from './dbmate.ts'
import { diesel } from './diesel.ts'
import { drizzle } from './drizzle.ts'
import { flyway } from './flyway.ts'
import { golangMigrate } from './golang-migrate.ts'
import { goose } from './goose.ts'
import { graphileMigrate } from './graphile-migrate.ts'
import { hasura } from './hasura.ts'
import { liquibase } from './liquibase.ts'
import { nodePgMigrate } from './node-pg-migrate.ts'
import { plain } from './plain.ts'
import { postgresMigrations } from './postgres-migrations.ts'
import { prisma } from './prisma.ts'
import { prisma8 } from './prisma-8.ts'
import { refinery } from './refinery.ts'
import { sqitch } from './sqitch.ts'
import { sqlx } from './sqlx.ts'
import { supabase } from './supabase.ts'
import type { System } from './system.ts'

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
  plain,
]

/** Values of `system` in the configuration. */
export const systemIds: readonly string[] = ['auto', ...systems.map(system => system.id)]
