import type { Step } from '../postgres/step.ts'
import type { Subject } from '../postgres/subject.ts'
import { once } from './once.ts'

/** The tables that a TRUNCATE names. */
export const truncated = once(({ operations }: Step): readonly Subject[] =>
  operations.flatMap(each => (each.kind === 'truncate' ? [each.table] : [])),
)

/** Those of the named tables that others can be using. */
export const truncatedInUse = once((step: Step) => truncated(step).filter(({ exposed }) => exposed))

/** The tables in use that its CASCADE reaches. */
export const reached = once((cascadesTo: readonly Subject[]) => cascadesTo.filter(({ exposed }) => exposed))
