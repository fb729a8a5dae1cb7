import { told } from '../../code/given/not-read.ts'
import { listed } from '../../code/given/sql.ts'
import type { Run } from '../../code/run.ts'
import { plain, type Text } from '../../code/text.ts'
import type { Call, Host } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'
import { autocommit } from '../reading/execution.ts'
import { type Annotated, annotated } from './annotation.ts'
import type { Identities, TableName } from './identity.ts'

/** Something that a migration does, with the annotations that follow the call. */
export interface Operation extends Annotated {
  at: Span
  readonly nameAt: Span
  readonly conditions: number
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
