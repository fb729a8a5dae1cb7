import { Backend, type Moment } from './backend.ts'
import type { Catalog, Oid } from './catalog/catalog.ts'
import { StatementError } from './catalog/editor.ts'
import type { Effect } from './effect.ts'
import { unsupported } from './grammar/syntax.ts'
import { refuseNewLabels } from './object/new-enum-value.ts'
import type { Operation } from './operation.ts'
import type { Handler, TopLevelKind } from './statements/handler.ts'
import { handlers } from './statements/index.ts'
import type { Step } from './step.ts'

export interface Outcome {
  readonly operations: readonly Operation[]
  readonly effects: readonly Effect[]
  readonly error: Step['error']
  readonly opaque: string | null
  readonly after: Catalog
  /** See Transaction.pendingEvents. */
  readonly pendingEvents: readonly Oid[]
}

/** Executes one statement on the model. A statement that certainly fails has no effects and leaves the catalog as it was. */
export function execute(moment: Moment): Outcome {
  const backend = new Backend(moment)
  try {
    const refused = unsupported(moment.statement, moment.version)
    if (refused) backend.fail(refused.sqlstate, refused.message)
    const handler = handlers[moment.statement.kind as TopLevelKind] as Handler<TopLevelKind> | undefined
    if (handler) handler(backend, moment.statement.node as never)
    else backend.opaque = `${moment.statement.kind} is not known to this version of migrate-lint`
    refuseNewLabels(backend, moment.statement.node)
    return { ...backend.result(), error: null, opaque: backend.opaque, after: afterwards(backend) }
  } catch (error) {
    if (!(error instanceof StatementError)) throw error
    const { uncertain } = moment.catalog
    const { pendingEvents = [] } = moment.transaction
    if (uncertain && dependsOnCatalog.has(error.sqlstate)) {
      // What stands under a condition asks for what it needs (IF NOT EXISTS … THEN): that it would fail says that it does not run.
      const opaque = moment.statement.conditional
        ? null
        : `${error.message}, unless an earlier statement changed that (${uncertain})`
      return { ...backend.abandon(), error: null, opaque, after: moment.catalog, pendingEvents }
    }
    return {
      ...backend.abandon(),
      error: { sqlstate: error.sqlstate, message: error.message },
      opaque: null,
      after: moment.catalog,
      pendingEvents,
    }
  }
}

/** Errors that say that something is there, or is not, or is of some kind: not certain once something unknown has happened. */
const dependsOnCatalog: ReadonlySet<string> = new Set([
  '2BP01', // dependent_objects_still_exist
  '3F000', // invalid_schema_name
  '42P01', // undefined_table
  '42P06', // duplicate_schema
  '42P07', // duplicate_table
  '42701', // duplicate_column
  '42703', // undefined_column
  '42704', // undefined_object
  '42710', // duplicate_object
  '42723', // duplicate_function
  '42809', // wrong_object_type
  '42883', // undefined_function
  '42P16', // invalid_table_definition: a second primary key
])

function afterwards({ catalog, opaque }: Backend): Catalog {
  return opaque !== null && catalog.uncertain === null ? { ...catalog, uncertain: opaque } : catalog
}
