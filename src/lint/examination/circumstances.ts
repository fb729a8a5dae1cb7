import type { Span } from '../../parse/span.ts'
import type { Effect } from '../../postgres/effect.ts'
import type { Operation, OperationKind } from '../../postgres/operation.ts'
import type { Step } from '../../postgres/step.ts'
import { effectsOf, sizes } from '../advice/effects.ts'
import type { Label } from '../finding.ts'
import type { MigrationFile } from '../history/history.ts'
import type { Context, Effects, FileContext, Told, Waits } from '../rule.ts'
import { emptyTables, largeBeside } from './empty-tables.ts'
import type { Examination } from './examination.ts'
import { deployedAlone } from './one-run.ts'

/** What rules get to see of a file. Most of it is the same for all rules, and is made once for them. */
export interface Circumstances {
  /** For a rule without options. */
  readonly context: FileContext
  /** The steps as they are when their migration is deployed by itself; null where that makes no difference. */
  readonly alone: readonly (Step | null)[]
  /** All steps of the migration when it is deployed by itself. */
  readonly deployedAlone: readonly Step[]
  /** The relations that may be large at a step, and the effects on them that matter. */
  readonly at: (step: Step, effects: readonly Effect[]) => Facts
  /** Where the operations of each kind are, in order. Most rules are about kinds that a file does not have. */
  readonly operations: ReadonlyMap<OperationKind, readonly OperationPlace[]>
  /** The context of an operation for a rule without options. */
  readonly operationIn: (place: OperationPlace, run: InRun) => OperationContext
  /** The context of a step of the file for a rule without options. */
  readonly stepIn: (step: Step, run: InRun) => StepContext
}

/** Facts about one step or operation. */
type Facts = Pick<Context, 'isLarge'> & { readonly effects: Effects }

type OperationContext = Context & Facts & { readonly operation: Operation }

type StepContext = Context & Facts & { readonly told: Told; readonly waits: Waits | undefined }

/** A step as it is in one of the ways in which its migration may be deployed. */
export type InRun = Pick<Context, 'step' | 'migration' | 'runner'>

/** One operation of a file: the index of its step in the file, and its own in the step. */
export interface OperationPlace {
  readonly step: number
  readonly operation: number
}

export function circumstancesOf(file: MigrationFile, examination: Examination): Circumstances {
  const { steps } = file
  const context = contextOf(file, examination)
  const largeAt = largeBeside(context.isLarge, emptyTables(steps))
  const at = (step: Step, all: readonly Effect[]): Facts => {
    const isLarge = largeAt(step)
    return { isLarge, effects: effectsOf(all, step.before, isLarge) }
  }
  const whole = new Map<Step, Facts>()
  const atStep: Circumstances['at'] = (step, all) => {
    if (all !== step.effects) return at(step, all)
    const known = whole.get(step) ?? at(step, all)
    whole.set(step, known)
    return known
  }
  const alone = steps.map(step => deployedAlone(step, examination.history.steps))
  const ofStep = new Map<Step, StepContext>()
  const ofOperation = new Map<OperationPlace, OperationContext>()
  return {
    context,
    alone,
    deployedAlone: alone.every(step => step === null) ? steps : steps.map((step, i) => alone[i] ?? step),
    at: atStep,
    operations: operationsByKind(steps),
    operationIn(place, { step, migration, runner }) {
      const known = ofOperation.get(place)
      if (known?.step === step && known.migration === migration) return known
      const own = (steps[place.step] ?? step).operations[place.operation] as Operation
      const facts = known ?? atStep(steps[place.step] ?? step, own.effects)
      const operation = step.operations[place.operation] ?? own
      const made = contextAt(context, { step, migration, runner }, facts, operation)
      ofOperation.set(place, made)
      return made
    },
    stepIn(of, { step, migration, runner }) {
      const known = ofStep.get(of)
      if (known?.step === step && known.migration === migration) return known
      const made = contextAt(context, { step, migration, runner }, known ?? atStep(of, of.effects), undefined)
      ofStep.set(of, made)
      return made
    },
  }
}

/**
 * What a rule without options gets for one step: `told` and `waits` are as if no rule had told anything. Field by field, because copies with
 * spread syntax took a tenth of the time of all rules.
 */
function contextAt<Of extends Operation | undefined>(
  file: FileContext,
  run: InRun,
  { isLarge, effects }: Facts,
  operation: Of,
): StepContext & { readonly operation: Of } {
  return {
    step: run.step,
    migration: run.migration,
    history: file.history,
    path: file.path,
    script: file.script,
    config: file.config,
    options: file.options,
    version: file.version,
    since: file.since,
    runner: run.runner,
    trackingTables: file.trackingTables,
    input: file.input,
    codeInFolder: file.codeInFolder,
    remarks: file.remarks,
    changes: file.changes,
    discrepancies: file.discrepancies,
    text: file.text,
    isMade: file.isMade,
    label: file.label,
    isLarge,
    effects,
    operation,
    told: nothingTold,
    waits: undefined,
  }
}

const nothingTold: Told = () => []

function operationsByKind(steps: readonly Step[]): Map<OperationKind, OperationPlace[]> {
  const found = new Map<OperationKind, OperationPlace[]>()
  for (const [step, { operations }] of steps.entries()) {
    for (const [operation, { kind }] of operations.entries()) {
      const places = found.get(kind)
      if (places) places.push({ step, operation })
      else found.set(kind, [{ step, operation }])
    }
  }
  return found
}

/** The places of all operations that a rule looks at, in order. */
export function placesOf(
  on: readonly OperationKind[],
  operations: Circumstances['operations'],
): readonly OperationPlace[] {
  const found = on.flatMap(kind => operations.get(kind) ?? [])
  return on.length === 1 ? found : found.sort((a, b) => a.step - b.step || a.operation - b.operation)
}

/** The context of a whole file for a rule without options. */
export function contextOf(
  file: MigrationFile,
  { history, config, version, since, trackingTables, codeInFolder }: Examination,
): FileContext {
  const { path, script, input, remarks, changes, discrepancies } = file
  return {
    migration: file.steps,
    history: history.steps,
    path,
    script,
    config,
    version,
    since,
    input,
    codeInFolder: codeInFolder.get(path) ?? null,
    trackingTables,
    remarks,
    changes,
    discrepancies,
    text: (span: Span) => script.source.text.slice(span[0], span[1]),
    isMade: ([start]: Span) => file.written?.places.isMade(start) ?? false,
    label: (step: Step, message: string): Label => {
      return { path: history.files[step.migration]?.path ?? path, at: step.statement.keyword, message }
    },
    isLarge: sizes(config),
    options: {},
  }
}
