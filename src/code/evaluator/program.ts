import { type Offered, together } from '../offered.ts'
import type { Defined, Direction, ProgramReader } from '../reader.ts'
import type { Run } from '../run.ts'
import type { Expression } from '../syntax.ts'
import type { Scope, Value } from '../value.ts'
import { plainly } from './call.ts'
import { Evaluator } from './evaluator.ts'
import { type Language, Leaving } from './machine.ts'

const nothing: Offered = { get: () => undefined }

/**
 * Reads one direction of a migration into the run. Returns null, or a clause that says why nothing of it could be read.
 */
export function readProgram(
  syntax: Expression,
  language: Language,
  reader: ProgramReader,
  run: Run,
  direction: Direction,
): string | null {
  const files = language.files?.(run)
  const machine = new Evaluator(run, language, {
    globals: together(reader.globals?.(run) ?? nothing, files?.globals ?? nothing),
    modules: together(reader.modules?.(run) ?? nothing, files?.modules ?? nothing),
    anyModule: reader.anyModule?.(run) ?? (() => undefined),
    foreignMember: reader.foreignMember?.(run) ?? (() => undefined),
    helpersReach: reader.helpersReach === true,
  })
  const scope: Scope = { names: new Map(), outer: null }
  let returned: Value | null = null
  try {
    machine.evaluate(syntax, scope)
  } catch (thrown) {
    if (!(thrown instanceof Leaving)) throw thrown
    returned = thrown.value
  }
  const defined: Defined = {
    names: scope.names,
    classes: machine.classes,
    returned,
    instance: (of, base) => {
      const made = machine.instance(of, plainly([], of.at))
      if (made.kind !== 'record') return null
      if (base) made.base = base
      return made
    },
  }
  try {
    return reader.start(defined, run, direction)
  } catch (thrown) {
    // The migration ends by throwing an exception, so nothing follows.
    if (thrown instanceof Leaving) return null
    throw thrown
  }
}
