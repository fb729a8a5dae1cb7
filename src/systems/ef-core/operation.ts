import { NotRead, told } from '../../code/given/not-read.ts'
import { listed } from '../../code/given/sql.ts'
import { isTrue } from '../../code/given/value.ts'
import { functionOf } from '../../code/host.ts'
import type { Run } from '../../code/run.ts'
import { plain, type Text, unknownIn } from '../../code/text.ts'
import type { Call, Host, Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'
import { autocommit } from '../reading/execution.ts'
import type { Identities, TableName } from './identity.ts'

export type Annotations = ReadonlyMap<string, Value>

/** Something that a migration does, with the annotations that follow the call. */
export interface Operation {
  at: Span
  readonly nameAt: Span
  readonly conditions: number
  readonly annotations: Map<string, Value>
  readonly oldAnnotations: Map<string, Value>
  /** The statements of its command. */
  readonly make: (operation: Operation) => readonly Text[]
  /** Whether the command runs outside of the transaction. */
  readonly isApart: (operation: Operation) => boolean
}

/** Operations wait for their annotations until the next operation begins or the migration ends. */
export class Operations {
  readonly #run: Run
  readonly #conditions: number
  readonly identities: Identities
  /** Tables that rows were inserted into. */
  readonly #seeded: (TableName & { readonly at: Span; readonly nameAt: Span })[] = []
  #waiting: Operation | null = null

  constructor(run: Run, identities: Identities) {
    this.#run = run
    this.identities = identities
    this.#conditions = run.conditions
  }

  add(call: Call, make: Operation['make'], isApart: Operation['isApart'] = () => false): Host {
    this.flush()
    this.#run.promise()
    const operation: Operation = {
      at: call.at,
      nameAt: call.nameAt,
      conditions: this.#run.conditions,
      annotations: new Map(),
      oldAnnotations: new Map(),
      make,
      isApart,
    }
    this.#waiting = operation
    return annotated(operation, 'the operation')
  }

  /** Rows are inserted into a table: at the end of the migration its sequences are set. */
  inserts(table: TableName, { at, nameAt }: Call): void {
    this.#seeded.push({ ...table, at, nameAt })
  }

  /** The end of the migration. */
  finish(): void {
    this.flush()
    const [first] = this.#seeded
    const sql = this.identities.afterRows(this.#seeded)
    if (first && sql) this.#run.send(sql, { at: first.at })
  }

  /** Sends the waiting operation. */
  flush(): void {
    const operation = this.#waiting
    this.#waiting = null
    if (!operation) return
    const run = this.#run
    const work = () =>
      told(run, operation.at, () => {
        const texts = operation.make(operation).filter(text => plain(text) !== '')
        if (texts.length === 0) return
        const sql = listed(texts, operation.nameAt, ';\n')
        run.send(sql, {
          at: operation.at,
          ...(operation.isApart(operation) && { execution: autocommit, apart: true }),
        })
      })
    if (operation.conditions > this.#conditions && run.conditions < operation.conditions) run.perhaps(work)
    else work()
  }
}

/** `.Annotation(name, value)` and `.OldAnnotation(name, value)`. */
export function annotated(
  target: Pick<Operation, 'annotations' | 'oldAnnotations'> & { at: Span },
  name: string,
): Host {
  const own: Host = {
    kind: 'host',
    name,
    get: member => {
      if (member !== 'Annotation' && member !== 'OldAnnotation') return undefined
      return functionOf(member, call => {
        const [key, value] = [call.args[0] ?? call.named?.get('name'), call.args[1] ?? call.named?.get('value')]
        target.at = [Math.min(target.at[0], call.at[0]), Math.max(target.at[1], call.at[1])]
        const into = member === 'Annotation' ? target.annotations : target.oldAnnotations
        if (key?.kind === 'text' && unknownIn(key) === null && value) into.set(plain(key), value)
        else into.set('?', { kind: 'unknown', why: 'the annotation is not known', at: call.at })
        return own
      })
    },
  }
  return own
}

/** The value of an annotation. Throws NotRead if an unknown annotation could be this one. */
export function annotation(annotations: Annotations, name: string): Value | undefined {
  const unknown = annotations.get('?')
  if (unknown?.kind === 'unknown') throw new NotRead(unknown.why, unknown.at)
  const value = annotations.get(name)
  return value?.kind === 'plain' && value.value === null ? undefined : value
}

export function isAnnotated(annotations: Annotations, name: string): boolean {
  return isTrue(annotation(annotations, name))
}

/** The word of an annotation: a text, or a value of an enumeration. */
export function wordOf(annotations: Annotations, name: string): string | null {
  const value = annotation(annotations, name)
  if (value === undefined) return null
  if (value.kind !== 'text' || unknownIn(value) !== null) throw new NotRead(`\`${name}\` is not known`)
  return plain(value)
}

/** Annotations that do not change the SQL. Readers must know all others. */
export function refuseOthers(annotations: Annotations, known: readonly string[], at: Span): void {
  for (const name of annotations.keys())
    if (
      !known.includes(name) &&
      !/^(?:Relational:|MySql|MySQL|SqlServer:|Sqlite:|Oracle:|Npgsql:(?:Name|ValueGenerationStrategy)$)/.test(name)
    )
      throw new NotRead(`the annotation \`${name}\` is not read yet`, at)
}
