import type { EditKind, Outcome } from '../lint/change.ts'
import type { System } from './system.ts'

/** What of an applied file a system compares with what it has recorded of it. */
type Checks =
  /** Every byte. */
  | 'bytes'
  /** The text, whatever its line ends. */
  | 'text'
  /** Nothing: it knows the version or name only. */
  | 'nothing'
  /** There is no system that we know of. */
  | 'unknown'

/**
 * What a system does about a migration that is applied and then changed. Each text is a clause that begins with the tool. Where
 * one is missing, the tool goes on as if nothing were.
 */
interface Guard {
  readonly checks: Checks
  readonly edited: string
  /** It notices that a name changed although the version did not. */
  readonly names?: true
  /** What it does when the file of an applied migration is gone. */
  readonly missing?: string
  /** A new migration that is sorted before applied ones; null where the order is one of dependencies, and new ones may stand anywhere. */
  readonly late: { readonly does: 'stops' | 'skips' | 'runs' | 'unknown'; readonly what: string } | null
  /** Two migrations of one version. */
  readonly duplicate?: string
}

const drifts = (tool: string) =>
  `${tool} does not look at it again, so that databases which have it stay as they are and new ones differ`
const runs = (tool: string) =>
  ({ does: 'runs', what: `${tool} runs it all the same, so that databases differ in the order` }) as const
const stops = (what: string) => ({ does: 'stops', what }) as const
const skips = (what: string) => ({ does: 'skips', what }) as const

/**
 * By id, with the place in the tool's source where one was read. Those of refinery, postgres-migrations, Kysely, Alembic and
 * Prisma 8, what Sqitch does about a late change, and some clauses on missing and doubled files are not checked there yet.
 */
const guards: Readonly<Record<string, Guard>> = {
  // flyway-core: DbValidate, ChecksumCalculator (line by line, so that line ends do not count)
  flyway: {
    checks: 'text',
    edited: 'Flyway refuses to migrate, as the checksum of an applied migration differs',
    names: true,
    missing: 'Flyway refuses to migrate, as an applied migration is missing',
    late: stops('Flyway refuses to migrate unless outOfOrder is set'),
    duplicate: 'Flyway stops, as two migrations have one version',
  },
  // schema-engine: checksum.rs accepts both line ends; diagnose_migration_history, apply_migrations
  prisma: {
    checks: 'text',
    edited: '"prisma migrate dev" wants to reset the database, and "prisma migrate deploy" never runs the change',
    missing: '"prisma migrate dev" wants to reset the database',
    late: runs('Prisma'),
  },
  // The hash in migration.json, over itself and ops.json
  'prisma-8': {
    checks: 'text',
    edited: 'Prisma 8 refuses a migration whose hash differs, and never runs the change',
    missing: 'Prisma 8 has no path from what is applied any more',
    late: null,
  },
  // drizzle-orm: pg-core/dialect.ts migrate() compares created_at only
  drizzle: {
    checks: 'nothing',
    edited: drifts('Drizzle'),
    late: skips('Drizzle skips it without a word where a later one is applied'),
  },
  // sqlx-core: migrate/migrator.rs validate_applied_migrations, VersionMismatch and VersionMissing
  sqlx: {
    checks: 'bytes',
    edited: 'sqlx stops with "migration was previously applied but has been modified"',
    missing: 'sqlx stops with "migration was previously applied but is missing"',
    late: runs('sqlx'),
  },
  // refinery-core: traits/mod.rs verify_migrations; the name is in the checksum
  refinery: {
    checks: 'bytes',
    edited: 'refinery stops, as an applied migration diverges from its file',
    names: true,
    missing: 'refinery stops, as an applied migration is missing',
    late: stops('refinery stops, as a migration before the last applied one is not applied'),
    duplicate: 'refinery stops, as two migrations have one version',
  },
  // sql/migrate: dir.go Validate, migrate.go ExecOrderLinear
  atlas: {
    checks: 'bytes',
    edited:
      'Atlas refuses to run with a checksum mismatch until atlas.sum is written anew, and even then never runs the change',
    names: true,
    missing: 'Atlas refuses to run with a checksum mismatch until atlas.sum is written anew',
    late: stops('Atlas refuses to run, as the file was added out of order'),
  },
  // graphile/migrate: src/migration.ts, the hashes in the headers
  'graphile-migrate': {
    checks: 'bytes',
    edited: 'Graphile Migrate refuses to run, as the hash in its header differs',
    missing: 'Graphile Migrate refuses to run, as its chain of hashes is broken',
    late: stops('Graphile Migrate refuses to run, as its chain of hashes is broken'),
  },
  // ThomWright/postgres-migrations: src/validation.ts
  'postgres-migrations': {
    checks: 'bytes',
    edited: 'postgres-migrations stops, as the hash of an applied migration differs',
    names: true,
    missing: 'postgres-migrations stops, as a number is missing',
    late: stops('postgres-migrations stops, as the file with an applied number differs'),
    duplicate: 'postgres-migrations stops, as two files have one number',
  },
  // App::Sqitch::Plan: the changes of the plan follow each other by id
  sqitch: {
    checks: 'nothing',
    edited: drifts('Sqitch'),
    missing: 'Sqitch stops, as a deployed change is not in the plan',
    late: skips('Sqitch deploys only what follows the last deployed change in the plan'),
  },
  // golang-migrate: migrate.go readUp goes on from the current version
  'golang-migrate': {
    checks: 'nothing',
    edited: drifts('golang-migrate'),
    missing: 'golang-migrate stops where it is the last that was applied, and cannot go back past it',
    late: skips('golang-migrate skips it without a word where a later one is applied'),
    duplicate: 'golang-migrate stops, as two migrations have one version',
  },
  // pressly/goose: provider_collect.go, up.go "found missing migrations"
  goose: {
    checks: 'nothing',
    edited: drifts('goose'),
    late: stops('goose stops, as it comes before the current version, unless --allow-missing is given'),
    duplicate: 'goose stops, as two migrations have one version',
  },
  // dbmate: pkg/dbmate/db.go; --strict refuses what is out of order
  dbmate: { checks: 'nothing', edited: drifts('dbmate'), late: runs('dbmate') },
  // node-pg-migrate: src/runner.ts checkOrder
  'node-pg-migrate': {
    checks: 'nothing',
    edited: drifts('node-pg-migrate'),
    missing: 'node-pg-migrate stops, as the order of what is applied differs (checkOrder)',
    late: stops('node-pg-migrate stops, as it precedes a migration that is applied (checkOrder)'),
  },
  // knex: lib/migrations/migrate/Migrator.js validateMigrationList
  knex: {
    checks: 'nothing',
    edited: drifts('Knex'),
    missing: 'Knex stops with "The migration directory is corrupt"',
    late: runs('Knex'),
  },
  // supabase/cli: internal/migration/up, pkg/migration/apply.go
  supabase: {
    checks: 'nothing',
    edited: drifts('The Supabase CLI'),
    missing: 'the Supabase CLI refuses to push, as the remote history has a version that is not here',
    late: stops('the Supabase CLI refuses to push it unless --include-all is given'),
  },
  // liquibase: ChangeSet.generateCheckSum, without comments and white space
  liquibase: {
    checks: 'nothing',
    edited: 'Liquibase refuses to update, as the checksum of an applied change set differs',
    late: null,
  },
  // kysely: migration/migrator.ts "corrupted migrations"
  kysely: {
    checks: 'nothing',
    edited: drifts('Kysely'),
    missing: 'Kysely stops with "corrupted migrations: previously executed migration is missing"',
    late: stops('Kysely stops with "corrupted migrations" unless allowUnorderedMigrations is set'),
  },
  // alembic: script/revision.py ResolutionError
  alembic: {
    checks: 'nothing',
    edited: drifts('Alembic'),
    missing: 'Alembic stops with "Can\'t locate revision" where it is the current one',
    late: null,
  },
  // Rails: ActiveRecord::DuplicateMigrationVersionError
  rails: {
    checks: 'nothing',
    edited: drifts('Rails'),
    late: runs('Rails'),
    duplicate: 'Rails stops, as two migrations have one version',
  },
  django: { checks: 'nothing', edited: drifts('Django'), late: null },
  laravel: { checks: 'nothing', edited: drifts('Laravel'), late: runs('Laravel') },
  'ef-core': { checks: 'nothing', edited: drifts('EF Core'), late: runs('EF Core') },
  typeorm: { checks: 'nothing', edited: drifts('TypeORM'), late: runs('TypeORM') },
  sequelize: { checks: 'nothing', edited: drifts('Sequelize'), late: runs('Sequelize') },
  'mikro-orm': { checks: 'nothing', edited: drifts('MikroORM'), late: runs('MikroORM') },
  ecto: { checks: 'nothing', edited: drifts('Ecto'), late: runs('Ecto') },
  diesel: { checks: 'nothing', edited: drifts('Diesel'), late: runs('Diesel') },
  'db-migrate': { checks: 'nothing', edited: drifts('db-migrate'), late: runs('db-migrate') },
  hasura: { checks: 'nothing', edited: drifts('Hasura'), late: runs('Hasura') },
}

const unknown: Guard = {
  checks: 'unknown',
  edited: 'Databases that have it stay as they are or refuse it, and new ones differ',
  late: { does: 'unknown', what: 'What applies it may skip it, refuse it or run it late' },
}

function guardOf({ id }: System): Guard {
  return guards[id] ?? unknown
}

/** What the system does about an edit of an applied migration; null when that is nobody's concern. `apart`: the edit is in a file of its own. */
export function outcomeOfEdit(system: System, edit: EditKind, apart = false): Outcome | null {
  const { checks, edited } = guardOf(system)
  const guarded = !apart && (checks === 'bytes' || (checks === 'text' && edit !== 'line-ends'))
  if (edit === 'statements' || guarded) return { severity: 'error', what: edited }
  if (edit === 'down')
    return { severity: 'note', what: 'What is applied is taken back in another way than it was written for' }
  return checks === 'unknown'
    ? { severity: 'warning', what: 'A runner that compares checksums refuses the file' }
    : null
}

/** `sameVersion`: what the system records stayed as it was. */
export function outcomeOfRename(system: System, sameVersion: boolean): Outcome {
  const { names, missing, edited } = guardOf(system)
  if (sameVersion) {
    return names
      ? { severity: 'error', what: edited }
      : { severity: 'note', what: `${system.title} goes by the version, which stayed the same` }
  }
  const again = 'Databases that have it run it a second time under the new name'
  return { severity: 'error', what: missing ?? again }
}

export function outcomeOfDeletion(system: System): Outcome {
  const { missing } = guardOf(system)
  return { severity: 'error', what: missing ?? 'Databases that have it keep what it did, and new ones never get it' }
}

/** Squashing is meant; what matters is what the databases make of it that have the old ones. */
export function outcomeOfSquash(system: System): Outcome {
  return {
    severity: 'warning',
    what: guardOf(system).missing ?? 'Databases that have the old ones run the new one as well',
  }
}

export function outcomeOfLateness(system: System): Outcome | null {
  const { late } = guardOf(system)
  if (late === null) return null
  const severity = { stops: 'error', skips: 'error', unknown: 'warning', runs: 'note' } as const
  return { severity: severity[late.does], what: late.what }
}

export function outcomeOfDuplicate(system: System): Outcome {
  return {
    severity: 'error',
    what: guardOf(system).duplicate ?? `${system.title} takes the second for applied once the first is`,
  }
}
