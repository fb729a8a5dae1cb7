import { possibly } from './alternative.ts'
import { Backend, type Moment } from './backend.ts'
import { afterUnknown } from './catalog/doubt.ts'
import { StatementError } from './catalog/editor.ts'
import { unsupported } from './grammar/syntax.ts'
import { refuseNewLabels } from './object/new-enum-value.ts'
import type { Outcome } from './outcome.ts'
import { refuseCommand, refuseWrites } from './read-only.ts'
import { forgetLabels } from './statements/enum.ts'
import type { Handler, TopLevelKind } from './statements/handler.ts'
import { handlers } from './statements/index.ts'

/**
 * Executes one statement on the model. A statement that certainly fails, on every database that the migrations allow and every
 * version that may be meant, has no effects and leaves the catalog as it was.
 */
export function execute(moment: Moment, otherVersions: readonly number[]): Outcome {
  return possibly(moment, otherVersions, executeOnce)
}

/** Executes one statement on the one database that the moment describes. */
function executeOnce(moment: Moment): Outcome {
  const backend = new Backend(moment)
  const before = moment.catalog
  try {
    const refused = unsupported(moment.statement, moment.version)
    if (refused) {
      backend.byVersion(version => unsupported(moment.statement, version)?.message)
      backend.fail(refused.sqlstate, refused.message)
    }
    refuseCommand(backend)
    const handler = handlers[moment.statement.kind as TopLevelKind] as Handler<TopLevelKind> | undefined
    if (handler) handler(backend, moment.statement.node as never)
    else backend.opaque = `${moment.statement.kind} is not known to this version of migrate-lint`
    refuseNewLabels(backend, moment.statement.node)
    refuseWrites(backend)
    forgetLabels(backend)
    const { catalog, opaque, onlyRows } = backend
    const after = opaque === null || onlyRows ? catalog : afterUnknown(catalog, opaque, moment.migration)
    const { operations, effects, pendingEvents } = backend.result()
    const unless = null
    return { operations, effects, error: null, unless, opaque, before, after, pendingEvents, ...refusalOf(backend) }
  } catch (error) {
    if (!(error instanceof StatementError)) throw error
    return {
      ...backend.abandon(),
      error: { sqlstate: error.sqlstate, message: error.message },
      unless: null,
      opaque: null,
      before,
      after: before,
      ...refusalOf(backend),
      pendingEvents: moment.transaction.pendingEvents ?? [],
    }
  }
}

function refusalOf({ refusedInTransaction }: Backend): Pick<Outcome, 'refusedInTransaction'> {
  return refusedInTransaction === null ? {} : { refusedInTransaction }
}
