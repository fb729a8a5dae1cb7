import type { InsertStmt, Node, RangeVar, UpdateStmt } from '@pgsql/types'
import { plainSql, type RunnerAdvice } from '../../migration/runner.ts'
import type { Step } from '../../postgres/step.ts'
import type { Write } from '../../postgres/table-operation.ts'

/**
 * Rows that a tool writes about its own migrations in the SQL that it generates: `alembic upgrade --sql`, `dotnet ef
 * migrations script`, `liquibase update-sql`, `flyway migrate -dryRunOutput`, and dumps of the schema by Rails and
 * dbmate. People have written statements in any other form. Output of the tools is in fixtures/generated-sql.
 */
interface Form {
  readonly table: string
  /** The columns of its INSERT, in any order. */
  readonly columns: readonly string[]
  /** The columns in the conditions `column = constant`, joined by AND, of its DELETE. */
  readonly deletes?: readonly string[]
  /** The same for its UPDATE, with the columns that it sets. */
  readonly updates?: readonly { readonly set: readonly string[]; readonly where: readonly string[] }[]
  /** The conditions name the table: `alembic_version.version_num = 'a'`. */
  readonly qualified?: true
  /** It empties the table before it is used for the first time. */
  readonly empties?: true
}

const liquibaseKey = ['id', 'author', 'filename']
const liquibaseRow = ['dateexecuted', 'orderexecuted', 'md5sum', 'description', 'comments', 'exectype', 'contexts']

const forms: readonly Form[] = [
  {
    // HeadMaintainer in alembic/runtime/migration.py; seen in 1.20.1
    table: 'alembic_version',
    columns: ['version_num'],
    deletes: ['version_num'],
    updates: [{ set: ['version_num'], where: ['version_num'] }],
    qualified: true,
  },
  // HistoryRepository in EFCore.Relational, and the column names that EFCore.NamingConventions makes
  { table: '__EFMigrationsHistory', columns: ['MigrationId', 'ProductVersion'], deletes: ['MigrationId'] },
  { table: '__EFMigrationsHistory', columns: ['migration_id', 'product_version'], deletes: ['migration_id'] },
  {
    // MarkChangeSetRanGenerator, RemoveChangeSetRanStatusGenerator; seen in 4.28.0
    table: 'databasechangelog',
    columns: [...liquibaseKey, ...liquibaseRow, 'labels', 'liquibase', 'deployment_id'],
    deletes: liquibaseKey,
  },
  {
    // LockDatabaseChangeLogGenerator, UnlockDatabaseChangeLogGenerator, InitializeDatabaseChangeLogLockTableGenerator; seen in 4.28.0
    table: 'databasechangeloglock',
    columns: ['id', 'locked'],
    updates: [
      { set: ['locked', 'lockedby', 'lockgranted'], where: ['id', 'locked'] },
      { set: ['locked', 'lockedby', 'lockgranted'], where: ['id'] },
    ],
    empties: true,
  },
  {
    // PostgreSQLDatabase.getInsertStatement: what 11.8.2 sends. Its dry run is only in the paid edition, and was not seen.
    table: 'flyway_schema_history',
    columns: [
      ...['installed_rank', 'version', 'description', 'type', 'script', 'checksum', 'installed_by'],
      ...['execution_time', 'success'],
    ],
  },
  // MigrationRecorder in django/db/migrations/recorder.py
  { table: 'django_migrations', columns: ['app', 'name', 'applied'] },
  // Migration._getMarkAsRun in node-pg-migrate, which a dry run prints; seen in 9.0.0
  { table: 'pgmigrations', columns: ['name', 'run_on'], deletes: ['name'] },
]

/** True when a statement of plain SQL is one that a migration tool writes for its own table. */
export function isBookkeeping(
  step: Step,
  { kind, table }: Pick<Write, 'kind' | 'table'>,
  { runner, migration }: { readonly runner: RunnerAdvice; readonly migration: readonly Step[] },
): boolean {
  if (runner.name !== plainSql || !('relation' in step.statement.node)) return false
  const { node } = step.statement
  const name = (node.relation as RangeVar | undefined)?.relname ?? ''
  // A dump of the schema creates the table and fills it, so there was no row of an applied migration before.
  if (kind === 'insert' && step.before.relations.get(table.oid)?.createdIn === step.migration)
    return isRow(node, 'many')
  return forms.some(form => {
    if (form.table !== name) return false
    if (kind === 'insert') return same(insertColumns(node), form.columns) && isRow(node, 'one')
    const { whereClause } = node as UpdateStmt
    if (kind === 'delete' && form.empties) return whereClause === undefined
    const conditions = equalities(whereClause, form.qualified ?? false)
    if (kind === 'delete')
      return form.deletes !== undefined && same(conditions, form.deletes) && takesBack(step, migration)
    const set = targets((node as UpdateStmt).targetList)
    return kind === 'update' && (form.updates ?? []).some(each => same(set, each.set) && same(conditions, each.where))
  })
}

/** A tool deletes its row next to the statements that take the migration back. */
function takesBack(step: Step, migration: readonly Step[]): boolean {
  return migration.some(
    other =>
      other.index < step.index &&
      other.operations.some(
        ({ kind }) => kind !== 'begin' && kind !== 'delete' && kind !== 'insert' && kind !== 'update',
      ),
  )
}

function insertColumns(node: object): string[] {
  return targets((node as InsertStmt).cols)
}

function targets(list: readonly Node[] | undefined): string[] {
  return (list ?? []).flatMap(each => ('ResTarget' in each ? [each.ResTarget.name ?? ''] : []))
}

/** INSERT … VALUES of constants and now(). */
function isRow(node: object, rows: 'one' | 'many'): boolean {
  const select = (node as InsertStmt).selectStmt
  const lists = select && 'SelectStmt' in select ? (select.SelectStmt.valuesLists ?? []) : []
  if (lists.length === 0 || (rows === 'one' && lists.length > 1)) return false
  return lists.every(list => 'List' in list && (list.List.items ?? []).every(isValue))
}

function isValue(node: Node): boolean {
  if ('TypeCast' in node) return node.TypeCast.arg !== undefined && isValue(node.TypeCast.arg)
  return 'A_Const' in node || 'SQLValueFunction' in node || ('FuncCall' in node && !node.FuncCall.args)
}

/** The columns of `a = 'x' AND b = 1`; none for any other condition. */
function equalities(where: Node | undefined, qualified: boolean): string[] {
  if (where && 'BoolExpr' in where && where.BoolExpr.boolop === 'AND_EXPR') {
    const all = (where.BoolExpr.args ?? []).map(each => equalities(each, qualified))
    return all.some(each => each.length === 0) ? [] : all.flat()
  }
  if (!where || !('A_Expr' in where) || where.A_Expr.kind !== 'AEXPR_OP') return []
  const { name, lexpr, rexpr } = where.A_Expr
  const [operator] = name ?? []
  if (!operator || !('String' in operator) || operator.String.sval !== '=') return []
  if (!lexpr || !('ColumnRef' in lexpr) || !rexpr || !isValue(rexpr)) return []
  const fields = lexpr.ColumnRef.fields ?? []
  const last = fields.at(-1)
  return last && 'String' in last && (!qualified || fields.length > 1) ? [last.String.sval ?? ''] : []
}

function same(found: readonly string[], wanted: readonly string[]): boolean {
  return found.length === wanted.length && wanted.every(name => found.includes(name))
}
