import { NotRead, told } from '../../code/given/not-read.ts'
import { listed, sqlAt } from '../../code/given/sql.ts'
import { textIn } from '../../code/given/value.ts'
import { functionOf } from '../../code/host.ts'
import type { Run } from '../../code/run.ts'
import { plain, quoted, type Text, textAt } from '../../code/text.ts'
import { type Call, type Host, nothing, type Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'
import { annotated, isAnnotated, refuseOthers } from './annotation.ts'
import { columnSql } from './column.ts'
import { check, foreignKey, primaryKey, unique } from './constraint.ts'
import { delimited, type Given, given } from './given.ts'
import type { Operation, Operations } from './operation.ts'

/** Arguments of `table.Column`, in order. */
const columnParameters = [
  'type',
  'unicode',
  'maxLength',
  'rowVersion',
  'name',
  'nullable',
  'defaultValue',
  'defaultValueSql',
  'computedColumnSql',
  'fixedLength',
  'comment',
  'collation',
  'precision',
  'scale',
  'stored',
]

interface Described {
  name: Text
  at: Span
  readonly nameAt: Span
  readonly own: Given
  readonly clrType: string | null
  readonly annotations: Map<string, Value>
  readonly oldAnnotations: Map<string, Value>
}

const described = new WeakMap<Value, Described>()

/** `CREATE TABLE` with its columns and constraints, and comments after it, in one command. */
export function createTable(run: Run, operations: Operations, call: Call): Value {
  const own = given(call, ['name', 'columns', 'schema', 'constraints', 'comment'])
  const { at, nameAt } = call
  const sql = sqlAt(nameAt)
  const table = own.table('name')
  const work = own.get('columns')
  if (!work) throw new NotRead('it has no columns', at)
  const columns = columnsOf(run, run.invoke(work, [columnsHost(run)], at), at)
  const constraints: (() => Text)[] = []
  const describe = own.get('constraints')
  if (describe) run.invoke(describe, [constraintsHost(run, columns, constraints)], at)
  const comment = own.text('comment')
  return operations.add(call, ({ annotations }: Operation) => {
    const named = { schema: own.get('schema'), name: own.get('name') }
    for (const column of columns) operations.identities.set(named, column.name, column.annotations)
    refuseOthers(annotations, ['Npgsql:UnloggedTable'], at)
    const parts = columns.flatMap(
      column =>
        told(run, column.at, () =>
          columnSql({ ...column.own, clrType: column.clrType, nameAt: column.nameAt }, column.name, column.annotations),
        ) ?? [],
    )
    for (const make of constraints) {
      const part = told(run, at, make)
      if (part) parts.push(part)
    }
    const words = isAnnotated(annotations, 'Npgsql:UnloggedTable') ? 'CREATE UNLOGGED TABLE' : 'CREATE TABLE'
    const notes = columns.flatMap(column => {
      const said = column.own.text('comment')
      return said ? [sql`COMMENT ON COLUMN ${table}.${delimited(column.name)} IS ${quoted(said, "'")}`] : []
    })
    return [
      sql`${words} ${table} (${listed(parts, nameAt)})`,
      ...(comment ? [sql`COMMENT ON TABLE ${table} IS ${quoted(comment, "'")}`] : []),
      ...notes,
    ]
  })
}

function columnsHost(run: Run): Host {
  return {
    kind: 'host',
    name: 'the columns',
    get: name => {
      if (name !== 'Column') return undefined
      return functionOf(name, call => {
        const own = told(run, call.at, () => given(call, columnParameters))
        if (!own) return nothing(call.at)
        const column: Described = {
          name: textAt('', call.at),
          at: call.at,
          nameAt: call.nameAt,
          own,
          clrType: call.types?.[0] ?? null,
          annotations: new Map(),
          oldAnnotations: new Map(),
        }
        const made = annotated(column, 'the column')
        described.set(made, column)
        return made
      })
    },
  }
}

/** The columns, by their names in the object that the function returns, or by their own names. */
function columnsOf(run: Run, value: Value, at: Span): Described[] {
  if (value.kind !== 'record' || value.isOpen) throw new NotRead('its columns are not known', at)
  return [...value.entries].flatMap(([name, each]) => {
    const column = described.get(each)
    if (!column) {
      run.unread(each.kind === 'text' || each.kind === 'host' ? at : each.at, 'the column is not read')
      return []
    }
    column.name = column.own.get('name')
      ? textIn(column.own.get('name'), column.at, 'the name')
      : nameAt(name, column.at)
    return [column]
  })
}

/** The name of a property stands before its value. */
function nameAt(name: string, at: Span): Text {
  return textAt(name, at)
}

/** `x => x.Id` and `x => new { x.A, x.B }`: columns by the names of their properties. */
function rowOf(columns: readonly Described[]): Host {
  return {
    kind: 'host',
    name: 'the columns',
    get: (name, at) => {
      const found = columns.find(column => plain(column.name) === name)
      return textAt(found ? plain(found.name) : name, at)
    },
  }
}

function constraintsHost(run: Run, columns: readonly Described[], constraints: (() => Text)[]): Host {
  const chosen = (value: Value | undefined, at: Span): Value | undefined => {
    if (value?.kind !== 'callable') return value
    const found = run.invoke(value, [rowOf(columns)], at)
    return found.kind === 'record' ? { kind: 'list', items: [...found.entries.values()], at } : found
  }
  const reads: Readonly<Record<string, (call: Call, operation: Parameters<typeof annotated>[0]) => () => Text>> = {
    PrimaryKey: (call, operation) => {
      const own = given(call, ['name', 'columns'])
      const value = chosen(own.get('columns'), call.at)
      return () => primaryKey(own, value, operation.annotations, call)
    },
    UniqueConstraint: (call, operation) => {
      const own = given(call, ['name', 'columns'])
      const value = chosen(own.get('columns'), call.at)
      return () => unique(own, value, operation.annotations, call)
    },
    CheckConstraint: call => {
      const own = given(call, ['name', 'sql'])
      return () => check(own, call)
    },
    ForeignKey: (call, operation) => {
      const isOne = call.named?.has('column') === true || call.args[1]?.kind === 'callable'
      const parameters = [
        'name',
        isOne && !call.named?.has('columns') ? 'column' : 'columns',
        'principalTable',
        call.named?.has('principalColumn') ? 'principalColumn' : 'principalColumns',
        'principalSchema',
        'onUpdate',
        'onDelete',
      ]
      const own = given(call, parameters)
      const value = chosen(own.get('column') ?? own.get('columns'), call.at)
      return () => foreignKey(own, value, operation.annotations, call)
    },
  }
  const all = new Map(Object.entries(reads))
  return {
    kind: 'host',
    name: 'the table',
    get: name => {
      const read = all.get(name)
      if (!read) return undefined
      return functionOf(name, call => {
        const target = { annotations: new Map<string, Value>(), oldAnnotations: new Map<string, Value>(), at: call.at }
        const make = told(run, call.at, () => read(call, target))
        if (make) constraints.push(make)
        return annotated(target, 'the constraint')
      })
    },
  }
}
