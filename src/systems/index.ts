import { dbmate } from './dbmate.ts'
import { diesel } from './diesel.ts'
import { flyway } from './flyway.ts'
import { golangMigrate } from './golang-migrate.ts'
import { goose } from './goose.ts'
import { nodePgMigrate } from './node-pg-migrate.ts'
import { plain } from './plain.ts'
import { refinery } from './refinery.ts'
import { sqitch } from './sqitch.ts'
import { sqlx } from './sqlx.ts'
import type { System } from './system.ts'

/** All systems, those that are easiest to tell by their files first; any SQL can be plain. */
export const systems: readonly System[] = [
  sqitch,
  nodePgMigrate,
  flyway,
  golangMigrate,
  dbmate,
  goose,
  sqlx,
  diesel,
  refinery,
  plain,
]

/** Values of `system` in the configuration. */
export const systemIds: readonly string[] = ['auto', ...systems.map(system => system.id)]
