import { Backend, type Moment, StatementError } from './backend.ts'
import type { Catalog } from './catalog.ts'
import type { Effect } from './effect.ts'
import { refuseNewLabels } from './new-enum-value.ts'
import type { Operation } from './operation.ts'
import type { Handler, TopLevelKind } from './statements/handler.ts'
import { handlers } from './statements/index.ts'
import type { Step } from './step.ts'
import { syntaxSince } from './syntax.ts'

export interface Outcome {
  readonly operations: readonly Operation[]
  readonly effects: readonly Effect[]
  readonly error: Step['error']
  readonly opaque: string | null
  readonly after: Catalog
}

/** Executes one statement on the model. A statement that certainly fails has no effects and leaves the catalog as it was. */
export function execute(moment: Moment): Outcome {
  const backend = new Backend(moment)
  try {
    const unsupported = syntaxSince(moment.statement, moment.version)
    if (unsupported) backend.fail('42601', unsupported)
    const handler = handlers[moment.statement.kind as TopLevelKind] as Handler<TopLevelKind> | undefined
    if (handler) handler(backend, moment.statement.node as never)
    else backend.opaque = `${moment.statement.kind} is not known to this version of migrate-lint`
    refuseNewLabels(backend, moment.statement.node)
    return { ...backend.result(), error: null, opaque: backend.opaque, after: backend.catalog }
  } catch (error) {
    if (!(error instanceof StatementError)) throw error
    return {
      ...backend.abandon(),
      error: { sqlstate: error.sqlstate, message: error.message },
      opaque: null,
      after: moment.catalog,
    }
  }
}
