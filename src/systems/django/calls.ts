import { NotRead } from '../../code/given/not-read.ts'
import type { Defined, Direction, ProgramReader } from '../../code/reader.ts'
import type { Run } from '../../code/run.ts'
import { noted, ofKind } from '../../code/text.ts'
import type { Callable, Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'
import { djangoAdvice } from './advice.ts'
import { Code } from './code.ts'
import { Editor } from './editor.ts'
import { fieldOperations } from './field-operations.ts'
import { indexOperations } from './index-operations.ts'
import { lastOf } from './kept.ts'
import { modelOperations } from './model-operations.ts'
import { imported, nameOf, type ObjectHere, objectOf } from './object.ts'
import { type Context, Operation, type OperationClass } from './operation.ts'
import { otherOperations, stateOperations } from './other-operations.ts'
import { placed, placeOfOperation } from './places.ts'
import { appOf, Project } from './project.ts'
import type { Settings } from './settings.ts'
import type { State } from './state.ts'

/** How Django runs the operations of a migration: MigrationExecutor and Migration.apply of django/db/migrations. */

/** Readers of the migrations of a project, by the id of the migration. `ids` are in the order in which Django applies them. */
export function djangoReaders(ids: readonly string[], settings: Settings): (id: string) => ProgramReader {
  const project = new Project(ids, settings)
  return id => djangoReader(project, id)
}

/** Reads one migration of a project. Read earlier migrations first, because its operations change the models that they describe. */
export function djangoReader(project: Project, id: string): ProgramReader {
  const codes = new WeakMap<Run, Code>()
  const codeOf = (run: Run) => {
    const found = codes.get(run) ?? new Code(run)
    codes.set(run, found)
    return found
  }
  return {
    advice: djangoAdvice(project, id),
    anyModule: run => module => imported(module, codeOf(run)),
    start: (program, run, direction) => {
      const migration = migrationIn(program)
      if (!migration) {
        const before = project.before(id)
        project.keep(id, { ...before, gaps: new Set(before.gaps).add(appOf(id)) })
        return 'there is no class `Migration` in it'
      }
      return new Reading(project, id, run, codeOf(run)).read(migration, direction)
    },
  }
}

function migrationIn({ classes }: Defined): Callable | undefined {
  const isMigration = ({ bases }: Callable) =>
    bases?.some(each => nameOf(each)?.endsWith('migrations.Migration')) === true
  return classes.findLast(isMigration) ?? classes.findLast(({ name }) => name === 'Migration')
}

const classes: ReadonlyMap<string, OperationClass> = new Map([
  ...modelOperations,
  ...fieldOperations,
  ...indexOperations,
  ...otherOperations,
])

interface Known {
  readonly operation: Operation
  readonly is: OperationClass
  readonly made: ObjectHere
}

class Reading {
  readonly #project: Project
  readonly #id: string
  readonly #app: string
  readonly #run: Run
  readonly #code: Code
  #isAtomic = true

  constructor(project: Project, id: string, run: Run, code: Code) {
    this.#project = project
    this.#id = id
    this.#app = appOf(id)
    this.#run = run
    this.#code = code
  }

  read(migration: Callable, direction: Direction): string | null {
    const atomic = migration.entries.get('atomic')
    this.#isAtomic = !(atomic?.kind === 'plain' && atomic.value === false)
    const before = this.#project.before(this.#id)
    const operations = this.#operationsOf(migration)
    if (direction === 'up') {
      this.#up(operations, before, migration.at)
      return null
    }
    // IrreversibleError: Django reverts nothing of it.
    if (operations.some(each => known(each)?.is.isReversible?.((known(each) as Known).operation) === false)) return null
    const catalog = this.#project.after(this.#id)?.catalog ?? before.catalog
    const editor = this.#editor({ ...before, catalog }, migration.at)
    this.#backwards(this.#context(editor), operations, before)
    editor.finish()
    return null
  }

  #operationsOf({ entries, at }: Callable): readonly Value[] {
    const found = entries.get('operations')
    if (!found) return []
    if (found.kind !== 'list') {
      this.#run.unread(at, found.kind === 'unknown' ? found.why : 'its operations are not a list')
      return []
    }
    if (found.isOpen) this.#run.unread(found.at, 'some of its operations are unknown')
    return found.items
  }

  #up(operations: readonly Value[], before: State, at: Span): void {
    const editor = this.#editor(before, at)
    let state = before
    try {
      state = this.#forwards(this.#context(editor), operations, before)
      editor.finish()
    } finally {
      this.#project.keep(this.#id, { ...state, catalog: editor.catalog })
    }
  }

  #editor({ catalog }: State, at: Span): Editor {
    return new Editor(
      catalog,
      {
        send: (sql, place, note, drops) => {
          const text = ofKind(placed(sql, place), drops)
          this.#run.send(note === undefined ? text : noted(text, note), { at: place.at })
        },
        unread: (why, place, field) => this.#run.unread((field && place.fields.get(field)) || place.at, why),
      },
      { at, nameAt: at, names: new Map(), fields: new Map() },
    )
  }

  #context(editor: Editor): Context {
    const context: Context = {
      app: this.#app,
      isAtomic: this.#isAtomic,
      editor,
      run: this.#run,
      inside: (operations, direction, from) =>
        direction === 'up' ? this.#forwards(context, operations, from) : this.#backwards(context, operations, from),
      code: (code, operation) => this.#code.runs(code, operation),
    }
    return context
  }

  #forwards(context: Context, operations: readonly Value[], from: State): State {
    let state = from
    for (const value of operations) {
      const each = known(value)
      if (!each) {
        this.#notKnown(value)
        continue
      }
      const next = this.#stateAfter(each, state, true)
      if (next) this.#does(context, each, state, next, 'up')
      state = next ?? { ...state, gaps: new Set(state.gaps).add(this.#app) }
    }
    return state
  }

  /** `from` is the state before all of them. */
  #backwards(context: Context, operations: readonly Value[], from: State): State {
    const steps: (readonly [each: Known, before: State, after: State])[] = []
    let state = from
    for (const value of operations) {
      const each = known(value)
      const next = each && this.#stateAfter(each, state, false)
      if (each && next) steps.push([each, state, next])
      else this.#notKnown(value)
      state = next ?? state
    }
    for (const [each, before, after] of steps.reverse()) this.#does(context, each, after, before, 'down')
    return from
  }

  /** The state after an operation; null: unknown. */
  #stateAfter({ operation, is, made }: Known, state: State, tells: boolean): State | null {
    try {
      const name = lastOf(made.path)
      if (name === 'RunSQL' || name === 'SeparateDatabaseAndState')
        return stateOperations(operation).reduce<State>((before, value) => {
          const each = known(value)
          const after = each && this.#stateAfter(each, before, tells)
          if (!each) this.#notKnown(value)
          return after ?? before
        }, state)
      return is.state?.(operation, this.#app, state) ?? state
    } catch (error) {
      if (!(error instanceof NotRead)) throw error
      if (tells) this.#run.unread(operation.call.at, error.why)
      return null
    }
  }

  #does(context: Context, { operation, is }: Known, from: State, to: State, direction: Direction): void {
    context.editor.place = placeOfOperation(operation, this.#app, from, to)
    try {
      is[direction]?.(operation, context, from, to)
    } catch (error) {
      if (!(error instanceof NotRead)) throw error
      this.#run.unread(operation.call.at, error.why)
    }
  }

  #notKnown(value: Value): void {
    const made = objectOf(value)
    const at = made?.call.at ?? ('at' in value ? value.at : null)
    if (!at) return
    const why = made
      ? `the operation \`${lastOf(made.path)}\` is not read`
      : value.kind === 'unknown'
        ? value.why
        : 'the effect of the operation is unknown'
    this.#run.unread(at, why)
  }
}

/** An operation of Django; undefined for any other. */
function known(value: Value): Known | undefined {
  const made = objectOf(value)
  const is = made && /^django\.(?:db|contrib\.postgres)\./.test(made.path) ? classes.get(lastOf(made.path)) : undefined
  return made && is && { operation: new Operation(made, is.names), is, made }
}
