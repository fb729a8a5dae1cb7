import type { MigrationFile } from '../../../src/lint/history/history.ts'
import type { Rule } from '../../../src/lint/rule.ts'
import type { Example } from '../../../src/pages/page.ts'
import type { Statement } from '../../../src/parse/script.ts'
import { type Effect, mergeByRelation } from '../../../src/postgres/effect.ts'
import type { LockMode } from '../../../src/postgres/lock.ts'
import type { Step } from '../../../src/postgres/step.ts'
import { atLeast } from '../../postgres/kit/at-least.ts'
import { runAll } from './advice.ts'
import type { Database, RelationState } from './database.ts'
import { stepsOf } from './examples.ts'

/** Runs an example on the server and on the model. Returns a description of every difference. */
export async function compareWithServer(
  rule: Rule,
  example: Example,
  database: Database,
  rows: boolean,
): Promise<string[]> {
  const { files, internalErrors } = await stepsOf(rule, example, '18')
  const differences = internalErrors.map(error => `internal error: ${error.message}`)
  if (example.unseen) await runAll(example.unseen.sql, database)
  const unseen = new Set((await database.relations()).keys())
  for (const [i, file] of files.entries()) {
    if (rows && (i > 0 || example.setup === null)) await database.fill()
    const expected = file === files.at(-1) ? (example.blocks.at(-1)?.info.expect ?? null) : null
    differences.push(...(await compareFile(file, expected, database, unseen)))
  }
  return differences
}

/** The effects of a transaction so far, on the server and on the model. */
interface Open {
  readonly before: ReadonlyMap<number, RelationState>
  /** The former numbers of rows that were read. */
  readonly read: ReadonlyMap<number, number>
  readonly steps: Step[]
}

// A statement that PostgreSQL does not run in a transaction (25001), or a block that ends it (2D000).
const wantsNoTransaction = new Set(['25001', '2D000'])

/** The same for one file, after everything before it has run. `expected`: the SQLSTATE with which its last statement fails. */
export async function compareFile(
  file: MigrationFile,
  expected: string | null,
  database: Database,
  unseen: ReadonlySet<number> = new Set(),
): Promise<string[]> {
  const differences: string[] = []
  if (file.script.problems.length > 0) {
    const failed = await database.run(file.script.source.text)
    return failed === expected ? [] : [`a file that does not parse: ${failed}, expected: ${expected}`]
  }
  const begin = async (): Promise<Open> => {
    return { before: await database.relations(), read: await database.rowsRead(), steps: [] }
  }
  const wrapped = file.steps[0]?.transaction.kind === 'runner'
  let open: Open | null = null
  if (wrapped) {
    open = await begin()
    await database.run('BEGIN')
  }
  for (const statement of file.script.statements) {
    const steps = stepsIn(file, statement)
    const sql = statement.text
    const say = (difference: string) => differences.push(`${sql.split('\n')[0]}: ${difference}`)
    const control = transactionControl(statement)
    let failed: string | null
    if (open || control) {
      failed = await database.run(sql)
      open?.steps.push(...steps)
      if (failed === null && open && !control) (await compareOpen(open, database, unseen)).forEach(say)
    } else {
      const alone = { ...(await begin()), steps }
      await database.run('BEGIN')
      failed = await database.run(sql)
      if (failed === null) (await compareOpen(alone, database, unseen)).forEach(say)
      await database.run(failed === null ? 'COMMIT' : 'ROLLBACK')
      if (failed !== null && wantsNoTransaction.has(failed)) failed = await database.run(sql)
    }
    const predicted = steps.find(step => step.error)?.error?.sqlstate ?? null
    if (failed !== predicted && failed !== (expected ?? predicted)) {
      say(
        `${failed === null ? 'it works' : `it fails with ${failed}`}, but ${predicted ? `${predicted} was predicted` : 'no error was predicted'}`,
      )
    }
    if (failed !== null) {
      await database.run('ROLLBACK')
      return failed === expected || expected === null
        ? differences
        : [...differences, `${expected} was expected, not ${failed}`]
    }
    if (control === 'begins' && !open) open = await begin()
    if (control === 'ends') open = null
  }
  if (open) await database.run('COMMIT')
  return expected === null ? differences : [...differences, `it works, but ${expected} was expected`]
}

/** The steps of a statement, with those of its body. */
function stepsIn(file: MigrationFile, { span }: Statement): Step[] {
  return file.steps.filter(step => span[0] <= step.statement.span[0] && step.statement.span[1] <= span[1])
}

function transactionControl({ kind, node }: Statement): 'begins' | 'ends' | null {
  if (kind !== 'TransactionStmt') return null
  if (node.kind === 'TRANS_STMT_BEGIN' || node.kind === 'TRANS_STMT_START') return 'begins'
  return node.kind === 'TRANS_STMT_COMMIT' || node.kind === 'TRANS_STMT_ROLLBACK' ? 'ends' : null
}

/** Differences between the effects of the transaction so far and the model's prediction for its statements. */
async function compareOpen(
  { before, read, steps }: Open,
  database: Database,
  unseen: ReadonlySet<number>,
): Promise<string[]> {
  if (steps.some(step => step.opaque !== null)) return []
  const differences: string[] = []
  const effects = steps.flatMap(step => (step.statement.conditional ? step.effects.map(uncertain) : step.effects))
  const doubtful = new Set(effects.filter(effect => !effect.certain).map(effect => effect.relation))
  const predicted = new Map(mergeByRelation(effects).map(effect => [effect.relation, effect]))
  const emptied = new Set(steps.flatMap(emptiedBy))
  const undecided = new Set(steps.flatMap(workLeftOpen))
  const locks = await database.locks()
  const after = await database.relations()
  const readNow = await database.rowsRead()
  for (const relation of before.values()) {
    const effect = predicted.get(relation.name)
    // The model need not know objects that no migration creates, but its predictions must be true.
    if (doubtful.has(relation.name) || (unseen.has(relation.oid) && !effect)) continue
    const isIndex = relation.kind === 'i' || relation.kind === 'I'
    const [held, said] = [locks.get(relation.oid) ?? null, effect?.lock ?? null].map(mode => countable(mode, isIndex))
    if (held !== said)
      differences.push(`${relation.name} is locked ${held ?? 'not at all'}, predicted: ${said ?? 'not at all'}`)
    if (undecided.has(relation.name)) continue

    const now = after.get(relation.oid)
    const renewed = now !== undefined && now.filenode !== relation.filenode && !emptied.has(relation.name)
    const work = effect?.work ?? 'none'
    if (now && 'rmi'.includes(relation.kind) && renewed !== (work === 'rewrite' || work === 'rebuild')) {
      differences.push(`${relation.name} is ${renewed ? '' : 'not '}written again, predicted: ${work}`)
    }
    if (work === 'none' && relation.kind === 'r' && atLeast(said ?? null, 'ShareUpdateExclusiveLock')) {
      const rows = (readNow.get(relation.oid) ?? 0) - (read.get(relation.oid) ?? 0)
      if (rows > 0) differences.push(`${rows} rows of ${relation.name} are read, predicted: none`)
    }
  }
  return differences
}

/** Which indexes a query opens is the planner's choice: their weak locks are not compared. */
function countable(mode: LockMode | null, isIndex: boolean): LockMode | null {
  return isIndex && !atLeast(mode, 'ShareUpdateExclusiveLock') ? null : mode
}

function uncertain(effect: Effect): Effect {
  return { ...effect, certain: false }
}

/**
 * Tables for which the model cannot predict the work: the type of a new column may be a domain with constraints,
 * and the planner chooses how to find the few rows that a condition names.
 */
function workLeftOpen({ operations }: Step): string[] {
  return operations.flatMap(operation => {
    if (operation.kind === 'add-column') return operation.constrainedDomain === 'unknown' ? [operation.table.name] : []
    return 'fewRows' in operation && operation.fewRows ? [operation.table.name] : []
  })
}

/** TRUNCATE gives tables a new file without reading or writing a row: no rewrite. */
function emptiedBy({ operations, before }: Step): string[] {
  return operations.flatMap(operation => {
    if (operation.kind !== 'truncate') return []
    const tables = [operation.table, ...operation.cascadesTo]
    const indexes = tables.flatMap(({ oid }) => {
      const table = before.relations.get(oid)
      return table && 'indexes' in table ? table.indexes.map(index => before.relations.get(index)?.name ?? '') : []
    })
    return [...tables.map(({ name }) => name), ...indexes]
  })
}
