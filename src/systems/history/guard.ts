import type { SystemId } from '../../migration/system-id.ts'
import type { Late, System } from '../system.ts'

/** The part of an applied file that a system compares with its record. */
type Checks =
  /** Every byte. */
  | 'bytes'
  /** The text, whatever its line ends are. */
  | 'text'
  /** Nothing: the system knows only the version or the name. */
  | 'nothing'
  /** No known system runs it. */
  | 'unknown'

/**
 * What a system does about a migration that is changed after it was applied. Each text is a clause that begins with the
 * tool. If one is missing, the tool goes on as if nothing had happened.
 */
interface Guard {
  readonly checks: Checks
  readonly edited: string
  /** Its reaction to an edit of a migration in code, if it compares nothing of those. */
  readonly editedCode?: string
  /** Its reaction to a name that changed although the version did not; `edited`: its reaction to any edit. */
  readonly names?: string
  /** Its reaction when the file of an applied migration is missing. */
  readonly missing?: string
  /**
   * Its reaction to a new migration that is sorted before applied ones; null where dependencies determine the order,
   * and new ones may come anywhere.
   */
  readonly late: Late | null
  /** The same for a migration that has no time in a journal. */
  readonly lateUnstamped?: Guard['late']
  /** Two migrations of one version. */
  readonly duplicate?: string
  /** Another file lists the migrations that run, so that one missing from the list is forgotten. */
  readonly lists?: true
}

const drifts = (tool: string) =>
  `${tool} does not look at it again, so that databases which have it stay as they are and new ones differ`
const runs = (tool: string) =>
  ({ does: 'runs', what: `${tool} runs it anyway, so that databases differ in the order` }) as const
const stops = (what: string) => ({ does: 'stops', what }) as const
const skips = (what: string) => ({ does: 'skips', what }) as const

/**
 * By id, each with its place in the tool's source; quotes are the tool's own words. Without `missing`, the tool uses
 * only the files that exist. Without `duplicate`, names are unique in a folder, or `outcomeOfDuplicate` decides.
 */
const guards: Readonly<Record<SystemId, Guard>> = {
  // flyway-core: MigrationInfoImpl.validate ("checksum", "description", "not resolved locally", "not applied to database"),
  // CompositeMigrationResolver.checkForIncompatibilities; ChecksumCalculator goes line by line. By default FlywayModel ignores
  // "*:future": what is missing and newer than all that is there.
  flyway: {
    checks: 'text',
    edited: 'Flyway refuses to migrate because the checksum of an applied migration differs',
    // BaseJavaMigration.getChecksum returns null
    editedCode: drifts('Flyway'),
    names: 'Flyway refuses to migrate because the description of an applied migration differs',
    missing: 'Flyway refuses to migrate because an applied migration is missing, unless it was the newest',
    late: stops('Flyway refuses to migrate unless outOfOrder is set'),
    duplicate: 'Flyway stops with "Found more than one migration with version"',
  },
  // schema-engine: checksum.rs (script_matches_checksum) accepts both line ends; diagnose_migration_history.rs and
  // dev_diagnostic.rs compare, apply_migrations.rs runs whatever name is not recorded
  prisma: {
    checks: 'text',
    edited: '"prisma migrate dev" wants to reset the database, and "prisma migrate deploy" never runs the change',
    missing: '"prisma migrate dev" wants to reset the database',
    late: runs('Prisma'),
  },
  // packages/1-framework/3-tooling/migration/src: hash.ts (of what the JSON says, not of its text), errors.ts
  // errorMigrationHashMismatch; cli/src/control-api/operations/migrate.ts buildPathNotFoundFailure
  'prisma-8': {
    checks: 'nothing',
    edited:
      'Prisma 8 refuses it with "Migration package is corrupt" until its hash is written again, and then never runs the change',
    missing:
      'Prisma 8 stops with "Current contract has no planned migration path" on databases that it has not brought further',
    late: null,
  },
  // drizzle-orm: pg-core/dialect.ts migrate() compares created_at with that of the last one only; migrator.ts. From 1.0 on, in folders,
  // migrator.utils.ts getMigrationsToRun goes by name (run with 0.45.4 and 1.0.0-rc.5).
  drizzle: {
    checks: 'nothing',
    edited: drifts('Drizzle'),
    lists: true,
    late: skips('Drizzle skips it without a word where a later one is applied'),
    lateUnstamped: runs('Drizzle'),
  },
  // sqlx-core: migrate/migrator.rs run_direct and validate_applied_migrations, migrate/error.rs; the version is a primary key
  sqlx: {
    checks: 'bytes',
    edited: 'sqlx stops because it "was previously applied but has been modified"',
    missing: 'sqlx stops because it "was previously applied but is missing in the resolved migrations"',
    late: runs('sqlx'),
    duplicate:
      'sqlx stops because the checksum of one of the two differs from the recorded one, or because its version is taken',
  },
  // refinery_core: traits/mod.rs verify_migrations, with abort_divergent and abort_missing as they are by default (runner.rs); two
  // of one version are "repeated" only when all else is equal, but the version is a primary key
  refinery: {
    checks: 'bytes',
    edited: 'refinery stops because an applied migration "is different than filesystem one"',
    names: 'edited',
    missing: 'refinery stops because an applied migration "is missing from the filesystem"',
    late: stops('refinery stops because it comes before the last applied one, unless its name begins with U'),
    duplicate: 'refinery stops on a new database, and elsewhere either stops or skips the second',
  },
  // sql/migrate: dir.go Validate; migrate.go Executor.Pending, HistoryNonLinearError with ExecOrderLinear
  atlas: {
    checks: 'bytes',
    edited:
      'Atlas refuses to run with a checksum mismatch until atlas.sum is written again, and even then never runs the change',
    names: 'edited',
    missing: 'Atlas refuses to run with a checksum mismatch until atlas.sum is written again',
    late: stops('Atlas refuses to run because the file was added out of order'),
  },
  // graphile/migrate: src/migration.ts. getAllMigrations, at every run: the chain, and line ends; runCommittedMigration, only where it
  // is not applied: the hash
  'graphile-migrate': {
    checks: 'bytes',
    edited:
      'Graphile Migrate refuses to run it on new databases, because its hash differs, and never runs the change elsewhere',
    missing: 'Graphile Migrate refuses to run because its chain of hashes is broken, unless it was the last',
    late: stops('Graphile Migrate refuses to run because its chain of hashes is broken'),
    duplicate: 'Graphile Migrate refuses to run because its chain of hashes is broken',
  },
  // ThomWright/postgres-migrations: src/validation.ts validateMigrationHashes and validateMigrationOrdering; src/migration-file.ts
  // hashes name and text
  'postgres-migrations': {
    checks: 'bytes',
    edited: `postgres-migrations stops with "Hashes don't match for migrations"`,
    names: 'edited',
    missing: 'postgres-migrations stops with "Found a non-consecutive migration ID on file", unless it was the last',
    late: stops('postgres-migrations stops because the hash of an applied number differs'),
    duplicate: 'postgres-migrations stops with "Found a non-consecutive migration ID on file"',
  },
  // App::Sqitch::Engine: _sync_plan looks for the ID of the last deployed change, which has that of the change before it in
  // it (App::Sqitch::Plan::Change, info); deploy_change: "Deploy script … does not exist". deploy compares no script_hash
  sqitch: {
    checks: 'nothing',
    edited: drifts('Sqitch'),
    lists: true,
    missing:
      'Sqitch stops with "Cannot find change" if the plan has lost it, and on new databases if only the script is gone',
    late: stops('Sqitch stops with "Cannot find change" because all later changes in the plan get other IDs'),
  },
  // golang-migrate: migrate.go readUp and readDown go on from the current version, if there is such a file (versionExists);
  // source/iofs/iofs.go ErrDuplicateMigration
  'golang-migrate': {
    checks: 'nothing',
    edited: drifts('golang-migrate'),
    missing: 'golang-migrate stops where it is the last that was applied, and elsewhere silently goes back past it',
    late: skips('golang-migrate silently skips it where a later one is applied'),
    duplicate: 'golang-migrate stops with "duplicate migration file"',
  },
  // pressly/goose: internal/gooseutil/resolve.go UpVersions, up.go; provider_collect.go, migrate.go
  goose: {
    checks: 'nothing',
    edited: drifts('goose'),
    late: stops('goose stops because it comes before the current version, unless --allow-missing is given'),
    duplicate: 'goose stops because two migrations have one version',
  },
  // dbmate: pkg/dbmate/db.go Migrate, which refuses what is out of order with --strict only; the version is a primary key
  dbmate: {
    checks: 'nothing',
    edited: drifts('dbmate'),
    late: runs('dbmate'),
    duplicate: 'dbmate treats the second as applied once the first is, and stops at it on a new database',
  },
  // node-pg-migrate: src/runner.ts checkOrder ("Not run migration … is preceding already run migration …")
  'node-pg-migrate': {
    checks: 'nothing',
    edited: drifts('node-pg-migrate'),
    missing:
      'node-pg-migrate stops because the applied migrations have another order (checkOrder), unless it was the last',
    late: stops('node-pg-migrate stops because it precedes an applied migration (checkOrder)'),
  },
  // knex: lib/migrations/migrate/Migrator.js validateMigrationList, getNewMigrations
  knex: {
    checks: 'nothing',
    edited: drifts('Knex'),
    missing: 'Knex stops with "The migration directory is corrupt"',
    late: runs('Knex'),
  },
  // supabase/cli: apps/cli-go/pkg/migration/apply.go FindPendingMigrations; history.go, the version is a primary key
  supabase: {
    checks: 'nothing',
    edited: drifts('The Supabase CLI'),
    missing:
      'The Supabase CLI refuses to push with "Remote migration versions not found in local migrations directory"',
    late: stops('The Supabase CLI refuses to push it unless --include-all is given'),
    duplicate: 'The Supabase CLI stops at one of the two because its version is recorded already',
  },
  // liquibase: ChangeSet.generateCheckSum, without comments and white space; ValidatingVisitor.visit
  liquibase: {
    checks: 'nothing',
    edited: 'Liquibase refuses to update because the checksum of an applied change set differs',
    late: null,
  },
  // kysely: src/migration/migrator.ts #ensureNoMissingMigrations, #ensureMigrationsInOrder
  kysely: {
    checks: 'nothing',
    edited: drifts('Kysely'),
    missing: 'Kysely stops with "corrupted migrations" because a previously executed one is missing',
    late: stops('Kysely stops with "corrupted migrations" unless allowUnorderedMigrations is set'),
  },
  // alembic: script/revision.py _revision_map, script/base.py _catch_revision_errors; each seen with alembic 1.20
  alembic: {
    checks: 'nothing',
    edited: drifts('Alembic'),
    missing: `Alembic stops, with "Can't locate revision" where it is the current one and with a KeyError where another follows it`,
    late: null,
    duplicate: 'Alembic warns that it "is present more than once", and takes the two for two heads',
  },
  // activerecord: lib/active_record/migration.rb Migrator#validate and #runnable
  rails: {
    checks: 'nothing',
    edited: drifts('Rails'),
    late: runs('Rails'),
    duplicate: 'Rails stops because two migrations have one version',
  },
  // django/db/migrations: loader.py build_graph, check_consistent_history; graph.py validate_consistency
  django: {
    checks: 'nothing',
    edited: drifts('Django'),
    missing: 'Django stops with NodeNotFoundError where another migration depends on what is gone',
    late: null,
  },
  // illuminate/database: Migrations/Migrator.php pendingMigrations, by name
  laravel: { checks: 'nothing', edited: drifts('Laravel'), late: runs('Laravel') },
  // EFCore.Relational: Migrations/Internal/Migrator.cs PopulateMigrations, by ID
  'ef-core': { checks: 'nothing', edited: drifts('EF Core'), late: runs('EF Core') },
  // typeorm: src/migration/MigrationExecutor.ts executePendingMigrations, checkForDuplicateMigrations
  typeorm: {
    checks: 'nothing',
    edited: drifts('TypeORM'),
    late: runs('TypeORM'),
    duplicate: 'TypeORM stops with "Duplicate migrations"',
  },
  // umzug, src/umzug.ts _pending, by name; in 2.3, which sequelize-cli has, as well
  sequelize: { checks: 'nothing', edited: drifts('Sequelize'), late: runs('Sequelize') },
  // @mikro-orm/migrations: src/Migrator.ts, on umzug
  'mikro-orm': { checks: 'nothing', edited: drifts('MikroORM'), late: runs('MikroORM') },
  // ecto_sql: lib/ecto/migrator.ex pending_in_direction, ensure_no_duplication! of what is pending
  ecto: {
    checks: 'nothing',
    edited: drifts('Ecto'),
    late: runs('Ecto'),
    duplicate: 'Ecto treats the second as applied once the first is, and stops where neither is',
  },
  // diesel_migrations: src/migration_harness.rs pending_migrations, a map by version
  diesel: {
    checks: 'nothing',
    edited: drifts('Diesel'),
    late: runs('Diesel'),
    duplicate: 'Diesel runs only one of the two',
  },
  // db-migrate: lib/walker.js up, filterUp by name
  'db-migrate': { checks: 'nothing', edited: drifts('db-migrate'), late: runs('db-migrate') },
  // graphql-engine: cli/migrate/migrate.go readUp, cli/migrate/source/migration.go Append
  hasura: {
    checks: 'nothing',
    edited: drifts('Hasura'),
    late: runs('Hasura'),
    duplicate: 'Hasura stops with "found duplicate migrations for version"',
  },
  // It is not known what runs it.
  plain: {
    checks: 'unknown',
    edited: 'Databases that have it stay as they are or refuse it, and new ones differ',
    late: { does: 'unknown', what: 'The tool may skip it, refuse it or run it late' },
  },
}

/** What the tool of a system does about its applied files. */
export function guardOf({ id }: System): Guard {
  return guards[id]
}
